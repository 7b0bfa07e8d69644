/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_KERNEL_WAIT_H
#define PREEMPTSIM_KERNEL_WAIT_H

/*
 * Wait queues and sleeping for a time.
 * cf. kernel/sched/wait.c, kernel/time/hrtimer.c:do_nanosleep().
 */

#include "preemptsim/base/list.h"
#include "preemptsim/kernel/kernel.h"

/**
 * struct wait_queue_head - tasks that wait, in order of coming.
 * @waiters: links are task.wait
 */
struct wait_queue_head {
	struct list_head waiters;
};

/** wait_enqueue - put @p before @pos into a queue, by @link, which must not be
 * in another. */
void wait_enqueue(struct task *p, struct list_head *link,
		  struct list_head *pos);

/** prepare_to_wait - current is about to sleep on @wq in @state. */
void prepare_to_wait(struct kcpu *kc, struct wait_queue_head *wq,
		     unsigned int state);

/**
 * wake_up_one - wake the task that has waited longest.
 * @event: what its latency counts from
 *
 * Returns the task, or NULL if nobody waited.
 */
struct task *wake_up_one(struct kcpu *kc, struct wait_queue_head *wq,
			 ktime_t event);

/** wake_up_first - the same of those on a list that were taken out of their
 * queue, to be woken one after the other. */
struct task *wake_up_first(struct kcpu *kc, struct list_head *waiters,
			   ktime_t event);

/** wake_up_sync - the same by one that is about to sleep, and so leaves its CPU
 * to who is woken; cf. WF_SYNC. */
struct task *wake_up_sync(struct kcpu *kc, struct wait_queue_head *wq,
			  ktime_t event);

/** op_finish_wait - current does not wait any more.
 * cf. finish_wait(): it says that it runs, though whoever woke it did. */
void op_finish_wait(struct cpu *cpu, const struct op *op);

/**
 * turn_to_event - current goes on with an event at @when, which was there
 * already, so that it need not sleep.
 *
 * Returns whether that makes a difference to who should run: schedule().
 */
bool turn_to_event(struct kcpu *kc, ktime_t when);

/** hrtimer_wakeup_path - what the timer of a sleeping task does. */
extern const struct op hrtimer_wakeup_path[];

/**
 * nanosleep_until - arm current's timer for @when and say that it sleeps.
 *
 * The event that its next own instruction answers is @when.
 */
void nanosleep_until(struct kcpu *kc, ktime_t when);

/** nanosleep_for - the same for @time from now on, as without TIMER_ABSTIME. */
void nanosleep_for(struct kcpu *kc, ktime_t time);

#endif
