/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What latencies are put down to, in situations where that can be said by hand.
 *
 * On a machine without costs only what the scenario says takes time.  The
 * first ones are those of law-matrix.c: one CPU, a tick each millisecond, L in
 * a system call from 0 to 3000 us, with a spinlock from 400 to 900, preemption
 * off from 1500 to 1800, interrupts off from 2100 to 2300, softirqs off from
 * 2400 to 2700.
 */
#include <config.h>

#include "blame-law.h"

static char *one_wakeup(const char *policy, int us)
{
	return g_strdup_printf("duration: 20ms\n" ONE_CPU "kernel: {hz: 1000}\n"
			       "locks: {l: {type: spinlock}}\n"
			       "devices:\n"
			       "  dev:\n"
			       "    irq: {at: [%dus]}\n"
			       "    handler: [wake: dev]\n"
			       "tasks:\n"
			       "  H: {policy: %s, on: dev, do: [run: 10us]}\n"
			       "  L:\n"
			       "    policy: idle\n"
			       "    once:\n"
			       "      - syscall:\n"
			       "          name: long\n"
			       "          do:\n"
			       "          - run: 400us\n"
			       "          - hold: {lock: l, do: [run: 500us]}\n"
			       "          - run: 300us\n"
			       "          - might_sleep:\n"
			       "          - run: 300us\n"
			       "          - cond_resched:\n"
			       "          - preempt_off: [run: 300us]\n"
			       "          - run: 300us\n"
			       "          - irqs_off: [run: 200us]\n"
			       "          - run: 100us\n"
			       "          - bh_off: [run: 300us]\n"
			       "          - run: 300us\n"
			       "      - run: 1ms\n",
			       us, policy);
}

#define FIFO "fifo, priority: 50"
#define KERNEL(us)                          \
	{                                   \
		"kernel", "L in long()", us \
	}
#define SPIN_LOCK(us)                                         \
	{                                                     \
		"preempt_off", "L in long(): spin_lock l", us \
	}
#define PREEMPT(us)                                               \
	{                                                         \
		"preempt_off", "L in long(): preempt_disable", us \
	}
#define IRQS(us)                                                 \
	{                                                        \
		"irqs_off", "L in long(): local_irq_disable", us \
	}
#define BH(us)                                                \
	{                                                     \
		"bh_off", "L in long(): local_bh_disable", us \
	}
#define LAZY(us)                          \
	{                                 \
		"lazy", "L in long()", us \
	}

static const struct {
	const char *model, *policy;
	int woken;
	struct part parts[MAX_PARTS];
} matrix[] = {
	{ "none", FIFO, 200, { KERNEL(800), SPIN_LOCK(500) } },
	{ "none", FIFO, 600, { KERNEL(600), SPIN_LOCK(300) } },
	{ "none",
	  FIFO,
	  1600,
	  { KERNEL(700), BH(300), IRQS(200), PREEMPT(200) } },
	{ "none", FIFO, 2200, { KERNEL(400), BH(300), IRQS(100) } },
	{ "none", FIFO, 3100, { { 0 } } },
	{ "voluntary", FIFO, 200, { KERNEL(500), SPIN_LOCK(500) } },
	{ "voluntary", FIFO, 600, { KERNEL(300), SPIN_LOCK(300) } },
	{ "full", FIFO, 200, { { 0 } } },
	{ "full", FIFO, 600, { SPIN_LOCK(300) } },
	{ "full", FIFO, 1600, { PREEMPT(200) } },
	{ "full", FIFO, 2200, { IRQS(100) } },
	{ "full", FIFO, 2500, { BH(200) } },
	{ "lazy", FIFO, 600, { SPIN_LOCK(300) } },
	{ "lazy", "other", 200, { LAZY(800) } },
	{ "lazy", "other", 600, { LAZY(400) } },
	{ "lazy", "other", 1600, { LAZY(400) } },
	{ "lazy", "other", 2500, { LAZY(500) } },
	{ "rt", FIFO, 600, { { 0 } } },
	{ "rt", FIFO, 1600, { PREEMPT(200) } },
	{ "rt", FIFO, 2200, { IRQS(100) } },
	{ "rt", FIFO, 2500, { { 0 } } },
	{ "rt_lazy", FIFO, 1600, { PREEMPT(200) } },
};

