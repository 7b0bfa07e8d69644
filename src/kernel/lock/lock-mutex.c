/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Mutexes: a waiter spins while the holder runs, and then blocks.
 * cf. kernel/locking/mutex.c v6.12: __mutex_lock_common(),
 * mutex_optimistic_spin(), __mutex_unlock_slowpath().
 *
 * Those that come and spin stand in line, and the first of them looks at the
 * mutex (osq_lock.c).  An unlock frees it and wakes the first of those that
 * sleep.  That one may find that somebody else was faster; it then asks to be
 * handed it next time (MUTEX_FLAG_HANDOFF), and spins again itself.
 *
 * Left out: spinning for oneself.  Who would wait for himself in the end sleeps
 * at once; in Linux he spins until his CPU is wanted.
 *
 * In user mode the same lock is a futex: a system call only when contended, and
 * a wait that a signal could end (kernel/futex/waitwake.c: futex_wait_queue()).
 * The most urgent waiter is woken first, and nobody spins or is handed anything:
 * who was woken in vain queues anew.  It stays one where spinlocks sleep.
 */
#include <config.h>

#include "owner-spin-private.h"

#include <glib.h>

#include "preemptsim/kernel/entry.h"
#include "preemptsim/kernel/wait.h"

static void mutex_take(struct cpu *cpu, struct lock *lock, bool contended)
{
	struct task *curr = current_task(to_kcpu(cpu));
	ktime_t waited = contended ? cpu->sim->now - curr->waiting_since : 0;

	lock_taken(cpu, lock, waited, contended);
}

/*
 * Waiters
 */

/* cf. __futex_queue() */
static int futex_prio(const struct task *p)
{
	return MIN(p->normal_prio, MAX_RT_PRIO);
}

/* Before whom @p queues for a futex: real-time tasks stand in order of priority,
 * the others behind them as they came; who waits for a mutex stands behind
 * all. */
static struct list_head *futex_place(struct lock *lock, const struct task *p)
{
	struct list_head *pos;

	list_for_each(pos, &lock->waiters)
	{
		if (futex_prio(container_of(pos, struct task, wait)) >
		    futex_prio(p))
			break;
	}
	return pos;
}

static void wait_begin(struct cpu *cpu, struct lock *lock, bool deadlocks,
		       int64_t how)
{
	struct task *curr = current_task(to_kcpu(cpu));

	if (!deadlocks)
		curr->waiter.lock = lock;
	curr->waiting_since = cpu->sim->now;
	curr->lock_granted = false;
	cpu_trace(cpu, TP_contention_begin, lock, how, 0);
}

/* Current, which waits for the @lock, takes it: it is free. */
static void wait_over(struct lock *lock, struct task *curr)
{
	list_del(&curr->wait);
	curr->waiter.lock = NULL;
	lock->owner = curr;
}

/* It has it, and whoever was about to wake it need not any more. */
static void mutex_granted(struct cpu *cpu)
{
	struct lock *lock = lock_arg(cpu);
	struct task *curr = current_task(to_kcpu(cpu));

	curr->lock_granted = false;
	if (lock->wakee == curr)
		lock->wakee = NULL;
	if (curr->state != TASK_RUNNING)
		say_state(cpu, TASK_RUNNING);
	mutex_take(cpu, lock, true);
}

/*
 * A mutex in the kernel
 */

/* What a frame that locks is up to, in its count. */
enum {
	LOCK_DONE,
	LOCK_SPINS, /* in line, or as the first waiter */
	LOCK_WAITS,
};

/* cf. __mutex_trylock() */
static bool mutex_trylock(struct cpu *cpu)
{
	struct lock *lock = lock_arg(cpu);
	struct task *curr = current_task(to_kcpu(cpu));

	if (lock->owner && !curr->lock_granted)
		return false;
	if (!curr->lock_granted)
		wait_over(lock, curr);
	cpu->top->count = LOCK_DONE;
	return true;
}

