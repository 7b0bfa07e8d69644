/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_FAIR_SERVER_PRIVATE_H
#define PREEMPTSIM_FAIR_SERVER_PRIVATE_H

/*
 * What a fair class tells the fair server; see fair-server.c.
 */

#include "preemptsim/kernel/kernel.h"

/** fair_server_init - an idle server on @rq. */
void fair_server_init(struct rq *rq);

/** fair_server_start - the first fair task of @rq became runnable. */
void fair_server_start(struct rq *rq);

/** fair_server_stop - no fair task of @rq is runnable any more. */
void fair_server_stop(struct rq *rq);

/** fair_server_update - a fair task ran on @rq for @delta_ns. */
void fair_server_update(struct rq *rq, int64_t delta_ns);

/** fair_server_update_idle_time - nobody has run on @rq since idle began to. */
void fair_server_update_idle_time(struct rq *rq);

/** fair_server_idle_begins, fair_server_idle_ends - nobody runs on @rq, or
 * somebody again. */
static inline void fair_server_idle_begins(struct rq *rq)
{
	rq->fair_server.idle_since = rq->kc->cpu.sim->now;
}

static inline void fair_server_idle_ends(struct rq *rq)
{
	if (unlikely(rq->fair_server.runtime_ns >= !rq->fair_server.running))
		fair_server_update_idle_time(rq);
}

/** fair_server_serves - do fair tasks come before real-time tasks just now? */
static inline bool fair_server_serves(const struct rq *rq)
{
	return rq->fair_server.serving;
}

#endif
