/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rtapp/sleep: a real-time task sleeps only until an instant, for a futex or in
 * epoll_wait(), and only somebody as urgent or an interrupt ends that; but for
 * a lock that lends its holder the priority, it may wait as it likes.
 *
 * A wait that a signal can't end is none of a program's choice, and left out.
 * cf. Documentation/trace/rv/monitor_rtapp.rst v7.1.
 */
#include <config.h>

#include "automaton-private.h"

static bool is_user(const struct task *task)
{
	return task->user && !task->kthread;
}

/* Woken, by whomever that is. */
#define WAKING                                            \
	(EV(sched_waking) | EV(sched_waking_lower_prio) | \
	 EV(sched_waking_softirq))

static const struct automaton_edge edges[] = {
	EDGE("awake",
	     EV(sched_set_state_runnable) | EV(sched_set_state_sleepable) |
		     WAKING | EV(contention_end),
	     "awake"),
	EDGE("awake", EV(sched_set_state_sleep_fit), "asleep"),
	EDGE("awake", EV(contention_begin_rt), "lends"),
	EDGE("asleep", EV(sched_set_state_runnable) | EV(sched_waking),
	     "awake"),
	EDGE("asleep",
	     EV(sched_set_state_sleepable) | EV(sched_set_state_sleep_fit) |
		     EV(contention_end),
	     "asleep"),
	EDGE("asleep", EV(contention_begin_rt), "lends"),
	EDGE("lends",
	     EV(sched_set_state_runnable) | EV(sched_set_state_sleepable) |
		     EV(sched_set_state_sleep_fit) |
		     EV(sched_set_state_sleep_unfit) | WAKING |
		     EV(contention_begin_rt),
	     "lends"),
	EDGE("lends", EV(contention_end), "awake"),
};

extern const struct automaton automaton_sleep;

const struct automaton automaton_sleep = {
	.name = "sleep",
	.claim = "a real-time task sleeps only where it can rely on being "
		 "woken in time",
	.scope = SCOPE_TASK,
	.of_scenario = true,
	.extra = true,
	.no_idle = true,
	.initial = "awake",
	EDGES(edges),
	.concerns = is_user,
};
