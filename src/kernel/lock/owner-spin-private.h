/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_OWNER_SPIN_PRIVATE_H
#define PREEMPTSIM_OWNER_SPIN_PRIVATE_H

/*
 * Spinning for a lock to sleep for, while its holder runs; see owner-spin.c.
 */

#include "lock-private.h"

/** owner_spin_worth - is there any point in current's spinning for @lock?  The
 * feature is on, nobody else shall run here, and the holder, if there is one,
 * runs. */
bool owner_spin_worth(struct cpu *cpu, const struct lock *lock);

/** owner_spin_first - is @p the first in the line of those that spin for @lock
 * and are not among its waiters?  cf. osq_lock() */
static inline bool owner_spin_first(const struct lock *lock,
				    const struct task *p)
{
	return lock->osq.next == &p->spin.link;
}

/** owner_spin_begin - the running frame, of current, begins to spin for
 * @lock. */
void owner_spin_begin(struct cpu *cpu, struct lock *lock);

/** owner_spin_stall - it goes on until it is kicked; if it looks at the @lock,
 * and not just stands in line, also when the holder leaves its CPU. */
void owner_spin_stall(struct cpu *cpu, const struct lock *lock, bool looks);

/** owner_spin_end - that is over. */
void owner_spin_end(struct cpu *cpu);

/** owner_spins - is the running frame one that spins? */
bool owner_spins(struct cpu *cpu);

/** owner_spin_changed - @lock has another holder, or none: who looks at it
 * sees that when @delay is over. */
void owner_spin_changed(struct lock *lock, ktime_t delay);

#endif
