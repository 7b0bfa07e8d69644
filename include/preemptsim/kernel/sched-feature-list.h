/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What can be switched in the scheduling classes, as in Linux's
 * /sys/kernel/debug/sched/features; cf. kernel/sched/features.h of v6.1, v6.6
 * and v6.12.  No include guard: included once per use with another
 * SCHED_FEATURE(name, class, "since when", "what it does").
 */
SCHED_FEATURE(gentle_fair_sleepers, cfs, "2.6.32 to 6.5",
	      "who slept is let off half of a latency, not all of it")
SCHED_FEATURE(start_debit, cfs, "2.6.23 to 6.5",
	      "a new task counts as having had its first slice")
SCHED_FEATURE(base_slice, cfs, "5.15 to 6.5",
	      "nobody's slice is shorter than the least granularity")
SCHED_FEATURE(last_buddy, cfs, "2.6.29 to 6.5",
	      "where many run, the CPU goes back to whom a wakeup preempted")
SCHED_FEATURE(place_lag, eevdf, "6.6",
	      "who sleeps or moves takes along what it has too much or is due")
SCHED_FEATURE(place_deadline_initial, eevdf, "6.6",
	      "a new task's first request is half a slice")
SCHED_FEATURE(place_rel_deadline, eevdf, "6.12",
	      "who moves to another CPU goes on with its request")
SCHED_FEATURE(run_to_parity, eevdf, "6.6",
	      "who runs is not preempted until its request is served or it has "
	      "had its due")
SCHED_FEATURE(preempt_short, eevdf, "6.12",
	      "but is by who is due and asked for less (tasks.NAME.slice)")
SCHED_FEATURE(delay_dequeue, eevdf, "6.12",
	      "who goes to sleep with too much stays queued until that is paid")
SCHED_FEATURE(delay_zero, eevdf, "6.12",
	      "who is due something when that ends, or when it wakes up before, "
	      "gets nothing for it")
SCHED_FEATURE(next_buddy, cfs and eevdf, "2.6.23",
	      "who woke up last goes first when the CPU is given to another")
SCHED_FEATURE(pick_buddy, eevdf, "6.12",
	      "a group of which a task goes to sleep goes on, if it is due; also "
	      "with next_buddy")
SCHED_FEATURE(wakeup_preemption, cfs and eevdf, "2.6.32",
	      "who wakes up may preempt who runs")
SCHED_FEATURE(sis_util, cfs and eevdf, "6.0",
	      "the search for an idle CPU ends the sooner the busier those of "
	      "the cache are")
SCHED_FEATURE(hrtick, cfs and eevdf, "2.6.25",
	      "a timer ends slices, not the next tick")
SCHED_FEATURE(owner_spin, mutexes, "2.6.29",
	      "who waits for a lock that one sleeps for spins first, while the "
	      "holder runs on another CPU; for rt_mutexes and locks that are "
	      "such under rt, only the first in line")
SCHED_FEATURE(hrtick_dl, deadline, "5.12",
	      "the same for the runtime of deadline tasks")
SCHED_FEATURE(rt_push_ipi, fifo and rr, "4.1",
	      "a CPU that could run more urgent tasks than it has asks others by "
	      "interrupts to push theirs, and does not pull them; on under rt")
