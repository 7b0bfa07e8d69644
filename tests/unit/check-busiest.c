/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of whom a CPU pulls from, and how much: decision tables of
 * find_busiest_queue() and load_balance() for machines of several shapes, by
 * hand from kernel/sched/fair.c of Linux 6.12.
 *
 * Under a scheduler that knows no weights, where each task has that of nice 0.
 */
#include <config.h>

#include "kernel-harness.h"
#include "kernel/sched/fair-domain-private.h"

static const struct op hog[] = { RUN(7 * MS), AGAIN(hog) };

static const struct topology flat = { .smt = 1 };
static const struct topology threads = { .smt = 2 };
static const struct topology fours = { .smt = 4 };
static const struct topology caches = { .llc = 2 };
static const struct topology three = { .llc = 3 };
static const struct topology four = { .llc = 4 };
static const struct topology both = { .smt = 2, .llc = 2 };
static const struct topology nodes = { .nodes = 2 };

/*
 * A situation: a character for each CPU, `.' idle, `x' isolated, a number of
 * fair tasks of nice 0, or `r': a fair task waits for a real-time one.
 */
static void set_cpu(unsigned int cpu, char state)
{
	struct rq *rq = cpu_rq(h.kernel, cpu);
	unsigned int n =
		g_ascii_isdigit(state) ? (unsigned int)(state - '0') : 0;

	rq->nr_running = state == 'r' ? 2 : n;
	rq->cfs.nr_running = state == 'r' ? 1 : n;
	if (rq->nr_running)
		cpumask_clear_cpu(&h.kernel->idle_mask, cpu);
}

static void start(const struct topology *topology, const char *cpus)
{
	struct harness_config config = { .nr_cpus = (unsigned int)strlen(cpus),
					 .topology = *topology,
					 .fair = "fcfs" };

	for (unsigned int i = 0; cpus[i]; i++)
		if (cpus[i] == 'x')
			cpumask_set_cpu(&config.isolcpus, i);
	harness_start(&config);
	for (unsigned int i = 0; cpus[i]; i++)
		set_cpu(i, cpus[i]);
}

static void start_many(unsigned int nr_cpus, struct topology topology)
{
	struct harness_config config = { .nr_cpus = nr_cpus,
					 .topology = topology,
					 .fair = "fcfs" };

	harness_start(&config);
}

static struct sched_domain *domain(unsigned int cpu, unsigned int level)
{
	struct sched_domain *sd = cpu_rq(h.kernel, cpu)->sd;

	while (level--)
		sd = sd->parent;
	return sd;
}

#define NOBODY (-1)

