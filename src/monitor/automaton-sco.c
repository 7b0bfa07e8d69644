/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Scheduling context operations.
 * cf. Documentation/trace/rv/monitor_sched.rst.
 */
#include <config.h>

#include "automaton-private.h"

static const struct automaton_edge edges[] = {
	EDGE("thread_context", EV(sched_set_state), "thread_context"),
	EDGE("thread_context", EV(schedule_entry), "scheduling_context"),
	EDGE("scheduling_context", EV(schedule_exit), "thread_context"),
};

extern const struct automaton automaton_sco;

const struct automaton automaton_sco = {
	.name = "sco",
	.claim = "nobody sets a state inside __schedule()",
	.scope = SCOPE_CPU,
	.initial = "thread_context",
	EDGES(edges),
};
