/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of spinning for a lock to sleep for, while its holder runs.  Lock 0 is a
 * mutex, lock 1 another; lock 2 is an rt_mutex.
 */
#include <config.h>

#include "kernel-harness.h"

#define RTMUTEX 2

static void start_with(const char *model, unsigned int nr_cpus,
		       const struct costs *costs)
{
	struct harness_config config = {
		.model = model, .nr_cpus = nr_cpus, .hz = 100, .costs = costs
	};

	harness_start(&config);
	lock_init(&h.lock[0], type_named("mutex"), "mutex");
	lock_init(&h.lock[1], type_named("mutex"), "other");
	lock_init(&h.lock[RTMUTEX], type_named("rt_mutex"), "rt_mutex");
}

static void start(const char *model, unsigned int nr_cpus)
{
	start_with(model, nr_cpus, NULL);
}

static unsigned int fifo(const struct op *path, int prio, unsigned int cpu,
			 ktime_t begin)
{
	struct task_attr attr = { .comm = "fifo",
				  .policy = POLICY_FIFO,
				  .rt_priority = prio,
				  .entry = path,
				  .kthread = true };

	cpumask_set_cpu(&attr.cpus, cpu);
	return harness_add(&attr, begin);
}

static ktime_t spun(unsigned int cpu)
{
	return cpu_acct_time(&h.kernel->cpus[cpu].cpu, ACCT_SPIN);
}

static void finish(void)
{
	for (unsigned int i = 0; i <= RTMUTEX; i++) {
		ck_assert_ptr_null(h.lock[i].owner);
		ck_assert_ptr_null(h.lock[i].spinner);
		ck_assert(list_empty(&h.lock[i].waiters));
		ck_assert(list_empty(&h.lock[i].osq));
	}
	for (unsigned int i = 0; i < h.nr_tasks; i++) {
		ck_assert(!h.task[i].spins);
		ck_assert_ptr_null(h.task[i].waiter.lock);
	}
	for (unsigned int i = 0; i < h.kernel->config.nr_cpus; i++)
		ck_assert_ptr_null(h.kernel->cpus[i].rq.spun_for);
	harness_finish();
}

#define HOLD(i, ns) \
	LOCK(i, LOCK_PLAIN), NOTE('l'), RUN(ns), UNLOCK(i, LOCK_PLAIN)

static const struct op hold_100[] = { HOLD(0, 100 * US), NOTE('u'), DIE };
static const struct op hold_300[] = { HOLD(0, 300 * US), NOTE('u'), DIE };
static const struct op hold_10[] = { HOLD(0, 10 * US), NOTE('v'), DIE };
static const struct op run_100[] = { NOTE('o'), RUN(100 * US), NOTE('p'), DIE };

/*
 * A mutex
 */

/* Who spins takes it over without a switch, with preemption disabled. */
START_TEST(takes_over)
{
	start("full", 2);
	harness_kthread("a", hold_100, 0, 0);
	harness_kthread("b", hold_10, 1, 10 * US);
	harness_run(50 * US);
	ck_assert_uint_eq(preempt_count(&h.kernel->cpus[1]), 1);
	harness_run(900 * US);
	check_text("l0 u100 l100 v110");
	ck_assert_int_eq(spun(1), 90 * US);
	ck_assert_uint_eq(h.task[1].nvcsw, 1);
	ck_assert_uint_eq(h.task[1].nivcsw, 0);
	ck_assert_int_eq(h.kernel->cpus[1].preempt_off_max, 90 * US);
	finish();
}
END_TEST

/* The cache line takes its time. */
START_TEST(hand_over_costs)
{
	struct costs costs = { 0 };

	costs.price[COST_SPIN_HANDOFF] = 2 * US;
	start_with("full", 3, &costs);
	harness_kthread("a", hold_100, 0, 0);
	harness_kthread("b", hold_10, 1, 10 * US);
	harness_kthread("c", hold_10, 2, 20 * US);
	harness_run(900 * US);
	check_text("l0 u100 l102 v112 l114 v124");
	finish();
}
END_TEST

