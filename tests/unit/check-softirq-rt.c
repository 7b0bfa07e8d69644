/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of softirqs under rt, and where interrupts are forced into threads:
 * who serves them, and who may come in between.
 */
#include <config.h>

#include "kernel-harness.h"

static const struct op hog[] = { RUN(100 * MS), AGAIN(hog) };
static const struct op high[] = { NOTE('H'), BLOCK, AGAIN(high) };
static const struct op wake_high[] = { WAKE(0), RET };
static const struct op raise_net[] = { RAISE(NET_RX_SOFTIRQ), RET };
static const struct op once[] = { NOTE('s'), RUN(50 * US), NOTE('t'), RET };

static void start_model(const char *model, bool threadirqs)
{
	struct harness_config config = { .model = model,
					 .hz = 100,
					 .threadirqs = threadirqs };

	harness_start(&config);
	harness_log_switches();
}

/* What fair tasks begin with is a soft timer, which ktimers serves. */
static void start(void)
{
	start_model("rt", false);
}

static void count(struct cpu *cpu, const struct op *op)
{
	const struct kcpu *kc = to_kcpu(cpu);

	(void)op;
	g_string_append_printf(
		h.text, "%s%08x/%03x%s%s%s", h.text->len ? " " : "",
		kc->preempt_count, current_task(kc)->softirq_disable_cnt,
		in_interrupt(kc) ? "i" : "", in_serving_softirq(kc) ? "s" : "",
		in_task(kc) ? "t" : "");
}

/* The counts are the task's: 0x200 for each local_bh_disable(), 0x100 while
 * softirqs are served, which the outermost local_bh_enable() does. */
START_TEST(counts)
{
	static const struct op action[] = { DO(count), DO(op_local_bh_disable),
					    DO(count), DO(op_local_bh_enable),
					    DO(count), RET };
	static const struct op path[] = {
		DO(count),
		DO(op_local_bh_disable),
		DO(count),
		DO(op_local_bh_disable),
		DO(count),
		RAISE(NET_RX_SOFTIRQ),
		DO(op_local_bh_enable),
		DO(count),
		DO(op_local_bh_enable),
		DO(count),
		DIE,
	};
	struct harness_config config = { .model = "rt" };

	harness_start(&config);
	h.softirq[NET_RX_SOFTIRQ] = action;
	harness_kthread("kt", path, 0, 10 * US);
	harness_run(1 * MS - 1);
	check_text("80000000/000t 80000000/200it 80000000/400it "
		   "80000000/200it 80000000/100is 80000000/300is "
		   "80000000/100is 80000000/000t");
	ck_assert_uint_eq(h.kernel->cpus[0].softirq.disable_cnt, 0);
	ck_assert_uint_eq(h.task[0].migration_disabled, 0);
	harness_finish();
}
END_TEST

/* A task with bottom halves off is preempted all the same. */
START_TEST(preempted_with_bottom_halves_off)
{
	static const struct op path[] = {
		DO(op_local_bh_disable),
		RUN(100 * US),
		DO(op_local_bh_enable),
		NOTE('b'),
		DIE,
	};

	start();
	harness_rt("high", high, POLICY_FIFO, 10, 0, KTIME_MAX);
	harness_kthread("kt", path, 0, 0);
	harness_irq_at(0, wake_high, 50 * US);
	harness_run(1 * MS);
	check_text("ktimers/0@0 kt@0 high@50 H50 kt@50 b100 idle@100");
	harness_finish();
}
END_TEST

/* Nor is one that serves a softirq spared. */
START_TEST(preempted_while_serving)
{
	static const struct op path[] = {
		DO(op_local_bh_disable),
		RAISE(NET_RX_SOFTIRQ),
		DO(op_local_bh_enable),
		NOTE('b'),
		DIE,
	};

	start();
	h.softirq[NET_RX_SOFTIRQ] = once;
	harness_rt("high", high, POLICY_FIFO, 10, 0, KTIME_MAX);
	harness_kthread("kt", path, 0, 0);
	harness_irq_at(0, wake_high, 20 * US);
	harness_run(1 * MS);
	check_text("ktimers/0@0 kt@0 s0 high@20 H20 kt@20 t50 b50 idle@50");
	ck_assert_int_eq(cpu_acct_time(&h.kernel->cpus[0].cpu, ACCT_SOFTIRQ),
			 50 * US);
	harness_finish();
}
END_TEST

