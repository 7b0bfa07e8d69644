/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Schedule does not enable preemption.
 * cf. Documentation/trace/rv/monitor_sched.rst.
 */
#include <config.h>

#include "automaton-private.h"

static const struct automaton_edge edges[] = {
	EDGE("thread", EV(preempt_disable) | EV(preempt_enable), "thread"),
	EDGE("thread", EV(schedule_entry), "scheduling"),
	EDGE("scheduling", EV(schedule_exit), "thread"),
};

extern const struct automaton automaton_snep;

const struct automaton automaton_snep = {
	.name = "snep",
	.claim = "__schedule() neither enables nor disables preemption",
	.scope = SCOPE_CPU,
	.initial = "thread",
	EDGES(edges),
};
