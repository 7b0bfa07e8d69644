/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of CFS: virtual time, slices, placement, preemption, buddies.
 */
#include <config.h>

#include "fair-harness.h"
#include "preemptsim/base/rng.h"

static void start(unsigned int hz, unsigned int nr_cpus)
{
	struct harness_config config = { .hz = hz,
					 .nr_cpus = nr_cpus,
					 .fair = "cfs" };

	harness_start(&config);
}

static unsigned int policy(const char *comm, enum policy policy,
			   const struct op *entry)
{
	struct task_attr attr = { .comm = comm,
				  .policy = policy,
				  .entry = entry };

	cpumask_set_cpu(&attr.cpus, 0);
	return harness_add(&attr, 0);
}

static struct cfs_rq *cfs_of(unsigned int cpu)
{
	return &h.kernel->cpus[cpu].rq.cfs;
}

/*
 * Virtual time and slices
 */

static const struct {
	int nice;
	uint64_t weight;
	int64_t vruntime;
} figures[] = {
	{ -20, 88761, 11536 }, { -5, 3121, 328099 }, { -1, 1277, 801879 },
	{ 0, 1024, 1000000 },  { 1, 820, 1248780 },  { 5, 335, 3056716 },
	{ 10, 110, 9309090 },  { 19, 15, 68266666 },
};

#define NR_FIGURES G_N_ELEMENTS(figures)

/* What a millisecond is worth, in the kernel's integer arithmetic. */
START_TEST(a_millisecond)
{
	const struct sched_entity *se;
	int64_t placed;

	start(1000, 1);
	se = &h.task[fair("hog", figures[_i].nice, 0)].se;
	ck_assert_uint_eq(se->weight, figures[_i].weight);
	harness_run(500 * US);
	placed = se->vruntime;
	harness_run(1500 * US);
	ck_assert_int_eq(se->vruntime - placed, figures[_i].vruntime);
	harness_finish();
}
END_TEST

/* The slice of a nice 0 task among others shows in where it is put when it is
 * new (START_DEBIT).  The inverse of a sum of weights is rounded down. */
static const struct {
	unsigned int cpus, others;
	int nice;
	int64_t slice;
} slices[] = {
	{ 1, 0, 0, 5999998 }, { 1, 1, 0, 2999998 },  { 1, 1, 5, 4520971 },
	{ 1, 7, 0, 749999 },  { 1, 9, 0, 750000 },   { 2, 1, 0, 5999997 },
	{ 4, 1, 0, 8999995 }, { 8, 1, 0, 11999994 }, { 16, 1, 0, 11999994 },
	{ 8, 9, 0, 2999999 },
};

#define NR_SLICES G_N_ELEMENTS(slices)

START_TEST(slice)
{
	const struct sched_class *class = harness_fair_class("cfs");
	struct rq *rq;
	int64_t min_gran;

	start(1000, slices[_i].cpus);
	rq = &h.kernel->cpus[0].rq;
	for (unsigned int i = 0; i < slices[_i].others; i++)
		class->enqueue_task(
			rq, &h.task[fair("other", slices[_i].nice, KTIME_MAX)],
			0);
	fair("new", 0, KTIME_MAX);
	class->enqueue_task(rq, &h.task[slices[_i].others],
			    ENQUEUE_WAKEUP | ENQUEUE_INITIAL);
	min_gran = 750000 * (slices[_i].cpus == 1 ? 1 :
			     slices[_i].cpus < 4  ? 2 :
			     slices[_i].cpus < 8  ? 3 :
						    4);
	ck_assert_int_eq(h.task[slices[_i].others].se.vruntime,
			 MAX(slices[_i].slice, min_gran));
	harness_finish();
}
END_TEST

/* Of the policy idle, with a weight of 3, beside a task of nice 0: 24 ms * 3 /
 * 1027 = 70 us on eight CPUs, but at least 0.75 ms; alone or among its like at
 * least 3 ms, as anybody.  As virtual time of weight 3 that is 256, or 1024
 * ms. */
