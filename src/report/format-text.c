/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The report for people: what was simulated, tables, worst cases, warnings,
 * and which expectations held.  Colour, if wanted, only marks; nothing is said
 * by colour alone.
 */
#include <config.h>

#include <string.h>

#include "formats-private.h"
#include "grid-private.h"
#include "preemptsim/base/time.h"
#include "preemptsim/kernel/preempt.h"
#include "preemptsim/kernel/sched.h"
#include "preemptsim/report/diff.h"
#include "table-private.h"
#include "text-private.h"

/* So many warnings are told unless all are wanted. */
#define WARNINGS_MAX 10

#define NS_PER_S 1000000000

void text_title(const struct report *report, GString *out, const char *title)
{
	g_string_append_c(out, '\n');
	style_text(out, STYLE_HEAD, report->color, title);
	g_string_append_c(out, '\n');
}

const char *text_instant(char *buf, size_t n, int64_t ns)
{
	g_snprintf(buf, n, "%" G_GINT64_FORMAT ".%09d s", ns / NS_PER_S,
		   (int)(ns % NS_PER_S));
	return buf;
}

/* A clock as people write it: "3 GHz", "800 MHz". */
static void append_clock(GString *out, uint64_t hz)
{
	bool giga = hz >= 1000000000;
	char digits[G_ASCII_DTOSTR_BUF_SIZE];

	g_ascii_formatd(digits, sizeof(digits), "%.6g",
			(double)hz / (giga ? 1e9 : 1e6));
	g_string_append_printf(out, "%s %s", digits, giga ? "GHz" : "MHz");
}

/* "preempt=none, eevdf, 250 Hz, 2 CPUs at 3 GHz" */
static char *kernel_text(const struct scenario *scenario)
{
	const struct kernel_conf *kernel = &scenario->kernel;
	int64_t cpus = scenario->machine.cpus;
	GString *text = g_string_new(NULL);

	g_string_append_printf(
		text, "preempt=%s, %s, %" G_GINT64_FORMAT " Hz, ",
		preempt_model_choice((unsigned int)kernel->preempt)->name,
		fair_class_choice((unsigned int)kernel->fair)->name,
		kernel->hz);
	g_string_append_printf(text, "%" G_GINT64_FORMAT " CPU%s at ", cpus,
			       cpus == 1 ? "" : "s");
	append_clock(text, scenario->machine.clock);
	return g_string_free(text, FALSE);
}

/* The kernel of a run; those of a comparison, each with its label. */
static void print_kernels(const struct report *report, GString *out)
{
	for (unsigned int i = 0; i < report->builds->len; i++) {
		const struct build *build = report_build(report, i);
		g_autofree char *text = kernel_text(build->scenario);

		if (build->label)
			g_string_append_printf(out, "%s: ", build->label);
		g_string_append_printf(out, "%s\n", text);
	}
}

/* "59s"; what an interrupt has cut off somewhere as "59.012345678 s". */
static const char *extent_text(char *buf, size_t n,
			       const struct results *results, int64_t ns)
{
	return results->interrupted ? text_instant(buf, n, ns) :
				      time_format_exact(buf, n, ns);
}

/* "59s simulated after 1s of warm-up, seed 1" */
static char *extent_of(const struct build *build)
{
	const struct scenario *scenario = build->scenario;
	GString *text = g_string_new(NULL);
	char simulated[TIME_TEXT_MAX], warmup[TIME_TEXT_MAX];
	int64_t warmup_ns = ktime_to_ns(&scenario->tb, scenario->warmup);
	int64_t each = build->total->simulated_ns / MAX(build->nr_runs, 1);

	if (build->nr_runs > 1)
		g_string_append_printf(text, "%u runs merged, each of ",
				       build->nr_runs);
	g_string_append_printf(
		text, "%s simulated",
		extent_text(simulated, sizeof(simulated), build->total, each));
	if (warmup_ns)
		g_string_append_printf(
			text, " after %s of warm-up",
			time_format_exact(warmup, sizeof(warmup), warmup_ns));
	g_string_append_printf(text, ", seed %" G_GUINT64_FORMAT,
			       build->total->seed);
	return g_string_free(text, FALSE);
}

