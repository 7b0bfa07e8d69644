/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of when domains are balanced, and by whom: sched_balance_trigger() and
 * what follows from it, in jiffies by hand from kernel/sched/fair.c of
 * Linux 6.12.
 */
#include <config.h>

#include "kernel-harness.h"
#include "kernel/sched/fair-domain-private.h"

static const struct op hog[] = { RUN(1000 * MS), AGAIN(hog) };

static void start(unsigned int nr_cpus, unsigned int hz)
{
	struct harness_config config = { .nr_cpus = nr_cpus,
					 .hz = hz,
					 .nohz = true };

	harness_start(&config);
}

static struct rq *rq_of(unsigned int cpu)
{
	return cpu_rq(h.kernel, cpu);
}

static void set_jiffies(uint64_t j)
{
	h.sim.now = (ktime_t)j * h.kernel->tick_period;
	for (unsigned int i = 0; i < h.kernel->config.nr_cpus; i++)
		rq_of(i)->clock = h.sim.now;
}

/* Jiffies from one attempt to the next of a CPU that idles, or runs nothing but
 * SCHED_IDLE, and of one that does not: balance_interval ms, 16 times as many
 * and one less, up to a tenth of a second for each CPU.  Where there is nothing
 * to move, the interval doubles up to twice as many ms as there are CPUs; a longer
 * one stays. */
static const struct {
	unsigned int nr_cpus, hz, interval, idle, busy;
} intervals[] = {
	{ 2, 1000, 2, 2, 31 },	    { 2, 1000, 4, 4, 63 },
	{ 4, 1000, 4, 4, 63 },	    { 8, 1000, 16, 16, 255 },
	{ 2, 250, 2, 1, 7 },	    { 2, 250, 4, 1, 15 },
	{ 2, 250, 5, 2, 19 },	    { 2, 300, 4, 2, 19 },
	{ 2, 100, 4, 1, 6 },	    { 2, 10, 2, 1, 1 },
	{ 2, 1000, 512, 200, 200 }, { 2, 250, 512, 50, 50 },
	{ 8, 1000, 512, 512, 800 },
};

static unsigned int next_attempt(unsigned int interval)
{
	struct rq *rq = rq_of(1);

	for (unsigned int n = 1;; n++) {
		rq->sd->balance_interval = interval;
		rq->sd->last_balance = 5000;
		rq->sd->nr_balance_failed = 3;
		set_jiffies(5000 + n);
		sched_balance_trigger(rq);
		if (rq->sd->last_balance != 5000) {
			ck_assert_uint_eq(rq->sd->last_balance, 5000 + n);
			ck_assert_uint_eq(rq->sd->balance_interval,
					  interval < rq->sd->max_interval ?
						  2 * interval :
						  interval);
			ck_assert_uint_eq(rq->sd->nr_balance_failed, 0);
			return n;
		}
	}
}

START_TEST(interval)
{
	start(intervals[_i].nr_cpus, intervals[_i].hz);
	ck_assert_uint_eq(next_attempt(intervals[_i].interval),
			  intervals[_i].idle);
	harness_fill(rq_of(1), hog, 1);
	ck_assert_uint_eq(next_attempt(intervals[_i].interval),
			  intervals[_i].busy);
	rq_of(1)->nr_sched_idle = 1;
	ck_assert_uint_eq(next_attempt(intervals[_i].interval),
			  intervals[_i].idle);
	harness_empty();
}
END_TEST

static bool softirq_pends(unsigned int cpu)
{
	return h.kernel->cpus[cpu].softirq.pending & 1u << SCHED_SOFTIRQ;
}

/* All tasks have to stay where they are. */
static void pin_all(void)
{
	for (unsigned int i = 0; i < h.nr_tasks; i++) {
		struct task *p = &h.task[i];

		p->cpus_mask = (struct cpumask){ 0 };
		cpumask_set_cpu(&p->cpus_mask, p->cpu);
		p->nr_cpus_allowed = 1;
		p->any_cpu = false;
	}
}

/* A tick that has something to move raises the softirq, when it is time; where
 * nothing is too much there is none. */
