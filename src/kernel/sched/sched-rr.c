/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Round robin: as first come, first served, but at each tick the running task
 * goes behind all that wait.
 */
#include <config.h>

#include "textbook-private.h"

extern const struct sched_class sched_class_rr;

static void enqueue_task_rr(struct rq *rq, struct task *p, unsigned int flags)
{
	textbook_update_curr(rq);
	if (flags & ENQUEUE_WAKEUP)
		*textbook_key(p) = rq->clock;
	textbook_enqueue(rq, p);
}

static unsigned int select_task_rq_rr(struct task *p, struct kcpu *waker)
{
	*textbook_key(p) = KTIME_MAX;
	return textbook_select_task_rq(p, waker);
}

/* Behind all that came up to now. */
static void go_behind(struct rq *rq, struct task *p)
{
	textbook_update_curr(rq);
	*textbook_key(p) = rq->clock + 1;
}

static void yield_task_rr(struct rq *rq)
{
	go_behind(rq, rq->curr);
}

static void task_tick_rr(struct rq *rq, struct task *p)
{
	go_behind(rq, p);
	if (rq->cfs.nr_running > 1)
		resched_curr(rq);
}

const struct sched_class sched_class_rr = {
	TEXTBOOK_CLASS("rr", enqueue_task_rr),
	.select_task_rq = select_task_rq_rr,
	.yield_task = yield_task_rr,
	.task_tick = task_tick_rr,
	.update_curr = textbook_update_curr,
};