/* What CPU @dst does in its domain number @level from below. */
static const struct attempt {
	const char *why;
	const struct topology *topology;
	const char *cpus;
	unsigned int dst, level;
	enum cpu_idle_type idle;
	int src;
	enum migration_type type;
	int64_t imbalance;
} attempts[] = {
	/* one cache, each CPU a group */
	{ "one of two", &flat, ".2..", 0, 0, CPU_IDLE, 1, MIGRATE_TASK, 1 },
	{ "half of four", &flat, ".4..", 0, 0, CPU_IDLE, 1, MIGRATE_TASK, 2 },
	{ "the same when it goes idle", &flat, ".4..", 0, 0, CPU_NEWLY_IDLE, 1,
	  MIGRATE_TASK, 2 },
	{ "nobody is there", &flat, "....", 0, 0, CPU_IDLE, NOBODY, 0, 0 },
	{ "nobody waits", &flat, ".11.", 0, 0, CPU_IDLE, NOBODY, 0, 0 },
	{ "where most are", &flat, ".232", 0, 0, CPU_IDLE, 2, MIGRATE_TASK, 1 },
	{ "of equal ones the next", &flat, "2.22", 1, 0, CPU_IDLE, 2,
	  MIGRATE_TASK, 1 },
	{ "behind a real-time task", &flat, ".r", 0, 0, CPU_IDLE, 1,
	  MIGRATE_TASK, 1 },
	{ "the average is 1.5", &flat, "12", 0, 0, CPU_NOT_IDLE, 1,
	  MIGRATE_LOAD, 512 },
	{ "it is 2", &flat, "13", 0, 0, CPU_NOT_IDLE, 1, MIGRATE_LOAD, 1024 },
	{ "it has the average", &flat, "12..", 0, 0, CPU_NOT_IDLE, NOBODY, 0,
	  0 },
	{ "it has the average of three", &flat, "3.9.", 0, 0, CPU_NOT_IDLE,
	  NOBODY, 0, 0 },
	{ "as much as there is room", &flat, "2.9.", 0, 0, CPU_NOT_IDLE, 2,
	  MIGRATE_LOAD, 768 },
	{ "as much as is too much", &flat, "2334", 0, 0, CPU_NOT_IDLE, 3,
	  MIGRATE_LOAD, 1024 },
	{ "as much as is too much, less", &flat, "1444", 0, 0, CPU_NOT_IDLE, 1,
	  MIGRATE_LOAD, 768 },
	{ "7 to 6 are less than 117 %", &flat, "67", 0, 0, CPU_NOT_IDLE, NOBODY,
	  0, 0 },
	{ "6 to 5 are more", &flat, "56", 0, 0, CPU_NOT_IDLE, 1, MIGRATE_LOAD,
	  512 },
	/* caches */
	{ "a full cache, an empty one", &caches, "..11", 0, 1, CPU_IDLE, 2,
	  MIGRATE_TASK, 1 },
	{ "2 to 1 is even", &caches, ".111", 0, 1, CPU_IDLE, NOBODY, 0, 0 },
	{ "two on a CPU of another", &caches, "...2", 0, 1, CPU_IDLE, 3,
	  MIGRATE_TASK, 1 },
	{ "too many there, room for two", &caches, "..12", 0, 1, CPU_IDLE, 3,
	  MIGRATE_UTIL, 2048 },
	{ "too many there, room for one", &caches, "1.12", 1, 1, CPU_IDLE, 3,
	  MIGRATE_UTIL, 1024 },
	{ "more to do here", &caches, "11.2", 0, 1, CPU_NOT_IDLE, NOBODY, 0,
	  0 },
	{ "of full ones the last", &caches, "..1111", 0, 1, CPU_IDLE, 4,
	  MIGRATE_TASK, 1 },
	{ "the last in its ring", &caches, "11..11", 2, 1, CPU_IDLE, 0,
	  MIGRATE_TASK, 1 },
	{ "a full one before one with room", &caches, "..11.2", 0, 1, CPU_IDLE,
	  2, MIGRATE_TASK, 1 },
	{ "the fullest", &caches, "..1222", 0, 1, CPU_IDLE, 4, MIGRATE_UTIL,
	  2048 },
	{ "with room: the one with less", &four, "....1.1.2...", 0, 1, CPU_IDLE,
	  4, MIGRATE_TASK, 1 },
	{ "and more tasks", &four, "....1.1.1.2.", 0, 1, CPU_IDLE, 10,
	  MIGRATE_TASK, 1 },
	{ "1 of 2 to 3 of 3", &three, "1.x111", 1, 1, CPU_IDLE, 3, MIGRATE_TASK,
	  1 },
	{ "nothing on one CPU, two on four", &four, ".xxx11..", 0, 0, CPU_IDLE,
	  4, MIGRATE_TASK, 1 },
	{ "nothing on one CPU, one on four", &four, ".xxx1...", 0, 0, CPU_IDLE,
	  NOBODY, 0, 0 },
	/* threads, each core a group */
	{ "two of a core", &threads, "..11", 0, 1, CPU_IDLE, 2, MIGRATE_TASK,
	  1 },
	{ "only half of the core is free", &threads, "1.11", 1, 1, CPU_IDLE,
	  NOBODY, 0, 0 },
	{ "not for a busy one", &threads, "1.11", 0, 1, CPU_NOT_IDLE, NOBODY, 0,
	  0 },
	{ "of full cores the first", &threads, "..1111", 0, 1, CPU_IDLE, 2,
	  MIGRATE_TASK, 1 },
	{ "of cores with room the one with less", &fours, "....11..111.", 0, 1,
	  CPU_IDLE, 8, MIGRATE_TASK, 1 },
	{ "of four only one goes", &fours, "....1111", 0, 1, CPU_IDLE, 4,
	  MIGRATE_TASK, 1 },
	{ "the other way round", &fours, "....111.11..", 0, 1, CPU_IDLE, 4,
	  MIGRATE_TASK, 1 },
	/* caches of two cores, and one of one */
	{ "not the only task of a core", &both, "....2...1.xx", 0, 2, CPU_IDLE,
	  4, MIGRATE_TASK, 1 },
	{ "in another order", &both, "2.......1.xx", 4, 2, CPU_IDLE, 0,
	  MIGRATE_TASK, 1 },
	{ "but one of two", &both, "....2...11xx", 0, 2, CPU_IDLE, 8,
	  MIGRATE_TASK, 1 },
	{ "two on two cores, for one", &both, "11......", 4, 2, CPU_IDLE, 0,
	  MIGRATE_TASK, 1 },
	/* nodes */
	{ "a pair stays in its node", &nodes, "....11..", 0, 1, CPU_IDLE,
	  NOBODY, 0, 0 },
	{ "of three one goes", &nodes, "....111.", 0, 1, CPU_IDLE, 4,
	  MIGRATE_TASK, 1 },
	{ "3 to 1 are too many", &nodes, "1...111.", 1, 1, CPU_IDLE, 4,
	  MIGRATE_TASK, 1 },
};

