/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of where fair tasks wake up, and where new ones begin: decision tables
 * of select_task_rq_fair() for machines of several shapes.
 */
#include <config.h>

#include "kernel-harness.h"
#include "kernel/sched/fair-private.h"

static const struct op hog[] = { RUN(7 * MS), AGAIN(hog) };

static const struct topology flat = { .smt = 1 };
static const struct topology threads = { .smt = 2 };
static const struct topology caches = { .llc = 2 };
static const struct topology nodes = { .smt = 2, .nodes = 2 };

/*
 * A situation: a character for each CPU, `.' idle, else a number of tasks of
 * nice 0 that run and wait there, and have done so for long; `i' one of
 * SCHED_IDLE, after a second one has left; `j' one of each.
 */
static void set_cpus(const char *cpus)
{
	for (unsigned int i = 0; cpus[i]; i++) {
		struct rq *rq = cpu_rq(h.kernel, i);
		unsigned int n = cpus[i] == 'i' ? 1 : cpus[i] == 'j' ? 2 : 0;

		if (g_ascii_isdigit(cpus[i]))
			n = (unsigned int)cpus[i] - '0';
		if (cpus[i] == 'j' || cpus[i] == 'i')
			add_sched_idle(rq, 1);
		if (cpus[i] == 'i') {
			add_sched_idle(rq, 1);
			add_sched_idle(rq, -1);
		}
		rq->nr_running = n;
		rq->cfs.nr_running = n;
		rq->cfs.avg.load_avg = n * UINT64_C(1024);
		rq->cfs.avg.runnable_avg = n * UINT64_C(1024);
		rq->cfs.avg.util_avg = n ? 1024 : 0;
		if (n)
			cpumask_clear_cpu(&h.kernel->idle_mask, i);
	}
}

static struct task *start(const char *cpus, const struct topology *topology,
			  const char *allowed)
{
	struct harness_config config = { .nr_cpus = (unsigned int)strlen(cpus),
					 .topology = *topology,
					 .nr_timers = 8 };
	struct task *p, *waker;

	harness_start(&config);
	p = &h.task[harness_fair("p", hog, 0, -1, KTIME_MAX)];
	waker = &h.task[harness_fair("waker", hog, 0, -1, KTIME_MAX)];
	for (unsigned int i = 0; i < config.nr_cpus; i++)
		cpu_rq(h.kernel, i)->curr = waker;
	if (allowed[0]) {
		p->cpus_mask = (struct cpumask){ { 0 } };
		for (const char *c = allowed; *c; c++)
			cpumask_set_cpu(&p->cpus_mask,
					(unsigned int)(g_ascii_isdigit(*c) ?
							       *c - '0' :
							       *c - 'a' + 10));
		p->nr_cpus_allowed = cpumask_weight(&p->cpus_mask);
		p->any_cpu = false;
	}
	set_cpus(cpus);
	return p;
}

/* @p sleeps since it ran on @cpu: its load still counts there. */
static void slept_on(struct task *p, unsigned int cpu)
{
	struct cfs_rq *cfs = &cpu_rq(h.kernel, cpu)->cfs;

	p->placed = true;
	p->cpu = cpu;
	p->se.cfs_rq = cfs;
	cfs->avg.load_avg += p->se.avg.load_avg;
}

static unsigned int placed_by(struct task *p, unsigned int waker)
{
	return p->sched_class->select_task_rq(p, &h.kernel->cpus[waker]);
}

/* Of one that sleeps since it ran on @prev, before that on @recent, and is
 * woken on @this. */
