/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pictures of sweeps: curves over the first axis, and a map over two.
 *
 * A value is the mean over the runs of its point; curves show the lowest and
 * the highest, too.  A point that is wrong or missing is a gap, and so is a
 * percentile of too few samples.
 */
#include <config.h>

#include <math.h>
#include <string.h>

#include "plot-private.h"

/* Axes whose ends are farther apart than this are logarithmic. */
#define LOG_FROM 30

/* Maps with more cells than this have no numbers in them. */
#define NUMBERED_CELLS 240

/* The values of an axis, in order, as they come in the rows. */
struct scale {
	GPtrArray *texts; /* borrowed */
	GArray *numbers;  /* double */
	bool numeric, times;
};

static void scale_clear(struct scale *scale)
{
	g_ptr_array_unref(scale->texts);
	g_array_unref(scale->numbers);
}

static int scale_index(const struct scale *scale, const char *text)
{
	for (unsigned int i = 0; i < scale->texts->len; i++)
		if (g_str_equal(scale->texts->pdata[i], text))
			return (int)i;
	return -1;
}

/* A setting as a number; false if it is none. */
static bool setting_number(const struct grid_setting *setting, bool times,
			   double *number)
{
	char *end;

	if (times) {
		*number = (double)setting->ns;
		return true;
	}
	*number = g_ascii_strtod(setting->text, &end);
	return end != setting->text && !*end;
}

static struct scale scale_of(const struct grid *grid, unsigned int axis)
{
	struct scale scale = {
		.texts = g_ptr_array_new(),
		.numbers = g_array_new(FALSE, FALSE, sizeof(double)),
		.numeric = true,
		.times = grid_axis(grid, axis)->times,
	};

	for (unsigned int i = 0; i < grid->rows->len; i++) {
		const struct grid_setting *setting =
			&grid_row(grid, i)->settings[axis];
		double number = 0;

		if (scale_index(&scale, setting->text) >= 0)
			continue;
		scale.numeric &= setting_number(setting, scale.times, &number);
		g_ptr_array_add(scale.texts, (char *)setting->text);
		g_array_append_val(scale.numbers, number);
	}
	return scale;
}

static double scale_at(const struct scale *scale, unsigned int i)
{
	return scale->numeric ? g_array_index(scale->numbers, double, i) : i;
}

/* From the lowest to the highest of some numbers. */
struct range {
	double min, max;
};

static const struct range nowhere = { INFINITY, -INFINITY };

static void range_take(struct range *range, double x)
{
	if (!isfinite(x))
		return;
	range->min = MIN(range->min, x);
	range->max = MAX(range->max, x);
}

static bool range_is_wide(const struct range *range)
{
	return range->min > 0 && range->max / range->min >= LOG_FROM;
}

/* Some runs of one point; @few: of a percentile, one of them has too few
 * samples, so that there is no mean. */
struct average {
	struct range range;
	double mean;
	bool few;
};

/* The rows from @i on that are of one point; returns the first one behind. */
static unsigned int average_of(const struct grid *grid, unsigned int column,
			       unsigned int i, struct average *average)
{
	unsigned int point = grid_row(grid, i)->point, n = 0;
	double sum = 0;

	*average = (struct average){ .range = nowhere };
	for (; i < grid->rows->len && grid_row(grid, i)->point == point; i++) {
		const struct value *value = &grid_row(grid, i)->values[column];
		double x = value_number(value);

		average->few |= value->few;
		range_take(&average->range, x);
		n += !isnan(x);
		sum += isnan(x) ? 0 : x;
	}
	average->mean = n && !average->few ? sum / n : NAN;
	if (average->few)
		average->range = nowhere;
	return i;
}

/* Of all that is drawn of a column. */
static struct range column_range(const struct grid *grid, unsigned int column)
{
	struct range range = nowhere;
	struct average average;

	for (unsigned int i = 0; i < grid->rows->len;) {
		i = average_of(grid, column, i, &average);
		range_take(&range, average.range.min);
		range_take(&range, average.range.max);
	}
	return range;
}

/* At most so many letters of a word are shown, and so many fit side by side. */
#define WORD_LETTERS 32
#define ROW_LETTERS 100

/* At most so many words. */
#define WORDS_MAX 24

