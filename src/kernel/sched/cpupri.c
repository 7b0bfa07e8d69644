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

/* The CPUs @i * 64 and up, 64 of them, by level. */
static uint64_t *level_words(const struct cpupri *cp, unsigned int i)
{
	return &cp->mask[i * CPUPRI_LEVELS];
}

static bool level_empty(const struct cpupri *cp, unsigned int level)
{
	for (unsigned int i = 0; i < cp->words; i++)
		if (level_words(cp, i)[level])
			return false;
	return true;
}

void cpupri_init(struct cpupri *cp, struct arena *arena, unsigned int nr_cpus)
{
	*cp = (struct cpupri){ .words = (nr_cpus + 63) / 64 };
	cp->mask = arena_new(arena, uint64_t, CPUPRI_LEVELS * cp->words);
	for (unsigned int cpu = 0; cpu < nr_cpus; cpu++)
		cpupri_set(cp, cpu, MAX_RT_PRIO, MAX_RT_PRIO);
}

/* A level's other words only matter where this one has nobody left. */
void cpupri_set(struct cpupri *cp, unsigned int cpu, int before, int prio)
{
	uint64_t *word = level_words(cp, cpu / 64);
	uint64_t bit = UINT64_C(1) << (cpu % 64);
	unsigned int from = level_of(before), to = level_of(prio);

	word[from] &= ~bit;
	if (!word[from] && (cp->words == 1 || level_empty(cp, from)))
		cp->used[from / 64] &= ~(UINT64_C(1) << (from % 64));
	word[to] |= bit;
	cp->used[to / 64] |= UINT64_C(1) << (to % 64);
}

/* The CPUs of @level that @p may use. */
static bool level_offers(const struct cpupri *cp, unsigned int level,
			 const struct task *p, struct cpumask *lowest)
{
	uint64_t any = 0;

	for (unsigned int i = 0; i < cp->words; i++) {
		lowest->bits[i] = level_words(cp, i)[level];
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
