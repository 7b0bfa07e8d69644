/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_SCHED_DEADLINE_PRIVATE_H
#define PREEMPTSIM_SCHED_DEADLINE_PRIVATE_H

/*
 * The parts of the deadline class: sched-deadline.c is the queue, dl-bw.c
 * counts bandwidth for reclaiming, dl-smp.c moves tasks between CPUs.
 */

#include "sched-private.h"

/* Bits behind the point of a bandwidth; cf. BW_SHIFT and RATIO_SHIFT. */
#define DL_BW_SHIFT 20
#define DL_RATIO_SHIFT 8

/** dl_task_of - the task whose entity @se is. */
static inline struct task *dl_task_of(struct sched_dl_entity *se)
{
	return container_of(se, struct task, dl);
}

/** dl_now - the time; deadline tasks are told it exactly. */
static inline ktime_t dl_now(const struct rq *rq)
{
	return rq->kc->cpu.sim->now;
}

/* cf. is_dl_boosted() */
static inline bool is_dl_boosted(const struct sched_dl_entity *se)
{
	return se->pi_se != se;
}

/* cf. dl_entity_preempt() */
static inline bool dl_before(const struct task *a, const struct task *b)
{
	return a->dl.node.deadline < b->dl.node.deadline;
}

/** dl_task - is @p of the deadline class now? */
static inline bool dl_task(const struct task *p)
{
	return p->sched_class == &sched_class_deadline;
}

/** dl_first - the task of @rq with the earliest deadline, or NULL. */
struct task *dl_first(const struct rq *rq);

/** dl_ratio - @runtime by @period, with DL_BW_SHIFT bits behind the point. */
int64_t dl_ratio(ktime_t period, ktime_t runtime);

/** dl_bw_init - what deadline tasks may use of each CPU of @kernel. */
void dl_bw_init(struct rq *rq);

/** dl_bw_admit - the new task @p is promised its bandwidth. */
void dl_bw_admit(struct task *p);

/** dl_bw_move - @se's bandwidth counts on @rq from now on. */
void dl_bw_move(struct sched_dl_entity *se, struct rq *rq);

/** dl_inactive_path - what the inactive_timer runs. */
extern const struct op dl_inactive_path[];

/** task_contending - @se wants to run: its bandwidth is in use. */
void task_contending(struct sched_dl_entity *se, struct rq *rq);

/** task_non_contending - @se sleeps: its bandwidth is from the 0-lag time on
 * not in use any more. */
void task_non_contending(struct sched_dl_entity *se, struct rq *rq);

/** grub_reclaim - what is taken from @se's runtime for having run for @delta:
 * the less, the more of the CPU nobody uses. */
ktime_t grub_reclaim(ktime_t delta, const struct rq *rq,
		     const struct sched_dl_entity *se);

/** dl_update_overload - can somebody else have a task of @rq? */
void dl_update_overload(struct rq *rq);

/** dl_tell_others - the earliest deadline on @rq has changed, maybe: have other
 * CPUs know it. */
void dl_tell_others(struct rq *rq);

/** find_lock_later_rq - another run queue, where @p would run at once, or
 * NULL. */
struct rq *find_lock_later_rq(const struct task *p);

/** push_dl_task - move the first of those that wait on @rq to where it would
 * run; false: there is no such. */
bool push_dl_task(struct rq *rq);

/** push_dl_tasks - move what waits on @rq to where it would run. */
void push_dl_tasks(struct rq *rq);

/** pull_dl_tasks - move to @rq what waits elsewhere and would run here; false:
 * there is no such. */
bool pull_dl_tasks(struct rq *rq);

/** select_task_rq_dl - see struct sched_class. */
unsigned int select_task_rq_dl(struct task *p, struct kcpu *waker);

#endif