/* What an interrupt raises is ksoftirqd's, wherever interrupts are forced into
 * threads. */
START_TEST(interrupt_wakes_ksoftirqd)
{
	start_model(_i ? "rt" : "full", !_i);
	h.softirq[NET_RX_SOFTIRQ] = once;
	harness_irq_at(0, raise_net, 100 * US);
	harness_run(1 * MS);
	check_text("ksoftirqd/0@100 s100 t150 idle@150");
	harness_finish();
}
END_TEST

/* One that is awake already, but has to wait for the CPU, is not woken again:
 * that would take time. */
START_TEST(ksoftirqd_is_awake)
{
	static const struct op path[] = { RUN(1000 * US), NOTE('e'), DIE };
	static const struct costs costs = {
		.price = { [COST_WAKEUP] = 10 * US },
	};
	struct harness_config config = { .model = "rt",
					 .hz = 100,
					 .costs = &costs };

	harness_start(&config);
	h.softirq[NET_RX_SOFTIRQ] = once;
	harness_rt("busy", path, POLICY_FIFO, 50, 0, 0);
	harness_boot();
	harness_run(50 * US);
	harness_clear();
	harness_irq_at(0, raise_net, 100 * US);
	harness_irq_at(0, raise_net, 300 * US);
	harness_irq_at(0, raise_net, 500 * US);
	harness_run(1500 * US);
	check_text("e1020 s1020 t1070");
	harness_finish();
}
END_TEST

/* Unless it hits a task with bottom halves off, which is going to serve it. */
START_TEST(left_to_the_task)
{
	static const struct op path[] = {
		DO(op_local_bh_disable),
		RUN(100 * US),
		DO(op_local_bh_enable),
		NOTE('b'),
		DIE,
	};

	start();
	h.softirq[NET_RX_SOFTIRQ] = once;
	harness_kthread("kt", path, 0, 0);
	harness_irq_at(0, raise_net, 50 * US);
	harness_run(1 * MS);
	check_text("ktimers/0@0 kt@0 s100 t150 b150 idle@150");
	harness_finish();
}
END_TEST

/* Even if that has been preempted. */
START_TEST(left_to_a_preempted_task)
{
	static const struct op path[] = {
		DO(op_local_bh_disable),
		RUN(100 * US),
		DO(op_local_bh_enable),
		NOTE('b'),
		DIE,
	};
	static const struct op busy[] = { NOTE('H'), RUN(40 * US), DIE };

	start();
	h.softirq[NET_RX_SOFTIRQ] = once;
	harness_rt("high", busy, POLICY_FIFO, 10, 0, 50 * US);
	harness_kthread("kt", path, 0, 0);
	harness_irq_at(0, raise_net, 60 * US);
	harness_run(1 * MS);
	check_text(
		"ktimers/0@0 kt@0 high@50 H50 kt@90 s140 t190 b190 idle@190");
	harness_finish();
}
END_TEST

/* What cannot be preempted serves nothing. */
START_TEST(not_served_with_preemption_off)
{
	static const struct op path[] = {
		DO(op_preempt_disable), DO(op_local_bh_disable),
		RAISE(NET_RX_SOFTIRQ),	DO(op_local_bh_enable),
		RUN(100 * US),		NOTE('b'),
		DO(op_preempt_enable),	DIE,
	};

	start();
	h.softirq[NET_RX_SOFTIRQ] = once;
	harness_kthread("kt", path, 0, 0);
	harness_run(1 * MS);
	check_text("ktimers/0@0 kt@0 b100 ksoftirqd/0@100 s100 t150 idle@150");
	harness_finish();
}
END_TEST

/* Two sections that should exclude each other, of which the second can't wait:
 * that is a mistake, told once, with the lock of bottom halves and without.  Who
 * can be preempted, or is in such a section already, makes none. */
