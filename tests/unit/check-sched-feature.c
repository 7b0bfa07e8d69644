/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of the switches of CFS and EEVDF: what each changes, in numbers that
 * follow from kernel/sched/fair.c of Linux 6.1 and 6.12 by hand.
 *
 * Weights are 1024 for nice 0, 3121 for -5 and 15 for 19; on one CPU a latency
 * is 6 ms, the least slice of CFS 0.75 ms and the slice of EEVDF 0.7 ms.
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

static void finish(void)
{
	rq->curr = rq->idle;
	harness_finish();
}

/* A switch by its name. */
static void set(const char *name, bool on)
{
	unsigned int i = 0;

	while (strcmp(sched_feature(i)->name, name) != 0)
		i++;
	*sched_feature_at(&h.kernel->features, i) = on;
}

static struct task *make(enum policy policy, int nice, ktime_t slice)
{
	struct task_attr attr = { .comm = "task",
				  .policy = policy,
				  .nice = nice,
				  .slice_ns = slice,
				  .entry = hog };
	struct task *p;

	cpumask_set_cpu(&attr.cpus, 0);
	p = &h.task[harness_add(&attr, KTIME_MAX)];
	p->se.sum_exec_runtime = 1; /* not a new one */
	return p;
}

static struct task *task(int nice)
{
	return make(POLICY_OTHER, nice, 0);
}

static void enqueue(struct task *p, unsigned int flags)
{
	p->on_rq = true;
	class->enqueue_task(rq, p, flags);
}

/* @p has the CPU. */
static void run(struct task *p)
{
	class->set_next_task(rq, p);
	rq->curr = p;
}

/* The running task has it for so long. */
static void pass(ktime_t time)
{
	rq->clock += time;
	class->update_curr(rq);
}

/* @p woke up: does it preempt? */
static bool wake(struct task *p)
{
	enqueue(p, ENQUEUE_WAKEUP);
	rq->curr->tif = 0;
	class->wakeup_preempt(rq, p);
	return rq->curr->tif & TIF_NEED_RESCHED;
}

static void fall_asleep(struct task *p)
{
	p->on_rq = false;
	class->dequeue_task(rq, p, DEQUEUE_SLEEP);
}

/*
 * CFS
 */

/* Who slept for long is put half a latency, or a whole one, before others. */
START_TEST(gentle_fair_sleepers)
{
	struct task *p;

	start("cfs");
	set("gentle_fair_sleepers", _i);
	rq->cfs.min_vruntime = 1000 * MS;
	p = task(0);
	p->se.rel_vruntime = false;
	enqueue(p, ENQUEUE_WAKEUP);
	ck_assert_int_eq(p->se.vruntime, (_i ? 997 : 994) * MS);
	finish();
}
END_TEST

/* Beside one other, a new task's slice is 3 ms less a few ns, by which the
 * inverse of the weights is rounded; see check-cfs. */
START_TEST(start_debit)
{
	struct task *p;

	start("cfs");
	set("start_debit", _i);
	enqueue(task(0), 0);
	p = task(0);
	enqueue(p, ENQUEUE_WAKEUP | ENQUEUE_INITIAL);
	ck_assert_int_eq(p->se.vruntime, _i ? 2999998 : 0);
	finish();
}
END_TEST

/* For nice 19 beside nice 0: 6 ms * 15 / 1039 = 86.6 us, which is less than
 * 0.75 ms.  As virtual time that is 5.91 ms, or 51.2 ms. */
START_TEST(base_slice)
{
	struct task *p;
	int64_t right = _i ? 51200000 : 5913379;

	start("cfs");
	set("base_slice", _i);
	enqueue(task(0), 0);
	p = task(19);
	enqueue(p, ENQUEUE_WAKEUP | ENQUEUE_INITIAL);
	ck_assert_int_le(llabs(p->se.vruntime - right), right / 1000);
	finish();
}
END_TEST

/* Of eight, the first is preempted by the second, which goes to sleep again:
 * the first is not the one with the least vruntime. */
START_TEST(last_buddy)
{
	struct task *p[8], *next;

	start("cfs");
	set("last_buddy", _i);
	for (unsigned int i = 0; i < 8; i++) {
		p[i] = task(0);
		enqueue(p[i], 0);
	}
	run(p[0]);
	p[0]->se.vruntime = 500 * US;
	fall_asleep(p[1]);
	p[1]->se.vruntime = -2 * MS;
	ck_assert(wake(p[1]));
	class->put_prev_task(rq, p[0]);
	run(p[1]);
	fall_asleep(p[1]);
	next = class->pick_next_task(rq);
	ck_assert_int_eq(next == p[0], _i);
	rq->cfs.curr = NULL;
	finish();
}
END_TEST

/* Of eight, one wakes up 0.5 ms before who runs, which is too little to preempt
 * it; when that stops, the woken one is not the first by 0.4 ms. */
