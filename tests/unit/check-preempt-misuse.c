/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of what is wrong with preempt_count and with sleeping: what the kernel
 * says, and how it goes on.
 */
#include <config.h>

#include "preempt-harness.h"

static void check_warned(const struct op *path, const char *kind,
			 const char *text)
{
	struct harness_config config = { 0 };

	harness_start(&config);
	h.warnings_expected = true;
	make_high();
	harness_fair("low", path, 0, 0, 10 * US);
	harness_run(900 * US);
	ck_assert_uint_ge(h.warnings, 1);
	ck_assert_str_eq(h.warned, kind);
	check_text(text);
	harness_finish();
}

START_TEST(underflow)
{
	static const struct op path[] = {
		SYSCALL,   DO(op_preempt_enable),
		WORD,	   DO(op_preempt_enable_no_resched),
		WORD,	   NOTE('a'),
		SYSRET,	   RUN(10 * US),
		NOTE('b'), SYSCALL,
		DIE,
	};

	check_warned(path, "preempt_count_imbalance",
		     "80000000 80000000 a10 b20");
}
END_TEST

/* Also where softirqs or interrupts have something in the count. */
START_TEST(underflow_of_a_part)
{
	static const struct op path[] = {
		SYSCALL,
		DO(op_local_bh_disable),
		DO(op_preempt_enable),
		WORD,
		DO(op_preempt_enable_no_resched),
		WORD,
		DO(op_local_bh_enable),
		WORD,
		NOTE('a'),
		SYSRET,
		RUN(100 * US),
		SYSCALL,
		DIE,
	};
	static const struct op handler[] = { DO(op_preempt_enable), WORD, RET };

	struct harness_config config = { 0 };

	harness_start(&config);
	h.warnings_expected = true;
	harness_fair("low", path, 0, 0, 10 * US);
	harness_irq_at(0, handler, 20 * US);
	harness_run(900 * US);
	ck_assert_uint_eq(h.warnings, 3);
	ck_assert_str_eq(h.warned, "preempt_count_imbalance");
	check_text("80000200 80000200 80000000 a10 80010000");
	harness_finish();
}
END_TEST

START_TEST(bh_underflow)
{
	static const struct op path[] = {
		SYSCALL,      DO(op_local_bh_enable),
		NOTE('a'),    SYSRET,
		RUN(10 * US), NOTE('b'),
		SYSCALL,      DIE,
	};

	check_warned(path, "preempt_count_imbalance", "a10 b20");
}
END_TEST

START_TEST(unbalanced_system_call)
{
	static const struct op path[] = {
		SYSCALL,
		DO(op_preempt_disable),
		DO(op_local_irq_disable),
		NOTE('a'),
		SYSRET,
		WORD,
		RUN(10 * US),
		NOTE('b'),
		SYSCALL,
		DIE,
	};

	check_warned(path, "preempt_count_imbalance", "a10 80000000 b20");
}
END_TEST

static void count_warnings(struct cpu *cpu, const struct op *op)
{
	(void)cpu;
	ck_assert_uint_eq(h.warnings, op->a.num);
}

/* preempt_disable() has eight bits; it is told before they are full. */
START_TEST(nested_too_deeply)
{
	static const struct op deeper[] = { DO(op_preempt_disable),
					    ONCE_MORE(deeper) };
	static const struct op back[] = { DO(op_preempt_enable),
					  ONCE_MORE(back) };
	static const struct op path[] = {
		SYSCALL,
		REPEAT(244, deeper),
		{ .exec = count_warnings, .a.num = 0 },
		DO(op_preempt_disable),
		{ .exec = count_warnings, .a.num = 1 },
		REPEAT(5, deeper),
		REPEAT(250, back),
		WORD,
		NOTE('a'),
		SYSRET,
		{ .exec = count_warnings, .a.num = 1 },
		SYSCALL,
		DIE,
	};

	check_warned(path, "preempt_count_imbalance", "80000000 a10");
}
END_TEST

