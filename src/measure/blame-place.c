/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who keeps a task waiting at an instant, by a look at the machine.
 *
 * Of several things that are so at once, the first of these counts, since the
 * others could not go on either until it is over: the task is throttled; an NMI,
 * a hardirq, a softirq, spinning, scheduling, idle; interrupts off, bottom halves
 * off, preemption off, kernel code that is not preempted; and then who runs.
 */
#include <config.h>

#include "blame-private.h"

#include "preemptsim/kernel/debug.h"
#include "preemptsim/kernel/entry.h"
#include "preemptsim/kernel/preempt.h"
#include "preemptsim/kernel/task-group.h"

/*
 * Sections
 */

/* The lock that the task on @kc has read under longest, and can't be preempted
 * meanwhile. */
static const struct lock *outermost_read_lock(const struct kcpu *kc)
{
	const struct task *curr = current_task(kc);

	for (unsigned int i = 0; i < curr->nr_holds; i++) {
		const struct lock *lock = curr->hold[i].lock;

		if (lock && lock->nr_readers && !lock->type->inherits &&
		    !lock->type->sleeps)
			return lock;
	}
	return NULL;
}

/* The spinning lock that @kc has held longest. */
static const struct lock *outermost_lock(const struct blamer *blamer,
					 const struct kcpu *kc)
{
	const struct lock *first = NULL;

	for (unsigned int i = 0; i < blamer->workload->nr_locks; i++) {
		const struct lock *lock = &blamer->workload->locks[i];

		if (lock->owner_cpu == kc &&
		    (!first || lock->since < first->since))
			first = lock;
	}
	return first ? first : outermost_read_lock(kc);
}

/* What switches preemption off leaves interrupts alone, but for functions that
 * do both, which is at one instant. */
static bool is_for_both(const struct kcpu *kc)
{
	return kc->preempt_off_since == kc->cpu.irqs_off_since &&
	       !same_name(kc->preempt_off_why, "preempt_disable") &&
	       !same_name(kc->preempt_off_why, "local_bh_disable");
}

static const char *irqs_off_section(const struct kcpu *kc)
{
	const struct op *doing = kc->cpu.top->pc - 1;

	if (preempt_count(kc) && is_for_both(kc))
		return kc->preempt_off_why;
	return doing->exec == op_exit_to_user ? "exit to user mode" :
						"local_irq_disable";
}

struct culprit blame_current(const struct kcpu *kc, enum blame_cause cause)
{
	const struct task *curr = current_task(kc);
	bool in_kernel = blame_account(kc) != ACCT_USER && !curr->kthread;

	return (struct culprit){
		.cause = cause,
		.cpu = kc->cpu.id,
		.task = curr,
		.within = in_kernel ? curr->syscall : NULL,
	};
}

static struct culprit section(const struct blamer *blamer,
			      const struct kcpu *kc, enum blame_cause cause,
			      const char *what)
{
	struct culprit culprit = blame_current(kc, cause);

	culprit.what = what;
	culprit.lock = outermost_lock(blamer, kc);
	return culprit;
}

/*
 * What a CPU does that is nobody's choice
 */

/* Whose driver serves the softirq, if it is one's. */
static const char *softirq_of(const struct blamer *blamer,
			      const struct kcpu *kc, unsigned int vector)
{
	const struct workload *workload = blamer->workload;

	for (unsigned int i = 0; i < workload->nr_drivers; i++) {
		const struct driver *driver = &workload->drivers[i];

		if (driver->vector == vector && driver->soft[kc->cpu.id].busy)
			return driver->name;
	}
	return NULL;
}

struct culprit blame_softirq(const struct blamer *blamer, const struct kcpu *kc)
{
	unsigned int vector = current_task(kc)->softirq.vector;

	return (struct culprit){
		.cause = BLAME_softirq,
		.cpu = kc->cpu.id,
		.what = softirq_choice(vector)->name,
		.within = softirq_of(blamer, kc, vector),
	};
}

static struct culprit spin_culprit(const struct kcpu *kc)
{
	struct culprit culprit = blame_current(kc, BLAME_spinlock);

	culprit.lock = blame_spins_for(kc);
	return culprit;
}

/* The interrupt that ended a halt begins with the way out of idle. */
static struct culprit hardirq_culprit(const struct kcpu *kc, ktime_t now,
				      ktime_t *until)
{
	const struct cpu *cpu = &kc->cpu;
	ktime_t awake = cpu->acct_since + kc->idle_exit;
	struct culprit culprit = { .cause = BLAME_hardirq, .cpu = cpu->id };

	if (cpu->was_halted && irq_entering(cpu->top) && now < awake) {
		culprit.cause = BLAME_idle_exit;
		*until = MIN(*until, awake);
	} else {
		culprit.what = interrupt_name(kc);
	}
	return culprit;
}

static struct culprit ipi_culprit(const struct kcpu *kc)
{
	return (struct culprit){ .cause = BLAME_ipi, .cpu = kc->cpu.id };
}

static struct culprit idle_culprit(const struct kcpu *kc)
{
	if (blame_ipi_under_way(kc))
		return ipi_culprit(kc);
	return (struct culprit){ .cause = BLAME_idle_exit, .cpu = kc->cpu.id };
}

