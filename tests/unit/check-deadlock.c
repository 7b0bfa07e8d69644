/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of the detection of deadlocks that happen, beside waits that are none.
 */
#include <config.h>

#include "lock-harness.h"

START_TEST(two_cpus)
{
	start(2);
	add_on(0, ab, 0);
	add_on(1, ba, 0);
	harness_run(MS);
	ck_assert_uint_eq(h.kernel->cpus[0].spin_depth, 1);
	ck_assert_uint_eq(h.kernel->cpus[1].spin_depth, 1);
	finish(2, "deadlock: t0 on CPU 0 waits for B, held by t1 on "
		  "CPU 1, which waits for A, held by t0 on CPU 0");
}
END_TEST

START_TEST(three_cpus)
{
	start(3);
	add_on(0, ab, 0);
	add_on(1, bc, 0);
	add_on(2, ca, 0);
	finish(2, "deadlock: t1 on CPU 1 waits for C, held by t2 on "
		  "CPU 2, which waits for A, held by t0 on CPU 0, which "
		  "waits for B, held by t1 on CPU 1");
}
END_TEST

/* Who joins the circle from outside is no part of it. */
START_TEST(more_wait_for_a_circle)
{
	static const struct op late[] = { RUN(100 * US), TAKE(A), DIE };

	start(3);
	add_on(0, ab, 0);
	add_on(1, ba, 0);
	add_on(2, late, 0);
	finish(2, "deadlock: t1");
}
END_TEST

START_TEST(contention_is_no_deadlock)
{
	start(3);
	add_on(0, ab, 0);
	add_on(1, ab, 0);
	add_on(2, bc, 0);
	finish(0, NULL);
}
END_TEST

START_TEST(handler_of_the_holder)
{
	start(1);
	add_on(0, plain_a, 0);
	harness_irq_at(0, in_a, 5 * US);
	finish(2, "deadlock: t0 on CPU 0 waits for A, held by t0 on "
		  "CPU 0");
}
END_TEST

/* On another CPU the handler only waits. */
START_TEST(handler_elsewhere)
{
	start(2);
	add_on(0, irq_a, 0);
	harness_irq_at(1, in_a, 5 * US);
	finish(0, NULL);
}
END_TEST

/* The handler goes on over the spinning task, and gives B back. */
START_TEST(handler_over_a_spinner)
{
	static const struct op outer[] = { TAKE(A),	RUN(20 * US),
					   TAKE_IRQ(B), RUN(10 * US),
					   GIVE_IRQ(B), GIVE(A),
					   NOTE('o'),	DIE };
	static const struct op in_b_long[] = { TAKE(B), RUN(20 * US), GIVE(B),
					       RET };
	static const struct op spinner[] = { RUN(US), TAKE(A), GIVE(A),
					     NOTE('s'), DIE };

	start(2);
	add_on(0, outer, 0);
	add_on(1, spinner, 0);
	harness_irq_at(1, in_b_long, 10 * US);
	harness_run(MS);
	check_text("o40 s40");
	finish(0, NULL);
}
END_TEST

/* The same further along the path: t2 waits for t0, that for the handler over
 * t1, and t1 for t2. */
START_TEST(handler_at_the_end_of_the_path)
{
	static const struct op first[] = { TAKE(A),	RUN(20 * US),
					   TAKE_IRQ(B), GIVE_IRQ(B),
					   GIVE(A),	DIE };
	static const struct op in_b_long[] = { TAKE(B), RUN(50 * US), GIVE(B),
					       RET };
	static const struct op spinner[] = { RUN(5 * US), TAKE(C), GIVE(C),
					     DIE };
	static const struct op third[] = { TAKE(C), RUN(30 * US), TAKE(A),
					   GIVE(A), GIVE(C),	  DIE };

	start(3);
	add_on(0, first, 0);
	add_on(1, spinner, 0);
	add_on(2, third, 0);
	harness_irq_at(1, in_b_long, 10 * US);
	harness_run(MS);
	ck_assert_msg(strstr(said->str, "deadlock:") == NULL, "%s", said->str);
	finish(h.warnings, NULL);
}
END_TEST

/* Who has waited does not any more; the order is wrong all the same. */
START_TEST(waits_end)
{
	static const struct op path[] = {
		TAKE(A),   RUN(5 * US),	 TAKE(B), GIVE(B),
		NOTE('a'), RUN(50 * US), GIVE(A), DIE,
	};
	static const struct op other[] = {
		TAKE(B), RUN(10 * US), GIVE(B), RUN(10 * US), TAKE(B),
		TAKE(A), GIVE(A),      GIVE(B), DIE,
	};

	start(2);
	add_on(0, path, 0);
	add_on(1, other, 0);
	harness_run(MS);
	check_text("a10");
	finish(1, "lockdep: possible circular");
}
END_TEST

