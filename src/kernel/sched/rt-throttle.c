/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Throttling of real-time tasks as before Linux 6.12: those of a CPU together
 * may run for so long in each period, whether somebody else wants to or not.
 * cf. kernel/sched/rt.c v6.1: update_curr_rt(), sched_rt_runtime_exceeded(),
 * do_sched_rt_period_timer(); the feature RT_RUNTIME_SHARE is off, as it is by
 * default.
 *
 * Left out: the time of deadline tasks, which counts as well.
 */
#include <config.h>

#include "rt-throttle-private.h"

#include <glib.h>

static void throttle(struct rq *rq)
{
	rq->rt.throttled = true;
	sub_nr_running(rq, rq->rt.nr_running);
	resched_curr(rq);
}

static void unthrottle(struct rq *rq)
{
	rq->rt.throttled = false;
	if (!rq->rt.nr_running)
		return;
	add_nr_running(rq, rq->rt.nr_running);
	if (rq->rt.highest_prio < rq->curr->prio)
		resched_curr(rq);
}

void rt_throttle_account(struct rq *rq)
{
	ktime_t now = rq->kc->cpu.sim->now;

	rq->rt.time += now - rq->rt.exec_start;
	rq->rt.exec_start = now;
	if (!rq->rt.throttled &&
	    rq->rt.time > rq->kc->kernel->config.rt_runtime)
		throttle(rq);
}

/* Does @rq keep the timer going? */
static bool next_period(struct rq *rq)
{
	ktime_t runtime = rq->kc->kernel->config.rt_runtime;

	if (rq->curr->sched_class == &sched_class_rt)
		rt_throttle_account(rq);
	rq->rt.time -= MIN(rq->rt.time, runtime);
	if (rq->rt.throttled && rq->rt.time < runtime) {
		update_rq_clock(rq);
		unthrottle(rq);
	}
	return rq->rt.time || rq->rt.nr_running;
}

static void period_expire(struct cpu *cpu, const struct op *op)
{
	struct kcpu *kc = to_kcpu(cpu);
	struct kernel *kernel = kc->kernel;
	bool busy = false;

	op_ret(cpu, op);
	for (unsigned int i = 0; i < kernel->config.nr_cpus; i++)
		busy |= next_period(cpu_rq(kernel, i));
	kernel->rt_period_active = busy;
	if (busy)
		hrtimer_start(kc, &kernel->rt_period_timer,
			      kernel->rt_period_timer.expires +
				      kernel->config.rt_period,
			      0);
	cpu_next_top(cpu);
}

static const struct op period_path[] = {
	DO(period_expire),
};

/* cf. do_start_rt_bandwidth() */
void rt_throttle_start(struct rq *rq)
{
	struct kernel *kernel = rq->kc->kernel;

	if (kernel->rt_period_active)
		return;
	kernel->rt_period_active = true;
	hrtimer_init(&kernel->rt_period_timer, period_path);
	kernel->rt_period_timer.function = HRTIMER_sched_rt_period_timer;
	hrtimer_start(this_cpu(kernel), &kernel->rt_period_timer,
		      kernel->sim->now + kernel->config.rt_period, 0);
}
