/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of SCHED_FIFO and SCHED_RR, on one CPU and on several.
 */
#include <config.h>

#include "kernel-harness.h"
#include "preemptsim/base/rng.h"

static const struct op hog[] = { RUN(100 * MS), AGAIN(hog) };
static const struct op run_100[] = { RUN(100 * US), SYSCALL, DIE };
static const struct op run_10[] = { RUN(10 * US), SYSCALL, DIE };

static void start(unsigned int hz, unsigned int nr_cpus)
{
	struct harness_config config = { .hz = hz, .nr_cpus = nr_cpus };

	harness_start(&config);
	harness_log_switches();
}

static unsigned int fifo(const char *comm, const struct op *path, int prio,
			 ktime_t begin)
{
	return harness_rt(comm, path, POLICY_FIFO, prio, 0, begin);
}

START_TEST(by_priority)
{
	start(1000, 1);
	fifo("a", run_100, 10, 0);
	fifo("b", run_100, 30, 0);
	fifo("c", run_100, 20, 0);
	fifo("d", run_100, 99, 0);
	fifo("e", run_100, 1, 0);
	harness_run(600 * US);
	check_text("d@0 b@100 c@200 a@300 e@400 idle@500");
	harness_finish();
}
END_TEST

START_TEST(all_of_them_before_fair_ones)
{
	start(1000, 1);
	harness_fair("fair", run_100, -20, 0, 0);
	fifo("a", run_100, 1, 50 * US);
	harness_run(300 * US);
	check_text("fair@0 a@50 fair@150 idle@200");
	harness_finish();
}
END_TEST

/* Until it blocks, whatever ticks there are. */
START_TEST(fifo_has_no_slice)
{
	start(1000, 1);
	fifo("a", hog, 10, 0);
	fifo("b", hog, 10, 100);
	harness_run(1000 * MS);
	check_text("a@0");
	harness_finish();
}
END_TEST

START_TEST(equals_in_order_of_coming)
{
	start(1000, 1);
	fifo("a", run_100, 10, 0);
	fifo("c", run_100, 10, 20 * US);
	fifo("b", run_100, 10, 10 * US);
	fifo("d", run_100, 10, 30 * US);
	harness_run(600 * US);
	check_text("a@0 b@100 c@200 d@300 idle@400");
	harness_finish();
}
END_TEST

/* Who is preempted stays before its equals. */
START_TEST(preempted_stays_at_the_head)
{
	start(1000, 1);
	fifo("a", run_100, 10, 0);
	fifo("b", run_100, 10, 10 * US);
	fifo("high", run_10, 20, 50 * US);
	fifo("higher", run_10, 21, 55 * US);
	harness_run(600 * US);
	check_text("a@0 high@50 higher@55 high@65 a@70 b@120 idle@220");
	harness_finish();
}
END_TEST

static void told_need_resched(void *data, const struct trace_record *record)
{
	(void)data;
	harness_write("!", record->when);
}

/* One of the same priority does not even ask, one of a higher one does. */
START_TEST(equals_do_not_ask)
{
	start(100, 1);
	fifo("a", hog, 10, 0);
	fifo("b", run_100, 10, 20 * US);
	fifo("c", run_100, 11, 30 * US);
	harness_boot();
	harness_run(10 * US);
	harness_clear();
	tracer_listen(&h.sim.tracer, TP_sched_set_need_resched,
		      told_need_resched, NULL);
	harness_run(900 * US);
	check_text("!30 c@30 a@130");
	harness_finish();
}
END_TEST

/* Who blocks goes behind them. */
START_TEST(woken_goes_to_the_tail)
{
	static const struct op sleeper[] = {
		RUN(30 * US), SYSCALL, SLEEP(10 * US), SYSRET, AGAIN(sleeper),
	};

	start(1000, 1);
	fifo("a", sleeper, 10, 0);
	fifo("b", sleeper, 10, 1);
	fifo("c", sleeper, 10, 2);
	harness_run(200 * US);
	check_text("a@0 b@30 c@60 a@90 b@120 c@150 a@180");
	harness_finish();
}
END_TEST