/* One that finds the lock on its way to the spinner over which it came. */
START_TEST(handler_over_a_winner)
{
	static const struct op spinner[] = { RUN(5 * US), TAKE(A), NOTE('s'),
					     GIVE(A), DIE };

	start(2);
	h.kernel->config.costs.price[COST_SPIN_HANDOFF] = US;
	add_on(0, plain_a, 0);
	add_on(1, spinner, 0);
	harness_irq_at(1, in_a, 10500);
	finish(2, "deadlock: t1 on CPU 1 waits for A, held by t1 on CPU 1");
}
END_TEST

START_TEST(mutexes)
{
	static const struct op am[] = {
		TAKE(M),
		SLEEP(20 * US),
		TAKE(C),
		DIE,
	};
	static const struct op ma[] = {
		TAKE(C),
		SLEEP(20 * US),
		TAKE(M),
		DIE,
	};

	start(1);
	lock_init(&h.lock[C], type_named("mutex"), "N");
	add_on(0, am, 0);
	add_on(0, ma, 0);
	finish(2, "deadlock: t1 on CPU 0 waits for M, held by t0, "
		  "which waits for N, held by t1 on CPU 0");
}
END_TEST

/* A holder that sleeps can't come back where others spin. */
START_TEST(holder_switched_out)
{
	static const struct op sleeper[] = { TAKE(A), SLEEP(100 * US), GIVE(A),
					     DIE };
	static const struct op late[] = { RUN(20 * US), TAKE(A), GIVE(A), DIE };

	start(1);
	add_on(0, sleeper, 0);
	add_on(0, late, 0);
	finish(2, "deadlock: t1 on CPU 0 waits for A, held on this CPU by "
		  "t0, which was switched out");
}
END_TEST

/*
 * Readers
 */

static void take_read(struct cpu *cpu, const struct op *op)
{
	struct lock *lock = &h.lock[op->a.num];

	cpu_push(cpu, lock->type->read_lock[LOCK_PLAIN], lock);
}

#define TAKE_READ(i)                            \
	{                                       \
		.exec = take_read, .a.num = (i) \
	}

static void give_read(struct cpu *cpu, const struct op *op)
{
	struct lock *lock = &h.lock[op->a.num];

	cpu_push(cpu, lock->type->read_unlock[LOCK_PLAIN], lock);
}

#define GIVE_READ(i)                            \
	{                                       \
		.exec = give_read, .a.num = (i) \
	}

static const struct op write_a[] = { TAKE(A), RUN(US), GIVE(A), DIE };

static void start_rwlock_under(const char *model, unsigned int nr_cpus)
{
	start_under(model, nr_cpus);
	lock_init(&h.lock[A], lock_type_of(h.kernel, type_named("rwlock")),
		  "A");
}

static void start_rwlock(unsigned int nr_cpus)
{
	start_rwlock_under("rt", nr_cpus);
}

/* Under rt a reader waits for a writer that waits for it; the second one has
 * waited for another before that. */
START_TEST(reads_behind_a_writer)
{
	static const struct op reader[] = { TAKE_READ(A), SLEEP(50 * US),
					    TAKE_READ(A), DIE };
	static const struct op writer[] = { TAKE(A), RUN(10 * US), GIVE(A),
					    DIE };

	start_rwlock(3);
	if (_i)
		add_on(2, writer, 0);
	add_on(0, reader, _i ? 5 * US : 0);
	add_on(1, write_a, 6 * US);
	finish(1, _i ? "deadlock: t1 on CPU 0 waits for A, held by t2, which "
		       "waits for A, held by t1 on CPU 0" :
		       "deadlock: t0 on CPU 0 waits for A, held by t1, which "
		       "waits for A, held by t0 on CPU 0");
}
END_TEST

/* What the writer holds. */
START_TEST(reader_waits_for_what_a_writer_holds)
{
	static const struct op reader[] = { TAKE_READ(A), SLEEP(50 * US),
					    TAKE(M), DIE };
	static const struct op writer[] = { TAKE(M), TAKE(A), DIE };

	start_rwlock(2);
	add_on(0, reader, 0);
	add_on(1, writer, 5 * US);
	harness_run(MS);
	ck_assert_ptr_nonnull(strstr(
		said->str, "deadlock: t0 on CPU 0 waits for M, held by t1, "
			   "which waits for A, held by t0 on CPU 0"));
	finish(h.warnings, NULL);
}
END_TEST

