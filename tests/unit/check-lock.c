/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of spinlocks and mutexes.  Lock 0 is a spinlock, lock 1 a mutex.
 */
#include <config.h>

#include "kernel-harness.h"

#define MUTEX 1

static const struct op word[] = { WORD, RET };

/* Waits and holds, in order, in microseconds. */
static ktime_t waited[32], held[32];
static unsigned int nr_waited, nr_held, nr_contended;

static void told_acquire(void *data, const struct trace_record *record)
{
	(void)data;
	ck_assert_uint_lt(nr_waited, 32);
	nr_contended += record->b != 0;
	waited[nr_waited++] = record->a / US;
}

static void told_release(void *data, const struct trace_record *record)
{
	(void)data;
	ck_assert_uint_lt(nr_held, 32);
	held[nr_held++] = record->a / US;
}

static void start(unsigned int nr_cpus)
{
	struct harness_config config = { .nr_cpus = nr_cpus };

	harness_start(&config);
	lock_init(&h.lock[0], type_named("spinlock"), "spin");
	lock_init(&h.lock[MUTEX], type_named("mutex"), "mutex");
	nr_waited = nr_held = nr_contended = 0;
	tracer_listen(&h.sim.tracer, TP_lock_acquire, told_acquire, NULL);
	tracer_listen(&h.sim.tracer, TP_lock_release, told_release, NULL);
}

static ktime_t spun(unsigned int cpu)
{
	return cpu_acct_time(&h.kernel->cpus[cpu].cpu, ACCT_SPIN);
}

static void check_free(unsigned int i)
{
	ck_assert_ptr_null(h.lock[i].owner);
	ck_assert_ptr_null(h.lock[i].owner_cpu);
	ck_assert(list_empty(&h.lock[i].waiters));
}

static uint32_t count_of(unsigned int cpu)
{
	return preempt_count(&h.kernel->cpus[cpu]);
}

START_TEST(types)
{
	ck_assert_str_eq(lock_type_choice(0)->name, "spinlock");
	ck_assert(!type_named("spinlock")->sleeps);
	ck_assert(!type_named("raw_spinlock")->sleeps);
	ck_assert(type_named("mutex")->sleeps);
	for (unsigned int i = 0; i < NR_LOCK_MODES; i++) {
		ck_assert_ptr_nonnull(type_named("spinlock")->lock[i]);
		ck_assert_ptr_nonnull(type_named("spinlock")->unlock[i]);
	}
	ck_assert_ptr_null(type_named("mutex")->lock[LOCK_IRQSAVE]);
	ck_assert_ptr_null(type_named("spinlock")->user_lock);
}
END_TEST

/*
 * Spinlocks
 */

START_TEST(uncontended)
{
	static const struct op path[] = {
		LOCK(0, LOCK_PLAIN),   RUN(30 * US), NOTE('a'),
		UNLOCK(0, LOCK_PLAIN), RUN(10 * US), DIE,
	};

	start(1);
	harness_kthread("a", path, 0, 0);
	harness_run(900 * US);
	ck_assert_uint_eq(nr_waited, 1);
	ck_assert_int_eq(waited[0], 0);
	ck_assert_int_eq(held[0], 30);
	ck_assert_uint_eq(nr_contended, 0);
	ck_assert_int_eq(spun(0), 0);
	check_free(0);
	harness_finish();
}
END_TEST

static const struct op contend[] = {
	LOCK(0, LOCK_PLAIN),   NOTE('l'), RUN(100 * US),
	UNLOCK(0, LOCK_PLAIN), NOTE('u'), DIE,
};

