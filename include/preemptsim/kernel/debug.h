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

/* Bytes that hold any context. */
#define CONTEXT_MAX 128

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

#endif
