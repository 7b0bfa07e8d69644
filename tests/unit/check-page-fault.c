/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of page faults.
 */
#include <config.h>

#include "preempt-harness.h"

#include "preemptsim/kernel/page-fault.h"

/* A fault whose handler does @n operations. */
#define FAULT(n, ...)                                                   \
	{                                                               \
		DO(op_page_fault_enter),                                \
			{ .exec = op_page_fault_handle, .a.num = (n) }, \
			__VA_ARGS__, DO(op_page_fault_leave),           \
			DO(op_irqentry_exit), DO(op_iret)               \
	}

static const char *const models[] = { "none", "voluntary", "full",
				      "lazy", "rt",	   "rt_lazy" };
#define NR_MODELS 6

static bool preempts(const char *model)
{
	return harness_model(model)->kernel;
}

static const struct op wake_high[] = { WAKE(0), RET };

static const struct op long_fault[] = FAULT(2, RUN(100 * US), NOTE('f'));

/* Somebody is woken while the handler runs. */
static void interrupt_at_60(const char *model, const struct op *path,
			    bool kernel)
{
	struct harness_config config = { .model = model };

	harness_start(&config);
	make_high();
	harness_fair(kernel ? "kernel" : "user", path, 0, 0, 10 * US);
	harness_irq_at(0, wake_high, 60 * US);
	harness_run(900 * US);
}

/* The end of a fault is the way to user mode, under every model. */
START_TEST(from_user_mode)
{
	static const struct op path[] = { CALL(long_fault), NOTE('u'),
					  RUN(50 * US), SYSCALL, DIE };

	for (unsigned int i = 0; i < NR_MODELS; i++) {
		interrupt_at_60(models[i], path, false);
		check_text(preempts(models[i]) ? "H60 f110 u110" :
						 "f110 H110 u110");
		harness_finish();
	}
}
END_TEST

/* In the kernel it is not. */
START_TEST(from_the_kernel)
{
	static const struct op path[] = { SYSCALL,   CALL(long_fault),
					  NOTE('k'), RUN(50 * US),
					  NOTE('e'), SYSRET,
					  NOTE('u'), RUN(50 * US),
					  SYSCALL,   DIE };

	for (unsigned int i = 0; i < NR_MODELS; i++) {
		interrupt_at_60(models[i], path, true);
		check_text(preempts(models[i]) ? "H60 f110 k110 e160 u160" :
						 "f110 k110 e160 H160 u160");
		harness_finish();
	}
}
END_TEST

/* It is a reschedule point where the kernel is preempted: a request that nobody
 * could answer, since interrupts were off, is found there. */
START_TEST(end_of_a_fault)
{
	static const struct op fault[] =
		FAULT(3, DO(op_local_irq_disable), WAKE(0), RUN(20 * US));
	static const struct op path[] = { SYSCALL,	CALL(fault), NOTE('k'),
					  RUN(50 * US), NOTE('e'),   SYSRET,
					  NOTE('u'),	SYSCALL,     DIE };
	struct harness_config config = { 0 };

	for (unsigned int i = 0; i < NR_MODELS; i++) {
		config.model = models[i];
		harness_start(&config);
		make_high();
		harness_fair("low", path, 0, 0, 10 * US);
		harness_run(900 * US);
		check_text(preempts(models[i]) ? "H30 k30 e80 u80" :
						 "k30 e80 H80 u80");
		harness_finish();
	}
}
END_TEST

/* Handlers sleep, and may fault themselves. */
START_TEST(handlers_sleep)
{
	static const struct op path[] = { CALL(long_fault), NOTE('u'), SYSCALL,
					  DIE };
	static const struct op inner[] = FAULT(3, SLEEP(100 * US), NOTE('i'));
	static const struct op outer[] =
		FAULT(4, CALL(inner), SLEEP(100 * US), NOTE('o'));
	static const struct op sleeper[] = { CALL(outer), NOTE('U'), SYSCALL,
					     DIE };
	struct harness_config config = { 0 };

	harness_start(&config);
	harness_fair("sleeper", sleeper, 0, 0, 10 * US);
	harness_fair("other", path, 0, 0, 20 * US);
	harness_run(900 * US);
	check_text("f120 u120 i120 o220 U220");
	harness_finish();
}
END_TEST

