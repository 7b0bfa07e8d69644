/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The simplest spinlock: test and set, and again, until it was free.
 *
 * All spinners look at the lock's own cache line, and who gets it when it is
 * given back is a matter of distance and luck: here it is drawn, from a random
 * stream of the lock's own, among the CPUs that spin at that instant.  A CPU
 * whose spinning is interrupted is not among them; it looks again afterwards.
 * Each further spinner asks for the line, which makes the hand-over longer.
 */
#include <config.h>

#include "rtmutex-private.h"
#include "spin-private.h"

/* The frame's count says whether it had to wait. */
static void tas_acquire(struct cpu *cpu, const struct op *op)
{
	struct lock *lock = lock_arg(cpu);

	(void)op;
	cpu->top->count = 0;
	if (lock->owner_cpu) {
		cpu->top->count = 1;
		spin_begin(cpu, lock, false);
		return;
	}
	lock->owner_cpu = to_kcpu(cpu);
	lock_taken(cpu, lock, 0, false);
}

static struct spin_waiter *own_waiter(struct kcpu *kc)
{
	return &kc->spin[kc->spin_depth - 1];
}

/* It was drawn; or it comes back from an interrupt, and finds the lock free or
 * not. */
static void tas_look(struct cpu *cpu, const struct op *op)
{
	struct lock *lock = lock_arg(cpu);
	struct kcpu *kc = to_kcpu(cpu);

	(void)op;
	if (!cpu->top->count)
		return;
	if (lock->owner_cpu && lock->owner_cpu != kc) {
		cpu->top->pc--;
		cpu->top->left = STALLED;
		return;
	}
	if (!lock->owner_cpu) {
		list_del(&own_waiter(kc)->link);
		lock->owner_cpu = kc;
	}
	lock_taken(cpu, lock, spin_end(cpu), true);
}

static struct spin_waiter *nth_spinner(struct lock *lock, uint64_t n)
{
	struct list_head *pos = lock->waiters.next;

	for (;; pos = pos->next) {
		struct spin_waiter *waiter =
			container_of(pos, struct spin_waiter, link);

		if (spin_looks(waiter) && n-- == 0)
			return waiter;
	}
}

/* All who wait are interrupted: they look when they come back. */
static void let_them_look(struct cpu *cpu, struct lock *lock)
{
	struct list_head *pos;

	list_for_each(pos, &lock->waiters)
		container_of(pos, struct spin_waiter, link)
			->frame->left = cpu->price[COST_SPIN_HANDOFF];
}

static void tas_release(struct cpu *cpu, const struct op *op)
{
	struct lock *lock = lock_arg(cpu);
	struct spin_waiter *next;
	unsigned int n;

	(void)op;
	if (lock_not_mine(cpu, lock, lock->owner_cpu == to_kcpu(cpu)))
		return;
	lock_given_back(cpu, lock);
	lock->owner_cpu = NULL;
	n = spin_count(lock);
	if (!n) {
		let_them_look(cpu, lock);
		return;
	}
	next = nth_spinner(lock, n > 1 ? rng_below(&lock->rng, n) : 0);
	lock->owner_cpu = next->kc;
	spin_grant(next, cpu->price[COST_SPIN_HANDOFF] +
				 (n - 1) * cpu->price[COST_SPIN_BOUNCE]);
}

SPIN_PATHS(tas, tas_acquire, tas_look, tas_release, op_keep_flags,
	   op_take_flags);

static const struct lock_type rt_tas_spinlock = {
	.name = "tas_spinlock",
	RTLOCK_FORMS,
};

extern const struct lock_type lock_type_tas_spinlock;

const struct lock_type lock_type_tas_spinlock = {
	.name = "tas_spinlock",
	.help = "a test-and-set spinlock: the next owner is drawn by chance "
		"among the CPUs that spin; sleeps under rt as a spinlock does",
	.rt = &rt_tas_spinlock,
	.lock = SPIN_FORMS(tas),
	.unlock = SPIN_UNFORMS(tas),
};
