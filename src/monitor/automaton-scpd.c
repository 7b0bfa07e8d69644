/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Schedule called with preemption disabled.
 * cf. Documentation/trace/rv/monitor_sched.rst.
 */
#include <config.h>

#include "automaton-private.h"

static const struct automaton_edge edges[] = {
	EDGE("cant_sched", EV(preempt_disable), "can_sched"),
	EDGE("can_sched", EV(schedule_entry) | EV(schedule_exit), "can_sched"),
	EDGE("can_sched", EV(preempt_enable), "cant_sched"),
};

extern const struct automaton automaton_scpd;

const struct automaton automaton_scpd = {
	.name = "scpd",
	.claim = "__schedule() is called with preemption disabled",
	.scope = SCOPE_CPU,
	.initial = "cant_sched",
	EDGES(edges),
};
