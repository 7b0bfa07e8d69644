/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kinds of pictures, and what their scripts have in common.
 *
 * Curves are told apart by colour, dashes and marks: the colours are those that
 * Okabe and Ito chose for all kinds of colour vision (jfly.uni-koeln.de/color),
 * less the yellow that is lost on white.
 */
#include <config.h>

#include <string.h>

#include "plot-private.h"

static const struct plot_kind *const kinds[] = {
#define PLOT_KIND(name) &plot_##name,
#include "plot-list.h"
#undef PLOT_KIND
};

const struct plot_kind *plot_kind(unsigned int i)
{
	return i < G_N_ELEMENTS(kinds) ? kinds[i] : NULL;
}

const struct plot_kind *plot_kind_find(const char *name)
{
	for (unsigned int i = 0; i < G_N_ELEMENTS(kinds); i++)
		if (g_str_equal(kinds[i]->choice.name, name))
			return kinds[i];
	return NULL;
}

const char *plot_task(const struct scenario *scenario)
{
	const struct task_conf *task;

	for (unsigned int i = 0; i < scenario->tasks->len; i++) {
		task = scenario->tasks->pdata[i];
		if ((task->body == BODY_JOB && task->deadline != KTIME_MAX) ||
		    stream_of_task(scenario, task))
			return task->name;
	}
	task = scenario->tasks->pdata[0];
	return task->name;
}

/*
 * Where two apostrophes stand for one, gnuplot 5.4 does not find the end of
 * 'it''''s', nor of '''tis': so each is a string of its own, and by its number,
 * since what looks for @macros counts them even between other quotes.
 */
void plot_quote(GString *out, const char *text)
{
	g_string_append_c(out, '\'');
	for (; *text; text++)
		if (*text == '\'')
			g_string_append(out, "'.\"\\047\".'");
		else
			g_string_append_c(out, *text == '\n' ? ' ' : *text);
	g_string_append_c(out, '\'');
}

void plot_double(GString *out, double x)
{
	char text[G_ASCII_DTOSTR_BUF_SIZE];

	g_string_append(out, g_ascii_formatd(text, sizeof(text), "%.10g", x));
}

const char *plot_color(unsigned int i)
{
	static const char *const colors[] = { "#0072b2", "#d55e00", "#009e73",
					      "#cc79a7", "#e69f00", "#56b4e9",
					      "#000000" };

	return colors[i % G_N_ELEMENTS(colors)];
}

void plot_lines(GString *out, unsigned int i)
{
	static const char *const dashes[] = { "solid", "'-'", "'_.'", "'.'",
					      "'-..'" };

	g_string_append_printf(out, "lc rgb '%s' lw 2.5 dt %s", plot_color(i),
			       dashes[i % G_N_ELEMENTS(dashes)]);
}

void plot_points(GString *out, unsigned int i)
{
	static const unsigned int marks[] = { 7, 5, 9, 11, 13, 6, 4, 8 };

	plot_lines(out, i);
	g_string_append_printf(out, " pt %u ps 0.8",
			       marks[i % G_N_ELEMENTS(marks)]);
}

char *plot_time(char *buf, size_t n, int64_t ns)
{
	char text[TIME_TEXT_MAX];
	const char *unit;

	time_format_ns(text, sizeof(text), ns);
	unit = strstr(text, " us");
	if (unit)
		g_snprintf(buf, n, "%.*s µs", (int)(unit - text), text);
	else
		g_strlcpy(buf, text, n);
	return buf;
}

/* So many letters of a title fit in a row if they are of the usual size. */
#define TITLE_LETTERS 74
#define TITLE_SIZE 17
#define TITLE_SMALLEST 8

/* The size of letters with which @title and @subtitle fit. */
static long title_size(const char *title, const char *subtitle)
{
	long letters = g_utf8_strlen(title, -1);

	if (subtitle)
		letters = MAX(letters, g_utf8_strlen(subtitle, -1));
	letters = MAX(letters, TITLE_LETTERS);
	return MAX(TITLE_SIZE * TITLE_LETTERS / letters, TITLE_SMALLEST);
}

void plot_head(GString *out, const char *title, const char *subtitle)
{
	g_string_append(out, "set encoding utf8\n"
			     "set decimalsign '.'\n"
			     "set title ");
	plot_quote(out, title);
	if (subtitle) {
		g_string_append(out, " . \"\\n\" . ");
		plot_quote(out, subtitle);
	}
	g_string_append_printf(out, " font ',%ld'\n",
			       title_size(title, subtitle));
	g_string_append(out, "set key outside bottom center horizontal Left "
			     "reverse samplen 4 width 2 height 0.5\n"
			     "set grid lc rgb '#cccccc' lw 0.7\n"
			     "set border 3 lc rgb '#444444'\n"
			     "set tics nomirror\n");
}

/* So many letters fit side by side below a picture; beside each name stand a
 * piece of its curve and some room. */
#define KEY_LETTERS 108
#define KEY_ROOM 10

/* More rows would leave the curves little room: letters are smaller then. */
#define KEY_ROWS 12
#define KEY_LETTERS_SMALL 150

static unsigned int key_columns(unsigned int room, unsigned int letters)
{
	return CLAMP(room / (letters + KEY_ROOM), 1, 5);
}

/* Three columns or more fit only with less room than two have, and gnuplot
 * takes letters for wider than most are: one in KEY_SPARED is given back. */
