/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of preempt_count's word: what it is where, what is asked of it, and
 * what it tells.
 */
#include <config.h>

#include "preempt-harness.h"

/* What a spinlock, a bottom half and so on make of the raw word. */
START_TEST(words_in_task_context)
{
	static const struct op path[] = {
		WORD,
		DO(op_preempt_disable),
		WORD,
		DO(op_preempt_enable),
		DO(op_local_bh_disable),
		WORD,
		DO(op_local_bh_enable),
		LOCK(0, LOCK_PLAIN),
		WORD,
		UNLOCK(0, LOCK_PLAIN),
		LOCK(0, LOCK_BH),
		WORD,
		UNLOCK(0, LOCK_BH),
		LOCK(0, LOCK_IRQSAVE),
		WORD,
		UNLOCK(0, LOCK_IRQSAVE),
		DO(op_local_irq_disable),
		WORD,
		DO(op_local_irq_enable),
		DO(op_local_bh_disable),
		DO(op_local_bh_disable),
		DO(op_preempt_disable),
		DO(op_preempt_disable),
		WORD,
		DO(op_preempt_enable),
		DO(op_preempt_enable),
		DO(op_local_bh_enable),
		DO(op_local_bh_enable),
		WORD,
		DIE,
	};

	run_kthread("full", path);
	check_text("80000000 80000001 80000200 80000001 80000201 80000001 "
		   "80000000 80000402 80000000");
	harness_finish();
}
END_TEST

static const struct op irq_words[] = { WORD, RET };
static const struct op nmi_words[] = { WORD, RET };

START_TEST(words_in_interrupts)
{
	static const struct op task[] = {
		RUN(100 * US),		 DO(op_preempt_disable),
		RUN(100 * US),		 DO(op_preempt_enable),
		DO(op_local_bh_disable), RUN(100 * US),
		DO(op_local_bh_enable),	 DIE,
	};
	struct harness_config config = { .nohz = true };

	harness_start(&config);
	harness_kthread("task", task, 0, 0);
	harness_irq_at(0, irq_words, 50 * US);
	harness_irq_at(0, irq_words, 150 * US);
	harness_irq_at(0, irq_words, 250 * US);
	harness_nmi_at(0, nmi_words, 60 * US);
	harness_nmi_at(0, nmi_words, 160 * US);
	harness_nmi_at(0, nmi_words, 260 * US);
	/* The idle task's standing count of one. */
	harness_irq_at(0, irq_words, 400 * US);
	harness_run(450 * US);
	check_text("80010000 80110000 80010001 80110001 80010200 80110200 "
		   "80010001");
	harness_finish();
}
END_TEST

static const struct op long_softirq[] = {
	WORD, RUN(50 * US),	      DO(op_local_bh_disable),
	WORD, DO(op_local_bh_enable), RET,
};
static const struct op long_irq[] = { WORD, RUN(20 * US), WORD, RET };
static const struct op user_hog[] = { RUN(MS), AGAIN(user_hog) };

START_TEST(words_in_softirqs)
{
	struct harness_config config = { 0 };

	harness_start(&config);
	h.softirq[NET_RX_SOFTIRQ] = long_softirq;
	harness_fair("hog", user_hog, 0, 0, 0);
	harness_irq_at(0, raise_net, 100 * US);
	harness_irq_at(0, long_irq, 110 * US);
	harness_nmi_at(0, nmi_words, 115 * US);
	harness_run(450 * US);
	/* Serving; a hardirq over it; an NMI over both; the hardirq goes on;
	 * bottom halves off inside. */
	check_text("80000100 80010100 80120100 80010100 80000300");
	harness_finish();
}
END_TEST

static void told_switch(void *data, const struct trace_record *record)
{
	unsigned int *n = data;

	ck_assert_uint_eq(preempt_count(&h.kernel->cpus[record->cpu]), 2);
	ck_assert(!cpu_irqs_on(&h.kernel->cpus[record->cpu].cpu));
	++*n;
}

/* Inside of a switch: one for schedule(), one for the run queue's lock. */
START_TEST(two_in_each_switch)
{
	static const struct op sleeper[] = { RUN(7 * US), SLEEP(20 * US),
					     AGAIN(sleeper) };
	struct harness_config config = { 0 };
	unsigned int n = 0;

	harness_start(&config);
	tracer_listen(&h.sim.tracer, TP_sched_switch, told_switch, &n);
	harness_fair("hog", user_hog, 0, 0, 0);
	harness_rt("a", sleeper, POLICY_FIFO, 3, 0, 10);
	harness_fair("b", user_hog, 0, 0, 20);
	harness_run(10 * MS);
	ck_assert_uint_gt(n, 100);
	harness_finish();
}
END_TEST

/*
 * Predicates
 */

