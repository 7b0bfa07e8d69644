/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of the reschedule points of each model.
 */
#include <config.h>

#include "preempt-harness.h"

static const char *const models[] = { "none", "voluntary", "full", "lazy" };
#define NR_MODELS 4

/* none, voluntary: no preemption of kernel code. */
static bool preempts(const char *model)
{
	return harness_model(model)->kernel;
}

START_TEST(model_rows)
{
	ck_assert(!preempts("none") && !preempts("voluntary"));
	ck_assert(preempts("full") && preempts("lazy"));
	ck_assert(harness_model("none")->cond_resched);
	ck_assert(!harness_model("none")->might_sleep);
	ck_assert(harness_model("voluntary")->cond_resched);
	ck_assert(harness_model("voluntary")->might_sleep);
	ck_assert(!harness_model("full")->cond_resched);
	ck_assert(!harness_model("full")->lazy);
	ck_assert(harness_model("lazy")->lazy);
	ck_assert(!harness_model("lazy")->cond_resched);
	ck_assert(!harness_model("lazy")->might_sleep);
}
END_TEST

/*
 * Reschedule points.  H preempts at the point, or at the end of all.
 */

/* Runs @path under each model; `yes` where kernel code is preempted. */
static void check_points(const struct op *path, const char *yes, const char *no)
{
	for (unsigned int i = 0; i < NR_MODELS; i++) {
		run_kthread(models[i], path);
		ck_assert_msg(strcmp(h.text->str,
				     preempts(models[i]) ? yes : no) == 0,
			      "%s: %s", models[i], h.text->str);
		harness_finish();
	}
}

START_TEST(preempt_enable)
{
	static const struct op path[] = {
		DO(op_preempt_disable),
		DO(op_preempt_disable),
		WAKE(0),
		WORD,
		RUN(100 * US),
		NOTE('a'),
		DO(op_preempt_enable),
		NOTE('b'),
		RUN(10 * US),
		DO(op_preempt_enable),
		NOTE('c'),
		WORD,
		DIE,
	};

	check_points(path, "00000002 a110 b110 H120 c120 80000000",
		     "00000002 a110 b110 c120 00000000 H120");
}
END_TEST

START_TEST(preempt_enable_no_resched)
{
	static const struct op path[] = {
		DO(op_preempt_disable),
		WAKE(0),
		RUN(100 * US),
		NOTE('a'),
		DO(op_preempt_enable_no_resched),
		NOTE('b'),
		WORD,
		RUN(10 * US),
		NOTE('c'),
		DO(op_preempt_check_resched),
		NOTE('d'),
		DIE,
	};

	check_points(path, "a110 b110 00000000 c120 H120 d120",
		     "a110 b110 00000000 c120 d120 H120");
}
END_TEST

/* Enabling interrupts is no reschedule point; what wakes with interrupts off
 * waits for the next one. */
START_TEST(irq_enable)
{
	static const struct op path[] = {
		DO(op_local_irq_disable),
		WAKE(0),
		NOTE('a'),
		RUN(50 * US),
		DO(op_local_irq_enable),
		NOTE('b'),
		RUN(50 * US),
		NOTE('c'),
		DO(op_preempt_disable),
		DO(op_preempt_enable),
		NOTE('d'),
		DIE,
	};

	check_points(path, "a10 b60 c110 H110 d110", "a10 b60 c110 d110 H110");
}
END_TEST

/* preempt_enable() with interrupts off must not reschedule. */
START_TEST(preempt_enable_with_irqs_off)
{
	static const struct op path[] = {
		DO(op_local_irq_disable),
		DO(op_preempt_disable),
		WAKE(0),
		DO(op_preempt_enable),
		NOTE('a'),
		DO(op_preempt_check_resched),
		NOTE('b'),
		RUN(10 * US),
		DO(op_local_irq_enable),
		NOTE('c'),
		DO(op_preempt_check_resched),
		NOTE('d'),
		DIE,
	};

	check_points(path, "a10 b10 c20 H20 d20", "a10 b10 c20 d20 H20");
}
END_TEST

static const struct op wake_high[] = { WAKE(0), RET };

