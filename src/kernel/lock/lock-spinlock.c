/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Spinlocks: preemption off, then first come, first served.
 * cf. kernel/locking/qspinlock.c v6.12.
 *
 * A spinner has a cache line of its own to look at, so handing the lock over
 * takes the same time however many there are.  raw_spinlock is one also where
 * a spinlock sleeps.
 */
#include <config.h>

#include "rtmutex-private.h"
#include "spin-private.h"

/* The frame's count says whether it had to wait. */
void op_spin_acquire(struct cpu *cpu, const struct op *op)
{
	struct lock *lock = lock_arg(cpu);
	bool contended = lock->owner_cpu;

	(void)op;
	cpu->top->count = contended;
	if (contended) {
		spin_begin(cpu, lock, false);
	} else {
		lock->owner_cpu = to_kcpu(cpu);
		lock_taken(cpu, lock, 0, false);
	}
}

void op_spin_granted(struct cpu *cpu, const struct op *op)
{
	(void)op;
	if (cpu->top->count)
		lock_taken(cpu, lock_arg(cpu), spin_end(cpu), true);
}

void spin_release(struct cpu *cpu, ktime_t bounce)
{
	struct lock *lock = lock_arg(cpu);
	ktime_t delay = cpu->price[COST_SPIN_HANDOFF];
	struct spin_waiter *next;

	if (lock_not_mine(cpu, lock, lock->owner_cpu == to_kcpu(cpu)))
		return;
	lock_given_back(cpu, lock);
	lock->owner_cpu = NULL;
	if (list_empty(&lock->waiters))
		return;
	next = list_first(&lock->waiters, struct spin_waiter, link);
	lock->owner_cpu = next->kc;
	if (bounce)
		delay += (spin_count(lock) - spin_looks(next)) * bounce / 2;
	spin_grant(next, delay);
}

void op_spin_release(struct cpu *cpu, const struct op *op)
{
	(void)op;
	spin_release(cpu, 0);
}

SPIN_PATHS(spin, op_spin_acquire, op_spin_granted, op_spin_release,
	   op_keep_flags, op_take_flags);

static const struct lock_type rt_spinlock = {
	.name = "spinlock",
	RTLOCK_FORMS,
};

extern const struct lock_type lock_type_spinlock, lock_type_raw_spinlock;

const struct lock_type lock_type_spinlock = {
	.name = "spinlock",
	.help = "disables preemption and spins, first come, first served; "
		"under rt an rt_mutex that keeps the task on its CPU",
	.rt = &rt_spinlock,
	.lock = SPIN_FORMS(spin),
	.unlock = SPIN_UNFORMS(spin),
};

const struct lock_type lock_type_raw_spinlock = {
	.name = "raw_spinlock",
	.help = "a spinlock that stays one in every model",
	.lock = SPIN_FORMS(spin),
	.unlock = SPIN_UNFORMS(spin),
};
