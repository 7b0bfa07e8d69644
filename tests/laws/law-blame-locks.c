/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What latencies are put down to where somebody holds a lock, in situations where
 * that can be said by hand: which lock, who holds it, and what he does meanwhile.
 */
#include <config.h>

#include "blame-law.h"

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

/* A spins for l1, which the handler of `card' holds on CPU 1, over U, spinning
 * for l2, which B holds. */
START_TEST(spinning_handlers_are_named)
{
	static const struct part parts[MAX_PARTS] = {
		{ "spinlock",
		  "l1, held by card, which waits for l2, held by B on CPU 2 "
		  "in call()",
		  300 },
		{ "spinlock", "l1, held by card on CPU 1", 50 },
	};

	assert_blame("duration: 12ms\n"
		     "machine: {cpus: 3, clock: 1GHz, costs: {profile: zero}}\n"
		     "kernel: {preempt: full}\n"
		     "locks: {l1: spinlock, l2: spinlock}\n"
		     "devices: {card: {irq: {at: [10050us], cpu: 1},\n"
		     "          handler: [hold: {lock: l1, do:\n"
		     "          [hold: {lock: l2, do: [run: 50us]}]}]}}\n"
		     "tasks:\n"
		     "  U: {cpus: [1], loop: [run: 1ms]}\n"
		     "  B: {policy: fifo, priority: 10, cpus: [2], every: 1s,\n"
		     "      offset: 10ms, do: [syscall: {name: call, do:\n"
		     "      [hold: {lock: l2, do: [run: 400us]}]}]}\n"
		     "  A: {policy: fifo, priority: 10, cpus: [0], every: 1s,\n"
		     "      offset: 10100us, do: [syscall: {name: call, do:\n"
		     "      [hold: {lock: l1, do: []}]}]}\n",
		     NULL, "A", KIND_RESPONSE_TIME, parts);
}
END_TEST

/*
 * A handler of `card' on CPU 0 holds l from 10 ms on, and one of `net' in a
 * softirq from 11 on; an NMI comes over both.
 */
START_TEST(nmis_over_handlers_are_named)
{
	static const struct {
		const char *at;
		struct part parts[MAX_PARTS];
	} cases[] = {
		{ "tasks.W.offset=10100us",
		  { { "spinlock", "l, held by card on CPU 0", 400 },
		    { "spinlock",
		      "l, held by card on CPU 0, interrupted by nmi watch",
		      60 } } },
		{ "tasks.W.offset=11100us",
		  { { "spinlock", "l, held by net_rx (net) on CPU 0", 400 },
		    { "spinlock",
		      "l, held by net_rx (net) on CPU 0, interrupted by nmi "
		      "watch",
		      60 } } },
	};

	for (unsigned int i = 0; i < G_N_ELEMENTS(cases); i++)
		assert_blame(
			"duration: 13ms\n" TWO_CPUS "kernel: {preempt: full}\n"
			"locks: {l: spinlock}\n"
			"devices:\n"
			"  watch: {irq: {at: [10200us, 11200us], nmi: true,\n"
			"          cpu: 0}, handler: [run: 60us]}\n"
			"  card: {irq: {at: [10ms], cpu: 0}, handler:\n"
			"         [hold: {lock: l, do: [run: 500us]}]}\n"
			"  net: {irq: {at: [11ms], cpu: 0}, handler: [],\n"
			"        softirq: {vector: net_rx, do:\n"
			"        [hold: {lock: l, do: [run: 500us]}]}}\n"
			"tasks:\n"
			"  W: {policy: fifo, priority: 10, cpus: [1],\n"
			"      every: 1s, do: [syscall: {name: call,\n"
			"      do: [hold: {lock: l, do: []}]}]}\n",
			(const char *const[]){ cases[i].at, NULL }, "W",
			KIND_RESPONSE_TIME, cases[i].parts);
}
END_TEST

/*
 * A handler of `card' on CPU 0, over U, reads under l from 10 ms on, and one of
 * `net' in a softirq from 11 on; so does U for 100 us from 12 on, and is
 * interrupted by `disk'.  W, on CPU 1, writes.
 */
