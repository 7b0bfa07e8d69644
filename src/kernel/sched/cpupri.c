/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * CPUs by priority.  cf. kernel/sched/cpupri.c v6.12: cpupri_set(),
 * cpupri_find().
 */
#include <config.h>

#include "preemptsim/kernel/cpupri.h"

#include <glib.h>

static unsigned int level_of(int prio)
{
	return (unsigned int)(MAX_RT_PRIO - prio);
}

static uint64_t *level_mask(const struct cpupri *cp, unsigned int level)
{
	return &cp->mask[level * cp->words];
}

static bool level_empty(const struct cpupri *cp, unsigned int level)
{
	for (unsigned int i = 0; i < cp->words; i++)
		if (level_mask(cp, level)[i])
			return false;
	return true;
}

static inline void enter_level(struct cpupri *cp, unsigned int cpu,
			       unsigned int level)
{
	level_mask(cp, level)[cpu / 64] |= UINT64_C(1) << (cpu % 64);
	cp->used[level / 64] |= UINT64_C(1) << (level % 64);
}

/* The level's other words only matter where this one has nobody left. */
static inline void leave_level(struct cpupri *cp, unsigned int cpu,
			       unsigned int level)
{
	uint64_t *word = &level_mask(cp, level)[cpu / 64];

	*word &= ~(UINT64_C(1) << (cpu % 64));
	if (!*word && (cp->words == 1 || level_empty(cp, level)))
		cp->used[level / 64] &= ~(UINT64_C(1) << (level % 64));
}

void cpupri_init(struct cpupri *cp, struct arena *arena, unsigned int nr_cpus)
{
	*cp = (struct cpupri){ .words = (nr_cpus + 63) / 64 };
	cp->mask = arena_new(arena, uint64_t, CPUPRI_LEVELS * cp->words);
	for (unsigned int cpu = 0; cpu < nr_cpus; cpu++)
		enter_level(cp, cpu, 0);
}

void cpupri_set(struct cpupri *cp, unsigned int cpu, int before, int prio)
{
	leave_level(cp, cpu, level_of(before));
	enter_level(cp, cpu, level_of(prio));
}

/* The CPUs of @level that @p may use. */
static bool level_offers(const struct cpupri *cp, unsigned int level,
			 const struct task *p, struct cpumask *lowest)
{
	const uint64_t *mask = level_mask(cp, level);
	uint64_t any = 0;

	for (unsigned int i = 0; i < cp->words; i++) {
		lowest->bits[i] = mask[i];
		if (!p->any_cpu)
			lowest->bits[i] &= p->cpus_mask.bits[i];
		any |= lowest->bits[i];
	}
	return any != 0;
}

bool cpupri_find(const struct cpupri *cp, const struct task *p,
		 struct cpumask *lowest)
{
	unsigned int below = level_of(p->prio);

	for (unsigned int i = 0; i * 64 < below; i++) {
		for (uint64_t used = cp->used[i]; used; used &= used - 1) {
			unsigned int level =
				i * 64 + (unsigned int)__builtin_ctzll(used);

			if (level >= below)
				return false;
			if (level_offers(cp, level, p, lowest))
				return true;
		}
	}
	return false;
}