/* Nothing is handled where the task must not sleep, or has no memory. */
START_TEST(faults_that_fail)
{
	static const struct op atomic[] = {
		SYSCALL, DO(op_preempt_disable), CALL(long_fault), NOTE('a'),
		WORD,	 DO(op_preempt_enable),	 SYSRET,	   SYSCALL,
		DIE,
	};
	static const struct op irqs_off[] = {
		SYSCALL,	  DO(op_local_irq_disable),
		CALL(long_fault), NOTE('i'),
		RUN(10 * US),	  DO(op_local_irq_enable),
		SYSRET,		  NOTE('u'),
		SYSCALL,	  DIE,
	};
	static const struct op kthread[] = { CALL(long_fault), NOTE('k'), DIE };
	struct harness_config config = { 0 };

	harness_start(&config);
	make_high();
	harness_fair("atomic", atomic, 0, 0, 10 * US);
	harness_fair("irqs_off", irqs_off, 0, 0, 20 * US);
	harness_kthread("kthread", kthread, 0, 40 * US);
	harness_irq_at(0, wake_high, 25 * US);
	harness_run(900 * US);
	check_text("a10 80000001 i20 H30 u30 k40");
	harness_finish();
}
END_TEST

/* What a handler leaves behind it does not get to user mode. */
START_TEST(left_behind)
{
	static const struct op fault[] = FAULT(1, DO(op_preempt_disable));
	static const struct op user[] = { CALL(fault), WORD, SYSCALL, DIE };
	static const struct op kernel[] = { SYSCALL, CALL(fault),
					    WORD,    DO(op_preempt_enable),
					    WORD,    SYSRET,
					    SYSCALL, DIE };
	struct harness_config config = { 0 };

	harness_start(&config);
	h.warnings_expected = true;
	harness_fair("user", user, 0, 0, 10 * US);
	harness_fair("kernel", kernel, 0, 0, 20 * US);
	harness_run(900 * US);
	check_text("80000000 80000001 80000000");
	ck_assert_uint_eq(h.warnings, 1);
	ck_assert_str_eq(h.warned, "preempt_count_imbalance");
	harness_finish();
}
END_TEST

static void told_fault(void *data, const struct trace_record *record)
{
	struct kcpu *kc = &h.kernel->cpus[record->cpu];

	(void)data;
	harness_write(record->id == TP_page_fault_user ? "user" : "kernel",
		      record->when);
	ck_assert_int_eq(record->a, record->id == TP_page_fault_user ? 6 : 2);
	ck_assert(!cpu_irqs_on(&kc->cpu));
}

/* The way in and out is with interrupts off, the handler is not; time goes to
 * the kernel. */
START_TEST(what_it_takes)
{
	static const struct op path[] = { CALL(long_fault), NOTE('u'), SYSCALL,
					  CALL(long_fault), NOTE('k'), DIE };
	static const struct op note[] = { NOTE('!'), RET };
	struct costs costs = { 0 };
	struct harness_config config = { .costs = &costs };
	struct cpu *cpu;

	costs.price[COST_PAGE_FAULT_ENTRY] = 5 * US;
	costs.price[COST_PAGE_FAULT] = 20 * US;
	harness_start(&config);
	cpu = &h.kernel->cpus[0].cpu;
	harness_fair("low", path, 0, 0, 10 * US);
	harness_irq_at(0, note, 12 * US);
	harness_irq_at(0, note, 20 * US);
	tracer_listen(&h.sim.tracer, TP_page_fault_user, told_fault, NULL);
	tracer_listen(&h.sim.tracer, TP_page_fault_kernel, told_fault, NULL);
	harness_run(900 * US);
	check_text("user15 !15 !20 f135 u135 kernel140 f260 k260");
	ck_assert_int_eq(cpu_acct_time(cpu, ACCT_KERNEL), 250 * US);
	ck_assert_int_eq(cpu_acct_time(cpu, ACCT_USER), 0);
	ck_assert_int_eq(cpu->irqs_off_max, 5 * US);
	harness_finish();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("page-fault");
	TCase *tc = tcase_create("page-fault");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, from_user_mode);
	tcase_add_test(tc, from_the_kernel);
	tcase_add_test(tc, end_of_a_fault);
	tcase_add_test(tc, handlers_sleep);
	tcase_add_test(tc, faults_that_fail);
	tcase_add_test(tc, left_behind);
	tcase_add_test(tc, what_it_takes);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
