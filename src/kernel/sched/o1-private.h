/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_O1_PRIVATE_H
#define PREEMPTSIM_O1_PRIVATE_H

/*
 * Shared by the files of the O(1) scheduler.
 */

#include "fair-private.h"

/** o1_array_add, o1_array_del - queue @p in @rq's array number @array, at the
 * @head of its priority or behind its like; or take it away. */
void o1_array_add(struct rq *rq, struct task *p, unsigned int array, bool head);
void o1_array_del(struct rq *rq, struct task *p);

/** balance_o1, rebalance_tick_o1 - as struct sched_class has them. */
void balance_o1(struct rq *rq);
unsigned int rebalance_tick_o1(struct rq *rq);

#endif
