/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From a command line to a sweep and its report.
 *
 * Whatever can be found to be wrong is found before anything is simulated or
 * written: the scenario, the columns, files that can't be written.  A point
 * that is wrong is no reason to stop: it has a row that says why.
 */
#include <config.h>

#include "preemptsim/app/sweep.h"

#include <errno.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "preemptsim/app/app.h"
#include "preemptsim/app/interrupt.h"
#include "preemptsim/app/load.h"
#include "preemptsim/app/output.h"
#include "preemptsim/app/plot.h"
#include "preemptsim/app/progress.h"
#include "preemptsim/sweep/find.h"
#include "preemptsim/sweep/pool.h"
#include "preemptsim/sweep/sheet.h"

/**
 * struct series - a command under way.
 * @before: simulations of it that had ended before the pool began
 */
struct series {
	const struct options *options;
	struct plan *plan;
	struct store *store;
	struct progress progress;
	unsigned int before;
	gint64 began_us;
};

static struct shard shard_of(const struct options *options)
{
	return (struct shard){ options->shard_index, options->shards };
}

/* Say @why and free it; returns whether there was nothing to be said. */
static bool fine(char *why)
{
	if (why)
		fprintf(stderr, "%s\n", why);
	g_free(why);
	return !why;
}

/* Preparing. */

static bool check_format(const struct report_format *format)
{
	if (format->write_grid)
		return true;
	fprintf(stderr,
		"preemptsim: error: a sweep can't be told as %s; text, json "
		"and csv can tell it\n",
		format->choice.name);
	return false;
}

static bool check_formats(const struct options *options)
{
	bool good = check_format(options->format);

	for (unsigned int i = 0; i < options->exports->len; i++)
		good &= check_format(
			g_array_index(options->exports, struct export, i)
				.format);
	return good;
}

/* The axes of the options, and the one that is searched last. */
static GPtrArray *take_axes(const struct options *options)
{
	GPtrArray *axes = g_ptr_array_new_with_free_func(axis_free);

	for (unsigned int i = 0; i < options->axes->len; i++)
		g_ptr_array_add(axes, axis_copy(options->axes->pdata[i]));
	if (options->over)
		g_ptr_array_add(axes, axis_copy(options->over));
	return axes;
}

static bool make_plan(struct series *series)
{
	const struct options *options = series->options;
	g_autoptr(GPtrArray) messages = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GString) text = g_string_new(NULL);

	if (load_read(options, text, messages))
		series->plan = plan_new(options->args->pdata[0], text,
					options->settings, take_axes(options),
					options->find, options->runs, messages);
	load_tell(messages, !options->quiet);
	return series->plan != NULL;
}

static bool open_store(struct series *series, const char *file, bool create)
{
	char *why = NULL;

	series->store = store_open(file, create, &why);
	return fine(why);
}

static bool prepare(struct series *series)
{
	const struct options *options = series->options;

	return make_plan(series) &&
	       fine(sheet_check_columns(options->columns, series->plan,
					NULL)) &&
	       output_check_exports(options) &&
	       open_store(series, options->db, true) &&
	       fine(sheet_claim(series->store, series->plan));
}

/* Simulating. */

static void tell(void *data, unsigned int done)
{
	struct series *series = data;

	progress_count(&series->progress, series->before + done);
}

static bool simulate(struct series *series, const GArray *todo)
{
	struct pool pool = {
		.plan = series->plan,
		.store = series->store,
		.threads = series->options->jobs,
		.stop = &interrupted,
		.told = tell,
		.data = series,
	};
	bool good;

	interrupt_catch();
	good = fine(pool_simulate(&pool, todo));
	series->before += todo->len;
	return good;
}

static bool simulate_all(struct series *series)
{
	struct shard shard = shard_of(series->options);
	g_autoptr(GArray) todo =
		sheet_todo(series->store, series->plan, &shard);
	bool good;

	progress_begin(&series->progress, series->options, todo->len);
	good = simulate(series, todo);
	progress_end(&series->progress);
	return good;
}

/* At most so many simulations a search takes. */
static unsigned int search_length(const struct plan *plan)
{
	const struct axis *axis = plan->axes->pdata[plan->axes->len - 1];
	unsigned int n = axis->values->len;

	return plan->nr_points / n * plan->runs * (2 + g_bit_storage(n));
}

static bool search_all(struct series *series)
{
	bool good = true, over = false;

	progress_begin(&series->progress, series->options,
		       search_length(series->plan));
	while (good && !over && !interrupted) {
		g_autoptr(GArray) todo = find_todo(series->store, series->plan);

		over = !todo->len;
		good = over || simulate(series, todo);
	}
	progress_end(&series->progress);
	return good;
}

/* Reporting. */

static bool write_grid(const struct options *options, const struct grid *grid)
{
	g_autoptr(GString) text = g_string_new(NULL);
	bool good = true;

	if (options->kind)
		return plot_grid(options, grid);
	for (unsigned int i = 0; i < options->exports->len; i++) {
		const struct export *export;

		export = &g_array_index(options->exports, struct export, i);
		g_string_truncate(text, 0);
		export->format->write_grid(grid, false, text);
		good &= output_file(export->file, text);
	}
	g_string_truncate(text, 0);
	options->format->write_grid(grid, output_wants_color(options), text);
	return output_stdout(text) && good;
}

static void tell_speed(const struct series *series)
{
	char text[G_ASCII_DTOSTR_BUF_SIZE];
	double s = (double)(g_get_monotonic_time() - series->began_us) /
		   G_USEC_PER_SEC;

	g_ascii_formatd(text, sizeof(text), "%.2f", s);
	fprintf(stderr, "%u simulations by %u threads in %s s\n",
		series->before, series->options->jobs, text);
}

