/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of the fair server as Linux 6.12 has it: 50 ms in each second, as late as
 * that may be; timelines by hand.
 */
#include <config.h>

#include "kernel-harness.h"

static const struct op hog[] = { RUN(100 * MS), AGAIN(hog) };

static struct fair_server *server;

static void start(void)
{
	struct harness_config config = { .hz = 1000 };

	harness_start(&config);
	h.kernel->config.fair_server_runtime = 50 * MS;
	h.kernel->config.fair_server_period = 1000 * MS;
	server = &h.kernel->cpus[0].rq.fair_server;
	harness_log_switches();
}

/* What is due in a period comes at its end, and the next one begins then. */
START_TEST(gap)
{
	start();
	harness_rt("rt", hog, POLICY_FIFO, 50, 0, 0);
	harness_fair("fair", hog, 0, 0, 0);
	harness_run(3010 * MS);
	check_text("rt@0 fair@950000 rt@1000000 fair@1950000 rt@2000000 "
		   "fair@2950000 rt@3000000");
	harness_finish();
}
END_TEST

/* What fair tasks had by themselves counts: a period begins whenever that is 50
 * ms, here at 100 ms, and what they have of the next one is not served any more.
 */
static const struct {
	ktime_t rt;
	const char *text;
} counted[] = {
	{ 100, "fair@0 rt@100000 fair@1050000 rt@1100000 fair@2050000" },
	{ 120, "fair@0 rt@120000 fair@1070000 rt@1100000 fair@2050000" },
	{ 149, "fair@0 rt@149000 fair@1099000 rt@1100000 fair@2050000" },
};

START_TEST(what_they_had_counts)
{
	start();
	harness_fair("fair", hog, 0, 0, 0);
	harness_rt("rt", hog, POLICY_FIFO, 50, 0, counted[_i].rt * MS);
	harness_run(2090 * MS);
	check_text(counted[_i].text);
	harness_finish();
}
END_TEST

/* Of its 50 ms in the first second one has had 10 when it goes to sleep.  40 more
 * until its end are less than 5 % when it wakes up at 150 ms, and more at 500. */
START_TEST(woken)
{
	static const struct op early[] = { RUN(10 * MS), SLEEP(140 * MS),
					   RUN(500 * MS), DIE };
	static const struct op late[] = { RUN(10 * MS), SLEEP(490 * MS),
					  RUN(500 * MS), DIE };

	start();
	harness_fair("fair", _i ? late : early, 0, 0, 0);
	harness_rt("rt", hog, POLICY_FIFO, 50, 0, 20 * MS);
	harness_run(1510 * MS);
	check_text(_i ? "fair@0 idle@10000 rt@20000 fair@1450000 rt@1500000" :
			"fair@0 idle@10000 rt@20000 fair@960000 rt@1000000");
	harness_finish();
}
END_TEST

/*
 * Ticks of 10 ms notice the end.  Of a period that begins at 3 ms the server has
 * 953 to 1003 ms, and goes on until 1010; so it has 43 ms in the next one, which
 * ends at 2010, and all 50 in the one after that.
 */
START_TEST(what_was_too_much_counts)
{
	start();
	h.kernel->tick_period = 10 * MS;
	harness_rt("rt", hog, POLICY_FIFO, 50, 0, 0);
	harness_fair("fair", hog, 0, 0, 3 * MS);
	harness_run(3100 * MS);
	check_text("rt@0 fair@953000 rt@1010000 fair@1967000 rt@2010000 "
		   "fair@2960000 rt@3010000");
	harness_finish();
}
END_TEST

/* With nobody to serve there is no timer. */
START_TEST(nobody)
{
	static const struct op brief[] = { RUN(10 * MS), DIE };

	start();
	harness_fair("fair", brief, 0, 0, 0);
	harness_rt("rt", hog, POLICY_FIFO, 50, 0, 20 * MS);
	harness_run(5 * MS);
	ck_assert(server->active);
	ck_assert_uint_ne(server->timer.slot, HRTIMER_INACTIVE);
	harness_run(15 * MS);
	ck_assert(!server->active);
	ck_assert_uint_eq(server->timer.slot, HRTIMER_INACTIVE);
	harness_run(1500 * MS);
	check_text("fair@0 idle@10000 rt@20000");
	harness_finish();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("fair-server");
	TCase *tc = tcase_create("fair-server");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, gap);
	tcase_add_loop_test(tc, what_they_had_counts, 0,
			    (int)G_N_ELEMENTS(counted));
	tcase_add_loop_test(tc, woken, 0, 2);
	tcase_add_test(tc, what_was_too_much_counts);
	tcase_add_test(tc, nobody);
	suite_add_tcase(suite, tc);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
