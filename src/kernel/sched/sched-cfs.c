/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The fair class as CFS.  cf. kernel/sched/fair.c v6.1.
 *
 * Left out: groups, periodic load balancing (a CPU that goes idle pulls one
 * task).
 *
 * Virtual times are in ns.  The tree orders by `deadline', which is the
 * vruntime here.
 */
#include <config.h>

#include "eevdf-tree-private.h"
#include "fair-private.h"
#include "fair-server-private.h"

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

static void rq_init_cfs(struct rq *rq)
{
	rq->cfs = (struct cfs_rq){ .seed = rq->kc->cpu.id + 1 };
}

/* A vruntime means something relative to a queue's least one only; a new
 * task's is not anywhere yet. */
static void task_init_cfs(struct task *p)
{
	set_load_weight(p);
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

/* cf. clear_buddies() */
static void clear_buddies(struct cfs_rq *cfs, const struct sched_entity *se)
{
	if (cfs->last == se)
		cfs->last = NULL;
	if (cfs->next == se)
		cfs->next = NULL;
	if (cfs->skip == se)
		cfs->skip = NULL;
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
	const struct cfs_rq *cfs = &rq->cfs;

	if (is_idle_policy(task_of(se)) &&
	    (!cfs->nr_running || cfs->nr_idle < cfs->nr_running))
		return IDLE_MIN_GRANULARITY_NS;
	return fair_slices(rq)->min_granularity;
}

/* cf. sched_slice(): the part of @se in it, which is counted in if it is not
 * queued. */
static int64_t sched_slice(const struct rq *rq, struct sched_entity *se)
{
	unsigned int nr = rq->cfs.nr_running + !se->on_rq;
	uint64_t load = rq->cfs.load + (se->on_rq ? 0 : se->weight);
	int64_t slice = mul_shift(sched_period(rq, nr),
				  se->weight * (UINT32_MAX / load));

	return sched_feat(rq, base_slice) ? MAX(slice, least_slice(rq, se)) :
					    slice;
}

static void update_curr_cfs(struct rq *rq)
{
	struct sched_entity *curr = rq->cfs.curr;
	int64_t delta;

	if (!curr)
		return;
	delta = rq_clock_ns(rq) - curr->exec_start;
	if (delta <= 0)
		return;
	curr->exec_start += delta;
	curr->sum_exec_runtime += delta;
	curr->vruntime += calc_delta_fair(delta, curr);
	update_min_vruntime(&rq->cfs);
	fair_server_update(rq, delta);
}

/* cf. check_preempt_tick(), with the limit that stable kernels have. */
static void check_preempt_tick(struct rq *rq, struct sched_entity *curr)
{
	int64_t ran = curr->sum_exec_runtime - curr->prev_sum_exec_runtime;
	int64_t ideal = MIN(sched_slice(rq, curr), fair_slices(rq)->latency);

	if (ran > ideal) {
		resched_curr_lazy(rq);
		clear_buddies(&rq->cfs, curr);
		return;
	}
	if (ran < fair_slices(rq)->min_granularity)
		return;
	if (curr->vruntime - pick_first_entity(&rq->cfs)->vruntime > ideal)
		resched_curr_lazy(rq);
}

static void task_tick_cfs(struct rq *rq, struct task *p)
{
	update_curr_cfs(rq);
	if (rq->cfs.nr_running > 1)
		check_preempt_tick(rq, &p->se);
}

/*
 * Coming and going
 */

/* What a sleeper is let off at most. */
static int64_t sleeper_credit(const struct rq *rq, const struct task *p)
{
	int64_t credit = is_idle_policy(p) ? fair_slices(rq)->min_granularity :
					     fair_slices(rq)->latency;

	return sched_feat(rq, gentle_fair_sleepers) ? credit / 2 : credit;
}

/* cf. place_entity() and task_fork_fair(): a new task's first slice is one
 * that it has had already. */
static void place_entity(struct rq *rq, struct task *p, bool initial)
{
	struct sched_entity *se = &p->se;
	int64_t vruntime = rq->cfs.min_vruntime;

	if (!initial)
		vruntime -= sleeper_credit(rq, p);
	else if (sched_feat(rq, start_debit))
		vruntime += calc_delta_fair(sched_slice(rq, se), se);
	se->vruntime = MAX(se->vruntime, vruntime);
}

static void enqueue_task_cfs(struct rq *rq, struct task *p, unsigned int flags)
{
	struct cfs_rq *cfs = &rq->cfs;
	struct sched_entity *se = &p->se;

	update_curr_cfs(rq);
	if (se->rel_vruntime)
		se->vruntime += cfs->min_vruntime;
	se->rel_vruntime = false;
	if (flags & ENQUEUE_WAKEUP)
		place_entity(rq, p, flags & ENQUEUE_INITIAL);
	se->on_rq = true;
	tree_enqueue(cfs, se);
	cfs->load += se->weight;
	cfs->nr_idle += is_idle_policy(p);
	update_fair_overload(rq, cfs->nr_running++);
	if (cfs->nr_running == 1)
		fair_server_start(rq);
}

static void make_relative(const struct rq *rq, struct sched_entity *se)
{
	if (!se->rel_vruntime)
		se->vruntime -= rq->cfs.min_vruntime;
	se->rel_vruntime = true;
}

static void dequeue_task_cfs(struct rq *rq, struct task *p, unsigned int flags)
{
	struct cfs_rq *cfs = &rq->cfs;
	struct sched_entity *se = &p->se;

	update_curr_cfs(rq);
	clear_buddies(cfs, se);
	if (se != cfs->curr)
		eevdf_tree_erase(cfs, se);
	se->on_rq = false;
	cfs->load -= se->weight;
	cfs->nr_idle -= is_idle_policy(p);
	update_fair_overload(rq, cfs->nr_running--);
	if (!(flags & DEQUEUE_SLEEP))
		make_relative(rq, se);
	update_min_vruntime(cfs);
	if (!cfs->nr_running)
		fair_server_stop(rq);
}

/* cf. migrate_task_rq_fair(): one that wakes up elsewhere takes along how far
 * it was ahead. */
static unsigned int select_task_rq_cfs(struct task *p, struct kcpu *waker)
{
	unsigned int cpu = select_task_rq_fair(p, waker);

	if (cpu != p->cpu)
		make_relative(cpu_rq(p->kernel, p->cpu), &p->se);
	return cpu;
}

/* cf. detach_task_cfs_rq(): a sleeper of another class may wake up anywhere.
 * Who is queued was dequeued here on the way. */
static void switched_from_cfs(struct rq *rq, struct task *p)
{
	if (p->se.rel_vruntime)
		return;
	place_entity(rq, p, false);
	make_relative(rq, &p->se);
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
static struct sched_entity *pick_next_entity(const struct rq *rq,
					     struct sched_entity *curr)
{
	const struct cfs_rq *cfs = &rq->cfs;
	struct sched_entity *left = pick_first_entity(cfs), *second;

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
	struct sched_entity *curr = rq->cfs.curr;

	if (!rq->cfs.nr_running)
		return NULL;
	update_curr_cfs(rq);
	if (curr && !curr->on_rq)
		curr = NULL;
	return task_of(pick_next_entity(rq, curr));
}

static void put_prev_task_cfs(struct rq *rq, struct task *p)
{
	update_curr_cfs(rq);
	if (p->se.on_rq)
		tree_enqueue(&rq->cfs, &p->se);
	rq->cfs.curr = NULL;
}

static void set_next_task_cfs(struct rq *rq, struct task *p)
{
	struct sched_entity *se = &p->se;

	clear_buddies(&rq->cfs, se);
	eevdf_tree_erase(&rq->cfs, se);
	se->exec_start = rq_clock_ns(rq);
	se->prev_sum_exec_runtime = se->sum_exec_runtime;
	rq->cfs.curr = se;
}

/* cf. yield_task_fair(): it is passed over once, if that is not unfair. */
static void yield_task_cfs(struct rq *rq)
{
	struct cfs_rq *cfs = &rq->cfs;

	if (rq->nr_running == 1)
		return;
	clear_buddies(cfs, cfs->curr);
	if (rq->curr->policy != POLICY_BATCH)
		update_curr_cfs(rq);
	cfs->skip = cfs->curr;
}

/* cf. set_next_buddy() and set_last_buddy(): whoever is of some weight. */
static void set_buddy(struct sched_entity **buddy, struct task *p)
{
	if (p->se.on_rq && !is_idle_policy(p))
		*buddy = &p->se;
}

static void preempt(struct rq *rq, bool scale)
{
	resched_curr_lazy(rq);
	if (scale && sched_feat(rq, last_buddy))
		set_buddy(&rq->cfs.last, rq->curr);
}

/* cf. check_preempt_wakeup() */
static void wakeup_preempt_cfs(struct rq *rq, struct task *p)
{
	struct task *curr = rq->curr;
	bool scale = rq->cfs.nr_running >= nr_latency(rq);

	if (sched_feat(rq, next_buddy) && scale && !is_new_task(p))
		set_buddy(&rq->cfs.next, p);
	if (curr->tif & TIF_NEED_RESCHED)
		return;
	if (is_idle_policy(curr) && !is_idle_policy(p)) {
		preempt(rq, scale);
		return;
	}
	if (p->policy != POLICY_OTHER || !sched_feat(rq, wakeup_preemption))
		return;
	update_curr_cfs(rq);
	if (wakeup_preempt_entity(rq, &curr->se, &p->se) < 1)
		return;
	set_buddy(&rq->cfs.next, p);
	preempt(rq, scale);
}

const struct sched_class sched_class_cfs = {
	.name = "cfs",
	.rq_init = rq_init_cfs,
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
};
