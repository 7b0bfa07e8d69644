/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of softirqs: order, passes, and when ksoftirqd takes over.
 */
#include <config.h>

#include "kernel-harness.h"

static const struct op hog[] = { RUN(100 * MS), AGAIN(hog) };
static const struct op high[] = { NOTE('H'), BLOCK, AGAIN(high) };
static const struct op wake_high[] = { WAKE(0), RET };
static const struct op raise_hi[] = { RAISE(HI_SOFTIRQ), RET };
static const struct op raise_net[] = { RAISE(NET_RX_SOFTIRQ), RET };

static void start(unsigned int hz)
{
	struct harness_config config = { .hz = hz };

	harness_start(&config);
	harness_log_switches();
}

/* The text up to (without) the first mention of @word. */
static const char *up_to(const char *word)
{
	char *at = strstr(h.text->str, word);

	ck_assert_msg(at != NULL, "no %s in %s", word, h.text->str);
	g_string_truncate(h.text, (gsize)(at - h.text->str));
	return h.text->str;
}

static void told_entry(void *data, const struct trace_record *record)
{
	(void)data;
	g_string_append_printf(h.text, " %d", (int)record->a);
}

/* Vectors are served in ascending order, however they were raised. */
START_TEST(ascending)
{
	static const struct op handler[] = {
		RAISE(RCU_SOFTIRQ),	RAISE(NET_RX_SOFTIRQ),
		RAISE(HI_SOFTIRQ),	RAISE(SCHED_SOFTIRQ),
		RAISE(TASKLET_SOFTIRQ), RAISE(NET_RX_SOFTIRQ),
		RAISE(TIMER_SOFTIRQ),	RET,
	};
	struct harness_config config = { 0 };

	harness_start(&config);
	tracer_listen(&h.sim.tracer, TP_softirq_entry, told_entry, NULL);
	harness_irq_at(0, handler, 100 * US);
	harness_run(200 * US);
	check_text(" 0 1 3 6 7 9");
	harness_finish();
}
END_TEST

START_TEST(vector_names)
{
	ck_assert_uint_eq(NR_SOFTIRQS, 10);
	ck_assert_str_eq(softirq_choice(HI_SOFTIRQ)->name, "hi");
	ck_assert_str_eq(softirq_choice(NET_RX_SOFTIRQ)->name, "net_rx");
	ck_assert_str_eq(softirq_choice(RCU_SOFTIRQ)->name, "rcu");
	ck_assert_ptr_null(softirq_choice(NR_SOFTIRQS));
	ck_assert_int_eq(NET_RX_SOFTIRQ, 3);
	ck_assert_int_eq(RCU_SOFTIRQ, 9);
}
END_TEST

static const struct op forever_50[] = {
	NOTE('s'),
	RUN(50 * US),
	RAISE(NET_RX_SOFTIRQ),
	RET,
};

/* Ten passes and no more: 500 us. */
START_TEST(ten_passes)
{
	start(100);
	h.softirq[NET_RX_SOFTIRQ] = forever_50;
	harness_irq_at(0, raise_net, 100 * US);
	harness_run(5 * MS);
	ck_assert_str_eq(up_to("ksoftirqd/0@600 s600"),
			 "s100 s150 s200 s250 s300 s350 s400 s450 s500 s550 ");
	harness_finish();
}
END_TEST

static const char *const models[] = { "none", "voluntary", "full", "lazy" };

/* ksoftirqd is a fair task: it shares the CPU with a hog under every model (its
 * loop is a reschedule point: smpboot_thread_fn() has a preempt_enable(),
 * run_ksoftirqd() a cond_resched()).  Half and half, but for what softirqs at
 * the end of the hog's own ticks take of its turns; under lazy that is a third,
 * as a lazy request does not cut them short. */
START_TEST(ksoftirqd_is_fair)
{
	struct harness_config config = { .model = models[_i] };
	unsigned int i;
	ktime_t time;

	harness_start(&config);
	h.softirq[NET_RX_SOFTIRQ] = forever_50;
	i = harness_fair("hog", hog, 0, 0, 0);
	harness_irq_at(0, raise_net, 100 * US);
	harness_run(1000 * MS);
	time = harness_cpu_time(i);
	ck_assert_int_gt(time, (_i == 3 ? 250 : 450) * MS);
	ck_assert_int_lt(time, 550 * MS);
	harness_finish();
}
END_TEST

/* In jiffies the two milliseconds are two at HZ=1000: the first pass to end
 * at or after the second tick is the last. */
