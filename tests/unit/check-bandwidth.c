/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of groups' quotas: timelines computed by hand, to the nanosecond, of
 * who is throttled when and comes back when.
 *
 * A tick of 1 ms notices what was run.  A queue takes 5 ms from the pool at a
 * time, and more to make up for what it is behind.
 */
#include <config.h>

#include "group-harness.h"

static const struct op hog[] = { RUN(1000 * MS), AGAIN(hog) };

static void start(int i, unsigned int nr_cpus)
{
	struct harness_config config = { .nr_cpus = nr_cpus,
					 .fair = i == 1 ? "cfs" : "eevdf" };

	harness_start(&config);
	harness_log_switches();
}

static struct task_group *group(struct task_group *parent, ktime_t quota,
				ktime_t period, ktime_t burst)
{
	struct task_group_attr attr = { .name = "group",
					.parent = parent,
					.weight = 1024,
					.quota = quota,
					.period = period,
					.burst = burst };

	return sched_create_group(h.kernel, &attr);
}

static void check_stat(const struct task_group *tg, uint64_t periods,
		       uint64_t throttled, int64_t throttled_ns)
{
	struct cfs_bandwidth_stat stat = cfs_bandwidth_stat(tg);

	ck_assert_uint_eq(stat.nr_periods, periods);
	ck_assert_uint_eq(stat.nr_throttled, throttled);
	ck_assert_int_eq(stat.throttled, throttled_ns);
}

/* 20 ms of each 100 ms. */
START_TEST(throttled_each_period)
{
	struct task_group *tg;

	start(_i, 1);
	tg = group(NULL, 20 * MS, 100 * MS, 0);
	member(tg, "x", hog, 0, 0);
	harness_run(330 * MS);
	check_text("x@0 idle@20000 x@100000 idle@120000 x@200000 idle@220000 "
		   "x@300000 idle@320000");
	check_stat(tg, 3, 3, 3 * 80 * MS + 10 * MS);
	harness_finish();
}
END_TEST

/* What was run until a tick noticed is made up for: 2.5 ms of each 10 ms are
 * 3, 2, 3, 2, ... and the pool has the fraction. */
START_TEST(debts_are_paid)
{
	struct task_group *tg;

	start(_i, 1);
	tg = group(NULL, 2500 * US, 10 * MS, 0);
	member(tg, "x", hog, 0, 0);
	harness_run(41 * MS);
	check_text("x@0 idle@3000 x@10000 idle@12000 x@20000 idle@23000 "
		   "x@30000 idle@32000 x@40000");
	check_stat(tg, 4, 4, (7 + 8 + 7 + 8) * MS);
	harness_finish();
}
END_TEST

/* Others run meanwhile; the one that comes back waits for its turn, at the
 * next tick, since nobody is preempted for it. */
START_TEST(others_run_meanwhile)
{
	struct task_group *tg;

	start(0, 1);
	tg = group(NULL, 4 * MS, 20 * MS, 0);
	member(tg, "x", hog, 0, 0);
	member(NULL, "y", hog, 0, 0);
	harness_run(22 * MS);
	check_text("y@0 x@1000 y@2000 x@3000 y@4000 x@5000 y@6000 x@7000 "
		   "y@8000 x@21000 y@22000");
	harness_finish();
}
END_TEST

/* That a quota is used up also shows when a real-time task takes the CPU. */
START_TEST(displaced)
{
	static const struct op brief[] = { RUN(1300 * US), DIE };
	struct task_group *tg;

	start(_i, 1);
	tg = group(NULL, 4500 * US, 20 * MS, 0);
	member(tg, "x", hog, 0, 0);
	harness_rt("rt", brief, POLICY_FIFO, 1, 0, 4700 * US);
	harness_run(4699 * US);
	ck_assert(!cfs_rq_throttled(&tg->cpu[0].cfs));
	harness_run(4701 * US);
	ck_assert(cfs_rq_throttled(&tg->cpu[0].cfs));
	harness_run(21 * MS);
	check_text("x@0 rt@4700 idle@6000 x@20000");
	check_stat(tg, 1, 1, 15300 * US);
	harness_finish();
}
END_TEST

/* The child has had its 2 ms at 2 ms, and does not take its parent along.  Of
 * the parent's 6 ms 4 are left for y, which begins between two ticks, so that
 * the fifth of these is the one that notices. */
START_TEST(nested_quotas)
{
	struct task_group *parent, *child;

	start(_i, 1);
	parent = group(NULL, 6 * MS, 20 * MS, 0);
	child = group(parent, 2 * MS, 20 * MS, 0);
	member(child, "x", hog, 0, 0);
	member(NULL, "z", hog, 0, 10 * MS);
	member(parent, "y", hog, 0, 5500 * US);
	harness_run(19 * MS);
	ck_assert_int_eq(h.task[0].se.sum_exec_runtime, 2 * MS);
	ck_assert_int_eq(h.task[2].se.sum_exec_runtime, 4500 * US);
	check_text("x@0 idle@2000 y@5500 z@10000");
	harness_run(20500 * US);
	check_stat(child, 1, 1, 18 * MS);
	check_stat(parent, 1, 1, 10 * MS);
	harness_finish();
}
END_TEST

