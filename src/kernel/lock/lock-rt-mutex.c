/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Mutexes with priority inheritance.  cf. kernel/locking/rtmutex_api.c v6.12:
 * rt_mutex_lock(), rt_mutex_unlock(); and rtmutex.c's
 * rt_mutex_slowlock_block().
 *
 * In user mode the same lock is a PI futex: a system call only when contended,
 * and a wait that a signal could end (kernel/futex/pi.c).  Where spinlocks
 * sleep, a mutex of the kernel is one of these, too.
 */
#include <config.h>

#include "rtmutex-private.h"

#include "preemptsim/kernel/entry.h"

/* What a frame that locks is up to, in its count. */
enum {
	LOCK_DONE,
	LOCK_WAITS,
	LOCK_DEADLOCK, /* for ever, cf. rt_mutex_handle_deadlock() */
};

/* The state to wait in. */
static void say_sleeps(struct cpu *cpu, const struct op *op)
{
	say_state(cpu, (unsigned int)op->a.num);
}

static void rt_mutex_try(struct cpu *cpu, const struct op *op)
{
	struct lock *lock = lock_arg(cpu);

	cpu->top->count = LOCK_DONE;
	if (rt_mutex_try_take(cpu, lock, false)) {
		rt_mutex_take(cpu, lock, false);
		return;
	}
	say_sleeps(cpu, op);
	if (lock_deadlocks(cpu, lock)) {
		cpu->top->count = LOCK_DEADLOCK;
		cpu_trace(cpu, TP_contention_begin, lock, 0, 0);
		return;
	}
	cpu->top->count = LOCK_WAITS;
	rt_mutex_wait_begin(cpu, lock, false);
}

static void rt_mutex_retry(struct cpu *cpu, const struct op *op)
{
	struct lock *lock = lock_arg(cpu);

	if (cpu->top->count == LOCK_WAITS &&
	    rt_mutex_try_take(cpu, lock, false)) {
		cpu->top->count = LOCK_DONE;
		if (task_sleeps(cpu)) /* no: it spun */
			say_state(cpu, TASK_RUNNING);
		rt_mutex_take(cpu, lock, true);
	} else {
		say_sleeps(cpu, op);
	}
}

/* After each sleep from the retry on; all in the frame that locks, whose count
 * says how it stands. */
static void rt_mutex_wait(struct cpu *cpu, const struct op *op)
{
	if (cpu->top->count == LOCK_DONE) {
		op_ret(cpu, op);
		return;
	}
	rt_mutex_sleep(cpu, op->a.path);
}

#define TO_WAIT(action, state)                     \
	{                                          \
		.exec = (action), .a.num = (state) \
	}

#define WAIT(again)                                      \
	{                                                \
		.exec = rt_mutex_wait, .a.path = (again) \
	}

#define LOCK_PATH(name, state)                        \
	static const struct op name##_retry_ops[] = { \
		TO_WAIT(rt_mutex_retry, state),       \
		WAIT(name##_retry_ops),               \
	};                                            \
	const struct op name##_lock_path[] = {        \
		SPEND(MUTEX_LOCK),                    \
		TO_WAIT(rt_mutex_try, state),         \
		WAIT(name##_retry_ops),               \
	}

LOCK_PATH(rt_mutex, TASK_UNINTERRUPTIBLE);
LOCK_PATH(pi_futex, TASK_INTERRUPTIBLE);

const struct op rt_mutex_unlock_path[] = {
	SPEND(MUTEX_UNLOCK),
	DO(op_rt_mutex_unlock),
	RET,
};

static const struct op futex_wait_path[] = {
	DO(op_syscall_enter),	  DO_WITH(op_sys_enter, futex_name),
	CALL(pi_futex_lock_path), DO_WITH(op_sys_exit, futex_name),
	CALL(syscall_exit_path),  RET,
};

static const struct op futex_wake_path[] = {
	DO(op_syscall_enter),	    DO_WITH(op_sys_enter, futex_name),
	CALL(rt_mutex_unlock_path), DO_WITH(op_sys_exit, futex_name),
	CALL(syscall_exit_path),    RET,
};

static void futex_lock(struct cpu *cpu, const struct op *op)
{
	struct lock *lock = lock_arg(cpu);

	(void)op;
	if (lock->owner || !list_empty(&lock->waiters)) {
		cpu_push(cpu, futex_wait_path, lock);
		return;
	}
	rt_mutex_try_take(cpu, lock, false);
	rt_mutex_take(cpu, lock, false);
	cpu_spend(cpu, cpu->price[COST_MUTEX_LOCK]);
}

static void futex_unlock(struct cpu *cpu, const struct op *op)
{
	struct lock *lock = lock_arg(cpu);

	if (!list_empty(&lock->waiters)) {
		cpu_push(cpu, futex_wake_path, lock);
		return;
	}
	op_rt_mutex_unlock(cpu, op);
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

extern const struct lock_type lock_type_rt_mutex, lock_type_mutex_rt;

#define RT_MUTEX_PATHS                                 \
	.sleeps = true, .inherits = true,              \
	.lock = { [LOCK_PLAIN] = rt_mutex_lock_path }, \
	.unlock = { [LOCK_PLAIN] = rt_mutex_unlock_path }

const struct lock_type lock_type_rt_mutex = {
	.name = "rt_mutex",
	.help = "a mutex whose holder inherits the priority of who waits for "
		"it; in user mode a PI futex",
	RT_MUTEX_PATHS,
	.user_lock = user_lock_path,
	.user_unlock = user_unlock_path,
};

const struct lock_type lock_type_mutex_rt = {
	.name = "mutex",
	.help = "spins while its holder runs, then blocks the task; in user "
		"mode a futex",
	RT_MUTEX_PATHS,
};
