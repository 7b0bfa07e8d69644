/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Holding expectations against the differences between builds.
 *
 * Builds are variants of one file, so the scenario of the first says what is
 * expected of all.
 */
#include <config.h>

#include "preemptsim/report/diff.h"

#include <math.h>

#include "preemptsim/scenario/suggest.h"

double *diff_sample(const struct scenario *scenario, const struct results *run)
{
	double *sample = g_new(double, 2 * (size_t)scenario->expects->len + 1);

	for (unsigned int i = 0; i < scenario->expects->len; i++) {
		const struct expect_conf *expect = scenario->expects->pdata[i];

		sample[2 * i] = sample[2 * i + 1] = NAN;
		if (expect->kind != EXPECT_VALUE)
			sample[2 * i] = expect_value(run, expect->path);
		if (expect->kind == EXPECT_BUILDS)
			sample[2 * i + 1] =
				expect_value(run, expect->other_path);
	}
	return sample;
}

static const struct build *find_build(const GPtrArray *builds, const char *name)
{
	for (unsigned int b = 0; b < builds->len; b++) {
		const struct build *build = builds->pdata[b];

		if (g_strcmp0(build->label, name) == 0 ||
		    g_strcmp0(build->short_label, name) == 0)
			return build;
	}
	return NULL;
}

static bool is_known(const GPtrArray *builds, const struct expect_conf *expect,
		     const char *name, const char *word, GPtrArray *messages)
{
	struct suggestion suggestion;
	g_autofree char *hint = NULL;

	if (!name || find_build(builds, name))
		return true;
	suggestion_init(&suggestion, name);
	for (unsigned int b = 0; b < builds->len; b++) {
		const struct build *build = builds->pdata[b];

		suggestion_consider(&suggestion, build->short_label);
	}
	hint = suggestion_finish(&suggestion);
	g_ptr_array_add(messages,
			g_strdup_printf("%s: %s: no build '%s' is compared%s",
					expect->where, word, name, hint));
	return false;
}

/* What is expected of the difference of a build from itself would be held
 * against nothing. */
static bool has_base(const GPtrArray *builds, const struct expect_conf *expect,
		     const char *word, GPtrArray *messages)
{
	if (expect->kind != EXPECT_DIFFERENCE && expect->kind != EXPECT_RATIO)
		return true;
	if (!expect->build ||
	    find_build(builds, expect->build) != builds->pdata[0])
		return true;
	g_ptr_array_add(messages,
			g_strdup_printf("%s: %s: '%s' is the build that the "
					"others are compared with; name one of "
					"these, or none for all of them",
					expect->where, word, expect->build));
	return false;
}

bool diff_check(const GPtrArray *builds, const char *word, GPtrArray *messages)
{
	const struct build *first = builds->pdata[0];
	const GPtrArray *expects = first->scenario->expects;
	bool all = true;

	for (unsigned int i = 0; i < expects->len; i++) {
		const struct expect_conf *expect = expects->pdata[i];

		all &= is_known(builds, expect, expect->build, word, messages);
		all &= is_known(builds, expect, expect->other_build, word,
				messages);
		all &= has_base(builds, expect, word, messages);
	}
	return all;
}

/* All of the interval. */
static bool holds(const struct estimate *e, const char *op, double value)
{
	double half = e->has_interval ? e->half : 0;

	if (!e->known)
		return false;
	if (g_str_equal(op, "!="))
		return value < e->mean - half || value > e->mean + half;
	return expect_holds(e->mean - half, op, value) &&
	       expect_holds(e->mean + half, op, value);
}

/* Is one side of @expect a percentile? */
static bool has_percentile(const struct expect_conf *expect,
			   const struct build *base, const struct build *build)
{
	return expect_percentile(build->total, expect->path) ||
	       (expect->kind == EXPECT_BUILDS &&
		expect_percentile(base->total, expect->other_path));
}

/* Why there is no difference or ratio of @n pairs. */
static const char *why_unknown(const double *x, const double *b, unsigned int n,
			       bool percentile)
{
	for (unsigned int r = 0; r < n; r++)
		if (isnan(x[r]) || isnan(b[r]))
			return percentile ? "too few samples" :
			       n > 1	  ? "a run has no sample" :
					    "no sample";
	return "no ratio to 0";
}

/* The @i-th expectation: of @build on its left, of @base on @side of it. */
static void hold(GArray *outcomes, unsigned int i, const struct build *base,
		 unsigned int side, const struct build *build)
{
	const struct expect_conf *expect = build->scenario->expects->pdata[i];
	unsigned int n = MIN(base->nr_runs, build->nr_runs);
	g_autofree double *x = g_new(double, n + 1);
	g_autofree double *b = g_new(double, n + 1);
	bool percentile = has_percentile(expect, base, build);
	struct diff_outcome outcome = {
		.expect = expect,
		.base = base->label,
		.build = build->label,
		.unit = expect_unit(build->total, expect->path),
	};

	for (unsigned int r = 0; r < n; r++) {
		x[r] = ((const double *)build->expected->pdata[r])[2 * i];
		b[r] = ((const double *)base->expected->pdata[r])[2 * i + side];
	}
	outcome.actual = expect->kind == EXPECT_RATIO ?
				 compare_ratio(x, b, n, percentile) :
				 compare_difference(x, b, n, percentile);
	if (!outcome.actual.known)
		outcome.unknown = why_unknown(x, b, n, percentile);
	outcome.holds = holds(&outcome.actual, expect->op, expect->value);
	g_array_append_val(outcomes, outcome);
}

/* The @i-th expectation against the first build. */
static void hold_all(GArray *outcomes, unsigned int i, const GPtrArray *builds)
{
	const struct build *base = builds->pdata[0];
	const struct expect_conf *expect = base->scenario->expects->pdata[i];

	for (unsigned int b = 1; b < builds->len; b++) {
		const struct build *build = builds->pdata[b];

		if (!expect->build ||
		    find_build(builds, expect->build) == build)
			hold(outcomes, i, base, 0, build);
	}
}

GArray *expect_differences(const GPtrArray *builds)
{
	GArray *outcomes =
		g_array_new(FALSE, TRUE, sizeof(struct diff_outcome));
	const struct build *first = builds->len ? builds->pdata[0] : NULL;

	for (unsigned int i = 0; first && i < first->scenario->expects->len;
	     i++) {
		const struct expect_conf *expect;
		const struct build *left, *right;

		expect = first->scenario->expects->pdata[i];
		if (expect->kind == EXPECT_VALUE)
			continue;
		if (expect->kind != EXPECT_BUILDS) {
			hold_all(outcomes, i, builds);
			continue;
		}
		left = find_build(builds, expect->build);
		right = find_build(builds, expect->other_build);
		if (left && right)
			hold(outcomes, i, right, 1, left);
	}
	return outcomes;
}
