/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files of traces, and the window about the worst latency.
 *
 * The worst latency is known when a run is over, so the run is simulated again,
 * to the end of the window; the same seed gives the same run.
 */
#include <config.h>

#include "preemptsim/app/tracing.h"

#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "preemptsim/app/interrupt.h"
#include "preemptsim/app/load.h"
#include "preemptsim/app/output.h"
#include "preemptsim/app/progress.h"
#include "preemptsim/scenario/build.h"

/* Beside the latency itself, at least so much before and after it. */
#define MARGIN_NS 1000000

/**
 * struct tracing - traces of one run.
 * @options: the command line
 * @request: what is traced
 * @stream: of each output
 * @traced: there was a run for it
 * @old_pipe: what SIGPIPE did before
 */
struct tracing {
	const struct options *options;
	struct trace_request request;
	struct output_stream stream[TRACE_OUTPUTS_MAX];
	bool traced;
	struct sigaction old_pipe;
};

static void select_events(struct trace_request *request,
			  const GPtrArray *events)
{
	for (unsigned int id = 0; id < NR_TRACEPOINTS; id++)
		request->skip[id] = events->len != 0;
	for (unsigned int i = 0; i < events->len; i++)
		trace_event_select(request, events->pdata[i]);
}

/* What can't be written in any order is written elsewhere first. */
static bool begin_scratch(struct trace_output *output,
			  const struct output_stream *stream)
{
	if (output_in_place(stream))
		output->fd = output_scratch(stream);
	output->scratch = output_scratch(stream);
	return output->fd >= 0 && output->scratch >= 0;
}

static bool begin_output(struct tracing *tracing, const char *file)
{
	struct trace_request *request = &tracing->request;
	struct trace_output *output = &request->output[request->nr_outputs];
	struct output_stream *stream = &tracing->stream[request->nr_outputs];

	output->format = trace_format_of(file);
	output->scratch = -1;
	if (!output_open(stream, file))
		return false;
	request->nr_outputs++;
	output->fd = fileno(stream->to);
	return !output->format->needs_scratch || begin_scratch(output, stream);
}

static bool check_outputs(const struct options *options)
{
	bool good = true;

	for (unsigned int i = 0; i < options->traces->len; i++)
		good &= output_check(options->traces->pdata[i]);
	return good;
}

/* A window that the run never comes to. */
static bool check_window(const struct options *options,
			 const struct scenario *scenario)
{
	if (options->from_ns < ktime_to_ns(&scenario->tb, scenario->duration))
		return true;
	fputs("preemptsim: error: the simulation is over before --from\n",
	      stderr);
	return false;
}

/* Who reads one of them from a pipe may leave; that is an error of this file
 * then, as the parts of others have to be removed. */
static void ignore_pipe(struct tracing *tracing)
{
	struct sigaction action = { .sa_handler = SIG_IGN };

	sigemptyset(&action.sa_mask);
	sigaction(SIGPIPE, &action, &tracing->old_pipe);
}

bool tracing_begin(const struct options *options,
		   const struct scenario *scenario, struct tracing **result)
{
	struct tracing *tracing;
	bool good = true;

	*result = NULL;
	if (!options->traces->len)
		return true;
	if (!check_window(options, scenario) || !check_outputs(options))
		return false;
	tracing = g_new0(struct tracing, 1);
	tracing->options = options;
	ignore_pipe(tracing);
	tracing->request.from_ns = options->from_ns;
	tracing->request.to_ns = options->to_ns;
	select_events(&tracing->request, options->events);
	for (unsigned int i = 0; i < options->traces->len && good; i++)
		good = begin_output(tracing, options->traces->pdata[i]);
	if (good)
		*result = tracing;
	else
		tracing_finish(tracing);
	return good;
}

struct trace_request *tracing_request(struct tracing *tracing)
{
	tracing->traced = true;
	return &tracing->request;
}

bool tracing_failed(const struct tracing *tracing)
{
	return tracing->request.failed;
}

struct results *tracing_run(const struct scenario *scenario,
			    struct run_options options,
			    const struct options *line, const char *what)
{
	struct progress progress;
	struct results *results;

	interrupt_catch();
	options.seed = scenario->seed;
	options.stop = &interrupted;
	options.progress = progress_tell;
	options.progress_data = &progress;
	progress_begin(&progress, line, 1);
	progress.what = what;
	results = scenario_run(scenario, &options);
	progress_end(&progress);
	return results;
}

