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

/** rt_mutex_wait_begin - current waits for @lock, to @read, and lends its
 * priority to whom it waits for, and to whom that one waits for, and so on. */
void rt_mutex_wait_begin(struct cpu *cpu, struct lock *lock, bool read);

/** rt_mutex_may_sleep - may current wait for a lock as waiters do?  A handler
 * over the idle task, or over a task that waits already, has to spin. */
bool rt_mutex_may_sleep(struct cpu *cpu);

/** rt_mutex_spin_begin - then the running frame begins to; says so. */
void rt_mutex_spin_begin(struct cpu *cpu, struct lock *lock);

/** rt_mutex_spins - does it? */
bool rt_mutex_spins(struct cpu *cpu);

/** rt_mutex_freed - who spins for @lock may look at it again. */
void rt_mutex_freed(struct cpu *cpu, struct lock *lock);

/** rt_mutex_waited - how long the wait was that is over now. */
ktime_t rt_mutex_waited(struct cpu *cpu);

/** rt_mutex_take - what is told of a lock that is current's now. */
void rt_mutex_take(struct cpu *cpu, struct lock *lock, bool contended);

/** rt_mutex_sleep - current gives the CPU away, or spins; its path goes on at
 * @again.  To be called by an operation that may come again. */
void rt_mutex_sleep(struct cpu *cpu, const struct op *again);

/** op_rt_mutex_unlock - current gives the lock back, and what it was lent for
 * it, and wakes the first waiter. */
void op_rt_mutex_unlock(struct cpu *cpu, const struct op *op);

/** op_rt_mutex_pass - the same, for a lock that current took for an instant
 * only, of which nothing was told. */
void op_rt_mutex_pass(struct cpu *cpu, const struct op *op);

/** rt_mutex_lock_path, rt_mutex_unlock_path - an rt_mutex, in the kernel. */
extern const struct op rt_mutex_lock_path[], rt_mutex_unlock_path[];
/** pi_futex_lock_path - the same in the system call of a PI futex. */
extern const struct op pi_futex_lock_path[];

/** rtlock_save_state, rtlock_restore_state - around a wait for a spinlock that
 * sleeps: what current was about to wait for otherwise is not forgotten. */
void rtlock_save_state(struct cpu *cpu);
void rtlock_restore_state(struct cpu *cpu);

/** rtlock_say_waits - current is about to wait once more. */
void rtlock_say_waits(struct cpu *cpu);

/** rtlock_begin_wait - current begins to wait for @lock, and says that it does;
 * false: for ever, since that would be for itself. */
bool rtlock_begin_wait(struct cpu *cpu, struct lock *lock, bool read);

/** op_rtlock_might_resched - says so if current must not wait for the lock that
 * the path is about. */
void op_rtlock_might_resched(struct cpu *cpu, const struct op *op);

/** op_rtlock_unpin - current, if it is the owner, need not stay on its CPU any
 * more; op_rtlock_pinned, op_rtlock_unpinned - the reschedule points that
 * beginning and ending to stay there are. */
void op_rtlock_unpin(struct cpu *cpu, const struct op *op);
void op_rtlock_pinned(struct cpu *cpu, const struct op *op);
void op_rtlock_unpinned(struct cpu *cpu, const struct op *op);

/** rtlock_lock_path, rtlock_unlock_path, and with bottom halves - a spinlock
 * that sleeps. */
extern const struct op rtlock_lock_path[], rtlock_unlock_path[];
extern const struct op rtlock_lock_bh_path[], rtlock_unlock_bh_path[];

/* The fields of struct lock_type of one. */
#define RTLOCK_FORMS                                     \
	.inherits = true,                                \
	.lock = { [LOCK_PLAIN] = rtlock_lock_path,       \
		  [LOCK_IRQ] = rtlock_lock_path,         \
		  [LOCK_IRQSAVE] = rtlock_lock_path,     \
		  [LOCK_BH] = rtlock_lock_bh_path },     \
	.unlock = { [LOCK_PLAIN] = rtlock_unlock_path,   \
		    [LOCK_IRQ] = rtlock_unlock_path,     \
		    [LOCK_IRQSAVE] = rtlock_unlock_path, \
		    [LOCK_BH] = rtlock_unlock_bh_path }

/** rt_rwlock - what a rwlock is where spinlocks sleep. */
extern const struct lock_type rt_rwlock;

#endif
