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
struct lock;
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
 * @timers_pending: those of timers, where ktimers serves them
 * @disable_cnt: under rt, the softirq_disable_cnt of all tasks of this CPU
 * @raises: how often it was said that something is to be served
 * @ksoftirqd: the task
 * @ktimers: the task that expired timers are left to; NULL: none
 * @lock: who has bottom halves disabled holds it, from the first
 *        local_bh_disable() to the last local_bh_enable(); NULL: there is none
 */
struct softirq_cpu {
	uint32_t pending, timers_pending;
	uint32_t disable_cnt;
	uint64_t raises;
	struct task *ksoftirqd, *ktimers;
	struct lock *lock;
};

/**
 * struct softirq_run - softirqs being served.  A task's, as under rt it may be
 * preempted in the middle of it by another that serves some.
 * @active: vectors still to serve in this pass
 * @vector: the one being served
 * @restarts: passes left before ksoftirqd has to take over
 * @end_jiffy: when it has to, too
 * @again: another pass follows
 * @count_before: preempt_count when an action began, which it must keep
 */
struct softirq_run {
	uint32_t active;
	unsigned int vector;
	unsigned int restarts;
	bool again;
	uint32_t count_before;
	uint64_t end_jiffy;
};

/** softirq_choice - the vectors' names. */
const struct choice *softirq_choice(unsigned int i);

/** __raise_softirq - @vector becomes pending on @kc's CPU, and nobody is woken
 * for it (__raise_softirq_irqoff()). */
void __raise_softirq(struct kcpu *kc, unsigned int vector);

/** raise_softirq - @vector becomes pending on @kc's CPU; outside of interrupt
 * context this wakes ksoftirqd.  Context: any, interrupts off. */
void raise_softirq(struct kcpu *kc, unsigned int vector);

/** raise_timer_softirq - the same for what timers leave to a softirq, from
 * hardirq context: with forced threading ktimers serves it. */
void raise_timer_softirq(struct kcpu *kc, unsigned int vector);

/** wakeup_softirqd - wake ksoftirqd; interrupts are off. */
void wakeup_softirqd(struct kcpu *kc);

/** op_softirq_post_flush - the idle task has done what others had left to it,
 * interrupts off: it serves the softirqs that this has raised, which under rt it
 * leaves to ksoftirqd. */
void op_softirq_post_flush(struct cpu *cpu, const struct op *op);

/** softirqs_left_alone - what is pending on @kc is for ksoftirqd to serve, which
 * runs already or is about to. */
bool softirqs_left_alone(const struct kcpu *kc);

/** softirq_irq_exit - at the end of an interrupt on @cpu that found something
 * raised: push what serves it, or wakes who does. */
void softirq_irq_exit(struct cpu *cpu);

/**
 * softirq_count_add, softirq_count_sub - the count of the task on @kc, under
 * rt.
 *
 * From the first unit to the last the task stays on its CPU.  It can be
 * preempted meanwhile, also by a task that serves softirqs itself.
 */
void softirq_count_add(struct kcpu *kc, uint32_t units);
void softirq_count_sub(struct kcpu *kc, uint32_t units);

/** softirq_lock_init - make @kc's lock. */
void softirq_lock_init(struct kcpu *kc);

/** softirq_lock_due - will local_bh_disable(), or the beginning of a thread's
 * softirqs, take the lock on @kc? */
bool softirq_lock_due(const struct kcpu *kc);

/** op_softirq_lock, op_softirq_unlock - take it; and give it back, if the task
 * has it and bottom halves are enabled. */
void op_softirq_lock(struct cpu *cpu, const struct op *op);
void op_softirq_unlock(struct cpu *cpu, const struct op *op);

/** op_rt_bh_enable - local_bh_enable() under rt. */
void op_rt_bh_enable(struct cpu *cpu, const struct op *op);

/** do_softirq_path - serve what is pending; called and left with interrupts
 * off. */
extern const struct op do_softirq_path[];

/** ksoftirqd_path, ktimers_path - the kernel threads' programs. */
extern const struct op ksoftirqd_path[];
extern const struct op ktimers_path[];

#endif
