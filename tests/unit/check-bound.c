/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The bound of the scheduling latency: solving for it, with the figures of its
 * paper, and finding its parts in runs that can be followed by hand.
 */
#include <config.h>

#include "kernel-harness.h"

#include "preemptsim/base/rng.h"
#include "preemptsim/measure/bound.h"

/*
 * Solving
 */

/* Figure 24 of the paper: what five vectors had in a window of the bound
 * without them, and what one of them has more in a longer one. */
static ktime_t window_of_the_paper(const void *data, ktime_t time)
{
	(void)data;
	return 0 + 16914 + 14588 + (time > 42212 ? 21029 : 20728) + 3299;
}

static ktime_t nothing(const void *data, ktime_t time)
{
	(void)data;
	(void)time;
	return 0;
}

START_TEST(the_example_of_the_paper)
{
	ktime_t base = MAX(22510, 19312) + 0 + 19702;

	ck_assert_int_eq(bound_fixpoint(base, nothing, NULL, (1000 * MS)),
			 42212);
	ck_assert_int_eq(base + window_of_the_paper(NULL, base), 97741);
	ck_assert_int_eq(
		bound_fixpoint(base, window_of_the_paper, NULL, (1000 * MS)),
		98042);
	ck_assert_int_eq(bound_fixpoint(base, window_of_the_paper, NULL, 98000),
			 NO_BOUND);
}
END_TEST

START_TEST(sporadic_interrupts)
{
	static const struct sporadic list[] = { { 5, 50 }, { 30, 200 } };
	ktime_t base = MAX(5, 60) + 1 + 20;

	ck_assert_int_eq(bound_sporadic(base, list, 0, 1000), 81);
	ck_assert_int_eq(bound_sporadic(base, list, 1, 1000), 91);
	ck_assert_int_eq(bound_sporadic(base, list, 2, 1000), 126);
}
END_TEST

/* One that takes longer than it is apart, and two that fill all time. */
START_TEST(too_many_interrupts_have_no_bound)
{
	static const struct sporadic one[] = { { 60, 50 } };
	static const struct sporadic two[] = { { 5, 10 }, { 10, 20 } };

	ck_assert_int_eq(bound_sporadic(1, one, 1, (1000 * MS)), NO_BOUND);
	ck_assert_int_eq(bound_sporadic(1, two, 2, (1000 * MS)), NO_BOUND);
}
END_TEST

/* Every 50 one of 5, as far as they came; then two in a row. */
START_TEST(interrupts_as_they_came)
{
	struct exec_log log;

	exec_log_init(&log, 100);
	ck_assert_int_eq(exec_log_bound(&log, 81), 81);
	for (int i = 0; i < 20; i++)
		exec_log_add(&log, i * 50, i * 50 + 5);
	ck_assert_int_eq(exec_log_bound(&log, 0), 5);
	ck_assert_int_eq(exec_log_bound(&log, 44), 49);
	ck_assert_int_eq(exec_log_bound(&log, 45), 55);
	ck_assert_int_eq(exec_log_bound(&log, 81), 91);
	exec_log_add(&log, 955, 985);
	ck_assert_int_eq(exec_log_bound(&log, 0), 35);
	ck_assert_int_eq(exec_log_bound(&log, 81), 121);
	exec_log_destroy(&log);
}
END_TEST

/* The longest wait, by walking from each interrupt. */
static ktime_t walked(const struct exec_log *log, ktime_t base)
{
	ktime_t longest = base;

	for (unsigned int i = 0; i < log->nr; i++) {
		ktime_t left = base, waited = log->list[i].busy;
		unsigned int k = i;

		for (; k + 1 < log->nr; k++) {
			ktime_t gap = log->list[k + 1].start - log->list[k].end;

			if (gap > left)
				break;
			left -= gap;
			waited += gap + log->list[k + 1].busy;
		}
		longest = MAX(longest, waited + left);
	}
	return longest;
}

/* Also a log that is too small: it may only say more. */
START_TEST(any_interrupts)
{
	struct exec_log log, small;
	struct rng rng;
	ktime_t t = 0;

	rng_init(&rng, 1, 0, "check-bound", "any");
	exec_log_init(&log, 100000);
	exec_log_init(&small, 50);
	for (int i = 0; i < 3000; i++) {
		ktime_t start = t + (ktime_t)(rng_next(&rng) % 200);

		t = start + 1 + (ktime_t)(rng_next(&rng) % 90);
		exec_log_add(&log, start, t);
		exec_log_add(&small, start, t);
	}
	ck_assert_uint_le(small.nr, 50);
	for (ktime_t base = 0; base < 5000; base += 37) {
		ktime_t exact = exec_log_bound(&log, base);

		ck_assert_int_eq(exact, walked(&log, base));
		ck_assert_int_ge(exec_log_bound(&small, base), exact);
	}
	exec_log_destroy(&log);
	exec_log_destroy(&small);
}
END_TEST

