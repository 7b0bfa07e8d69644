/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Builds side by side in text: per task a table with a row per compared fact,
 * a column per build and, for each but the first, its ratio to the first.  What
 * does not fit beside the others goes below them.
 *
 * With several runs a cell is the mean over them, the difference and the ratio
 * have half of their 95 % interval behind them, and where the interval of the
 * difference includes 0 the ratio gives way to the words "no difference seen".
 * The sentence below each table speaks of all runs together: sums of dropouts
 * and the worst of all.  The last table is of all CPUs: what it cost.
 */
#include <config.h>

#include <math.h>
#include <string.h>

#include "preemptsim/base/time.h"
#include "preemptsim/report/compare.h"
#include "preemptsim/report/rate.h"
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

/* " (5 of 6)": over so many of the runs only. */
static char *runs_text(const struct estimate *e)
{
	return e->runs < e->of ?
		       g_strdup_printf(" (%u of %u)", e->runs, e->of) :
		       g_strdup("");
}

/* A count is whole if it is that of the only run. */
static char *mean_text(enum unit unit, const struct estimate *e)
{
	g_autofree char *mean = number_text(unit, e->mean, e->of == 1);
	g_autofree char *runs = runs_text(e);

	return g_strconcat(mean, runs, NULL);
}

char *text_estimate(enum unit unit, const struct estimate *e)
{
	g_autofree char *mean = NULL, *half = NULL, *runs = NULL;

	if (!e->known)
		return g_strdup("-");
	if (!e->has_interval)
		return mean_text(unit, e);
	mean = number_text(unit, e->mean, false);
	half = number_text(unit, e->half, false);
	runs = runs_text(e);
	return g_strdup_printf("%s +- %s%s", mean, half, runs);
}

/* A ratio, or half of its interval; one of three digits and more is whole. */
static char *ratio_number(const char *format, double x)
{
	char buf[G_ASCII_DTOSTR_BUF_SIZE];

	if (fabs(x) >= 99.5)
		return g_strdup_printf("%" G_GINT64_FORMAT,
				       (int64_t)llround(x));
	return g_strdup(g_ascii_formatd(buf, sizeof(buf), format, x));
}

char *text_ratio(const struct estimate *ratio)
{
	g_autofree char *mean = ratio_number("%#.3g", ratio->mean);
	g_autofree char *half = NULL;

	if (!ratio->has_interval)
		return g_steal_pointer(&mean);
	half = ratio_number("%.2g", ratio->half);
	return g_strdup_printf("%s +- %s", mean, half);
}

static char *ratio_text(const struct difference *d)
{
	if (estimate_is_zero(&d->difference))
		return g_strdup("no difference seen");
	if (!d->ratio.known)
		return g_strdup("-");
	if (d->value.known && fabs(d->value.mean) <= 0)
		return g_strdup("0");
	return text_ratio(&d->ratio);
}

/* Who feeds a stream and has no deadline is late for the stream alone. */
static bool drops_out(const struct task_results *task)
{
	return task->has_jobs && (!task->streams || task->deadline_ns >= 0 ||
				  task_dropouts(task));
}

/* Was there no dropout in several runs?  Student's t has no interval then. */
static bool saw_none(const struct build *build, unsigned int subject,
		     unsigned int k)
{
	const struct task_results *task;

	if (build->nr_runs < 2 || !subject_is_task(build, subject) ||
	    !g_str_equal(compared_fact(build, subject, k)->path,
			 "dropout_rate"))
		return false;
	task = build->total->tasks->pdata[subject];
	return drops_out(task) && task->jobs && !task_dropouts(task);
}

/* "0.00 % (< 0.0050 %)" */
static char *none_text(const struct build *build, unsigned int subject)
{
	const struct task_results *task = build->total->tasks->pdata[subject];
	char high[TEXT_RATE_MAX];

	return g_strdup_printf("0.00 %% (< %s)",
			       text_rate(high, rate_high(0, task->jobs)));
}

/* The column of a build; too few samples are not the same as none. */
static char *value_text(const struct build *build, unsigned int subject,
			unsigned int k, bool interval)
{
	enum unit unit = compared_fact(build, subject, k)->unit;
	struct estimate e = compare_estimate(build, subject, k);

	if (!e.known && compare_too_few(build, subject, k))
		return g_strdup("too few");
	if (saw_none(build, subject, k))
		return none_text(build, subject);
	if (e.known && !interval)
		return mean_text(unit, &e);
	return text_estimate(unit, &e);
}

