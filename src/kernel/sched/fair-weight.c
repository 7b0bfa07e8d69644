/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Weights of fair tasks.  cf. kernel/sched/core.c: set_load_weight(),
 * sched_prio_to_weight[].
 */
#include <config.h>

#include "fair-group-private.h"

#define WMULT_IDLEPRIO 1431655765

/* sched_prio_to_weight[]: nice -20 .. 19, a factor of 1.25 each. */
static const uint64_t prio_to_weight[40] = {
	88761, 71755, 56483, 46273, 36291, 29154, 23254, 18705, 14949, 11916,
	9548,  7620,  6100,  4904,  3906,  3121,  2501,	 1991,	1586,  1277,
	1024,  820,   655,   526,   423,   335,	  272,	 215,	172,   137,
	110,   87,    70,    56,    45,	   36,	  29,	 23,	18,    15,
};

/* sched_prio_to_wmult[]: 2^32 / weight, which is rounded to the nearest, but for
 * nice 13, 14, 16 and 17. */
static const uint64_t prio_to_wmult[40] = {
	48388,	   59856,     76040,	 92818,	    118348,   147320,
	184698,	   229616,    287308,	 360437,    449829,   563644,
	704093,	   875809,    1099582,	 1376151,   1717300,  2157191,
	2708050,   3363326,   4194304,	 5237765,   6557202,  8165337,
	10153587,  12820798,  15790321,	 19976592,  24970740, 31350126,
	39045157,  49367440,  61356676,	 76695844,  95443717, 119304647,
	148102320, 186737708, 238609294, 286331153,
};

uint64_t sched_weight_from_nice(int nice)
{
	return prio_to_weight[nice + 20];
}

void set_load_weight(struct task *p)
{
	bool idle = p->policy == POLICY_IDLE;
	int i = p->nice + 20;

	p->se.weight = idle ? WEIGHT_IDLEPRIO : prio_to_weight[i];
	p->se.inv_weight = idle ? WMULT_IDLEPRIO : prio_to_wmult[i];
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