START_TEST(whom)
{
	const struct attempt *a = &attempts[_i];
	struct lb_env env;
	int src;

	start(a->topology, a->cpus);
	env = (struct lb_env){ .kernel = h.kernel,
			       .sd = domain(a->dst, a->level),
			       .dst = cpu_rq(h.kernel, a->dst),
			       .idle = a->idle };
	env.cpus = *env.sd->span;
	src = find_busiest_queue(&env) ? (int)env.src->kc->cpu.id : NOBODY;
	ck_assert_msg(src == a->src, "%s: %s: CPU %d", a->cpus, a->why, src);
	if (src != NOBODY) {
		ck_assert_msg(env.type == a->type, "%s: %s: type %d", a->cpus,
			      a->why, (int)env.type);
		ck_assert_msg(env.imbalance == a->imbalance, "%s: %s: %d",
			      a->cpus, a->why, (int)env.imbalance);
	}
	harness_finish();
}
END_TEST

/* One task, of nice 6, here; of nice -4 and 3 on the next CPU, which are too
 * many; and of -10 and -3 alone on theirs.  The average of 3709 is more than the
 * 3027 of the two, but leaves room for either here. */
START_TEST(heavy_alone)
{
	static const unsigned int load[] = { 272, 3027, 9548, 1991 };
	struct lb_env env;

	start(&flat, "1211");
	for (unsigned int cpu = 0; cpu < 4; cpu++) {
		struct rq *rq = cpu_rq(h.kernel, cpu);

		rq->pelt = true;
		rq->cfs.avg.load_avg = load[cpu];
		rq->cfs.avg.util_avg = 1024;
	}
	env = (struct lb_env){ .kernel = h.kernel,
			       .sd = domain(0, 0),
			       .dst = cpu_rq(h.kernel, 0),
			       .idle = CPU_NOT_IDLE };
	env.cpus = *env.sd->span;
	ck_assert(find_busiest_queue(&env));
	ck_assert_uint_eq(env.src->kc->cpu.id, 1);
	ck_assert_int_eq(env.type, MIGRATE_LOAD);
	ck_assert_int_eq(env.imbalance, 3709 - 272);
	harness_finish();
}
END_TEST

