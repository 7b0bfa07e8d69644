/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of balancing under the O(1) scheduler, by hand from kernel/sched.c of
 * Linux 2.6.16: rebalance_tick(), find_busiest_group(), move_tasks().
 */
#include <config.h>

#include "kernel-harness.h"
#include "kernel/sched/o1-private.h"

static const struct op hog[] = { RUN(1000 * MS), AGAIN(hog) };

/* Runs for a while and is gone. */
static const struct op early[] = { RUN(10300 * US), SYSCALL, SLEEP(10000 * MS),
				   SYSRET, AGAIN(early) };

/* What the CPU that pulls is interrupted in when it calls others. */
static struct frame asking;

static struct rq *rq_of(unsigned int cpu)
{
	return cpu_rq(h.kernel, cpu);
}

/* CPUs that have ticked for long; now is 100 ms. */
static void start(unsigned int nr_cpus, unsigned int smt)
{
	struct harness_config config = { .nr_cpus = nr_cpus,
					 .topology.smt = smt,
					 .fair = "o1" };

	harness_start(&config);
	h.sim.now = 100 * MS;
	for (unsigned int i = 0; i < nr_cpus; i++) {
		struct rq *rq = rq_of(i);
		struct sched_domain *sd;

		h.kernel->cpus[i].cpu.top = &asking;
		rq->clock = 100 * MS;
		rq->o1.timestamp_last_tick = 100 * MS;
		rq->o1.ticks = 1000;
		for_each_domain(rq, sd) sd->balance_interval = 1;
	}
}

/* @n tasks that have been there for long. */
static void fill(unsigned int cpu, unsigned int n)
{
	struct rq *rq = rq_of(cpu);

	harness_fill(rq, hog, n);
	for (unsigned int i = 0; i < NR_O1_LOADS; i++)
		rq->o1.cpu_load[i] = UINT64_C(128) * rq->nr_running;
}

/*
 * How many
 */

/* To a CPU with `here' tasks from one with `there': so many as make up for half
 * the difference, rounded down, but at least one if two are too many; if the
 * one is busier by more than a quarter. */
static const struct {
	unsigned int here, there, moved;
} amounts[] = {
	{ 0, 1, 0 }, { 0, 2, 1 }, { 0, 3, 1 }, { 0, 4, 2 },  { 0, 5, 2 },
	{ 1, 2, 0 }, { 1, 3, 1 }, { 2, 3, 0 }, { 2, 4, 1 },  { 3, 4, 0 },
	{ 4, 5, 0 }, { 4, 6, 1 }, { 7, 9, 1 }, { 8, 10, 0 }, { 3, 1, 0 },
};

START_TEST(amount)
{
	start(2, 1);
	fill(0, amounts[_i].here);
	fill(1, amounts[_i].there);
	rebalance_tick_o1(rq_of(0));
	ck_assert_uint_eq(rq_of(0)->nr_running,
			  amounts[_i].here + amounts[_i].moved);
	ck_assert_uint_eq(rq_of(1)->nr_running,
			  amounts[_i].there - amounts[_i].moved);
	harness_empty();
}
END_TEST

/* Of CPUs with two tasks each the first gives one: to an idle one, though that
 * is less than one from what all have on average. */
START_TEST(first_busiest)
{
	start(3, 1);
	fill(1, 2);
	fill(2, 2);
	rebalance_tick_o1(rq_of(0));
	ck_assert_uint_eq(rq_of(0)->nr_running, 1);
	ck_assert_uint_eq(rq_of(1)->nr_running, 1);
	ck_assert_uint_eq(rq_of(2)->nr_running, 2);
	harness_empty();
}
END_TEST

/* Two tasks that have not been there for long enough count as one: where the
 * CPU idles, at the last tick (idle_idx), where it is busy, on average over
 * some (busy_idx). */
