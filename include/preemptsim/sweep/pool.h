/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_SWEEP_POOL_H
#define PREEMPTSIM_SWEEP_POOL_H

/*
 * Trials in parallel.
 */

#include <stdatomic.h>

#include "preemptsim/sweep/plan.h"
#include "preemptsim/sweep/store.h"

/**
 * struct pool - how to simulate.
 * @plan: what
 * @store: where results are kept
 * @threads: how many at a time
 * @stop: ends it early when set, from a signal handler
 * @told: called now and then, and after each trial that was kept, with their
 *        number since pool_simulate() was called
 * @data: for @told
 */
struct pool {
	const struct plan *plan;
	struct store *store;
	unsigned int threads;
	const atomic_int *stop;
	void (*told)(void *data, unsigned int done);
	void *data;
};

/**
 * pool_simulate - simulate trials and keep them.
 * @todo: GArray of uint32_t: point * runs + run, none of them in the store
 *
 * Returns NULL, or why a result could not be kept, for g_free(); the others
 * then end early.
 */
char *pool_simulate(const struct pool *pool, const GArray *todo);

#endif
