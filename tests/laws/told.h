/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Results as text, to compare runs byte by byte.
 */
#ifndef TESTS_LAWS_TOLD_H
#define TESTS_LAWS_TOLD_H

#include "law.h"
#include "preemptsim/report/format.h"

/* All that was measured, as text; the seed's own number left out. */
static inline char *told(const struct scenario *scenario,
			 struct results *results)
{
	static const char *const formats[] = { "json", "jobs", "text" };
	struct build *build = build_new(scenario, NULL, NULL);
	struct report report = { .builds = g_ptr_array_new(), .nr_worst = 10 };
	GString *text = g_string_new(NULL);

	results->seed = 0;
	build_add_run(build, results, 10);
	build_finish(build);
	g_ptr_array_add(report.builds, build);
	for (size_t i = 0; i < G_N_ELEMENTS(formats); i++)
		report_format_find(formats[i])->write(&report, text);
	g_ptr_array_free(report.builds, TRUE);
	build_free(build);
	return g_string_free(text, FALSE);
}

static inline char *simulate(const struct scenario *scenario, uint64_t seed,
			     bool no_run_ahead)
{
	struct run_options options = {
		.seed = seed,
		.nr_worst = 10,
		.jobs = true,
		.no_run_ahead = no_run_ahead,
	};
	struct results *results = scenario_run(scenario, &options);
	char *text = told(scenario, results);

	results_free(results);
	return text;
}

/* Fail with the first line that differs. */
static inline void assert_same(const char *a, const char *b, const char *what)
{
	const char *line = a;

	if (!strcmp(a, b))
		return;
	while (*a && *a == *b) {
		if (*a == '\n')
			line = a + 1;
		a++;
		b++;
	}
	ck_abort_msg("%s: differs in '%.*s', not '%.30s'", what,
		     (int)strcspn(line, "\n"), line, b);
}

#endif /* TESTS_LAWS_TOLD_H */
