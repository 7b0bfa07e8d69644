/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_MEASURE_PROBE_H
#define PREEMPTSIM_MEASURE_PROBE_H

/*
 * What listens to a simulation and counts.
 */

#include <stdbool.h>

#include "preemptsim/measure/blame.h"
#include "preemptsim/measure/results.h"
#include "preemptsim/workload/workload.h"

struct probe;

/**
 * struct probe_config - what to measure.
 * @workload: where
 * @warmup, @end: instants from which, and before which, things count
 * @nr_worst: worst cases of each kind to keep
 * @jobs: keep every job
 * @cut: the simulation stops before @end: nobody knows what becomes of a job
 *       that has not ended by then
 * @blame: explains the dropouts; NULL: nobody wants to know
 * @blame_worst: and the worst cases
 * @blame_over_ns: not dropouts, but wakeup latencies from this one on; 0: don't
 * @worst_task: worst cases of the task of this name and its copies only; NULL:
 *              of any
 */
struct probe_config {
	struct workload *workload;
	ktime_t warmup, end;
	unsigned int nr_worst;
	bool jobs, cut, blame_worst;
	struct explainer *blame;
	int64_t blame_over_ns;
	const char *worst_task;
};

/** probe_new - a probe without tasks; probe_free() it. */
struct probe *probe_new(const struct probe_config *config);

/**
 * probe_add_task - the next task of the workload, in order.
 * @results: where its counts go; owned by the caller's results
 * @name: for worst cases
 * @task, @copy: its numbers in a list of jobs
 * @deadline: relative, KTIME_MAX: none
 */
void probe_add_task(struct probe *probe, struct task_results *results,
		    const char *name, unsigned int task, unsigned int copy,
		    ktime_t deadline);

/** probe_add_group - the next group of tasks, @tg; @results as above.  Between
 * all tasks and probe_start(). */
void probe_add_group(struct probe *probe, struct group_results *results,
		     const struct task_group *tg);

/** probe_start - listen; @results' locks, devices and CPUs are those of the
 * workload, in order.  Before kernel_boot(). */
void probe_start(struct probe *probe, struct results *results);

/** probe_warm - the warmup is over: counting begins. */
void probe_warm(struct probe *probe);

/** probe_finish - count what is left at the end of the run. */
void probe_finish(struct probe *probe);

/** probe_free - free @probe. */
void probe_free(struct probe *probe);

#endif
