/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_KERNEL_STOP_H
#define PREEMPTSIM_KERNEL_STOP_H

/*
 * Work that has to be done by a CPU before anything else it does: the threads
 * migration/N of the stop class.  cf. kernel/stop_machine.c.
 */

#include "preemptsim/base/list.h"
#include "preemptsim/kernel/task.h"

/**
 * struct cpu_stop_work - something a CPU shall do.
 * @link: among the CPU's works
 * @path: does it, with preemption disabled
 * @arg: of @path's frame
 * @busy: it is to be begun yet, and must not be asked for again
 */
struct cpu_stop_work {
	struct list_head link;
	const struct op *path;
	void *arg;
	bool busy;
};

/**
 * struct cpu_stopper - a CPU's thread for that, where there is one.
 * @thread: migration/N
 * @ready: there is one
 * @works: to be done, the first asked for first
 * @push: sends the running task away; see sched/push-cpu.c
 * @balance: sends a fair one away that ran; see sched/fair-balance.c
 */
struct cpu_stopper {
	struct task thread;
	bool ready;
	struct list_head works;
	struct cpu_stop_work push, balance;
};

/** cpu_stop_init - make @kc's thread, if it has none; before the run. */
void cpu_stop_init(struct kcpu *kc);

/**
 * stop_one_cpu_nowait - have @work done by @kc, whose thread there is.
 *
 * Context: interrupts off and preemption disabled, or about to schedule.
 */
void stop_one_cpu_nowait(struct kcpu *kc, struct cpu_stop_work *work);

#endif
