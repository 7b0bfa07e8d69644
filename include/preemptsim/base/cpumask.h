/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_BASE_CPUMASK_H
#define PREEMPTSIM_BASE_CPUMASK_H

/*
 * A set of CPU numbers, as the kernel's struct cpumask: a fixed bitmap.
 */

#include <stdbool.h>
#include <stdint.h>

/* The largest machine that can be described. */
#define NR_CPUS 1024
#define CPUMASK_WORDS (NR_CPUS / 64)

/**
 * struct cpumask - a set of CPUs; all zero is the empty set.
 * @bits: bit n % 64 of word n / 64 stands for CPU n
 */
struct cpumask {
	uint64_t bits[CPUMASK_WORDS];
};

/** cpumask_set_cpu - put @cpu (0 .. NR_CPUS - 1) into @mask. */
static inline void cpumask_set_cpu(struct cpumask *mask, unsigned int cpu)
{
	mask->bits[cpu / 64] |= UINT64_C(1) << (cpu % 64);
}

/** cpumask_clear_cpu - take @cpu (0 .. NR_CPUS - 1) out of @mask. */
static inline void cpumask_clear_cpu(struct cpumask *mask, unsigned int cpu)
{
	mask->bits[cpu / 64] &= ~(UINT64_C(1) << (cpu % 64));
}

/** cpumask_test_cpu - is @cpu in @mask? */
static inline bool cpumask_test_cpu(const struct cpumask *mask,
				    unsigned int cpu)
{
	return mask->bits[cpu / 64] >> (cpu % 64) & 1;
}

/** cpumask_next_below - the first CPU of @mask at or after @cpu and below @nr,
 * or @nr or more. */
static inline unsigned int cpumask_next_below(const struct cpumask *mask,
					      unsigned int cpu, unsigned int nr)
{
	for (; cpu < nr; cpu = (cpu / 64 + 1) * 64) {
		uint64_t word = mask->bits[cpu / 64] >> (cpu % 64);

		if (word)
			return cpu + (unsigned int)__builtin_ctzll(word);
	}
	return nr;
}

/** cpumask_next - the first CPU of @mask at or after @cpu, or NR_CPUS. */
static inline unsigned int cpumask_next(const struct cpumask *mask,
					unsigned int cpu)
{
	return cpumask_next_below(mask, cpu, NR_CPUS);
}

/** cpumask_first - the lowest CPU of @mask, or NR_CPUS when it is empty. */
static inline unsigned int cpumask_first(const struct cpumask *mask)
{
	return cpumask_next(mask, 0);
}

/** cpumask_weight - how many CPUs are in @mask. */
static inline unsigned int cpumask_weight(const struct cpumask *mask)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < CPUMASK_WORDS; i++)
		n += (unsigned int)__builtin_popcountll(mask->bits[i]);
	return n;
}

/** for_each_cpu - @cpu (unsigned int) walks through @mask, ascending, below
 * @nr (the machine's CPUs: looking no further saves time). */
#define for_each_cpu(cpu, mask, nr)                                 \
	for ((cpu) = cpumask_next_below(mask, 0, nr); (cpu) < (nr); \
	     (cpu) = cpumask_next_below(mask, (cpu) + 1, nr))

#endif
