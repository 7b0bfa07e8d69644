/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_REPORT_PLOT_H
#define PREEMPTSIM_REPORT_PLOT_H

/*
 * Pictures of results, as scripts for gnuplot with their data in them.
 *
 * A kind of picture is a line in plot-list.h and a function.  The terminal,
 * which makes it SVG or something else, is not said here.
 */

#include "preemptsim/report/grid.h"
#include "preemptsim/report/report.h"

/** PLOT_CURVES_MAX - more than that nobody can tell apart: 7 colours by 5 kinds
 * of dashes, and then it is the marks only that differ. */
#define PLOT_CURVES_MAX 35

/**
 * struct plot - what of the results a picture shows.
 * @task: whose latency; NULL: see plot_task()
 * @measure: which of its two times
 */
struct plot {
	const char *task;
	enum latency_kind measure;
};

/**
 * struct plot_kind - a kind of picture.
 * @choice: its name, and one sentence about it
 * @write: append the script to @out; returns NULL or why there is nothing to be
 *         seen, for g_free(); NULL: it is of a sweep
 * @write_grid: the same of a sweep
 * @blame: it needs to know what delayed tasks
 * @axes: that the sweep needs at least
 * @facts: what it shows of a task's time if nobody says what: NULL-terminated
 * @crowded: the one of them that is left where all would be too many curves;
 *           NULL: it has none
 * @curves: it has one for each build
 */
struct plot_kind {
	struct choice choice;
	char *(*write)(const struct plot *plot, const struct report *report,
		       GString *out);
	char *(*write_grid)(const struct grid *grid, GString *out);
	bool blame;
	unsigned int axes;
	const char *const *facts;
	const char *crowded;
	bool curves;
};

/** plot_kind - the i-th kind, or NULL behind the last. */
const struct plot_kind *plot_kind(unsigned int i);

/** plot_kind_find - the kind called @name, or NULL. */
const struct plot_kind *plot_kind_find(const char *name);

/** plot_too_many - NULL, or why so many @curves are not drawn, for g_free(). */
char *plot_too_many(unsigned int curves);

/**
 * plot_task - the task that pictures of @scenario are of if nobody says which.
 *
 * The first one with a deadline, or that feeds a stream, or else the first one.
 * Returns its name.
 */
const char *plot_task(const struct scenario *scenario);

#endif