static const struct wakeup {
	const char *why;
	const struct topology *topology;
	const char *cpus;
	unsigned int this, prev, recent;
	const char *allowed;
	unsigned int expected;
} wakeups[] = {
	/* one cache */
	{ "where it ran, if that is idle", &flat, "1..", 0, 2, 2, "", 2 },
	{ "an interrupt on an idle CPU", &flat, ".1.", 0, 1, 1, "", 0 },
	{ "the same, but where it ran is idle", &flat, "...", 0, 1, 1, "", 1 },
	{ "an idle one behind the target", &flat, "1.1.", 2, 2, 2, "", 3 },
	{ "around the end", &flat, "1.11", 2, 2, 2, "", 1 },
	{ "where it ran before that", &flat, "1..1", 3, 3, 2, "", 2 },
	{ "not if it may not run there", &flat, "1..1", 3, 3, 2, "013", 1 },
	{ "nothing is idle, equal load", &flat, "11", 0, 1, 1, "", 1 },
	{ "the waker's has much less", &flat, "13", 0, 1, 1, "", 0 },
	{ "the waker's has as much with it", &flat, "12", 0, 1, 1, "", 0 },
	{ "the waker's has more", &flat, "21", 0, 1, 1, "", 1 },
	{ "the waker's may not be used", &flat, "14", 0, 1, 1, "1", 1 },
	{ "idle ones may not be used", &flat, "1.1.", 2, 2, 2, "02", 2 },
	/* threads */
	{ "an idle core before an idle thread", &threads, "1.1...", 0, 0, 0, "",
	  4 },
	{ "its own core is idle", &threads, "..1...", 2, 0, 0, "", 0 },
	{ "no idle core: beside where it ran", &threads, "1.1.1.", 2, 2, 2, "",
	  3 },
	{ "no idle thread there", &threads, "11111.", 2, 2, 2, "", 5 },
	{ "a core whose other thread it may not use", &threads, "1.1...", 0, 0,
	  0, "0135", 5 },
	/* caches */
	{ "searches its own cache only", &caches, "11..", 0, 0, 0, "", 0 },
	{ "where it ran, in the other cache", &caches, "11..", 0, 3, 3, "", 3 },
	{ "an interrupt elsewhere, and less load there", &caches, ".1.1", 0, 3,
	  3, "", 0 },
	{ "less load in the waker's cache", &caches, "1.33", 0, 3, 3, "", 1 },
	{ "before is in another cache", &caches, "11.1", 1, 0, 2, "", 0 },
	/* SCHED_IDLE */
	{ "where it ran is nothing else", &flat, "1i", 0, 1, 1, "", 1 },
	{ "nor where it ran before", &flat, "1i.1", 3, 3, 1, "", 1 },
	{ "nor near it", &flat, "1i11", 0, 0, 0, "", 1 },
	{ "unless something else waits", &flat, "1j.", 0, 0, 0, "", 2 },
	{ "but not in another cache", &caches, "11i.", 0, 0, 0, "", 0 },
	{ "an interrupt on an idle CPU goes before", &flat, ".i", 0, 1, 1, "",
	  0 },
	{ "a core that runs it is not idle", &threads, "1.i...", 0, 0, 0, "",
	  4 },
	{ "but a thread that does is", &threads, "1i1.1.", 0, 0, 0, "", 1 },
	/* nodes */
	{ "stays in its node", &nodes, "1111....", 0, 0, 0, "", 0 },
	{ "comes to the waker's node", &nodes, "1.1.3333", 0, 6, 6, "", 1 },
};

START_TEST(woken)
{
	const struct wakeup *w = &wakeups[_i];
	struct task *p = start(w->cpus, w->topology, w->allowed);
	unsigned int cpu;

	slept_on(p, w->prev);
	p->wake.recent_used_cpu = w->recent;
	cpu = placed_by(p, w->this);
	ck_assert_msg(cpu == w->expected, "%s: CPU %u", w->why, cpu);
	harness_finish();
}
END_TEST

/* The search looks at so many CPUs of a cache that the task may use, and takes
 * no core if it may look at none. */
