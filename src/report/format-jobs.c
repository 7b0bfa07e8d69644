/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every job as a row of comma-separated values; what is not known (a job that
 * never began, a task without a deadline) is an empty cell.
 *
 *     task,copy,release_ns,start_ns,end_ns,deadline_ns,outcome
 *
 * A comparison has a column `build` in front, and more runs than one have a
 * column `run`, counted from 0.
 */
#include <config.h>

#include "csv-private.h"
#include "formats-private.h"

static void write_job(GString *out, const struct job_record *job,
		      const struct results *results)
{
	const struct task_results *task = results->tasks->pdata[job->task];

	csv_text(out, task->name, ',');
	g_string_append_printf(out, "%u,", job->copy);
	csv_ns(out, job->release_ns, ',');
	csv_ns(out, job->start_ns, ',');
	csv_ns(out, job->end_ns, ',');
	csv_ns(out, job->deadline_ns, ',');
	csv_text(out, job_outcome_name(job->outcome), '\n');
}

static void write_build(GString *out, const struct build *build,
			const char *label, bool runs)
{
	const GArray *jobs = build->total->jobs;

	for (unsigned int i = 0; jobs && i < jobs->len; i++) {
		const struct job_record *job;

		job = &g_array_index(jobs, struct job_record, i);
		if (label)
			csv_text(out, label, ',');
		if (runs)
			g_string_append_printf(out, "%" G_GUINT64_FORMAT ",",
					       job->run);
		write_job(out, job, build->total);
	}
}

static void write_jobs(const struct report *report, GString *out)
{
	bool runs = report_build(report, 0)->nr_runs > 1;

	if (report->compared)
		g_string_append(out, "build,");
	if (runs)
		g_string_append(out, "run,");
	g_string_append(out, "task,copy,release_ns,start_ns,end_ns,"
			     "deadline_ns,outcome\n");
	for (unsigned int i = 0; i < report->builds->len; i++) {
		const struct build *build = report_build(report, i);

		write_build(out, build, report->compared ? build->label : NULL,
			    runs);
	}
}

const struct report_format format_jobs = {
	.choice = { "jobs", "comma-separated: a row per job" },
	.needs_jobs = true,
	.write = write_jobs,
};
