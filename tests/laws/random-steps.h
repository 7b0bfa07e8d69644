/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The steps of random scenarios; see random-scenario.h.
 *
 * What keeps them right:
 *   - Locks have an order, and are taken in it: mutexes, locks of tasks alone,
 *     bottom halves, locks shared with softirqs (taken with bh), locks shared
 *     with handlers (raw, taken with irqsave).
 *   - Under what may not sleep there are only raw locks and what does not
 *     block, so that it is right where spinlocks sleep, too.
 *   - Whatever can happen again and again takes time.
 */
#ifndef TESTS_LAWS_RANDOM_STEPS_H
#define TESTS_LAWS_RANDOM_STEPS_H

#include <glib.h>
#include <stdbool.h>

#include "preemptsim/base/rng.h"
#include "preemptsim/kernel/lock.h"
#include "preemptsim/kernel/preempt.h"
#include "preemptsim/kernel/softirq.h"
#include "preemptsim/workload/step.h"

/* Locks of each kind: usually, and at most; and the order of the kinds. */
#define RANDOM_LOCKS 2
#define MAX_RANDOM_LOCKS 4

enum random_lock {
	NO_LOCK,
	TASK_MUTEX,
	TASK_LOCK,
	SOFTIRQ_LOCK,
	HANDLER_LOCK,
};

static const char random_lock_name[] = "-mtsh";

/**
 * struct random_gen - a scenario in the making.
 * @nr_*: how many of them there are
 * @grid: all times are multiples of it, in ns, so that they meet
 * @type: of each lock
 * @mixed: some handlers run in threads and some don't
 * @no_deadline: deadline tasks would not be admitted
 * @group_rng, @nr_groups: groups of tasks, where the fair class knows them
 * @more_rng: of what came later, so that the rest is as it was
 * @crowd: of 100 steps, so many are locks before anything else is thought of;
 *         0: only a few are, as usual
 * @crowd_rng: of that
 * @nr_locks: locks of each kind
 * @depth: blocks around the next step
 */
struct random_gen {
	struct rng rng;
	GString *out;
	unsigned int nr_cpus, nr_queues, nr_devices, nr_disks, nr_cards;
	unsigned int grid, depth;
	const char *type[HANDLER_LOCK + 1][MAX_RANDOM_LOCKS];
	bool mixed, no_deadline;
	struct rng group_rng, more_rng, crowd_rng;
	unsigned int nr_groups, nr_locks, crowd;
};

/**
 * struct random_place - where the next step stands.
 * @where: IN_..., 0 for an NMI's handler
 * @lock, @index: the last lock that was taken
 * @atomic: it must not block
 * @raw: not even for a spinlock that sleeps
 * @irqs_off: nor may bottom halves be switched
 * @alone: only the last lock forbids it to block
 */
struct random_place {
	unsigned int where;
	enum random_lock lock;
	unsigned int index;
	bool atomic, raw, irqs_off, alone;
};

static inline unsigned int below(struct random_gen *g, unsigned int n)
{
	return (unsigned int)rng_below(&g->rng, n);
}

static inline unsigned int more_below(struct random_gen *g, unsigned int n)
{
	return (unsigned int)rng_below(&g->more_rng, n);
}

static inline unsigned int crowd_below(struct random_gen *g, unsigned int n)
{
	return (unsigned int)rng_below(&g->crowd_rng, n);
}

static inline bool chance(struct random_gen *g, unsigned int percent)
{
	return below(g, 100) < percent;
}

static inline unsigned int between(struct random_gen *g, unsigned int min,
				   unsigned int max)
{
	return min + below(g, max - min + 1);
}

/* A time in ns from @min to @max, on the grid. */
static inline unsigned int some_ns(struct random_gen *g, unsigned int min,
				   unsigned int max)
{
	unsigned int ns = between(g, min, max);

	return (ns + g->grid - 1) / g->grid * g->grid;
}

#define put(g, ...) g_string_append_printf((g)->out, __VA_ARGS__)

