/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The fair class as EEVDF.  cf. kernel/sched/fair.c v6.12.
 *
 * Left out: groups, periodic load balancing (a CPU that goes idle pulls one
 * task).
 *
 * A delayed task is one that sleeps, but stays in the tree since it has had
 * more than its due, until that is made up for.  For the core it is gone:
 * only this file knows of it, and cfs->nr_running does not count it.
 *
 * Virtual times are in ns; weights are those of scale_load_down(), 1024 for
 * nice 0.
 */
#include <config.h>

#include "eevdf-tree-private.h"
#include "fair-private.h"
#include "fair-server-private.h"

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
	set_slice(p->kernel, &p->se);
}

/*
 * The average
 */

static int64_t entity_key(const struct cfs_rq *cfs,
			  const struct sched_entity *se)
{
	return se->vruntime - cfs->min_vruntime;
}

/* Sum of key times weight, and of weights, of all that want to run. */
static int64_t avg_sum(const struct cfs_rq *cfs, int64_t *load)
{
	const struct sched_entity *curr = cfs->curr;
	int64_t sum = cfs->avg_vruntime;

	*load = (int64_t)cfs->avg_load;
	if (curr && curr->on_rq) {
		sum += entity_key(cfs, curr) * (int64_t)curr->weight;
		*load += (int64_t)curr->weight;
	}
	return sum;
}

/* cf. avg_vruntime(): rounded down. */
static int64_t avg_vruntime(const struct cfs_rq *cfs)
{
	int64_t load, sum = avg_sum(cfs, &load);

	if (!load)
		return cfs->min_vruntime;
	if (sum < 0)
		sum -= load - 1;
	return cfs->min_vruntime + sum / load;
}

/* cf. entity_before() */
static bool entity_before(const struct sched_entity *a,
			  const struct sched_entity *b)
{
	return a->deadline < b->deadline;
}

static bool vruntime_eligible(const struct cfs_rq *cfs, int64_t vruntime)
{
	int64_t load, sum = avg_sum(cfs, &load);

	return sum >= (vruntime - cfs->min_vruntime) * load;
}

static void avg_vruntime_add(struct cfs_rq *cfs, const struct sched_entity *se,
			     int sign)
{
	cfs->avg_vruntime += sign * entity_key(cfs, se) * (int64_t)se->weight;
	cfs->avg_load += (uint64_t)((int64_t)se->weight * sign);
}

static void update_min_vruntime(struct cfs_rq *cfs)
{
	const struct sched_entity *curr = cfs->curr;
	int64_t vruntime = cfs->min_vruntime, delta;
	bool running = curr && curr->on_rq;

	if (running)
		vruntime = curr->vruntime;
	if (cfs->root)
		vruntime = running ? MIN(vruntime, cfs->root->min_vruntime) :
				     cfs->root->min_vruntime;
	delta = vruntime - cfs->min_vruntime;
	if (delta > 0) {
		cfs->avg_vruntime -= (int64_t)cfs->avg_load * delta;
		cfs->min_vruntime = vruntime;
	}
}

static void tree_enqueue(struct cfs_rq *cfs, struct sched_entity *se)
{
	avg_vruntime_add(cfs, se, 1);
	eevdf_tree_insert(cfs, se);
}

