/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Load averages of entities and of their queues.  cf. kernel/sched/fair.c
 * v6.12: update_load_avg(), update_cfs_rq_load_avg(), attach_entity_load_avg(),
 * detach_entity_load_avg(), remove_entity_load_avg(), migrate_task_rq_fair(),
 * post_init_entity_util_avg(), update_tg_load_avg().
 *
 * A queue's averages are those of all entities that are on it or sleep since
 * they were: a sleeper takes its part along only when it wakes up elsewhere.
 * They are brought up to date where Linux does it and nowhere else, since each
 * time something is lost by rounding.
 *
 * Left out: sums of weights are those of rounded ones (scale_load_down()).
 */
#include <config.h>

#include "fair-group-private.h"
#include "fair-load-private.h"
#include "pelt-private.h"

#include <glib.h>

/*
 * Time
 */

/* It stands still while a group is throttled. */
static int64_t cfs_rq_clock_at(struct cfs_rq *cfs, int64_t now)
{
	const struct group_rq *group;

	if (likely(!cfs->tg))
		return now;
	group = group_rq_of(cfs);
	if (group->throttle_count)
		now = group->throttled_clock_pelt;
	return now - group->throttled_clock_pelt_time;
}

static int64_t cfs_rq_clock_pelt(const struct rq *rq, struct cfs_rq *cfs)
{
	return cfs_rq_clock_at(cfs, rq_clock_ns(rq));
}

static bool is_in(const struct task_group *tg, const struct task_group *in)
{
	while (tg && tg != in)
		tg = tg->parent;
	return tg;
}

/* cf. tg_throttle_down() */
void freeze_load_avg(struct rq *rq, struct task_group *tg)
{
	struct list_head *pos;

	list_for_each(pos, &tg->kernel->task_groups)
	{
		struct task_group *below =
			container_of(pos, struct task_group, link);
		struct group_rq *group = &below->cpu[rq->kc->cpu.id];

		if (is_in(below, tg) && !group->throttle_count++)
			group->throttled_clock_pelt = rq_clock_ns(rq);
	}
}

/* cf. tg_unthrottle_up() */
void thaw_load_avg(struct rq *rq, struct task_group *tg)
{
	struct list_head *pos;

	list_for_each(pos, &tg->kernel->task_groups)
	{
		struct task_group *below =
			container_of(pos, struct task_group, link);
		struct group_rq *group = &below->cpu[rq->kc->cpu.id];

		if (is_in(below, tg) && !--group->throttle_count)
			group->throttled_clock_pelt_time +=
				rq_clock_ns(rq) - group->throttled_clock_pelt;
	}
}

/*
 * Adding and taking away
 */

static void sub_positive(uint64_t *from, uint64_t val)
{
	*from -= MIN(*from, val);
}

/* Rounding may not leave a sum with less than its average needs at any point of
 * a period.  That is 32 bits wide in Linux, for loads, too. */
static void keep_sum(uint64_t *sum, uint64_t avg)
{
	*sum = MAX((uint32_t)*sum, (uint32_t)(avg * PELT_MIN_DIVIDER));
}

static void sub_util(struct sched_avg *sa, uint64_t avg, uint64_t sum)
{
	uint64_t left = sa->util_sum;

	sub_positive(&sa->util_avg, avg);
	sub_positive(&left, sum);
	keep_sum(&left, sa->util_avg);
	sa->util_sum = (uint32_t)left;
}

static void sub_runnable(struct sched_avg *sa, uint64_t avg, uint64_t sum)
{
	sub_positive(&sa->runnable_avg, avg);
	sub_positive(&sa->runnable_sum, sum);
	keep_sum(&sa->runnable_sum, sa->runnable_avg);
}

static void sub_load(struct sched_avg *sa, uint64_t avg, uint64_t sum)
{
	sub_positive(&sa->load_avg, avg);
	sub_positive(&sa->load_sum, sum);
	keep_sum(&sa->load_sum, sa->load_avg);
}

/* cf. enqueue_load_avg() */
static void add_load(struct cfs_rq *cfs, const struct sched_entity *se)
{
	cfs->avg.load_avg += se->avg.load_avg;
	cfs->avg.load_sum += se->weight * se->avg.load_sum;
}

void reweight_load_avg(const struct rq *rq, struct sched_entity *se,
		       uint64_t weight)
{
	if (!rq->pelt) {
		entity_set_weight(se, weight);
		return;
	}
	sub_load(&se->cfs_rq->avg, se->avg.load_avg,
		 se->weight * se->avg.load_sum);
	entity_set_weight(se, weight);
	se->avg.load_avg = weight * se->avg.load_sum / pelt_divider(&se->avg);
	add_load(se->cfs_rq, se);
}