/* One of the names that @choices knows. */
static inline const char *one_of(struct random_gen *g, choices_fn choices)
{
	unsigned int n = 0;

	while (choices(n))
		n++;
	return choices(below(g, n))->name;
}

/* A time or a distribution of times, of some @us. */
static inline void put_time(struct random_gen *g, unsigned int us)
{
	unsigned int ns = some_ns(g, 1, us * 1000);

	switch (below(g, g->grid > 1 ? 30 : 12)) {
	case 0:
		put(g, "{uniform: [%uns, %uns]}", ns / 2, ns);
		break;
	case 1:
		put(g, "{exponential: %uns}", ns);
		break;
	case 2:
		put(g, "{normal: {mean: %uns, stddev: %uns}}", ns, ns / 4 + 1);
		break;
	case 3:
		put(g, "{lognormal: {median: %uns, sigma: 0.5}}", ns);
		break;
	case 4:
		put(g,
		    "{choice: [{weight: 3, value: %uns}, "
		    "{weight: 1, value: %uns}]}",
		    ns, 2 * ns);
		break;
	default:
		put(g, "%uns", ns);
	}
}

static inline void put_queue(struct random_gen *g)
{
	if (g->nr_devices && chance(g, 30))
		put(g, "d%u", below(g, g->nr_devices));
	else
		put(g, "q%u", below(g, g->nr_queues));
}

static inline void put_items(struct random_gen *g, struct random_place p,
			     unsigned int us);

/* Steps in brackets. */
static inline void put_steps(struct random_gen *g, struct random_place p,
			     unsigned int us)
{
	put(g, "[");
	g->depth++;
	put_items(g, p, us);
	g->depth--;
	put(g, "]");
}

/*
 * Locks: how one is taken is decided by what it is shared with and by where
 * the step stands.
 */

/* Can a lock of this kind be taken here? */
static inline bool lock_fits(const struct random_gen *g,
			     const struct random_place *p,
			     enum random_lock lock)
{
	if (!p->where || lock < p->lock ||
	    (lock == p->lock && p->index == g->nr_locks - 1))
		return false;
	if (lock == TASK_MUTEX)
		return p->where & IN_TASK && !p->atomic;
	if (lock == TASK_LOCK)
		return p->where & IN_SYSCALL && !p->raw;
	if (lock == SOFTIRQ_LOCK)
		return p->where & (IN_SYSCALL | IN_SOFTIRQ) && !p->raw;
	return p->where & IN_KERNEL;
}

/* lock, steps, unlock. */
static inline void put_pair(struct random_gen *g, const char *form,
			    const char *unform, struct random_place p,
			    unsigned int us)
{
	char kind = random_lock_name[p.lock];

	put(g, "%s: %c%u, ", form, kind, p.index);
	put_items(g, p, us);
	if (p.alone && !strcmp(g->type[p.lock][p.index], "spinlock") &&
	    chance(g, 30))
		put(g, ", cond_resched_lock: %c%u, run: %uns", kind, p.index,
		    some_ns(g, 1, 5000));
	put(g, ", %s: %c%u", unform, kind, p.index);
}

/* The same of a spinning lock, where readers may share it. */
static inline void put_spin_pair(struct random_gen *g, const char *suffix,
				 const char *unsuffix, struct random_place p,
				 unsigned int us)
{
	bool rwlock = !strcmp(g->type[p.lock][p.index], "rwlock");
	bool shared = rwlock && chance(g, 60);
	const char *alone = rwlock && more_below(g, 2) ? "write" : "spin";
	g_autofree char *form =
		g_strconcat(shared ? "read" : alone, suffix, NULL);
	g_autofree char *unform =
		g_strconcat(shared ? "read" : alone, unsuffix, NULL);

	put_pair(g, form, unform, p, us);
}

