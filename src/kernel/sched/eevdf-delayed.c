/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Delayed dequeueing.  cf. kernel/sched/fair.c v6.12: requeue_delayed_entity(),
 * finish_delayed_dequeue_entity(), DELAY_DEQUEUE and DELAY_ZERO.
 *
 * A delayed task is one that sleeps, but stays in the tree since it has had more
 * than its due, until that is made up for.  A group in which nobody wants to run
 * any more is delayed in the same way.
 *
 * Left out: up to 6.13 who balances counts delayed tasks, and moves them.  Here
 * they are gone for all but sched-eevdf.c, and cfs->nr_running does not count
 * them.
 */
#include <config.h>

#include "eevdf-private.h"

void set_delayed(struct rq *rq, struct sched_entity *se)
{
	se->delayed = true;
	rq->cfs.nr_delayed += !se->my_q;
}

static void clear_delayed(struct rq *rq, struct sched_entity *se)
{
	se->delayed = false;
	rq->cfs.nr_delayed -= !se->my_q;
}

/* cf. requeue_delayed_entity(): it wakes up before its debt is paid; a credit
 * that it got meanwhile is not its due (DELAY_ZERO). */
void requeue_delayed(struct rq *rq, struct sched_entity *se)
{
	struct cfs_rq *cfs = se->cfs_rq;

	update_load_avg(rq, se, 0);
	clear_delayed(rq, se);
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
void dequeue_delayed(struct rq *rq, struct sched_entity *se, unsigned int flags)
{
	struct cfs_rq *cfs = se->cfs_rq;

	update_load_avg(rq, se, UPDATE_TG | flags);
	update_entity_lag(rq, se);
	if (se != cfs->curr)
		tree_dequeue(cfs, se);
	se->on_rq = false;
	clear_delayed(rq, se);
	cfs->nr_queued--;
	update_min_vruntime(cfs);
	if (sched_feat(rq, delay_zero))
		se->vlag = MIN(se->vlag, 0);
	if (unlikely(cfs->tg)) {
		cfs->load -= se->weight;
		return_cfs_rq_runtime(rq, cfs);
	}
}

void finish_delayed(struct rq *rq, struct sched_entity *se)
{
	clear_buddies(se);
	dequeue_delayed(rq, se, 0);
	if (likely(!se->parent))
		return;
	group_emptied(rq, se->cfs_rq);
	group_bias_next(se);
}

/* With nobody left to wait for, debts don't count: in the order in which they
 * would be picked. */
void finish_all_delayed(struct rq *rq)
{
	while (rq->cfs.nr_queued) {
		struct sched_entity *se = pick_eevdf(rq, &rq->cfs);

		while (unlikely(!se->delayed))
			se = pick_eevdf(rq, se->my_q);
		finish_delayed(rq, se);
	}
}
