/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_KERNEL_VERSION_H
#define PREEMPTSIM_KERNEL_VERSION_H

/*
 * Versions of Linux, by what differs between them.
 */

#include <stdbool.h>
#include <stdint.h>

#include "preemptsim/base/params.h" /* struct choice */
#include "preemptsim/kernel/sched-feature.h"

/**
 * struct kernel_version - whose rules the details follow.
 * @fair: what serves SCHED_OTHER there
 * @base_slice_ns: EEVDF: sysctl_sched_base_slice of one CPU
 * @tg_load_interval_ns: a group is told of its load's changes on a CPU no more
 *                       often than this (6.7)
 * @util_est_single: what a task will use is one average (6.8), not two
 * @util_init_exact: what a new one will use is told by its weight as it is
 *                   (6.10), not times 1024
 * @util_boost: what waits for a CPU counts as its utilization when tasks
 *              are moved for that (6.5)
 * @rto_by_pushable: a CPU has too many real-time tasks if one that waits may
 *                   leave (6.7), not if there are two and any may
 * @sm_idle: a CPU that idles and is asked to schedule for nothing goes on idling
 *           (6.12), and does not look for work elsewhere
 * @runnable_woken: who is woken before it has gone to sleep, but was preempted,
 *                  is as good as woken up: others may be pushed (up to 6.2)
 * @rt_flees_dl: a real-time task does not wake up where a deadline task runs
 *               (6.11); later it does, and is pushed away
 * @rt_throttling: real-time tasks are throttled; there is no fair server
 * @group_slices: EEVDF: a group asks for what the least of its entities asks for
 *                (6.12)
 * @unthrottle_async: a CPU is asked to unthrottle groups by itself (6.3);
 *                    before, who hands out runtime does it
 * @ksoftirqd_alone: what ksoftirqd is to serve nobody else does before it, but
 *                   tasklets (up to 6.4)
 * @features: switches of the fair class.  Those of CFS are as CFS has them in
 *            its last version also where EEVDF has taken its place, and the
 *            other way round
 */
struct kernel_version {
	const char *fair;
	int64_t base_slice_ns;
	int64_t tg_load_interval_ns;
	bool util_est_single, util_init_exact, util_boost;
	bool rto_by_pushable, rt_flees_dl, sm_idle, runnable_woken;
	bool rt_throttling, group_slices, unthrottle_async, ksoftirqd_alone;
	struct sched_features features;
};

/**
 * struct sched_slices - times that the fair classes go by, ns; as Linux has
 * them in /sys/kernel/debug/sched, so they include the factor for the number of
 * CPUs.
 * @base_slice: EEVDF: what a task asks for
 * @latency, @min_granularity: CFS: the time in which each runs once, and the
 *                             least that one runs
 * @wakeup_granularity: CFS: by how much who wakes up has to be behind
 */
struct sched_slices {
	int64_t base_slice;
	int64_t latency, min_granularity, wakeup_granularity;
};

/** sched_slices_of - those of @version on @nr_cpus CPUs. */
struct sched_slices sched_slices_of(const struct kernel_version *version,
				    unsigned int nr_cpus);

struct preempt_model; /* preemptsim/kernel/preempt.h */

/** sched_features_of - the switches of @version, built as @model. */
struct sched_features sched_features_of(const struct kernel_version *version,
					const struct preempt_model *model);

/** kernel_version - version number @i, NULL behind the last. */
const struct kernel_version *kernel_version(unsigned int i);

/** kernel_version_choice - its name. */
const struct choice *kernel_version_choice(unsigned int i);

#endif
