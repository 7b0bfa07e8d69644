/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The cost table's rows and profiles, as data.
 */
#include <config.h>

#include "preemptsim/kernel/costs.h"

#include <glib.h>

/* The profiles, in the order of cost-list.h's columns. */
enum profile {
	PROFILE_ZERO,
	PROFILE_X86_64,
	PROFILE_6_1,
	PROFILE_6_12
};

static const int64_t prices[NR_COSTS][4] = {
#define COST(id, key, x86, v61, v612, help)       \
	[COST_##id] = { [PROFILE_ZERO] = 0,       \
			[PROFILE_X86_64] = (x86), \
			[PROFILE_6_1] = (v61),    \
			[PROFILE_6_12] = (v612) },
#include "preemptsim/kernel/cost-list.h"
#undef COST
};

const struct cost_desc *cost_desc(enum cost_id id)
{
	static const struct cost_desc descs[NR_COSTS] = {
#define COST(id, key, x86, v61, v612, help) [COST_##id] = { #key, help },
#include "preemptsim/kernel/cost-list.h"
#undef COST
	};

	return &descs[id];
}

const struct choice *cost_profile_choice(unsigned int i)
{
	static const struct choice choices[] = {
		[PROFILE_ZERO] = { "zero", "every primitive is free" },
		[PROFILE_X86_64] = { "x86-64",
				     "a current 3 GHz core, warm caches" },
		[PROFILE_6_1] = { "linux-6.1",
				  "calibrated on Linux 6.1 at an instruction "
				  "a nanosecond" },
		[PROFILE_6_12] = { "linux-6.12",
				   "calibrated on Linux 6.12 at an "
				   "instruction a nanosecond" },
	};

	return i < G_N_ELEMENTS(choices) ? &choices[i] : NULL;
}

bool cost_profile_of_linux(unsigned int profile)
{
	return profile == PROFILE_6_1 || profile == PROFILE_6_12;
}

int64_t cost_profile_ns(unsigned int profile, enum cost_id id)
{
	return prices[id][profile];
}
