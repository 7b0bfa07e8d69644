/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of which tasks are moved, by hand from detach_tasks() and
 * need_active_balance() in kernel/sched/fair.c of Linux 6.12: their order, the
 * utilization that there is room for, and capacity.
 */
#include <config.h>

#include "kernel-harness.h"
#include "kernel/sched/fair-domain-private.h"

static const struct op hog[] = { RUN(7 * MS), AGAIN(hog) };

static const struct topology flat = { .smt = 1 };
static const struct topology caches = { .llc = 2 };

/* What the CPU that pulls is interrupted in when it calls others. */
static struct frame asking;

static void start(unsigned int nr_cpus, struct topology topology,
		  const char *model, const char *fair)
{
	struct harness_config config = { .nr_cpus = nr_cpus,
					 .topology = topology,
					 .model = model,
					 .fair = fair };

	harness_start(&config);
	for (unsigned int i = 0; i < nr_cpus; i++)
		h.kernel->cpus[i].cpu.top = &asking;
}

/* @n tasks on the second CPU that have not run for long. */
static struct rq *fill_second(unsigned int n)
{
	struct rq *rq = cpu_rq(h.kernel, 1);

	h.sim.now = rq->clock = cpu_rq(h.kernel, 0)->clock = 100 * MS;
	harness_fill(rq, hog, n);
	for (unsigned int i = 0; i < n; i++)
		h.task[i].se.exec_start = 0;
	return rq;
}

static unsigned int pull(unsigned int cpu, struct sched_domain *sd,
			 enum cpu_idle_type idle)
{
	bool proceed = true;

	return load_balance(cpu_rq(h.kernel, cpu), sd, idle, &proceed);
}

static unsigned int pull_here(enum cpu_idle_type idle)
{
	return pull(0, cpu_rq(h.kernel, 0)->sd, idle);
}

/*
 * The order
 */

/* Who was queued first, or has begun to run longest ago, goes first, whoever
 * has run last.  One that is too hot, like the one that runs, is at the end for
 * the next time. */
START_TEST(first_queued)
{
	const struct sched_class *class;
	struct rq *rq;

	start(2, flat, NULL, _i ? "cfs" : "eevdf");
	rq = fill_second(6);
	class = h.task[0].sched_class;
	class->put_prev_task(rq, &h.task[0]);
	h.task[0].se.exec_start = 0;
	h.task[1].se.exec_start = 100 * MS;
	h.task[2].se.exec_start = -50 * MS;
	class->set_next_task(rq, &h.task[3]);
	rq->curr = &h.task[3];
	ck_assert_uint_eq(pull_here(CPU_NEWLY_IDLE), 1);
	ck_assert_uint_eq(h.task[0].cpu, 0);
	cpu_rq(h.kernel, 0)->idle_stamp = 0;
	deactivate_task(cpu_rq(h.kernel, 0), &h.task[0], DEQUEUE_SLEEP);
	ck_assert_uint_eq(pull_here(CPU_NEWLY_IDLE), 1);
	ck_assert_uint_eq(h.task[2].cpu, 0);
	ck_assert_uint_gt(h.task[1].se.touched, h.task[5].se.touched);
	harness_empty();
}
END_TEST

/* The last one that is taken is the first that is queued. */
START_TEST(last_taken_first_queued)
{
	start(2, flat, NULL, _i ? "cfs" : "eevdf");
	fill_second(7);
	ck_assert_uint_eq(pull_here(CPU_IDLE), 3);
	for (unsigned int i = 1; i < 7; i++)
		ck_assert_uint_eq(h.task[i].cpu, i > 3);
	ck_assert_uint_lt(h.task[3].se.touched, h.task[2].se.touched);
	ck_assert_uint_lt(h.task[2].se.touched, h.task[1].se.touched);
	harness_empty();
}
END_TEST

/* An attempt looks at 32, under rt at 8: if those may not go, none does. */
START_TEST(looks_at_some)
{
	static const char *const model[] = { "full", "rt" };
	static const unsigned int many[] = { 32, 8 };

	for (unsigned int more = 0; more < 2; more++) {
		unsigned int n = many[_i] + more;

		start(2, flat, model[_i], "eevdf");
		fill_second(n);
		for (unsigned int i = 0; i < many[_i] - 1 + more; i++)
			h.task[i].se.exec_start = 100 * MS;
		ck_assert_uint_eq(pull_here(CPU_IDLE), !more);
		harness_empty();
	}
}
END_TEST

