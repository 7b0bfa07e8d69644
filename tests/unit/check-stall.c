/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of what notices CPUs that are stuck: when, and that it is silent about
 * what is not.
 */
#include <config.h>

#include "stall-harness.h"

/*
 * Soft lockups
 */

/* A loop in the kernel, which nothing can preempt. */
START_TEST(soft_lockup)
{
	static const ktime_t begin[] = { 4001, 5000, 6321, 7999 };

	start("none", 2, &lockups);
	harness_kthread("loop", loop, 1, begin[_i] * MS);
	finish(50 * S);
	ck_assert_uint_eq(nr_said, 1);
	ck_assert_str_eq(said[0].kind, "soft_lockup");
	ck_assert_uint_eq(said[0].cpu, 1);
	ck_assert_int_gt(said[0].when, begin[_i] * MS + 20 * S);
	ck_assert_int_le(said[0].when, begin[_i] * MS + 24 * S);
	ck_assert_int_eq(said[0].when, 28 * S);
	ck_assert_ptr_nonnull(strstr(said[0].text, "CPU#1 stuck for 23s!"));
}
END_TEST

/* An interrupt at the instant of the sample delays it; that makes it no later
 * than the thread that it is compared with. */
START_TEST(late_by_a_little)
{
	static const struct op handler[] = { RUN(10 * US), RET };

	start("none", 1, &lockups);
	harness_kthread("loop", loop, 0, 5 * S);
	harness_irq_at(0, handler, 24 * S);
	finish(50 * S);
	ck_assert_uint_eq(nr_said, 1);
	ck_assert_int_eq(said[0].when, 28 * S);
}
END_TEST

/* An endless softirq over the idle task. */
START_TEST(soft_lockup_in_a_softirq)
{
	static const struct op handler[] = { RAISE(NET_RX_SOFTIRQ), RET };
	static const struct op action[] = { RUN(100 * S), RET };

	start("full", 1, &lockups);
	h.softirq[NET_RX_SOFTIRQ] = action;
	harness_irq_at(0, handler, 5 * S);
	finish(50 * S);
	ck_assert_uint_eq(nr_said, 1);
	ck_assert_int_eq(said[0].when, 28 * S);
}
END_TEST

/* Long softirqs at each sample, but user mode between them. */
START_TEST(softirqs_over_a_user_loop)
{
	static const struct op handler[] = { RAISE(NET_RX_SOFTIRQ), RET };
	static const struct op action[] = { RUN(3500 * MS), RET };

	start("none", 1, &lockups);
	h.softirq[NET_RX_SOFTIRQ] = action;
	harness_rt("loop", loop, POLICY_FIFO, 9, 0, 0);
	harness_irq_at(0, handler, 5 * S)->every = 4 * S;
	finish_silent(90 * S);
}
END_TEST

/* What measuring restarts is not taken for a sign of life. */
START_TEST(measuring_begins)
{
	static const struct op path[] = { DO(op_preempt_disable), RUN(100 * S),
					  DIE };
	const struct stall_config config = { .watchdog = 10 * S,
					     .measured_from = 10 * S };

	start("full", 1, &config);
	harness_kthread("loop", path, 0, 5 * S);
	harness_run(10 * S);
	h.kernel->cpus[0].preempt_off_since = 10 * S;
	finish(50 * S);
	ck_assert_uint_eq(nr_said, 1);
	ck_assert_int_eq(said[0].when, 28 * S);
}
END_TEST

START_TEST(soft_lockup_is_repeated)
{
	start("voluntary", 1, &lockups);
	harness_kthread("loop", loop, 0, 5 * S);
	finish(90 * S);
	ck_assert_uint_eq(nr_said, 3);
	ck_assert_int_eq(said[1].when, 52 * S);
	ck_assert_int_eq(said[2].when, 76 * S);
	ck_assert_ptr_nonnull(strstr(said[2].text, "stuck for 67s!"));
}
END_TEST

START_TEST(soft_lockup_ends)
{
	static const struct op path[] = { RUN(30 * S), SLEEP(MS), AGAIN(path) };

	start("none", 1, &lockups);
	harness_kthread("loop", path, 0, 5 * S);
	finish(75 * S);
	ck_assert_uint_eq(nr_said, 2); /* of 5 .. 35 and 35 .. 65 s */
	ck_assert_int_eq(said[0].when, 28 * S);
	ck_assert_int_eq(said[1].when, 56 * S);
}
END_TEST