START_TEST(two_jiffies)
{
	static const struct op forever_300[] = {
		NOTE('s'),
		RUN(300 * US),
		RAISE(NET_RX_SOFTIRQ),
		RET,
	};

	start(1000);
	h.softirq[NET_RX_SOFTIRQ] = forever_300;
	harness_irq_at(0, raise_net, 100 * US);
	harness_run(5 * MS);
	ck_assert_str_eq(up_to("ksoftirqd/0@2200"),
			 "s100 s400 s700 s1000 s1300 s1600 s1900 ");
	harness_finish();
}
END_TEST

/* And one at HZ=250, of which little may be left. */
START_TEST(one_jiffy)
{
	static const struct op forever_300[] = {
		NOTE('s'),
		RUN(300 * US),
		RAISE(NET_RX_SOFTIRQ),
		RET,
	};

	start(250);
	h.softirq[NET_RX_SOFTIRQ] = forever_300;
	harness_irq_at(0, raise_net, 3500 * US);
	harness_run(8 * MS);
	ck_assert_str_eq(up_to("ksoftirqd/0@4100"), "s3500 s3800 ");
	harness_finish();
}
END_TEST

/* Whatever HZ is, msecs_to_jiffies() rounds up. */
static const struct {
	unsigned int hz;
	const char *passes, *next;
} jiffy[] = {
	{ 1000, "s3500 s4500 ", "ksoftirqd/0@5500" },
	{ 300, "s3500 s4500 s5500 s6500 ", "ksoftirqd/0@7500" },
	{ 250, "s3500 ", "ksoftirqd/0@4500" },
	{ 100, "s3500 s4500 s5500 s6500 s7500 s8500 s9500 ",
	  "ksoftirqd/0@10500" },
};

START_TEST(by_jiffies)
{
	static const struct op forever_1000[] = {
		NOTE('s'),
		RUN(1 * MS),
		RAISE(NET_RX_SOFTIRQ),
		RET,
	};

	start(jiffy[_i].hz);
	h.softirq[NET_RX_SOFTIRQ] = forever_1000;
	harness_irq_at(0, raise_net, 3500 * US);
	harness_run(20 * MS);
	ck_assert_str_eq(up_to(jiffy[_i].next), jiffy[_i].passes);
	harness_finish();
}
END_TEST

/* need_resched ends it after the pass in which it was set. */
START_TEST(need_resched_ends_it)
{
	start(100);
	h.softirq[NET_RX_SOFTIRQ] = forever_50;
	harness_rt("high", high, POLICY_FIFO, 10, 0, KTIME_MAX);
	harness_fair("hog", hog, 0, 0, 0);
	harness_irq_at(0, raise_net, 100 * US);
	harness_irq_at(0, wake_high, 220 * US);
	harness_run(1 * MS);
	ck_assert_str_eq(up_to("high@250 H250"), "hog@0 s100 s150 s200 ");
	harness_finish();
}
END_TEST

/* A request that may wait does not: all ten passes are made. */
START_TEST(lazy_request_does_not_end_it)
{
	static const struct op fair[] = { NOTE('f'), BLOCK, AGAIN(fair) };
	struct task_attr attr = { .comm = "low",
				  .policy = POLICY_IDLE,
				  .entry = hog };
	struct harness_config config = { .model = "lazy", .hz = 100 };

	harness_start(&config);
	harness_log_switches();
	h.softirq[NET_RX_SOFTIRQ] = forever_50;
	harness_fair("fair", fair, 0, 0, KTIME_MAX);
	harness_add(&attr, 0);
	harness_irq_at(0, raise_net, 100 * US);
	harness_irq_at(0, wake_high, 220 * US);
	harness_run(1 * MS);
	ck_assert_str_eq(up_to("fair@600 f600"),
			 "low@0 s100 s150 s200 s250 s300 s350 s400 s450 s500 "
			 "s550 ");
	harness_finish();
}
END_TEST

/* So it does if it was set before. */
START_TEST(need_resched_before)
{
	static const struct op both[] = { WAKE(0), RAISE(NET_RX_SOFTIRQ), RET };

	start(100);
	h.softirq[NET_RX_SOFTIRQ] = forever_50;
	harness_rt("high", high, POLICY_FIFO, 10, 0, KTIME_MAX);
	harness_fair("hog", hog, 0, 0, 0);
	harness_irq_at(0, both, 100 * US);
	harness_run(1 * MS);
	ck_assert_str_eq(up_to("high@150 H150"), "hog@0 s100 ");
	harness_finish();
}
END_TEST

