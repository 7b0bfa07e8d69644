/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Throttling of real-time tasks as before Linux 6.12: those of a CPU together
 * may run for so long in each period, whether somebody else wants to or not.
 * cf. kernel/sched/rt.c v6.1: update_curr_rt(), sched_rt_runtime_exceeded(),
 * do_sched_rt_period_timer(); the feature RT_RUNTIME_SHARE is off, as it is by
 * default.
 *
 * The time of deadline tasks counts, too; so that none of it is left over when
 * real-time tasks come the timer begins by expiring at once.
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

/* cf. sched_rt_bandwidth_account(): it does not throttle by itself. */
void rt_throttle_add(struct rq *rq, ktime_t delta)
{
	const struct kernel *kernel = rq->kc->kernel;

	if (kernel->rt_period_active || rq->rt.time < kernel->config.rt_runtime)
		rq->rt.time += delta;
}

/* What ran since the last tick counts in the next one.  Does @rq keep the timer
 * going? */
static bool next_period(struct rq *rq)
{
	ktime_t runtime = rq->kc->kernel->config.rt_runtime;

	update_rq_clock(rq);
	if (!rq->rt.time && rq->rt.nr_running)
		resched_curr(rq);
	rq->rt.time -= MIN(rq->rt.time, runtime);
	if (rq->rt.throttled && rq->rt.time < runtime)
		unthrottle(rq);
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
		      kernel->sim->now, 0);
}
