/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of balancing: that no CPU has too little to do while another has too
 * much, nobody runs where it may not, and caches are left for a reason only.
 */
#include <config.h>

#include "kernel-harness.h"

static const struct op hog[] = { RUN(7 * MS), AGAIN(hog) };
static const struct op brief[] = { RUN(10300 * US), SYSCALL, DIE };
static const struct op worker[] = { RUN(3700 * US), SYSCALL, SLEEP(2 * MS),
				    SYSRET, AGAIN(worker) };
static const struct op napper[] = { RUN(100 * US), SYSCALL, SLEEP(29 * MS),
				    SYSRET, AGAIN(napper) };

static const struct shape {
	unsigned int nr_cpus;
	struct topology topology;
} shapes[] = {
	{ 2, { 0, 0, 0 } },  { 4, { 0, 0, 0 } },  { 8, { 2, 0, 0 } },
	{ 8, { 1, 2, 2 } },  { 16, { 2, 4, 2 } }, { 12, { 1, 3, 1 } },
	{ 16, { 2, 2, 2 } },
};

/* Each switch is to a task that may run there. */
static void check_affinity(void *data, const struct trace_record *record)
{
	const struct task *next = record->object;

	(void)data;
	ck_assert(task_is_idle(next) ||
		  cpumask_test_cpu(&next->cpus_mask, record->cpu));
}

static void start_with(unsigned int nr_cpus, struct topology topology,
		       const char *fair, bool nohz)
{
	struct harness_config config = { .nr_cpus = nr_cpus,
					 .topology = topology,
					 .fair = fair,
					 .hz = 250,
					 .nohz = nohz };

	harness_start(&config);
	tracer_listen(&h.sim.tracer, TP_sched_switch, check_affinity, NULL);
}

static void start(unsigned int nr_cpus, struct topology topology)
{
	start_with(nr_cpus, topology, NULL, true);
}

static struct task *add(const struct op *program, ktime_t begin)
{
	return &h.task[harness_fair("t", program, 0, -1, begin)];
}

/* @p may run on CPUs @first to @last only. */
static void allow(struct task *p, unsigned int first, unsigned int last)
{
	p->cpus_mask = (struct cpumask){ { 0 } };
	for (unsigned int cpu = first; cpu <= last; cpu++)
		cpumask_set_cpu(&p->cpus_mask, cpu);
	p->nr_cpus_allowed = last - first + 1;
	p->any_cpu = p->nr_cpus_allowed == h.kernel->config.nr_cpus;
	p->cpu = first;
}

/* What @p has had of a CPU, in percent, since it had @before ns. */
static double share(const struct task *p, int64_t before, ktime_t of)
{
	return 100.0 * (double)(p->se.sum_exec_runtime - before) / (double)of;
}

/*
 * Work conservation
 */

/* Could somebody who waits run on @cpu, which idles? */
static bool work_waits_for(unsigned int cpu)
{
	for (unsigned int i = 0; i < h.nr_tasks; i++) {
		const struct task *p = &h.task[i];
		const struct rq *rq = cpu_rq(h.kernel, p->cpu);

		if (p->on_rq && rq->curr != p && rq->nr_running > 1 &&
		    cpumask_test_cpu(&p->cpus_mask, cpu))
			return true;
	}
	return false;
}

/* The longest that a CPU idled while one waited who could run there, ms. */
static unsigned int longest_waste(unsigned int ms)
{
	unsigned int since[64] = { 0 }, longest = 0;

	for (unsigned int t = 0; t < ms; t++) {
		harness_run(h.sim.now + MS);
		for (unsigned int i = 0; i < h.kernel->config.nr_cpus; i++) {
			bool wasted =
				cpumask_test_cpu(&h.kernel->idle_mask, i) &&
				work_waits_for(i);

			since[i] = wasted ? since[i] + 1 : 0;
			longest = MAX(longest, since[i]);
		}
	}
	return longest;
}

/* The longest interval between two attempts of an idle CPU: twice the CPUs of
 * the largest domain in ms, to the next jiffy; a first attempt may find only
 * tasks that ran a moment ago. */
static unsigned int two_intervals(void)
{
	return 2 * (2 * h.kernel->config.nr_cpus + 4);
}

