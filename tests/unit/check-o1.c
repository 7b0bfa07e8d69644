/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of the O(1) scheduler: slices, bonus, arrays, starvation.
 */
#include <config.h>

#include "kernel-harness.h"

static const struct op hog[] = { RUN(1000 * MS), AGAIN(hog) };

static const struct sched_class *class;
static struct rq *rq;

static void start(const char *fair)
{
	struct harness_config config = { .fair = fair };

	harness_start(&config);
	class = harness_fair_class(fair);
	rq = &h.kernel->cpus[0].rq;
}

static struct task *task(const char *comm, int nice, ktime_t begin)
{
	return &h.task[harness_fair(comm, hog, nice, 0, begin)];
}

/* The slice by nice value, as it came and as it became. */
static const struct {
	int nice;
	unsigned int early, later;
} slices[] = {
	{ -20, 200, 800 }, { -1, 107, 420 }, { 0, 102, 100 },
	{ 1, 97, 95 },	   { 19, 10, 5 },
};

#define NR_SLICES G_N_ELEMENTS(slices)

START_TEST(slice)
{
	start("o1");
	ck_assert_uint_eq(
		task("task", slices[_i].nice, KTIME_MAX)->o1.time_slice,
		slices[_i].later);
	harness_finish();
	start("o1_early");
	ck_assert_uint_eq(
		task("task", slices[_i].nice, KTIME_MAX)->o1.time_slice,
		slices[_i].early);
	harness_finish();
}
END_TEST

/* Hogs take turns of their slices, since whoever has used his up waits for
 * all others. */
START_TEST(turns)
{
	start("o1");
	harness_log_switches();
	task("a", 0, 0);
	task("b", 0, 0);
	task("c", 19, 0);
	harness_run(620 * MS);
	check_text("a@0 b@100000 c@200000 a@205000 b@305000 c@405000 "
		   "a@410000 b@510000 c@610000 a@615000");
	harness_finish();
}
END_TEST

/* Who sleeps `sleep' ms after having slept `slept' ms on average. */
static const struct {
	int nice;
	int64_t slept, sleep, avg;
	int prio;
} sleeps[] = {
	/* Bonus 0 .. 10 is priority +5 .. -5. */
	{ 0, 0, 0, 0, 125 },
	{ 0, 99, 0, 99, 125 },
	{ 0, 100, 0, 100, 124 },
	{ 0, 500, 0, 500, 120 },
	{ 0, 1000, 0, 1000, 115 },
	{ 19, 0, 0, 0, 139 },
	{ -20, 1000, 0, 1000, 100 },
	/* Sleep counts (10 - bonus) times, and to 1 s at most. */
	{ 0, 0, 20, 200, 123 },
	{ 0, 500, 20, 600, 119 },
	{ 0, 900, 500, 1000, 115 },
	/* INTERACTIVE_SLEEP is 799 ms for nice 0; more does not count more. */
	{ 0, 0, 799, 1000, 115 },
	{ 0, 0, 800, 900, 116 },
	{ 0, 0, 100000, 900, 116 },
};

#define NR_SLEEPS G_N_ELEMENTS(sleeps)

START_TEST(bonus)
{
	struct task *p;

	start("o1");
	p = task("task", sleeps[_i].nice, KTIME_MAX);
	p->o1.sleep_avg = sleeps[_i].slept * MS;
	rq->clock = sleeps[_i].sleep * MS;
	class->enqueue_task(rq, p, ENQUEUE_WAKEUP);
	ck_assert_int_eq(p->o1.sleep_avg, sleeps[_i].avg * MS);
	ck_assert_int_eq(p->o1.prio, sleeps[_i].prio);
	harness_finish();
}
END_TEST

/* Running takes sleep away, the slower the better the bonus. */
START_TEST(running)
{
	static const int64_t slept[] = { 1000, 500, 40, 300 };
	static const int64_t ran[] = { 100, 100, 100, 90 };
	static const int64_t left[] = { 990, 480, 0, 270 };
	struct task *p;

	for (unsigned int i = 0; i < G_N_ELEMENTS(slept); i++) {
		start("o1");
		p = task("task", 0, KTIME_MAX);
		p->o1.sleep_avg = slept[i] * MS;
		class->enqueue_task(rq, p, 0);
		class->set_next_task(rq, p);
		rq->clock = ran[i] * MS;
		class->put_prev_task(rq, p);
		ck_assert_int_eq(p->o1.sleep_avg, left[i] * MS);
		harness_finish();
	}
}
END_TEST

