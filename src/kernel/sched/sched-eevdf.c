/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The fair class as EEVDF.  cf. kernel/sched/fair.c v6.12.  Those who sleep, and
 * stay queued, are in eevdf-delayed.c.
 */
#include <config.h>

#include "eevdf-private.h"
#include "fair-server-private.h"
#include "hrtick-private.h"

#include <glib.h>

/* What @se asks for from now on; cf. custom_slice. */
static void set_slice(const struct kernel *kernel, struct sched_entity *se)
{
	se->slice =
		se->custom_slice ? se->custom_slice : kernel->slices.base_slice;
}

static void task_init_eevdf(struct task *p)
{
	set_load_weight(p);
	init_task_load_avg(p);
	set_slice(p->kernel, &p->se);
	if (p->group && p->se.custom_slice && p->kernel->version->group_slices)
		p->kernel->group_slices = true;
}

/*
 * Picking
 */

/* The eligible entity with the earliest deadline among the queued ones. */
static struct sched_entity *pick_queued(const struct cfs_rq *cfs)
{
	struct sched_entity *se = cfs->root, *best = NULL;

	while (se) {
		if (se->left &&
		    vruntime_eligible(cfs, se->left->min_vruntime)) {
			se = se->left;
			continue;
		}
		if (vruntime_eligible(cfs, se->vruntime)) {
			best = se;
			break;
		}
		se = se->right;
	}
	return best;
}

struct sched_entity *pick_eevdf(const struct rq *rq, const struct cfs_rq *cfs)
{
	struct sched_entity *curr = cfs->curr, *best;

	if (cfs->nr_queued == 1)
		return curr && curr->on_rq ? curr : cfs->root;
	if (curr && (!curr->on_rq || !vruntime_eligible(cfs, curr->vruntime)))
		curr = NULL;
	if (curr && curr->vlag == curr->deadline &&
	    sched_feat(rq, run_to_parity))
		return curr;
	best = pick_queued(cfs);
	return !best || (curr && entity_before(curr, best)) ? curr : best;
}

/*
 * Time
 */

/* cf. update_deadline(): has the request been served? */
static bool update_deadline(struct rq *rq, struct sched_entity *se)
{
	if (se->vruntime < se->deadline)
		return false;
	set_slice(rq->kc->kernel, se);
	se->deadline = se->vruntime + calc_delta_fair(se->slice, se);
	return true;
}

/* One that has lost the protection of its slice makes way when it is no
 * longer eligible. */
static bool did_preempt_short(const struct rq *rq, const struct cfs_rq *cfs)
{
	const struct sched_entity *curr = cfs->curr;

	return sched_feat(rq, preempt_short) && curr->vlag != curr->deadline &&
	       !vruntime_eligible(cfs, curr->vruntime);
}

/* cf. update_curr() */
static void update_curr(struct rq *rq, struct cfs_rq *cfs)
{
	struct sched_entity *curr = cfs->curr;
	int64_t delta;
	bool served;

	if (!curr)
		return;
	delta = rq_clock_ns(rq) - curr->exec_start;
	if (delta <= 0)
		return;
	curr->exec_start += delta;
	curr->sum_exec_runtime += delta;
	curr->vruntime += calc_delta_fair(delta, curr);
	served = update_deadline(rq, curr);
	update_min_vruntime(cfs);
	if (likely(!curr->my_q))
		fair_server_update(rq, delta);
	if (unlikely(cfs->tg))
		account_cfs_rq_runtime(rq, cfs, delta);
	if (cfs->nr_queued > 1 && (served || did_preempt_short(rq, cfs))) {
		resched_curr_lazy(rq);
		clear_buddies(curr);
	}
}

/* cf. update_curr_fair(): the task's own queue. */
static void update_curr_eevdf(struct rq *rq)
{
	update_curr(rq, curr_cfs_rq(rq));
}

/* The lag of @se in a queue whose average is @average, within limits. */
static int64_t entity_lag(const struct rq *rq, const struct sched_entity *se,
			  int64_t average)
{
	int64_t tick = 1000000000 / rq->kc->kernel->config.hz;
	int64_t limit = calc_delta_fair(MAX(2 * se->slice, tick), se);

	return CLAMP(average - se->vruntime, -limit, limit);
}

