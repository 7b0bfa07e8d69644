/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_KERNEL_TASK_GROUP_H
#define PREEMPTSIM_KERNEL_TASK_GROUP_H

/*
 * Groups of tasks, as control groups have them (CONFIG_FAIR_GROUP_SCHED): the
 * fair class shares a CPU out to groups, and each group's part to its tasks and
 * to the groups in it.  A group may have a quota (CONFIG_CFS_BANDWIDTH): what
 * its tasks may run on all CPUs together in each period.
 */

#include <stdbool.h>
#include <stdint.h>

#include "preemptsim/base/list.h"
#include "preemptsim/base/time.h"
#include "preemptsim/kernel/hrtimer.h"
#include "preemptsim/kernel/sched.h"

struct kernel;

/* cpu.weight: what is allowed, and what a group has if nothing is said. */
#define CGROUP_WEIGHT_MIN 1
#define CGROUP_WEIGHT_DFL 100
#define CGROUP_WEIGHT_MAX 10000

/* cpu.max: what is allowed, ns (min_cfs_quota_period, max_cfs_quota_period). */
#define CFS_PERIOD_MIN_NS INT64_C(1000000)
#define CFS_PERIOD_MAX_NS INT64_C(1000000000)

/**
 * struct cfs_bandwidth_stat - cpu.stat of a group; times in ns.
 * @nr_periods: periods in which something ran
 * @nr_throttled: of them, at whose end it was throttled on some CPU
 * @throttled: for how long, of all CPUs together
 * @nr_bursts: periods in which more than the quota was run
 * @burst: by how much
 */
struct cfs_bandwidth_stat {
	uint64_t nr_periods, nr_throttled;
	int64_t throttled;
	uint64_t nr_bursts;
	int64_t burst;
};

/**
 * struct cfs_bandwidth - a group's quota; see sched/cfs-bandwidth.c.
 * @period: its period
 * @quota: what it may run in each, ns; 0: as much as it can
 * @burst: how much of what it left it may run beside that, ns
 * @runtime: what is left that no CPU has taken yet, ns
 * @runtime_snap: the same when this period began
 * @idle: nobody has taken any in this period
 * @period_active: @period_timer is armed
 * @slack_started: @slack_timer is armed
 * @period_timer: the next period
 * @slack_timer: hands out what CPUs have given back
 * @throttled: its queues that have none, links are group_rq.throttled_link
 * @stat: up to now, but for those that are throttled now
 */
struct cfs_bandwidth {
	ktime_t period;
	int64_t quota, burst;
	int64_t runtime, runtime_snap;
	bool idle, period_active, slack_started;
	struct hrtimer period_timer, slack_timer;
	struct list_head throttled;
	struct cfs_bandwidth_stat stat;
};

/**
 * struct group_rq - a group on one CPU.
 * @se: the group as one of those that share the CPU out among them
 * @cfs: its tasks, and groups in it, on that CPU
 * @cpu: which CPU
 * @throttled: it has no runtime left
 * @throttled_link: in cfs_bandwidth.throttled
 * @unthrottling: it has some again, and its CPU is asked to let it run: it is in
 *                rq.cfsb_csd
 * @csd_next: the next one there
 * @runtime_remaining: that it took from the group's quota, ns
 * @throttled_clock: it is throttled since, ns; -1: with nothing in it
 * @throttle_count: so many are of the group and those that it is in
 * @throttled_clock_pelt, @throttled_clock_pelt_time: since when that is not 0, and
 *                        for how long it was before, ns: for its load averages
 *                        this time does not pass
 * @tg_load_avg_contrib: its part of task_group.load_avg
 * @tg_load_avg_at: when that was put down last, ns
 * @propagate: its load changed by more than time passing, which the entity has
 *             not been told
 * @prop_runnable_sum: by so much, as a load_sum
 */
struct group_rq {
	struct sched_entity se;
	struct cfs_rq cfs;
	unsigned int cpu;
	bool throttled, unthrottling;
	struct list_head throttled_link;
	struct group_rq *csd_next;
	int64_t runtime_remaining, throttled_clock;
	unsigned int throttle_count;
	int64_t throttled_clock_pelt, throttled_clock_pelt_time;
	uint64_t tg_load_avg_contrib;
	int64_t tg_load_avg_at;
	bool propagate;
	int64_t prop_runnable_sum;
};

/**
 * struct task_group - a group of tasks.
 * @link: in kernel.task_groups
 * @name: owned
 * @id: its place in that list
 * @parent: the group that it is in; NULL: none
 * @shares: its weight on all CPUs together, with ten bits behind the point
 *          (scale_load())
 * @idle: it makes way for whatever else wants to run (cpu.idle)
 * @in_idle: it does, or a group that it is in
 * @load_avg: load averages of its queues on all CPUs together
 * @bandwidth: its quota
 * @kernel: whose it is
 * @cpu: the group on each CPU
 */
struct task_group {
	struct list_head link;
	char *name;
	unsigned int id;
	struct task_group *parent;
	bool idle, in_idle;
	uint64_t shares, load_avg;
	struct cfs_bandwidth bandwidth;
	struct kernel *kernel;
	struct group_rq *cpu;
};

/**
 * struct task_group_attr - what a new group is given.
 * @name: copied
 * @parent: the group that it is in; NULL: none
 * @weight: as of a task, 1024 for nice 0; see below
 * @idle: instead, it weighs as a task of SCHED_IDLE, and is treated as one
 * @quota, @period, @burst: as cpu.max and cpu.max.burst; quota 0: none
 */
struct task_group_attr {
	const char *name;
	struct task_group *parent;
	uint64_t weight;
	bool idle;
	ktime_t quota, period, burst;
};

/** sched_weight_from_cgroup - the weight that cpu.weight means. */
uint64_t sched_weight_from_cgroup(uint64_t cgroup_weight);

/** sched_weight_from_nice - the weight that cpu.weight.nice means, which is
 * that of a task. */
uint64_t sched_weight_from_nice(int nice);

/** sched_create_group - a new group of @kernel, before its tasks are made;
 * kernel_destroy() frees it. */
struct task_group *sched_create_group(struct kernel *kernel,
				      const struct task_group_attr *attr);

/** throttled_group - the group that keeps the runnable @p from running since
 * it has used its quota up; NULL: none does. */
const struct task_group *throttled_group(const struct task *p);

/** cfs_bandwidth_stat - cpu.stat of @tg up to now. */
struct cfs_bandwidth_stat cfs_bandwidth_stat(const struct task_group *tg);

/** sched_destroy_groups - free all groups of @kernel. */
void sched_destroy_groups(struct kernel *kernel);

#endif
