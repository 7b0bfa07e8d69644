/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_TRACE_TRACE_H
#define PREEMPTSIM_TRACE_TRACE_H

/*
 * Trace files: what the tracepoints tell, written down as Linux names it, for
 * the tools that read Linux's traces.
 *
 * Everything goes to file descriptors while the simulation runs; memory does
 * not grow with its length.
 */

#include <stdbool.h>
#include <stdint.h>

#include "preemptsim/engine/tracepoint.h"
#include "preemptsim/workload/workload.h"

struct trace;
struct trace_event;

/**
 * struct trace_format - a way to write a trace.
 * @choice: what it is called, which is also how its files end, and for whom
 *          it is
 * @needs_scratch: it needs a second file for what it can't write in order, and
 *                 that its file can be written in any order
 * @open: returns the state of a writer to @fd; both files stay the caller's
 * @event: write one event; returns 0, or the errno of the first error so far
 * @close: write what is left, free @state; returns 0 or an errno
 */
struct trace_format {
	struct choice choice;
	bool needs_scratch;
	void *(*open)(const struct trace *trace, int fd, int scratch);
	int (*event)(void *state, const struct trace_event *event);
	int (*close)(void *state);
};

/** trace_format - the i-th format, or NULL behind the last. */
const struct trace_format *trace_format(unsigned int i);

/** trace_format_of - the format that @file's ending names, or NULL. */
const struct trace_format *trace_format_of(const char *file);

/** TRACE_OUTPUTS_MAX - more files of one run nobody needs. */
#define TRACE_OUTPUTS_MAX 8

/**
 * struct trace_output - one file.
 * @format: how
 * @fd, @scratch: open for writing and reading, empty; @scratch may be -1 if
 *                the format needs none
 * @error: 0, or what went wrong, as errno; set by trace_finish()
 */
struct trace_output {
	const struct trace_format *format;
	int fd, scratch;
	int error;
};

/**
 * struct trace_request - what to write.
 * @output, @nr_outputs: where to
 * @from_ns, @to_ns: events from the one instant to before the other;
 *                   INT64_MAX: to the end
 * @skip: events, by enum tracepoint, that are left out
 * @failed: an output could not be written; the run was ended early
 * @events: written; set by trace_finish()
 */
struct trace_request {
	struct trace_output output[TRACE_OUTPUTS_MAX];
	unsigned int nr_outputs;
	int64_t from_ns, to_ns;
	bool skip[NR_TRACEPOINTS];
	bool failed;
	uint64_t events;
};

/** trace_event_choice - the i-th event that traces can hold, or NULL. */
const struct choice *trace_event_choice(unsigned int i);

/** trace_event_select - only the event called @name, too: unskip it.
 * Returns false if there is none of that name; "*" and "?" match. */
bool trace_event_select(struct trace_request *request, const char *name);

/** trace_new - listen to @workload's simulation; before kernel_boot(), which
 * tells already.  @request has to stay. */
struct trace *trace_new(struct workload *workload,
			struct trace_request *request);

/** trace_finish - write what is left and free; fills in @request. */
void trace_finish(struct trace *trace);

#endif