START_TEST(next_buddy_cfs)
{
	struct task *p[8];

	start("cfs");
	set("next_buddy", _i);
	for (unsigned int i = 0; i < 8; i++) {
		p[i] = task(0);
		enqueue(p[i], 0);
	}
	fall_asleep(p[7]);
	run(p[0]);
	pass(500 * US);
	p[7]->se.vruntime = 400 * US;
	ck_assert(!wake(p[7]));
	fall_asleep(p[0]);
	ck_assert_int_eq(class->pick_next_task(rq) == p[7], _i);
	rq->cfs.curr = NULL;
	finish();
}
END_TEST

/*
 * EEVDF
 */

/* Two tasks; the first has run for 2 ms and sleeps, 1 ms behind the average,
 * and the other runs. */
static void one_owes(struct task **a, struct task **b)
{
	*a = task(0);
	*b = task(0);
	enqueue(*a, 0);
	enqueue(*b, 0);
	run(*a);
	pass(2 * MS);
	fall_asleep(*a);
	class->put_prev_task(rq, *a);
	run(*b);
}

/* It is put where it has the same lag: with half of the weight, 2 ms behind the
 * other. */
START_TEST(place_lag)
{
	struct task *a, *b;

	start("eevdf");
	set("delay_dequeue", false);
	set("place_lag", _i);
	one_owes(&a, &b);
	ck_assert_int_eq(a->se.vlag, -1 * MS);
	pass(5 * MS);
	enqueue(a, ENQUEUE_WAKEUP);
	ck_assert_int_eq(a->se.vruntime - b->se.vruntime, _i ? 2 * MS : 0);
	finish();
}
END_TEST

START_TEST(place_deadline_initial)
{
	struct task *p;

	start("eevdf");
	set("place_deadline_initial", _i);
	p = task(0);
	enqueue(p, ENQUEUE_WAKEUP | ENQUEUE_INITIAL);
	ck_assert_int_eq(p->se.deadline - p->se.vruntime,
			 _i ? 350 * US : 700 * US);
	finish();
}
END_TEST

/* Of its request it has had 300 us when it is moved. */
START_TEST(place_rel_deadline)
{
	struct task *p;

	start("eevdf");
	set("place_rel_deadline", _i);
	p = task(0);
	enqueue(p, 0);
	run(p);
	pass(300 * US);
	class->dequeue_task(rq, p, 0);
	class->put_prev_task(rq, p);
	class->enqueue_task(rq, p, ENQUEUE_MIGRATED);
	ck_assert_int_eq(p->se.deadline - p->se.vruntime,
			 _i ? 400 * US : 700 * US);
	finish();
}
END_TEST

/* After 100 us beside somebody one of nice -5 wakes up: both are eligible, and
 * its deadline is 100 + 229 us, before the 700 us of who runs. */
START_TEST(run_to_parity)
{
	struct task *p;

	start("eevdf");
	set("run_to_parity", _i);
	p = task(0);
	enqueue(p, 0);
	run(p);
	pass(100 * US);
	ck_assert_int_eq(wake(task(-5)), !_i);
	finish();
}
END_TEST

/* The same of nice 0 with a slice of 100 us; who asks for 600 us has the later
 * deadline, but the other is not eligible any more, as soon as it has had
 * more. */
START_TEST(preempt_short)
{
	static const ktime_t slice[] = { 100 * US, 600 * US, 700 * US };

	for (unsigned int i = 0; i < G_N_ELEMENTS(slice); i++) {
		struct task *p, *woken;

		start("eevdf");
		set("preempt_short", _i);
		p = task(0);
		enqueue(p, 0);
		run(p);
		pass(100 * US);
		woken = make(POLICY_OTHER, 0, slice[i]);
		ck_assert_int_eq(wake(woken), _i && i == 0);
		ck_assert_int_eq(woken->se.deadline - woken->se.vruntime,
				 slice[i]);
		/* Its protection is gone for good. */
		p->tif = 0;
		pass(50 * US);
		ck_assert_int_eq(!!(p->tif & TIF_NEED_RESCHED), _i && i == 0);
		finish();
	}
}
END_TEST

START_TEST(delay_dequeue)
{
	struct task *a, *b;

	start("eevdf");
	set("delay_dequeue", _i);
	one_owes(&a, &b);
	ck_assert_int_eq(a->se.on_rq, _i);
	pass(1 * MS);
	enqueue(a, ENQUEUE_WAKEUP);
	/* Half of its debt is paid, or it is what it was. */
	ck_assert_int_eq(a->se.vruntime - b->se.vruntime, _i ? 1 * MS : 2 * MS);
	finish();
}
END_TEST

/* After 2.5 ms of the other it is due something; as soon as somebody
 * notices. */
