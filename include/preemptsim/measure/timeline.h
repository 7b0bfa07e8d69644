/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_MEASURE_TIMELINE_H
#define PREEMPTSIM_MEASURE_TIMELINE_H

/*
 * What the CPUs did in a window: plain data, in nanoseconds, independent of the
 * simulation that it came from.
 */

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "preemptsim/measure/results.h"

struct kernel; /* preemptsim/kernel/kernel.h */
struct timeline_recorder;

/** TIMELINE_BARS_MAX - more bars than that nobody can look at. */
#define TIMELINE_BARS_MAX 50000

/**
 * struct timeline_bar - a CPU does one thing.
 * @begin_ns, @end_ns: from when to when; bars of a CPU follow each other
 *                     without a gap
 * @what: what its time goes to
 * @preempt_off, @irqs_off: meanwhile, too
 * @task: that is on the CPU; NULL: the idle task
 */
struct timeline_bar {
	int64_t begin_ns, end_ns;
	enum cpu_time what;
	bool preempt_off, irqs_off;
	const char *task;
};

/**
 * struct timeline_wakeup - a task is woken, and runs.
 * @task: which
 * @wake_ns, @waker: when, and by which CPU; may lie before the window
 * @run_ns, @cpu: when it is switched to, and where; @run_ns -1: not in the
 *                window
 */
struct timeline_wakeup {
	const char *task;
	int64_t wake_ns, run_ns;
	unsigned int waker, cpu;
};

/** enum timeline_kind - what can be marked. */
enum timeline_kind {
	TIMELINE_RELEASE,
	TIMELINE_DEADLINE,
	TIMELINE_DROPOUT,
	TIMELINE_PRINT, /* a mark of the scenario's, or a warning */
};

/**
 * struct timeline_mark - an instant that matters.
 * @kind: why
 * @at_ns, @cpu: when and where
 * @task: whose; NULL for TIMELINE_PRINT
 * @text: more, or NULL
 */
struct timeline_mark {
	enum timeline_kind kind;
	int64_t at_ns;
	unsigned int cpu;
	const char *task, *text;
};

/**
 * struct timeline - a window.
 * @from_ns, @to_ns: from when to before when
 * @cpus: GPtrArray of GArray of struct timeline_bar, by CPU
 * @wakeups: GArray of struct timeline_wakeup, in order of running
 * @marks: GArray of struct timeline_mark, by time
 * @texts: owns all texts
 * @nr_bars: of all CPUs
 * @full: there would have been more than TIMELINE_BARS_MAX
 */
struct timeline {
	int64_t from_ns, to_ns;
	GPtrArray *cpus;
	GArray *wakeups, *marks;
	GStringChunk *texts;
	unsigned int nr_bars;
	bool full;
};

/** timeline_new - an empty window; timeline_free() it. */
struct timeline *timeline_new(int64_t from_ns, int64_t to_ns);

/** timeline_free - free @timeline; NULL is fine. */
void timeline_free(struct timeline *timeline);

/** timeline_bars - the bars of @cpu; GArray of struct timeline_bar. */
static inline const GArray *timeline_bars(const struct timeline *timeline,
					  unsigned int cpu)
{
	return timeline->cpus->pdata[cpu];
}

/** timeline_record - fill @timeline while @kernel's simulation runs, before its
 * window begins.  timeline_finish() it. */
struct timeline_recorder *timeline_record(struct timeline *timeline,
					  struct kernel *kernel);

/** timeline_finish - do so no longer; the window ends now, if it has not
 * before. */
void timeline_finish(struct timeline_recorder *recorder);

#endif
