/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of preempt_count's word in every layout, of what is asked of it, and
 * of the two things that a layout decides: who sees need_resched when, and
 * whose the word is.  All words and answers are those of running code.
 */
#include <config.h>

#include "kernel-harness.h"

/* The layouts, and what stands in front of the words of each. */
static const char *const layouts[] = { "x86", "generic", "arm64", "v7.3",
				       "v7.3-64" };

/* Runs what @setup makes on every layout, and expects the text of each. */
static void check_layouts(void (*setup)(void), const char *const *expected)
{
	ck_assert_ptr_null(preempt_layout_choice(G_N_ELEMENTS(layouts)));
	for (unsigned int i = 0; i < G_N_ELEMENTS(layouts); i++) {
		struct harness_config config = { .layout = layouts[i] };

		harness_start(&config);
		setup();
		harness_run(900 * US);
		ck_assert_msg(strcmp(h.text->str, expected[i]) == 0,
			      "%s: %s, not %s", layouts[i], h.text->str,
			      expected[i]);
		harness_finish();
	}
}

/*
 * Words in a task
 */

static const struct op high_path[] = { RUN(US), BLOCK, AGAIN(high_path) };

/* Preemptible; under a spinlock; bottom halves off; both; nested. */
static const struct op task_words[] = {
	WORD,
	LOCK(0, LOCK_PLAIN),
	WORD,
	UNLOCK(0, LOCK_PLAIN),
	DO(op_local_bh_disable),
	WORD,
	DO(op_local_bh_enable),
	LOCK(0, LOCK_BH),
	WORD,
	UNLOCK(0, LOCK_BH),
	LOCK(0, LOCK_IRQSAVE),
	WORD,
	UNLOCK(0, LOCK_IRQSAVE),
	DO(op_local_bh_disable),
	DO(op_local_bh_disable),
	DO(op_preempt_disable),
	DO(op_preempt_disable),
	DO(op_preempt_disable),
	WORD,
	DO(op_preempt_enable),
	DO(op_preempt_enable),
	DO(op_preempt_enable),
	DO(op_local_bh_enable),
	DO(op_local_bh_enable),
	WORD,
	DIE,
};

static void setup_task_words(void)
{
	harness_kthread("low", task_words, 0, 10 * US);
}

START_TEST(words_in_task_context)
{
	static const char *const expected[] = {
		"80000000 80000001 80000200 80000201 80000001 80000403 "
		"80000000",
		"00000000 00000001 00000200 00000201 00000001 00000403 "
		"00000000",
		"0000000100000000 0000000100000001 0000000100000200 "
		"0000000100000201 0000000100000001 0000000100000403 "
		"0000000100000000",
		"80000000 80000001 80000200 80000201 80000001 80000403 "
		"80000000",
		"8000000000000000 8000000000000001 8000000000000200 "
		"8000000000000201 8000000000000001 8000000000000403 "
		"8000000000000000",
	};

	check_layouts(setup_task_words, expected);
}
END_TEST

/* need_resched set while preemption is off, at interrupts off with a count of
 * zero, and gone after the switch. */
static const struct op resched_words[] = {
	DO(op_preempt_disable),
	WAKE(0),
	WORD,
	DO(op_local_irq_disable),
	DO(op_preempt_enable),
	WORD,
	DO(op_local_irq_enable),
	DO(op_preempt_check_resched),
	WORD,
	DIE,
};

static void setup_resched_words(void)
{
	harness_rt("high", high_path, POLICY_FIFO, 50, 0, KTIME_MAX);
	harness_kthread("low", resched_words, 0, 10 * US);
}

START_TEST(words_with_need_resched)
{
	static const char *const expected[] = {
		"00000001 00000000 80000000",
		"00000001 00000000 00000000",
		"0000000000000001 0000000000000000 0000000100000000",
		"00000001 00000000 80000000",
		"0000000000000001 0000000000000000 8000000000000000",
	};

	check_layouts(setup_resched_words, expected);
}
END_TEST

/*
 * Words in interrupts
 */

static const struct op word_path[] = { WORD, RET };
static const struct op long_word[] = { RUN(10 * US), WORD, RUN(10 * US), RET };
static const struct op raise_net[] = { RAISE(NET_RX_SOFTIRQ), RET };
static const struct op net_rx[] = {
	WORD, RUN(100 * US),	      DO(op_local_bh_disable),
	WORD, DO(op_local_bh_enable), RET
};
static const struct op locked[] = { LOCK(0, LOCK_PLAIN), RUN(50 * US),
				    UNLOCK(0, LOCK_PLAIN), RUN(800 * US), DIE };

