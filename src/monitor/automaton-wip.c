/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Wakeup in preemptive: whoever wakes must not be switched out half way.
 * cf. Documentation/trace/rv/monitor_wip.rst.
 */
#include <config.h>

#include "automaton-private.h"

static const struct automaton_edge edges[] = {
	EDGE("preemptive", EV(preempt_disable), "non_preemptive"),
	EDGE("non_preemptive", EV(sched_waking), "non_preemptive"),
	EDGE("non_preemptive", EV(preempt_enable), "preemptive"),
};

extern const struct automaton automaton_wip;

const struct automaton automaton_wip = {
	.name = "wip",
	.claim = "a wakeup begins only with preemption disabled",
	.scope = SCOPE_CPU,
	.initial = "preemptive",
	EDGES(edges),
};
