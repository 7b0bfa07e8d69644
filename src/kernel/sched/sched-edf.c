/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Earliest deadline first (Liu and Layland 1973).  A job's deadline is its
 * task's relative one, counted from the event that woke the task, or would have
 * if it had slept; a task without comes after all that have one, in order of
 * waking.
 */
#include <config.h>

#include "textbook-private.h"

extern const struct sched_class sched_class_edf;

static int64_t deadline_of(const struct task *p)
{
	if (p->rel_deadline == KTIME_MAX || p->event == NO_EVENT)
		return INT64_MAX;
	return p->event + p->rel_deadline;
}

static void enqueue_task_edf(struct rq *rq, struct task *p, unsigned int flags)
{
	textbook_update_curr(rq);
	if (flags & ENQUEUE_WAKEUP)
		*textbook_key(p) = deadline_of(p);
	textbook_enqueue(rq, p);
}

/* The next job's deadline is later than that of the one before. */
static void next_event_edf(struct rq *rq, struct task *p)
{
	(void)rq;
	*textbook_key(p) = deadline_of(p);
}

/* Its deadline is to choose by, too. */
static unsigned int select_task_rq_edf(struct task *p, struct kcpu *waker)
{
	*textbook_key(p) = deadline_of(p);
	return textbook_select_task_rq(p, waker);
}

const struct sched_class sched_class_edf = {
	TEXTBOOK_CLASS("edf", enqueue_task_edf, textbook_put_prev_task),
	.select_task_rq = select_task_rq_edf,
	.yield_task = textbook_yield_task,
	.task_tick = textbook_task_tick,
	.update_curr = textbook_update_curr,
	.next_event = next_event_edf,
};
