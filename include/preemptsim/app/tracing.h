/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_APP_TRACING_H
#define PREEMPTSIM_APP_TRACING_H

/*
 * Traces of the command line: their files, and what of a run goes into them.
 */

#include <stdbool.h>

#include "preemptsim/app/options.h"
#include "preemptsim/scenario/model.h"
#include "preemptsim/trace/trace.h"

struct results;
struct run_options;
struct tracing;

/**
 * tracing_run - simulate @scenario once as @options say; progress tells @what.
 * @line: the command line
 *
 * Returns results for results_free().
 */
struct results *tracing_run(const struct scenario *scenario,
			    struct run_options options,
			    const struct options *line, const char *what);

/**
 * tracing_find - a window about the worst latency, of options.around_task if
 * that is set: simulates to find it.
 *
 * Returns false, after saying why, if there is none.
 */
bool tracing_find(const struct options *options,
		  const struct scenario *scenario, int64_t *from_ns,
		  int64_t *to_ns);

/**
 * tracing_begin - begin the files that @options asks for.
 * @tracing: receives what tracing_finish() frees; NULL if none is asked for
 *
 * Returns false if one can't be written, or if @scenario is over before its
 * window, after saying so.
 */
bool tracing_begin(const struct options *options,
		   const struct scenario *scenario, struct tracing **tracing);

/** tracing_request - for run_options.trace, of one run only. */
struct trace_request *tracing_request(struct tracing *tracing);

/** tracing_failed - a file could not be written. */
bool tracing_failed(const struct tracing *tracing);

/**
 * tracing_window - what is traced is about the worst latency: simulate once to
 * find it.  Returns false, after saying why, if there is none.
 */
bool tracing_window(struct tracing *tracing, const struct scenario *scenario);

/** tracing_simulate - simulate as far as the trace needs it, and trace. */
void tracing_simulate(struct tracing *tracing, const struct scenario *scenario);

/** tracing_finish - the files appear, if they were written whole and were
 * traced at all; frees @tracing.  Returns whether all is well. */
bool tracing_finish(struct tracing *tracing);

#endif
