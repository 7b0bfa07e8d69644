/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of lockdep, each rule beside what is right and looks like it, and of
 * the detection of deadlocks that happen.
 *
 * Locks 0, 1 and 2 are spinlocks A, B and C; lock 3 is a mutex M.
 */
#include <config.h>

#include "kernel-harness.h"

#include "preemptsim/kernel/debug.h"

#define A 0
#define B 1
#define C 2
#define M 3

/* "kind: text", a line each; tasks are t0, t1, ... without their pids. */
static GString *said;
static struct lockdep *lockdep;

static void told(void *data, const struct trace_record *record)
{
	const struct sim_warning *warning = record->object;
	g_autoptr(GRegex) pid = g_regex_new("-[0-9]+", 0, 0, NULL);
	g_autofree char *text =
		g_regex_replace_literal(pid, warning->text, -1, 0, "", 0, NULL);

	(void)data;
	g_string_append_printf(said, "%s: %s\n", warning->kind, text);
	if (g_str_equal(warning->kind, "lockdep") ||
	    g_str_equal(warning->kind, "deadlock"))
		ck_assert_ptr_nonnull(warning->lock);
}

static void add_on(unsigned int cpu, const struct op *path, ktime_t begin)
{
	g_autofree char *comm = g_strdup_printf("t%u", h.nr_tasks);

	harness_kthread(comm, path, cpu, begin);
}

static const struct lock_type *type_named(const char *name)
{
	unsigned int i = 0;

	while (strcmp(lock_type(i)->name, name) != 0)
		i++;
	return lock_type(i);
}

static void start(unsigned int nr_cpus)
{
	static const char *const name[] = { "A", "B", "C", "M" };
	struct harness_config config = { .nr_cpus = nr_cpus };

	harness_start(&config);
	h.warnings_expected = true;
	for (unsigned int i = 0; i < HARNESS_LOCKS; i++)
		lock_init(&h.lock[i], type_named(i == M ? "mutex" : "spinlock"),
			  name[i]);
	tracer_listen(&h.sim.tracer, TP_warning, told, NULL);
	lockdep = lockdep_new(h.kernel, HARNESS_LOCKS);
	said = g_string_new(NULL);
}

/* Runs; there must be @n warnings, and in what they say, @text. */
static void finish(unsigned int n, const char *text)
{
	harness_run(50 * MS);
	ck_assert_msg(h.warnings == n, "%u warnings: %s", h.warnings,
		      said->str);
	ck_assert_msg(!text || strstr(said->str, text), "%s", said->str);
	lockdep_free(lockdep);
	g_string_free(said, TRUE);
	harness_finish();
}

#define TAKE(lock) LOCK(lock, LOCK_PLAIN)
#define GIVE(lock) UNLOCK(lock, LOCK_PLAIN)
#define TAKE_IRQ(lock) LOCK(lock, LOCK_IRQSAVE)
#define GIVE_IRQ(lock) UNLOCK(lock, LOCK_IRQSAVE)
#define TAKE_BH(lock) LOCK(lock, LOCK_BH)
#define GIVE_BH(lock) UNLOCK(lock, LOCK_BH)

/* One lock under another, in a task; in between some time passes. */
#define NEST(outer, inner)                                            \
	{                                                             \
		TAKE(outer), RUN(10 * US), TAKE(inner), RUN(10 * US), \
			GIVE(inner), RUN(10 * US), GIVE(outer), DIE   \
	}
#define NEST_IRQ(outer, inner)                                  \
	{                                                       \
		TAKE_IRQ(outer), TAKE_IRQ(inner), RUN(10 * US), \
			GIVE_IRQ(inner), GIVE_IRQ(outer), DIE   \
	}

static const struct op ab[] = NEST(A, B);
static const struct op ba[] = NEST(B, A);
static const struct op bc[] = NEST(B, C);
static const struct op ca[] = NEST(C, A);
static const struct op ac[] = NEST(A, C);
static const struct op ab_irq[] = NEST_IRQ(A, B);
static const struct op bc_irq[] = NEST_IRQ(B, C);
static const struct op plain_a[] = { TAKE(A), RUN(10 * US), GIVE(A), DIE };
static const struct op plain_b[] = { TAKE(B), RUN(10 * US), GIVE(B), DIE };
static const struct op plain_c[] = { TAKE(C), RUN(10 * US), GIVE(C), DIE };
static const struct op irq_a[] = { TAKE_IRQ(A), RUN(10 * US), GIVE_IRQ(A),
				   DIE };
