/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The idle class: one task per CPU that is never enqueued.
 * cf. kernel/sched/idle.c.
 */
#include <config.h>

#include "fair-server-private.h"
#include "sched-private.h"

static void nothing(struct rq *rq, struct task *p)
{
	(void)rq;
	(void)p;
}

static void no_queue(struct rq *rq, struct task *p, unsigned int flags)
{
	(void)flags;
	sim_bug(p->kernel->sim, (int)rq->kc->cpu.id,
		"the idle task is not queued");
}

/* Whoever wakes up beside idle is of another class. */
static void wakeup_preempt_idle(struct rq *rq, struct task *p)
{
	(void)p;
	resched_curr(rq);
}

static struct task *pick_next_task_idle(struct rq *rq)
{
	return rq->idle;
}

static void put_prev_task_idle(struct rq *rq, struct task *p)
{
	(void)p;
	fair_server_idle_ends(rq);
}

static void set_next_task_idle(struct rq *rq, struct task *p)
{
	(void)p;
	fair_server_idle_begins(rq);
}

static unsigned int select_task_rq_idle(struct task *p, struct kcpu *waker)
{
	(void)waker;
	return p->cpu;
}

const struct sched_class sched_class_idle = {
	.name = "idle",
	.enqueue_task = no_queue,
	.dequeue_task = no_queue,
	.wakeup_preempt = wakeup_preempt_idle,
	.pick_next_task = pick_next_task_idle,
	.put_prev_task = put_prev_task_idle,
	.set_next_task = set_next_task_idle,
	.task_tick = nothing,
	.select_task_rq = select_task_rq_idle,
};
