/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_APP_OPTIONS_H
#define PREEMPTSIM_APP_OPTIONS_H

/*
 * Options of the command line.  One table in options.c serves the parser and
 * the help of every command.
 */

#include <glib.h>
#include <stdbool.h>

#include "preemptsim/measure/results.h"
#include "preemptsim/report/debug.h"
#include "preemptsim/report/format.h"
#include "preemptsim/report/plot.h"
#include "preemptsim/sweep/axis.h"

/* Which commands an option is for; a mask. */
#define OPTIONS_COMMON (1u << 0)
#define OPTIONS_SCENARIO (1u << 1) /* what changes the scenario */
#define OPTIONS_RUN (1u << 2)	   /* of those that simulate and report */
#define OPTIONS_VARY (1u << 3)
#define OPTIONS_CHECK (1u << 4)
#define OPTIONS_LIST (1u << 5)
#define OPTIONS_WATCH (1u << 6) /* of those that simulate one build */
#define OPTIONS_SWEEP (1u << 7)
#define OPTIONS_TRACED (1u << 8)    /* what goes into a trace */
#define OPTIONS_TRACE_TOO (1u << 9) /* a trace beside the report */
#define OPTIONS_TRACE_ONLY (1u << 10)
#define OPTIONS_PROGRESS (1u << 11) /* of those that take a while */
#define OPTIONS_GRID (1u << 12)	    /* of those that report a grid */
#define OPTIONS_PLOT (1u << 13)

/** enum color_when - when text has colour. */
enum color_when {
	COLOR_AUTO,
	COLOR_ALWAYS,
	COLOR_NEVER
};

/** enum progress_how - how progress is told. */
enum progress_how {
	PROGRESS_AUTO,
	PROGRESS_NEVER,
	PROGRESS_PLAIN
};

/**
 * struct export - a file to be written beside stdout.
 * @format: how
 * @file: where to; owned
 */
struct export
{
	const struct report_format *format;
	char *file;
};

/**
 * struct options - the command line, understood.
 * @args: words that are no options; GPtrArray of char *
 * @text: what the first of them has, if it was read already: a pipe can't be
 *        read again; borrowed, NULL: see load_read()
 * @settings: of -s, --seed and -d, in order; GPtrArray of char *, see
 *            scenario/setting.h
 * @vary: KEY=A,B of --vary; GPtrArray of char *
 * @verify: arguments of --verify, "": none; GPtrArray of char *
 * @axes: of -P and -L, in order; GPtrArray of struct axis *
 * @over: of --over, NULL: none
 * @find: the condition of --find, NULL: none
 * @columns: of --columns, NULL: the default ones
 * @db: the file of --db, NULL: none
 * @jobs: threads
 * @shard_index, @shards: which part of how many
 * @exports: GArray of struct export
 * @format: what goes to stdout
 * @debug: what to watch; NULL: nothing
 * @debug_file: where to; owned, NULL: stderr
 * @runs: how many
 * @explain: worst cases are wanted with all of their blame
 * @nr_worst: how many of each kind; 0: the default
 * @color, @progress: as the enums say
 * @no_blame: explain nothing
 * @blame_which: of which dropouts to find out what delayed them
 * @blame_over_ns: explain wakeup latencies from this one on; 0: dropouts
 * @bound: bound the scheduling latency
 * @quiet, @verbose, @no_host, @print_resolved, @man: flags
 * @traces: files of --trace and -o; GPtrArray of char *
 * @events: names of --events; GPtrArray of char *
 * @from_ns, @to_ns: of --from and --to; @to_ns INT64_MAX: to the end
 * @windowed: one of them was given
 * @around: a trace about the worst latency; @around_task: of this task, or NULL
 * @kind: of --kind: which picture; NULL: none was named, or the timeline
 * @timeline: a picture of what happens, not of results
 * @plot: of --task and --measure
 * @picture: file of -o, where the picture goes; NULL: nowhere
 * @script: of --script; NULL: none
 * @help, @version: only that
 */
struct options {
	GPtrArray *args;
	const GString *text;
	GPtrArray *settings;
	GPtrArray *vary;
	GPtrArray *verify;
	GPtrArray *axes;
	struct axis *over;
	const char *find, *columns, *db;
	unsigned int jobs;
	unsigned int shard_index, shards;
	GArray *exports;
	const struct report_format *format;
	const struct debug_topic *debug;
	char *debug_file;
	unsigned int runs;
	bool explain;
	unsigned int nr_worst;
	int color, progress;
	bool no_blame, bound;
	enum blame_which blame_which;
	int64_t blame_over_ns;
	bool quiet, verbose, no_host, print_resolved, man;
	GPtrArray *traces, *events;
	int64_t from_ns, to_ns;
	bool windowed, around;
	char *around_task;
	const struct plot_kind *kind;
	bool timeline;
	struct plot plot;
	const char *picture, *script;
	bool help, version;
};

/** options_init - no option given. */
void options_init(struct options *options);

/** options_clear - free what @options owns. */
void options_clear(struct options *options);

/**
 * options_parse - read a command line; options may stand anywhere.
 * @argc, @argv: as main()'s; argv[0] is ignored; the order may be changed
 * @mask: OPTIONS_... that are allowed
 *
 * Returns NULL, or what is wrong, to be freed with g_free().
 */
char *options_parse(struct options *options, int argc, char **argv,
		    unsigned int mask);

/** options_help - append lines for all options of @mask to @out. */
void options_help(unsigned int mask, GString *out);

#endif
