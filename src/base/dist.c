/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The distributions: how each is drawn, and its mean and ends.
 *
 * A number drawn from a continuous distribution becomes a time in to_quanta();
 * everything else is integers.  Means are those of the real numbers before
 * they are rounded to whole units (a difference below 5 % for an exponential
 * of one unit, and vanishing quickly for longer times) and before they are cut
 * at DIST_LIMIT.
 */
#include <config.h>

#include <glib.h>
#include <math.h>

#include "fmath-private.h"
#include "preemptsim/base/dist.h"

/* The sum of the thresholds of a choice: the resolution of rng_unit(). */
#define CHOICE_ONE (UINT64_C(1) << 53)

/* 1 / sqrt(2 pi) */
#define NORMAL_DENSITY_0 0x1.9884533d43651p-2

static ktime_t units_to_quanta(const struct dist *d, int64_t units)
{
	return CLAMP(units, 0, d->limit) * d->scale;
}

/*
 * Real units to quanta, by way of the nearest integer.  Between 2^52 and 2^53
 * doubles are whole, so adding 2^52 rounds (halves to the even neighbour), and
 * does so without a branch that nobody could predict.  From 2^52 on there is
 * nothing to round.
 */
static ktime_t to_quanta(const struct dist *d, double units)
{
	if (!(units > 0))
		return 0;
	if (units >= 0x1p62)
		return d->limit * d->scale;
	if (units < 0x1p52)
		units = units + 0x1p52 - 0x1p52;
	return units_to_quanta(d, (int64_t)units);
}

static struct dist *dist_new(ktime_t (*draw)(const struct dist *, struct rng *),
			     int64_t scale)
{
	struct dist *d = g_new0(struct dist, 1);

	g_assert(scale > 0 && scale <= DIST_LIMIT);
	d->draw = draw;
	d->scale = scale;
	d->limit = DIST_LIMIT / scale;
	d->max = KTIME_MAX;
	return d;
}

/**
 * dist_constant - always the same time; drawing it takes no random numbers.
 * @value: quanta, clamped to 0 .. DIST_LIMIT
 *
 * Returns: a new distribution, to be freed with dist_free().
 */
struct dist *dist_constant(ktime_t value)
{
	struct dist *d = dist_new(NULL, 1);

	d->value = units_to_quanta(d, value);
	d->mean = (double)d->value;
	d->min = d->value;
	d->max = d->value;
	return d;
}

static ktime_t draw_uniform(const struct dist *d, struct rng *rng)
{
	return units_to_quanta(d, d->value + (int64_t)rng_below(rng, d->n));
}

/**
 * dist_uniform - each integer of a range equally likely.
 * @lo: the lowest, in units
 * @hi: the highest, in units, >= @lo; both within +-2^61
 * @scale: quanta in a unit, > 0
 *
 * Returns: a new distribution, to be freed with dist_free().
 */
struct dist *dist_uniform(int64_t lo, int64_t hi, int64_t scale)
{
	struct dist *d = dist_new(draw_uniform, scale);
	double low = (double)MAX(lo, 0), high = (double)MAX(hi, 0);

	g_assert(lo <= hi && lo >= -DIST_LIMIT / 2 && hi <= DIST_LIMIT / 2);
	d->value = lo;
	d->n = (uint64_t)(hi - lo) + 1;
	d->min = units_to_quanta(d, lo);
	d->max = units_to_quanta(d, hi);
	/* What is below 0 counts as 0: all of [low, high] over the width. */
	d->mean = (low + high) / 2 * ((high - low + 1) / (double)d->n) *
		  (double)scale;
	return d;
}

static ktime_t draw_exponential(const struct dist *d, struct rng *rng)
{
	return to_quanta(d, d->a * rng_exponential(rng));
}

/**
 * dist_exponential - without memory: the gaps of a Poisson process.
 * @mean: units, >= 0
 * @scale: quanta in a unit, > 0
 *
 * Returns: a new distribution, to be freed with dist_free().
 */
struct dist *dist_exponential(int64_t mean, int64_t scale)
{
	struct dist *d = dist_new(draw_exponential, scale);

