/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Paired statistics over the runs of two builds.
 *
 * The interval of a mean of n values with standard deviation s (n - 1 in the
 * denominator) is t(0.975, n - 1) * s / sqrt(n).  A fact that is unknown in
 * one run of one build (no sample at all) is unknown as a whole: a mean over
 * other runs than its partner's would not be paired.
 *
 * Tasks are matched by place: builds are variants of one file, and variants
 * can't add or remove tasks.
 */
#include <config.h>

#include "preemptsim/report/compare.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

struct estimate estimate_mean(const double *x, unsigned int n)
{
	struct estimate e = { .known = n > 0 };
	double sum = 0, squares = 0;

	for (unsigned int i = 0; i < n; i++) {
		if (isnan(x[i]))
			return (struct estimate){ .known = false };
		sum += x[i];
	}
	if (!n)
		return e;
	e.mean = sum / n;
	e.has_interval = n > 1;
	if (!e.has_interval)
		return e;
	for (unsigned int i = 0; i < n; i++)
		squares += (x[i] - e.mean) * (x[i] - e.mean);
	e.half = gsl_cdf_tdist_Pinv(0.975, n - 1) * sqrt(squares / (n - 1) / n);
	return e;
}

bool estimate_is_zero(const struct estimate *estimate)
{
	return estimate->known && estimate->has_interval &&
	       fabs(estimate->mean) <= estimate->half;
}

const struct fact *compared_fact(unsigned int k)
{
	for (const struct fact *fact = task_facts.facts; fact->path; fact++)
		if (fact->compared && k-- == 0)
			return fact;
	return NULL;
}

unsigned int nr_compared(void)
{
	unsigned int n = 0;

	while (compared_fact(n))
		n++;
	return n;
}

double *compare_sample(const struct results *run)
{
	unsigned int n = nr_compared();
	double *sample = g_new(double, (size_t)run->tasks->len *n + 1);

	for (unsigned int t = 0; t < run->tasks->len; t++) {
		for (unsigned int k = 0; k < n; k++) {
			struct value value;

			value = fact_get(compared_fact(k), run->tasks->pdata[t],
					 run);
			sample[t * n + k] = value_number(&value);
		}
	}
	return sample;
}

/* The k-th compared fact of @task in run @r. */
static double sample_of(const struct build *build, unsigned int r,
			unsigned int task, unsigned int k)
{
	const double *sample = build->samples->pdata[r];

	return sample[task * nr_compared() + k];
}

struct estimate compare_estimate(const struct build *build, unsigned int task,
				 unsigned int k)
{
	g_autofree double *x = g_new(double, build->nr_runs + 1);

	for (unsigned int r = 0; r < build->nr_runs; r++)
		x[r] = sample_of(build, r, task, k);
	return estimate_mean(x, build->nr_runs);
}

struct difference compare_builds(const struct build *base,
				 const struct build *build, unsigned int task,
				 unsigned int k)
{
	unsigned int n = MIN(base->nr_runs, build->nr_runs);
	g_autofree double *d = g_new(double, n + 1);
	g_autofree double *q = g_new(double, n + 1);

	for (unsigned int r = 0; r < n; r++) {
		double x = sample_of(build, r, task, k);
		double b = sample_of(base, r, task, k);

		d[r] = x - b;
		q[r] = fabs(b) > 0 ? x / b : NAN;
	}
	return (struct difference){
		.base = compare_estimate(base, task, k),
		.value = compare_estimate(build, task, k),
		.difference = estimate_mean(d, n),
		.ratio = estimate_mean(q, n),
	};
}