/* Four CPUs get it in the order in which they came. */
START_TEST(first_come_first_served)
{
	static const ktime_t begin[] = { 20, 40, 10, 30 };
	static const ktime_t wait[] = { 0, 90, 180, 270 };

	start(4);
	for (unsigned int i = 0; i < 4; i++)
		harness_kthread("task", contend, i, begin[i] * US);
	harness_run(900 * US);
	check_text("l10 u110 l110 u210 l210 u310 l310 u410");
	ck_assert_uint_eq(nr_contended, 3);
	for (unsigned int i = 0; i < 4; i++) {
		ck_assert_int_eq(waited[i], wait[i]);
		ck_assert_int_eq(held[i], 100);
	}
	ck_assert_int_eq(spun(2), 0);
	ck_assert_int_eq(spun(0), 90 * US);
	ck_assert_int_eq(spun(3), 180 * US);
	ck_assert_int_eq(spun(1), 270 * US);
	check_free(0);
	harness_finish();
}
END_TEST

/* Many rounds: nobody is passed over. */
START_TEST(many_rounds)
{
	static const struct op round[] = {
		LOCK(0, LOCK_PLAIN),
		RUN(10 * US),
		UNLOCK(0, LOCK_PLAIN),
		AGAIN(round),
	};
	struct harness_config config = { .nr_cpus = 3, .hz = 100 };
	ktime_t spin = 0;

	harness_start(&config);
	lock_init(&h.lock[0], type_named("raw_spinlock"), "raw");
	for (unsigned int i = 0; i < 3; i++)
		harness_kthread("task", round, i, 0);
	harness_run(9 * MS);
	for (unsigned int i = 0; i < 3; i++) {
		ck_assert_int_ge(spun(i), 5960 * US);
		ck_assert_int_le(spun(i), 6000 * US);
		spin += spun(i);
	}
	ck_assert_int_ge(spin, 17970 * US);
	harness_finish();
}
END_TEST

/* A spinner has preemption off, and interrupts on. */
START_TEST(spinning_context)
{
	start(2);
	harness_kthread("a", contend, 0, 0);
	harness_kthread("b", contend, 1, 10 * US);
	harness_irq_at(1, word, 50 * US);
	harness_irq_at(1, word, 150 * US);
	harness_run(900 * US);
	check_text("l0 80010001 u100 l100 80010001 u200");
	harness_finish();
}
END_TEST

static const struct op irq_20[] = { NOTE('i'), RUN(20 * US), RET };

/* Granted while an interrupt covers the spinner: it has it, and uses it when
 * the interrupt is over. */
START_TEST(granted_under_an_interrupt)
{
	start(2);
	harness_kthread("a", contend, 0, 0);
	harness_kthread("b", contend, 1, 10 * US);
	harness_irq_at(1, irq_20, 90 * US);
	harness_run(900 * US);
	check_text("l0 i90 u100 l110 u210");
	ck_assert_int_eq(waited[1], 100);
	ck_assert_int_eq(held[1], 100);
	ck_assert_int_eq(spun(1), 80 * US);
	harness_finish();
}
END_TEST

/* With interrupts off they wait for the end of it all. */
START_TEST(irqsave_spinner)
{
	static const struct op path[] = {
		LOCK(0, LOCK_IRQSAVE),	 NOTE('l'), RUN(100 * US), NOTE('u'),
		UNLOCK(0, LOCK_IRQSAVE), NOTE('e'), DIE,
	};

	start(2);
	harness_kthread("a", path, 0, 0);
	harness_kthread("b", path, 1, 10 * US);
	harness_irq_at(1, irq_20, 50 * US);
	harness_run(900 * US);
	check_text("l0 u100 e100 l100 u200 i200 e220");
	harness_finish();
}
END_TEST

static void irqs(struct cpu *cpu, const struct op *op)
{
	(void)op;
	harness_write(cpu_irqs_on(cpu) ? "+" : "-", cpu->sim->now);
}

#define IRQS DO(irqs)