	g_assert(mean >= 0);
	d->a = (double)mean;
	d->mean = d->a * (double)scale;
	if (!mean)
		d->max = 0;
	return d;
}

/*
 * The mean of max(X, 0) for a normal X of mean c and deviation 1, which is
 * c P(Z < c) + p(c), p being the normal density.  P(Z < c) is taken from the
 * series 1/2 + p(c) (c + c^3/3 + c^5/(3 5) + ...); beyond 8 sigma nothing is
 * cut off, or everything.
 */
static double normal_positive_mean(double c)
{
	double density, sum = c, term = c;

	if (c > 8)
		return c;
	if (c < -8)
		return 0;
	density = NORMAL_DENSITY_0 * fm_exp(-0.5 * c * c);
	for (int i = 3; i < 400; i += 2) {
		term *= c * c / i;
		sum += term;
	}
	return MAX(c * (0.5 + density * sum) + density, 0);
}

static ktime_t draw_normal(const struct dist *d, struct rng *rng)
{
	return to_quanta(d, d->a + d->b * rng_normal(rng));
}

/**
 * dist_normal - the normal distribution; what is below 0 becomes 0.
 * @mean: units, before that; of either sign
 * @stddev: units, >= 0
 * @scale: quanta in a unit, > 0
 *
 * dist_mean() takes the cut at 0 into account.
 *
 * Returns: a new distribution, to be freed with dist_free().
 */
struct dist *dist_normal(int64_t mean, int64_t stddev, int64_t scale)
{
	struct dist *d = dist_new(draw_normal, scale);

	g_assert(stddev >= 0);
	d->a = (double)mean;
	d->b = (double)stddev;
	if (stddev) {
		d->mean = d->b * normal_positive_mean(d->a / d->b) *
			  (double)scale;
	} else {
		d->min = units_to_quanta(d, mean);
		d->max = d->min;
		d->mean = (double)d->min;
	}
	return d;
}

static ktime_t draw_lognormal(const struct dist *d, struct rng *rng)
{
	return to_quanta(d, d->a * fm_exp(d->b * rng_normal(rng)));
}

/**
 * dist_lognormal - its logarithm is normal.
 * @median: units, >= 0
 * @sigma: standard deviation of the natural logarithm, >= 0, finite
 * @scale: quanta in a unit, > 0
 *
 * Returns: a new distribution, to be freed with dist_free().
 */
struct dist *dist_lognormal(int64_t median, double sigma, int64_t scale)
{
	struct dist *d = dist_new(draw_lognormal, scale);

	g_assert(median >= 0 && sigma >= 0 && isfinite(sigma));
	d->a = (double)median;
	d->b = sigma;
	if (sigma > 0 && median > 0) {
		d->mean = d->a * fm_exp(sigma * sigma / 2) * (double)scale;
	} else {
		d->min = units_to_quanta(d, median);
		d->max = d->min;
		d->mean = (double)d->min;
	}
	return d;
}

/*
 * (1 - U)^(-1/shape) with the logarithm of 1 / (1 - U), which is exponential,
 * drawn as such.
 */
static ktime_t draw_pareto(const struct dist *d, struct rng *rng)
{
	return to_quanta(d, d->a * fm_exp(d->b * rng_exponential(rng)));
}

/**
 * dist_pareto - a heavy tail: P(X > x) = (scale_param / x)^shape.
 * @scale_param: the least value, in units, >= 0
 * @shape: > 0, finite; the mean is infinite up to 1, the variance up to 2
 * @scale: quanta in a unit, > 0
 *
 * Returns: a new distribution, to be freed with dist_free().
 */
struct dist *dist_pareto(int64_t scale_param, double shape, int64_t scale)
{
	struct dist *d = dist_new(draw_pareto, scale);

	g_assert(scale_param >= 0 && shape > 0 && isfinite(shape));
	d->a = (double)scale_param;
	d->b = 1.0 / shape;
	d->min = units_to_quanta(d, scale_param);
	if (!scale_param)
		d->max = 0;
	else if (shape > 1)
		d->mean = d->a * shape / (shape - 1) * (double)scale;
	else
		d->mean = INFINITY;
	return d;
}

