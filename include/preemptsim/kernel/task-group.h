/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_KERNEL_TASK_GROUP_H
#define PREEMPTSIM_KERNEL_TASK_GROUP_H

/*
 * Groups of tasks, as control groups have them (CONFIG_FAIR_GROUP_SCHED): the
 * fair class shares a CPU out to groups, and each group's part to its tasks and
 * to the groups in it.
 */

#include <stdint.h>

#include "preemptsim/base/list.h"
#include "preemptsim/kernel/sched.h"

struct kernel;

/* cpu.weight: what is allowed, and what a group has if nothing is said. */
#define CGROUP_WEIGHT_MIN 1
#define CGROUP_WEIGHT_DFL 100
#define CGROUP_WEIGHT_MAX 10000

/**
 * struct group_rq - a group on one CPU.
 * @se: the group as one of those that share the CPU out among them
 * @cfs: its tasks, and groups in it, on that CPU
 */
struct group_rq {
	struct sched_entity se;
	struct cfs_rq cfs;
};

/**
 * struct task_group - a group of tasks.
 * @link: in kernel.task_groups
 * @name: owned
 * @parent: the group that it is in; NULL: none
 * @shares: its weight on all CPUs together, with ten bits behind the point
 *          (scale_load())
 * @load: weights of what is queued in it on all CPUs (load_avg, see
 *        fair-group.c)
 * @cpu: the group on each CPU
 */
struct task_group {
	struct list_head link;
	char *name;
	struct task_group *parent;
	uint64_t shares, load;
	struct group_rq *cpu;
};

/**
 * struct task_group_attr - what a new group is given.
 * @name: copied
 * @parent: the group that it is in; NULL: none
 * @weight: as of a task, 1024 for nice 0; see below
 */
struct task_group_attr {
	const char *name;
	struct task_group *parent;
	uint64_t weight;
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

/** sched_destroy_groups - free all groups of @kernel. */
void sched_destroy_groups(struct kernel *kernel);

#endif
