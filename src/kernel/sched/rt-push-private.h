/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_RT_PUSH_PRIVATE_H
#define PREEMPTSIM_RT_PUSH_PRIVATE_H

/*
 * Real-time tasks that go to where they can run: what of that is asked for by
 * other CPUs, or takes the stop task.
 */

#include "sched-private.h"

/** tell_cpu_to_push - @rq's CPU could run what waits elsewhere. */
void tell_cpu_to_push(struct rq *rq);

/** push_curr_away - have the stop task of @rq's CPU send who runs there to where
 * it can run at once, if it may go. */
void push_curr_away(struct rq *rq);

/** push_now - the same, for @curr who had to stay when the stop task came. */
void push_now(struct rq *rq, struct task *curr);

/** find_lock_lowest_rq - another run queue, where @p would run at once, or
 * NULL. */
struct rq *find_lock_lowest_rq(const struct task *p);

/** rt_update_overload - others have been told that @rq's CPU has deadline tasks,
 * or none any more. */
void rt_update_overload(struct rq *rq);

/** push_rt_tasks_for_pull - have what waits on @rq go where it can run, since
 * another CPU asked for it. */
void push_rt_tasks_for_pull(struct rq *rq);

#endif
