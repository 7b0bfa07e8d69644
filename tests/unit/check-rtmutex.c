/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of priority inheritance: rt_mutexes, what the scheduler makes of a
 * priority that is lent, and spinlocks that sleep.  Locks 0 to 2 are
 * rt_mutexes, lock 3 a spinlock, which sleeps under rt.
 */
#include <config.h>

#include "kernel-harness.h"

#define SPIN 3

static const struct lock_type *type_named(const char *name)
{
	unsigned int i = 0;

	while (strcmp(lock_type(i)->name, name) != 0)
		i++;
	return lock_type(i);
}

static void start(const char *model, unsigned int nr_cpus)
{
	struct harness_config config = {
		.model = model,
		.nr_cpus = nr_cpus,
		.hz = 100,
	};

	harness_start(&config);
	for (unsigned int i = 0; i < 3; i++)
		lock_init(&h.lock[i], type_named("rt_mutex"), "rt_mutex");
	lock_init(&h.lock[SPIN], lock_type_of(h.kernel, type_named("spinlock")),
		  "spinlock");
}

static unsigned int fifo(const char *comm, const struct op *path, int prio,
			 int cpu, ktime_t begin)
{
	struct task_attr attr = { .comm = comm,
				  .policy = POLICY_FIFO,
				  .rt_priority = prio,
				  .entry = path,
				  .kthread = true };

	if (cpu >= 0)
		cpumask_set_cpu(&attr.cpus, (unsigned int)cpu);
	return harness_add(&attr, begin);
}

static void check_all_given_back(void)
{
	for (unsigned int i = 0; i < HARNESS_LOCKS; i++) {
		ck_assert_ptr_null(h.lock[i].owner);
		ck_assert(list_empty(&h.lock[i].waiters));
		ck_assert_int_eq(h.lock[i].boost, MAX_PRIO);
	}
	for (unsigned int i = 0; i < h.nr_tasks; i++) {
		ck_assert_int_eq(h.task[i].prio, h.task[i].normal_prio);
		ck_assert(list_empty(&h.task[i].boosting));
		ck_assert_ptr_null(h.task[i].waiter.lock);
		ck_assert_uint_eq(h.task[i].migration_disabled, 0);
	}
}

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

/* Ten, held by the first; what others do meanwhile. */
#define HOLD(i, ns) LOCK(i, LOCK_PLAIN), RUN(ns), UNLOCK(i, LOCK_PLAIN)

static const struct op run_50[] = { NOTE('m'), RUN(50 * US), NOTE('n'), DIE };

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
	check_text("30:40 20:40 10:40 b41 c41");
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

/*
 * Spinlocks that sleep
 */

/* The holder can be preempted, and stays where it is, though another CPU has
 * nothing to do and looks for it. */
START_TEST(holder_is_preemptible)
{
	static const struct op other[] = { RUN(30 * US), DIE };
	static const struct op low[] = {
		LOCK(SPIN, LOCK_IRQ),	WORD,	   RUN(40 * US),
		UNLOCK(SPIN, LOCK_IRQ), NOTE('u'), DIE
	};
	static const struct op irq[] = { NOTE('i'), RET };
	static const struct op high[] = { NOTE('h'), RUN(50 * US), NOTE('g'),
					  DIE };
	struct task_attr attr = { .comm = "low",
				  .policy = _i ? POLICY_OTHER : POLICY_FIFO,
				  .rt_priority = 10,
				  .entry = low,
				  .kthread = true };

	start("rt", 2);
	harness_add(&attr, 0);
	fifo("high", high, 20, 0, 20 * US);
	fifo("other", other, 5, 1, 0);
	harness_irq_at(0, irq, 10 * US);
	harness_run(900 * US);
	check_text("80000000 i10 h20 g70 u90");
	ck_assert_uint_eq(h.task[0].nr_migrations, 0);
	check_all_given_back();
	harness_finish();
}
END_TEST

/* Without the lock it goes elsewhere when it is preempted. */
START_TEST(others_migrate)
{
	static const struct op low[] = { RUN(40 * US), NOTE('u'), DIE };
	static const struct op high[] = { RUN(50 * US), DIE };

	start("rt", 2);
	fifo("low", low, 10, -1, 0);
	fifo("high", high, 20, 0, 20 * US);
	harness_run(900 * US);
	check_text("u40");
	ck_assert_uint_eq(h.task[0].nr_migrations, 1);
	harness_finish();
}
END_TEST

