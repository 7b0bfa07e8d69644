/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * CPUs by priority.  cf. kernel/sched/cpupri.c v6.12: cpupri_set(),
 * cpupri_find().
 */
#include <config.h>

#include "preemptsim/kernel/cpupri.h"

#include <string.h>

static unsigned int level_of(int prio)
{
	return (unsigned int)(MAX_RT_PRIO - prio);
}

static void enter_level(struct cpupri *cp, unsigned int cpu, unsigned int level)
{
	cp->cpu_to_level[cpu] = (uint8_t)level;
	cpumask_set_cpu(&cp->mask[level], cpu);
	cp->count[level]++;
	cp->used[level / 64] |= UINT64_C(1) << (level % 64);
}

static void leave_level(struct cpupri *cp, unsigned int cpu, unsigned int level)
{
	cpumask_clear_cpu(&cp->mask[level], cpu);
	if (--cp->count[level] == 0)
		cp->used[level / 64] &= ~(UINT64_C(1) << (level % 64));
}

void cpupri_init(struct cpupri *cp, unsigned int nr_cpus)
{
	memset(cp, 0, sizeof(*cp));
	for (unsigned int cpu = 0; cpu < nr_cpus; cpu++)
		enter_level(cp, cpu, 0);
}

void cpupri_set(struct cpupri *cp, unsigned int cpu, int prio)
{
	leave_level(cp, cpu, cp->cpu_to_level[cpu]);
	enter_level(cp, cpu, level_of(prio));
}

/* The CPUs of @level that @p may use. */
static bool level_offers(const struct cpupri *cp, unsigned int level,
			 const struct task *p, struct cpumask *lowest,
			 unsigned int nr_cpus)
{
	uint64_t any = 0;

	for (unsigned int i = 0; i * 64 < nr_cpus; i++) {
		lowest->bits[i] = cp->mask[level].bits[i];
		if (!p->any_cpu)
			lowest->bits[i] &= p->cpus_mask.bits[i];
		any |= lowest->bits[i];
	}
	return any != 0;
}

bool cpupri_find(const struct cpupri *cp, const struct task *p,
		 struct cpumask *lowest, unsigned int nr_cpus)
{
	unsigned int below = level_of(p->prio);

	for (unsigned int i = 0; i * 64 < below; i++) {
		for (uint64_t used = cp->used[i]; used; used &= used - 1) {
			unsigned int level =
				i * 64 + (unsigned int)__builtin_ctzll(used);

			if (level >= below)
				return false;
			if (level_offers(cp, level, p, lowest, nr_cpus))
				return true;
		}
	}
	return false;
}
