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

static void count(void *data, const struct trace_record *record)
{
	(void)record;
	++*(unsigned int *)data;
}

/* A first fair task has a real-time one pass through the scheduler, though the
 * server is put off; the ones that follow don't. */
START_TEST(first_fair_task_asks)
{
	unsigned int passes = 0;

	start();
	if (_i)
		h.kernel->config.fair_server_period = 0;
	harness_rt("rt", hog, POLICY_FIFO, 50, 0, 0);
	harness_fair("fair", hog, 0, 0, 10 * MS);
	harness_fair("fair", hog, 0, 0, 20 * MS);
	harness_run(5 * MS);
	tracer_listen(&h.sim.tracer, TP_sched_entry, count, &passes);
	harness_run(100 * MS);
	ck_assert_uint_eq(passes, !_i);
	check_text("rt@0");
	harness_finish();
}
END_TEST

/* So does a real-time task that wakes up while the server serves: who runs is a
 * fair task. */
START_TEST(real_time_asks_in_vain)
{
	unsigned int passes = 0;

	start();
	harness_rt("rt", hog, POLICY_FIFO, 50, 0, 0);
	harness_fair("fair", hog, 0, 0, 0);
	harness_rt("more", hog, POLICY_FIFO, 60, 0, 960500 * US);
	harness_run(960 * MS);
	tracer_listen(&h.sim.tracer, TP_sched_entry, count, &passes);
	harness_run(960999 * US);
	ck_assert_uint_eq(passes, 1);
	harness_run(1001 * MS);
	check_text("rt@0 fair@950000 more@1000000");
	harness_finish();
}
END_TEST

/* Where it serves no real-time task is sent, however urgent: `b' waits for `a',
 * though the first CPU has something less urgent only. */
START_TEST(others_stay_away)
{
	struct harness_config config = { .hz = 1000, .nr_cpus = 2 };

	harness_start(&config);
	h.kernel->config.fair_server_runtime = 50 * MS;
	h.kernel->config.fair_server_period = 1000 * MS;
	harness_log_switches();
	harness_rt("rt", hog, POLICY_FIFO, 50, 0, 0);
	harness_fair("fair", hog, 0, 0, 0);
	harness_rt("a", hog, POLICY_FIFO, 70, 1, 0);
	h.task[harness_rt("b", hog, POLICY_FIFO, 60, -1, 960500 * US)].cpu = 1;
	harness_run(999 * MS);
	ck_assert_uint_eq(h.task[3].cpu, 1);
	harness_run(1001 * MS);
	check_text("a/1@0 rt/0@0 fair/0@950000 rt/0@1000000");
	harness_finish();
}
END_TEST

/* What fair tasks had by themselves counts: a period begins whenever that is 50
 * ms, here at 100 ms, and what they have of the next one puts the server off.
 * When it serves they have all of its time.
 */
static const struct {
	ktime_t rt;
	const char *text;
} counted[] = {
	{ 100, "fair@0 rt@100000 fair@1050000 rt@1100000 fair@2050000" },
	{ 120, "fair@0 rt@120000 fair@1070000 rt@1120000 fair@2070000" },
	{ 149, "fair@0 rt@149000 fair@1099000 rt@1149000" },
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

/* Of its 50 ms in the first second one has had 10 when it goes to sleep, and
 * nobody wants 10 more.  30 more until its end are less than 5 % when it wakes up
 * at 150 ms, and more at 500. */
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
			"fair@0 idle@10000 rt@20000 fair@970000 rt@1020000");
	harness_finish();
}
END_TEST

/*
 * Ticks of 10 ms notice the end.  The server has 953 to 1003 ms, and goes on
 * until 1010.  It is due again at 1953, a period after it began, for 43 ms: until
 * 2000; then for 46, and so on.
 */
START_TEST(what_was_too_much_counts)
{
	start();
	h.kernel->tick_period = 10 * MS;
	harness_rt("rt", hog, POLICY_FIFO, 50, 0, 0);
	harness_fair("fair", hog, 0, 0, 3 * MS);
	harness_run(3100 * MS);
	check_text("rt@0 fair@953000 rt@1010000 fair@1953000 rt@2000000 "
		   "fair@2953000 rt@3000000");
	harness_finish();
}
END_TEST

/* Once fair tasks have starved, they are served as they wake up, as long as that
 * is not more than their share; from the second period on its begin. */
START_TEST(starved_once)
{
	static const struct op brief[] = { RUN(4 * MS), SLEEP(96 * MS),
					   AGAIN(brief) };

	start();
	harness_rt("rt", hog, POLICY_FIFO, 50, 0, 0);
	harness_fair("fair", brief, 0, 0, 0);
	harness_run(1200 * MS);
	check_text("rt@0 fair@950000 rt@954000 fair@1050000 rt@1054000 "
		   "fair@1150000 rt@1154000");
	ck_assert(server->running);
	harness_finish();
}
END_TEST

/* What they get without help, or could have got, has the server wait again. */
START_TEST(starved_no_more)
{
	static const struct op busy[] = { RUN(1100 * MS), SLEEP(200 * MS),
					  RUN(100 * MS), DIE };
	static const struct op brief[] = { RUN(4 * MS), SLEEP(1200 * MS),
					   RUN(4 * MS), DIE };
	static const struct op fair_hog[] = { RUN(200 * MS), DIE };

	start();
	harness_rt("rt", busy, POLICY_FIFO, 50, 0, 0);
	harness_fair("fair", _i ? fair_hog : brief, 0, 0, 0);
	harness_run(1250 * MS);
	check_text(_i ? "rt@0 fair@950000 rt@1000000 fair@1150000" :
			"rt@0 fair@950000 rt@954000 idle@1104000");
	harness_run(1380 * MS);
	ck_assert(!server->running);
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

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, gap);
	tcase_add_loop_test(tc, what_they_had_counts, 0,
			    (int)G_N_ELEMENTS(counted));
	tcase_add_loop_test(tc, woken, 0, 2);
	tcase_add_test(tc, what_was_too_much_counts);
	tcase_add_test(tc, starved_once);
	tcase_add_loop_test(tc, starved_no_more, 0, 2);
	tcase_add_test(tc, nobody);
	tcase_add_loop_test(tc, first_fair_task_asks, 0, 2);
	tcase_add_test(tc, real_time_asks_in_vain);
	tcase_add_test(tc, others_stay_away);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