/* Taking the lock pins the task, giving it back ends that: either looks whether
 * somebody asks, as preempt_enable() does in migrate_disable().  So does
 * local_bh_disable(). */
static const struct op asked_at_a_lock[] = { DO(op_local_irq_disable),
					     WAKE(0),
					     DO(op_local_irq_enable),
					     LOCK(SPIN, LOCK_PLAIN),
					     NOTE('l'),
					     UNLOCK(SPIN, LOCK_PLAIN),
					     DIE };
static const struct op asked_under_a_lock[] = { LOCK(SPIN, LOCK_PLAIN),
						DO(op_local_irq_disable),
						WAKE(0),
						DO(op_local_irq_enable),
						NOTE('l'),
						UNLOCK(SPIN, LOCK_PLAIN),
						NOTE('u'),
						DIE };
static const struct op asked_at_bh_disable[] = { DO(op_local_irq_disable),
						 WAKE(0),
						 DO(op_local_irq_enable),
						 DO(op_local_bh_disable),
						 NOTE('l'),
						 DO(op_local_bh_enable),
						 DIE };
static const struct {
	const struct op *path;
	const char *text;
} asked[] = {
	{ asked_at_a_lock, "h10 l10" },
	{ asked_under_a_lock, "l10 h10 u10" },
	{ asked_at_bh_disable, "h10 l10" },
};

START_TEST(pinning_looks_who_asks)
{
	static const struct op high[] = { NOTE('h'), BLOCK, AGAIN(high) };

	start("rt", 2);
	fifo("high", high, 20, 0, KTIME_MAX);
	fifo("low", asked[_i].path, 10, 0, 10 * US);
	harness_run(900 * US);
	check_text(asked[_i].text);
	harness_finish();
}
END_TEST

/* The other models' spinlock is none of that. */
START_TEST(full_spins)
{
	static const struct op low[] = {
		LOCK(SPIN, LOCK_IRQ),	WORD,	   RUN(40 * US),
		UNLOCK(SPIN, LOCK_IRQ), NOTE('u'), DIE
	};
	static const struct op irq[] = { NOTE('i'), RET };

	start("full", 1);
	fifo("low", low, 10, -1, 0);
	harness_irq_at(0, irq, 10 * US);
	harness_run(900 * US);
	check_text("80000001 i40 u40");
	harness_finish();
}
END_TEST

/* A waiter lends its priority to the holder of a spinlock. */
START_TEST(spinlock_inherits)
{
	static const struct op low[] = { HOLD(SPIN, 40 * US), NOTE('l'), DIE };
	static const struct op high[] = { HOLD(SPIN, 10 * US), NOTE('h'), DIE };

	start("rt", 1);
	fifo("low", low, 10, 0, 0);
	fifo("middle", run_50, 20, 0, 10 * US);
	fifo("high", high, 30, 0, 20 * US);
	harness_run(900 * US);
	check_text("m10 h60 n100 l100");
	check_all_given_back();
	harness_finish();
}
END_TEST

static void tell_state(struct cpu *cpu, const struct op *op)
{
	char what[16];

	(void)op;
	snprintf(what, sizeof(what),
		 "state%u:", current_task(to_kcpu(cpu))->state);
	harness_write(what, cpu->sim->now);
}

/* Waiting for a spinlock is not what the task said that it would do: it goes
 * to sleep after it, unless what it wants to sleep for came meanwhile. */
static void saved_state(ktime_t wake)
{
	static const struct op holder[] = { HOLD(SPIN, 50 * US), DIE };
	static const struct op sleeper[] = {
		SET_STATE(TASK_INTERRUPTIBLE),
		LOCK(SPIN, LOCK_PLAIN),
		DO(tell_state),
		UNLOCK(SPIN, LOCK_PLAIN),
		CALL(schedule_path),
		NOTE('w'),
		DIE,
	};
	static const struct op waker[] = { WAKE(1), DIE };

	start("rt", 3);
	fifo("holder", holder, 10, 0, 0);
	fifo("sleeper", sleeper, 10, 1, 10 * US);
	fifo("waker", waker, 10, 2, wake);
	harness_run(900 * US);
}

