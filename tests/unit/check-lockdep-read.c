/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of lockdep, of readers.
 */
#include <config.h>

#include "lock-harness.h"

static void take_read(struct cpu *cpu, const struct op *op)
{
	struct lock *lock = &h.lock[op->a.num];

	cpu_push(cpu, lock->type->read_lock[LOCK_PLAIN], lock);
}

static void give_read(struct cpu *cpu, const struct op *op)
{
	struct lock *lock = &h.lock[op->a.num];

	cpu_push(cpu, lock->type->read_unlock[LOCK_PLAIN], lock);
}

#define TAKE_READ(i)                            \
	{                                       \
		.exec = take_read, .a.num = (i) \
	}
#define GIVE_READ(i)                            \
	{                                       \
		.exec = give_read, .a.num = (i) \
	}

static const struct op read_a[] = { TAKE_READ(A), RUN(10 * US), GIVE_READ(A),
				    DIE };
static const struct op in_read_a[] = { TAKE_READ(A), RUN(US), GIVE_READ(A),
				       RET };

static void start_rwlocks_under(const char *model)
{
	static const char *const name[] = { "A", "B" };

	start_under(model, 2);
	for (unsigned int i = A; i <= B; i++)
		lock_init(&h.lock[i],
			  lock_type_of(h.kernel, type_named("rwlock")),
			  name[i]);
}

static void start_rwlocks(void)
{
	start_rwlocks_under(NULL);
}

/* Readers everywhere, who do not hold each other up. */
START_TEST(readers)
{
	start_rwlocks();
	add(read_a, 0);
	add(irq_a, MS);
	harness_irq_at(0, in_read_a, 5 * US);
	harness_irq_at(0, in_read_a, 2 * MS);
	finish(0, NULL);
}
END_TEST

START_TEST(writer_under_a_reader)
{
	start_rwlocks();
	add(plain_a, 0);
	harness_irq_at(0, in_read_a, MS);
	finish(1, "{HARDIRQ-ON-W} -> {IN-HARDIRQ-R}, A is taken in a hardirq");
}
END_TEST

START_TEST(reader_under_a_writer)
{
	start_rwlocks();
	add(read_a, 0);
	harness_irq_at(0, in_a, MS);
	finish(1, "{HARDIRQ-ON-R} -> {IN-HARDIRQ-W}");
}
END_TEST

/* A reader waits behind a writer who waits, so readers make circles, too, and
 * must not read twice. */
START_TEST(circle_of_readers)
{
	static const struct op read_ab[] = {
		TAKE_READ(A), TAKE_READ(B), GIVE_READ(B), GIVE_READ(A), DIE,
	};
	static const struct op read_ba[] = {
		TAKE_READ(B), TAKE_READ(A), GIVE_READ(A), GIVE_READ(B), DIE,
	};

	start_rwlocks();
	add(read_ab, 0);
	add(read_ba, MS);
	finish(1, "possible circular locking dependency");
}
END_TEST

START_TEST(reading_twice)
{
	static const struct op twice[] = {
		TAKE_READ(A), TAKE_READ(A), GIVE_READ(A), GIVE_READ(A), DIE,
	};

	start_rwlocks();
	add(twice, 0);
	finish(1, "possible recursive locking");
}
END_TEST

/* A reader in a handler goes before a writer that waits, but not before one that
 * has it: the handler holds A and waits for B, the other way round the task. */
START_TEST(circle_of_a_reader_in_a_handler)
{
	static const struct op in_a_read_b[] = {
		TAKE(A), TAKE_READ(B), GIVE_READ(B), GIVE(A), RET,
	};
	static const struct op ba_irq[] = NEST_IRQ(B, A);

	start_rwlocks();
	harness_irq_at(0, in_a_read_b, 0);
	add(ba_irq, MS);
	finish(1, "possible circular locking dependency: t0 takes A under B; B "
		  "was taken under A by swapper/0");
}
END_TEST

/* Beside a task that only reads B it gets B, and gives A back. */
START_TEST(readers_make_no_circle_in_a_handler)
{
	static const struct op in_a_read_b[] = {
		TAKE(A), TAKE_READ(B), GIVE_READ(B), GIVE(A), RET,
	};
	static const struct op read_ba_irq[] = {
		DO(op_local_irq_disable),
		TAKE_READ(B),
		TAKE(A),
		GIVE(A),
		GIVE_READ(B),
		DO(op_local_irq_enable),
		DIE,
	};

	start_rwlocks();
	harness_irq_at(0, in_a_read_b, 0);
	add(read_ba_irq, MS);
	finish(0, NULL);
}
END_TEST

