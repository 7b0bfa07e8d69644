/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What latencies are put down to before anybody has woken the task, where that
 * can be said by hand: it is what keeps the one that is to wake it; and which of
 * its jobs a task is in.
 */
#include <config.h>

#include "blame-law.h"

/* A handler in a thread waits for a disk; H is innocent of that. */
START_TEST(a_thread_waits_for_a_device)
{
	static const struct part parts[MAX_PARTS] = {
		{ "io", "disk", 3000 },
		{ "thread", "irq/17-card", 20 },
	};

	assert_blame("duration: 20ms\n" ONE_CPU
		     "kernel: {preempt: full, hz: 100}\n"
		     "devices:\n"
		     "  disk: {service: 3ms, handler: []}\n"
		     "  card: {irq: {at: [1100us], threaded: true},\n"
		     "         handler: [run: 20us, io: disk, wake: card]}\n"
		     "tasks:\n"
		     "  H: {nice: 19, loop: [run: 1ms]}\n"
		     "  T: {policy: fifo, priority: 40, on: card,\n"
		     "      do: [run: 50us]}\n",
		     NULL, "T", KIND_WAKEUP_LATENCY, parts);
}
END_TEST

/* The thread sleeps for a lock that L holds on the other CPU. */
START_TEST(a_thread_waits_for_a_lock)
{
	static const struct part parts[MAX_PARTS] = {
		{ "lock", "l, held by L on CPU 1 in call()", 4900 },
		{ "thread", "irq/16-card", 100 },
	};

	assert_blame(
		"duration: 20ms\n" TWO_CPUS "kernel: {preempt: rt, hz: 100}\n"
		"locks: {l: spinlock}\n"
		"devices:\n"
		"  card: {irq: {at: [1100us], cpu: 0}, handler:\n"
		"         [hold: {lock: l, do: [run: 100us]}, wake: card]}\n"
		"tasks:\n"
		"  L: {policy: fifo, priority: 10, cpus: [1], every: 1s,\n"
		"      offset: 1ms, do: [syscall: {name: call, do:\n"
		"      [hold: {lock: l, do: [run: 5ms]}]}]}\n"
		"  T: {policy: fifo, priority: 40, cpus: [0], on: card,\n"
		"      do: [run: 50us]}\n",
		NULL, "T", KIND_WAKEUP_LATENCY, parts);
}
END_TEST

/* A worker sleeps, and wakes T at last. */
START_TEST(a_worker_sleeps)
{
	static const struct part parts[MAX_PARTS] = {
		{ "sleep", "kworker/0:0", 2000 },
		{ "timer_slack", "kworker/0:0", 50 },
	};

	assert_blame("duration: 20ms\n" ONE_CPU
		     "kernel: {preempt: full, hz: 100}\n"
		     "devices:\n"
		     "  card: {irq: {at: [1100us]}, handler:\n"
		     "         [queue_work: {do: [sleep: 2ms, wake: card]}]}\n"
		     "tasks:\n"
		     "  T: {policy: fifo, priority: 40, on: card,\n"
		     "      do: [run: 50us]}\n",
		     NULL, "T", KIND_WAKEUP_LATENCY, parts);
}
END_TEST

/* The same before the request of a task that waits for it is told of: while the
 * thread sleeps, or waits for a disk, or ksoftirqd for a lock. */
START_TEST(who_tells_of_a_request_is_asked)
{
	static const struct part parts[][MAX_PARTS] = {
		{ { "sleep", "irq/16-raid", 3000 } },
		{ { "io", "disk", 3000 } },
	};
	static const char yaml[] =
		"duration: 30ms\n" ONE_CPU "kernel: {preempt: full, hz: 10}\n"
		"devices:\n"
		"  raid: {service: 1ms, irq: {at: [25ms], threaded: true},\n"
		"         handler: [sleep: 3ms]}\n"
		"  disk: {service: 3ms, handler: []}\n"
		"tasks:\n"
		"  H: {nice: 19, loop: [run: 1ms]}\n"
		"  T: {policy: fifo, priority: 60, every: 1s, offset: 1ms,\n"
		"      do: [io: raid, run: 100us]}\n";
	static const char *const disk[] = { "devices.raid.handler=[io: disk]",
					    NULL };

	assert_blame(yaml, _i ? disk : NULL, "T", KIND_WAKEUP_LATENCY,
		     parts[_i]);
}
END_TEST

