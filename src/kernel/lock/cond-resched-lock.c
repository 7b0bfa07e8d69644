/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cond_resched_lock(): a reschedule point under a spinlock.
 * cf. kernel/sched/core.c v6.12: __cond_resched_lock(); include/linux/sched.h:
 * spin_needbreak().
 */
#include <config.h>

#include "lock-private.h"

/* cf. should_resched(PREEMPT_LOCK_OFFSET): nothing but the lock forbids the
 * switch that somebody asks for.  One that sleeps does not forbid it. */
static bool resched_due(const struct kcpu *kc, const struct lock *lock)
{
	return kc->preempt_count ==
	       (lock->owner_cpu ? PREEMPT_DISABLE_OFFSET : 0);
}

static bool break_due(struct cpu *cpu)
{
	const struct kcpu *kc = to_kcpu(cpu);
	const struct lock *lock = lock_arg(cpu);

	return resched_due(kc, lock) ||
	       (kc->kernel->model->kernel && !list_empty(&lock->waiters));
}

static void break_unlock(struct cpu *cpu, const struct op *op)
{
	struct lock *lock = lock_arg(cpu);

	(void)op;
	cpu_push(cpu, lock->type->unlock[LOCK_PLAIN], lock);
}

static void break_lock(struct cpu *cpu, const struct op *op)
{
	struct lock *lock = lock_arg(cpu);

	(void)op;
	cpu_push(cpu, lock->type->lock[LOCK_PLAIN], lock);
}

static const struct op break_path[] = {
	DO(break_unlock),
	CALL(cond_resched_path),
	DO(break_lock),
	RET,
};

const struct op cond_resched_lock_path[] = {
	SPEND(COND_RESCHED),
	WHEN(break_due, break_path),
	RET,
};
