/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_REPORT_COMPARE_H
#define PREEMPTSIM_REPORT_COMPARE_H

/*
 * Comparing builds: the difference and the ratio of a fact between two builds,
 * paired by run.
 *
 * Run r of every build has the same streams of chance, so the noise that both
 * share cancels in the difference of one pair; over N pairs the mean
 * difference has a 95 % interval by Student's t with N - 1 degrees of freedom
 * (it supposes that the differences are roughly normal: fair for a mean or a
 * median, rough for a maximum).
 */

#include <glib.h>
#include <stdbool.h>

#include "preemptsim/report/fact.h"
#include "preemptsim/report/report.h"

/**
 * struct estimate - a mean over runs.
 * @known: there is one
 * @mean: of the runs
 * @has_interval: there are two runs or more
 * @half: half of the interval: the mean is in @mean -+ @half
 */
struct estimate {
	bool known;
	double mean;
	bool has_interval;
	double half;
};

/** estimate_mean - the mean of @n values; unknown if one of them is. */
struct estimate estimate_mean(const double *x, unsigned int n);

/** estimate_is_zero - the interval includes 0: nothing was seen. */
bool estimate_is_zero(const struct estimate *estimate);

/**
 * struct difference - a fact of a task in one build against another.
 * @base, @value: in the base and in the build
 * @difference: value - base, paired by run
 * @ratio: value / base, paired by run; unknown where a base is 0
 */
struct difference {
	struct estimate base, value, difference, ratio;
};

/** nr_compared - how many facts of a task are compared. */
unsigned int nr_compared(void);

/** compared_fact - the @k-th of them. */
const struct fact *compared_fact(unsigned int k);

/**
 * compare_sample - take from one run what comparisons need.
 *
 * Returns a gdouble[tasks * nr_compared()], NAN for unknown; g_free() it.
 */
double *compare_sample(const struct results *run);

/** compare_estimate - the @k-th compared fact of @task, over @build's runs. */
struct estimate compare_estimate(const struct build *build, unsigned int task,
				 unsigned int k);

/** compare_builds - the @k-th compared fact of @task in @build and @base. */
struct difference compare_builds(const struct build *base,
				 const struct build *build, unsigned int task,
				 unsigned int k);

#endif
