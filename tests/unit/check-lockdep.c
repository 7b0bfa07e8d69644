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
	finish(2, "circular locking dependency: t1 takes M under A");
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
	add_exits(tc);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
