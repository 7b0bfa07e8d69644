/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of spinlocks that sleep, as they do under rt.
 */
#include <config.h>

#include "rtmutex-harness.h"

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

/* Inside the lock, or with bottom halves off, it may wait for spinlocks only. */
static const struct op sleeps_inside[][6] = {
	{ LOCK(SPIN, LOCK_PLAIN), DO(op_check_sleep), UNLOCK(SPIN, LOCK_PLAIN),
	  NOTE('u'), DIE },
	{ LOCK(SPIN, LOCK_PLAIN), CALL(cond_resched_path),
	  UNLOCK(SPIN, LOCK_PLAIN), NOTE('u'), DIE },
	{ DO(op_local_bh_disable), CALL(cond_resched_path),
	  DO(op_local_bh_enable), NOTE('u'), DIE },
};

START_TEST(sleeping_inside)
{
	start("rt", 1);
	h.warnings_expected = true;
	fifo("a", sleeps_inside[_i], 10, 0, 0);
	harness_run(900 * US);
	check_text("u0");
	ck_assert_uint_eq(h.warnings, 1);
	ck_assert_str_eq(h.warned, "sleeping_in_atomic");
	check_all_given_back();
	harness_finish();
}
END_TEST

static void resched_lock(struct cpu *cpu, const struct op *op)
{
	(void)op;
	cpu_push(cpu, cond_resched_lock_path, &h.lock[SPIN]);
}

/* cond_resched_lock() under it is in order, and keeps it from who waits: who is
 * more urgent has lent his priority.  Under two locks it is not. */
START_TEST(resched_lock_keeps_it)
{
	static const struct op holder[] = { LOCK(SPIN, LOCK_PLAIN),
					    RUN(20 * US),
					    DO(resched_lock),
					    RUN(20 * US),
					    UNLOCK(SPIN, LOCK_PLAIN),
					    NOTE('a'),
					    DIE };
	static const struct op two[] = {
		DO(op_local_bh_disable), LOCK(SPIN, LOCK_PLAIN),
		DO(resched_lock),	 UNLOCK(SPIN, LOCK_PLAIN),
		DO(op_local_bh_enable),	 DIE
	};
	static const struct op other[] = { HOLD(SPIN, 5 * US), NOTE('o'), DIE };

	start("rt", 2);
	h.warnings_expected = true;
	fifo("holder", holder, 10, 0, 0);
	fifo("other", other, 20, 1, 10 * US);
	fifo("two", two, 10, 0, 500 * US);
	harness_run(400 * US);
	check_text("a40 o45");
	ck_assert_uint_eq(h.warnings, 0);
	harness_run(900 * US);
	ck_assert_uint_eq(h.warnings, 1);
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
	return cpu_acct_time(&h.kernel->cpus[cpu].cpu, ACCT_SPIN);
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
	ck_assert_int_eq(spun(2), (38 + 22) * US); /* and the waiter */
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
	Suite *suite = suite_create("rt-spinlock");
	TCase *tc = tcase_create("rt-spinlock");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, holder_is_preemptible, 0, 2);
	tcase_add_test(tc, others_migrate);
	tcase_add_loop_test(tc, pinning_looks_who_asks, 0, G_N_ELEMENTS(asked));
	tcase_add_test(tc, full_spins);
	tcase_add_test(tc, spinlock_inherits);
	tcase_add_test(tc, state_is_saved);
	tcase_add_test(tc, sleeping_in_atomic);
	tcase_add_loop_test(tc, sleeping_inside, 0,
			    G_N_ELEMENTS(sleeps_inside));
	tcase_add_test(tc, resched_lock_keeps_it);
	tcase_add_test(tc, waiting_in_idle);
	tcase_add_test(tc, taking_in_idle);
	tcase_add_test(tc, spinning_behind_waiters);
	tcase_add_test(tc, waiting_over_a_waiter);
	tcase_add_test(tc, sharing_in_idle);
	tcase_add_test(tc, foreign_unlock);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