/* A preemptible kernel lets the watchdog in, unless it is kept out. */
START_TEST(soft_lockup_of_a_preemptible_kernel)
{
	static const struct op path[] = { DO(op_preempt_disable), RUN(100 * S),
					  DIE };

	start("full", 1, &lockups);
	harness_kthread("loop", path, 0, 5 * S);
	finish(50 * S);
	ck_assert_uint_eq(nr_said, 1);
	ck_assert_int_eq(said[0].when, 28 * S);
}
END_TEST

START_TEST(preemptible_loop)
{
	start(_i ? "lazy" : "full", 1, &lockups);
	harness_kthread("loop", loop, 0, 5 * S);
	finish_silent(100 * S);
}
END_TEST

/* Interrupts at the instants of the samples delay these, maybe into a softirq;
 * then it is what they came over that counts. */
static void interrupt_samples(unsigned int cpu)
{
	static const struct op handler[] = { RUN(10 * US),
					     RAISE(NET_RX_SOFTIRQ), RET };
	static const struct op action[] = { RUN(10 * US), RET };

	h.softirq[NET_RX_SOFTIRQ] = action;
	for (unsigned int i = 1; i <= 20; i++)
		harness_irq_at(cpu, handler, i * 4 * S);
}

START_TEST(interrupted_preemptible_loop)
{
	struct costs costs = { 0 };

	costs.price[COST_IRQ_ENTRY] = US;
	start_with(_i ? "lazy" : "full", 1, &lockups, &costs);
	harness_kthread("loop", loop, 0, 5 * S);
	interrupt_samples(0);
	finish_silent(80 * S);
}
END_TEST

/* Who spins for a mutex lets in, too, with preemption disabled. */
START_TEST(spinning_for_a_mutex)
{
	static const struct op path[] = { LOCK(MUTEX, LOCK_PLAIN), RUN(90 * S),
					  DIE };

	start("full", 2, &lockups);
	harness_kthread("holder", path, 0, 5 * S);
	harness_kthread("spins", path, 1, 6 * S);
	if (_i)
		interrupt_samples(1);
	finish_silent(80 * S);
}
END_TEST

START_TEST(loop_of_sections)
{
	static const struct op path[] = {
		DO(op_preempt_disable),
		RUN(3 * S),
		DO(op_preempt_enable),
		AGAIN(path),
	};

	start("full", 1, &lockups);
	harness_kthread("loop", path, 0, 5 * S);
	finish_silent(100 * S);
}
END_TEST

START_TEST(loop_with_cond_resched)
{
	static const struct op path[] = { RUN(19 * S), CALL(cond_resched_path),
					  AGAIN(path) };

	start("none", 1, &lockups);
	harness_kthread("loop", path, 0, 5 * S);
	finish_silent(100 * S);
}
END_TEST

START_TEST(loop_with_might_sleep)
{
	static const struct op path[] = { RUN(19 * S), CALL(might_sleep_path),
					  AGAIN(path) };

	start("voluntary", 1, &lockups);
	harness_kthread("loop", path, 0, 5 * S);
	finish_silent(100 * S);
}
END_TEST

/* ... which does nothing where interrupts are off, or in another model. */
START_TEST(loop_with_vain_might_sleep)
{
	static const struct op path[] = { RUN(19 * S), CALL(might_sleep_path),
					  AGAIN(path) };

	start("none", 1, &lockups);
	harness_kthread("loop", path, 0, 5 * S);
	finish(50 * S);
	ck_assert_uint_eq(nr_said, 1);
}
END_TEST

START_TEST(user_loop)
{
	start("none", 1, &lockups);
	harness_rt("loop", loop, POLICY_FIFO, 99, 0, 5 * S);
	finish_silent(100 * S);
}
END_TEST

/* Long system calls, one behind the other. */
START_TEST(system_calls)
{
	static const struct op path[] = { SYSCALL, RUN(15 * S), SYSRET,
					  AGAIN(path) };

	start("none", 1, &lockups);
	harness_fair("calls", path, 0, 0, 5 * S);
	finish_silent(100 * S);
}
END_TEST

START_TEST(idle)
{
	start("none", 2, &lockups);
	finish_silent(100 * S);
}
END_TEST

/*
 * Hard lockups
 */

START_TEST(hard_lockup)
{
	static const ktime_t begin[] = { 4001, 8500, 12100, 17000 };
	static const ktime_t when[] = { 20, 20, 30, 30 };

	start("none", 2, &lockups);
	harness_kthread("loop", closed_loop, 1, begin[_i] * MS);
	finish(60 * S);
	ck_assert_uint_eq(nr_said, 1);
	ck_assert_str_eq(said[0].kind, "hard_lockup");
	ck_assert_uint_eq(said[0].cpu, 1);
	ck_assert_int_eq(said[0].when, when[_i] * S);
}
END_TEST

