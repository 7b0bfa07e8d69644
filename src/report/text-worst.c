/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The worst cases in text: in short, a line each with the largest part of the
 * blame; explained, with all parts, which add up to the time they explain.
 */
#include <config.h>

#include "preemptsim/base/time.h"
#include "preemptsim/report/fact.h"
#include "table-private.h"
#include "text-private.h"

static const char *time_text(char *buf, int64_t ns)
{
	return time_format_ns(buf, TIME_TEXT_MAX, ns);
}

/* A name of a program for people: underscores are spaces. */
static char *spaced(const char *name)
{
	return g_strdelimit(g_strdup(name), "_", ' ');
}

static const struct blame *largest(const GArray *blame)
{
	const struct blame *most = NULL;

	for (unsigned int i = 0; blame && i < blame->len; i++) {
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
	g_autofree char *kind = spaced(latency_kind_name(worst->kind));
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
		g_autofree char *cause = spaced(most->cause);

		table_cell(table, STYLE_PLAIN, "%s  %s%s%s",
			   time_text(of, most->ns), cause, most->by ? ": " : "",
			   most->by ? most->by : "");
	}
	table_row_done(table);
}

static void print_blame(const struct report *report, const GArray *blame,
			GString *out)
{
	struct table *table = table_new();

	table_right(table, "  time");
	table_left(table, "cause");
	table_left(table, "by");
	for (unsigned int i = 0; i < blame->len; i++) {
		const struct blame *part;
		g_autofree char *cause = NULL;
		char took[TIME_TEXT_MAX];

		part = &g_array_index(blame, struct blame, i);
		cause = spaced(part->cause);
		table_cell(table, STYLE_PLAIN, "%s", time_text(took, part->ns));
		table_cell(table, STYLE_PLAIN, "%s", cause);
		table_cell(table, STYLE_PLAIN, "%s", part->by ? part->by : "");
	}
	table_print(table, out, report->color);
}

static void print_explained(const struct report *report,
			    const struct worst_case *worst, bool runs,
			    GString *out)
{
	g_autofree char *kind = spaced(latency_kind_name(worst->kind));
	char took[TIME_TEXT_MAX], at[TIME_TEXT_MAX];

	text_instant(at, sizeof(at), worst->at_ns);
	g_string_append_printf(out, "\n%s: %s of %s, from an event at %s",
			       worst->task, kind,
			       time_text(took, worst->latency_ns), at);
	if (runs)
		g_string_append_printf(out, " of run %" G_GUINT64_FORMAT,
				       worst->run);
	g_string_append_c(out, '\n');
	if (worst->blame && worst->blame->len)
		print_blame(report, worst->blame, out);
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
}
