/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The stop class: at most one task on each CPU, and nothing comes before it.
 * cf. kernel/sched/stop_task.c v6.12.
 */
#include <config.h>

#include "sched-private.h"

static void enqueue_task_stop(struct rq *rq, struct task *p, unsigned int flags)
{
	(void)flags;
	rq->stop = p;
}

static void dequeue_task_stop(struct rq *rq, struct task *p, unsigned int flags)
{
	(void)p;
	(void)flags;
	rq->stop = NULL;
}

/* cf. yield_task_stop(), which is a BUG() */
static void yield_task_stop(struct rq *rq)
{
	sim_bug(rq->kc->cpu.sim, (int)rq->kc->cpu.id, "the stop task yields");
}

static void wakeup_preempt_stop(struct rq *rq, struct task *p)
{
	(void)rq;
	(void)p;
}

static struct task *pick_next_task_stop(struct rq *rq)
{
	return rq->stop;
}

static void nothing(struct rq *rq, struct task *p)
{
	(void)rq;
	(void)p;
}

static unsigned int select_task_rq_stop(struct task *p, struct kcpu *waker)
{
	(void)waker;
	return p->cpu;
}

const struct sched_class sched_class_stop = {
	.name = "stop",
	.enqueue_task = enqueue_task_stop,
	.dequeue_task = dequeue_task_stop,
	.yield_task = yield_task_stop,
	.wakeup_preempt = wakeup_preempt_stop,
	.pick_next_task = pick_next_task_stop,
	.put_prev_task = nothing,
	.set_next_task = nothing,
	.task_tick = nothing,
	.select_task_rq = select_task_rq_stop,
};