/* A group whose tasks may not go where they should is helped from above, with
 * one task, however even it looks. */
START_TEST(imbalanced_below)
{
	struct lb_env env;

	start(&caches, "..1.");
	env = (struct lb_env){ .kernel = h.kernel,
			       .sd = domain(0, 1),
			       .dst = cpu_rq(h.kernel, 0),
			       .idle = CPU_IDLE };
	env.cpus = *env.sd->span;
	ck_assert(!find_busiest_queue(&env));
	env.sd->groups->next->imbalance = true;
	ck_assert(find_busiest_queue(&env));
	ck_assert_uint_eq(env.src->kc->cpu.id, 2);
	ck_assert_int_eq(env.type, MIGRATE_TASK);
	ck_assert_int_eq(env.imbalance, 1);
	harness_finish();
}
END_TEST

/* The more the CPUs of a cache are used the fewer a search for an idle one
 * looks at: by how much of all, n * (1 - (1.17 * util / 1024)^2) rounded
 * down. */
static const struct {
	unsigned int util;
	unsigned int nr_idle_scan;
} scans[] = {
	{ 0, 8 },   { 100, 7 }, { 512, 5 }, { 700, 2 },
	{ 819, 1 }, { 820, 0 }, { 875, 0 }, { 1024, 0 },
};

START_TEST(idle_scan)
{
	struct sched_domain_shared *shared;
	bool proceed = true;

	start_many(16, (struct topology){ .llc = 8 });
	shared = cpu_rq(h.kernel, 9)->sd_llc->shared;
	ck_assert_ptr_eq(shared, cpu_rq(h.kernel, 15)->sd_llc->shared);
	ck_assert_uint_eq(shared->nr_idle_scan, 8);
	for (unsigned int cpu = 0; cpu < 16; cpu++) {
		cpu_rq(h.kernel, cpu)->pelt = true;
		cpu_rq(h.kernel, cpu)->cfs.avg.util_avg =
			cpu < 8 ? 0 : scans[_i].util;
	}
	load_balance(cpu_rq(h.kernel, 8), domain(8, 0), CPU_NEWLY_IDLE,
		     &proceed);
	load_balance(cpu_rq(h.kernel, 8), domain(8, 1), CPU_IDLE, &proceed);
	ck_assert_uint_eq(shared->nr_idle_scan, 8);
	load_balance(cpu_rq(h.kernel, 8), domain(8, 0), CPU_IDLE, &proceed);
	ck_assert_uint_eq(shared->nr_idle_scan, scans[_i].nr_idle_scan);
	shared->nr_idle_scan = 8;
	balance_nothing(cpu_rq(h.kernel, 9), domain(9, 0), CPU_IDLE, &proceed);
	balance_nothing(cpu_rq(h.kernel, 8), domain(8, 1), CPU_IDLE, &proceed);
	ck_assert_uint_eq(shared->nr_idle_scan, scans[_i].nr_idle_scan);
	harness_finish();
}
END_TEST

/* Who of a group looks at the other groups.  All are told that affinities don't
 * stand in the way, since there is nothing to move. */
