/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Distributions of times: how long something takes, or until it comes again.
 *
 * A distribution is described in a unit (nanoseconds or cycles) and draws whole
 * numbers of it, which are then multiplied by the quanta in that unit.  Hence a
 * different clock never changes a draw in nanoseconds.  Real numbers are
 * rounded to the nearest integer; draws below 0 become 0, draws above 2^62
 * quanta become the largest multiple of the unit that is not above 2^62.
 *
 * Same bits on every machine, for the reasons given in rng.h.
 *
 * Left out: correlation between draws, and truncation other than at 0.
 */
#ifndef PREEMPTSIM_BASE_DIST_H
#define PREEMPTSIM_BASE_DIST_H

#include <stddef.h>
#include <stdint.h>

#include "preemptsim/base/rng.h"
#include "preemptsim/base/time.h"

/** DIST_LIMIT - no draw is longer than this many quanta. */
#define DIST_LIMIT (INT64_C(1) << 62)

/**
 * struct dist - a distribution of times.
 * @draw: draws one time in quanta; NULL if it is always @value
 * @value: the constant, or the lower end of a range in units
 * @scale: quanta in a unit
 * @limit: the largest draw in units
 * @a: first parameter: mean, median or scale, in units
 * @b: second parameter: standard deviation, sigma, or 1 / shape
 * @n: how many samples or choices, or the width of a range
 * @samples: times in quanta, owned
 * @threshold: running sums of the weights, 2^53 in all, owned
 * @choices: distributions to choose from, owned with what they point to
 * @mean: see dist_mean()
 * @min: see dist_min()
 * @max: see dist_max()
 *
 * Filled in by the constructors and constant from then on, so that any number
 * of threads may draw from one, each from its own stream.  The members are
 * public only so that dist_draw() can be inline: do not touch them.
 */
struct dist {
	ktime_t (*draw)(const struct dist *d, struct rng *rng);
	ktime_t value;
	int64_t scale;
	int64_t limit;
	double a;
	double b;
	uint64_t n;
	ktime_t *samples;
	uint64_t *threshold;
	struct dist **choices;
	double mean;
	ktime_t min;
	ktime_t max;
};

struct dist *dist_constant(ktime_t value);
struct dist *dist_uniform(int64_t lo, int64_t hi, int64_t scale);
struct dist *dist_exponential(int64_t mean, int64_t scale);
struct dist *dist_normal(int64_t mean, int64_t stddev, int64_t scale);
struct dist *dist_lognormal(int64_t median, double sigma, int64_t scale);
struct dist *dist_pareto(int64_t scale_param, double shape, int64_t scale);
struct dist *dist_choice(size_t n, const double *weights, struct dist **values);
struct dist *dist_empirical(size_t n, const int64_t *values, int64_t scale);
void dist_free(struct dist *d);

double dist_mean(const struct dist *d);
ktime_t dist_min(const struct dist *d);
ktime_t dist_max(const struct dist *d);

/**
 * dist_draw - draw one time.
 * @d: the distribution
 * @rng: the stream; a constant takes nothing from it
 *
 * Returns: quanta, from 0 to DIST_LIMIT.  Allocates nothing.
 */
static inline ktime_t dist_draw(const struct dist *d, struct rng *rng)
{
	return d->draw ? d->draw(d, rng) : d->value;
}

#endif /* PREEMPTSIM_BASE_DIST_H */