/* What was simulated: of all builds, or of each if they vary in that. */
static void print_extent(const struct report *report, GString *out)
{
	g_autofree char *first = extent_of(report_build(report, 0));
	bool same = true;

	for (unsigned int i = 1; i < report->builds->len && same; i++) {
		g_autofree char *text = extent_of(report_build(report, i));

		same = g_str_equal(text, first);
	}
	if (same) {
		g_string_append_printf(out, "%s\n", first);
		return;
	}
	for (unsigned int i = 0; i < report->builds->len; i++) {
		const struct build *build = report_build(report, i);
		g_autofree char *text = extent_of(build);

		g_string_append_printf(out, "%s: %s\n", build->label, text);
	}
}

static void print_header(const struct report *report, GString *out)
{
	const struct scenario *scenario = report_build(report, 0)->scenario;

	style_text(out, STYLE_HEAD, report->color, scenario->name);
	if (scenario->description && *scenario->description)
		g_string_append_printf(out, ": %s", scenario->description);
	g_string_append_c(out, '\n');
	print_kernels(report, out);
	print_extent(report, out);
	if (!report_was_interrupted(report))
		return;
	style_text(out, STYLE_BAD, report->color,
		   "interrupted; this is what there was up to then");
	g_string_append_c(out, '\n');
}

/* "0.003 s, CPU 0, player in system call read, lock inode": where it was. */
static void print_place(const struct warning *warning, bool runs, GString *out)
{
	char at[TIME_TEXT_MAX];

	g_string_append_printf(out, "  %s",
			       text_instant(at, sizeof(at), warning->at_ns));
	if (runs)
		g_string_append_printf(out, " of run %" G_GUINT64_FORMAT,
				       warning->run);
	g_string_append_printf(out, ", CPU %d", warning->cpu);
	if (warning->task)
		g_string_append_printf(out, ", %s", warning->task);
	if (warning->context)
		g_string_append_printf(out, " in %s", warning->context);
	if (warning->lock)
		g_string_append_printf(out, ", lock %s", warning->lock);
	g_string_append_c(out, '\n');
}

static void print_warning(const struct report *report,
			  const struct warning *warning, unsigned int times,
			  bool runs, GString *out)
{
	print_place(warning, runs, out);
	g_string_append(out, "    ");
	style_text(out, STYLE_BAD, report->color, warning->kind);
	g_string_append_printf(out, ": %s\n", warning->text);
	if (times > 1)
		g_string_append_printf(out, "    and %u more like it\n",
				       times - 1);
}

static bool same_warning(const struct warning *a, const struct warning *b)
{
	return g_str_equal(a->kind, b->kind) && g_str_equal(a->text, b->text);
}

/* How often @warnings say the same as the @i-th from there on; 0: one before
 * it has said so. */
static unsigned int times_said(const GPtrArray *warnings, unsigned int i)
{
	const struct warning *one = warnings->pdata[i];
	unsigned int n = 0;

	for (unsigned int k = 0; k < i; k++)
		if (same_warning(warnings->pdata[k], one))
			return 0;
	for (unsigned int k = i; k < warnings->len; k++)
		n += same_warning(warnings->pdata[k], one);
	return n;
}

/* The first of each sentence, up to a number of them; or, if all are wanted,
 * all.  Returns how many it stands for. */
static unsigned int print_list(const struct report *report,
			       const struct build *build, GString *out)
{
	const GPtrArray *warnings = build->total->warnings;
	unsigned int told = 0, shown = 0;

	for (unsigned int i = 0; i < warnings->len; i++) {
		unsigned int n = report->verbose ? 1 : times_said(warnings, i);

		if (!n)
			continue;
		if (shown++ == WARNINGS_MAX && !report->verbose)
			break;
		print_warning(report, warnings->pdata[i], n, build->nr_runs > 1,
			      out);
		told += n;
	}
	return told;
}

