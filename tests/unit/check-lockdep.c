/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of lockdep, each rule beside what is right and looks like it.
 */
#include <config.h>

#include "lock-harness.h"
#include "preemptsim/kernel/page-fault.h"

/*
 * Order
 */

START_TEST(order)
{
	start(1);
	add(ab, 0);
	add(bc, MS);
	add(ac, 2 * MS);
	add(ab, 3 * MS);
	finish(0, NULL);
}
END_TEST

START_TEST(circle_of_two)
{
	start(1);
	add(ab, 0);
	add(ba, MS);
	finish(1, "lockdep: possible circular locking dependency: t1 takes "
		  "A under B; B was taken under A by t0 in a kernel thread "
		  "on CPU 0 at 0.000010000 s");
}
END_TEST

START_TEST(circle_of_three)
{
	start(1);
	add(ab, 0);
	add(bc, MS);
	add(ca, 2 * MS);
	finish(1, "takes A under C; C was taken under B by t1 in a kernel "
		  "thread on CPU 0 at 0.001010000 s; B was taken under A by "
		  "t0");
}
END_TEST

/* Once each, and what broke the rule is no part of the order. */
START_TEST(circles_are_told_once)
{
	start(1);
	add(ab, 0);
	add(ba, MS);
	add(ba, 2 * MS);
	add(ac, 3 * MS);
	add(bc, 4 * MS);
	finish(1, "circular");
}
END_TEST

START_TEST(circle_of_mutexes)
{
	static const struct op ma[] = NEST(M, A);
	static const struct op am[] = NEST(A, M);

	start(1);
	add(ma, 0);
	add(am, MS);
	finish(1, "takes M under A");
}
END_TEST

START_TEST(order_of_release_is_free)
{
	static const struct op crossed[] = { TAKE(A), TAKE(B), GIVE(A), TAKE(C),
					     GIVE(B), GIVE(C), DIE };

	start(1);
	add(crossed, 0);
	add(ca, MS);
	finish(1, "takes A under C; C was taken under B");
}
END_TEST

START_TEST(recursion)
{
	static const struct op twice[] = { TAKE(M), TAKE(C), TAKE(M), DIE };

	start(1);
	lock_init(&h.lock[C], type_named("mutex"), "N");
	add(twice, 0);
	finish(2, "lockdep: possible recursive locking: t0 takes M");
}
END_TEST

/*
 * Interrupts
 */

START_TEST(taken_in_a_handler)
{
	start(1);
	add(irq_a, 0);
	add(irq_a, MS);
	harness_irq_at(0, in_a, 5 * US);
	harness_irq_at(0, in_a, 2 * MS);
	finish(0, NULL);
}
END_TEST

START_TEST(taken_with_interrupts_on_and_in_a_handler)
{
	start(1);
	add(plain_a, 0);
	harness_irq_at(0, in_a, MS)->irq.name = "disk";
	harness_irq_at(0, in_a, 2 * MS);
	finish(1, "lockdep: inconsistent lock state: {HARDIRQ-ON-W} -> "
		  "{IN-HARDIRQ-W}, A is taken in a hardirq; A was taken with "
		  "hardirqs on by t0 in a kernel thread on CPU 0 at "
		  "0.000000000 s");
}
END_TEST

START_TEST(taken_in_a_handler_and_with_interrupts_on)
{
	start(1);
	add(plain_a, MS);
	harness_irq_at(0, in_a, 0)->irq.name = "disk";
	finish(1,
	       "{IN-HARDIRQ-W} -> {HARDIRQ-ON-W}, A is taken where it may be "
	       "interrupted by a hardirq; A was taken in a hardirq by "
	       "swapper/0 in interrupt disk on CPU 0 at 0.000000000 s");
}
END_TEST

START_TEST(held_while_interrupts_come_on)
{
	static const struct op path[] = {
		TAKE_IRQ(A), DO(op_local_irq_enable),
		RUN(US),     DO(op_local_irq_disable),
		GIVE_IRQ(A), DIE,
	};

	start(1);
	add(path, 0);
	harness_irq_at(0, in_a, MS);
	finish(1, "{HARDIRQ-ON-W} -> {IN-HARDIRQ-W}");
}
END_TEST

START_TEST(taken_with_softirqs_on_and_in_one)
{
	start(1);
	h.softirq[NET_RX_SOFTIRQ] = in_a;
	add(plain_a, 0);
	harness_irq_at(0, raise_net, MS);
	finish(1,
	       "inconsistent lock state: {SOFTIRQ-ON-W} -> {IN-SOFTIRQ-W}, A "
	       "is taken in a softirq");
}
END_TEST

