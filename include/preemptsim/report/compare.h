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
 * median, rough for a maximum).  A percentile beyond which a run has too few
 * samples is unknown, see fact_get_sure().
 *
 * What is compared belongs to a subject: the tasks by their place, behind them
 * the chains and their parts, and last the machine, which shows what the
 * others' gain has cost.
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
 * @runs: how many runs, or pairs of them, @of so many: the others had no sample
 */
struct estimate {
	bool known;
	double mean;
	bool has_interval;
	double half;
	unsigned int runs, of;
};

/** estimate_mean - the mean of @n values; unknown if one of them is. */
struct estimate estimate_mean(const double *x, unsigned int n);

/** estimate_known - the mean of those of @n values that are known. */
struct estimate estimate_known(const double *x, unsigned int n);

/**
 * estimate_ratio - the ratio of the means of @n pairs.
 * @x: numerators
 * @b: denominators; the ratio is unknown if their mean is 0
 *
 * Not the mean of the ratios, which a single denominator near 0 would spoil.
 * The interval is that of the mean of x - ratio * b, divided by the mean of b
 * (the usual linearisation).
 */
struct estimate estimate_ratio(const double *x, const double *b,
			       unsigned int n);

/**
 * compare_values, compare_difference, compare_ratio - the mean of @n values, and
 * the difference and the ratio of the means of @n pairs.
 * @x: of a build
 * @b: of the base
 * @percentile: they are percentiles, each of which may be too high by as much as
 *              its bin is wide (hist_excess()): each side of an interval is
 *              longer by as much as can come of that
 */
struct estimate compare_values(const double *x, unsigned int n,
			       bool percentile);
struct estimate compare_difference(const double *x, const double *b,
				   unsigned int n, bool percentile);
struct estimate compare_ratio(const double *x, const double *b, unsigned int n,
			      bool percentile);

/** estimate_is_zero - the interval includes 0: nothing was seen. */
bool estimate_is_zero(const struct estimate *estimate);

/**
 * struct difference - a fact of a subject in one build against another.
 * @base, @value: in the base and in the build
 * @difference: value - base, paired by run
 * @ratio: value / base, paired by run; unknown where the base is 0
 * @too_few: it is unknown only since some run has too few samples
 *
 * Each is over the runs that have a sample, and what is paired over those in
 * which both builds have one.  Of percentiles all runs must have enough: who has
 * many samples is not like who has few.
 */
struct difference {
	struct estimate base, value, difference, ratio;
	bool too_few;
};

/** subject_is_task - is the @subject-th of @build a task? */
static inline bool subject_is_task(const struct build *build,
				   unsigned int subject)
{
	return subject < build->total->tasks->len;
}

/** subject_is_machine - is the @subject-th of @build the machine? */
static inline bool subject_is_machine(const struct build *build,
				      unsigned int subject)
{
	return subject == build->total->tasks->len + build->total->chains->len;
}

/** nr_subjects - the tasks and chains of @build, and the machine. */
static inline unsigned int nr_subjects(const struct build *build)
{
	return build->total->tasks->len + build->total->chains->len + 1;
}

/** subject_name - what the @subject-th is called; NULL: it is the machine. */
const char *subject_name(const struct build *build, unsigned int subject);

/** nr_compared - how many facts of the @subject-th are compared. */
unsigned int nr_compared(const struct build *build, unsigned int subject);

/** compared_fact - the @k-th of them, or NULL. */
const struct fact *compared_fact(const struct build *build,
				 unsigned int subject, unsigned int k);

/**
 * compare_sample - take from one run what comparisons need.
 *
 * Returns a gdouble[], NAN for unknown; g_free() it.
 */
double *compare_sample(const struct results *run);

/** compare_estimate - the @k-th compared fact of @subject, over the runs that
 * have it. */
struct estimate compare_estimate(const struct build *build,
				 unsigned int subject, unsigned int k);

/** compare_builds - the @k-th compared fact of @subject in both builds. */
struct difference compare_builds(const struct build *base,
				 const struct build *build,
				 unsigned int subject, unsigned int k);

/** compare_too_few - some run of @build has too few samples for that fact. */
bool compare_too_few(const struct build *build, unsigned int subject,
		     unsigned int k);

#endif
