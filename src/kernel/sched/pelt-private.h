/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_PELT_PRIVATE_H
#define PREEMPTSIM_PELT_PRIVATE_H

/*
 * The arithmetic of load averages.
 */

#include "preemptsim/kernel/sched-avg.h"

/* What a sum comes to in the end, as its terms are rounded; and the least that
 * it comes to at any point of a period. */
#define LOAD_AVG_MAX 47742
#define PELT_MIN_DIVIDER (LOAD_AVG_MAX - 1024)

/* How many periods it takes for a sum to halve. */
#define LOAD_AVG_PERIOD 32

/** pelt_divider - the most that a sum of @sa can be at this point of its
 * period; cf. get_pelt_divider(). */
static inline uint32_t pelt_divider(const struct sched_avg *sa)
{
	return PELT_MIN_DIVIDER + sa->period_contrib;
}

/** decay_load - what is left of @val after @n periods. */
uint64_t decay_load(uint64_t val, uint64_t n);

/**
 * update_load_sum - @sa's sums as of @now.
 * @load: since they were updated last it had this weight, 0 for none
 * @runnable: so many tasks wanted to run
 * @running: one did
 *
 * Returns whether a period has ended, so that averages are due.
 */
bool update_load_sum(struct sched_avg *sa, int64_t now, uint64_t load,
		     uint64_t runnable, bool running);

/** update_load_avgs - @sa's averages by its sums, the load's times @weight. */
void update_load_avgs(struct sched_avg *sa, uint64_t weight);

#endif
