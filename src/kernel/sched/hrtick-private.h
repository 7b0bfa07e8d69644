/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_HRTICK_PRIVATE_H
#define PREEMPTSIM_HRTICK_PRIVATE_H

/*
 * The scheduler's own timer (HRTICK, HRTICK_DL): slices and runtimes end when
 * they are over, not at the next tick.
 */

#include "sched-private.h"

/** hrtick_init - @rq's timer, not started. */
void hrtick_init(struct rq *rq);

/**
 * hrtick_start_fair - @se runs on @rq: the timer expires when what is left of its
 * @slice, ns, is over, if somebody else wants to run.
 */
void hrtick_start_fair(struct rq *rq, const struct sched_entity *se,
		       int64_t slice);

/** hrtick_start_dl - the deadline task @se runs on @rq: the timer expires when
 * its runtime would be over, if nothing of it is reclaimed. */
void hrtick_start_dl(struct rq *rq, const struct sched_dl_entity *se);

/** hrtick_concerns - does a fair task run on @rq, and will go on? */
static inline bool hrtick_concerns(const struct rq *rq)
{
	const struct task *curr = rq->curr;

	return curr->sched_class == rq->kc->kernel->config.fair && curr->on_rq;
}

/** hrtick_clear - __schedule() decides anew. */
static inline void hrtick_clear(struct rq *rq)
{
	hrtimer_cancel(&rq->hrtick.timer);
}

/** hrtick_rules - is it for the timer to end the slice, not for the tick? */
static inline bool hrtick_rules(const struct rq *rq)
{
	return rq->hrtick.due || rq->hrtick.timer.slot != HRTIMER_INACTIVE;
}

#endif