/* The same longer, by a third that is taken under B. */
START_TEST(way_through_a_reader_in_a_handler)
{
	static const struct op in_a_read_b[] = {
		TAKE(A), TAKE_READ(B), GIVE_READ(B), GIVE(A), RET,
	};
	static const struct op read_bc_irq[] = {
		DO(op_local_irq_disable),
		TAKE_READ(B),
		TAKE(C),
		GIVE(C),
		GIVE_READ(B),
		DO(op_local_irq_enable),
		DIE,
	};
	static const struct op ca_irq[] = NEST_IRQ(C, A);
	static const struct op one[] = NEST_IRQ(B, C);

	start_rwlocks();
	harness_irq_at(0, in_a_read_b, 0);
	add(read_bc_irq, MS);
	add(ca_irq, 2 * MS);
	add(one, 4 * MS);
	harness_run(3 * MS);
	ck_assert_uint_eq(h.warnings, 0);
	finish(1, "; A was taken under C by t1");
}
END_TEST

/* Readers that do wait, in a task under rt, which go before writers as well. */
START_TEST(circle_of_readers_under_rt)
{
	static const struct op read_ab[] = {
		TAKE_READ(A), TAKE_READ(B), GIVE_READ(B), GIVE_READ(A), DIE,
	};
	static const struct op read_ba[] = {
		TAKE_READ(B), TAKE_READ(A), GIVE_READ(A), GIVE_READ(B), DIE,
	};
	static const struct op a_read_b[] = {
		TAKE(A), TAKE_READ(B), GIVE_READ(B), GIVE(A), DIE,
	};

	start_rwlocks_under("rt");
	add(read_ab, 0);
	add(read_ba, MS);
	add(a_read_b, 2 * MS);
	add(ba, 4 * MS);
	harness_run(3 * MS);
	ck_assert_uint_eq(h.warnings, 0);
	finish(1, "takes A under B; B was taken under A by t0");
}
END_TEST

/* Who waits to read is a reader, too. */
START_TEST(readers_wait_under_rt)
{
	static const struct op read_ab[] = {
		TAKE_READ(A), TAKE_READ(B), GIVE_READ(B), GIVE_READ(A), DIE,
	};
	static const struct op read_ba[] = {
		TAKE_READ(B), TAKE_READ(A), GIVE_READ(A), GIVE_READ(B), DIE,
	};

	start_rwlocks_under("rt");
	add_on(1, plain_b, 0);
	add(read_ab, 5 * US);
	add_on(1, plain_a, MS);
	add(read_ba, MS + 5 * US);
	finish(0, NULL);
}
END_TEST

/* Two locks that are read only where it matters: a handler waits to read A,
 * whose writer waits for B, which the interrupted task reads. */
static const struct op read_b[] = { TAKE_READ(B), RUN(10 * US), GIVE_READ(B),
				    DIE };

START_TEST(order_between_readers)
{
	start_rwlocks();
	harness_irq_at(0, in_read_a, 0);
	add(read_b, MS);
	add(ab_irq, 2 * MS);
	finish(1, "HARDIRQ-safe -> HARDIRQ-unsafe lock order: t1 takes B under "
		  "A; A was taken in a hardirq by swapper/0");
}
END_TEST

START_TEST(inversion_between_readers)
{
	start_rwlocks();
	add(ab_irq, 0);
	harness_irq_at(0, in_read_a, MS);
	add(read_b, 2 * MS);
	finish(1, "possible irq lock inversion dependency: B is taken where it "
		  "may be interrupted by a hardirq; B was taken under A");
}
END_TEST

START_TEST(inversion_by_a_reader_in_a_handler)
{
	start_rwlocks();
	add(ab_irq, 0);
	add(read_b, MS);
	harness_irq_at(0, in_read_a, 2 * MS);
	finish(1, "A is taken in a hardirq; B was taken under A by t0 in a "
		  "kernel thread on CPU 0 at 0.000000000 s; B was taken with "
		  "hardirqs on by t1");
}
END_TEST

