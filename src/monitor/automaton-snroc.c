/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Set non runnable on its own context.
 * cf. Documentation/trace/rv/monitor_sched.rst.
 */
#include <config.h>

#include "automaton-private.h"

static const struct automaton_edge edges[] = {
	EDGE("other_context", EV(sched_switch_in), "own_context"),
	EDGE("own_context", EV(sched_set_state), "own_context"),
	EDGE("own_context", EV(sched_switch_out), "other_context"),
};

extern const struct automaton automaton_snroc;

const struct automaton automaton_snroc = {
	.name = "snroc",
	.claim = "a task sets its state only while it runs",
	.scope = SCOPE_TASK,
	.initial = "other_context",
	EDGES(edges),
};