/* What is read under a seqlock is read again, so it is short and simple. */
static inline void put_seq_read(struct random_gen *g, struct random_place p)
{
	put(g, "seq_read: {lock: %c%u, do: [run: %uns]}",
	    random_lock_name[p.lock], p.index, some_ns(g, 1, 2000));
}

static inline void put_hold(struct random_gen *g, struct random_place p,
			    unsigned int us)
{
	put(g, "hold: {lock: %c%u, do: ", random_lock_name[p.lock], p.index);
	put_steps(g, p, us);
	put(g, "}");
}

static inline void put_mutex(struct random_gen *g, struct random_place p,
			     unsigned int us)
{
	if (chance(g, 50))
		put_hold(g, p, us);
	else if (p.where & IN_USER)
		put_pair(g, "lock", "unlock", p, us);
	else
		put_pair(g, "mutex_lock", "mutex_unlock", p, us);
}

/* With interrupts off: where it spins nothing but raw locks may follow. */
static inline void put_irqsave(struct random_gen *g, struct random_place p,
			       unsigned int us)
{
	bool on = !p.irqs_off;

	p.atomic = p.raw = p.irqs_off = true;
	if (on && chance(g, 30))
		put_spin_pair(g, "_lock_irq", "_unlock_irq", p, us);
	else
		put_spin_pair(g, "_lock_irqsave", "_unlock_irqrestore", p, us);
}

static inline void put_task_lock(struct random_gen *g, struct random_place p,
				 unsigned int us)
{
	p.alone = !p.atomic;
	p.atomic = true;
	if (chance(g, 20)) {
		p.alone = false;
		put_irqsave(g, p, us);
	} else if (chance(g, 50)) {
		put_hold(g, p, us);
	} else {
		put_spin_pair(g, "_lock", "_unlock", p, us);
	}
}

static inline void put_softirq_lock(struct random_gen *g, struct random_place p,
				    unsigned int us)
{
	p.atomic = true;
	p.alone = false;
	if (chance(g, 20))
		put_irqsave(g, p, us);
	else if (p.where & IN_SOFTIRQ)
		put_hold(g, p, us);
	else
		put_spin_pair(g, "_lock_bh", "_unlock_bh", p, us);
}

static inline void put_handler_lock(struct random_gen *g, struct random_place p,
				    unsigned int us)
{
	if (!(p.where & IN_HARDIRQ) || g->mixed) {
		p.irqs_off = true;
		put_irqsave(g, p, us);
		return;
	}
	p.atomic = p.raw = p.irqs_off = true;
	put_hold(g, p, us);
}

/* A lock behind those that are held; false if there is none to take. */
static inline bool put_lock(struct random_gen *g, struct random_place p,
			    unsigned int us)
{
	static void (*const take[])(struct random_gen * g,
				    struct random_place p, unsigned int us) = {
		[TASK_MUTEX] = put_mutex,
		[TASK_LOCK] = put_task_lock,
		[SOFTIRQ_LOCK] = put_softirq_lock,
		[HANDLER_LOCK] = put_handler_lock,
	};
	enum random_lock lock = between(g, TASK_MUTEX, HANDLER_LOCK);

	if (!lock_fits(g, &p, lock))
		return false;
	p.index = lock == p.lock ? p.index + 1 : below(g, g->nr_locks);
	p.lock = lock;
	if (!strcmp(g->type[lock][p.index], "seqlock") && chance(g, 50))
		put_seq_read(g, p);
	else
		take[lock](g, p, us);
	return true;
}

/*
 * Sections, in the scoped form or as a pair
 */

static inline void put_section(struct random_gen *g, struct random_place p,
			       const char *scoped, const char *begin,
			       const char *end, unsigned int us)
{
	p.atomic = true;
	p.alone = false;
	if (chance(g, 50)) {
		put(g, "%s: ", scoped);
		put_steps(g, p, us);
		return;
	}
	put(g, "%s, ", begin);
	put_items(g, p, us);
	put(g, ", %s", end);
}