static const struct op bh_a[] = { TAKE_BH(A), RUN(10 * US), GIVE_BH(A), DIE };
static const struct op in_a[] = { TAKE(A), RUN(US), GIVE(A), RET };
static const struct op in_b[] = { TAKE(B), RUN(US), GIVE(B), RET };
static const struct op raise_net[] = { RAISE(NET_RX_SOFTIRQ), RET };

/* The tasks run one after the other: nothing ever happens. */
static void add(const struct op *path, ktime_t begin)
{
	add_on(0, path, begin);
}

/*
 * Order
 */

START_TEST(order)
{
	start(1);
	add(ab, 0);
	add(bc, MS);
	add(ac, 2 * MS);
	add(ab, 3 * MS);
	finish(0, NULL);
}
END_TEST

START_TEST(circle_of_two)
{
	start(1);
	add(ab, 0);
	add(ba, MS);
	finish(1, "lockdep: possible circular locking dependency: t1 takes "
		  "A under B; B was taken under A by t0 in a kernel thread "
		  "on CPU 0 at 0.000010000 s");
}
END_TEST

START_TEST(circle_of_three)
{
	start(1);
	add(ab, 0);
	add(bc, MS);
	add(ca, 2 * MS);
	finish(1, "takes A under C; C was taken under B by t1 in a kernel "
		  "thread on CPU 0 at 0.001010000 s; B was taken under A by "
		  "t0");
}
END_TEST

/* Once each, and what broke the rule is no part of the order. */
START_TEST(circles_are_told_once)
{
	start(1);
	add(ab, 0);
	add(ba, MS);
	add(ba, 2 * MS);
	add(ac, 3 * MS);
	add(bc, 4 * MS);
	finish(1, "circular");
}
END_TEST

START_TEST(circle_of_mutexes)
{
	static const struct op ma[] = NEST(M, A);
	static const struct op am[] = NEST(A, M);

	start(1);
	add(ma, 0);
	add(am, MS);
	finish(1, "takes M under A");
}
END_TEST

START_TEST(order_of_release_is_free)
{
	static const struct op crossed[] = { TAKE(A), TAKE(B), GIVE(A), TAKE(C),
					     GIVE(B), GIVE(C), DIE };

	start(1);
	add(crossed, 0);
	add(ca, MS);
	finish(1, "takes A under C; C was taken under B");
}
END_TEST

START_TEST(recursion)
{
	static const struct op twice[] = { TAKE(M), TAKE(C), TAKE(M), DIE };

	start(1);
	lock_init(&h.lock[C], type_named("mutex"), "N");
	add(twice, 0);
	finish(2, "lockdep: possible recursive locking: t0 takes M");
}
END_TEST

/*
 * Interrupts
 */

START_TEST(taken_in_a_handler)
{
	start(1);
	add(irq_a, 0);
	add(irq_a, MS);
	harness_irq_at(0, in_a, 5 * US);
	harness_irq_at(0, in_a, 2 * MS);
	finish(0, NULL);
}
END_TEST

START_TEST(taken_with_interrupts_on_and_in_a_handler)
{
	start(1);
	add(plain_a, 0);
	harness_irq_at(0, in_a, MS)->irq.name = "disk";
	harness_irq_at(0, in_a, 2 * MS);
	finish(1, "lockdep: inconsistent lock state: {HARDIRQ-ON} -> "
		  "{IN-HARDIRQ}, A is taken in a hardirq; A was taken with "
		  "hardirqs on by t0 in a kernel thread on CPU 0 at "
		  "0.000000000 s");
}
END_TEST

START_TEST(taken_in_a_handler_and_with_interrupts_on)
{
	start(1);
	add(plain_a, MS);
	harness_irq_at(0, in_a, 0)->irq.name = "disk";
	finish(1, "{IN-HARDIRQ} -> {HARDIRQ-ON}, A is taken where it may be "
		  "interrupted by a hardirq; A was taken in a hardirq by "
		  "swapper/0 in interrupt disk on CPU 0 at 0.000000000 s");
}
END_TEST

START_TEST(held_while_interrupts_come_on)
{
	static const struct op path[] = {
		TAKE_IRQ(A), DO(op_local_irq_enable),
		RUN(US),     DO(op_local_irq_disable),
		GIVE_IRQ(A), DIE,
	};

	start(1);
	add(path, 0);
	harness_irq_at(0, in_a, MS);
	finish(1, "{HARDIRQ-ON} -> {IN-HARDIRQ}");
}
END_TEST