/* cf. mutex_can_spin_on_owner().  What runs over a task that spins does not. */
static void mutex_contended(struct cpu *cpu, const struct op *op)
{
	struct lock *lock = lock_arg(cpu);
	struct task *curr = current_task(to_kcpu(cpu));
	bool deadlocks = lock_deadlocks(cpu, lock);

	(void)op;
	cpu->top->count = LOCK_WAITS;
	wait_begin(cpu, lock, deadlocks, LOCK_MAY_SPIN);
	if (deadlocks || curr->spins || !owner_spin_worth(cpu, lock))
		return;
	cpu->top->count = LOCK_SPINS;
	owner_spin_begin(cpu, lock);
	list_add_tail(&curr->spin.link, &lock->osq);
}

/* Has who spins something to wait for?  cf. osq_lock(), and
 * mutex_spin_on_owner(). */
static bool mutex_spins_on(struct cpu *cpu, const struct lock *lock, bool looks)
{
	return looks ? owner_spin_worth(cpu, lock) : !need_resched(cpu);
}

/* cf. mutex_optimistic_spin() */
static void mutex_spin(struct cpu *cpu, const struct op *op)
{
	struct lock *lock = lock_arg(cpu);
	const struct task *curr = current_task(to_kcpu(cpu));
	bool looks;

	(void)op;
	if (cpu->top->count != LOCK_SPINS)
		return;
	looks = lock->spinner == curr || owner_spin_first(lock, curr);
	if (!looks || !mutex_trylock(cpu)) {
		if (mutex_spins_on(cpu, lock, looks)) {
			cpu->top->pc--;
			owner_spin_stall(cpu, lock, looks);
			return;
		}
		cpu->top->count = LOCK_WAITS;
	}
	owner_spin_end(cpu);
}

static bool waits_first(const struct lock *lock, const struct task *p)
{
	return lock->waiters.next == &p->wait;
}

/* Who comes, and the first waiter; cf. what calls mutex_optimistic_spin(). */
static bool may_spin(struct cpu *cpu, const struct lock *lock)
{
	const struct kcpu *kc = to_kcpu(cpu);
	const struct task *curr = current_task(kc);

	return kc->kernel->features.owner_spin &&
	       (list_empty(&curr->wait) || waits_first(lock, curr));
}

/* Who may spin and does not, since somebody else shall run, lets him before he
 * could get the mutex and take it along. */
static bool mutex_makes_way(struct cpu *cpu)
{
	return cpu->top->count == LOCK_WAITS && need_resched(cpu) &&
	       may_spin(cpu, lock_arg(cpu));
}

static void mutex_runs_on(struct cpu *cpu, const struct op *op)
{
	(void)op;
	if (mutex_makes_way(cpu) && task_sleeps(cpu))
		say_state(cpu, TASK_RUNNING);
}

/* The second look, at what the wait_lock protects; then among the waiters. */
static void mutex_enqueue(struct cpu *cpu, const struct op *op)
{
	struct lock *lock = lock_arg(cpu);
	struct task *curr = current_task(to_kcpu(cpu));

	(void)op;
	if (cpu->top->count == LOCK_DONE || mutex_trylock(cpu))
		return;
	wait_enqueue(curr, &curr->wait, &lock->waiters);
	say_state(cpu, TASK_UNINTERRUPTIBLE);
	cpu_trace(cpu, TP_contention_begin, lock, LOCK_WILL_SLEEP, 0);
}

/* Woken, maybe in vain: the first in line is handed the mutex next time. */
static void mutex_retry(struct cpu *cpu, const struct op *op)
{
	struct lock *lock = lock_arg(cpu);
	struct task *curr = current_task(to_kcpu(cpu));

	(void)op;
	say_state(cpu, TASK_UNINTERRUPTIBLE);
	if (mutex_trylock(cpu) || !waits_first(lock, curr))
		return;
	lock->handoff = true;
	cpu_trace(cpu, TP_contention_begin, lock,
		  LOCK_WILL_SLEEP | LOCK_MAY_SPIN, 0);
	if (curr->spins || !owner_spin_worth(cpu, lock))
		return;
	cpu->top->count = LOCK_SPINS;
	owner_spin_begin(cpu, lock);
	lock->spinner = curr;
}