static void quote_word(GString *out, const char *text)
{
	g_autofree char *cut = NULL;

	if (g_utf8_strlen(text, -1) > WORD_LETTERS) {
		g_autofree char *head =
			g_utf8_substring(text, 0, WORD_LETTERS - 1);

		cut = g_strconcat(head, "…", NULL);
	}
	plot_quote(out, cut ? cut : text);
}

/* Would words side by side run into each other? */
static bool is_crowded(const struct scale *scale, unsigned int step)
{
	long room = ROW_LETTERS / (scale->texts->len / step + 1);

	for (unsigned int i = 0; i < scale->texts->len; i += step) {
		const char *text = scale->texts->pdata[i];

		if (MIN(g_utf8_strlen(text, -1), WORD_LETTERS) > room)
			return true;
	}
	return false;
}

/* The tics of an axis of words, or of a map's. */
static void set_words(GString *out, const char *name, const char *label,
		      const struct scale *scale)
{
	unsigned int step = scale->texts->len / WORDS_MAX + 1;
	bool slant = g_str_equal(name, "x") && is_crowded(scale, step);

	g_string_append_printf(out, "set %slabel ", name);
	plot_quote(out, label);
	g_string_append_printf(out, "\nset %stics %s(", name,
			       slant ? "rotate by 25 right " : "");
	for (unsigned int i = 0; i < scale->texts->len; i += step) {
		g_string_append(out, i ? ", " : "");
		quote_word(out, scale->texts->pdata[i]);
		g_string_append_printf(out, " %u", i);
	}
	g_string_append_printf(out, ")\nset %srange [-0.5:%u.5]\n", name,
			       scale->texts->len - 1);
}

static double set_scale(GString *out, const char *name, const char *label,
			const struct scale *scale)
{
	struct range range = nowhere;
	struct plot_axis axis = { .name = name, .label = label };

	if (!scale->numeric) {
		set_words(out, name, label, scale);
		return 1;
	}
	for (unsigned int i = 0; i < scale->texts->len; i++)
		range_take(&range, scale_at(scale, i));
	axis.unit = scale->times ? UNIT_NS : UNIT_COUNT;
	axis.min = range.min;
	axis.max = range.max;
	axis.log = range_is_wide(&range);
	return plot_set_axis(out, &axis);
}

/* Only what counts the same as the first column fits on its axis. */
static bool is_drawn(const struct grid *grid, unsigned int column)
{
	return grid_column(grid, column)->unit == grid_column(grid, 0)->unit;
}

/* Does a percentile of too few samples keep points out of @column? */
static bool has_few(const struct grid *grid, unsigned int column)
{
	for (unsigned int i = 0; i < grid->rows->len; i++)
		if (grid_row(grid, i)->values[column].few)
			return true;
	return false;
}

/* Why nothing can be drawn of @grid, whose first @columns are wanted; NULL:
 * something can. */
static char *no_column(const struct grid *grid, unsigned int columns)
{
	const struct grid_column *first;
	bool few = false;

	if (!grid->columns->len || !grid->rows->len)
		return g_strdup("the sweep has no results");
	first = grid_column(grid, 0);
	if (first->unit == UNIT_TEXT || first->unit == UNIT_BINS)
		return g_strdup_printf("%s is not a number", first->path);
	for (unsigned int i = 0; i < MIN(columns, grid->columns->len); i++) {
		struct range range = column_range(grid, i);

		if (is_drawn(grid, i) && range.min <= range.max)
			return NULL;
		few |= has_few(grid, i);
	}
	if (!few)
		return g_strdup_printf("%s has no value at any point",
				       first->path);
	return g_strdup_printf(
		"at each point a run has fewer than %d samples "
		"beyond %s; take longer runs (-d), or other --columns",
		BEYOND_MIN, first->path);
}

/* Curves. */

/* All axes but the first one, as a curve is called by them; NULL: none. */
static char *others_label(const struct grid *grid, const struct grid_row *row)
{
	GString *text = g_string_new(NULL);

	for (unsigned int i = 1; i < grid->axes->len; i++)
		g_string_append_printf(text, "%s%s=%s", i > 1 ? ", " : "",
				       grid_axis(grid, i)->name,
				       row->settings[i].text);
	return g_string_free(text, !text->len);
}

static bool same_others(const struct grid *grid, const struct grid_row *a,
			const struct grid_row *b)
{
	for (unsigned int i = 1; i < grid->axes->len; i++)
		if (!g_str_equal(a->settings[i].text, b->settings[i].text))
			return false;
	return true;
}

