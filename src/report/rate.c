/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Exact intervals of rates.  cf. Clopper, Pearson, "The use of confidence or
 * fiducial limits illustrated in the case of the binomial", Biometrika 26, 1934.
 *
 * The lower end is the rate at which so many hits, or more, have the probability
 * of the tail, an incomplete beta function of it; the upper one is the lower one
 * of what was no hit.  (GSL's own inverse of that function does not always
 * converge.)  Where so much was seen that GSL can't evaluate it, the normal
 * distribution says the same in all digits that count.
 */
#include <config.h>

#include "preemptsim/report/rate.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <math.h>
#include <stdbool.h>

/* What the interval may miss. */
#define ALPHA 0.05

/* From so many hits, and so many others, on, a binomial is normal. */
#define MANY 100000

/* Steps that are always enough: bisection alone halves 1 to nothing in them. */
#define STEPS 60

/* As near as the digits that are kept need. */
#define NEAR 1e-12

/* Nine digits are more than anybody can use, and the same everywhere. */
static double rounded(double x)
{
	return round(x * 1e9) / 1e9;
}

/* The normal distribution's idea of one end, @side standard deviations off. */
static double normal_end(double k, double n, double side)
{
	double rate = k / n;

	return rate + side * sqrt(rate * (1 - rate) / n);
}

/* The rate at which @k of @n, or more, have the probability @tail: Newton's
 * steps, but where one leads out of what is known to hold it, its middle. */
static double rate_of(double k, double n, double tail)
{
	double low = 0, high = 1, at = normal_end(k, n, -2);

	for (unsigned int i = 0; i < STEPS && high - low > NEAR; i++) {
		double off, slope, next;

		if (!(at > low && at < high))
			at = (low + high) / 2;
		off = gsl_cdf_beta_P(at, k, n - k + 1) - tail;
		if (off < 0)
			low = at;
		else
			high = at;
		slope = gsl_ran_beta_pdf(at, k, n - k + 1);
		next = slope > 0 ? at - off / slope : -1;
		if (fabs(next - at) < NEAR)
			return next;
		at = next;
	}
	return at;
}

/* That of all of @n at which the probability is ALPHA, one-sided. */
static double all_of(double n)
{
	return exp(log(ALPHA) / n);
}

static bool is_normal(uint64_t hits, uint64_t n)
{
	return hits > MANY && n - hits > MANY;
}

double rate_low(uint64_t hits, uint64_t n)
{
	double k = (double)hits, all = (double)n;

	if (!hits)
		return 0;
	if (hits == n)
		return rounded(all_of(all));
	if (is_normal(hits, n))
		return rounded(
			normal_end(k, all, -gsl_cdf_ugaussian_Qinv(ALPHA / 2)));
	return rounded(rate_of(k, all, ALPHA / 2));
}

double rate_high(uint64_t hits, uint64_t n)
{
	return rounded(1 - rate_low(n - hits, n));
}