void update_entity_lag(struct rq *rq, struct sched_entity *se)
{
	se->vlag = entity_lag(rq, se, avg_vruntime(se->cfs_rq));
}

/* cf. place_entity(): a lag taken along from the last time is inflated so
 * that it is the same once the entity itself counts in the average. */
void place_entity(struct rq *rq, struct sched_entity *se, unsigned int flags)
{
	struct cfs_rq *cfs = se->cfs_rq;
	int64_t vslice, lag = 0, load;

	set_slice(rq->kc->kernel, se);
	vslice = calc_delta_fair(se->slice, se);
	if (sched_feat(rq, place_lag) && se->vlag && cfs->nr_queued) {
		avg_sum(cfs, &load);
		lag = se->vlag * (load + (int64_t)se->weight);
		lag /= load ? load : 1;
	}
	se->vruntime = avg_vruntime(cfs) - lag;
	if (se->rel_deadline) {
		se->deadline += se->vruntime;
		se->rel_deadline = false;
		return;
	}
	if (flags & ENQUEUE_INITIAL && sched_feat(rq, place_deadline_initial))
		vslice /= 2;
	se->deadline = se->vruntime + vslice;
}

/*
 * Coming and going
 */

static inline void enqueue_entity(struct rq *rq, struct sched_entity *se,
				  unsigned int flags)
{
	struct cfs_rq *cfs = se->cfs_rq;

	update_curr(rq, cfs);
	entity_load_enqueue(rq, se);
	place_entity(rq, se, flags);
	se->on_rq = true;
	if (likely(se != cfs->curr))
		tree_enqueue(cfs, se);
	cfs->nr_queued++;
	update_min_vruntime(cfs);
	if (unlikely(cfs->tg)) {
		cfs->load += se->weight;
		check_enqueue_throttle(rq, cfs);
	}
}

static void enqueue_task_eevdf(struct rq *rq, struct task *p,
			       unsigned int flags)
{
	struct sched_entity *se = &p->se;

	if (unlikely(rq->pelt))
		task_load_enqueue(rq, p, flags);
	if (unlikely(se->delayed) && !(flags & ENQUEUE_MIGRATED)) {
		requeue_delayed(rq, se);
		sub_nr_running(rq, 1); /* it has counted all the time */
		return;
	}
	set_task_rq(rq, p);
	enqueue_entity(rq, se, flags);
	task_enqueued(rq, se);
	if (unlikely(sched_feat(rq, hrtick)) && hrtick_concerns(rq))
		hrtick_start_fair(rq, &rq->curr->se, rq->curr->se.slice);
}

static inline bool dequeue_entity(struct rq *rq, struct sched_entity *se,
				  unsigned int flags)
{
	struct cfs_rq *cfs = se->cfs_rq;

	update_curr(rq, cfs);
	clear_buddies(se);
	if (unlikely(se->delayed) && flags & DEQUEUE_SLEEP) {
		dequeue_delayed(rq, se);
		return true;
	}
	if (delays_dequeue(rq, se, flags)) {
		update_load_avg(rq, se, 0);
		set_delayed(se);
		return false;
	}
	entity_load_dequeue(rq, se, flags);
	update_entity_lag(rq, se);
	if (se != cfs->curr)
		tree_dequeue(cfs, se);
	if (!(flags & DEQUEUE_SLEEP) && sched_feat(rq, place_rel_deadline)) {
		se->deadline -= se->vruntime;
		se->rel_deadline = true;
	}
	se->on_rq = false;
	cfs->nr_queued--;
	if (unlikely(cfs->tg)) {
		cfs->load -= se->weight;
		return_cfs_rq_runtime(rq, cfs);
	}
	if (unlikely(se->my_q))
		update_cfs_group(rq, se);
	update_min_vruntime(cfs);
	return true;
}

/* A delayed task can be woken once too often.  In some states that would do
 * harm, cf. is_special_task_state(). */
