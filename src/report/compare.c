/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Paired statistics over the runs of two builds.
 *
 * The interval of a mean of n values with standard deviation s (n - 1 in the
 * denominator) is t(0.975, n - 1) * s / sqrt(n).  That of percentiles is wider,
 * by as much as bins of histograms are.  Runs in which a fact is
 * unknown (no sample at all) are left out, and how many are left is told; what
 * is paired leaves out those in which one of the two is.
 *
 * Tasks are matched by place: builds are variants of one file, and variants
 * can't add or remove tasks.
 */
#include <config.h>

#include "preemptsim/report/compare.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

#include "preemptsim/base/hist.h"

struct estimate estimate_mean(const double *x, unsigned int n)
{
	struct estimate e = { .known = n > 0, .runs = n, .of = n };
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

struct estimate estimate_known(const double *x, unsigned int n)
{
	g_autofree double *known = g_new(double, n + 1);
	struct estimate e;
	unsigned int m = 0;

	for (unsigned int i = 0; i < n; i++)
		if (!isnan(x[i]))
			known[m++] = x[i];
	e = estimate_mean(known, m);
	e.of = n;
	return e;
}

struct estimate estimate_ratio(const double *x, const double *b, unsigned int n)
{
	g_autofree double *rest = g_new(double, n + 1);
	struct estimate over = estimate_mean(x, n);
	struct estimate under = estimate_mean(b, n);
	struct estimate e;

	if (!over.known || !under.known || !(fabs(under.mean) > 0))
		return (struct estimate){ .known = false };
	for (unsigned int i = 0; i < n; i++)
		rest[i] = x[i] - over.mean / under.mean * b[i];
	e = estimate_mean(rest, n);
	e.mean = over.mean / under.mean;
	e.half /= fabs(under.mean);
	return e;
}

/* How much too high the mean of @n percentiles may be. */
static double mean_excess(const double *x, unsigned int n)
{
	double sum = 0;

	for (unsigned int i = 0; i < n; i++)
		sum += (double)hist_excess((int64_t)x[i]);
	return sum / n;
}

static struct estimate widened(struct estimate e, double by)
{
	if (e.known && e.has_interval)
		e.half += by;
	return e;
}

struct estimate compare_values(const double *x, unsigned int n, bool percentile)
{
	struct estimate e = estimate_mean(x, n);

