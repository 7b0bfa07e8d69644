/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_TESTS_DEADLINE_HARNESS_H
#define PREEMPTSIM_TESTS_DEADLINE_HARNESS_H

/*
 * Tasks of SCHED_DEADLINE, for their tests.
 */

#include "kernel-harness.h"
#include "kernel/sched/sched-deadline-private.h"

static const struct op hog[]
	__attribute__((unused)) = { RUN(1000 * MS), AGAIN(hog) };

static inline void start(unsigned int nr_cpus)
{
	struct harness_config config = { .hz = 1000, .nr_cpus = nr_cpus };

	harness_start(&config);
	harness_log_switches();
}

/* A deadline task; times in ms; @cpu -1: anywhere. */
static inline unsigned int dl(const char *comm, const struct op *entry,
			      const ktime_t budget[3], int cpu, ktime_t begin)
{
	struct task_attr attr = { .comm = comm,
				  .policy = POLICY_DEADLINE,
				  .dl_runtime = budget[0] * MS,
				  .dl_deadline = budget[1] * MS,
				  .dl_period = budget[2] * MS,
				  .entry = entry };

	if (cpu >= 0)
		cpumask_set_cpu(&attr.cpus, (unsigned int)cpu);
	return harness_add(&attr, begin);
}

#define BUDGET(q, d, p) ((const ktime_t[]){ (q), (d), (p) })

static inline const struct sched_dl_entity *entity(unsigned int i)
{
	return &h.task[i].dl;
}

#endif
