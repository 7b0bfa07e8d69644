/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_FAIR_GROUP_PRIVATE_H
#define PREEMPTSIM_FAIR_GROUP_PRIVATE_H

/*
 * What a fair class that knows groups shares with others that do.  Its own
 * functions serve one queue; the walks over the queues are here.
 */

#include "preemptsim/kernel/task-group.h"

#include "cfs-bandwidth-private.h"
#include "fair-load-private.h"
#include "fair-private.h"
#include "fair-server-private.h"

/* Flags of dequeue_entity beside those of dequeue_task, as in Linux: not to be
 * delayed, or not any more. */
#define DEQUEUE_SPECIAL 0x10u

/**
 * struct cfs_ops - a fair class's part in groups; all of them are about @se in
 * se->cfs_rq, and no other queue.
 * @enqueue_entity: it has something to run
 * @dequeue_entity: it has nothing to run any more (DEQUEUE_SLEEP); false: it
 *                  stays for a while
 * @requeue_delayed: it had stayed, and has something to run again; NULL
 * @reweight_entity: its weight is @weight from now on
 * @put_prev_entity: it stops running
 * @min_slice: the least slice that one of @cfs asks for, ns; called while
 *             kernel.group_slices
 */
struct cfs_ops {
	void (*enqueue_entity)(struct rq *rq, struct sched_entity *se,
			       unsigned int flags);
	bool (*dequeue_entity)(struct rq *rq, struct sched_entity *se,
			       unsigned int flags);
	void (*requeue_delayed)(struct rq *rq, struct sched_entity *se);
	void (*reweight_entity)(struct rq *rq, struct sched_entity *se,
				uint64_t weight);
	void (*put_prev_entity)(struct rq *rq, struct sched_entity *se);
	int64_t (*min_slice)(const struct cfs_rq *cfs);
};

/** cfs_rq_entity - the entity of the group whose queue @cfs is. */
static inline struct sched_entity *cfs_rq_entity(struct cfs_rq *cfs)
{
	return &container_of(cfs, struct group_rq, cfs)->se;
}

/** set_task_rq - @p is about to be queued on @rq. */
static inline void set_task_rq(struct rq *rq, struct task *p)
{
	struct group_rq *group;

	if (likely(!p->group)) {
		p->se.cfs_rq = &rq->cfs;
		return;
	}
	group = &p->group->cpu[rq->kc->cpu.id];
	p->se.cfs_rq = &group->cfs;
	p->se.parent = &group->se;
	p->se.depth = group->se.depth + 1;
}

/** add_fair_running, sub_fair_running - @n fair tasks more, or less, can run on
 * @rq. */
static inline void add_fair_running(struct rq *rq, unsigned int n)
{
	unsigned int before = rq->cfs.nr_running;

	rq->cfs.nr_running += n;
	if (before == 0)
		fair_server_start(rq);
}

static inline void sub_fair_running(struct rq *rq, unsigned int n)
{
	rq->cfs.nr_running -= n;
	if (!rq->cfs.nr_running)
		fair_server_stop(rq);
}

/** group_throttled_on - would @p, on CPU number @cpu, be in a group that is
 * throttled there?  cf. throttled_lb_pair() */
static inline bool group_throttled_on(const struct task *p, unsigned int cpu)
{
	return unlikely(p->group) &&
	       throttled_hierarchy(&p->group->cpu[cpu].cfs);
}

/** cfs_rq_runnable - how many tasks of @cfs and below do not sleep. */
static inline unsigned int cfs_rq_runnable(const struct cfs_rq *cfs)
{
	return cfs->nr_running - cfs->nr_delayed;
}

/** se_update_runnable - so many tasks can run in the group's entity @se. */
static inline void se_update_runnable(struct sched_entity *se)
{
	se->runnable_weight = cfs_rq_runnable(se->my_q);
}

/** cfs_rq_is_idle - is @cfs that of an idle group? */
static inline bool cfs_rq_is_idle(const struct cfs_rq *cfs)
{
	return cfs->tg && cfs->tg->idle;
}

/** entity_is_idle - is @se a task of policy idle, or an idle group?
 * cf. se_is_idle(). */
static inline bool entity_is_idle(struct sched_entity *se)
{
	if (unlikely(se->my_q))
		return cfs_rq_is_idle(se->my_q);
	return task_of(se)->policy == POLICY_IDLE;
}

/** counts_as_idle - is it, or a group that it is in? */
static inline bool counts_as_idle(const struct task *p)
{
	return p->policy == POLICY_IDLE ||
	       (unlikely(p->group) && p->group->in_idle);
}

/** entity_set_weight - with the inverse; cf. __update_inv_weight(). */
void entity_set_weight(struct sched_entity *se, uint64_t weight);

/** update_cfs_group - the weight of the group's entity @se by what is queued
 * in it. */
void update_cfs_group(struct rq *rq, struct sched_entity *se);

