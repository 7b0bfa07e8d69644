/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SCHED_DEADLINE: earliest deadline first among tasks each of which has a
 * constant bandwidth server (CBS), so that none can take more than it was
 * promised.  cf. kernel/sched/deadline.c v6.12.
 *
 * A task has a runtime until its deadline.  When that is used up it is
 * throttled until its next period; when it wakes up and could use what is left
 * only by exceeding its bandwidth, it gets a new runtime and deadline.  A tick
 * notices that a runtime is used up, unless a timer does (HRTICK_DL).
 *
 * Left out: the kernel's rounding of times to 1024 ns where it compares
 * bandwidths.
 */
#include <config.h>

#include "eevdf-tree-private.h"
#include "fair-server-private.h"
#include "hrtick-private.h"
#include "rt-push-private.h"
#include "rt-throttle-private.h"
#include "sched-deadline-private.h"

#include <glib.h>

__extension__ typedef __int128 wide_t;

/*
 * The queue
 */

struct task *dl_first(const struct rq *rq)
{
	struct sched_entity *first = rq->dl.tree.root;

	while (first && first->left)
		first = first->left;
	return first ? container_of(first, struct task, dl.node) : NULL;
}

/* When the first of those that go by a deadline has to be done. */
static ktime_t earliest(const struct rq *rq)
{
	const struct task *first = dl_first(rq);
	ktime_t deadline = first ? first->dl.node.deadline : KTIME_MAX;

	if (fair_server_serves(rq))
		deadline = MIN(deadline, rq->fair_server.deadline);
	return deadline;
}

/* While there are any, no real-time task would run here. */
void dl_tell_others(struct rq *rq)
{
	struct cpudl *cpudl = &rq->kc->kernel->cpudl;
	bool any = rq->dl.nr_running || fair_server_serves(rq);

	if (any)
		cpudl_set(cpudl, rq->kc->cpu.id, earliest(rq));
	else
		cpudl_clear(cpudl, rq->kc->cpu.id);
	if (any == rq->dl.known)
		return;
	cpupri_set(&rq->cpupri, any ? DL_PRIO : rq->rt.highest_prio);
	rq->dl.known = any;
	rt_update_overload(rq);
}

static void enqueue_entity(struct rq *rq, struct task *p)
{
	rq->dl.nr_running++;
	rq->dl.nr_migratory += p->nr_cpus_allowed > 1;
	eevdf_tree_insert(&rq->dl.tree, &p->dl.node);
	p->dl.queued = true;
	dl_tell_others(rq);
	dl_update_overload(rq);
}

static void dequeue_entity(struct rq *rq, struct task *p)
{
	eevdf_tree_erase(&rq->dl.tree, &p->dl.node);
	p->dl.queued = false;
	rq->dl.nr_migratory -= p->nr_cpus_allowed > 1;
	rq->dl.nr_running--;
	dl_tell_others(rq);
	dl_update_overload(rq);
}

/*
 * The constant bandwidth server
 */

static void tell(struct sched_dl_entity *se, enum tracepoint what)
{
	const struct task *p = dl_task_of(se);

	cpu_trace(&this_cpu(p->kernel)->cpu, what, p, se->node.deadline,
		  se->runtime);
}

static void set_period(struct sched_dl_entity *se, ktime_t now)
{
	se->node.deadline = now + se->pi_se->dl_deadline;
	se->runtime = se->pi_se->dl_runtime;
}

/* cf. replenish_dl_new_period() */
static void new_period(struct sched_dl_entity *se, ktime_t now)
{
	set_period(se, now);
	tell(se, TP_sched_dl_replenish);
}

/* cf. replenish_dl_entity(): what was used too much is paid back.  Who has no
 * parameters of its own gets all that is lent. */
static void replenish(struct sched_dl_entity *se, ktime_t now)
{
	const struct sched_dl_entity *pi_se = se->pi_se;

	if (!se->dl_deadline)
		set_period(se, now);
	if (se->yielded && se->runtime > 0)
		se->runtime = 0;
	while (se->runtime <= 0) {
		se->node.deadline += pi_se->dl_period;
		se->runtime += pi_se->dl_runtime;
	}
	if (se->node.deadline < now)
		set_period(se, now);
	tell(se, TP_sched_dl_replenish);
	se->yielded = false;
	se->throttled = false;
}

