/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Why it took so long: what each nanosecond of a task's waiting went to.
 *
 * A run is simulated twice.  The first time, as ever, finds which waits are
 * worth a look: the longest, and the jobs that came too late.  The second time
 * nothing is measured but these, whose beginnings and ends are known: while
 * one of them is under way the clock goes from event to event, and before it
 * moves the machine is asked what it is doing.
 */
#ifndef PREEMPTSIM_MEASURE_BLAME_H
#define PREEMPTSIM_MEASURE_BLAME_H

#include <glib.h>
#include <stdbool.h>

#include "preemptsim/measure/results.h"
#include "preemptsim/workload/workload.h"

/* Dropouts of a run that are looked at, and how many of a task at a time. */
#define BLAMED_DROPOUTS_MAX 10000u
#define BLAMED_AT_ONCE_MAX 16u

/* "Not one of the worst": a dropout. */
#define NO_WORST UINT_MAX

/**
 * struct blame_window - a wait to be explained.
 * @from, @to: when
 * @task: whose, by wl_task.index
 * @worst: its number among results.worst, or NO_WORST
 * @kind: of which time it is
 * @job: it is a job's, not a wait's within one
 */
struct blame_window {
	ktime_t from, to;
	unsigned int task, worst;
	enum latency_kind kind;
	bool job;
};

/** blame_cause_choice - what a latency is put down to. */
const struct choice *blame_cause_choice(unsigned int i);

/**
 * blame_simulate - explain @windows.
 * @workload: the same that they are from, booted, and not simulated yet
 * @windows: GArray of struct blame_window; gets sorted
 * @of: struct task_results *, by wl_task.index, which get what their dropouts
 *      are put down to; the worst cases of @results get theirs
 *
 * Uses one event source of the simulation.  Returns false when it was
 * interrupted; then nothing is explained.
 */
bool blame_simulate(struct workload *workload, GArray *windows,
		    const GPtrArray *of, struct results *results);

#endif
