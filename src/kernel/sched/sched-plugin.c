/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A fair class that asks a plug-in, and does for it what every fair class has
 * to: account for time, tell the fair server, choose a CPU.  What the plug-in
 * answers is checked, so that its mistakes are told as its own.
 */
#include <config.h>

#include <glib.h>

#include "fair-private.h"
#include "fair-server-private.h"
#include "sched-plugin-private.h"

/*
 * The class
 */

static const struct preemptsim_sched_plugin *plugin_of(const struct kernel *k)
{
	return container_of(k->config.fair, const struct sched_plugin, class)
		->plugin;
}

static const struct preemptsim_sched_plugin *rq_plugin(const struct rq *rq)
{
	return plugin_of(rq->kc->kernel);
}

_Noreturn void sched_plugin_fault(const struct rq *rq, const char *what,
				  const struct task *p)
{
	const struct sched_plugin *self = container_of(
		rq->kc->kernel->config.fair, const struct sched_plugin, class);

	sim_stuck(rq->kc->cpu.sim, rq->kc->cpu.id,
		  "the scheduler '%s' of %s %s%s%s", self->plugin->name,
		  self->file, what, p ? " " : "", p ? p->comm : "");
}

static void rq_init_plugin(struct rq *rq)
{
	const struct preemptsim_sched_plugin *plugin = rq_plugin(rq);

	rq->cfs = (struct cfs_rq){ 0 };
	rq->plugin_data = arena_alloc(&rq->kc->cpu.sim->state, plugin->rq_size);
	if (plugin->rq_init)
		plugin->rq_init(out_rq(rq));
}

static void task_init_plugin(struct task *p)
{
	const struct preemptsim_sched_plugin *plugin = plugin_of(p->kernel);

	p->plugin_data = arena_alloc(&p->kernel->sim->state, plugin->task_size);
	if (plugin->task_init)
		plugin->task_init(out_task(p));
}

static void update_curr_plugin(struct rq *rq)
{
	struct sched_entity *curr = rq->cfs.curr;
	int64_t delta;

	if (!curr)
		return;
	delta = sched_plugin_now(rq) - curr->exec_start;
	curr->exec_start += delta;
	curr->sum_exec_runtime += delta;
	fair_server_update(rq, delta);
	if (rq_plugin(rq)->update_curr)
		rq_plugin(rq)->update_curr(out_rq(rq));
}

static void enqueue_task_plugin(struct rq *rq, struct task *p,
				unsigned int flags)
{
	update_curr_plugin(rq);
	p->se.on_rq = true;
	rq_plugin(rq)->enqueue_task(out_rq(rq), out_task(p), flags);
	if (rq->cfs.nr_running++ == 0)
		fair_server_start(rq);
}

static void dequeue_task_plugin(struct rq *rq, struct task *p,
				unsigned int flags)
{
	update_curr_plugin(rq);
	p->se.on_rq = false;
	rq_plugin(rq)->dequeue_task(out_rq(rq), out_task(p),
				    flags & PREEMPTSIM_DEQUEUE_SLEEP);
	if (--rq->cfs.nr_running == 0)
		fair_server_stop(rq);
}

static void yield_task_plugin(struct rq *rq)
{
	update_curr_plugin(rq);
	rq_plugin(rq)->yield_task(out_rq(rq));
}

static void wakeup_preempt_plugin(struct rq *rq, struct task *p)
{
	update_curr_plugin(rq);
	rq_plugin(rq)->wakeup_preempt(out_rq(rq), out_task(p));
}

static struct task *pick_next_task_plugin(struct rq *rq)
{
	struct task *p;

	update_curr_plugin(rq);
	p = (struct task *)rq_plugin(rq)->pick_next_task(out_rq(rq));
	if (unlikely(!p && rq->cfs.nr_running))
		sched_plugin_fault(
			rq, "picks nobody, though tasks are runnable", NULL);
	if (unlikely(p && (!p->on_rq || !p->se.on_rq)))
		sched_plugin_fault(rq, "picks a task that is not runnable:", p);
	if (unlikely(p && p->cpu != rq->kc->cpu.id))
		sched_plugin_fault(rq,
				   "picks a task that is on another CPU:", p);
	return p;
}

static void put_prev_task_plugin(struct rq *rq, struct task *p)
{
	update_curr_plugin(rq);
	if (rq_plugin(rq)->put_prev_task)
		rq_plugin(rq)->put_prev_task(out_rq(rq), out_task(p));
	rq->cfs.curr = NULL;
}