/* The sums begin anew where the queue is in its period. */
static void attach_entity_load_avg(struct cfs_rq *cfs, struct sched_entity *se)
{
	struct sched_avg *sa = &se->avg;
	uint32_t divider = pelt_divider(&cfs->avg);

	sa->tracked = true;
	sa->last_update_time = cfs->avg.last_update_time;
	sa->period_contrib = cfs->avg.period_contrib;
	sa->util_sum = (uint32_t)(sa->util_avg * divider);
	sa->runnable_sum = sa->runnable_avg * divider;
	sa->load_sum = sa->load_avg * divider;
	sa->load_sum =
		se->weight < sa->load_sum ? sa->load_sum / se->weight : 1;
	add_load(cfs, se);
	cfs->avg.util_avg += sa->util_avg;
	cfs->avg.util_sum += sa->util_sum;
	cfs->avg.runnable_avg += sa->runnable_avg;
	cfs->avg.runnable_sum += sa->runnable_sum;
	add_tg_cfs_propagate(cfs, (int64_t)sa->load_sum);
}

static void detach_entity_load_avg(struct cfs_rq *cfs, struct sched_entity *se)
{
	const struct sched_avg *sa = &se->avg;

	sub_load(&cfs->avg, sa->load_avg, se->weight * sa->load_sum);
	sub_util(&cfs->avg, sa->util_avg, sa->util_sum);
	sub_runnable(&cfs->avg, sa->runnable_avg, sa->runnable_sum);
	add_tg_cfs_propagate(cfs, -(int64_t)sa->load_sum);
}

static void leave(struct cfs_rq *cfs, struct sched_entity *se)
{
	detach_entity_load_avg(cfs, se);
	se->avg.tracked = false;
}

/*
 * Time passes
 */

static void update_se(struct sched_entity *se, int64_t now, uint64_t runnable)
{
	struct sched_avg *sa = &se->avg;

	if (!update_load_sum(sa, now, se->on_rq, runnable,
			     se->cfs_rq->curr == se))
		return;
	update_load_avgs(sa, se->weight);
	sa->util_est &= ~UTIL_AVG_UNCHANGED;
	sa->util_est_enqueued &= ~UTIL_AVG_UNCHANGED;
}

/* cf. __update_load_avg_blocked_se(): of one that is on no queue. */
static void update_blocked_se(struct sched_entity *se, int64_t now)
{
	if (update_load_sum(&se->avg, now, 0, 0, false))
		update_load_avgs(&se->avg, se->weight);
}

/* cf. se_runnable() */
static uint64_t se_runnable(const struct sched_entity *se)
{
	if (se->delayed)
		return 0;
	return se->my_q ? se->runnable_weight : se->on_rq;
}

/* CFS keeps the sum of weights; EEVDF that of those that wait, and the sum in
 * groups only. */
static uint64_t cfs_rq_weight(const struct cfs_rq *cfs)
{
	const struct sched_entity *curr = cfs->curr;

	if (cfs->load)
		return cfs->load;
	return cfs->avg_load + (curr && curr->on_rq ? curr->weight : 0);
}

/* Those that have woken up elsewhere go. */
static void take_removed(struct cfs_rq *cfs)
{
	uint32_t divider = pelt_divider(&cfs->avg);
	uint64_t runnable = cfs->removed.runnable_avg;

	sub_load(&cfs->avg, cfs->removed.load_avg,
		 cfs->removed.load_avg * divider);
	sub_util(&cfs->avg, cfs->removed.util_avg,
		 cfs->removed.util_avg * divider);
	sub_runnable(&cfs->avg, runnable, runnable * divider);
	add_tg_cfs_propagate(cfs, -(int64_t)(runnable * divider) >> 10);
	cfs->removed.nr = 0;
	cfs->removed.load_avg = 0;
	cfs->removed.util_avg = 0;
	cfs->removed.runnable_avg = 0;
}

/* Returns whether averages have changed. */
static bool update_cfs_rq_load_avg(struct cfs_rq *cfs, int64_t now)
{
	bool changed = cfs->removed.nr;

	if (changed)
		take_removed(cfs);
	if (!update_load_sum(&cfs->avg, now, cfs_rq_weight(cfs),
			     cfs_rq_runnable(cfs), cfs->curr))
		return changed;
	update_load_avgs(&cfs->avg, 1);
	return true;
}

/* The group's average is told only of changes that are worth it, and not more
 * often than it is worth. */
