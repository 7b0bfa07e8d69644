/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Round robin: as first come, first served, but at each tick the running task
 * goes behind all that wait, wherever that is.
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

/* Since when @p is in the queue, or was when this instant began; what went
 * behind in it keeps that in vruntime. */
static int64_t queued_at(struct task *p, ktime_t now)
{
	return *textbook_key(p) > now ? p->se.vruntime : *textbook_key(p);
}

/* How many of those that run, and go behind at the same tick, are before @p. */
static unsigned int place_among_running(const struct rq *rq, struct task *p)
{
	struct kernel *kernel = rq->kc->kernel;
	unsigned int place = 0;

	for (unsigned int cpu = 0; cpu < kernel->config.nr_cpus; cpu++) {
		struct task *curr = cpu_rq(kernel, cpu)->curr;

		if (curr->sched_class == p->sched_class &&
		    queued_at(curr, rq->clock) < queued_at(p, rq->clock))
			place++;
	}
	return place;
}

/* Behind all that came up to now, if somebody waits; else the order of those that
 * run stays what it is. */
static void go_behind(struct rq *rq, struct task *p)
{
	unsigned int place;

	textbook_update_curr(rq);
	if (!rq->kc->kernel->nr_overloaded)
		return;
	place = place_among_running(rq, p);
	p->se.vruntime = queued_at(p, rq->clock);
	*textbook_key(p) = rq->clock + 1 + place;
}

static void yield_task_rr(struct rq *rq)
{
	go_behind(rq, rq->curr);
}

static void task_tick_rr(struct rq *rq, struct task *p)
{
	go_behind(rq, p);
	if (rq->kc->kernel->nr_overloaded)
		resched_curr(rq);
}

const struct sched_class sched_class_rr = {
	TEXTBOOK_CLASS("rr", enqueue_task_rr, textbook_put_prev_turn),
	.select_task_rq = select_task_rq_rr,
	.yield_task = yield_task_rr,
	.task_tick = task_tick_rr,
	.update_curr = textbook_update_curr,
};
