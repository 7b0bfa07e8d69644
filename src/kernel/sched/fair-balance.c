/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Moving fair tasks.  cf. kernel/sched/fair.c: sched_balance_newidle().
 *
 * Left out: periodic balancing, scheduling domains.
 */
#include <config.h>

#include "fair-private.h"

static struct sched_entity *first_in(const struct cfs_rq *cfs,
				     unsigned int cpu);

/* The first of a tree, and of its groups, that may run on @cpu, and wants to. */
static struct sched_entity *first_for(struct sched_entity *se, unsigned int cpu)
{
	struct sched_entity *found;

	if (!se)
		return NULL;
	found = first_for(se->left, cpu);
	if (!found && se->my_q)
		found = first_in(se->my_q, cpu);
	if (found)
		return found;
	if (!se->my_q && task_of(se)->on_rq &&
	    task_may_run_on(task_of(se), cpu))
		return se;
	return first_for(se->right, cpu);
}

/* The tree does not have the group that runs, in which others may wait. */
static struct sched_entity *first_in(const struct cfs_rq *cfs, unsigned int cpu)
{
	struct sched_entity *curr = cfs->curr, *found = NULL;

	if (curr && curr->my_q && curr->on_rq)
		found = first_in(curr->my_q, cpu);
	return found ? found : first_for(cfs->root, cpu);
}

struct task *first_fair_for(struct rq *rq, unsigned int cpu)
{
	struct sched_entity *se = first_in(&rq->cfs, cpu);

	return se ? task_of(se) : NULL;
}

/* cf. sched_balance_newidle(): one task from the longest queue. */
void balance_fair(struct rq *rq)
{
	struct kernel *kernel = rq->kc->kernel;
	struct task *best = NULL;
	unsigned int longest = 1;

	if (rq->nr_running || !kernel->nr_fair_overloaded)
		return;
	for (unsigned int cpu = 0; cpu < kernel->config.nr_cpus; cpu++) {
		struct rq *from = cpu_rq(kernel, cpu);
		struct task *p;

		if (from->cfs.nr_running <= longest)
			continue;
		p = first_fair_for(from, rq->kc->cpu.id);
		if (p) {
			best = p;
			longest = from->cfs.nr_running;
		}
	}
	if (best) {
		update_rq_clock(cpu_rq(kernel, best->cpu));
		move_queued_task(best, rq);
	}
}
