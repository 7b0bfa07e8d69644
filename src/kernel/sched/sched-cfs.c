/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The fair class as CFS.  cf. kernel/sched/fair.c v6.1.
 *
 * Virtual times are in ns.  The tree orders by `deadline', which is the
 * vruntime here.
 */
#include <config.h>

#include "eevdf-tree-private.h"
#include "fair-group-private.h"
#include "fair-server-private.h"
#include "hrtick-private.h"

#include <glib.h>

/* sysctl_sched_idle_min_granularity, which is the same on any machine. */
#define IDLE_MIN_GRANULARITY_NS 750000

/* cf. sched_update_scaling(): so many tasks' least slices fill a latency. */
static unsigned int nr_latency(const struct rq *rq)
{
	int64_t least = fair_slices(rq)->min_granularity;

	return (unsigned int)((fair_slices(rq)->latency + least - 1) / least);
}

static bool is_idle_policy(const struct task *p)
{
	return p->policy == POLICY_IDLE;
}

/* A vruntime means something relative to a queue's least one only; a new
 * task's is not anywhere yet. */
static void task_init_cfs(struct task *p)
{
	set_load_weight(p);
	init_task_load_avg(p);
	p->se.rel_vruntime = true;
}

/*
 * The tree
 */

static void tree_enqueue(struct cfs_rq *cfs, struct sched_entity *se)
{
	se->deadline = se->vruntime;
	eevdf_tree_insert(cfs, se);
}

static struct sched_entity *pick_first_entity(const struct cfs_rq *cfs)
{
	struct sched_entity *se = cfs->root;

	while (se && se->left)
		se = se->left;
	return se;
}

/* cf. __pick_next_entity(): the one behind the first. */
static struct sched_entity *pick_second_entity(const struct cfs_rq *cfs)
{
	struct sched_entity *se = cfs->root, *above = NULL;

	while (se->left) {
		above = se;
		se = se->left;
	}
	if (!se->right)
		return above;
	for (se = se->right; se->left;)
		se = se->left;
	return se;
}

static void update_min_vruntime(struct cfs_rq *cfs)
{
	const struct sched_entity *curr = cfs->curr;
	int64_t vruntime = cfs->min_vruntime;

	if (curr && curr->on_rq) {
		vruntime = curr->vruntime;
		if (cfs->root)
			vruntime = MIN(vruntime, cfs->root->min_vruntime);
	} else if (cfs->root) {
		vruntime = cfs->root->min_vruntime;
	}
	cfs->min_vruntime = MAX(cfs->min_vruntime, vruntime);
}

/* cf. clear_buddies(): groups are preferred for the sake of who is in them. */
static void clear_buddies(const struct sched_entity *se)
{
	bool last = true, next = true, skip = true;

	for (; se && (last || next || skip); se = se->parent) {
		struct cfs_rq *cfs = se->cfs_rq;

		last = last && cfs->last == se;
		next = next && cfs->next == se;
		skip = skip && cfs->skip == se;
		if (last)
			cfs->last = NULL;
		if (next)
			cfs->next = NULL;
		if (skip)
			cfs->skip = NULL;
	}
}

/* cf. set_last_buddy(): who is of some weight. */
static void set_last_buddy(struct sched_entity *se)
{
	for (; se && se->on_rq && !entity_is_idle(se); se = se->parent)
		se->cfs_rq->last = se;
}

/*
 * Slices
 */

/* cf. __sched_period(): the time in which everybody should run once. */
static int64_t sched_period(const struct rq *rq, unsigned int nr)
{
	return nr > nr_latency(rq) ? fair_slices(rq)->min_granularity * nr :
				     fair_slices(rq)->latency;
}

/* Beside others, who is idle gets no more than it needs. */
static int64_t least_slice(const struct rq *rq, struct sched_entity *se)
{
	const struct cfs_rq *cfs = se->cfs_rq;

	if (entity_is_idle(se) &&
	    (!cfs->nr_queued || cfs->nr_idle < cfs->nr_queued))
		return IDLE_MIN_GRANULARITY_NS;
	return fair_slices(rq)->min_granularity;
}

/* cf. sched_slice(): the part of @se in it, which is counted in if it is not
 * queued, and of its groups. */
static int64_t sched_slice(const struct rq *rq, struct sched_entity *se)
{
	unsigned int nr = rq->cfs.nr_running + !se->on_rq;
	int64_t slice = sched_period(rq, nr);

	for (const struct sched_entity *up = se; up; up = up->parent) {
		uint64_t load = up->cfs_rq->load + (up->on_rq ? 0 : up->weight);

		slice = mul_shift(slice, up->weight * (UINT32_MAX / load));
	}
	return sched_feat(rq, base_slice) ? MAX(slice, least_slice(rq, se)) :
					    slice;
}

/* cf. update_curr() */
static void update_curr(struct rq *rq, struct cfs_rq *cfs)
{
	struct sched_entity *curr = cfs->curr;
	int64_t delta;

	if (!curr)
		return;
	delta = rq_clock_ns(rq) - curr->exec_start;
	if (delta <= 0)
		return;
	curr->exec_start += delta;
	curr->sum_exec_runtime += delta;
	curr->vruntime += calc_delta_fair(delta, curr);
	update_min_vruntime(cfs);
	if (likely(!curr->my_q))
		fair_server_update(rq, delta);
	if (unlikely(cfs->tg))
		account_cfs_rq_runtime(rq, cfs, delta);
}

/* cf. update_curr_fair(): the task's own queue. */
static void update_curr_cfs(struct rq *rq)
{
	update_curr(rq, curr_cfs_rq(rq));
}

/* cf. check_preempt_tick(), with the limit that stable kernels have. */
static void check_preempt_tick(struct rq *rq, struct sched_entity *curr)
{
	int64_t ran = curr->sum_exec_runtime - curr->prev_sum_exec_runtime;
	int64_t ideal = MIN(sched_slice(rq, curr), fair_slices(rq)->latency);

	if (ran > ideal) {
		resched_curr_lazy(rq);
		clear_buddies(curr);
		return;
	}
	if (ran < fair_slices(rq)->min_granularity)
		return;
	if (curr->vruntime - pick_first_entity(curr->cfs_rq)->vruntime > ideal)
		resched_curr_lazy(rq);
}

/* Somebody has come or gone, so who runs has another slice.  Where many run,
 * that is the shortest anyway. */
static void hrtick_update(struct rq *rq)
{
	struct sched_entity *se = &rq->curr->se;

	if (hrtick_concerns(rq) && se->cfs_rq->nr_queued < nr_latency(rq))
		hrtick_start_fair(rq, se, sched_slice(rq, se));
}

static void entity_tick(struct rq *rq, struct sched_entity *se)
{
	update_curr(rq, se->cfs_rq);
	update_load_avg(rq, se, UPDATE_TG);
	if (unlikely(se->my_q))
		update_cfs_group(rq, se);
	if (unlikely(sched_feat(rq, hrtick)) && hrtick_rules(rq))
		return;
	if (se->cfs_rq->nr_queued > 1)
		check_preempt_tick(rq, se);
}

static void task_tick_cfs(struct rq *rq, struct task *p)
{
	for (struct sched_entity *se = &p->se; se; se = se->parent)
		entity_tick(rq, se);
}

/*
 * Coming and going
 */

/* What a sleeper is let off at most. */
static int64_t sleeper_credit(const struct rq *rq, struct sched_entity *se)
{
	int64_t credit = entity_is_idle(se) ? fair_slices(rq)->min_granularity :
					      fair_slices(rq)->latency;

	return sched_feat(rq, gentle_fair_sleepers) ? credit / 2 : credit;
}

/* cf. place_entity() and task_fork_fair(): a new task's first slice is one
 * that it has had already. */
static void place_entity(struct rq *rq, struct sched_entity *se, bool initial)
{
	int64_t vruntime = se->cfs_rq->min_vruntime;

	if (!initial)
		vruntime -= sleeper_credit(rq, se);
	else if (sched_feat(rq, start_debit))
		vruntime += calc_delta_fair(sched_slice(rq, se), se);
	se->vruntime = MAX(se->vruntime, vruntime);
}

static inline void enqueue_entity(struct rq *rq, struct sched_entity *se,
				  unsigned int flags)
{
	struct cfs_rq *cfs = se->cfs_rq;

	update_curr(rq, cfs);
	entity_load_enqueue(rq, se);
	if (se->rel_vruntime)
		se->vruntime += cfs->min_vruntime;
	se->rel_vruntime = false;
	if (flags & ENQUEUE_WAKEUP)
		place_entity(rq, se, flags & ENQUEUE_INITIAL);
	se->on_rq = true;
	if (likely(se != cfs->curr))
		tree_enqueue(cfs, se);
	cfs->load += se->weight;
	cfs->nr_idle += entity_is_idle(se);
	cfs->nr_queued++;
	if (unlikely(cfs->tg))
		check_enqueue_throttle(rq, cfs);
}

static void enqueue_task_cfs(struct rq *rq, struct task *p, unsigned int flags)
{
	if (unlikely(rq->pelt))
		task_load_enqueue(rq, p, flags);
	set_task_rq(rq, p);
	enqueue_entity(rq, &p->se, flags);
	task_enqueued(rq, &p->se);
	if (unlikely(sched_feat(rq, hrtick)))
		hrtick_update(rq);
}

static void make_relative(struct sched_entity *se)
{
	if (!se->rel_vruntime)
		se->vruntime -= se->cfs_rq->min_vruntime;
	se->rel_vruntime = true;
}

static inline bool dequeue_entity(struct rq *rq, struct sched_entity *se,
				  unsigned int flags)
{
	struct cfs_rq *cfs = se->cfs_rq;

	update_curr(rq, cfs);
	entity_load_dequeue(rq, se, flags);
	clear_buddies(se);
	if (se != cfs->curr)
		eevdf_tree_erase(cfs, se);
	se->on_rq = false;
	cfs->load -= se->weight;
	cfs->nr_idle -= entity_is_idle(se);
	cfs->nr_queued--;
	if (!(flags & DEQUEUE_SLEEP))
		make_relative(se);
	if (unlikely(cfs->tg))
		return_cfs_rq_runtime(rq, cfs);
	if (unlikely(se->my_q))
		update_cfs_group(rq, se);
	update_min_vruntime(cfs);
	return true;
}

static void dequeue_task_cfs(struct rq *rq, struct task *p, unsigned int flags)
{
	bool throttled = false;

	if (unlikely(rq->pelt))
		task_load_dequeue(rq, p, flags);
	dequeue_entity(rq, &p->se, flags);
	if (unlikely(p->se.parent)) {
		throttled = !group_dequeue(rq, &p->se);
		if (flags & DEQUEUE_SLEEP)
			group_bias_next(&p->se);
	}
	if (unlikely(rq->pelt))
		task_load_dequeued(rq, p, flags);
	if (unlikely(throttled))
		add_nr_running(rq, 1);
	else
		task_dequeued(rq, p);
	if (unlikely(sched_feat(rq, hrtick)))
		hrtick_update(rq);
}

/* cf. reweight_entity() */
static void reweight_entity(struct rq *rq, struct sched_entity *se,
			    uint64_t weight)
{
	if (se->on_rq) {
		update_curr(rq, se->cfs_rq);
		se->cfs_rq->load += weight - se->weight;
	}
	reweight_load_avg(rq, se, weight);
}

/* cf. migrate_task_rq_fair(): one that wakes up elsewhere takes along how far
 * it was ahead. */
static unsigned int select_task_rq_cfs(struct task *p, struct kcpu *waker)
{
	unsigned int cpu = select_task_rq_fair(p, waker);

	if (cpu != p->cpu)
		make_relative(&p->se);
	return cpu;
}

/* cf. detach_task_cfs_rq(): a sleeper of another class may wake up anywhere.
 * Who is queued was dequeued here on the way. */
static void switched_from_cfs(struct rq *rq, struct task *p)
{
	if (!p->se.rel_vruntime) {
		place_entity(rq, &p->se, false);
		make_relative(&p->se);
	}
	detach_entity_cfs_rq(rq, p);
}

/*
 * Who runs
 */

/* cf. wakeup_preempt_entity(): is @se ahead of @curr by more than it takes to
 * preempt it (1), or at all (0)? */
static int wakeup_preempt_entity(const struct rq *rq,
				 const struct sched_entity *curr,
				 const struct sched_entity *se)
{
	int64_t ahead = curr->vruntime - se->vruntime;

	if (ahead <= 0)
		return -1;
	return ahead > calc_delta_fair(fair_slices(rq)->wakeup_granularity, se);
}

/* The first but @left, which asked to be passed over. */
static struct sched_entity *pick_but(const struct cfs_rq *cfs,
				     struct sched_entity *curr,
				     const struct sched_entity *left)
{
	struct sched_entity *second;

	if (left == curr)
		return pick_first_entity(cfs);
	second = pick_second_entity(cfs);
	if (!second || (curr && curr->vruntime < second->vruntime))
		second = curr;
	return second;
}

/* cf. pick_next_entity() */
static inline struct sched_entity *pick_next_entity(struct rq *rq,
						    struct cfs_rq *cfs)
{
	struct sched_entity *curr = cfs->curr, *left = pick_first_entity(cfs);
	struct sched_entity *second;

	if (curr && !curr->on_rq)
		curr = NULL;
	if (!left || (curr && curr->vruntime < left->vruntime))
		left = curr;
	if (cfs->next && wakeup_preempt_entity(rq, cfs->next, left) < 1)
		return cfs->next;
	if (cfs->last && wakeup_preempt_entity(rq, cfs->last, left) < 1)
		return cfs->last;
	if (cfs->skip != left)
		return left;
	second = pick_but(cfs, curr, left);
	if (second && wakeup_preempt_entity(rq, second, left) < 1)
		return second;
	return left;
}

static struct task *pick_next_task_cfs(struct rq *rq)
{
	struct task *p = pick_task_fair(rq, update_curr, pick_next_entity);

	if (unlikely(sched_feat(rq, hrtick)) && p && p == rq->curr)
		hrtick_start_fair(rq, &p->se, sched_slice(rq, &p->se));
	return p;
}

static inline void put_prev_entity(struct rq *rq, struct sched_entity *se)
{
	struct cfs_rq *cfs = se->cfs_rq;

	update_curr(rq, cfs);
	if (unlikely(cfs->tg))
		check_cfs_rq_runtime(rq, cfs);
	if (se->on_rq) {
		update_load_avg(rq, se, 0);
		tree_enqueue(cfs, se);
	}
	cfs->curr = NULL;
}

static void put_prev_task_cfs(struct rq *rq, struct task *p)
{
	put_prev_entity(rq, &p->se);
	if (unlikely(p->se.parent))
		group_put_prev(rq, &p->se);
}

static inline void set_next_entity(struct rq *rq, struct sched_entity *se)
{
	clear_buddies(se);
	if (likely(se->on_rq)) {
		update_load_avg(rq, se, UPDATE_TG);
		eevdf_tree_erase(se->cfs_rq, se);
	}
	se->exec_start = rq_clock_ns(rq);
	se->prev_sum_exec_runtime = se->sum_exec_runtime;
	se->cfs_rq->curr = se;
	if (unlikely(se->cfs_rq->tg))
		account_cfs_rq_runtime(rq, se->cfs_rq, 0);
}

static void set_next_task_cfs(struct rq *rq, struct task *p)
{
	set_next_task_fair(rq, p, set_next_entity);
	if (unlikely(sched_feat(rq, hrtick)))
		hrtick_start_fair(rq, &p->se, sched_slice(rq, &p->se));
}

/* cf. yield_task_fair(): it is passed over once, if that is not unfair. */
static void yield_task_cfs(struct rq *rq)
{
	struct sched_entity *se = &rq->curr->se;

	if (rq->nr_running == 1)
		return;
	clear_buddies(se);
	if (rq->curr->policy != POLICY_BATCH)
		update_curr(rq, se->cfs_rq);
	for (; se; se = se->parent)
		se->cfs_rq->skip = se;
}

static void preempt(struct rq *rq, struct sched_entity *curr, bool scale)
{
	resched_curr_lazy(rq);
	if (scale && !curr->my_q && sched_feat(rq, last_buddy))
		set_last_buddy(curr);
}

/* cf. check_preempt_wakeup() */
static void wakeup_preempt_cfs(struct rq *rq, struct task *p)
{
	struct sched_entity *curr = &rq->curr->se, *se = &p->se;
	bool scale = curr->cfs_rq->nr_queued >= nr_latency(rq);

	if (unlikely(se->parent) && throttled_hierarchy(se->cfs_rq))
		return;
	if (sched_feat(rq, next_buddy) && scale && !is_new_task(p))
		set_next_buddy(se);
	if (rq->curr->tif & TIF_NEED_RESCHED)
		return;
	if (is_idle_policy(rq->curr) && !is_idle_policy(p)) {
		preempt(rq, curr, scale);
		return;
	}
	if (p->policy != POLICY_OTHER || !sched_feat(rq, wakeup_preemption))
		return;
	if (unlikely(curr->cfs_rq != se->cfs_rq))
		find_matching_se(&curr, &se);
	if (entity_is_idle(curr) != entity_is_idle(se)) {
		if (entity_is_idle(curr))
			preempt(rq, curr, scale);
		return;
	}
	update_curr(rq, curr->cfs_rq);
	if (wakeup_preempt_entity(rq, curr, se) < 1)
		return;
	set_next_buddy(se);
	preempt(rq, curr, scale);
}

static const struct cfs_ops cfs_ops = {
	.enqueue_entity = enqueue_entity,
	.dequeue_entity = dequeue_entity,
	.reweight_entity = reweight_entity,
	.put_prev_entity = put_prev_entity,
};

const struct sched_class sched_class_cfs = {
	.name = "cfs",
	.rq_init = rq_init_fair,
	.task_init = task_init_cfs,
	.enqueue_task = enqueue_task_cfs,
	.dequeue_task = dequeue_task_cfs,
	.yield_task = yield_task_cfs,
	.wakeup_preempt = wakeup_preempt_cfs,
	.pick_next_task = pick_next_task_cfs,
	.put_prev_task = put_prev_task_cfs,
	.set_next_task = set_next_task_cfs,
	.task_tick = task_tick_cfs,
	.select_task_rq = select_task_rq_cfs,
	.balance = balance_fair,
	.update_curr = update_curr_cfs,
	.prio_changed = prio_changed_fair,
	.switched_from = switched_from_cfs,
	.switched_to = switched_to_fair,
	.groups = &cfs_ops,
};
