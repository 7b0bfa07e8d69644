/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rate monotonic (Liu and Layland 1973): the shorter a task's relative deadline,
 * the sooner it runs.  That is its period, unless the scenario says otherwise;
 * then it is deadline monotonic (Leung and Whitehead 1982).
 */
#include <config.h>

#include "textbook-private.h"

extern const struct sched_class sched_class_rm;

static void task_init_rm(struct task *p)
{
	*textbook_key(p) = p->rel_deadline;
}

static void enqueue_task_rm(struct rq *rq, struct task *p, unsigned int flags)
{
	(void)flags;
	textbook_update_curr(rq);
	textbook_enqueue(rq, p);
}

const struct sched_class sched_class_rm = {
	TEXTBOOK_CLASS("rm", enqueue_task_rm, textbook_put_prev_task),
	.task_init = task_init_rm,
	.select_task_rq = textbook_select_task_rq,
	.yield_task = textbook_yield_task,
	.task_tick = textbook_task_tick,
	.update_curr = textbook_update_curr,
};