START_TEST(sections_are_named)
{
	char *yaml = one_wakeup(matrix[_i].policy, matrix[_i].woken);
	char *preempt = g_strdup_printf("kernel.preempt=%s", matrix[_i].model);
	const char *overrides[] = { preempt, NULL };

	assert_blame(yaml, overrides, "H", KIND_WAKEUP_LATENCY,
		     matrix[_i].parts);
	g_free(preempt);
	g_free(yaml);
}
END_TEST

/* Who runs because he may is named, and so is who interrupts him. */
START_TEST(others_of_equal_claim_are_named)
{
	static const struct part parts[MAX_PARTS] = {
		{ "task", "hog", 600 },
		{ "softirq", "block (disk)", 70 },
		{ "hardirq", "disk", 50 },
		{ "nmi", "watch", 30 },
	};

	assert_blame("duration: 20ms\n" ONE_CPU "kernel: {preempt: full}\n"
		     "devices:\n"
		     "  disk: {irq: {at: [10300us]}, handler: [run: 50us],\n"
		     "         softirq: {vector: block, do: [run: 70us]}}\n"
		     "  watch: {irq: {at: [10550us], nmi: true},\n"
		     "          handler: [run: 30us]}\n"
		     "tasks:\n"
		     "  hog: {policy: fifo, priority: 50, every: 1s,\n"
		     "        offset: 10ms, do: [run: 800us]}\n"
		     "  T: {policy: fifo, priority: 50, every: 1s,\n"
		     "      offset: 10200us, do: [run: 1us]}\n",
		     NULL, "T", KIND_WAKEUP_LATENCY, parts);
}
END_TEST

START_TEST(an_ipi_is_named)
{
	static const struct part parts[MAX_PARTS] = { { "ipi", NULL, 7 } };
	const char *const overrides[] = { "machine.costs.ipi_delivery=7us",
					  NULL };

	assert_blame("duration: 50ms\n" TWO_CPUS "devices:\n"
		     "  dev: {irq: {at: [10100us]}, handler: [wake: dev]}\n"
		     "tasks:\n"
		     "  H: {policy: fifo, priority: 50, cpus: [1], on: dev,\n"
		     "      do: [run: 10us]}\n"
		     "  hog: {cpus: [1], loop: [run: 1ms]}\n",
		     overrides, "H", KIND_WAKEUP_LATENCY, parts);
}
END_TEST

/* Before H, of CPU 1, has been woken, what counts is CPU 0, which is to do
 * that. */
START_TEST(the_waker_is_asked)
{
	static const struct part parts[MAX_PARTS] = {
		{ "irqs_off", "L in call(): local_irq_disable", 300 },
		{ "hardirq", "dev", 40 },
	};

	assert_blame("duration: 50ms\n" TWO_CPUS "devices:\n"
		     "  dev: {irq: {at: [10100us], cpu: 0},\n"
		     "        handler: [run: 40us, wake: dev]}\n"
		     "tasks:\n"
		     "  H: {policy: fifo, priority: 50, cpus: [1], on: dev,\n"
		     "      do: [run: 10us]}\n"
		     "  other: {cpus: [1], loop: [run: 1ms]}\n"
		     "  L: {policy: fifo, priority: 10, cpus: [0], every: 1s,\n"
		     "      offset: 10ms, do: [syscall: {name: call, do:\n"
		     "      [irqs_off: [run: 400us]]}]}\n",
		     NULL, "H", KIND_WAKEUP_LATENCY, parts);
}
END_TEST

/* Who is the last of several to be woken waits for the price of each, and a job
 * that waits to be woken still does so in its queue. */
START_TEST(each_of_all_is_paid_for)
{
	static const char yaml[] =
		"duration: 50ms\n"
		"machine: {cpus: 2, clock: 1GHz,\n"
		"          costs: {profile: zero, wakeup: 5us}}\n"
		"waitqueues: [q]\n"
		"tasks:\n"
		"  a: {policy: fifo, priority: 50, cpus: [1], on: q,\n"
		"      do: [run: 10us]}\n"
		"  b: {policy: fifo, priority: 50, cpus: [1],\n"
		"      every: 1s, offset: 1ms, do: [wait: q]}\n"
		"  c: {policy: fifo, priority: 60, cpus: [1], on: q,\n"
		"      do: [run: 10us]}\n"
		"  L: {policy: fifo, priority: 10, cpus: [0], every: 1s,\n"
		"      offset: 2ms, do: [wake_all: q]}\n";
	static const struct part second[MAX_PARTS] = {
		{ "wakeup", "L in futex()", 10 },
	};
	static const struct part last[MAX_PARTS] = {
		{ "sleep", "q", 1015 },
		{ "hardirq", "timer", 5 },
		{ "task", "a", 5 },
		{ "task", "c", 5 },
	};

	assert_blame(yaml, NULL, "c", KIND_WAKEUP_LATENCY, second);
	assert_blame(yaml, NULL, "b", KIND_RESPONSE_TIME, last);
}
END_TEST