/* Is the fact the @k-th known for @subject in any build? */
static bool row_is_known(const struct report *report, unsigned int subject,
			 unsigned int k)
{
	for (unsigned int b = 0; b < report->builds->len; b++) {
		const struct build *build = report_build(report, b);

		if (compare_estimate(build, subject, k).known ||
		    compare_too_few(build, subject, k))
			return true;
	}
	return false;
}

static bool has_runs(const struct report *report)
{
	return report_build(report, 0)->nr_runs > 1;
}

/* The difference from the first build, if there is an interval, and the
 * ratio to it. */
static void add_difference(struct table *table, const struct report *report,
			   unsigned int b, unsigned int subject, unsigned int k)
{
	const struct build *base = report_build(report, 0);
	const struct build *build = report_build(report, b);
	struct difference d = compare_builds(base, build, subject, k);
	g_autofree char *ratio = ratio_text(&d);

	if (has_runs(report)) {
		enum unit unit = compared_fact(base, subject, k)->unit;
		g_autofree char *text = text_estimate(unit, &d.difference);

		table_cell(table, STYLE_PLAIN, "%s", text);
	}
	table_cell(table, STYLE_DIM, "%s", ratio);
}

static void add_row(struct table *table, const struct report *report,
		    unsigned int subject, unsigned int k)
{
	const struct fact *fact =
		compared_fact(report_build(report, 0), subject, k);
	g_autofree char *label = fact_label(fact);

	table_cell(table, STYLE_PLAIN, "%s", label);
	for (unsigned int b = 0; b < report->builds->len; b++) {
		const struct build *build = report_build(report, b);
		g_autofree char *value = value_text(build, subject, k, !b);
		bool bad = g_str_equal(fact->path, "dropouts") &&
			   compare_estimate(build, subject, k).mean > 0;

		table_cell(table, bad ? STYLE_BAD : STYLE_PLAIN, "%s", value);
		if (b)
			add_difference(table, report, b, subject, k);
	}
}

static const struct task_results *task_of(const struct report *report,
					  unsigned int build, unsigned int task)
{
	return report_build(report, build)->total->tasks->pdata[task];
}

static bool any_drops_out(const struct report *report, unsigned int task)
{
	for (unsigned int b = 0; b < report->builds->len; b++)
		if (drops_out(task_of(report, b, task)))
			return true;
	return false;
}

/* Does a row say something?  Of a task that can't drop out, dropouts don't. */
static bool row_is_shown(const struct report *report, unsigned int subject,
			 unsigned int k)
{
	const struct build *base = report_build(report, 0);

	if (!row_is_known(report, subject, k))
		return false;
	return !subject_is_task(base, subject) ||
	       !g_str_has_prefix(compared_fact(base, subject, k)->path,
				 "dropout") ||
	       any_drops_out(report, subject);
}

static void print_table(const struct report *report, unsigned int subject,
			GString *out)
{
	const struct build *base = report_build(report, 0);
	const char *name = subject_name(base, subject);
	struct table *table = table_new();

	table_left(table, name ? name : "all CPUs");
	for (unsigned int b = 0; b < report->builds->len; b++) {
		table_unit(table);
		table_right(table, report_build(report, b)->label);
		if (b && has_runs(report))
			table_right(table, "difference");
		if (b)
			table_right(table, "ratio");
	}
	for (unsigned int k = 0; k < nr_compared(base, subject); k++)
		if (row_is_shown(report, subject, k))
			add_row(table, report, subject, k);
	g_string_append_c(out, '\n');
	table_print_within(table, out, report->color, report->width);
}

/* "1234 dropouts under none, 0 under full" */
static void append_counts(const struct report *report, unsigned int task,
			  const char *what, GString *out)
{
	for (unsigned int b = 0; b < report->builds->len; b++) {
		const struct build *build = report_build(report, b);
		struct value n =
			fact_value(&task_facts, what, task_of(report, b, task),
				   build->total);
		g_autofree char *words = text_spaced(what);

		g_string_append_printf(out, "%s%" G_GINT64_FORMAT,
				       b ? ", " : "", n.n);
		if (!b)
			g_string_append_printf(out, " %.*s",
					       (int)strlen(words) - (n.n == 1),
					       words);
		g_string_append_printf(out, " under %s", build->short_label);
	}
	g_string_append(out, "; ");
}

