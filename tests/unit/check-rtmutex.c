/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of priority inheritance: rt_mutexes, and what the scheduler makes of a
 * priority that is lent.
 */
#include <config.h>

#include "rtmutex-harness.h"

/* The priority of task number @i, as users count. */
static void tell_prio(struct cpu *cpu, const struct op *op)
{
	const struct task *task = &h.task[op->a.num];
	char what[16];

	snprintf(what, sizeof(what), "%d:", MAX_RT_PRIO - 1 - task->prio);
	harness_write(what, cpu->sim->now);
}

#define PRIO(i)                                 \
	{                                       \
		.exec = tell_prio, .a.num = (i) \
	}

/* The classic: who is in the middle does not delay the first. */
START_TEST(inheritance)
{
	static const struct op low[] = {
		PRIO(0), LOCK(0, LOCK_PLAIN),	RUN(40 * US),
		PRIO(0), UNLOCK(0, LOCK_PLAIN), PRIO(0),
		DIE,
	};
	static const struct op high[] = { NOTE('h'), HOLD(0, 10 * US),
					  NOTE('i'), DIE };

	start("full", 1);
	fifo("low", low, 10, 0, 0);
	fifo("high", high, 30, 0, 10 * US);
	fifo("middle", run_50, 20, 0, 5 * US);
	harness_run(900 * US);
	check_text("10:0 m5 h10 30:45 i55 n100 10:100");
	check_all_given_back();
	harness_finish();
}
END_TEST

/* Nice values do not count for the order, and who gets the lock is lent none by
 * who waits on. */
START_TEST(nice_waiters)
{
	static const struct op a[] = { HOLD(0, 100 * US), DIE };
	static const struct op b[] = { LOCK(0, LOCK_PLAIN), PRIO(1),
				       RUN(10 * US), UNLOCK(0, LOCK_PLAIN),
				       DIE };
	static const struct op c[] = { HOLD(0, 10 * US), NOTE('c'), DIE };
	struct task_attr attr = { .policy = POLICY_OTHER, .kthread = true };

	start("full", 3);
	attr.comm = "a";
	attr.entry = a;
	harness_add(&attr, 0);
	attr.comm = "b";
	attr.entry = b;
	harness_add(&attr, 10 * US);
	attr.comm = "c";
	attr.entry = c;
	attr.nice = -10;
	harness_add(&attr, 20 * US);
	harness_run(900 * US);
	check_text("-21:100 c120");
	check_all_given_back();
	harness_finish();
}
END_TEST

/*
 * A published exercise, a unit a millisecond, with the locks Q (0) and V (1):
 * a, priority 3, from 4 on: E Q V E; b, priority 2, from 2 on: E V V E E E;
 * c, priority 1, from 0 on: E Q Q Q E.
 */
static void gantt(const char *type)
{
	static const struct op a[] = { RUN(MS), HOLD(0, MS), HOLD(1, MS),
				       RUN(MS), DIE };
	static const struct op b[] = { RUN(MS), HOLD(1, 2 * MS), RUN(3 * MS),
				       DIE };
	static const struct op c[] = { RUN(MS), HOLD(0, 3 * MS), RUN(MS), DIE };

	start("full", 1);
	for (unsigned int i = 0; i < 2; i++)
		lock_init(&h.lock[i], type_named(type), type);
	fifo("a", a, 3, 0, 4 * MS);
	fifo("b", b, 2, 0, 2 * MS);
	fifo("c", c, 1, 0, 0);
	harness_log_switches();
	harness_run(20 * MS);
}

/* c has Q when a wants it, and b runs all that it has before c can go on. */
START_TEST(gantt_without_inheritance)
{
	gantt("mutex");
	check_text("c@0 b@2000 a@4000 b@5000 c@9000 a@11000 c@14000 "
		   "idle@15000");
	harness_finish();
}
END_TEST

/* c goes on at 5 in place of a, b at 8 for the rest of its V. */
START_TEST(gantt_with_inheritance)
{
	gantt("rt_mutex");
	check_text("c@0 b@2000 a@4000 c@5000 a@7000 b@8000 a@9000 b@11000 "
		   "c@14000 idle@15000");
	check_all_given_back();
	harness_finish();
}
END_TEST

/* a holds 0; b holds 1 and waits for 0; c holds 2 and waits for 1; d waits
 * for 2: its priority goes all the way down. */
