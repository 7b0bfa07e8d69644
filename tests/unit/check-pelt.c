/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of load averages: the kernel's integers against exact arithmetic, how
 * they grow and decay, and where a task's load is when it sleeps, moves, is of
 * another class or dies.
 */
#include <config.h>

#include <math.h>

#include "kernel-harness.h"
#include "kernel/sched/fair-load-private.h"
#include "kernel/sched/pelt-private.h"

/* A period. */
#define PERIOD INT64_C(1048576)

static const struct op hog[] = { RUN(1000 * MS), AGAIN(hog) };

/*
 * The arithmetic
 */

/* After so many periods the kernel has so much left of 47742 and of 10^6;
 * 47742 y = 46718.99, 47742 y^16 = 33758.69, 47742 y^32 = 23871. */
static const struct decay {
	uint64_t periods, of_max, of_million;
} decays[] = {
	{ 1, 46718, 978572 },  { 8, 40146, 840896 },  { 16, 33758, 707106 },
	{ 31, 24393, 510948 }, { 32, 23870, 499999 }, { 33, 23359, 489286 },
	{ 64, 11934, 249999 }, { 2016, 0, 0 },	      { 2017, 0, 0 },
};

START_TEST(decay)
{
	const struct decay *d = &decays[_i];

	ck_assert_uint_eq(decay_load(LOAD_AVG_MAX, d->periods), d->of_max);
	ck_assert_uint_eq(decay_load(1000000, d->periods), d->of_million);
}
END_TEST

/* Within a half-life nothing is off by more than one, whatever decays, but for
 * what the factors' last bits make of it. */
START_TEST(decay_is_exact)
{
	for (uint64_t n = 1; n < LOAD_AVG_PERIOD; n++)
		for (uint64_t val = 1; val < UINT64_C(1) << 24; val *= 3) {
			long double exact =
				(long double)val * exp2l(-(long double)n / 32);
			long double off =
				exact - (long double)decay_load(val, n);

			ck_assert(off >= 0 && off <= 1.01L);
		}
}
END_TEST

/* The most that a sum comes to: each period adds 1024 to what is left of those
 * before, rounded down. */
START_TEST(most_of_a_sum)
{
	long double y = exp2l(-1.0L / 32);
	uint64_t sum = 0, before;

	do {
		before = sum;
		sum = 1024 + (uint64_t)((long double)sum * y);
	} while (sum != before);
	ck_assert_uint_eq(sum, LOAD_AVG_MAX);
}
END_TEST

/* One that runs all the time since it began: 1024 (1 - y^n).  The first period's
 * 1024 have decayed once when it is over: 1002, of 46718 that it could be. */
static const struct growth {
	int64_t periods;
	uint64_t sum, avg;
} growths[] = {
	{ 1, 1002, 21 },    { 2, 1981, 43 },	{ 4, 3878, 85 },
	{ 32, 23359, 512 }, { 64, 35039, 768 },
};

START_TEST(growth)
{
	const struct growth *g = &growths[_i];
	struct sched_avg sa = { 0 };

	ck_assert(update_load_sum(&sa, g->periods * PERIOD, 1, 1, true));
	update_load_avgs(&sa, 1024);
	ck_assert_uint_eq(sa.load_sum, g->sum);
	ck_assert_uint_eq(sa.runnable_sum, g->sum * 1024);
	ck_assert_uint_eq(sa.util_sum, g->sum * 1024);
	ck_assert_uint_eq(sa.load_avg, g->avg);
	ck_assert_uint_eq(sa.runnable_avg, g->avg);
	ck_assert_uint_eq(sa.util_avg, g->avg);
	ck_assert_double_eq_tol((double)sa.util_avg,
				1024 * (1 - exp2(-(double)g->periods / 32)), 1);
}
END_TEST

/* Nobody uses more than all, wherever in a period that is looked at, and sums get
 * to what they can be but for what is lost: up to 1 in each period, of which
 * 1 / (1 - y) = 46.7 is left. */