static const struct chosen {
	const struct topology *topology;
	const char *cpus;
	unsigned int level;
	enum cpu_idle_type idle;
	const char *by;
} chosen[] = {
	{ &caches, "..11", 1, CPU_IDLE, "02" },	    /* the first idle one */
	{ &caches, "1.11", 1, CPU_IDLE, "12" },	    /* or none: the first */
	{ &caches, "1111", 1, CPU_NOT_IDLE, "02" }, /* also of the busy ones */
	{ &caches, "..11", 1, CPU_NEWLY_IDLE, "01" }, /* any that goes idle */
	{ &both, "1.......", 2, CPU_IDLE, "24" },     /* an idle core */
	{ &both, "1.1.1.1.", 2, CPU_IDLE, "15" },     /* or a thread */
	{ &both, "1...1...", 2, CPU_IDLE, "26" },     /* its own, whatever is
							 * beside it */
	{ &threads, "1.1.", 1, CPU_IDLE, "13" },
	{ &threads, "1..1", 0, CPU_IDLE,
	  "0123" }, /* threads: each for itself */
};

START_TEST(who)
{
	const struct chosen *c = &chosen[_i];
	GString *by = g_string_new(NULL);

	start(c->topology, c->cpus);
	for (unsigned int cpu = 0; c->cpus[cpu]; cpu++) {
		struct sched_domain *above = domain(cpu, c->level)->parent;
		bool proceed = true;

		cpu_rq(h.kernel, cpu)->curr = cpu_rq(h.kernel, cpu)->idle;
		if (above)
			above->groups->imbalance = true;
		load_balance(cpu_rq(h.kernel, cpu), domain(cpu, c->level),
			     c->idle, &proceed);
		if (above)
			ck_assert(!above->groups->imbalance);
		if (proceed)
			g_string_append_c(by, (char)('0' + cpu));
	}
	ck_assert_str_eq(by->str, c->by);
	g_string_free(by, TRUE);
	harness_finish();
}
END_TEST

/*
 * How many, and which
 */

/* @n tasks on @rq, the first of them running, which have stopped 1, 2, ... ms
 * ago; the clock is at 100 ms. */
static void fill(struct rq *rq, unsigned int n)
{
	unsigned int first = h.nr_tasks;

	h.sim.now = rq->clock = 100 * MS;
	harness_fill(rq, hog, n);
	for (unsigned int i = 0; i < n; i++)
		h.task[first + i].se.exec_start = (int64_t)(100 - i) * MS;
}

static struct sched_domain *fill_two(unsigned int here, unsigned int there)
{
	struct harness_config config = { .nr_cpus = 2, .fair = "fcfs" };

	harness_start(&config);
	fill(cpu_rq(h.kernel, 0), here);
	fill(cpu_rq(h.kernel, 1), there);
	return domain(0, 0);
}

/* Half of the difference, of those that wait who stopped first; one that goes
 * idle takes one. */
START_TEST(how_many)
{
	struct sched_domain *sd = fill_two(0, 7);
	enum cpu_idle_type idle = _i ? CPU_NEWLY_IDLE : CPU_IDLE;
	unsigned int moved, expected = _i ? 1 : 3;
	bool proceed = true;

	moved = load_balance(cpu_rq(h.kernel, 0), sd, idle, &proceed);
	ck_assert_uint_eq(moved, expected);
	for (unsigned int i = 0; i < 7; i++)
		ck_assert_uint_eq(h.task[i].cpu, i < 7 - expected);
	harness_empty();
}
END_TEST

/* By load, one task is too much if the imbalance is half of one; each failure
 * halves what it counts. */
START_TEST(half_a_task)
{
	struct sched_domain *sd = fill_two(1, 2);
	struct rq *rq = cpu_rq(h.kernel, 0);
	bool proceed = true;

	h.task[2].se.exec_start = 0;
	h.task[2].se.weight = NICE_0_LOAD;
	ck_assert_uint_eq(load_balance(rq, sd, CPU_NOT_IDLE, &proceed), 0);
	ck_assert_uint_eq(sd->nr_balance_failed, 1);
	ck_assert_uint_eq(load_balance(rq, sd, CPU_NOT_IDLE, &proceed), 1);
	ck_assert_uint_eq(sd->nr_balance_failed, 0);
	ck_assert_uint_eq(h.task[2].cpu, 0);
	harness_empty();
}
END_TEST

