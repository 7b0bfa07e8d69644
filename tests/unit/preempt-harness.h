/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_TESTS_PREEMPT_HARNESS_H
#define PREEMPTSIM_TESTS_PREEMPT_HARNESS_H

/*
 * Who is preempted and who preempts, for the tests of preempt_count.
 */

#include "kernel-harness.h"

/* Task 0 is the high one that others wake, task 1 does the test. */
static const struct op high_path[] = { NOTE('H'), BLOCK, AGAIN(high_path) };

static const struct op raise_net[] = { RAISE(NET_RX_SOFTIRQ), RET };

static inline void make_high(void)
{
	harness_rt("high", high_path, POLICY_FIFO, 50, 0, KTIME_MAX);
}

static inline void run_kthread(const char *model, const struct op *path)
{
	struct harness_config config = { .model = model };

	harness_start(&config);
	make_high();
	harness_kthread("low", path, 0, 10 * US);
	harness_run(5 * MS);
}

#endif /* PREEMPTSIM_TESTS_PREEMPT_HARNESS_H */