START_TEST(disabled_with_preemption_off)
{
	static const struct op section[] = { DO(op_local_bh_disable),
					     DO(op_preempt_disable),
					     DO(op_local_bh_disable),
					     DO(op_local_bh_enable),
					     DO(op_preempt_enable),
					     DO(op_local_bh_enable),
					     RET };
	static const struct op below[] = { DO(op_local_bh_disable),
					   RUN(100 * US),
					   DO(op_local_bh_enable), DIE };
	static const struct op right[] = { CALL(section), NOTE('r'), DIE };
	static const struct op wrong[] = {
		DO(op_preempt_disable),
		DO(op_local_bh_disable),
		DO(op_local_bh_enable),
		DO(op_preempt_enable),
		DO(op_local_irq_disable),
		DO(op_local_bh_disable),
		DO(op_local_irq_enable),
		DO(op_local_bh_enable),
		NOTE('w'),
		DIE,
	};

	start();
	h.warnings_expected = true;
	harness_kthread("below", below, 0, 0);
	harness_rt("right", right, POLICY_FIFO, 10, 0, 10 * US);
	harness_rt("alone", wrong, POLICY_FIFO, 10, 0, 200 * US);
	harness_run(150 * US);
	ck_assert_uint_eq(h.warnings, 0);
	harness_run(300 * US);
	ck_assert_uint_eq(h.warnings, 0);
	harness_finish();
	start();
	h.warnings_expected = true;
	harness_kthread("below", below, 0, 0);
	harness_rt("wrong", wrong, POLICY_FIFO, 10, 0, 10 * US);
	harness_run(300 * US);
	ck_assert_uint_eq(h.warnings, 1);
	ck_assert_str_eq(h.warned, "bh_disable_atomic");
	harness_finish();
}
END_TEST

static void serving(struct cpu *cpu, const struct op *op)
{
	(void)op;
	g_string_append_printf(h.text, " %s", current_task(to_kcpu(cpu))->comm);
}

/* Each that serves has its own passes: a task that preempts ksoftirqd in the
 * middle of its does not confuse them. */
START_TEST(served_by_two)
{
	static const struct op net[] = { NOTE('n'), RUN(50 * US), DO(serving),
					 RET };
	static const struct op block[] = { NOTE('k'), DO(serving), RET };
	static const struct op raise_both[] = { RAISE(NET_RX_SOFTIRQ),
						RAISE(BLOCK_SOFTIRQ), RET };
	static const struct op path[] = {
		DO(op_local_bh_disable),
		RAISE(BLOCK_SOFTIRQ),
		RAISE(HI_SOFTIRQ),
		DO(op_local_bh_enable),
		DIE,
	};
	struct harness_config config = { .model = "rt" };

	harness_start(&config);
	h.softirq[NET_RX_SOFTIRQ] = net;
	h.softirq[BLOCK_SOFTIRQ] = block;
	h.softirq[HI_SOFTIRQ] = block;
	harness_rt("rt", path, POLICY_FIFO, 10, 0, 20 * US);
	harness_irq_at(0, raise_both, 0);
	harness_run(1 * MS - 1);
	check_text("n0 k20 rt k20 rt ksoftirqd/0 k50 ksoftirqd/0");
	harness_finish();
}
END_TEST

static const struct op forever_50[] = {
	NOTE('s'),
	RUN(50 * US),
	RAISE(NET_RX_SOFTIRQ),
	RET,
};

/* Ten passes, then ksoftirqd, here too. */
START_TEST(ten_passes)
{
	static const struct op path[] = {
		DO(op_local_bh_disable),
		RAISE(NET_RX_SOFTIRQ),
		DO(op_local_bh_enable),
		NOTE('b'),
		DIE,
	};
	char *at;

	start();
	h.softirq[NET_RX_SOFTIRQ] = forever_50;
	harness_rt("rt", path, POLICY_FIFO, 10, 0, 100 * US);
	harness_run(5 * MS);
	at = strstr(h.text->str, " ksoftirqd/0@600 s600");
	ck_assert_msg(at != NULL, "%s", h.text->str);
	*at = '\0';
	ck_assert_str_eq(h.text->str, "rt@100 s100 s150 s200 s250 s300 s350 "
				      "s400 s450 s500 s550 b600");
	harness_finish();
}
END_TEST

/* And need_resched ends it after the pass, though the one who asked has been
 * let in long before. */