START_TEST(tick_raises_the_softirq)
{
	struct rq *rq;

	start(2, 1000);
	rq = rq_of(0);
	harness_fill(rq, hog, _i);
	harness_fill(rq_of(1), hog, 1);
	rq->sd->last_balance = 5000;
	set_jiffies(5000 + 30);
	sched_balance_trigger(rq);
	ck_assert(!softirq_pends(0));
	set_jiffies(5000 + 31);
	sched_balance_trigger(rq);
	ck_assert_int_eq(softirq_pends(0), _i > 1);
	harness_empty();
}
END_TEST

/* Nor is there where nobody may go, or where nobody would be better off. */
START_TEST(nobody_can_be_helped)
{
	struct harness_config config = { .nr_cpus = 4, .topology.smt = 2 };

	harness_start(&config);
	harness_fill(rq_of(0), hog, _i ? 1 : 2);
	if (!_i)
		for (unsigned int i = 0; i < 2; i++)
			h.task[i].nr_cpus_allowed = 1;
	set_jiffies(5000);
	sched_balance_trigger(rq_of(0));
	ck_assert(!softirq_pends(0));
	harness_empty();
}
END_TEST

/* One fair task alone would be, on another CPU, if other classes take much of
 * its own, and it may go. */
static const struct {
	uint64_t capacity;
	unsigned int nr_cpus_allowed;
	bool helped;
} alone[] = { { 1024, 4, false },
	      { 931, 4, false },
	      { 930, 4, true },
	      { 930, 1, false } };

START_TEST(one_could_be_better_off)
{
	struct harness_config config = { .nr_cpus = 4, .topology.smt = 2 };

	harness_start(&config);
	harness_fill(rq_of(0), hog, 1);
	h.task[0].nr_cpus_allowed = alone[_i].nr_cpus_allowed;
	rq_of(0)->cpu_capacity = alone[_i].capacity;
	set_jiffies(5000);
	sched_balance_trigger(rq_of(0));
	ck_assert_int_eq(softirq_pends(0), alone[_i].helped);
	harness_empty();
}
END_TEST

/* That is so on equal CPUs, too, if there are stop tasks; and each tick calls
 * one that idles. */
START_TEST(one_may_be_sent_away)
{
	struct frame tick = { .left = 0 };

	start(2, 1000);
	h.kernel->cpus[0].cpu.top = &tick;
	h.kernel->cpus[1].tick.stopped = true;
	if (_i)
		cpu_stop_init(&h.kernel->cpus[0]);
	harness_fill(rq_of(0), hog, 1);
	rq_of(0)->cpu_capacity = 875;
	set_jiffies(5000);
	sched_balance_trigger(rq_of(0));
	ck_assert_int_eq(softirq_pends(0), _i);
	ck_assert_int_eq(rq_of(1)->nohz_balance, _i);
	harness_empty();
}
END_TEST

/* Where cores are shared, the ticks of a CPU with one task look for help
 * between its own attempts: for one of two on a core, while another core
 * idles. */
START_TEST(each_tick_asks_for_help)
{
	struct harness_config config = { .nr_cpus = 4,
					 .topology.smt = 2,
					 .nohz = true };
	struct frame tick = { .left = 0 };

	harness_start(&config);
	h.kernel->cpus[0].cpu.top = &tick;
	for (unsigned int cpu = 2; cpu < 4; cpu++)
		h.kernel->cpus[cpu].tick.stopped = true;
	harness_fill(rq_of(0), hog, 1);
	set_jiffies(5000);
	sched_balance_trigger(rq_of(0));
	ck_assert(!rq_of(2)->nohz_balance);
	harness_fill(rq_of(1), hog, 1);
	set_jiffies(5001);
	sched_tick(&h.kernel->cpus[0]);
	ck_assert(rq_of(2)->nohz_balance);
	harness_empty();
}
END_TEST

/* Eight CPUs: two threads each, two cores to a cache.  What looking takes is not
 * forgotten before jiffy 6000. */
static struct sched_domain *start_levels(void)
{
	struct sched_domain *sd;
	struct harness_config config = { .nr_cpus = 8,
					 .topology = { .smt = 2, .llc = 2 } };