START_TEST(ksoftirqd_is_asked)
{
	static const struct part parts[MAX_PARTS] = {
		{ "lock", "l, held by L on CPU 1 in call()", 3700 },
		{ "lock", "l, held by L, kept off CPU 1 by U", 1800 },
		{ "softirq", "block (disk)", 10 },
	};

	assert_blame("duration: 20ms\n" TWO_CPUS
		     "kernel: {preempt: rt, hz: 10}\n"
		     "locks: {l: spinlock}\n"
		     "devices: {disk: {service: 1ms, handler: [],\n"
		     "  irq: {at: [15ms], no_thread: true, cpu: 0},\n"
		     "  softirq: {vector: block, do:\n"
		     "  [hold: {lock: l, do: [run: 10us]}]}}}\n"
		     "tasks:\n"
		     "  T: {policy: fifo, priority: 20, cpus: [0], every: 1s,\n"
		     "      offset: 1ms, do: [io: disk, run: 100us]}\n"
		     "  L: {cpus: [1], timer_slack: 0ns, every: 1s,\n"
		     "      offset: 1500us, do: [syscall: {name: call, do:\n"
		     "      [hold: {lock: l, do: [run: 4ms]}]}]}\n"
		     "  U: {policy: fifo, priority: 30, cpus: [1], every: 1s,\n"
		     "      offset: 1800us, do: [run: 2ms]}\n",
		     NULL, "T", KIND_WAKEUP_LATENCY, parts);
}
END_TEST

/* A worker waits in a queue before it wakes T; U has nothing to do with it. */
START_TEST(a_worker_waits_in_a_queue)
{
	static const struct part parts[MAX_PARTS] = {
		{ "sleep", "kworker/0:0: r", 4000 },
		{ "thread", "kworker/0:0", 200 },
	};

	assert_blame("duration: 20ms\n" TWO_CPUS
		     "kernel: {preempt: full, hz: 10}\n"
		     "waitqueues: [q, r]\n"
		     "devices: {card: {irq: {at: [1ms], cpu: 0}, handler:\n"
		     "  [queue_work: {do: [run: 100us, wait: r, run: 100us,\n"
		     "   wake: q]}]}}\n"
		     "tasks:\n"
		     "  X: {cpus: [1], policy: fifo, priority: 50, every: 1s,\n"
		     "      offset: 5ms, do: [run: 100us, wake: r]}\n"
		     "  U: {cpus: [1], loop: [run: 10ms]}\n"
		     "  T: {cpus: [0], policy: fifo, priority: 60, on: q,\n"
		     "      do: [run: 500us]}\n",
		     NULL, "T", KIND_WAKEUP_LATENCY, parts);
}
END_TEST

/* Its timer is over, and an NMI comes while it is being woken. */
START_TEST(who_has_slept_does_not_sleep)
{
	static const struct part parts[MAX_PARTS] = {
		{ "sleep", NULL, 1500 },
		{ "nmi", "card", 1000 },
		{ "execution", "user mode", 548 },
		{ "hardirq", "timer", 4 },
	};

	assert_blame("duration: 10ms\n"
		     "machine: {cpus: 1, clock: 1GHz,\n"
		     "          costs: {profile: zero, wakeup: 2us}}\n"
		     "kernel: {preempt: full, hz: 10}\n"
		     "devices: {card: {irq: {at: [3001us], nmi: true},\n"
		     "                 handler: [run: 1ms]}}\n"
		     "tasks: {T: {policy: fifo, priority: 60, every: 1s,\n"
		     "  offset: 1ms, do: [run: 498us, sleep: 1500us,\n"
		     "  run: 50us]}}\n",
		     NULL, "T", KIND_RESPONSE_TIME, parts);
}
END_TEST

/* U is more urgent than the interrupt's thread, whatever it has switched off
 * and whatever else pends; and it wakes nobody, though it may be of the kernel. */
START_TEST(a_thread_waits_for_its_turn)
{
	static const struct part parts[MAX_PARTS] = { { "task", "U", 800 } };
	static const char yaml[] =
		"duration: 20ms\n" ONE_CPU "kernel: {preempt: rt, hz: 100}\n"
		"devices: {card: {irq: {at: [1100us]}, handler: [wake: card]}}\n"
		"tasks:\n"
		"  U: {policy: fifo, priority: 60, every: 1s, offset: 1ms,\n"
		"      do: [syscall: {name: call, do: [run: 900us]}]}\n"
		"  T: {policy: fifo, priority: 40, on: card,\n"
		"      do: [run: 50us]}\n";
	static const char *const overrides[][3] = {
		{ "tasks.U.do.0.syscall.do=[run: 200us, irqs_off: "
		  "[run: 500us], run: 200us]" },
		{ "tasks.U.do.0.syscall.do=[bh_off: [raise_softirq: net_rx, "
		  "run: 500us], run: 400us]" },
		{ "tasks.U.kthread=true", "tasks.U.do=[run: 900us]" },
	};

	assert_blame(yaml, NULL, "T", KIND_WAKEUP_LATENCY, parts);
	assert_blame(yaml, overrides[_i], "T", KIND_WAKEUP_LATENCY, parts);
}
END_TEST

