/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_KERNEL_SMP_H
#define PREEMPTSIM_KERNEL_SMP_H

/*
 * What CPUs leave to each other, and calls of a function on all of them.
 * cf. kernel/smp.c v6.12.
 */

#include "preemptsim/kernel/kernel.h"

/** struct call_single_data - @caller's call, queued on another CPU. */
struct call_single_data {
	struct call_single_data *next;
	struct kcpu *caller;
};

/**
 * struct smp_calls - a CPU's calls of others, and others' of it.
 * @queue: what others have left here, in order
 * @flushed: what of it is being done
 *
 * Of the call that it has under way:
 * @run: how long the function takes, wherever it runs
 * @ipi: CPUs that are to be interrupted for it
 * @left: CPUs that have not done it
 * @frame: spins until they have; NULL: none does
 * @acct: what its time went to before
 * @csd: one for each CPU
 */
struct smp_calls {
	struct call_single_data *queue, *flushed;
	ktime_t run;
	struct cpumask ipi;
	unsigned int left;
	struct frame *frame;
	uint8_t acct;
	struct call_single_data csd[];
};

/** smp_calls_init - before a run in which functions are called. */
void smp_calls_init(struct kernel *kernel);

/** on_each_cpu_path - run a function of smp_calls.run on all CPUs, with
 * interrupts off on each, and go on when all have.  Context: a task, preemption
 * disabled, interrupts on. */
extern const struct op on_each_cpu_path[];

/** call_single_queued - have others left anything to do on @kc, a call or a
 * wakeup?  Whoever is the first to do so tells it. */
static inline bool call_single_queued(const struct kcpu *kc)
{
	return kc->rq.wake_list || kc->rq.csd ||
	       (kc->calls && kc->calls->queue);
}

/** smp_call_function_single_async - @from asks @kc for @csd and does not wait;
 * nothing happens if that has been asked for and not begun. */
void smp_call_function_single_async(struct kcpu *kc, struct kcpu *from,
				    enum rq_csd csd);

/** send_call_function_single_ipi - @from tells @kc that something is queued: by
 * an interrupt, or by a flag if it watches that in its idle loop. */
void send_call_function_single_ipi(struct kcpu *kc, struct kcpu *from);

/** op_flush_call_queue - do what is queued here by now: the calls in the order
 * in which they came; op_run_csd() and then op_sched_ttwu_pending() have to see
 * to what nobody waits for.  Context: interrupts off. */
void op_flush_call_queue(struct cpu *cpu, const struct op *op);
void op_run_csd(struct cpu *cpu, const struct op *op);

#endif