	harness_start(&config);
	h.kernel->cpus[1].cpu.top = h.kernel->cpus[1].idle.top;
	for_each_domain(rq_of(1), sd) sd->last_decay_max_lb_cost = 5000;
	return rq_of(1)->sd->parent;
}

/* CPU 0 balances the cores for its core as long as it idles.  So CPU 1 does not
 * look at the caches, which stay due: at once when CPU 0 runs a task and it is
 * CPU 1's turn. */
START_TEST(another_one_balances)
{
	struct sched_domain *sd = start_levels();

	sd->last_balance = sd->parent->last_balance = 5000;
	set_jiffies(5008);
	sched_balance_trigger(rq_of(1));
	ck_assert_uint_eq(sd->last_balance, 5008);
	ck_assert_uint_eq(sd->parent->last_balance, 5000);
	set_jiffies(5009);
	sched_balance_trigger(rq_of(1));
	ck_assert_uint_eq(sd->parent->last_balance, 5000);
	harness_fill(rq_of(0), hog, 1);
	set_jiffies(5016);
	sched_balance_trigger(rq_of(1));
	ck_assert_uint_eq(sd->last_balance, 5016);
	ck_assert_uint_eq(sd->parent->last_balance, 5016);
	harness_empty();
}
END_TEST

/* But one that goes idle looks at all, and what is due is so at the next tick. */
START_TEST(gone_idle)
{
	struct sched_domain *sd = start_levels();

	harness_fill(rq_of(4), hog, 2);
	pin_all();
	rq_of(1)->sd_looked = sd;
	rq_of(1)->sd->last_balance = sd->last_balance = 5004;
	sd->parent->last_balance = 4000;
	set_jiffies(5005);
	if (_i)
		balance_fair(rq_of(1));
	sched_balance_trigger(rq_of(1));
	ck_assert_uint_eq(sd->last_balance, 5004);
	ck_assert_uint_eq(sd->parent->last_balance, _i ? 5005 : 4000);
	harness_empty();
}
END_TEST

/* Where none of those that wait elsewhere may come, the interval doubles up to
 * half a second. */
START_TEST(pinned)
{
	struct rq *rq;

	start(2, 1000);
	harness_fill(rq_of(0), hog, 2);
	pin_all();
	rq = rq_of(1);
	for (unsigned int ms = 2; ms < 512; ms *= 2) {
		ck_assert_uint_eq(rq->sd->balance_interval, ms);
		rq->sd->last_balance = 5000;
		set_jiffies(5600);
		sched_balance_trigger(rq);
		ck_assert_uint_eq(rq->sd->last_balance, 5600);
		ck_assert(!softirq_pends(1));
	}
	ck_assert_uint_eq(rq->sd->balance_interval, 512);
	rq->sd->last_balance = 5000;
	sched_balance_trigger(rq);
	ck_assert_uint_eq(rq->sd->balance_interval, 512);
	harness_empty();
}
END_TEST

/* A CPU on which nothing but SCHED_IDLE is left looks around as often as one
 * that idles, 2 ms after the last time and then each 4 ms. */
START_TEST(sched_idle_is_left)
{
	struct sched_domain *sd;

	start(2, 1000);
	sd = rq_of(1)->sd;
	harness_fill(rq_of(1), hog, 1);
	set_jiffies(5000);
	sched_tick(&h.kernel->cpus[1]);
	ck_assert_uint_eq(sd->last_balance, 5000);
	sd->balance_interval = 2;
	if (_i)
		add_sched_idle(rq_of(1), 1);
	for (unsigned int j = 5001; j < 5010; j++) {
		set_jiffies(j);
		sched_tick(&h.kernel->cpus[1]);
	}
	ck_assert_uint_eq(sd->last_balance, _i ? 5006 : 5000);
	harness_empty();
}
END_TEST

/* The tick of a CPU with too much calls the first one that idles without a
 * tick, and is not isolated, at most once a tick. */
