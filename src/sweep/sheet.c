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

/**
 * struct source - where the values of a column come from.
 * @name: what stands before them
 * @samples: of a percentile, what stands before the number of samples; or NULL
 */
struct source {
	const struct fact *fact;
	char *name, *samples;
};

static void source_clear(void *data)
{
	struct source *source = data;

	g_free(source->name);
	g_free(source->samples);
}

/* "player.wakeup_latency.p99" is a percentile of as many samples as
 * "player.wakeup_latency.count" says. */
static char *samples_name(const char *path)
{
	const char *dot = strrchr(path, '.');

	return g_strdup_printf("\"%.*s.count\":", (int)(dot - path), path);
}

/* The columns that @columns names; returns a GArray of their sources. */
static GArray *add_columns(struct grid *grid, const char *columns)
{
	GArray *sources = g_array_new(FALSE, FALSE, sizeof(struct source));
	g_auto(GStrv) paths = g_strsplit(columns, ",", -1);

	g_array_set_clear_func(sources, source_clear);
	for (unsigned int i = 0; paths[i]; i++) {
		struct source source = { 0 };
		size_t object;

		source.fact = fact_of_path(paths[i], &object);
		if (!source.fact)
			continue;
		source.name = fact_name(paths[i]);
		if (source.fact->percent > 0)
			source.samples = samples_name(paths[i]);
		g_array_append_val(sources, source);
		grid_add_column(grid, paths[i], source.fact->unit, object);
	}
	return sources;
}

static struct value source_value(const struct source *source,
				 const struct grid_column *column,
				 const char *facts, const char **last)
{
	struct value value, n = { 0 };

	if (source->samples) /* which stands before the percentile */
		n = fact_at(facts, last, source->samples, column->object,
			    UNIT_COUNT);
	value = fact_at(facts, last, source->name, column->object,
			column->unit);
	value.few = value.known && fact_too_few(source->fact, n.n);
	return value;
}

static void add_row(struct grid *grid, const struct plan *plan,
		    const struct trial *trial, const GArray *sources)
{
	struct grid_row *row = grid_add_row(grid);
	const char *last = NULL;

	sheet_set_row(grid, row, plan, trial->point);
	row->run = trial->run;
	row->holds = trial->holds;
	row->error = g_strdup(trial->error);
	for (unsigned int i = 0; i < sources->len; i++)
		row->values[i] =
			source_value(&g_array_index(sources, struct source, i),
				     grid_column(grid, i), trial->facts, &last);
}

struct grid *sheet_grid(struct store *store, const struct plan *plan,
			const struct shard *shard, const char *columns,
			enum trial_status *worst, bool *holds)
{
	g_autofree char *defaults = store_note(store, "columns");
	g_autofree char *expects = store_note(store, "expects");
	struct grid *grid = sheet_head(store, plan);
	g_autoptr(GArray) sources = NULL;

	grid->expects = expects && *expects;
	add_axes(grid, plan);
	sources = add_columns(grid, columns ? columns : defaults);
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
			add_row(grid, plan, trial, sources);
			trial_free(trial);
		}
	}
	return grid;
}
