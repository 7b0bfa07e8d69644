/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_KERNEL_WORKQUEUE_H
#define PREEMPTSIM_KERNEL_WORKQUEUE_H

/*
 * Workqueues: work that is put off to a kernel thread of the CPU, where it may
 * sleep.  cf. kernel/workqueue.c.
 */

#include <stdbool.h>

#include "preemptsim/base/list.h"
#include "preemptsim/kernel/entry.h"
#include "preemptsim/kernel/task.h"

/**
 * struct work_struct - something to do; embedded in its owner.
 * @link: in the pool's list while it is pending
 * @func: its program, run by a worker with @context as the frame's arg
 * @event: hardware instant on whose behalf it was queued
 * @context: the same of the run that goes on
 * @pending: it is queued and has not begun
 * @pool: where it runs, if it does: it runs once at a time; NULL
 */
struct work_struct {
	struct list_head link;
	const struct op *func;
	ktime_t event;
	struct irq_context context;
	bool pending;
	struct worker_pool *pool;
};

/**
 * struct worker_pool - a CPU's works, and who does them.
 * @worklist: pending works, in order
 * @worker: kworker/N:0
 * @work: the one that it does
 * @held: the lock that the worker had taken last when this began, for lockdep
 * @idle: it waits for some, and for nothing else
 */
struct worker_pool {
	struct list_head worklist;
	struct task worker;
	struct work_struct *work;
	const struct held_lock *held;
	bool idle;
};

/** workqueue_init - a pool for each CPU, before the run; @depth: frames that
 * works need. */
void workqueue_init(struct kernel *kernel, unsigned int depth);

/** workqueue_destroy - free what workqueue_init() took, if it was called. */
void workqueue_destroy(struct kernel *kernel);

/** init_work - a work that runs @func. */
void init_work(struct work_struct *work, const struct op *func);

/**
 * queue_work - the worker of @kc's CPU, or the one that is doing @work already,
 * shall do it on behalf of what happened at @event.
 *
 * Returns false if it is pending already: it is done once then.  Context: any
 * but NMI, interrupts off and preemption disabled.
 */
bool queue_work(struct kcpu *kc, struct work_struct *work, ktime_t event);

/** workqueue_idle - would queue_work() on @cpu wake the worker? */
bool workqueue_idle(struct cpu *cpu);

#endif