/* How the program ends after what was simulated. */
static int status_of(enum trial_status worst, bool holds, bool complete)
{
	if (interrupted)
		return STATUS_INTERRUPTED;
	if (worst == TRIAL_BUG)
		return STATUS_BUG;
	if (worst != TRIAL_DONE || !complete)
		return STATUS_ERROR;
	return holds ? STATUS_DONE : STATUS_EXPECT;
}

/* A picture is of what was simulated, in a search, too. */
static bool tells_search(const struct series *series)
{
	return series->plan->condition && !series->options->kind;
}

static int report(const struct series *series)
{
	const struct options *options = series->options;
	struct shard shard = shard_of(options);
	enum trial_status worst;
	struct grid *grid;
	bool holds, good;
	int status;

	grid = tells_search(series) ?
		       find_grid(series->store, series->plan, &worst, &holds) :
		       sheet_grid(series->store, series->plan, &shard,
				  options->columns, &worst, &holds);
	good = write_grid(options, grid);
	status = status_of(worst, holds, !grid->missing);
	if (grid->missing && !interrupted && !options->quiet)
		fprintf(stderr, "preemptsim: %" G_GUINT64_FORMAT " %s\n",
			grid->missing,
			grid->missing == 1 ? grid->lack : grid->lacks);
	grid_free(grid);
	return good || status == STATUS_INTERRUPTED ? status : STATUS_ERROR;
}

static void series_clear(struct series *series)
{
	store_close(series->store);
	plan_free(series->plan);
}

/*
 * A simulation frees what the next one takes: keep it.  Given back to the
 * system and taken again, it would be zeroed page by page under a lock that
 * all threads share.
 */
static void keep_memory(void)
{
#ifdef __GLIBC__
	mallopt(M_TRIM_THRESHOLD, 256 * 1024 * 1024);
	mallopt(M_TOP_PAD, 4 * 1024 * 1024);
#endif
}

int sweep(const struct options *options)
{
	struct series series = { .options = options,
				 .began_us = g_get_monotonic_time() };
	int status = STATUS_ERROR;
	bool good;

	if (!check_formats(options))
		return STATUS_USAGE;
	keep_memory();
	if (prepare(&series)) {
		good = options->find ? search_all(&series) :
				       simulate_all(&series);
		if (good)
			status = report(&series);
		if (options->verbose)
			tell_speed(&series);
	}
	series_clear(&series);
	return status;
}

/* Merging. */

/* Do two names, the second of a file that is there, stand for one file? */
static bool same_file(const char *a, const char *b)
{
	struct stat one, other;

	return !stat(a, &one) && !stat(b, &other) &&
	       one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

/* What is wrong with the file @in, which shall go into @out; NULL: nothing. */
static char *shard_fault(const char *out, const char *in)
{
	struct store *store;
	char *why = NULL;

	if (access(in, R_OK))
		return g_strdup_printf("%s: error: %s", in, g_strerror(errno));
	if (same_file(out, in))
		return g_strdup_printf("%s: error: it can't be merged into "
				       "itself (%s comes first); name other "
				       "shards, or another database first",
				       in, out);
	store = store_open(in, false, &why);
	store_close(store);
	return why;
}

/* What can't be merged is told before a database is made for it. */
static bool check_shards(const GPtrArray *files)
{
	for (unsigned int i = 1; i < files->len; i++)
		if (!fine(shard_fault(files->pdata[0], files->pdata[i])))
			return false;
	return true;
}

static bool merge_one(struct series *series, const char *file)
{
	char *why = NULL;
	struct store *from = store_open(file, false, &why);

	if (from)
		why = store_merge(series->store, from);
	store_close(from);
	return fine(why);
}

/* A database that was made for a merger which failed would only be in the way
 * of the next one: all that is in it is in the shards. */
static void forget_merger(struct series *series, const char *out)
{
	store_close(series->store);
	series->store = NULL;
	unlink(out);
}

static bool merge_all(struct series *series)
{
	const GPtrArray *files = series->options->args;
	const char *out = files->pdata[0];
	bool is_new = access(out, F_OK) != 0;
	bool good = open_store(series, out, true);

	for (unsigned int i = 1; good && i < files->len; i++)
		good = merge_one(series, files->pdata[i]);
	if (good)
		series->plan = sheet_plan(series->store);
	else if (is_new && series->store)
		forget_merger(series, out);
	return series->plan;
}

/* A picture, and nobody has said of which numbers? */
static char *columns_of_plot(const struct series *series)
{
	g_autofree char *table = store_note(series->store, "columns");

	if (!series->options->kind || series->options->columns || !table)
		return NULL;
	return plot_columns(series->options, table, series->plan->axes);
}

static bool columns_are_there(const struct series *series)
{
	if (tells_search(series) && series->options->columns) {
		fputs("preemptsim: error: a search has no columns to choose\n",
		      stderr);
		return false;
	}
	return fine(sheet_check_columns(series->options->columns, series->plan,
					series->store));
}

int sweep_merge(const struct options *options)
{
	struct options with = *options;
	struct series series = { .options = &with };
	g_autofree char *columns = NULL;
	int status = STATUS_ERROR;

	if (!check_formats(options))
		return STATUS_USAGE;
	if (output_check_exports(options) && check_shards(options->args) &&
	    merge_all(&series)) {
		columns = columns_of_plot(&series);
		if (columns)
			with.columns = columns;
		if (columns_are_there(&series))
			status = report(&series);
	}
	series_clear(&series);
	return status;
}