START_TEST(idle_help)
{
	struct harness_config config = { .nr_cpus = 5, .nohz = true };
	struct frame tick = { .left = 0 };

	cpumask_set_cpu(&config.isolcpus, 1);
	harness_start(&config);
	h.kernel->cpus[0].cpu.top = &tick;
	harness_fill(rq_of(0), hog, 1);
	for (unsigned int cpu = 1; cpu < 5; cpu++)
		h.kernel->cpus[cpu].tick.stopped = cpu != 2;
	set_jiffies(5000);
	sched_balance_trigger(rq_of(0));
	ck_assert(!rq_of(3)->nohz_balance);
	harness_fill(rq_of(0), hog, 1);
	sched_balance_trigger(rq_of(0));
	ck_assert(rq_of(3)->nohz_balance);
	for (unsigned int cpu = 0; cpu < 5; cpu++)
		ck_assert_int_eq(rq_of(cpu)->nohz_balance, cpu == 3);
	ck_assert_int_ne(h.kernel->cpus[3].ipi.at[IPI_CALL_FUNCTION_SINGLE],
			 KTIME_MAX);
	rq_of(3)->nohz_balance = false;
	set_jiffies(5000);
	sched_balance_trigger(rq_of(0));
	ck_assert(!rq_of(3)->nohz_balance);
	set_jiffies(5001);
	sched_balance_trigger(rq_of(0));
	ck_assert(rq_of(3)->nohz_balance);
	harness_empty();
}
END_TEST

/* The one that was called does so if it idles still. */
START_TEST(called)
{
	start(2, 1000);
	rq_of(1)->nohz_balance = true;
	if (_i)
		harness_fill(rq_of(1), hog, 1);
	h.kernel->cpus[1].preempt_count += HARDIRQ_OFFSET;
	nohz_csd_func(&h.kernel->cpus[1]);
	ck_assert_int_eq(softirq_pends(1), !_i);
	ck_assert_int_eq(rq_of(1)->nohz_balance, !_i);
	harness_empty();
}
END_TEST

static void count(void *data, const struct trace_record *record)
{
	*(unsigned int *)data += record->cpu == 1;
}

/* Each look at a domain has its price, in the softirq.  Three hogs that may not
 * go make the interval of the CPU that idles longer and longer: it looks after
 * 2, 4, ..., 128 ms and from then on each 200 ms.  It is called
 * when it is due, and once at the first tick. */
START_TEST(looking_costs)
{
	static const struct costs costs = {
		.price = { [COST_LOAD_BALANCE] = 1000 },
	};
	struct harness_config config = { .nr_cpus = 2,
					 .nohz = true,
					 .costs = &costs };
	unsigned int softirqs = 0;

	harness_start(&config);
	tracer_listen(&h.sim.tracer, TP_softirq_entry, count, &softirqs);
	for (int i = 0; i < 3; i++) {
		struct task *p = &h.task[harness_fair("t", hog, 0, 0, 0)];

		p->nr_cpus_allowed = 2; /* but may not */
	}
	harness_run(1000 * MS);
	ck_assert_uint_eq(softirqs, 11);
	ck_assert_int_eq(cpu_acct_time(&h.kernel->cpus[1].cpu, ACCT_SOFTIRQ),
			 10 * US);
	harness_empty();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("balance-tick");
	TCase *tc = tcase_create("balance-tick");

	tcase_add_loop_test(tc, interval, 0, (int)G_N_ELEMENTS(intervals));
	tcase_add_loop_test(tc, tick_raises_the_softirq, 0, 3);
	tcase_add_loop_test(tc, nobody_can_be_helped, 0, 2);
	tcase_add_loop_test(tc, one_may_be_sent_away, 0, 2);
	tcase_add_loop_test(tc, one_could_be_better_off, 0,
			    (int)G_N_ELEMENTS(alone));
	tcase_add_loop_test(tc, sched_idle_is_left, 0, 2);
	tcase_add_test(tc, another_one_balances);
	tcase_add_loop_test(tc, gone_idle, 0, 2);
	tcase_add_test(tc, pinned);
	tcase_add_test(tc, each_tick_asks_for_help);
	tcase_add_test(tc, idle_help);
	tcase_add_loop_test(tc, called, 0, 2);
	tcase_add_test(tc, looking_costs);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