START_TEST(delay_zero)
{
	struct task *a, *b;

	start("eevdf");
	set("delay_zero", _i);
	one_owes(&a, &b);
	pass(2500 * US);
	enqueue(a, ENQUEUE_WAKEUP);
	ck_assert_int_eq(a->se.vruntime - b->se.vruntime, _i ? 0 : -500 * US);
	finish();

	start("eevdf");
	set("delay_zero", _i);
	one_owes(&a, &b);
	pass(2500 * US);
	ck_assert_ptr_eq(class->pick_next_task(rq), b);
	ck_assert(!a->se.on_rq);
	ck_assert_int_eq(a->se.vlag, _i ? 0 : 250 * US);
	finish();
}
END_TEST

/* While the first runs one wakes up; another is queued with an earlier
 * deadline.  Then the first one's request is served. */
START_TEST(next_buddy_eevdf)
{
	struct task *first, *second, *woken;

	start("eevdf");
	set("next_buddy", _i);
	first = task(0);
	second = task(0);
	woken = task(0);
	enqueue(first, 0);
	enqueue(second, 0);
	run(first);
	pass(100 * US);
	ck_assert(!wake(woken));
	pass(700 * US);
	ck_assert_ptr_eq(class->pick_next_task(rq), _i ? woken : second);
	/* Once it has run, it is as others are. */
	class->put_prev_task(rq, first);
	run(woken);
	pass(700 * US);
	ck_assert_ptr_eq(class->pick_next_task(rq), second);
	finish();
}
END_TEST

/* The idle policy makes way for others by the same switch in EEVDF, and always
 * in CFS. */
START_TEST(wakeup_preemption)
{
	static const char *const fair[] = { "eevdf", "cfs" };

	for (unsigned int i = 0; i < 2; i++) {
		struct task *p, *woken;

		start(fair[i]);
		set("wakeup_preemption", _i);
		p = task(0);
		enqueue(p, 0);
		run(p);
		pass(5 * MS);
		woken = task(0);
		woken->se.vlag = 1 * MS;
		woken->se.rel_vruntime = false;
		ck_assert_int_eq(wake(woken), _i);
		finish();

		start(fair[i]);
		set("wakeup_preemption", _i);
		p = make(POLICY_IDLE, 0, 0);
		enqueue(p, 0);
		run(p);
		ck_assert_int_eq(wake(task(0)), _i || i);
		finish();
	}
}
END_TEST

/*
 * Versions
 */

/* What each version is known by; the other switches it shares with all. */
static const struct {
	const char *version, *fair, *on;
} versions[] = {
	{ "6.12", "eevdf",
	  "gentle_fair_sleepers start_debit base_slice last_buddy place_lag "
	  "place_deadline_initial place_rel_deadline run_to_parity "
	  "preempt_short delay_dequeue delay_zero pick_buddy wakeup_preemption "
	  "sis_util owner_spin" },
	{ "6.6", "eevdf",
	  "gentle_fair_sleepers start_debit base_slice last_buddy place_lag "
	  "place_deadline_initial run_to_parity wakeup_preemption sis_util "
	  "owner_spin" },
	{ "6.1", "cfs",
	  "gentle_fair_sleepers start_debit base_slice last_buddy place_lag "
	  "place_deadline_initial run_to_parity wakeup_preemption sis_util "
	  "owner_spin" },
};

START_TEST(defaults)
{
	struct sched_features features;
	GString *on = g_string_new(NULL);

	ck_assert_str_eq(kernel_version_choice((unsigned int)_i)->name,
			 versions[_i].version);
	ck_assert_str_eq(kernel_version((unsigned int)_i)->fair,
			 versions[_i].fair);
	features = kernel_version((unsigned int)_i)->features;
	for (unsigned int i = 0; sched_feature(i); i++)
		if (*sched_feature_at(&features, i))
			g_string_append_printf(on, "%s%s", on->len ? " " : "",
					       sched_feature(i)->name);
	ck_assert_str_eq(on->str, versions[_i].on);
	g_string_free(on, TRUE);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("sched-feature");
	TCase *tc = tcase_create("sched-feature");

	tcase_add_loop_test(tc, gentle_fair_sleepers, 0, 2);
	tcase_add_loop_test(tc, start_debit, 0, 2);
	tcase_add_loop_test(tc, base_slice, 0, 2);
	tcase_add_loop_test(tc, last_buddy, 0, 2);
	tcase_add_loop_test(tc, next_buddy_cfs, 0, 2);
	tcase_add_loop_test(tc, place_lag, 0, 2);
	tcase_add_loop_test(tc, place_deadline_initial, 0, 2);
	tcase_add_loop_test(tc, place_rel_deadline, 0, 2);
	tcase_add_loop_test(tc, run_to_parity, 0, 2);
	tcase_add_loop_test(tc, preempt_short, 0, 2);
	tcase_add_loop_test(tc, delay_dequeue, 0, 2);
	tcase_add_loop_test(tc, delay_zero, 0, 2);
	tcase_add_loop_test(tc, next_buddy_eevdf, 0, 2);
	tcase_add_loop_test(tc, wakeup_preemption, 0, 2);
	tcase_add_loop_test(tc, defaults, 0, G_N_ELEMENTS(versions));
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