/* Over the idle task; over a spinlock; serving a softirq, an interrupt over
 * it, and an NMI over that. */
static void setup_interrupts(void)
{
	h.softirq[NET_RX_SOFTIRQ] = net_rx;
	harness_irq_at(0, word_path, 50 * US);
	harness_kthread("low", locked, 0, 100 * US);
	harness_irq_at(0, word_path, 110 * US);
	harness_irq_at(0, word_path, 200 * US);
	harness_irq_at(0, raise_net, 300 * US);
	harness_irq_at(0, long_word, 310 * US);
	harness_nmi_at(0, word_path, 325 * US);
	harness_nmi_at(0, word_path, 600 * US);
}

START_TEST(words_in_interrupts)
{
	static const char *const expected[] = {
		"80010001 80010001 80010000 80000100 80010100 80120100 "
		"80000300 80110000",
		"00010001 00010001 00010000 00000100 00010100 00120100 "
		"00000300 00110000",
		"0000000100010001 0000000100010001 0000000100010000 "
		"0000000100000100 0000000100010100 0000000100120100 "
		"0000000100000300 0000000100110000",
		"81000001 81000001 81000000 80000100 81000100 92000100 "
		"80000300 91000000",
		"8000000001000001 8000000001000001 8000000001000000 "
		"8000000000000100 8000000001000100 8000000012000100 "
		"8000000000000300 8000000011000000",
	};

	check_layouts(setup_interrupts, expected);
}
END_TEST

/* The idle task's standing one, and two in every switch. */
static void told_switch(void *data, const struct trace_record *record)
{
	struct kcpu *kc = &h.kernel->cpus[record->cpu];
	unsigned int *n = data;

	ck_assert_uint_eq(preempt_count(kc), 2);
	ck_assert(in_atomic_preempt_off(kc));
	ck_assert(!preemptible(kc));
	++*n;
}

START_TEST(two_in_each_switch)
{
	static const struct op sleeper[] = { RUN(7 * US), SLEEP(20 * US),
					     AGAIN(sleeper) };
	static const struct op hog[] = { RUN(MS), AGAIN(hog) };
	struct harness_config config = { .layout = layouts[_i], .nr_cpus = 2 };
	unsigned int n = 0;

	harness_start(&config);
	tracer_listen(&h.sim.tracer, TP_sched_switch, told_switch, &n);
	harness_fair("hog", hog, 0, 0, 0);
	harness_rt("a", sleeper, POLICY_FIFO, 3, -1, 10);
	harness_rt("c", sleeper, POLICY_FIFO, 3, -1, 10);
	harness_fair("b", hog, 0, 0, 20);
	harness_run(10 * MS);
	ck_assert_uint_gt(n, 100);
	for (unsigned int i = 0; i < h.nr_tasks; i++)
		if (h.task[i].placed &&
		    h.kernel->cpus[h.task[i].cpu].rq.curr != &h.task[i])
			ck_assert_uint_eq(h.task[i].preempt_count,
					  FORK_PREEMPT_COUNT);
	harness_finish();
}
END_TEST

/*
 * What is asked
 */

/* The answers here, as letters, and the level. */
static void note_answers(struct cpu *cpu, const struct op *op)
{
	const struct kcpu *kc = to_kcpu(cpu);
	const struct {
		char letter;
		bool yes;
	} answer[] = {
		{ 'n', in_nmi(kc) },
		{ 'h', in_hardirq(kc) },
		{ 's', in_serving_softirq(kc) },
		{ 'i', in_interrupt(kc) },
		{ 't', in_task(kc) },
		{ 'a', in_atomic(kc) },
		{ 'o', in_atomic_preempt_off(kc) },
		{ 'p', preemptible(kc) },
	};

	(void)op;
	g_string_append(h.text, h.text->len ? " " : "");
	for (unsigned int i = 0; i < G_N_ELEMENTS(answer); i++)
		if (answer[i].yes)
			g_string_append_c(h.text, answer[i].letter);
	g_string_append_printf(h.text, "%u.%x", interrupt_context_level(kc),
			       softirq_count(kc));
}

#define ASK DO(note_answers)