START_TEST(low_guess)
{
	start(2, 1);
	fill(0, _i ? 1 : 0);
	fill(1, _i ? 3 : 2);
	rq_of(1)->o1.cpu_load[_i] = 128;
	rebalance_tick_o1(rq_of(0));
	ck_assert_uint_eq(rq_of(0)->nr_running, _i ? 1 : 0);
	rq_of(1)->o1.cpu_load[_i] = 128 * 3;
	rq_of(1)->o1.cpu_load[!_i] = 0;
	rq_of(0)->o1.ticks += 64;
	rebalance_tick_o1(rq_of(0));
	ck_assert_uint_eq(rq_of(0)->nr_running, _i ? 2 : 1);
	harness_empty();
}
END_TEST

/* What is there now; on average over the last ticks, half and a quarter of it
 * each time, rounded towards it. */
START_TEST(averages)
{
	static const uint64_t half[] = { 128, 192, 224, 240, 248,
					 252, 254, 255, 256, 256 };
	static const uint64_t quarter[] = { 64, 112, 148, 175, 196 };
	static const uint64_t less[] = { 128, 64, 32, 16, 8, 4, 2, 1, 0, 0 };

	start(2, 1);
	harness_fill(rq_of(0), hog, 2);
	for (unsigned int i = 0; i < G_N_ELEMENTS(half); i++) {
		rebalance_tick_o1(rq_of(0));
		ck_assert_uint_eq(rq_of(0)->o1.cpu_load[0], 256);
		ck_assert_uint_eq(rq_of(0)->o1.cpu_load[1], half[i]);
		if (i < G_N_ELEMENTS(quarter))
			ck_assert_uint_eq(rq_of(0)->o1.cpu_load[2], quarter[i]);
	}
	for (unsigned int i = 0; i < 2; i++)
		deactivate_task(rq_of(0), &h.task[i], DEQUEUE_SLEEP);
	for (unsigned int i = 0; i < G_N_ELEMENTS(less); i++) {
		rebalance_tick_o1(rq_of(0));
		ck_assert_uint_eq(rq_of(0)->o1.cpu_load[0], 0);
		ck_assert_uint_eq(rq_of(0)->o1.cpu_load[1], less[i]);
	}
	harness_empty();
}
END_TEST

/*
 * Whom
 */

static void place(unsigned int i, int prio, bool expired)
{
	struct rq *rq = rq_of(1);

	o1_array_del(rq, &h.task[i]);
	h.task[i].o1.prio = prio;
	o1_array_add(rq, &h.task[i], expired ? !rq->o1.active : rq->o1.active,
		     false);
}

static bool is_here(unsigned int i, bool expired)
{
	const struct task *p = &h.task[i];

	return p->cpu == 0 && p->o1.array == (expired ? !rq_of(0)->o1.active :
							rq_of(0)->o1.active);
}

/* Three of six: who has expired goes first, and arrives as expired; then the
 * best priority; of equals who was queued last. */
START_TEST(order)
{
	start(2, 1);
	fill(1, 6);
	place(3, 130, true);
	if (_i) {
		place(4, 110, true);
		place(5, 110, true);
		place(1, 100, false);
	} else {
		place(2, 120, false);
	}
	rebalance_tick_o1(rq_of(0));
	ck_assert_uint_eq(rq_of(0)->nr_running, 3);
	ck_assert(is_here(3, true));
	ck_assert_int_eq(is_here(2, false), !_i);
	ck_assert(is_here(5, _i));
	ck_assert_int_eq(is_here(4, true), _i);
	ck_assert_uint_eq(h.task[1].cpu, 1);
	harness_empty();
}
END_TEST

/* Who ran less than 2.5 ms before the last tick stays, until two attempts have
 * failed. */
static const struct {
	int64_t ran;
	unsigned int failed;
	bool moves;
} warm[] = {
	{ 97500000, 0, true },
	{ 97500001, 0, false },
	{ 97500001, 1, false },
	{ 97500001, 2, true },
};

START_TEST(cache)
{
	start(2, 1);
	fill(1, 2);
	h.task[1].o1.timestamp = warm[_i].ran;
	rq_of(0)->sd->nr_balance_failed = warm[_i].failed;
	rebalance_tick_o1(rq_of(0));
	ck_assert_uint_eq(h.task[1].cpu, !warm[_i].moves);
	ck_assert_uint_eq(rq_of(0)->sd->nr_balance_failed,
			  warm[_i].moves ? 0 : warm[_i].failed + 1);
	harness_empty();
}
END_TEST

