/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What delayed each task, in text: its largest causes, and in a comparison
 * those of all builds side by side.
 */
#include <config.h>

#include <string.h>

#include "preemptsim/base/time.h"
#include "preemptsim/measure/blame.h"
#include "table-private.h"
#include "text-private.h"

/* Causes of a task that are shown; the others together. */
#define CAUSES_MAX 10u

static const struct task_results *task_of(const struct report *report,
					  unsigned int build, unsigned int task)
{
	return report_build(report, build)->total->tasks->pdata[task];
}

static const struct blame *part_at(const GArray *blame, unsigned int i)
{
	return &g_array_index(blame, struct blame, i);
}

static int64_t sum_from(const GArray *blame, unsigned int first)
{
	int64_t sum = 0;

	for (unsigned int i = first; i < blame->len; i++)
		sum += part_at(blame, i)->ns;
	return sum;
}

static void add_time(struct table *table, int64_t ns, int64_t whole)
{
	char took[TIME_TEXT_MAX], percent[TEXT_PERCENT_MAX];

	table_cell(table, STYLE_PLAIN, "%s",
		   time_format_ns(took, sizeof(took), ns));
	table_cell(table, STYLE_PLAIN, "%s", text_percent(percent, ns, whole));
}

void text_blame_columns(struct table *table)
{
	table_right(table, "  time");
	table_right(table, "share");
	table_left(table, "cause");
	table_left(table, "by");
}

void text_blame_row(struct table *table, const struct blame *part,
		    int64_t whole)
{
	g_autofree char *cause = text_spaced(part->cause);

	add_time(table, part->ns, whole);
	table_cell(table, STYLE_PLAIN, "%s", cause);
	table_cell(table, STYLE_PLAIN, "%s", part->by ? part->by : "");
}

/* "3 wakeup latencies of 100 us and more" */
static char *over_text(const struct task_results *task)
{
	g_autofree char *all = NULL;
	char over[TIME_TEXT_MAX];

	if (task->blamed < task->over)
		all = g_strdup_printf(" of its %" G_GUINT64_FORMAT, task->over);
	return g_strdup_printf(
		"%" G_GUINT64_FORMAT "%s wakeup latenc%s of %s and more",
		task->blamed, all ? all : "", task->over == 1 ? "y" : "ies",
		time_format_ns(over, sizeof(over), task->blamed_over_ns));
}

/* "xruns" if nothing else was missed, "dropouts" if there were others; one of
 * them without its s. */
static char *cases_noun(const struct task_results *task)
{
	static const char *const missed[] = {
#define STREAM_KIND(id, missed, taken, idle, text) #missed,
#include "preemptsim/workload/stream-kind-list.h"
#undef STREAM_KIND
	};
	uint64_t n = task_cases(task);
	char *noun = NULL;

	for (unsigned int i = 0; !noun && i < NR_STREAM_KINDS; i++)
		if (task->missed[i] == n)
			noun = text_spaced(missed[i]);
	if (!noun)
		noun = g_strdup("dropouts");
	if (n == 1)
		noun[strlen(noun) - 1] = '\0';
	return noun;
}

/* "3 dropouts", "3 of its 20 dropouts": what was looked at. */
static char *cases_text(const struct task_results *task)
{
	g_autofree char *noun = cases_noun(task);
	uint64_t dropouts = task_cases(task);

	if (!task->blamed_dropouts)
		return g_strdup_printf("%" G_GUINT64_FORMAT
				       " of the worst cases",
				       task->blamed);
	if (task->blamed_over_ns)
		return over_text(task);
	if (task->blamed < dropouts)
		return g_strdup_printf("%" G_GUINT64_FORMAT
				       " of its %" G_GUINT64_FORMAT " %s",
				       task->blamed, dropouts, noun);
	return g_strdup_printf("%" G_GUINT64_FORMAT " %s", task->blamed, noun);
}

/* "what delayed player, over 3 dropouts: 17 ms" */
static void print_title(const struct report *report,
			const struct task_results *task, GString *out)
{
	g_autofree char *cases = cases_text(task), *title = NULL;
	char whole[TIME_TEXT_MAX];

	title = g_strdup_printf(
		"what delayed %s, over %s: %s", task->name, cases,
		time_format_ns(whole, sizeof(whole), sum_from(task->blame, 0)));
	text_title(report, out, title);
}