static void tree_dequeue(struct cfs_rq *cfs, struct sched_entity *se)
{
	eevdf_tree_erase(cfs, se);
	avg_vruntime_add(cfs, se, -1);
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

/* cf. pick_eevdf() */
static struct sched_entity *pick_eevdf(const struct rq *rq)
{
	const struct cfs_rq *cfs = &rq->cfs;
	struct sched_entity *curr = cfs->curr, *best;

	if (cfs->nr_running + cfs->nr_delayed == 1)
		return curr && curr->on_rq ? curr : cfs->root;
	if (curr && (!curr->on_rq || !vruntime_eligible(cfs, curr->vruntime)))
		curr = NULL;
	if (curr && curr->vlag == curr->deadline &&
	    sched_feat(rq, run_to_parity))
		return curr;
	best = pick_queued(cfs);
	if (!best || (curr && entity_before(curr, best)))
		best = curr;
	return best;
}

/* cf. pick_next_entity() */
static struct sched_entity *pick_next_entity(const struct rq *rq)
{
	struct sched_entity *next = rq->cfs.next;

	if (unlikely(next) && vruntime_eligible(&rq->cfs, next->vruntime))
		return next;
	return pick_eevdf(rq);
}

/* cf. clear_buddies() */
static void clear_buddies(struct cfs_rq *cfs, const struct sched_entity *se)
{
	if (cfs->next == se)
		cfs->next = NULL;
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
static bool did_preempt_short(const struct rq *rq,
			      const struct sched_entity *curr)
{
	return sched_feat(rq, preempt_short) && curr->vlag != curr->deadline &&
	       !vruntime_eligible(&rq->cfs, curr->vruntime);
}

static void update_curr_eevdf(struct rq *rq)
{
	struct cfs_rq *cfs = &rq->cfs;
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
	fair_server_update(rq, delta);
	if (cfs->nr_running + cfs->nr_delayed > 1 &&
	    (served || did_preempt_short(rq, curr))) {
		resched_curr_lazy(rq);
		clear_buddies(cfs, curr);
	}
}

/* cf. entity_lag(), update_entity_lag() */
static void update_entity_lag(struct rq *rq, struct sched_entity *se)
{
	int64_t tick = 1000000000 / rq->kc->kernel->config.hz;
	int64_t limit = calc_delta_fair(MAX(2 * se->slice, tick), se);
	int64_t lag = avg_vruntime(&rq->cfs) - se->vruntime;

	se->vlag = CLAMP(lag, -limit, limit);
}

/* cf. place_entity(): a lag taken along from the last time is inflated so
 * that it is the same once the entity itself counts in the average. */
static void place_entity(struct rq *rq, struct sched_entity *se,
			 unsigned int flags)
{
	struct cfs_rq *cfs = &rq->cfs;
	int64_t vslice, lag = 0, load;

	set_slice(rq->kc->kernel, se);
	vslice = calc_delta_fair(se->slice, se);
	if (sched_feat(rq, place_lag) && se->vlag &&
	    cfs->nr_running + cfs->nr_delayed) {
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
 * The class
 */

static void rq_init_eevdf(struct rq *rq)
{
	rq->cfs = (struct cfs_rq){ .seed = rq->kc->cpu.id + 1 };
}

/*
 * Delayed tasks
 */

/* cf. requeue_delayed_entity(): it wakes up before its debt is paid; a credit
 * that it got meanwhile is not its due (DELAY_ZERO). */
static void requeue_delayed(struct rq *rq, struct sched_entity *se)
{
	struct cfs_rq *cfs = &rq->cfs;

	cfs->nr_delayed--;
	se->delayed = false;
	if (!sched_feat(rq, delay_zero))
		return;
	update_entity_lag(rq, se);
	if (se->vlag <= 0)
		return;
	tree_dequeue(cfs, se);
	se->vlag = 0;
	place_entity(rq, se, 0);
	tree_enqueue(cfs, se);
}

/* cf. finish_delayed_dequeue_entity(): it really goes now. */
static void finish_delayed(struct rq *rq, struct sched_entity *se)
{
	struct cfs_rq *cfs = &rq->cfs;

	update_entity_lag(rq, se);
	if (se != cfs->curr)
		tree_dequeue(cfs, se);
	se->on_rq = false;
	se->delayed = false;
	cfs->nr_delayed--;
	update_min_vruntime(cfs);
	if (sched_feat(rq, delay_zero))
		se->vlag = MIN(se->vlag, 0);
}

/* With nobody left to wait for, debts don't count: in the order in which they
 * would be picked. */
static void finish_all_delayed(struct rq *rq)
{
	while (rq->cfs.nr_delayed)
		finish_delayed(rq, pick_eevdf(rq));
}

/* cf. DELAY_DEQUEUE in dequeue_entity(): not for states in which one wakeup
 * too many would do harm, cf. is_special_task_state(). */
static bool delays_dequeue(const struct rq *rq, const struct task *p,
			   unsigned int flags)
{
	return flags & DEQUEUE_SLEEP && sched_feat(rq, delay_dequeue) &&
	       !(p->state & (TASK_DEAD | TASK_RTLOCK_WAIT)) &&
	       !vruntime_eligible(&rq->cfs, p->se.vruntime);
}

/* It is of another class now, and can't be delayed in this one. */
static void switched_from_eevdf(struct rq *rq, struct task *p)
{
	if (p->se.delayed)
		finish_delayed(rq, &p->se);
}

/*
 * Coming and going
 */

static void add_running(struct rq *rq)
{
	update_fair_overload(rq, rq->cfs.nr_running++);
	if (rq->cfs.nr_running == 1)
		fair_server_start(rq);
}

static void sub_running(struct rq *rq)
{
	update_fair_overload(rq, rq->cfs.nr_running--);
	if (rq->cfs.nr_running)
		return;
	finish_all_delayed(rq);
	fair_server_stop(rq);
}

static void enqueue_task_eevdf(struct rq *rq, struct task *p,
			       unsigned int flags)
{
	struct cfs_rq *cfs = &rq->cfs;

	if (p->se.delayed) {
		requeue_delayed(rq, &p->se);
		add_running(rq);
		return;
	}
	update_curr_eevdf(rq);
	place_entity(rq, &p->se, flags);
	p->se.on_rq = true;
	tree_enqueue(cfs, &p->se);
	add_running(rq);
	update_min_vruntime(cfs);
}

static void dequeue_task_eevdf(struct rq *rq, struct task *p,
			       unsigned int flags)
{
	struct cfs_rq *cfs = &rq->cfs;
	struct sched_entity *se = &p->se;

	update_curr_eevdf(rq);
	clear_buddies(cfs, se);
	if (delays_dequeue(rq, p, flags)) {
		se->delayed = true;
		cfs->nr_delayed++;
		sub_running(rq);
		return;
	}
	update_entity_lag(rq, se);
	if (se != cfs->curr)
		tree_dequeue(cfs, se);
	if (!(flags & DEQUEUE_SLEEP) && sched_feat(rq, place_rel_deadline)) {
		se->deadline -= se->vruntime;
		se->rel_deadline = true;
	}
	se->on_rq = false;
	update_min_vruntime(cfs);
	sub_running(rq);
}

/* One whose dequeueing is delayed is on a queue, and wakes up there. */
static unsigned int select_task_rq_eevdf(struct task *p, struct kcpu *waker)
{
	return p->se.delayed ? p->cpu : select_task_rq_fair(p, waker);
}

/* cf. yield_task_fair(): the request goes to the back. */
static void yield_task_eevdf(struct rq *rq)
{
	struct sched_entity *curr = rq->cfs.curr;

	if (rq->cfs.nr_running + rq->cfs.nr_delayed == 1)
		return;
	clear_buddies(&rq->cfs, curr);
	update_curr_eevdf(rq);
	curr->deadline += calc_delta_fair(curr->slice, curr);
}

/* cf. do_preempt_short() */
static bool do_preempt_short(const struct rq *rq,
			     const struct sched_entity *woken,
			     const struct sched_entity *curr)
{
	if (!sched_feat(rq, preempt_short) || woken->slice >= curr->slice ||
	    !vruntime_eligible(&rq->cfs, woken->vruntime))
		return false;
	return entity_before(woken, curr) ||
	       !vruntime_eligible(&rq->cfs, curr->vruntime);
}

/* cf. check_preempt_wakeup_fair() */
static void wakeup_preempt_eevdf(struct rq *rq, struct task *p)
{
	struct sched_entity *curr = &rq->curr->se;

	if (sched_feat(rq, next_buddy) && p->policy != POLICY_IDLE &&
	    !is_new_task(p))
		rq->cfs.next = &p->se;
	if (rq->curr->tif & TIF_NEED_RESCHED ||
	    !sched_feat(rq, wakeup_preemption))
		return;
	if (rq->curr->policy == POLICY_IDLE && p->policy != POLICY_IDLE) {
		resched_curr_lazy(rq);
		return;
	}
	if (p->policy != POLICY_OTHER)
		return;
	update_curr_eevdf(rq);
	if (curr->vlag == curr->deadline && do_preempt_short(rq, &p->se, curr))
		curr->vlag = curr->deadline + 1;
	if (pick_eevdf(rq) == &p->se)
		resched_curr_lazy(rq);
}

/* cf. pick_next_entity(): a delayed task that is the next one has paid. */
static struct task *pick_next_task_eevdf(struct rq *rq)
{
	struct sched_entity *se;

	if (!rq->cfs.nr_running)
		return NULL;
	update_curr_eevdf(rq);
	while ((se = pick_next_entity(rq)) && unlikely(se->delayed))
		finish_delayed(rq, se);
	if (!se)
		sim_bug(rq->kc->cpu.sim, (int)rq->kc->cpu.id,
			"no fair task is eligible");
	return task_of(se);
}

static void put_prev_task_eevdf(struct rq *rq, struct task *p)
{
	update_curr_eevdf(rq);
	if (p->se.on_rq)
		tree_enqueue(&rq->cfs, &p->se);
	rq->cfs.curr = NULL;
}

/* cf. set_next_entity(): vlag == deadline marks a protected slice. */
static void set_next_task_eevdf(struct rq *rq, struct task *p)
{
	clear_buddies(&rq->cfs, &p->se);
	tree_dequeue(&rq->cfs, &p->se);
	p->se.vlag = p->se.deadline;
	p->se.exec_start = rq_clock_ns(rq);
	rq->cfs.curr = &p->se;
}

static void task_tick_eevdf(struct rq *rq, struct task *p)
{
	(void)p;
	update_curr_eevdf(rq);
}

const struct sched_class sched_class_eevdf = {
	.name = "eevdf",
	.rq_init = rq_init_eevdf,
	.task_init = task_init_eevdf,
	.enqueue_task = enqueue_task_eevdf,
	.dequeue_task = dequeue_task_eevdf,
	.yield_task = yield_task_eevdf,
	.wakeup_preempt = wakeup_preempt_eevdf,
	.pick_next_task = pick_next_task_eevdf,
	.put_prev_task = put_prev_task_eevdf,
	.set_next_task = set_next_task_eevdf,
	.task_tick = task_tick_eevdf,
	.select_task_rq = select_task_rq_eevdf,
	.balance = balance_fair,
	.update_curr = update_curr_eevdf,
	.prio_changed = prio_changed_fair,
	.switched_from = switched_from_eevdf,
	.switched_to = switched_to_fair,
};
