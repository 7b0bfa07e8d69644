/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of when a CPU that goes idle looks for work: for how long it idles,
 * what looking takes, and what follows from that, by hand from
 * kernel/sched/fair.c and core.c of Linux 6.12.
 */
#include <config.h>

#include "kernel-harness.h"
#include "kernel/sched/fair-domain-private.h"
#include "preemptsim/kernel/idle.h"

static const struct op hog[] = { RUN(1000 * MS), AGAIN(hog) };

/* What the CPU that looks is in. */
static struct frame top;

static void start(struct topology topology, const char *fair, int64_t price)
{
	struct costs costs = { .price = { [COST_LOAD_BALANCE] = price } };
	struct harness_config config = { .nr_cpus = 4,
					 .topology = topology,
					 .fair = fair,
					 .costs = &costs };

	harness_start(&config);
	top.left = 0;
	for (unsigned int i = 0; i < 4; i++)
		h.kernel->cpus[i].cpu.top = &top;
}

static void set_time(ktime_t now)
{
	h.sim.now = now;
	for (unsigned int i = 0; i < 4; i++)
		cpu_rq(h.kernel, i)->clock = now;
}

/* An eighth of each idle time replaces an eighth of the average, which begins
 * with its most, 1 ms: twice what it may take to look. */
START_TEST(average)
{
	static const ktime_t idle[] = { 200 * US, 100 * US, 5 * MS, 5 * MS };
	static const ktime_t expected[] = { 900 * US, 800 * US, MS, MS };
	struct rq *rq;

	start((struct topology){ 0 }, NULL, 0);
	rq = cpu_rq(h.kernel, 0);
	ck_assert_int_eq(rq->avg_idle, MS);
	set_time(100 * MS);
	for (unsigned int i = 0; i < G_N_ELEMENTS(idle); i++) {
		rq->idle_stamp = rq->clock;
		set_time(rq->clock + idle[i]);
		update_avg_idle(rq);
		ck_assert_int_eq(rq->avg_idle, expected[i]);
		ck_assert_int_eq(rq->idle_stamp, 0);
	}
	harness_empty();
}
END_TEST

/* Two caches: one that has nothing to give, and one that has.  Each look takes
 * 10 us; a CPU that does not idle for that long does not look, one that does
 * not idle for twice that looks at its own cache only. */
static const struct {
	ktime_t avg_idle;
	unsigned int looks, pulls;
} looks[] = {
	{ 9999, 0, 0 },
	{ 10000, 1, 0 },
	{ 19999, 1, 0 },
	{ 20000, 2, 1 },
};

START_TEST(worth_it)
{
	struct sched_domain *sd;
	struct rq *rq;

	start((struct topology){ .llc = 2 }, "fcfs", 10000);
	set_time(100 * MS);
	rq = cpu_rq(h.kernel, 0);
	harness_fill(cpu_rq(h.kernel, 2), hog, 3);
	for_each_domain(rq, sd) sd->max_newidle_lb_cost = 10 * US;
	rq->avg_idle = looks[_i].avg_idle;
	balance_fair(rq);
	ck_assert_int_eq(top.left, looks[_i].looks * 10 * US);
	ck_assert_uint_eq(rq->nr_running, looks[_i].pulls);
	ck_assert_int_eq(rq->idle_stamp, looks[_i].pulls ? 0 : 100 * MS);
	harness_empty();
}
END_TEST

/* A CPU looks if another one has two tasks, of whatever classes. */
START_TEST(any_two)
{
	struct task_attr attr = { .comm = "r",
				  .policy = POLICY_FIFO,
				  .rt_priority = 1,
				  .entry = hog };
	struct task *p;

	start((struct topology){ 0 }, "fcfs", 10000);
	set_time(100 * MS);
	harness_fill(cpu_rq(h.kernel, 2), hog, 1);
	balance_fair(cpu_rq(h.kernel, 0));
	ck_assert_int_eq(top.left, 0);
	p = &h.task[harness_add(&attr, KTIME_MAX)];
	p->cpu = 2;
	activate_task(cpu_rq(h.kernel, 2), p, 0);
	balance_fair(cpu_rq(h.kernel, 0));
	ck_assert_int_eq(top.left, 10 * US);
	deactivate_task(cpu_rq(h.kernel, 2), p, 0);
	balance_fair(cpu_rq(h.kernel, 1));
	ck_assert_int_eq(top.left, 10 * US);
	harness_empty();
}
END_TEST

/* What is not known to take long is tried; that is known from then on, and
 * looking may take half of the longest average. */
START_TEST(costs_are_learned)
{
	struct rq *rq;

	start((struct topology){ 0 }, "fcfs", 600 * US);
	set_time(100 * MS);
	rq = cpu_rq(h.kernel, 0);
	harness_fill(cpu_rq(h.kernel, 2), hog, 2);
	rq->avg_idle = 1;
	balance_fair(rq);
	ck_assert_uint_eq(rq->nr_running, 1);
	ck_assert_int_eq(rq->sd->max_newidle_lb_cost, 600 * US);
	ck_assert_int_eq(rq->max_idle_balance_cost, 600 * US);
	harness_empty();
}
END_TEST