static const struct scan {
	const char *why;
	unsigned int nr_idle_scan;
	struct wakeup w;
} scans[] = {
	{ "all", 5, { "", &flat, "1111.", 0, 0, 0, "", 4 } },
	{ "four", 4, { "", &flat, "1111.", 0, 0, 0, "", 4 } },
	{ "three", 3, { "", &flat, "1111.", 0, 0, 0, "", 0 } },
	{ "of those that it may use",
	  2,
	  { "", &flat, "1111.", 0, 0, 0, "034", 4 } },
	{ "around the end", 2, { "", &flat, "1.111", 4, 4, 4, "", 1 } },
	{ "one less", 1, { "", &flat, "1.111", 4, 4, 4, "", 4 } },
	{ "one is enough for a core",
	  1,
	  { "", &threads, "1111..", 0, 0, 0, "", 4 } },
	{ "none is not", 0, { "", &threads, "1111..", 0, 0, 0, "", 0 } },
	{ "a thread beside it is found",
	  0,
	  { "", &threads, "1.1.11", 2, 2, 2, "", 3 } },
	{ "where it ran is asked first",
	  0,
	  { "", &flat, "1.1", 0, 1, 1, "", 1 } },
};

START_TEST(searched)
{
	const struct scan *s = &scans[_i % (int)G_N_ELEMENTS(scans)];
	struct task *p = start(s->w.cpus, s->w.topology, s->w.allowed);
	bool sis_util = _i < (int)G_N_ELEMENTS(scans);
	unsigned int cpu;

	h.kernel->features.sis_util = sis_util;
	cpu_rq(h.kernel, 0)->sd_llc->shared->nr_idle_scan = s->nr_idle_scan;
	slept_on(p, s->w.prev);
	p->wake.recent_used_cpu = s->w.recent;
	cpu = placed_by(p, s->w.this);
	if (sis_util)
		ck_assert_msg(cpu == s->w.expected, "%s: CPU %u", s->why, cpu);
	else
		ck_assert_int_eq(s->w.cpus[cpu], '.');
	harness_finish();
}
END_TEST

/* Of a new one, made on @this. */
static const struct birth {
	const char *why;
	const struct topology *topology;
	const char *cpus;
	unsigned int this;
	const char *allowed;
	unsigned int expected;
} births[] = {
	{ "an idle CPU", &flat, "11.", 0, "", 2 },
	{ "its own, if that is idle", &flat, "1..", 2, "", 2 },
	{ "the least load", &flat, "3213", 0, "", 2 },
	{ "its own, if that is no busier", &flat, "2123", 1, "", 1 },
	{ "of those that it may use", &flat, "1.21", 1, "02", 0 },
	{ "an idle core", &threads, "1...", 0, "", 2 },
	{ "the cache with more idle CPUs", &caches, "1.1...", 2, "", 4 },
	{ "a pair stays in its node", &nodes,
	  "1...............................", 0, "", 2 },
	{ "where it may use one CPU, a pair is too many", &nodes,
	  "1...............................", 0, "0gh", 16 },
	{ "where it may use two, it stays", &nodes,
	  "1...............................", 0, "01g", 1 },
	{ "three in one node are too many", &nodes,
	  "1.1.............................", 0, "", 16 },
	{ "a full node is left", &nodes, "1111....", 0, "", 4 },
	{ "for a core of another one", &nodes, "11111...", 0, "", 6 },
};

START_TEST(born)
{
	const struct birth *b = &births[_i];
	struct task *p = start(b->cpus, b->topology, b->allowed);
	unsigned int cpu = placed_by(p, b->this);

	ck_assert_msg(cpu == b->expected, "%s: CPU %u", b->why, cpu);
	harness_finish();
}
END_TEST

/* In the cache that has most idle CPUs, of the idle ones, that which wakes up
 * soonest from the state that it is in, or is idle for the least time.  One that
 * runs nothing but SCHED_IDLE comes before them, but within the cache idle ones
 * are looked for once more, beginning there. */
