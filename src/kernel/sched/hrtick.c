/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The scheduler's own timer.  cf. kernel/sched/core.c v6.12: hrtick(),
 * hrtick_start(), __hrtick_start(); kernel/sched/fair.c: hrtick_start_fair();
 * kernel/sched/deadline.c: start_hrtick_dl().
 *
 * Left out: what starting and stopping it costs.
 */
#include <config.h>

#include "preemptsim/kernel/smp.h"

#include "hrtick-private.h"

#include <glib.h>

/* Shorter slices make no sense, and others could be kept from running. */
#define MIN_DELAY_NS 10000

/* A tick that always ends a fair task's slice; cf. `queued' in entity_tick().
 * What a deadline task has left its class sees. */
static void hrtick(struct cpu *cpu, const struct op *op)
{
	struct rq *rq = &to_kcpu(cpu)->rq;
	struct task *curr = rq->curr;
	bool fair = curr->sched_class == rq->kc->kernel->config.fair;

	(void)op;
	if (!fair && curr->sched_class != &sched_class_deadline)
		return;
	update_rq_clock(rq);
	rq->hrtick.due = true;
	curr->sched_class->task_tick(rq, curr);
	rq->hrtick.due = false;
	if (fair)
		resched_curr_lazy(rq);
}

static const struct op hrtick_path[] = {
	SPEND(TICK_FAIR),
	DO(hrtick),
	RET,
};

void hrtick_init(struct rq *rq)
{
	rq->hrtick = (struct hrtick){ .due = false };
	hrtimer_init(&rq->hrtick.timer, hrtick_path);
	rq->hrtick.timer.function = HRTIMER_hrtick;
}

void hrtick_func(struct rq *rq)
{
	hrtimer_start(rq->kc, &rq->hrtick.timer, rq->hrtick.time, 0);
}

/* cf. hrtick_start(): a timer is started on its own CPU. */
static void hrtick_start(struct rq *rq, ktime_t delay)
{
	struct kcpu *here = this_cpu(rq->kc->kernel);
	const struct sim *sim = here->cpu.sim;
	ktime_t least = ktime_from_ns(&sim->tb, MIN_DELAY_NS);

	rq->hrtick.time = sim->now + MAX(delay, least);
	if (rq->kc == here)
		hrtick_func(rq);
	else
		smp_call_function_single_async(rq->kc, here, CSD_HRTICK);
}

void hrtick_start_fair(struct rq *rq, const struct sched_entity *se,
		       int64_t slice)
{
	int64_t ran = se->sum_exec_runtime - se->prev_sum_exec_runtime;

	if (rq->cfs.nr_running <= 1)
		return;
	if (slice < ran)
		resched_curr(rq);
	else
		hrtick_start(rq,
			     ktime_from_ns(&rq->kc->cpu.sim->tb, slice - ran));
}

void hrtick_start_dl(struct rq *rq, const struct sched_dl_entity *se)
{
	hrtick_start(rq, se->runtime);
}
