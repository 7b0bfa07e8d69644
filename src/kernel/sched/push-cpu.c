/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One who runs makes way for a task that must stay on its CPU: its stop task sends
 * it to where it can run.  cf. kernel/sched/core.c v6.12: push_cpu_stop(),
 * affine_move_task(); kernel/sched/sched.h: get_push_task().
 */
#include <config.h>

#include "rt-push-private.h"
#include "sched-deadline-private.h"

/* cf. sched_class.find_lock_rq() */
static struct rq *find_lock_rq(const struct task *p)
{
	if (p->sched_class == &sched_class_deadline)
		return find_lock_later_rq(p);
	if (p->sched_class == &sched_class_rt)
		return find_lock_lowest_rq(p);
	return NULL;
}

/* Who must stay just now goes when that is over. */
static void push_cpu_stop(struct cpu *cpu, const struct op *op)
{
	struct task *p = cpu->top->arg;
	struct rq *rq = &to_kcpu(cpu)->rq, *to;

	(void)op;
	if (p->cpu != cpu->id)
		return;
	p->push_later = p->migration_disabled;
	if (p->push_later || !p->on_rq || p == rq->curr)
		return;
	to = find_lock_rq(p);
	if (!to)
		return;
	update_rq_clock(rq);
	update_rq_clock(to);
	move_queued_task(p, to);
	resched_curr(to);
}

static const struct op push_cpu_stop_path[] = {
	DO(op_local_irq_save),
	DO(push_cpu_stop),
	DO(op_local_irq_restore),
	RET,
};

/* Whether it can go is asked by the stop task. */
void push_now(struct rq *rq, struct task *curr)
{
	struct cpu_stop_work *work = &rq->kc->stopper.push;

	if (work->busy)
		return;
	work->path = push_cpu_stop_path;
	work->arg = curr;
	stop_one_cpu_nowait(rq->kc, work);
}

/* cf. get_push_task() */
void push_curr_away(struct rq *rq)
{
	if (rq->curr->nr_cpus_allowed > 1 && !rq->curr->migration_disabled)
		push_now(rq, rq->curr);
}