static const struct op ask_path[] = { ASK, RET };
static const struct op long_ask[] = { RUN(10 * US), ASK, RUN(10 * US), RET };
static const struct op net_ask[] = { ASK, RUN(100 * US), RET };

/* A task as it is; interrupts off; preemption off, which is what who asks
 * in_atomic_preempt_off() has done; twice; bottom halves off. */
static const struct op task_asks[] = {
	ASK,
	DO(op_local_irq_disable),
	ASK,
	DO(op_local_irq_enable),
	DO(op_preempt_disable),
	ASK,
	DO(op_preempt_disable),
	ASK,
	DO(op_preempt_enable),
	DO(op_preempt_enable),
	DO(op_local_bh_disable),
	ASK,
	DO(op_local_bh_enable),
	RUN(500 * US),
	DIE,
};

static void setup_asks(void)
{
	h.softirq[NET_RX_SOFTIRQ] = net_ask;
	harness_kthread("low", task_asks, 0, 100 * US);
	harness_irq_at(0, ask_path, 200 * US);
	harness_nmi_at(0, ask_path, 250 * US);
	harness_irq_at(0, raise_net, 300 * US);
	harness_irq_at(0, long_ask, 310 * US);
	harness_nmi_at(0, ask_path, 325 * US);
}

START_TEST(predicates)
{
	static const char answers[] =
		"top0.0 to0.0 ta0.0 tao0.0 itao0.200 hiao2.0 nhiao3.0 "
		"siao1.100 hsiao2.100 nhsiao3.100";
	const char *expected[G_N_ELEMENTS(layouts)];

	for (unsigned int i = 0; i < G_N_ELEMENTS(layouts); i++)
		expected[i] = answers;
	check_layouts(setup_asks, expected);
}
END_TEST

/*
 * need_resched of another CPU: with interrupts delivered after 50 us, CPU 0
 * wakes at 100 us the high task of CPU 1, whose low one runs in the kernel.
 */

static const struct op note_high[] = { NOTE('H'), BLOCK, AGAIN(note_high) };
static const struct op waker[] = { RUN(100 * US), WAKE(0), DIE };
static const struct op nothing[] = { RET };

/* Runs @low on CPU 1 from 0 on, under @model; when does H begin? */
static void check_remote(const char *model, const struct op *low, bool irq,
			 const char *with_bit, const char *without)
{
	for (unsigned int i = 0; i < G_N_ELEMENTS(layouts); i++) {
		struct harness_config config = { .model = model,
						 .layout = layouts[i],
						 .nr_cpus = 2 };
		bool bit;

		harness_start(&config);
		bit = h.kernel->layout->resched.bits;
		h.kernel->config.costs.price[COST_IPI_DELIVERY] = 50 * US;
		harness_rt("high", note_high, POLICY_FIFO, 50, 1, KTIME_MAX);
		harness_kthread("waker", waker, 0, 0);
		harness_kthread("low", low, 1, 0);
		if (irq)
			harness_irq_at(1, nothing, 120 * US);
		harness_run(900 * US);
		ck_assert_msg(!strcmp(h.text->str, bit ? with_bit : without),
			      "%s: %s", layouts[i], h.text->str);
		harness_finish();
	}
}

/* preempt_enable() looks at the bit where there is one, which the interrupt
 * at 150 us brings; the flag is seen at the first look. */
START_TEST(preempt_enable_and_remote_flag)
{
	static const struct op low[] = {
		RUN(120 * US),
		DO(op_preempt_disable),
		DO(op_preempt_enable),
		RUN(500 * US),
		DIE,
	};

	check_remote("full", low, false, "H150", "H120");
}
END_TEST

START_TEST(cond_resched_and_remote_flag)
{
	static const struct op low[] = {
		RUN(120 * US),		 CALL(cond_resched_path), RUN(60 * US),
		CALL(cond_resched_path), RUN(500 * US),		  DIE,
	};

	check_remote("none", low, false, "H180", "H120");
}
END_TEST

/* The end of an interrupt looks at the flag itself in every layout. */
START_TEST(interrupt_exit_and_remote_flag)
{
	static const struct op low[] = { RUN(600 * US), DIE };

	check_remote("full", low, true, "H120", "H120");
}
END_TEST

/* Whose the word is: a task that was switched out keeps its own, and one that
 * was spoilt meanwhile is noticed. */
