/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_KERNEL_CPUPRI_H
#define PREEMPTSIM_KERNEL_CPUPRI_H

/*
 * Which CPUs run what priority, so that a real-time task that looks for a CPU
 * need not look at all of them.  cf. kernel/sched/cpupri.c v6.12.
 */

#include <stdint.h>

#include "preemptsim/base/cpumask.h"
#include "preemptsim/engine/sim.h" /* likely() */
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

/**
 * struct cpupri_cpu - where a CPU stands among them.
 * @all: all of them
 * @word: its word of level 0; those of the other levels follow
 * @bit: its bit in these
 * @level: which has it set
 */
struct cpupri_cpu {
	struct cpupri *all;
	uint64_t *word;
	uint64_t bit;
	unsigned int level;
};

/** cpupri_init - room for @nr_cpus CPUs; memory is taken from @arena. */
void cpupri_init(struct cpupri *cp, struct arena *arena, unsigned int nr_cpus);

/** cpupri_add - CPU number @cpu, on which is no real-time task. */
struct cpupri_cpu cpupri_add(struct cpupri *cp, unsigned int cpu);

/** cpupri_level - the level of a CPU with @prio. */
static inline unsigned int cpupri_level(int prio)
{
	return (unsigned int)(MAX_RT_PRIO - prio);
}

/** cpupri_left - one of several words of @level is empty: maybe all are. */
void cpupri_left(struct cpupri *cp, unsigned int level)
	__attribute__((noinline));

/** cpupri_set - the most urgent real-time task on @cpu is of priority @prio now,
 * as the kernel counts; MAX_RT_PRIO: none; DL_PRIO: there is a deadline task. */
static inline void cpupri_set(struct cpupri_cpu *cpu, int prio)
{
	unsigned int from = cpu->level, to = cpupri_level(prio);
	struct cpupri *all = cpu->all;

	if (from == to)
		return;
	cpu->level = to;
	cpu->word[to] |= cpu->bit;
	all->used[to / 64] |= UINT64_C(1) << (to % 64);
	cpu->word[from] &= ~cpu->bit;
	if (cpu->word[from])
		return;
	if (likely(all->words == 1))
		all->used[from / 64] &= ~(UINT64_C(1) << (from % 64));
	else
		cpupri_left(all, from);
}

/**
 * cpupri_find - the CPUs that @p may use and where it would run at once.
 * @rd: and of these only; NULL: all
 *
 * Returns whether there is any, and in @lowest those of the least urgent level
 * that has one; only as many words of it as the machine needs.
 */
bool cpupri_find(const struct cpupri *cp, const struct task *p,
		 const struct cpumask *rd, struct cpumask *lowest);

#endif