static void dequeue_task_eevdf(struct rq *rq, struct task *p,
			       unsigned int flags)
{
	struct sched_entity *se = &p->se;
	bool throttled = false, gone;

	if (p->state & (TASK_DEAD | TASK_RTLOCK_WAIT))
		flags |= DEQUEUE_SPECIAL;
	if (unlikely(rq->pelt))
		task_load_dequeue(rq, p, flags);
	gone = dequeue_entity(rq, se, flags);
	if (unlikely(se->parent) && gone) {
		throttled = !group_dequeue(rq, se);
		if (flags & DEQUEUE_SLEEP)
			group_bias_next(se);
	}
	if (unlikely(rq->pelt))
		task_load_dequeued(rq, p, flags);
	if (!gone || unlikely(throttled)) {
		add_nr_running(rq, 1);
		return;
	}
	task_dequeued(rq, p);
	if (unlikely(sched_feat(rq, hrtick)) && hrtick_concerns(rq))
		hrtick_start_fair(rq, &rq->curr->se, rq->curr->se.slice);
}

/* cf. reweight_entity(), reweight_eevdf(): what it is ahead or behind, and
 * what is left of its request, are the same time as before, and so are more or
 * less virtual time. */
static void reweight_entity(struct rq *rq, struct sched_entity *se,
			    uint64_t weight)
{
	int64_t before = (int64_t)se->weight, after = (int64_t)weight, average;
	struct cfs_rq *cfs = se->cfs_rq;
	bool queued = se->on_rq && se != cfs->curr;

	if (!se->on_rq) {
		se->vlag = se->vlag * before / after;
		reweight_load_avg(rq, se, weight);
		return;
	}
	update_curr(rq, cfs);
	average = avg_vruntime(cfs);
	if (queued)
		tree_dequeue(cfs, se);
	if (se->vruntime != average)
		se->vruntime =
			average - entity_lag(rq, se, average) * before / after;
	se->deadline = average + (se->deadline - average) * before / after;
	reweight_load_avg(rq, se, weight);
	if (queued)
		tree_enqueue(cfs, se);
	if (cfs->tg)
		cfs->load += (uint64_t)(after - before);
	update_min_vruntime(cfs);
}

/* cf. yield_task_fair(): the request goes to the back, unless nobody else is
 * there at all, in whatever group. */
static void yield_task_eevdf(struct rq *rq)
{
	struct sched_entity *curr = &rq->curr->se;

	if (rq->nr_running == 1)
		return;
	clear_buddies(curr);
	update_curr(rq, curr->cfs_rq);
	curr->deadline += calc_delta_fair(curr->slice, curr);
}

/* cf. do_preempt_short() */
static bool do_preempt_short(const struct rq *rq,
			     const struct sched_entity *woken,
			     const struct sched_entity *curr)
{
	if (!sched_feat(rq, preempt_short) || woken->slice >= curr->slice ||
	    !vruntime_eligible(woken->cfs_rq, woken->vruntime))
		return false;
	return entity_before(woken, curr) ||
	       !vruntime_eligible(curr->cfs_rq, curr->vruntime);
}

/* cf. check_preempt_wakeup_fair() */
static void wakeup_preempt_eevdf(struct rq *rq, struct task *p)
{
	struct sched_entity *curr = &rq->curr->se, *se = &p->se;

	if (unlikely(se->parent) && throttled_hierarchy(se->cfs_rq))
		return;
	if (sched_feat(rq, next_buddy) && !is_new_task(p) && !se->delayed)
		set_next_buddy(se);
	if (rq->curr->tif & TIF_NEED_RESCHED ||
	    !sched_feat(rq, wakeup_preemption))
		return;
	if (unlikely(curr->cfs_rq != se->cfs_rq))
		find_matching_se(&curr, &se);
	if (entity_is_idle(curr) != entity_is_idle(se)) {
		if (entity_is_idle(curr))
			resched_curr_lazy(rq);
		return;
	}
	if (p->policy != POLICY_OTHER)
		return;
	update_curr(rq, curr->cfs_rq);
	if (curr->vlag == curr->deadline && do_preempt_short(rq, se, curr))
		curr->vlag = curr->deadline + 1;
	if (pick_eevdf(rq, curr->cfs_rq) == se)
		resched_curr_lazy(rq);
}

/* Before there was PICK_BUDDY, by NEXT_BUDDY; who is to be next is noted
 * anyway. */
static bool picks_buddy(const struct rq *rq)
{
	return sched_feat(rq, pick_buddy) || sched_feat(rq, next_buddy);
}

/* cf. pick_next_entity(): a delayed one that is the next has paid, and the
 * search begins anew. */
static inline struct sched_entity *pick_next_entity(struct rq *rq,
						    struct cfs_rq *cfs)
{
	struct sched_entity *se = cfs->next;

