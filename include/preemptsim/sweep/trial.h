/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_SWEEP_TRIAL_H
#define PREEMPTSIM_SWEEP_TRIAL_H

/*
 * One simulation of a sweep: a point, a run, and what came of it.
 */

#include <stdatomic.h>

#include "preemptsim/sweep/plan.h"

/** enum trial_status - how a trial ended. */
enum trial_status {
	TRIAL_DONE,
	TRIAL_INVALID, /* the scenario is wrong at its point */
	TRIAL_STUCK,   /* the simulation could not go on */
	TRIAL_BUG,     /* by a fault of the simulator */
};

/**
 * struct trial - one simulation.
 * @point, @run: which
 * @label: the settings of its point, for people
 * @status: how it ended; otherwise than TRIAL_DONE, @error says why
 * @holds: all expectations did; true if there are none
 * @facts: all numbers, a JSON object by path: "player.dropouts", ...; or NULL
 * @error: a sentence or more; or NULL
 */
struct trial {
	unsigned int point, run;
	enum trial_status status;
	bool holds;
	char *label, *facts, *error;
};

/**
 * trial_simulate - simulate @run of @point.
 * @stop: ends it early when set
 *
 * Returns a trial for trial_free(), or NULL if it was stopped.  From any
 * thread.
 */
struct trial *trial_simulate(const struct plan *plan, unsigned int point,
			     unsigned int run, const atomic_int *stop);

/** trial_free - free @data, a struct trial; NULL is fine. */
void trial_free(void *data);

#endif
