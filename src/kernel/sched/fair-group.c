/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The queues of groups, one in the other, which is what the fair classes that
 * know groups have in common.  cf. kernel/sched/fair.c v6.12:
 * enqueue_task_fair(), dequeue_entities(), pick_next_task_fair(),
 * find_matching_se(), update_cfs_group(), calc_group_shares().
 *
 * A group's shares are divided over the CPUs by how much of it there is on
 * each, which load averages tell: see fair-load.c.  A CPU learns of others' when
 * something comes or goes there, and at ticks.
 *
 * Left out: the ten bits behind the point of weights, but for the
 * shares themselves.
 */
#include <config.h>

#include "fair-group-private.h"

#include <glib.h>

/* The least weight that scale_load_down() returns. */
#define MIN_SHARES 2

/* What scale_load() adds. */
#define SHARES_SHIFT 10

static const struct cfs_ops *ops_of(const struct rq *rq)
{
	return rq->kc->kernel->config.fair->groups;
}

/*
 * Shares
 */

void entity_set_weight(struct sched_entity *se, uint64_t weight)
{
	se->weight = weight;
	se->inv_weight = UINT32_MAX / weight;
}

/* The part of the shares that is due to the CPU whose queue @cfs is: by its
 * average load, or by what is queued there if that is more, of the averages of
 * all.  One CPU has them all. */
static uint64_t calc_group_shares(const struct rq *rq, struct cfs_rq *cfs)
{
	const struct task_group *tg = cfs->tg;
	uint64_t load = MAX(cfs->load, cfs->avg.load_avg), all;
	uint64_t shares = tg->shares;

	if (rq->pelt) {
		all = tg->load_avg - group_rq_of(cfs)->tg_load_avg_contrib +
		      load;
		shares = all ? shares * load / all : 0;
	}
	return MAX(shares >> SHARES_SHIFT, MIN_SHARES);
}

/* One that is empty keeps its weight where it may be delayed. */
void update_cfs_group(struct rq *rq, struct sched_entity *se)
{
	uint64_t weight;

	if ((!se->my_q->load && sched_feat(rq, delay_dequeue)) ||
	    throttled_hierarchy(se->my_q))
		return;
	weight = calc_group_shares(rq, se->my_q);
	if (weight != se->weight)
		ops_of(rq)->reweight_entity(rq, se, weight);
}

/*
 * Slices
 */

/* The group whose entity @se is asks for what the least of @cfs does, from its
 * next request on.  cf. cfs_rq_min_slice(), which finds an older slice of a group
 * within if that has not been queued or run since. */
static inline void set_group_slice(struct rq *rq, struct sched_entity *se,
				   const struct cfs_rq *cfs)
{
	if (likely(!rq->kc->kernel->group_slices))
		return;
	se->slice = ops_of(rq)->min_slice(cfs);
	se->custom_slice = se->slice;
}

/*
 * Coming and going
 */

/* Something came to, or left, the group whose entity @se stays queued. */
static void stays(struct rq *rq, struct sched_entity *se)
{
	update_load_avg(rq, se, UPDATE_TG);
	se_update_runnable(se);
	update_cfs_group(rq, se);
	set_group_slice(rq, se, se->my_q);
}

/* One more task can run in the queue of each group, the innermost first. */
bool group_enqueue(struct rq *rq, struct sched_entity *se)
{
	const struct cfs_ops *ops = ops_of(rq);
	unsigned int delayed = se->delayed;
	bool idle = entity_is_idle(se);

	for (se = se->parent; se; se = se->parent) {
		se->my_q->nr_running++;
		se->my_q->nr_delayed += delayed;
		se->my_q->nr_sched_idle += idle;
		if (cfs_rq_throttled(se->my_q))
			return false;
		idle = idle || cfs_rq_is_idle(se->my_q);
		if (!se->on_rq) {
			set_group_slice(rq, se, se->my_q);
			ops->enqueue_entity(rq, se, ENQUEUE_WAKEUP);
			continue;
		}
		if (se->delayed)
			ops->requeue_delayed(rq, se);
		stays(rq, se);
	}
	return true;
}

/* @se's group may be empty: what becomes of it, and of those that it is in.  One
 * that is delayed then asks for what the least of those beside it does, as it does
 * since 6.12.24; before, for nothing or for ever. */
static bool leave(struct rq *rq, struct sched_entity *se, bool gone)
{
	if (!gone || se->my_q->nr_queued) {
		stays(rq, se);
		return false;
	}
	if (ops_of(rq)->dequeue_entity(rq, se, DEQUEUE_SLEEP))
		return true;
	se_update_runnable(se);
	set_group_slice(rq, se, se->cfs_rq);
	return false;
}

bool group_dequeue(struct rq *rq, struct sched_entity *se)
{
	unsigned int delayed = se->delayed;
	bool idle = entity_is_idle(se), gone = true;

	for (se = se->parent; se; se = se->parent) {
		se->my_q->nr_running--;
		se->my_q->nr_delayed -= delayed;
		se->my_q->nr_sched_idle -= idle;
		if (cfs_rq_throttled(se->my_q))
			return false;
		idle = idle || cfs_rq_is_idle(se->my_q);
		gone = leave(rq, se, gone);
	}
	return true;
}

void group_emptied(struct rq *rq, struct cfs_rq *cfs)
{
	bool gone = true;

	for (struct sched_entity *se = cfs_rq_entity(cfs); se && se->on_rq;
	     se = se->parent)
		gone = leave(rq, se, gone);
}

/*
 * Who runs
 */

/* Who is of some weight. */
void set_next_buddy(struct sched_entity *se)
{
	for (; se && se->on_rq && !entity_is_idle(se); se = se->parent)
		se->cfs_rq->next = se;
}

/* cf. set_next_buddy() in dequeue_entities(): the first group in which there is
 * somebody else, unless it owes something that is left on the way there. */
void group_bias_next(struct sched_entity *se)
{
	for (se = se->parent; se && !se->my_q->nr_queued; se = se->parent)
		if (se->delayed)
			return;
	if (se && !throttled_hierarchy(se->my_q))
		set_next_buddy(se);
}

static bool is_in(const struct sched_entity *se,
		  const struct sched_entity *group)
{
	while (se && se != group)
		se = se->parent;
	return se;
}

/* cf. pick_next_task_fair(): what the task that goes and the one that comes
 * are both in goes on running. */
void group_put_prev(struct rq *rq, const struct sched_entity *se)
{
	const struct sched_entity *next = rq->picked;

	if (next == se)
		next = NULL;
	for (struct sched_entity *group = se->parent;
	     group && !is_in(next, group); group = group->parent)
		ops_of(rq)->put_prev_entity(rq, group);
}

void find_matching_se(struct sched_entity **se, struct sched_entity **pse)
{
	while ((*se)->depth > (*pse)->depth)
		*se = (*se)->parent;
	while ((*pse)->depth > (*se)->depth)
		*pse = (*pse)->parent;
	while ((*se)->cfs_rq != (*pse)->cfs_rq) {
		*se = (*se)->parent;
		*pse = (*pse)->parent;
	}
}