START_TEST(slice_of_idle)
{
	static const struct {
		enum policy other[8];
		unsigned int others;
		int64_t slice;
	} cases[] = {
		{ { POLICY_OTHER }, 1, 750000 },
		{ { POLICY_IDLE, POLICY_OTHER }, 2, 750000 },
		{ { POLICY_IDLE, POLICY_IDLE, POLICY_IDLE, POLICY_IDLE,
		    POLICY_IDLE, POLICY_IDLE, POLICY_IDLE, POLICY_IDLE },
		  8,
		  3000000 },
	};
	const struct sched_class *class = harness_fair_class("cfs");
	struct rq *rq;

	for (unsigned int i = 0; i < G_N_ELEMENTS(cases); i++) {
		unsigned int n = cases[i].others;
		int64_t right = cases[i].slice * 1024 / 3;

		start(1000, 8);
		rq = &h.kernel->cpus[0].rq;
		for (unsigned int j = 0; j < n; j++)
			class->enqueue_task(
				rq,
				&h.task[policy("other", cases[i].other[j],
					       hog)],
				0);
		policy("new", POLICY_IDLE, hog);
		class->enqueue_task(rq, &h.task[n],
				    ENQUEUE_WAKEUP | ENQUEUE_INITIAL);
		ck_assert_int_le(llabs(h.task[n].se.vruntime - right), 1000);
		harness_finish();
	}
}
END_TEST

/*
 * Turns
 */

/* Hogs take turns of a slice, up to the next tick.  Ten have 750 us each,
 * which is not more than three ticks at 4 kHz, but more than a fourth. */
static const struct {
	unsigned int hz, hogs;
	ktime_t turn;
} turns[] = {
	{ 10000, 2, 3 * MS },	 { 4000, 2, 3 * MS }, { 1000, 2, 3 * MS },
	{ 250, 2, 4 * MS },	 { 250, 10, 4 * MS }, { 10000, 10, 800 * US },
	{ 4000, 10, 1000 * US }, { 100, 2, 10 * MS },
};

#define NR_TURNS G_N_ELEMENTS(turns)

START_TEST(turn)
{
	unsigned int nr = turns[_i].hogs;

	start(turns[_i].hz, 1);
	log_turns();
	for (unsigned int i = 0; i < nr; i++)
		fair("hog", 0, 0);
	harness_run(1000 * MS);
	ck_assert_uint_gt(nr_switched, 90);
	for (unsigned int j = 20 * nr; j < nr_switched; j++) {
		ck_assert_int_eq(switched[j] - switched[j - 1], turns[_i].turn);
		ck_assert_ptr_eq(to[j], to[j - nr]);
	}
	harness_finish();
}
END_TEST

/* Nice 0 beside nice 5: 4.52 and 1.48 ms, in ticks of 100 us. */
START_TEST(turns_by_weight)
{
	unsigned int nr[2] = { 0, 0 };

	start(10000, 1);
	log_turns();
	fair("a", 0, 0);
	fair("b", 5, 0);
	harness_run(1000 * MS);
	for (unsigned int j = 11; j < nr_switched; j++) {
		unsigned int i = to[j - 1] == &h.task[1];
		ktime_t ran = switched[j] - switched[j - 1];

		nr[i] += ran == (i ? 1500 * US : 4600 * US);
	}
	ck_assert_uint_gt(nr[0], 150);
	ck_assert_uint_gt(nr[1], 150);
	harness_finish();
}
END_TEST

/*
 * Shares
 */

START_TEST(shares_of_two)
{
	static const int nice[] = { 1, 5, 10, -5, 19 };
	static const double first[] = { .555315, .753495, .902998, .247044,
					.985563 };

	for (unsigned int i = 0; i < G_N_ELEMENTS(nice); i++) {
		start(1000, 1);
		fair("a", 0, 0);
		fair("b", nice[i], 0);
		harness_run(10000 * MS);
		ck_assert_double_eq_tol(share(0), first[i], 0.005);
		ck_assert_double_eq_tol(share(0) + share(1), 1, 1e-9);
		harness_finish();
	}
}
END_TEST

/* Any number of any weights: each gets its part of the CPU. */
START_TEST(shares_of_many)
{
	uint64_t sum = 0;
	struct rng rng;

	rng_init(&rng, (uint64_t)_i, 0, "cfs", "shares");
	start(1000, 1);
	for (unsigned int i = 0; i < 12; i++) {
		fair("hog", (int)rng_below(&rng, 20) - 10,
		     (ktime_t)rng_below(&rng, 1000));
		sum += h.task[i].se.weight;
	}
	harness_run(60000 * MS);
	for (unsigned int i = 0; i < 12; i++) {
		double part = (double)h.task[i].se.weight / (double)sum;

		ck_assert_double_eq_tol(share(i), part, 0.01 * part + 0.002);
	}
	harness_finish();
}
END_TEST