START_TEST(scheduling_while_atomic)
{
	static const struct op path[] = {
		SYSCALL,	 DO(op_preempt_disable),
		SLEEP(100 * US), WORD,
		NOTE('a'),	 DO(op_preempt_enable),
		SYSRET,		 NOTE('b'),
		SYSCALL,	 DIE,
	};
	static const struct op once[] = {
		SYSCALL,   DO(op_preempt_disable), SLEEP(100 * US), WORD,
		NOTE('a'), RUN(10 * US),	   SYSRET,	    SYSCALL,
		DIE
	};

	/* It is told, the count becomes what it is for everybody, and the
	 * preempt_enable() is one too many. */
	check_warned(path, "preempt_count_imbalance", "80000000 a110 b110");
	ck_assert_uint_eq(h.warnings, 2);
	check_warned(once, "scheduling_while_atomic", "80000000 a110");
	ck_assert_uint_eq(h.warnings, 1);
}
END_TEST

START_TEST(sleeping_in_atomic)
{
	static const struct op path[] = {
		SYSCALL,
		DO(op_check_sleep),
		NOTE('a'),
		DO(op_preempt_disable),
		DO(op_check_sleep),
		NOTE('b'),
		DO(op_preempt_enable),
		SYSRET,
		SYSCALL,
		DIE,
	};

	check_warned(path, "sleeping_in_atomic", "a10 b10");
}
END_TEST

/* A second of silence follows, on all CPUs. */
START_TEST(sleeping_in_atomic_is_told_once_a_second)
{
	static const struct op path[] = {
		DO(op_preempt_disable),
		DO(op_check_sleep),
		DO(op_preempt_enable),
		RUN(500 * MS),
		AGAIN(path),
	};
	struct harness_config config = { .nr_cpus = 2 };

	harness_start(&config);
	h.warnings_expected = true;
	harness_kthread("a", path, 0, 0);
	harness_kthread("b", path, 1, 100 * MS);
	harness_run(3050 * MS);
	ck_assert_uint_eq(h.warnings, 4); /* at 0, 1, 2 and 3 s */
	harness_finish();
}
END_TEST

/* cond_resched() is such a place in every model, whether it reschedules. */
START_TEST(cond_resched_may_sleep)
{
	static const struct op path[] = {
		SYSCALL,
		CALL(cond_resched_path),
		DO(op_local_irq_disable),
		CALL(cond_resched_path),
		DO(op_local_irq_enable),
		SYSRET,
		SYSCALL,
		DIE,
	};

	check_warned(path, "sleeping_in_atomic", "");
	ck_assert_uint_eq(h.warnings, 1);
}
END_TEST

START_TEST(blocking_while_not_running)
{
	static const struct op path[] = {
		SYSCALL,
		SET_STATE(TASK_INTERRUPTIBLE),
		DO(op_check_sleep),
		DO(op_check_sleep),
		NOTE('a'),
		SET_STATE(TASK_RUNNING),
		DO(op_check_sleep),
		SYSRET,
		SYSCALL,
		DIE,
	};

	check_warned(path, "blocking_while_not_running", "a10");
	ck_assert_uint_eq(h.warnings, 1);
}
END_TEST

START_TEST(bh_enable_with_irqs_off)
{
	static const struct op twice[] = {
		DO(op_local_bh_disable), DO(op_local_irq_disable),
		DO(op_local_bh_enable),	 DO(op_local_irq_enable),
		ONCE_MORE(twice),
	};
	static const struct op path[] = { SYSCALL, REPEAT(2, twice), SYSRET,
					  SYSCALL, DIE };

	check_warned(path, "bh_enable_irqs_off", "");
	ck_assert_uint_eq(h.warnings, 1);
}
END_TEST

