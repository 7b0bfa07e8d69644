/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From results to pictures: what `plot' simulates, and where pictures go.
 *
 * Simulating is left to what `compare', `sweep' and `merge' do; they hand the
 * results to plot_report() or plot_grid() instead of printing them.
 */
#include <config.h>

#include "preemptsim/app/plot.h"

#include <stdio.h>

#include "preemptsim/app/app.h"
#include "preemptsim/app/gnuplot.h"
#include "preemptsim/app/load.h"
#include "preemptsim/app/output.h"
#include "preemptsim/app/simulate.h"
#include "preemptsim/app/sweep.h"
#include "preemptsim/report/outline.h"

/* What is wrong with the command line. */
static int usage(const char *what)
{
	fprintf(stderr,
		"preemptsim plot: %s\n"
		"Try 'preemptsim plot --help'.\n",
		what);
	return STATUS_USAGE;
}

/* Where pictures go. */

static bool write_picture(const struct options *options, const GString *body)
{
	g_autoptr(GString) script = g_string_new(NULL);
	bool good = true;

	gnuplot_terminal(script, options->picture);
	g_string_append_len(script, body->str, (gssize)body->len);
	if (options->script)
		good = output_file(options->script, script);
	if (options->picture)
		good &= gnuplot_draw(options->picture, script, options->quiet);
	return good;
}

/* @why there is nothing to be seen, or NULL. */
static bool deliver(const struct options *options, char *why,
		    const GString *body)
{
	if (!why)
		return write_picture(options, body);
	fprintf(stderr, "preemptsim: error: %s\n", why);
	g_free(why);
	return false;
}

bool plot_report(const struct options *options, const struct report *report)
{
	g_autoptr(GString) body = g_string_new(NULL);
	char *why = report->builds->len ?
			    options->kind->write(&options->plot, report, body) :
			    g_strdup("nothing was simulated");

	return deliver(options, why, body);
}

/* What the gaps of a picture are. */
static void tell_errors(const struct grid *grid)
{
	g_autoptr(GString) errors = g_string_new(NULL);

	grid_write_errors(grid, errors);
	if (errors->len)
		fprintf(stderr,
			"preemptsim: error: the picture lacks what could not "
			"be simulated:\n%s",
			errors->str);
}

bool plot_grid(const struct options *options, const struct grid *grid)
{
	g_autoptr(GString) body = g_string_new(NULL);
	char *why = options->kind->write_grid(grid, body);

	tell_errors(grid);
	return deliver(options, why, body);
}

/* Whose latency. */

/* The task that is shown, for g_free(); NULL after saying what is wrong.
 * @text: takes what the scenario's file has */
static char *find_task(const struct options *options, GString *text)
{
	g_autoptr(GPtrArray) messages = g_ptr_array_new_with_free_func(g_free);
	const char *name = options->plot.task;
	struct scenario *scenario = NULL;
	char *task = NULL;

	if (scenario_read(options->args->pdata[0], text, messages))
		scenario = load_text(options->args->pdata[0], text,
				     options->settings, NULL, messages);
	if (!scenario) {
		load_tell(messages, !options->quiet);
		return NULL;
	}
	if (!name)
		name = plot_task(scenario);
	if (load_has_task(scenario, name, false))
		task = g_strdup(name);
	scenario_free(scenario);
	return task;
}

/* Sweeps. */

/* Where there would be more curves, only one number of each point is shown. */
#define CROWDED 12

/* How many curves a column has: one for each combination of all @axes but the
 * first; more than PLOT_CURVES_MAX: too many. */
static unsigned int curves_of(const GPtrArray *axes)
{
	unsigned int n = 1;

	for (unsigned int i = 1; i < axes->len && n <= PLOT_CURVES_MAX; i++) {
		const struct axis *axis = axes->pdata[i];

		n *= MIN(axis->values->len, PLOT_CURVES_MAX + 1);
	}
	return n;
}

/* "player.wakeup_latency.p50,player.wakeup_latency.p99" */
static char *default_columns(const struct options *options, const char *task,
			     const GPtrArray *axes)
{
	const char *const *facts = options->kind->facts;
	const char *const one[] = { options->kind->crowded, NULL };
	unsigned int n = g_strv_length((char **)facts);
	GString *text = g_string_new(NULL);

	if (one[0] && n * curves_of(axes) > CROWDED)
		facts = one;
	for (; *facts; facts++)
		g_string_append_printf(
			text, "%s%s.%s.%s", text->len ? "," : "", task,
			latency_kind_name(options->plot.measure), *facts);
	return g_string_free(text, FALSE);
}

char *plot_columns(const struct options *options, const char *table,
		   const GPtrArray *axes)
{
	g_auto(GStrv) paths = g_strsplit(table, ",", 2);
	g_autofree char *first = NULL;
	size_t object = 0;

	if (options->plot.task)
		return default_columns(options, options->plot.task, axes);
	if (!paths[0] || !fact_of_path(paths[0], &object))
		return NULL;
	first = g_strndup(paths[0], object);
	return default_columns(options, first, axes);
}

/* How many of @columns are drawn: those that count the same as the first. */
static unsigned int drawn_columns(const char *columns)
{
	g_auto(GStrv) paths = g_strsplit(columns, ",", -1);
	const struct fact *first = NULL, *fact;
	unsigned int n = 0;
	size_t object;

	for (char **path = paths; *path; path++) {
		fact = fact_of_path(*path, &object);
		if (!first)
			first = fact;
		n += fact && fact->unit == first->unit;
	}
	return n;
}

/* The file is what `sweep --db' has left.  What is read of a pipe is lost, and
 * no database comes from one. */
