/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the law tests share: a scenario from a text, its results, and a task
 * or its jobs out of them.
 *
 * A law test holds the simulator against what somebody else has proved,
 * computed or measured, or against itself: two runs that must agree.
 */
#ifndef TESTS_LAWS_LAW_H
#define TESTS_LAWS_LAW_H

#include <check.h>
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../unit/run-suite.h"

#include "preemptsim/scenario/build.h"
#include "preemptsim/scenario/model.h"

#define US INT64_C(1000)
#define MS INT64_C(1000000)
#define SEC INT64_C(1000000000)

/* Where in all runs we are, for messages. */
__attribute__((unused)) static const char *law_place;

/* Fail with the messages, if there is no scenario. */
static inline struct scenario *law_loaded(struct scenario *scenario,
					  GPtrArray *errors, const char *what)
{
	if (!scenario)
		ck_abort_msg("%s\n%s", (char *)errors->pdata[0], what);
	g_ptr_array_free(errors, TRUE);
	return scenario;
}

/* A scenario from YAML in memory; @overrides as of the option -s, or NULL. */
static inline struct scenario *law_load(const char *yaml,
					const char *const *overrides)
{
	GPtrArray *errors = g_ptr_array_new_with_free_func(g_free);

	return law_loaded(scenario_load_memory("law.yaml", yaml, strlen(yaml),
					       overrides, errors),
			  errors, yaml);
}

/* A scenario from a file below the top of the sources. */
static inline struct scenario *law_load_file(const char *path,
					     const char *const *overrides)
{
	GPtrArray *errors = g_ptr_array_new_with_free_func(g_free);
	const char *top = g_getenv("abs_top_srcdir");
	char *file = g_build_filename(top ? top : ".", path, NULL);
	struct scenario *scenario = scenario_load(file, overrides, errors);

	g_free(file);
	return law_loaded(scenario, errors, path);
}

static inline gint law_by_name(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The names, with @folder, of the scenarios in it, behind those in @files. */
static inline void law_add_scenarios(GPtrArray *files, const char *folder)
{
	const char *top = g_getenv("abs_top_srcdir");
	char *path = g_build_filename(top ? top : ".", folder, NULL);
	GDir *dir = g_dir_open(path, 0, NULL);
	const char *name;

	while (dir && (name = g_dir_read_name(dir)))
		if (g_str_has_suffix(name, ".yaml"))
			g_ptr_array_add(files,
					g_build_filename(folder, name, NULL));
	if (dir)
		g_dir_close(dir);
	g_free(path);
}

/* The names of all scenarios that are shipped or are tests' own. */
static inline GPtrArray *law_scenarios(void)
{
	GPtrArray *files = g_ptr_array_new_with_free_func(g_free);

	law_add_scenarios(files, "scenarios");
	law_add_scenarios(files, "tests/golden");
	law_add_scenarios(files, "tests/laws");
	g_ptr_array_sort(files, law_by_name);
	return files;
}

/* Simulate with these numbers, keeping each job. */
static inline struct results *law_run(const struct scenario *scenario,
				      uint64_t seed, uint64_t run)
{
	struct run_options options = {
		.seed = seed,
		.run = run,
		.nr_worst = 10,
		.jobs = true,
		.blame = true,
		.blame_worst = true,
		.blame_which = BLAME_ALL,
	};

	return scenario_run(scenario, &options);
}

/* Simulate a text once. */
static inline struct results *law_simulate(const char *yaml,
					   const char *const *overrides)
{
	struct scenario *scenario = law_load(yaml, overrides);
	struct results *results = law_run(scenario, scenario->seed, 0);

	scenario_free(scenario);
	return results;
}

/* The place of the task called @name in the results. */
static inline unsigned int law_task_index(const struct results *results,
					  const char *name)
{
	for (unsigned int i = 0; i < results->tasks->len; i++) {
		const struct task_results *task = results->tasks->pdata[i];

		if (!strcmp(task->name, name))
			return i;
	}
	ck_abort_msg("no task %s", name);
	return 0;
}

/* What the task called @name did. */
static inline const struct task_results *law_task(const struct results *results,
						  const char *name)
{
	return results->tasks->pdata[law_task_index(results, name)];
}

/* The jobs of the task called @name by release, of struct job_record. */
static inline GArray *law_jobs(const struct results *results, const char *name)
{
	GArray *jobs = g_array_new(FALSE, FALSE, sizeof(struct job_record));
	unsigned int task = law_task_index(results, name);

	for (unsigned int i = 0; i < results->jobs->len; i++) {
		const struct job_record *job =
			&g_array_index(results->jobs, struct job_record, i);

		if (job->task == task)
			g_array_append_vals(jobs, job, 1);
	}
	return jobs;
}

/* The @i-th of law_jobs(). */
static inline const struct job_record *law_job(const GArray *jobs,
					       unsigned int i)
{
	ck_assert_uint_lt(i, jobs->len);
	return &g_array_index(jobs, struct job_record, i);
}

/* The mean of what a histogram recorded, not rounded. */
static inline double law_mean(const struct hist *hist)
{
	ck_assert_uint_gt(hist->count, 0);
	return (double)hist->sum / (double)hist->count;
}

/*
 * Fail unless @expected lies in the confidence interval, at @level, of the
 * mean of @n independent values; or outside by no more than the part @slack
 * of it, what a histogram may be off by.
 */
static inline void law_assert_mean(const char *what, const double *values,
				   unsigned int n, double level,
				   double expected, double slack)
{
	double sum = 0, squares = 0, mean, half;

	for (unsigned int i = 0; i < n; i++)
		sum += values[i];
	mean = sum / n;
	for (unsigned int i = 0; i < n; i++)
		squares += (values[i] - mean) * (values[i] - mean);
	half = gsl_cdf_tdist_Pinv(1 - (1 - level) / 2, n - 1) *
	       sqrt(squares / (n - 1) / n);
	if (fabs(mean - expected) > half + slack * expected)
		ck_abort_msg("%s: %.6g +- %.3g, should be %.6g", what, mean,
			     half, expected);
	/* An interval that holds anything proves nothing. */
	if (half > 0.05 * expected)
		ck_abort_msg("%s: %.6g +- %.3g is too vague", what, mean, half);
}

#endif /* TESTS_LAWS_LAW_H */
