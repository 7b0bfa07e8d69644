/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stride scheduling (Waldspurger and Weihl 1995): each task has a pass, which
 * advances by what it runs over its weight; at each tick the least goes on.  Who
 * sleeps takes along how far it was before the CPU's.
 */
#include <config.h>

#include "textbook-private.h"

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

static void task_tick_stride(struct rq *rq, struct task *p)
{
	update_curr_stride(rq);
	if (textbook_pick_next_task(rq) != p)
		resched_curr(rq);
}

const struct sched_class sched_class_stride = {
	TEXTBOOK_PASS_CLASS("stride"),
	.rq_init = rq_init_fair,
	.dequeue_task = textbook_dequeue_pass,
	.yield_task = update_curr_stride,
	.task_tick = task_tick_stride,
	.update_curr = update_curr_stride,
};