START_TEST(taken_with_softirqs_off_and_in_one)
{
	start(1);
	h.softirq[NET_RX_SOFTIRQ] = in_a;
	add(bh_a, 0);
	add(irq_a, MS);
	harness_irq_at(0, raise_net, 5 * US);
	harness_irq_at(0, raise_net, 2 * MS);
	finish(0, NULL);
}
END_TEST

START_TEST(taken_in_softirq_and_handler)
{
	start(1);
	h.softirq[NET_RX_SOFTIRQ] = in_a;
	harness_irq_at(0, raise_net, 0);
	harness_irq_at(0, in_a, MS);
	finish(1, "{HARDIRQ-ON-W} -> {IN-HARDIRQ-W}");
}
END_TEST

START_TEST(held_while_softirqs_come_on)
{
	static const struct op path[] = {
		TAKE_BH(A), DO(op_local_bh_enable),
		RUN(US),    DO(op_local_bh_disable),
		GIVE_BH(A), DIE,
	};

	start(1);
	h.softirq[NET_RX_SOFTIRQ] = in_a;
	add(path, 0);
	harness_irq_at(0, raise_net, MS);
	finish(1, "{SOFTIRQ-ON-W} -> {IN-SOFTIRQ-W}");
}
END_TEST

/* A handler's lock, and one that is taken with interrupts on under it. */
START_TEST(safe_over_unsafe)
{
	start(1);
	harness_irq_at(0, in_a, 0);
	add(plain_b, MS);
	add(ab_irq, 2 * MS);
	finish(1, "HARDIRQ-safe -> HARDIRQ-unsafe lock order: t1 takes B "
		  "under A; A was taken in a hardirq by swapper/0");
}
END_TEST

START_TEST(safe_over_safe)
{
	start(1);
	harness_irq_at(0, in_a, 0);
	add(ab_irq, 2 * MS);
	finish(0, NULL);
}
END_TEST

START_TEST(safe_over_unsafe_by_a_third)
{
	start(1);
	harness_irq_at(0, in_a, 0);
	add(plain_c, MS);
	add(bc_irq, 2 * MS);
	add(ab_irq, 3 * MS);
	finish(1, "takes B under A; C was taken under B by");
}
END_TEST

START_TEST(safe_by_a_third_over_unsafe)
{
	start(1);
	harness_irq_at(0, in_a, 0);
	add(ab_irq, MS);
	add(plain_c, 2 * MS);
	add(bc_irq, 3 * MS);
	finish(1, "takes C under B; B was taken under A by");
}
END_TEST

START_TEST(softirq_safe_over_unsafe)
{
	static const struct op path[] = { TAKE_BH(A), TAKE(B), GIVE(B),
					  GIVE_BH(A), DIE };

	start(1);
	h.softirq[NET_RX_SOFTIRQ] = in_a;
	harness_irq_at(0, raise_net, 0);
	add(plain_b, MS);
	add(path, 2 * MS);
	finish(1, "SOFTIRQ-safe -> SOFTIRQ-unsafe lock order");
}
END_TEST

/* The order is there first; then the use completes the mistake. */
START_TEST(inversion_by_a_handler)
{
	start(1);
	add(ab_irq, 0);
	add(plain_b, MS);
	harness_irq_at(0, in_a, 2 * MS);
	finish(1, "possible irq lock inversion dependency: A is taken in a "
		  "hardirq; B was taken under A by t0 in a kernel thread on "
		  "CPU 0 at 0.000000000 s; B was taken with hardirqs on by "
		  "t1");
}
END_TEST

START_TEST(inversion_by_a_task)
{
	start(1);
	add(ab_irq, 0);
	harness_irq_at(0, in_a, MS);
	add(plain_b, 2 * MS);
	finish(1, "possible irq lock inversion dependency: B is taken where it "
		  "may be interrupted by a hardirq; B was taken under A");
}
END_TEST

/* What a handler takes is not taken under what the interrupted task holds. */
START_TEST(interrupts_have_chains_of_their_own)
{
	static const struct op ba_irq[] = NEST_IRQ(B, A);

	start(1);
	add(plain_a, 0);
	harness_irq_at(0, in_b, 5 * US);
	add(ba_irq, MS);
	finish(1, "HARDIRQ-safe -> HARDIRQ-unsafe");
}
END_TEST