/* A second after it was the most, or was made less, it becomes 253 / 256 of
 * that, and what looking may take becomes what it takes in all domains, if that
 * is more than 0.5 ms. */
START_TEST(costs_are_forgotten)
{
	struct sched_domain *sd;
	struct rq *rq;

	start((struct topology){ .llc = 2 }, NULL, 0);
	rq = cpu_rq(h.kernel, 0);
	sd = rq->sd;
	set_time(5000 * MS);
	ck_assert(!update_newidle_cost(h.kernel, sd, 256 * US));
	ck_assert(!update_newidle_cost(h.kernel, sd->parent, 512 * US));
	set_time(6000 * MS);
	ck_assert(!update_newidle_cost(h.kernel, sd, 0));
	ck_assert_int_eq(sd->max_newidle_lb_cost, 256 * US);
	set_time(6001 * MS);
	if (_i)
		sd->parent->max_newidle_lb_cost = 1 * US;
	sched_balance_trigger(rq);
	ck_assert_int_eq(sd->max_newidle_lb_cost, 253 * US);
	ck_assert_int_eq(rq->max_idle_balance_cost,
			 _i ? 500 * US : (253 + 506) * US);
	set_time(7001 * MS);
	ck_assert(!update_newidle_cost(h.kernel, sd, 0));
	set_time(7002 * MS);
	ck_assert(update_newidle_cost(h.kernel, sd, 0));
	harness_empty();
}
END_TEST

/* It is paid each time that a CPU goes idle, if somebody waits elsewhere. */
START_TEST(it_takes_time)
{
	static const struct op often[] = { RUN(400 * US), SLEEP(600 * US),
					   AGAIN(often) };
	static const struct costs costs = {
		.price = { [COST_LOAD_BALANCE] = 100 * US },
	};
	struct harness_config config = { .nr_cpus = 2,
					 .hz = 100,
					 .costs = &costs };
	const ktime_t *paid;
	ktime_t before;

	harness_start(&config);
	paid = &h.kernel->cpus[1].cpu.time[ACCT_SWITCH];
	harness_fair("often", often, 0, 1, 0);
	harness_fair("t", hog, 0, 0, 0);
	harness_fair("t", hog, 0, 0, _i ? 0 : KTIME_MAX);
	harness_run(3300 * US);
	before = *paid;
	harness_run(13300 * US);
	ck_assert_int_eq(*paid - before, _i ? 10 * 100 * US : 0);
	harness_finish();
}
END_TEST

/* They count from one task to the next, also where nobody waits elsewhere: 0.2
 * ms each time. */
START_TEST(sleepers_leave_it_idle)
{
	static const struct op often[] = { RUN(300 * US), SLEEP(200 * US),
					   AGAIN(often) };
	struct harness_config config = { .nr_cpus = 2, .hz = 100 };
	struct rq *rq;

	harness_start(&config);
	harness_fair("often", often, 0, -1, 0);
	rq = cpu_rq(h.kernel, 0);
	harness_run(50 * MS);
	ck_assert_uint_eq(h.task[0].cpu, 0);
	ck_assert_double_eq_tol((double)rq->avg_idle, 200 * US, 1 * US);
	harness_finish();
}
END_TEST

static void may_run_anywhere(struct task *p)
{
	cpumask_set_cpu(&p->cpus_mask, 0);
	cpumask_set_cpu(&p->cpus_mask, 1);
	p->nr_cpus_allowed = 2;
	p->any_cpu = true;
}

/* From 6.12 on, who is asked to schedule while he idles, and finds nothing to
 * run, idles on; before, he looked for work elsewhere once more. */
START_TEST(asked_for_nothing)
{
	struct harness_config config = { .version = _i ? "6.6" : "6.12",
					 .nr_cpus = 2,
					 .nohz = true,
					 .hz = 100,
					 .idle = { .method = IDLE_MWAIT } };
	struct task *waiting;
	struct rq *rq;

	harness_start(&config);
	harness_fair("hog", hog, 0, 0, 0);
	harness_fair("hog", hog, 0, 0, 0);
	harness_run(1 * MS);
	rq = cpu_rq(h.kernel, 0);
	waiting = &h.task[rq->curr == &h.task[0]];
	may_run_anywhere(waiting);
	idle_notice(&h.kernel->cpus[1], &h.kernel->cpus[0]);
	rq = cpu_rq(h.kernel, 1);
	rq->idle_stamp = 50 * US;
	harness_run(1100 * US);
	ck_assert_uint_eq(waiting->cpu, _i ? 1 : 0);
	ck_assert_int_eq(rq->idle_stamp, _i ? 0 : 50 * US);
	harness_finish();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("newidle");
	TCase *tc = tcase_create("newidle");

	tcase_add_test(tc, average);
	tcase_add_loop_test(tc, worth_it, 0, (int)G_N_ELEMENTS(looks));
	tcase_add_test(tc, any_two);
	tcase_add_test(tc, costs_are_learned);
	tcase_add_loop_test(tc, costs_are_forgotten, 0, 2);
	tcase_add_loop_test(tc, it_takes_time, 0, 2);
	tcase_add_test(tc, sleepers_leave_it_idle);
	tcase_add_loop_test(tc, asked_for_nothing, 0, 2);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
