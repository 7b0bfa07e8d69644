/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cond_resched_lock(): a reschedule point under a spinlock.
 * cf. kernel/sched/core.c v6.12: __cond_resched_lock(); include/linux/sched.h:
 * spin_needbreak().
 */
#include <config.h>

#include "lock-private.h"

#include "preemptsim/kernel/debug.h"

/* cf. PREEMPT_LOCK_OFFSET: what the lock adds to the count; one that sleeps
 * adds nothing. */
static uint32_t lock_offset(const struct lock *lock)
{
	return lock->owner_cpu ? PREEMPT_DISABLE_OFFSET : 0;
}

/* cf. should_resched(): nothing but the lock forbids the switch that somebody
 * asks for. */
static bool resched_due(const struct kcpu *kc, const struct lock *lock)
{
	return kc->preempt_count == lock_offset(lock);
}

/* cf. PREEMPT_LOCK_RESCHED_OFFSETS: one that sleeps pins the task, see
 * migrate_disable(). */
static unsigned int lock_pins(const struct lock *lock)
{
	return lock->owner_cpu ? 0 : 1;
}

/* cf. __might_resched(): the lock may be held, and nothing else. */
static void check_resched_lock(struct cpu *cpu, const struct op *op)
{
	struct kcpu *kc = to_kcpu(cpu);
	const struct lock *lock = lock_arg(cpu);

	(void)op;
	if (unlikely(preempt_count(kc) != lock_offset(lock) ||
		     current_task(kc)->migration_disabled != lock_pins(lock) ||
		     !cpu_irqs_on(cpu)))
		debug_atomic_sleep(kc, NULL);
}

/* cf. spin_is_contended(), which is 0 for a lock that sleeps: whoever waits for
 * that lends its priority. */
static bool is_contended(const struct lock *lock)
{
	return lock->owner_cpu && !list_empty(&lock->waiters);
}

static bool break_due(struct cpu *cpu)
{
	const struct kcpu *kc = to_kcpu(cpu);
	const struct lock *lock = lock_arg(cpu);

	return resched_due(kc, lock) ||
	       (kc->kernel->model->kernel && is_contended(lock));
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
	DO(check_resched_lock),
	SPEND(COND_RESCHED),
	WHEN(break_due, break_path),
	RET,
};