/* Not if it was told not to. */
START_TEST(switched_off)
{
	start("full", 2);
	h.kernel->features.owner_spin = false;
	harness_kthread("a", hold_100, 0, 0);
	harness_kthread("b", hold_10, 1, 10 * US);
	harness_run(900 * US);
	check_text("l0 u100 l100 v110");
	ck_assert_int_eq(spun(1), 0);
	ck_assert_uint_eq(h.task[1].nvcsw, 2);
	finish();
}
END_TEST

/* When the holder goes to sleep, so does who spins, and who comes then does not
 * begin to. */
START_TEST(holder_sleeps)
{
	static const struct op path[] = {
		LOCK(0, LOCK_PLAIN),   NOTE('l'), RUN(30 * US), SLEEP(50 * US),
		UNLOCK(0, LOCK_PLAIN), NOTE('u'), DIE,
	};

	start("none", 3);
	harness_kthread("a", path, 0, 0);
	harness_kthread("b", hold_10, 1, 10 * US);
	harness_kthread("o", run_100, 1, 20 * US);
	harness_kthread("c", hold_10, 2, 40 * US);
	harness_run(900 * US);
	check_text("l0 o30 u80 p130 l130 v140 l140 v150");
	ck_assert_int_eq(spun(1), 20 * US);
	ck_assert_int_eq(spun(2), 0);
	finish();
}
END_TEST

/* The same when it is preempted. */
START_TEST(holder_preempted)
{
	start("full", 2);
	harness_kthread("a", hold_100, 0, 0);
	harness_kthread("b", hold_10, 1, 10 * US);
	fifo(run_100, 1, 0, 50 * US);
	harness_run(900 * US);
	check_text("l0 o50 p150 u200 l200 v210");
	ck_assert_int_eq(spun(1), 40 * US);
	ck_assert_uint_eq(h.task[1].nvcsw, 2);
	finish();
}
END_TEST

static const char *const models[] = { "none", "voluntary", "full", "lazy" };

/* Who shall make way does so at once, in every model, before it queues: it finds
 * the mutex free when it comes back. */
START_TEST(makes_way)
{
	start(models[_i], 2);
	harness_kthread("a", hold_100, 0, 0);
	harness_kthread("b", hold_10, 1, 10 * US);
	fifo(run_100, 1, 1, 40 * US);
	harness_run(900 * US);
	check_text("l0 o40 u100 p140 l140 v150");
	ck_assert_int_eq(spun(1), 30 * US);
	ck_assert_uint_eq(h.task[1].nvcsw, 1);
	ck_assert_uint_eq(h.task[1].nivcsw, 1);
	finish();
}
END_TEST

/* Or it is still held: then it blocks. */
START_TEST(makes_way_and_blocks)
{
	start(models[_i], 2);
	harness_kthread("a", hold_300, 0, 0);
	harness_kthread("b", hold_10, 1, 10 * US);
	fifo(run_100, 1, 1, 40 * US);
	harness_run(900 * US);
	check_text("l0 o40 p140 u300 l300 v310");
	ck_assert_int_eq(spun(1), 30 * US);
	ck_assert_uint_eq(h.task[1].nvcsw, 2);
	finish();
}
END_TEST

/* An interrupt on the way does not end it. */
START_TEST(interrupted)
{
	static const struct op handler[] = { NOTE('i'), RUN(10 * US), RET };

	start("full", 2);
	harness_kthread("a", hold_100, 0, 0);
	harness_kthread("b", hold_10, 1, 10 * US);
	harness_irq_at(1, handler, 40 * US);
	harness_irq_at(1, handler, 95 * US);
	harness_run(900 * US);
	check_text("l0 i40 i95 u100 l105 v115");
	ck_assert_int_eq(spun(1), 75 * US);
	finish();
}
END_TEST

/* Who comes while another one is interrupted on his way is faster. */
START_TEST(stolen)
{
	static const struct op handler[] = { RUN(20 * US), RET };

	start("full", 3);
	harness_kthread("a", hold_100, 0, 0);
	harness_kthread("b", hold_10, 1, 10 * US);
	harness_kthread("c", hold_300, 2, 105 * US);
	harness_irq_at(1, handler, 90 * US);
	harness_run(900 * US);
	check_text("l0 u100 l105 u405 l405 v415");
	ck_assert_int_eq(spun(1), 375 * US);
	finish();
}
END_TEST

