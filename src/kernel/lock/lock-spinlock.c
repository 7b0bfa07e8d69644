/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Spinlocks: preemption off, then first come, first served.
 * cf. include/linux/spinlock_api_smp.h, kernel/locking/qspinlock.c v6.12.
 *
 * raw_spinlock is the same today; it stays one where a spinlock sleeps.
 */
#include <config.h>

#include "lock-private.h"

static void spin_begin(struct cpu *cpu, struct lock *lock)
{
	struct kcpu *kc = to_kcpu(cpu);
	struct spin_waiter *waiter;

	if (unlikely(kc->spin_depth == MAX_SPIN_NEST))
		sim_stuck(cpu->sim, cpu->id,
			  "interrupts nest and spin for more than %d locks; "
			  "does a handler switch interrupts on?",
			  MAX_SPIN_NEST);
	waiter = &kc->spin[kc->spin_depth++];
	*waiter = (struct spin_waiter){ .kc = kc,
					.frame = cpu->top,
					.since = cpu->sim->now,
					.acct = cpu->acct };
	list_add_tail(&waiter->link, &lock->waiters);
	cpu_trace(cpu, TP_contention_begin, lock, 0, 0);
	if (lock->owner_cpu == kc)
		sim_warn(cpu->sim, cpu->id, "deadlock",
			 "%s spins for %s, which this CPU already holds",
			 current_task(kc)->comm, lock->name);
	cpu_account(cpu, ACCT_SPIN | (cpu->acct & ACCT_TASK));
	cpu->top->left = STALLED;
}

/* The frame's count says whether it had to wait. */
static void spin_acquire(struct cpu *cpu, const struct op *op)
{
	struct lock *lock = lock_arg(cpu);
	bool contended = lock->owner_cpu;

	(void)op;
	cpu->top->count = contended;
	if (contended) {
		spin_begin(cpu, lock);
	} else {
		lock->owner_cpu = to_kcpu(cpu);
		lock_taken(cpu, lock, 0, false);
	}
}

static void spin_granted(struct cpu *cpu, const struct op *op)
{
	struct kcpu *kc = to_kcpu(cpu);
	const struct spin_waiter *waiter;

	(void)op;
	if (!cpu->top->count)
		return;
	waiter = &kc->spin[--kc->spin_depth];
	cpu_account(cpu, waiter->acct);
	lock_taken(cpu, lock_arg(cpu), cpu->sim->now - waiter->since, true);
}

static void spin_release(struct cpu *cpu, const struct op *op)
{
	struct lock *lock = lock_arg(cpu);
	struct spin_waiter *next;

	(void)op;
	if (lock_not_mine(cpu, lock, lock->owner_cpu == to_kcpu(cpu)))
		return;
	lock_given_back(cpu, lock);
	lock->owner_cpu = NULL;
	if (list_empty(&lock->waiters))
		return;
	next = list_first(&lock->waiters, struct spin_waiter, link);
	list_del(&next->link);
	lock->owner_cpu = next->kc;
	cpu_resume(&next->kc->cpu, next->frame, cpu->price[COST_SPIN_HANDOFF]);
}

#define SPIN_ACQUIRE SPEND(SPIN_LOCK), DO(spin_acquire), DO(spin_granted)
#define SPIN_RELEASE SPEND(SPIN_UNLOCK), DO(spin_release)

static const struct op spin_lock_path[] = {
	DO_WITH(op_preempt_disable, "spin_lock"),
	SPIN_ACQUIRE,
	RET,
};

static const struct op spin_unlock_path[] = {
	SPIN_RELEASE,
	DO_WITH(op_preempt_enable, "spin_unlock"),
	RET,
};

static const struct op spin_lock_inner[] = { SPIN_ACQUIRE, RET };

/* The flags go from this frame to the lock when it is ours. */
static void keep_flags(struct cpu *cpu, const struct op *op)
{
	(void)op;
	lock_arg(cpu)->open = cpu->top->open;
}

static const struct op spin_lock_irqsave_path[] = {
	DO(op_local_irq_save),
	DO_WITH(op_preempt_disable, "spin_lock_irqsave"),
	CALL(spin_lock_inner),
	DO(keep_flags),
	RET,
};

static void take_flags(struct cpu *cpu, const struct op *op)
{
	(void)op;
	cpu->top->open = lock_arg(cpu)->open;
}

/* Interrupts come back on first, so that a reschedule may happen. */
static const struct op spin_unlock_irqrestore_path[] = {
	DO(take_flags),
	SPIN_RELEASE,
	DO(op_local_irq_restore),
	DO_WITH(op_preempt_enable, "spin_unlock_irqrestore"),
	RET,
};

static void lock_bh(struct cpu *cpu, const struct op *op)
{
	(void)op;
	preempt_count_add_for(to_kcpu(cpu),
			      SOFTIRQ_DISABLE_OFFSET + PREEMPT_OFFSET,
			      "spin_lock_bh");
}

static void unlock_bh(struct cpu *cpu, const struct op *op)
{
	preempt_count_sub_for(to_kcpu(cpu), PREEMPT_OFFSET, "spin_unlock_bh");
	op_local_bh_enable(cpu, op);
}

static const struct op spin_lock_bh_path[] = {
	DO(lock_bh),
	SPIN_ACQUIRE,
	RET,
};

static const struct op spin_unlock_bh_path[] = {
	SPIN_RELEASE,
	DO(unlock_bh),
	RET,
};

#define SPIN_PATHS                                                \
	.lock = { [LOCK_PLAIN] = spin_lock_path,                  \
		  [LOCK_IRQSAVE] = spin_lock_irqsave_path,        \
		  [LOCK_BH] = spin_lock_bh_path },                \
	.unlock = { [LOCK_PLAIN] = spin_unlock_path,              \
		    [LOCK_IRQSAVE] = spin_unlock_irqrestore_path, \
		    [LOCK_BH] = spin_unlock_bh_path }

extern const struct lock_type lock_type_spinlock, lock_type_raw_spinlock;

const struct lock_type lock_type_spinlock = {
	.name = "spinlock",
	.help = "disables preemption and spins, first come, first served",
	SPIN_PATHS,
};

const struct lock_type lock_type_raw_spinlock = {
	.name = "raw_spinlock",
	.help = "a spinlock that stays one in every model",
	SPIN_PATHS,
};