/* Nobody may come: the interval grows up to 512 ms, and that is no failure.  Who
 * runs could: it is one. */
START_TEST(pinned)
{
	struct sched_domain *sd;

	start(2, 1);
	fill(1, 2);
	sd = rq_of(0)->sd;
	for (unsigned int i = (unsigned int)_i; i < 2; i++) {
		h.task[i].any_cpu = false;
		h.task[i].cpus_mask = (struct cpumask){ 0 };
		cpumask_set_cpu(&h.task[i].cpus_mask, 1);
	}
	for (unsigned int i = 0; i < 3; i++) {
		rq_of(0)->o1.ticks += 1000;
		rebalance_tick_o1(rq_of(0));
		ck_assert_uint_eq(sd->balance_interval, _i ? 1 : 2u << i);
		ck_assert_uint_eq(sd->nr_balance_failed, _i ? i + 1 : 0);
	}
	sd->balance_interval = 512;
	rq_of(0)->o1.ticks += 1000;
	if (!_i)
		rebalance_tick_o1(rq_of(0));
	ck_assert_uint_eq(sd->balance_interval, 512);
	harness_empty();
}
END_TEST

/*
 * When
 */

/* Ticks from one attempt to the next; 64 times as long on a busy CPU. */
static const struct {
	unsigned int hz, interval, idle, busy;
} intervals[] = {
	{ 1000, 1, 1, 64 }, { 1000, 4, 4, 256 }, { 250, 1, 1, 16 },
	{ 250, 4, 1, 64 },  { 300, 4, 2, 77 },	 { 100, 1, 1, 7 },
};

static unsigned int ticks_to_next(unsigned int interval)
{
	struct rq *rq = rq_of(0);

	rq->sd->balance_interval = interval;
	rq->sd->last_balance = rq->o1.ticks = 5000;
	for (unsigned int n = 1;; n++) {
		rebalance_tick_o1(rq);
		if (rq->sd->last_balance != 5000) {
			ck_assert_uint_eq(rq->sd->last_balance, 5000 + n);
			return n;
		}
	}
}

START_TEST(interval)
{
	struct harness_config config = { .nr_cpus = 2,
					 .hz = intervals[_i].hz,
					 .fair = "o1" };

	harness_start(&config);
	ck_assert_uint_eq(ticks_to_next(intervals[_i].interval),
			  intervals[_i].idle);
	fill(0, 1);
	ck_assert_uint_eq(ticks_to_next(intervals[_i].interval),
			  intervals[_i].busy);
	/* Nothing to do: up to 4 ms. */
	ck_assert_uint_eq(rq_of(0)->sd->balance_interval,
			  MIN(2 * intervals[_i].interval, 4));
	harness_empty();
}
END_TEST

/* CPU 1 of two begins half a second later, that is 52 ms in 64 earlier. */
START_TEST(not_all_at_once)
{
	struct harness_config config = { .nr_cpus = 2, .fair = "o1" };
	struct rq *rq;

	harness_start(&config);
	fill(0, 1);
	fill(1, 1);
	for (unsigned int cpu = 0; cpu < 2; cpu++) {
		unsigned int n = 0;

		rq = rq_of(cpu);
		do {
			rebalance_tick_o1(rq);
			n++;
		} while (rq->sd->balance_interval == 1);
		ck_assert_uint_eq(n, cpu ? 12 : 64);
	}
	harness_empty();
}
END_TEST

/*
 * All of it
 */

static void run(unsigned int smt, bool nohz, bool polls)
{
	struct harness_config config = { .nr_cpus = smt * 2,
					 .topology.smt = smt,
					 .nohz = nohz,
					 .idle.method =
						 polls ? IDLE_MWAIT : IDLE_HALT,
					 .fair = "o1" };

	harness_start(&config);
	harness_log_switches();
}

