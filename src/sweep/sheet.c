/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From a store to a grid.  Every report is made from what is stored, whether
 * it was simulated a moment ago, last night or on another machine: so it is
 * the same.
 */
#include <config.h>

#include "preemptsim/sweep/sheet.h"

#include <string.h>

#include "preemptsim/report/outline.h"

GArray *sheet_todo(struct store *store, const struct plan *plan,
		   const struct shard *shard)
{
	GArray *todo = g_array_new(FALSE, FALSE, sizeof(uint32_t));

	for (unsigned int p = shard->index; p < plan->nr_points;
	     p += shard->of) {
		for (unsigned int run = 0; run < plan->runs; run++) {
			uint32_t number = p * plan->runs + run;

			if (!store_has(store, p, run))
				g_array_append_val(todo, number);
		}
	}
	return todo;
}

/* What stands before the value of @path. */
static char *fact_name(const char *path)
{
	return g_strdup_printf("\"%s\":", path);
}

/*
 * The value behind @name in @facts.  That is JSON of our own making, flat and
 * without blanks, whose names have no quotes in them: to search the name in
 * quotes takes a tenth of the time of a parser.
 *
 * @object: length of the part of the path that says whose fact it is
 * @last: the first value of the object before, NULL: there was none.  Columns
 *        mostly come in the order of the objects, so to go on from there reads
 *        a long text once and not once for each column.
 */
static struct value fact_at(const char *facts, const char **last,
			    const char *name, size_t object, enum unit unit)
{
	struct value value = { .unit = unit };
	const char *text = *last ? strstr(*last, name) : NULL;

	if (!text)
		text = facts ? strstr(facts, name) : NULL;
	if (!text)
		return value;
	if (!*last || strncmp(*last, name, object + 1) != 0)
		*last = text;
	text += strlen(name);
	value.known = g_ascii_isdigit(*text) || *text == '-';
	if (unit == UNIT_SHARE)
		value.share = g_ascii_strtod(text, NULL);
	else
		value.n = g_ascii_strtoll(text, NULL, 10);
	return value;
}

struct value sheet_value(const struct trial *trial, const char *path,
			 enum unit unit)
{
	g_autofree char *name = fact_name(path);
	const char *last = NULL;

	return fact_at(trial->facts, &last, name, 0, unit);
}

void sheet_set_row(const struct grid *grid, struct grid_row *row,
		   const struct plan *plan, unsigned int point)
{
	row->point = point;
	for (unsigned int i = 0; i < grid->axes->len; i++) {
		const struct axis *axis = plan->axes->pdata[i];
		unsigned int k = plan_index(plan, point, i);

		row->settings[i].text = axis_value(axis, k);
		if (grid_axis(grid, i)->times)
			row->settings[i].ns = axis_value_ns(axis, k);
	}
}

static void add_axes(struct grid *grid, const struct plan *plan)
{
	for (unsigned int i = 0; i < plan->axes->len; i++) {
		const struct axis *axis = plan->axes->pdata[i];

		grid_add_axis(grid, axis->key, axis->name, axis_is_times(axis));
	}
}

static void add_columns(struct grid *grid, const char *columns)
{
	g_auto(GStrv) paths = g_strsplit(columns, ",", -1);

	for (unsigned int i = 0; paths[i]; i++) {
		size_t object;
		const struct fact *fact = fact_of_path(paths[i], &object);

		if (fact)
			grid_add_column(grid, paths[i], fact->unit, object);
	}
}

/* @names: before the values of columns */
static void add_row(struct grid *grid, const struct plan *plan,
		    const struct trial *trial, char *const *names)
{
	struct grid_row *row = grid_add_row(grid);
	const char *last = NULL;

	sheet_set_row(grid, row, plan, trial->point);
	row->run = trial->run;
	row->holds = trial->holds;
	row->error = g_strdup(trial->error);
	for (unsigned int i = 0; i < grid->columns->len; i++) {
		const struct grid_column *column = grid_column(grid, i);

		row->values[i] = fact_at(trial->facts, &last, names[i],
					 column->object, column->unit);
	}
}

/* Of all columns, by which their values are found. */
static char **fact_names(const struct grid *grid)
{
	char **names = g_new0(char *, grid->columns->len + 1);

	for (unsigned int i = 0; i < grid->columns->len; i++)
		names[i] = fact_name(grid_column(grid, i)->path);
	return names;
}

struct grid *sheet_grid(struct store *store, const struct plan *plan,
			const struct shard *shard, const char *columns,
			enum trial_status *worst, bool *holds)
{
	g_autofree char *defaults = store_note(store, "columns");
	g_autofree char *expects = store_note(store, "expects");
	struct grid *grid = sheet_head(store, plan);
	g_auto(GStrv) names = NULL;

	grid->expects = expects && *expects;
	add_axes(grid, plan);
	add_columns(grid, columns ? columns : defaults);
	names = fact_names(grid);
	*worst = TRIAL_DONE;
	*holds = true;
	for (unsigned int p = shard->index; p < plan->nr_points;
	     p += shard->of) {
		for (unsigned int run = 0; run < plan->runs; run++) {
			struct trial *trial = store_get(store, p, run);

			if (!trial) {
				grid->missing++;
				continue;
			}
			*worst = MAX(*worst, trial->status);
			*holds &= trial->holds || trial->error;
			add_row(grid, plan, trial, names);
			trial_free(trial);
		}
	}
	return grid;
}
