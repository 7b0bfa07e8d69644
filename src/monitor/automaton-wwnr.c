/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Wakeup while not running.  In Linux an interrupt between a task's
 * set_current_state() and its schedule() breaks it; here that is told as the
 * change of state that it is.  cf. Documentation/trace/rv/monitor_wwnr.rst.
 */
#include <config.h>

#include "automaton-private.h"

static const struct automaton_edge edges[] = {
	EDGE("not_running", EV(sched_wakeup), "not_running"),
	EDGE("not_running", EV(sched_switch_in), "running"),
	EDGE("running", EV(sched_switch_out), "not_running"),
};

extern const struct automaton automaton_wwnr;

const struct automaton automaton_wwnr = {
	.name = "wwnr",
	.claim = "a task that is woken does not run",
	.scope = SCOPE_TASK,
	.initial = "not_running",
	EDGES(edges),
};