START_TEST(spoilt_word_is_noticed)
{
	static const struct op sleeper[] = { SLEEP(100 * US), DIE };
	struct harness_config config = { .layout = "generic" };

	harness_start(&config);
	harness_kthread("low", sleeper, 0, 10 * US);
	harness_run(50 * US);
	h.task[0].preempt_count++;
	harness_run(500 * US);
}
END_TEST

/*
 * The tracepoint
 */

static void told_change(void *data, const struct trace_record *record)
{
	const struct kcpu *kc = &h.kernel->cpus[record->cpu];

	(void)data;
	ck_assert_uint_eq((uint64_t)record->b, kc->preempt_count);
	if (record->a == record->b)
		return;
	g_string_append_printf(h.text, "%s%s:%x>%x", h.text->len ? " " : "",
			       (const char *)record->object,
			       (uint32_t)record->a, (uint32_t)record->b);
}

static void listen(struct cpu *cpu, const struct op *op)
{
	(void)op;
	tracer_listen(&cpu->sim->tracer, TP_preempt_count, told_change, NULL);
}

/* Each change is told, by the name of who made it. */
START_TEST(changes_are_told)
{
	static const struct op path[] = {
		DO(listen),
		LOCK(0, LOCK_PLAIN),
		UNLOCK(0, LOCK_PLAIN),
		LOCK(0, LOCK_BH),
		UNLOCK(0, LOCK_BH),
		LOCK(0, LOCK_IRQSAVE),
		UNLOCK(0, LOCK_IRQSAVE),
		DO(op_local_bh_disable),
		DO(op_local_bh_enable),
		DO(op_preempt_disable),
		WAKE(0),
		DO(op_preempt_enable),
		DO(op_preempt_disable),
		DO(op_preempt_enable_no_resched),
		RUN(20 * US),
		DIE,
	};
	struct harness_config config = { 0 };

	harness_start(&config);
	harness_rt("high", note_high, POLICY_FIFO, 50, 0, KTIME_MAX);
	harness_kthread("low", path, 0, 10 * US);
	harness_irq_at(0, nothing, 15 * US);
	harness_run(20 * US);
	check_text(
		"spin_lock:80000000>80000001 "
		"spin_unlock:80000001>80000000 "
		"spin_lock_bh:80000000>80000201 "
		"spin_unlock_bh:80000201>80000200 "
		"local_bh_enable:80000200>80000001 "
		"local_bh_enable:80000001>80000000 "
		"spin_lock_irqsave:80000000>80000001 "
		"spin_unlock_irqrestore:80000001>80000000 "
		"local_bh_disable:80000000>80000200 "
		"local_bh_enable:80000200>80000001 "
		"local_bh_enable:80000001>80000000 "
		"preempt_disable:80000000>80000001 "
		"preempt_disable:80000001>80000002 "
		"set_preempt_need_resched:80000002>2 "
		"preempt_enable:2>1 "
		"preempt_enable:1>0 "
		"preempt_schedule:0>1 rq_lock:1>2 "
		"clear_preempt_need_resched:2>80000002 "
		"rq_unlock:80000002>80000001 schedule_tail:80000001>80000000 "
		"H10 schedule:80000000>80000001 rq_lock:80000001>80000002 "
		"rq_unlock:80000002>80000001 "
		"preempt_schedule:80000001>80000000 "
		"preempt_disable:80000000>80000001 "
		"preempt_enable_no_resched:80000001>80000000 "
		"irq_enter:80000000>80010000 irq_exit:80010000>80000000");
	harness_finish();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("preempt-count");
	TCase *words = tcase_create("words");
	TCase *questions = tcase_create("questions");
	SRunner *runner;
	int failed;

	tcase_add_test(words, words_in_task_context);
	tcase_add_test(words, words_with_need_resched);
	tcase_add_test(words, words_in_interrupts);
	tcase_add_loop_test(words, two_in_each_switch, 0,
			    G_N_ELEMENTS(layouts));
	tcase_add_test(words, changes_are_told);
	suite_add_tcase(suite, words);
	tcase_add_test(questions, predicates);
	tcase_add_test(questions, preempt_enable_and_remote_flag);
	tcase_add_test(questions, cond_resched_and_remote_flag);
	tcase_add_test(questions, interrupt_exit_and_remote_flag);
	suite_add_tcase(suite, questions);
	runner = srunner_create(suite);
	if (srunner_fork_status(runner) == CK_FORK)
		tcase_add_exit_test(questions, spoilt_word_is_noticed, 70);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