/* Who was woken to run next is hot, where the other CPU has something to do. */
START_TEST(next_is_hot)
{
	struct rq *rq;

	start(2, flat, NULL, "cfs");
	rq = fill_second(6);
	h.task[1].se.cfs_rq->next = &h.task[1].se;
	if (_i)
		cpu_rq(h.kernel, 0)->nr_running = 1;
	ck_assert_uint_ge(pull_here(CPU_IDLE), 1);
	ck_assert_uint_eq(h.task[1].cpu, _i);
	ck_assert_uint_eq(h.task[2].cpu, 0);
	cpu_rq(h.kernel, 0)->nr_running -= (unsigned int)_i;
	rq->cfs.next = NULL;
	harness_empty();
}
END_TEST

/*
 * Utilization
 */

/* Here 1024 - @used / 2 of each of two CPUs is left; there, under another
 * cache, one has too much to do.  Of 200, 200, 90 and 20 goes what fits in
 * there; each time that nothing does, twice as much. */
static const struct {
	uint64_t used;
	unsigned int failed;
	const char *moved;
} rooms[] = {
	{ 1748, 0, "13" },  /* 300 - 200 - 90 = 10 */
	{ 1728, 0, "134" }, /* 320 - 200 - 90 - 20 */
	{ 1849, 0, "34" },  /* 199 - 90 - 20 */
	{ 1849, 1, "1" },   /* 200 / 2 is less, and leaves nothing */
	{ 1648, 0, "12" },  /* 400 */
	{ 2048, 0, "1" },   /* nothing is left: one task instead */
};

START_TEST(room_by_utilization)
{
	static const uint64_t util[] = { 500, 200, 200, 90, 20 };
	GString *moved = g_string_new(NULL);
	struct sched_domain *sd;
	struct rq *rq;

	start(4, caches, NULL, "eevdf");
	sd = cpu_rq(h.kernel, 0)->sd->parent;
	ck_assert(!(sd->flags & SD_SHARE_LLC));
	rq = cpu_rq(h.kernel, 2);
	harness_fill(rq, hog, 5);
	for (unsigned int i = 0; i < 5; i++) {
		h.task[i].se.exec_start = -10 * MS;
		h.task[i].se.avg.util_avg = util[i];
	}
	for (unsigned int cpu = 0; cpu < 4; cpu++)
		cpu_rq(h.kernel, cpu)->pelt = true;
	rq->cfs.avg.util_avg = 1024;
	rq->cfs.avg.runnable_avg = 3000;
	for (unsigned int cpu = 0; cpu < 2; cpu++)
		cpu_rq(h.kernel, cpu)->cfs.avg.util_avg =
			(rooms[_i].used + cpu) / 2;
	sd->nr_balance_failed = rooms[_i].failed;
	pull(0, sd, CPU_IDLE);
	for (unsigned int i = 0; i < 5; i++)
		if (h.task[i].cpu == 0)
			g_string_append_c(moved, (char)('0' + i));
	ck_assert_str_eq(moved->str, rooms[_i].moved);
	g_string_free(moved, TRUE);
	harness_empty();
}
END_TEST

/*
 * Loads
 */

/* Six equal ones on four CPUs.  Of 2048 there, 1024 here and 1536 on average, 512
 * are too much; that is less than a task, but not than half of one, which is what
 * it counts after the first attempt has failed.  A CPU that has two itself finds
 * nobody who has more. */
START_TEST(six_on_four)
{
	struct sched_domain *sd;

	start(4, flat, NULL, "eevdf");
	for (unsigned int cpu = 0; cpu < 4; cpu++) {
		struct rq *rq = cpu_rq(h.kernel, cpu);

		harness_fill(rq, hog, cpu % 2 + 1);
		rq->clock = 100 * MS;
		rq->pelt = true;
		rq->cfs.avg = (struct sched_avg){
			.load_avg = 1024 * rq->nr_running,
			.runnable_avg = 1024 * rq->nr_running,
			.util_avg = 1024,
			.last_update_time = 100 * MS,
		};
	}
	h.sim.now = 100 * MS;
	for (unsigned int i = 0; i < 6; i++)
		h.task[i].se.exec_start = -10 * MS;
	sd = cpu_rq(h.kernel, 1)->sd;
	ck_assert_uint_eq(pull(1, sd, CPU_NOT_IDLE), 0);
	ck_assert_uint_eq(sd->nr_balance_failed, 0);
	ck_assert_uint_eq(sd->balance_interval, 8);
	sd = cpu_rq(h.kernel, 0)->sd;
	ck_assert_uint_eq(pull(0, sd, CPU_NOT_IDLE), 0);
	ck_assert_uint_eq(sd->nr_balance_failed, 1);
	ck_assert_uint_eq(sd->balance_interval, 4);
	ck_assert_uint_eq(pull(0, sd, CPU_NOT_IDLE), 1);
	ck_assert_uint_eq(h.task[2].cpu, 0);
	ck_assert_uint_eq(sd->nr_balance_failed, 0);
	harness_empty();
}
END_TEST