/* One that ran less than half a millisecond ago stays, until that has failed
 * twice, once more than a cache is worth waiting for; a failed attempt of one
 * that goes idle does not count.  Where it has come to, it has not run. */
START_TEST(hot)
{
	struct sched_domain *sd = fill_two(0, 2);
	struct rq *rq = cpu_rq(h.kernel, 0);
	bool proceed = true;

	h.task[1].se.exec_start = 100 * MS - 500 * US + (_i ? 1 : 0);
	ck_assert_uint_eq(load_balance(rq, sd, CPU_NEWLY_IDLE, &proceed), !_i);
	if (_i) {
		ck_assert_uint_eq(sd->nr_balance_failed, 0);
		for (unsigned int i = 0; i < 2; i++)
			ck_assert_uint_eq(
				load_balance(rq, sd, CPU_IDLE, &proceed), 0);
		ck_assert_uint_eq(load_balance(rq, sd, CPU_IDLE, &proceed), 1);
	}
	ck_assert_uint_eq(h.task[1].cpu, 0);
	ck_assert_int_eq(h.task[1].se.exec_start, 0);
	harness_empty();
}
END_TEST

/* The interval is doubled while nobody may be moved, up to 512 ms; who has
 * pulled begins with the least again.  (And while nothing has to be, up to the
 * greatest of the domain.) */
START_TEST(intervals)
{
	struct sched_domain *sd = fill_two(0, 3);
	struct rq *rq = cpu_rq(h.kernel, 0);
	bool proceed = true;

	for (unsigned int i = 0; i < 3; i++) {
		h.task[i].any_cpu = false;
		cpumask_clear_cpu(&h.task[i].cpus_mask, 0);
	}
	ck_assert_uint_eq(sd->balance_interval, 2);
	for (unsigned int i = 0; i < 20; i++)
		load_balance(rq, sd, CPU_IDLE, &proceed);
	ck_assert_uint_eq(sd->balance_interval, 512);
	ck_assert_uint_eq(sd->nr_balance_failed, 0);
	cpumask_set_cpu(&h.task[2].cpus_mask, 0);
	ck_assert_uint_eq(load_balance(rq, sd, CPU_IDLE, &proceed), 1);
	ck_assert_uint_eq(sd->balance_interval, 2);
	harness_empty();
}
END_TEST

/* One that goes idle leaves them alone. */
START_TEST(balanced)
{
	struct sched_domain *sd = fill_two(1, 1);
	struct rq *rq = cpu_rq(h.kernel, 0);
	bool proceed = true;

	load_balance(rq, sd, CPU_NEWLY_IDLE, &proceed);
	ck_assert_uint_eq(sd->balance_interval, 2);
	sd->nr_balance_failed = 1;
	for (unsigned int i = 0; i < 3; i++)
		load_balance(rq, sd, CPU_NOT_IDLE, &proceed);
	ck_assert_uint_eq(sd->balance_interval, 4);
	ck_assert_uint_eq(sd->nr_balance_failed, 0);
	harness_empty();
}
END_TEST

static void forbid(struct task *p, unsigned int cpu)
{
	p->any_cpu = false;
	cpumask_clear_cpu(&p->cpus_mask, cpu);
}

/* Two that may not go where they are wanted and not yet go where they may:
 * neither CPU is asked twice. */
START_TEST(hot_for_two)
{
	bool proceed = true;

	start_many(4, caches);
	fill(cpu_rq(h.kernel, 2), 3);
	for (unsigned int i = 0; i < 2; i++) {
		forbid(&h.task[1 + i], i);
		h.task[1 + i].se.exec_start = 100 * MS;
	}
	ck_assert_uint_eq(load_balance(cpu_rq(h.kernel, 0), domain(0, 1),
				       CPU_IDLE, &proceed),
			  0);
	ck_assert_uint_eq(h.task[1].cpu, 2);
	ck_assert_uint_eq(h.task[2].cpu, 2);
	harness_empty();
}
END_TEST

