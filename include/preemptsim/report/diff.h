/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_REPORT_DIFF_H
#define PREEMPTSIM_REPORT_DIFF_H

/*
 * Expectations over the differences between builds.
 *
 * What is expected has to hold for every value of the 95 % interval of the
 * difference (or ratio), paired by run: so it is shown, not just seen.  Of one
 * run each there is no interval, and the difference itself has to fulfil it.
 */

#include <glib.h>

#include "preemptsim/report/compare.h"

/**
 * struct diff_outcome - how an expectation fared between two builds.
 * @expect: borrowed from the scenario
 * @base, @build: borrowed: labels of the builds; @build against @base
 * @unit: of @actual
 * @actual: the difference, or the ratio
 * @unknown: why there is none, in words; NULL: there is one
 * @holds: it is as expected; never when unknown
 */
struct diff_outcome {
	const struct expect_conf *expect;
	const char *base, *build;
	enum unit unit;
	struct estimate actual;
	const char *unknown;
	bool holds;
};

/** diff_sample - take from one run what expectations of differences need. */
double *diff_sample(const struct scenario *scenario, const struct results *run);

/**
 * diff_check - are all builds that expectations name among @builds, and is
 * none compared with itself?
 * @builds: GPtrArray of struct build *
 * @word: "error", or "warning" if what names others is merely not held
 * @messages: receives a located message for each that is not
 */
bool diff_check(const GPtrArray *builds, const char *word, GPtrArray *messages);

/**
 * expect_differences - hold the expectations against a comparison.
 * @builds: GPtrArray of struct build *, with all runs; the first is the base
 *
 * Returns a GArray of struct diff_outcome, to be freed by the caller.
 */
GArray *expect_differences(const GPtrArray *builds);

#endif
