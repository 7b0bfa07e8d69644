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

#include "law.h"
#include "preemptsim/measure/timeline.h"
#include "preemptsim/workload/step.h"
#include "told.h"

/* A part that is expected. */
struct part {
	const char *cause, *by;
	int64_t us;
};

#define MAX_PARTS 8

/* The longest time of @kind of the task called @name. */
static const struct worst_case *worst_of(const struct results *results,
					 const char *name,
					 enum latency_kind kind)
{
	for (unsigned int i = 0; i < results->worst->len; i++) {
		const struct worst_case *worst = results->worst->pdata[i];

		if (worst->kind == kind && !strcmp(worst->task, name))
			return worst;
	}
	ck_abort_msg("%s has no %s", name, latency_kind_name(kind));
	return NULL;
}

static char *blame_text(const GArray *blame)
{
	GString *text = g_string_new(NULL);

	for (unsigned int i = 0; i < blame->len; i++) {
		const struct blame *part =
			&g_array_index(blame, struct blame, i);

		g_string_append_printf(text, "%s (%s) %d ns; ", part->cause,
				       part->by ? part->by : "", (int)part->ns);
	}
	return g_string_free(text, FALSE);
}

/* Fail unless @blame has these parts, the largest first. */
static void assert_parts(const char *what, const GArray *blame,
			 const struct part *parts)
{
	char *text = blame_text(blame);
	unsigned int n = 0;

	for (; n < MAX_PARTS && parts[n].cause; n++) {
		const struct blame *part;

		if (n == blame->len)
			ck_abort_msg("%s: %s misses %s", what, text,
				     parts[n].cause);
		part = &g_array_index(blame, struct blame, n);
		if (strcmp(part->cause, parts[n].cause) ||
		    g_strcmp0(part->by, parts[n].by) ||
		    part->ns != parts[n].us * US)
			ck_abort_msg("%s: %s not %s (%s) %d us", what, text,
				     parts[n].cause, parts[n].by,
				     (int)parts[n].us);
	}
	if (blame->len != n)
		ck_abort_msg("%s: %s is too much", what, text);
	g_free(text);
}

/* The same of the longest time of @name in a scenario. */
static void assert_blame(const char *yaml, const char *const *overrides,
			 const char *name, enum latency_kind kind,
			 const struct part *parts)
{
	struct results *results = law_simulate(yaml, overrides);

	assert_parts(overrides ? overrides[0] : name,
		     worst_of(results, name, kind)->blame, parts);
	results_free(results);
}

#define ONE_CPU "machine: {cpus: 1, clock: 1GHz, costs: {profile: zero}}\n"
#define TWO_CPUS "machine: {cpus: 2, clock: 1GHz, costs: {profile: zero}}\n"

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

/* L holds m2, M holds m1 and waits for m2, H waits for m1; N is not as urgent as
 * they are with H's priority.  H's own run is its own. */
START_TEST(locks_are_named_along_a_chain)
{
	static const struct part parts[MAX_PARTS] = {
		{ "lock",
		  "m1, held by M, which waits for m2, held by L on CPU 0",
		  450 },
		{ "lock", "m1, held by M on CPU 0", 150 },
		{ "execution", "user mode", 100 },
		{ "execution", "call()", 50 },
	};

	assert_blame(
		"duration: 50ms\n" ONE_CPU "kernel: {preempt: full}\n"
		"locks: {m1: {type: rt_mutex}, m2: {type: rt_mutex}}\n"
		"tasks:\n"
		"  L: {policy: fifo, priority: 10, every: 1s,\n"
		"      offset: 10ms,\n"
		"      do: [hold: {lock: m2, do: [run: 600us]}]}\n"
		"  M: {policy: fifo, priority: 20, every: 1s,\n"
		"      offset: 10100us, do: [hold: {lock: m1, do:\n"
		"      [run: 50us, hold: {lock: m2, do: [run: 150us]}]}]}\n"
		"  N: {policy: fifo, priority: 30, every: 1s,\n"
		"      offset: 10300us, do: [run: 400us]}\n"
		"  H: {policy: fifo, priority: 40, every: 1s,\n"
		"      offset: 10200us, do: [run: 100us, lock: m1,\n"
		"      unlock: m1, syscall: {name: call,\n"
		"      do: [run: 50us]}]}\n",
		NULL, "H", KIND_RESPONSE_TIME, parts);
}
END_TEST

