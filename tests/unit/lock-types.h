/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the tests of types of locks share: two locks of a type, what is told of
 * them, and that nobody has them in the end.
 */
#ifndef TESTS_UNIT_LOCK_TYPES_H
#define TESTS_UNIT_LOCK_TYPES_H

#include "kernel-harness.h"

/* Waits and holds, in order of the telling, in microseconds. */
__attribute__((unused)) static ktime_t waited[32], held[32];
__attribute__((unused)) static unsigned int nr_waited, nr_held, nr_contended;

static inline void told_acquire(void *data, const struct trace_record *record)
{
	(void)data;
	nr_contended += (record->b & LOCK_CONTENDED) != 0;
	waited[nr_waited++ % 32] = record->a / US;
}

static inline void told_release(void *data, const struct trace_record *record)
{
	(void)data;
	held[nr_held++ % 32] = record->a / US;
}

/* Lock 0 is of @type, lock 1 too. */
static inline void start(const char *type, const char *model,
			 unsigned int nr_cpus)
{
	struct harness_config config = {
		.model = model,
		.nr_cpus = nr_cpus,
		.hz = 100,
	};

	harness_start(&config);
	for (unsigned int i = 0; i < 2; i++)
		lock_init(&h.lock[i], lock_type_of(h.kernel, type_named(type)),
			  type);
	nr_waited = nr_held = nr_contended = 0;
	tracer_listen(&h.sim.tracer, TP_lock_acquire, told_acquire, NULL);
	tracer_listen(&h.sim.tracer, TP_lock_release, told_release, NULL);
}

static inline void check_free(void)
{
	const struct lock *lock = &h.lock[0];

	ck_assert_ptr_null(lock->owner);
	ck_assert_ptr_null(lock->owner_cpu);
	ck_assert(list_empty(&lock->waiters));
	ck_assert(list_empty(&lock->readers));
	ck_assert_uint_eq(lock->nr_readers, 0);
	ck_assert_uint_eq(lock->sequence % 2, 0);
	for (unsigned int i = 0; i < h.nr_tasks; i++)
		ck_assert_uint_eq(h.task[i].nr_holds, 0);
}

/* Who writes under the lock. */
#define WRITE(ns) LOCK(0, LOCK_PLAIN), RUN(ns), UNLOCK(0, LOCK_PLAIN)

/* An interrupt that takes a while. */
static const struct op irq_20[] = { NOTE('i'), RUN(20 * US), RET };

/* Got it: the number of the CPU. */
static inline void told_got_it(void *data, const struct trace_record *record)
{
	char what[16];

	(void)data;
	g_snprintf(what, sizeof(what), "%u-", record->cpu);
	harness_write(what, record->when);
}

#endif