static const struct op once[] = { NOTE('s'), RUN(50 * US), NOTE('e'), RET };
static const struct op quick[] = { NOTE('q'), RET };

/* Interrupts are on meanwhile; what they raise comes in the next pass, and
 * not at the nested interrupt's end. */
START_TEST(interruptible)
{
	start(100);
	h.softirq[NET_RX_SOFTIRQ] = once;
	h.softirq[HI_SOFTIRQ] = quick;
	harness_irq_at(0, raise_net, 100 * US);
	harness_irq_at(0, raise_hi, 120 * US);
	harness_irq_at(0, raise_net, 130 * US);
	harness_run(1 * MS);
	check_text("s100 e150 q150 s150 e200");
	harness_finish();
}
END_TEST

/* No switch happens in a softirq, full preemption or not. */
START_TEST(not_preempted)
{
	start(100);
	h.softirq[NET_RX_SOFTIRQ] = once;
	harness_rt("high", high, POLICY_FIFO, 10, 0, KTIME_MAX);
	harness_fair("hog", hog, 0, 0, 0);
	harness_irq_at(0, raise_net, 100 * US);
	harness_irq_at(0, wake_high, 110 * US);
	harness_run(1 * MS);
	check_text("hog@0 s100 e150 high@150 H150 hog@150");
	harness_finish();
}
END_TEST

/* Raised in task context it is ksoftirqd's. */
START_TEST(raised_by_a_task)
{
	static const struct op path[] = {
		RAISE(NET_RX_SOFTIRQ),
		NOTE('a'),
		RUN(30 * US),
		DIE,
	};
	struct task_attr attr = { .comm = "rt",
				  .policy = POLICY_FIFO,
				  .rt_priority = 1,
				  .entry = path,
				  .kthread = true };

	start(100);
	h.softirq[NET_RX_SOFTIRQ] = once;
	harness_add(&attr, 10 * US);
	harness_run(1 * MS);
	check_text("rt@10 a10 ksoftirqd/0@40 s40 e90 idle@90");
	harness_finish();
}
END_TEST

/* Unless an interrupt comes first. */
START_TEST(raised_by_a_task_and_served_by_an_interrupt)
{
	static const struct op path[] = {
		RAISE(NET_RX_SOFTIRQ), NOTE('a'), RUN(30 * US), NOTE('b'), DIE,
	};
	struct task_attr attr = { .comm = "rt",
				  .policy = POLICY_FIFO,
				  .rt_priority = 1,
				  .entry = path,
				  .kthread = true };

	start(100);
	h.softirq[NET_RX_SOFTIRQ] = once;
	harness_add(&attr, 10 * US);
	harness_irq_at(0, raise_hi, 20 * US);
	harness_run(1 * MS);
	check_text("rt@10 a10 s20 e70 b90 ksoftirqd/0@90 idle@90");
	harness_finish();
}
END_TEST

/* Nor in 6.1, where what ksoftirqd was woken for is its own, but for tasklets. */
START_TEST(left_to_ksoftirqd_alone)
{
	static const struct op path[] = {
		RAISE(NET_RX_SOFTIRQ), NOTE('a'), RUN(30 * US), NOTE('b'), DIE,
	};
	static const struct {
		const char *version;
		const struct op *raise;
		const char *text;
	} cases[] = {
		{ "6.6", raise_net, "a10 s20 e70 b90" },
		{ "6.1", raise_net, "a10 b40 s40 e90" },
		{ "6.1", raise_hi, "a10 s20 e70 b90" },
	};
	struct harness_config config = { .version = cases[_i].version };

	harness_start(&config);
	h.softirq[NET_RX_SOFTIRQ] = once;
	harness_rt("rt", path, POLICY_FIFO, 1, 0, 10 * US);
	harness_irq_at(0, cases[_i].raise, 20 * US);
	harness_run(1 * MS);
	check_text(cases[_i].text);
	harness_finish();
}
END_TEST

/* But not the one that asks to reschedule: that is left in a hurry. */
START_TEST(raised_by_a_task_and_not_served_by_an_ipi)
{
	static const struct op raiser[] = {
		RAISE(NET_RX_SOFTIRQ), NOTE('a'), RUN(30 * US), NOTE('b'), DIE,
	};
	struct harness_config config = { .model = _i ? "full" : "none",
					 .nr_cpus = 2 };

	harness_start(&config);
	h.softirq[NET_RX_SOFTIRQ] = once;
	harness_rt("high", high, POLICY_FIFO, 10, 0, KTIME_MAX);
	harness_kthread("raiser", raiser, 0, 10 * US);
	harness_irq_at(1, wake_high, 20 * US);
	harness_run(1 * MS);
	check_text(_i ? "a10 H20 s20 e70 b90" : "a10 b40 H40 s40 e90");
	harness_finish();
}
END_TEST

