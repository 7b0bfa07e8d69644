/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of what passes between CPUs: wakeups for another CPU, with and without
 * an interrupt, and idle states.
 */
#include <config.h>

#include "kernel-harness.h"
#include "preemptsim/kernel/smp.h"

static const struct op hog[] = { RUN(7 * MS), AGAIN(hog) };
static const struct op wakee[] = { NOTE('w'), RUN(10 * US), DIE };
static const struct op waker[] = { SYSCALL,   RUN(100 * US), WAKE(0),	SYSRET,
				   NOTE('a'), RUN(50 * US),  NOTE('b'), DIE };

static void told(void *data, const struct trace_record *record)
{
	char what[4];

	snprintf(what, sizeof(what), "%s%u@", (const char *)data, record->cpu);
	harness_write(what, record->when);
}

static void listen(enum tracepoint id, const char *sign)
{
	tracer_listen(&h.sim.tracer, id, told, (char *)(uintptr_t)sign);
}

/* Two CPUs; what passes between them is written down. */
static void start(enum idle_method idle, const char *model,
		  const struct costs *costs)
{
	struct harness_config config = { .model = model,
					 .nr_cpus = 2,
					 .nohz = true,
					 .idle = { .method = idle },
					 .costs = costs };

	harness_start(&config);
	listen(TP_reschedule_entry, "R");
	listen(TP_call_function_single_entry, "C");
	listen(TP_sched_wake_idle_without_ipi, "P");
	listen(TP_sched_waking, "v");
	listen(TP_sched_wakeup, "^");
}

/* A task on CPU 0 wakes one of CPU 1 at 100 us. */
static void wake_across(enum policy policy)
{
	harness_rt("wakee", wakee, policy, policy == POLICY_FIFO ? 50 : 0, 1,
		   KTIME_MAX);
	harness_rt("waker", waker, POLICY_FIFO, 10, 0, 0);
	harness_boot();
	harness_clear();
	harness_run(900 * US);
}

START_TEST(polling_needs_no_interrupt)
{
	start(_i, "full", NULL);
	wake_across(POLICY_FIFO);
	check_text("v0@0 ^0@0 v0@100 P0@100 a100 ^1@100 w100 b150");
	harness_finish();
}
END_TEST

/* Under rt the waker enqueues, and the CPU that polls is told by the flag. */
START_TEST(polling_needs_no_interrupt_under_rt)
{
	start(_i, "rt", NULL);
	wake_across(POLICY_FIFO);
	check_text("v0@0 ^0@0 v0@100 P0@100 ^0@100 a100 w100 b150");
	harness_finish();
}
END_TEST

/* One that halts gets the interrupt to reschedule. */
START_TEST(halted_is_interrupted_under_rt)
{
	start(IDLE_HALT, "rt", NULL);
	wake_across(POLICY_FIFO);
	check_text("v0@0 ^0@0 v0@100 ^0@100 a100 R1@100 w100 b150");
	harness_finish();
}
END_TEST

START_TEST(halted_is_called)
{
	start(IDLE_HALT, "full", NULL);
	wake_across(POLICY_OTHER);
	check_text("v0@0 ^0@0 v0@100 a100 C1@100 ^1@100 w100 b150");
	harness_finish();
}
END_TEST

/* The CPU that runs something is not left with the wakeup: it is enqueued for
 * it, and asked to reschedule if it should. */
START_TEST(busy_is_interrupted)
{
	start(IDLE_MWAIT, "full", NULL);
	harness_rt("wakee", wakee, POLICY_FIFO, 50, 1, KTIME_MAX);
	harness_rt("waker", waker, POLICY_FIFO, 10, 0, 0);
	harness_fair("hog", hog, 0, 1, 0);
	harness_boot();
	harness_run(10 * US);
	harness_clear();
	harness_run(900 * US);
	check_text("v0@100 ^0@100 a100 R1@100 w100 b150");
	harness_finish();
}
END_TEST

/* A CPU with another last level cache is left with the wakeup, though it runs
 * something, and something more urgent at that. */
