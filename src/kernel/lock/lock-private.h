/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_LOCK_PRIVATE_H
#define PREEMPTSIM_LOCK_PRIVATE_H

/*
 * Shared by the lock types.
 */

#include "preemptsim/kernel/kernel.h"
#include "preemptsim/kernel/lock.h"
#include "preemptsim/kernel/preempt.h"

/** lock_arg - the lock that the running path works on. */
static inline struct lock *lock_arg(struct cpu *cpu)
{
	return cpu->top->arg;
}

/** say_state - current says that it waits for a lock in @state, or that it runs
 * on. */
static inline void say_state(struct cpu *cpu, unsigned int state)
{
	struct kcpu *kc = to_kcpu(cpu);

	set_current_state(kc, current_task(kc), state);
}

/** lock_taken - @lock is held from now on, after waiting for @waited. */
void lock_taken(struct cpu *cpu, struct lock *lock, ktime_t waited,
		bool contended);

/** lock_wait_over - current waits for @lock no more. */
void lock_wait_over(struct cpu *cpu, struct lock *lock);

/** lock_given_back - @lock is not held any more; tells how long it was. */
void lock_given_back(struct cpu *cpu, struct lock *lock);

/** lock_deadlocks - would current, when it waits for @lock, wait for itself in
 * the end?  Then it must not join the queue, along which priorities are lent
 * (cf. EDEADLK); who listens to TP_contention_begin says so. */
bool lock_deadlocks(struct cpu *cpu, const struct lock *lock);

/** lock_not_mine - says so, unless @mine. */
bool lock_not_mine(struct cpu *cpu, const struct lock *lock, bool mine);

#endif