START_TEST(saturation)
{
	static const int64_t steps[] = { 1024, 333 * 1024, PERIOD,
					 5 * PERIOD / 4, 7 * PERIOD };
	struct sched_avg sa = { 0 };
	int64_t now = 0;

	while (now < 500 * PERIOD) {
		now += steps[_i];
		update_load_sum(&sa, now, 1, 1, true);
		update_load_avgs(&sa, 1024);
		ck_assert_uint_le(sa.load_avg, 1024);
		ck_assert_uint_le(sa.util_avg, 1024);
	}
	ck_assert_uint_ge(sa.load_sum + 47, pelt_divider(&sa));
	update_load_avgs(&sa, 88761);
	ck_assert_uint_ge(sa.util_avg, 1023);
	ck_assert_double_eq_tol((double)sa.load_avg, 88761, 88761 * 0.001);
}
END_TEST

/* Units are of 1024 ns; what is less is kept for the next time. */
START_TEST(units)
{
	struct sched_avg sa = { 0 };

	ck_assert(!update_load_sum(&sa, 1023, 1, 1, true));
	ck_assert_uint_eq(sa.load_sum, 0);
	ck_assert_int_eq(sa.last_update_time, 0);
	ck_assert(!update_load_sum(&sa, 2047, 3, 2, false));
	ck_assert_uint_eq(sa.load_sum, 3);
	ck_assert_uint_eq(sa.runnable_sum, 2048);
	ck_assert_uint_eq(sa.util_sum, 0);
	ck_assert_int_eq(sa.last_update_time, 1024);
	ck_assert_uint_eq(sa.period_contrib, 1);
	ck_assert(!update_load_sum(&sa, 1000, 1, 1, true));
	ck_assert_int_eq(sa.last_update_time, 1000);
	ck_assert_uint_eq(sa.load_sum, 3);
}
END_TEST

/* 1 of 4: the average of what it is at the ends of both parts is 256; with
 * periods as parts it goes up and down by about 8. */
static const struct periodic {
	int64_t on, off;
	uint64_t most, least;
} periodics[] = {
	{ PERIOD, 3 * PERIOD, 264, 247 },
	{ PERIOD / 4, 3 * PERIOD / 4, 260, 256 },
};

START_TEST(quarter)
{
	const struct periodic *p = &periodics[_i];
	struct sched_avg sa = { 0 };
	uint64_t most = 0;
	int64_t now = 0;

	for (int i = 0; i < 400; i++) {
		now += p->on;
		update_load_sum(&sa, now, 1, 1, true);
		update_load_avgs(&sa, 1);
		most = sa.util_avg;
		now += p->off;
		update_load_sum(&sa, now, 0, 0, false);
		update_load_avgs(&sa, 1);
	}
	ck_assert_uint_eq(most, p->most);
	ck_assert_uint_eq(sa.util_avg, p->least);
}
END_TEST

/* Who sleeps for 32 periods has half left. */
START_TEST(half_life)
{
	struct sched_avg sa = { 0 };

	for (int64_t i = 1; i <= 400; i++)
		update_load_sum(&sa, i * PERIOD, 1, 1, true);
	update_load_avgs(&sa, 1024);
	ck_assert_uint_eq(sa.util_avg, 1024);
	for (uint64_t part = 512; part >= 64; part /= 2) {
		update_load_sum(&sa, sa.last_update_time + 32 * PERIOD, 0, 0,
				false);
		update_load_avgs(&sa, 1024);
		ck_assert_uint_le(part - sa.util_avg, 1);
		ck_assert_uint_le(part - sa.load_avg, 1);
	}
}
END_TEST

/*
 * Tasks and queues
 */

static void start(unsigned int nr_cpus, const char *fair, const char *version)
{
	struct harness_config config = { .nr_cpus = nr_cpus,
					 .fair = fair,
					 .version = version };

	harness_start(&config);
}

