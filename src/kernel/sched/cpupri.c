/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * CPUs by priority.  cf. kernel/sched/cpupri.c v6.12: cpupri_set(),
 * cpupri_find().
 */
#include <config.h>

#include "preemptsim/kernel/cpupri.h"

#include <glib.h>

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
}

struct cpupri_cpu cpupri_add(struct cpupri *cp, unsigned int cpu)
{
	struct cpupri_cpu new = { .all = cp,
				  .word = level_words(cp, cpu / 64),
				  .bit = UINT64_C(1) << (cpu % 64),
				  .level = cpupri_level(MAX_RT_PRIO) };

	new.word[cpupri_level(MAX_RT_PRIO)] |= new.bit;
	cp->used[0] |= UINT64_C(1) << cpupri_level(MAX_RT_PRIO);
	return new;
}

void cpupri_left(struct cpupri *cp, unsigned int level)
{
	if (level_empty(cp, level))
		cp->used[level / 64] &= ~(UINT64_C(1) << (level % 64));
}

/* The CPUs of @level that @p may use, among those of @rd. */
static __always_inline bool level_offers(const struct cpupri *cp,
					 unsigned int words, unsigned int level,
					 const struct task *p,
					 const struct cpumask *rd,
					 struct cpumask *lowest)
{
	uint64_t any = 0;

	for (unsigned int i = 0; i < words; i++) {
		uint64_t cpus = level_words(cp, i)[level];

		if (!p->any_cpu)
			cpus &= p->cpus_mask.bits[i];
		if (unlikely(rd))
			cpus &= rd->bits[i];
		lowest->bits[i] = cpus;
		any |= cpus;
	}
	return any != 0;
}

static __always_inline bool find_level(const struct cpupri *cp,
				       unsigned int words, const struct task *p,
				       const struct cpumask *rd,
				       struct cpumask *lowest)
{
	unsigned int below = cpupri_level(p->prio);

	for (unsigned int i = 0; i * 64 < below; i++) {
		for (uint64_t used = cp->used[i]; used; used &= used - 1) {
			unsigned int level =
				i * 64 + (unsigned int)__builtin_ctzll(used);

			if (level >= below)
				return false;
			if (level_offers(cp, words, level, p, rd, lowest))
				return true;
		}
	}
	return false;
}

static __attribute__((noinline)) bool find_in_many(const struct cpupri *cp,
						   const struct task *p,
						   const struct cpumask *rd,
						   struct cpumask *lowest)
{
	return find_level(cp, cp->words, p, rd, lowest);
}

/* Most machines have no more CPUs than a word has bits: for them there is a
 * copy of the search without the loop over words. */
bool cpupri_find(const struct cpupri *cp, const struct task *p,
		 const struct cpumask *rd, struct cpumask *lowest)
{
	return likely(cp->words == 1) ? find_level(cp, 1, p, rd, lowest) :
					find_in_many(cp, p, rd, lowest);
}