/*
 * Runs
 */

static const struct op handler[] = { RUN(20 * US), RET };
static const struct op waking_handler[] = { RUN(20 * US), WAKE(1), RET };
static const struct op urgent[] = { RUN(50 * US), DIE };

/* 500 us with preemption disabled, 100 us with interrupts disabled, and two
 * milliseconds of neither, in the kernel. */
static const struct op in_the_kernel[] = {
	SYSCALL,
	RUN(400 * US),
	DO(op_preempt_disable),
	RUN(500 * US),
	DO(op_preempt_enable),
	RUN(100 * US),
	DO(op_local_irq_disable),
	RUN(100 * US),
	DO(op_local_irq_enable),
	RUN(2000 * US),
	SYSRET,
	RUN(5000 * US),
	DIE,
};

static struct latency_bound bound_of_run(const char *model)
{
	const struct harness_config config = { .model = model, .hz = 100 };
	struct latency_bound bound;
	struct bounds *bounds;

	harness_start(&config);
	harness_fair("kernel", in_the_kernel, 0, 0, 0);
	harness_rt("urgent", urgent, POLICY_FIFO, 50, 0, KTIME_MAX);
	harness_irq_at(0, handler, 600 * US);
	harness_irq_at(0, waking_handler, 700 * US);
	bounds = bounds_start(h.kernel);
	harness_run(9 * MS);
	bound = bounds_get(bounds, 0);
	bounds_finish(bounds);
	harness_finish();
	return bound;
}

/* Both interrupts fall into the time with preemption disabled, and are not
 * counted in it.  The task waits from the second one's wakeup at 720 us to the
 * end, at 940 us. */
START_TEST(parts_under_full)
{
	struct latency_bound bound = bound_of_run("full");

	ck_assert_int_eq(bound.poid_ns, 500 * US);
	ck_assert_int_eq(bound.psd_ns, 0);
	ck_assert_int_eq(bound.st_ns, 0);
	ck_assert_int_eq(bound.paie_ns, 0);
	ck_assert_uint_eq(bound.latencies, 1);
	ck_assert_int_eq(bound.latency_max_ns, 220 * US);
	ck_assert_int_eq(bound.bound_ns, 540 * US);
}
END_TEST

/* Asked at 720 us, the kernel goes on until its system call ends at 3140 us:
 * that counts from 940 us, when preemption is enabled. */
START_TEST(parts_under_none)
{
	struct latency_bound bound = bound_of_run("none");

	ck_assert_int_eq(bound.poid_ns, 500 * US);
	ck_assert_int_eq(bound.paie_ns, 2200 * US);
	ck_assert_int_eq(bound.latency_max_ns, 2420 * US);
	ck_assert_int_eq(bound.bound_ns, 2740 * US);
}
END_TEST

/* What an interrupt leaves to a softirq at its end is none of its own time: the
 * task that it woke waits for that, and is switched to right behind it. */
START_TEST(softirqs_at_the_end_of_an_interrupt)
{
	static const struct op low[] = { SYSCALL, RUN(5000 * US), DIE };
	static const struct op leaving_handler[] = { RUN(20 * US), WAKE(1),
						     RAISE(NET_RX_SOFTIRQ),
						     RET };
	static const struct op softirq[] = { RUN(300 * US), RET };
	const struct harness_config config = { .hz = 100 };
	struct latency_bound bound;
	struct bounds *bounds;

	harness_start(&config);
	h.softirq[NET_RX_SOFTIRQ] = softirq;
	harness_fair("low", low, 0, 0, 0);
	harness_rt("urgent", urgent, POLICY_FIFO, 50, 0, KTIME_MAX);
	harness_irq_at(0, leaving_handler, 700 * US);
	bounds = bounds_start(h.kernel);
	harness_run(4 * MS);
	bound = bounds_get(bounds, 0);
	bounds_finish(bounds);
	ck_assert_int_eq(bound.poid_ns, 300 * US);
	ck_assert_int_eq(bound.psd_ns, 0);
	ck_assert_int_eq(bound.paie_ns, 0);
	ck_assert_int_eq(bound.latency_max_ns, 300 * US);
	ck_assert_int_eq(bound.bound_ns, 320 * US);
	harness_finish();
}
END_TEST

/* A request that may wait asks for nothing yet. */
START_TEST(lazy_requests_do_not_ask)
{
	static const struct op low[] = { SYSCALL,	RUN(900 * US), SYSRET,
					 RUN(100 * US), SYSCALL,       DIE };
	static const struct op fair[] = { RUN(10 * US), DIE };
	struct task_attr attr = { .comm = "low",
				  .policy = POLICY_IDLE,
				  .entry = low };
	const struct harness_config config = { .model = "lazy", .hz = 100 };
	struct latency_bound bound;
	struct bounds *bounds;

	harness_start(&config);
	harness_add(&attr, 0);
	harness_fair("fair", fair, 0, 0, KTIME_MAX);
	harness_irq_at(0, waking_handler, 200 * US);
	bounds = bounds_start(h.kernel);
	harness_run(4 * MS);
	bound = bounds_get(bounds, 0);
	bounds_finish(bounds);
	ck_assert_int_eq(bound.paie_ns, 0);
	harness_finish();
}
END_TEST