static inline void put_preempt_off(struct random_gen *g, struct random_place p,
				   unsigned int us)
{
	p.raw = true;
	put_section(g, p, "preempt_off", "preempt_disable",
		    chance(g, 70) ? "preempt_enable" :
				    "preempt_enable_no_resched",
		    us);
}

/* A pair may not stand where they are off already. */
static inline void put_irqs_off(struct random_gen *g, struct random_place p,
				unsigned int us)
{
	bool off = p.irqs_off || p.where & IN_HARDIRQ;

	p.atomic = p.raw = p.irqs_off = true;
	if (!off) {
		put_section(g, p, "irqs_off", "local_irq_disable",
			    "local_irq_enable", us);
		return;
	}
	put(g, "irqs_off: ");
	put_steps(g, p, us);
}

static inline bool put_bh_off(struct random_gen *g, struct random_place p,
			      unsigned int us)
{
	if (!(p.where & (IN_SYSCALL | IN_SOFTIRQ)) || p.raw)
		return false;
	if (p.lock < SOFTIRQ_LOCK) { /* a lock, too, with bh_lock */
		p.lock = TASK_LOCK;
		p.index = g->nr_locks - 1;
	}
	put_section(g, p, "bh_off", "local_bh_disable", "local_bh_enable", us);
	return true;
}

/*
 * Steps
 */

static inline void put_run(struct random_gen *g, unsigned int us)
{
	put(g, "run: ");
	put_time(g, us);
}

static inline void put_wake(struct random_gen *g, const struct random_place *p)
{
	put(g, "%s: ", chance(g, 80) ? "wake" : "wake_all");
	put_queue(g);
	if (p->where & IN_TASK && !p->atomic && !more_below(g, 8))
		put(g, ", pipe_write: q%u", more_below(g, g->nr_queues));
}

static inline void put_all_cpus(struct random_gen *g)
{
	put(g, "%s: {run: ",
	    chance(g, 10) ? "trigger_all_cpu_backtrace" :
	    chance(g, 60) ? "on_each_cpu" :
			    "stop_machine");
	put_time(g, 20);
	put(g, "}");
}

/* The first plays, the second records, the third is a display. */
static inline bool put_feed(struct random_gen *g)
{
	static const char *const steps[] = { "pcm_write", "pcm_read", "flip" };
	unsigned int i;

	if (!g->nr_cards)
		return false;
	i = below(g, g->nr_cards);
	put(g, "%s: card%u", steps[i], i);
	return true;
}

/* What a task may do where it may block. */
static inline bool put_blocking(struct random_gen *g, struct random_place p)
{
	bool user = p.where & IN_USER;

	if (!(p.where & IN_TASK) || p.atomic)
		return false;
	if (chance(g, 25) && put_feed(g))
		return true;
	switch (below(g, user ? 4 : 8)) {
	case 0:
		put(g, "sleep: ");
		put_time(g, 300);
		break;
	case 1:
		put(g, "%s: q%u", chance(g, 70) ? "wait" : "pipe_read",
		    below(g, g->nr_queues));
		break;
	case 2:
		if (!g->nr_disks)
			return false;
		put(g, "io: {device: disk%u, nonblock: %s}",
		    below(g, g->nr_disks), chance(g, 30) ? "true" : "false");
		break;
	case 3:
		put(g, "%s", user ? "yield" : "schedule");
		break;
	case 4:
		put(g, "cond_resched");
		break;
	case 5:
	case 6:
		put_all_cpus(g);
		break;
	default:
		put(g, "might_sleep");
	}
	return true;
}

/* What needs no time and nobody else. */
static inline void put_small(struct random_gen *g, const struct random_place *p)
{
	switch (below(g, 4)) {
	case 0:
		put(g, "access: {data: x%u, run: %uns}", below(g, 3),
		    some_ns(g, 1, 2000));
		break;
	case 1:
		if (p->where & IN_KERNEL) {
			put(g, "preempt_check_resched");
			break;
		}
		/* fallthrough */
	default:
		put(g, "mark: m");
	}
}

