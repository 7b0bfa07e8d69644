/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Builds side by side in text: per task a table with a row per compared fact,
 * a column per build and, for each but the first, its ratio to the first.
 *
 * With several runs a cell is the mean over them and half of its 95 %
 * interval, and where the interval of the paired difference includes 0 the
 * ratio gives way to the words "no difference seen".  The sentence below each
 * table speaks of all runs together: sums of dropouts and the worst of all.
 */
#include <config.h>

#include <math.h>

#include "preemptsim/base/time.h"
#include "preemptsim/report/compare.h"
#include "table-private.h"
#include "text-private.h"

/* A mean over runs in its unit; a count of several runs has a fraction. */
static char *number_text(enum unit unit, double x, bool whole)
{
	struct value value = { .unit = unit, .known = true };
	char buf[VALUE_TEXT_MAX];

	if (unit == UNIT_COUNT && !whole)
		return g_strdup(g_ascii_formatd(buf, sizeof(buf), "%.1f", x));
	if (unit == UNIT_SHARE)
		value.share = x;
	else
		value.n = llround(x);
	return g_strdup(value_format(buf, sizeof(buf), &value));
}

char *text_estimate(enum unit unit, const struct estimate *e)
{
	g_autofree char *mean = NULL, *half = NULL;

	if (!e->known)
		return g_strdup("-");
	mean = number_text(unit, e->mean, !e->has_interval);
	if (!e->has_interval)
		return g_steal_pointer(&mean);
	half = number_text(unit, e->half, false);
	return g_strdup_printf("%s +- %s", mean, half);
}

static char *ratio_text(const struct difference *d)
{
	char buf[G_ASCII_DTOSTR_BUF_SIZE];

	if (estimate_is_zero(&d->difference))
		return g_strdup("no difference seen");
	if (!d->ratio.known)
		return g_strdup("-");
	if (d->value.known && fabs(d->value.mean) <= 0)
		return g_strdup("0");
	if (d->ratio.mean >= 1000)
		return g_strdup_printf("%" G_GINT64_FORMAT,
				       (int64_t)llround(d->ratio.mean));
	return g_strdup(
		g_ascii_formatd(buf, sizeof(buf), "%#.3g", d->ratio.mean));
}

/* Is the fact the @k-th known for @task in any build? */
static bool row_is_known(const struct report *report, unsigned int task,
			 unsigned int k)
{
	for (unsigned int b = 0; b < report->builds->len; b++) {
		const struct build *build = report_build(report, b);

		if (compare_estimate(build, task, k).known)
			return true;
	}
	return false;
}

static void add_row(struct table *table, const struct report *report,
		    unsigned int task, unsigned int k)
{
	const struct build *base = report_build(report, 0);
	const struct fact *fact = compared_fact(k);
	g_autofree char *label = fact_label(fact);

	table_cell(table, STYLE_PLAIN, "%s", label);
	for (unsigned int b = 0; b < report->builds->len; b++) {
		const struct build *build = report_build(report, b);
		struct difference d = compare_builds(base, build, task, k);
		g_autofree char *value = text_estimate(fact->unit, &d.value);
		bool bad =
			g_str_equal(fact->path, "dropouts") && d.value.mean > 0;

		table_cell(table, bad ? STYLE_BAD : STYLE_PLAIN, "%s", value);
		if (b) {
			g_autofree char *ratio = ratio_text(&d);

			table_cell(table, STYLE_DIM, "%s", ratio);
		}
	}
}

static void print_table(const struct report *report, unsigned int task,
			GString *out)
{
	const struct build *base = report_build(report, 0);
	const struct task_results *of = base->total->tasks->pdata[task];
	struct table *table = table_new();

	table_left(table, of->name);
	for (unsigned int b = 0; b < report->builds->len; b++) {
		table_right(table, report_build(report, b)->label);
		if (b)
			table_right(table, "ratio");
	}
	for (unsigned int k = 0; k < nr_compared(); k++) {
		bool jobs = g_str_equal(compared_fact(k)->path, "dropouts");

		if ((!jobs || of->has_jobs) && row_is_known(report, task, k))
			add_row(table, report, task, k);
	}
	g_string_append_c(out, '\n');
	table_print(table, out, report->color);
}

static const struct task_results *task_of(const struct report *report,
					  unsigned int build, unsigned int task)
{
	return report_build(report, build)->total->tasks->pdata[task];
}

/* "1234 dropouts under none, 0 under full" */
static void append_dropouts(const struct report *report, unsigned int task,
			    GString *out)
{
	for (unsigned int b = 0; b < report->builds->len; b++) {
		uint64_t n = task_dropouts(task_of(report, b, task));

		g_string_append_printf(out, "%s%" G_GUINT64_FORMAT,
				       b ? ", " : "", n);
		if (!b)
			g_string_append(out, n == 1 ? " dropout" : " dropouts");
		g_string_append_printf(out, " under %s",
				       report_build(report, b)->short_label);
	}
	g_string_append(out, "; ");
}

/* What the worst latency does not show: ", with 3 never answered (the oldest
 * for 9.9 s)". */
static void append_unanswered(const struct task_results *task, GString *out)
{
	char text[TIME_TEXT_MAX];

	if (!task->unanswered)
		return;
	g_string_append_printf(
		out,
		" with %" G_GUINT64_FORMAT
		" never answered (the oldest for %s)",
		task->unanswered,
		time_format_ns(text, sizeof(text), task->oldest_wait_ns));
}

/* "worst wakeup latency 9.3 ms under none, 42 us under full" */
static void append_latencies(const struct report *report, unsigned int task,
			     GString *out)
{
	g_string_append(out, "worst wakeup latency ");
	for (unsigned int b = 0; b < report->builds->len; b++) {
		const struct build *build = report_build(report, b);
		struct value max;
		char text[VALUE_TEXT_MAX];

		max = fact_value(&task_facts, "wakeup_latency.max",
				 task_of(report, b, task), build->total);
		g_string_append_printf(
			out, "%s%s under %s", b ? ", " : "",
			max.known ? value_format(text, sizeof(text), &max) :
				    "unknown",
			build->short_label);
		append_unanswered(task_of(report, b, task), out);
	}
	g_string_append(out, ".\n");
}

static bool was_woken(const struct report *report, unsigned int task)
{
	for (unsigned int b = 0; b < report->builds->len; b++)
		if (hist_count(task_of(report, b, task)->wakeup_latency))
			return true;
	return false;
}

static void print_conclusion(const struct report *report, unsigned int task,
			     GString *out)
{
	const struct task_results *of = task_of(report, 0, task);

	if (!of->has_jobs && !was_woken(report, task))
		return;
	g_string_append_printf(out, "  %s: ", of->name);
	if (of->has_jobs)
		append_dropouts(report, task, out);
	append_latencies(report, task, out);
}

void text_compare(const struct report *report, GString *out)
{
	const GPtrArray *tasks = report_build(report, 0)->total->tasks;

	for (unsigned int t = 0; t < tasks->len; t++) {
		print_table(report, t, out);
		print_conclusion(report, t, out);
	}
}
