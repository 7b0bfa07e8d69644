/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of lockdep: which kinds of locks stand inside which.  A, B, C and M are
 * a raw_spinlock, a spinlock, a rwlock and a mutex here; in a loop, under each
 * of three models.
 */
#include <config.h>

#include "lock-harness.h"

static const char *const models[] = { "none", "full", "rt" };

static void start_kinds(int i)
{
	static const char *const kind[] = { "raw_spinlock", "spinlock",
					    "rwlock", "mutex" };
	static const char *const name[] = { "A", "B", "C", "M" };

	start_under(models[i], 1);
	for (unsigned int j = 0; j < HARNESS_LOCKS; j++)
		lock_init(&h.lock[j],
			  lock_type_of(h.kernel, type_named(kind[j])), name[j]);
}

/* What is said of nesting, among whatever else is; @n times. */
static void finish_nesting(unsigned int n, const char *text)
{
	g_auto(GStrv) parts = NULL;

	harness_run(50 * MS);
	parts = g_strsplit(said->str, "invalid wait context", -1);
	ck_assert_msg(g_strv_length(parts) == n + (said->len > 0), "%s",
		      said->str);
	ck_assert_msg(!text || strstr(said->str, text), "%s", said->str);
	finish(h.warnings, NULL);
}

START_TEST(as_it_should_be)
{
	static const struct op path[] = {
		TAKE(M), TAKE(B), TAKE(C), TAKE(A), RUN(10 * US), GIVE(A),
		GIVE(C), GIVE(B), GIVE(M), TAKE(M), GIVE(M),	  DIE,
	};

	start_kinds(_i);
	add(path, 0);
	finish(0, NULL);
}
END_TEST

START_TEST(spinlock_under_a_raw_one)
{
	start_kinds(_i);
	add(ab, 0);
	add(ab, MS);
	finish_nesting(1, "lockdep: invalid wait context: t0 takes B, a "
			  "spinlock, under A, a raw_spinlock");
}
END_TEST

START_TEST(rwlock_under_a_raw_one)
{
	start_kinds(_i);
	add(ac, 0);
	finish_nesting(1, "t0 takes C, a rwlock, under A, a raw_spinlock");
}
END_TEST

/* The strictest counts, wherever it stands; and what is held no more does
 * not. */
START_TEST(strictest_of_several)
{
	static const struct op path[] = {
		TAKE(B), TAKE(A), TAKE(C), GIVE(A), GIVE(C),
		TAKE(C), GIVE(C), GIVE(B), DIE,
	};

	start_kinds(_i);
	add(path, 0);
	finish_nesting(1, "t0 takes C, a rwlock, under A, a raw_spinlock");
}
END_TEST

START_TEST(mutex_under_spinlocks)
{
	static const struct op am[] = NEST(A, M);
	static const struct op bm[] = NEST(B, M);

	start_kinds(_i);
	add(am, 0);
	add(bm, MS);
	add(bm, 2 * MS);
	finish_nesting(2, "t1 takes M, a mutex, under B, a spinlock");
}
END_TEST

static const struct op in_m[] = { TAKE(M), RUN(US), GIVE(M), RET };
static const struct op raise_tasklet[] = { RAISE(TASKLET_SOFTIRQ), RET };

/* A handler that would be a thread under rt may wait for a spinlock. */
START_TEST(in_a_handler)
{
	start_kinds(_i);
	harness_irq_at(0, in_b, 0)->irq.name = "card";
	finish_nesting(0, NULL);
}
END_TEST

START_TEST(in_a_handler_that_is_no_thread)
{
	struct harness_irq *irq;

	start_kinds(_i);
	irq = harness_irq_at(0, in_b, 0);
	irq->irq.name = "card";
	irq->irq.no_thread = true;
	harness_irq_at(0, in_a, MS)->irq.no_thread = true;
	finish_nesting(1, "invalid wait context: swapper/0 takes B, a "
			  "spinlock, in interrupt card, which is never a "
			  "thread");
}
END_TEST

START_TEST(mutex_in_a_handler)
{
	start_kinds(_i);
	harness_irq_at(0, in_m, 0)->irq.name = "card";
	finish_nesting(1, "takes M, a mutex, in interrupt card\n");
}
END_TEST

/* What was interrupted is not waited for. */
START_TEST(handler_over_a_raw_one)
{
	start_kinds(_i);
	add(plain_a, 0);
	harness_irq_at(0, in_b, 5 * US);
	finish_nesting(0, NULL);
}
END_TEST

/* Under rt no lockdep knows of softirqs. */
START_TEST(in_a_softirq)
{
	bool rt = _i == 2;

	start_kinds(_i);
	h.softirq[NET_RX_SOFTIRQ] = in_b;
	h.softirq[TASKLET_SOFTIRQ] = in_m;
	harness_irq_at(0, raise_net, 0);
	harness_irq_at(0, raise_tasklet, MS);
	finish_nesting(!rt, rt ? NULL : "takes M, a mutex, in softirq tasklet");
}
END_TEST

/* Who reads under a seqlock waits for no lock; writers have a spinlock. */
START_TEST(seqlock)
{
	start_kinds(_i);
	lock_init(&h.lock[B], lock_type_of(h.kernel, type_named("seqlock")),
		  "S");
	add(ab, 0);
	finish_nesting(1, "t0 takes S, a seqlock, under A, a raw_spinlock");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("lockdep-wait");
	TCase *tc = tcase_create("nesting");

	tcase_add_loop_test(tc, as_it_should_be, 0, 3);
	tcase_add_loop_test(tc, spinlock_under_a_raw_one, 0, 3);
	tcase_add_loop_test(tc, rwlock_under_a_raw_one, 0, 3);
	tcase_add_loop_test(tc, strictest_of_several, 0, 3);
	tcase_add_loop_test(tc, mutex_under_spinlocks, 0, 3);
	tcase_add_loop_test(tc, in_a_handler, 0, 2);
	tcase_add_loop_test(tc, in_a_handler_that_is_no_thread, 0, 2);
	tcase_add_loop_test(tc, mutex_in_a_handler, 0, 2);
	tcase_add_loop_test(tc, handler_over_a_raw_one, 0, 2);
	tcase_add_loop_test(tc, in_a_softirq, 0, 3);
	tcase_add_loop_test(tc, seqlock, 0, 3);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
