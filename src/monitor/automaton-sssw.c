/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Set state sleep and wakeup.  A task that is preempted although it has said
 * that it will sleep stays runnable and comes back to its own schedule().
 * cf. Documentation/trace/rv/monitor_sched.rst.
 */
#include <config.h>

#include "automaton-private.h"

static const struct automaton_edge edges[] = {
	EDGE("runnable",
	     EV(sched_set_state_runnable) | EV(sched_wakeup) |
		     EV(sched_switch_in) | EV(sched_switch_yield) |
		     EV(sched_switch_preempt) | EV(signal_deliver),
	     "runnable"),
	EDGE("runnable", EV(sched_set_state_sleepable), "sleepable"),
	EDGE("runnable", EV(sched_switch_blocking), "sleeping"),
	EDGE("sleepable",
	     EV(sched_set_state_sleepable) | EV(sched_switch_in) |
		     EV(sched_switch_preempt) | EV(signal_deliver),
	     "sleepable"),
	EDGE("sleepable", EV(sched_set_state_runnable) | EV(sched_wakeup),
	     "runnable"),
	EDGE("sleepable", EV(sched_switch_suspend) | EV(sched_switch_blocking),
	     "sleeping"),
	EDGE("sleepable", EV(sched_switch_yield), "signal_wakeup"),
	EDGE("sleeping", EV(sched_wakeup), "runnable"),
	EDGE("signal_wakeup",
	     EV(sched_switch_in) | EV(sched_switch_preempt) |
		     EV(sched_switch_yield) | EV(sched_wakeup),
	     "signal_wakeup"),
	EDGE("signal_wakeup", EV(sched_set_state_sleepable), "sleepable"),
	EDGE("signal_wakeup", EV(signal_deliver), "runnable"),
};

extern const struct automaton automaton_sssw;

const struct automaton automaton_sssw = {
	.name = "sssw",
	.claim = "a task sleeps only if it has said so, and runs again only "
		 "when woken",
	.scope = SCOPE_TASK,
	.initial = "runnable",
	EDGES(edges),
};