static void add_crowd(unsigned int seed)
{
	unsigned int n = h.kernel->config.nr_cpus, state = seed;

	for (unsigned int i = 0; i < 3 * n / 2; i++) {
		struct task *p = add(i % 3 ? worker : hog, i * 300 * US);
		unsigned int first, last;

		state = state * 1103515245 + 12345;
		first = state / 65536 % n;
		last = first + state / 4096 % (n - first);
		if (i % 4 == 1)
			allow(p, first, last);
	}
}

START_TEST(no_work_is_wasted)
{
	const struct shape *shape = &shapes[_i];

	for (unsigned int seed = 1; seed <= 4; seed++) {
		unsigned int waste;

		start_with(shape->nr_cpus, shape->topology,
			   seed % 2 ? "eevdf" : "cfs", seed > 2);
		add_crowd(seed);
		harness_boot();
		waste = longest_waste(2000);
		ck_assert_msg(waste <= two_intervals(),
			      "seed %u: %u ms, up to %u are allowed", seed,
			      waste, two_intervals());
		harness_finish();
	}
}
END_TEST

/*
 * Equal shares
 */

/* By how many percent of a CPU a task that has half of one may be off: as good
 * as nothing within a cache; but caches may have 17 % more to do than others of
 * their node, and nodes than others (imbalance_pct). */
static double allowed_off(void)
{
	const struct sched_domain *sd;
	double most = 1;

	for_each_domain(cpu_rq(h.kernel, 0),
			sd) if (!(sd->flags & SD_SHARE_LLC)) most *= 1.17;
	return most > 1 ? 50 * (most - 1) : 2;
}

START_TEST(hogs_have_equal_shares)
{
	const struct shape *shape = &shapes[_i];
	unsigned int n = 2 * shape->nr_cpus;
	int64_t before[HARNESS_TASKS];

	start(shape->nr_cpus, shape->topology);
	for (unsigned int i = 0; i < n; i++)
		add(hog, i * 10 * US);
	harness_boot();
	harness_run(1000 * MS);
	for (unsigned int i = 0; i < n; i++)
		before[i] = h.task[i].se.sum_exec_runtime;
	harness_run(4000 * MS);
	for (unsigned int i = 0; i < n; i++)
		ck_assert_double_eq_tol(share(&h.task[i], before[i], 3000 * MS),
					50, allowed_off());
	harness_finish();
}
END_TEST

/* One more than CPUs: everybody gets more than the half that two on one CPU
 * would. */
START_TEST(three_on_two)
{
	start(2, (struct topology){ 0 });
	for (int i = 0; i < 3; i++)
		add(hog, 0);
	harness_boot();
	harness_run(3000 * MS);
	for (int i = 0; i < 3; i++)
		ck_assert_double_eq_tol(share(&h.task[i], 0, 3000 * MS), 66.7,
					10);
	harness_finish();
}
END_TEST

/* A heavy one has a CPU for itself, since there is as much weight beside it. */
START_TEST(weights_are_balanced)
{
	unsigned int heavy, i;

	start(2, (struct topology){ 0 });
	heavy = harness_fair("heavy", hog, -8, -1, 0);
	for (i = 0; i < 4; i++)
		add(hog, 0);
	harness_boot();
	harness_run(3000 * MS);
	ck_assert_double_gt(share(&h.task[heavy], 0, 3000 * MS), 90);
	harness_finish();
}
END_TEST

/*
 * Near and far
 */

/* Two on the threads of one core: one goes to the core that got free, and with
 * that the attempts that failed are forgotten. */
START_TEST(a_core_each)
{
	const struct sched_domain *sd;
	struct task *a, *b;

	start(4, (struct topology){ .smt = 2 });
	a = add(hog, 0);
	b = add(hog, 0);
	allow(a, 0, 3);
	allow(add(brief, 0), 2, 2);
	allow(add(brief, 0), 3, 3);
	cpumask_clear_cpu(&h.kernel->idle_mask, 2);
	cpumask_clear_cpu(&h.kernel->idle_mask, 3);
	harness_boot();
	harness_run(5 * MS);
	ck_assert_uint_eq(a->cpu / 2, b->cpu / 2);
	while (a->cpu / 2 == b->cpu / 2 && h.sim.now < 200 * MS)
		harness_run(h.sim.now + MS);
	ck_assert_uint_ne(a->cpu / 2, b->cpu / 2);
	sd = cpu_rq(h.kernel, MAX(a->cpu, b->cpu))->sd->parent;
	ck_assert_uint_eq(sd->nr_balance_failed, 0);
	harness_run(200 * MS);
	ck_assert_uint_eq(a->nr_migrations + b->nr_migrations, 1);
	harness_finish();
}
END_TEST