/* Who only reads A keeps no reader of A waiting. */
START_TEST(readers_are_no_inversion)
{
	static const struct op read_ab_irq[] = {
		DO(op_local_irq_disable),
		TAKE_READ(A),
		TAKE(B),
		GIVE(B),
		GIVE_READ(A),
		DO(op_local_irq_enable),
		DIE,
	};

	start_rwlocks();
	harness_irq_at(0, in_read_a, 0);
	add(plain_b, MS);
	add(read_ab_irq, 2 * MS);
	harness_irq_at(0, in_read_a, 3 * MS);
	add(read_b, 4 * MS);
	harness_irq_at(0, in_a, 6 * MS);
	harness_run(5 * MS);
	ck_assert_uint_eq(h.warnings, 0);
	finish(1, "A is taken in a hardirq; B was taken under A by t1");
}
END_TEST

/* Told as one mistake, whoever makes it. */
START_TEST(readers_and_writers_are_told_once)
{
	static const struct op read_ba[] = {
		TAKE_READ(B), TAKE(A), GIVE(A), GIVE_READ(B), DIE,
	};

	start_rwlocks();
	add(ab, 0);
	add(read_ba, MS);
	add(ba, 2 * MS);
	finish(1, "circular");
}
END_TEST

/* The same from the other end: who reads B in softirqs waits for no reader. */
START_TEST(reading_in_a_softirq_under_a_safe_lock)
{
	static const struct op in_a_read_b[] = {
		TAKE_IRQ(A), TAKE_READ(B), GIVE_READ(B), GIVE_IRQ(A), RET,
	};

	start_rwlocks();
	h.softirq[NET_RX_SOFTIRQ] = in_a_read_b;
	harness_irq_at(0, in_a, 0);
	harness_irq_at(0, raise_net, MS);
	add(read_b, 2 * MS);
	add(bh_b, 4 * MS);
	harness_run(3 * MS);
	ck_assert_uint_eq(h.warnings, 0);
	finish(1, "possible irq lock inversion dependency: B is taken where it "
		  "may be interrupted by a hardirq; B was taken under A");
}
END_TEST

/* A read that begins anew, since there was a write, may wait for one the next
 * time. */
static struct op seq_b[] = {
	{ .exec = op_seq_begin, .a.ptr = &h.lock[B] },
	{ .exec = op_seq_look, .a.ptr = &h.lock[B] },
	RUN(30 * US),
	{ .exec = op_seq_end, .a.path = seq_b, .b.ptr = &h.lock[B] },
};

static void seq_read_b(struct cpu *cpu, const struct op *op)
{
	(void)op;
	cpu_push(cpu, seq_b, NULL);
}

START_TEST(circle_of_a_read_that_begins_anew)
{
	static const struct op a_seq_b[] = { TAKE(A), DO(seq_read_b), GIVE(A),
					     DIE };

	start(2);
	lock_init(&h.lock[B], type_named("seqlock"), "B");
	add(a_seq_b, 0);
	add_on(1, plain_b, 10 * US);
	add(ba, MS);
	harness_run(MS);
	ck_assert_uint_eq(h.lock[B].retries, 1);
	finish(1, "takes A under B; B was taken under A by t0");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("lockdep-read");
	TCase *tc = tcase_create("readers");

	tcase_add_test(tc, readers);
	tcase_add_test(tc, writer_under_a_reader);
	tcase_add_test(tc, reader_under_a_writer);
	tcase_add_test(tc, circle_of_readers);
	tcase_add_test(tc, reading_twice);
	tcase_add_test(tc, circle_of_a_reader_in_a_handler);
	tcase_add_test(tc, readers_make_no_circle_in_a_handler);
	tcase_add_test(tc, way_through_a_reader_in_a_handler);
	tcase_add_test(tc, circle_of_readers_under_rt);
	tcase_add_test(tc, readers_wait_under_rt);
	tcase_add_test(tc, order_between_readers);
	tcase_add_test(tc, inversion_between_readers);
	tcase_add_test(tc, inversion_by_a_reader_in_a_handler);
	tcase_add_test(tc, readers_are_no_inversion);
	tcase_add_test(tc, readers_and_writers_are_told_once);
	tcase_add_test(tc, reading_in_a_softirq_under_a_safe_lock);
	tcase_add_test(tc, circle_of_a_read_that_begins_anew);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