/* cf. dl_entity_overflow(): would what is left, by its deadline, be more than
 * its bandwidth? */
static bool overflows(const struct sched_dl_entity *se, ktime_t now)
{
	return (wide_t)se->runtime * se->pi_se->dl_deadline >
	       (wide_t)se->pi_se->dl_runtime * (se->node.deadline - now);
}

static bool is_implicit(const struct sched_dl_entity *se)
{
	return se->dl_deadline == se->dl_period;
}

/* cf. update_dl_entity() and, where the deadline comes before the end of the
 * period, update_dl_revised_wakeup(): the deadline stays, and the runtime is
 * what its density allows for until then. */
static void update_dl_entity(struct sched_dl_entity *se, ktime_t now)
{
	if (se->node.deadline >= now && !overflows(se, now))
		return;
	if (!is_implicit(se) && se->node.deadline >= now && !is_dl_boosted(se))
		se->runtime = (ktime_t)((wide_t)se->dl_density *
						(se->node.deadline - now) >>
					DL_BW_SHIFT);
	else
		new_period(se, now);
}

/* cf. dl_next_period() */
static ktime_t next_period(const struct sched_dl_entity *se)
{
	return se->node.deadline - se->dl_deadline + se->dl_period;
}

/* cf. start_dl_timer(): false: the next period has begun already. */
static bool start_dl_timer(struct rq *rq, struct sched_dl_entity *se)
{
	if (next_period(se) < dl_now(rq))
		return false;
	hrtimer_start(this_cpu(rq->kc->kernel), &se->timer, next_period(se), 0);
	return true;
}

/* cf. dl_check_constrained_dl(): one that wakes up behind its deadline, but
 * within its period, has had its share of that. */
static void check_constrained(struct rq *rq, struct sched_dl_entity *se)
{
	ktime_t now = dl_now(rq);

	if (is_implicit(se) || is_dl_boosted(se) || se->node.deadline >= now ||
	    now >= next_period(se) || !start_dl_timer(rq, se))
		return;
	se->throttled = true;
	tell(se, TP_sched_dl_throttle);
	if (se->runtime > 0)
		se->runtime = 0;
}

static void throttle(struct rq *rq, struct task *p)
{
	struct sched_dl_entity *se = &p->dl;

	dequeue_entity(rq, p);
	se->throttled = true;
	if (is_dl_boosted(se) || !start_dl_timer(rq, se)) {
		replenish(se, dl_now(rq));
		enqueue_entity(rq, p);
	} else {
		tell(se, TP_sched_dl_throttle);
		sub_nr_running(rq, 1);
	}
	if (dl_first(rq) != p)
		resched_curr(rq);
}

static void update_curr_dl(struct rq *rq)
{
	struct task *curr = rq->curr;
	struct sched_dl_entity *se = &curr->dl;
	ktime_t delta = dl_now(rq) - se->exec_start;

	if (!dl_task(curr) || !se->queued)
		return;
	se->exec_start += delta;
	se->runtime -= se->reclaim ? grub_reclaim(delta, rq, se) : delta;
	if (se->runtime <= 0 || se->yielded)
		throttle(rq, curr);
	if (unlikely(rt_throttles(rq)))
		rt_throttle_add(rq, delta);
}

/* cf. dl_task_timer(): one that went to sleep meanwhile only gets its
 * runtime; one that slept when it was lent another's waits for its wakeup.  One at
 * most is pushed. */
static void dl_expire(struct cpu *cpu, const struct op *op)
{
	struct hrtimer *timer = cpu->top->arg;
	struct task *p = container_of(timer, struct task, dl.timer);
	struct rq *rq = cpu_rq(p->kernel, p->cpu);

	op_ret(cpu, op);
	update_rq_clock(rq);
	if (!dl_task(p) || is_dl_boosted(&p->dl) || !p->dl.throttled) {
		cpu_next_top(cpu);
		return;
	}
	replenish(&p->dl, dl_now(rq));
	if (p->on_rq) {
		add_nr_running(rq, 1);
		enqueue_entity(rq, p);
		wakeup_preempt(rq, p);
		push_dl_task(rq);
	}
	cpu_next_top(cpu);
}