START_TEST(nmis_are_left_out)
{
	start(1);
	add(plain_a, 0);
	harness_nmi_at(0, in_a, MS);
	finish(0, NULL);
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

/*
 * System calls
 */

/* Told once, with all that are held; what is given back in time is none. */
START_TEST(held_at_exit)
{
	static const struct op right[] = { SYSCALL, TAKE(M), GIVE(M),
					   SYSRET,  SYSCALL, DIE };
	static const struct op wrong[] = {
		SYSCALL, TAKE(M), TAKE(C), SYSRET, RUN(MS), SYSCALL, SYSRET,
		SYSCALL, GIVE(M), GIVE(C), SYSRET, SYSCALL, DIE,
	};

	start(1);
	lock_init(&h.lock[C], type_named("mutex"), "N");
	harness_fair("t0", right, 0, 0, 0);
	harness_fair("t1", wrong, 0, 0, MS);
	harness_fair("t2", wrong, 0, 0, 10 * MS);
	finish(1, "lock_held_at_exit: lock held when returning to user space: "
		  "t1 leaves the kernel holding N, M");
}
END_TEST

/* The end of a page fault is a way to user mode, too. */
START_TEST(held_at_exit_of_a_fault)
{
	static const struct op fault[] = {
		DO(op_page_fault_enter),
		{ .exec = op_page_fault_handle, .a.num = 1 },
		TAKE(M),
		DO(op_page_fault_leave),
		DO(op_irqentry_exit),
		DO(op_iret),
	};
	static const struct op user[] = { CALL(fault), RUN(MS), SYSCALL,
					  GIVE(M),     SYSRET,	SYSCALL,
					  DIE };
	static const struct op kernel[] = { SYSCALL, CALL(fault), GIVE(M),
					    SYSRET,  SYSCALL,	  DIE };

	start(1);
	harness_fair("t0", _i ? user : kernel, 0, 0, 0);
	finish(_i, _i ? "t0 leaves the kernel holding M" : NULL);
}
END_TEST

START_TEST(spinlock_held_at_exit)
{
	static const struct op path[] = { SYSCALL, TAKE(A), SYSRET,
					  SYSCALL, GIVE(A), DIE };

	start(1);
	harness_fair("t0", path, 0, 0, 0);
	harness_run(MS);
	ck_assert_ptr_nonnull(strstr(said->str, "preempt_count_imbalance"));
	ck_assert_ptr_nonnull(strstr(said->str, "the kernel holding A"));
	finish(h.warnings, NULL);
}
END_TEST

static void add_order(TCase *tc)
{
	tcase_add_test(tc, order);
	tcase_add_test(tc, circle_of_two);
	tcase_add_test(tc, circle_of_three);
	tcase_add_test(tc, circles_are_told_once);
	tcase_add_test(tc, circle_of_mutexes);
	tcase_add_test(tc, order_of_release_is_free);
	tcase_add_test(tc, recursion);
}

static void add_interrupts(TCase *tc)
{
	tcase_add_test(tc, taken_in_a_handler);
	tcase_add_test(tc, taken_with_interrupts_on_and_in_a_handler);
	tcase_add_test(tc, taken_in_a_handler_and_with_interrupts_on);
	tcase_add_test(tc, held_while_interrupts_come_on);
	tcase_add_test(tc, taken_with_softirqs_on_and_in_one);
	tcase_add_test(tc, taken_with_softirqs_off_and_in_one);
	tcase_add_test(tc, taken_in_softirq_and_handler);
	tcase_add_test(tc, held_while_softirqs_come_on);
	tcase_add_test(tc, safe_over_unsafe);
	tcase_add_test(tc, safe_over_safe);
	tcase_add_test(tc, safe_over_unsafe_by_a_third);
	tcase_add_test(tc, safe_by_a_third_over_unsafe);
	tcase_add_test(tc, softirq_safe_over_unsafe);
	tcase_add_test(tc, inversion_by_a_handler);
	tcase_add_test(tc, inversion_by_a_task);
	tcase_add_test(tc, interrupts_have_chains_of_their_own);
	tcase_add_test(tc, nmis_are_left_out);
}

static void add_readers(TCase *tc)
{
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
}

static void add_exits(TCase *tc)
{
	tcase_add_test(tc, held_at_exit);
	tcase_add_loop_test(tc, held_at_exit_of_a_fault, 0, 2);
	tcase_add_test(tc, spinlock_held_at_exit);
}

int main(void)
{
	Suite *suite = suite_create("lockdep");
	TCase *tc = tcase_create("lockdep");

	add_order(tc);
	add_interrupts(tc);
	add_readers(tc);
	add_exits(tc);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