/* As measured on Debian's 6.1: 10 s, one CPU, 250 Hz; nice -10 mostly runs
 * for 36 to 40 ms at a time. */
START_TEST(measured)
{
	static const struct {
		int nice[3];
		double share[3];
	} runs[] = {
		{ { 0, 0, 5 }, { .429, .429, .141 } },
		{ { -10, 0, 10 }, { .8935, .0959, .0104 } },
	};
	unsigned int usual = 0, all = 0;

	start(250, 1);
	log_turns();
	for (unsigned int i = 0; i < 3; i++)
		fair("hog", runs[_i].nice[i], 0);
	harness_run(10000 * MS);
	for (unsigned int i = 0; i < 3; i++)
		ck_assert_double_eq_tol(share(i), runs[_i].share[i], .005);
	for (unsigned int j = 1; _i && j < nr_switched; j++) {
		ktime_t ran = switched[j] - switched[j - 1];

		if (to[j - 1] != &h.task[0])
			continue;
		all++;
		usual += ran >= 36 * MS && ran <= 40 * MS;
	}
	ck_assert_uint_ge(2 * usual, all);
	harness_finish();
}
END_TEST

/*
 * Wakeups
 */

static const struct op napper[] = { SYSCALL, SLEEP(100 * MS), SYSRET,
				    RUN(20 * MS), DIE };

/* Who slept for long preempts, and has the CPU for a slice, which is as long as
 * its credit; then it is one turn each. */
START_TEST(sleeper_credit)
{
	start(4000, 1);
	log_turns();
	harness_fair("napper", napper, 0, 0, 0);
	fair("hog", 0, 1 * MS);
	harness_run(120 * MS);
	ck_assert_uint_gt(nr_switched, 6);
	ck_assert_ptr_eq(to[3], &h.task[0]);
	for (unsigned int j = 3; j < 7; j++)
		ck_assert_int_eq(switched[j], (100 + 3 * (j - 3)) * MS);
	harness_finish();
}
END_TEST

/* Enqueue task @i, which slept while the queue's least vruntime came to be
 * @ahead more than its own; returns how much it is behind then. */
static int64_t wake_up_behind(unsigned int i, int64_t ahead)
{
	const struct sched_class *class = harness_fair_class("cfs");
	struct rq *rq = &h.kernel->cpus[0].rq;
	struct sched_entity *se = &h.task[i].se;

	se->rel_vruntime = false;
	se->vruntime = rq->cfs.min_vruntime - ahead;
	class->enqueue_task(rq, &h.task[i], ENQUEUE_WAKEUP);
	return rq->cfs.min_vruntime - se->vruntime;
}

START_TEST(placement)
{
	struct task_attr idle = { .comm = "idle",
				  .policy = POLICY_IDLE,
				  .entry = hog };

	for (unsigned int cpus = 1; cpus <= 2; cpus++) {
		start(1000, cpus);
		cfs_of(0)->min_vruntime = 1000 * MS;
		fair("a", 0, KTIME_MAX);
		fair("b", 0, KTIME_MAX);
		fair("c", 0, KTIME_MAX);
		harness_add(&idle, KTIME_MAX);
		ck_assert_int_eq(wake_up_behind(0, 500 * MS), 3 * MS * cpus);
		ck_assert_int_eq(wake_up_behind(1, 1 * MS), 1 * MS);
		ck_assert_int_eq(wake_up_behind(2, -5 * MS), -5 * MS);
		ck_assert_int_eq(wake_up_behind(3, 500 * MS), 375 * US * cpus);
		harness_finish();
	}
}
END_TEST

/* Beside a current task of vruntime 1 s: who is behind by more than the
 * granularity, in the waker's virtual time, preempts. */
static const struct {
	enum policy curr, policy;
	int nice;
	int64_t behind;
	bool preempts;
} wakeups[] = {
	{ POLICY_OTHER, POLICY_OTHER, 0, 1000000, false },
	{ POLICY_OTHER, POLICY_OTHER, 0, 1000001, true },
	{ POLICY_OTHER, POLICY_OTHER, 0, -1000001, false },
	{ POLICY_OTHER, POLICY_OTHER, 5, 3056716, false },
	{ POLICY_OTHER, POLICY_OTHER, 5, 3056717, true },
	{ POLICY_OTHER, POLICY_OTHER, -5, 328099, false },
	{ POLICY_OTHER, POLICY_OTHER, -5, 328100, true },
	{ POLICY_OTHER, POLICY_BATCH, 0, 5000000, false },
	{ POLICY_OTHER, POLICY_IDLE, 0, 5000000, false },
	{ POLICY_BATCH, POLICY_OTHER, 0, 1000001, true },
	{ POLICY_IDLE, POLICY_OTHER, 0, -5000000, true },
	{ POLICY_IDLE, POLICY_BATCH, 0, -5000000, true },
	{ POLICY_IDLE, POLICY_IDLE, 0, 5000000, false },
};