static const struct op dl_timer_path[] = {
	SPEND(WAKEUP),
	DO(dl_expire),
};

/*
 * The class
 */

static void rq_init_dl(struct rq *rq)
{
	rq->dl = (struct dl_rq){ .tree = { .seed = rq->kc->cpu.id + 1 } };
	dl_bw_init(rq);
}

static void task_init_dl(struct task *p)
{
	struct sched_dl_entity *se = &p->dl;

	se->pi_se = se;
	if (p->policy != POLICY_DEADLINE)
		return;
	p->kernel->first_place = MIN(p->kernel->first_place, PLACE_DL);
	se->dl_bw = dl_ratio(se->dl_period, se->dl_runtime);
	se->dl_density = dl_ratio(se->dl_deadline, se->dl_runtime);
	hrtimer_init(&se->timer, dl_timer_path);
	se->timer.function = HRTIMER_dl_task_timer;
	hrtimer_init(&se->inactive_timer, dl_inactive_path);
	se->inactive_timer.function = HRTIMER_inactive_task_timer;
	dl_bw_admit(p);
}

/* What a task that is put on a run queue has left of its runtime. */
static void refresh(struct rq *rq, struct task *p, unsigned int flags)
{
	struct sched_dl_entity *se = &p->dl;

	if (flags & ENQUEUE_INITIAL)
		new_period(se, dl_now(rq));
	else if (flags & ENQUEUE_WAKEUP)
		update_dl_entity(se, dl_now(rq));
	else if (flags & ENQUEUE_REPLENISH)
		replenish(se, dl_now(rq));
	else if (!(flags & ENQUEUE_MIGRATED) && se->node.deadline < dl_now(rq))
		new_period(se, dl_now(rq));
}

/* What is lent counts more than that its own has been used up. */
static void unthrottle(struct sched_dl_entity *se)
{
	hrtimer_cancel(&se->timer);
	se->throttled = false;
}

static void enqueue_task_dl(struct rq *rq, struct task *p, unsigned int flags)
{
	struct sched_dl_entity *se = &p->dl;

	if (se->dl_bw) {
		dl_bw_move(se, rq);
		if (flags & ENQUEUE_WAKEUP)
			task_contending(se, rq);
	}
	if (unlikely(is_dl_boosted(se)) && se->throttled)
		unthrottle(se);
	if (!se->throttled && !(flags & ENQUEUE_INITIAL))
		check_constrained(rq, se);
	if (se->throttled) {
		sub_nr_running(rq, 1);
		return;
	}
	refresh(rq, p, flags);
	enqueue_entity(rq, p);
}

static void dequeue_task_dl(struct rq *rq, struct task *p, unsigned int flags)
{
	struct sched_dl_entity *se = &p->dl;

	if (rq->curr == p)
		update_curr_dl(rq);
	if (se->queued)
		dequeue_entity(rq, p);
	else
		add_nr_running(rq, 1); /* which the caller takes away again */
	if (flags & DEQUEUE_SLEEP)
		task_non_contending(se, rq);
}

/* cf. yield_task_dl(): it needs nothing more of this period. */
static void yield_task_dl(struct rq *rq)
{
	rq->curr->dl.yielded = true;
	update_curr_dl(rq);
}

/* cf. cpudl_find() without a mask, which looks at no CPU without deadline
 * tasks. */
static bool could_go(const struct task *p)
{
	return cpudl_latest(&p->kernel->cpudl, p,
			    cpu_rq(p->kernel, p->cpu)->rd);
}

/* cf. check_preempt_equal_dl(): if @curr could go and @p could not, @curr passes
 * through the scheduler, which lets it go on. */
static bool is_in_the_way(const struct task *curr, const struct task *p)
{
	return curr->nr_cpus_allowed > 1 && could_go(curr) &&
	       (p->nr_cpus_allowed == 1 || !could_go(p));
}

