/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a rwlock is under rt: writers take a spinlock that sleeps, and then wait
 * for the readers that are there; from the moment that one has the spinlock,
 * readers wait for it, too, behind whom it is given to.
 * cf. kernel/locking/rwbase_rt.c v6.12.  (Up to 6.3 readers went before a
 * writer that waited for readers, which could be for ever.)
 *
 * So a writer inherits the priority of readers that wait for it, but readers
 * inherit nothing, for they may be many.
 */
#include <config.h>

#include "lock-hold-private.h"
#include "rtmutex-private.h"

/* What a frame that locks is up to, in its count. */
enum {
	LOCK_DONE,
	LOCK_WAITS,    /* for the spinlock */
	LOCK_DRAINS,   /* a writer, for the readers */
	LOCK_DEADLOCK, /* for ever */
};

static void begin_wait(struct cpu *cpu, struct lock *lock, bool read)
{
	cpu->top->count =
		rtlock_begin_wait(cpu, lock, read) ? LOCK_WAITS : LOCK_DEADLOCK;
}

/* After each sleep from the next try on. */
static void wait_if_any(struct cpu *cpu, const struct op *op)
{
	if (cpu->top->count == LOCK_DONE) {
		op_ret(cpu, op);
		op_rtlock_pinned(cpu, op);
		return;
	}
	rt_mutex_sleep(cpu, op->a.path);
}

#define WAIT_IF_ANY(again)                             \
	{                                              \
		.exec = wait_if_any, .a.path = (again) \
	}

/*
 * Readers
 */

static void read_held(struct cpu *cpu, struct lock *lock, bool contended)
{
	struct task *curr = current_task(to_kcpu(cpu));

	lock->nr_readers++;
	lock_read_taken(cpu, lock, contended ? rt_mutex_waited(cpu) : 0,
			contended);
	migrate_disable(curr);
}

static void read_try(struct cpu *cpu, const struct op *op)
{
	struct lock *lock = lock_arg(cpu);

	(void)op;
	cpu->top->count = LOCK_DONE;
	if (lock->writing)
		begin_wait(cpu, lock, true);
	else
		read_held(cpu, lock, false);
}

/* The spinlock is held for an instant only: who is next may have it. */
static void read_retry(struct cpu *cpu, const struct op *op)
{
	struct lock *lock = lock_arg(cpu);

	if (cpu->top->count != LOCK_WAITS ||
	    !rt_mutex_try_take(cpu, lock, true)) {
		rtlock_say_waits(cpu);
		return;
	}
	cpu->top->count = LOCK_DONE;
	rtlock_restore_state(cpu);
	read_held(cpu, lock, true);
	op_rt_mutex_pass(cpu, op);
}

static const struct op read_retry_ops[] = {
	DO(read_retry),
	WAIT_IF_ANY(read_retry_ops),
};

static const struct op read_lock_path[] = {
	DO(op_rtlock_might_resched),
	SPEND(SPIN_LOCK),
	DO(read_try),
	WAIT_IF_ANY(read_retry_ops),
};

/* Still a reader's. */
static void read_unpin(struct cpu *cpu, const struct op *op)
{
	if (!lock_hold_find(cpu, lock_arg(cpu)))
		return;
	migrate_enable(current_task(to_kcpu(cpu)));
	op_rtlock_unpinned(cpu, op);
}

static void find_writer(struct cpu *cpu, const struct op *op)
{
	struct lock *lock = lock_arg(cpu);

	(void)op;
	rt_mutex_freed(cpu, lock);
	current_task(to_kcpu(cpu))->wakee = lock->owner;
	cpu->top->left += cpu->price[COST_WAKEUP];
}

static void wake_writer(struct cpu *cpu, const struct op *op)
{
	struct task *curr = current_task(to_kcpu(cpu));

	(void)op;
	wake_rtlock(to_kcpu(cpu), curr->wakee);
	curr->wakee = NULL;
}

/* cf. __rwbase_read_unlock() */
static const struct op wake_writer_path[] = {
	DO(op_local_irq_save),
	DO(op_preempt_disable),
	DO(find_writer),
	DO(wake_writer),
	DO(op_local_irq_restore),
	DO(op_preempt_enable),
	RET,
};

/* The last reader lets the writer know that waits for that. */
static void read_release(struct cpu *cpu, const struct op *op)
{
	struct lock *lock = lock_arg(cpu);

	(void)op;
	if (lock_read_given_back(cpu, lock) && !--lock->nr_readers &&
	    lock->writing)
		cpu_push(cpu, wake_writer_path, lock);
}