START_TEST(state_is_saved)
{
	saved_state(100 * US);
	check_text("state1:50 w100");
	check_all_given_back();
	harness_finish();
	saved_state(30 * US);
	check_text("state0:50 w50");
	check_all_given_back();
	harness_finish();
}
END_TEST

/* Where it must not sleep, it says so, once a second, and goes on. */
START_TEST(sleeping_in_atomic)
{
	static const struct op irqs[] = {
		DO(op_local_irq_disable), LOCK(SPIN, LOCK_PLAIN),  NOTE('l'),
		UNLOCK(SPIN, LOCK_PLAIN), DO(op_local_irq_enable), DIE
	};
	static const struct op preempt[] = {
		DO(op_preempt_disable),	  LOCK(SPIN, LOCK_PLAIN), NOTE('l'),
		UNLOCK(SPIN, LOCK_PLAIN), DO(op_preempt_enable),  DIE
	};

	start("rt", 1);
	h.warnings_expected = true;
	fifo("a", irqs, 10, 0, 0);
	fifo("b", preempt, 10, 0, 10 * US);
	fifo("c", preempt, 10, 0, 1001 * MS);
	harness_run(1002 * MS);
	check_text("l0 l10 l1001000");
	ck_assert_uint_eq(h.warnings, 2);
	ck_assert_str_eq(h.warned, "sleeping_in_atomic");
	check_all_given_back();
	harness_finish();
}
END_TEST

/* Under rt lock 2 is one of these, too, and lock 1 a rwlock. */
#define SPIN2 2
#define RW 1

static void start_spinning(unsigned int nr_cpus, const struct costs *costs)
{
	struct harness_config config = {
		.model = "rt",
		.nr_cpus = nr_cpus,
		.hz = 100,
		.costs = costs,
	};

	harness_start(&config);
	for (unsigned int i = 0; i < HARNESS_LOCKS; i++)
		lock_init(&h.lock[i],
			  lock_type_of(
				  h.kernel,
				  type_named(i == RW ? "rwlock" : "spinlock")),
			  "spinlock");
	h.warnings_expected = true;
}

static void read_lock(struct cpu *cpu, const struct op *op)
{
	const struct lock_type *type = h.lock[RW].type;

	cpu_push(cpu, op->a.num ? type->read_lock[0] : type->read_unlock[0],
		 &h.lock[RW]);
}

#define READ(ns)                                    \
	{ .exec = read_lock, .a.num = 1 }, RUN(ns), \
	{                                           \
		.exec = read_lock                   \
	}

static const struct op waiting_irq[] = { LOCK(SPIN, LOCK_PLAIN), NOTE('i'),
					 RUN(10 * US), UNLOCK(SPIN, LOCK_PLAIN),
					 RET };

static ktime_t spun(unsigned int cpu)
{
	return h.kernel->cpus[cpu].cpu.acct_time[ACCT_SPIN];
}

/* A handler over the idle task, which cannot sleep: it is told twice, that it
 * might and that it has to, and spins until somebody gives the lock back, to
 * the nanosecond. */
START_TEST(waiting_in_idle)
{
	static const struct op holder[] = { HOLD(SPIN, 50 * US + 1), NOTE('a'),
					    DIE };
	static const struct op other[] = { HOLD(SPIN, 10 * US), NOTE('o'),
					   DIE };

	start_spinning(2, NULL);
	fifo("holder", holder, 10, 0, 0);
	fifo("other", other, 10, 0, 55 * US);
	harness_irq_at(1, waiting_irq, 10 * US);
	harness_run(900 * US);
	check_text("a50.001 i50.001 o70.001");
	ck_assert_uint_eq(h.warnings, 2);
	ck_assert_str_eq(h.warned, "scheduling_while_atomic");
	ck_assert_int_eq(spun(1), 40 * US + 1);
	check_all_given_back();
	harness_finish();
}
END_TEST

/* Free, it is told all the same that it may not be. */
START_TEST(taking_in_idle)
{
	start_spinning(2, NULL);
	harness_irq_at(1, waiting_irq, 10 * US);
	harness_run(900 * US);
	check_text("i10");
	ck_assert_uint_eq(h.warnings, 1);
	ck_assert_str_eq(h.warned, "sleeping_in_atomic");
	check_all_given_back();
	harness_finish();
}
END_TEST

