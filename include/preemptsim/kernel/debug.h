/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_KERNEL_DEBUG_H
#define PREEMPTSIM_KERNEL_DEBUG_H

/*
 * What the kernel says when something goes wrong.
 */

#include <stdbool.h>
#include <stddef.h>

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
 */
struct debug_state {
	bool atomic_sleep_said, blocking_op_said, bh_enable_said;
	ktime_t atomic_sleep_at;
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

/**
 * debug_atomic_sleep - @kc is where nothing may sleep, and something might;
 * says so at most once a second.  cf. __might_resched().
 */
void debug_atomic_sleep(struct kcpu *kc);

/** debug_blocking_op - something might sleep although current has said that it
 * sleeps already, which it would forget; says so once.  cf. __might_sleep(). */
void debug_blocking_op(struct kcpu *kc);

/** debug_bh_enable - bottom halves go on with interrupts off; says so once. */
void debug_bh_enable(struct kcpu *kc);

/**
 * deadlock_init - listen to who waits for a lock, and tell when someone waits
 * for itself.  Costs nothing while nobody waits.
 */
void deadlock_init(struct kernel *kernel);

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

#endif
