/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From a file and a command line to a report.
 *
 * Run r of every build is simulated before run r + 1 of any, so that what is
 * there after Ctrl-C are whole pairs.  An interrupted simulation counts only
 * while its build has no other; a build without any is left out.
 *
 * Exports are written before stdout: who pipes the report into something that
 * stops reading still gets the files.
 */
#include <config.h>

#include "preemptsim/app/simulate.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "preemptsim/app/app.h"
#include "preemptsim/app/interrupt.h"
#include "preemptsim/app/load.h"
#include "preemptsim/app/output.h"
#include "preemptsim/app/plot.h"
#include "preemptsim/app/progress.h"
#include "preemptsim/app/tracing.h"
#include "preemptsim/app/verify.h"
#include "preemptsim/report/diff.h"
#include "preemptsim/scenario/build.h"
#include "preemptsim/scenario/setting.h"
#include "preemptsim/sweep/axis.h"

/* Worst cases of each kind: kept if nothing is said, and shown in text. */
#define WORST_KEPT 10
#define WORST_SHOWN 3

/* Work under way: what is simulated, and what it costs. */
struct work {
	const struct options *options;
	GPtrArray *scenarios;
	GPtrArray *builds;
	GArray *differences;
	struct progress progress;
	struct host_facts host;
	struct debug debug;
	struct output_stream debug_file;
	struct verification verification;
	unsigned int nr_worst;
	bool jobs, windows;
	enum blame_shown blame;
	struct tracing *tracing;
};

static void free_scenario(void *data)
{
	scenario_free(data);
}

static void free_build(void *data)
{
	build_free(data);
}

/* What to compare if nobody says so: the builds of the scenario, if any.
 * NULL after messages. */
static GPtrArray *default_variants(const struct options *options,
				   const GString *text, GPtrArray *messages)
{
	struct scenario *scenario;
	GPtrArray *variants;

	scenario = load_text(options->args->pdata[0], text, options->settings,
			     NULL, messages);
	if (!scenario)
		return NULL;
	variants = scenario->builds->len ? vary_builds(scenario->builds) :
					   vary_default();
	scenario_free(scenario);
	return variants;
}

/* Pairs are made of tasks at the same place. */
static bool have_same_tasks(const struct work *work, GPtrArray *messages)
{
	const struct scenario *first = work->scenarios->pdata[0];

	for (unsigned int i = 1; i < work->scenarios->len; i++) {
		const struct scenario *other = work->scenarios->pdata[i];
		bool same = other->tasks->len == first->tasks->len;

		for (unsigned int t = 0; same && t < first->tasks->len; t++) {
			const struct task_conf *a = first->tasks->pdata[t];
			const struct task_conf *b = other->tasks->pdata[t];

			same = g_str_equal(a->name, b->name);
		}
		if (same)
			continue;
		g_ptr_array_add(messages,
				g_strdup_printf("%s: error: what is compared "
						"must have the same tasks",
						first->file));
		return false;
	}
	return true;
}

static void warn_lost(const struct variant *variant, const GPtrArray *settings,
		      GPtrArray *messages)
{
	for (unsigned int i = 0; i < variant->settings->len; i++) {
		const char *text = setting_text(variant->settings->pdata[i]);
		g_autofree char *key = g_strndup(text, strcspn(text, "="));

		axis_warn_lost(key, settings, messages);
	}
}

static bool load_variants(struct work *work, const GString *text,
			  const GPtrArray *variants, GPtrArray *messages)
{
	const struct options *options = work->options;
	bool good = true;

	for (unsigned int i = 0; i < variants->len; i++) {
		const struct variant *variant = variants->pdata[i];
		struct scenario *scenario;

		warn_lost(variant, options->settings, messages);
		scenario = load_text(options->args->pdata[0], text,
				     options->settings, variant->settings,
				     messages);
		good &= scenario != NULL;
		if (!scenario)
			continue;
		g_ptr_array_add(work->scenarios, scenario);
		g_ptr_array_add(work->builds,
				build_new(scenario, variant->label,
					  variant->short_label));
	}
	return good && have_same_tasks(work, messages);
}

/* Load all variants; otherwise tell what is wrong with any. */
static bool load_all(struct work *work, const GPtrArray *variants,
		     bool compared)
{
	const struct options *options = work->options;
	g_autoptr(GPtrArray) messages = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GPtrArray) chosen = NULL;
	g_autoptr(GString) text = g_string_new(NULL);
	bool good;

	good = load_read(options, text, messages);
	if (good && !variants)
		variants = chosen = default_variants(options, text, messages);
	good = good && variants &&
	       load_variants(work, text, variants, messages);
	/* Who chooses what to compare may leave builds out. */
	if (good && compared)
		good = diff_check(work->builds,
				  options->vary->len ? "warning" : "error",
				  messages) ||
		       options->vary->len;
	load_tell(messages, !options->quiet);
	return good;
}

/* What @format shows has to be there. */
static void want(struct work *work, const struct report_format *format)
{
	work->jobs |= format->needs_jobs;
	work->windows |= format->shows_windows;
	work->blame = MAX(work->blame, format->blame);
}