/*
 * L, on CPU 0, holds m from 10 ms on; H, on CPU 1, wants it at 10.1.  L runs for
 * 100 us more; sleeps for 50; runs for 30; is interrupted for 40 and for a softirq
 * of 60; runs for 20; is preempted by N for 200; runs for 50; waits for the disk
 * for 500; runs for 10 in a system call, and gives m back.
 */
START_TEST(what_holders_do_is_named)
{
	static const struct part parts[MAX_PARTS] = {
		{ "lock", "m, held by L, which waits for disk", 500 },
		{ "lock", "m, held by L on CPU 0", 200 },
		{ "lock", "m, held by L, kept off CPU 0 by N", 200 },
		{ "lock",
		  "m, held by L on CPU 0, interrupted by softirq block (card)",
		  60 },
		{ "lock", "m, held by L, which sleeps", 50 },
		{ "lock", "m, held by L on CPU 0, interrupted by hardirq card",
		  40 },
		{ "lock", "m, held by L on CPU 0 in call()", 10 },
	};

	assert_blame(
		"duration: 12ms\n" TWO_CPUS "kernel: {preempt: full}\n"
		"locks: {m: {type: mutex}}\n"
		"devices:\n"
		"  disk: {service: 500us}\n"
		"  card: {irq: {at: [10280us], cpu: 0},\n"
		"         handler: [run: 40us],\n"
		"         softirq: {vector: block, do: [run: 60us]}}\n"
		"tasks:\n"
		"  L: {policy: fifo, priority: 10, cpus: [0], every: 1s,\n"
		"      offset: 10ms, do: [hold: {lock: m, do: [run: 200us,\n"
		"      sleep: 50us, run: 100us, io: disk,\n"
		"      syscall: {name: call, do: [run: 10us]}]}]}\n"
		"  N: {policy: fifo, priority: 20, cpus: [0], every: 1s,\n"
		"      offset: 10400us, do: [run: 200us]}\n"
		"  H: {policy: fifo, priority: 30, cpus: [1], every: 1s,\n"
		"      offset: 10100us, do: [hold: {lock: m, do: []}]}\n",
		NULL, "H", KIND_RESPONSE_TIME, parts);
}
END_TEST

/*
 * A spins for l1, which B holds, spinning for l2, which the handler of `card'
 * holds on CPU 2, over U.
 */
START_TEST(what_spinning_holders_wait_for_is_named)
{
	static const struct part parts[MAX_PARTS] = {
		{ "spinlock",
		  "l1, held by B, which waits for l2, held by card on CPU 2",
		  300 },
		{ "spinlock", "l1, held by B on CPU 1 in call()", 50 },
		{ "execution", "call()", 10 },
	};

	assert_blame(
		"duration: 12ms\n"
		"machine: {cpus: 3, clock: 1GHz, costs: {profile: zero}}\n"
		"kernel: {preempt: full}\n"
		"locks: {l1: spinlock, l2: spinlock}\n"
		"devices: {card: {irq: {at: [10ms], cpu: 2},\n"
		"          handler: [hold: {lock: l2, do: [run: 450us]}]}}\n"
		"tasks:\n"
		"  U: {cpus: [2], loop: [run: 1ms]}\n"
		"  B: {policy: fifo, priority: 10, cpus: [1], every: 1s,\n"
		"      offset: 10100us, do: [syscall: {name: call, do:\n"
		"      [hold: {lock: l1, do: [run: 20us,\n"
		"       hold: {lock: l2, do: [run: 50us]}]}]}]}\n"
		"  A: {policy: fifo, priority: 10, cpus: [0], every: 1s,\n"
		"      offset: 10150us, do: [syscall: {name: call, do:\n"
		"      [hold: {lock: l1, do: [run: 10us]}]}]}\n",
		NULL, "A", KIND_RESPONSE_TIME, parts);
}
END_TEST

/* That is no lock. */
START_TEST(waits_for_other_cpus_are_named)
{
	static const struct part parts[MAX_PARTS] = {
		{ "spinlock", "P in call() waits for the other CPUs", 200 },
		{ "execution", "call()", 10 },
	};

	assert_blame("duration: 12ms\n" TWO_CPUS "kernel: {preempt: full}\n"
		     "tasks:\n"
		     "  L: {policy: fifo, priority: 10, cpus: [1], every: 1s,\n"
		     "      offset: 10ms, do: [syscall: {name: long, do:\n"
		     "      [irqs_off: [run: 300us]]}]}\n"
		     "  P: {policy: fifo, priority: 10, cpus: [0], every: 1s,\n"
		     "      offset: 10100us, do: [syscall: {name: call,\n"
		     "      do: [on_each_cpu: {run: 10us}]}]}\n",
		     NULL, "P", KIND_RESPONSE_TIME, parts);
}
END_TEST

