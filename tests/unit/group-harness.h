/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_TESTS_GROUP_HARNESS_H
#define PREEMPTSIM_TESTS_GROUP_HARNESS_H

/*
 * Groups of tasks, for their tests.
 */

#include "kernel-harness.h"
#include "kernel/sched/fair-group-private.h"

/* @weight 0: an idle one; @quota: of each 10 ms, 0: all. */
static inline struct task_group *group_with(struct task_group *parent,
					    uint64_t weight, ktime_t quota)
{
	struct task_group_attr attr = { .name = "group",
					.parent = parent,
					.weight = weight,
					.idle = !weight,
					.quota = quota,
					.period = 10 * MS };

	return sched_create_group(h.kernel, &attr);
}

static inline struct task *member(struct task_group *tg, const char *comm,
				  const struct op *program, unsigned int cpu,
				  ktime_t begin)
{
	struct task_attr attr = { .comm = comm,
				  .policy = POLICY_OTHER,
				  .group = tg,
				  .entry = program,
				  .kthread = true };

	cpumask_set_cpu(&attr.cpus, cpu);
	return &h.task[harness_add(&attr, begin)];
}

#endif