START_TEST(yield)
{
	static const struct op polite[] = {
		RUN(30 * US), SYSCALL, YIELD, SYSRET, AGAIN(polite),
	};

	start(1000, 1);
	fifo("a", polite, 10, 0);
	fifo("b", polite, 10, 1);
	fifo("low", polite, 9, 2);
	harness_run(140 * US);
	check_text("a@0 b@30 a@60 b@90 a@120");
	harness_finish();
}
END_TEST

START_TEST(yield_alone)
{
	static const struct op polite[] = {
		RUN(30 * US), SYSCALL, YIELD, SYSRET, AGAIN(polite),
	};

	start(1000, 1);
	fifo("a", polite, 10, 0);
	fifo("low", polite, 9, 2);
	harness_run(900 * US);
	check_text("a@0");
	harness_finish();
}
END_TEST

/*
 * SCHED_RR
 */

/* 100 ms in ticks: 10, 25, 30, 100. */
START_TEST(rr_slices)
{
	static const unsigned int hz[] = { 100, 250, 300, 1000 };
	static const char *const expected[] = {
		"a@0 b@100000 c@200000 a@300000 b@400000",
		"a@0 b@100000 c@200000 a@300000 b@400000",
		"a@0 b@99999.99 c@199999.98 a@299999.97 b@399999.96",
		"a@0 b@100000 c@200000 a@300000 b@400000",
	};

	start(hz[_i], 1);
	harness_rt("a", hog, POLICY_RR, 10, 0, 0);
	harness_rt("b", hog, POLICY_RR, 10, 0, 1);
	harness_rt("c", hog, POLICY_RR, 10, 0, 2);
	harness_run(450 * MS);
	check_text(expected[_i]);
	harness_finish();
}
END_TEST

/* Without an equal the end of a slice asks for nothing. */
START_TEST(rr_alone)
{
	start(1000, 1);
	harness_rt("a", hog, POLICY_RR, 10, 0, 0);
	fifo("low", hog, 9, 1);
	harness_boot();
	harness_run(50 * MS);
	tracer_listen(&h.sim.tracer, TP_sched_set_need_resched,
		      told_need_resched, NULL);
	harness_run(450 * MS);
	check_text("a@0");
	harness_finish();
}
END_TEST

/* A FIFO task among them keeps the CPU once it has it. */
START_TEST(rr_and_fifo)
{
	start(1000, 1);
	harness_rt("rr", hog, POLICY_RR, 10, 0, 0);
	fifo("fifo", hog, 10, 1);
	harness_run(450 * MS);
	check_text("rr@0 fifo@100000");
	harness_finish();
}
END_TEST

/* Being preempted does not renew the slice. */
START_TEST(rr_slice_survives_preemption)
{
	static const struct op run_5500[] = { RUN(5500 * US), SYSCALL, DIE };

	start(1000, 1);
	harness_rt("a", hog, POLICY_RR, 10, 0, 0);
	harness_rt("b", hog, POLICY_RR, 10, 0, 1);
	fifo("high", run_5500, 20, 50200 * US);
	harness_run(110 * MS);
	/* a sees 50 ticks before and 50 after: 5 come to the other. */
	check_text("a@0 high@50200 a@55700 b@105000");
	harness_finish();
}
END_TEST

/*
 * Several CPUs
 */

/* A woken task pushes aside the least urgent. */
START_TEST(goes_to_the_least_urgent)
{
	static const struct op sleep_first[] = { SYSCALL, SLEEP(100 * US),
						 SYSRET, RUN(10 * MS),
						 AGAIN(sleep_first) };

	start(1000, 3);
	harness_rt("p30", hog, POLICY_FIFO, 30, 0, 0);
	harness_rt("p10", hog, POLICY_FIFO, 10, 1, 0);
	harness_rt("p20", hog, POLICY_FIFO, 20, 2, 0);
	harness_rt("new", sleep_first, POLICY_FIFO, 25, -1, 0);
	harness_run(900 * US);
	ck_assert_ptr_eq(h.kernel->cpus[1].rq.curr, &h.task[3]);
	ck_assert_ptr_eq(h.kernel->cpus[0].rq.curr, &h.task[0]);
	ck_assert_ptr_eq(h.kernel->cpus[2].rq.curr, &h.task[2]);
	harness_finish();
}
END_TEST