/* Each has what the other wants. */
START_TEST(deadlocks_are_named)
{
	static const struct part parts[MAX_PARTS] = {
		{ "lock",
		  "m2, held by B, which waits for m1, held by A, in a deadlock",
		  1800 },
		{ "execution", "user mode", 200 },
	};
	struct results *results = law_simulate(
		"duration: 12ms\n" TWO_CPUS "kernel: {preempt: full}\n"
		"locks: {m1: mutex, m2: mutex}\n"
		"tasks:\n"
		"  A: {policy: fifo, priority: 10, cpus: [0], every: 1s,\n"
		"      deadline: 1ms, offset: 10ms, do: [hold: {lock: m1,\n"
		"      do: [run: 200us, hold: {lock: m2, do: []}]}]}\n"
		"  B: {policy: fifo, priority: 10, cpus: [1], every: 1s,\n"
		"      offset: 10ms, do: [hold: {lock: m2,\n"
		"      do: [run: 200us, hold: {lock: m1, do: []}]}]}\n",
		NULL);

	assert_parts("A", law_task(results, "A")->blame, parts);
	results_free(results);
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

/* A CPU that spins for who holds the lock on the other one. */
START_TEST(spinning_is_named)
{
	static const struct part parts[MAX_PARTS] = {
		{ "spinlock", "l, held by X on CPU 0 in call()", 200 },
		{ "execution", "call()", 10 },
	};

	assert_blame("duration: 50ms\n" TWO_CPUS "kernel: {preempt: full}\n"
		     "locks: {l: {type: spinlock}}\n"
		     "tasks:\n"
		     "  X: {policy: fifo, priority: 10, cpus: [0], every: 1s,\n"
		     "      offset: 10ms, do: [syscall: {name: call, do:\n"
		     "      [hold: {lock: l, do: [run: 300us]}]}]}\n"
		     "  T: {policy: fifo, priority: 10, cpus: [1], every: 1s,\n"
		     "      offset: 10100us, do: [syscall: {name: call, do:\n"
		     "      [hold: {lock: l, do: [run: 10us]}]}]}\n",
		     NULL, "T", KIND_RESPONSE_TIME, parts);
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

/* All dropouts of a task are added up. */
START_TEST(dropouts_add_up)
{
	static const struct part parts[MAX_PARTS] = {
		{ "task", "hog", 12000 },
		{ "execution", "user mode", 1500 },
	};
	struct results *results = law_simulate(
		"duration: 30ms\n" ONE_CPU "tasks:\n"
		"  hog: {policy: fifo, priority: 9, every: 10ms,\n"
		"        do: [run: 4ms]}\n"
		"  T: {policy: fifo, priority: 5, every: 10ms, deadline: 3ms,\n"
		"      do: [run: 500us]}\n",
		NULL);
	const struct task_results *task = law_task(results, "T");

	ck_assert_uint_eq(task->blamed, 3);
	ck_assert(task->blamed_dropouts);
	assert_parts("dropouts", task->blame, parts);
	results_free(results);
}
END_TEST

/* With a threshold, what delayed all that woke up so late is added up. */
START_TEST(latencies_over_a_threshold_add_up)
{
	static const struct part parts[MAX_PARTS] = {
		{ "task", "hog", 4000 },
	};
	struct scenario *scenario =
		law_load("duration: 60ms\n" ONE_CPU "tasks:\n"
			 "  hog: {policy: fifo, priority: 9, every: 10ms,\n"
			 "        do: [run: 2500us]}\n"
			 "  T: {policy: fifo, priority: 5, every: 7ms,\n"
			 "      do: [run: 500us]}\n",
			 NULL);
	struct run_options options = {
		.seed = 1,
		.blame = true,
		.blame_over_ns = 1000 * US,
	};
	struct results *results = scenario_run(scenario, &options);
	const struct task_results *task = law_task(results, "T");

	assert_parts("over 1 ms", task->blame, parts);
	ck_assert_uint_eq(task->blamed, 2);
	ck_assert_uint_eq(task->over, 2);
	ck_assert_int_eq(task->blamed_over_ns, 1000 * US);
	results_free(results);
	scenario_free(scenario);
}
END_TEST

/*
 * In all scenarios and models
 */

static GPtrArray *files;

static const char *const models[] = { "none", "voluntary", "full",
				      "lazy", "rt",	   "rt_lazy" };

/* How long a job of @conf runs in user mode, in ns, if it does nothing else and
 * leaves nothing to chance; otherwise -1. */
static int64_t run_ns(const struct scenario *scenario,
		      const struct task_conf *conf)
{
	ktime_t sum = 0;

	for (unsigned int i = 0; conf->steps && i < conf->steps->len; i++) {
		const struct step *step = conf->steps->pdata[i];

		if (strcmp(step->type->name, "run") || step->time->draw)
			return -1;
		sum += step->time->value;
	}
	return conf->kthread ? -1 : ktime_to_ns(&scenario->tb, sum);
}

static int64_t user_ns(const struct worst_case *worst)
{
	for (unsigned int i = 0; i < worst->blame->len; i++) {
		const struct blame *part =
			&g_array_index(worst->blame, struct blame, i);

		if (!strcmp(part->cause, "execution") &&
		    !g_strcmp0(part->by, "user mode"))
			return part->ns;
	}
	return 0;
}

/* Each end of a stretch is rounded to the nanosecond. */
static void check_own(const char *place, const struct worst_case *worst,
		      int64_t run)
{
	int64_t off = user_ns(worst) - run;

	if (llabs(off) > (int64_t)worst->timeline->len)
		ck_abort_msg("%s: a job of %s at %lld ns ran %lld ns too long",
			     place, worst->task, (long long)worst->at_ns,
			     (long long)off);
}

static unsigned int check_scenario(const char *file, const char *model)
{
	char *preempt = g_strdup_printf("kernel.preempt=%s", model);
	char *place = g_strdup_printf("%s, %s", file, model);
	const char *overrides[] = { preempt, "duration=1s", "warmup=0s", NULL };
	struct scenario *scenario = law_load_file(file, overrides);
	struct results *results = law_run(scenario, 1, 0);
	unsigned int n = 0;

	for (unsigned int i = 0; i < results->worst->len; i++) {
		const struct worst_case *worst = results->worst->pdata[i];
		char *name = g_strndup(worst->task, strcspn(worst->task, "/"));
		int64_t run = run_ns(
			scenario,
			scenario->tasks->pdata[law_task_index(results, name)]);

		if (worst->kind == KIND_RESPONSE_TIME && run >= 0) {
			check_own(place, worst, run);
			n++;
		}
		g_free(name);
	}
	results_free(results);
	scenario_free(scenario);
	g_free(place);
	g_free(preempt);
	return n;
}

/* However often it is preempted, interrupted and moved: what is put down to a
 * job's own execution is what it was given to do. */
START_TEST(own_execution_is_what_was_to_be_done)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < files->len; i++)
		n += check_scenario(files->pdata[i], models[_i]);
	ck_assert_uint_gt(n, 50);
}
END_TEST