/* At the end of its slice an interactive task stays active, unless others have
 * waited for 1 s per task, and a tick, or a better one waits.  What is enough
 * goes by its nice value: DELTA is 2 for 0, 7 for 19, which needs more bonus
 * than there is, and -3 for -20, for which all will do. */
static const struct {
	int nice;
	int64_t slept, since;
	int best;
	bool stays;
} ends[] = {
	{ 0, 700, 0, MAX_PRIO, true },	   { 0, 699, 0, MAX_PRIO, false },
	{ 0, 1000, 2000, MAX_PRIO, true }, { 0, 1000, 2001, MAX_PRIO, false },
	{ 0, 1000, 0, 120, true },	   { 0, 1000, 0, 119, false },
	{ 19, 1000, 0, MAX_PRIO, false },  { -20, 200, 0, MAX_PRIO, true },
	{ -20, 199, 0, MAX_PRIO, false },  { 10, 900, 0, MAX_PRIO, true },
	{ 10, 899, 0, MAX_PRIO, false },
};

#define NR_ENDS G_N_ELEMENTS(ends)

START_TEST(end_of_slice)
{
	struct task *p;

	start("o1");
	p = task("task", ends[_i].nice, KTIME_MAX);
	class->enqueue_task(rq, p, 0);
	class->enqueue_task(rq, task("other", 0, KTIME_MAX), 0);
	class->set_next_task(rq, p);
	rq->curr = p;
	h.sim.now = 5000 * MS;
	rq->o1.expired_timestamp = (uint64_t)(5000 - ends[_i].since);
	rq->o1.best_expired_prio = ends[_i].best;
	p->o1.sleep_avg = ends[_i].slept * MS;
	p->o1.time_slice = 1;
	class->task_tick(rq, p);
	ck_assert_int_eq(p->o1.array == rq->o1.active, ends[_i].stays);
	ck_assert_uint_eq(
		p->o1.time_slice,
		task("like", ends[_i].nice, KTIME_MAX)->o1.time_slice);
	ck_assert(p->tif & TIF_NEED_RESCHED);
	rq->curr = rq->idle;
	h.sim.now = 0;
	harness_finish();
}
END_TEST

/* Interactive equals take turns of 10 ms with the best bonus, and of twice as
 * much with one less, as long as a turn is left of the slice. */
START_TEST(granularity)
{
	static const int64_t slept[] = { 1000, 900, 899, 700 };
	static const unsigned int turn[] = { 10, 10, 20, 40 };
	struct task *p;

	start("o1");
	p = task("task", 0, KTIME_MAX);
	p->o1.sleep_avg = slept[_i] * MS;
	p->o1.prio = 115;
	class->enqueue_task(rq, p, 0);
	rq->curr = p;
	for (unsigned int i = 1; i < 100; i++) {
		p->tif = 0;
		class->task_tick(rq, p);
		ck_assert_int_eq(p->tif & TIF_NEED_RESCHED,
				 i % turn[_i] == 0 && 100 - i >= turn[_i] ?
					 TIF_NEED_RESCHED :
					 0);
	}
	p->tif = 0;
	rq->curr = rq->idle;
	harness_finish();
}
END_TEST

/* Who sleeps most of the time preempts a hog, as soon as it has had a turn. */
START_TEST(sleeper_preempts)
{
	static const struct op light[] = { SYSCALL,	  SLEEP(10 * MS),
					   SYSRET,	  NOTE('x'),
					   RUN(100 * US), AGAIN(light) };

	start("o1");
	task("hog", 0, 0);
	harness_fair("light", light, 0, 0, 0);
	harness_run(110 * MS + 50 * US);
	check_text("x110000");
	harness_finish();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("o1");
	TCase *tc = tcase_create("o1");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, slice, 0, NR_SLICES);
	tcase_add_test(tc, turns);
	tcase_add_loop_test(tc, bonus, 0, NR_SLEEPS);
	tcase_add_test(tc, running);
	tcase_add_loop_test(tc, end_of_slice, 0, NR_ENDS);
	tcase_add_loop_test(tc, granularity, 0, 4);
	tcase_add_test(tc, sleeper_preempts);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
