/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the schedulers of textbooks have in common.
 *
 * On several CPUs they are global: who wakes up takes an idle CPU, or the one
 * whose running task has the greatest key, if that is greater than its own; a
 * CPU about to choose looks at all that wait anywhere.  With cpus: they are
 * partitioned.
 */
#include <config.h>

#include "eevdf-tree-private.h"
#include "fair-server-private.h"
#include "textbook-private.h"

#include <glib.h>

/* The fair server wants to know how long fair tasks ran. */
void textbook_update_curr(struct rq *rq)
{
	struct sched_entity *curr = rq->cfs.curr;
	int64_t delta;

	if (!curr)
		return;
	delta = rq_clock_ns(rq) - curr->exec_start;
	curr->exec_start += delta;
	curr->sum_exec_runtime += delta;
	fair_server_update(rq, delta);
}

void textbook_enqueue(struct rq *rq, struct task *p)
{
	p->se.on_rq = true;
	eevdf_tree_insert(&rq->cfs, &p->se);
	rq->cfs.nr_running++;
	if (rq->cfs.nr_running == 1)
		fair_server_start(rq);
}

void textbook_dequeue_task(struct rq *rq, struct task *p, unsigned int flags)
{
	struct sched_entity *se = &p->se;

	(void)flags;
	p->sched_class->update_curr(rq);
	if (se != rq->cfs.curr)
		eevdf_tree_erase(&rq->cfs, se);
	se->on_rq = false;
	rq->cfs.nr_running--;
	if (!rq->cfs.nr_running)
		fair_server_stop(rq);
}

/* There is nobody that it would be just to let go first. */
void textbook_yield_task(struct rq *rq)
{
	rq->kc->kernel->config.fair->update_curr(rq);
}

void textbook_wakeup_preempt(struct rq *rq, struct task *p)
{
	if (*textbook_key(p) < *textbook_key(rq->curr))
		resched_curr(rq);
}

/* The running task goes before its equals. */
struct task *textbook_pick_next_task(struct rq *rq)
{
	struct sched_entity *first = rq->cfs.root, *curr = rq->cfs.curr;

	if (!rq->cfs.nr_running)
		return NULL;
	while (first && first->left)
		first = first->left;
	if (curr && curr->on_rq &&
	    (!first || curr->deadline <= first->deadline))
		return task_of(curr);
	return task_of(first);
}

/* Who is preempted had the CPU before its equals, and has it back before
 * them.  Returns whether it is. */
static bool put_back(struct rq *rq, struct task *p)
{
	rq->kc->kernel->config.fair->update_curr(rq);
	rq->cfs.curr = NULL;
	if (!p->se.on_rq)
		return false;
	eevdf_tree_put_back(&rq->cfs, &p->se);
	return true;
}

void textbook_put_prev_pass(struct rq *rq, struct task *p)
{
	put_back(rq, p);
}

/* CPU @cpu, if there is one, may come for @p. */
static void call_for(const struct task *p, unsigned int cpu)
{
	if (unlikely(cpu < NR_CPUS))
		resched_curr(cpu_rq(p->kernel, cpu));
}

void textbook_put_prev_turn(struct rq *rq, struct task *p)
{
	if (put_back(rq, p))
		call_for(p, rq_idle_cpu_for(p));
}

void textbook_set_next_task(struct rq *rq, struct task *p)
{
	eevdf_tree_erase(&rq->cfs, &p->se);
	p->se.exec_start = rq_clock_ns(rq);
	rq->cfs.curr = &p->se;
}

void textbook_task_tick(struct rq *rq, struct task *p)
{
	p->sched_class->update_curr(rq);
}

/*
 * Passes
 */

void textbook_enqueue_pass(struct rq *rq, struct task *p, unsigned int flags)
{
	(void)flags;
	p->sched_class->update_curr(rq);
	*textbook_key(p) += rq->cfs.min_vruntime;
	textbook_enqueue(rq, p);
}

void textbook_dequeue_pass(struct rq *rq, struct task *p, unsigned int flags)
{
	textbook_dequeue_task(rq, p, flags);
	*textbook_key(p) -= rq->cfs.min_vruntime;
}

void textbook_set_next_pass(struct rq *rq, struct task *p)
{
	textbook_set_next_task(rq, p);
	rq->cfs.min_vruntime = MAX(rq->cfs.min_vruntime, *textbook_key(p));
}

void textbook_never_preempt(struct rq *rq, struct task *p)
{
	(void)rq;
	(void)p;
}

/*
 * Several CPUs
 */

/* Of the CPUs that run tasks of this kind, that of the greatest key, if it is
 * above @p's; else NR_CPUS. */
static unsigned int least_urgent(const struct task *p, int64_t greatest)
{
	struct kernel *kernel = p->kernel;
	unsigned int cpu, best = NR_CPUS;

	for_each_cpu(cpu, &p->cpus_mask, kernel->config.nr_cpus)
	{
		struct task *curr = cpu_rq(kernel, cpu)->curr;

		if (curr->sched_class != p->sched_class ||
		    *textbook_key(curr) <= greatest)
			continue;
		greatest = *textbook_key(curr);
		best = cpu;
	}
	return best;
}

/* An idle CPU for @p, or the one that runs what is least urgent. */
static unsigned int find_cpu(const struct task *p, int64_t key)
{
	unsigned int cpu = rq_idle_cpu_for(p);

	return cpu < NR_CPUS ? cpu : least_urgent(p, key);
}

unsigned int textbook_select_task_rq(struct task *p, struct kcpu *waker)
{
	unsigned int cpu = find_cpu(p, *textbook_key(p));

	(void)waker;
	if (cpu < NR_CPUS)
		return cpu;
	return task_may_run_on(p, p->cpu) ? p->cpu :
					    cpumask_first(&p->cpus_mask);
}

void textbook_put_prev_task(struct rq *rq, struct task *p)
{
	if (put_back(rq, p))
		call_for(p, find_cpu(p, *textbook_key(p)));
}

void textbook_balance(struct rq *rq)
{
	struct kernel *kernel = rq->kc->kernel;
	struct task *here = textbook_pick_next_task(rq), *best = here;

	if (!kernel->nr_overloaded)
		return;
	for (unsigned int cpu = 0; cpu < kernel->config.nr_cpus; cpu++) {
		struct rq *from = cpu_rq(kernel, cpu);
		struct task *p;

		if (from == rq || from->nr_running < 2 || !from->cfs.nr_running)
			continue;
		p = first_fair_for(from, rq->kc->cpu.id);
		if (p && (!best || *textbook_key(p) < *textbook_key(best)))
			best = p;
	}
	if (best != here) {
		update_rq_clock(cpu_rq(kernel, best->cpu));
		move_queued_task(best, rq);
	}
}