START_TEST(taken_with_softirqs_on_and_in_one)
{
	start(1);
	h.softirq[NET_RX_SOFTIRQ] = in_a;
	add(plain_a, 0);
	harness_irq_at(0, raise_net, MS);
	finish(1, "inconsistent lock state: {SOFTIRQ-ON} -> {IN-SOFTIRQ}, A "
		  "is taken in a softirq");
}
END_TEST

START_TEST(taken_with_softirqs_off_and_in_one)
{
	start(1);
	h.softirq[NET_RX_SOFTIRQ] = in_a;
	add(bh_a, 0);
	add(irq_a, MS);
	harness_irq_at(0, raise_net, 5 * US);
	harness_irq_at(0, raise_net, 2 * MS);
	finish(0, NULL);
}
END_TEST

START_TEST(taken_in_softirq_and_handler)
{
	start(1);
	h.softirq[NET_RX_SOFTIRQ] = in_a;
	harness_irq_at(0, raise_net, 0);
	harness_irq_at(0, in_a, MS);
	finish(1, "{HARDIRQ-ON} -> {IN-HARDIRQ}");
}
END_TEST

START_TEST(held_while_softirqs_come_on)
{
	static const struct op path[] = {
		TAKE_BH(A), DO(op_local_bh_enable),
		RUN(US),    DO(op_local_bh_disable),
		GIVE_BH(A), DIE,
	};

	start(1);
	h.softirq[NET_RX_SOFTIRQ] = in_a;
	add(path, 0);
	harness_irq_at(0, raise_net, MS);
	finish(1, "{SOFTIRQ-ON} -> {IN-SOFTIRQ}");
}
END_TEST

/* A handler's lock, and one that is taken with interrupts on under it. */
START_TEST(safe_over_unsafe)
{
	start(1);
	harness_irq_at(0, in_a, 0);
	add(plain_b, MS);
	add(ab_irq, 2 * MS);
	finish(1, "HARDIRQ-safe -> HARDIRQ-unsafe lock order: t1 takes B "
		  "under A; A was taken in a hardirq by swapper/0");
}
END_TEST

START_TEST(safe_over_safe)
{
	start(1);
	harness_irq_at(0, in_a, 0);
	add(ab_irq, 2 * MS);
	finish(0, NULL);
}
END_TEST

START_TEST(safe_over_unsafe_by_a_third)
{
	start(1);
	harness_irq_at(0, in_a, 0);
	add(plain_c, MS);
	add(bc_irq, 2 * MS);
	add(ab_irq, 3 * MS);
	finish(1, "takes B under A; C was taken under B by");
}
END_TEST

START_TEST(safe_by_a_third_over_unsafe)
{
	start(1);
	harness_irq_at(0, in_a, 0);
	add(ab_irq, MS);
	add(plain_c, 2 * MS);
	add(bc_irq, 3 * MS);
	finish(1, "takes C under B; B was taken under A by");
}
END_TEST

START_TEST(softirq_safe_over_unsafe)
{
	static const struct op path[] = { TAKE_BH(A), TAKE(B), GIVE(B),
					  GIVE_BH(A), DIE };

	start(1);
	h.softirq[NET_RX_SOFTIRQ] = in_a;
	harness_irq_at(0, raise_net, 0);
	add(plain_b, MS);
	add(path, 2 * MS);
	finish(1, "SOFTIRQ-safe -> SOFTIRQ-unsafe lock order");
}
END_TEST

/* The order is there first; then the use completes the mistake. */
START_TEST(inversion_by_a_handler)
{
	start(1);
	add(ab_irq, 0);
	add(plain_b, MS);
	harness_irq_at(0, in_a, 2 * MS);
	finish(1, "possible irq lock inversion dependency: A is taken in a "
		  "hardirq; B was taken under A by t0 in a kernel thread on "
		  "CPU 0 at 0.000000000 s; B was taken with hardirqs on by "
		  "t1");
}
END_TEST

START_TEST(inversion_by_a_task)
{
	start(1);
	add(ab_irq, 0);
	harness_irq_at(0, in_a, MS);
	add(plain_b, 2 * MS);
	finish(1, "possible irq lock inversion dependency: B is taken where it "
		  "may be interrupted by a hardirq; B was taken under A");
}
END_TEST

/* What a handler takes is not taken under what the interrupted task holds. */
START_TEST(interrupts_have_chains_of_their_own)
{
	static const struct op ba_irq[] = NEST_IRQ(B, A);

	start(1);
	add(plain_a, 0);
	harness_irq_at(0, in_b, 5 * US);
	add(ba_irq, MS);
	finish(1, "HARDIRQ-safe -> HARDIRQ-unsafe");
}
END_TEST

