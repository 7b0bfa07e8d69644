/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Mutexes with a priority ceiling: the holder has the priority of the most
 * urgent task that ever takes the lock, from the moment on when it takes it
 * (the immediate ceiling protocol, PTHREAD_PRIO_PROTECT; Sha, Rajkumar and
 * Lehoczky 1990 for what ceilings are good for).  On one CPU a task is then
 * held up once at most, before it begins, and there is no deadlock.
 *
 * In user mode taking and giving back always are system calls, for it takes
 * one to change a priority.  On several CPUs tasks may have to wait; they do
 * so as for an rt_mutex.
 */
#include <config.h>

#include "rtmutex-private.h"

#include "preemptsim/kernel/debug.h"
#include "preemptsim/kernel/entry.h"

/* A ceiling below a user of the lock: pthread_mutex_lock() says EINVAL.  A
 * deadline task has no priority to compare with; it is above all of them. */
static void check_ceiling(struct cpu *cpu, const struct op *op)
{
	const struct lock *lock = lock_arg(cpu);
	const struct task *curr = current_task(to_kcpu(cpu));

	(void)op;
	if (curr->normal_prio != DL_PRIO && curr->normal_prio < lock->ceiling &&
	    lock->ceiling < MAX_RT_PRIO)
		kernel_warn(
			to_kcpu(cpu), "bad_ceiling", lock,
			"%s-%d of priority %d takes %s, whose ceiling is %d",
			curr->comm, curr->pid,
			MAX_RT_PRIO - 1 - curr->normal_prio, lock->name,
			MAX_RT_PRIO - 1 - lock->ceiling);
}

static const struct op ceiling_lock_path[] = {
	DO(check_ceiling),
	CALL(rt_mutex_lock_path),
	RET,
};

static const struct op user_lock_path[] = {
	DO(op_syscall_enter),
	DO_WITH(op_sys_enter, futex_name),
	DO(check_ceiling),
	CALL(pi_futex_lock_path),
	DO_WITH(op_sys_exit, futex_name),
	CALL(syscall_exit_path),
	RET,
};

static const struct op user_unlock_path[] = {
	DO(op_syscall_enter),	    DO_WITH(op_sys_enter, futex_name),
	CALL(rt_mutex_unlock_path), DO_WITH(op_sys_exit, futex_name),
	CALL(syscall_exit_path),    RET,
};

extern const struct lock_type lock_type_ceiling;

const struct lock_type lock_type_ceiling = {
	.name = "ceiling",
	.help = "a mutex whose holder has the priority of the most urgent task "
		"that takes it, or the one given as its ceiling",
	.sleeps = true,
	.inherits = true,
	.ceiling = true,
	.lock = { [LOCK_PLAIN] = ceiling_lock_path },
	.unlock = { [LOCK_PLAIN] = rt_mutex_unlock_path },
	.user_lock = user_lock_path,
	.user_unlock = user_unlock_path,
};
