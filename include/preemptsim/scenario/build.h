/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_SCENARIO_BUILD_H
#define PREEMPTSIM_SCENARIO_BUILD_H

/*
 * From a validated scenario to a simulation, and from that to results.
 */

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "preemptsim/measure/results.h"
#include "preemptsim/measure/timeline.h"
#include "preemptsim/scenario/model.h"
#include "preemptsim/trace/trace.h"

struct kernel; /* preemptsim/kernel/kernel.h */

/**
 * struct run_options - how to run a scenario.
 * @seed, @run: of its random streams
 * @nr_worst: worst cases of each kind to keep
 * @jobs: keep every job
 * @no_run_ahead: schedule and pop every operation (sim.run_ahead), to prove
 *                that leaving that out changes nothing
 * @observe: called before the boot with the kernel, to listen to its
 *           tracepoints; may be NULL
 * @observe_data: for @observe
 * @blame: explain the dropouts, and with @blame_worst the worst cases, too
 * @blame_timelines: record what the CPUs did about the worst cases
 * @blame_which: of them, see enum blame_which
 * @blame_over_ns: explain not the dropouts, but the wakeup latencies from this
 *                 one on; 0: don't
 * @blame_interval: copy the simulation for that after so many events, to prove
 *                  that it does not matter; 0: when it pays
 * @bound: bound the scheduling latency of each CPU
 * @automata: GPtrArray of struct automaton * to hold the run to; may be NULL
 * @worst_task: keep worst cases of this task (and its copies) only; NULL: of
 *              any
 * @trace: write a trace; NULL: none
 * @timelines: GPtrArray of empty struct timeline * to be filled; may be NULL
 * @until_ns: end then, if that is before the scenario's end; 0: don't
 * @stop: set from a signal handler or a thread to end early; may be NULL
 * @survive: when the simulation can't go on, return and tell it in
 *           results.failure, instead of ending the program
 * @progress: called now and then with the fraction done; may be NULL
 * @progress_data: for @progress
 */
struct run_options {
	uint64_t seed, run;
	unsigned int nr_worst;
	bool jobs, no_run_ahead, blame, blame_worst, blame_timelines, bound,
		survive;
	enum blame_which blame_which;
	void (*observe)(void *data, struct kernel *kernel);
	void *observe_data;
	const GPtrArray *automata;
	int64_t blame_over_ns;
	uint64_t blame_interval;
	const char *worst_task;
	struct trace_request *trace;
	const GPtrArray *timelines;
	int64_t until_ns;
	const atomic_int *stop;
	void (*progress)(void *data, double fraction);
	void *progress_data;
};

/**
 * scenario_run - simulate @scenario.
 *
 * Thread-safe: simulations share nothing but @scenario, which is not changed.
 *
 * Returns its results, never NULL; results_free() them.
 */
struct results *scenario_run(const struct scenario *scenario,
			     const struct run_options *options);

/** chain_names - append empty results of @chain and of each of its links to
 * @list; returns the index of the first. */
unsigned int chain_names(const struct scenario *scenario,
			 const struct chain_conf *chain, GPtrArray *list);

#endif
