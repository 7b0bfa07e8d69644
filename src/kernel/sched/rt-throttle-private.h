/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_RT_THROTTLE_PRIVATE_H
#define PREEMPTSIM_RT_THROTTLE_PRIVATE_H

/*
 * What the real-time class tells the throttling of before Linux 6.12; see
 * rt-throttle.c.
 */

#include "sched-private.h"

/** rt_throttles - are real-time tasks throttled by themselves? */
static inline bool rt_throttles(const struct rq *rq)
{
	return rq->kc->kernel->config.rt_throttling;
}

/* Not inline, so that what every switch and wakeup comes through need not make
 * room for them. */
/** rt_throttle_start - a real-time task became runnable. */
void rt_throttle_start(struct rq *rq) __attribute__((noinline));

/** rt_throttle_account - the real-time task that runs here has done so until
 * now. */
void rt_throttle_account(struct rq *rq) __attribute__((noinline));

/** rt_throttle_add - a deadline task ran on @rq for @delta. */
void rt_throttle_add(struct rq *rq, ktime_t delta) __attribute__((noinline));

#endif