/* All that is told of a run whose copies are so many events apart. */
static char *told_with_copies(const struct scenario *scenario,
			      uint64_t interval)
{
	struct run_options options = {
		.seed = 1,
		.nr_worst = 10,
		.jobs = true,
		.blame = true,
		.blame_worst = true,
		.blame_which = BLAME_ALL,
		.blame_interval = interval,
	};
	struct results *results = scenario_run(scenario, &options);
	char *text = told(scenario, results);

	results_free(results);
	return text;
}

/* It does not matter from where what is explained is simulated again: from the
 * end of the warmup, as with no other copy, or from somewhere near; nor that
 * the simulation is put back now and then, and goes on. */
START_TEST(copies_do_not_matter)
{
	static const uint64_t intervals[] = { 0, 23, 400 };

	for (unsigned int i = 0; i < files->len; i++) {
		char *preempt =
			g_strdup_printf("kernel.preempt=%s", models[_i]);
		const char *overrides[] = { preempt, "duration=400ms",
					    "warmup=50ms", NULL };
		struct scenario *scenario =
			law_load_file(files->pdata[i], overrides);
		char *expected = told_with_copies(scenario, UINT32_MAX);

		for (unsigned int k = 0; k < G_N_ELEMENTS(intervals); k++) {
			char *text = told_with_copies(scenario, intervals[k]);

			if (strcmp(text, expected))
				ck_abort_msg("%s, %s: other results with a "
					     "copy every %d events",
					     (char *)files->pdata[i],
					     models[_i], (int)intervals[k]);
			g_free(text);
		}
		g_free(expected);
		scenario_free(scenario);
		g_free(preempt);
	}
}
END_TEST

