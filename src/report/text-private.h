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

/** text_duration - @ns as short as it can be written exactly: "59s". */
const char *text_duration(char *buf, size_t n, int64_t ns);

/** text_instant - an instant of a run with all its digits: "0.000077000 s". */
const char *text_instant(char *buf, size_t n, int64_t ns);

/** text_tables - the tables of tasks, CPUs, locks and devices of a run. */
void text_tables(const struct report *report, const struct build *build,
		 GString *out);

/** text_worst - the worst cases and what they are put down to. */
void text_worst(const struct report *report, const struct build *build,
		GString *out);

/** text_estimate - "17.5 +- 0.3" in @unit, "-" if unknown; for g_free(). */
char *text_estimate(enum unit unit, const struct estimate *estimate);

/** text_ratio - "0.0145 +- 0.002"; for g_free(). */
char *text_ratio(const struct estimate *ratio);

/** text_compare - all tasks of all builds side by side. */
void text_compare(const struct report *report, GString *out);

#endif
