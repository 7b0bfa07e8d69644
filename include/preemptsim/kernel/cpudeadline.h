/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_KERNEL_CPUDEADLINE_H
#define PREEMPTSIM_KERNEL_CPUDEADLINE_H

/*
 * Which CPUs run deadline tasks until when, so that one that looks for a CPU
 * need not look at all of them.  cf. kernel/sched/cpudeadline.c v6.12.
 */

#include "preemptsim/base/cpumask.h"
#include "preemptsim/base/time.h"
#include "preemptsim/kernel/task.h"

/**
 * struct cpudl_item - a CPU with deadline tasks.
 * @deadline: the earliest of them
 */
struct cpudl_item {
	ktime_t deadline;
	unsigned int cpu;
};

/**
 * struct cpudl - the CPUs by their earliest deadline.
 * @free_cpus: those that have no deadline task
 * @heap, @size: the others, the latest deadline at the top
 * @place: of each CPU in it
 */
struct cpudl {
	struct cpumask free_cpus;
	struct cpudl_item *heap;
	unsigned int size, *place;
};

/** cpudl_init - @nr_cpus CPUs, none of which has a deadline task; memory is
 * taken from @arena. */
void cpudl_init(struct cpudl *cp, struct arena *arena, unsigned int nr_cpus);

/** cpudl_set - the earliest deadline on CPU @cpu is @deadline. */
void cpudl_set(struct cpudl *cp, unsigned int cpu, ktime_t deadline);

/** cpudl_clear - CPU @cpu has no deadline task any more. */
void cpudl_clear(struct cpudl *cp, unsigned int cpu);

/** cpudl_latest - of those with deadline tasks, the CPU with the latest deadline
 * that @p may use, of @rd (NULL: all), if @p's is earlier; or NULL. */
const struct cpudl_item *cpudl_latest(const struct cpudl *cp,
				      const struct task *p,
				      const struct cpumask *rd);

/**
 * cpudl_find - the CPUs that @p may use and where it would run at once.
 * @rd: and of these only; NULL: all
 *
 * Returns whether there is any, and in @later all that have no deadline task,
 * or else the one with the latest deadline behind that of @p.
 */
bool cpudl_find(const struct cpudl *cp, const struct task *p,
		const struct cpumask *rd, struct cpumask *later);

#endif