static bool is_database(const char *file)
{
	static const char magic[] = "SQLite format 3";
	char head[sizeof(magic)] = "";
	FILE *in;
	bool is;

	if (!g_file_test(file, G_FILE_TEST_IS_REGULAR))
		return false;
	in = fopen(file, "rb");
	if (!in)
		return false;
	is = fread(head, 1, sizeof(head), in) == sizeof(head) &&
	     g_str_equal(head, magic);
	fclose(in);
	return is;
}

static int plot_sweep(struct options options)
{
	g_autoptr(GString) text = g_string_new(NULL);
	g_autofree char *task = NULL;
	g_autofree char *columns = NULL;
	g_autofree char *why = NULL;

	if (is_database(options.args->pdata[0]))
		return sweep_merge(&options);
	task = find_task(&options, text);
	if (!task)
		return STATUS_ERROR;
	options.text = text;
	columns = default_columns(&options, task, options.axes);
	if (!options.columns)
		options.columns = columns;
	if (options.kind->crowded)
		why = plot_too_many(drawn_columns(options.columns) *
				    curves_of(options.axes));
	return why ? usage(why) : sweep(&options);
}

/* Builds. */

static int plot_builds(struct options options)
{
	g_autoptr(GString) text = g_string_new(NULL);
	g_autofree char *task = find_task(&options, text);
	g_autoptr(GPtrArray) variants = NULL;
	g_autofree char *why = NULL;

	if (!task)
		return STATUS_ERROR;
	options.text = text;
	options.plot.task = task;
	options.no_blame = !options.kind->blame;
	options.blame_which = BLAME_ALL;
	options.explain = options.kind->blame;
	if (!options.vary->len)
		return simulate(&options, NULL, true);
	variants = vary(options.vary);
	if (!variants) {
		fprintf(stderr,
			"preemptsim plot: more than %d combinations; vary "
			"less\n",
			VARIANTS_MAX);
		return STATUS_USAGE;
	}
	if (options.kind->curves)
		why = plot_too_many(variants->len);
	return why ? usage(why) : simulate(&options, variants, true);
}

/* The command line. */

static bool check_files(const struct options *options)
{
	bool good = true;

	if (options->picture)
		good &= output_check(options->picture);
	if (options->script)
		good &= output_check(options->script);
	return good;
}

/* Expectations are not what a picture is for. */
static int status_of(int status)
{
	return status == STATUS_EXPECT ? STATUS_DONE : status;
}

static int draw(const struct options *options)
{
	if (!check_files(options) || (options->picture && !gnuplot_is_there()))
		return STATUS_ERROR;
	return status_of(options->kind->write_grid ? plot_sweep(*options) :
						     plot_builds(*options));
}

/* What is wrong with a picture of builds, or NULL. */
static const char *mistake_of_builds(const struct options *options,
				     bool database)
{
	if (database)
		return "the database of a sweep is for --kind sweep and "
		       "heatmap";
	if (options->axes->len)
		return "-P and -L are for --kind sweep and heatmap";
	if (options->columns || options->db)
		return "--columns and --db are for --kind sweep and heatmap";
	return NULL;
}

/* The same of a sweep's. */
static const char *mistake_of_sweep(const struct options *options,
				    bool database)
{
	if (!options->axes->len && !database)
		return "which sweep is not said: give -P, -L or its database";
	if (options->vary->len)
		return "--vary is for ccdf, histogram and blame; a sweep takes "
		       "-L";
	if (database && (options->axes->len || options->settings->len ||
			 options->db || options->runs > 1))
		return "the database of a sweep is drawn as it is: -P, -L, -s, "
		       "-d, --seed, --runs and --db change nothing";
	return NULL;
}

/* What is wrong with a picture of gnuplot's, or NULL. */
static const char *mistake(const struct options *options, bool database)
{
	if (options->picture && !gnuplot_draws(options->picture))
		return "only a timeline can be written as text";
	if (options->around || options->windowed)
		return "--from, --to and --around are for --kind timeline";
	return options->kind->write_grid ? mistake_of_sweep(options, database) :
					   mistake_of_builds(options, database);
}

int plot(const struct options *options)
{
	struct options with = *options;
	bool database = is_database(options->args->pdata[0]);
	const char *wrong;

	if (!options->picture && !options->script)
		return usage("option -o FILE is missing");
	if (with.timeline)
		return plot_timeline(&with);
	if (!with.kind)
		with.kind = plot_kind_find(
			database || options->axes->len ? "sweep" : "ccdf");
	wrong = mistake(&with, database);
	return wrong ? usage(wrong) : draw(&with);
}