/* The other CPU has nothing to do from 10.3 ms on.  When it goes idle it counts
 * what it was on average, and leaves it at that; its next tick does not.  One
 * without ticks is called by the tick of the busy one, by a flag if it polls. */
START_TEST(idle_cpu_pulls)
{
	run(1, _i > 0, _i > 1);
	harness_fair("x", early, 0, 1, 0);
	harness_fair("a", hog, 0, -1, 0);
	harness_fair("b", hog, 0, 0, 0);
	h.task[2].any_cpu = true;
	harness_run(30 * MS);
	check_text("a/0@0 x/1@0 idle/1@10300 b/1@11000");
	harness_finish();
}
END_TEST

/* Who waits there may not come; so who runs is sent here at the fourth tick. */
START_TEST(running_one_is_sent)
{
	run(1, _i > 0, _i > 1);
	harness_fair("x", early, 0, 1, 0);
	harness_fair("a", hog, 0, -1, 0);
	harness_fair("b", hog, 0, 0, 0);
	harness_run(30 * MS);
	check_text(_i > 1 ? "a/0@0 x/1@0 idle/1@10300 migration/0/0@14000 "
			    "b/0@14000 a/1@14000" :
			    "a/0@0 x/1@0 idle/1@10300 migration/0/0@14000 "
			    "a/1@14000 b/0@14000");
	harness_finish();
}
END_TEST

/* Two threads of a core do 140 for one's 128, two cores 256: so one of two
 * hogs is sent to the core that idles, at the fourth tick of
 * the CPU that has idled for longest. */
START_TEST(core_of_ones_own)
{
	run(2, false, false);
	harness_fair("x", early, 0, 0, 0);
	harness_fair("y", early, 0, 1, 0);
	harness_fair("a", hog, 0, 2, 0);
	harness_fair("b", hog, 0, 3, 0);
	harness_run(5 * MS);
	h.task[2].any_cpu = h.task[3].any_cpu = true;
	harness_run(30 * MS);
	check_text("b/3@0 x/0@0 y/1@0 a/2@0 idle/1@10300 idle/0@10300 "
		   "migration/2/2@14000 a/1@14000 idle/2@14000");
	harness_finish();
}
END_TEST

/* Each attempt that finds something has its price, in the tick.  Of two hogs
 * that may not come the idle CPU finds out at its ticks 2 to 5, for it is 53
 * late, and then at 11, 75, 203, 459 and 971; at its first the other CPU has
 * had none. */
START_TEST(looking_costs)
{
	static const struct costs costs = {
		.price = { [COST_LOAD_BALANCE] = 1000 },
	};
	struct harness_config config = { .nr_cpus = 2,
					 .fair = "o1",
					 .costs = &costs };

	harness_start(&config);
	harness_fair("a", hog, 0, 0, 0);
	harness_fair("b", hog, 0, 0, 0);
	harness_run(1000 * MS);
	ck_assert_int_eq(cpu_acct_time(&h.kernel->cpus[1].cpu, ACCT_HARDIRQ),
			 9 * US);
	harness_finish();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("o1-balance");
	TCase *tc = tcase_create("o1-balance");

	tcase_add_loop_test(tc, amount, 0, (int)G_N_ELEMENTS(amounts));
	tcase_add_test(tc, first_busiest);
	tcase_add_loop_test(tc, low_guess, 0, 2);
	tcase_add_test(tc, averages);
	tcase_add_loop_test(tc, order, 0, 2);
	tcase_add_loop_test(tc, cache, 0, (int)G_N_ELEMENTS(warm));
	tcase_add_loop_test(tc, pinned, 0, 2);
	tcase_add_loop_test(tc, interval, 0, (int)G_N_ELEMENTS(intervals));
	tcase_add_test(tc, not_all_at_once);
	tcase_add_loop_test(tc, idle_cpu_pulls, 0, 3);
	tcase_add_loop_test(tc, running_one_is_sent, 0, 3);
	tcase_add_test(tc, core_of_ones_own);
	tcase_add_test(tc, looking_costs);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
