/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_SWEEP_FIND_H
#define PREEMPTSIM_SWEEP_FIND_H

/*
 * Searching the first value of the last axis at which plan.condition holds in
 * all runs, by bisection, at each point of the other axes.
 *
 * It is supposed that the condition holds from there on.  A search has no
 * state but the store: what is to be simulated next follows from what is known.
 */

#include "preemptsim/sweep/sheet.h"

/**
 * find_todo - which trials are needed next, for all searches at once.
 *
 * Returns a GArray of uint32_t: point * runs + run; empty when all searches
 * are over.
 */
GArray *find_todo(struct store *store, const struct plan *plan);

/**
 * find_grid - what was found, for grid_free(): per search the value and the
 * one before it, each of which was simulated; and the same in sentences.
 * @worst: receives the worst status that ended a search
 * @found: receives whether all searches found something
 */
struct grid *find_grid(struct store *store, const struct plan *plan,
		       enum trial_status *worst, bool *found);

#endif
