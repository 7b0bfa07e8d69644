/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_REPORT_EXPECT_H
#define PREEMPTSIM_REPORT_EXPECT_H

/*
 * Expectations: the lines of `expect:` in a scenario, held against results.
 *
 * A left side is the path of a fact behind the name of its object:
 * TASK.dropouts, TASK/0.wakeup_latency.max (a copy), devices.NAME.latency.max,
 * locks.NAME.hold.max, cpus.N.preempt_off.max, tasks.NAME... where a task has
 * the name of a section, or a fact of the run itself: warnings.
 */

#include <glib.h>
#include <stdbool.h>

#include "preemptsim/report/fact.h"
#include "preemptsim/scenario/model.h"

/**
 * struct expect_outcome - how an expectation fared.
 * @expect: borrowed from the scenario
 * @actual: the left side; unknown where there was no sample
 * @holds: it is as expected; never when unknown
 */
struct expect_outcome {
	const struct expect_conf *expect;
	struct value actual;
	bool holds;
};

/**
 * expect_check - can every expectation of @scenario be evaluated?
 * @errors: receives a located message for each that can't; GPtrArray of char *
 *
 * Returns whether all can.
 */
bool expect_check(const struct scenario *scenario, GPtrArray *errors);

/**
 * expect_evaluate - hold the expectations of @scenario against @results.
 *
 * Returns a GArray of struct expect_outcome, to be freed by the caller.
 */
GArray *expect_evaluate(const struct scenario *scenario,
			const struct results *results);

#endif