/* A CPU that goes idle takes from its own cache, though there is more to take
 * elsewhere. */
START_TEST(the_near_one_first)
{
	struct task *near[2], *far[3];

	start(4, (struct topology){ .llc = 2 });
	allow(add(brief, 0), 0, 0);
	for (int i = 0; i < 3; i++)
		allow(far[i] = add(hog, 0), 2, 2);
	for (int i = 0; i < 2; i++)
		allow(near[i] = add(hog, 0), 1, 1);
	allow(add(hog, 0), 3, 3);
	harness_boot();
	harness_run(9 * MS);
	for (int i = 0; i < 3; i++)
		allow(far[i], 0, 3), far[i]->cpu = 2;
	for (int i = 0; i < 2; i++)
		allow(near[i], 0, 3), near[i]->cpu = 1;
	harness_run(10310 * US);
	ck_assert_uint_eq((near[0]->cpu == 0) + (near[1]->cpu == 0), 1);
	harness_finish();
}
END_TEST

/* One that ran less than half a millisecond ago is not taken by who goes idle,
 * but soon after. */
START_TEST(hot_ones_stay_at_first)
{
	static const struct op short_one[] = { RUN(8200 * US), SYSCALL, DIE };
	struct task *a, *b;

	start(2, (struct topology){ 0 });
	allow(add(short_one, 0), 0, 0);
	allow(a = add(hog, 0), 1, 1);
	allow(b = add(hog, 0), 1, 1);
	harness_boot();
	harness_run(8100 * US);
	allow(a, 0, 1), a->cpu = 1;
	allow(b, 0, 1), b->cpu = 1;
	harness_run(8300 * US);
	ck_assert_uint_eq(a->cpu + b->cpu, 2);
	harness_run(20 * MS);
	ck_assert_uint_eq(a->cpu + b->cpu, 1);
	harness_finish();
}
END_TEST

/* One that waits behind a real-time task is taken by a CPU that idles once its
 * CPU has looked at what is left of it: that balances every 7 ticks, and at 28
 * ms real-time tasks have taken 413 of 1024 of late.  1.17 times the other 611
 * are less than what the one that waits would use, 736. */
START_TEST(behind_real_time)
{
	struct task *p;

	start(2, (struct topology){ 0 });
	allow(p = add(hog, 0), 1, 1);
	harness_rt("rt", hog, POLICY_FIFO, 50, 1, 3 * MS);
	harness_boot();
	harness_run(9 * MS);
	allow(p, 0, 1), p->cpu = 1;
	harness_run(27 * MS);
	ck_assert_uint_eq(p->cpu, 1);
	harness_run(29 * MS);
	ck_assert_uint_eq(p->cpu, 0);
	ck_assert_uint_eq(cpu_rq(h.kernel, 1)->cpu_capacity, 611);
	harness_finish();
}
END_TEST

/* One that gets what real-time tasks leave is taken, too, if that is much less
 * than all: two fifths, but not nineteen twentieths. */
START_TEST(beside_real_time)
{
	static const struct op most[] = { RUN(6 * MS), SLEEP(4 * MS),
					  AGAIN(most) };
	static const struct op little[] = { RUN(500 * US), SLEEP(9500 * US),
					    AGAIN(little) };
	struct task *p;

	start(2, (struct topology){ 0 });
	allow(p = add(hog, 0), 1, 1);
	harness_rt("rt", _i ? little : most, POLICY_FIFO, 50, 1, 3 * MS);
	harness_boot();
	harness_run(9 * MS);
	allow(p, 0, 1), p->cpu = 1;
	harness_run(1000 * MS);
	ck_assert_uint_eq(p->cpu, _i ? 1 : 0);
	harness_finish();
}
END_TEST

/* Balance that affinities prevent in a group is sought in the one above. */
START_TEST(pinned_ones_stay)
{
	struct task *p[4];

	start(4, (struct topology){ .nodes = 2 });
	for (int i = 0; i < 4; i++)
		allow(p[i] = add(hog, 0), 0, 0);
	allow(p[3], 0, 3);
	harness_boot();
	harness_run(500 * MS);
	for (int i = 0; i < 3; i++) {
		ck_assert_uint_eq(p[i]->cpu, 0);
		ck_assert_double_eq_tol(share(p[i], 0, 500 * MS), 33.3, 2);
	}
	ck_assert_uint_ne(p[3]->cpu, 0);
	harness_finish();
}
END_TEST

