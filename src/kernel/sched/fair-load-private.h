/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_FAIR_LOAD_PRIVATE_H
#define PREEMPTSIM_FAIR_LOAD_PRIVATE_H

/*
 * Load averages of the fair class: when they are kept up, and what is asked
 * about them.
 */

#include "fair-private.h"

/* Flags of update_load_avg(), as in Linux: the group's average follows; the
 * entity comes if it is not tracked; it goes to another CPU. */
#define UPDATE_TG 0x1u
#define DO_ATTACH 0x4u
#define DO_DETACH DEQUEUE_MIGRATING

/* A task's util_est has not been looked at since it was set. */
#define UTIL_AVG_UNCHANGED 0x80000000u

/** start_pelt - somebody will ask for load averages: keep them, from before there
 * is anything to run.  With one CPU they would make no difference. */
void start_pelt(struct kernel *kernel);

/** init_entity_load_avg - @se is new; cf. init_entity_runnable_average(). */
void init_entity_load_avg(struct sched_entity *se);

/** init_task_load_avg - the same of a task, which balancing may move. */
void init_task_load_avg(struct task *p);

/** __update_load_avg - the averages of @se and of its queue as of @rq's clock,
 * before anything is changed that they go by. */
void __update_load_avg(struct rq *rq, struct sched_entity *se,
		       unsigned int flags);

static inline void update_load_avg(struct rq *rq, struct sched_entity *se,
				   unsigned int flags)
{
	if (unlikely(rq->pelt))
		__update_load_avg(rq, se, flags);
}

/** reweight_load_avg - set @se's weight, and what its load is then. */
void reweight_load_avg(const struct rq *rq, struct sched_entity *se,
		       uint64_t weight);

/** migrate_task_rq_fair - @p wakes up on another CPU than it slept on. */
void migrate_task_rq_fair(struct task *p);

/** attach_entity_cfs_rq, detach_entity_cfs_rq - @p is of the fair class from
 * now on, or not any more. */
void attach_entity_cfs_rq(struct rq *rq, struct task *p);
void detach_entity_cfs_rq(struct rq *rq, struct task *p);

/** freeze_load_avg, thaw_load_avg - @tg is throttled on @rq, and so is what is
 * in it; or not any more. */
void freeze_load_avg(struct rq *rq, struct task_group *tg);
void thaw_load_avg(struct rq *rq, struct task_group *tg);

/** update_blocked_averages - those of @rq's queues as of now, whether anything
 * is on them or not.  Returns whether sleepers still count. */
bool update_blocked_averages(struct rq *rq);

/** propagate_entity_load_avg - tell the group's entity @se what its queue's
 * averages changed by beside time passing; true: they did. */
bool propagate_entity_load_avg(struct sched_entity *se);

/** add_tg_cfs_propagate - something to be told: @cfs's load is @runnable_sum
 * more. */
void add_tg_cfs_propagate(struct cfs_rq *cfs, int64_t runnable_sum);

/** util_est_enqueue, util_est_dequeue, util_est_dequeued - @p is about to come,
 * or to go, to sleep if @sleep; or has gone. */
void util_est_enqueue(struct rq *rq, const struct task *p);
void util_est_dequeue(struct rq *rq, struct task *p, bool sleep);
void util_est_dequeued(const struct rq *rq, struct task *p, bool sleep);

/** task_load_enqueue - what else is due before @p, which was on no queue or was
 * delayed, comes to @rq; where it was is as it was. */
void task_load_enqueue(struct rq *rq, struct task *p, unsigned int flags);

/** task_load_dequeue, task_load_dequeued - likewise, before it leaves and
 * after that, or when it is delayed. */
void task_load_dequeue(struct rq *rq, struct task *p, unsigned int flags);
void task_load_dequeued(struct rq *rq, struct task *p, unsigned int flags);

/** cpu_load - cf. cpu_load(); classes without averages: what is there now. */
uint64_t cpu_load(const struct rq *rq);

/** update_cpu_capacity - what other classes leave of @rq's CPU to the fair one;
 * cf. scale_rt_capacity(). */
void update_cpu_capacity(struct rq *rq);

/** check_cpu_capacity - do they take much, by the measure of @sd? */
static inline bool check_cpu_capacity(const struct rq *rq,
				      const struct sched_domain *sd)
{
	return rq->cpu_capacity * sd->imbalance_pct <
	       SCHED_CAPACITY_SCALE * 100;
}

/** cpu_util_cfs - how much fair tasks use @rq's CPU; @boost: or wait for it. */
uint64_t cpu_util_cfs(const struct rq *rq, bool boost);

/** cpu_runnable - how much they would use. */
uint64_t cpu_runnable(const struct rq *rq);

/** task_util_est - how much @p uses a CPU. */
uint64_t task_util_est(const struct task *p);

#endif
