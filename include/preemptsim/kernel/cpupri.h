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

/* A level per real-time priority, one above for a CPU with deadline tasks, and
 * level 0 for a CPU with neither: whether it idles makes no difference, as in
 * the kernel. */
#define CPUPRI_LEVELS (MAX_RT_PRIO + 2)

/**
 * struct cpupri - the CPUs by the most urgent real-time task on each.
 * @used: which levels have a CPU; a bit each
 * @mask: the CPUs of each level, 64 to a word; all levels' words for the first
 *        64 CPUs, then for the next, @words times
 */
struct cpupri {
	uint64_t used[(CPUPRI_LEVELS + 63) / 64];
	unsigned int words;
	uint64_t *mask;
};

/** cpupri_init - @nr_cpus CPUs, none of which has a real-time task; memory is
 * taken from @arena. */
void cpupri_init(struct cpupri *cp, struct arena *arena, unsigned int nr_cpus);

/** cpupri_set - the most urgent real-time task on CPU @cpu was of priority
 * @before and is of @prio, as the kernel counts; MAX_RT_PRIO: none;
 * DL_PRIO: there is a deadline task. */
void cpupri_set(struct cpupri *cp, unsigned int cpu, int before, int prio);

/**
 * cpupri_find - the CPUs that @p may use and where it would run at once.
 *
 * Returns whether there is any, and in @lowest those of the least urgent level
 * that has one; only as many words of it as the machine needs.
 */
bool cpupri_find(const struct cpupri *cp, const struct task *p,
		 struct cpumask *lowest);

#endif
