/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_KERNEL_LOCK_H
#define PREEMPTSIM_KERNEL_LOCK_H

/*
 * Locks.  A lock type is a set of paths; a path's frame has the lock as its
 * arg.  One file src/kernel/lock/lock-NAME.c and a line in lock-list.h make
 * another.
 */

#include <stdbool.h>
#include <stdint.h>

#include "preemptsim/base/list.h"
#include "preemptsim/base/params.h" /* struct choice */
#include "preemptsim/base/rng.h"
#include "preemptsim/base/time.h"
#include "preemptsim/machine/op.h"

struct kcpu;
struct kernel;
struct rq;
struct task;
struct lock;

/** enum lock_mode - the forms that taking a lock comes in. */
enum lock_mode {
	LOCK_PLAIN,   /* spin_lock(), mutex_lock() */
	LOCK_IRQ,     /* spin_lock_irq() */
	LOCK_IRQSAVE, /* spin_lock_irqsave() */
	LOCK_BH,      /* spin_lock_bh() */
	NR_LOCK_MODES
};

/* What TP_lock_acquire tells beside the time; a mask.  TP_contention_begin tells
 * of readers, of who may spin before he sleeps, and, once more, of who does not
 * spin any more. */
#define LOCK_CONTENDED 1
#define LOCK_READ 2
#define LOCK_MAY_SPIN 4
#define LOCK_WILL_SLEEP 8

/**
 * struct lock_type - a kind of lock.
 * @name: as in a scenario
 * @help: one sentence
 * @sleeps: waiting for it blocks the task, so that it is for task context
 *          only and is taken with mutex_lock
 * @inherits: waiters, struct task by waiter.link, lend their priority
 * @rt: what it is where spinlocks sleep; NULL: the same
 * @lock, @unlock: paths by enum lock_mode; NULL: it has no such form
 * @read_lock, @read_unlock: the same for readers; NULL: there are none
 * @seq_wait: path that waits for the end of a write; NULL: no seqlock
 * @ceiling: it has one
 * @user_lock, @user_unlock: paths in user mode (a futex); NULL: kernel only
 */
struct lock_type {
	const char *name;
	const char *help;
	bool sleeps, inherits, ceiling;
	const struct lock_type *rt;
	const struct op *lock[NR_LOCK_MODES];
	const struct op *unlock[NR_LOCK_MODES];
	const struct op *read_lock[NR_LOCK_MODES];
	const struct op *read_unlock[NR_LOCK_MODES];
	const struct op *seq_wait;
	const struct op *user_lock, *user_unlock;
};

/**
 * struct lock - a lock.
 * @type, @name: what and which; @name is borrowed
 * @owner_cpu: the CPU that holds a spinning lock; NULL: free
 * @owner: the task that holds it (a spinning one: current when it was taken)
 * @waiters: struct spin_waiter or struct task, in order of coming
 * @spinners: struct spin_waiter, of a lock to sleep for: who can't sleep
 * @osq: tasks that spin for it before they would sleep, in order of coming;
 *       the first looks at it
 * @spinner: one of @waiters, that it is the first of, which spins, too
 * @since: held since
 * @context: preempt_count when it was taken
 * @open: interrupt flag before an irqsave form
 * @wakee: the waiter that an unlock is about to wake
 * @ceiling: priority that holding it lends in any case; MAX_PRIO: none
 * @boost: priority that it lends its owner; MAX_PRIO: none
 * @boost_link: among the locks that boost their owner
 * @class: its number among lockdep's, from 1 on; 0: it was never taken
 * @waits_below: waits on its holder's stack over which it was taken
 * @nr_readers: how many read
 * @writing: where it sleeps: a writer has it, or will when those who read now
 *           do not any more
 * @sequence: of a seqlock, odd during a write; @retries: reads begun anew
 * @readers: struct lock_hold, wait for the end of a write
 * @rng: for what is left to chance
 * @handoff: a waiter was woken in vain; the next unlock gives it the lock
 * @internal: the kernel's own, not one of a scenario
 */
struct lock {
	const struct lock_type *type;
	const char *name;
	struct kcpu *owner_cpu;
	struct task *owner;
	struct list_head waiters, spinners, osq;
	struct task *spinner;
	ktime_t since;
	uint32_t context;
	uint8_t open;
	struct task *wakee;
	int ceiling, boost;
	struct list_head boost_link;
	unsigned int class;
	unsigned int waits_below;
	unsigned int nr_readers;
	bool writing;
	uint64_t sequence, retries;
	struct list_head readers;
	struct rng rng;
	bool handoff, internal;
};

/** lock_init - a free lock. */
void lock_init(struct lock *lock, const struct lock_type *type,
	       const char *name);

/** lock_seed - let @lock's chance come from @seed. */
void lock_seed(struct lock *lock, uint64_t seed, uint64_t run);

/** owner_spin_kick - @p, which spins for a lock to sleep for, has to look at how
 * things stand. */
__attribute__((noinline, cold)) void owner_spin_kick(struct task *p);

/** owner_spin_switched - as has everybody who spins since the task that ran on
 * @rq until now holds a lock. */
__attribute__((noinline, cold)) void owner_spin_switched(struct rq *rq);

/** op_seq_begin, op_seq_look, op_seq_end - around what is done under the
 * seqlock a.ptr, or b.ptr for the last, which goes back to what follows the
 * first in the path a.path for as long as there was a write meanwhile, and
 * returns from it then. */
void op_seq_begin(struct cpu *cpu, const struct op *op);
void op_seq_look(struct cpu *cpu, const struct op *op);
void op_seq_end(struct cpu *cpu, const struct op *op);

/** futex_name - the system call in which user mode waits for a lock; what is
 * taken in it is user mode's, not the kernel's. */
extern const char futex_name[];

/** lock_type_of - what @type is in @kernel: where spinlocks sleep, they and
 * some others are not what they are elsewhere. */
const struct lock_type *lock_type_of(const struct kernel *kernel,
				     const struct lock_type *type);

/** cond_resched_lock_path - cond_resched_lock(): if another task should run, or
 * in a model that preempts somebody waits for the lock, give it back and take it
 * again.  The frame's arg is the lock, held once. */
extern const struct op cond_resched_lock_path[];

/** lock_type_choice - the types' names. */
const struct choice *lock_type_choice(unsigned int i);

/** lock_type - the type behind lock_type_choice(@i), or NULL. */
const struct lock_type *lock_type(unsigned int i);

#endif