static void update_tg_load_avg(struct cfs_rq *cfs)
{
	struct group_rq *group;
	struct kernel *kernel;
	uint64_t before, change;
	int64_t now;

	if (likely(!cfs->tg))
		return;
	group = group_rq_of(cfs);
	kernel = cfs->tg->kernel;
	now = ktime_to_ns(&kernel->sim->tb, kernel->sim->now);
	if (now - group->tg_load_avg_at < kernel->version->tg_load_interval_ns)
		return;
	before = group->tg_load_avg_contrib;
	change = before > cfs->avg.load_avg ? before - cfs->avg.load_avg :
					      cfs->avg.load_avg - before;
	if (change <= before / 64)
		return;
	cfs->tg->load_avg += cfs->avg.load_avg - before;
	group->tg_load_avg_contrib = cfs->avg.load_avg;
	group->tg_load_avg_at = now;
}

void __update_load_avg(struct rq *rq, struct sched_entity *se,
		       unsigned int flags)
{
	struct cfs_rq *cfs = se->cfs_rq;
	int64_t now = cfs_rq_clock_pelt(rq, cfs);
	bool changed;

	if (likely(se->avg.tracked))
		update_se(se, now, se_runnable(se));
	changed = update_cfs_rq_load_avg(cfs, now);
	if (unlikely(se->my_q))
		changed |= propagate_entity_load_avg(se);
	if (unlikely(!se->avg.tracked && flags & DO_ATTACH))
		attach_entity_load_avg(cfs, se);
	else if (unlikely(flags & DO_DETACH))
		leave(cfs, se);
	else if (!changed || !(flags & UPDATE_TG))
		return;
	update_tg_load_avg(cfs);
}

void __update_other_load_avg(const struct rq *rq, struct sched_avg *sa,
			     bool running)
{
	if (update_load_sum(sa, rq_clock_ns(rq), running, running, running))
		update_load_avgs(sa, 1);
}

/*
 * Coming and going
 */

/* A group's shares depend on them everywhere, what balancing does only on CPUs
 * that take part in it. */
void start_pelt(struct kernel *kernel)
{
	bool all = !list_empty(&kernel->task_groups);

	if (kernel->config.nr_cpus == 1 || !kernel->config.fair->groups)
		return;
	for (unsigned int cpu = 0; cpu < kernel->config.nr_cpus; cpu++)
		cpu_rq(kernel, cpu)->pelt = all || cpu_rq(kernel, cpu)->sd;
}

void init_task_load_avg(struct task *p)
{
	init_entity_load_avg(&p->se);
	if (p->sched_class == p->kernel->config.fair && p->nr_cpus_allowed > 1)
		start_pelt(p->kernel);
}

/* A group's is attached from the beginning, with nothing but what
 * attach_entity_load_avg() makes of that; cf. online_fair_sched_group(). */
void init_entity_load_avg(struct sched_entity *se)
{
	if (!se->my_q) {
		se->avg = (struct sched_avg){ .load_avg = se->weight };
		return;
	}
	se->avg = (struct sched_avg){ .load_sum = 1, .tracked = true };
	se->cfs_rq->avg.load_sum += se->weight;
}

/* As much of a CPU as others of its weight use, up to half of what is left.  The
 * weight had ten more bits up to 6.9. */
static void post_init_entity_util_avg(const struct rq *rq,
				      struct sched_entity *se,
				      const struct sched_avg *on)
{
	int64_t cap = (SCHED_CAPACITY_SCALE - (int64_t)on->util_avg) / 2;
	bool exact = rq->kc->kernel->version->util_init_exact;
	uint64_t util = (uint64_t)cap;

	if (cap > 0) {
		if (on->util_avg)
			util = on->util_avg * (se->weight << (exact ? 0 : 10)) /
			       (on->load_avg + 1);
		se->avg.util_avg = MIN(util, (uint64_t)cap);
	}
	se->avg.runnable_avg = se->avg.util_avg;
}

/* cf. set_task_rq_fair(): one of another class may have come from another CPU. */
static void move_load_avg(struct sched_entity *se, const struct cfs_rq *to)
{
	if (se->cfs_rq == to)
		return;
	update_blocked_se(se, se->cfs_rq->avg.last_update_time);
	se->avg.last_update_time = to->avg.last_update_time;
}

void task_load_enqueue(struct rq *rq, struct task *p, unsigned int flags)
{
	const struct cfs_rq *to = &rq->cfs;

	if (p->group)
		to = &p->group->cpu[rq->kc->cpu.id].cfs;
	if (flags & ENQUEUE_INITIAL)
		post_init_entity_util_avg(rq, &p->se, &to->avg);
	if (p->se.avg.detached)
		move_load_avg(&p->se, to);
	if (!p->se.delayed || !(flags & ENQUEUE_MIGRATED))
		util_est_enqueue(rq, p);
}