/* Who waits in a queue goes first; a handler that spins looks after each. */
START_TEST(spinning_behind_waiters)
{
	static const struct op holder[] = { HOLD(SPIN, 50 * US), NOTE('a'),
					    DIE };
	static const struct op other[] = { HOLD(SPIN, 10 * US), NOTE('o'),
					   DIE };

	start_spinning(2, NULL);
	fifo("holder", holder, 10, 0, 0);
	fifo("other", other, 11, 0, 20 * US);
	harness_irq_at(1, waiting_irq, 10 * US);
	harness_run(900 * US);
	check_text("o60 i60 a60");
	check_all_given_back();
	harness_finish();
}
END_TEST

/* A handler over a task that is about to wait in another lock's queue: it can
 * be in one at a time. */
START_TEST(waiting_over_a_waiter)
{
	static const struct op first[] = { HOLD(SPIN, 50 * US), NOTE('a'),
					   DIE };
	static const struct op second[] = { HOLD(SPIN2, 80 * US), NOTE('b'),
					    DIE };
	static const struct op waiter[] = { HOLD(SPIN2, 10 * US), NOTE('w'),
					    DIE };
	struct costs costs = { .price[COST_PI_BOOST] = 4 * US };

	start_spinning(3, &costs);
	fifo("first", first, 10, 0, 0);
	fifo("second", second, 10, 1, 0);
	fifo("waiter", waiter, 20, 2, 10 * US);
	harness_irq_at(2, waiting_irq, 12 * US);
	harness_run(900 * US);
	check_text("a50 i50 b84 w94");
	ck_assert_int_eq(spun(2), 38 * US);
	check_all_given_back();
	harness_finish();
}
END_TEST

/* Readers and the writer that waits for them, in handlers over idle CPUs. */
START_TEST(sharing_in_idle)
{
	static const struct op reader[] = { READ(30 * US), NOTE('r'), DIE };
	static const struct op writer[] = { LOCK(RW, LOCK_PLAIN), NOTE('w'),
					    RUN(20 * US),
					    UNLOCK(RW, LOCK_PLAIN), RET };
	static const struct op late[] = { READ(5 * US), NOTE('l'), RET };

	start_spinning(3, NULL);
	fifo("reader", reader, 10, 0, 0);
	harness_irq_at(1, writer, 10 * US);
	harness_irq_at(2, late, 35 * US);
	harness_run(900 * US);
	check_text("r30 w30 l55");
	ck_assert_int_eq(spun(1), 20 * US);
	ck_assert_int_eq(spun(2), 15 * US);
	check_all_given_back();
	harness_finish();
}
END_TEST

START_TEST(foreign_unlock)
{
	static const struct op a[] = { HOLD(SPIN, 40 * US), NOTE('a'), DIE };
	static const struct op b[] = { UNLOCK(SPIN, LOCK_PLAIN),
				       UNLOCK(0, LOCK_PLAIN), NOTE('b'), DIE };

	start("rt", 2);
	h.warnings_expected = true;
	fifo("a", a, 10, 0, 0);
	fifo("b", b, 10, 1, 10 * US);
	harness_run(900 * US);
	check_text("b10 a40");
	ck_assert_uint_eq(h.warnings, 2);
	ck_assert_str_eq(h.warned, "bad_unlock");
	check_all_given_back();
	harness_finish();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("rtmutex");
	TCase *tc = tcase_create("rtmutex");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, inheritance);
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
	tcase_add_loop_test(tc, holder_is_preemptible, 0, 2);
	tcase_add_test(tc, others_migrate);
	tcase_add_loop_test(tc, pinning_looks_who_asks, 0, G_N_ELEMENTS(asked));
	tcase_add_test(tc, full_spins);
	tcase_add_test(tc, spinlock_inherits);
	tcase_add_test(tc, state_is_saved);
	tcase_add_test(tc, sleeping_in_atomic);
	tcase_add_test(tc, waiting_in_idle);
	tcase_add_test(tc, taking_in_idle);
	tcase_add_test(tc, spinning_behind_waiters);
	tcase_add_test(tc, waiting_over_a_waiter);
	tcase_add_test(tc, sharing_in_idle);
	tcase_add_test(tc, foreign_unlock);
	suite_add_tcase(suite, tc);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