static void mutex_again(struct cpu *cpu, const struct op *op)
{
	struct lock *lock = lock_arg(cpu);

	(void)op;
	if (cpu->top->count != LOCK_WAITS)
		return;
	if (waits_first(lock, current_task(to_kcpu(cpu))))
		cpu_trace(cpu, TP_contention_begin, lock, LOCK_WILL_SLEEP, 0);
	mutex_trylock(cpu);
}

static const struct op mutex_locked_ops[] = {
	DO_WITH(op_preempt_enable, "mutex_lock"),
	RET,
};

static void mutex_wait(struct cpu *cpu, const struct op *op)
{
	if (cpu->top->count == LOCK_WAITS) {
		cpu->top->pc = op->a.path;
		return;
	}
	mutex_granted(cpu);
	cpu->top->pc = mutex_locked_ops;
}

/* cf. schedule_preempt_disabled() */
static const struct op schedule_preempt_disabled_path[] = {
	DO_WITH(op_preempt_enable_no_resched, "schedule_preempt_disabled"),
	CALL(schedule_path),
	DO_WITH(op_preempt_disable, "schedule_preempt_disabled"),
	RET,
};

#define MUTEX_SPIN                         \
	DO(mutex_spin), DO(mutex_runs_on), \
		WHEN(mutex_makes_way, schedule_preempt_disabled_path)

#define MUTEX_WAIT                                           \
	{                                                    \
		.exec = mutex_wait, .a.path = mutex_wait_ops \
	}

static const struct op mutex_wait_ops[] = {
	CALL(schedule_preempt_disabled_path),
	DO(mutex_retry),
	MUTEX_SPIN,
	DO(mutex_again),
	MUTEX_WAIT,
};

static const struct op mutex_slow_ops[] = {
	DO_WITH(op_preempt_disable, "mutex_lock"),
	DO(mutex_contended),
	MUTEX_SPIN,
	DO(mutex_enqueue),
	MUTEX_WAIT,
};

static void mutex_try(struct cpu *cpu, const struct op *op)
{
	struct lock *lock = lock_arg(cpu);

	if (lock->owner) {
		cpu->top->pc = mutex_slow_ops;
		return;
	}
	mutex_take(cpu, lock, false);
	op_ret(cpu, op);
}

static const struct op mutex_lock_path[] = {
	SPEND(MUTEX_LOCK),
	DO(mutex_try),
};

/*
 * Giving it back, also a futex
 */

/* cf. __mutex_unlock_slowpath() */
static void mutex_release(struct cpu *cpu, const struct op *op)
{
	struct kcpu *kc = to_kcpu(cpu);
	struct lock *lock = lock_arg(cpu);
	struct task *first;

	(void)op;
	if (lock_not_mine(cpu, lock, lock->owner == current_task(kc)))
		return;
	lock_given_back(cpu, lock);
	owner_spin_changed(lock, 0);
	if (list_empty(&lock->waiters))
		return;
	first = list_first(&lock->waiters, struct task, wait);
	if (lock->handoff) {
		lock->handoff = false;
		list_del(&first->wait);
		first->waiter.lock = NULL;
		first->lock_granted = true;
		lock->owner = first;
	}
	lock->wakee = first;
	cpu->top->left += cpu->price[COST_WAKEUP];
}

/* cf. wake_up_q(): after the mutex is free. */
static void mutex_wake(struct cpu *cpu, const struct op *op)
{
	struct lock *lock = lock_arg(cpu);
	struct task *wakee = lock->wakee;

	(void)op;
	lock->wakee = NULL;
	if (wakee)
		try_to_wake_up(to_kcpu(cpu), wakee, NO_EVENT);
}

/* A wakeup happens under the wakee's pi_lock, interrupts off. */
static const struct op mutex_unlock_path[] = {
	SPEND(MUTEX_UNLOCK),	DO(op_local_irq_save),
	DO(op_preempt_disable), DO(mutex_release),
	DO(mutex_wake),		DO(op_local_irq_restore),
	DO(op_preempt_enable),	RET,
};

