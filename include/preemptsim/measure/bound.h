/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_MEASURE_BOUND_H
#define PREEMPTSIM_MEASURE_BOUND_H

/*
 * A bound of the scheduling latency: how long, at most, the most urgent task
 * that is ready on a CPU waits for the scheduler to return into it.
 *
 * de Oliveira, Casini, de Oliveira, Cucinotta: Demystifying the Real-Time
 * Linux Scheduling Latency, ECRTS 2020, theorem 8:
 *
 *	L = max(D_ST, D_POID) + D_PAIE + D_PSD + interference(L)
 *
 * The parts are the longest stretches that a run has shown, without the time
 * of interrupts in them; those come in as interference, by how much of them
 * there was in any time as long as L.
 */

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "preemptsim/base/time.h"
#include "preemptsim/kernel/kernel.h"

/* No bound: interrupts leave no time for anything else. */
#define NO_BOUND KTIME_MAX

/**
 * struct execution - an interrupt that was served, or several.
 * @start, @end: of the first, and of the last
 * @busy: how long they took
 */
struct execution {
	ktime_t start, end, busy;
};

/**
 * struct exec_log - the interrupts of a CPU, in order.
 * @list: @nr of them, with room for @room
 * @max: so many at most; then two neighbours become one, which can only make a
 *       bound larger
 */
struct exec_log {
	struct execution *list;
	unsigned int nr, room, max;
};

/** exec_log_init - nothing was served; room for @max without joining any. */
void exec_log_init(struct exec_log *log, unsigned int max);

/** exec_log_destroy - free what @log holds. */
void exec_log_destroy(struct exec_log *log);

/** exec_log_add - an interrupt was served from @start to @end, behind all that
 * were before. */
void exec_log_add(struct exec_log *log, ktime_t start, ktime_t end);

/**
 * exec_log_bound - the least L = @base + (most that the log has in any L).
 *
 * The same as the longest time that it takes anywhere in the log until @base
 * of time without interrupts has passed, which is how it is found.
 */
ktime_t exec_log_bound(const struct exec_log *log, ktime_t base);

/**
 * bound_fixpoint - the least L = @base + @interference(@data, L) that is found
 * from @base upwards; NO_BOUND: there is none up to @limit.
 */
ktime_t bound_fixpoint(ktime_t base,
		       ktime_t (*interference)(const void *data, ktime_t time),
		       const void *data, ktime_t limit);

/** struct sporadic - an interrupt's longest time, and the shortest between two
 * of its beginnings; KTIME_MAX: there was one only. */
struct sporadic {
	ktime_t longest, apart;
};

/** bound_sporadic - bound_fixpoint() with the @nr interrupts of @list as often
 * as they may come. */
ktime_t bound_sporadic(ktime_t base, const struct sporadic *list,
		       unsigned int nr, ktime_t limit);

/**
 * struct latency_bound - of one CPU, in nanoseconds.
 * @psd_ns: longest with preemption disabled in order to schedule
 * @st_ns: longest in the scheduler from where it sees nobody new
 * @poid_ns: longest with preemption or interrupts disabled for something else
 * @paie_ns: longest that the scheduler was asked for and not called, although
 *           it could have been
 * @bound_ns: L with the interrupts as they came; -1: there is none
 * @sporadic_ns: L with each as often as its shortest distance allows; -1
 * @latencies: how many real-time tasks were woken as the most urgent
 * @latency_max_ns: the longest until the scheduler returned into one
 */
struct latency_bound {
	int64_t psd_ns, st_ns, poid_ns, paie_ns;
	int64_t bound_ns, sporadic_ns;
	uint64_t latencies;
	int64_t latency_max_ns;
};

/** latency_bound_merge - what holds for both runs. */
void latency_bound_merge(struct latency_bound *dst,
			 const struct latency_bound *src);

struct bounds;

/** bounds_start - listen to @kernel; before kernel_boot().  Free with
 * bounds_finish(). */
struct bounds *bounds_start(struct kernel *kernel);

/** bounds_warm - the warmup is over: forget what was. */
void bounds_warm(struct bounds *bounds);

/** bounds_get - what CPU number @cpu has shown so far. */
struct latency_bound bounds_get(const struct bounds *bounds, unsigned int cpu);

/** bounds_finish - no more. */
void bounds_finish(struct bounds *bounds);

#endif
