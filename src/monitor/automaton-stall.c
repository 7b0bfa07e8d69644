/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stall: who is runnable gets a CPU before a time is over.  What is too long
 * depends on what one asks for, so it is checked only with a limit.
 * cf. Documentation/trace/rv/monitor_stall.rst.
 */
#include <config.h>

#include "automaton-private.h"

static const struct automaton_edge edges[] = {
	EDGE_WITH("dequeued", EV(sched_wakeup), "enqueued", RESET_CLOCK),
	EDGE("enqueued", EV(sched_wakeup), "enqueued"),
	EDGE("enqueued", EV(sched_switch_in), "running"),
	EDGE("running", EV(sched_wakeup) | EV(sched_switch_in), "running"),
	EDGE_WITH("running", EV(sched_switch_preempt), "enqueued", RESET_CLOCK),
	EDGE("running", EV(sched_switch_wait), "dequeued"),
};

extern const struct automaton automaton_stall;

const struct automaton automaton_stall = {
	.name = "stall",
	.claim = "a runnable task runs before its time is over; with a limit, "
		 "as in stall:100ms",
	.scope = SCOPE_TASK,
	.of_scenario = true,
	.extra = true,
	.no_idle = true,
	.initial = "dequeued",
	EDGES(edges),
	.timed = "enqueued",
};