/*
 * A futex
 */

static void futex_try(struct cpu *cpu, const struct op *op)
{
	struct lock *lock = lock_arg(cpu);
	struct task *curr = current_task(to_kcpu(cpu));

	(void)op;
	cpu->top->count = LOCK_DONE;
	if (!lock->owner) {
		mutex_take(cpu, lock, false);
		return;
	}
	wait_begin(cpu, lock, lock_deadlocks(cpu, lock), 0);
	wait_enqueue(curr, &curr->wait, futex_place(lock, curr));
	say_state(cpu, TASK_INTERRUPTIBLE);
	cpu->top->count = LOCK_WAITS;
}

/* Who was woken in vain stands behind those who came meanwhile. */
static void futex_retry(struct cpu *cpu, const struct op *op)
{
	struct lock *lock = lock_arg(cpu);
	struct task *curr = current_task(to_kcpu(cpu));

	(void)op;
	if (!mutex_trylock(cpu)) {
		list_del(&curr->wait);
		wait_enqueue(curr, &curr->wait, futex_place(lock, curr));
		say_state(cpu, TASK_INTERRUPTIBLE);
		return;
	}
	mutex_granted(cpu);
}

static void futex_wait(struct cpu *cpu, const struct op *op)
{
	if (cpu->top->count == LOCK_DONE) {
		op_ret(cpu, op);
		return;
	}
	cpu->top->pc = op->a.path;
	cpu_push(cpu, schedule_path, NULL);
}

#define FUTEX_WAIT                                            \
	{                                                     \
		.exec = futex_wait, .a.path = futex_retry_ops \
	}

static const struct op futex_retry_ops[] = {
	DO(futex_retry),
	FUTEX_WAIT,
};

static const struct op futex_lock_path[] = {
	SPEND(MUTEX_LOCK),
	DO(futex_try),
	FUTEX_WAIT,
};

static const struct op futex_wait_path[] = {
	DO(op_syscall_enter),	 DO_WITH(op_sys_enter, futex_name),
	CALL(futex_lock_path),	 DO_WITH(op_sys_exit, futex_name),
	CALL(syscall_exit_path), RET,
};

static const struct op futex_wake_path[] = {
	DO(op_syscall_enter),	 DO_WITH(op_sys_enter, futex_name),
	CALL(mutex_unlock_path), DO_WITH(op_sys_exit, futex_name),
	CALL(syscall_exit_path), RET,
};

/* One atomic instruction decides whether it takes a system call. */
static void futex_lock(struct cpu *cpu, const struct op *op)
{
	struct lock *lock = lock_arg(cpu);

	(void)op;
	if (lock->owner) {
		cpu_push(cpu, futex_wait_path, lock);
		return;
	}
	mutex_take(cpu, lock, false);
	cpu_spend(cpu, cpu->price[COST_MUTEX_LOCK]);
}

static void futex_unlock(struct cpu *cpu, const struct op *op)
{
	struct lock *lock = lock_arg(cpu);

	if (!list_empty(&lock->waiters)) {
		cpu_push(cpu, futex_wake_path, lock);
		return;
	}
	mutex_release(cpu, op);
	cpu_spend(cpu, cpu->price[COST_MUTEX_UNLOCK]);
}

static const struct op user_lock_path[] = {
	DO(futex_lock),
	RET,
};

static const struct op user_unlock_path[] = {
	DO(futex_unlock),
	RET,
};

extern const struct lock_type lock_type_mutex, lock_type_mutex_rt;

const struct lock_type lock_type_mutex = {
	.name = "mutex",
	.help = "spins while its holder runs, then blocks the task; in user "
		"mode a futex",
	.sleeps = true,
	.rt = &lock_type_mutex_rt,
	.lock = { [LOCK_PLAIN] = mutex_lock_path },
	.unlock = { [LOCK_PLAIN] = mutex_unlock_path },
	.user_lock = user_lock_path,
	.user_unlock = user_unlock_path,
};
