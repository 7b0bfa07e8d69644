/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stride scheduling (Waldspurger and Weihl 1995): each task has a pass, which
 * advances by what it runs over its weight; at each tick the least goes on.  Who
 * wakes up starts where the others are.
 */
#include <config.h>

#include "textbook-private.h"

#include <glib.h>

extern const struct sched_class sched_class_stride;

static void update_curr_stride(struct rq *rq)
{
	struct sched_entity *curr = rq->cfs.curr;
	int64_t before = curr ? curr->sum_exec_runtime : 0;

	textbook_update_curr(rq);
	if (!curr)
		return;
	*textbook_key(task_of(curr)) +=
		calc_delta_fair(curr->sum_exec_runtime - before, curr);
}

/* The pass of the CPU is that of who was chosen last. */
static void enqueue_task_stride(struct rq *rq, struct task *p,
				unsigned int flags)
{
	(void)flags;
	update_curr_stride(rq);
	*textbook_key(p) = MAX(*textbook_key(p), rq->cfs.min_vruntime);
	textbook_enqueue(rq, p);
}

static void set_next_task_stride(struct rq *rq, struct task *p)
{
	textbook_set_next_task(rq, p);
	rq->cfs.min_vruntime = MAX(rq->cfs.min_vruntime, *textbook_key(p));
}

static void task_tick_stride(struct rq *rq, struct task *p)
{
	update_curr_stride(rq);
	if (textbook_pick_next_task(rq) != p)
		resched_curr(rq);
}

/* Nobody preempts between two ticks. */
static void wakeup_preempt_stride(struct rq *rq, struct task *p)
{
	(void)rq;
	(void)p;
}

const struct sched_class sched_class_stride = {
	.name = "stride",
	.rq_init = textbook_rq_init,
	.task_init = set_load_weight,
	.enqueue_task = enqueue_task_stride,
	.dequeue_task = textbook_dequeue_task,
	.yield_task = update_curr_stride,
	.wakeup_preempt = wakeup_preempt_stride,
	.pick_next_task = textbook_pick_next_task,
	.put_prev_task = textbook_put_prev_task,
	.set_next_task = set_next_task_stride,
	.task_tick = task_tick_stride,
	.select_task_rq = select_task_rq_fair,
	.balance = balance_fair,
	.update_curr = update_curr_stride,
	.prio_changed = prio_changed_fair,
	.switched_to = switched_to_fair,
};