/* Once until the timer comes again. */
START_TEST(hard_lockup_is_told_again)
{
	static const struct op path[] = {
		DO(op_local_irq_disable),
		RUN(25 * S),
		DO(op_local_irq_enable),
		SLEEP(11 * S),
		AGAIN(path),
	};
	ktime_t hard[4];
	unsigned int n = 0;

	start("full", 1, &lockups);
	harness_kthread("loop", path, 0, 5 * S);
	finish(75 * S);
	for (unsigned int i = 0; i < nr_said; i++)
		if (g_str_equal(said[i].kind, "hard_lockup"))
			hard[n++] = said[i].when;
	ck_assert_uint_eq(n, 2);
	ck_assert_int_eq(hard[0], 20 * S);
	ck_assert_int_eq(hard[1], 60 * S);
}
END_TEST

/* The timer comes, late; then it is a soft lockup, if it was that long. */
START_TEST(late_timer)
{
	static const struct op path[] = {
		DO(op_local_irq_disable),
		RUN(25 * S),
		DO(op_local_irq_enable),
		RUN(S),
		DIE,
	};

	start("none", 1, &lockups);
	harness_kthread("loop", path, 0, 5 * S);
	finish(60 * S);
	ck_assert_uint_eq(nr_said, 2);
	ck_assert_str_eq(said[0].kind, "hard_lockup");
	ck_assert_int_eq(said[0].when, 20 * S);
	ck_assert_str_eq(said[1].kind, "soft_lockup");
	ck_assert_int_eq(said[1].when, 30 * S);
}
END_TEST

/* A count of zero lets nobody in while interrupts are off. */
START_TEST(late_timer_and_sections)
{
	static const struct op sections[] = {
		DO(op_preempt_disable),
		RUN(100 * MS),
		DO(op_preempt_enable_no_resched),
		ONCE_MORE(sections),
	};
	static const struct op path[] = {
		DO(op_preempt_disable),
		RUN(16 * S),
		DO(op_local_irq_disable),
		DO(op_preempt_enable_no_resched),
		REPEAT(50, sections),
		DO(op_local_irq_enable),
		RUN(S),
		DIE,
	};

	start("full", 1, &lockups);
	harness_kthread("loop", path, 0, 5 * S);
	finish(60 * S);
	ck_assert_uint_eq(nr_said, 1);
	ck_assert_str_eq(said[0].kind, "soft_lockup");
	ck_assert_int_eq(said[0].when, 26 * S);
}
END_TEST

START_TEST(interrupts_off_for_a_while)
{
	static const struct op path[] = {
		DO(op_local_irq_disable), RUN(8 * S),  DO(op_local_irq_enable),
		SLEEP(100 * MS),	  AGAIN(path),
	};

	start("none", 1, &lockups);
	harness_kthread("loop", path, 0, 5 * S);
	finish_silent(100 * S);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("stall");
	TCase *tc = tcase_create("lockups");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, soft_lockup, 0, 4);
	tcase_add_test(tc, late_by_a_little);
	tcase_add_test(tc, soft_lockup_in_a_softirq);
	tcase_add_test(tc, softirqs_over_a_user_loop);
	tcase_add_test(tc, measuring_begins);
	tcase_add_test(tc, soft_lockup_is_repeated);
	tcase_add_test(tc, soft_lockup_ends);
	tcase_add_test(tc, soft_lockup_of_a_preemptible_kernel);
	tcase_add_loop_test(tc, preemptible_loop, 0, 2);
	tcase_add_loop_test(tc, interrupted_preemptible_loop, 0, 2);
	tcase_add_loop_test(tc, spinning_for_a_mutex, 0, 2);
	tcase_add_test(tc, loop_of_sections);
	tcase_add_test(tc, loop_with_cond_resched);
	tcase_add_test(tc, loop_with_might_sleep);
	tcase_add_test(tc, loop_with_vain_might_sleep);
	tcase_add_test(tc, user_loop);
	tcase_add_test(tc, system_calls);
	tcase_add_test(tc, idle);
	tcase_add_loop_test(tc, hard_lockup, 0, 4);
	tcase_add_test(tc, hard_lockup_is_told_again);
	tcase_add_test(tc, late_timer);
	tcase_add_test(tc, late_timer_and_sections);
	tcase_add_test(tc, interrupts_off_for_a_while);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