static void print_causes(const struct report *report,
			 const struct task_results *task, GString *out)
{
	int64_t whole = sum_from(task->blame, 0);
	unsigned int shown = report->verbose ?
				     task->blame->len :
				     MIN(task->blame->len, CAUSES_MAX);
	struct table *table = table_new();

	text_blame_columns(table);
	for (unsigned int i = 0; i < shown; i++)
		text_blame_row(table, part_at(task->blame, i), whole);
	if (shown < task->blame->len) {
		add_time(table, sum_from(task->blame, shown), whole);
		table_cell(table, STYLE_DIM, "%u more",
			   task->blame->len - shown);
		table_row_done(table);
	}
	table_print(table, out, report->color);
}

static bool any_over(const GPtrArray *tasks)
{
	for (unsigned int i = 0; i < tasks->len; i++) {
		const struct task_results *task = tasks->pdata[i];

		if (task->over)
			return true;
	}
	return false;
}

/* What was asked for did not come up. */
static void print_none_over(const struct results *results, GString *out)
{
	char over[TIME_TEXT_MAX];

	if (!results->blame_over_ns || any_over(results->tasks))
		return;
	g_string_append_printf(
		out, "\nno task had a wakeup latency of %s or more.\n",
		time_format_ns(over, sizeof(over), results->blame_over_ns));
}

void text_blame(const struct report *report, const struct build *build,
		GString *out)
{
	const GPtrArray *tasks = build->total->tasks;

	print_none_over(build->total, out);
	for (unsigned int i = 0; i < tasks->len; i++) {
		const struct task_results *task = tasks->pdata[i];

		if (!task->blame->len)
			continue;
		print_title(report, task, out);
		print_causes(report, task, out);
	}
}

/*
 * Builds side by side
 */

static int64_t ns_of(const GArray *blame, const char *cause)
{
	int64_t sum = 0;

	for (unsigned int i = 0; i < blame->len; i++)
		if (g_str_equal(part_at(blame, i)->cause, cause))
			sum += part_at(blame, i)->ns;
	return sum;
}

static bool any_of(const struct report *report, unsigned int task,
		   const char *cause)
{
	for (unsigned int b = 0; b < report->builds->len; b++)
		if (ns_of(task_of(report, b, task)->blame, cause))
			return true;
	return false;
}

/* If not all cases were looked at: "~2.1 ms", what it would be of all of them,
 * since builds differ in how many these are. */
static void add_estimate(struct table *table, const struct task_results *task,
			 int64_t ns)
{
	__extension__ typedef __int128 wide_t;
	uint64_t all = task_cases(task);
	char took[TIME_TEXT_MAX];

	if (!ns) {
		table_cell(table, STYLE_PLAIN, "-");
		return;
	}
	if (task->blamed < all)
		ns = (int64_t)((wide_t)ns * all / task->blamed);
	table_cell(table, STYLE_PLAIN, "%s%s", task->blamed < all ? "~" : "",
		   time_format_ns(took, sizeof(took), ns));
}

static void add_cause(struct table *table, const struct report *report,
		      unsigned int task, const char *cause)
{
	g_autofree char *text = text_spaced(cause);

	table_cell(table, STYLE_PLAIN, "%s", text);
	for (unsigned int b = 0; b < report->builds->len; b++) {
		const struct task_results *results = task_of(report, b, task);

		add_estimate(table, results, ns_of(results->blame, cause));
	}
}

/* "33 of 102": how many cases were looked at. */
static void add_looked_at(struct table *table, const struct report *report,
			  unsigned int task)
{
	table_cell(table, STYLE_DIM, "looked at");
	for (unsigned int b = 0; b < report->builds->len; b++) {
		const struct task_results *results = task_of(report, b, task);

		table_cell(table, STYLE_DIM,
			   "%" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT,
			   results->blamed, task_cases(results));
	}
}

static bool is_sample(const struct report *report, unsigned int task)
{
	for (unsigned int b = 0; b < report->builds->len; b++) {
		const struct task_results *results = task_of(report, b, task);

		if (results->blamed < task_cases(results))
			return true;
	}
	return false;
}

static bool any_blame(const struct report *report, unsigned int task)
{
	for (unsigned int b = 0; b < report->builds->len; b++)
		if (task_of(report, b, task)->blame->len)
			return true;
	return false;
}

void text_compare_blame(const struct report *report, unsigned int task,
			GString *out)
{
	const struct choice *cause;
	struct table *table;

	if (!any_blame(report, task))
		return;
	table = table_new();
	table_left(table, "delayed by");
	for (unsigned int b = 0; b < report->builds->len; b++) {
		table_unit(table);
		table_right(table, report_build(report, b)->label);
	}
	for (unsigned int i = 0; (cause = blame_cause_choice(i)); i++)
		if (any_of(report, task, cause->name))
			add_cause(table, report, task, cause->name);
	if (is_sample(report, task))
		add_looked_at(table, report, task);
	g_string_append_c(out, '\n');
	table_print_within(table, out, report->color, report->width);
}
