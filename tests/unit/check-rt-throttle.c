/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of the throttling of real-time tasks as before Linux 6.12: 950 ms in
 * each second.
 */
#include <config.h>

#include "kernel-harness.h"

static const struct op hog[] = { RUN(100 * MS), AGAIN(hog) };

static void start(unsigned int nr_cpus)
{
	struct harness_config config = { .hz = 1000, .nr_cpus = nr_cpus };

	harness_start(&config);
	h.kernel->config.rt_throttling = true;
	h.kernel->config.rt_runtime = 950 * MS;
	h.kernel->config.rt_period = 1000 * MS;
	harness_log_switches();
}

/* The tick at which more than the runtime is used up throttles; what is too
 * much counts in the next period.  Fair tasks wait for 950 ms. */
START_TEST(gap)
{
	start(1);
	harness_rt("rt", hog, POLICY_FIFO, 50, 0, 0);
	harness_fair("fair", hog, 0, 0, 0);
	harness_run(3010 * MS);
	check_text("rt@0 fair@951000 rt@1000000 fair@1950000 rt@2000000 "
		   "fair@2950000 rt@3000000");
	harness_finish();
}
END_TEST

START_TEST(share)
{
	start(1);
	harness_rt("rt", hog, POLICY_FIFO, 50, 0, 0);
	harness_fair("fair", hog, 0, 0, 0);
	harness_run(20000 * MS);
	ck_assert_int_eq(harness_cpu_time(0), (20 * 950 + 1) * MS);
	ck_assert_int_eq(harness_cpu_time(1), (20 * 50 - 1) * MS);
	harness_finish();
}
END_TEST

/* Also if nobody else wants to run, and each CPU by itself; who wakes up
 * meanwhile waits, too. */
START_TEST(for_nothing)
{
	start(2);
	harness_rt("a", hog, POLICY_FIFO, 50, 0, 0);
	harness_rt("b", hog, POLICY_FIFO, 50, 1, 500 * MS);
	harness_rt("late", hog, POLICY_FIFO, 60, 0, 960 * MS);
	harness_run(1100 * MS);
	check_text("a/0@0 b/1@500000 idle/0@951000 late/0@1000000");
	harness_finish();
}
END_TEST

/* What deadline tasks have counts, too: 500 ms of each second here; but without a
 * period that goes on up to its runtime only.  It does not keep real-time tasks
 * waiting that come later: a timer that expires at once takes such a runtime off.
 * So nothing is used at 1700 ms, and 300 + 500 ms are until 2500 ms: 150 are
 * left. */
START_TEST(deadline_tasks_count)
{
	struct task_attr attr = { .comm = "dl",
				  .policy = POLICY_DEADLINE,
				  .dl_runtime = 500 * MS,
				  .dl_deadline = 1000 * MS,
				  .dl_period = 1000 * MS,
				  .entry = hog };

	start(1);
	harness_add(&attr, 0);
	harness_fair("fair", hog, 0, 0, 0);
	harness_rt("rt", hog, POLICY_FIFO, 50, 0, _i ? 0 : 1700 * MS);
	harness_run(_i ? 1100 * MS : 2750 * MS);
	check_text(_i ? "dl@0 rt@500000 fair@951000 dl@1000000" :
			"dl@0 fair@500000 dl@1000000 fair@1500000 rt@1700000 "
			"dl@2000000 rt@2500000 fair@2651000 rt@2700000");
	harness_finish();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("rt-throttle");
	TCase *tc = tcase_create("rt-throttle");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, gap);
	tcase_add_test(tc, share);
	tcase_add_test(tc, for_nothing);
	tcase_add_loop_test(tc, deadline_tasks_count, 0, 2);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
