/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_KERNEL_SOFTIRQ_H
#define PREEMPTSIM_KERNEL_SOFTIRQ_H

/*
 * Softirqs: work that interrupts put off to their end, or to ksoftirqd.
 * cf. kernel/softirq.c.
 */

#include <stdbool.h>
#include <stdint.h>

#include "preemptsim/base/params.h" /* struct choice */
#include "preemptsim/machine/op.h"

struct kcpu;
struct kernel;
struct task;

/** enum softirq - vectors, served in this order. */
enum softirq {
	HI_SOFTIRQ,
	TIMER_SOFTIRQ,
	NET_TX_SOFTIRQ,
	NET_RX_SOFTIRQ,
	BLOCK_SOFTIRQ,
	IRQ_POLL_SOFTIRQ,
	TASKLET_SOFTIRQ,
	SCHED_SOFTIRQ,
	HRTIMER_SOFTIRQ,
	RCU_SOFTIRQ,
	NR_SOFTIRQS
};

/**
 * struct softirq_cpu - one CPU's softirqs.
 * @pending: vectors raised, a bit each
 * @active: vectors still to serve in this pass
 * @vector: the one being served
 * @restarts: passes left before ksoftirqd has to take over
 * @end_jiffy: when it has to, too
 * @again: another pass follows
 * @count_before: preempt_count when an action began, which it must keep
 * @ksoftirqd: the task
 */
struct softirq_cpu {
	uint32_t pending, active;
	unsigned int vector;
	unsigned int restarts;
	uint64_t end_jiffy;
	bool again;
	uint32_t count_before;
	struct task *ksoftirqd;
};

/** softirq_choice - the vectors' names. */
const struct choice *softirq_choice(unsigned int i);

/** raise_softirq - @vector becomes pending on @kc's CPU; outside of interrupt
 * context this wakes ksoftirqd.  Context: any, interrupts off. */
void raise_softirq(struct kcpu *kc, unsigned int vector);

/** softirq_may_run - is anything raised on @cpu, and may it run here? */
bool softirq_may_run(struct cpu *cpu);

/** do_softirq_path - serve what is pending; called and left with interrupts
 * off. */
extern const struct op do_softirq_path[];

/** ksoftirqd_path - the kernel thread's program. */
extern const struct op ksoftirqd_path[];

#endif