/* Explaining takes time, so only what somebody shows is explained. */
static void want_what_is_shown(struct work *work)
{
	const struct options *options = work->options;

	want(work, options->format);
	for (unsigned int i = 0; i < options->exports->len; i++)
		want(work,
		     g_array_index(options->exports, struct export, i).format);
	if (options->no_blame)
		work->blame = SHOWS_NO_BLAME;
	else if (options->explain && work->blame)
		work->blame = SHOWS_WORST;
	work->windows &= options->explain && work->blame && !options->kind;
}

/* Nobody wants more: Ctrl-C, or a trace that can't be written. */
static bool is_over(const struct work *work)
{
	return interrupted || (work->tracing && tracing_failed(work->tracing));
}

/* Whose worst cases are kept: all tasks', but of a picture only those of the task
 * that it is of, which the others' may leave no room for. */
static const char *worst_task(const struct work *work)
{
	const struct options *options = work->options;

	if (!options->kind || options->plot.task)
		return options->kind ? options->plot.task : NULL;
	return plot_task(work->scenarios->pdata[0]);
}

/* Simulate run @run of @build. */
static void simulate_one(struct work *work, struct build *build,
			 unsigned int run)
{
	struct run_options options = {
		.seed = build->scenario->seed,
		.run = run,
		.nr_worst = work->nr_worst,
		.worst_task = worst_task(work),
		.jobs = work->jobs,
		.blame = work->blame != SHOWS_NO_BLAME,
		.blame_worst = work->blame == SHOWS_WORST,
		.blame_timelines = work->windows,
		.blame_which = work->options->blame_which,
		.blame_over_ns = work->options->blame_over_ns,
		.bound = work->options->bound,
		.automata = work->verification.automata,
		.stop = &interrupted,
		.progress = progress_tell,
		.progress_data = &work->progress,
	};
	struct results *results;

	if (work->debug.topic) {
		options.observe = debug_watch;
		options.observe_data = &work->debug;
	}
	work->progress.what = build->label;
	if (run == 0 && work->tracing && !work->options->around)
		options.trace = tracing_request(work->tracing);
	results = scenario_run(build->scenario, &options);
	work->host.events += results->events;
	if (!results->interrupted || !build->nr_runs)
		build_add_run(build, results, work->nr_worst);
	verify_take(&work->verification, results, build->label);
	results_free(results);
	work->progress.done++;
}

/* Leave out builds that an interruption left without a run. */
static void finish_builds(GPtrArray *builds)
{
	unsigned int i = 0;

	while (i < builds->len) {
		struct build *build = builds->pdata[i];

		if (build->nr_runs) {
			build->total->interrupted |= interrupted;
			build_finish(build);
			i++;
		} else {
			g_ptr_array_remove_index(builds, i);
		}
	}
}

static double user_cpu_s(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return (double)usage.ru_utime.tv_sec +
	       (double)usage.ru_utime.tv_usec / 1e6;
}

static void simulate_all(struct work *work)
{
	unsigned int runs = work->options->runs, n = work->builds->len;
	gint64 began_us = g_get_monotonic_time();
	double cpu_s = user_cpu_s();

	interrupt_catch();
	progress_begin(&work->progress, work->options, runs * n);
	for (unsigned int i = 0; i < runs * n && !is_over(work); i++)
		simulate_one(work, work->builds->pdata[i % n], i / n);
	progress_end(&work->progress);
	finish_builds(work->builds);
	work->host.wall_s = (double)(g_get_monotonic_time() - began_us) / 1e6;
	work->host.cpu_s = user_cpu_s() - cpu_s;
}

/* Reporting. */

static bool write_exports(const struct work *work, struct report report)
{
	const GArray *exports = work->options->exports;
	bool good = true;

	report.color = false;
	report.width = REPORT_WIDTH;
	report.on_terminal = false;
	for (unsigned int i = 0; i < exports->len; i++) {
		const struct export *export;
		g_autoptr(GString) text = g_string_new(NULL);

		export = &g_array_index(exports, struct export, i);
		export->format->write(&report, text);
		good &= output_file(export->file, text);
	}
	return good;
}

static bool write_report(const struct work *work, bool compared)
{
	const struct options *options = work->options;
	struct report report = {
		.builds = work->builds,
		.compared = compared,
		.differences = work->differences,
		.host = options->no_host ? NULL : &work->host,
		.color = output_wants_color(options),
		.width = output_width(),
		.on_terminal = isatty(STDOUT_FILENO),
		.verbose = options->verbose,
		.nr_worst = options->explain ? work->nr_worst : WORST_SHOWN,
		.explain = options->explain,
	};
	g_autoptr(GString) text = g_string_new(NULL);
	bool good = write_exports(work, report);

	if (options->kind)
		return plot_report(options, &report) && good;
	options->format->write(&report, text);
	return output_stdout(text) && good;
}