/* Runs @path, with an interrupt at 50 us that wakes H. */
static void check_points_irq(const struct op *path, const char *yes,
			     const char *no)
{
	for (unsigned int i = 0; i < NR_MODELS; i++) {
		struct harness_config config = { .model = models[i] };

		harness_start(&config);
		make_high();
		harness_kthread("low", path, 0, 10 * US);
		harness_irq_at(0, wake_high, 50 * US);
		harness_run(900 * US);
		ck_assert_msg(strcmp(h.text->str,
				     preempts(models[i]) ? yes : no) == 0,
			      "%s: %s", models[i], h.text->str);
		harness_finish();
	}
}

START_TEST(end_of_interrupt)
{
	static const struct op path[] = { RUN(100 * US), NOTE('e'), DIE };

	check_points_irq(path, "H50 e110", "e110 H110");
}
END_TEST

START_TEST(end_of_interrupt_over_a_spinlock)
{
	static const struct op path[] = {
		LOCK(0, LOCK_PLAIN),   RUN(100 * US), NOTE('u'),
		UNLOCK(0, LOCK_PLAIN), NOTE('e'),     DIE,
	};

	check_points_irq(path, "u110 H110 e110", "u110 e110 H110");
}
END_TEST

START_TEST(end_of_interrupt_over_bh_off)
{
	static const struct op path[] = {
		DO(op_local_bh_disable), RUN(100 * US), NOTE('u'),
		DO(op_local_bh_enable),	 NOTE('e'),	DIE,
	};

	check_points_irq(path, "u110 H110 e110", "u110 e110 H110");
}
END_TEST

/* Interrupts off: it waits, and then its own end is the point. */
START_TEST(end_of_a_late_interrupt)
{
	static const struct op path[] = {
		DO(op_local_irq_disable), RUN(100 * US), NOTE('u'),
		DO(op_local_irq_enable),  NOTE('e'),	 DIE,
	};

	check_points_irq(path, "u110 H110 e110", "u110 e110 H110");
}
END_TEST

/* spin_unlock_irqrestore() opens interrupts before it reschedules. */
START_TEST(unlock_irqrestore)
{
	static const struct op path[] = {
		LOCK(0, LOCK_IRQSAVE),	 WAKE(0),   RUN(100 * US), NOTE('u'),
		UNLOCK(0, LOCK_IRQSAVE), NOTE('e'), DIE,
	};

	check_points(path, "u110 H110 e110", "u110 e110 H110");
}
END_TEST

/* User mode is preempted at the end of the interrupt under every model. */
START_TEST(user_mode)
{
	static const struct op path[] = { RUN(100 * US), NOTE('e'), SYSCALL,
					  DIE };

	for (unsigned int i = 0; i < NR_MODELS; i++) {
		struct harness_config config = { .model = models[i] };

		harness_start(&config);
		make_high();
		harness_fair("low", path, 0, 0, 10 * US);
		harness_irq_at(0, wake_high, 50 * US);
		harness_run(900 * US);
		check_text("H50 e110");
		harness_finish();
	}
}
END_TEST

/* The end of a system call reschedules under every model. */
START_TEST(end_of_a_system_call)
{
	static const struct op path[] = {
		SYSCALL,   RUN(100 * US), NOTE('s'), SYSRET,
		NOTE('e'), RUN(50 * US),  SYSCALL,   DIE,
	};

	for (unsigned int i = 0; i < NR_MODELS; i++) {
		struct harness_config config = { .model = models[i] };

		harness_start(&config);
		make_high();
		harness_fair("low", path, 0, 0, 10 * US);
		harness_irq_at(0, wake_high, 50 * US);
		harness_run(900 * US);
		check_text(preempts(models[i]) ? "H50 s110 e110" :
						 "s110 H110 e110");
		harness_finish();
	}
}
END_TEST

START_TEST(cond_resched_and_might_sleep)
{
	static const struct op path[] = {
		RUN(100 * US),
		NOTE('m'),
		CALL(might_sleep_path),
		NOTE('c'),
		CALL(cond_resched_path),
		NOTE('e'),
		DIE,
	};
	static const char *const expected[NR_MODELS] = {
		"m110 c110 H110 e110",
		"m110 H110 c110 e110",
		"H50 m110 c110 e110",
		"H50 m110 c110 e110",
	};

	for (unsigned int i = 0; i < NR_MODELS; i++) {
		struct harness_config config = { .model = models[i] };

		harness_start(&config);
		make_high();
		harness_kthread("low", path, 0, 10 * US);
		harness_irq_at(0, wake_high, 50 * US);
		harness_run(900 * US);
		check_text(expected[i]);
		harness_finish();
	}
}
END_TEST