static const struct cradle {
	const char *why;
	ktime_t exit[2], since[2];
	int sched_idle;
	unsigned int expected;
} cradles[] = {
	{ "the first", { 5, 5 }, { 9, 9 }, -1, 2 },
	{ "idle for less long", { 5, 5 }, { 8, 9 }, -1, 3 },
	{ "idle for longer", { 5, 5 }, { 9, 8 }, -1, 2 },
	{ "wakes up sooner", { 5, 4 }, { 9, 8 }, -1, 3 },
	{ "wakes up later", { 4, 5 }, { 8, 9 }, -1, 2 },
	{ "behind one that runs but SCHED_IDLE", { 5, 4 }, { 8, 9 }, 1, 2 },
};

START_TEST(born_among_idle_ones)
{
	const struct cradle *c = &cradles[_i];
	static const struct topology two = { .llc = 4 };
	struct task *p = start("11..1111", &two, "");
	unsigned int cpu;
	struct rq *rq;

	for (unsigned int i = 0; i < 2; i++) {
		h.kernel->cpus[2 + i].idle_exit = c->exit[i];
		cpu_rq(h.kernel, 2 + i)->idle_stamp = c->since[i];
	}
	if (c->sched_idle >= 0) {
		rq = cpu_rq(h.kernel, (unsigned int)c->sched_idle);
		rq->nr_sched_idle = rq->nr_running;
	}
	cpu = placed_by(p, 5);
	ck_assert_msg(cpu == c->expected, "%s: CPU %u", c->why, cpu);
	harness_finish();
}
END_TEST

/* What the waker's CPU and the other one, on which p slept, have had to do,
 * with p's part of it; and what real-time tasks leave of them.  p goes to the
 * waker's if 100 (here + p) * (capacity there) < 108 (there - p) * (capacity
 * here), where p is its load by what there is, plus 1: 1024 * 1024 / 1025 =
 * 1023. */
static const struct affine {
	const char *why;
	uint64_t here, there, load, capacity_here, capacity_there;
	unsigned int expected;
} affines[] = {
	{ "as much as p alone", 0, 2048, 1024, 1024, 1024, 0 },
	{ "p is all that was there", 0, 1024, 1024, 1024, 1024, 1 },
	{ "nothing: p has slept for long", 0, 0, 0, 1024, 1024, 1 },
	{ "a little: it has slept for long", 0, 1024, 5, 1024, 1024, 0 },
	{ "1123 against 1025 * 1.08 = 1107", 100, 2048, 1024, 1024, 1024, 1 },
	{ "1100 against 1025 * 1.08 = 1107", 77, 2048, 1024, 1024, 1024, 0 },
	{ "real-time tasks take half of it", 0, 2048, 1024, 512, 1024, 1 },
	{ "the same there", 100, 2048, 1024, 1024, 512, 0 },
};

START_TEST(affine_by_averages)
{
	const struct affine *a = &affines[_i];
	struct task *p = start("11", &flat, "");
	unsigned int cpu;

	p->se.avg.load_avg = a->load;
	slept_on(p, 1);
	p->wake.recent_used_cpu = 1;
	cpu_rq(h.kernel, 0)->cfs.avg.load_avg = a->here;
	cpu_rq(h.kernel, 1)->cfs.avg.load_avg = a->there;
	cpu_rq(h.kernel, 0)->cpu_capacity = a->capacity_here;
	cpu_rq(h.kernel, 1)->cpu_capacity = a->capacity_there;
	cpu = placed_by(p, 0);
	ck_assert_msg(cpu == a->expected, "%s: CPU %u", a->why, cpu);
	harness_finish();
}
END_TEST

/* A waker that is about to sleep leaves its CPU to who is woken, if nobody else
 * waits there and the task can't go on where it ran; else its own load does not
 * count. */