/* With bottom halves off in a task: at their enabling, by the task. */
START_TEST(raised_with_bottom_halves_off)
{
	static const struct op path[] = {
		DO(op_local_bh_disable),
		RAISE(NET_RX_SOFTIRQ),
		NOTE('a'),
		RUN(30 * US),
		DO(op_local_bh_enable),
		NOTE('b'),
		DIE,
	};

	start(100);
	h.softirq[NET_RX_SOFTIRQ] = once;
	harness_kthread("kt", path, 0, 10 * US);
	harness_run(1 * MS);
	check_text("kt@10 a10 s40 e90 b90 idle@90");
	harness_finish();
}
END_TEST

static void told_raise(void *data, const struct trace_record *record)
{
	(void)record;
	++*(unsigned int *)data;
}

START_TEST(tracepoints)
{
	unsigned int raised = 0, entered = 0, left = 0;

	start(100);
	tracer_listen(&h.sim.tracer, TP_softirq_raise, told_raise, &raised);
	tracer_listen(&h.sim.tracer, TP_softirq_entry, told_raise, &entered);
	tracer_listen(&h.sim.tracer, TP_softirq_exit, told_raise, &left);
	h.softirq[NET_RX_SOFTIRQ] = once;
	harness_irq_at(0, raise_net, 100 * US);
	harness_irq_at(0, raise_net, 110 * US);
	harness_irq_at(0, raise_net, 120 * US);
	harness_run(1 * MS);
	ck_assert_uint_eq(raised, 3);
	ck_assert_uint_eq(entered, 2);
	ck_assert_uint_eq(left, 2);
	harness_finish();
}
END_TEST

START_TEST(accounted)
{
	start(100);
	h.softirq[NET_RX_SOFTIRQ] = once;
	harness_fair("hog", hog, 0, 0, 0);
	harness_irq_at(0, raise_net, 100 * US);
	harness_run(1 * MS);
	ck_assert_int_eq(cpu_acct_time(&h.kernel->cpus[0].cpu, ACCT_SOFTIRQ),
			 50 * US);
	ck_assert_int_eq(h.kernel->cpus[0].cpu.time[ACCT_SOFTIRQ], 50 * US);
	harness_finish();
}
END_TEST

START_TEST(unbalanced_action)
{
	static const struct op action[] = { DO(op_preempt_disable), RET };
	static const struct op path[] = { RUN(200 * US), WORD, SYSCALL, DIE };
	struct harness_config config = { 0 };

	harness_start(&config);
	h.warnings_expected = true;
	h.softirq[NET_RX_SOFTIRQ] = action;
	harness_fair("task", path, 0, 0, 0);
	harness_irq_at(0, raise_net, 100 * US);
	harness_run(1 * MS - 1);
	ck_assert_uint_eq(h.warnings, 1);
	ck_assert_str_eq(h.warned, "preempt_count_imbalance");
	check_text("80000000");
	harness_finish();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("softirq");
	TCase *tc = tcase_create("softirq");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, ascending);
	tcase_add_test(tc, vector_names);
	tcase_add_test(tc, ten_passes);
	tcase_add_loop_test(tc, ksoftirqd_is_fair, 0, 4);
	tcase_add_test(tc, two_jiffies);
	tcase_add_test(tc, one_jiffy);
	tcase_add_loop_test(tc, by_jiffies, 0, G_N_ELEMENTS(jiffy));
	tcase_add_test(tc, need_resched_ends_it);
	tcase_add_test(tc, need_resched_before);
	tcase_add_test(tc, lazy_request_does_not_end_it);
	tcase_add_test(tc, interruptible);
	tcase_add_test(tc, not_preempted);
	tcase_add_test(tc, raised_by_a_task);
	tcase_add_test(tc, raised_by_a_task_and_served_by_an_interrupt);
	tcase_add_loop_test(tc, left_to_ksoftirqd_alone, 0, 3);
	tcase_add_loop_test(tc, raised_by_a_task_and_not_served_by_an_ipi, 0,
			    2);
	tcase_add_test(tc, raised_with_bottom_halves_off);
	tcase_add_test(tc, tracepoints);
	tcase_add_test(tc, accounted);
	tcase_add_test(tc, unbalanced_action);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
