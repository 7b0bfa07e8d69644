/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A grid for people: a line per point; of several runs, their mean and half of
 * its 95 % interval.  What went wrong stands below, a line per point.
 */
#include <config.h>

#include <string.h>

#include "grid-private.h"
#include "preemptsim/report/compare.h"
#include "table-private.h"
#include "text-private.h"

/* Where the rows of a point end that begin with @first. */
static unsigned int point_end(const struct grid *grid, unsigned int first)
{
	unsigned int i = first;

	while (i < grid->rows->len &&
	       grid_row(grid, i)->point == grid_row(grid, first)->point)
		i++;
	return i;
}

static unsigned int count_points(const struct grid *grid)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < grid->rows->len; i = point_end(grid, i))
		n++;
	return n;
}

static void print_header(const struct grid *grid, bool color, GString *out)
{
	unsigned int n = count_points(grid);

	style_text(out, STYLE_HEAD, color, grid->name);
	if (grid->description && *grid->description)
		g_string_append_printf(out, ": %s", grid->description);
	g_string_append_printf(out, "\n%u %s", n,
			       n == 1 ? grid->noun : grid->nouns);
	if (grid->runs > 1)
		g_string_append_printf(out, ", %u runs of each", grid->runs);
	g_string_append_c(out, '\n');
	if (!grid->missing)
		return;
	style_text(out, STYLE_BAD, color, "not complete: ");
	g_string_append_printf(out, "%" G_GUINT64_FORMAT " %s\n", grid->missing,
			       grid->missing == 1 ? grid->lack : grid->lacks);
}

/* "player wakeup latency" above "p99": of a path all but the last part. */
static char *group_text(const struct grid_column *column)
{
	const char *dot = strrchr(column->path, '.');
	size_t n = dot ? (size_t)(dot - column->path) : 0;
	char *text = g_strndup(column->path, n);

	for (size_t i = column->object; i < n; i++)
		if (strchr("._", text[i]))
			text[i] = ' ';
	return text;
}

/* The last part, p99_9 as p99.9; a path without an object is its own. */
static char *title_text(const struct grid_column *column)
{
	const char *dot = strrchr(column->path, '.');
	char *text = g_strdup(dot ? dot + 1 : column->path);

	for (char *c = text; *c; c++)
		if (*c == '_')
			*c = c > text && g_ascii_isdigit(c[-1]) ? '.' : ' ';
	return text;
}

/* @groups owns the titles, since those of one group must be one string. */
static void add_columns(struct table *table, const struct grid *grid,
			GPtrArray *groups)
{
	const char *last = NULL;

	for (unsigned int i = 0; i < grid->axes->len; i++)
		table_right(table, grid_axis(grid, i)->name);
	for (unsigned int i = 0; i < grid->columns->len; i++) {
		const struct grid_column *column = grid_column(grid, i);
		char *group = group_text(column);
		g_autofree char *title = title_text(column);

		g_ptr_array_add(groups, group);
		if (g_strcmp0(group, last))
			last = *group ? group : NULL;
		table_group(table, last);
		if (column->unit == UNIT_TEXT)
			table_left(table, title);
		else
			table_right(table, title);
	}
	table_group(table, NULL);
	if (grid->expects)
		table_left(table, "expect");
}

/* The first error among the rows of a point. */
static const char *error_of(const struct grid *grid, unsigned int first,
			    unsigned int end)
{
	for (unsigned int i = first; i < end; i++)
		if (grid_row(grid, i)->error)
			return grid_row(grid, i)->error;
	return NULL;
}

/* How many of the runs have a value. */
static unsigned int nr_known(const struct grid *grid, unsigned int first,
			     unsigned int end, unsigned int column)
{
	unsigned int n = 0;

	for (unsigned int i = first; i < end; i++)
		n += grid_row(grid, i)->values[column].known;
	return n;
}

/* Of a percentile: is it none in one of the runs, though not in all? */
static bool any_few(const struct grid *grid, unsigned int first,
		    unsigned int end, unsigned int column)
{
	unsigned int known = nr_known(grid, first, end, column);

	for (unsigned int i = first; i < end; i++)
		if (grid_row(grid, i)->values[column].few)
			return true;
	return known && known < end - first && !error_of(grid, first, end) &&
	       grid_column_is_percentile(grid_column(grid, column));
}

/* Does a cell of it speak of some of the runs only? */
static bool some_runs_only(const struct grid *grid, unsigned int first,
			   unsigned int end, unsigned int column)
{
	unsigned int known = nr_known(grid, first, end, column);

	return known && known < end - first && !error_of(grid, first, end) &&
	       grid_column(grid, column)->unit != UNIT_TEXT &&
	       !any_few(grid, first, end, column);
}

static char *column_estimate(const struct grid *grid, unsigned int first,
			     unsigned int end, unsigned int column,
			     double *mean)
{
	double *x = g_new(double, end - first);
	struct estimate estimate;

	for (unsigned int i = first; i < end; i++)
		x[i - first] = value_number(&grid_row(grid, i)->values[column]);
	estimate = error_of(grid, first, end) ? estimate_mean(x, end - first) :
						estimate_known(x, end - first);
	g_free(x);
	*mean = estimate.known ? estimate.mean : 0;
	return text_estimate(grid_column(grid, column)->unit, &estimate);
}

/* Is more than 0 of it what nobody wants? */
static bool is_bad(const char *path)
{
	static const char *const bad[] = {
		".dropouts",
#define STREAM_KIND(id, missed, taken, idle, text) "." #missed,
#include "preemptsim/workload/stream-kind-list.h"
#undef STREAM_KIND
	};

	for (unsigned int i = 0; i < G_N_ELEMENTS(bad); i++)
		if (g_str_has_suffix(path, bad[i]))
			return true;
	return false;
}