/* One who wakes up in a throttled group waits with it, and the CPU idles. */
START_TEST(woken_while_throttled)
{
	static const struct op wakes[] = { RUN(1 * MS), NOTE('w'),
					   SLEEP(50 * MS), AGAIN(wakes) };
	struct task_group *tg;

	start(_i, 1);
	tg = group(NULL, 5 * MS, 100 * MS, 0);
	member(tg, "x", hog, 0, 0);
	member(tg, "w", wakes, 0, 40 * MS);
	harness_run(60 * MS);
	check_text("x@0 idle@5000");
	ck_assert_uint_eq(h.kernel->cpus[0].rq.nr_running, 0);
	ck_assert_uint_eq(h.kernel->cpus[0].rq.cfs.nr_running, 0);
	ck_assert_uint_eq(tg->cpu[0].cfs.nr_running, 2);
	harness_run(100500 * US);
	ck_assert_uint_eq(h.kernel->cpus[0].rq.nr_running, 2);
	harness_finish();
}
END_TEST

/* Debts are not waited for when a group takes along the last that could run: d
 * sleeps, and would have paid its 0.9 ms when one of ten times its weight has
 * run for 9 ms. */
START_TEST(nobody_is_left)
{
	static const struct op naps[] = { RUN(900 * US), SLEEP(50 * MS), DIE };
	const struct rq *rq;
	struct task_group *tg;
	struct task *d;

	start(0, 1);
	rq = &h.kernel->cpus[0].rq;
	tg = group(NULL, 5 * MS, 100 * MS, 0);
	tg->shares *= 10;
	member(tg, "x", hog, 0, 0);
	d = member(NULL, "d", naps, 0, 0);
	harness_run(3 * MS);
	ck_assert(d->se.delayed);
	harness_run(20 * MS);
	ck_assert_ptr_eq(rq->curr, rq->idle);
	ck_assert(!d->se.delayed);
	ck_assert(!d->se.on_rq);
	ck_assert_uint_eq(rq->cfs.nr_queued, 0);
	harness_finish();
}
END_TEST

/* What a period leaves is there in the next one, up to the burst: of 10 ms 5
 * are run twice, then all that there is.  1 ms more is what the queue has kept
 * each time that it became empty. */
START_TEST(bursts)
{
	static const struct op bursty[] = { RUN(5 * MS),  SLEEP(95 * MS),
					    RUN(5 * MS),  SLEEP(95 * MS),
					    RUN(30 * MS), DIE };
	struct cfs_bandwidth_stat stat;
	struct task_group *tg;

	start(_i, 1);
	tg = group(NULL, 10 * MS, 100 * MS, _i >= 2 ? 0 : 7 * MS);
	member(tg, "x", bursty, 0, 0);
	harness_run(401 * MS);
	stat = cfs_bandwidth_stat(tg);
	check_text(_i >= 2 ? "x@0 idle@5000 x@100000 idle@105000 x@200000 "
			     "idle@211000 x@300000 idle@310000 x@400000" :
			     "x@0 idle@5000 x@100000 idle@105000 x@200000 "
			     "idle@218000 x@300000 idle@310000 x@400000");
	ck_assert_uint_eq(stat.nr_bursts, _i >= 2 ? 0 : 1);
	ck_assert_int_eq(stat.burst, _i >= 2 ? 0 : 7 * MS);
	harness_finish();
}
END_TEST

/* On four CPUs all slices are taken at once.  Three tasks leave at 6.5 ms what
 * they have not used of theirs but for 1 ms each, and 5 ms after there is more
 * than a slice in the pool the fourth gets on. */
START_TEST(slack_is_given_back)
{
	static const struct op leaves[] = { RUN(500 * US), DIE };
	static const struct op urgent[] = { RUN(6 * MS), DIE };
	struct task_group *tg;

	start(_i, 4);
	tg = group(NULL, 20 * MS, 100 * MS, 0);
	member(tg, "x", hog, 3, 0);
	for (unsigned int cpu = 0; cpu < 3; cpu++) {
		struct task_attr attr = { .comm = "rt",
					  .policy = POLICY_FIFO,
					  .rt_priority = 1,
					  .entry = urgent,
					  .kthread = true };

		member(tg, "l", leaves, cpu, 0);
		cpumask_set_cpu(&attr.cpus, cpu);
		harness_add(&attr, 100 * US);
	}
	harness_run(7 * MS);
	ck_assert_int_eq(tg->bandwidth.runtime, 3 * 3500 * US);
	ck_assert(tg->bandwidth.slack_started);
	harness_clear();
	harness_run(100 * MS);
	check_text("x/3@11500 idle/3@22000 x/3@100000");
	check_stat(tg, 1, 1, (11500 - 5000 + 100000 - 22000) * US);
	harness_finish();
}
END_TEST