START_TEST(irqsave_restores)
{
	static const struct op path[] = {
		IRQS,
		LOCK(0, LOCK_IRQSAVE),
		IRQS,
		WORD,
		RUN(US),
		UNLOCK(0, LOCK_IRQSAVE),
		IRQS,
		WORD,
		DO(op_local_irq_disable),
		LOCK(0, LOCK_IRQSAVE),
		IRQS,
		UNLOCK(0, LOCK_IRQSAVE),
		IRQS,
		DO(op_local_irq_enable),
		IRQS,
		DIE,
	};

	start(1);
	harness_kthread("a", path, 0, 0);
	harness_run(900 * US);
	check_text("+0 -0 80000001 +1 80000000 -1 -1 +1");
	check_free(0);
	harness_finish();
}
END_TEST

/* The flag is the holder's own, also when another CPU had it before with
 * interrupts as they were there. */
START_TEST(irqsave_of_two)
{
	static const struct op open[] = {
		LOCK(0, LOCK_IRQSAVE),
		RUN(50 * US),
		UNLOCK(0, LOCK_IRQSAVE),
		IRQS,
		DIE,
	};
	static const struct op closed[] = {
		DO(op_local_irq_disable),
		LOCK(0, LOCK_IRQSAVE),
		RUN(50 * US),
		UNLOCK(0, LOCK_IRQSAVE),
		IRQS,
		DO(op_local_irq_enable),
		DIE,
	};

	start(3);
	harness_kthread("a", open, 0, 0);
	harness_kthread("b", closed, 1, 10 * US);
	harness_kthread("c", open, 2, 20 * US);
	harness_run(900 * US);
	check_text("+50 -100 +150");
	harness_finish();
}
END_TEST

static const struct op raise_net[] = { RAISE(NET_RX_SOFTIRQ), RET };
static const struct op softirq[] = { NOTE('s'), RET };

/* Softirqs wait for spin_unlock_bh(). */
START_TEST(bh)
{
	static const struct op path[] = {
		LOCK(0, LOCK_BH),   WORD,      RUN(100 * US), NOTE('u'),
		UNLOCK(0, LOCK_BH), NOTE('e'), WORD,	      DIE,
	};

	start(1);
	h.softirq[NET_RX_SOFTIRQ] = softirq;
	harness_kthread("a", path, 0, 0);
	harness_irq_at(0, raise_net, 50 * US);
	harness_run(900 * US);
	check_text("80000201 u100 s100 e100 80000000");
	harness_finish();
}
END_TEST

START_TEST(two_locks)
{
	static const struct op path[] = {
		LOCK(0, LOCK_PLAIN),
		RUN(10 * US),
		LOCK(2, LOCK_PLAIN),
		WORD,
		RUN(10 * US),
		UNLOCK(2, LOCK_PLAIN),
		WORD,
		RUN(10 * US),
		UNLOCK(0, LOCK_PLAIN),
		WORD,
		DIE,
	};

	start(1);
	harness_kthread("a", path, 0, 0);
	harness_run(900 * US);
	check_text("80000002 80000001 80000000");
	ck_assert_int_eq(held[0], 10);
	ck_assert_int_eq(held[1], 30);
	harness_finish();
}
END_TEST

static const struct op irq_lock[] = {
	LOCK(2, LOCK_PLAIN), NOTE('i'), RUN(5 * US), UNLOCK(2, LOCK_PLAIN), RET,
};

/* A spinner's interrupt spins for another lock. */
START_TEST(nested_spinning)
{
	static const struct op other[] = {
		LOCK(2, LOCK_PLAIN),
		RUN(80 * US),
		UNLOCK(2, LOCK_PLAIN),
		DIE,
	};

	start(3);
	harness_kthread("a", contend, 0, 0);
	harness_kthread("b", contend, 1, 10 * US);
	harness_kthread("c", other, 2, 0);
	harness_irq_at(1, irq_lock, 50 * US);
	harness_run(900 * US);
	check_text("l0 i80 u100 l100 u200");
	ck_assert_int_eq(spun(1), (40 + 30 + 15) * US);
	check_free(0);
	check_free(2);
	harness_finish();
}
END_TEST

