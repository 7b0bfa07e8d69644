/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_APP_VERIFY_H
#define PREEMPTSIM_APP_VERIFY_H

/*
 * --verify: which automata, and what they said.
 */

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "preemptsim/app/options.h"
#include "preemptsim/measure/results.h"

/**
 * struct verification - automata, and the verdicts of all runs.
 * @automata: GPtrArray of struct automaton *; NULL: nothing is verified
 * @limited, @read: those of @automata that have a limit or are from files
 * @messages: what they did not allow, as text; GPtrArray of char *
 * @events: that they were told, in all
 * @violations: all of them, those not among @messages included
 * @simulator: somebody has to repair the simulator
 */
struct verification {
	GPtrArray *automata, *limited, *read, *messages;
	uint64_t events, violations;
	bool simulator;
};

/**
 * verify_check - would @word be an argument of --verify?
 * Returns NULL, or what is wrong, to be freed with g_free().
 */
char *verify_check(const char *word);

/** verify_load - read what @options asks for; says what is wrong on stderr and
 * returns false. */
bool verify_load(struct verification *verification,
		 const struct options *options);

/** verify_take - note the verdict in @results of the build called @label
 * (NULL: the only one). */
void verify_take(struct verification *verification,
		 const struct results *results, const char *label);

/** verify_tell - say on stderr what they did not allow, or with @verbose that
 * there was nothing; returns an enum exit_status. */
int verify_tell(const struct verification *verification, bool verbose);

/** verify_clear - free what @verification owns. */
void verify_clear(struct verification *verification);

#endif