static void write_number(GString *out, double x)
{
	g_string_append_c(out, ' ');
	if (isfinite(x))
		plot_double(out, x);
	else
		g_string_append(out, "NaN");
}

/* A point of a curve. */
struct spot {
	double x;
	struct average y;
};

/* Those of the curve that the row @first begins; GArray of struct spot. */
static GArray *spots_of(const struct grid *grid, unsigned int first,
			unsigned int column, const struct scale *scale)
{
	GArray *spots = g_array_new(FALSE, FALSE, sizeof(struct spot));
	unsigned int i = 0;

	while (i < grid->rows->len) {
		const struct grid_row *row = grid_row(grid, i);
		struct spot spot;

		i = average_of(grid, column, i, &spot.y);
		if (!same_others(grid, row, grid_row(grid, first)))
			continue;
		spot.x = scale_at(scale, (unsigned int)scale_index(
						 scale, row->settings[0].text));
		g_array_append_val(spots, spot);
	}
	return spots;
}

static int compare_spots(const void *a, const void *b)
{
	const struct spot *left = a, *right = b;

	return (left->x > right->x) - (left->x < right->x);
}

/* From the left to the right: a list may have its numbers in any order, and
 * gnuplot would go to and fro. */
static void write_curve(GString *out, GArray *spots, double x_unit, double unit)
{
	g_array_sort(spots, compare_spots);
	for (unsigned int i = 0; i < spots->len; i++) {
		const struct spot *spot = &g_array_index(spots, struct spot, i);

		plot_double(out, spot->x / x_unit);
		write_number(out, spot->y.mean / unit);
		write_number(out, spot->y.range.min / unit);
		write_number(out, spot->y.range.max / unit);
		g_string_append_c(out, '\n');
	}
}

static bool is_first(const struct grid *grid, unsigned int i)
{
	for (unsigned int k = 0; k < i; k++)
		if (same_others(grid, grid_row(grid, k), grid_row(grid, i)))
			return false;
	return true;
}

/* Is there a point of the curve with @row that has_few()? */
static bool curve_has_few(const struct grid *grid, const struct grid_row *row,
			  unsigned int column)
{
	for (unsigned int i = 0; i < grid->rows->len; i++)
		if (grid_row(grid, i)->values[column].few &&
		    same_others(grid, grid_row(grid, i), row))
			return true;
	return false;
}

/* How many bytes of their paths, a dot behind them, all columns that are drawn
 * have in common; of one, all. */
static size_t common_path(const struct grid *grid)
{
	const char *first = grid_column(grid, 0)->path;
	size_t n = strlen(first);

	for (unsigned int i = 1; i < grid->columns->len; i++) {
		const char *path = grid_column(grid, i)->path;

		if (!is_drawn(grid, i))
			continue;
		while (n && (first[n - 1] != '.' || strncmp(first, path, n)))
			n--;
	}
	return n;
}

/* What a curve is called, for g_free(): what stands at the axis is left out. */
static char *curve_title(const struct grid *grid, unsigned int first,
			 unsigned int column)
{
	const char *path = grid_column(grid, column)->path;
	const char *rest = path + common_path(grid);
	g_autofree char *others = others_label(grid, grid_row(grid, first));
	bool few = curve_has_few(grid, grid_row(grid, first), column);

	if (!*rest && !others)
		rest = path;
	return g_strconcat(rest, *rest && others ? ", " : "",
			   others ? others : "",
			   few ? " (gaps: too few samples)" : NULL, NULL);
}

static void plot_curve(GString *plots, const struct grid *grid, unsigned int nr,
		       const char *title)
{
	g_string_append(plots, nr ? ", \\\n     " : "plot ");
	if (grid->runs > 1)
		g_string_append_printf(plots,
				       "$curve%u using 1:2:3:4 with yerrorbars "
				       "notitle lc rgb '%s' pt 0, \\\n     ",
				       nr, plot_color(nr));
	g_string_append_printf(plots, "$curve%u using 1:2 with linespoints ",
			       nr);
	plot_points(plots, nr);
	g_string_append(plots, " title ");
	plot_quote(plots, title);
}

