/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a plug-in may ask and do.
 */
#include <config.h>

#include "sched-plugin-private.h"

static void *api_task_data(struct preemptsim_task *p)
{
	return task_in(p)->plugin_data;
}

static void *api_rq_data(struct preemptsim_rq *rq)
{
	return rq_in(rq)->plugin_data;
}

static const char *api_task_name(const struct preemptsim_task *p)
{
	return task_in(p)->comm;
}

static int api_task_nice(const struct preemptsim_task *p)
{
	return task_in(p)->nice;
}

static int api_task_prio(const struct preemptsim_task *p)
{
	return task_in(p)->prio;
}

static int64_t api_task_runtime(const struct preemptsim_task *p)
{
	return task_in(p)->se.sum_exec_runtime;
}

static unsigned int api_rq_cpu(const struct preemptsim_rq *rq)
{
	return rq_in(rq)->kc->cpu.id;
}

static struct preemptsim_task *api_rq_curr(const struct preemptsim_rq *rq)
{
	struct sched_entity *curr = rq_in(rq)->cfs.curr;

	return curr ? out_task(container_of(curr, struct task, se)) : NULL;
}

static unsigned int api_rq_nr_running(const struct preemptsim_rq *rq)
{
	return rq_in(rq)->cfs.nr_running;
}

static int64_t api_now(const struct preemptsim_rq *rq)
{
	return sched_plugin_now(rq_in(rq));
}

static void api_resched_curr(struct preemptsim_rq *rq)
{
	resched_curr_lazy((struct rq *)rq);
}

static struct preemptsim_rq *api_cpu_rq(const struct preemptsim_rq *rq,
					unsigned int cpu)
{
	struct kernel *kernel = rq_in(rq)->kc->kernel;

	return cpu < kernel->config.nr_cpus ? out_rq(cpu_rq(kernel, cpu)) :
					      NULL;
}

static struct preemptsim_rq *api_task_rq(const struct preemptsim_task *p)
{
	return out_rq(cpu_rq(task_in(p)->kernel, task_in(p)->cpu));
}

static bool api_rq_is_idle(const struct preemptsim_rq *rq)
{
	return rq_is_idle(rq_in(rq)->kc->kernel, rq_in(rq)->kc->cpu.id);
}

static bool api_may_run_on(const struct preemptsim_task *p,
			   const struct preemptsim_rq *rq)
{
	return task_may_run_on(task_in(p), rq_in(rq)->kc->cpu.id);
}

/* A CPU that is about to pick need not be told. */
static void api_move_task(struct preemptsim_task *task,
			  struct preemptsim_rq *to)
{
	struct task *p = (struct task *)task;
	struct rq *rq = (struct rq *)to, *from = cpu_rq(p->kernel, p->cpu);
	enum plugin_moves moves = p->kernel->plugin_moves;

	if (unlikely(moves == PLUGIN_STAYS))
		sched_plugin_fault(rq,
				   "moves a task outside of balance and "
				   "task_woken:",
				   p);
	if (unlikely(!p->on_rq || !p->se.on_rq))
		sched_plugin_fault(rq, "moves a task that is not runnable:", p);
	if (unlikely(from->curr == p))
		sched_plugin_fault(rq, "moves a task that runs:", p);
	if (unlikely(!task_may_run_on(p, rq->kc->cpu.id)))
		sched_plugin_fault(rq, "moves a task where it may not run:", p);
	if (from == rq)
		return;
	update_rq_clock(from);
	update_rq_clock(rq);
	move_queued_task(p, rq);
	if (moves != PLUGIN_BALANCES || rq->kc != this_cpu(p->kernel))
		wakeup_preempt(rq, p);
}

const struct preemptsim_sched_api sched_plugin_api = {
	.task_data = api_task_data,
	.rq_data = api_rq_data,
	.task_name = api_task_name,
	.task_nice = api_task_nice,
	.task_prio = api_task_prio,
	.task_runtime = api_task_runtime,
	.rq_cpu = api_rq_cpu,
	.rq_curr = api_rq_curr,
	.rq_nr_running = api_rq_nr_running,
	.now = api_now,
	.resched_curr = api_resched_curr,
	.cpu_rq = api_cpu_rq,
	.task_rq = api_task_rq,
	.rq_is_idle = api_rq_is_idle,
	.may_run_on = api_may_run_on,
	.move_task = api_move_task,
};