START_TEST(nmis_are_left_out)
{
	start(1);
	add(plain_a, 0);
	harness_nmi_at(0, in_a, MS);
	finish(0, NULL);
}
END_TEST

/*
 * Deadlocks
 */

START_TEST(two_cpus)
{
	start(2);
	add_on(0, ab, 0);
	add_on(1, ba, 0);
	harness_run(MS);
	ck_assert_uint_eq(h.kernel->cpus[0].spin_depth, 1);
	ck_assert_uint_eq(h.kernel->cpus[1].spin_depth, 1);
	finish(2, "deadlock: t0 on CPU 0 waits for B, held by t1 on "
		  "CPU 1, which waits for A, held by t0 on CPU 0");
}
END_TEST

START_TEST(three_cpus)
{
	start(3);
	add_on(0, ab, 0);
	add_on(1, bc, 0);
	add_on(2, ca, 0);
	finish(2, "deadlock: t1 on CPU 1 waits for C, held by t2 on "
		  "CPU 2, which waits for A, held by t0 on CPU 0, which "
		  "waits for B, held by t1 on CPU 1");
}
END_TEST

/* Who joins the circle from outside is no part of it. */
START_TEST(more_wait_for_a_circle)
{
	static const struct op late[] = { RUN(100 * US), TAKE(A), DIE };

	start(3);
	add_on(0, ab, 0);
	add_on(1, ba, 0);
	add_on(2, late, 0);
	finish(2, "deadlock: t1");
}
END_TEST

START_TEST(contention_is_no_deadlock)
{
	start(3);
	add_on(0, ab, 0);
	add_on(1, ab, 0);
	add_on(2, bc, 0);
	finish(0, NULL);
}
END_TEST

START_TEST(handler_of_the_holder)
{
	start(1);
	add_on(0, plain_a, 0);
	harness_irq_at(0, in_a, 5 * US);
	finish(2, "deadlock: t0 on CPU 0 waits for A, held by t0 on "
		  "CPU 0");
}
END_TEST

/* On another CPU the handler only waits. */
START_TEST(handler_elsewhere)
{
	start(2);
	add_on(0, irq_a, 0);
	harness_irq_at(1, in_a, 5 * US);
	finish(0, NULL);
}
END_TEST

/* The handler goes on over the spinning task, and gives B back. */
START_TEST(handler_over_a_spinner)
{
	static const struct op outer[] = { TAKE(A),	RUN(20 * US),
					   TAKE_IRQ(B), RUN(10 * US),
					   GIVE_IRQ(B), GIVE(A),
					   NOTE('o'),	DIE };
	static const struct op in_b_long[] = { TAKE(B), RUN(20 * US), GIVE(B),
					       RET };
	static const struct op spinner[] = { RUN(US), TAKE(A), GIVE(A),
					     NOTE('s'), DIE };

	start(2);
	add_on(0, outer, 0);
	add_on(1, spinner, 0);
	harness_irq_at(1, in_b_long, 10 * US);
	harness_run(MS);
	check_text("o40 s40");
	finish(0, NULL);
}
END_TEST

/* The same further along the path: t2 waits for t0, that for the handler over
 * t1, and t1 for t2. */
START_TEST(handler_at_the_end_of_the_path)
{
	static const struct op first[] = { TAKE(A),	RUN(20 * US),
					   TAKE_IRQ(B), GIVE_IRQ(B),
					   GIVE(A),	DIE };
	static const struct op in_b_long[] = { TAKE(B), RUN(50 * US), GIVE(B),
					       RET };
	static const struct op spinner[] = { RUN(5 * US), TAKE(C), GIVE(C),
					     DIE };
	static const struct op third[] = { TAKE(C), RUN(30 * US), TAKE(A),
					   GIVE(A), GIVE(C),	  DIE };

	start(3);
	add_on(0, first, 0);
	add_on(1, spinner, 0);
	add_on(2, third, 0);
	harness_irq_at(1, in_b_long, 10 * US);
	harness_run(MS);
	ck_assert_msg(strstr(said->str, "deadlock:") == NULL, "%s", said->str);
	finish(h.warnings, NULL);
}
END_TEST

/* Who has waited does not any more; the order is wrong all the same. */
START_TEST(waits_end)
{
	static const struct op path[] = {
		TAKE(A),   RUN(5 * US),	 TAKE(B), GIVE(B),
		NOTE('a'), RUN(50 * US), GIVE(A), DIE,
	};
	static const struct op other[] = {
		TAKE(B), RUN(10 * US), GIVE(B), RUN(10 * US), TAKE(B),
		TAKE(A), GIVE(A),      GIVE(B), DIE,
	};

	start(2);
	add_on(0, path, 0);
	add_on(1, other, 0);
	harness_run(MS);
	check_text("a10");
	finish(1, "lockdep: possible circular");
}
END_TEST

