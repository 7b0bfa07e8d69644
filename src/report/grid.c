/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Grids as data: what owns what. */
#include <config.h>

#include "preemptsim/report/grid.h"
#include "preemptsim/report/outline.h"

static void column_free(void *data)
{
	struct grid_column *column = data;

	g_free(column->path);
	g_free(column);
}

static void row_free(void *data)
{
	struct grid_row *row = data;

	g_free(row->settings);
	g_free(row->values);
	g_free(row->error);
	g_free(row);
}

struct grid *grid_new(void)
{
	struct grid *grid = g_new0(struct grid, 1);

	grid->noun = "point";
	grid->nouns = "points";
	grid->lack = "simulation is missing";
	grid->lacks = "simulations are missing";
	grid->axes = g_ptr_array_new_with_free_func(g_free);
	grid->columns = g_ptr_array_new_with_free_func(column_free);
	grid->rows = g_ptr_array_new_with_free_func(row_free);
	grid->texts = g_string_chunk_new(256);
	grid->notes = g_ptr_array_new_with_free_func(g_free);
	return grid;
}

void grid_free(struct grid *grid)
{
	if (!grid)
		return;
	g_free(grid->name);
	g_free(grid->description);
	g_free(grid->scenario);
	g_ptr_array_unref(grid->axes);
	g_ptr_array_unref(grid->columns);
	g_ptr_array_unref(grid->rows);
	g_string_chunk_free(grid->texts);
	g_ptr_array_unref(grid->notes);
	g_free(grid);
}

void grid_add_axis(struct grid *grid, const char *key, const char *name,
		   bool times)
{
	struct grid_axis *axis = g_new(struct grid_axis, 1);

	*axis = (struct grid_axis){ key, name, times };
	g_ptr_array_add(grid->axes, axis);
}

void grid_add_column(struct grid *grid, const char *path, enum unit unit,
		     size_t object)
{
	struct grid_column *column = g_new(struct grid_column, 1);

	*column = (struct grid_column){ g_strdup(path), unit, object };
	g_ptr_array_add(grid->columns, column);
}

struct grid_row *grid_add_row(struct grid *grid)
{
	struct grid_row *row = g_new0(struct grid_row, 1);

	row->settings = g_new0(struct grid_setting, grid->axes->len + 1);
	row->values = g_new0(struct value, grid->columns->len + 1);
	for (unsigned int i = 0; i < grid->columns->len; i++)
		row->values[i].unit = grid_column(grid, i)->unit;
	g_ptr_array_add(grid->rows, row);
	return row;
}

char *grid_column_title(const struct grid_column *column)
{
	return g_strconcat(column->path, column->unit == UNIT_NS ? "_ns" : NULL,
			   NULL);
}

bool grid_column_is_percentile(const struct grid_column *column)
{
	const struct fact *fact;
	size_t object;

	fact = fact_of_path(column->path, &object);
	return fact && fact->percent > 0;
}

bool grid_has_percentiles(const struct grid *grid)
{
	for (unsigned int i = 0; i < grid->columns->len; i++)
		if (grid_column_is_percentile(grid_column(grid, i)))
			return true;
	return false;
}
