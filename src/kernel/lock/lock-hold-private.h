/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_LOCK_HOLD_PRIVATE_H
#define PREEMPTSIM_LOCK_HOLD_PRIVATE_H

/*
 * What is kept of each reader of a lock, since there may be many: in the task
 * that runs, struct lock_hold.
 */

#include "lock-private.h"

/** lock_hold_push - one more of current's, empty but for @lock. */
struct lock_hold *lock_hold_push(struct cpu *cpu, struct lock *lock);

/** lock_hold_find - current's last of @lock, or NULL. */
struct lock_hold *lock_hold_find(struct cpu *cpu, const struct lock *lock);

/** lock_hold_pop - @hold, of current's, is over. */
void lock_hold_pop(struct cpu *cpu, struct lock_hold *hold);

/** lock_read_taken - current reads under @lock from now on. */
void lock_read_taken(struct cpu *cpu, struct lock *lock, ktime_t waited,
		     bool contended);

/** lock_read_given_back - and does not any more; false, after a warning, if it
 * did not before. */
bool lock_read_given_back(struct cpu *cpu, struct lock *lock);

/** op_keep_read_flags, op_take_read_flags - as op_keep_flags, of a reader. */
void op_keep_read_flags(struct cpu *cpu, const struct op *op);
void op_take_read_flags(struct cpu *cpu, const struct op *op);

#endif