/*
 * What the CPUs did meanwhile
 */

static bool same_bar(const struct timeline_bar *a, const struct timeline_bar *b)
{
	return a->begin_ns == b->begin_ns && a->end_ns == b->end_ns &&
	       a->what == b->what && a->preempt_off == b->preempt_off &&
	       a->irqs_off == b->irqs_off && !g_strcmp0(a->task, b->task);
}

/* What a CPU did when the window began or ended is seen when it is looked at
 * then, and otherwise guessed from what it told before and afterwards. */
static void check_bars(const char *place, const GArray *a, const GArray *b)
{
	if (a->len != b->len)
		ck_abort_msg("%s: %d bars, not %d", place, (int)a->len,
			     (int)b->len);
	for (unsigned int i = 1; i + 1 < a->len; i++) {
		const struct timeline_bar *bar;

		bar = &g_array_index(a, struct timeline_bar, i);
		if (!same_bar(bar, &g_array_index(b, struct timeline_bar, i)))
			ck_abort_msg("%s: the bars from %lld ns on differ",
				     place, (long long)bar->begin_ns);
	}
}

/* The same windows, recorded in a run from the boot on. */
static void check_windows(const char *place, const struct scenario *scenario,
			  const struct results *results)
{
	GPtrArray *windows =
		g_ptr_array_new_with_free_func((GDestroyNotify)timeline_free);
	struct run_options options = { .seed = 1, .timelines = windows };

	for (unsigned int i = 0; i < results->worst->len; i++) {
		const struct worst_case *worst = results->worst->pdata[i];

		g_ptr_array_add(windows,
				timeline_new(worst->at_ns,
					     worst->at_ns + worst->latency_ns));
	}
	results_free(scenario_run(scenario, &options));
	for (unsigned int i = 0; i < results->worst->len; i++) {
		const struct worst_case *worst = results->worst->pdata[i];

		ck_assert(worst->window || !worst->latency_ns);
		for (unsigned int cpu = 0;
		     worst->window && cpu < worst->window->cpus->len; cpu++)
			check_bars(place, timeline_bars(worst->window, cpu),
				   timeline_bars(windows->pdata[i], cpu));
	}
	g_ptr_array_unref(windows);
}

START_TEST(windows_are_as_recorded_from_the_boot_on)
{
	for (unsigned int i = 0; i < files->len; i++) {
		char *preempt =
			g_strdup_printf("kernel.preempt=%s", models[_i]);
		char *place = g_strdup_printf("%s, %s", (char *)files->pdata[i],
					      models[_i]);
		const char *overrides[] = { preempt, "duration=500ms",
					    "warmup=0s", NULL };
		struct scenario *scenario =
			law_load_file(files->pdata[i], overrides);
		struct run_options options = {
			.seed = 1,
			.nr_worst = 2,
			.blame = true,
			.blame_worst = true,
			.blame_timelines = true,
		};
		struct results *results = scenario_run(scenario, &options);

		check_windows(place, scenario, results);
		results_free(results);
		scenario_free(scenario);
		g_free(place);
		g_free(preempt);
	}
}
END_TEST

/*
 * If not all are looked at
 */

/* Each dropout is the same. */
static struct results *many_dropouts(enum blame_which which)
{
	struct scenario *scenario =
		law_load("duration: 20s\n" ONE_CPU "tasks:\n"
			 "  hog: {policy: fifo, priority: 9, every: 10ms,\n"
			 "        do: [run: 4ms]}\n"
			 "  T: {policy: fifo, priority: 5, every: 10ms,\n"
			 "      deadline: 3ms, do: [run: 500us]}\n",
			 NULL);
	struct run_options options = {
		.seed = 1,
		.blame = true,
		.blame_which = which,
	};
	struct results *results = scenario_run(scenario, &options);

	scenario_free(scenario);
	return results;
}

