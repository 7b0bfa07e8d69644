/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of what notices that RCU, a task or a request to make way waits for too
 * long: when, and that it is silent about what does not.
 */
#include <config.h>

#include "stall-harness.h"

/*
 * RCU
 */

static void check_rcu(unsigned int nr_cpus, const char *model,
		      const struct op *path, const char *text)
{
	start(model, nr_cpus, &rcu);
	harness_kthread("loop", path, 0, 5 * S);
	finish(30 * S);
	ck_assert_uint_eq(nr_said, 1);
	ck_assert_str_eq(said[0].kind, "rcu_stall");
	ck_assert_msg(strstr(said[0].text, text) != NULL, "%s", said[0].text);
	ck_assert_int_ge(said[0].when, 26 * S);
	ck_assert_int_le(said[0].when, 26 * S + 200 * MS);
}

START_TEST(rcu_stall)
{
	check_rcu(2, "none", loop, "rcu_sched self-detected stall on CPU 0 ");
}
END_TEST

static const struct op bh_off[] = { DO(op_local_bh_disable), RUN(100 * S),
				    DIE };

START_TEST(rcu_stall_of_a_preemptible_kernel)
{
	check_rcu(1, "full", bh_off,
		  "rcu_preempt self-detected stall on CPU 0 ");
}
END_TEST

START_TEST(rcu_stall_seen_by_another)
{
	check_rcu(2, "full", closed_loop,
		  "rcu_preempt detected stalls on CPU 0 (detected by 1, ");
}
END_TEST

/* One tells of all: the first that can, of itself and the others, or else the
 * first that does not hold it up. */
START_TEST(rcu_stall_of_several)
{
	static const struct op *const path[][4] = {
		{ closed_loop, loop, loop, NULL },
		{ closed_loop, NULL, closed_loop, NULL },
	};
	static const char *const text[] = {
		"rcu_sched self-detected stall on CPU 1 (t=21000 ms), as on "
		"CPUs 0, 2",
		"rcu_sched detected stalls on CPUs 0, 2 (detected by 1, "
		"t=21020 ms)",
	};

	start("none", 4, &rcu);
	for (unsigned int i = 0; i < 4; i++)
		if (path[_i][i])
			harness_kthread("loop", path[_i][i], i, 5 * S);
	finish(60 * S);
	ck_assert_uint_eq(nr_said, 1);
	ck_assert_uint_eq(said[0].cpu, _i ? 0 : 1);
	ck_assert_ptr_nonnull(strstr(said[0].text, text[_i]));
}
END_TEST

/* A count of zero is of no use while interrupts are off. */
START_TEST(rcu_stall_with_sections)
{
	static const struct op sections[] = {
		DO(op_preempt_disable),
		RUN(100 * MS),
		DO(op_preempt_enable_no_resched),
		AGAIN(sections),
	};
	static const struct op path[] = { DO(op_local_irq_disable),
					  CALL(sections), RET };

	check_rcu(2, "full", path, "detected by 1, ");
}
END_TEST

START_TEST(rcu_stall_is_repeated)
{
	start("none", 1, &rcu);
	harness_kthread("loop", loop, 0, 5 * S);
	finish(100 * S);
	ck_assert_uint_eq(nr_said, 2);
	ck_assert_int_eq(said[1].when - said[0].when, 63 * S + 30 * MS);
}
END_TEST

/* It is told at a tick, by others two ticks after the CPU itself could; and the
 * grace period counts from the tick before it began. */
START_TEST(rcu_counts_jiffies)
{
	start("full", 2, &rcu);
	harness_kthread("loop", _i ? closed_loop : bh_off, 0, 5 * S);
	finish(30 * S);
	ck_assert_uint_eq(nr_said, 1);
	ck_assert_int_eq(said[0].when, 26070 * MS + (_i ? 20 * MS : 0));
	ck_assert_msg(strstr(said[0].text, _i ? "t=21020 ms" : "t=21000 ms") !=
			      NULL,
		      "%s", said[0].text);
}
END_TEST

/* Nobody is left to see it. */
START_TEST(rcu_stall_unseen)
{
	start("none", 1, &rcu);
	harness_kthread("loop", closed_loop, 0, 5 * S);
	finish_silent(100 * S);
}
END_TEST

START_TEST(rcu_is_not_held_up)
{
	static const struct op points[] = { RUN(19 * S),
					    CALL(cond_resched_path),
					    AGAIN(points) };
	static const struct op calls[] = { SYSCALL, RUN(19 * S), SYSRET,
					   AGAIN(calls) };

	start("none", 4, &rcu);
	harness_kthread("points", points, 0, 5 * S);
	harness_fair("calls", calls, 0, 1, 5 * S);
	harness_fair("user", loop, 0, 2, 5 * S);
	finish_silent(100 * S);
	start("full", 1, &rcu);
	harness_kthread("loop", loop, 0, 5 * S);
	finish_silent(100 * S);
}
END_TEST

/*
 * Tasks
 */

static const struct op take[] = { LOCK(MUTEX, LOCK_PLAIN),
				  UNLOCK(MUTEX, LOCK_PLAIN), DIE };