/* A softirq must not raise itself without end. */
static inline bool put_raise(struct random_gen *g, const struct random_place *p)
{
	if (!(p->where & (IN_SYSCALL | IN_HARDIRQ)))
		return false;
	put(g, "raise_softirq: %s", one_of(g, softirq_choice));
	return true;
}

/* Work of a kworker may do what a system call may. */
static inline bool put_work(struct random_gen *g, const struct random_place *p,
			    unsigned int us)
{
	struct random_place work = { .where = IN_SYSCALL };

	if (!(p->where & IN_KERNEL) || g->depth > 5)
		return false;
	put(g, "queue_work: {do: [run: %uns, ", some_ns(g, 1, 20000));
	g->depth++;
	put_items(g, work, us);
	g->depth--;
	put(g, "]}");
	return true;
}

static inline void put_syscall(struct random_gen *g, struct random_place p,
			       unsigned int us)
{
	p.where = IN_SYSCALL;
	put(g, "syscall: {name: c%u, do: ", below(g, 3));
	put_steps(g, p, us);
	put(g, "}");
}

/* Its handler may do what a system call may. */
static inline void put_page_fault(struct random_gen *g, struct random_place p,
				  unsigned int us)
{
	put(g, "page_fault");
	if (g->depth > 5 || chance(g, 50))
		return;
	p.where = IN_SYSCALL;
	put(g, ": {do: ");
	put_steps(g, p, us);
	put(g, "}");
}

static inline bool put_nested(struct random_gen *g, struct random_place p,
			      unsigned int us)
{
	if (g->depth > 5)
		return false;
	switch (below(g, 10)) { /* half of them locks */
	case 0:
		if (!(p.where & IN_KERNEL))
			return false;
		put_preempt_off(g, p, us);
		return true;
	case 1:
		if (!(p.where & IN_KERNEL))
			return false;
		put_irqs_off(g, p, us);
		return true;
	case 2:
		return put_bh_off(g, p, us);
	case 3:
		put(g, "repeat: {times: %u, do: ", between(g, 1, 3));
		put_steps(g, p, us);
		put(g, "}");
		return true;
	case 4:
		return put_work(g, &p, us);
	default:
		return put_lock(g, p, us);
	}
}

/* Where all crowd together, it is a lock more often than not. */
static inline bool put_crowded(struct random_gen *g, struct random_place p,
			       unsigned int us)
{
	return g->crowd && g->depth < 8 && crowd_below(g, 100) < g->crowd &&
	       put_lock(g, p, us);
}

static inline void put_item(struct random_gen *g, struct random_place p,
			    unsigned int us)
{
	unsigned int what = below(g, 100);

	us = MAX(us * 2 / 3, 1);
	g->depth++;
	if (put_crowded(g, p, us)) {
		g->depth--;
		return;
	}
	if (what < 3 && p.where & IN_TASK && !p.atomic)
		put_page_fault(g, p, us);
	else if (what < 30 || (what < 45 && !put_blocking(g, p)) ||
		 (what >= 45 && what < 75 && !put_nested(g, p, us)))
		put_run(g, us);
	else if (what >= 95 && !put_raise(g, &p))
		put_run(g, us);
	else if (what >= 85 && what < 95)
		put_wake(g, &p);
	else if (what >= 75 && what < 80)
		put_small(g, &p);
	else if (what >= 80 && what < 85)
		put_run(g, us * 3);
	g->depth--;
}

static inline void put_items(struct random_gen *g, struct random_place p,
			     unsigned int us)
{
	unsigned int n = between(g, 1, g->depth > 3 ? 2 : 6);

	for (unsigned int i = 0; i < n; i++) {
		put(g, "%s", i ? ", " : "");
		if (p.where == IN_USER && chance(g, 40))
			put_syscall(g, p, us);
		else
			put_item(g, p, us);
	}
}

#endif /* TESTS_LAWS_RANDOM_STEPS_H */
