/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Wakeups.  cf. kernel/sched/core.c v6.12: try_to_wake_up(), ttwu_queue(),
 * ttwu_do_activate(), sched_ttwu_pending().
 *
 * A task that wakes up for another CPU, one that is idle or has another last
 * level cache, is put on a list there, and that CPU enqueues it: by itself if
 * it watches its need_resched flag while it idles, else in an interrupt.
 */
#include <config.h>

#include "preemptsim/kernel/idle.h"
#include "preemptsim/kernel/smp.h"

#include "fair-server-private.h"
#include "sched-private.h"

static void bad_cpu(struct kcpu *kc, const struct task *p, unsigned int cpu)
{
	sim_bug(kc->cpu.sim, (int)kc->cpu.id,
		"%s-%d goes to CPU %u, where it may not run", p->comm, p->pid,
		cpu);
}

void set_task_cpu(struct kcpu *kc, struct task *p, unsigned int cpu)
{
	if (p->placed && p->cpu != cpu) {
		if (unlikely(!task_may_run_on(p, cpu)))
			bad_cpu(kc, p, cpu);
		cpu_trace(&kc->cpu, TP_sched_migrate_task, p, p->cpu, cpu);
		p->nr_migrations++;
		if (!p->moved)
			p->ran_on = p->cpu;
		p->moved = true;
	}
	p->placed = true;
	p->cpu = cpu;
}

/* Does @p's class come before that of @curr, another one? */
static bool class_above(const struct task *p, const struct task *curr)
{
	const struct sched_class *const *class =
		&p->kernel->sched_class[p->kernel->first_place];

	while (*class != p->sched_class && *class != curr->sched_class)
		class ++;
	return *class == p->sched_class;
}

/* cf. wakeup_preempt(): within a class the class decides. */
void wakeup_preempt(struct rq *rq, struct task *p)
{
	if (p->sched_class == rq->curr->sched_class)
		p->sched_class->wakeup_preempt(rq, p);
	else if (class_above(p, rq->curr))
		resched_curr(rq);
}

/* A fair task is asked for lazily also when the idle class runs: idle is
 * always told at once, resched_curr_lazy() sees to that. */
static void ttwu_do_activate(struct kcpu *kc, struct rq *rq, struct task *p,
			     unsigned int flags)
{
	update_rq_clock(rq);
	activate_task(rq, p, flags);
	wakeup_preempt(rq, p);
	p->state = TASK_RUNNING;
	cpu_trace(&kc->cpu, TP_sched_wakeup, p, p->cpu, 0);
	if (p->sched_class->task_woken)
		p->sched_class->task_woken(rq, p);
	if (unlikely(rq->idle_stamp))
		update_avg_idle(rq);
}

/*
 * The list of wakeups that an idle CPU is left with
 */

/* cf. ttwu_queue_cond(): where nothing runs, the CPU has the time to do it
 * itself; and the run queue of one with another cache is its own to touch.
 * Under rt the waker does it (TTWU_QUEUE is off). */
static bool ttwu_queue_cond(const struct kcpu *kc, const struct rq *rq)
{
	return kc->kernel->model->ttwu_queue && rq->kc != kc &&
	       (rq->nr_running == 0 ||
		!cpus_share_cache(kc->kernel, kc->cpu.id, rq->kc->cpu.id));
}

static void ttwu_queue_wakelist(struct kcpu *kc, struct rq *rq, struct task *p,
				unsigned int flags)
{
	struct task **end = &rq->wake_list;
	bool first = !call_single_queued(rq->kc);

	while (*end)
		end = &(*end)->wake_next;
	*end = p;
	p->wake_next = NULL;
	p->wake_flags = (uint8_t)flags;
	rq->ttwu_pending = true;
	cpumask_clear_cpu(&kc->kernel->idle_mask, rq->kc->cpu.id);
	if (first)
		send_call_function_single_ipi(rq->kc, kc);
}

void op_sched_ttwu_pending(struct cpu *cpu, const struct op *op)
{
	struct kcpu *kc = to_kcpu(cpu);
	struct task *p;

	(void)op;
	while ((p = kc->rq.wake_flushed)) {
		kc->rq.wake_flushed = p->wake_next;
		cpu->top->left += cpu->price[COST_TTWU_PENDING];
		ttwu_do_activate(kc, &kc->rq, p, p->wake_flags);
	}
	kc->rq.ttwu_pending = kc->rq.wake_list;
}

