/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_SWEEP_STORE_H
#define PREEMPTSIM_SWEEP_STORE_H

/*
 * Where trials are kept: a SQLite database, in a file or in memory.
 *
 * What store_put() has returned from is on the disk, whatever happens then.
 * Used by one thread; a file by one process at a time.
 */

#include <glib.h>
#include <stdbool.h>

#include "preemptsim/sweep/trial.h"

struct store;

/**
 * struct store_note - something to be remembered of a sweep.
 * @key: what it is called in the database; those by which sweeps are told
 *       apart are in store.c
 * @value: its text; owned
 */
struct store_note {
	const char *key;
	char *value;
};

/**
 * store_open - open or make a database.
 * @file: its path; NULL: in memory
 * @create: it need not be there
 * @why: receives what is wrong, for g_free(), when NULL is returned
 *
 * Returns a store for store_close().
 */
struct store *store_open(const char *file, bool create, char **why);

/** store_close - close @store; NULL is fine. */
void store_close(struct store *store);

/**
 * store_claim - a new database takes the @notes; an old one has to have them.
 * @notes: @n of them
 *
 * Returns NULL, or what differs, for g_free().
 */
char *store_claim(struct store *store, const struct store_note *notes,
		  unsigned int n);

/** store_note - what @store remembers as @key, for g_free(); NULL: nothing. */
char *store_note(struct store *store, const char *key);

/** store_has - is there a result of @run of @point? */
bool store_has(struct store *store, unsigned int point, unsigned int run);

/** store_count - how many trials there are. */
uint64_t store_count(struct store *store);

/** store_get - the result of @run of @point for trial_free(), or NULL. */
struct trial *store_get(struct store *store, unsigned int point,
			unsigned int run);

/**
 * store_put - keep @trials (GPtrArray of struct trial *), all or none.
 *
 * Returns NULL, or why it could not, for g_free().
 */
char *store_put(struct store *store, const GPtrArray *trials);

/**
 * store_merge - take over what @from has and @store has not.
 *
 * Both have to be of the same sweep, unless @store is new, and to agree where
 * they have the same trial.
 *
 * Returns NULL, or why it could not, for g_free().
 */
char *store_merge(struct store *store, struct store *from);

#endif