/* In a handler interrupts may be on, but it is wrong there, too. */
START_TEST(bh_enable_in_handler)
{
	static const struct op handler[] = {
		DO(op_local_irq_enable),
		DO(op_local_bh_disable),
		DO(op_local_bh_enable),
		DO(op_local_irq_disable),
		RET,
	};
	struct harness_config config = { 0 };

	harness_start(&config);
	h.warnings_expected = true;
	harness_irq_at(0, handler, 50 * US);
	harness_run(900 * US);
	ck_assert_uint_eq(h.warnings, 1);
	ck_assert_str_eq(h.warned, "bh_enable_irqs_off");
	harness_finish();
}
END_TEST

START_TEST(unbalanced_handler)
{
	static const struct op handler[] = { DO(op_preempt_disable), RET };
	static const struct op path[] = { RUN(100 * US), WORD, SYSCALL, DIE };
	struct harness_config config = { 0 };

	harness_start(&config);
	h.warnings_expected = true;
	harness_fair("low", path, 0, 0, 10 * US);
	harness_irq_at(0, handler, 50 * US);
	harness_run(900 * US);
	ck_assert_uint_eq(h.warnings, 1);
	ck_assert_str_eq(h.warned, "preempt_count_imbalance");
	check_text("80000000");
	harness_finish();
}
END_TEST

/* A handler that leaves interrupts on: the kernel says so once and switches
 * them off again, and nobody comes in before the interrupt is over. */
START_TEST(handler_leaves_interrupts_on)
{
	static const struct op handler[] = { DO(op_local_irq_enable), RET };
	static const struct op another[] = { NOTE('i'), RET };
	static const struct costs costs = { .price = { [COST_DEVICE_IRQ] =
							       20 * US } };
	struct harness_config config = { .costs = &costs };

	harness_start(&config);
	h.warnings_expected = true;
	harness_irq_at(0, handler, 50 * US);
	harness_irq_at(0, another, 60 * US);
	harness_irq_at(0, handler, 200 * US);
	harness_run(900 * US);
	check_text("i70");
	ck_assert_uint_eq(h.warnings, 1);
	ck_assert_str_eq(h.warned, "handler_irqs_on");
	harness_finish();
}
END_TEST

/* While they are on, its own line does not enter it again, as another's would:
 * it is called once more when it has ended, and nothing is out of balance. */
START_TEST(handler_is_not_entered_again)
{
	static const struct op handler[] = {
		NOTE('a'),
		DO(op_local_irq_enable),
		RUN(20 * US),
		NOTE('b'),
		DO(op_local_irq_disable),
		RUN(5 * US),
		NOTE('c'),
		WORD,
		RET,
	};
	static const struct op another[] = { NOTE('i'), RET };
	struct harness_config config = { 0 };
	struct harness_irq *first;

	harness_start(&config);
	first = harness_irq_at(0, handler, 50 * US);
	harness_again_at(first, 55 * US);
	harness_again_at(first, 60 * US);
	harness_irq_at(0, another, 65 * US);
	harness_again_at(first, 200 * US);
	harness_run(900 * US);
	check_text("a50 i65 b70 c75 80010001 a75 b95 c100 80010001 "
		   "a200 b220 c225 80010001");
	ck_assert(!in_hardirq(&h.kernel->cpus[0]));
	harness_finish();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("preempt-misuse");
	TCase *tc = tcase_create("preempt-misuse");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, underflow);
	tcase_add_test(tc, underflow_of_a_part);
	tcase_add_test(tc, bh_underflow);
	tcase_add_test(tc, unbalanced_system_call);
	tcase_add_test(tc, nested_too_deeply);
	tcase_add_test(tc, scheduling_while_atomic);
	tcase_add_test(tc, sleeping_in_atomic);
	tcase_add_test(tc, sleeping_in_atomic_is_told_once_a_second);
	tcase_add_test(tc, cond_resched_may_sleep);
	tcase_add_test(tc, blocking_while_not_running);
	tcase_add_test(tc, bh_enable_with_irqs_off);
	tcase_add_test(tc, bh_enable_in_handler);
	tcase_add_test(tc, unbalanced_handler);
	tcase_add_test(tc, handler_leaves_interrupts_on);
	tcase_add_test(tc, handler_is_not_entered_again);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