START_TEST(need_resched_ends_it)
{
	static const struct op wake[] = { WAKE(0), NOTE('w'), RET };
	static const struct op action[] = { NOTE('s'),
					    RUN(10 * US),
					    DO(op_preempt_disable),
					    RAISE(NET_RX_SOFTIRQ),
					    RUN(40 * US),
					    DO(op_local_irq_disable),
					    DO(op_preempt_enable),
					    RET };
	static const struct op path[] = {
		DO(op_local_bh_disable),
		RAISE(NET_RX_SOFTIRQ),
		DO(op_local_bh_enable),
		NOTE('b'),
		DIE,
	};

	start();
	h.softirq[NET_RX_SOFTIRQ] = action;
	harness_rt("high", high, POLICY_FIFO, 20, 0, KTIME_MAX);
	harness_rt("rt", path, POLICY_FIFO, 10, 0, 0);
	harness_irq_at(0, wake, 70 * US);
	harness_run(100 * US);
	/* Interrupts come on with the end of serving, and the task may leave
	 * its CPU again: a reschedule point. */
	check_text(
		"rt@0 s0 s50 w70 high@100 H100 rt@100 b100 ksoftirqd/0@100 s100");
	harness_finish();
}
END_TEST

/* With bottom halves off a task may wait for a spinlock, and for nothing else,
 * though it can be preempted. */
START_TEST(sleeps_with_bottom_halves_off)
{
	static const struct op sleeps[] = {
		DO(op_local_bh_disable),
		DO(op_check_sleep),
		DO(op_local_bh_enable),
		DIE,
	};
	unsigned int type = 0;
	static const struct op locks[] = {
		DO(op_local_bh_disable),
		LOCK(0, LOCK_PLAIN),
		UNLOCK(0, LOCK_PLAIN),
		DO(op_local_bh_enable),
		DIE,
	};

	start();
	while (strcmp(lock_type(type)->name, "spinlock") != 0)
		type++;
	lock_init(&h.lock[0], lock_type_of(h.kernel, lock_type(type)), "lock");
	h.warnings_expected = true;
	harness_kthread("kt", _i ? locks : sleeps, 0, 0);
	harness_run(1 * MS);
	ck_assert_uint_eq(h.warnings, _i ? 0 : 1);
	ck_assert_str_eq(h.warned, _i ? "" : "sleeping_in_atomic");
	harness_finish();
}
END_TEST

/* A task stays on its CPU while bottom halves are off. */
START_TEST(stays_on_its_cpu)
{
	static const struct op path[] = {
		DO(op_local_bh_disable), RUN(200 * US), DO(op_local_bh_enable),
		RUN(100 * US),		 DIE,
	};
	static const struct op busy[] = { RUN(300 * US), DIE };
	struct harness_config config = { .model = "rt",
					 .hz = 100,
					 .nr_cpus = 2 };

	harness_start(&config);
	harness_log_switches();
	harness_rt("busy", busy, POLICY_FIFO, 20, 0, 100 * US);
	harness_rt("rt", path, POLICY_FIFO, 10, -1, 0);
	harness_run(1 * MS);
	check_text("rt/0@0 busy/0@100 rt/0@400 idle/0@600");
	harness_finish();
}
END_TEST

/*
 * Timers
 */

/* A real-time task's timer expires in the interrupt, another's in ktimers. */
START_TEST(sleepers)
{
	static const struct op path[] = { SLEEP(100 * US), NOTE('w'), DIE };
	struct task_attr attr = { .comm = "sleeper",
				  .policy = _i ? POLICY_FIFO : POLICY_OTHER,
				  .rt_priority = _i ? 10 : 0,
				  .entry = path,
				  .kthread = true };

	start();
	harness_add(&attr, KTIME_MAX);
	harness_irq_at(0, (const struct op[]){ WAKE(0), RET }, 50 * US);
	harness_run(1 * MS);
	check_text(_i ? "sleeper@50 idle@50 sleeper@150 w150 idle@150" :
			"sleeper@50 idle@50 ktimers/0@150 sleeper@150 w150 "
			"idle@150");
	harness_finish();
}
END_TEST

/* Not elsewhere, threads or not. */
START_TEST(sleepers_elsewhere)
{
	static const struct op path[] = { SLEEP(100 * US), NOTE('w'), DIE };

	start_model("full", _i);
	harness_kthread("sleeper", path, 0, KTIME_MAX);
	harness_irq_at(0, (const struct op[]){ WAKE(0), RET }, 50 * US);
	harness_run(1 * MS);
	check_text("sleeper@50 idle@50 sleeper@150 w150 idle@150");
	harness_finish();
}
END_TEST