/* Neither is one with preemption or interrupts off. */
START_TEST(cond_resched_where_it_may_not)
{
	static const struct op path[] = {
		DO(op_preempt_disable),
		RUN(100 * US),
		NOTE('p'),
		CALL(cond_resched_path),
		NOTE('q'),
		DO(op_preempt_enable_no_resched),
		DO(op_local_irq_disable),
		CALL(cond_resched_path),
		NOTE('r'),
		DO(op_local_irq_enable),
		CALL(cond_resched_path),
		NOTE('e'),
		DIE,
	};

	for (unsigned int i = 0; i < 2; i++) {
		struct harness_config config = { .model = models[i] };

		harness_start(&config);
		h.warnings_expected = true;
		make_high();
		harness_kthread("low", path, 0, 10 * US);
		harness_irq_at(0, wake_high, 50 * US);
		harness_run(900 * US);
		check_text("p110 q110 r110 H110 e110");
		ck_assert_str_eq(h.warned, "sleeping_in_atomic");
		harness_finish();
	}
}
END_TEST

/* The rules for a fair task under the lazy model: kernel code goes on to the
 * tick after the one that noticed, or to user mode. */
START_TEST(lazy_fair_wakeup)
{
	static const struct op fair[] = { NOTE('F'), BLOCK, AGAIN(fair) };
	static const struct op low[] = { RUN(1700 * US), NOTE('e'), DIE };
	struct task_attr attr = { .comm = "idle",
				  .policy = POLICY_IDLE,
				  .entry = low,
				  .kthread = true };
	struct harness_config config = { .model = "lazy" };

	harness_start(&config);
	harness_fair("fair", fair, 0, 0, KTIME_MAX);
	harness_add(&attr, 10 * US);
	harness_irq_at(0, wake_high, 50 * US);
	harness_run(3 * MS);
	check_text("F1000 e1710");
	harness_finish();
}
END_TEST

/* Where a turn ends: the tick that finds it over asks; under lazy it is obeyed
 * by the kernel at the next one. */
static ktime_t turn_in_the_kernel(const char *model)
{
	static const struct op loop[] = { RUN(10 * MS), AGAIN(loop) };
	static const struct op other[] = { NOTE('o'), RUN(10 * MS),
					   AGAIN(other) };
	struct harness_config config = { .model = model };
	ktime_t began;

	harness_start(&config);
	harness_kthread("loop", loop, 0, 0);
	harness_kthread("other", other, 0, 10 * US);
	harness_run(5 * MS);
	ck_assert_int_eq(h.text->str[0], 'o');
	began = g_ascii_strtoll(h.text->str + 1, NULL, 10);
	harness_finish();
	return began;
}

START_TEST(lazy_turns_end_a_tick_later)
{
	ck_assert_int_eq(turn_in_the_kernel("full"), 1000);
	ck_assert_int_eq(turn_in_the_kernel("lazy"), 2000);
	ck_assert_int_eq(turn_in_the_kernel("rt"), 1000);
	ck_assert_int_eq(turn_in_the_kernel("rt_lazy"), 2000);
}
END_TEST

static void told_need_resched(void *data, const struct trace_record *record)
{
	(void)data;
	harness_write(record->a ? "lazy" : "order", record->when);
}

static const struct op wake_fair[] = { WAKE(1), RET };
static const struct op wake_fair_too[] = { WAKE(2), RET };
static const struct op wake_fair_last[] = { WAKE(3), RET };

/* A request is made once, an order over it; behind an order there is nothing
 * to request. */
START_TEST(requests_and_orders_are_told_once)
{
	static const struct op fair[] = { BLOCK, AGAIN(fair) };
	static const struct op low[] = { DO(op_preempt_disable), RUN(500 * US),
					 DO(op_preempt_enable), RUN(MS), DIE };
	struct task_attr attr = { .comm = "low",
				  .policy = POLICY_IDLE,
				  .entry = low,
				  .kthread = true };
	struct harness_config config = { .model = "lazy" };

	harness_start(&config);
	make_high();
	harness_fair("b", fair, 0, 0, KTIME_MAX);
	harness_fair("c", fair, 0, 0, KTIME_MAX);
	harness_fair("d", fair, 0, 0, KTIME_MAX);
	harness_add(&attr, 10 * US);
	harness_irq_at(0, wake_fair, 50 * US);
	harness_irq_at(0, wake_fair_too, 60 * US);
	harness_irq_at(0, wake_high, 70 * US);
	harness_irq_at(0, wake_fair_last, 80 * US);
	harness_boot();
	harness_run(20 * US);
	tracer_listen(&h.sim.tracer, TP_sched_set_need_resched,
		      told_need_resched, NULL);
	harness_run(400 * US);
	check_text("lazy50 order70");
	harness_finish();
}
END_TEST