	return percentile && e.known ? widened(e, mean_excess(x, n)) : e;
}

/* One of them too high, the other one right. */
struct estimate compare_difference(const double *x, const double *b,
				   unsigned int n, bool percentile)
{
	g_autofree double *d = g_new(double, n + 1);
	struct estimate e;

	for (unsigned int i = 0; i < n; i++)
		d[i] = x[i] - b[i];
	e = estimate_mean(d, n);
	return percentile && e.known ?
		       widened(e, MAX(mean_excess(x, n), mean_excess(b, n))) :
		       e;
}

struct estimate compare_ratio(const double *x, const double *b, unsigned int n,
			      bool percentile)
{
	struct estimate e = estimate_ratio(x, b, n), base;
	double over, under;

	if (!percentile || !e.known)
		return e;
	base = estimate_mean(b, n);
	over = mean_excess(x, n) / base.mean;
	under = base.mean - mean_excess(b, n);
	return widened(e, MAX(over, e.mean * (base.mean / under - 1)));
}

bool estimate_is_zero(const struct estimate *estimate)
{
	return estimate->known && estimate->has_interval &&
	       fabs(estimate->mean) <= estimate->half;
}

/* The @k-th compared fact of a table, or NULL. */
static const struct fact *kth(const struct fact *fact, unsigned int k)
{
	for (; fact->path; fact++)
		if (fact->compared && k-- == 0)
			return fact;
	return NULL;
}

static unsigned int count(const struct fact *facts)
{
	unsigned int n = 0;

	while (kth(facts, n))
		n++;
	return n;
}

static const struct fact *facts_of(const struct build *build,
				   unsigned int subject)
{
	if (subject_is_machine(build, subject))
		return run_facts;
	return subject_is_task(build, subject) ? task_facts.facts :
						 chain_facts.facts;
}

static const void *object_of(const struct build *build, unsigned int subject)
{
	const struct results *total = build->total;

	if (subject_is_machine(build, subject))
		return total;
	return subject_is_task(build, subject) ?
		       total->tasks->pdata[subject] :
		       total->chains->pdata[subject - total->tasks->len];
}

const char *subject_name(const struct build *build, unsigned int subject)
{
	const struct chain_results *chain;
	const struct task_results *task;

	if (subject_is_machine(build, subject))
		return NULL;
	if (!subject_is_task(build, subject)) {
		chain = object_of(build, subject);
		return chain->name;
	}
	task = object_of(build, subject);
	return task->name;
}

const struct fact *compared_fact(const struct build *build,
				 unsigned int subject, unsigned int k)
{
	return kth(facts_of(build, subject), k);
}

unsigned int nr_compared(const struct build *build, unsigned int subject)
{
	return count(facts_of(build, subject));
}

/* Append the compared facts of @object. */
static double *take(double *to, const struct fact *fact, const void *object,
		    const struct results *run)
{
	for (; fact->path; fact++) {
		struct value value;

		if (!fact->compared)
			continue;
		value = fact_get_sure(fact, object, run);
		*to++ = value_number(&value);
	}
	return to;
}

double *compare_sample(const struct results *run)
{
	size_t n = (size_t)run->tasks->len * count(task_facts.facts) +
		   (size_t)run->chains->len * count(chain_facts.facts) +
		   count(run_facts);
	double *sample = g_new(double, n), *to = sample;

	for (unsigned int t = 0; t < run->tasks->len; t++)
		to = take(to, task_facts.facts, run->tasks->pdata[t], run);
	for (unsigned int c = 0; c < run->chains->len; c++)
		to = take(to, chain_facts.facts, run->chains->pdata[c], run);
	take(to, run_facts, run, run);
	return sample;
}

/* The k-th compared fact of @subject in run @r. */
static double sample_of(const struct build *build, unsigned int r,
			unsigned int subject, unsigned int k)
{
	const double *sample = build->samples->pdata[r];
	unsigned int tasks = MIN(subject, build->total->tasks->len);

	return sample[tasks * count(task_facts.facts) +
		      (subject - tasks) * count(chain_facts.facts) + k];
}

static bool is_percentile(const struct build *build, unsigned int subject,
			  unsigned int k)
{
	return compared_fact(build, subject, k)->percent > 0;
}

struct estimate compare_estimate(const struct build *build,
				 unsigned int subject, unsigned int k)
{
	g_autofree double *x = g_new(double, build->nr_runs + 1);

	for (unsigned int r = 0; r < build->nr_runs; r++)
		x[r] = sample_of(build, r, subject, k);
	if (is_percentile(build, subject, k))
		return compare_values(x, build->nr_runs, true);
	return estimate_known(x, build->nr_runs);
}

bool compare_too_few(const struct build *build, unsigned int subject,
		     unsigned int k)
{
	const struct fact *fact = compared_fact(build, subject, k);

	return is_percentile(build, subject, k) &&
	       fact_get(fact, object_of(build, subject), build->total).known &&
	       !compare_estimate(build, subject, k).known;
}

/* Keep of @n pairs those of which both are known; returns how many. */
static unsigned int known_pairs(double *x, double *b, unsigned int n)
{
	unsigned int m = 0;

	for (unsigned int i = 0; i < n; i++) {
		if (isnan(x[i]) || isnan(b[i]))
			continue;
		x[m] = x[i];
		b[m++] = b[i];
	}
	return m;
}

struct difference compare_builds(const struct build *base,
				 const struct build *build,
				 unsigned int subject, unsigned int k)
{
	unsigned int n = MIN(base->nr_runs, build->nr_runs);
	g_autofree double *x = g_new(double, n + 1);
	g_autofree double *b = g_new(double, n + 1);
	bool percentile = is_percentile(base, subject, k);
	struct difference d;
	unsigned int m = n;

	for (unsigned int r = 0; r < n; r++) {
		x[r] = sample_of(build, r, subject, k);
		b[r] = sample_of(base, r, subject, k);
	}
	if (!percentile)
		m = known_pairs(x, b, n);
	d = (struct difference){
		.base = compare_estimate(base, subject, k),
		.value = compare_estimate(build, subject, k),
		.difference = compare_difference(x, b, m, percentile),
		.ratio = compare_ratio(x, b, m, percentile),
		.too_few = compare_too_few(base, subject, k) ||
			   compare_too_few(build, subject, k),
	};
	d.difference.of = d.ratio.of = n;
	return d;
}