static enum style style_of(const struct grid_column *column, double value)
{
	return value > 0 && is_bad(column->path) ? STYLE_BAD : STYLE_PLAIN;
}

static void add_cell(struct table *table, const struct grid *grid,
		     unsigned int first, unsigned int end, unsigned int column)
{
	const struct grid_column *desc = grid_column(grid, column);
	const struct value *value = &grid_row(grid, first)->values[column];
	double mean;

	if (any_few(grid, first, end, column)) {
		table_text(table, STYLE_PLAIN, g_strdup("too few"));
	} else if (end - first == 1 || desc->unit == UNIT_TEXT) {
		table_value(table, style_of(desc, value_number(value)), value);
	} else {
		char *text = column_estimate(grid, first, end, column, &mean);

		table_text(table, style_of(desc, mean), text);
	}
}

static void add_expect(struct table *table, const struct grid *grid,
		       unsigned int first, unsigned int end)
{
	unsigned int n = 0;

	for (unsigned int i = first; i < end; i++)
		n += grid_row(grid, i)->holds;
	if (error_of(grid, first, end))
		table_cell(table, STYLE_BAD, "error");
	else if (n == end - first)
		table_cell(table, STYLE_GOOD, "holds");
	else if (end - first == 1)
		table_cell(table, STYLE_BAD, "FAILS");
	else
		table_cell(table, STYLE_BAD, "FAILS in %u of %u",
			   end - first - n, end - first);
}

static void print_table(const struct grid *grid, bool color, GString *out)
{
	g_autoptr(GPtrArray) groups = g_ptr_array_new_with_free_func(g_free);
	struct table *table = table_new();
	unsigned int end;

	add_columns(table, grid, groups);
	for (unsigned int first = 0; first < grid->rows->len; first = end) {
		const struct grid_row *row = grid_row(grid, first);

		end = point_end(grid, first);
		for (unsigned int i = 0; i < grid->axes->len; i++)
			table_text(table, STYLE_PLAIN,
				   g_strdup(row->settings[i].text));
		for (unsigned int i = 0; i < grid->columns->len; i++)
			add_cell(table, grid, first, end, i);
		if (grid->expects)
			add_expect(table, grid, first, end);
	}
	g_string_append_c(out, '\n');
	table_print(table, out, color);
}

/* "every=0ms:" and below it the error, its lines indented; without axes there is
 * only one row that it can be about. */
static void print_error(const struct grid *grid, const struct grid_row *row,
			const char *error, GString *out)
{
	const char *indent = grid->axes->len ? "\n    " : "\n  ";
	g_auto(GStrv) lines = g_strsplit(error, "\n", -1);
	g_autofree char *text = g_strjoinv(indent, lines);

	g_string_append(out, "  ");
	for (unsigned int i = 0; i < grid->axes->len; i++)
		g_string_append_printf(out, "%s%s=%s", i ? ", " : "",
				       grid_axis(grid, i)->name,
				       row->settings[i].text);
	if (grid->axes->len)
		g_string_append_printf(out, ":%s", indent);
	g_string_append_printf(out, "%s\n", text);
}

void grid_write_errors(const struct grid *grid, GString *out)
{
	unsigned int end;

	for (unsigned int first = 0; first < grid->rows->len; first = end) {
		const char *error;

		end = point_end(grid, first);
		error = error_of(grid, first, end);
		if (error)
			print_error(grid, grid_row(grid, first), error, out);
	}
}

static void print_errors(const struct grid *grid, bool color, GString *out)
{
	g_autoptr(GString) errors = g_string_new(NULL);

	grid_write_errors(grid, errors);
	if (!errors->len)
		return;
	g_string_append_c(out, '\n');
	style_text(out, STYLE_HEAD, color, "errors\n");
	g_string_append(out, errors->str);
}

static bool has_intervals(const struct grid *grid)
{
	for (unsigned int i = 0; i < grid->rows->len; i++)
		if (point_end(grid, i) > i + 1)
			return true;
	return false;
}

/* What "+-" is, if there is one. */
static void print_method(const struct grid *grid, GString *out)
{
	if (has_intervals(grid))
		g_string_append_printf(out,
				       "\n+- is half of a 95 %% interval by "
				       "Student's t over %u runs.\n",
				       grid->runs);
}

/* Is something so of a cell? */
static bool any_cell(const struct grid *grid,
		     bool (*test)(const struct grid *grid, unsigned int first,
				  unsigned int end, unsigned int column))
{
	unsigned int end;

	for (unsigned int first = 0; first < grid->rows->len; first = end) {
		end = point_end(grid, first);
		for (unsigned int i = 0; i < grid->columns->len; i++)
			if (test(grid, first, end, i))
				return true;
	}
	return false;
}

/* Why some percentiles are not there, if so. */
static void print_few(const struct grid *grid, GString *out)
{
	if (any_cell(grid, any_few)) {
		g_string_append_c(out, '\n');
		text_too_few(out);
	}
}

/* What "(1 of 2)" is, if there is one. */
static void print_some_runs(const struct grid *grid, GString *out)
{
	if (any_cell(grid, some_runs_only))
		text_some_runs(out);
}

void grid_write_text(const struct grid *grid, bool color, GString *out)
{
	print_header(grid, color, out);
	if (grid->rows->len)
		print_table(grid, color, out);
	print_method(grid, out);
	print_some_runs(grid, out);
	print_few(grid, out);
	print_errors(grid, color, out);
	for (unsigned int i = 0; i < grid->notes->len; i++)
		g_string_append_printf(out, "%s%s\n", i ? "" : "\n",
				       (char *)grid->notes->pdata[i]);
}
