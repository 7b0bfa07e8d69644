/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reader-writer spinlocks: readers share, all in the order in which they came.
 * cf. kernel/locking/qrwlock.c v6.12.
 *
 * A reader queues behind a writer that waits, but not in an interrupt: what it
 * interrupted on this CPU may be reading already, and the writer waits for
 * that.  Readers in interrupts look at the lock itself, and are in no queue: they
 * all see at once that a writer is done.
 */
#include <config.h>

#include "lock-hold-private.h"
#include "rtmutex-private.h"
#include "spin-private.h"

/* The frames' count says whether they had to wait. */
static void write_acquire(struct cpu *cpu, const struct op *op)
{
	struct lock *lock = lock_arg(cpu);
	bool contended = lock->owner_cpu || lock->nr_readers;

	(void)op;
	cpu->top->count = contended;
	if (contended) {
		spin_begin(cpu, lock, false);
	} else {
		lock->owner_cpu = to_kcpu(cpu);
		lock_taken(cpu, lock, 0, false);
	}
}

static void write_granted(struct cpu *cpu, const struct op *op)
{
	(void)op;
	if (cpu->top->count)
		lock_taken(cpu, lock_arg(cpu), spin_end(cpu), true);
}

static void read_acquire(struct cpu *cpu, const struct op *op)
{
	struct kcpu *kc = to_kcpu(cpu);
	struct lock *lock = lock_arg(cpu);
	struct spin_waiter *waiter;

	(void)op;
	cpu->top->count = 0;
	if (!lock->owner_cpu &&
	    (list_empty(&lock->waiters) || in_interrupt(kc))) {
		lock->nr_readers++;
		lock_read_taken(cpu, lock, 0, false);
		return;
	}
	cpu->top->count = 1;
	waiter = spin_begin(cpu, lock, true);
	if (in_interrupt(kc)) {
		waiter->ahead = true;
		list_del(&waiter->link);
		list_add(&waiter->link, &lock->waiters);
	}
}

static void read_granted(struct cpu *cpu, const struct op *op)
{
	(void)op;
	if (cpu->top->count)
		lock_read_taken(cpu, lock_arg(cpu), spin_end(cpu), true);
}

/* The first in the queue goes on, and if it reads all readers right behind it:
 * each passes the queue's head on to the next. */
static void grant(struct cpu *cpu, struct lock *lock)
{
	const ktime_t price = cpu->price[COST_SPIN_HANDOFF];
	ktime_t queued = 0;

	while (!list_empty(&lock->waiters) && !lock->owner_cpu) {
		struct spin_waiter *next =
			list_first(&lock->waiters, struct spin_waiter, link);

		if (next->read)
			lock->nr_readers++;
		else if (lock->nr_readers)
			return;
		else
			lock->owner_cpu = next->kc;
		if (!next->ahead)
			queued += price;
		spin_grant(next, next->ahead ? price : queued);
	}
}

static void write_release(struct cpu *cpu, const struct op *op)
{
	struct lock *lock = lock_arg(cpu);

	(void)op;
	if (lock_not_mine(cpu, lock, lock->owner_cpu == to_kcpu(cpu)))
		return;
	lock_given_back(cpu, lock);
	lock->owner_cpu = NULL;
	grant(cpu, lock);
}

static void read_release(struct cpu *cpu, const struct op *op)
{
	struct lock *lock = lock_arg(cpu);

	(void)op;
	if (!lock_read_given_back(cpu, lock))
		return;
	if (--lock->nr_readers == 0)
		grant(cpu, lock);
}

SPIN_PATHS(write, write_acquire, write_granted, write_release, op_keep_flags,
	   op_take_flags);
SPIN_PATHS(read, read_acquire, read_granted, read_release, op_keep_read_flags,
	   op_take_read_flags);

extern const struct lock_type lock_type_rwlock;

const struct lock_type lock_type_rwlock = {
	.name = "rwlock",
	.help = "a spinlock that readers share, all in order of arrival; "
		"sleeps under rt, where only writers inherit priorities",
	.rt = &rt_rwlock,
	.lock = SPIN_FORMS(write),
	.unlock = SPIN_UNFORMS(write),
	.read_lock = SPIN_FORMS(read),
	.read_unlock = SPIN_UNFORMS(read),
};