/* What a more urgent one displaces goes on elsewhere: it is pushed after the
 * switch, when it is not current any more. */
START_TEST(displaced_is_pushed)
{
	start(1000, 2);
	harness_fair("fair", hog, 0, 1, 0);
	harness_rt("a", hog, POLICY_FIFO, 10, -1, 10 * US);
	harness_rt("pinned", run_100, POLICY_FIFO, 20, 0, 50 * US);
	harness_run(900 * US);
	check_text("fair/1@0 a/0@10 pinned/0@50 a/1@50 idle/0@150");
	harness_finish();
}
END_TEST

/* A CPU that runs out of work pulls what waits. */
START_TEST(pulls_before_less_urgent)
{
	static const struct op run_300[] = { RUN(300 * US), SYSCALL, DIE };

	start(1000, 2);
	harness_rt("a", hog, POLICY_FIFO, 30, 0, 0);
	harness_rt("b", run_300, POLICY_FIFO, 30, 1, 5 * US);
	harness_fair("fair", hog, 0, 1, 7 * US);
	harness_rt("c", run_100, POLICY_FIFO, 10, -1, 10 * US);
	harness_run(900 * US);
	check_text("a/0@0 b/1@5 c/1@305 fair/1@405");
	ck_assert_uint_eq(h.task[3].nr_migrations, h.task[3].cpu != 0);
	harness_finish();
}
END_TEST

/* It takes no more than it needs: one that is less urgent than what it has by
 * now stays where it waits. */
START_TEST(pulls_the_most_urgent)
{
	struct task_attr attr = { .comm = "r",
				  .policy = POLICY_FIFO,
				  .rt_priority = 10,
				  .entry = run_100 };

	start(1000, 3);
	harness_rt("a", hog, POLICY_FIFO, 50, 0, 0);
	harness_rt("b", hog, POLICY_FIFO, 50, 1, 1 * US);
	harness_rt("c", run_100, POLICY_FIFO, 50, 2, 2 * US);
	harness_rt("q", run_100, POLICY_FIFO, 20, -1, 10 * US);
	cpumask_set_cpu(&attr.cpus, 1);
	cpumask_set_cpu(&attr.cpus, 2);
	harness_add(&attr, 20 * US);
	harness_run(150 * US);
	ck_assert_uint_eq(h.task[3].cpu, 2);
	ck_assert_uint_eq(h.task[4].cpu, 1);
	harness_run(900 * US);
	check_text("a/0@0 b/1@1 c/2@2 q/2@102 r/2@202 idle/2@302");
	harness_finish();
}
END_TEST

/* Of equals who has waited for longer goes, not the one that was preempted just
 * now, though that is first on its own CPU. */
START_TEST(pulls_who_waits_longest)
{
	static const struct op run_20[] = { RUN(20 * US), SYSCALL, DIE };
	static const struct op run_50[] = { RUN(50 * US), SYSCALL, DIE };

	start(1000, 2);
	harness_rt("y", run_50, POLICY_FIFO, 50, 1, 0);
	harness_rt("a", run_100, POLICY_FIFO, 20, -1, 1 * US);
	harness_rt("b", run_100, POLICY_FIFO, 20, -1, 10 * US);
	harness_rt("x", run_20, POLICY_FIFO, 60, 0, 40 * US);
	harness_run(55 * US);
	check_text("y/1@0 a/0@1 x/0@40 b/1@50");
	harness_finish();
}
END_TEST