#define NR_WAKEUPS G_N_ELEMENTS(wakeups)

START_TEST(wakeup)
{
	const struct sched_class *class = harness_fair_class("cfs");
	struct task *curr, *p;
	struct rq *rq;

	start(1000, 1);
	rq = &h.kernel->cpus[0].rq;
	curr = &h.task[policy("curr", wakeups[_i].curr, hog)];
	p = &h.task[policy("p", wakeups[_i].policy, hog)];
	p->nice = wakeups[_i].nice;
	class->task_init(p);
	class->enqueue_task(rq, curr, 0);
	class->enqueue_task(rq, p, 0);
	class->set_next_task(rq, curr);
	rq->curr = curr;
	curr->se.vruntime = 1000 * MS;
	p->se.vruntime = 1000 * MS - wakeups[_i].behind;
	class->wakeup_preempt(rq, p);
	ck_assert_int_eq(!!(curr->tif & TIF_NEED_RESCHED),
			 wakeups[_i].preempts);
	rq->curr = rq->idle;
	harness_finish();
}
END_TEST

/* With two hogs a tick asks for the CPU after a slice of 3 ms, or when the
 * other is behind by more than that, but not before 750 us are over. */
static const struct {
	int64_t ran, ahead;
	bool preempts;
} ticks[] = {
	{ 2999998, 0, false },	     { 2999999, 0, true },
	{ 2999999, -9000000, true }, { 750000, 2999998, false },
	{ 750000, 2999999, true },   { 749999, 2999999, false },
};

#define NR_TICKS G_N_ELEMENTS(ticks)

START_TEST(tick)
{
	const struct sched_class *class = harness_fair_class("cfs");
	struct task *curr, *other;
	struct rq *rq;

	start(1000, 1);
	rq = &h.kernel->cpus[0].rq;
	curr = &h.task[fair("curr", 0, KTIME_MAX)];
	other = &h.task[fair("other", 0, KTIME_MAX)];
	class->enqueue_task(rq, curr, 0);
	class->enqueue_task(rq, other, 0);
	class->set_next_task(rq, curr);
	rq->curr = curr;
	curr->se.vruntime =
		other->se.vruntime - ticks[_i].ran + ticks[_i].ahead;
	rq->clock += ticks[_i].ran;
	class->task_tick(rq, curr);
	ck_assert_int_eq(!!(curr->tif & TIF_NEED_RESCHED), ticks[_i].preempts);
	rq->curr = rq->idle;
	harness_finish();
}
END_TEST

/* Who yields is passed over, also if the others have had more, unless that is
 * more than the granularity: they come to alternate. */
START_TEST(yield_makes_way)
{
	start(1000, 1);
	harness_log_switches();
	harness_fair("a", polite, 0, 0, 0);
	harness_fair("b", polite, 0, 0, 0);
	harness_run(2450 * US);
	check_text("b@0 a@2000 b@2100 a@2200 b@2300 a@2400");
	harness_run(20 * MS + 50 * US);
	harness_clear();
	harness_run(20 * MS + 450 * US);
	check_text("b@20100 a@20200 b@20300 a@20400");
	harness_finish();
}
END_TEST

/* Nobody loses their share by it. */
START_TEST(yield_is_fair)
{
	start(1000, 1);
	fair("hog", 0, 0);
	harness_fair("polite", polite, 0, 0, 0);
	harness_run(1000 * MS);
	ck_assert_double_eq_tol(share(0), 0.5, 0.01);
	ck_assert_double_eq_tol(share(1), 0.5, 0.01);
	harness_finish();
}
END_TEST

/*
 * Other CPUs
 */