/** entity_load_enqueue, entity_load_dequeue - what follows for load averages from
 * @se's coming or going, before it does. */
static inline void entity_load_enqueue(struct rq *rq, struct sched_entity *se)
{
	update_load_avg(rq, se, UPDATE_TG | DO_ATTACH);
	if (likely(!se->my_q))
		return;
	se_update_runnable(se);
	update_cfs_group(rq, se);
}

static inline void entity_load_dequeue(struct rq *rq, struct sched_entity *se,
				       unsigned int flags)
{
	update_load_avg(rq, se, UPDATE_TG | (flags & DEQUEUE_MIGRATING));
	if (unlikely(se->my_q))
		se_update_runnable(se);
}

/** group_enqueue, group_dequeue - what follows for the groups that a task is
 * in, after its own @se was enqueued or dequeued.  False: one of them is
 * throttled, so nothing follows for @rq. */
bool group_enqueue(struct rq *rq, struct sched_entity *se);
bool group_dequeue(struct rq *rq, struct sched_entity *se);

/** set_next_buddy - have @se, and the groups that it is in, picked next if that
 * is not unfair. */
void set_next_buddy(struct sched_entity *se);

/** group_bias_next - @se, a task's, has gone to sleep: who waits in the same
 * group is picked next if that is not unfair. */
void group_bias_next(struct sched_entity *se);

/** group_emptied - a delayed group has left @cfs, and nobody may be left. */
void group_emptied(struct rq *rq, struct cfs_rq *cfs);

/** group_put_prev - after @se, a task's, has stopped running: its groups, but
 * for those that are picked to go on. */
void group_put_prev(struct rq *rq, const struct sched_entity *se);

/** curr_cfs_rq - the queue that @rq's current task is in. */
static inline struct cfs_rq *curr_cfs_rq(struct rq *rq)
{
	struct cfs_rq *cfs = &rq->cfs;

	while (unlikely(cfs->curr && cfs->curr->my_q))
		cfs = cfs->curr->my_q;
	return cfs;
}

/** touch_task - @p is the last of @rq that is moved elsewhere. */
static inline void touch_task(struct rq *rq, struct task *p)
{
	p->se.touched = ++rq->cfs.touched;
}

/** task_dequeued - @p has left @rq, and all groups that it was in: what follows
 * for @rq. */
static inline void task_dequeued(struct rq *rq, const struct task *p)
{
	rq->cfs.nr_delayed -= p->se.delayed;
	sub_fair_running(rq, 1);
	if (unlikely(counts_as_idle(p)))
		add_sched_idle(rq, -1);
}

/** task_enqueued - @se, a task's, was enqueued: what follows for its groups and
 * for @rq. */
static inline void task_enqueued(struct rq *rq, struct sched_entity *se)
{
	touch_task(rq, task_of(se));
	if (unlikely(se->parent) && !group_enqueue(rq, se)) {
		sub_nr_running(rq, 1);
		return;
	}
	rq->cfs.nr_delayed += se->delayed;
	add_fair_running(rq, 1);
	if (unlikely(counts_as_idle(task_of(se))))
		add_sched_idle(rq, 1);
}

/**
 * pick_task_fair - from queue to queue down to a task; cf. pick_task_fair().
 * @update_curr: the time of who runs in @cfs, up to now
 * @pick_next_entity: who of @cfs is to run; NULL: begin anew
 */
static inline struct task *
pick_task_fair(struct rq *rq,
	       void (*update_curr)(struct rq *rq, struct cfs_rq *cfs),
	       struct sched_entity *(*pick_next_entity)(struct rq *rq,
							struct cfs_rq *cfs))
{
	struct cfs_rq *cfs = &rq->cfs;
	struct sched_entity *se;

	do {
		if (!rq->cfs.nr_queued)
			return NULL;
		update_curr(rq, cfs);
		if (unlikely(cfs->tg) && check_cfs_rq_runtime(rq, cfs)) {
			cfs = &rq->cfs;
			continue;
		}
		se = pick_next_entity(rq, cfs);
		cfs = se ? se->my_q : &rq->cfs;
	} while (unlikely(cfs));
	rq->picked = se;
	return task_of(se);
}

/**
 * set_next_task_fair - @p begins to run, and its groups; those that the task
 * before was in as well have gone on running.
 * @set_next_entity: the same of one in its queue
 */
static inline void set_next_task_fair(
	struct rq *rq, struct task *p,
	void (*set_next_entity)(struct rq *rq, struct sched_entity *se))
{
	struct sched_entity *se = &p->se;

	touch_task(rq, p);
	rq->picked = NULL;
	do {
		set_next_entity(rq, se);
		se = se->parent;
	} while (unlikely(se && se->cfs_rq->curr != se));
}

/** find_matching_se - have both be entities of the same queue, their own or
 * those of groups that they are in. */
void find_matching_se(struct sched_entity **se, struct sched_entity **pse);

#endif