START_TEST(chain)
{
	static const struct op a[] = {
		LOCK(0, LOCK_PLAIN),   RUN(50 * US), PRIO(0),
		UNLOCK(0, LOCK_PLAIN), PRIO(0),	     DIE
	};
	static const struct op b[] = {
		LOCK(1, LOCK_PLAIN),   HOLD(0, 10 * US), PRIO(1),
		UNLOCK(1, LOCK_PLAIN), PRIO(1),		 DIE
	};
	static const struct op c[] = {
		LOCK(2, LOCK_PLAIN),   HOLD(1, 10 * US), PRIO(2),
		UNLOCK(2, LOCK_PLAIN), PRIO(2),		 DIE
	};
	static const struct op d[] = { PRIO(0),		 PRIO(1),   PRIO(2),
				       HOLD(2, 10 * US), NOTE('d'), DIE };

	start("full", 1);
	fifo("a", a, 10, 0, 0);
	fifo("b", b, 20, 0, 10 * US);
	fifo("c", c, 30, 0, 20 * US);
	fifo("d", d, 40, 0, 30 * US);
	fifo("middle", run_50, 35, 0, 30 * US);
	harness_run(900 * US);
	check_text("30:30 30:30 30:30 40:50 40:60 40:70 d80 m80 n130 30:130 "
		   "20:130 10:130");
	check_all_given_back();
	harness_finish();
}
END_TEST

/* Waiters by priority, not by arrival; the same priority by arrival. */
START_TEST(order)
{
	static const struct op holder[] = { HOLD(0, 50 * US), DIE };
	static const struct op b[] = { HOLD(0, 10 * US), NOTE('b'), DIE };
	static const struct op c[] = { HOLD(0, 10 * US), NOTE('c'), DIE };
	static const struct op d[] = { HOLD(0, 10 * US), NOTE('d'), DIE };
	static const struct op e[] = { HOLD(0, 10 * US), NOTE('e'), DIE };

	start("full", 5);
	fifo("a", holder, 50, 0, 0);
	fifo("b", b, 10, 1, 10 * US);
	fifo("c", c, 20, 2, 20 * US);
	fifo("d", d, 20, 3, 30 * US);
	fifo("e", e, 30, 4, 40 * US);
	harness_run(900 * US);
	check_text("e60 c70 d80 b90");
	check_all_given_back();
	harness_finish();
}
END_TEST

/* Fair tasks are alike, whatever their nice values. */
START_TEST(fair_waiters_by_arrival)
{
	static const struct op holder[] = { HOLD(0, 50 * US), DIE };
	static const struct op b[] = { HOLD(0, 10 * US), NOTE('b'), DIE };
	static const struct op c[] = { HOLD(0, 10 * US), NOTE('c'), DIE };
	struct task_attr attr = { .comm = "c",
				  .policy = POLICY_OTHER,
				  .nice = -20,
				  .entry = c,
				  .kthread = true };

	start("full", 3);
	harness_kthread("a", holder, 0, 0);
	harness_kthread("b", b, 1, 10 * US);
	cpumask_set_cpu(&attr.cpus, 2);
	harness_add(&attr, 20 * US);
	harness_run(900 * US);
	check_text("b60 c70");
	check_all_given_back();
	harness_finish();
}
END_TEST

/* A fair holder is a real-time task for as long as one waits: no tick, no
 * other fair task and no real-time task of less priority gets in between. */
START_TEST(fair_holder)
{
	static const struct op low[] = { LOCK(0, LOCK_PLAIN),
					 RUN(30 * MS),
					 NOTE('u'),
					 UNLOCK(0, LOCK_PLAIN),
					 NOTE('v'),
					 RUN(US),
					 DIE };
	static const struct op high[] = { HOLD(0, MS), NOTE('h'), DIE };
	static const struct op hog[] = { RUN(100 * MS), NOTE('o'), DIE };
	unsigned int holder;

	start("full", 1);
	holder = harness_kthread("low", low, 0, 0);
	harness_kthread("hog", hog, 0, 2 * MS);
	fifo("high", high, 30, 0, 3 * MS);
	fifo("middle", run_50, 20, 0, 4 * MS);
	harness_run(20 * MS);
	ck_assert_ptr_eq(h.task[holder].sched_class, &sched_class_rt);
	ck_assert_uint_eq(h.kernel->cpus[0].rq.rt.nr_running, 2);
	ck_assert_uint_eq(h.kernel->cpus[0].rq.cfs.nr_running, 1);
	harness_run(200 * MS);
	ck_assert_ptr_eq(h.task[holder].sched_class, h.kernel->config.fair);
	check_text("u31000 h32000 m32000 n32050 v32050 o131051");
	check_all_given_back();
	harness_finish();
}
END_TEST