/* Those that are looked at are looked at exactly, and one can ask for all. */
START_TEST(a_sample_is_of_whole_dropouts)
{
	struct results *some = many_dropouts(BLAME_SOME);
	struct results *most = many_dropouts(BLAME_MOST);
	struct results *all = many_dropouts(BLAME_ALL);
	const struct task_results *task = law_task(some, "T");
	int n = (int)task->blamed;
	const struct part parts[MAX_PARTS] = {
		{ "task", "hog", 4000 * n },
		{ "execution", "user mode", 500 * n },
	};

	ck_assert_uint_eq(law_task(all, "T")->blamed, 2000);
	ck_assert_uint_eq(law_task(most, "T")->blamed, 2000);
	ck_assert_uint_eq(task_cases(task), 2000);
	ck_assert_int_ge(n, 8);
	ck_assert_int_lt(n, 400);
	assert_parts("a sample", task->blame, parts);
	results_free(some);
	results_free(most);
	results_free(all);
}
END_TEST

/* Looking at an event before it happens takes as long as two or three. */
static void check_sample(const char *file, const char *model)
{
	char *preempt = g_strdup_printf("kernel.preempt=%s", model);
	const char *overrides[] = { preempt, "duration=3s", "warmup=0s", NULL };
	struct scenario *scenario = law_load_file(file, overrides);
	struct run_options options = { .seed = 1,
				       .blame = true,
				       .blame_which = BLAME_SOME };
	struct results *results = scenario_run(scenario, &options);
	uint64_t dropouts = 0, looked_at = 0;

	for (unsigned int i = 0; i < results->tasks->len; i++) {
		const struct task_results *task = results->tasks->pdata[i];

		dropouts += task_dropouts(task) + task_missed(task);
		looked_at += task->blamed;
		if (task->blamed)
			ck_assert_uint_le(task->blamed, task_cases(task));
	}
	if ((dropouts && !looked_at) || looked_at > dropouts)
		ck_abort_msg("%s, %s: of %d dropouts %d were looked at", file,
			     model, (int)dropouts, (int)looked_at);
	if (looked_at > 1 && results->replayed > results->events / 8 + 3200)
		ck_abort_msg("%s, %s: %d of %d events were simulated again",
			     file, model, (int)results->replayed,
			     (int)results->events);
	results_free(results);
	scenario_free(scenario);
	g_free(preempt);
}

START_TEST(a_sample_is_no_larger_than_it_may_be)
{
	for (unsigned int i = 0; i < files->len; i++)
		check_sample(files->pdata[i], models[_i]);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("blame");
	TCase *tcase = tcase_create("blame");
	int status;

	tcase_add_loop_test(tcase, sections_are_named, 0, G_N_ELEMENTS(matrix));
	tcase_add_test(tcase, others_of_equal_claim_are_named);
	tcase_add_test(tcase, an_ipi_is_named);
	tcase_add_test(tcase, the_waker_is_asked);
	tcase_add_loop_test(tcase, who_holds_softirqs_up_is_named, 0, 2);
	tcase_add_loop_test(tcase, throttling_is_named, 0,
			    G_N_ELEMENTS(throttled));
	tcase_add_test(tcase, locks_are_named_along_a_chain);
	tcase_add_test(tcase, what_holders_do_is_named);
	tcase_add_test(tcase, what_spinning_holders_wait_for_is_named);
	tcase_add_test(tcase, waits_for_other_cpus_are_named);
	tcase_add_test(tcase, deadlocks_are_named);
	tcase_add_test(tcase, devices_and_sleep_are_named);
	tcase_add_test(tcase, earlier_jobs_are_named);
	tcase_add_test(tcase, timer_slack_is_named);
	tcase_add_test(tcase, spinning_is_named);
	tcase_add_test(tcase, the_way_out_of_idle_is_named);
	tcase_add_test(tcase, dropouts_add_up);
	tcase_add_test(tcase, latencies_over_a_threshold_add_up);
	tcase_add_test(tcase, a_sample_is_of_whole_dropouts);
	files = law_scenarios();
	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, own_execution_is_what_was_to_be_done, 0,
			    G_N_ELEMENTS(models));
	tcase_add_loop_test(tcase, copies_do_not_matter, 0,
			    G_N_ELEMENTS(models));
	tcase_add_loop_test(tcase, windows_are_as_recorded_from_the_boot_on, 0,
			    G_N_ELEMENTS(models));
	tcase_add_loop_test(tcase, a_sample_is_no_larger_than_it_may_be, 0,
			    G_N_ELEMENTS(models));
	suite_add_tcase(suite, tcase);
	status = law_report(suite);
	g_ptr_array_free(files, TRUE);
	return status;
}