/* Who has softirqs switched off is in the way of the one that is to wake H, though
 * nobody has asked him to go; a spinlock may be why. */
START_TEST(who_holds_softirqs_up_is_named)
{
	static const struct {
		const char *section, *by;
	} of[] = {
		{ "bh_off: [run: 1ms]", "L in call(): local_bh_disable" },
		{ "spin_lock_bh: m, run: 1ms, spin_unlock_bh: m",
		  "L in call(): local_bh_disable m" },
	};
	const struct part parts[MAX_PARTS] = {
		{ "bh_off", of[_i].by, 700 },
		{ "softirq", "net_rx (dev)", 20 },
		{ "hardirq", "dev", 10 },
	};
	char *yaml = g_strdup_printf(
		"duration: 50ms\n" ONE_CPU "kernel: {preempt: full}\n"
		"locks: {m: spinlock}\n"
		"devices:\n"
		"  dev: {irq: {at: [300us]}, handler: [run: 10us],\n"
		"        softirq: {vector: net_rx,\n"
		"                  do: [run: 20us, wake: dev]}}\n"
		"tasks:\n"
		"  H: {policy: fifo, priority: 50, on: dev, do: [run: 10us]}\n"
		"  L: {once: [syscall: {name: call, do: [%s]}]}\n",
		of[_i].section);

	assert_blame(yaml, NULL, "H", KIND_WAKEUP_LATENCY, parts);
	g_free(yaml);
}
END_TEST

/* T has used up what it may and waits, though it is the most urgent. */
static const struct {
	const char *version, *policy;
	struct part parts[MAX_PARTS];
} throttled[] = {
	{ "6.12",
	  "deadline, runtime: 2ms, period: 10ms",
	  { { "throttled", "its runtime", 16000 },
	    { "execution", "user mode", 6000 } } },
	{ "6.1",
	  FIFO,
	  { { "execution", "user mode", 6000 },
	    { "throttled", "rt_throttling", 5000 } } },
	{ "6.12",
	  FIFO,
	  { { "execution", "user mode", 6000 },
	    { "task", "other: fair server", 5500 } } },
};

START_TEST(throttling_is_named)
{
	char *yaml = g_strdup_printf(
		"duration: 40ms\n" ONE_CPU
		"kernel: {version: '%s', preempt: full, hz: 1000,\n"
		"         rt_throttling: {runtime: 4500us, period: 10ms}}\n"
		"tasks:\n"
		"  T: {policy: %s, deadline: 10ms, every: 1s, do: [run: 6ms]}\n"
		"  other: {loop: [run: 1ms]}\n",
		throttled[_i].version, throttled[_i].policy);

	assert_blame(yaml, NULL, "T", KIND_RESPONSE_TIME, throttled[_i].parts);
	g_free(yaml);
}
END_TEST

/* What a job waits for of its own accord. */
START_TEST(devices_and_sleep_are_named)
{
	static const struct part parts[MAX_PARTS] = {
		{ "io", "disk", 500 },
		{ "sleep", NULL, 300 },
		{ "execution", "user mode", 100 },
	};

	assert_blame("duration: 14ms\n" ONE_CPU "kernel: {preempt: full}\n"
		     "devices: {disk: {service: 500us}}\n"
		     "waitqueues: [go]\n"
		     "tasks:\n"
		     "  T: {policy: fifo, priority: 10, on: go,\n"
		     "      do: [run: 50us, io: disk, sleep: 300us,\n"
		     "           run: 50us]}\n"
		     "  W: {policy: fifo, priority: 20, every: 1s,\n"
		     "      offset: 10ms, do: [wake: go]}\n",
		     NULL, "T", KIND_RESPONSE_TIME, parts);
}
END_TEST