/* ktimers comes before all fair tasks, and after all other real-time ones. */
START_TEST(ktimers_priority)
{
	static const struct op path[] = { SLEEP(100 * US), NOTE('w'), DIE };
	static const struct op busy[] = { RUN(300 * US), DIE };

	start();
	harness_kthread("sleeper", path, 0, 0);
	if (_i)
		harness_rt("busy", busy, POLICY_FIFO, 2, 0, 50 * US);
	else
		harness_fair("busy", busy, -20, 0, 50 * US);
	harness_run(5 * MS);
	ck_assert_int_eq(h.kernel->cpus[0].ktimers.policy, POLICY_FIFO);
	ck_assert_int_eq(h.kernel->cpus[0].ktimers.rt_priority, 1);
	ck_assert_ptr_nonnull(strstr(h.text->str, _i ? " ktimers/0@350 " :
						       " ktimers/0@100 "));
	harness_finish();
}
END_TEST

/* Soft timers of one softirq expire in order, with no interrupt for those that
 * come due while it runs. */
START_TEST(soft_timers_in_order)
{
	static const struct op path[] = { SLEEP(100 * US), NOTE('w'), DIE };
	static const struct op other[] = { SLEEP(110 * US), NOTE('v'), DIE };

	start();
	harness_kthread("a", path, 0, 0);
	harness_kthread("b", other, 0, 0);
	harness_kthread("c", path, 0, 10 * US);
	harness_run(1 * MS);
	check_text("ktimers/0@0 a@0 b@0 idle@0 ktimers/0@10 c@10 idle@10 "
		   "ktimers/0@100 a@100 w100 idle@100 ktimers/0@110 b@110 v110 "
		   "c@110 w110 idle@110");
	harness_finish();
}
END_TEST

/* Stopping the tick heeds soft timers. */
START_TEST(tick_stops_beside_soft_timers)
{
	static const struct op path[] = { SLEEP(3500 * US), NOTE('w'), DIE };
	struct harness_config config = { .model = "rt", .nohz = true };

	harness_start(&config);
	harness_kthread("a", path, 0, 0);
	harness_run(10 * MS);
	check_text("w3500");
	ck_assert_uint_lt(h.kernel->cpus[0].tick.count, 3);
	harness_finish();
}
END_TEST

/* Deferred work of ticks is ktimers', too. */
START_TEST(timer_softirq)
{
	unsigned int served = 0;

	start_model(_i ? "rt" : "none", !_i);
	harness_fair("hog", hog, 0, 0, 0);
	harness_run((TICKS_PER_SOFTIRQ + 1) * 10 * MS);
	for (char *at = h.text->str; (at = strstr(at, "ktimers/0")); at++)
		served++;
	ck_assert_uint_eq(served, 1 + (unsigned int)(_i ? 1 : 0));
	harness_finish();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("softirq-rt");
	TCase *tc = tcase_create("softirq-rt");

	tcase_add_test(tc, counts);
	tcase_add_test(tc, preempted_with_bottom_halves_off);
	tcase_add_test(tc, preempted_while_serving);
	tcase_add_loop_test(tc, interrupt_wakes_ksoftirqd, 0, 2);
	tcase_add_test(tc, ksoftirqd_is_awake);
	tcase_add_test(tc, left_to_the_task);
	tcase_add_test(tc, left_to_a_preempted_task);
	tcase_add_test(tc, not_served_with_preemption_off);
	tcase_add_test(tc, disabled_with_preemption_off);
	tcase_add_test(tc, served_by_two);
	tcase_add_test(tc, ten_passes);
	tcase_add_test(tc, need_resched_ends_it);
	tcase_add_loop_test(tc, sleeps_with_bottom_halves_off, 0, 2);
	tcase_add_test(tc, stays_on_its_cpu);
	tcase_add_loop_test(tc, sleepers, 0, 2);
	tcase_add_loop_test(tc, sleepers_elsewhere, 0, 2);
	tcase_add_loop_test(tc, ktimers_priority, 0, 2);
	tcase_add_test(tc, soft_timers_in_order);
	tcase_add_test(tc, tick_stops_beside_soft_timers);
	tcase_add_loop_test(tc, timer_softirq, 0, 2);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