START_TEST(other_cache_is_called)
{
	struct harness_config config = { .model = "full",
					 .nr_cpus = 2,
					 .nohz = true,
					 .topology = { .llc = 1 } };

	harness_start(&config);
	listen(TP_reschedule_entry, "R");
	listen(TP_call_function_single_entry, "C");
	listen(TP_sched_waking, "v");
	listen(TP_sched_wakeup, "^");
	harness_rt("wakee", wakee, POLICY_FIFO, 50, 1, KTIME_MAX);
	harness_rt("waker", waker, POLICY_FIFO, 10, 0, 0);
	if (_i)
		harness_rt("hog", hog, POLICY_FIFO, 60, 1, 0);
	else
		harness_fair("hog", hog, 0, 1, 0);
	harness_boot();
	harness_run(10 * US);
	harness_clear();
	harness_run(900 * US);
	check_text(_i ? "v0@100 a100 C1@100 ^1@100 b150" :
			"v0@100 a100 C1@100 ^1@100 w100 b150");
	harness_finish();
}
END_TEST

/* Nothing is asked of a CPU whose task is more urgent. */
START_TEST(lower_priority_waits)
{
	start(IDLE_MWAIT, "full", NULL);
	harness_rt("wakee", wakee, POLICY_FIFO, 50, 1, KTIME_MAX);
	harness_rt("waker", waker, POLICY_FIFO, 10, 0, 0);
	harness_rt("hog", hog, POLICY_FIFO, 60, 1, 0);
	harness_boot();
	harness_run(10 * US);
	harness_clear();
	harness_run(900 * US);
	check_text("v0@100 ^0@100 a100 b150");
	harness_finish();
}
END_TEST

/* Nor where a request is made that may wait: no interrupt, and its own tick
 * makes an order of it. */
START_TEST(lazy_request_is_not_sent)
{
	static const struct op loop[] = { RUN(7 * MS), AGAIN(loop) };
	struct task_attr attr = { .comm = "loop",
				  .policy = POLICY_IDLE,
				  .entry = loop,
				  .kthread = true };

	start(IDLE_MWAIT, _i ? "rt_lazy" : "lazy", NULL);
	harness_rt("wakee", wakee, POLICY_OTHER, 0, 1, KTIME_MAX);
	harness_rt("waker", waker, POLICY_FIFO, 10, 0, 0);
	cpumask_set_cpu(&attr.cpus, 1);
	harness_add(&attr, 0);
	harness_boot();
	harness_run(10 * US);
	harness_clear();
	harness_run(2 * MS);
	check_text("v0@100 ^0@100 a100 b150 w1000");
	harness_finish();
}
END_TEST

/* Prices that can be told apart in a sum. */
static const struct costs prices = { .price = {
					     [COST_IRQ_ENTRY] = 100,
					     [COST_IRQ_FROM_USER] = 200,
					     [COST_IRQ_EXIT] = 400,
					     [COST_SCHEDULE] = 800,
					     [COST_CONTEXT_SWITCH] = 1600,
					     [COST_IPI_SEND] = 3200,
					     [COST_IPI_DELIVERY] = 6400,
					     [COST_IDLE_EXIT] = 12800,
					     [COST_MONITOR] = 25600,
					     [COST_TTWU_PENDING] = 51200,
				     } };

/* The instant, in ns, written behind @sign. */
static ktime_t instant_of(const char *text, const char *sign)
{
	const char *at = strstr(text, sign);

	ck_assert_ptr_nonnull(at);
	return (ktime_t)(g_ascii_strtod(at + strlen(sign), NULL) * 1000 + 0.5);
}

/* From the wake to the first instruction of the woken task. */
static ktime_t delay_of(enum idle_method idle, bool busy)
{
	ktime_t delay;

	start(idle, "full", &prices);
	harness_rt("wakee", wakee, POLICY_FIFO, 50, 1, KTIME_MAX);
	harness_rt("waker", waker, POLICY_FIFO, 10, 0, 0);
	if (busy)
		harness_fair("hog", hog, 0, 1, 0);
	harness_boot();
	harness_run(90 * US);
	harness_clear();
	harness_run(900 * US);
	delay = instant_of(h.text->str, " w") - instant_of(h.text->str, "v0@");
	harness_finish();
	return delay;
}