/* A holder that waits in another run queue is boosted there, and preempts. */
START_TEST(remote_holder)
{
	static const struct op low[] = { HOLD(0, 40 * US), DIE };
	static const struct op high[] = { HOLD(0, 10 * US), NOTE('h'), DIE };

	start("full", 2);
	fifo("low", low, 10, 0, 0);
	fifo("middle", run_50, 20, 0, 10 * US);
	fifo("high", high, 30, 1, 20 * US);
	harness_log_switches();
	harness_run(900 * US);
	check_text("low/0@0 middle/0@10 m10 high/1@20 low/0@20 idle/1@20 "
		   "high/1@50 middle/0@50 h60 idle/1@60 n90 low/0@90 "
		   "idle/0@90");
	check_all_given_back();
	harness_finish();
}
END_TEST

/* Who falls back goes before its equals: it did not ask for the priority. */
START_TEST(deboost_to_the_head)
{
	static const struct op low[] = { HOLD(0, 40 * US), NOTE('l'),
					 RUN(10 * US), NOTE('k'), DIE };
	static const struct op equal[] = { NOTE('e'), DIE };
	static const struct op high[] = { HOLD(0, 10 * US), NOTE('h'), DIE };

	start("full", 1);
	fifo("low", low, 10, 0, 0);
	fifo("equal", equal, 10, 0, 10 * US);
	fifo("high", high, 30, 0, 20 * US);
	harness_run(900 * US);
	check_text("h50 l50 k60 e60");
	check_all_given_back();
	harness_finish();
}
END_TEST

/* Between falling back and waking the first waiter nobody gets in: an interrupt
 * that comes in the midst of it wakes a task that has to wait for that. */
START_TEST(unlock_is_one_step)
{
	static const struct op low[] = { HOLD(0, 50 * US), DIE };
	static const struct op high[] = { HOLD(0, 10 * US), NOTE('h'), DIE };
	static const struct op middle[] = { NOTE('m'), RUN(50 * US), BLOCK };
	static const struct op wake_middle[] = { WAKE(2), RET };

	start("full", 1);
	fifo("low", low, 10, 0, 0);
	fifo("high", high, 30, 0, 10 * US);
	fifo("middle", middle, 20, 0, KTIME_MAX);
	harness_irq_at(0, wake_middle, 52 * US);
	harness_boot();
	harness_run(30 * US);
	h.kernel->config.costs.price[COST_WAKEUP] = 5 * US;
	harness_run(900 * US);
	check_text("h65 m65");
	check_all_given_back();
	harness_finish();
}
END_TEST

/* Who falls back may be less urgent now than what waits on another CPU. */
START_TEST(deboost_pulls)
{
	static const struct op low[] = { HOLD(0, 50 * US), NOTE('l'),
					 RUN(100 * US), NOTE('k'), DIE };
	static const struct op high[] = { HOLD(0, 10 * US), NOTE('h'), DIE };
	static const struct op middle[] = { NOTE('m'), RUN(10 * US), DIE };
	static const struct op busy[] = { RUN(100 * US), DIE };

	start("full", 2);
	fifo("low", low, 10, 1, 0);
	fifo("high", high, 40, 0, 10 * US);
	fifo("busy", busy, 50, 0, 20 * US);
	fifo("middle", middle, 30, -1, 30 * US);
	harness_run(900 * US);
	check_text("m50 l60 h130 k160");
	check_all_given_back();
	harness_finish();
}
END_TEST

/* Of two locks with waiters the more urgent counts, whoever came first, and the
 * other one still does when the first is given back. */
START_TEST(two_locks)
{
	static const struct op low[] = { LOCK(0, LOCK_PLAIN),
					 LOCK(1, LOCK_PLAIN),
					 RUN(40 * US),
					 PRIO(0),
					 UNLOCK(1, LOCK_PLAIN),
					 PRIO(0),
					 UNLOCK(0, LOCK_PLAIN),
					 PRIO(0),
					 DIE };
	static const struct op b[] = { HOLD(0, US), NOTE('b'), DIE };
	static const struct op c[] = { HOLD(1, US), NOTE('c'), DIE };

	start("full", 3);
	fifo("low", low, 10, 0, 0);
	fifo("b", b, 20, 1, (_i ? 20 : 10) * US);
	fifo("c", c, 30, 2, (_i ? 10 : 20) * US);
	harness_run(900 * US);
	check_text("30:40 20:40 10:40 c41 b41");
	check_all_given_back();
	harness_finish();
}
END_TEST

/* A free lock whose first waiter has been woken but has not run yet: a more
 * urgent task may take it, another may not. */