START_TEST(readers_in_interrupts_are_named)
{
	static const struct {
		const char *at;
		struct part parts[MAX_PARTS];
	} cases[] = {
		{ "tasks.W.offset=10100us",
		  { { "spinlock", "l, held by card on CPU 0", 400 } } },
		{ "tasks.W.offset=11100us",
		  { { "spinlock", "l, held by net_rx (net) on CPU 0", 400 } } },
		{ "tasks.W.offset=12020us",
		  { { "spinlock", "l, held by U on CPU 0 in call()", 80 },
		    { "spinlock",
		      "l, held by U on CPU 0, interrupted by hardirq disk",
		      40 } } },
	};

	for (unsigned int i = 0; i < G_N_ELEMENTS(cases); i++)
		assert_blame(
			"duration: 13ms\n" TWO_CPUS "kernel: {preempt: full}\n"
			"locks: {l: rwlock}\n"
			"devices:\n"
			"  card: {irq: {at: [10ms], cpu: 0}, handler:\n"
			"         [read_lock: l, run: 500us, read_unlock: l]}\n"
			"  net: {irq: {at: [11ms], cpu: 0}, handler: [],\n"
			"        softirq: {vector: net_rx, do:\n"
			"        [read_lock: l, run: 500us, read_unlock: l]}}\n"
			"  disk: {irq: {at: [12050us], cpu: 0},\n"
			"         handler: [run: 40us]}\n"
			"tasks:\n"
			"  U: {policy: fifo, priority: 5, cpus: [0],\n"
			"      every: 1s, offset: 12ms, do:\n"
			"      [syscall: {name: call, do: [read_lock: l,\n"
			"      run: 100us, read_unlock: l]}]}\n"
			"  W: {policy: fifo, priority: 10, cpus: [1],\n"
			"      every: 1s, do: [syscall: {name: call,\n"
			"      do: [write_lock: l, write_unlock: l]}]}\n",
			(const char *const[]){ cases[i].at, NULL }, "W",
			KIND_RESPONSE_TIME, cases[i].parts);
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

/* P holds m meanwhile. */
START_TEST(holders_wait_for_other_cpus)
{
	static const struct part parts[MAX_PARTS] = {
		{ "lock", "m, held by P, which waits for the other CPUs", 200 },
	};

	assert_blame(
		"duration: 12ms\n"
		"machine: {cpus: 3, clock: 1GHz, costs: {profile: zero}}\n"
		"kernel: {preempt: full}\n"
		"locks: {m: mutex}\n"
		"tasks:\n"
		"  L: {policy: fifo, priority: 10, cpus: [1], every: 1s,\n"
		"      offset: 10ms, do: [syscall: {name: long, do:\n"
		"      [irqs_off: [run: 300us]]}]}\n"
		"  P: {policy: fifo, priority: 10, cpus: [0], every: 1s,\n"
		"      offset: 10040us, do: [syscall: {name: call, do:\n"
		"      [hold: {lock: m, do: [on_each_cpu: {run: 10us}]}]}]}\n"
		"  T: {policy: fifo, priority: 10, cpus: [2], every: 1s,\n"
		"      offset: 10110us, do: [syscall: {name: call, do:\n"
		"      [hold: {lock: m, do: []}]}]}\n",
		NULL, "T", KIND_RESPONSE_TIME, parts);
}
END_TEST

/*
 * P has all CPUs stopped from 10.1 ms on.  L does not make way to 10.3; the
 * function runs for 50 us, during which N comes to CPU 0.
 */
START_TEST(who_stops_the_machine_waits_for_cpus)
{
	static const struct part first[MAX_PARTS] = {
		{ "kernel", "L in long()", 200 },
		{ "thread", "migration/0", 50 },
		{ "task", "N", 10 },
	};
	static const char *const yaml =
		"duration: 12ms\n" TWO_CPUS "kernel: {preempt: none}\n"
		"tasks:\n"
		"  L: {policy: fifo, priority: 10, cpus: [1], every: 1s,\n"
		"      offset: 10ms, do: [syscall: {name: long, do:\n"
		"      [run: 300us]}]}\n"
		"  N: {policy: fifo, priority: 20, cpus: [0], every: 1s,\n"
		"      offset: 10320us, do: [run: 10us]}\n"
		"  P: {policy: fifo, priority: 10, cpus: [0], every: 1s,\n"
		"      offset: 10100us, do: [syscall: {name: call, do:\n"
		"      [stop_machine: {run: 50us}]}]}\n";

	assert_blame(yaml, NULL, "P", KIND_RESPONSE_TIME, first);
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

/* Of itself, with a lock whose waiters stand in no queue then. */
START_TEST(deadlocks_of_one_are_named)
{
	static const struct part parts[MAX_PARTS] = {
		{ "lock", "m, held by A, in a deadlock", 1800 },
		{ "execution", "user mode", 200 },
	};
	struct results *results = law_simulate(
		"duration: 12ms\n" ONE_CPU "kernel: {preempt: full}\n"
		"locks: {m: rt_mutex}\n"
		"tasks:\n"
		"  A: {policy: fifo, priority: 10, every: 1s, deadline: 1ms,\n"
		"      offset: 10ms, do: [hold: {lock: m,\n"
		"      do: [run: 200us, hold: {lock: m, do: []}]}]}\n",
		NULL);

	assert_parts("A", law_task(results, "A")->blame, parts);
	results_free(results);
}
END_TEST

/*
 * R, on CPU 0, reads under l for 500 us from 10 ms on.  W, on CPU 1, holds m
 * from 10.1 on, and wants to write under l at 10.15; T comes for m at 10.2, and
 * Q to read, on CPU 0, at 10.4: it stands behind W.  N has kept R off the CPU
 * for 100 us then, and nobody lends R anything.  W writes for 80 us.
 */
static const char *const rt_readers =
	"duration: 12ms\n" TWO_CPUS "kernel: {preempt: rt}\n"
	"locks: {l: rwlock, m: mutex}\n"
	"tasks:\n"
	"  R: {policy: fifo, priority: 10, cpus: [0], every: 1s,\n"
	"      offset: 10ms, do: [syscall: {name: read, do:\n"
	"      [read_lock: l, run: 500us, read_unlock: l]}]}\n"
	"  N: {policy: fifo, priority: 20, cpus: [0], every: 1s,\n"
	"      offset: 10300us, do: [run: 100us]}\n"
	"  W: {policy: fifo, priority: 20, cpus: [1], every: 1s,\n"
	"      offset: 10100us, do: [syscall: {name: write, do:\n"
	"      [hold: {lock: m, do: [run: 50us, write_lock: l,\n"
	"      run: 80us, write_unlock: l]}]}]}\n"
	"  T: {policy: fifo, priority: 30, cpus: [1], every: 1s,\n"
	"      offset: 10200us, do: [syscall: {name: call, do:\n"
	"      [hold: {lock: m, do: []}]}]}\n"
	"  Q: {policy: fifo, priority: 30, cpus: [0], every: 1s,\n"
	"      offset: 10400us, do: [syscall: {name: call, do:\n"
	"      [read_lock: l, read_unlock: l]}]}\n";

START_TEST(writers_that_sleep_wait_for_readers)
{
	static const struct part parts[MAX_PARTS] = {
		{ "lock", "l, held by R on CPU 0 in read()", 350 },
		{ "execution", "write()", 130 },
		{ "lock", "l, held by R, kept off CPU 0 by N", 100 },
	};

	assert_blame(rt_readers, NULL, "W", KIND_RESPONSE_TIME, parts);
}
END_TEST

START_TEST(who_waits_for_such_a_writer_waits_for_readers)
{
	static const struct part mutex[MAX_PARTS] = {
		{ "lock",
		  "m, held by W, which waits for l, held by R on CPU 0 in "
		  "read()",
		  300 },
		{ "lock",
		  "m, held by W, which waits for l, held by R, kept off CPU 0 "
		  "by N",
		  100 },
		{ "lock", "m, held by W on CPU 1 in write()", 80 },
	};
	static const struct part reader[MAX_PARTS] = {
		{ "lock", "l, held by R on CPU 0 in read()", 200 },
		{ "lock", "l, held by W on CPU 1 in write()", 80 },
	};

	assert_blame(rt_readers, NULL, "T", KIND_RESPONSE_TIME, mutex);
	assert_blame(rt_readers, NULL, "Q", KIND_RESPONSE_TIME, reader);
}
END_TEST

/*
 * L takes m at 10 ms, H comes for it at 10.32, and at 10.52 L gives it back,
 * which takes 20 us for waking H, and takes it again before H runs.  For that H
 * is handed it the next time, at 11.04, and is woken for 20 us again.  L goes
 * on to 11.44.  W, on CPU 1, waits from 10.7 on, behind H, which wakes it.
 */
START_TEST(locks_are_handed_over_to_who_sleeps)
{
	static const struct part parts[MAX_PARTS] = {
		{ "kernel", "L in call()", 800 },
		{ "lock", "m, held by L on CPU 0 in call()", 500 },
		{ "lock", "m", 40 },
		{ "execution", "call()", 20 },
		{ "hardirq", "timer", 20 },
	};
	static const struct part behind[MAX_PARTS] = {
		{ "lock", "m, held by H, kept off CPU 0 by L in call()", 380 },
		{ "lock", "m, held by L on CPU 0 in call()", 340 },
		{ "hardirq", "timer", 20 },
		{ "lock", "m", 20 },
		{ "lock", "m, held by H, being woken on CPU 0", 20 },
	};
	static const char *const yaml =
		"duration: 15ms\n"
		"machine: {cpus: 2, clock: 1GHz,\n"
		"          costs: {profile: zero, wakeup: 20us}}\n"
		"kernel: {preempt: none, hz: 100}\n"
		"locks: {m: mutex}\n"
		"tasks:\n"
		"  L: {policy: fifo, priority: 10, cpus: [0], start: 9980us,\n"
		"      once: [syscall: {name: call, do: [mutex_lock: m,\n"
		"      run: 300us, cond_resched: , run: 200us,\n"
		"      mutex_unlock: m, mutex_lock: m, run: 200us,\n"
		"      cond_resched: , run: 300us, mutex_unlock: m,\n"
		"      run: 380us]}]}\n"
		"  H: {policy: fifo, priority: 50, cpus: [0], every: 1s,\n"
		"      offset: 10080us, do: [syscall: {name: call, do:\n"
		"      [hold: {lock: m, do: []}]}]}\n"
		"  W: {policy: fifo, priority: 50, cpus: [1], every: 1s,\n"
		"      offset: 10680us, do: [syscall: {name: call, do:\n"
		"      [hold: {lock: m, do: []}]}]}\n";

	assert_blame(yaml, NULL, "H", KIND_RESPONSE_TIME, parts);
	assert_blame(yaml, NULL, "W", KIND_RESPONSE_TIME, behind);
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

/*
 * L holds m, and X, who spins for n, has taken its CPU: not L waits for n.  Or
 * the handler of `card' spins there, for 4 ms; or L waits for a disk whose
 * interrupt is late on the other CPU.
 */
START_TEST(holders_do_not_wait_for_what_others_do)
{
	static const struct part parts[][MAX_PARTS] = {
		{ { "lock", "m, held by L, kept off CPU 0 by X", 4010 },
		  { "lock", "m, held by L on CPU 0 in call()", 500 } },
		{ { "lock",
		    "m, held by L on CPU 0, interrupted by hardirq card",
		    4010 },
		  { "lock", "m, held by L on CPU 0 in call()", 500 } },
		{ { "lock", "m, held by L, which waits for disk", 4000 },
		  { "lock", "m, held by L on CPU 0 in call()", 100 } },
	};
	static const char yaml[] =
		"duration: 30ms\n"
		"machine: {cpus: 3, clock: 1GHz, costs: {profile: zero}}\n"
		"kernel: {preempt: full, hz: 10}\n"
		"locks: {m: mutex, n: spinlock}\n"
		"devices:\n"
		"  card: {irq: {at: [29ms], cpu: 0}, handler: []}\n"
		"  disk: {service: 1ms, irq: {at: [29ms], cpu: 1}, handler: []}\n"
		"tasks:\n"
		"  L: {cpus: [0], policy: fifo, priority: 10, every: 1s,\n"
		"      offset: 1ms, do: [syscall: {name: call, do:\n"
		"      [hold: {lock: m, do: [run: 1ms]}]}]}\n"
		"  M: {cpus: [1], policy: fifo, priority: 10, every: 1s,\n"
		"      offset: 1ms, do: [syscall: {name: long, do:\n"
		"      [hold: {lock: n, do: [irqs_off: [run: 5ms]]}]}]}\n"
		"  X: {cpus: [0], policy: fifo, priority: 20, every: 1s,\n"
		"      offset: 1500us, do: [syscall: {name: call, do:\n"
		"      [hold: {lock: n, do: [run: 10us]}]}]}\n"
		"  T: {cpus: [2], policy: fifo, priority: 60, every: 1s,\n"
		"      offset: 2ms, do: [hold: {lock: m, do: []}]}\n";
	static const char *const overrides[][3] = {
		{ "seed=1" },
		{ "devices.card={irq: {at: [1500us], cpu: 0}, handler: "
		  "[hold: {lock: n, do: [run: 10us]}]}",
		  "tasks.X.offset=900ms" },
		{ "tasks.L.do.0.syscall.do=[hold: {lock: m, do: "
		  "[io: disk, run: 100us]}]",
		  "tasks.X.offset=900ms" },
	};

	assert_blame(yaml, overrides[_i], "T", KIND_RESPONSE_TIME, parts[_i]);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("blame-locks");
	TCase *tcase = tcase_create("blame-locks");

	tcase_add_test(tcase, locks_are_named_along_a_chain);
	tcase_add_test(tcase, what_holders_do_is_named);
	tcase_add_test(tcase, what_spinning_holders_wait_for_is_named);
	tcase_add_test(tcase, spinning_handlers_are_named);
	tcase_add_test(tcase, nmis_over_handlers_are_named);
	tcase_add_test(tcase, readers_in_interrupts_are_named);
	tcase_add_test(tcase, waits_for_other_cpus_are_named);
	tcase_add_test(tcase, holders_wait_for_other_cpus);
	tcase_add_test(tcase, who_stops_the_machine_waits_for_cpus);
	tcase_add_test(tcase, deadlocks_are_named);
	tcase_add_test(tcase, deadlocks_of_one_are_named);
	tcase_add_test(tcase, writers_that_sleep_wait_for_readers);
	tcase_add_test(tcase, who_waits_for_such_a_writer_waits_for_readers);
	tcase_add_test(tcase, locks_are_handed_over_to_who_sleeps);
	tcase_add_test(tcase, spinning_is_named);
	tcase_add_loop_test(tcase, holders_do_not_wait_for_what_others_do, 0,
			    3);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