/* What a remote wakeup takes is the sum of what it goes through. */
START_TEST(remote_wakeup_takes)
{
	ktime_t to_switch = 800 + 1600;

	/* set the flag, leave mwait, enqueue, schedule and switch */
	ck_assert_int_eq(delay_of(IDLE_MWAIT, false),
			 25600 + 12800 + 51200 + to_switch);
	/* the same without a rest to leave */
	ck_assert_int_eq(delay_of(IDLE_POLL, false), 25600 + 51200 + to_switch);
	/* deliver, leave the halt, enter, enqueue, exit, then as above */
	ck_assert_int_eq(delay_of(IDLE_HALT, false),
			 6400 + 12800 + 100 + 51200 + 400 + to_switch);
	/* deliver, enter from user mode, schedule and switch on the way out */
	ck_assert_int_eq(delay_of(IDLE_MWAIT, true),
			 6400 + 100 + 200 + to_switch);
}
END_TEST

static const struct op nap[] = {
	SLEEP(40 * US), NOTE('s'),   RUN(1 * US), SLEEP(500 * US),
	NOTE('l'),	RUN(1 * US), DIE
};

/* The deepest state that is worth it until the next timer is left late. */
START_TEST(idle_states)
{
	struct costs costs = { .price = { [COST_IDLE_EXIT] = 1 * US } };
	struct harness_config config = {
		.nohz = true,
		.hz = 100,
		.idle = { .method = IDLE_MWAIT,
			  .nr_states = 2,
			  .state = { { 5 * US, 40 * US },
				     { 80 * US, 200 * US } } },
		.costs = &costs,
	};

	harness_start(&config);
	harness_rt("nap", nap, POLICY_FIFO, 50, 0, 0);
	harness_boot();
	harness_run(2 * MS);
	/* woken at 0 from the boot's rest of 1 us; 40 us is just worth the
	 * state of 5 us, 500 us that of 80 us */
	check_text("s46 l627");
	harness_finish();
}
END_TEST

/* While a CPU is on its way to rest it is told by the flag, too, and does
 * not. */
START_TEST(no_rest_when_wanted)
{
	static const struct op path[] = { RUN(20 * US), WAKE(0), DIE };
	static const struct op soon_idle[] = { RUN(10 * US), DIE };
	static const struct costs costs = {
		.price = { [COST_IDLE_ENTRY] = 50 * US },
	};
	struct harness_config config = { .nr_cpus = 2,
					 .nohz = true,
					 .idle = { .method = _i },
					 .costs = &costs };

	harness_start(&config);
	harness_rt("wakee", wakee, POLICY_FIFO, 50, 1, KTIME_MAX);
	harness_rt("waker", path, POLICY_FIFO, 10, 0, 0);
	harness_rt("soon idle", soon_idle, POLICY_FIFO, 10, 1, 0);
	harness_run(900 * US);
	check_text("w110");
	harness_finish();
}
END_TEST

/* What idle's standing count has forbidden begins when its rest ends. */
START_TEST(rest_is_no_latency)
{
	static const struct costs costs = {
		.price = { [COST_IDLE_EXIT] = 30 * US,
			   [COST_MONITOR] = 2 * US },
	};

	start(IDLE_MWAIT, "full", &costs);
	wake_across(POLICY_FIFO);
	ck_assert_int_eq(h.kernel->cpus[1].preempt_off_max, 32 * US);
	harness_finish();
}
END_TEST

/* One that is on its way is not sent once more, and comes no later for that. */
START_TEST(one_interrupt_on_its_way)
{
	static const struct op low[] = { RUN(102 * US), CALL(schedule_path),
					 RUN(500 * US), DIE };
	static const struct op path[] = { RUN(100 * US), WAKE(0), RUN(5 * US),
					  WAKE(1), DIE };
	static const struct op more[] = { NOTE('y'), RUN(10 * US), DIE };
	static const struct op less[] = { NOTE('x'), RUN(100 * US), DIE };
	static const struct costs costs = {
		.price = { [COST_IPI_DELIVERY] = 10 * US },
	};

	start(IDLE_POLL, "full", &costs);
	harness_rt("less", less, POLICY_FIFO, 10, 1, KTIME_MAX);
	harness_rt("more", more, POLICY_FIFO, 20, 1, KTIME_MAX);
	harness_kthread("low", low, 1, 0);
	harness_kthread("waker", path, 0, 0);
	harness_boot();
	harness_run(50 * US);
	harness_clear();
	harness_run(900 * US);
	check_text("v0@100 ^0@100 x102 v0@105 ^0@105 R1@110 y110");
	harness_finish();
}
END_TEST