static double set_value_axis(GString *out, const struct grid *grid,
			     const char *name, bool curves)
{
	const struct grid_column *first = grid_column(grid, 0);
	struct range range = column_range(grid, 0);
	struct plot_axis axis = { .name = name, .unit = first->unit };
	g_autofree char *common = NULL;
	size_t n = strlen(first->path);

	for (unsigned int i = 1; curves && i < grid->columns->len; i++) {
		struct range more = column_range(grid, i);

		if (!is_drawn(grid, i))
			continue;
		range_take(&range, more.min);
		range_take(&range, more.max);
	}
	if (curves)
		n = common_path(grid);
	common = g_strndup(first->path, first->path[n] && n ? n - 1 : n);
	axis.label = n ? common : first->unit == UNIT_NS ? "time" : "value";
	axis.min = range.min;
	axis.max = range.max;
	axis.log = range_is_wide(&range);
	return plot_set_axis(out, &axis);
}

static void write_grid_head(GString *out, const struct grid *grid)
{
	g_autofree char *runs =
		g_strdup_printf("mean of %u runs, bars from the lowest to the "
				"highest",
				grid->runs);

	plot_grid_head(out, grid, grid->runs > 1 ? runs : grid->description);
}

/* Room at the ends, so that no bar of a point lies on the border. */
static void set_margins(GString *out)
{
	g_string_append(out, "set autoscale xfix\n"
			     "set offsets graph 0.02, graph 0.02, 0, 0\n");
}

/* A curve: its name and its points. */
struct grid_curve {
	char *title;
	GArray *spots;
};

static void grid_curve_clear(void *data)
{
	struct grid_curve *curve = data;

	g_free(curve->title);
	g_array_unref(curve->spots);
}

/* One for each column at each combination of all axes but the first; GArray of
 * struct grid_curve. */
static GArray *curves_of(const struct grid *grid, const struct scale *scale)
{
	GArray *curves = g_array_new(FALSE, FALSE, sizeof(struct grid_curve));

	g_array_set_clear_func(curves, grid_curve_clear);
	for (unsigned int i = 0; i < grid->rows->len; i++) {
		if (!is_first(grid, i))
			continue;
		for (unsigned int k = 0; k < grid->columns->len; k++) {
			struct grid_curve curve;

			if (!is_drawn(grid, k))
				continue;
			curve.title = curve_title(grid, i, k);
			curve.spots = spots_of(grid, i, k, scale);
			g_array_append_val(curves, curve);
		}
	}
	return curves;
}

static void write_curves(GString *out, const struct grid *grid,
			 const struct scale *scale, const GArray *curves)
{
	g_autoptr(GString) plots = g_string_new(NULL);
	unsigned int letters = 0;
	double x_unit, unit;

	write_grid_head(out, grid);
	x_unit = set_scale(out, "x", grid_axis(grid, 0)->key, scale);
	set_margins(out);
	unit = set_value_axis(out, grid, "y", true);
	for (unsigned int i = 0; i < curves->len; i++) {
		const struct grid_curve *curve =
			&g_array_index(curves, struct grid_curve, i);

		letters = MAX(letters,
			      (unsigned int)g_utf8_strlen(curve->title, -1));
		g_string_append_printf(out, "$curve%u << EOD\n", i);
		write_curve(out, curve->spots, x_unit, unit);
		g_string_append(out, "EOD\n");
		plot_curve(plots, grid, i, curve->title);
	}
	plot_key(out, curves->len, letters);
	g_string_append_printf(out, "%s\n", plots->str);
}

static char *write_sweep(const struct grid *grid, GString *out)
{
	char *why = no_column(grid, grid->columns->len);
	g_autoptr(GArray) curves = NULL;
	struct scale scale;

	if (why)
		return why;
	scale = scale_of(grid, 0);
	curves = curves_of(grid, &scale);
	why = plot_too_many(curves->len);
	if (!why)
		write_curves(out, grid, &scale, curves);
	scale_clear(&scale);
	return why;
}

static const char *const sweep_facts[] = { "p50", "p99", "max", NULL };

const struct plot_kind plot_sweep = {
	.choice = { "sweep", "a sweep's numbers over its first axis" },
	.write_grid = write_sweep,
	.axes = 1,
	.facts = sweep_facts,
	.crowded = "max",
};

/* Maps. */