/* The job before it runs into the next, and is interrupted meanwhile. */
START_TEST(earlier_jobs_are_named)
{
	static const struct part parts[MAX_PARTS] = {
		{ "earlier_job", "user mode", 500 },
		{ "task", "hog", 200 },
	};

	assert_blame("duration: 12ms\n" ONE_CPU "tasks:\n"
		     "  hog: {policy: fifo, priority: 9, every: 1s,\n"
		     "        offset: 11100us, do: [run: 200us]}\n"
		     "  T: {policy: fifo, priority: 5, every: 1ms,\n"
		     "      offset: 10ms, do: [run: 1500us]}\n",
		     NULL, "T", KIND_WAKEUP_LATENCY, parts);
}
END_TEST

/* A fair task's timer may be late. */
START_TEST(timer_slack_is_named)
{
	static const struct part parts[MAX_PARTS] = {
		{ "timer_slack", NULL, 50 },
	};

	assert_blame("duration: 20ms\n" ONE_CPU
		     "tasks: {T: {every: 9ms, do: [run: 10us]}}\n",
		     NULL, "T", KIND_WAKEUP_LATENCY, parts);
}
END_TEST

/* With its prices, way by way, on an idle machine. */
START_TEST(the_way_out_of_idle_is_named)
{
	static const struct part parts[MAX_PARTS] = {
		{ "idle_exit", NULL, 5 },
		{ "hardirq", "timer", 3 },
		{ "scheduling", "T", 2 },
		{ "scheduling", "swapper/0", 1 },
	};

	assert_blame("duration: 20ms\n"
		     "machine: {cpus: 1, clock: 1GHz, costs: {profile: zero,\n"
		     "  idle_exit: 5us, irq_entry: 3us, context_switch: 2us,\n"
		     "  schedule: 1us}}\n"
		     "tasks: {T: {policy: fifo, priority: 5, every: 9ms,\n"
		     "            do: [run: 10us]}}\n",
		     NULL, "T", KIND_WAKEUP_LATENCY, parts);
}
END_TEST

/* T, on CPU 1, fills two buffers, of which the device takes the first at 14 ms;
 * but CPU 0 has interrupts off to 14.3. */
START_TEST(waits_for_room_are_named)
{
	static const struct part parts[MAX_PARTS] = {
		{ "sleep", "card", 3900 },
		{ "irqs_off", "L in call(): local_irq_disable", 300 },
		{ "execution", "user mode", 10 },
	};

	assert_blame(
		"duration: 15ms\n" TWO_CPUS "kernel: {preempt: full}\n"
		"devices: {card: {irq: {every: 2ms, offset: 8ms, cpu: 0},\n"
		"          pcm: {periods: 2}}}\n"
		"tasks:\n"
		"  L: {policy: fifo, priority: 10, cpus: [0], every: 1s,\n"
		"      offset: 13900us, do: [syscall: {name: call, do:\n"
		"      [irqs_off: [run: 400us]]}]}\n"
		"  T: {policy: fifo, priority: 10, cpus: [1], every: 1s,\n"
		"      offset: 10100us, do: [pcm_write: card,\n"
		"      pcm_write: card, pcm_write: card, run: 10us]}\n",
		NULL, "T", KIND_RESPONSE_TIME, parts);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("blame");
	TCase *tcase = tcase_create("blame");

	tcase_add_loop_test(tcase, sections_are_named, 0, G_N_ELEMENTS(matrix));
	tcase_add_test(tcase, others_of_equal_claim_are_named);
	tcase_add_test(tcase, an_ipi_is_named);
	tcase_add_test(tcase, the_waker_is_asked);
	tcase_add_test(tcase, each_of_all_is_paid_for);
	tcase_add_loop_test(tcase, who_holds_softirqs_up_is_named, 0, 2);
	tcase_add_loop_test(tcase, throttling_is_named, 0,
			    G_N_ELEMENTS(throttled));
	tcase_add_test(tcase, devices_and_sleep_are_named);
	tcase_add_test(tcase, earlier_jobs_are_named);
	tcase_add_test(tcase, timer_slack_is_named);
	tcase_add_test(tcase, waits_for_room_are_named);
	tcase_add_test(tcase, the_way_out_of_idle_is_named);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
