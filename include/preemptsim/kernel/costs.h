/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_KERNEL_COSTS_H
#define PREEMPTSIM_KERNEL_COSTS_H

/*
 * The cost table: one named price per primitive, and the profiles that set
 * all of them at once.
 */

#include <stdint.h> /* int64_t */

#include "preemptsim/base/params.h" /* struct choice */
#include "preemptsim/base/time.h"   /* ktime_t */

/** enum cost_id - the primitives that cost time (cost-list.h has each). */
enum cost_id {
#define COST(id, key, x86, v61, v612, help) COST_##id,
#include "preemptsim/kernel/cost-list.h"
#undef COST
	NR_COSTS
};

/**
 * struct costs - the prices that one simulated kernel pays.
 * @price: in quanta, by enum cost_id
 */
struct costs {
	ktime_t price[NR_COSTS];
};

/**
 * struct cost_desc - one row of the cost table.
 * @name: its key under machine.costs
 * @help: what it pays for
 */
struct cost_desc {
	const char *name;
	const char *help;
};

/** cost_desc - the row of @id (below NR_COSTS). */
const struct cost_desc *cost_desc(enum cost_id id);

/** cost_profile_choice - the profiles' names: zero, x86-64, ... */
const struct choice *cost_profile_choice(unsigned int i);

/**
 * cost_profile_ns - the price of @id in nanoseconds under a profile.
 * @profile: an index into cost_profile_choice()
 */
int64_t cost_profile_ns(unsigned int profile, enum cost_id id);

/** cost_profile_of_linux - was @profile measured on a kernel, with all that it
 * did besides? */
bool cost_profile_of_linux(unsigned int profile);

#endif
