/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Comma-separated values in the long ("tidy") form: a row is one measure of
 * one object.  Every fact but histograms is there, and a new one adds rows,
 * never columns, so that scripts written for today's columns stay valid.
 *
 *     section,name,measure,unit,value
 *     tasks,player,wakeup_latency.p99,ns,4200
 *     blame,player,preempt_off: writer in write(): spin_lock inode,ns,300000
 *
 * A comparison has a column `build` in front, and rows of the section
 * `differences' behind all others: a build against the first one, paired by
 * run, with the ends of the 95 % interval as measures of their own:
 *
 *     build,section,name,measure,unit,value
 *     preempt=full,differences,player,dropouts.difference,count,-11.1
 *     preempt=full,differences,player,dropouts.difference_low,count,-14
 *
 * A value that is unknown is an empty cell.
 */
#include <config.h>

#include <math.h>

#include "csv-private.h"
#include "formats-private.h"
#include "grid-private.h"
#include "preemptsim/report/compare.h"

/* What stands in front of each row. */
struct prefix {
	const char *build; /* NULL: no such column */
	const char *section, *name;
};

static void write_facts(GString *out, const struct prefix *prefix,
			const struct fact *facts, const void *object,
			const struct results *results)
{
	for (; facts->path; facts++) {
		struct value value = fact_get(facts, object, results);

		if (value.none || value.unit == UNIT_BINS)
			continue;
		if (prefix->build)
			csv_text(out, prefix->build, ',');
		csv_text(out, prefix->section, ',');
		csv_text(out, prefix->name, ',');
		csv_text(out, facts->path, ',');
		csv_text(out, unit_name(facts->unit), ',');
		csv_value(out, &value, '\n');
	}
}

/* A row for each kind of warning that there was. */
static void write_warnings(GString *out, struct prefix prefix,
			   const struct results *results)
{
	prefix.section = "warnings";
	for (const struct fact *fact = warning_facts; fact->path; fact++) {
		struct fact one[2] = { *fact, { .path = NULL } };

		if (fact_get(fact, results, results).n)
			write_facts(out, &prefix, one, results, results);
	}
}

static void write_cases(GString *out, const struct prefix *prefix,
			const struct task_results *task, const char *statistic,
			uint64_t n)
{
	if (prefix->build)
		csv_text(out, prefix->build, ',');
	csv_text(out, "blame", ',');
	csv_text(out, task->name, ',');
	g_string_append_printf(out, "cases,%s,%" G_GUINT64_FORMAT "\n",
			       statistic, n);
}

/* What delayed a task, a row for each cause and culprit, behind how many cases
 * were looked at, of how many. */
static void write_blame(GString *out, const struct prefix *prefix,
			const struct task_results *task)
{
	if (task->blame->len) {
		write_cases(out, prefix, task, "count", task->blamed);
		write_cases(out, prefix, task, "of", task_cases(task));
	}
	for (unsigned int i = 0; i < task->blame->len; i++) {
		const struct blame *part =
			&g_array_index(task->blame, struct blame, i);
		g_autofree char *measure = g_strdup_printf(
			"%s%s%s", part->cause, part->by ? ": " : "",
			part->by ? part->by : "");

		if (prefix->build)
			csv_text(out, prefix->build, ',');
		csv_text(out, "blame", ',');
		csv_text(out, task->name, ',');
		csv_text(out, measure, ',');
		g_string_append_printf(out, "ns,%" G_GINT64_FORMAT "\n",
				       part->ns);
	}
}

/* The copies of a task are rows of tasks called NAME/N. */
static void write_copies(GString *out, struct prefix prefix,
			 const struct task_results *task,
			 const struct results *results)
{
	for (unsigned int k = 0; task->copies && k < task->copies->len; k++) {
		const struct task_results *copy = task->copies->pdata[k];

		prefix.name = copy->name;
		write_facts(out, &prefix, task_facts.facts, copy, results);
	}
}

static void write_table(GString *out, struct prefix prefix,
			const struct fact_table *table,
			const struct results *results)
{
	const GPtrArray *objects = fact_objects(table, results);

	prefix.section = table->key;
	for (unsigned int i = 0; i < objects->len; i++) {
		g_autofree char *name = fact_object_name(table, results, i);

		prefix.name = name;
		write_facts(out, &prefix, table->facts, objects->pdata[i],
			    results);
		if (table == &task_facts)
			write_copies(out, prefix, objects->pdata[i], results);
	}
}

static void write_build(GString *out, const struct build *build,
			const char *label)
{
	struct prefix prefix = { .build = label, .section = "run", .name = "" };
	const struct fact_table *table;

	write_facts(out, &prefix, run_facts, build->total, build->total);
	write_warnings(out, prefix, build->total);
	for (unsigned int i = 0; (table = fact_table(i)); i++)
		write_table(out, prefix, table, build->total);
	for (unsigned int i = 0; i < build->total->tasks->len; i++)
		write_blame(out, &prefix, build->total->tasks->pdata[i]);
}

/* The cell of @x, or of nothing. */
static void write_number(GString *out, const struct prefix *prefix,
			 const char *measure, const char *part, enum unit unit,
			 double x)
{
	g_autofree char *name = g_strconcat(measure, ".", part, NULL);
	char digits[G_ASCII_DTOSTR_BUF_SIZE] = "";

	csv_text(out, prefix->build, ',');
	csv_text(out, prefix->section, ',');
	csv_text(out, prefix->name, ',');
	csv_text(out, name, ',');
	csv_text(out, unit_name(unit), ',');
	if (isfinite(x))
		g_ascii_formatd(digits, sizeof(digits), "%.9g", x);
	csv_text(out, digits, '\n');
}

static void write_estimate(GString *out, const struct prefix *prefix,
			   const char *measure, const char *what,
			   enum unit unit, const struct estimate *e)
{
	g_autofree char *low = g_strconcat(what, "_low", NULL);
	g_autofree char *high = g_strconcat(what, "_high", NULL);
	double half = e->has_interval ? e->half : NAN;

	write_number(out, prefix, measure, what, unit,
		     e->known ? e->mean : NAN);
	write_number(out, prefix, measure, low, unit,
		     e->known ? e->mean - half : NAN);
	write_number(out, prefix, measure, high, unit,
		     e->known ? e->mean + half : NAN);
}

/* All facts of one subject in one build against the first. */
static void write_differences(GString *out, const struct report *report,
			      unsigned int b, unsigned int s)
{
	const struct build *base = report_build(report, 0);
	const struct build *build = report_build(report, b);
	struct prefix prefix = { build->label, "differences", "" };
	const char *name = subject_name(base, s);
	g_autofree char *chain = NULL;

	if (name && !subject_is_task(base, s))
		name = chain = g_strconcat(chain_facts.key, ".", name, NULL);
	if (name)
		prefix.name = name;
	for (unsigned int k = 0; k < nr_compared(base, s); k++) {
		const struct fact *fact = compared_fact(base, s, k);
		struct difference d = compare_builds(base, build, s, k);

		write_number(out, &prefix, fact->path, "paired_runs",
			     UNIT_COUNT, d.difference.runs);
		write_estimate(out, &prefix, fact->path, "difference",
			       fact->unit, &d.difference);
		write_estimate(out, &prefix, fact->path, "ratio", UNIT_SHARE,
			       &d.ratio);
	}
}

static void write_csv(const struct report *report, GString *out)
{
	if (report->compared)
		g_string_append(out, "build,");
	g_string_append(out, "section,name,measure,unit,value\n");
	for (unsigned int i = 0; i < report->builds->len; i++) {
		const struct build *build = report_build(report, i);

		write_build(out, build, report->compared ? build->label : NULL);
	}
	for (unsigned int b = 1; report->compared && b < report->builds->len;
	     b++)
		for (unsigned int s = 0;
		     s < nr_subjects(report_build(report, 0)); s++)
			write_differences(out, report, b, s);
}

const struct report_format format_csv = {
	.choice = { "csv", "comma-separated: a row per object and measure" },
	.blame = SHOWS_DROPOUTS,
	.write = write_csv,
	.write_grid = grid_write_csv,
};