/* What the bound was of @low, @handler at 700 us and another one at 750 us, of
 * which each wakes a task of priority 50 that does @urgent. */
static struct latency_bound bound_of_two(const struct op *low,
					 enum policy policy)
{
	static const struct op wakes_2[] = { WAKE(2), RET };
	const struct harness_config config = { .hz = 100 };
	struct latency_bound bound;
	struct bounds *bounds;

	harness_start(&config);
	if (policy == POLICY_FIFO)
		harness_rt("low", low, POLICY_FIFO, 50, 0, 0);
	else
		harness_fair("low", low, 0, 0, 0);
	harness_rt("one", urgent, POLICY_FIFO, 50, 0, KTIME_MAX);
	harness_rt("two", urgent, POLICY_FIFO, 50, 0, KTIME_MAX);
	harness_irq_at(0, waking_handler, 700 * US);
	harness_irq_at(0, wakes_2, 750 * US);
	bounds = bounds_start(h.kernel);
	harness_run(9 * MS);
	bound = bounds_get(bounds, 0);
	bounds_finish(bounds);
	harness_finish();
	return bound;
}

/* Who waits behind somebody as urgent is not the most urgent; only that one's own
 * wakeup counts. */
START_TEST(behind_an_equal)
{
	static const struct op busy[] = { RUN(2000 * US), DIE };
	struct latency_bound bound = bound_of_two(busy, POLICY_FIFO);

	ck_assert_uint_eq(bound.latencies, 1);
	ck_assert_int_eq(bound.latency_max_ns, 0);
}
END_TEST

/* Of two that wait the first is the one that is not behind an equal. */
START_TEST(before_an_equal)
{
	struct latency_bound bound = bound_of_two(in_the_kernel, POLICY_OTHER);

	ck_assert_uint_eq(bound.latencies, 1);
	ck_assert_int_eq(bound.latency_max_ns, 200 * US);
}
END_TEST

static void lend(struct cpu *cpu, const struct op *op)
{
	struct kcpu *kc = to_kcpu(cpu);

	rt_mutex_setprio(kc, current_task(kc), (int)op->a.num, NULL);
}

/* Who runs was as urgent for a while, so who waits was not the most urgent. */
START_TEST(beside_a_lent_priority)
{
	static const struct op lent[] = {
		SYSCALL,       DO(op_preempt_disable),
		RUN(800 * US), { .exec = lend, .a.num = MAX_RT_PRIO - 1 - 60 },
		RUN(50 * US),  { .exec = lend, .a.num = DEFAULT_PRIO },
		RUN(50 * US),  DO(op_preempt_enable),
		SYSRET,	       DIE,
	};

	ck_assert_uint_eq(bound_of_two(lent, POLICY_OTHER).latencies, 0);
}
END_TEST

START_TEST(runs_are_merged)
{
	struct latency_bound a = { 1, 2, 3, 4, 10, 11, 1, 5 };
	const struct latency_bound b = { 4, 3, 2, 1, 9, -1, 2, 6 };

	latency_bound_merge(&a, &b);
	ck_assert_int_eq(a.psd_ns, 4);
	ck_assert_int_eq(a.st_ns, 3);
	ck_assert_int_eq(a.poid_ns, 3);
	ck_assert_int_eq(a.paie_ns, 4);
	ck_assert_int_eq(a.bound_ns, 10);
	ck_assert_int_eq(a.sporadic_ns, -1);
	ck_assert_uint_eq(a.latencies, 3);
	ck_assert_int_eq(a.latency_max_ns, 6);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("bound");
	TCase *tcase = tcase_create("bound");

	tcase_add_test(tcase, the_example_of_the_paper);
	tcase_add_test(tcase, sporadic_interrupts);
	tcase_add_test(tcase, too_many_interrupts_have_no_bound);
	tcase_add_test(tcase, interrupts_as_they_came);
	tcase_add_test(tcase, any_interrupts);
	tcase_add_test(tcase, parts_under_full);
	tcase_add_test(tcase, parts_under_none);
	tcase_add_test(tcase, softirqs_at_the_end_of_an_interrupt);
	tcase_add_test(tcase, lazy_requests_do_not_ask);
	tcase_add_test(tcase, behind_an_equal);
	tcase_add_test(tcase, before_an_equal);
	tcase_add_test(tcase, beside_a_lent_priority);
	tcase_add_test(tcase, runs_are_merged);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