/* They stand in line. */
START_TEST(first_come_first_served)
{
	static const ktime_t begin[] = { 20, 40, 0, 30 };

	start("none", 4);
	for (unsigned int i = 0; i < 4; i++)
		harness_kthread("task", hold_100, i, begin[i] * US);
	harness_run(900 * US);
	check_text("l0 u100 l100 u200 l200 u300 l300 u400");
	ck_assert_int_eq(spun(2), 0);
	ck_assert_int_eq(spun(0), 80 * US);
	ck_assert_int_eq(spun(3), 170 * US);
	ck_assert_int_eq(spun(1), 260 * US);
	finish();
}
END_TEST

/* Who is not the first leaves the line, too, when it shall make way, and the
 * first leaves it to the next. */
START_TEST(leaves_the_line)
{
	start("none", 4);
	harness_kthread("a", hold_300, 0, 0);
	for (unsigned int i = 1; i < 4; i++)
		harness_kthread("b", hold_10, i, i * 10 * US);
	fifo(run_100, 1, 2, 50 * US);
	fifo(run_100, 1, 1, 60 * US);
	harness_run(900 * US);
	check_text("l0 o50 o60 p150 p160 u300 l300 v310 l310 v320 l320 v330");
	ck_assert_int_eq(spun(1), 50 * US);
	ck_assert_int_eq(spun(2), 40 * US); /* the last 10, woken in vain */
	ck_assert_int_eq(spun(3), 270 * US);
	finish();
}
END_TEST

/* Who was woken in vain spins, too, and is handed it before who stands in
 * line. */
START_TEST(first_waiter_spins)
{
	static const struct op path[] = {
		LOCK(0, LOCK_PLAIN),   NOTE('l'), SLEEP(50 * US),
		UNLOCK(0, LOCK_PLAIN), NOTE('u'), DIE,
	};
	struct costs costs = { 0 };

	costs.price[COST_CONTEXT_SWITCH] = 20 * US;
	start_with("none", 4, &costs);
	harness_kthread("a", path, 0, 0);	  /* 20 to 90 */
	harness_kthread("b", hold_10, 1, 5 * US); /* blocks; 110 */
	harness_kthread("c", hold_100, 2, 75 * US);
	harness_kthread("d", hold_100, 3, 90 * US);
	harness_run(900 * US);
	check_text("l20 u90 l95 u195 l195 v205 l205 u305");
	ck_assert_int_eq(spun(1), 85 * US);
	ck_assert_int_eq(spun(3), 95 * US);
	finish();
}
END_TEST

/* Who would wait for himself in the end does not spin, and so nobody does. */
START_TEST(deadlock)
{
	static const struct op a_b[] = { LOCK(0, LOCK_PLAIN), RUN(20 * US),
					 LOCK(1, LOCK_PLAIN), DIE };
	static const struct op b_a[] = { LOCK(1, LOCK_PLAIN), RUN(30 * US),
					 LOCK(0, LOCK_PLAIN), DIE };

	start("full", 2);
	h.warnings_expected = true;
	harness_kthread("a", a_b, 0, 0);
	harness_kthread("b", b_a, 1, 0);
	harness_run(900 * US);
	ck_assert_uint_eq(h.warnings, 1);
	ck_assert_str_eq(h.warned, "deadlock");
	ck_assert_int_eq(spun(0), 10 * US);
	ck_assert_int_eq(spun(1), 0);
	harness_finish();
}
END_TEST

/*
 * An rt_mutex
 */

static const struct op rt_hold_100[] = { HOLD(RTMUTEX, 100 * US), NOTE('u'),
					 DIE };
static const struct op rt_hold_10[] = { HOLD(RTMUTEX, 10 * US), NOTE('v'),
					DIE };

static const char *const all_models[] = { "none", "full", "rt" };