/* Of one that is delayed util_est is not there any more when it is moved. */
void task_load_dequeue(struct rq *rq, struct task *p, unsigned int flags)
{
	if (!p->se.delayed || !(flags & DEQUEUE_MIGRATING))
		util_est_dequeue(rq, p, flags & DEQUEUE_SLEEP);
}

/* @p, which is not queued, will not be where it was. */
static void remove_entity_load_avg(struct task *p)
{
	struct sched_entity *se = &p->se;
	struct cfs_rq *cfs = se->cfs_rq;

	se->avg.tracked = false;
	update_blocked_se(se, cfs->avg.last_update_time);
	cfs->removed.nr++;
	cfs->removed.load_avg += se->avg.load_avg;
	cfs->removed.util_avg += se->avg.util_avg;
	cfs->removed.runnable_avg += se->avg.runnable_avg;
}

/* cf. task_dead_fair() */
void task_load_dequeued(struct rq *rq, struct task *p, unsigned int flags)
{
	util_est_dequeued(rq, p, flags & DEQUEUE_SLEEP);
	if (p->state & TASK_DEAD && p->se.avg.tracked)
		remove_entity_load_avg(p);
}

/* cf. migrate_se_pelt_lag(): on an idle CPU the queue may not have been brought
 * up to date for long, and the task has slept all the while. */
void migrate_task_rq_fair(struct task *p)
{
	const struct rq *rq = cpu_rq(p->kernel, p->cpu);
	const struct sim *sim = p->kernel->sim;
	struct sched_entity *se = &p->se;

	if (!se->avg.tracked)
		return;
	if (task_is_idle(rq->curr))
		update_blocked_se(
			se, cfs_rq_clock_at(se->cfs_rq,
					    ktime_to_ns(&sim->tb, sim->now)));
	remove_entity_load_avg(p);
}

/* cf. propagate_entity_cfs_rq() */
static void propagate_up(struct rq *rq, struct task *p)
{
	struct sched_entity *se;

	update_tg_load_avg(p->se.cfs_rq);
	for (se = p->se.parent; se; se = se->parent)
		__update_load_avg(rq, se, UPDATE_TG);
}

void attach_entity_cfs_rq(struct rq *rq, struct task *p)
{
	if (!p->se.avg.detached)
		return;
	p->se.avg.detached = false;
	__update_load_avg(rq, &p->se, 0);
	attach_entity_load_avg(p->se.cfs_rq, &p->se);
	propagate_up(rq, p);
}

void detach_entity_cfs_rq(struct rq *rq, struct task *p)
{
	if (!p->se.avg.tracked)
		return;
	p->se.avg.detached = true;
	__update_load_avg(rq, &p->se, 0);
	detach_entity_load_avg(p->se.cfs_rq, &p->se);
	propagate_up(rq, p);
}

/*
 * Blocked load
 */

/* Nothing of it is left to be told. */
static bool skip_blocked_update(const struct group_rq *group)
{
	const struct sched_avg *sa = &group->se.avg;

	return !sa->load_avg && !sa->util_avg && !group->propagate;
}

static void update_blocked_group(struct rq *rq, struct task_group *tg)
{
	struct group_rq *group = &tg->cpu[rq->kc->cpu.id];
	struct cfs_rq *cfs = &group->cfs;

	if (group->throttle_count)
		return;
	if (update_cfs_rq_load_avg(cfs, cfs_rq_clock_pelt(rq, cfs)))
		update_tg_load_avg(cfs);
	if (!skip_blocked_update(group))
		__update_load_avg(rq, &group->se, UPDATE_TG);
}

/* cf. __update_blocked_fair(): groups before those that they are in. */
bool update_blocked_averages(struct rq *rq)
{
	struct kernel *kernel = rq->kc->kernel;
	struct list_head *pos;

	if (!rq->pelt)
		return false;
	update_rq_clock(rq);
	for (pos = kernel->task_groups.prev; pos != &kernel->task_groups;
	     pos = pos->prev)
		update_blocked_group(
			rq, container_of(pos, struct task_group, link));
	update_cfs_rq_load_avg(&rq->cfs, rq_clock_ns(rq));
	update_rt_rq_load_avg(rq, rq->curr->sched_class == &sched_class_rt);
	update_dl_rq_load_avg(rq,
			      rq->curr->sched_class == &sched_class_deadline);
	return rq->cfs.avg.load_avg || rq->cfs.avg.util_avg ||
	       rq->avg_rt.util_avg || rq->avg_dl.util_avg;
}
