/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Weights of fair tasks.  cf. kernel/sched/core.c: set_load_weight(),
 * sched_prio_to_weight[].
 */
#include <config.h>

#include "fair-group-private.h"

/* WEIGHT_IDLEPRIO */
#define WEIGHT_IDLE 3

/* sched_prio_to_weight[]: nice -20 .. 19, a factor of 1.25 each. */
static const uint64_t prio_to_weight[40] = {
	88761, 71755, 56483, 46273, 36291, 29154, 23254, 18705, 14949, 11916,
	9548,  7620,  6100,  4904,  3906,  3121,  2501,	 1991,	1586,  1277,
	1024,  820,   655,   526,   423,   335,	  272,	 215,	172,   137,
	110,   87,    70,    56,    45,	   36,	  29,	 23,	18,    15,
};

uint64_t sched_weight_from_nice(int nice)
{
	return prio_to_weight[nice + 20];
}

/* The inverse is rounded, as in the kernel's table. */
void set_load_weight(struct task *p)
{
	struct sched_entity *se = &p->se;

	se->weight = p->policy == POLICY_IDLE ? WEIGHT_IDLE :
						prio_to_weight[p->nice + 20];
	se->inv_weight = ((UINT64_C(1) << 32) + se->weight / 2) / se->weight;
}

/* CFS keeps the sum, EEVDF that of those that wait; what has no weights counts
 * as nice 0. */
uint64_t fair_load(const struct rq *rq)
{
	const struct cfs_rq *cfs = &rq->cfs;
	const struct sched_entity *curr = cfs->curr;
	uint64_t load = cfs->avg_load;

	if (cfs->load)
		return cfs->load;
	if (curr && curr->on_rq)
		load += curr->weight;
	return load ? load : (uint64_t)cfs->nr_running * NICE_0_LOAD;
}

uint64_t task_h_load(const struct task *p)
{
	uint64_t load = p->se.weight;

	for (const struct sched_entity *se = p->se.parent; se; se = se->parent)
		if (se->my_q->load)
			load = load * se->weight / se->my_q->load;
	return load;
}