/* cf. wakeup_preempt_dl() */
static void wakeup_preempt_dl(struct rq *rq, struct task *p)
{
	struct task *curr = rq->curr;

	if (p->dl.throttled)
		return;
	if (dl_before(p, curr) ||
	    (!dl_before(curr, p) && !(curr->tif & TIF_NEED_RESCHED) &&
	     is_in_the_way(curr, p)))
		resched_curr(rq);
}

static struct task *pick_next_task_dl(struct rq *rq)
{
	return dl_first(rq);
}

static void put_prev_task_dl(struct rq *rq, struct task *p)
{
	(void)p;
	update_curr_dl(rq);
	update_dl_rq_load_avg(rq, true);
}

static void set_next_task_dl(struct rq *rq, struct task *p)
{
	p->dl.exec_start = dl_now(rq);
	if (rq->dl.overloaded)
		rq->balance_callback = push_dl_tasks;
	if (unlikely(rq->pelt) &&
	    rq->curr->sched_class != &sched_class_deadline)
		update_dl_rq_load_avg(rq, false);
	if (unlikely(sched_feat(rq, hrtick_dl)))
		hrtick_start_dl(rq, &p->dl);
}

/* One that reclaims has something left when its timer expires. */
static void task_tick_dl(struct rq *rq, struct task *p)
{
	update_curr_dl(rq);
	update_dl_rq_load_avg(rq, true);
	if (unlikely(rq->hrtick.due) && p->dl.runtime > 0 && dl_first(rq) == p)
		hrtick_start_dl(rq, &p->dl);
}

/* cf. need_pull_dl_task(): a deadline task goes. */
static void balance_dl(struct rq *rq)
{
	if (dl_task(rq->curr) && !rq->curr->dl.queued)
		pull_dl_tasks(rq);
}

static void task_woken_dl(struct rq *rq, struct task *p)
{
	const struct task *curr = rq->curr;

	if (p != curr && !(curr->tif & TIF_NEED_RESCHED) &&
	    p->nr_cpus_allowed > 1 && dl_task(curr) &&
	    (curr->nr_cpus_allowed < 2 || !dl_before(p, curr)))
		push_dl_tasks(rq);
}

static void switched_from_dl(struct rq *rq, struct task *p)
{
	if (p->on_rq && !rq->dl.nr_running && pull_dl_tasks(rq))
		resched_curr(rq);
}

/* What ran up to now was of another class. */
static void switched_to_dl(struct rq *rq, struct task *p)
{
	p->kernel->first_place = MIN(p->kernel->first_place, PLACE_DL);
	if (rq->curr == p)
		update_dl_rq_load_avg(rq, false);
	if (!p->on_rq || rq->curr == p)
		return;
	wakeup_preempt(rq, p);
	if (p->nr_cpus_allowed > 1)
		push_dl_tasks(rq);
}

/* It runs by other parameters, so its deadline may have changed. */
static void prio_changed_dl(struct rq *rq, struct task *p, int oldprio)
{
	const struct task *curr = rq->curr;

	(void)oldprio;
	if (!p->on_rq)
		return;
	if (!rq->dl.overloaded && pull_dl_tasks(rq))
		resched_curr(rq);
	if (curr == p ? dl_first(rq) && dl_before(dl_first(rq), p) :
			!dl_task(curr) || dl_before(p, curr))
		resched_curr(rq);
}

const struct sched_class sched_class_deadline = {
	.name = "deadline",
	.rq_init = rq_init_dl,
	.task_init = task_init_dl,
	.enqueue_task = enqueue_task_dl,
	.dequeue_task = dequeue_task_dl,
	.yield_task = yield_task_dl,
	.wakeup_preempt = wakeup_preempt_dl,
	.pick_next_task = pick_next_task_dl,
	.put_prev_task = put_prev_task_dl,
	.set_next_task = set_next_task_dl,
	.task_tick = task_tick_dl,
	.select_task_rq = select_task_rq_dl,
	.balance = balance_dl,
	.task_woken = task_woken_dl,
	.update_curr = update_curr_dl,
	.prio_changed = prio_changed_dl,
	.switched_from = switched_from_dl,
	.switched_to = switched_to_dl,
};
