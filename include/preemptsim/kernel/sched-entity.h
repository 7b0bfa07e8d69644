/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_KERNEL_SCHED_ENTITY_H
#define PREEMPTSIM_KERNEL_SCHED_ENTITY_H

/*
 * What the scheduling classes keep in each task.
 */

#include <stdbool.h>
#include <stdint.h>

#include "preemptsim/base/list.h"
#include "preemptsim/base/time.h"
#include "preemptsim/kernel/hrtimer.h"
#include "preemptsim/kernel/sched-avg.h"

struct cfs_rq;
struct rq;
struct task;

/**
 * struct sched_rt_entity - of SCHED_FIFO and SCHED_RR.
 * @run_list: link in the list of its priority
 * @time_slice: ticks left of a SCHED_RR slice
 * @pushable: orders those of the same priority that wait and could go by since
 *            when; 0: it runs, or could not
 */
struct sched_rt_entity {
	struct list_head run_list;
	unsigned int time_slice;
	uint64_t pushable;
};

/**
 * struct sched_entity - of the fair class, a task's or a group's on one CPU;
 * virtual times in weighted ns.
 * @left, @right, @heat: of the run queue's tree; @seq orders equal deadlines
 * @weight, @inv_weight: of its nice value or its group's shares
 * @cfs_rq: where it is queued, or was last
 * @parent: the entity of the group that it is in; NULL: it is in none
 * @my_q: the queue of the group whose entity it is; NULL: it is a task's
 * @depth: how many groups it is in, one in the other
 * @vruntime: virtual runtime
 * @deadline: virtual deadline
 * @min_vruntime: least vruntime of its subtree
 * @vlag: lag when it left the queue; == deadline while protected
 * @slice: its request, ns
 * @custom_slice: what it asks for at a time, as it has said; 0: has not
 * @exec_start: running since, ns
 * @touched: ascending by when it was queued or began to run, among the tasks of
 *           its run queue; cf. cfs_tasks
 * @sum_exec_runtime: ns it ran in all
 * @on_rq: in the tree or running
 * @rel_deadline: @deadline is relative, during a migration
 * @delayed: it sleeps, but is still queued
 * @runnable_weight: a group's: tasks that could run in it, as it was seen last
 * @avg: its load averages
 *
 * CFS:
 * @prev_sum_exec_runtime: @sum_exec_runtime when it was last switched in
 * @rel_vruntime: @vruntime is relative to a queue's least, between two queues
 */
struct sched_entity {
	struct sched_entity *left, *right;
	uint64_t heat, seq;
	uint64_t weight, inv_weight;
	struct cfs_rq *cfs_rq, *my_q;
	struct sched_entity *parent;
	int64_t vruntime, deadline, min_vruntime, vlag;
	int64_t slice, custom_slice;
	int64_t exec_start, sum_exec_runtime;
	uint64_t touched;
	bool on_rq, rel_deadline, delayed, rel_vruntime;
	unsigned int depth, runnable_weight;
	int64_t prev_sum_exec_runtime;
	struct sched_avg avg;
};

/**
 * struct wake_affinity - what the fair class goes by when a task wakes up.
 * @last_wakee: whom it woke last; only compared
 * @flips: how often that was another one than before, of late
 * @decay_at: when that is halved next
 * @recent_used_cpu: where it ran before it ran where it ran last
 */
struct wake_affinity {
	const struct task *last_wakee;
	unsigned int flips;
	ktime_t decay_at;
	unsigned int recent_used_cpu;
};

/**
 * struct sched_dl_entity - of SCHED_DEADLINE; times in quanta.
 * @node: of the run queue's tree; its deadline is the absolute one
 * @dl_runtime, @dl_deadline, @dl_period: as the task was given them
 * @dl_bw, @dl_density: @dl_runtime by @dl_period and by @dl_deadline, with
 *                      DL_BW_SHIFT bits behind the point
 * @reclaim: it may use what others leave (SCHED_FLAG_RECLAIM)
 * @runtime: what is left until the deadline
 * @exec_start: running since
 * @pi_se: whose parameters it runs by: its own, or those of who lends them
 * @queued: in the tree
 * @throttled: runnable, but it has to wait for its next period
 * @yielded: it wants nothing more of this period
 * @bw_rq: on which run queue its bandwidth counts; NULL: nowhere
 * @contending: there it counts as in use,
 * @non_contending: though it sleeps, until @inactive_timer expires
 * @timer: its next period
 * @inactive_timer: the instant from which its bandwidth is others' (0-lag)
 */
struct sched_dl_entity {
	struct sched_entity node;
	ktime_t dl_runtime, dl_deadline, dl_period;
	int64_t dl_bw, dl_density;
	bool reclaim;
	ktime_t runtime, exec_start;
	struct sched_dl_entity *pi_se;
	bool queued, throttled, yielded;
	struct rq *bw_rq;
	bool contending, non_contending;
	struct hrtimer timer, inactive_timer;
};

/**
 * struct sched_o1_entity - of the O(1) scheduler; see sched/sched-o1.c.
 * @run_list: link in the list of @prio
 * @array: of the run queue's two, the one it is in
 * @prio: static priority and bonus together
 * @time_slice: ticks left of its slice
 * @sleep_avg: how much it slept rather than ran, ns
 * @timestamp: when it was switched in or out last, ns
 */
struct sched_o1_entity {
	struct list_head run_list;
	unsigned int array;
	int prio;
	unsigned int time_slice;
	int64_t sleep_avg, timestamp;
};

#endif