/* Numbers of tasks, of those that may leave, and of CPUs with too much. */
START_TEST(counts)
{
	struct rq *rq;

	start(1000, 2);
	rq = &h.kernel->cpus[0].rq;
	harness_rt("y", hog, POLICY_FIFO, 50, 1, 0);
	harness_rt("a", run_100, POLICY_FIFO, 20, -1, 1 * US);
	harness_rt("b", run_100, POLICY_FIFO, 20, -1, 10 * US);
	harness_rt("c", run_100, POLICY_FIFO, 20, 0, 20 * US);
	harness_run(50 * US);
	ck_assert_uint_eq(rq->rt.nr_running, 3);
	ck_assert_uint_eq(rq->rt.nr_migratory, 2);
	ck_assert(rq->rt.overloaded);
	ck_assert_uint_eq(h.kernel->rto_count, 1);
	ck_assert(cpumask_test_cpu(&h.kernel->rto_mask, 0));
	harness_run(900 * US);
	ck_assert_uint_eq(rq->rt.nr_running, 0);
	ck_assert_uint_eq(rq->rt.nr_migratory, 0);
	ck_assert(!rq->rt.overloaded);
	ck_assert_uint_eq(h.kernel->rto_count, 0);
	ck_assert(!cpumask_test_cpu(&h.kernel->rto_mask, 0));
	harness_finish();
}
END_TEST

/* Under rt, a CPU finds that what waits elsewhere must stay there.  So the one that
 * keeps it from running is sent away instead, by the stop task, unless that may
 * not go. */
static void disable_migration(struct cpu *cpu, const struct op *op)
{
	(void)op;
	migrate_disable(to_kcpu(cpu)->rq.curr);
}

START_TEST(makes_way_for_one_that_stays)
{
	static const struct op run_50[] = { RUN(50 * US), SYSCALL, DIE };
	static const struct op stays[] = { DO(disable_migration),
					   RUN(1000 * MS), AGAIN(stays) };
	struct harness_config config = { .model = "rt",
					 .nr_cpus = 2,
					 .hz = 1000 };

	harness_start(&config);
	harness_log_switches();
	harness_rt("y", run_50, POLICY_FIFO, 50, 1, 0);
	harness_rt("m", stays, POLICY_FIFO, 10, -1, 1 * US);
	harness_rt("a", hog, POLICY_FIFO, 20, _i ? 0 : -1, 20 * US);
	harness_run(500 * US);
	check_text(_i ? "y/1@0 m/0@1 a/0@20 idle/1@50" :
			"y/1@0 m/0@1 a/0@20 idle/1@50 migration/0/0@50 "
			"a/1@50 m/0@50");
	ck_assert_uint_eq(h.task[1].nr_migrations, 0);
	harness_finish();
}
END_TEST

/* Who can't leave its CPU is not displaced, if there is another one. */
START_TEST(pinned_are_left_alone)
{
	start(1000, 2);
	harness_rt("a", run_100, POLICY_FIFO, 10, 0, 0);
	harness_rt("b", run_100, POLICY_FIFO, 20, -1, 10 * US);
	harness_run(900 * US);
	check_text("a/0@0 b/1@10 idle/0@100 idle/1@110");
	harness_finish();
}
END_TEST

/* Where an equal runs it would only wait again. */
START_TEST(equals_elsewhere_are_no_goal)
{
	start(1000, 2);
	harness_rt("a", run_100, POLICY_FIFO, 30, 0, 0);
	harness_rt("b", hog, POLICY_FIFO, 20, 1, 1 * US);
	harness_rt("c", run_100, POLICY_FIFO, 20, -1, 10 * US);
	harness_run(50 * US);
	ck_assert_uint_eq(h.task[2].cpu, 0);
	harness_run(900 * US);
	check_text("a/0@0 b/1@1 c/0@100 idle/0@200");
	harness_finish();
}
END_TEST

/* Affinity is kept. */
START_TEST(pinned_waits)
{
	start(1000, 2);
	harness_rt("a", run_100, POLICY_FIFO, 30, 0, 0);
	harness_rt("b", run_100, POLICY_FIFO, 10, 0, 10 * US);
	harness_run(900 * US);
	check_text("a/0@0 b/0@100 idle/0@200");
	harness_finish();
}
END_TEST

/*
 * Chance: at the end of every instant the most urgent tasks run, which needs
 * both the push of the displaced and the pull, or that others are asked to push
 */

#define TASKS 24

static struct rng chance;

static void random_run(struct cpu *cpu, const struct op *op)
{
	(void)op;
	cpu->top->left = 1 + (ktime_t)rng_below(&chance, 40) * 500;
}

