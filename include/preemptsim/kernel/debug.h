/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_KERNEL_DEBUG_H
#define PREEMPTSIM_KERNEL_DEBUG_H

/*
 * What the kernel says when something goes wrong.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "preemptsim/base/time.h"

struct kcpu;
struct kernel;
struct lock;
struct task;

/**
 * struct debug_state - what was said already and is not to be said again.
 * @atomic_sleep_said, @atomic_sleep_at: sleeping_in_atomic, and when
 * @blocking_op_said: blocking_while_not_running
 * @bh_enable_said: bh_enable_irqs_off
 * @bh_disable_said: bh_disable_atomic
 * @handler_irqs_said: handler_irqs_on
 * @resched_latency_said: resched_latency
 * @call_said: call_irqs_off
 * @held_said: lock_held_at_exit
 * @overflow_said: preempt_count_imbalance, of a count that is nearly full
 */
struct debug_state {
	bool atomic_sleep_said, blocking_op_said, bh_enable_said;
	bool bh_disable_said;
	bool resched_latency_said, call_said, overflow_said, handler_irqs_said;
	bool held_said;
	ktime_t atomic_sleep_at;
};

/**
 * struct resched_latency - for how long need_resched has been set on a CPU.
 * @since, @ticks: the first tick that saw it, and how many did since then
 * @quiescent: the CPU's, at that tick; another one: it has scheduled
 */
struct resched_latency {
	ktime_t since;
	unsigned int ticks;
	uint64_t quiescent;
};

/* Bytes that hold any context, and any place. */
#define CONTEXT_MAX 128
#define PLACE_MAX 384

/**
 * struct place - where and when something was done.
 * @when, @cpu, @task: at which instant, where, on whose stack
 * @what, @name: in which context: "system call" "read", "softirq" "net_rx";
 *               @name may be NULL; both are borrowed
 */
struct place {
	ktime_t when;
	unsigned int cpu;
	const struct task *task;
	const char *what, *name;
};

/** interrupt_name - what the interrupt is called that was taken last of those
 * under way on @kc; NULL: there is none. */
const char *interrupt_name(const struct kcpu *kc);

/** here - the place that @kc is at. */
struct place here(const struct kcpu *kc);

/**
 * describe_place - "player-4 in system call read on CPU 0 at 0.001000000 s".
 *
 * Returns @buf, of @n bytes.
 */
const char *describe_place(const struct place *place, char *buf, size_t n);

/**
 * describe_context - what @kc runs: "system call read", "handler of disk", ...
 *
 * Returns @buf, of @n bytes.
 */
const char *describe_context(const struct kcpu *kc, char *buf, size_t n);

/**
 * kernel_warn - tell a warning of @kc's current task.
 * @lock: which it is about; NULL: none
 */
void kernel_warn(struct kcpu *kc, const char *kind, const struct lock *lock,
		 const char *format, ...) __attribute__((format(printf, 4, 5)));

/** kernel_warn_task - the same of a @task that does not run. */
void kernel_warn_task(const struct task *task, const char *kind,
		      const struct lock *lock, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/**
 * debug_atomic_sleep - @kc is where nothing may sleep, and something might, for
 * @lock, if not NULL; says so at most once a second.  cf. __might_resched().
 */
void debug_atomic_sleep(struct kcpu *kc, const struct lock *lock);

/** debug_blocking_op - something might sleep although current has said that it
 * sleeps already, which it would forget; says so once.  cf. __might_sleep(). */
void debug_blocking_op(struct kcpu *kc);

/** debug_count_full - preempt_disable() is nested so deeply that the count has
 * no room soon; says so once. */
void debug_count_full(struct kcpu *kc);

/** debug_handler_irqs - a handler that began with interrupts off ends with them
 * on; says so once. */
void debug_handler_irqs(struct kcpu *kc);

/** debug_bh_enable - bottom halves go on with interrupts off; says so once. */
void debug_bh_enable(struct kcpu *kc);

/** debug_bh_disable - under rt, who can't be preempted disables bottom halves
 * where somebody has; says so once. */
void debug_bh_disable(struct kcpu *kc);

/**
 * deadlock_init - listen to who waits for a lock, and tell when someone waits
 * for itself.  Costs nothing while nobody waits.
 */
void deadlock_init(struct kernel *kernel);

/**
 * lockdep_spinlock_held - the last lock that @p took of those that it holds and
 * that keep it from being switched out, or if @rtlock from sleeping for anything
 * else, as spinlocks do under rt; NULL: none that lockdep knows of.
 * cf. debug_show_held_locks().
 */
const struct lock *lockdep_spinlock_held(const struct task *p, bool rtlock);

/**
 * lockdep_sys_exit - @kc's current task, of whose locks lockdep knows, leaves a
 * system call: some of them are the kernel's, says so once.
 */
void lockdep_sys_exit(struct kcpu *kc);

/** lockdep_work_exit - the same of a work, which has taken a lock and not given
 * it back, or given back one that it had not taken. */
void lockdep_work_exit(struct kcpu *kc);

/** debug_work_leaked - a work ends and leaves preemption or bottom halves off. */
void debug_work_leaked(struct kcpu *kc);

/** debug_schedule - __schedule() is called where that is forbidden.
 * cf. __schedule_bug(). */
void debug_schedule(struct kcpu *kc);

/**
 * struct stall_config - after which times something counts as stuck; 0: never.
 * @watchdog: soft lockups after twice that, hard ones after that
 * @hung_task, @rcu_stall: of a task that sleeps, of a CPU that holds up RCU
 * @measured_from: when measuring begins, which restarts a CPU's stretches
 */
struct stall_config {
	ktime_t watchdog, hung_task, rcu_stall;
	ktime_t measured_from;
};

/** struct stall_detectors - what notices CPUs and tasks that are stuck. */
struct stall_detectors;

/**
 * stall_detectors_new - watch @kernel.
 *
 * Watching takes no time and changes nothing.  After kernel_new() and before
 * the run; stall_detectors_free() them.
 */
struct stall_detectors *stall_detectors_new(struct kernel *kernel,
					    const struct stall_config *config);

/** stall_detectors_free - free @detectors; NULL is fine. */
void stall_detectors_free(struct stall_detectors *detectors);

/** Event sources that stall detectors need. */
#define STALL_SOURCES 3

/** resched_latency_tick - a tick of @kc: has need_resched been set for longer
 * than kernel_config.latency_warn?  cf. cpu_resched_latency(). */
void resched_latency_tick(struct kcpu *kc);

/** struct lockdep - a validator of how locks are used. */
struct lockdep;

/**
 * lockdep_new - validate the use of up to @nr_locks locks of @kernel.
 *
 * Listens; before the run only.  lockdep_free() it.
 */
struct lockdep *lockdep_new(struct kernel *kernel, unsigned int nr_locks);

/** lockdep_free - free @lockdep; NULL is fine. */
void lockdep_free(struct lockdep *lockdep);

/** struct lock_checker - what sees that no wakeup of a waiter is lost. */
struct lock_checker;

/** lock_checker_new - in each switch on @kernel, hold all locks and those that
 * wait for them to what cannot be otherwise; see lock-check.c.  Before the run
 * only. */
struct lock_checker *lock_checker_new(struct kernel *kernel);

/** lock_checker_finish - a last time, and free @checker. */
void lock_checker_finish(struct lock_checker *checker);

#endif