static void set_next_task_plugin(struct rq *rq, struct task *p)
{
	p->se.exec_start = sched_plugin_now(rq);
	rq->cfs.curr = &p->se;
	if (rq_plugin(rq)->set_next_task)
		rq_plugin(rq)->set_next_task(out_rq(rq), out_task(p));
}

static void task_tick_plugin(struct rq *rq, struct task *p)
{
	update_curr_plugin(rq);
	rq_plugin(rq)->task_tick(out_rq(rq), out_task(p));
}

/*
 * Priorities that change
 */

static void prio_changed_plugin(struct rq *rq, struct task *p, int oldprio)
{
	if (rq_plugin(rq)->prio_changed) {
		update_curr_plugin(rq);
		rq_plugin(rq)->prio_changed(out_rq(rq), out_task(p), oldprio);
	} else {
		prio_changed_fair(rq, p, oldprio);
	}
}

static void switched_from_plugin(struct rq *rq, struct task *p)
{
	if (rq_plugin(rq)->switched_from) {
		update_curr_plugin(rq);
		rq_plugin(rq)->switched_from(out_rq(rq), out_task(p));
	}
}

/* What follows for other classes is not the plug-in's to say: someone of theirs
 * may have waited for @p to be no more urgent, or run less urgently than it. */
static void switched_to_plugin(struct rq *rq, struct task *p)
{
	bool beside = rq->cfs.curr && rq->curr != p;

	if (!rq_plugin(rq)->switched_to || !beside)
		switched_to_fair(rq, p);
	if (rq_plugin(rq)->switched_to) {
		update_curr_plugin(rq);
		rq_plugin(rq)->switched_to(out_rq(rq), out_task(p));
	}
}

/*
 * Several CPUs
 */

/* An idle CPU if there is one, else the task's own. */
static unsigned int idle_or_own(const struct task *p)
{
	unsigned int cpu = rq_idle_cpu_for(p);

	return cpu < NR_CPUS ? cpu : p->cpu;
}

static unsigned int select_task_rq_plugin(struct task *p, struct kcpu *waker)
{
	const struct preemptsim_sched_plugin *plugin = rq_plugin(&waker->rq);
	const struct preemptsim_rq *rq;

	if (!plugin->select_task_rq)
		return idle_or_own(p);
	rq = plugin->select_task_rq(out_task(p), out_rq(&waker->rq));
	if (unlikely(!rq))
		sched_plugin_fault(&waker->rq, "selects no run queue for", p);
	if (unlikely(!task_may_run_on(p, rq_in(rq)->kc->cpu.id)))
		sched_plugin_fault(&waker->rq, "selects a CPU that is not for",
				   p);
	return rq_in(rq)->kc->cpu.id;
}

static void balance_plugin(struct rq *rq)
{
	struct kernel *kernel = rq->kc->kernel;

	if (!rq_plugin(rq)->balance)
		return;
	kernel->plugin_moves = PLUGIN_BALANCES;
	rq_plugin(rq)->balance(out_rq(rq));
	kernel->plugin_moves = PLUGIN_STAYS;
}

static void task_woken_plugin(struct rq *rq, struct task *p)
{
	struct kernel *kernel = rq->kc->kernel;

	if (!rq_plugin(rq)->task_woken)
		return;
	kernel->plugin_moves = PLUGIN_WOKE;
	rq_plugin(rq)->task_woken(out_rq(rq), out_task(p));
	kernel->plugin_moves = PLUGIN_STAYS;
}

const struct sched_class sched_class_plugin = {
	.name = "plugin",
	.rq_init = rq_init_plugin,
	.task_init = task_init_plugin,
	.enqueue_task = enqueue_task_plugin,
	.dequeue_task = dequeue_task_plugin,
	.yield_task = yield_task_plugin,
	.wakeup_preempt = wakeup_preempt_plugin,
	.pick_next_task = pick_next_task_plugin,
	.put_prev_task = put_prev_task_plugin,
	.set_next_task = set_next_task_plugin,
	.task_tick = task_tick_plugin,
	.select_task_rq = select_task_rq_plugin,
	.balance = balance_plugin,
	.task_woken = task_woken_plugin,
	.update_curr = update_curr_plugin,
	.prio_changed = prio_changed_plugin,
	.switched_from = switched_from_plugin,
	.switched_to = switched_to_plugin,
};
