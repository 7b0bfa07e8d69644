/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_REPORT_GRID_H
#define PREEMPTSIM_REPORT_GRID_H

/*
 * A grid: some numbers of many simulations of one scenario at different
 * settings, as a sweep makes them.  Formats that can show one read this and
 * nothing else.
 */

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "preemptsim/report/fact.h"

/**
 * struct grid_axis - a key that varies; all borrowed.
 * @key: "tasks.player.every"
 * @name: in short, "every"
 * @times: its values are whole nanoseconds, and told so to programs
 */
struct grid_axis {
	const char *key, *name;
	bool times;
};

/**
 * struct grid_column - a number that is shown.
 * @path: "player.wakeup_latency.max"; owned
 * @unit: what it counts
 * @object: how many bytes of @path say of what; 0: it has no object
 */
struct grid_column {
	char *path;
	enum unit unit;
	size_t object;
};

/**
 * struct grid_setting - what an axis is set to in a row.
 * @text: borrowed
 * @ns: the same, where the axis is one of times
 */
struct grid_setting {
	const char *text;
	int64_t ns;
};

/**
 * struct grid_row - one simulation.
 * @point: rows with the same settings have the same number, and are adjacent
 * @run: which of the runs there
 * @settings: per axis
 * @values: per column; texts in it are in grid.texts
 * @holds: all expectations did
 * @error: why there is no value; owned, or NULL
 */
struct grid_row {
	unsigned int point, run;
	struct grid_setting *settings;
	struct value *values;
	bool holds;
	char *error;
};

/**
 * struct grid - all of it.
 * @noun, @nouns: what a point, or several, are called
 * @lack, @lacks: what is said of one, or several, that are missing
 * @name, @description: of the scenario; owned, the latter may be NULL
 * @scenario: resolved, as JSON; owned
 * @axes: GPtrArray of struct grid_axis *
 * @columns: GPtrArray of struct grid_column *
 * @rows: GPtrArray of struct grid_row *
 * @runs: of each point
 * @expects: there are expectations, so that grid_row.holds says something
 * @missing: simulations of the sweep, or searches, that are not there
 * @texts: owns texts of values
 * @notes: GPtrArray of char *: sentences behind the table
 */
struct grid {
	const char *noun, *nouns;
	const char *lack, *lacks;
	char *name, *description, *scenario;
	GPtrArray *axes;
	GPtrArray *columns;
	GPtrArray *rows;
	unsigned int runs;
	bool expects;
	uint64_t missing;
	GStringChunk *texts;
	GPtrArray *notes;
};

/** grid_new - a grid without axes, columns and rows; grid_free() it. */
struct grid *grid_new(void);

/** grid_free - free @grid; NULL is fine. */
void grid_free(struct grid *grid);

/** grid_add_axis - the next axis; the texts are borrowed. */
void grid_add_axis(struct grid *grid, const char *key, const char *name,
		   bool times);

/** grid_add_column - the next column; @path is copied. */
void grid_add_column(struct grid *grid, const char *path, enum unit unit,
		     size_t object);

/** grid_add_row - the next row; its values are unknown, its settings unset.
 * All axes and columns are there already. */
struct grid_row *grid_add_row(struct grid *grid);

/** grid_axis, grid_column, grid_row - the @i-th. */
static inline const struct grid_axis *grid_axis(const struct grid *grid,
						unsigned int i)
{
	return grid->axes->pdata[i];
}

static inline const struct grid_column *grid_column(const struct grid *grid,
						    unsigned int i)
{
	return grid->columns->pdata[i];
}

static inline const struct grid_row *grid_row(const struct grid *grid,
					      unsigned int i)
{
	return grid->rows->pdata[i];
}

/** grid_column_title - what programs call @column, "player.response_time.max_ns";
 * to be freed. */
char *grid_column_title(const struct grid_column *column);

/** grid_write_errors - append which points went wrong, and why, as the text of
 * a sweep says it; nothing if none did. */
void grid_write_errors(const struct grid *grid, GString *out);

/** grid_column_is_percentile - is it one, which may be of too few samples? */
bool grid_column_is_percentile(const struct grid_column *column);

/** grid_has_percentiles - does some column have them, of which a row may have
 * too few samples? */
bool grid_has_percentiles(const struct grid *grid);

#endif