/* One CPU of a cache and three of the other for four tasks: half of them on
 * each side is no balance; cf. the comment on sg_imbalanced(). */
START_TEST(affinities_across_caches)
{
	unsigned int used = 0;

	start(8, (struct topology){ .llc = 4 });
	for (int i = 0; i < 4; i++)
		allow(add(hog, 0), 3, 6);
	harness_boot();
	harness_run(100 * MS);
	for (int i = 0; i < 4; i++)
		used |= 1u << h.task[i].cpu;
	ck_assert_uint_eq(used, 0x78);
	harness_finish();
}
END_TEST

/* Where nothing can be moved, balancing takes no softirq and no time. */
static void count(void *data, const struct trace_record *record)
{
	(void)record;
	++*(unsigned int *)data;
}

START_TEST(nothing_to_do)
{
	unsigned int softirqs = 0;

	start(4, (struct topology){ 0 });
	tracer_listen(&h.sim.tracer, TP_softirq_entry, count, &softirqs);
	for (int i = 0; i < 4; i++)
		add(_i ? napper : hog, 0);
	harness_boot();
	harness_run(150 * MS);
	ck_assert_uint_eq(softirqs, 0);
	harness_finish();
}
END_TEST

/* What a move costs is paid when the task runs next, by how far it went. */
START_TEST(moves_cost)
{
	static const struct costs costs = { .price = {
						    [COST_MIGRATE_CORE] = 1000,
						    [COST_MIGRATE_LLC] = 20000,
						    [COST_MIGRATE_NODE] =
							    300000,
					    } };
	static const ktime_t paid[] = { 0, 0, 1000, 20000, 300000 };
	static const unsigned int to[] = { 0, 1, 2, 4, 8 };
	struct harness_config config = {
		.nr_cpus = 16,
		.topology = { .smt = 2, .llc = 2, .nodes = 2 },
		.hz = 250,
		.costs = &costs,
	};
	struct task *p;

	harness_start(&config);
	p = add(hog, KTIME_MAX);
	p->placed = true;
	p->moved = to[_i] > 0;
	p->ran_on = 0;
	allow(p, to[_i], to[_i]);
	h.begin[0] = 0;
	harness_boot();
	harness_run(10 * MS);
	ck_assert_int_eq(
		cpu_acct_time(&cpu_rq(h.kernel, to[_i])->kc->cpu, ACCT_SWITCH),
		paid[_i]);
	harness_finish();
}
END_TEST

/* Isolated CPUs give and take nothing. */
START_TEST(isolated_are_left_alone)
{
	struct harness_config config = { .nr_cpus = 4, .hz = 250 };
	struct task *p[3];

	cpumask_set_cpu(&config.isolcpus, 2);
	cpumask_set_cpu(&config.isolcpus, 3);
	harness_start(&config);
	for (int i = 0; i < 3; i++)
		allow(p[i] = add(hog, 0), 2, 3);
	for (int i = 0; i < 5; i++)
		add(worker, 0);
	harness_boot();
	harness_run(500 * MS);
	for (int i = 0; i < 3; i++)
		ck_assert_uint_eq(p[i]->cpu, 2);
	for (unsigned int i = 3; i < h.nr_tasks; i++)
		ck_assert_uint_lt(h.task[i].cpu, 2);
	harness_finish();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("balance");
	TCase *tc = tcase_create("balance");

	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, no_work_is_wasted, 0,
			    (int)G_N_ELEMENTS(shapes));
	tcase_add_loop_test(tc, hogs_have_equal_shares, 0,
			    (int)G_N_ELEMENTS(shapes));
	tcase_add_test(tc, three_on_two);
	tcase_add_test(tc, weights_are_balanced);
	tcase_add_test(tc, a_core_each);
	tcase_add_test(tc, the_near_one_first);
	tcase_add_test(tc, hot_ones_stay_at_first);
	tcase_add_test(tc, behind_real_time);
	tcase_add_loop_test(tc, beside_real_time, 0, 2);
	tcase_add_test(tc, pinned_ones_stay);
	tcase_add_test(tc, affinities_across_caches);
	tcase_add_loop_test(tc, nothing_to_do, 0, 2);
	tcase_add_loop_test(tc, moves_cost, 0, 5);
	tcase_add_test(tc, isolated_are_left_alone);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
