/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_TESTS_RTMUTEX_HARNESS_H
#define PREEMPTSIM_TESTS_RTMUTEX_HARNESS_H

/*
 * Locks that lend priorities, for the tests of these and of spinlocks that
 * sleep.  Locks 0 to 2 are rt_mutexes, lock 3 a spinlock, which sleeps under
 * rt.
 */

#include "kernel-harness.h"

#define SPIN 3

static inline void start(const char *model, unsigned int nr_cpus)
{
	struct harness_config config = {
		.model = model,
		.nr_cpus = nr_cpus,
		.hz = 100,
	};

	harness_start(&config);
	for (unsigned int i = 0; i < 3; i++)
		lock_init(&h.lock[i], type_named("rt_mutex"), "rt_mutex");
	lock_init(&h.lock[SPIN], lock_type_of(h.kernel, type_named("spinlock")),
		  "spinlock");
}

static inline unsigned int fifo(const char *comm, const struct op *path,
				int prio, int cpu, ktime_t begin)
{
	struct task_attr attr = { .comm = comm,
				  .policy = POLICY_FIFO,
				  .rt_priority = prio,
				  .entry = path,
				  .kthread = true };

	if (cpu >= 0)
		cpumask_set_cpu(&attr.cpus, (unsigned int)cpu);
	return harness_add(&attr, begin);
}

static inline void check_all_given_back(void)
{
	for (unsigned int i = 0; i < HARNESS_LOCKS; i++) {
		ck_assert_ptr_null(h.lock[i].owner);
		ck_assert(list_empty(&h.lock[i].waiters));
		ck_assert_int_eq(h.lock[i].boost, MAX_PRIO);
	}
	for (unsigned int i = 0; i < h.nr_tasks; i++) {
		ck_assert_int_eq(h.task[i].prio, h.task[i].normal_prio);
		ck_assert(list_empty(&h.task[i].boosting));
		ck_assert_ptr_null(h.task[i].waiter.lock);
		ck_assert_uint_eq(h.task[i].migration_disabled, 0);
	}
}

/* Have lock @i for so long. */
#define HOLD(i, ns) LOCK(i, LOCK_PLAIN), RUN(ns), UNLOCK(i, LOCK_PLAIN)

static const struct op run_50[] = { NOTE('m'), RUN(50 * US), NOTE('n'), DIE };

#endif /* PREEMPTSIM_TESTS_RTMUTEX_HARNESS_H */