/* Only the most urgent waiter spins. */
START_TEST(top_waiter)
{
	start(all_models[_i], 3);
	fifo(rt_hold_100, 1, 0, 0);
	fifo(rt_hold_10, 10, 1, 10 * US);
	fifo(rt_hold_10, 20, 2, 30 * US);
	harness_run(900 * US);
	check_text("l0 u100 l100 v110 l110 v120");
	ck_assert_int_eq(spun(1), 20 * US);
	ck_assert_int_eq(spun(2), 70 * US);
	ck_assert_uint_eq(h.task[1].nvcsw, 2);
	ck_assert_uint_eq(h.task[2].nvcsw, 1);
	finish();
}
END_TEST

/* Who spins can be preempted, and goes on to spin then, where the kernel is
 * preemptible; elsewhere it sleeps when it shall make way. */
START_TEST(preempted)
{
	static const struct op run_20[] = { NOTE('o'), RUN(20 * US), DIE };
	bool goes_on = _i > 0;

	start(all_models[_i], 2);
	fifo(rt_hold_100, 1, 0, 0);
	fifo(rt_hold_10, 10, 1, 10 * US);
	fifo(run_20, 30, 1, 40 * US);
	harness_run(50 * US);
	ck_assert_uint_eq(h.task[1].on_rq, goes_on);
	harness_run(900 * US);
	check_text("l0 o40 u100 l100 v110");
	ck_assert_int_eq(spun(1), (goes_on ? 70 : 30) * US);
	ck_assert_uint_eq(h.task[1].nvcsw, goes_on ? 1 : 2);
	ck_assert_uint_eq(h.task[1].nivcsw, goes_on);
	finish();
}
END_TEST

/* Preemption stays enabled. */
START_TEST(stays_preemptible)
{
	start("rt", 2);
	fifo(rt_hold_100, 1, 0, 0);
	fifo(rt_hold_10, 10, 1, 10 * US);
	harness_run(50 * US);
	ck_assert_uint_eq(preempt_count(&h.kernel->cpus[1]), 0);
	ck_assert_uint_eq(h.task[1].state, TASK_UNINTERRUPTIBLE);
	ck_assert_int_eq(h.task[0].prio, h.task[1].prio);
	harness_run(900 * US);
	check_text("l0 u100 l100 v110");
	ck_assert_uint_eq(h.task[1].state, TASK_DEAD);
	finish();
}
END_TEST

/* It sleeps when the holder does, and a spinlock that sleeps is the same. */
START_TEST(rt_holder_leaves)
{
	static const struct op run_50[] = { RUN(50 * US), DIE };
	bool spinlock = _i;

	start("rt", 2);
	if (spinlock)
		lock_init(&h.lock[RTMUTEX],
			  lock_type_of(h.kernel, type_named("spinlock")),
			  "spinlock");
	fifo(rt_hold_100, 1, 0, 0);
	fifo(rt_hold_10, 10, 1, 10 * US);
	fifo(run_50, 20, 0, 50 * US);
	harness_run(900 * US);
	check_text("l0 u150 l150 v160");
	ck_assert_int_eq(spun(1), 40 * US);
	ck_assert_uint_eq(h.task[1].nvcsw, 2);
	finish();
}
END_TEST

static void add_rt(TCase *tc)
{
	tcase_add_loop_test(tc, top_waiter, 0, G_N_ELEMENTS(all_models));
	tcase_add_loop_test(tc, preempted, 0, G_N_ELEMENTS(all_models));
	tcase_add_test(tc, stays_preemptible);
	tcase_add_loop_test(tc, rt_holder_leaves, 0, 2);
}

int main(void)
{
	Suite *suite = suite_create("owner-spin");
	TCase *tc = tcase_create("owner-spin");

	tcase_add_test(tc, takes_over);
	tcase_add_test(tc, hand_over_costs);
	tcase_add_test(tc, switched_off);
	tcase_add_test(tc, holder_sleeps);
	tcase_add_test(tc, holder_preempted);
	tcase_add_loop_test(tc, makes_way, 0, G_N_ELEMENTS(models));
	tcase_add_loop_test(tc, makes_way_and_blocks, 0, G_N_ELEMENTS(models));
	tcase_add_test(tc, interrupted);
	tcase_add_test(tc, stolen);
	tcase_add_test(tc, first_come_first_served);
	tcase_add_test(tc, leaves_the_line);
	tcase_add_test(tc, first_waiter_spins);
	tcase_add_test(tc, deadlock);
	add_rt(tc);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