static const struct wakeup sync_wakeups[] = {
	{ "alone on its CPU", &flat, "11", 0, 1, 1, "", 0 },
	{ "but where it ran is idle", &flat, "1.", 0, 1, 1, "", 1 },
	{ "or an idle one is near", &flat, "11.", 0, 1, 1, "", 2 },
	{ "or where it ran is SCHED_IDLE", &flat, "1.i", 0, 2, 2, "", 2 },
	{ "not so another cache's", &caches, "11..", 0, 2, 2, "", 0 },
	{ "one waits: with it 2, there 2", &flat, "22", 0, 1, 1, "", 0 },
	{ "with it 2, there 1", &flat, "21", 0, 1, 1, "", 1 },
};

START_TEST(woken_synchronously)
{
	const struct wakeup *w = &sync_wakeups[_i];
	struct task *p = start(w->cpus, w->topology, w->allowed);
	struct task *waker = &h.task[1];
	unsigned int cpu;

	slept_on(p, w->prev);
	p->wake.recent_used_cpu = w->recent;
	waker->cpu = w->this;
	waker->se.cfs_rq = &cpu_rq(h.kernel, w->this)->cfs;
	h.kernel->cpus[w->this].wake_sync = true;
	cpu = placed_by(p, w->this);
	ck_assert_msg(cpu == w->expected, "%s: CPU %u", w->why, cpu);
	harness_finish();
}
END_TEST

/* One that sleeps, and is queued for what it owes, is one that waits there. */
START_TEST(debtors_wait)
{
	struct task *p = start("11", &flat, "");

	slept_on(p, 1);
	p->wake.recent_used_cpu = 1;
	h.task[1].cpu = 0;
	h.task[1].se.cfs_rq = &cpu_rq(h.kernel, 0)->cfs;
	h.task[1].se.avg.load_avg = 0;
	h.kernel->cpus[0].wake_sync = true;
	cpu_rq(h.kernel, 0)->nr_running += (unsigned int)_i;
	ck_assert_uint_eq(placed_by(p, 0), _i);
	cpu_rq(h.kernel, 0)->nr_running -= (unsigned int)_i;
	harness_finish();
}
END_TEST

/* Of equal loads that of a synchronous waker is preferred, of others that of
 * where it ran. */
START_TEST(equal_loads)
{
	struct task *p = start("21", &flat, "");

	p->se.avg.load_avg = h.task[1].se.avg.load_avg = 0;
	h.task[1].se.cfs_rq = &cpu_rq(h.kernel, 0)->cfs;
	slept_on(p, 1);
	p->wake.recent_used_cpu = 1;
	for (unsigned int cpu = 0; cpu < 2; cpu++)
		cpu_rq(h.kernel, cpu)->cfs.avg.load_avg = 0;
	h.kernel->cpus[0].wake_sync = _i;
	ck_assert_uint_eq(placed_by(p, 0), !_i);
	harness_finish();
}
END_TEST

/* Who writes into a pipe wakes its reader so, who wakes a queue does not. */
START_TEST(sync_is_over)
{
	struct kcpu *kc;
	struct task *p = start("11", &flat, "");

	kc = &h.kernel->cpus[0];
	slept_on(p, 1);
	h.task[1].tif = TIF_NEED_RESCHED; /* nobody has to ask for that */
	p->state = TASK_INTERRUPTIBLE;
	list_add_tail(&p->wait, &h.queue[0].waiters);
	ck_assert_ptr_eq((_i ? wake_up_sync : wake_up_one)(kc, &h.queue[0], 0),
			 p);
	ck_assert_uint_eq(p->cpu, !_i);
	ck_assert(!kc->wake_sync);
	for (unsigned int i = 0; i < 2; i++)
		cpu_rq(h.kernel, i)->curr = cpu_rq(h.kernel, i)->idle;
	harness_finish();
}
END_TEST