static void set_word(uint32_t word)
{
	h.kernel->cpus[0].preempt_count = word;
}

#define check_context(nmi, hard, serving, any, task)            \
	do {                                                    \
		const struct kcpu *kc = &h.kernel->cpus[0];     \
                                                                \
		ck_assert(in_nmi(kc) == (nmi));                 \
		ck_assert(in_hardirq(kc) == (hard));            \
		ck_assert(in_serving_softirq(kc) == (serving)); \
		ck_assert(in_interrupt(kc) == (any));           \
		ck_assert(in_task(kc) == (task));               \
	} while (0)

START_TEST(predicates)
{
	struct harness_config config = { 0 };

	harness_start(&config);
	set_word(0x80000000);
	check_context(false, false, false, false, true);
	set_word(0x00000000);
	check_context(false, false, false, false, true);
	set_word(0x80000001);
	check_context(false, false, false, false, true);
	/* Bottom halves merely disabled count as an interrupt, not as one
	 * being served. */
	set_word(0x80000200);
	check_context(false, false, false, true, true);
	set_word(0x80000201);
	check_context(false, false, false, true, true);
	set_word(0x80000100);
	check_context(false, false, true, true, false);
	set_word(0x80000300);
	check_context(false, false, true, true, false);
	set_word(0x80010000);
	check_context(false, true, false, true, false);
	set_word(0x80110000);
	check_context(true, true, false, true, false);
	set_word(0x80120100);
	check_context(true, true, true, true, false);
	set_word(PREEMPT_ENABLED);
	harness_finish();
}
END_TEST

START_TEST(preemptible_needs_both)
{
	struct harness_config config = { 0 };
	struct kcpu *kc;

	harness_start(&config);
	kc = &h.kernel->cpus[0];
	cpu_open_irqs(&kc->cpu);
	ck_assert(preemptible(kc));
	ck_assert_uint_eq(preempt_count(kc), 0);
	set_preempt_need_resched(kc);
	ck_assert_uint_eq(kc->preempt_count, 0);
	ck_assert(preemptible(kc));
	clear_preempt_need_resched(kc);
	ck_assert_uint_eq(kc->preempt_count, 0x80000000);
	cpu_close_irqs(&kc->cpu);
	ck_assert(!preemptible(kc));
	cpu_open_irqs(&kc->cpu);
	preempt_count_add(kc, PREEMPT_OFFSET);
	ck_assert(!preemptible(kc));
	set_preempt_need_resched(kc);
	ck_assert_uint_eq(kc->preempt_count, 1);
	ck_assert_uint_eq(preempt_count(kc), 1);
	clear_preempt_need_resched(kc);
	ck_assert_uint_eq(kc->preempt_count, 0x80000001);
	preempt_count_sub(kc, PREEMPT_OFFSET);
	harness_finish();
}
END_TEST

static unsigned int nr_disable, nr_enable;

static void told_toggle(void *data, const struct trace_record *record)
{
	(void)record;
	++*(unsigned int *)data;
}

/* The tracepoints tell of the outermost level only, and how long. */
START_TEST(outermost_stretch)
{
	struct harness_config config = { 0 };
	struct kcpu *kc;

	nr_disable = nr_enable = 0;
	harness_start(&config);
	tracer_listen(&h.sim.tracer, TP_preempt_disable, told_toggle,
		      &nr_disable);
	tracer_listen(&h.sim.tracer, TP_preempt_enable, told_toggle,
		      &nr_enable);
	kc = &h.kernel->cpus[0];
	h.sim.now = 100;
	preempt_count_add(kc, PREEMPT_OFFSET);
	h.sim.now = 150;
	preempt_count_add(kc, SOFTIRQ_DISABLE_OFFSET);
	set_preempt_need_resched(kc);
	preempt_count_sub(kc, PREEMPT_OFFSET);
	ck_assert_uint_eq(nr_enable, 0);
	h.sim.now = 190;
	preempt_count_sub(kc, SOFTIRQ_DISABLE_OFFSET);
	ck_assert_uint_eq(nr_disable, 1);
	ck_assert_uint_eq(nr_enable, 1);
	ck_assert_int_eq(kc->preempt_off_max, 90);
	h.sim.now = 200;
	preempt_count_add(kc, PREEMPT_OFFSET);
	preempt_count_sub(kc, PREEMPT_OFFSET);
	ck_assert_int_eq(kc->preempt_off_max, 90);
	harness_finish();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("preempt-word");
	TCase *tc = tcase_create("preempt-word");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, words_in_task_context);
	tcase_add_test(tc, words_in_interrupts);
	tcase_add_test(tc, words_in_softirqs);
	tcase_add_test(tc, two_in_each_switch);
	tcase_add_test(tc, predicates);
	tcase_add_test(tc, preemptible_needs_both);
	tcase_add_test(tc, outermost_stretch);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