static void random_sleep(struct cpu *cpu, const struct op *op)
{
	(void)op;
	nanosleep_until(to_kcpu(cpu),
			cpu->sim->now + 1 +
				(ktime_t)rng_below(&chance, 160) * 500);
}

static const struct op random_task[] = {
	DO(random_run),	  SYSCALL,
	DO(random_sleep), WHEN(task_sleeps, schedule_path),
	SYSRET,		  AGAIN(random_task),
};

static struct evsource checker;
static unsigned int nr_checks, nr_full;

static int descending(const void *a, const void *b)
{
	return *(const int *)b - *(const int *)a;
}

static void check_most_urgent(struct evsource *source)
{
	int runnable[TASKS], running[NR_CPUS];
	unsigned int n = 0, m = 0, cpus = h.kernel->config.nr_cpus;

	for (unsigned int i = 0; i < h.nr_tasks; i++)
		if (h.task[i].on_rq)
			runnable[n++] = h.task[i].rt_priority;
	for (unsigned int i = 0; i < cpus; i++) {
		const struct task *curr = h.kernel->cpus[i].rq.curr;

		if (!task_is_idle(curr))
			running[m++] = curr->rt_priority;
	}
	qsort(runnable, n, sizeof(*runnable), descending);
	qsort(running, m, sizeof(*running), descending);
	if (m != MIN(n, cpus))
		ck_abort_msg("%u run of %u at %lld", m, n,
			     (long long)h.sim.now);
	for (unsigned int i = 0; i < m; i++)
		if (running[i] != runnable[i])
			ck_abort_msg("%d runs instead of %d at %lld",
				     running[i], runnable[i],
				     (long long)h.sim.now);
	nr_checks++;
	nr_full += n > cpus;
	sim_schedule(&h.sim, source, h.sim.now + 250, PRIO_BOUNDARY);
}

START_TEST(most_urgent_run)
{
	static const unsigned int cpus[] = { 1, 2, 3, 4, 8 };

	nr_checks = nr_full = 0;
	rng_init(&chance, (uint64_t)_i, 0, "rt", "chance");
	start(1000, cpus[_i % 5]);
	h.kernel->features.rt_push_ipi = _i / 5;
	for (unsigned int i = 0; i < 3 * cpus[_i % 5]; i++)
		harness_rt("task", random_task, POLICY_FIFO,
			   1 + (int)rng_below(&chance, 50), -1,
			   (ktime_t)rng_below(&chance, 10000));
	sim_add_source(&h.sim, &checker, check_most_urgent);
	sim_schedule(&h.sim, &checker, 0, PRIO_BOUNDARY);
	harness_run(20 * MS);
	ck_assert_uint_gt(nr_checks, 70000);
	ck_assert_uint_gt(nr_full, 500);
	harness_finish();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("rt");
	TCase *tc = tcase_create("rt");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, by_priority);
	tcase_add_test(tc, all_of_them_before_fair_ones);
	tcase_add_test(tc, fifo_has_no_slice);
	tcase_add_test(tc, equals_in_order_of_coming);
	tcase_add_test(tc, preempted_stays_at_the_head);
	tcase_add_test(tc, equals_do_not_ask);
	tcase_add_test(tc, woken_goes_to_the_tail);
	tcase_add_test(tc, yield);
	tcase_add_test(tc, yield_alone);
	tcase_add_loop_test(tc, rr_slices, 0, 4);
	tcase_add_test(tc, rr_alone);
	tcase_add_test(tc, rr_and_fifo);
	tcase_add_test(tc, rr_slice_survives_preemption);
	tcase_add_test(tc, goes_to_the_least_urgent);
	tcase_add_test(tc, displaced_is_pushed);
	tcase_add_test(tc, pulls_before_less_urgent);
	tcase_add_test(tc, pulls_the_most_urgent);
	tcase_add_test(tc, pulls_who_waits_longest);
	tcase_add_loop_test(tc, makes_way_for_one_that_stays, 0, 2);
	tcase_add_test(tc, counts);
	tcase_add_test(tc, pinned_are_left_alone);
	tcase_add_test(tc, equals_elsewhere_are_no_goal);
	tcase_add_test(tc, pinned_waits);
	tcase_add_loop_test(tc, most_urgent_run, 0, 10);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