/* What the CPU that pulls is interrupted in when it calls others. */
static struct frame asking;

/* Half of four tasks of a core are wanted on another one: one may go to the CPU
 * that asks, the others to its sibling only. */
START_TEST(for_the_sibling)
{
	bool proceed = true;

	start_many(4, threads);
	h.kernel->cpus[0].cpu.top = &asking;
	fill(cpu_rq(h.kernel, 2), 4);
	forbid(&h.task[1], 0);
	forbid(&h.task[2], 0);
	ck_assert_uint_eq(load_balance(cpu_rq(h.kernel, 0), domain(0, 1),
				       CPU_IDLE, &proceed),
			  2);
	ck_assert_uint_eq(h.task[3].cpu, 0);
	ck_assert_uint_eq(h.task[2].cpu, 1);
	ck_assert_uint_eq(h.task[1].cpu, 2);
	harness_empty();
}
END_TEST

/* Of two on the threads of a core one is made to go by force, after four
 * attempts that find nobody waiting.  If it may not go, these become rare. */
START_TEST(by_force)
{
	const struct cpu_stop_work *work;
	struct sched_domain *sd;
	bool proceed = true;

	start_many(4, threads);
	sd = domain(0, 1);
	fill(cpu_rq(h.kernel, 2), 1);
	fill(cpu_rq(h.kernel, 3), 1);
	h.kernel->cpus[0].cpu.top = &asking;
	work = &h.kernel->cpus[2].stopper.balance;
	if (_i)
		forbid(&h.task[0], 0);
	for (unsigned int i = 0; i < 12; i++) {
		ck_assert_int_eq(work->busy, !_i && i > 3);
		ck_assert_uint_eq(sd->nr_balance_failed, i);
		load_balance(cpu_rq(h.kernel, 0), sd, CPU_IDLE, &proceed);
		ck_assert_uint_eq(sd->balance_interval,
				  _i && i > 2 ? MIN(4u << (i - 2), 512) : 4);
	}
	load_balance(cpu_rq(h.kernel, 0), sd, CPU_NEWLY_IDLE, &proceed);
	ck_assert_uint_eq(sd->balance_interval, _i ? 512 : 4);
	harness_empty();
}
END_TEST

/* The one fair task of a CPU of which other classes take much is sent to one of
 * which they take less, by 10 % or more. */
static const struct {
	uint64_t there, here;
	bool goes;
} capacities[] = {
	{ 1024, 1024, false }, { 931, 1024, false }, /* 931 * 110 / 100 is 1024 */
	{ 930, 1024, true },   { 500, 1024, true },  { 500, 551, true },
	{ 500, 550, false },
};

START_TEST(less_capacity)
{
	bool proceed = true;
	struct rq *src;

	start_many(4, threads);
	for (unsigned int cpu = 0; cpu < 4; cpu++)
		cpu_rq(h.kernel, cpu)->pelt = true;
	fill(cpu_rq(h.kernel, 1), 1);
	h.kernel->cpus[0].cpu.top = &asking;
	src = cpu_rq(h.kernel, 1);
	src->cpu_capacity = capacities[_i].there;
	src->cfs.avg.load_avg = NICE_0_LOAD;
	cpu_rq(h.kernel, 0)->cpu_capacity = capacities[_i].here;
	domain(0, 0)->groups->next_update = UINT64_MAX;
	load_balance(cpu_rq(h.kernel, 0), domain(0, 0), CPU_NEWLY_IDLE,
		     &proceed);
	ck_assert_int_eq(h.kernel->cpus[1].stopper.balance.busy,
			 capacities[_i].goes);
	harness_empty();
}
END_TEST