static struct task *task(const struct op *program, int nice, ktime_t begin)
{
	return &h.task[harness_fair("p", program, nice, -1, begin)];
}

static struct sched_avg *avg(unsigned int cpu)
{
	return &cpu_rq(h.kernel, cpu)->cfs.avg;
}

/* Nobody asks for averages on one CPU, nor if no fair task may use several. */
START_TEST(kept_if_needed)
{
	start(1, NULL, NULL);
	task(hog, 0, 0);
	ck_assert(!cpu_rq(h.kernel, 0)->pelt);
	harness_finish();
	start(2, NULL, NULL);
	harness_fair("pinned", hog, 0, 1, 0);
	harness_rt("rt", hog, POLICY_FIFO, 1, -1, 0);
	ck_assert(!cpu_rq(h.kernel, 1)->pelt);
	task(hog, 0, 0);
	ck_assert(cpu_rq(h.kernel, 0)->pelt && cpu_rq(h.kernel, 1)->pelt);
	harness_finish();
	start(2, "o1", NULL);
	task(hog, 0, 0);
	ck_assert(!cpu_rq(h.kernel, 0)->pelt);
	harness_finish();
}
END_TEST

/* A new task counts with its whole weight, and, on an idle CPU, as one that uses
 * half of it; then the rest comes as 512 y^n. */
START_TEST(new_task)
{
	struct task *p;

	start(2, _i ? "cfs" : "eevdf", NULL);
	p = task(hog, 5, 0);
	harness_run(1);
	ck_assert_uint_eq(p->se.avg.load_avg, 335);
	ck_assert_uint_eq(p->se.avg.util_avg, 512);
	ck_assert_uint_eq(p->se.avg.runnable_avg, 512);
	ck_assert_uint_eq(avg(p->cpu)->load_avg, 335);
	ck_assert_uint_eq(avg(p->cpu)->util_avg, 512);
	harness_run(34 * MS);
	ck_assert_uint_ge(p->se.avg.load_avg, 334);
	ck_assert_uint_le(p->se.avg.load_avg, 335);
	ck_assert_double_eq_tol((double)p->se.avg.util_avg, 768, 8);
	ck_assert_double_eq_tol((double)avg(p->cpu)->util_avg, 768, 8);
	ck_assert_uint_eq(avg(!p->cpu)->util_avg, 0);
	harness_finish();
}
END_TEST

/* On a CPU that is in use: as much as others by weight, 400 * 335 / 1025, and
 * not more than half of what is left, (1024 - 400) / 2.  The weight counted 1024
 * times up to 6.9. */
static const struct guess {
	const char *version;
	uint64_t util, load, expected;
} guesses[] = {
	{ "6.12", 400, 1024, 130 }, { "6.12", 400, 0, 312 },
	{ "6.6", 400, 1024, 312 },  { "6.1", 400, 1024, 312 },
	{ "6.12", 0, 1024, 512 },   { "6.12", 1024, 1024, 0 },
};

START_TEST(new_task_beside_others)
{
	const struct guess *g = &guesses[_i];
	struct task *p;

	start(2, NULL, g->version);
	p = task(hog, 5, KTIME_MAX);
	avg(0)->util_avg = g->util;
	avg(0)->load_avg = g->load;
	task_load_enqueue(cpu_rq(h.kernel, 0), p,
			  ENQUEUE_WAKEUP | ENQUEUE_INITIAL);
	ck_assert_uint_eq(p->se.avg.util_avg, g->expected);
	ck_assert_uint_eq(p->se.avg.runnable_avg, g->expected);
	harness_finish();
}
END_TEST

