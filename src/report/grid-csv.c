/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A grid as comma-separated values: a row per simulation, a column per axis
 * and number.  Times are whole nanoseconds in columns that end in _ns; what is
 * unknown is an empty cell.  Where there are percentiles, the last column names
 * those of too few samples.
 */
#include <config.h>

#include "csv-private.h"
#include "grid-private.h"

static void write_titles(const struct grid *grid, GString *out)
{
	for (unsigned int i = 0; i < grid->axes->len; i++) {
		const struct grid_axis *axis = grid_axis(grid, i);
		g_autofree char *title = NULL;

		title = g_strconcat(axis->key, axis->times ? "_ns" : NULL,
				    NULL);
		csv_text(out, title, ',');
	}
	if (grid->runs > 1)
		g_string_append(out, "run,");
	for (unsigned int i = 0; i < grid->columns->len; i++) {
		g_autofree char *title = NULL;

		title = grid_column_title(grid_column(grid, i));
		csv_text(out, title, ',');
	}
	g_string_append(out, "expect,error");
	g_string_append(out, grid_has_percentiles(grid) ? ",too_few\n" : "\n");
}

/* "holds", "fails", or nothing where nothing was expected or measured. */
static const char *expect_word(const struct grid *grid,
			       const struct grid_row *row)
{
	if (!grid->expects || row->error)
		return "";
	return row->holds ? "holds" : "fails";
}

/* The titles of the columns where @row has too few samples, between spaces. */
static char *too_few(const struct grid *grid, const struct grid_row *row)
{
	GString *names = g_string_new(NULL);

	for (unsigned int i = 0; i < grid->columns->len; i++) {
		g_autofree char *title = NULL;

		if (!row->values[i].few)
			continue;
		title = grid_column_title(grid_column(grid, i));
		g_string_append(names, names->len ? " " : "");
		g_string_append(names, title);
	}
	return g_string_free(names, FALSE);
}

static void write_row(const struct grid *grid, const struct grid_row *row,
		      GString *out)
{
	bool percentiles = grid_has_percentiles(grid);
	g_autofree char *few = percentiles ? too_few(grid, row) : NULL;

	for (unsigned int i = 0; i < grid->axes->len; i++) {
		if (grid_axis(grid, i)->times)
			g_string_append_printf(out, "%" G_GINT64_FORMAT ",",
					       row->settings[i].ns);
		else
			csv_text(out, row->settings[i].text, ',');
	}
	if (grid->runs > 1)
		g_string_append_printf(out, "%u,", row->run);
	for (unsigned int i = 0; i < grid->columns->len; i++)
		csv_value(out, &row->values[i], ',');
	csv_text(out, expect_word(grid, row), ',');
	csv_text(out, row->error ? row->error : "", percentiles ? ',' : '\n');
	if (percentiles)
		csv_text(out, few, '\n');
}

void grid_write_csv(const struct grid *grid, bool color G_GNUC_UNUSED,
		    GString *out)
{
	write_titles(grid, out);
	for (unsigned int i = 0; i < grid->rows->len; i++)
		write_row(grid, grid_row(grid, i), out);
}