/*
 * try_to_wake_up()
 */

static void ttwu_queue(struct kcpu *kc, struct task *p)
{
	unsigned int cpu = p->migration_disabled ?
				   p->cpu :
				   p->sched_class->select_task_rq(p, kc);
	struct rq *rq = cpu_rq(p->kernel, cpu);
	unsigned int flags = ENQUEUE_WAKEUP;

	if (!p->placed)
		flags |= ENQUEUE_INITIAL;
	else if (p->cpu != cpu)
		flags |= ENQUEUE_MIGRATED;
	p->state = TASK_WAKING;
	set_task_cpu(kc, p, cpu);
	if (ttwu_queue_cond(kc, rq))
		ttwu_queue_wakelist(kc, rq, p, flags);
	else
		ttwu_do_activate(kc, rq, p, flags);
}

/* cf. ttwu_runnable(): it had not gone yet, or is delayed.  Its class is not told
 * that it woke up, but it was in Linux 6.1. */
static void ttwu_runnable(struct kcpu *kc, struct task *p)
{
	struct rq *rq = cpu_rq(p->kernel, p->cpu);

	update_rq_clock(rq);
	if (p->se.delayed)
		activate_task(rq, p, ENQUEUE_WAKEUP);
	wakeup_preempt(rq, p);
	p->state = TASK_RUNNING;
	cpu_trace(&kc->cpu, TP_sched_wakeup, p, p->cpu, 0);
	if (kc->kernel->version->runnable_woken && p->sched_class->task_woken)
		p->sched_class->task_woken(rq, p);
}

/*
 * The task runs.  If it is inside __schedule(), its run queue's lock is taken
 * or its p->on_cpu set, and the waker waits for that.  Else it has said that
 * it will sleep, but it will not: that is told as the change of its state
 * that it is, since it was not asleep.  Linux's ttwu_do_wakeup() tells
 * sched_wakeup there, too, and so breaks a rule of its own (the automaton wwnr:
 * who is woken does not run); this one is to hold to all of them.
 */
static void ttwu_running(struct rq *rq)
{
	if (rq->scheduling) {
		rq->woken = rq->curr;
		rq->waiting = true;
		return;
	}
	set_current_state(rq->kc, rq->curr, TASK_RUNNING);
	next_event(rq);
}

static void ttwu_task(struct kcpu *kc, struct task *p)
{
	struct rq *rq = cpu_rq(p->kernel, p->cpu);

	if (unlikely(rq->curr == p))
		ttwu_running(rq);
	else if (p->on_rq || p->se.delayed)
		ttwu_runnable(kc, p);
	else
		ttwu_queue(kc, p);
}

/* Another CPU may have pulled it meanwhile, and somebody else have woken it
 * there. */
bool ttwu_waiting(struct rq *rq)
{
	struct task *p = rq->woken;

	if (p == rq->curr)
		return false;
	rq->woken = NULL;
	rq_update_waiting(rq);
	if (p->state & (TASK_NORMAL | TASK_RTLOCK_WAIT))
		ttwu_task(rq->kc, p);
	return true;
}

/* cf. ttwu_state_match(): what a task waited for before it had to wait for a
 * lock comes while it does: it finds that when it has the lock. */
static bool wake_saved(struct task *p, ktime_t event)
{
	if (p->saved_state == TASK_RUNNING)
		return false;
	p->saved_state = TASK_RUNNING;
	if (event != NO_EVENT)
		p->event = event;
	return true;
}

/* Is somebody waiting already until it can be woken? */
static bool is_being_woken(const struct task *p)
{
	return unlikely(cpu_rq(p->kernel, p->cpu)->woken == p);
}

static void ttwu(struct kcpu *kc, struct task *p, ktime_t event)
{
	cpu_trace(&kc->cpu, TP_sched_waking, p, p->cpu, 0);
	if (event != NO_EVENT)
		p->event = event;
	ttwu_task(kc, p);
}

bool try_to_wake_up(struct kcpu *kc, struct task *p, ktime_t event)
{
	if (unlikely(p->state == TASK_RTLOCK_WAIT))
		return wake_saved(p, event);
	if (!(p->state & TASK_NORMAL) || is_being_woken(p))
		return false;
	ttwu(kc, p, event);
	return true;
}

void wake_rtlock(struct kcpu *kc, struct task *p)
{
	if (p->state == TASK_RTLOCK_WAIT && !is_being_woken(p))
		ttwu(kc, p, NO_EVENT);
}