/* Of a task that keeps up with a stream, what it missed. */
static void append_dropouts(const struct report *report, unsigned int task,
			    GString *out)
{
	static const char *const missed[] = {
#define STREAM_KIND(id, missed, taken, idle, text) #missed,
#include "preemptsim/workload/stream-kind-list.h"
#undef STREAM_KIND
	};
	const struct task_results *of = task_of(report, 0, task);

	for (unsigned int i = 0; i < NR_STREAM_KINDS; i++)
		if (of->streams & 1u << i)
			append_counts(report, task, missed[i], out);
	if (of->has_jobs && (!of->streams || of->deadline_ns >= 0))
		append_counts(report, task, "dropouts", out);
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

	if (!of->has_jobs && !of->streams && !was_woken(report, task))
		return;
	g_string_append_printf(out, "  %s: ", of->name);
	append_dropouts(report, task, out);
	append_latencies(report, task, out);
}

/* "a +- b" in words; and that one run of each says nothing of chance. */
static void print_method(const struct report *report, GString *out)
{
	unsigned int runs = report_build(report, 0)->nr_runs;

	g_string_append_c(out, '\n');
	if (runs == 1)
		g_string_append(
			out,
			"One run of each: no interval can be given, and what "
			"looks like a difference\nmay be chance.  --runs 10 "
			"gives intervals.\n");
	else
		g_string_append_printf(
			out,
			"+- is half of a 95 %% interval by Student's t over %u "
			"runs, that of percentiles\nwith the width of their "
			"bins; differences and ratios are paired by run.\n",
			runs);
}

void text_some_runs(GString *out)
{
	g_string_append(out, "(1 of 2): over so many of the runs only; the "
			     "others have no sample.\n");
}

/* Is some of what is shown not of all runs? */
static bool some_runs_only(const struct report *report)
{
	const struct build *base = report_build(report, 0);

	for (unsigned int b = 0; b < report->builds->len; b++)
		for (unsigned int s = 0; s < nr_subjects(base); s++)
			for (unsigned int k = 0; k < nr_compared(base, s);
			     k++) {
				struct estimate e = compare_estimate(
					report_build(report, b), s, k);

				if (e.known && e.runs < e.of &&
				    row_is_shown(report, s, k))
					return true;
			}
	return false;
}

/* What "(< ...)" is, if there was one. */
static void print_rare(const struct report *report, GString *out)
{
	for (unsigned int b = 0; b < report->builds->len; b++) {
		const struct build *build = report_build(report, b);

		for (unsigned int t = 0; t < build->total->tasks->len; t++) {
			for (unsigned int k = 0; k < nr_compared(build, t); k++)
				if (saw_none(build, t, k)) {
					g_string_append(out, TEXT_RATE_NONE);
					return;
				}
		}
	}
}

void text_too_few(GString *out)
{
	g_string_append_printf(out,
			       "too few: a run has fewer than %d samples "
			       "beyond that percentile.\n",
			       BEYOND_MIN);
}

/* Why some percentiles are not there, if so. */
static void print_too_few(const struct report *report, GString *out)
{
	for (unsigned int b = 0; b < report->builds->len; b++) {
		const struct build *build = report_build(report, b);

		for (unsigned int s = 0; s < nr_subjects(build); s++)
			for (unsigned int k = 0; k < nr_compared(build, s); k++)
				if (compare_too_few(build, s, k)) {
					text_too_few(out);
					return;
				}
	}
}

void text_compare(const struct report *report, GString *out)
{
	const struct build *base = report_build(report, 0);

	for (unsigned int s = 0; s < nr_subjects(base); s++) {
		print_table(report, s, out);
		if (subject_is_task(base, s))
			print_conclusion(report, s, out);
		if (s < base->total->tasks->len)
			text_compare_blame(report, s, out);
	}
	print_method(report, out);
	if (some_runs_only(report))
		text_some_runs(out);
	print_rare(report, out);
	print_too_few(report, out);
}
