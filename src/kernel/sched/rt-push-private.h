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

/** has_pushable_tasks - does something wait on @rq that could run elsewhere? */
bool has_pushable_tasks(struct rq *rq);

/** push_rt_tasks_for_pull - have what waits on @rq go where it can run, since
 * another CPU asked for it. */
void push_rt_tasks_for_pull(struct rq *rq);

#endif
