/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_KERNEL_STOP_H
#define PREEMPTSIM_KERNEL_STOP_H

/*
 * Work that has to be done by a CPU before anything else it does: the threads
 * migration/N of the stop class.  cf. kernel/stop_machine.c.
 */

#include "preemptsim/base/list.h"
#include "preemptsim/kernel/task.h"

struct cpu;

/**
 * struct cpu_stop_work - something a CPU shall do.
 * @link: among the CPU's works
 * @func: does it, with interrupts off
 * @arg: for @func
 * @busy: it is to be done yet, and must not be asked for again
 */
struct cpu_stop_work {
	struct list_head link;
	void (*func)(struct cpu *cpu, void *arg);
	void *arg;
	bool busy;
};

/**
 * struct cpu_stopper - a CPU's thread for that, where there is one.
 * @thread: migration/N
 * @works: to be done, the first asked for first
 * @push: sends the running task away; see sched-rt.c
 */
struct cpu_stopper {
	struct task thread;
	struct list_head works;
	struct cpu_stop_work push;
};

/** cpu_stop_init - make @kc's thread. */
void cpu_stop_init(struct kcpu *kc);

/**
 * stop_one_cpu_nowait - have @work done by @kc.
 *
 * Context: interrupts off and preemption disabled, or about to schedule.
 */
void stop_one_cpu_nowait(struct kcpu *kc, struct cpu_stop_work *work);

#endif