static bool no_latency(const char *task)
{
	if (task)
		fprintf(stderr,
			"preemptsim: no latency of a task '%s' was measured\n",
			task);
	else
		fputs("preemptsim: no latency was measured\n", stderr);
	return false;
}

static void tell_worst(const struct options *options,
		       const struct worst_case *worst)
{
	char latency[TIME_TEXT_MAX];

	if (options->quiet)
		return;
	fprintf(stderr, "%s: %s of %s at %lld.%09lld s\n", worst->task,
		worst->kind == KIND_WAKEUP_LATENCY ? "wakeup latency" :
						     "response time",
		time_format_ns(latency, sizeof(latency), worst->latency_ns),
		(long long)(worst->at_ns / 1000000000),
		(long long)(worst->at_ns % 1000000000));
}

/* The longest of the kind that is wanted, or of the other one. */
static const struct worst_case *longest(const struct results *results,
					enum latency_kind kind)
{
	for (unsigned int i = 0; i < results->worst->len; i++) {
		const struct worst_case *worst = results->worst->pdata[i];

		if (worst->kind == kind)
			return worst;
	}
	return results->worst->pdata[0];
}

/* As much before and after it as it is long. */
bool tracing_find(const struct options *line, const struct scenario *scenario,
		  int64_t *from_ns, int64_t *to_ns)
{
	const char *task =
		line->around_task ? line->around_task : line->plot.task;
	struct run_options options = { .nr_worst = 1, .worst_task = task };
	const struct worst_case *worst;
	struct results *results;
	int64_t margin;
	bool found;

	if (task && !load_has_task(scenario, task, true))
		return false;
	results = tracing_run(scenario, options, line,
			      "looking for the worst latency");
	found = results->worst->len != 0 && !interrupted;
	if (found) {
		worst = longest(results, line->plot.measure);
		margin = MAX(worst->latency_ns, MARGIN_NS);
		*from_ns = MAX(worst->at_ns - margin, 0);
		*to_ns = worst->at_ns + worst->latency_ns + margin;
		tell_worst(line, worst);
	} else if (interrupted) {
		fputs("preemptsim: interrupted before the worst latency was "
		      "known, so nothing is written\n",
		      stderr);
	} else {
		no_latency(task);
	}
	results_free(results);
	return found;
}

bool tracing_window(struct tracing *tracing, const struct scenario *scenario)
{
	return tracing_find(tracing->options, scenario,
			    &tracing->request.from_ns, &tracing->request.to_ns);
}

void tracing_simulate(struct tracing *tracing, const struct scenario *scenario)
{
	int64_t to_ns = tracing->request.to_ns;
	struct run_options options = {
		.trace = tracing_request(tracing),
		.until_ns = to_ns == INT64_MAX ? 0 : to_ns,
	};

	results_free(
		tracing_run(scenario, options, tracing->options, "tracing"));
}

/* @whole: all files are. */
static bool finish_output(const struct trace_output *output,
			  struct output_stream *stream, bool whole)
{
	bool copied = output->fd >= 0 && output->fd != fileno(stream->to);
	bool good = whole;

	stream->error = output->error;
	if (whole && copied)
		output_copy(stream, output->fd);
	if (copied)
		close(output->fd);
	if (output->scratch >= 0)
		close(output->scratch);
	if (whole)
		good = output_close(stream);
	else
		output_discard(stream);
	return good;
}

bool tracing_finish(struct tracing *tracing)
{
	const struct trace_request *request = &tracing->request;
	bool whole = tracing->traced && !request->failed;
	bool good = whole;

	for (unsigned int i = 0; i < request->nr_outputs; i++)
		good &= finish_output(&request->output[i], &tracing->stream[i],
				      whole);
	if (good && tracing->options->verbose)
		fprintf(stderr, "%" G_GUINT64_FORMAT " events traced\n",
			request->events);
	sigaction(SIGPIPE, &tracing->old_pipe, NULL);
	g_free(tracing);
	return good;
}