/* Who has found something does not look any further. */
START_TEST(near_is_enough)
{
	start_many(4, caches);
	h.kernel->cpus[0].cpu.top = &asking;
	fill(cpu_rq(h.kernel, 1), 2);
	domain(0, 1)->nr_balance_failed = 2;
	balance_fair(cpu_rq(h.kernel, 0));
	ck_assert_uint_eq(h.task[1].cpu, 0);
	ck_assert_uint_eq(domain(0, 1)->nr_balance_failed, 2);
	harness_empty();
}
END_TEST

/* Where nobody may be moved from the busiest queue, it is the next one's
 * turn. */
START_TEST(another_queue)
{
	bool proceed = true;

	start_many(3, flat);
	fill(cpu_rq(h.kernel, 1), 4);
	for (unsigned int i = 0; i < 4; i++)
		forbid(&h.task[i], 0);
	fill(cpu_rq(h.kernel, 2), 2);
	ck_assert_uint_eq(load_balance(cpu_rq(h.kernel, 0), domain(0, 0),
				       CPU_IDLE, &proceed),
			  1);
	ck_assert_uint_eq(h.task[5].cpu, 0);
	harness_empty();
}
END_TEST

/* The domain above is told if affinities are why balance was not reached: here
 * that two of four should go. */
static const struct {
	unsigned int pinned; /* of those that wait */
	bool imbalance;
} pinned[] = { { 3, true }, { 2, true }, { 1, false }, { 0, false } };

START_TEST(the_domain_above)
{
	struct sched_domain *sd;
	bool proceed = true;
	unsigned int moved;

	start_many(4, caches);
	sd = domain(0, 0);
	fill(cpu_rq(h.kernel, 1), 4);
	for (unsigned int i = 0; i < pinned[_i].pinned; i++)
		forbid(&h.task[1 + i], 0);
	moved = load_balance(cpu_rq(h.kernel, 0), sd, CPU_IDLE, &proceed);
	ck_assert_uint_eq(moved, MIN(3 - pinned[_i].pinned, 2));
	ck_assert_int_eq(sd->parent->groups->imbalance, pinned[_i].imbalance);
	harness_empty();
}
END_TEST

/* One that goes idle does not look if somebody is on his way to it. */
START_TEST(somebody_comes)
{
	struct rq *rq;

	fill_two(0, 2);
	h.kernel->cpus[0].cpu.top = &asking;
	rq = cpu_rq(h.kernel, 0);
	rq->ttwu_pending = true;
	balance_fair(rq);
	ck_assert_uint_eq(rq->nr_running, 0);
	rq->ttwu_pending = false;
	balance_fair(rq);
	ck_assert_uint_eq(rq->nr_running, 1);
	harness_empty();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("busiest");
	TCase *tc = tcase_create("busiest");

	tcase_add_loop_test(tc, whom, 0, (int)G_N_ELEMENTS(attempts));
	tcase_add_test(tc, heavy_alone);
	tcase_add_test(tc, imbalanced_below);
	tcase_add_loop_test(tc, idle_scan, 0, (int)G_N_ELEMENTS(scans));
	tcase_add_loop_test(tc, who, 0, (int)G_N_ELEMENTS(chosen));
	tcase_add_loop_test(tc, how_many, 0, 2);
	tcase_add_test(tc, half_a_task);
	tcase_add_loop_test(tc, hot, 0, 2);
	tcase_add_test(tc, intervals);
	tcase_add_test(tc, balanced);
	tcase_add_test(tc, hot_for_two);
	tcase_add_test(tc, for_the_sibling);
	tcase_add_loop_test(tc, by_force, 0, 2);
	tcase_add_loop_test(tc, less_capacity, 0,
			    (int)G_N_ELEMENTS(capacities));
	tcase_add_test(tc, near_is_enough);
	tcase_add_test(tc, another_queue);
	tcase_add_loop_test(tc, the_domain_above, 0, (int)G_N_ELEMENTS(pinned));
	tcase_add_test(tc, somebody_comes);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