/* Nobody runs, so nobody has to count periods; the next one goes on as if. */
START_TEST(timer_stops)
{
	static const struct op rests[] = { RUN(1 * MS), SLEEP(495 * MS),
					   AGAIN(rests) };
	struct task_group *tg;

	start(_i, 1);
	tg = group(NULL, 10 * MS, 100 * MS, 0);
	member(tg, "x", rests, 0, 0);
	harness_run(450 * MS);
	ck_assert(!tg->bandwidth.period_active);
	check_stat(tg, 2, 0, 0);
	harness_run(550 * MS);
	ck_assert(tg->bandwidth.period_active);
	ck_assert_int_eq(tg->bandwidth.period_timer.expires, 600 * MS);
	harness_finish();
}
END_TEST

/* A task of a throttled group that is lent a real-time priority runs, and is
 * throttled again when that is over. */
START_TEST(boosted)
{
	struct task_group *tg;
	struct kcpu *kc;

	start(_i, 1);
	tg = group(NULL, 5 * MS, 100 * MS, 0);
	member(tg, "x", hog, 0, 0);
	harness_run(10 * MS);
	kc = &h.kernel->cpus[0];
	ck_assert(rt_mutex_setprio(kc, &h.task[0], 50, NULL));
	ck_assert_uint_eq(kc->rq.nr_running, 1);
	harness_run(12 * MS);
	ck_assert_ptr_eq(kc->rq.curr, &h.task[0]);
	ck_assert(rt_mutex_setprio(kc, &h.task[0], DEFAULT_PRIO, NULL));
	harness_run(20 * MS);
	ck_assert_ptr_eq(kc->rq.curr, kc->rq.idle);
	ck_assert_uint_eq(kc->rq.nr_running, 0);
	harness_run(101 * MS);
	ck_assert_ptr_eq(kc->rq.curr, &h.task[0]);
	harness_finish();
}
END_TEST

/* Who hands out runtime at 20 ms has another CPU unthrottle what is its own, which
 * an interrupt of 2 us tells it; up to 6.2 it did so itself, and the CPU's tick of
 * that instant found it done. */
START_TEST(asked_to_unthrottle)
{
	struct costs costs = { 0 };
	struct harness_config config = { .nr_cpus = 2,
					 .fair = "eevdf",
					 .version = _i ? "6.1" : "6.12",
					 .costs = &costs };
	struct task_group *tg;

	costs.price[COST_IPI_DELIVERY] = 2 * US;
	harness_start(&config);
	harness_log_switches();
	tg = group(NULL, 8 * MS, 20 * MS, 0);
	member(tg, "x", hog, 0, 0);
	member(tg, "y", hog, 1, 0);
	harness_run(19 * MS);
	harness_clear();
	harness_run(20 * MS + 500 * US);
	check_text(_i ? "y/1@20000 x/0@20000" : "x/0@20000 y/1@20002");
	check_stat(tg, 1, 1, (20 - 5 + 20 - 3) * MS + (_i ? 0 : 2 * US));
	ck_assert_ptr_null(h.kernel->cpus[1].rq.cfsb_csd);
	harness_finish();
}
END_TEST

/* The fair server's 50 ms would last from 950 ms on, but after 15 ms, 5 of which
 * the queue had since the beginning, all that it could serve are throttled, and
 * real-time tasks go on. */
START_TEST(throttled_while_served)
{
	start(_i, 1);
	h.kernel->config.fair_server_runtime = 50 * MS;
	h.kernel->config.fair_server_period = 1000 * MS;
	member(group(NULL, 10 * MS, 100 * MS, 0), "f", hog, 0, 0);
	harness_rt("rt", hog, POLICY_FIFO, 50, 0, 0);
	harness_run(999 * MS);
	check_text("rt@0 f@950000 rt@965000");
	harness_finish();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("bandwidth");
	TCase *tc = tcase_create("bandwidth");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, throttled_each_period, 0, 2);
	tcase_add_loop_test(tc, debts_are_paid, 0, 2);
	tcase_add_test(tc, others_run_meanwhile);
	tcase_add_loop_test(tc, displaced, 0, 2);
	tcase_add_loop_test(tc, nested_quotas, 0, 2);
	tcase_add_loop_test(tc, woken_while_throttled, 0, 2);
	tcase_add_test(tc, nobody_is_left);
	tcase_add_loop_test(tc, bursts, 0, 3);
	tcase_add_loop_test(tc, slack_is_given_back, 0, 2);
	tcase_add_loop_test(tc, timer_stops, 0, 2);
	tcase_add_loop_test(tc, boosted, 0, 2);
	tcase_add_loop_test(tc, asked_to_unthrottle, 0, 2);
	tcase_add_loop_test(tc, throttled_while_served, 0, 2);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
