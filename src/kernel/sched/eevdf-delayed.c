/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Delayed dequeueing.  cf. kernel/sched/fair.c v6.12: requeue_delayed_entity(),
 * finish_delayed_dequeue_entity(), DELAY_DEQUEUE and DELAY_ZERO.
 *
 * A delayed task is one that sleeps, but stays in the tree since it has had more
 * than its due, until that is made up for.  A group in which nobody wants to run
 * any more is delayed in the same way.
 *
 * Up to 6.13 such a task counts as one that could run, but for load averages: in
 * the numbers of tasks that wakeups, balancing and the fair server go by.  It is
 * moved like others, and still delayed where it comes to.  p->on_rq says what is
 * told of it: that it sleeps.
 */
#include <config.h>

#include "eevdf-private.h"

/* @n sleepers more for all queues that @se, a task's, is in. */
static void add_nr_delayed(struct sched_entity *se, unsigned int n)
{
	if (unlikely(se->my_q))
		return;
	do {
		se->cfs_rq->nr_delayed += n;
		if (likely(!se->cfs_rq->tg) || cfs_rq_throttled(se->cfs_rq))
			return;
		se = se->parent;
	} while (se);
}

void set_delayed(struct sched_entity *se)
{
	se->delayed = true;
	add_nr_delayed(se, 1);
}

/* cf. clear_delayed(): the groups are told at once, though those that count how
 * many could run are told one after the other. */
static void clear_delayed(struct sched_entity *se)
{
	se->delayed = false;
	add_nr_delayed(se, -1u);
}

/* cf. requeue_delayed_entity(): it wakes up before its debt is paid; a credit
 * that it got meanwhile is not its due (DELAY_ZERO). */
void requeue_delayed(struct rq *rq, struct sched_entity *se)
{
	struct cfs_rq *cfs = se->cfs_rq;

	update_load_avg(rq, se, 0);
	clear_delayed(se);
	if (!sched_feat(rq, delay_zero))
		return;
	update_entity_lag(rq, se);
	if (se->vlag <= 0)
		return;
	if (se != cfs->curr)
		tree_dequeue(cfs, se);
	se->vlag = 0;
	cfs->nr_queued--;
	place_entity(rq, se, 0);
	cfs->nr_queued++;
	if (se != cfs->curr)
		tree_enqueue(cfs, se);
}

/* cf. finish_delayed_dequeue_entity(): it really goes now. */
void dequeue_delayed(struct rq *rq, struct sched_entity *se)
{
	struct cfs_rq *cfs = se->cfs_rq;

	update_load_avg(rq, se, UPDATE_TG);
	update_entity_lag(rq, se);
	if (se != cfs->curr)
		tree_dequeue(cfs, se);
	se->on_rq = false;
	clear_delayed(se);
	cfs->nr_queued--;
	update_min_vruntime(cfs);
	if (sched_feat(rq, delay_zero))
		se->vlag = MIN(se->vlag, 0);
	if (unlikely(cfs->tg)) {
		cfs->load -= se->weight;
		return_cfs_rq_runtime(rq, cfs);
	}
}

/* What deactivate_task() did not do, since it was delayed. */
static void sleeper_left(struct rq *rq, const struct task *p)
{
	task_dequeued(rq, p);
	sub_nr_running(rq, 1);
}

void finish_delayed(struct rq *rq, struct sched_entity *se)
{
	clear_buddies(se);
	dequeue_delayed(rq, se);
	if (unlikely(se->parent && se->my_q))
		group_emptied(rq, se->cfs_rq);
	if (likely(!se->my_q) && (likely(!se->parent) || group_dequeue(rq, se)))
		sleeper_left(rq, task_of(se));
	if (unlikely(se->parent))
		group_bias_next(se);
}
