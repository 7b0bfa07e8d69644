/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pictures of what the CPUs do: which window, and in which form. */
#include <config.h>

#include <stdio.h>

#include "preemptsim/app/app.h"
#include "preemptsim/app/interrupt.h"
#include "preemptsim/app/load.h"
#include "preemptsim/app/output.h"
#include "preemptsim/app/plot.h"
#include "preemptsim/app/tracing.h"
#include "preemptsim/report/timeline.h"
#include "preemptsim/scenario/build.h"

bool plot_draws_timeline(const char *file)
{
	return g_str_has_suffix(file, ".svg") || g_str_has_suffix(file, ".txt");
}

static bool write_timeline(const struct options *options,
			   const struct scenario *scenario,
			   const struct timeline *timeline)
{
	g_autoptr(GString) out = g_string_new(NULL);
	g_autofree char *title = NULL;

	if (timeline->full || timeline->from_ns >= timeline->to_ns) {
		fputs(timeline->full ?
			      "preemptsim: error: too much happens in the "
			      "window; narrow it with --from and --to\n" :
			      "preemptsim: error: the simulation is over before "
			      "--from\n",
		      stderr);
		return false;
	}
	title = g_strdup_printf(
		"%s%s%s", scenario->name, scenario->description ? ": " : "",
		scenario->description ? scenario->description : "");
	if (g_str_has_suffix(options->picture, ".txt"))
		timeline_write_text(timeline, TIMELINE_COLUMNS, out);
	else
		timeline_write_svg(timeline, title, out);
	return output_file(options->picture, out);
}

static int simulate_window(const struct options *options,
			   const struct scenario *scenario)
{
	int64_t from_ns = options->from_ns, to_ns = options->to_ns;
	g_autoptr(GPtrArray) timelines = g_ptr_array_new();
	struct run_options run = { .timelines = timelines };
	struct timeline *timeline;
	bool good;

	if (!options->windowed &&
	    !tracing_find(options, scenario, &from_ns, &to_ns))
		return interrupted ? STATUS_INTERRUPTED : STATUS_ERROR;
	timeline = timeline_new(from_ns, to_ns);
	g_ptr_array_add(timelines, timeline);
	run.until_ns = to_ns == INT64_MAX ? 0 : to_ns;
	results_free(tracing_run(scenario, run, options, "drawing"));
	good = !interrupted && write_timeline(options, scenario, timeline);
	timeline_free(timeline);
	if (interrupted)
		return STATUS_INTERRUPTED;
	return good ? STATUS_DONE : STATUS_ERROR;
}

static const char *mistake(const struct options *options)
{
	if (!options->picture || !plot_draws_timeline(options->picture))
		return "a timeline is written to a FILE that ends in .svg or "
		       ".txt: give -o";
	if (options->script)
		return "a timeline is not drawn by gnuplot: there is no "
		       "--script";
	if (options->vary->len || options->axes->len)
		return "a timeline is of one simulation: set keys with -s";
	if (options->runs > 1)
		return "a timeline is of one simulation: there is no --runs";
	if (options->columns || options->db)
		return "--columns and --db are for --kind sweep and heatmap";
	return NULL;
}

int plot_timeline(const struct options *options)
{
	g_autoptr(GPtrArray) messages = g_ptr_array_new_with_free_func(g_free);
	const char *wrong = mistake(options);
	struct scenario *scenario;
	int status;

	if (wrong) {
		fprintf(stderr,
			"preemptsim plot: %s\n"
			"Try 'preemptsim plot --help'.\n",
			wrong);
		return STATUS_USAGE;
	}
	scenario = load_scenario(options->args->pdata[0], options->settings,
				 NULL, messages);
	load_tell(messages, !options->quiet);
	if (!scenario)
		return STATUS_ERROR;
	status = output_check(options->picture) ?
			 simulate_window(options, scenario) :
			 STATUS_ERROR;
	scenario_free(scenario);
	return status;
}