/* Another reader is let through in the end. */
START_TEST(reads_behind_a_writer_of_others)
{
	static const struct op reader[] = { TAKE_READ(A), SLEEP(50 * US),
					    GIVE_READ(A), DIE };

	start_rwlock(3);
	add_on(0, reader, 0);
	add_on(1, write_a, 5 * US);
	add_on(2, reader, 10 * US);
	finish(0, NULL);
}
END_TEST

/* The writer closes the circle, or the reader; spinning or asleep. */
START_TEST(writer_and_reader)
{
	static const struct op reader[] = { TAKE_READ(A), RUN(50 * US), TAKE(B),
					    DIE };
	static const struct op early[] = { TAKE(B), RUN(10 * US), TAKE(A),
					   DIE };
	static const struct op late[] = { TAKE(B), RUN(90 * US), TAKE(A), DIE };

	start_rwlock_under(_i & 1 ? "rt" : "full", 2);
	add_on(0, reader, 0);
	add_on(1, _i & 2 ? late : early, 0);
	harness_run(MS);
	ck_assert_msg(strstr(said->str,
			     _i & 2 ? "deadlock: t1 on CPU 1 waits for A, held "
				      "by t0 on CPU 0, which waits for B, held "
				      "by t1 on CPU 1" :
			     _i & 1 ? "deadlock: t0 on CPU 0 waits for B, held "
				      "by t1, which waits for A, held by t0 on "
				      "CPU 0" :
				      "deadlock: t0 on CPU 0 waits for B, held "
				      "by t1 on CPU 1, which waits for A, held "
				      "by t0 on CPU 0"),
		      "%s", said->str);
	finish(h.warnings, NULL);
}
END_TEST

/* Who reads and is to write waits for himself. */
START_TEST(reader_that_writes)
{
	static const struct op upgrade[] = { TAKE_READ(A), TAKE(A), DIE };

	start_rwlock_under(_i ? "rt" : "full", 1);
	add_on(0, upgrade, 0);
	harness_run(MS);
	ck_assert_msg(strstr(said->str, "deadlock: t0 on CPU 0 waits for A, "
					"held by t0 on CPU 0"),
		      "%s", said->str);
	finish(h.warnings, NULL);
}
END_TEST

/* A handler over a spinner gives back what it reads under, and then the spinner
 * gets what the writer has. */
START_TEST(handler_reads_over_a_spinner)
{
	static const struct op in_read_a[] = { TAKE_READ(A), RUN(50 * US),
					       GIVE_READ(A), RET };
	static const struct op writer[] = { TAKE(B), RUN(20 * US), TAKE(A),
					    GIVE(A), GIVE(B),	   DIE };

	start_rwlock_under("full", 2);
	add_on(1, writer, 0);
	add_on(0, plain_b, 5 * US);
	harness_irq_at(0, in_read_a, 10 * US);
	harness_run(MS);
	ck_assert_ptr_null(strstr(said->str, "deadlock"));
	finish(h.warnings, NULL);
}
END_TEST

static void add_deadlocks(TCase *tc)
{
	tcase_add_test(tc, two_cpus);
	tcase_add_test(tc, three_cpus);
	tcase_add_test(tc, more_wait_for_a_circle);
	tcase_add_test(tc, contention_is_no_deadlock);
	tcase_add_test(tc, handler_of_the_holder);
	tcase_add_test(tc, handler_elsewhere);
	tcase_add_test(tc, handler_over_a_spinner);
	tcase_add_test(tc, handler_at_the_end_of_the_path);
	tcase_add_test(tc, waits_end);
	tcase_add_test(tc, handler_over_a_winner);
	tcase_add_test(tc, mutexes);
	tcase_add_test(tc, holder_switched_out);
	tcase_add_loop_test(tc, reads_behind_a_writer, 0, 2);
	tcase_add_test(tc, reader_waits_for_what_a_writer_holds);
	tcase_add_test(tc, reads_behind_a_writer_of_others);
	tcase_add_loop_test(tc, writer_and_reader, 0, 4);
	tcase_add_loop_test(tc, reader_that_writes, 0, 2);
	tcase_add_test(tc, handler_reads_over_a_spinner);
}

int main(void)
{
	Suite *suite = suite_create("deadlock");
	TCase *tc = tcase_create("deadlock");

	add_deadlocks(tc);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
