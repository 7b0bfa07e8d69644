/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_KERNEL_SMP_H
#define PREEMPTSIM_KERNEL_SMP_H

/*
 * Calls of a function on all CPUs.  cf. kernel/smp.c v6.12.
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
 *
 * Of the call that it has under way:
 * @run: how long the function takes, wherever it runs
 * @next: number of the CPU that is asked next
 * @left: CPUs that have not done it
 * @frame: spins until they have; NULL: none does
 * @acct: what its time went to before
 * @csd: one for each CPU
 */
struct smp_calls {
	struct call_single_data *queue;
	ktime_t run;
	unsigned int next, left;
	struct frame *frame;
	uint8_t acct;
	struct call_single_data csd[];
};

/** smp_calls_init - before a run in which functions are called. */
void smp_calls_init(struct kernel *kernel);

/** smp_calls_destroy - free what smp_calls_init() took, if it was called. */
void smp_calls_destroy(struct kernel *kernel);

/** on_each_cpu_path - run a function of smp_calls.run on all CPUs, with
 * interrupts off on each, and go on when all have.  Context: a task, preemption
 * disabled, interrupts on. */
extern const struct op on_each_cpu_path[];

/** smp_call_queued - have others left calls here? */
bool smp_call_queued(struct cpu *cpu);

/** smp_call_path - do the first of them, with interrupts off. */
extern const struct op smp_call_path[];

#endif