START_TEST(recursion)
{
	static const struct op path[] = {
		LOCK(0, LOCK_PLAIN), NOTE('a'), LOCK(0, LOCK_PLAIN),
		NOTE('b'),	     DIE,
	};

	start(1);
	h.warnings_expected = true;
	harness_kthread("a", path, 0, 0);
	harness_run(5 * MS);
	ck_assert_uint_eq(h.warnings, 1);
	ck_assert_str_eq(h.warned, "deadlock");
	check_text("a0");
	harness_finish();
}
END_TEST

START_TEST(foreign_unlock)
{
	static const struct op path[] = {
		RUN(50 * US),
		UNLOCK(0, LOCK_PLAIN),
		NOTE('e'),
		DIE,
	};

	start(2);
	h.warnings_expected = true;
	harness_kthread("a", contend, 0, 0);
	harness_kthread("b", path, 1, 0);
	harness_run(5 * MS);
	ck_assert_uint_ge(h.warnings, 1);
	check_text("l0 e50 u100");
	ck_assert_int_eq(held[0], 100);
	check_free(0);
	ck_assert_uint_eq(count_of(0), 1); /* idle's own */
	harness_finish();
}
END_TEST

/*
 * Mutexes
 */

static const struct op mutex_100[] = {
	LOCK(MUTEX, LOCK_PLAIN),   NOTE('l'), RUN(100 * US),
	UNLOCK(MUTEX, LOCK_PLAIN), NOTE('u'), DIE,
};

START_TEST(mutex_blocks)
{
	static const struct op other[] = { RUN(60 * US), NOTE('o'), DIE };

	start(2);
	h.kernel->features.owner_spin = false;
	harness_kthread("a", mutex_100, 0, 0);
	harness_kthread("b", mutex_100, 1, 10 * US);
	harness_kthread("o", other, 1, 20 * US);
	harness_run(900 * US);
	check_text("l0 o80 u100 l100 u200");
	ck_assert_int_eq(waited[1], 90);
	ck_assert_int_eq(spun(1), 0);
	ck_assert_uint_eq(h.task[1].nvcsw, 2);
	check_free(MUTEX);
	harness_finish();
}
END_TEST

START_TEST(mutex_in_order)
{
	static const ktime_t begin[] = { 20, 40, 10, 30 };
	static const ktime_t wait[] = { 0, 90, 180, 270 };

	start(4);
	for (unsigned int i = 0; i < 4; i++)
		harness_kthread("task", mutex_100, i, begin[i] * US);
	harness_run(900 * US);
	for (unsigned int i = 0; i < 4; i++) {
		ck_assert_int_eq(waited[i], wait[i]);
		ck_assert_int_eq(held[i], 100);
	}
	ck_assert_uint_eq(nr_contended, 3);
	check_free(MUTEX);
	harness_finish();
}
END_TEST

/* The holder may sleep and be preempted. */
START_TEST(mutex_holder_sleeps)
{
	static const struct op path[] = {
		LOCK(MUTEX, LOCK_PLAIN),   WORD,      SLEEP(50 * US),
		UNLOCK(MUTEX, LOCK_PLAIN), NOTE('u'), DIE,
	};

	start(1);
	harness_kthread("a", path, 0, 0);
	harness_kthread("b", mutex_100, 0, 10 * US);
	harness_run(900 * US);
	ck_assert_int_eq(held[0], 50);
	ck_assert_int_eq(waited[1], 40);
	ck_assert_int_eq(held[1], 100);
	harness_finish();
}
END_TEST

/* A waiter that wakes and finds the mutex taken again is handed it at the
 * next unlock. */
