/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The worst cases in text: in short, a line each with the largest part of the
 * blame; explained, with all parts, which add up to the time they explain.
 */
#include <config.h>

#include <string.h>

#include "preemptsim/base/time.h"
#include "preemptsim/report/fact.h"
#include "preemptsim/report/timeline.h"
#include "table-private.h"
#include "text-private.h"

/* Spans of a timeline that are shown. */
#define SPANS_MAX 24u

static const char *time_text(char *buf, int64_t ns)
{
	return time_format_ns(buf, TIME_TEXT_MAX, ns);
}

char *text_spaced(const char *name)
{
	return g_strdelimit(g_strdup(name), "_", ' ');
}

/* Of integers alone, so that it is the same everywhere. */
const char *text_percent(char *buf, int64_t part, int64_t whole)
{
	__extension__ typedef __int128 wide_t;
	int64_t tenths = whole ? (int64_t)(((wide_t)part * 2000 + whole) /
					   ((wide_t)whole * 2)) :
				 0;

	g_snprintf(buf, TEXT_PERCENT_MAX, "%lld.%lld %%",
		   (long long)(tenths / 10), (long long)(tenths % 10));
	return buf;
}

const char *text_rate(char *buf, double rate)
{
	char digits[G_ASCII_DTOSTR_BUF_SIZE];

	g_ascii_formatd(digits, sizeof(digits), "%.2g", rate * 100);
	if (strchr(digits, 'e'))
		g_ascii_formatd(digits, sizeof(digits), "%.7f", rate * 100);
	g_snprintf(buf, TEXT_RATE_MAX, "%s %%", digits);
	return buf;
}

static const struct blame *largest(const GArray *blame)
{
	const struct blame *most = NULL;

	for (unsigned int i = 0; i < blame->len; i++) {
		const struct blame *part;

		part = &g_array_index(blame, struct blame, i);
		if (!most || part->ns > most->ns)
			most = part;
	}
	return most;
}

static void add_case(struct table *table, const struct worst_case *worst,
		     bool runs)
{
	const struct blame *most = largest(worst->blame);
	g_autofree char *kind = text_spaced(latency_kind_name(worst->kind));
	char took[TIME_TEXT_MAX], at[TIME_TEXT_MAX], of[TIME_TEXT_MAX];

	table_cell(table, STYLE_PLAIN, "%s", worst->task);
	table_cell(table, STYLE_PLAIN, "%s", kind);
	table_cell(table, STYLE_PLAIN, "%s",
		   time_text(took, worst->latency_ns));
	text_instant(at, sizeof(at), worst->at_ns);
	table_cell(table, STYLE_PLAIN, "%s", at);
	if (runs)
		table_cell(table, STYLE_PLAIN, "%" G_GUINT64_FORMAT,
			   worst->run);
	if (most) {
		g_autofree char *cause = text_spaced(most->cause);

		table_cell(table, STYLE_PLAIN, "%s  %s%s%s",
			   time_text(of, most->ns), cause, most->by ? ": " : "",
			   most->by ? most->by : "");
	}
	table_row_done(table);
}

static void print_parts(const struct report *report, const GArray *blame,
			int64_t whole, GString *out)
{
	struct table *table = table_new();
	char took[TIME_TEXT_MAX], percent[TEXT_PERCENT_MAX];

	text_blame_columns(table);
	for (unsigned int i = 0; i < blame->len; i++)
		text_blame_row(table, &g_array_index(blame, struct blame, i),
			       whole);
	table_cell(table, STYLE_HEAD, "%s", time_text(took, whole));
	table_cell(table, STYLE_HEAD, "%s",
		   text_percent(percent, whole, whole));
	table_row_done(table);
	table_print(table, out, report->color);
}

static void add_span(struct table *table, const struct blame_span *span)
{
	g_autofree char *cause = text_spaced(span->cause);
	char offset[TIME_TEXT_MAX], took[TIME_TEXT_MAX];

	table_cell(table, STYLE_PLAIN, "+%s",
		   time_text(offset, span->offset_ns));
	table_cell(table, STYLE_PLAIN, "%u", span->cpu);
	table_cell(table, STYLE_PLAIN, "%s", time_text(took, span->ns));
	table_cell(table, STYLE_PLAIN, "%s%s%s", cause, span->by ? ": " : "",
		   span->by ? span->by : "");
}