/* Who moves is as far before or behind the others as it was. */
START_TEST(moved)
{
	const struct sched_class *class = harness_fair_class("cfs");
	struct task *p;

	start(1000, 2);
	p = &h.task[harness_fair("p", hog, 0, -1, KTIME_MAX)];
	cfs_of(0)->min_vruntime = 1000 * MS;
	cfs_of(1)->min_vruntime = 200 * MS;
	class->enqueue_task(&h.kernel->cpus[0].rq, p, 0);
	p->se.vruntime += 7 * MS;
	cfs_of(0)->min_vruntime = 1002 * MS;
	class->dequeue_task(&h.kernel->cpus[0].rq, p, 0);
	class->enqueue_task(&h.kernel->cpus[1].rq, p, ENQUEUE_MIGRATED);
	ck_assert_int_eq(p->se.vruntime, 205 * MS);
	harness_finish();
}
END_TEST

/* The same for who went to sleep on one CPU and wakes up on another. */
START_TEST(woken_elsewhere)
{
	const struct sched_class *class = harness_fair_class("cfs");
	struct task *p;

	start(1000, 2);
	p = &h.task[harness_fair("p", hog, 0, -1, KTIME_MAX)];
	cfs_of(0)->min_vruntime = 1000 * MS;
	cfs_of(1)->min_vruntime = 200 * MS;
	p->se.rel_vruntime = false;
	p->se.cfs_rq = cfs_of(0);
	p->se.vruntime = 999 * MS;
	p->placed = true;
	cpumask_clear_cpu(&h.kernel->idle_mask, 0);
	h.kernel->cpus[0].rq.nr_running = 2;
	ck_assert_uint_eq(class->select_task_rq(p, &h.kernel->cpus[0]), 1);
	class->enqueue_task(&h.kernel->cpus[1].rq, p,
			    ENQUEUE_WAKEUP | ENQUEUE_MIGRATED);
	ck_assert_int_eq(p->se.vruntime, 199 * MS);
	harness_finish();
}
END_TEST

/* Whom who yields leaves the CPU to is the second of any number, whatever the
 * shape of the tree. */
START_TEST(yield_to_the_second)
{
	const struct sched_class *class = harness_fair_class("cfs");
	unsigned int n = 2 + (unsigned int)_i;
	struct cfs_rq *cfs;
	struct rq *rq;

	start(1000, 1);
	rq = &h.kernel->cpus[0].rq;
	cfs = cfs_of(0);
	for (unsigned int i = 0; i < n; i++) {
		fair("task", 0, KTIME_MAX);
		h.task[i].se.rel_vruntime = false;
		h.task[i].se.vruntime = (int64_t)(i * 7 % n) * 10 * US;
		class->enqueue_task(rq, &h.task[i], 0);
	}
	for (unsigned int i = 0; i < n; i++)
		if (h.task[i].se.vruntime == 0)
			cfs->skip = &h.task[i].se;
	ck_assert_int_eq(class->pick_next_task(rq)->se.vruntime, 10 * US);
	harness_finish();
}
END_TEST

/* A CPU that goes idle takes from a longer queue. */
START_TEST(idle_cpu_pulls)
{
	static const struct op brief[] = { RUN(10 * MS), SYSCALL, DIE };

	start(1000, 2);
	harness_fair("brief", brief, 0, 1, 0);
	harness_fair("a", hog, 0, -1, 1 * US);
	harness_fair("b", hog, 0, -1, 2 * US);
	harness_run(1000 * MS);
	ck_assert_double_gt(share(1) + share(2), 1.98);
	harness_finish();
}
END_TEST

/*
 * The pick, against a search through all that are queued, without buddies
 */

START_TEST(pick)
{
	const struct sched_class *class = harness_fair_class("cfs");
	unsigned int n = 2 + (unsigned int)_i * 6;
	struct rq *rq;
	struct rng rng;

	rng_init(&rng, (uint64_t)_i, 0, "cfs", "pick");
	start(1000, 1);
	rq = &h.kernel->cpus[0].rq;
	for (unsigned int i = 0; i < n; i++)
		fair("task", (int)rng_below(&rng, 40) - 20, KTIME_MAX);
	for (unsigned int i = 0; i < 3000; i++) {
		struct task *p = &h.task[rng_below(&rng, n)];
		int64_t least = INT64_MAX;

		if (p->se.on_rq)
			class->dequeue_task(rq, p, DEQUEUE_SLEEP);
		else
			class->enqueue_task(rq, p, ENQUEUE_WAKEUP);
		for (unsigned int j = 0; j < n; j++)
			if (h.task[j].se.on_rq && h.task[j].se.vruntime < least)
				least = h.task[j].se.vruntime;
		p = class->pick_next_task(rq);
		if (least == INT64_MAX) {
			ck_assert_ptr_null(p);
			continue;
		}
		ck_assert_int_eq(p->se.vruntime, least);
		class->set_next_task(rq, p);
		rq->clock += (int64_t)rng_below(&rng, 3000000);
		class->put_prev_task(rq, p);
	}
	harness_finish();
}
END_TEST

