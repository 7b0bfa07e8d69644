/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bandwidth of SCHED_DEADLINE: what is in use on each CPU, so that tasks that
 * say so may reclaim the rest (greedy reclamation of unused bandwidth, GRUB).
 * cf. kernel/sched/deadline.c v6.12: task_contending(), task_non_contending(),
 * inactive_task_timer(), grub_reclaim(), init_dl_rq_bw_ratio().
 *
 * The kernel finds out at the next tick only that more or less is in use; here
 * that counts from the instant on.
 *
 * Tasks that may not run in all of a root domain are taken to be in an
 * exclusive cpuset, since Linux admits no others.
 */
#include <config.h>

#include "sched-deadline-private.h"

int64_t dl_ratio(ktime_t period, ktime_t runtime)
{
	__extension__ typedef __int128 wide_t;

	if (!period)
		return 0;
	return (int64_t)(((wide_t)runtime << DL_BW_SHIFT) / period);
}

/* cf. init_dl_rq_bw_ratio(): without throttling, all of the CPU. */
void dl_bw_init(struct rq *rq)
{
	struct kernel *kernel = rq->kc->kernel;
	ktime_t runtime = kernel->config.rt_runtime;
	ktime_t period = kernel->config.rt_period;

	kernel->dl_max_bw = INT64_C(1) << DL_BW_SHIFT;
	kernel->dl_bw_ratio = INT64_C(1) << DL_RATIO_SHIFT;
	if (period && runtime) {
		kernel->dl_max_bw = dl_ratio(period, runtime);
		kernel->dl_bw_ratio = dl_ratio(runtime, period) >>
				      (DL_BW_SHIFT - DL_RATIO_SHIFT);
	}
	rq->dl.extra_bw = kernel->dl_max_bw;
}

/* What is promised to somebody is no longer there for all of its root domain,
 * which it never leaves. */
static void promise(const struct task *p, int64_t bw)
{
	const struct rq *rq = cpu_rq(p->kernel, p->cpu);
	unsigned int cpu, n = p->kernel->config.nr_cpus;
	int64_t cpus = 0;

	for_each_cpu(cpu, &p->cpus_mask, n)
	{
		cpus += same_root_domain(rq, cpu);
	}
	for_each_cpu(cpu, &p->cpus_mask, n)
	{
		if (same_root_domain(rq, cpu))
			cpu_rq(p->kernel, cpu)->dl.extra_bw -= bw / cpus;
	}
}

void dl_bw_admit(struct task *p)
{
	promise(p, p->dl.dl_bw);
	dl_bw_move(&p->dl, cpu_rq(p->kernel, p->cpu));
}

/* Who runs has reclaimed by what was in use until now. */
static void set_contending(struct sched_dl_entity *se, bool contending)
{
	if (se->contending == contending)
		return;
	sched_class_deadline.update_curr(se->bw_rq);
	se->bw_rq->dl.running_bw += contending ? se->dl_bw : -se->dl_bw;
	se->contending = contending;
}

void dl_bw_move(struct sched_dl_entity *se, struct rq *rq)
{
	bool contending = se->contending;

	if (se->bw_rq == rq)
		return;
	if (se->bw_rq) {
		set_contending(se, false);
		se->bw_rq->dl.this_bw -= se->dl_bw;
	}
	se->bw_rq = rq;
	rq->dl.this_bw += se->dl_bw;
	set_contending(se, contending);
}

void task_contending(struct sched_dl_entity *se, struct rq *rq)
{
	dl_bw_move(se, rq);
	if (se->non_contending)
		hrtimer_cancel(&se->inactive_timer);
	se->non_contending = false;
	set_contending(se, true);
}

/* One that has ended gives back what it was promised, too. */
static void release(struct sched_dl_entity *se)
{
	const struct task *p = dl_task_of(se);

	set_contending(se, false);
	if (p->state != TASK_DEAD)
		return;
	se->bw_rq->dl.this_bw -= se->dl_bw;
	promise(p, -se->dl_bw);
	se->dl_bw = 0;
}

void task_non_contending(struct sched_dl_entity *se, struct rq *rq)
{
	__extension__ typedef __int128 wide_t;
	ktime_t served = 0;

	if (!se->contending)
		return;
	if (se->dl_runtime)
		served = (ktime_t)((wide_t)se->runtime * se->dl_period /
				   se->dl_runtime);
	if (se->node.deadline - served < dl_now(rq)) {
		release(se);
		return;
	}
	se->non_contending = true;
	hrtimer_start(this_cpu(rq->kc->kernel), &se->inactive_timer,
		      se->node.deadline - served, 0);
}

/* cf. inactive_task_timer() */
static void inactive_expire(struct cpu *cpu, const struct op *op)
{
	struct hrtimer *timer = cpu->top->arg;
	struct sched_dl_entity *se =
		container_of(timer, struct sched_dl_entity, inactive_timer);

	op_ret(cpu, op);
	se->non_contending = false;
	release(se);
	cpu_next_top(cpu);
}

const struct op dl_inactive_path[] = {
	DO(inactive_expire),
};

ktime_t grub_reclaim(ktime_t delta, const struct rq *rq,
		     const struct sched_dl_entity *se)
{
	__extension__ typedef __int128 wide_t;
	const struct kernel *kernel = rq->kc->kernel;
	int64_t inactive = rq->dl.this_bw - rq->dl.running_bw;
	int64_t active = kernel->dl_max_bw - inactive - rq->dl.extra_bw;

	if (inactive + rq->dl.extra_bw > kernel->dl_max_bw - se->dl_bw)
		active = se->dl_bw;
	active = active * kernel->dl_bw_ratio >> DL_RATIO_SHIFT;
	return (ktime_t)((wide_t)delta * active >> DL_BW_SHIFT);
}
