/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of preempt_count and of the reschedule points of each model.
 */
#include <config.h>

#include "kernel-harness.h"

/* Task 0 is the high one that others wake, task 1 does the test. */
static const struct op high_path[] = { NOTE('H'), BLOCK, AGAIN(high_path) };

static void make_high(void)
{
	harness_rt("high", high_path, POLICY_FIFO, 50, 0, KTIME_MAX);
}

static void run_kthread(const char *model, const struct op *path)
{
	struct harness_config config = { .model = model };

	harness_start(&config);
	make_high();
	harness_kthread("low", path, 0, 10 * US);
	harness_run(5 * MS);
}

/*
 * The word
 */

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

static const struct op raise_net[] = { RAISE(NET_RX_SOFTIRQ), RET };
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

/*
 * Mistakes
 */

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

/* A handler that leaves interrupts on: the kernel switches them off again, and
 * nobody comes in before the interrupt is over. */
START_TEST(handler_leaves_interrupts_on)
{
	static const struct op handler[] = { DO(op_local_irq_enable), RET };
	static const struct op another[] = { NOTE('i'), RET };
	static const struct costs costs = { .price = { [COST_DEVICE_IRQ] =
							       20 * US } };
	struct harness_config config = { .costs = &costs };

	harness_start(&config);
	harness_irq_at(0, handler, 50 * US);
	harness_irq_at(0, another, 60 * US);
	harness_run(900 * US);
	check_text("i70");
	harness_finish();
}
END_TEST

static void add_words(TCase *tc)
{
	tcase_add_test(tc, words_in_task_context);
	tcase_add_test(tc, words_in_interrupts);
	tcase_add_test(tc, words_in_softirqs);
	tcase_add_test(tc, two_in_each_switch);
	tcase_add_test(tc, predicates);
	tcase_add_test(tc, preemptible_needs_both);
	tcase_add_test(tc, outermost_stretch);
	tcase_add_test(tc, model_rows);
}

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

static void add_bottom_halves_and_mistakes(TCase *tc)
{
	tcase_add_test(tc, bh_enable_serves_first);
	tcase_add_test(tc, bh_enable_nests);
	tcase_add_test(tc, bh_off_holds_softirqs_up);
	tcase_add_test(tc, underflow);
	tcase_add_test(tc, bh_underflow);
	tcase_add_test(tc, unbalanced_system_call);
	tcase_add_test(tc, scheduling_while_atomic);
	tcase_add_test(tc, sleeping_in_atomic);
	tcase_add_test(tc, sleeping_in_atomic_is_told_once_a_second);
	tcase_add_test(tc, cond_resched_may_sleep);
	tcase_add_test(tc, blocking_while_not_running);
	tcase_add_test(tc, bh_enable_with_irqs_off);
	tcase_add_test(tc, unbalanced_handler);
	tcase_add_test(tc, handler_leaves_interrupts_on);
}

int main(void)
{
	Suite *suite = suite_create("preempt");
	TCase *tc = tcase_create("preempt");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_set_timeout(tc, 60);
	add_words(tc);
	add_points(tc);
	add_bottom_halves_and_mistakes(tc);
	suite_add_tcase(suite, tc);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