/* Who preempts runs next, although another has had less, unless that is less
 * by more than the granularity. */
START_TEST(next_buddy)
{
	const struct sched_class *class = harness_fair_class("cfs");
	static const char *const comm[] = { "curr", "woken", "other" };
	struct rq *rq;

	start(1000, 1);
	rq = &h.kernel->cpus[0].rq;
	for (unsigned int i = 0; i < 3; i++) {
		fair(comm[i], 0, KTIME_MAX);
		h.task[i].se.vruntime = i == 2 ? 0 : _i ? 1000001 : 1000000;
		class->enqueue_task(rq, &h.task[i], 0);
	}
	class->set_next_task(rq, &h.task[0]);
	rq->curr = &h.task[0];
	rq->curr->se.vruntime = 5 * MS;
	class->wakeup_preempt(rq, &h.task[1]);
	ck_assert_str_eq(class->pick_next_task(rq)->comm, comm[1 + _i]);
	rq->curr = rq->idle;
	harness_finish();
}
END_TEST

/* With eight or more tasks the CPU goes back to whom a wakeup preempted, as
 * long as that is not unfair, and not to who is first. */
static void wake_among(unsigned int nr, const char *expected)
{
	const struct sched_class *class = harness_fair_class("cfs");
	struct task *curr, *p;
	struct rq *rq;

	start(1000, 1);
	rq = &h.kernel->cpus[0].rq;
	for (unsigned int i = 0; i < nr; i++) {
		fair(i == 0 ? "curr" :
		     i == 1 ? "woken" :
			      "other",
		     0, KTIME_MAX);
		class->enqueue_task(rq, &h.task[i], 0);
	}
	curr = &h.task[0];
	p = &h.task[1];
	class->set_next_task(rq, curr);
	rq->curr = curr;
	curr->se.vruntime = 500 * US;
	class->dequeue_task(rq, p, DEQUEUE_SLEEP);
	p->se.vruntime = -2 * MS;
	class->enqueue_task(rq, p, ENQUEUE_WAKEUP);
	class->wakeup_preempt(rq, p);
	ck_assert_ptr_eq(class->pick_next_task(rq), p);
	class->put_prev_task(rq, curr);
	class->set_next_task(rq, p);
	class->dequeue_task(rq, p, DEQUEUE_SLEEP);
	ck_assert_str_eq(class->pick_next_task(rq)->comm, expected);
	class->put_prev_task(rq, p);
	rq->curr = rq->idle;
	harness_finish();
}

START_TEST(last_buddy)
{
	wake_among(7, "other");
	wake_among(8, "curr");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("cfs");
	TCase *tc = tcase_create("cfs");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, a_millisecond, 0, NR_FIGURES);
	tcase_add_loop_test(tc, slice, 0, NR_SLICES);
	tcase_add_test(tc, slice_of_idle);
	tcase_add_loop_test(tc, turn, 0, NR_TURNS);
	tcase_add_test(tc, turns_by_weight);
	tcase_add_test(tc, shares_of_two);
	tcase_add_loop_test(tc, shares_of_many, 0, 3);
	tcase_add_loop_test(tc, measured, 0, 2);
	tcase_add_test(tc, sleeper_credit);
	tcase_add_test(tc, placement);
	tcase_add_loop_test(tc, wakeup, 0, NR_WAKEUPS);
	tcase_add_loop_test(tc, tick, 0, NR_TICKS);
	tcase_add_test(tc, yield_makes_way);
	tcase_add_test(tc, yield_is_fair);
	tcase_add_test(tc, moved);
	tcase_add_test(tc, woken_elsewhere);
	tcase_add_loop_test(tc, yield_to_the_second, 0, 5);
	tcase_add_test(tc, idle_cpu_pulls);
	tcase_add_loop_test(tc, pick, 0, 8);
	tcase_add_loop_test(tc, next_buddy, 0, 2);
	tcase_add_test(tc, last_buddy);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