/* Two that share a CPU both want to run all the time, and run half of it. */
START_TEST(runnable_and_running)
{
	struct task *p, *q;

	start(2, _i ? "cfs" : "eevdf", NULL);
	task(hog, 0, 0);
	p = &h.task[harness_fair("p", hog, 0, 1, 0)];
	q = &h.task[harness_fair("q", hog, 0, 1, 0)];
	harness_run(400 * MS);
	ck_assert_double_eq_tol((double)p->se.avg.util_avg, 512, 40);
	ck_assert_uint_ge(p->se.avg.runnable_avg, 1020);
	ck_assert_uint_ge(q->se.avg.runnable_avg, 1020);
	ck_assert_double_eq_tol((double)avg(1)->load_avg, 2048, 8);
	ck_assert_double_eq_tol((double)avg(1)->runnable_avg, 2048, 8);
	ck_assert_uint_ge(avg(1)->util_avg, 1020);
	harness_finish();
}
END_TEST

/* A sleeper's load stays where it slept, and goes when it wakes up elsewhere:
 * its CPU is taken meanwhile. */
START_TEST(load_goes_along)
{
	static const struct op sleeper[] = { RUN(40 * MS), SLEEP(20 * MS),
					     RUN(1 * MS), SLEEP(500 * MS),
					     AGAIN(sleeper) };
	struct task *p, *q;
	uint64_t before;

	start(2, _i ? "cfs" : "eevdf", NULL);
	p = task(sleeper, 0, 0);
	harness_run(45 * MS);
	before = avg(p->cpu)->load_avg;
	/* 5 ms: 1024 * 0.898 */
	ck_assert_double_eq_tol((double)before, 919, 6);
	q = &h.task[harness_fair("q", hog, 0, (int)p->cpu, KTIME_MAX)];
	hrtimer_start(&h.kernel->cpus[p->cpu], &q->timer, 50 * MS, 0);
	harness_run(59 * MS);
	/* 19 ms: 1024 * 0.669; and q's 1024. */
	ck_assert_double_eq_tol((double)avg(q->cpu)->load_avg, 1024 + 680, 16);
	harness_run(61500 * US);
	ck_assert_uint_ne(p->cpu, q->cpu);
	ck_assert_double_eq_tol((double)avg(q->cpu)->load_avg, 1024, 8);
	ck_assert_double_eq_tol((double)avg(p->cpu)->load_avg,
				(double)p->se.avg.load_avg, 2);
	/* As of q's last tick, 19 ms: 692, of which 1 ms leaves 677, and adds
	 * 21. */
	ck_assert_double_eq_tol((double)p->se.avg.load_avg, 698, 3);
	harness_finish();
}
END_TEST

/* One that is moved while it waits takes all of it along at once. */
START_TEST(load_is_moved)
{
	struct task *p, *q;

	start(2, _i ? "cfs" : "eevdf", NULL);
	p = &h.task[harness_fair("p", hog, 0, 0, 0)];
	q = task(hog, 0, 0);
	harness_run(100 * MS);
	ck_assert_uint_ne(p->cpu, q->cpu);
	ck_assert_double_eq_tol((double)avg(0)->load_avg, 1024, 3);
	ck_assert_double_eq_tol((double)avg(1)->load_avg, 1024, 3);
	update_rq_clock(cpu_rq(h.kernel, 0));
	update_rq_clock(cpu_rq(h.kernel, 1));
	q = &h.task[harness_fair("q", hog, 0, -1, KTIME_MAX)];
	q->cpu = 0;
	q->placed = true;
	activate_task(cpu_rq(h.kernel, 0), q, ENQUEUE_WAKEUP);
	ck_assert_double_eq_tol((double)avg(0)->load_avg, 2048, 6);
	move_queued_task(q, cpu_rq(h.kernel, 1));
	ck_assert_double_eq_tol((double)avg(0)->load_avg, 1024, 3);
	ck_assert_double_eq_tol((double)avg(1)->load_avg, 2048, 6);
	harness_finish();
}
END_TEST

/* While a priority is lent to it, it is none of the fair class's, but from then on
 * of the real-time one's. */
