/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Mutexes: a waiter blocks.  cf. kernel/locking/mutex.c v6.12.
 *
 * An unlock frees the mutex and wakes the first waiter, which may find that
 * somebody else was faster; it then asks to be handed it next time
 * (MUTEX_FLAG_HANDOFF).  Left out: optimistic spinning on a running owner.
 *
 * In user mode the same lock is a futex: a system call only when contended, and
 * a wait that a signal could end (kernel/futex/waitwake.c: futex_wait_queue()).
 * The most urgent waiter is woken first, and nobody is handed anything: who was
 * woken in vain queues anew.  It stays one where spinlocks sleep.
 */
#include <config.h>

#include "lock-private.h"

#include <glib.h>

#include "preemptsim/kernel/entry.h"
#include "preemptsim/kernel/wait.h"

static void mutex_take(struct cpu *cpu, struct lock *lock, bool contended)
{
	struct task *curr = current_task(to_kcpu(cpu));
	ktime_t waited = contended ? cpu->sim->now - curr->waiting_since : 0;

	lock_taken(cpu, lock, waited, contended);
}

/* The state to wait in. */
static void say_sleeps(struct cpu *cpu, const struct op *op)
{
	struct kcpu *kc = to_kcpu(cpu);

	set_current_state(kc, current_task(kc), (unsigned int)op->a.num);
}

/* Both kinds of waiters go through the same operations; their states differ. */
static bool waits_for_futex(const struct op *op)
{
	return op->a.num == TASK_INTERRUPTIBLE;
}

/* cf. __futex_queue() */
static int futex_prio(const struct task *p)
{
	return MIN(p->normal_prio, MAX_RT_PRIO);
}

/* Before whom @p queues: real-time tasks stand in order of priority, the others
 * behind them as they came; who waits for a mutex stands behind all. */
static struct list_head *place_of(struct lock *lock, const struct task *p,
				  bool futex)
{
	struct list_head *pos;

	if (!futex)
		return &lock->waiters;
	list_for_each(pos, &lock->waiters)
	{
		if (futex_prio(container_of(pos, struct task, wait)) >
		    futex_prio(p))
			break;
	}
	return pos;
}

static void mutex_try(struct cpu *cpu, const struct op *op)
{
	struct lock *lock = lock_arg(cpu);
	struct task *curr = current_task(to_kcpu(cpu));

	if (!lock->owner) {
		mutex_take(cpu, lock, false);
		return;
	}
	if (!lock_deadlocks(cpu, lock))
		curr->waiter.lock = lock;
	curr->waiting_since = cpu->sim->now;
	curr->lock_granted = false;
	wait_enqueue(curr, &curr->wait,
		     place_of(lock, curr, waits_for_futex(op)));
	cpu_trace(cpu, TP_contention_begin, lock, 0, 0);
	say_sleeps(cpu, op);
	cpu->top->count = 1;
}

static bool mutex_waiting(struct cpu *cpu)
{
	return cpu->top->count && !current_task(to_kcpu(cpu))->lock_granted;
}

/* Woken in vain: the first one is handed the mutex next time, or stands behind
 * those who came meanwhile. */
static void wait_again(struct lock *lock, struct task *p, bool futex)
{
	if (futex) {
		list_del(&p->wait);
		wait_enqueue(p, &p->wait, place_of(lock, p, true));
	} else if (lock->waiters.next == &p->wait) {
		lock->handoff = true;
	}
}

static void mutex_retry(struct cpu *cpu, const struct op *op)
{
	struct lock *lock = lock_arg(cpu);
	struct task *curr = current_task(to_kcpu(cpu));

	if (curr->lock_granted)
		return;
	if (lock->owner) {
		wait_again(lock, curr, waits_for_futex(op));
		say_sleeps(cpu, op);
		return;
	}
	list_del(&curr->wait);
	curr->waiter.lock = NULL;
	curr->lock_granted = true;
	lock->owner = curr;
}

static void mutex_granted(struct cpu *cpu, const struct op *op)
{
	if (!cpu->top->count)
		return;
	op_finish_wait(cpu, op);
	mutex_take(cpu, lock_arg(cpu), true);
}

static void mutex_begin(struct cpu *cpu, const struct op *op)
{
	(void)op;
	cpu->top->count = 0;
}

#define TO_WAIT(action, state)                     \
	{                                          \
		.exec = (action), .a.num = (state) \
	}

#define LOCK_PATH(name, state)                           \
	static const struct op name##_sleep_path[] = {   \
		CALL(schedule_path),                     \
		TO_WAIT(mutex_retry, state),             \
		RET,                                     \
	};                                               \
	static const struct op name##_lock_path[] = {    \
		SPEND(MUTEX_LOCK),                       \
		DO(mutex_begin),                         \
		TO_WAIT(mutex_try, state),               \
		WHILE(mutex_waiting, name##_sleep_path), \
		DO(mutex_granted),                       \
		RET,                                     \
	}

LOCK_PATH(mutex, TASK_UNINTERRUPTIBLE);
LOCK_PATH(futex, TASK_INTERRUPTIBLE);

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
	.help = "blocks the task; in user mode a futex",
	.sleeps = true,
	.rt = &lock_type_mutex_rt,
	.lock = { [LOCK_PLAIN] = mutex_lock_path },
	.unlock = { [LOCK_PLAIN] = mutex_unlock_path },
	.user_lock = user_lock_path,
	.user_unlock = user_unlock_path,
};