/* One that wakes many who wake others leaves them where they are. */
START_TEST(wide_wakers_draw_nobody)
{
	struct task *p = start("14", &flat, "");

	slept_on(p, 1);
	p->wake.recent_used_cpu = 1;
	ck_assert_uint_eq(placed_by(p, 0), 0);
	h.task[1].wake.flips = 8;
	p->wake.flips = 2;
	ck_assert_uint_eq(placed_by(p, 0), 1);
	p->wake.flips = 1;
	ck_assert_uint_eq(placed_by(p, 0), 0);
	harness_finish();
}
END_TEST

START_TEST(flips_are_counted)
{
	struct task *p = start("11", &flat, "");
	struct task *other = &h.task[harness_fair("q", hog, 0, -1, KTIME_MAX)];
	struct wake_affinity *waker = &h.task[1].wake;

	p->placed = true;
	other->placed = true;
	for (int i = 0; i < 3; i++) {
		placed_by(p, 0);
		placed_by(p, 0);
		placed_by(other, 0);
	}
	ck_assert_uint_eq(waker->flips, 6);
	h.sim.now += 1001 * MS;
	placed_by(other, 0);
	ck_assert_uint_eq(waker->flips, 3);
	harness_finish();
}
END_TEST

/* A CPU is like that while nobody else wants to run there. */
static void check_mask(ktime_t when, unsigned int mask)
{
	harness_run(when);
	for (unsigned int cpu = 0; cpu < 2; cpu++)
		ck_assert_int_eq(sched_idle_cpu(h.kernel, cpu),
				 mask >> cpu & 1);
}

START_TEST(nothing_but_sched_idle)
{
	static const struct op brief[] = { RUN(MS), SLEEP(MS), AGAIN(brief) };
	struct harness_config config = { .nr_cpus = 2,
					 .fair = _i ? "cfs" : "eevdf" };
	struct task_attr attr = { .comm = "i",
				  .policy = POLICY_IDLE,
				  .entry = hog };

	harness_start(&config);
	h.kernel->features.start_debit = false;
	h.kernel->features.delay_dequeue = false;
	cpumask_set_cpu(&attr.cpus, 0);
	harness_add(&attr, 1 * MS);
	attr.entry = brief;
	cpumask_set_cpu(&attr.cpus, 1);
	cpumask_clear_cpu(&attr.cpus, 0);
	harness_add(&attr, 1 * MS);
	harness_fair("f", brief, 0, 0, 3500 * US);
	harness_rt("r", brief, POLICY_FIFO, 1, 0, 6500 * US);
	check_mask(500 * US, 0);
	check_mask(1500 * US, 3);
	check_mask(2500 * US, 1);
	check_mask(3400 * US, 3);
	check_mask(3600 * US, 2);
	check_mask(4600 * US, 1);
	check_mask(6600 * US, 0);
	check_mask(7400 * US, 2);
	harness_finish();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("placement");
	TCase *tc = tcase_create("placement");

	tcase_add_loop_test(tc, woken, 0, (int)G_N_ELEMENTS(wakeups));
	tcase_add_loop_test(tc, searched, 0, 2 * (int)G_N_ELEMENTS(scans));
	tcase_add_loop_test(tc, born, 0, (int)G_N_ELEMENTS(births));
	tcase_add_loop_test(tc, born_among_idle_ones, 0,
			    (int)G_N_ELEMENTS(cradles));
	tcase_add_loop_test(tc, affine_by_averages, 0,
			    (int)G_N_ELEMENTS(affines));
	tcase_add_loop_test(tc, woken_synchronously, 0,
			    (int)G_N_ELEMENTS(sync_wakeups));
	tcase_add_loop_test(tc, debtors_wait, 0, 2);
	tcase_add_loop_test(tc, equal_loads, 0, 2);
	tcase_add_loop_test(tc, sync_is_over, 0, 2);
	tcase_add_loop_test(tc, nothing_but_sched_idle, 0, 2);
	tcase_add_test(tc, wide_wakers_draw_nobody);
	tcase_add_test(tc, flips_are_counted);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