/* What came after what; the middle of a long story is left out. */
static void print_timeline(const struct report *report,
			   const struct worst_case *worst, GString *out)
{
	const GArray *timeline = worst->timeline;
	struct table *table = table_new();
	unsigned int left_out = 0;

	if (timeline->len > SPANS_MAX && !report->verbose)
		left_out = timeline->len - SPANS_MAX;
	table_right(table, "  after");
	table_right(table, "CPU");
	table_right(table, "for");
	table_left(table, "what");
	for (unsigned int i = 0; i < timeline->len; i++) {
		if (left_out && i == SPANS_MAX / 2) {
			table_cell(table, STYLE_DIM, "...");
			table_cell(table, STYLE_PLAIN, "%s", "");
			table_cell(table, STYLE_PLAIN, "%s", "");
			table_cell(table, STYLE_DIM, "%u more (-v shows them)",
				   left_out);
			i += left_out;
		}
		add_span(table, &g_array_index(timeline, struct blame_span, i));
	}
	table_print(table, out, report->color);
}

/* Does @worst wait for what @cpu does? */
static bool is_about(const struct worst_case *worst, unsigned int cpu)
{
	for (unsigned int i = 0; i < worst->timeline->len; i++)
		if (g_array_index(worst->timeline, struct blame_span, i).cpu ==
		    cpu)
			return true;
	return false;
}

/* What these CPUs did meanwhile, as letters. */
static void print_window(const struct worst_case *worst, GString *out)
{
	const struct timeline *window = worst->window;
	char column[TIME_TEXT_MAX];

	if (!window || window->full || window->from_ns >= window->to_ns)
		return;
	g_string_append_printf(
		out, "\na column is %s\n",
		time_text(column, worst->latency_ns / TIMELINE_COLUMNS));
	for (unsigned int i = 0; i < window->cpus->len; i++)
		if (is_about(worst, i))
			timeline_write_cpu(window, i, TIMELINE_COLUMNS, out);
}

static void print_explained(const struct report *report,
			    const struct worst_case *worst, bool runs,
			    GString *out)
{
	g_autofree char *kind = text_spaced(latency_kind_name(worst->kind));
	char took[TIME_TEXT_MAX], at[TIME_TEXT_MAX];

	text_instant(at, sizeof(at), worst->at_ns);
	g_string_append_printf(out, "\n%s: %s of %s, from an event at %s",
			       worst->task, kind,
			       time_text(took, worst->latency_ns), at);
	if (runs)
		g_string_append_printf(out, " of run %" G_GUINT64_FORMAT,
				       worst->run);
	g_string_append_c(out, '\n');
	if (!worst->blame->len)
		return;
	print_parts(report, worst->blame, worst->latency_ns, out);
	g_string_append_c(out, '\n');
	print_timeline(report, worst, out);
	print_window(worst, out);
}

/* The cases to be shown: the first nr_worst of each kind. */
static GPtrArray *choose(const struct report *report,
			 const struct results *results)
{
	GPtrArray *chosen = g_ptr_array_new();
	unsigned int seen[2] = { 0, 0 };

	for (unsigned int i = 0; i < results->worst->len; i++) {
		struct worst_case *worst = results->worst->pdata[i];

		if (seen[worst->kind]++ < report->nr_worst)
			g_ptr_array_add(chosen, worst);
	}
	return chosen;
}

/* Has any of @cases been put down to something? */
static bool any_blame(const GPtrArray *cases)
{
	for (unsigned int i = 0; i < cases->len; i++) {
		const struct worst_case *worst = cases->pdata[i];

		if (largest(worst->blame))
			return true;
	}
	return false;
}

static bool any_window(const GPtrArray *cases)
{
	for (unsigned int i = 0; i < cases->len; i++)
		if (((const struct worst_case *)cases->pdata[i])->window)
			return true;
	return false;
}

static void print_short(const struct report *report, const GPtrArray *cases,
			bool runs, GString *out)
{
	struct table *table = table_new();

	table_left(table, "worst cases");
	table_left(table, "");
	table_right(table, "took");
	table_right(table, "at");
	if (runs)
		table_right(table, "of run");
	if (any_blame(cases))
		table_left(table, "most of it");
	for (unsigned int i = 0; i < cases->len; i++)
		add_case(table, cases->pdata[i], runs);
	g_string_append_c(out, '\n');
	table_print(table, out, report->color);
}

void text_worst(const struct report *report, const struct build *build,
		GString *out)
{
	g_autoptr(GPtrArray) cases = choose(report, build->total);
	bool runs = build->nr_runs > 1;

	if (!cases->len)
		return;
	if (!report->explain) {
		print_short(report, cases, runs, out);
		return;
	}
	for (unsigned int i = 0; i < cases->len; i++)
		print_explained(report, cases->pdata[i], runs, out);
	if (any_window(cases))
		timeline_write_legend(out);
}