START_TEST(mutex_handoff)
{
	static const struct op greedy[] = {
		LOCK(MUTEX, LOCK_PLAIN),   NOTE('l'),	  SLEEP(20 * US),
		UNLOCK(MUTEX, LOCK_PLAIN), AGAIN(greedy),
	};
	static const struct op modest[] = {
		LOCK(MUTEX, LOCK_PLAIN),
		NOTE('m'),
		UNLOCK(MUTEX, LOCK_PLAIN),
		DIE,
	};
	struct task_attr attr = { .comm = "greedy",
				  .policy = POLICY_FIFO,
				  .rt_priority = 1,
				  .entry = greedy,
				  .kthread = true };

	start(1);
	harness_add(&attr, 0);
	harness_kthread("modest", modest, 0, 5 * US);
	harness_run(70 * US);
	check_text("l0 l20 m40 l40 l60");
	harness_finish();
}
END_TEST

START_TEST(mutex_recursion)
{
	static const struct op path[] = {
		LOCK(MUTEX, LOCK_PLAIN),
		NOTE('a'),
		LOCK(MUTEX, LOCK_PLAIN),
		NOTE('b'),
		DIE,
	};

	start(1);
	h.warnings_expected = true;
	harness_kthread("a", path, 0, 0);
	harness_run(5 * MS);
	ck_assert_uint_eq(h.warnings, 1);
	ck_assert_str_eq(h.warned, "deadlock");
	check_text("a0");
	harness_finish();
}
END_TEST

START_TEST(mutex_foreign_unlock)
{
	static const struct op path[] = {
		RUN(50 * US),
		UNLOCK(MUTEX, LOCK_PLAIN),
		NOTE('e'),
		DIE,
	};

	start(2);
	h.warnings_expected = true;
	harness_kthread("a", mutex_100, 0, 0);
	harness_kthread("b", path, 1, 0);
	harness_run(5 * MS);
	ck_assert_uint_eq(h.warnings, 1);
	ck_assert_str_eq(h.warned, "bad_unlock");
	check_text("l0 e50 u100");
	check_free(MUTEX);
	harness_finish();
}
END_TEST

static void call_user(struct cpu *cpu, const struct op *op)
{
	struct lock *lock = &h.lock[MUTEX];

	cpu_push(cpu,
		 op->a.num ? lock->type->user_unlock : lock->type->user_lock,
		 lock);
}

static void told_sys(void *data, const struct trace_record *record)
{
	(void)record;
	++*(unsigned int *)data;
}

static void told_sleep(void *data, const struct trace_record *record)
{
	GString *text = data;

	if (record->a & TASK_NORMAL)
		g_string_append_printf(
			text, "%s %d ",
			current_task(&h.kernel->cpus[record->cpu])->syscall,
			(int)record->a);
}

/* A futex: no kernel mode while nobody else wants it, and else a system call,
 * for both: one waits, the other wakes him. */
START_TEST(futex)
{
	static const struct op path[] = {
		{ .exec = call_user, .a.num = 0 },
		NOTE('l'),
		RUN(100 * US),
		{ .exec = call_user, .a.num = 1 },
		NOTE('u'),
		RUN(10 * US),
		SYSCALL,
		DIE,
	};
	unsigned int waits = 0, enters = 0, exits = 0;
	g_autoptr(GString) sleeps = g_string_new(NULL);

	start(2);
	tracer_listen(&h.sim.tracer, TP_contention_begin, told_sys, &waits);
	tracer_listen(&h.sim.tracer, TP_sys_enter, told_sys, &enters);
	tracer_listen(&h.sim.tracer, TP_sys_exit, told_sys, &exits);
	tracer_listen(&h.sim.tracer, TP_sched_set_state, told_sleep, sleeps);
	harness_fair("a", path, 0, 0, 0);
	harness_fair("b", path, 0, 1, 10 * US);
	harness_fair("c", path, 0, 0, 500 * US);
	harness_run(900 * US);
	check_text("l0 u100 l100 u200 l500 u600");
	ck_assert_uint_eq(waits, 1);
	ck_assert_uint_eq(enters, 2);
	ck_assert_uint_eq(exits, 2);
	ck_assert_str_eq(sleeps->str, "futex 1 ");
	ck_assert_int_eq(waited[1], 90);
	check_free(MUTEX);
	harness_finish();
}
END_TEST