/* Two wakeups for an idle CPU need one interrupt, and come in order. */
static const struct op twice[] = { RUN(100 * US), SYSCALL, WAKE(0),
				   WAKE(1),	  SYSRET,  DIE };
static const struct op second[] = { NOTE('x'), RUN(10 * US), DIE };

START_TEST(one_interrupt_for_two)
{
	static const struct costs costs = { .price = { [COST_IPI_DELIVERY] =
							       1000 } };

	start(IDLE_HALT, "full", &costs);
	harness_rt("wakee", wakee, POLICY_FIFO, 50, 1, KTIME_MAX);
	harness_rt("second", second, POLICY_FIFO, 50, 1, KTIME_MAX);
	harness_rt("waker", twice, POLICY_FIFO, 10, 0, 0);
	harness_boot();
	harness_run(10 * US);
	harness_clear();
	harness_run(900 * US);
	check_text("v0@100 v0@100 C1@101 ^1@101 ^1@101 w101 x111");
	harness_finish();
}
END_TEST

/* A CPU that has got a task to enqueue is not idle to the next one. */
START_TEST(another_goes_elsewhere)
{
	static const struct costs costs = { .price = { [COST_IPI_DELIVERY] =
							       1000 } };
	struct harness_config config = { .nr_cpus = 3,
					 .idle = { .method = _i },
					 .costs = &costs };
	struct task_attr attr = { .policy = POLICY_OTHER, .entry = wakee };

	harness_start(&config);
	attr.comm = "one";
	harness_add(&attr, KTIME_MAX);
	attr.comm = "two";
	harness_add(&attr, KTIME_MAX);
	harness_rt("waker", twice, POLICY_FIFO, 10, 0, 0);
	harness_run(900 * US);
	ck_assert_uint_ne(h.task[0].cpu, 0);
	ck_assert_uint_ne(h.task[1].cpu, 0);
	ck_assert_uint_ne(h.task[0].cpu, h.task[1].cpu);
	harness_finish();
}
END_TEST

/* All that CPUs leave to each other stands in one queue: what comes to one that
 * has not looked at it since needs no interrupt of its own. */
static void ask(struct cpu *cpu, const struct op *op)
{
	struct kcpu *kc = to_kcpu(cpu);

	smp_call_function_single_async(&kc->kernel->cpus[1], kc,
				       (enum rq_csd)op->a.num);
}

#define ASK(csd)                            \
	{                                   \
		.exec = ask, .a.num = (csd) \
	}

START_TEST(one_interrupt_for_all)
{
	static const struct op deaf[] = { DO(op_local_irq_disable),
					  RUN(200 * US),
					  DO(op_local_irq_enable),
					  NOTE('d'),
					  RUN(100 * US),
					  DIE };
	static const struct op asks[] = {
		RUN(50 * US),	   ASK(CSD_NOHZ), RUN(10 * US),
		ASK(CSD_RTO_PUSH), RUN(10 * US),  ASK(CSD_NOHZ),
		RUN(10 * US),	   WAKE(0),	  DIE,
	};
	struct harness_config config = { .nr_cpus = 2,
					 .hz = 100,
					 .topology = { .llc = 1 } };

	harness_start(&config);
	listen(TP_call_function_single_entry, "C");
	listen(TP_sched_wakeup, "^");
	harness_rt("wakee", wakee, POLICY_FIFO, 50, 1, KTIME_MAX);
	harness_kthread("deaf", deaf, 1, 0);
	harness_kthread("asks", asks, 0, 0);
	harness_boot();
	harness_run(10 * US);
	harness_clear();
	harness_run(900 * US);
	check_text("C1@200 ^1@200 w200 d210");
	harness_finish();
}
END_TEST

