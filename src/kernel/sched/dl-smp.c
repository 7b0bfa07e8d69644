/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SCHED_DEADLINE on several CPUs: the tasks with the earliest deadlines run.
 * cf. kernel/sched/deadline.c v6.12: push_dl_task(), pull_dl_task(),
 * find_later_rq(), select_task_rq_dl().
 */
#include <config.h>

#include "rt-push-private.h"
#include "sched-deadline-private.h"

void dl_update_overload(struct rq *rq)
{
	struct kernel *kernel = rq->kc->kernel;
	bool overloaded = rq->dl.nr_running > 1 && rq->dl.nr_migratory;

	if (overloaded == rq->dl.overloaded)
		return;
	rq->dl.overloaded = overloaded;
	if (overloaded)
		cpumask_set_cpu(&kernel->dlo_mask, rq->kc->cpu.id);
	else
		cpumask_clear_cpu(&kernel->dlo_mask, rq->kc->cpu.id);
	kernel->dlo_count += overloaded ? 1 : -1;
}

/* cf. dl_task_is_earliest_deadline() */
static bool would_run(const struct task *p, const struct rq *rq)
{
	const struct task *first = dl_first(rq);

	return !first || dl_before(p, first);
}

/* A CPU where @p would run at once, or NR_CPUS. */
static unsigned int find_later_rq(const struct task *p, struct kcpu *kc)
{
	struct cpumask later;

	if (!cpudl_find(&p->kernel->cpudl, p, cpu_rq(p->kernel, p->cpu)->rd,
			&later))
		return NR_CPUS;
	return nearest_cpu(&later, p->cpu, kc);
}

/* By the deadline of before: whether that will be kept is found out on the run
 * queue. */
unsigned int select_task_rq_dl(struct task *p, struct kcpu *waker)
{
	const struct task *curr;
	unsigned int cpu = p->cpu, later;

	if (!task_may_run_on(p, cpu))
		cpu = cpumask_first(&p->cpus_mask);
	curr = cpu_rq(p->kernel, cpu)->curr;
	if (p->nr_cpus_allowed == 1 || !dl_task(curr) ||
	    (curr->nr_cpus_allowed > 1 && dl_before(p, curr)))
		return cpu;
	later = find_later_rq(p, waker);
	return later < NR_CPUS ? later : cpu;
}

static bool is_pushable(const struct rq *rq, const struct task *p,
			unsigned int cpu)
{
	if (p == rq->curr)
		return false;
	return cpu == NR_CPUS ? p->nr_cpus_allowed > 1 :
				cpumask_test_cpu(&p->cpus_mask, cpu);
}

/* The first below @node that waits and may run on @cpu (NR_CPUS: on any
 * other), were it not pinned. */
static struct task *pick_pushable(const struct rq *rq,
				  struct sched_entity *node, unsigned int cpu)
{
	struct task *p;

	if (!node)
		return NULL;
	p = pick_pushable(rq, node->left, cpu);
	if (p)
		return p;
	p = container_of(node, struct task, dl.node);
	if (is_pushable(rq, p, cpu))
		return p;
	return pick_pushable(rq, node->right, cpu);
}

struct rq *find_lock_later_rq(const struct task *p)
{
	unsigned int cpu = find_later_rq(p, this_cpu(p->kernel));

	return cpu < NR_CPUS && cpu != p->cpu ? cpu_rq(p->kernel, cpu) : NULL;
}

/* One that is about to preempt stays; one that must keeps the others here,
 * too. */
bool push_dl_task(struct rq *rq)
{
	struct task *p = NULL;
	struct rq *to;

	if (rq->dl.overloaded)
		p = pick_pushable(rq, rq->dl.tree.root, NR_CPUS);
	if (!p)
		return false;
	if (dl_task(rq->curr) && dl_before(p, rq->curr) &&
	    rq->curr->nr_cpus_allowed > 1) {
		resched_curr(rq);
		return false;
	}
	to = p->migration_disabled ? NULL : find_lock_later_rq(p);
	if (!to)
		return false;
	update_rq_clock(to);
	move_queued_task(p, to);
	resched_curr(to);
	return true;
}

void push_dl_tasks(struct rq *rq)
{
	while (push_dl_task(rq))
		;
}

bool pull_dl_tasks(struct rq *rq)
{
	struct kernel *kernel = rq->kc->kernel;
	unsigned int here = rq->kc->cpu.id, cpu;
	bool pulled = false;

	if (!kernel->dlo_count)
		return false;
	for_each_cpu(cpu, &kernel->dlo_mask, kernel->config.nr_cpus)
	{
		struct rq *from = cpu_rq(kernel, cpu);
		struct task *p;

		if (cpu == here || !same_root_domain(rq, cpu))
			continue;
		p = pick_pushable(from, from->dl.tree.root, here);
		if (!p || !would_run(p, rq) ||
		    (dl_task(from->curr) && dl_before(p, from->curr)))
			continue;
		update_rq_clock(from);
		if (unlikely(p->migration_disabled)) {
			push_curr_away(from);
		} else {
			move_queued_task(p, rq);
			pulled = true;
		}
	}
	return pulled;
}