/* The real-time tasks' share is used up, the thread's as well. */
START_TEST(a_thread_is_throttled)
{
	static const struct part parts[MAX_PARTS] = {
		{ "throttled", "rt_throttling", 40000 },
	};

	assert_blame("duration: 1200ms\n" ONE_CPU
		     "kernel: {preempt: rt, hz: 100, version: '6.1'}\n"
		     "devices: {card: {irq: {at: [960ms]},\n"
		     "                 handler: [wake: card]}}\n"
		     "tasks:\n"
		     "  H: {policy: fifo, priority: 40, loop: [run: 3s]}\n"
		     "  T: {policy: fifo, priority: 45, on: card,\n"
		     "      do: [run: 1ms]}\n"
		     "  L: {loop: [run: 1s]}\n",
		     NULL, "T", KIND_WAKEUP_LATENCY, parts);
}
END_TEST

/* T's timer is left to ktimers, which is throttled with all of its class. */
START_TEST(the_timers_thread_is_throttled)
{
	static const struct part parts[MAX_PARTS] = {
		{ "task", "H", 260000 },
		{ "throttled", "rt_throttling", 40000 },
	};
	struct results *results = law_simulate(
		"duration: 1200ms\n" ONE_CPU
		"kernel: {preempt: rt, hz: 100, version: '6.1'}\n"
		"tasks:\n"
		"  T: {timer_slack: 0ns, every: 3s, offset: 900ms,\n"
		"      deadline: 10ms, do: [run: 1ms]}\n"
		"  H: {policy: fifo, priority: 40, loop: [run: 3s]}\n",
		NULL);
	const struct task_results *task = results->tasks->pdata[0];

	assert_parts("T", task->blame, parts);
	results_free(results);
}
END_TEST

/* What is missed before the player is woken was up to the other CPU, whose
 * interrupts are off. */
START_TEST(the_interrupts_cpu_is_asked)
{
	static const struct part parts[MAX_PARTS] = {
		{ "irqs_off", "B in call(): local_irq_disable", 5000 },
	};
	static const char yaml[] =
		"duration: 60ms\n" TWO_CPUS "kernel: {preempt: full, hz: 100}\n"
		"devices: {card: {irq: {every: 5ms, offset: 1ms, cpu: 1},\n"
		"                 pcm: {periods: 2}}}\n"
		"tasks:\n"
		"  T: {policy: fifo, priority: 50, cpus: [0], on: card,\n"
		"      deadline: none, do: [run: 1ms, pcm_write: card]}\n"
		"  H: {nice: 19, cpus: [0], loop: [run: 1ms]}\n"
		"  B: {cpus: [1], every: 1s, offset: 20ms, timer_slack: 0ns,\n"
		"      do: [syscall: {name: call, do:\n"
		"      [irqs_off: [run: 18ms]]}]}\n";
	static const char *const loop[] = {
		"tasks.T={policy: fifo, priority: 50, cpus: [0], "
		"loop: [run: 1ms, pcm_write: card]}",
		NULL
	};
	struct results *results = law_simulate(yaml, _i ? loop : NULL);
	const struct task_results *task = results->tasks->pdata[0];

	ck_assert_uint_eq(task_cases(task), 1);
	assert_parts("T", task->blame, parts);
	results_free(results);
}
END_TEST

/* The last of three jobs of one instant: the others are not its own. */
START_TEST(jobs_of_one_instant_are_told_apart)
{
	static const struct part wakeup[MAX_PARTS] = {
		{ "earlier_job", "user mode", 4000 },
	};
	static const struct part response[MAX_PARTS] = {
		{ "earlier_job", "user mode", 4000 },
		{ "execution", "user mode", 2000 },
	};
	static const char yaml[] =
		"duration: 20ms\n" ONE_CPU "kernel: {preempt: full}\n"
		"devices: {card: {irq: {at: [1ms]},\n"
		"          handler: [wake: card, wake: card, wake: card]}}\n"
		"tasks: {T: {policy: fifo, priority: 50, on: card,\n"
		"            do: [run: 2ms]}}\n";

	assert_blame(yaml, NULL, "T", KIND_WAKEUP_LATENCY, wakeup);
	assert_blame(yaml, NULL, "T", KIND_RESPONSE_TIME, response);
}
END_TEST

/* F is served before V; that another fair task asks F to make way, lazily, is
 * nothing to V. */