/* What stands in a cell. */
static void cell_text(char *buf, size_t n, enum unit unit,
		      const struct average *average)
{
	double x = average->mean;

	if (isnan(x))
		g_strlcpy(buf, average->few ? "too few" : "-", n);
	else if (unit == UNIT_NS)
		plot_time(buf, n, (int64_t)(x + 0.5));
	else if (unit == UNIT_SHARE)
		g_ascii_formatd(buf, (int)n, "%.3g %%", x * 100);
	else
		g_ascii_formatd(buf, (int)n, "%.3g", x);
}

/* White on the darker half of the colours, black on the lighter one. */
static const char *cell_ink(const struct range *range, double x)
{
	double min = range->min, max = range->max, middle;

	plot_open_ends(&min, &max);
	middle = range_is_wide(range) ? sqrt(min * max) : (min + max) / 2;
	return x < middle ? "0xffffff" : "0x000000";
}

static void write_cell(GString *out, const struct range *range, enum unit unit,
		       const struct average *average)
{
	char text[VALUE_TEXT_MAX];

	cell_text(text, sizeof(text), unit, average);
	g_string_append_printf(out, " \"%s\" %s\n", text,
			       cell_ink(range, average->mean));
}

static void write_cells(GString *out, const struct grid *grid,
			const struct scale *x, const struct scale *y,
			double unit)
{
	struct range range = column_range(grid, 0);
	unsigned int i = 0;

	g_string_append(out, "$cells << EOD\n");
	while (i < grid->rows->len) {
		const struct grid_row *row = grid_row(grid, i);
		struct average average;

		i = average_of(grid, 0, i, &average);
		g_string_append_printf(out, "%d %d",
				       scale_index(x, row->settings[0].text),
				       scale_index(y, row->settings[1].text));
		write_number(out, average.mean / unit);
		write_cell(out, &range, grid_column(grid, 0)->unit, &average);
	}
	g_string_append(out, "EOD\n");
}

/* From dark to light in equal steps for every kind of colour vision: stops of
 * matplotlib's cividis (Nunez, Anderton, Renslow, 2018). */
static const char palette[] =
	"set palette defined (0 '#00224e', 1 '#35456c', 2 '#666970', "
	"3 '#948e77', 4 '#c8b866', 5 '#fee838')\n";

/* All colours are used. */
static void set_colors(GString *out, const struct grid *grid, double unit)
{
	struct range range = column_range(grid, 0);

	if (range.min >= range.max)
		return;
	g_string_append(out, "set cbrange [");
	plot_double(out, range.min / unit);
	g_string_append_c(out, ':');
	plot_double(out, range.max / unit);
	g_string_append(out, "]\n");
}

static void write_map_head(GString *out, const struct grid *grid)
{
	const char *path = grid_column(grid, 0)->path;
	g_autofree char *runs =
		g_strdup_printf("%s, mean of %u runs", path, grid->runs);

	plot_grid_head(out, grid, grid->runs > 1 ? runs : path);
}

static char *write_heatmap(const struct grid *grid, GString *out)
{
	struct scale x, y;
	double unit;
	char *why;

	if (grid->axes->len != 2)
		return g_strdup("a heatmap is of a sweep of two axes");
	why = no_column(grid, 1);
	if (why)
		return why;
	x = scale_of(grid, 0);
	y = scale_of(grid, 1);
	write_map_head(out, grid);
	g_string_append(out, palette);
	g_string_append(out, "unset key\nunset grid\nset border 0\n"
			     "set tics scale 0\n"
			     "set style fill solid noborder\n");
	set_words(out, "x", grid_axis(grid, 0)->key, &x);
	set_words(out, "y", grid_axis(grid, 1)->key, &y);
	unit = set_value_axis(out, grid, "cb", false);
	set_colors(out, grid, unit);
	write_cells(out, grid, &x, &y, unit);
	g_string_append(out, "plot $cells using 1:2:($1-0.5):($1+0.5):"
			     "($2-0.5):($2+0.5):3 with boxxyerror "
			     "fc palette");
	if (x.texts->len * y.texts->len <= NUMBERED_CELLS)
		g_string_append(out, ", \\\n     $cells using 1:2:4:5 with "
				     "labels font ',11' tc rgb variable");
	g_string_append_c(out, '\n');
	scale_clear(&x);
	scale_clear(&y);
	return NULL;
}

static const char *const heatmap_facts[] = { "p99", NULL };

const struct plot_kind plot_heatmap = {
	.choice = { "heatmap", "a sweep's number over two axes, as colours" },
	.write_grid = write_heatmap,
	.axes = 2,
	.facts = heatmap_facts,
};