static void tell_host(const struct host_facts *host)
{
	char wall[G_ASCII_DTOSTR_BUF_SIZE], cpu[G_ASCII_DTOSTR_BUF_SIZE];

	g_ascii_formatd(wall, sizeof(wall), "%.2f", host->wall_s);
	g_ascii_formatd(cpu, sizeof(cpu), "%.2f", host->cpu_s);
	fprintf(stderr,
		"simulated in %s s (%s s of CPU time), %" G_GUINT64_FORMAT
		" events, %.0f a second\n",
		wall, cpu, host->events, host_events_per_s(host));
}

/* What did not hold, for those who don't read it in the text. */
static void tell_failures(const struct build *build)
{
	for (unsigned int i = 0; i < build->outcomes->len; i++) {
		const struct expect_outcome *outcome;
		char actual[VALUE_TEXT_MAX];

		outcome = &g_array_index(build->outcomes, struct expect_outcome,
					 i);
		if (outcome->holds)
			continue;
		fprintf(stderr, "%s: %s%s%s does not hold: it is %s\n",
			outcome->expect->where,
			build->label ? build->label : "",
			build->label ? ": " : "", outcome->expect->text,
			value_format(actual, sizeof(actual), &outcome->actual));
	}
}

static void tell_differences(const struct work *work)
{
	for (unsigned int i = 0; i < work->differences->len; i++) {
		const struct diff_outcome *outcome;

		outcome = &g_array_index(work->differences, struct diff_outcome,
					 i);
		if (!outcome->holds)
			fprintf(stderr,
				"%s: %s against %s: %s does not hold%s%s\n",
				outcome->expect->where, outcome->build,
				outcome->base, outcome->expect->text,
				outcome->unknown ? ": " : "",
				outcome->unknown ? outcome->unknown : "");
	}
}

static bool differences_hold(const struct work *work)
{
	bool good = true;

	for (unsigned int i = 0; i < work->differences->len; i++)
		good &= g_array_index(work->differences, struct diff_outcome, i)
				.holds;
	return good;
}

static bool all_hold(const struct work *work)
{
	bool text = g_str_equal(work->options->format->choice.name, "text");
	bool good = differences_hold(work);

	if (!text)
		tell_differences(work);
	for (unsigned int i = 0; i < work->builds->len; i++) {
		const struct build *build = work->builds->pdata[i];

		good &= build_holds(build);
		if (!text)
			tell_failures(build);
	}
	return good;
}

/* The traces become files; that about the worst latency is simulated first. */
static bool write_traces(struct work *work)
{
	const struct build *build = work->builds->pdata[0];

	if (!work->tracing)
		return true;
	if (work->options->around && !interrupted &&
	    tracing_window(work->tracing, build->scenario))
		tracing_simulate(work->tracing, build->scenario);
	return tracing_finish(work->tracing);
}

/* Where what is watched goes. */
static bool open_debug(struct work *work)
{
	const char *file = work->options->debug_file;

	work->debug.topic = work->options->debug;
	work->debug.out = stderr;
	if (!file)
		return true;
	if (!output_open(&work->debug_file, file))
		return false;
	work->debug.out = work->debug_file.to;
	return true;
}

static bool close_debug(struct work *work)
{
	return !work->options->debug_file || output_close(&work->debug_file);
}

static int finish(struct work *work, bool compared, bool written)
{
	bool hold;
	int verified;

	work->differences = compared ? expect_differences(work->builds) :
				       g_array_new(FALSE, FALSE, 1);
	written &= write_report(work, compared);
	hold = all_hold(work);
	verified = verify_tell(&work->verification, work->options->verbose);
	if (work->options->verbose)
		tell_host(&work->host);
	if (verified == STATUS_BUG)
		return verified;
	if (interrupted)
		return STATUS_INTERRUPTED;
	if (!written)
		return STATUS_ERROR;
	return hold ? verified : STATUS_EXPECT;
}

/*
 * Histograms are large and nearly empty: memory of their size shall come from
 * the system, zeroed, and be there only where it is touched, however many they
 * are.  (Not so in a sweep: its threads would wait for each other at every
 * mmap().)
 */
static void tune_malloc(void)
{
#ifdef __GLIBC__
	mallopt(M_MMAP_THRESHOLD, 32 * 1024);
	mallopt(M_MMAP_MAX, INT_MAX);
#endif
}

int simulate(const struct options *options, const GPtrArray *variants,
	     bool compared)
{
	struct work work = {
		.options = options,
		.scenarios = g_ptr_array_new_with_free_func(free_scenario),
		.builds = g_ptr_array_new_with_free_func(free_build),
		.nr_worst = options->nr_worst ? options->nr_worst : WORST_KEPT,
	};
	int status = STATUS_ERROR;
	bool good, written;

	tune_malloc();
	want_what_is_shown(&work);
	good = verify_load(&work.verification, options);
	good &= load_all(&work, variants, compared);
	if (good && output_check_exports(options) && open_debug(&work) &&
	    tracing_begin(options, work.scenarios->pdata[0], &work.tracing)) {
		simulate_all(&work);
		written = close_debug(&work);
		if (write_traces(&work))
			status = finish(&work, compared, written);
	}
	verify_clear(&work.verification);
	g_clear_pointer(&work.differences, g_array_unref);
	g_ptr_array_unref(work.builds);
	g_ptr_array_unref(work.scenarios);
	return status;
}
