/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_FAIR_PRIVATE_H
#define PREEMPTSIM_FAIR_PRIVATE_H

/*
 * Shared by the classes that serve SCHED_OTHER: weights and the arithmetic of
 * virtual time, and where tasks are put.
 */

#include "sched-private.h"

/* The weight of nice 0, as scale_load_down() has it. */
#define NICE_0_LOAD 1024

/* That of SCHED_IDLE. */
#define WEIGHT_IDLEPRIO 3

/** task_of - the task whose entity @se is; not that of a group. */
static inline struct task *task_of(struct sched_entity *se)
{
	return container_of(se, struct task, se);
}

/** rq_clock_ns - @rq's clock as fair tasks are told it; cf. rq_clock_task(). */
static inline int64_t rq_clock_ns(const struct rq *rq)
{
	return ktime_to_ns(&rq->kc->cpu.sim->tb, rq->clock);
}

/**
 * mul_shift - @delta * @fact / 2^32 as __calc_delta() has it: @fact is rounded
 * to 32 bits first.
 */
static inline int64_t mul_shift(int64_t delta, uint64_t fact)
{
	unsigned int shift = 32;

	if (fact >> 32) {
		unsigned int over = 32 - (unsigned int)__builtin_clz(
						 (uint32_t)(fact >> 32));

		fact >>= over;
		shift -= over;
	}
	return (int64_t)((unsigned __int128)(uint64_t)delta * fact >> shift);
}

/** calc_delta_fair - @delta of time in virtual time of @se, both in ns. */
static inline int64_t calc_delta_fair(int64_t delta,
				      const struct sched_entity *se)
{
	if (se->weight == NICE_0_LOAD)
		return delta;
	return mul_shift(delta, NICE_0_LOAD * se->inv_weight);
}

/** is_new_task - has @p never had a CPU?  cf. WF_FORK */
static inline bool is_new_task(const struct task *p)
{
	return p->se.sum_exec_runtime == 0;
}

/** set_load_weight - @p's weight, by policy and nice value. */
void set_load_weight(struct task *p);

/** fair_slices - the times that go for @rq. */
static inline const struct sched_slices *fair_slices(const struct rq *rq)
{
	return &rq->kc->kernel->slices;
}

/** fair_load - the weights of all fair tasks that want to run on @rq. */
uint64_t fair_load(const struct rq *rq);

/** task_h_load - what of the load of the run queue that @p is on, or was, is
 * its: its weight, or its part of its group's. */
uint64_t task_h_load(const struct task *p);

/** add_sched_idle - @n more tasks of SCHED_IDLE, or in idle groups, are on @rq;
 * below 0: less. */
void add_sched_idle(struct rq *rq, int n);

/** first_fair_for - the first in @rq's tree that waits and may run on @cpu, or
 * NULL. */
struct task *first_fair_for(struct rq *rq, unsigned int cpu);

/** rq_init_fair - as struct sched_class has it: nobody is in @rq's tree. */
static inline void rq_init_fair(struct rq *rq)
{
	rq->cfs = (struct cfs_rq){ .seed = rq->kc->cpu.id + 1 };
}

/** select_task_rq_fair, balance_fair - as struct sched_class has them. */
unsigned int select_task_rq_fair(struct task *p, struct kcpu *waker);
void balance_fair(struct rq *rq);

#endif