static const struct op read_unlock_path[] = {
	SPEND(SPIN_UNLOCK),
	DO(read_unpin),
	DO(read_release),
	RET,
};

/*
 * Writers
 */

static void write_held(struct cpu *cpu, struct lock *lock, bool contended)
{
	cpu->top->count = LOCK_DONE;
	rt_mutex_take(cpu, lock, contended);
	migrate_disable(current_task(to_kcpu(cpu)));
}

/* What it waits for is told before it is the owner, for it does not wait for
 * itself. */
static void wait_for_readers(struct cpu *cpu, struct lock *lock)
{
	struct task *curr = current_task(to_kcpu(cpu));

	cpu->top->count = LOCK_DRAINS;
	lock->owner = NULL;
	if (likely(rt_mutex_may_sleep(cpu))) {
		curr->waiting_since = cpu->sim->now;
		rtlock_save_state(cpu);
		cpu_trace(cpu, TP_contention_begin, lock, 0, 0);
	} else {
		rt_mutex_spin_begin(cpu, lock);
	}
	lock->owner = curr;
}

/* A writer's first step, from which on readers wait; its own wait, if there is
 * one already, goes on. */
static bool try_take(struct cpu *cpu, struct lock *lock)
{
	const struct task *curr = current_task(to_kcpu(cpu));

	if (!rt_mutex_try_take(cpu, lock, true))
		return false;
	lock->writing = true;
	lock->waits_below = curr->nr_waits;
	if (curr->nr_waits && curr->waits_for[curr->nr_waits - 1] == lock)
		lock->waits_below--;
	return true;
}

static void write_try(struct cpu *cpu, const struct op *op)
{
	struct lock *lock = lock_arg(cpu);

	(void)op;
	if (!try_take(cpu, lock)) {
		begin_wait(cpu, lock, false);
	} else if (!lock->nr_readers) {
		write_held(cpu, lock, false);
	} else {
		wait_for_readers(cpu, lock);
	}
}

static void write_retry(struct cpu *cpu, const struct op *op)
{
	struct lock *lock = lock_arg(cpu);

	(void)op;
	if (cpu->top->count == LOCK_WAITS && try_take(cpu, lock))
		cpu->top->count = LOCK_DRAINS;
	if (cpu->top->count == LOCK_DRAINS && !lock->nr_readers) {
		rtlock_restore_state(cpu);
		write_held(cpu, lock, true);
	} else {
		rtlock_say_waits(cpu);
	}
}

static const struct op write_retry_ops[] = {
	DO(write_retry),
	WAIT_IF_ANY(write_retry_ops),
};

static const struct op write_lock_path[] = {
	DO(op_rtlock_might_resched),
	SPEND(SPIN_LOCK),
	DO(write_try),
	WAIT_IF_ANY(write_retry_ops),
};

static void write_release(struct cpu *cpu, const struct op *op)
{
	struct lock *lock = lock_arg(cpu);

	if (lock_not_mine(cpu, lock, lock->owner == current_task(to_kcpu(cpu))))
		return;
	lock->writing = false;
	op_rt_mutex_unlock(cpu, op);
}

static const struct op write_unlock_path[] = {
	SPEND(SPIN_UNLOCK),
	DO(op_rtlock_unpin),
	DO(write_release),
	RET,
};

#define WITH_BH(name)                                      \
	static const struct op name##_lock_bh_path[] = {   \
		DO(op_local_bh_disable),                   \
		CALL(name##_lock_path),                    \
		RET,                                       \
	};                                                 \
	static const struct op name##_unlock_bh_path[] = { \
		CALL(name##_unlock_path),                  \
		DO(op_local_bh_enable),                    \
		RET,                                       \
	}

WITH_BH(read);
WITH_BH(write);

#define FORMS(path, bh_path)                                    \
	{                                                       \
		[LOCK_PLAIN] = (path), [LOCK_IRQ] = (path),     \
		[LOCK_IRQSAVE] = (path), [LOCK_BH] = (bh_path), \
	}

const struct lock_type rt_rwlock = {
	.name = "rwlock",
	.inherits = true,
	.lock = FORMS(write_lock_path, write_lock_bh_path),
	.unlock = FORMS(write_unlock_path, write_unlock_bh_path),
	.read_lock = FORMS(read_lock_path, read_lock_bh_path),
	.read_unlock = FORMS(read_unlock_path, read_unlock_bh_path),
};
