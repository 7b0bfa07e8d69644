/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Builds: collecting runs, merging them and holding them against what the
 * scenario expects.  Of a single run only the merged result and the few
 * numbers that comparisons need are kept, so that a thousand runs need no
 * more memory than one.
 */
#include <config.h>

#include "preemptsim/report/report.h"

#include "preemptsim/report/compare.h"
#include "preemptsim/report/diff.h"

struct build *build_new(const struct scenario *scenario, const char *label,
			const char *short_label)
{
	struct build *build = g_new0(struct build, 1);

	build->scenario = scenario;
	build->label = g_strdup(label);
	build->short_label = g_strdup(short_label);
	build->total = results_new();
	build->samples = g_ptr_array_new_with_free_func(g_free);
	build->expected = g_ptr_array_new_with_free_func(g_free);
	return build;
}

void build_free(struct build *build)
{
	if (!build)
		return;
	g_free(build->label);
	g_free(build->short_label);
	results_free(build->total);
	g_ptr_array_unref(build->samples);
	g_ptr_array_unref(build->expected);
	g_clear_pointer(&build->outcomes, g_array_unref);
	g_free(build);
}

void build_add_run(struct build *build, const struct results *run,
		   unsigned int nr_worst)
{
	results_merge(build->total, run, nr_worst);
	g_ptr_array_add(build->samples, compare_sample(run));
	g_ptr_array_add(build->expected, diff_sample(build->scenario, run));
	build->nr_runs++;
}

void build_finish(struct build *build)
{
	g_clear_pointer(&build->outcomes, g_array_unref);
	build->outcomes = expect_evaluate(build->scenario, build->total,
					  build->label, build->short_label);
}

bool build_holds(const struct build *build)
{
	for (unsigned int i = 0; i < build->outcomes->len; i++)
		if (!g_array_index(build->outcomes, struct expect_outcome, i)
			     .holds)
			return false;
	return true;
}

double host_events_per_s(const struct host_facts *host)
{
	return host->wall_s > 0 ? (double)host->events / host->wall_s : 0;
}

bool report_was_interrupted(const struct report *report)
{
	for (unsigned int i = 0; i < report->builds->len; i++)
		if (report_build(report, i)->total->interrupted)
			return true;
	return false;
}
