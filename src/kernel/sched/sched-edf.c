/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Earliest deadline first, the textbook's (Liu and Layland 1973): a fair class
 * for teaching and for known answers.  A job's deadline is its task's relative
 * one, counted from the event that woke the task; a task without comes after
 * all that have one, in order of waking.  Nice values mean nothing here.
 *
 * Left out: moving tasks between CPUs once they wait (a wakeup takes an idle
 * CPU if there is one); a new deadline for a job that was released before the
 * one before it ended, for that task does not wake up.
 */
#include <config.h>

#include "eevdf-tree-private.h"
#include "fair-private.h"
#include "fair-server-private.h"

extern const struct sched_class sched_class_edf;

static void rq_init_edf(struct rq *rq)
{
	rq->cfs = (struct cfs_rq){ .seed = rq->kc->cpu.id + 1 };
}

/* The fair server wants to know how long fair tasks ran. */
static void update_curr_edf(struct rq *rq)
{
	struct sched_entity *curr = rq->cfs.curr;
	int64_t now, delta;

	if (!curr)
		return;
	now = rq_clock_ns(rq);
	delta = now - curr->exec_start;
	curr->exec_start = now;
	curr->sum_exec_runtime += delta;
	fair_server_update(rq, delta);
}

static void enqueue_task_edf(struct rq *rq, struct task *p, unsigned int flags)
{
	struct sched_entity *se = &p->se;

	update_curr_edf(rq);
	if (flags & ENQUEUE_WAKEUP)
		se->deadline =
			p->rel_deadline == KTIME_MAX || p->event == NO_EVENT ?
				INT64_MAX :
				p->event + p->rel_deadline;
	se->on_rq = true;
	eevdf_tree_insert(&rq->cfs, se);
	if (rq->cfs.nr_running++ == 0)
		fair_server_start(rq);
}

static void dequeue_task_edf(struct rq *rq, struct task *p, unsigned int flags)
{
	struct sched_entity *se = &p->se;

	(void)flags;
	update_curr_edf(rq);
	if (se != rq->cfs.curr)
		eevdf_tree_erase(&rq->cfs, se);
	se->on_rq = false;
	if (--rq->cfs.nr_running == 0)
		fair_server_stop(rq);
}

/* There is nobody that it would be just to let go first. */
static void yield_task_edf(struct rq *rq)
{
	update_curr_edf(rq);
}

static void wakeup_preempt_edf(struct rq *rq, struct task *p)
{
	if (p->se.deadline < rq->curr->se.deadline)
		resched_curr(rq);
}

static struct task *pick_next_task_edf(struct rq *rq)
{
	struct sched_entity *first = rq->cfs.root, *curr = rq->cfs.curr;

	if (!rq->cfs.nr_running)
		return NULL;
	while (first && first->left)
		first = first->left;
	if (curr && curr->on_rq &&
	    (!first || curr->deadline <= first->deadline))
		return task_of(curr);
	return task_of(first);
}

static void put_prev_task_edf(struct rq *rq, struct task *p)
{
	update_curr_edf(rq);
	if (p->se.on_rq)
		eevdf_tree_insert(&rq->cfs, &p->se);
	rq->cfs.curr = NULL;
}

static void set_next_task_edf(struct rq *rq, struct task *p)
{
	eevdf_tree_erase(&rq->cfs, &p->se);
	p->se.exec_start = rq_clock_ns(rq);
	rq->cfs.curr = &p->se;
}

static void task_tick_edf(struct rq *rq, struct task *p)
{
	(void)p;
	update_curr_edf(rq);
}

static unsigned int select_task_rq_edf(struct task *p, struct kcpu *waker)
{
	unsigned int cpu = rq_idle_cpu_for(p);

	(void)waker;
	return cpu < NR_CPUS ? cpu : p->cpu;
}

const struct sched_class sched_class_edf = {
	.name = "edf",
	.rq_init = rq_init_edf,
	.enqueue_task = enqueue_task_edf,
	.dequeue_task = dequeue_task_edf,
	.yield_task = yield_task_edf,
	.wakeup_preempt = wakeup_preempt_edf,
	.pick_next_task = pick_next_task_edf,
	.put_prev_task = put_prev_task_edf,
	.set_next_task = set_next_task_edf,
	.task_tick = task_tick_edf,
	.select_task_rq = select_task_rq_edf,
	.update_curr = update_curr_edf,
	.prio_changed = prio_changed_fair,
	.switched_to = switched_to_fair,
};
