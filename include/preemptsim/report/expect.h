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
 *
 * Those over differences are held by comparisons alone, over pairs of runs;
 * see expect_differences() in report/diff.h.
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

/** expect_of_run - does @expect speak of a run by itself, of no build? */
bool expect_of_run(const struct expect_conf *expect);

/**
 * expect_value - the fact at @path in @results, sure of percentiles.
 *
 * Returns NAN where it is unknown.
 */
double expect_value(const struct results *results, const char *path);

/** expect_unit - the unit of the fact at @path in @results. */
enum unit expect_unit(const struct results *results, const char *path);

/** expect_percentile - is that fact a percentile? */
bool expect_percentile(const struct results *results, const char *path);

/** expect_holds - does @op hold between @left and @right?  Not for NAN. */
bool expect_holds(double left, const char *op, double right);

/**
 * expect_evaluate - hold the expectations of @scenario against @results.
 *
 * @label, @short_label: of the build that they are of, or NULL; what speaks of
 *                        another build is left out
 *
 * Returns a GArray of struct expect_outcome, to be freed by the caller.
 */
GArray *expect_evaluate(const struct scenario *scenario,
			const struct results *results, const char *label,
			const char *short_label);

#endif