#define USER_LOCK                             \
	{                                     \
		.exec = call_user, .a.num = 0 \
	}
#define USER_UNLOCK                           \
	{                                     \
		.exec = call_user, .a.num = 1 \
	}

/* Of those that wait for a futex the most urgent is woken first, and of those
 * that are not urgent the first. */
START_TEST(futex_priorities)
{
	static const struct op holder[] = { USER_LOCK, RUN(100 * US),
					    USER_UNLOCK, SYSCALL, DIE };
	static const struct op path[4][7] = {
		{ USER_LOCK, NOTE('a'), RUN(5 * US), USER_UNLOCK, SYSCALL,
		  DIE },
		{ USER_LOCK, NOTE('b'), RUN(5 * US), USER_UNLOCK, SYSCALL,
		  DIE },
		{ USER_LOCK, NOTE('c'), RUN(5 * US), USER_UNLOCK, SYSCALL,
		  DIE },
		{ USER_LOCK, NOTE('d'), RUN(5 * US), USER_UNLOCK, SYSCALL,
		  DIE },
	};

	start(5);
	harness_fair("holder", holder, 0, 0, 0);
	harness_fair("a", path[0], 0, 1, 10 * US);
	harness_rt("b", path[1], POLICY_FIFO, 10, 2, 20 * US);
	harness_rt("c", path[2], POLICY_FIFO, 20, 3, 30 * US);
	harness_fair("d", path[3], -10, 4, 40 * US);
	harness_run(900 * US);
	check_text("c100 b105 a110 d115");
	check_free(MUTEX);
	harness_finish();
}
END_TEST

/* And nobody is handed it: who was woken in vain waits again. */
START_TEST(futex_is_not_handed_over)
{
	static const struct op greedy[] = { USER_LOCK,	  NOTE('l'),
					    SYSCALL,	  SLEEP(20 * US),
					    SYSRET,	  USER_UNLOCK,
					    AGAIN(greedy) };
	static const struct op modest[] = { USER_LOCK, NOTE('m'), SYSCALL,
					    DIE };

	start(1);
	harness_rt("greedy", greedy, POLICY_FIFO, 1, 0, 0);
	harness_fair("modest", modest, 0, 0, 5 * US);
	harness_run(110 * US);
	check_text("l0 l20 l40 l60 l80 l100");
	harness_finish();
}
END_TEST

static void add_spinlocks(TCase *tc)
{
	tcase_add_test(tc, types);
	tcase_add_test(tc, uncontended);
	tcase_add_test(tc, first_come_first_served);
	tcase_add_test(tc, many_rounds);
	tcase_add_test(tc, spinning_context);
	tcase_add_test(tc, granted_under_an_interrupt);
	tcase_add_test(tc, irqsave_spinner);
	tcase_add_test(tc, irqsave_restores);
	tcase_add_test(tc, irqsave_of_two);
	tcase_add_test(tc, bh);
	tcase_add_test(tc, two_locks);
	tcase_add_test(tc, nested_spinning);
	tcase_add_test(tc, recursion);
	tcase_add_test(tc, foreign_unlock);
}

static void add_mutexes(TCase *tc)
{
	tcase_add_test(tc, mutex_blocks);
	tcase_add_test(tc, mutex_in_order);
	tcase_add_test(tc, mutex_holder_sleeps);
	tcase_add_test(tc, mutex_handoff);
	tcase_add_test(tc, mutex_recursion);
	tcase_add_test(tc, mutex_foreign_unlock);
	tcase_add_test(tc, futex);
	tcase_add_test(tc, futex_priorities);
	tcase_add_test(tc, futex_is_not_handed_over);
}

int main(void)
{
	Suite *suite = suite_create("lock");
	TCase *tc = tcase_create("lock");

	tcase_set_timeout(tc, 60);
	add_spinlocks(tc);
	add_mutexes(tc);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
