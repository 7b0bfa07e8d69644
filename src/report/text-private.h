/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_REPORT_TEXT_PRIVATE_H
#define PREEMPTSIM_REPORT_TEXT_PRIVATE_H

/*
 * The parts of the text report.  All append to @out and begin with an empty
 * line, unless there is nothing to be said.
 */

#include <glib.h>

#include "preemptsim/report/compare.h"
#include "preemptsim/report/report.h"

/** text_title - a title in bold on a line of its own. */
void text_title(const struct report *report, GString *out, const char *title);

/** text_instant - an instant of a run with all its digits: "0.000077000 s". */
const char *text_instant(char *buf, size_t n, int64_t ns);

/** text_tables - the tables of tasks, CPUs, locks and devices of a run. */
void text_tables(const struct report *report, const struct build *build,
		 GString *out);

/** text_bounds - of each build of a comparison, the bound of each CPU, if that
 * was asked for. */
void text_bounds(const struct report *report, GString *out);

/** text_worst - the worst cases and what they are put down to. */
void text_worst(const struct report *report, const struct build *build,
		GString *out);

/** text_some_runs - a line on what "(1 of 2)" means. */
void text_some_runs(GString *out);

/** text_too_few - a line on what "too few" means. */
void text_too_few(GString *out);

/* Bytes that hold any percentage. */
#define TEXT_PERCENT_MAX 16

/* Bytes that hold any rate. */
#define TEXT_RATE_MAX 32

/* By what rates are given. */
#define TEXT_RATE_METHOD                                                       \
	"  Rates are 95 % intervals over the jobs of all runs, exact if jobs " \
	"are\n  independent (Clopper and Pearson); of none they are "          \
	"one-sided (the\n  rule of three).\n"

#define TEXT_RATE_NONE                                                        \
	"(< ...): no job dropped out; the rate over the jobs of all runs is " \
	"below that\nwith 95 % confidence, if jobs are independent (exact "   \
	"and one-sided, the rule\nof three).\n"

/** text_rate - a rate with two digits that count: "0.0050 %". */
const char *text_rate(char *buf, double rate);

/** text_spaced - a name of a program for people: underscores are spaces; for
 * g_free(). */
char *text_spaced(const char *name);

/** text_percent - @part of @whole in tenths of a percent: "17.3 %". */
const char *text_percent(char *buf, int64_t part, int64_t whole);

struct table;
struct blame;

/** text_blame_columns, text_blame_row - the columns of a table of blame, and
 * a row of it; @whole is what all of it adds up to. */
void text_blame_columns(struct table *table);
void text_blame_row(struct table *table, const struct blame *part,
		    int64_t whole);

/** text_blame - what delayed each task of a run. */
void text_blame(const struct report *report, const struct build *build,
		GString *out);

/** text_compare_blame - the same of task number @task in all builds. */
void text_compare_blame(const struct report *report, unsigned int task,
			GString *out);

/** text_estimate - "17.5 +- 0.3" in @unit, "-" if unknown; for g_free(). */
char *text_estimate(enum unit unit, const struct estimate *estimate);

/** text_ratio - "0.0145 +- 0.002"; for g_free(). */
char *text_ratio(const struct estimate *ratio);

/** text_compare - all tasks of all builds side by side. */
void text_compare(const struct report *report, GString *out);

#endif
