/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_REPORT_FORMAT_H
#define PREEMPTSIM_REPORT_FORMAT_H

/*
 * Formats of reports.  A format is one file, src/report/format-NAME.c, and one
 * line in format-list.h.
 */

#include <glib.h>
#include <stdbool.h>

#include "preemptsim/base/params.h"   /* struct choice */
#include "preemptsim/report/grid.h"   /* struct grid */
#include "preemptsim/report/report.h" /* struct report */

/** enum blame_shown - what of a run a format shows explained. */
enum blame_shown {
	SHOWS_NO_BLAME,
	SHOWS_DROPOUTS, /* what delayed those that were late */
	SHOWS_WORST,	/* and the worst cases */
};

/**
 * struct report_format - a way to write a report.
 * @choice: its name, and one sentence about it
 * @blame: what has to have been explained
 * @shows_windows: of what is explained, with worst_case.window
 * @needs_jobs: struct results.jobs must have been asked for
 * @write: append @report to @out; the same bytes for the same report
 * @write_grid: append @grid to @out; NULL: it can't show one
 */
struct report_format {
	struct choice choice;
	enum blame_shown blame;
	bool shows_windows;
	bool needs_jobs;
	void (*write)(const struct report *report, GString *out);
	void (*write_grid)(const struct grid *grid, bool color, GString *out);
};

/** report_format - the i-th format, or NULL behind the last. */
const struct report_format *report_format(unsigned int i);

/** report_format_find - the format called @name, or NULL. */
const struct report_format *report_format_find(const char *name);

#endif