	if (unlikely(se) && picks_buddy(rq) &&
	    vruntime_eligible(cfs, se->vruntime))
		return se;
	se = pick_eevdf(rq, cfs);
	if (unlikely(!se))
		sim_bug(rq->kc->cpu.sim, (int)rq->kc->cpu.id,
			"no fair task is eligible");
	if (likely(!se->delayed))
		return se;
	finish_delayed(rq, se);
	return NULL;
}

/* cf. sched_class_above() */
static bool class_above_fair_ran(const struct rq *rq)
{
	return rq->curr->sched_class != rq->kc->kernel->config.fair &&
	       !task_is_idle(rq->curr);
}

/* cf. pick_next_task_fair(): where all who were queued slept, or are throttled,
 * who goes idle looks elsewhere, unless a class above has run. */
static struct task *pick_next_task_eevdf(struct rq *rq)
{
	for (;;) {
		bool any = rq->cfs.nr_queued;
		struct task *p =
			pick_task_fair(rq, update_curr, pick_next_entity);

		if (likely(p) || !any || class_above_fair_ran(rq))
			return p;
		balance_fair(rq);
	}
}

/* cf. put_prev_entity() */
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

static void put_prev_task_eevdf(struct rq *rq, struct task *p)
{
	put_prev_entity(rq, &p->se);
	if (unlikely(p->se.parent))
		group_put_prev(rq, &p->se);
}

/* cf. set_next_entity(): vlag == deadline marks a protected slice. */
static inline void set_next_entity(struct rq *rq, struct sched_entity *se)
{
	struct cfs_rq *cfs = se->cfs_rq;

	clear_buddies(se);
	if (likely(se->on_rq)) {
		update_load_avg(rq, se, UPDATE_TG);
		tree_dequeue(cfs, se);
		se->vlag = se->deadline;
	}
	se->exec_start = rq_clock_ns(rq);
	cfs->curr = se;
	if (unlikely(cfs->tg))
		account_cfs_rq_runtime(rq, cfs, 0);
}

static void set_next_task_eevdf(struct rq *rq, struct task *p)
{
	set_next_task_fair(rq, p, set_next_entity);
	if (unlikely(sched_feat(rq, hrtick))) {
		p->se.prev_sum_exec_runtime = p->se.sum_exec_runtime;
		hrtick_start_fair(rq, &p->se, p->se.slice);
	}
}

/* cf. task_tick_fair() */
static void task_tick_eevdf(struct rq *rq, struct task *p)
{
	struct sched_entity *se = &p->se;

	update_curr(rq, se->cfs_rq);
	update_load_avg(rq, se, UPDATE_TG);
	while (unlikely((se = se->parent))) {
		update_curr(rq, se->cfs_rq);
		update_load_avg(rq, se, UPDATE_TG);
		update_cfs_group(rq, se);
	}
}

/* It is of another class now, and can't be delayed in this one. */
static void switched_from_eevdf(struct rq *rq, struct task *p)
{
	if (p->se.delayed)
		finish_delayed(rq, &p->se);
	detach_entity_cfs_rq(rq, p);
}

static const struct cfs_ops eevdf_ops = {
	.enqueue_entity = enqueue_entity,
	.dequeue_entity = dequeue_entity,
	.requeue_delayed = requeue_delayed,
	.reweight_entity = reweight_entity,
	.put_prev_entity = put_prev_entity,
	.min_slice = eevdf_min_slice,
};

const struct sched_class sched_class_eevdf = {
	.name = "eevdf",
	.rq_init = rq_init_fair,
	.task_init = task_init_eevdf,
	.enqueue_task = enqueue_task_eevdf,
	.dequeue_task = dequeue_task_eevdf,
	.yield_task = yield_task_eevdf,
	.wakeup_preempt = wakeup_preempt_eevdf,
	.pick_next_task = pick_next_task_eevdf,
	.put_prev_task = put_prev_task_eevdf,
	.set_next_task = set_next_task_eevdf,
	.task_tick = task_tick_eevdf,
	.select_task_rq = select_task_rq_fair,
	.balance = balance_fair,
	.update_curr = update_curr_eevdf,
	.prio_changed = prio_changed_fair,
	.switched_from = switched_from_eevdf,
	.switched_to = switched_to_fair,
	.groups = &eevdf_ops,
};
