/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_SCHED_PRIVATE_H
#define PREEMPTSIM_SCHED_PRIVATE_H

/*
 * Shared by the scheduler core and the scheduling classes.
 */

#include "preemptsim/kernel/kernel.h"
#include "preemptsim/kernel/preempt.h"
#include "preemptsim/kernel/sched.h"

/** task_may_run_on - may @p run on CPU number @cpu? */
static inline bool task_may_run_on(const struct task *p, unsigned int cpu)
{
	if (p->any_cpu)
		return true;
	if (p->migration_disabled)
		return cpu == p->cpu;
	return cpumask_test_cpu(&p->cpus_mask, cpu);
}

/** rq_is_idle - does nothing run or wait on CPU @cpu? */
static inline bool rq_is_idle(const struct kernel *kernel, unsigned int cpu)
{
	return cpumask_test_cpu(&kernel->idle_mask, cpu);
}

/** same_root_domain - may real-time tasks come to @rq from CPU @cpu? */
static inline bool same_root_domain(const struct rq *rq, unsigned int cpu)
{
	return likely(!rq->rd) || cpumask_test_cpu(rq->rd, cpu);
}

/** sched_feat - is a feature, of struct sched_features, on for @rq? */
#define sched_feat(rq, feature) ((rq)->kc->kernel->features.feature)

/** sched_idle_cpu - does nothing but SCHED_IDLE run or wait on CPU @cpu? */
static inline bool sched_idle_cpu(const struct kernel *kernel, unsigned int cpu)
{
	const struct rq *rq = &kernel->cpus[cpu].rq;

	return rq->nr_sched_idle && rq->nr_sched_idle == rq->nr_running;
}

/** wakeup_preempt - @p may run on @rq: does it before what runs there? */
void wakeup_preempt(struct rq *rq, struct task *p);

/** next_event - the task that runs on @rq goes on with its event. */
static inline void next_event(struct rq *rq)
{
	struct task *curr = rq->curr;

	if (unlikely(curr->sched_class->next_event) && curr->event != NO_EVENT)
		curr->sched_class->next_event(rq, curr);
}

/** init_avg_idle, update_avg_idle - @rq never idled, or somebody wakes up there
 * and it has. */
void init_avg_idle(struct rq *rq);
void update_avg_idle(struct rq *rq);

/** prio_changed_fair, switched_to_fair - hooks of any class that serves
 * SCHED_OTHER. */
void prio_changed_fair(struct rq *rq, struct task *p, int oldprio);
void switched_to_fair(struct rq *rq, struct task *p);

/** __update_other_load_avg - @sa as of @rq's clock; up to now one of its class
 * did run, or @running says that none did. */
void __update_other_load_avg(const struct rq *rq, struct sched_avg *sa,
			     bool running);

/** update_rt_rq_load_avg, update_dl_rq_load_avg - how much real-time and
 * deadline tasks take of @rq's CPU, before one stops, starts or goes on. */
static inline void update_rt_rq_load_avg(struct rq *rq, bool running)
{
	if (unlikely(rq->pelt))
		__update_other_load_avg(rq, &rq->avg_rt, running);
}

static inline void update_dl_rq_load_avg(struct rq *rq, bool running)
{
	if (unlikely(rq->pelt))
		__update_other_load_avg(rq, &rq->avg_dl, running);
}

/** rq_idle_cpu_for - an idle CPU that @p may use, its last one first, or
 * NR_CPUS. */
unsigned int rq_idle_cpu_for(const struct task *p);

/** ttwu_waiting - wake rq->woken, whom somebody wanted to wake while @rq
 * switched it out; false: it was not switched out.  Interrupts are off. */
bool ttwu_waiting(struct rq *rq);

/** set_task_cpu - @p goes to CPU number @cpu; @kc: who moves it. */
void set_task_cpu(struct kcpu *kc, struct task *p, unsigned int cpu);

#endif
