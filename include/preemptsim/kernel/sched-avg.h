/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_KERNEL_SCHED_AVG_H
#define PREEMPTSIM_KERNEL_SCHED_AVG_H

/*
 * Load averages; see sched/pelt.c.
 */

#include <stdbool.h>
#include <stdint.h>

/**
 * struct sched_avg - of an entity, or of all that are or were on a queue.
 * @last_update_time: the sums are of then, ns
 * @load_sum: time for which it wanted to run, in units of 1024 ns, the longer
 *            ago the less; a queue's is times weight
 * @runnable_sum: the same times tasks, times 1024
 * @util_sum: time for which it ran, times 1024
 * @period_contrib: what has passed of the current period
 * @load_avg, @runnable_avg, @util_avg: the same as parts of the most that they
 *                                      can be; the first times weight, the
 *                                      others times 1024
 * @util_est: what @util_avg will be once the task has run, as far as can be
 *            told; of a queue, of all tasks on it
 * @util_est_enqueued: up to 6.7: what it was when the task went to sleep
 * @tracked: time counts from @last_update_time on, or, if not, from when it is
 *           queued next
 * @detached: it is in no queue's averages, as of a task of another class
 */
struct sched_avg {
	int64_t last_update_time;
	uint64_t load_sum, runnable_sum;
	uint32_t util_sum, period_contrib;
	uint64_t load_avg, runnable_avg, util_avg;
	uint32_t util_est, util_est_enqueued;
	bool tracked, detached;
};

#endif
