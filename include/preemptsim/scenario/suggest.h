/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What was meant by a name that does not exist: the nearest of those that do.
 */
#ifndef PREEMPTSIM_SCENARIO_SUGGEST_H
#define PREEMPTSIM_SCENARIO_SUGGEST_H

#include <glib.h>

/**
 * struct suggestion - a search for the nearest name.
 * @word: what was written; borrowed
 * @best: the nearest so far, NULL: none is near; borrowed
 * @distance: of @best from @word, or the limit
 * @known: all names considered, with commas; cut after some
 * @count: how many those are
 */
struct suggestion {
	const char *word;
	const char *best;
	unsigned int distance;
	GString *known;
	unsigned int count;
};

unsigned int edit_distance(const char *a, const char *b, unsigned int limit);
void suggestion_init(struct suggestion *suggestion, const char *word);
void suggestion_consider(struct suggestion *suggestion, const char *name);
char *suggestion_finish(struct suggestion *suggestion);

#endif /* PREEMPTSIM_SCENARIO_SUGGEST_H */
