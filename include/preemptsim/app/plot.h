/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_APP_PLOT_H
#define PREEMPTSIM_APP_PLOT_H

/*
 * From results to pictures.
 */

#include "preemptsim/app/options.h"

/** plot - do what `plot' is asked for; returns an enum exit_status. */
int plot(const struct options *options);

/** plot_draws_timeline - does @file end like what timelines are written in? */
bool plot_draws_timeline(const char *file);

/** plot_timeline - draw what happens in a window; returns an enum
 * exit_status. */
int plot_timeline(const struct options *options);

/** plot_report, plot_grid - the picture of options.kind goes where it is to go;
 * return false after saying why not. */
bool plot_report(const struct options *options, const struct report *report);
bool plot_grid(const struct options *options, const struct grid *grid);

/**
 * plot_columns - the numbers that a picture of a sweep's database has, unless
 * --columns says which: those of --task, or of the first one that has a column
 * in the sweep's table, @table; for g_free().  NULL: there is none.
 * @axes: of the sweep; GPtrArray of struct axis *
 */
char *plot_columns(const struct options *options, const char *table,
		   const GPtrArray *axes);

#endif