bool blame_machine(const struct blamer *blamer, const struct kcpu *kc,
		   ktime_t now, ktime_t *until, struct culprit *culprit)
{
	switch (blame_account(kc)) {
	case ACCT_NMI:
		*culprit = (struct culprit){ .cause = BLAME_nmi,
					     .cpu = kc->cpu.id,
					     .what = interrupt_name(kc) };
		return true;
	case ACCT_HARDIRQ:
		*culprit = hardirq_culprit(kc, now, until);
		return true;
	case ACCT_SOFTIRQ:
		*culprit = blame_softirq(blamer, kc);
		return true;
	case ACCT_SPIN:
		*culprit = spin_culprit(kc);
		return true;
	case ACCT_SWITCH:
		*culprit = blame_current(kc, BLAME_scheduling);
		culprit->within = NULL;
		return true;
	case ACCT_IDLE:
		*culprit = idle_culprit(kc);
		return true;
	default:
		return false;
	}
}

/*
 * A CPU that is to make way
 */

static struct culprit keeps_cpu(const struct blamer *blamer,
				const struct kcpu *kc)
{
	bool user = blame_account(kc) == ACCT_USER;

	if (!cpu_irqs_on(&kc->cpu))
		return section(blamer, kc, BLAME_irqs_off,
			       irqs_off_section(kc));
	if (preempt_count(kc) && softirq_count(kc) == preempt_count(kc))
		return section(blamer, kc, BLAME_bh_off, "local_bh_disable");
	if (preempt_count(kc))
		return section(blamer, kc, BLAME_preempt_off,
			       kc->preempt_off_why);
	if (blame_ipi_under_way(kc) && (user || kc->kernel->model->kernel))
		return ipi_culprit(kc);
	return blame_current(kc, BLAME_kernel);
}

/* To real-time tasks, a fair one is more urgent only by way of its server, and
 * whoever else that might serve is nothing to them. */
static bool is_served_before(const struct kcpu *kc, const struct task *task)
{
	return kc->rq.fair_server.serving &&
	       current_task(kc)->sched_class == kc->kernel->config.fair &&
	       task->sched_class == &sched_class_rt;
}

/* It may run until somebody more urgent comes. */
static struct culprit has_claim(const struct kcpu *kc, const struct task *task)
{
	struct culprit culprit = blame_current(kc, BLAME_task);

	culprit.within = NULL;
	if (is_served_before(kc, task))
		culprit.what = "fair server";
	return culprit;
}

/* The task on @kc would go on anyway, or it was asked to make way. */
static struct culprit runs(const struct blamer *blamer, const struct kcpu *kc,
			   const struct task *task)
{
	const struct task *curr = current_task(kc);

	if (curr->tif & TIF_NEED_RESCHED)
		return keeps_cpu(blamer, kc);
	if (task->state == TASK_WAKING && blame_ipi_under_way(kc))
		return ipi_culprit(kc);
	if (curr->tif & TIF_NEED_RESCHED_LAZY && !is_served_before(kc, task))
		return blame_current(kc, BLAME_lazy);
	return has_claim(kc, task);
}

/* Softirqs wait for the task on @kc to switch them on again. */
static bool holds_softirqs_up(const struct kcpu *kc)
{
	return kc->softirq.pending && cpu_irqs_on(&kc->cpu) &&
	       softirq_count(kc);
}

/* Nobody knows of the task yet: an interrupt may be waiting, or what follows
 * from it. */
static struct culprit is_to_wake(const struct blamer *blamer,
				 const struct kcpu *kc)
{
	const struct task *curr = current_task(kc);
	bool irqs_on = cpu_irqs_on(&kc->cpu);

	if (!irqs_on && kc->cpu.pending & IRQ_MASKABLE)
		return section(blamer, kc, BLAME_irqs_off,
			       irqs_off_section(kc));
	if (holds_softirqs_up(kc))
		return section(blamer, kc, BLAME_bh_off, "local_bh_disable");
	if (curr->kthread && !blame_is_workload(blamer, curr))
		return blame_current(kc, BLAME_thread);
	if (curr->tif & TIF_NEED_RESCHED)
		return keeps_cpu(blamer, kc);
	if (blame_account(kc) == ACCT_USER)
		return blame_current(kc, BLAME_task);
	return blame_current(kc, irqs_on ? BLAME_task : BLAME_wakeup);
}

/* What the runnable @task on @kc has used up; NULL: nothing. */
static const char *throttled_by(const struct kcpu *kc, const struct task *task)
{
	const struct task_group *group = throttled_group(task);

	if (group)
		return group->name;
	if (!task->on_rq)
		return NULL;
	if (task->sched_class == &sched_class_deadline && task->dl.throttled)
		return "its runtime";
	if (task->sched_class == &sched_class_rt && kc->rq.rt.throttled)
		return "rt_throttling";
	return NULL;
}

struct culprit blame_look_at_cpu(const struct blamer *blamer, struct kcpu *kc,
				 const struct task *task, bool woken,
				 ktime_t now, ktime_t *until)
{
	const char *throttled = woken ? throttled_by(kc, task) : NULL;
	struct culprit culprit;

	if (throttled)
		return (struct culprit){ .cause = BLAME_throttled,
					 .cpu = kc->cpu.id,
					 .what = throttled };
	if (blame_machine(blamer, kc, now, until, &culprit))
		return culprit;
	return woken ? runs(blamer, kc, task) : is_to_wake(blamer, kc);
}

struct culprit blame_cpu(const struct blamer *blamer, struct kcpu *kc,
			 const struct task *task, bool woken, ktime_t now,
			 ktime_t *until)
{
	struct culprit culprit =
		blame_look_at_cpu(blamer, kc, task, woken, now, until);

	blame_follow(blamer, &culprit, now, until);
	return culprit;
}
