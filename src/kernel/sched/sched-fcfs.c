/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * First come, first served: who woke up first runs until it sleeps.
 */
#include <config.h>

#include "textbook-private.h"

extern const struct sched_class sched_class_fcfs;

static void enqueue_task_fcfs(struct rq *rq, struct task *p, unsigned int flags)
{
	textbook_update_curr(rq);
	if (flags & ENQUEUE_WAKEUP)
		*textbook_key(p) = rq->clock;
	textbook_enqueue(rq, p);
}

/* It comes last, so nobody has to make way. */
static unsigned int select_task_rq_fcfs(struct task *p, struct kcpu *waker)
{
	*textbook_key(p) = KTIME_MAX;
	return textbook_select_task_rq(p, waker);
}

const struct sched_class sched_class_fcfs = {
	TEXTBOOK_CLASS("fcfs", enqueue_task_fcfs, textbook_put_prev_turn),
	.select_task_rq = select_task_rq_fcfs,
	.yield_task = textbook_yield_task,
	.task_tick = textbook_task_tick,
	.update_curr = textbook_update_curr,
};