/* What other CPUs send comes before the timer, whichever was first, in the order
 * of the vectors. */
START_TEST(interrupts_that_wait)
{
	static const struct op deaf[] = {
		RUN(900 * US), DO(op_local_irq_disable),
		RUN(300 * US), DO(op_local_irq_enable),
		RUN(100 * US), DIE
	};
	static const struct op asks[] = { RUN(1050 * US), ASK(CSD_NOHZ),
					  RUN(50 * US), WAKE(0), DIE };
	struct harness_config config = { .nr_cpus = 2, .hz = 1000 };

	harness_start(&config);
	listen(TP_local_timer_entry, "T");
	listen(TP_call_function_single_entry, "C");
	listen(TP_reschedule_entry, "R");
	harness_rt("wakee", wakee, POLICY_FIFO, 50, 1, KTIME_MAX);
	harness_kthread("deaf", deaf, 1, 0);
	harness_kthread("asks", asks, 0, 0);
	harness_boot();
	harness_run(1010 * US);
	harness_clear();
	harness_run(1500 * US);
	check_text("R1@1200 C1@1200 T1@1200 w1200");
	harness_finish();
}
END_TEST

/* A CPU that is called to balance is told by its flag where it watches that,
 * and serves the softirq on its way out of the idle loop; under rt ksoftirqd
 * does. */
START_TEST(called_to_balance)
{
	static const struct {
		const char *model, *text;
		enum idle_method idle;
	} how[] = {
		{ "full", "P0@10000 +1@10000", IDLE_MWAIT },
		{ "none", "C1@10000 +1@10000", IDLE_HALT },
		{ "rt", "P0@10000 v1@10000 ^1@10000 +1@10000", IDLE_MWAIT },
		{ "rt", "C1@10000 v1@10000 ^1@10000 +1@10000", IDLE_HALT },
	};
	struct task *waiting;

	start(how[_i].idle, how[_i].model, NULL);
	listen(TP_sched_migrate_task, "+");
	harness_fair("hog", hog, 0, 0, 0);
	harness_fair("hog", hog, 0, 0, 0);
	harness_run(9500 * US);
	harness_clear();
	waiting = &h.task[cpu_rq(h.kernel, 0)->curr == &h.task[0]];
	cpumask_set_cpu(&waiting->cpus_mask, 1);
	waiting->nr_cpus_allowed = 2;
	waiting->any_cpu = true;
	harness_run(10500 * US);
	check_text(how[_i].text);
	ck_assert_uint_eq(waiting->cpu, 1);
	harness_finish();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("smp");
	TCase *tc = tcase_create("smp");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, polling_needs_no_interrupt, IDLE_MWAIT,
			    IDLE_POLL + 1);
	tcase_add_loop_test(tc, polling_needs_no_interrupt_under_rt, IDLE_MWAIT,
			    IDLE_POLL + 1);
	tcase_add_test(tc, halted_is_interrupted_under_rt);
	tcase_add_test(tc, halted_is_called);
	tcase_add_test(tc, busy_is_interrupted);
	tcase_add_loop_test(tc, other_cache_is_called, 0, 2);
	tcase_add_test(tc, lower_priority_waits);
	tcase_add_loop_test(tc, lazy_request_is_not_sent, 0, 2);
	tcase_add_test(tc, remote_wakeup_takes);
	tcase_add_test(tc, idle_states);
	tcase_add_loop_test(tc, no_rest_when_wanted, IDLE_HALT, IDLE_POLL + 1);
	tcase_add_test(tc, rest_is_no_latency);
	tcase_add_test(tc, one_interrupt_on_its_way);
	tcase_add_test(tc, one_interrupt_for_two);
	tcase_add_test(tc, one_interrupt_for_all);
	tcase_add_test(tc, interrupts_that_wait);
	tcase_add_loop_test(tc, called_to_balance, 0, 4);
	tcase_add_loop_test(tc, another_goes_elsewhere, IDLE_HALT,
			    IDLE_POLL + 1);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