/* The first choice whose threshold is above a random number. */
static ktime_t draw_choice(const struct dist *d, struct rng *rng)
{
	uint64_t point = rng_next(rng) >> 11;
	uint64_t lo = 0, hi = d->n - 1;

	while (lo < hi) {
		uint64_t mid = (lo + hi) / 2;

		if (point < d->threshold[mid])
			hi = mid;
		else
			lo = mid + 1;
	}
	return dist_draw(d->choices[lo], rng);
}

/* Take the @i-th choice into the mean and the ends. */
static void choice_add(struct dist *d, size_t i, double share)
{
	const struct dist *part = d->choices[i];

	d->mean += share * part->mean;
	d->min = MIN(d->min, part->min);
	d->max = MAX(d->max, part->max);
}

/**
 * dist_choice - one of several distributions, by weight.
 * @n: how many, > 0
 * @weights: >= 0, finite, not all 0; copied
 * @values: the distributions, which then belong to the new one; the array
 *	itself stays the caller's
 *
 * One word of the stream chooses, the choice draws from the same stream.
 * Probabilities are rounded to multiples of 2^-53.
 *
 * Returns: a new distribution, to be freed with dist_free().
 */
struct dist *dist_choice(size_t n, const double *weights, struct dist **values)
{
	struct dist *d = dist_new(draw_choice, 1);
	double total = 0, sum = 0;
	size_t last = 0;

	d->n = n;
	d->min = KTIME_MAX;
	d->max = 0;
	d->choices = g_new(struct dist *, n);
	d->threshold = g_new(uint64_t, n);
	for (size_t i = 0; i < n; i++) {
		g_assert(weights[i] >= 0);
		d->choices[i] = values[i];
		total += weights[i];
		if (weights[i] > 0)
			last = i;
	}
	g_assert(total > 0 && isfinite(total));
	for (size_t i = 0; i < n; i++) {
		sum += weights[i];
		d->threshold[i] = i < last ? (uint64_t)(sum / total * 0x1p53) :
					     CHOICE_ONE;
		if (weights[i] > 0)
			choice_add(d, i, weights[i] / total);
	}
	return d;
}

static ktime_t draw_empirical(const struct dist *d, struct rng *rng)
{
	return d->samples[rng_below(rng, d->n)];
}

/**
 * dist_empirical - one of the samples measured, each equally likely.
 * @n: how many, > 0
 * @values: samples in units; copied
 * @scale: quanta in a unit, > 0
 *
 * Returns: a new distribution, to be freed with dist_free().
 */
struct dist *dist_empirical(size_t n, const int64_t *values, int64_t scale)
{
	struct dist *d = dist_new(draw_empirical, scale);

	g_assert(n > 0);
	d->n = n;
	d->min = KTIME_MAX;
	d->max = 0;
	d->samples = g_new(ktime_t, n);
	for (size_t i = 0; i < n; i++) {
		d->samples[i] = units_to_quanta(d, values[i]);
		d->min = MIN(d->min, d->samples[i]);
		d->max = MAX(d->max, d->samples[i]);
		d->mean += (double)d->samples[i];
	}
	d->mean /= (double)n;
	return d;
}

/**
 * dist_free - free a distribution and all it is made of.
 * @d: may be NULL
 */
void dist_free(struct dist *d)
{
	if (!d)
		return;
	for (uint64_t i = 0; d->choices && i < d->n; i++)
		dist_free(d->choices[i]);
	g_free(d->choices);
	g_free(d->threshold);
	g_free(d->samples);
	g_free(d);
}

/**
 * dist_mean - the mean time.
 * @d: the distribution
 *
 * Returns: quanta, before rounding to whole units; INFINITY for a Pareto
 * distribution of shape <= 1 and choices of such.
 */
double dist_mean(const struct dist *d)
{
	return d->mean;
}

/** dist_min - the shortest time @d can draw, in quanta. */
ktime_t dist_min(const struct dist *d)
{
	return d->min;
}

/** dist_max - the longest time, in quanta; KTIME_MAX if there is no bound. */
ktime_t dist_max(const struct dist *d)
{
	return d->max;
}