/* One that finds the lock on its way to the spinner over which it came. */
START_TEST(handler_over_a_winner)
{
	static const struct op spinner[] = { RUN(5 * US), TAKE(A), NOTE('s'),
					     GIVE(A), DIE };

	start(2);
	h.kernel->config.costs.price[COST_SPIN_HANDOFF] = US;
	add_on(0, plain_a, 0);
	add_on(1, spinner, 0);
	harness_irq_at(1, in_a, 10500);
	finish(2, "deadlock: t1 on CPU 1 waits for A, held by t1 on CPU 1");
}
END_TEST

START_TEST(mutexes)
{
	static const struct op am[] = {
		TAKE(M),
		SLEEP(20 * US),
		TAKE(C),
		DIE,
	};
	static const struct op ma[] = {
		TAKE(C),
		SLEEP(20 * US),
		TAKE(M),
		DIE,
	};

	start(1);
	lock_init(&h.lock[C], type_named("mutex"), "N");
	add_on(0, am, 0);
	add_on(0, ma, 0);
	finish(2, "deadlock: t1 on CPU 0 waits for M, held by t0, "
		  "which waits for N, held by t1 on CPU 0");
}
END_TEST

/* A holder that sleeps can't come back where others spin. */
START_TEST(holder_switched_out)
{
	static const struct op sleeper[] = { TAKE(A), SLEEP(100 * US), GIVE(A),
					     DIE };
	static const struct op late[] = { RUN(20 * US), TAKE(A), GIVE(A), DIE };

	start(1);
	add_on(0, sleeper, 0);
	add_on(0, late, 0);
	finish(2, "deadlock: t1 on CPU 0 waits for A, held on this CPU by "
		  "t0, which was switched out");
}
END_TEST

static void add_order(TCase *tc)
{
	tcase_add_test(tc, order);
	tcase_add_test(tc, circle_of_two);
	tcase_add_test(tc, circle_of_three);
	tcase_add_test(tc, circles_are_told_once);
	tcase_add_test(tc, circle_of_mutexes);
	tcase_add_test(tc, order_of_release_is_free);
	tcase_add_test(tc, recursion);
}

static void add_interrupts(TCase *tc)
{
	tcase_add_test(tc, taken_in_a_handler);
	tcase_add_test(tc, taken_with_interrupts_on_and_in_a_handler);
	tcase_add_test(tc, taken_in_a_handler_and_with_interrupts_on);
	tcase_add_test(tc, held_while_interrupts_come_on);
	tcase_add_test(tc, taken_with_softirqs_on_and_in_one);
	tcase_add_test(tc, taken_with_softirqs_off_and_in_one);
	tcase_add_test(tc, taken_in_softirq_and_handler);
	tcase_add_test(tc, held_while_softirqs_come_on);
	tcase_add_test(tc, safe_over_unsafe);
	tcase_add_test(tc, safe_over_safe);
	tcase_add_test(tc, safe_over_unsafe_by_a_third);
	tcase_add_test(tc, safe_by_a_third_over_unsafe);
	tcase_add_test(tc, softirq_safe_over_unsafe);
	tcase_add_test(tc, inversion_by_a_handler);
	tcase_add_test(tc, inversion_by_a_task);
	tcase_add_test(tc, interrupts_have_chains_of_their_own);
	tcase_add_test(tc, nmis_are_left_out);
}

static void add_deadlocks(TCase *tc)
{
	tcase_add_test(tc, two_cpus);
	tcase_add_test(tc, three_cpus);
	tcase_add_test(tc, more_wait_for_a_circle);
	tcase_add_test(tc, contention_is_no_deadlock);
	tcase_add_test(tc, handler_of_the_holder);
	tcase_add_test(tc, handler_elsewhere);
	tcase_add_test(tc, handler_over_a_spinner);
	tcase_add_test(tc, handler_at_the_end_of_the_path);
	tcase_add_test(tc, waits_end);
	tcase_add_test(tc, handler_over_a_winner);
	tcase_add_test(tc, mutexes);
	tcase_add_test(tc, holder_switched_out);
}

int main(void)
{
	Suite *suite = suite_create("lockdep");
	TCase *tc = tcase_create("lockdep");
	SRunner *runner;
	int failed;

	add_order(tc);
	add_interrupts(tc);
	add_deadlocks(tc);
	suite_add_tcase(suite, tc);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