/*
 * Bottom halves
 */

static const struct op softirq_notes[] = { NOTE('s'), RUN(5 * US), RET };

/* local_bh_enable() serves softirqs before it reschedules. */
START_TEST(bh_enable_serves_first)
{
	static const struct op path[] = {
		DO(op_local_bh_disable),
		RAISE(TASKLET_SOFTIRQ),
		WAKE(0),
		RUN(100 * US),
		NOTE('a'),
		DO(op_local_bh_enable),
		NOTE('b'),
		DIE,
	};

	for (unsigned int i = 0; i < NR_MODELS; i++) {
		struct harness_config config = { .model = models[i] };

		harness_start(&config);
		h.softirq[TASKLET_SOFTIRQ] = softirq_notes;
		make_high();
		harness_kthread("low", path, 0, 10 * US);
		harness_run(900 * US);
		check_text(preempts(models[i]) ? "a110 s110 H115 b115" :
						 "a110 s110 b115 H115");
		harness_finish();
	}
}
END_TEST

/* Only the outermost one does. */
START_TEST(bh_enable_nests)
{
	static const struct op path[] = {
		DO(op_local_bh_disable),
		DO(op_local_bh_disable),
		RAISE(TASKLET_SOFTIRQ),
		DO(op_local_bh_enable),
		NOTE('a'),
		DO(op_local_bh_enable),
		NOTE('b'),
		WORD,
		DIE,
	};
	struct harness_config config = { 0 };

	harness_start(&config);
	h.softirq[TASKLET_SOFTIRQ] = softirq_notes;
	harness_kthread("low", path, 0, 10 * US);
	harness_run(900 * US);
	check_text("a10 s10 b15 80000000");
	harness_finish();
}
END_TEST

/* An interrupt's softirq waits for local_bh_enable(). */
START_TEST(bh_off_holds_softirqs_up)
{
	static const struct op path[] = {
		DO(op_local_bh_disable), RUN(100 * US), NOTE('a'),
		DO(op_local_bh_enable),	 NOTE('b'),	DIE,
	};
	struct harness_config config = { 0 };

	harness_start(&config);
	h.softirq[NET_RX_SOFTIRQ] = softirq_notes;
	harness_kthread("low", path, 0, 10 * US);
	harness_irq_at(0, raise_net, 50 * US);
	harness_run(900 * US);
	check_text("a110 s110 b115");
	harness_finish();
}
END_TEST

static void add_points(TCase *tc)
{
	tcase_add_test(tc, preempt_enable);
	tcase_add_test(tc, preempt_enable_no_resched);
	tcase_add_test(tc, irq_enable);
	tcase_add_test(tc, preempt_enable_with_irqs_off);
	tcase_add_test(tc, end_of_interrupt);
	tcase_add_test(tc, end_of_interrupt_over_a_spinlock);
	tcase_add_test(tc, end_of_interrupt_over_bh_off);
	tcase_add_test(tc, end_of_a_late_interrupt);
	tcase_add_test(tc, unlock_irqrestore);
	tcase_add_test(tc, user_mode);
	tcase_add_test(tc, end_of_a_system_call);
	tcase_add_test(tc, cond_resched_and_might_sleep);
	tcase_add_test(tc, cond_resched_where_it_may_not);
	tcase_add_test(tc, lazy_fair_wakeup);
	tcase_add_test(tc, lazy_turns_end_a_tick_later);
	tcase_add_test(tc, requests_and_orders_are_told_once);
}

static void add_bottom_halves(TCase *tc)
{
	tcase_add_test(tc, bh_enable_serves_first);
	tcase_add_test(tc, bh_enable_nests);
	tcase_add_test(tc, bh_off_holds_softirqs_up);
}

int main(void)
{
	Suite *suite = suite_create("preempt");
	TCase *tc = tcase_create("preempt");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, model_rows);
	add_points(tc);
	add_bottom_halves(tc);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