static const struct op steal_try[] = {
	RUN(50 * US), LOCK(0, LOCK_PLAIN),   NOTE('s'),
	RUN(10 * US), UNLOCK(0, LOCK_PLAIN), DIE
};

static void steal(int priority)
{
	static const struct op holder[] = { HOLD(0, 50 * US), DIE };
	static const struct op waiter[] = { HOLD(0, 10 * US), NOTE('w'), DIE };
	static const struct op busy[] = { RUN(40 * US), DIE };

	start("full", 3);
	fifo("holder", holder, 50, 0, 0);
	fifo("waiter", waiter, 20, 1, 10 * US);
	fifo("busy", busy, 90, 1, 40 * US);
	fifo("thief", steal_try, priority, 2, 10 * US);
	harness_run(900 * US);
}

START_TEST(stealing)
{
	steal(30);
	check_text("s60 w90");
	check_all_given_back();
	harness_finish();
	steal(20);
	check_text("w90 s90");
	check_all_given_back();
	harness_finish();
}
END_TEST

/* The same with a spinlock that sleeps: equals may pass each other, unless they
 * are real-time tasks, who could be passed for ever. */
static void steal_spinlock(enum policy policy)
{
	static const struct op holder[] = { HOLD(SPIN, 50 * US), DIE };
	static const struct op waiter[] = { HOLD(SPIN, 10 * US), NOTE('w'),
					    DIE };
	static const struct op busy[] = { RUN(40 * US), DIE };
	static const struct op thief[] = {
		RUN(50 * US), LOCK(SPIN, LOCK_PLAIN),	NOTE('s'),
		RUN(10 * US), UNLOCK(SPIN, LOCK_PLAIN), DIE
	};
	struct task_attr attr = { .comm = "equal",
				  .policy = policy,
				  .rt_priority = 20,
				  .kthread = true };

	start("rt", 3);
	fifo("holder", holder, 50, 0, 0);
	fifo("busy", busy, 90, 1, 40 * US);
	attr.entry = waiter;
	cpumask_set_cpu(&attr.cpus, 1);
	harness_add(&attr, 10 * US);
	attr.entry = thief;
	attr.cpus = (struct cpumask){ 0 };
	cpumask_set_cpu(&attr.cpus, 2);
	harness_add(&attr, 10 * US);
	harness_run(900 * US);
}

START_TEST(lateral_stealing)
{
	steal_spinlock(POLICY_OTHER);
	check_text("s60 w90");
	check_all_given_back();
	harness_finish();
	steal_spinlock(POLICY_FIFO);
	check_text("w90 s90");
	check_all_given_back();
	harness_finish();
}
END_TEST

/* b waits behind c until d lends it a priority: then it is before c. */
START_TEST(boosted_waiter_moves_up)
{
	static const struct op a[] = { HOLD(0, 50 * US), DIE };
	static const struct op b[] = { LOCK(1, LOCK_PLAIN), HOLD(0, 10 * US),
				       NOTE('b'), UNLOCK(1, LOCK_PLAIN), DIE };
	static const struct op c[] = { HOLD(0, 10 * US), NOTE('c'), DIE };
	static const struct op d[] = { HOLD(1, 10 * US), NOTE('d'), DIE };

	start("full", 4);
	fifo("a", a, 10, 0, 0);
	fifo("b", b, 20, 1, 10 * US);
	fifo("c", c, 30, 2, 20 * US);
	fifo("d", d, 40, 3, 30 * US);
	harness_run(900 * US);
	check_text("b60 d70 c70");
	check_all_given_back();
	harness_finish();
}
END_TEST

/* The same when the lock is free already, and c, which was woken for it, has
 * not come to run: b has to be woken, too, for c must not pass it now. */
START_TEST(boosted_waiter_of_a_free_lock)
{
	static const struct op a[] = { HOLD(0, 50 * US), DIE };
	static const struct op b[] = { LOCK(1, LOCK_PLAIN), HOLD(0, 10 * US),
				       NOTE('b'), UNLOCK(1, LOCK_PLAIN), DIE };
	static const struct op c[] = { HOLD(0, 10 * US), NOTE('c'), DIE };
	static const struct op d[] = { HOLD(1, 10 * US), NOTE('d'), DIE };
	static const struct op busy[] = { RUN(40 * US), DIE };

	start("full", 4);
	fifo("a", a, 10, 0, 0);
	fifo("b", b, 20, 1, 10 * US);
	fifo("c", c, 30, 2, 20 * US);
	fifo("busy", busy, 90, 2, 40 * US);
	fifo("d", d, 40, 3, 60 * US);
	harness_run(900 * US);
	check_text("b70 d80 c90");
	check_all_given_back();
	harness_finish();
}
END_TEST

