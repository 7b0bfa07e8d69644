/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Priorities that are lent, and tasks that have to stay on their CPU.
 * cf. kernel/sched/core.c v6.12: rt_mutex_setprio(), check_class_changed(),
 * migrate_disable().
 */
#include <config.h>

#include "fair-load-private.h"
#include "rt-push-private.h"
#include "sched-deadline-private.h"

/* cf. __setscheduler_class(): the class of a priority, not of a policy. */
static const struct sched_class *class_of_prio(const struct kernel *kernel,
					       int prio)
{
	if (prio == DL_PRIO)
		return kernel->sched_class[PLACE_DL];
	return kernel->sched_class[prio < MAX_RT_PRIO ? PLACE_RT : PLACE_FAIR];
}

static void check_class_changed(struct rq *rq, struct task *p,
				const struct sched_class *prev, int oldprio)
{
	const struct sched_class *class = p->sched_class;

	if (class != prev) {
		if (prev->switched_from)
			prev->switched_from(rq, p);
		if (class->switched_to)
			class->switched_to(rq, p);
	} else if (class->prio_changed) {
		class->prio_changed(rq, p, oldprio);
	}
}

/* By whose parameters @p runs as of priority @prio: a deadline task by those of
 * one whose deadline is earlier. */
static struct sched_dl_entity *pi_se_of(struct task *p, int prio,
					const struct task *donor)
{
	if (prio != DL_PRIO || !donor)
		return &p->dl;
	if (p->normal_prio == DL_PRIO &&
	    (donor->prio != DL_PRIO || !dl_before(donor, p)))
		return &p->dl;
	return donor->dl.pi_se;
}

/* One that falls back goes before its new equals: it was not its own wish.
 * What set_next_task() would do after a switch belongs to a switch.  Up to now it
 * ran by the parameters that were lent to it. */
static void change_prio(struct rq *rq, struct task *p, int prio,
			struct sched_dl_entity *pi_se)
{
	void (*callback)(struct rq *) = rq->balance_callback;
	unsigned int flags = p->prio < prio ? ENQUEUE_HEAD : 0;
	bool running = rq->curr == p;

	if (pi_se != &p->dl)
		flags |= ENQUEUE_REPLENISH;

	if (p->on_rq)
		p->sched_class->dequeue_task(rq, p, 0);
	if (running)
		p->sched_class->put_prev_task(rq, p);
	p->dl.pi_se = pi_se;
	p->sched_class = class_of_prio(p->kernel, prio);
	p->prio = prio;
	if (p->on_rq)
		p->sched_class->enqueue_task(rq, p, flags);
	if (running)
		p->sched_class->set_next_task(rq, p);
	rq->balance_callback = callback;
}

bool rt_mutex_setprio(struct kcpu *kc, struct task *p, int prio,
		      const struct task *donor)
{
	struct sched_dl_entity *pi_se = pi_se_of(p, prio, donor);
	const struct sched_class *prev = p->sched_class;
	struct rq *rq = cpu_rq(p->kernel, p->cpu);
	int oldprio = p->prio;

	if ((prio == oldprio && pi_se == p->dl.pi_se) || task_is_idle(p))
		return false;
	update_rq_clock(rq);
	cpu_trace(&kc->cpu, TP_sched_pi_setprio, p, oldprio, prio);
	change_prio(rq, p, prio, pi_se);
	check_class_changed(rq, p, prev, oldprio);
	return true;
}

void prio_changed_fair(struct rq *rq, struct task *p, int oldprio)
{
	if (!p->on_rq || rq->cfs.nr_running == 1)
		return;
	if (rq->curr != p)
		wakeup_preempt(rq, p);
	else if (p->prio > oldprio)
		resched_curr(rq);
}

void switched_to_fair(struct rq *rq, struct task *p)
{
	attach_entity_cfs_rq(rq, p);
	if (!p->on_rq)
		return;
	if (rq->curr == p)
		resched_curr(rq);
	else
		wakeup_preempt(rq, p);
}

/* Enough of it to see that there was one. */
static uint32_t nr_switches(const struct task *p)
{
	return (uint32_t)(p->nvcsw + p->nivcsw);
}

void migrate_disable(struct task *curr)
{
	if (curr->migration_disabled++)
		return;
	curr->any_cpu = false;
	curr->pinned_at = nr_switches(curr);
}

/* cf. __set_cpus_allowed_ptr(), affine_move_task(): the CPU for it is looked for
 * whether it may stay on its own or not. */
static void set_cpus_allowed(struct task *curr)
{
	struct kcpu *kc = &curr->kernel->cpus[curr->cpu];
	bool on;

	cpumask_any_and_distribute(kc, &curr->cpus_mask, &curr->cpus_mask);
	if (likely(!curr->push_later))
		return;
	on = raw_lock_irqsave(kc, __func__);
	push_now(&kc->rq, curr);
	raw_unlock_irqrestore(kc, on, __func__);
}

/* cf. migrate_disable_switch(): of one that was not switched out meanwhile
 * nobody knows that it had to stay. */
void migrate_enable(struct task *curr)
{
	if (--curr->migration_disabled)
		return;
	curr->any_cpu = curr->nr_cpus_allowed == curr->kernel->config.nr_cpus;
	if (nr_switches(curr) != curr->pinned_at)
		set_cpus_allowed(curr);
}
