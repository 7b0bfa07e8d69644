/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A fair class that asks a plug-in, and does for it what every fair class has
 * to: account for time, tell the fair server, choose a CPU.  What the plug-in
 * answers is checked, so that its mistakes are told as its own.
 */
#include <config.h>

#include <glib.h>

#include "fair-server-private.h"
#include "sched-plugin-private.h"
#include "sched-private.h"

/*
 * From the plug-in's types and back
 */

static struct preemptsim_task *out_task(struct task *p)
{
	return (struct preemptsim_task *)p;
}

static struct preemptsim_rq *out_rq(struct rq *rq)
{
	return (struct preemptsim_rq *)rq;
}

static const struct task *task_in(const struct preemptsim_task *p)
{
	return (const struct task *)p;
}

static const struct rq *rq_in(const struct preemptsim_rq *rq)
{
	return (const struct rq *)rq;
}

/*
 * What a plug-in may ask
 */

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

static int64_t now_ns(const struct rq *rq)
{
	const struct sim *sim = rq->kc->cpu.sim;

	return ktime_to_ns(&sim->tb, sim->now);
}

static int64_t api_now(const struct preemptsim_rq *rq)
{
	return now_ns(rq_in(rq));
}

static void api_resched_curr(struct preemptsim_rq *rq)
{
	resched_curr_lazy((struct rq *)rq);
}

const struct preemptsim_sched_api sched_plugin_api = {
	.task_data = api_task_data,
	.rq_data = api_rq_data,
	.task_name = api_task_name,
	.task_nice = api_task_nice,
	.task_runtime = api_task_runtime,
	.rq_cpu = api_rq_cpu,
	.rq_curr = api_rq_curr,
	.rq_nr_running = api_rq_nr_running,
	.now = api_now,
	.resched_curr = api_resched_curr,
};

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

/* The plug-in does what it must not. */
static _Noreturn void fault(const struct rq *rq, const char *what,
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
	delta = now_ns(rq) - curr->exec_start;
	curr->exec_start += delta;
	curr->sum_exec_runtime += delta;
	fair_server_update(rq, delta);
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
		fault(rq, "picks nobody, though tasks are runnable", NULL);
	if (unlikely(p && (!p->on_rq || !p->se.on_rq)))
		fault(rq, "picks a task that is not runnable:", p);
	if (unlikely(p && p->cpu != rq->kc->cpu.id))
		fault(rq, "picks a task that is on another CPU:", p);
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
	p->se.exec_start = now_ns(rq);
	rq->cfs.curr = &p->se;
	if (rq_plugin(rq)->set_next_task)
		rq_plugin(rq)->set_next_task(out_rq(rq), out_task(p));
}

static void task_tick_plugin(struct rq *rq, struct task *p)
{
	update_curr_plugin(rq);
	rq_plugin(rq)->task_tick(out_rq(rq), out_task(p));
}

/* An idle CPU if there is one, else the task's own. */
static unsigned int select_task_rq_plugin(struct task *p, struct kcpu *waker)
{
	unsigned int cpu = rq_idle_cpu_for(p);

	(void)waker;
	return cpu < NR_CPUS ? cpu : p->cpu;
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
	.update_curr = update_curr_plugin,
	.prio_changed = prio_changed_fair,
	.switched_to = switched_to_fair,
};