START_TEST(other_class)
{
	struct task *p;
	uint64_t util;

	start(2, _i ? "cfs" : "eevdf", NULL);
	p = task(hog, 0, 0);
	harness_run(100 * MS);
	util = avg(p->cpu)->util_avg;
	ck_assert_uint_ge(util, 900);
	rt_mutex_setprio(&h.kernel->cpus[p->cpu], p, 10, NULL);
	ck_assert_uint_eq(avg(p->cpu)->util_avg, 0);
	ck_assert_uint_le(avg(p->cpu)->load_avg, 1);
	harness_run(100 * MS + 32 * PERIOD);
	ck_assert_double_eq_tol(
		(double)cpu_rq(h.kernel, p->cpu)->avg_rt.util_avg, 512, 24);
	rt_mutex_setprio(&h.kernel->cpus[p->cpu], p, 120, NULL);
	ck_assert_double_eq_tol((double)avg(p->cpu)->util_avg, (double)util / 2,
				2);
	ck_assert_uint_eq(avg(p->cpu)->util_avg, p->se.avg.util_avg);
	harness_finish();
}
END_TEST

/* The dead have no load. */
START_TEST(dead)
{
	static const struct op dies[] = { RUN(20 * MS), DIE };

	start(2, _i ? "cfs" : "eevdf", NULL);
	harness_fair("hog", hog, 0, 0, 0);
	harness_fair("dies", dies, 0, 0, 0);
	task(hog, 0, KTIME_MAX);
	harness_run(30 * MS);
	ck_assert_double_eq_tol((double)avg(0)->load_avg, 2048, 6);
	harness_run(50 * MS);
	ck_assert_double_eq_tol((double)avg(0)->load_avg, 1024, 6);
	harness_finish();
}
END_TEST

/* What real-time tasks use is not there for others: half of it is gone after 32
 * periods. */
START_TEST(capacity)
{
	struct rq *rq;

	start(2, NULL, NULL);
	task(hog, 0, KTIME_MAX);
	harness_rt("rt", hog, POLICY_FIFO, 1, 1, 0);
	rq = cpu_rq(h.kernel, 1);
	harness_run(32 * PERIOD);
	update_blocked_averages(rq);
	update_cpu_capacity(rq);
	ck_assert_uint_eq(rq->avg_rt.util_avg, 512);
	ck_assert_uint_eq(rq->cpu_capacity, 512);
	rq->avg_dl.util_avg = 511;
	update_cpu_capacity(rq);
	ck_assert_uint_eq(rq->cpu_capacity, 1);
	rq->avg_dl.util_avg = 600;
	update_cpu_capacity(rq);
	ck_assert_uint_eq(rq->cpu_capacity, 1);
	harness_finish();
}
END_TEST

/*
 * What a task will use
 */

/* It was estimated to use @ewma, and @enqueued the last time; goes to sleep with
 * @util and @runnable. */
static const struct estimate {
	const char *version;
	uint32_t ewma, enqueued, util, runnable, expected;
} estimates[] = {
	/* more than before is believed at once */
	{ "6.12", 100, 0, 300, 300, 300 },
	/* less, by a quarter: 300 - 200 / 4 */
	{ "6.12", 300, 0, 100, 100, 250 },
	/* as much, within 1 % */
	{ "6.12", 300, 0, 291, 291, 300 },
	{ "6.12", 300, 0, 290, 290, 297 },
	/* it had to wait */
	{ "6.12", 300, 0, 100, 111, 300 },
	{ "6.12", 300, 0, 100, 110, 250 },
	/* two averages: the greater one counts */
	{ "6.1", 100, 100, 300, 300, 300 },
	{ "6.1", 300, 300, 100, 900, 250 },
	{ "6.1", 100, 300, 95, 95, 100 },
	{ "6.1", 100, 104, 95, 95, 104 },
};

