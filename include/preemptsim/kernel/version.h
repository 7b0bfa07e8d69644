/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_KERNEL_VERSION_H
#define PREEMPTSIM_KERNEL_VERSION_H

/*
 * Versions of Linux, by what differs between them.
 */

#include <stdbool.h>
#include <stdint.h>

#include "preemptsim/base/params.h" /* struct choice */

/**
 * struct kernel_version - whose rules the details follow.
 * @base_slice_ns: EEVDF: sysctl_sched_base_slice of one CPU
 * @delay_dequeue: EEVDF: sleepers pay their debts first
 * @preempt_short: EEVDF: a request for less time breaks a protected one
 * @place_rel_deadline: EEVDF: what is left of a request is taken along
 * @rt_throttling: real-time tasks are throttled; there is no fair server
 */
struct kernel_version {
	int64_t base_slice_ns;
	bool delay_dequeue, preempt_short, place_rel_deadline;
	bool rt_throttling;
};

/** kernel_version - version number @i, NULL behind the last. */
const struct kernel_version *kernel_version(unsigned int i);

/** kernel_version_choice - its name. */
const struct choice *kernel_version_choice(unsigned int i);

#endif