START_TEST(who_is_served_is_not_lazy)
{
	static const struct part parts[MAX_PARTS] = {
		{ "task", "F: fair server", 37000 },
		{ "task", "G: fair server", 1000 },
	};

	assert_blame("duration: 1200ms\n" ONE_CPU
		     "kernel: {preempt: lazy, hz: 100}\n"
		     "tasks:\n"
		     "  H: {policy: fifo, priority: 40, loop: [run: 3s]}\n"
		     "  V: {policy: fifo, priority: 50, every: 2s,\n"
		     "      offset: 962ms, do: [run: 1ms]}\n"
		     "  F: {timer_slack: 0ns, once: [syscall: {name: call,\n"
		     "      do: [run: 100ms]}]}\n"
		     "  G: {timer_slack: 0ns, nice: -19, every: 3s,\n"
		     "      offset: 963ms, do: [run: 1ms]}\n",
		     NULL, "V", KIND_WAKEUP_LATENCY, parts);
}
END_TEST

/* D is a deadline task, or a stopper, and not served while hog is. */
START_TEST(who_is_more_urgent_is_not_served)
{
	static const struct part parts[][MAX_PARTS] = {
		{ { "execution", "user mode", 970000 },
		  { "task", "hog: fair server", 50000 },
		  { "task", "D", 5000 } },
		{ { "execution", "user mode", 970000 },
		  { "task", "hog: fair server", 50000 },
		  { "task", "migration/0", 3000 } },
	};
	static const char yaml[] =
		"duration: 1100ms\n" TWO_CPUS
		"kernel: {preempt: full, hz: 1000}\n"
		"tasks:\n"
		"  T: {policy: fifo, priority: 10, cpus: [0], every: 2s,\n"
		"      offset: 1ms, do: [run: 970ms]}\n"
		"  hog: {cpus: [0], loop: [run: 100ms]}\n"
		"  D: {policy: deadline, runtime: 5ms, period: 100ms,\n"
		"      every: 2s, offset: 975ms, do: [run: 5ms]}\n";
	static const char *const overrides[][3] = {
		{ "machine.cpus=1", "tasks.T.cpus=[0]" },
		{ "tasks.D={policy: fifo, priority: 20, cpus: [1], every: 2s, "
		  "offset: 970ms, do: [syscall: {name: stop, "
		  "do: [stop_machine: {run: 3ms}]}]}" },
	};

	assert_blame(yaml, overrides[_i], "T", KIND_RESPONSE_TIME, parts[_i]);
}
END_TEST

/* Interrupts are off within another section, by a function of their own. */
START_TEST(who_switched_interrupts_off_is_named)
{
	static const struct part bh_off[MAX_PARTS] = {
		{ "irqs_off", "L in call(): local_irq_disable", 400 },
		{ "bh_off", "L in call(): local_bh_disable", 100 },
	};
	static const struct part preempt_off[MAX_PARTS] = {
		{ "irqs_off", "L in call(): local_irq_disable", 400 },
		{ "preempt_off", "L in call(): preempt_disable", 100 },
	};
	static const char yaml[] =
		"duration: 10ms\n" ONE_CPU "kernel: {preempt: full, hz: 100}\n"
		"tasks:\n"
		"  L: {every: 1s, offset: 1ms, timer_slack: 0ns,\n"
		"      do: [syscall: {name: call, do: [bh_off: [run: 100us,\n"
		"      irqs_off: [run: 500us], run: 100us]]}]}\n"
		"  T: {policy: fifo, priority: 90, every: 1s,\n"
		"      offset: 1200us, do: [run: 10us]}\n";
	static const char *const overrides[] = {
		"tasks.L.do.0.syscall.do=[preempt_off: [run: 100us, "
		"irqs_off: [run: 500us], run: 100us]]",
		NULL
	};

	assert_blame(yaml, NULL, "T", KIND_WAKEUP_LATENCY, bh_off);
	assert_blame(yaml, overrides, "T", KIND_WAKEUP_LATENCY, preempt_off);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("blame-waker");
	TCase *tcase = tcase_create("blame-waker");

	tcase_add_test(tcase, a_thread_waits_for_a_device);
	tcase_add_test(tcase, a_thread_waits_for_a_lock);
	tcase_add_test(tcase, a_worker_sleeps);
	tcase_add_loop_test(tcase, who_tells_of_a_request_is_asked, 0, 2);
	tcase_add_test(tcase, ksoftirqd_is_asked);
	tcase_add_test(tcase, a_worker_waits_in_a_queue);
	tcase_add_test(tcase, who_has_slept_does_not_sleep);
	tcase_add_loop_test(tcase, a_thread_waits_for_its_turn, 0, 3);
	tcase_add_test(tcase, a_thread_is_throttled);
	tcase_add_test(tcase, the_timers_thread_is_throttled);
	tcase_add_loop_test(tcase, the_interrupts_cpu_is_asked, 0, 2);
	tcase_add_test(tcase, jobs_of_one_instant_are_told_apart);
	tcase_add_test(tcase, who_is_served_is_not_lazy);
	tcase_add_loop_test(tcase, who_is_more_urgent_is_not_served, 0, 2);
	tcase_add_test(tcase, who_switched_interrupts_off_is_named);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