/*
 * Capacity
 */

static void set_load(unsigned int cpu, uint64_t load, uint64_t util)
{
	struct sched_avg *avg = &cpu_rq(h.kernel, cpu)->cfs.avg;

	cpu_rq(h.kernel, cpu)->pelt = true;
	avg->load_avg = load;
	avg->util_avg = util;
	avg->runnable_avg = 2048;
}

/* A task of which a real-time one leaves little is too much for this CPU, which
 * has two light ones; it is sent here by force only by one that idles. */
START_TEST(only_one_that_idles)
{
	struct rq *src;

	start(2, flat, "rt", "eevdf");
	src = cpu_rq(h.kernel, 1);
	harness_fill(cpu_rq(h.kernel, 0), hog, 2);
	harness_fill(src, hog, 1);
	src->nr_running = 2;
	h.task[2].se.avg.load_avg = 1024;
	set_load(0, 30, 1024);
	set_load(1, 1024, 1024);
	cpu_rq(h.kernel, 0)->cpu_capacity = 1024;
	src->cpu_capacity = 500;
	src->sd->groups->capacity = 500;
	ck_assert_uint_eq(pull_here(_i ? CPU_IDLE : CPU_NOT_IDLE), 0);
	ck_assert_uint_eq(cpu_rq(h.kernel, 0)->sd->nr_balance_failed, 1);
	ck_assert_int_eq(h.kernel->cpus[1].stopper.balance.busy, _i);
	src->nr_running = 1;
	harness_empty();
}
END_TEST

/* Two that wait and must stay are why the domain above looks for balance; but not
 * if they are the kernel's own threads of that CPU. */
START_TEST(kthreads_are_where_they_belong)
{
	struct sched_domain *sd;

	start(4, caches, "full", "eevdf");
	fill_second(3);
	for (int i = 0; i < 3; i++) {
		h.task[i].kthread = _i;
		h.task[i].any_cpu = false;
		h.task[i].nr_cpus_allowed = 1;
		h.task[i].cpus_mask = (struct cpumask){ { 2 } };
	}
	sd = cpu_rq(h.kernel, 0)->sd;
	ck_assert_uint_eq(pull_here(CPU_IDLE), 0);
	ck_assert_int_eq(sd->parent->groups->imbalance, !_i);
	ck_assert_uint_eq(sd->balance_interval, 2 * sd->min_interval);
	harness_empty();
}
END_TEST

/* That a CPU of the own group has less capacity for the one task it runs does
 * not keep another one of it from pulling. */
START_TEST(own_group_is_no_misfit)
{
	start(4, caches, NULL, "eevdf");
	harness_fill(cpu_rq(h.kernel, 1), hog, 1);
	harness_fill(cpu_rq(h.kernel, 2), hog, 2);
	harness_fill(cpu_rq(h.kernel, 3), hog, 2);
	for (unsigned int i = 0; i < 5; i++)
		h.task[i].se.exec_start = -10 * MS;
	for (unsigned int cpu = 0; cpu < 4; cpu++)
		set_load(cpu, 100, cpu ? 600 : 0);
	for (unsigned int cpu = 0; cpu < 4; cpu++)
		cpu_rq(h.kernel, cpu)->cfs.avg.runnable_avg = 500;
	cpu_rq(h.kernel, 1)->cpu_capacity = 500;
	ck_assert_uint_eq(pull(0, cpu_rq(h.kernel, 0)->sd->parent, CPU_IDLE),
			  1);
	harness_empty();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("detach");
	TCase *tc = tcase_create("detach");

	tcase_add_loop_test(tc, first_queued, 0, 2);
	tcase_add_loop_test(tc, last_taken_first_queued, 0, 2);
	tcase_add_loop_test(tc, looks_at_some, 0, 2);
	tcase_add_loop_test(tc, next_is_hot, 0, 2);
	tcase_add_loop_test(tc, room_by_utilization, 0,
			    (int)G_N_ELEMENTS(rooms));
	tcase_add_test(tc, six_on_four);
	tcase_add_loop_test(tc, only_one_that_idles, 0, 2);
	tcase_add_loop_test(tc, kthreads_are_where_they_belong, 0, 2);
	tcase_add_test(tc, own_group_is_no_misfit);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
