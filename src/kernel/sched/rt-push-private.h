/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_RT_PUSH_PRIVATE_H
#define PREEMPTSIM_RT_PUSH_PRIVATE_H

/*
 * Interrupts by which a CPU that is about to do something less urgent has those
 * with too much push (RT_PUSH_IPI).
 */

#include "sched-private.h"

/** tell_cpu_to_push - @rq's CPU could run what waits elsewhere. */
void tell_cpu_to_push(struct rq *rq);

/** push_curr_away - have the stop task of @rq's CPU send who runs there to where
 * it can run at once, if it may go. */
void push_curr_away(struct rq *rq);

/** rt_update_overload - others have been told that @rq's CPU has deadline tasks,
 * or none any more. */
void rt_update_overload(struct rq *rq);

/** push_rt_tasks_for_pull - have what waits on @rq go where it can run, since
 * another CPU asked for it. */
void push_rt_tasks_for_pull(struct rq *rq);

#endif
