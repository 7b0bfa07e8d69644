/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the detectors of CPUs that are stuck have in common: does a CPU let in
 * who must run at once?
 *
 * In Linux that is seen from a thread that really runs (the stopper's, for soft
 * lockups) or from what each CPU reports (RCU).  Here nobody runs: a CPU has
 * let somebody in if it was in user mode or idle, has passed __schedule() or a
 * cond_resched() that counts, or, where the kernel is preemptible, had a
 * preempt_count of 0 with interrupts on.
 */
#include <config.h>

#include "stall-private.h"

#include "preemptsim/kernel/preempt.h"

static bool in_user(const struct kcpu *kc)
{
	return (kc->cpu.acct & (ACCT_TASK - 1)) == ACCT_USER;
}

struct progress stall_progress(const struct kcpu *kc)
{
	return (struct progress){ .when = kc->cpu.sim->now,
				  .quiescent = kc->quiescent,
				  .user = cpu_acct_time(&kc->cpu, ACCT_USER) };
}

bool stall_makes_way(const struct kcpu *kc)
{
	const struct task *curr = current_task(kc);

	/* Who spins for a lock to sleep for gives up for whoever shall run. */
	if (task_is_idle(curr) || curr->spins)
		return in_task(kc);
	return in_user(kc) ||
	       (kc->kernel->model->kernel && preempt_count(kc) == 0);
}

bool stall_lets_in(const struct kcpu *kc)
{
	return cpu_irqs_on(&kc->cpu) && stall_makes_way(kc);
}

/* An interrupt that counts itself could come: interrupts were on before it. */
static bool irqs_were_on(const struct kcpu *kc, bool closed)
{
	return !closed || (!in_task(kc) && !in_nmi(kc));
}

/* The count left zero, so it was zero before.  That the measurement began there
 * says nothing, nor does it where interrupts were off. */
static bool was_preemptible(const struct stall_detectors *detectors,
			    const struct kcpu *kc, ktime_t since, bool closed)
{
	ktime_t left = kc->preempt_off_since;

	return kc->kernel->model->kernel && left > since &&
	       left != detectors->config.measured_from &&
	       (left <= kc->cpu.irqs_off_since || irqs_were_on(kc, closed));
}

/* Something has come over who spins for a lock to sleep for. */
static bool was_spinning(const struct kcpu *kc, ktime_t since, bool closed)
{
	return closed && kc->cpu.irqs_off_since > since &&
	       current_task(kc)->spins && irqs_were_on(kc, closed);
}

bool stall_let_in(const struct stall_detectors *detectors,
		  const struct kcpu *kc, const struct progress *mark,
		  bool closed)
{
	return kc->quiescent != mark->quiescent ||
	       cpu_acct_time(&kc->cpu, ACCT_USER) != mark->user ||
	       was_preemptible(detectors, kc, mark->when, closed) ||
	       was_spinning(kc, mark->when, closed);
}

const struct lock *stall_lock(const struct kcpu *kc)
{
	const struct task *curr = current_task(kc);

	return curr->nr_waits ? curr->waits_for[curr->nr_waits - 1] :
				lockdep_spinlock_held(curr, false);
}

void stall_schedule(const struct stall_detectors *detectors,
		    struct evsource *source, ktime_t when)
{
	sim_schedule(detectors->kernel->sim, source, when, PRIO_BOUNDARY);
}

struct stall_detectors *stall_detectors_new(struct kernel *kernel,
					    const struct stall_config *config)
{
	struct stall_detectors *detectors =
		arena_new(&kernel->sim->state, struct stall_detectors, 1);

	detectors->kernel = kernel;
	detectors->config = *config;
	if (config->watchdog)
		watchdog_start(detectors);
	if (config->rcu_stall)
		rcu_start(detectors);
	if (config->hung_task)
		hung_task_start(detectors);
	return detectors;
}

void stall_detectors_free(struct stall_detectors *detectors)
{
	if (!detectors)
		return;
	watchdog_stop(detectors);
}
