/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_RTMUTEX_PRIVATE_H
#define PREEMPTSIM_RTMUTEX_PRIVATE_H

/*
 * The core of the locks whose waiters lend the holder their priority; see
 * rtmutex.c.  The lock types around it say how one sleeps, and what else
 * holding means.
 */

#include "lock-private.h"

/**
 * rt_mutex_try_take - the lock is current's, if it is free and nobody has a
 * better right to it.
 * @lateral: one that does not wait yet may pass waiters of equal priority, as
 *           long as they are no real-time tasks
 *
 * Current may be among the waiters; it is not if it got the lock.
 */
bool rt_mutex_try_take(struct cpu *cpu, struct lock *lock, bool lateral);

/** rt_mutex_wait_begin - current waits for @lock and lends its priority to
 * whom it waits for, and to whom that one waits for, and so on. */
void rt_mutex_wait_begin(struct cpu *cpu, struct lock *lock);

/** rt_mutex_take - what is told of a lock that is current's now. */
void rt_mutex_take(struct cpu *cpu, struct lock *lock, bool contended);

/** op_rt_mutex_unlock - current gives the lock back, and what it was lent for
 * it, and wakes the first waiter. */
void op_rt_mutex_unlock(struct cpu *cpu, const struct op *op);

/** rt_spinlock - what a spinlock is where spinlocks sleep. */
extern const struct lock_type rt_spinlock;

#endif