START_TEST(hung_task)
{
	static const struct op holder[] = { LOCK(MUTEX, LOCK_PLAIN),
					    SLEEP(500 * S), DIE };
	static const ktime_t begin[] = { 1, 60, 119 };

	start("none", 1, &hung);
	harness_kthread("holder", holder, 0, 0);
	harness_kthread("waiter", take, 0, begin[_i] * S);
	finish(400 * S);
	ck_assert_uint_eq(nr_said, 2);
	ck_assert_str_eq(said[0].kind, "hung_task");
	ck_assert_int_eq(said[0].when, 240 * S);
	ck_assert_ptr_nonnull(strstr(said[0].text, "task waiter:"));
	ck_assert_ptr_nonnull(strstr(said[0].text,
				     "blocked for more than 120 seconds, "
				     "waiting for mutex, held by holder"));
	ck_assert_int_eq(said[1].when, 360 * S);
	ck_assert_ptr_nonnull(strstr(said[1].text, "than 240 seconds"));
}
END_TEST

START_TEST(slow_task)
{
	static const struct op holder[] = { LOCK(MUTEX, LOCK_PLAIN),
					    SLEEP(119 * S),
					    UNLOCK(MUTEX, LOCK_PLAIN),
					    AGAIN(holder) };
	static const struct op sleeper[] = { SLEEP(1000 * S), DIE };

	start("none", 1, &hung);
	harness_kthread("holder", holder, 0, 0);
	harness_kthread("waiter", take, 0, 60 * S);
	harness_kthread("sleeper", sleeper, 0, 60 * S);
	finish_silent(500 * S);
}
END_TEST

START_TEST(hung_tasks_are_told_ten_times)
{
	static const struct op holder[] = { LOCK(MUTEX, LOCK_PLAIN),
					    SLEEP(5000 * S), DIE };

	start("none", 1, &hung);
	harness_kthread("holder", holder, 0, 0);
	for (unsigned int i = 0; i < 3; i++)
		harness_kthread("waiter", take, 0, S);
	finish(1000 * S);
	ck_assert_uint_eq(nr_said, 10);
	ck_assert_int_eq(said[9].when, 600 * S);
}
END_TEST

/*
 * need_resched
 */

static const struct op short_sleeps[] = { SLEEP(MS), RUN(US),
					  AGAIN(short_sleeps) };

static void check_latency(ktime_t length, unsigned int n)
{
	struct op path[] = { RUN(length), SLEEP(500 * MS), AGAIN(path) };
	const struct stall_config nothing = { 0 };

	start("none", 1, &nothing);
	h.kernel->config.latency_warn = 100 * MS;
	harness_rt("urgent", short_sleeps, POLICY_FIFO, 9, 0, 0);
	harness_kthread("loop", path, 0, 5 * MS);
	finish(3 * S);
	ck_assert_uint_eq(nr_said, n);
}

/* Told at the first tick that is more than the limit behind the one that saw
 * it first; once. */
START_TEST(resched_latency)
{
	check_latency(130 * MS, 1);
	ck_assert_str_eq(said[0].kind, "resched_latency");
	ck_assert_int_eq(said[0].when, 120 * MS);
	ck_assert_ptr_nonnull(strstr(said[0].text, "for > 110000000 ns (11 "));
	check_latency(105 * MS, 0);
}
END_TEST

/* A CPU that has not scheduled since it booted: it is no tick of that time that
 * saw the flag first. */
START_TEST(resched_latency_of_the_first)
{
	static const struct op high[] = { RUN(US), DIE };
	static const struct op handler[] = { RAISE(NET_RX_SOFTIRQ), RET };
	static const struct op action[] = { WAKE(0), RUN(50 * MS), RET };
	const struct stall_config nothing = { 0 };

	start("none", 1, &nothing);
	h.kernel->config.latency_warn = 100 * MS;
	h.softirq[NET_RX_SOFTIRQ] = action;
	harness_rt("high", high, POLICY_FIFO, 9, 0, KTIME_MAX);
	harness_irq_at(0, handler, 500 * MS);
	finish_silent(S);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("stall-wait");
	TCase *tc = tcase_create("waits");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, rcu_stall);
	tcase_add_test(tc, rcu_stall_of_a_preemptible_kernel);
	tcase_add_test(tc, rcu_stall_seen_by_another);
	tcase_add_loop_test(tc, rcu_stall_of_several, 0, 2);
	tcase_add_test(tc, rcu_stall_with_sections);
	tcase_add_test(tc, rcu_stall_is_repeated);
	tcase_add_loop_test(tc, rcu_counts_jiffies, 0, 2);
	tcase_add_test(tc, rcu_stall_unseen);
	tcase_add_test(tc, rcu_is_not_held_up);
	tcase_add_loop_test(tc, hung_task, 0, 3);
	tcase_add_test(tc, slow_task);
	tcase_add_test(tc, hung_tasks_are_told_ten_times);
	tcase_add_test(tc, resched_latency);
	tcase_add_test(tc, resched_latency_of_the_first);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