START_TEST(estimate)
{
	const struct estimate *e = &estimates[_i];
	struct task *p;
	struct rq *rq;

	start(2, NULL, e->version);
	p = task(hog, 0, KTIME_MAX);
	rq = cpu_rq(h.kernel, 0);
	p->se.avg.util_est = e->ewma;
	p->se.avg.util_est_enqueued = e->enqueued;
	util_est_enqueue(rq, p);
	ck_assert_uint_eq(rq->cfs.avg.util_est, MAX(e->ewma, e->enqueued));
	p->se.avg.util_avg = e->util;
	p->se.avg.runnable_avg = e->runnable;
	util_est_dequeue(rq, p, true);
	util_est_dequeued(rq, p, true);
	ck_assert_uint_eq(rq->cfs.avg.util_est, 0);
	p->se.avg.util_avg = 0;
	ck_assert_uint_eq(task_util_est(p), e->expected);
	harness_finish();
}
END_TEST

/* One that is woken and sleeps within a period has told nothing new. */
START_TEST(estimate_again)
{
	struct task *p;
	struct rq *rq;

	start(2, NULL, _i ? "6.1" : "6.12");
	p = task(hog, 0, KTIME_MAX);
	rq = cpu_rq(h.kernel, 0);
	for (int i = 0; i < 2; i++) {
		p->se.avg.util_avg = i ? 1000 : 300;
		util_est_enqueue(rq, p);
		util_est_dequeue(rq, p, true);
		util_est_dequeued(rq, p, true);
		p->se.avg.util_avg = 0;
		ck_assert_uint_eq(task_util_est(p), 300);
	}
	harness_finish();
}
END_TEST

/* A CPU is used by whom it is used now, or will be. */
START_TEST(utilization)
{
	struct rq *rq;

	start(2, NULL, NULL);
	task(hog, 0, KTIME_MAX);
	rq = cpu_rq(h.kernel, 0);
	rq->cfs.avg.util_avg = 300;
	rq->cfs.avg.runnable_avg = 700;
	ck_assert_uint_eq(cpu_util_cfs(rq, false), 300);
	ck_assert_uint_eq(cpu_util_cfs(rq, true), 700);
	rq->cfs.avg.util_est = 400;
	ck_assert_uint_eq(cpu_util_cfs(rq, false), 400);
	rq->cfs.avg.runnable_avg = 2048;
	ck_assert_uint_eq(cpu_util_cfs(rq, true), 1024);
	ck_assert_uint_eq(cpu_runnable(rq), 2048);
	harness_finish();
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("pelt");
	TCase *tc = tcase_create("pelt");

	tcase_add_loop_test(tc, decay, 0, (int)G_N_ELEMENTS(decays));
	tcase_add_test(tc, decay_is_exact);
	tcase_add_test(tc, most_of_a_sum);
	tcase_add_loop_test(tc, growth, 0, (int)G_N_ELEMENTS(growths));
	tcase_add_loop_test(tc, saturation, 0, 5);
	tcase_add_test(tc, units);
	tcase_add_loop_test(tc, quarter, 0, (int)G_N_ELEMENTS(periodics));
	tcase_add_test(tc, half_life);
	tcase_add_test(tc, kept_if_needed);
	tcase_add_loop_test(tc, new_task, 0, 2);
	tcase_add_loop_test(tc, new_task_beside_others, 0,
			    (int)G_N_ELEMENTS(guesses));
	tcase_add_loop_test(tc, runnable_and_running, 0, 2);
	tcase_add_loop_test(tc, load_goes_along, 0, 2);
	tcase_add_loop_test(tc, load_is_moved, 0, 2);
	tcase_add_loop_test(tc, other_class, 0, 2);
	tcase_add_loop_test(tc, dead, 0, 2);
	tcase_add_test(tc, capacity);
	tcase_add_loop_test(tc, estimate, 0, (int)G_N_ELEMENTS(estimates));
	tcase_add_loop_test(tc, estimate_again, 0, 2);
	tcase_add_test(tc, utilization);
	suite_add_tcase(s, tc);
	return s;
}

int main(void)
{
	return run_suite(suite());
}
