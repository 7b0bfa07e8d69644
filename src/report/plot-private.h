/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_PLOT_PRIVATE_H
#define PREEMPTSIM_PLOT_PRIVATE_H

/*
 * Shared by the kinds of pictures: how a script is put together.
 */

#include "preemptsim/report/plot.h"

#define PLOT_KIND(name) extern const struct plot_kind plot_##name;
#include "plot-list.h"
#undef PLOT_KIND

/** plot_quote - append @text as a string of gnuplot's. */
void plot_quote(GString *out, const char *text);

/** plot_head - what all pictures begin with: encoding, grid, key, title.
 * @subtitle: a second line; may be NULL */
void plot_head(GString *out, const char *title, const char *subtitle);

/** plot_key - as many of @names side by side in the legend as there is room
 * for.
 * @letters: of the longest one */
void plot_key(GString *out, unsigned int names, unsigned int letters);

/** plot_interrupted - what a title ends with if there could have been more. */
const char *plot_interrupted(const struct report *report);

/** plot_grid_head - plot_head() of a sweep, which may not be complete. */
void plot_grid_head(GString *out, const struct grid *grid,
		    const char *subtitle);

/** plot_lines - append how the @i-th curve looks: colour and dashes. */
void plot_lines(GString *out, unsigned int i);

/** plot_points - the same of a curve with marks on it. */
void plot_points(GString *out, unsigned int i);

/** plot_time - time_format_ns() with a proper letter for micro. */
char *plot_time(char *buf, size_t n, int64_t ns);

/** plot_color - the @i-th colour, "#rrggbb". */
const char *plot_color(unsigned int i);

/** plot_double - append @x so that it reads back the same, with a point. */
void plot_double(GString *out, double x);

/**
 * struct plot_axis - an axis of numbers.
 * @name: 'x', 'y' or 'cb', as gnuplot calls it
 * @label: what it shows, without the unit
 * @unit: what is counted
 * @min, @max: of the data
 * @log: logarithmic; all data are above 0
 * @ends: of such a one: it goes no farther than to the power of ten that @max
 *        needs, and so far even where there are no data
 */
struct plot_axis {
	const char *name, *label;
	enum unit unit;
	double min, max;
	bool log, ends;
};

/** plot_open_ends - the ends of a linear axis of data from @min to @max: if
 * these are the same, 0 is one end, and they are in the middle or 0, too. */
void plot_open_ends(double *min, double *max);

/**
 * plot_set_axis - append the axis' scale, tics and label.
 *
 * Returns what the data have to be divided by.
 */
double plot_set_axis(GString *out, const struct plot_axis *axis);

#endif