static void print_warnings(const struct report *report,
			   const struct build *build, GString *out)
{
	uint64_t all = build->total->nr_warnings;
	g_autofree char *title = NULL;
	unsigned int told;

	if (!all)
		return;
	title = g_strdup_printf("warnings%s%s", build->label ? " of " : "",
				build->label ? build->label : "");
	text_title(report, out, title);
	told = print_list(report, build, out);
	if (told < all)
		g_string_append_printf(out,
				       "  and %" G_GUINT64_FORMAT
				       " more (-v shows more)\n",
				       all - told);
}

static void print_outcome(const struct report *report,
			  const struct expect_outcome *outcome, GString *out)
{
	char actual[VALUE_TEXT_MAX];

	g_string_append(out, "  ");
	style_text(out, outcome->holds ? STYLE_GOOD : STYLE_BAD, report->color,
		   outcome->holds ? "holds" : "FAILS");
	g_string_append_printf(out, "  %s", outcome->expect->text);
	if (!outcome->actual.known)
		g_string_append(out, "  (there was no sample)\n");
	else
		g_string_append_printf(
			out, "  (is %s)\n",
			value_format(actual, sizeof(actual), &outcome->actual));
}

static void print_outcomes(const struct report *report,
			   const struct build *build, GString *out)
{
	g_autofree char *title = NULL;

	if (!build->outcomes->len)
		return;
	title = g_strdup_printf("expectations%s%s", build->label ? " of " : "",
				build->label ? build->label : "");
	text_title(report, out, title);
	for (unsigned int i = 0; i < build->outcomes->len; i++)
		print_outcome(report,
			      &g_array_index(build->outcomes,
					     struct expect_outcome, i),
			      out);
}

/* "full against none: -11.1 +- 2.9", or the other way. */
static void print_difference(const struct report *report,
			     const struct diff_outcome *outcome, GString *out)
{
	g_autofree char *actual = NULL;
	bool ratio = outcome->expect->kind == EXPECT_RATIO;

	g_string_append(out, "  ");
	style_text(out, outcome->holds ? STYLE_GOOD : STYLE_BAD, report->color,
		   outcome->holds ? "holds" : "FAILS");
	actual = ratio ? text_ratio(&outcome->actual) :
			 text_estimate(outcome->unit, &outcome->actual);
	g_string_append_printf(
		out, "  %s  (%s of %s against %s: %s)\n", outcome->expect->text,
		ratio ? "ratio" : "difference", outcome->build, outcome->base,
		outcome->unknown ? outcome->unknown : actual);
}

static void print_differences(const struct report *report, GString *out)
{
	if (!report->differences || !report->differences->len)
		return;
	text_title(report, out, "expectations of differences");
	for (unsigned int i = 0; i < report->differences->len; i++)
		print_difference(report,
				 &g_array_index(report->differences,
						struct diff_outcome, i),
				 out);
}

static void print_worst(const struct report *report, const struct build *build,
			GString *out)
{
	if (build->label && build->total->worst->len && report->nr_worst) {
		g_string_append_c(out, '\n');
		style_text(out, STYLE_HEAD, report->color, build->label);
	}
	text_worst(report, build, out);
}

static void write_text(const struct report *report, GString *out)
{
	print_header(report, out);
	if (report->compared) {
		text_compare(report, out);
		text_bounds(report, out);
	} else {
		text_tables(report, report_build(report, 0), out);
	}
	for (unsigned int i = 0; i < report->builds->len; i++) {
		const struct build *build = report_build(report, i);

		/* A comparison has its worst cases only when asked for. */
		if (!report->compared || report->explain)
			print_worst(report, build, out);
		if (!report->compared)
			text_blame(report, build, out);
		print_warnings(report, build, out);
		print_outcomes(report, build, out);
	}
	print_differences(report, out);
}

const struct report_format format_text = {
	.choice = { "text", "tables for people" },
	.blame = SHOWS_DROPOUTS,
	.shows_windows = true,
	.write = write_text,
	.write_grid = grid_write_text,
};