START_TEST(deadlock_of_two)
{
	static const struct op a[] = { LOCK(0, LOCK_PLAIN), RUN(20 * US),
				       LOCK(1, LOCK_PLAIN), NOTE('a'), DIE };
	static const struct op b[] = { LOCK(1, LOCK_PLAIN), RUN(20 * US),
				       LOCK(0, LOCK_PLAIN), NOTE('b'), DIE };

	start("full", 2);
	h.warnings_expected = true;
	fifo("a", a, 10, 0, 0);
	fifo("b", b, 20, 1, 0);
	harness_run(5 * MS);
	ck_assert_uint_eq(h.warnings, 1);
	ck_assert_str_eq(h.warned, "deadlock");
	check_text("");
	harness_finish();
}
END_TEST

#define IN_CIRCLE(i, j)                                                 \
	{                                                               \
		LOCK(i, LOCK_PLAIN), RUN(20 * US), LOCK(j, LOCK_PLAIN), \
			NOTE('x'), DIE                                  \
	}

static const struct {
	const char *type, *model;
	bool lends;
} circles[] = {
	{ "rt_mutex", "full", true },
	{ "mutex", "full", false },
	{ "mutex", "rt", true },
	{ "spinlock", "rt", true },
};

/* Who would wait for himself waits, but in nobody's queue and without lending
 * anything, so that there never is a circle; who comes to it later lends along
 * all of it, and to its end.  cf. rt_mutex_handle_deadlock() */
static void check_circle(unsigned int circle, const struct op *const *path,
			 unsigned int n)
{
	static const struct op late[] = { HOLD(0, 10 * US), NOTE('l'), DIE };
	int prio;

	start(circles[circle].model, 4);
	h.warnings_expected = true;
	for (unsigned int i = 0; i < 3; i++)
		lock_init(&h.lock[i],
			  lock_type_of(h.kernel,
				       type_named(circles[circle].type)),
			  circles[circle].type);
	for (unsigned int i = 0; i < n; i++)
		fifo("x", path[i], 10 + (int)i, (int)i, i * 5 * US);
	fifo("late", late, 40, 3, 100 * US);
	harness_run(50 * US);
	ck_assert_ptr_null(h.task[n - 1].waiter.lock);
	for (unsigned int i = 0; i < n; i++) {
		ck_assert_int_eq(h.task[i].prio, h.task[i].normal_prio);
		ck_assert(i == n - 1 || h.task[i].waiter.lock);
	}
	harness_run(5 * MS);
	prio = h.task[n].prio;
	for (unsigned int i = 0; i < n; i++)
		ck_assert_int_eq(h.task[i].prio, circles[circle].lends ?
							 prio :
							 h.task[i].normal_prio);
	ck_assert_uint_eq(h.warnings, 1);
	ck_assert_str_eq(h.warned, "deadlock");
	check_text("");
	harness_finish();
}

START_TEST(who_waits_for_himself)
{
	static const struct op a[] = IN_CIRCLE(0, 1), b[] = IN_CIRCLE(1, 0),
			       c[] = IN_CIRCLE(1, 2), d[] = IN_CIRCLE(2, 0);
	static const struct op *const two[] = { a, b }, *const three[] = { a, c,
									   d };

	check_circle((unsigned int)_i, two, 2);
	check_circle((unsigned int)_i, three, 3);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("rtmutex");
	TCase *tc = tcase_create("rtmutex");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, inheritance);
	tcase_add_test(tc, nice_waiters);
	tcase_add_test(tc, gantt_without_inheritance);
	tcase_add_test(tc, gantt_with_inheritance);
	tcase_add_test(tc, chain);
	tcase_add_test(tc, order);
	tcase_add_test(tc, fair_waiters_by_arrival);
	tcase_add_test(tc, fair_holder);
	tcase_add_test(tc, remote_holder);
	tcase_add_test(tc, deboost_to_the_head);
	tcase_add_test(tc, unlock_is_one_step);
	tcase_add_test(tc, deboost_pulls);
	tcase_add_loop_test(tc, two_locks, 0, 2);
	tcase_add_test(tc, stealing);
	tcase_add_test(tc, lateral_stealing);
	tcase_add_test(tc, boosted_waiter_moves_up);
	tcase_add_test(tc, boosted_waiter_of_a_free_lock);
	tcase_add_test(tc, deadlock_of_two);
	tcase_add_loop_test(tc, who_waits_for_himself, 0,
			    G_N_ELEMENTS(circles));
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