#define KEY_SPARED 13

void plot_key(GString *out, unsigned int names, unsigned int letters)
{
	unsigned int columns = key_columns(KEY_LETTERS, letters);
	bool small = names > columns * KEY_ROWS;

	if (small)
		columns = key_columns(KEY_LETTERS_SMALL, letters);
	g_string_append_printf(out, "set key maxcols %u", columns);
	if (columns > 2)
		g_string_append_printf(out, " samplen 3 width -%u",
				       letters / KEY_SPARED);
	g_string_append(out, small ? " font ',8'\n" : "\n");
}

char *plot_too_many(unsigned int curves)
{
	if (curves <= PLOT_CURVES_MAX)
		return NULL;
	return g_strdup_printf("%u curves can't be told apart; vary less, so "
			       "that there are at most %d",
			       curves, PLOT_CURVES_MAX);
}

const char *plot_interrupted(const struct report *report)
{
	return report_was_interrupted(report) ? " (interrupted)" : "";
}

void plot_grid_head(GString *out, const struct grid *grid, const char *subtitle)
{
	g_autofree char *title = g_strconcat(
		grid->name, grid->missing ? " (not complete)" : "", NULL);

	plot_head(out, title, subtitle);
}

/* Axes. */

/* A unit of time, and how many ns it has. */
struct time_unit {
	const char *name;
	double ns;
};

static const struct time_unit time_units[] = {
	{ "ns", 1 }, { "µs", 1e3 }, { "ms", 1e6 }, { "s", 1e9 }
};

/* The unit in which @ns is 1 or more, but not much. */
static const struct time_unit *unit_for(double ns)
{
	unsigned int i = G_N_ELEMENTS(time_units) - 1;

	while (i && ns < time_units[i].ns)
		i--;
	return &time_units[i];
}

static void add_tic(GString *out, const struct plot_axis *axis, double at)
{
	const struct time_unit *unit = unit_for(at);

	if (axis->unit == UNIT_NS)
		g_string_append_printf(out, "'%.0f %s' ", at / unit->ns,
				       unit->name);
	else if (axis->unit == UNIT_SHARE)
		g_string_append_printf(out, "'%g %%%%' ", at * 100);
	else
		g_string_append_printf(out, "'%g' ", at);
	plot_double(out, at);
}

/* The end of an axis that begins at @from, rounded away from what stands there. */
static double log_end(const struct plot_axis *axis, double from)
{
	double end = from * 10;

	while (end < axis->max * (1 - 1e-9))
		end *= 10;
	return end;
}

/* A tic at each power of ten.  gnuplot may lose one that stands right at an end,
 * so these are a hair farther out. */
static void log_tics(GString *out, const struct plot_axis *axis)
{
	static const double share_lowest = 1e-9, lowest = 1;
	double at = axis->unit == UNIT_SHARE ? share_lowest : lowest, end;
	unsigned int n = 0;

	while (at * 10 <= axis->min)
		at *= 10;
	end = log_end(axis, at);
	g_string_append_printf(out, "set logscale %s\nset %srange [",
			       axis->name, axis->name);
	plot_double(out, at - at / 1000);
	g_string_append_c(out, ':');
	if (axis->ends)
		plot_double(out, end + end / 1000);
	g_string_append_printf(out, "]\nset %stics (", axis->name);
	for (; at <= end * (1 + 1e-9); at *= 10) {
		g_string_append(out, n++ ? ", " : "");
		add_tic(out, axis, at);
	}
	g_string_append(out, ")\n");
}

static void set_label(GString *out, const struct plot_axis *axis,
		      const char *unit)
{
	g_autofree char *text =
		unit ? g_strdup_printf("%s (%s)", axis->label, unit) :
		       g_strdup(axis->label);

	g_string_append_printf(out, "set %slabel ", axis->name);
	plot_quote(out, text);
	if (g_str_equal(axis->name, "x"))
		g_string_append(out, " offset 0,0.5"); /* from the key */
	g_string_append_c(out, '\n');
}

void plot_open_ends(double *min, double *max)
{
	if (*min < *max)
		return;
	*min = MIN(2 * *min, 0);
	*max = *max != 0 ? MAX(2 * *max, 0) : 1;
}

/* Where all data are the same, gnuplot would choose ends, and say so: of 0 it
 * takes -1 and 1, also of what can't be below 0. */
static void set_ends(GString *out, const struct plot_axis *axis, double unit)
{
	double min = axis->min, max = axis->max;

	if (min < max)
		return;
	plot_open_ends(&min, &max);
	g_string_append_printf(out, "set %srange [", axis->name);
	plot_double(out, min / unit);
	g_string_append_c(out, ':');
	plot_double(out, max / unit);
	g_string_append(out, "]\n");
}

double plot_set_axis(GString *out, const struct plot_axis *axis)
{
	const struct time_unit *time = unit_for(axis->max);
	double unit = axis->unit == UNIT_NS    ? time->ns :
		      axis->unit == UNIT_SHARE ? 0.01 :
						 1;

	if (axis->log) {
		log_tics(out, axis);
		set_label(out, axis, NULL);
		return 1;
	}
	set_label(out, axis,
		  axis->unit == UNIT_NS	   ? time->name :
		  axis->unit == UNIT_SHARE ? "%" :
					     NULL);
	set_ends(out, axis, unit);
	return unit;
}
