/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a spinlock is under rt: an rt_mutex, for which a task sleeps without
 * forgetting what it was about to sleep for.  The holder stays on its CPU,
 * preemption and interrupts stay enabled.
 * cf. kernel/locking/spinlock_rt.c v6.12, rtmutex.c: rtlock_slowlock().
 *
 * Left out: RCU, whose read side the holder is in.
 */
#include <config.h>

#include "rtmutex-private.h"

#include "preemptsim/kernel/debug.h"

enum {
	LOCK_DONE,
	LOCK_WAITS,
	LOCK_DEADLOCK, /* for ever */
};

void rtlock_say_waits(struct cpu *cpu)
{
	if (likely(!rt_mutex_spins(cpu)))
		say_state(cpu, TASK_RTLOCK_WAIT);
}

/* cf. current_save_and_set_rtlock_wait_state() */
void rtlock_save_state(struct cpu *cpu)
{
	struct task *curr = current_task(to_kcpu(cpu));

	curr->saved_state = curr->state;
	rtlock_say_waits(cpu);
}

void rtlock_restore_state(struct cpu *cpu)
{
	struct task *curr = current_task(to_kcpu(cpu));

	if (unlikely(rt_mutex_spins(cpu)))
		return;
	say_state(cpu, curr->saved_state);
	curr->saved_state = TASK_RUNNING;
}

bool rtlock_begin_wait(struct cpu *cpu, struct lock *lock, bool read)
{
	bool for_ever = lock_deadlocks(cpu, lock);

	if (unlikely(!rt_mutex_may_sleep(cpu))) {
		rt_mutex_spin_begin(cpu, lock);
		return !for_ever;
	}
	rtlock_save_state(cpu);
	if (for_ever)
		cpu_trace(cpu, TP_contention_begin, lock, read ? LOCK_READ : 0,
			  0);
	else
		rt_mutex_wait_begin(cpu, lock, read);
	return !for_ever;
}

static void rtlock_held(struct cpu *cpu, bool contended)
{
	rt_mutex_take(cpu, lock_arg(cpu), contended);
	migrate_disable(current_task(to_kcpu(cpu)));
}

static void rtlock_try(struct cpu *cpu, const struct op *op)
{
	struct lock *lock = lock_arg(cpu);

	(void)op;
	cpu->top->count = LOCK_DONE;
	if (rt_mutex_try_take(cpu, lock, true)) {
		rtlock_held(cpu, false);
		return;
	}
	cpu->top->count = rtlock_begin_wait(cpu, lock, false) ? LOCK_WAITS :
								LOCK_DEADLOCK;
}

static void rtlock_retry(struct cpu *cpu, const struct op *op)
{
	(void)op;
	if (cpu->top->count == LOCK_WAITS &&
	    rt_mutex_try_take(cpu, lock_arg(cpu), true)) {
		cpu->top->count = LOCK_DONE;
		rtlock_restore_state(cpu);
		rtlock_held(cpu, true);
	} else {
		rtlock_say_waits(cpu);
	}
}

/* cf. migrate_disable() and migrate_enable(): the first and the last have
 * preemption disabled for a moment, and so are reschedule points. */
void op_rtlock_pinned(struct cpu *cpu, const struct op *op)
{
	if (current_task(to_kcpu(cpu))->migration_disabled == 1)
		op_preempt_check_resched(cpu, op);
}

void op_rtlock_unpinned(struct cpu *cpu, const struct op *op)
{
	if (current_task(to_kcpu(cpu))->migration_disabled == 0)
		op_preempt_check_resched(cpu, op);
}

/* cf. schedule_rtlock(): schedule() without its preliminaries, of which there
 * are none here. */
static void rtlock_wait(struct cpu *cpu, const struct op *op)
{
	if (cpu->top->count == LOCK_DONE) {
		op_ret(cpu, op);
		op_rtlock_pinned(cpu, op);
		return;
	}
	rt_mutex_sleep(cpu, op->a.path);
}

#define RTLOCK_WAIT                                             \
	{                                                       \
		.exec = rtlock_wait, .a.path = rtlock_retry_ops \
	}

static const struct op rtlock_retry_ops[] = {
	DO(rtlock_retry),
	RTLOCK_WAIT,
};

/* cf. rtlock_might_resched(): a complaint, and then on. */
void op_rtlock_might_resched(struct cpu *cpu, const struct op *op)
{
	struct kcpu *kc = to_kcpu(cpu);

	(void)op;
	if (unlikely(!preemptible(kc)))
		debug_atomic_sleep(kc, lock_arg(cpu));
}

const struct op rtlock_lock_path[] = {
	DO(op_rtlock_might_resched),
	SPEND(SPIN_LOCK),
	DO(rtlock_try),
	RTLOCK_WAIT,
};

/* cf. rt_spin_unlock(): still the owner's. */
void op_rtlock_unpin(struct cpu *cpu, const struct op *op)
{
	struct task *curr = current_task(to_kcpu(cpu));

	if (lock_arg(cpu)->owner != curr)
		return;
	migrate_enable(curr);
	op_rtlock_unpinned(cpu, op);
}

static void rtlock_unlock(struct cpu *cpu, const struct op *op)
{
	struct lock *lock = lock_arg(cpu);
	struct task *curr = current_task(to_kcpu(cpu));

	if (!lock_not_mine(cpu, lock, lock->owner == curr))
		op_rt_mutex_unlock(cpu, op);
}

const struct op rtlock_unlock_path[] = {
	SPEND(SPIN_UNLOCK),
	DO(op_rtlock_unpin),
	DO(rtlock_unlock),
	RET,
};

const struct op rtlock_lock_bh_path[] = {
	DO(op_local_bh_disable),
	CALL(rtlock_lock_path),
	RET,
};

const struct op rtlock_unlock_bh_path[] = {
	CALL(rtlock_unlock_path),
	DO(op_local_bh_enable),
	RET,
};
