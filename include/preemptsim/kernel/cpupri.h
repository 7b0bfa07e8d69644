/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_KERNEL_CPUPRI_H
#define PREEMPTSIM_KERNEL_CPUPRI_H

/*
 * Which CPUs run what priority, so that a real-time task that looks for a CPU
 * need not look at all of them.  cf. kernel/sched/cpupri.c v6.12.
 */

#include <stdint.h>

#include "preemptsim/base/cpumask.h"
#include "preemptsim/kernel/task.h"

/* A level per real-time priority, and level 0 for a CPU without real-time
 * tasks: whether it idles makes no difference, as in the kernel. */
#define CPUPRI_LEVELS (MAX_RT_PRIO + 1)

/**
 * struct cpupri - the CPUs by the most urgent real-time task on each.
 * @used: which levels have a CPU; a bit each
 * @count: CPUs of a level
 * @cpu_to_level: the level of each CPU
 * @mask: the CPUs of each level
 */
struct cpupri {
	uint64_t used[(CPUPRI_LEVELS + 63) / 64];
	uint16_t count[CPUPRI_LEVELS];
	uint8_t cpu_to_level[NR_CPUS];
	struct cpumask mask[CPUPRI_LEVELS];
};

/** cpupri_init - @nr_cpus CPUs, none of which has a real-time task. */
void cpupri_init(struct cpupri *cp, unsigned int nr_cpus);

/** cpupri_set - the most urgent real-time task on CPU @cpu is of @prio, as
 * the kernel counts them; MAX_RT_PRIO: there is none. */
void cpupri_set(struct cpupri *cp, unsigned int cpu, int prio);

/**
 * cpupri_find - the CPUs that @p may use and where it would run at once.
 *
 * Returns those of the least urgent level that has one in @lowest, and
 * whether there is any.
 */
bool cpupri_find(const struct cpupri *cp, const struct task *p,
		 struct cpumask *lowest, unsigned int nr_cpus);

#endif
