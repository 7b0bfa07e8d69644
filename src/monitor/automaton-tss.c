/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Task switch while scheduling.  Linux 6.15 had it; sts says more.
 */
#include <config.h>

#include "automaton-private.h"

static const struct automaton_edge edges[] = {
	EDGE("thread", EV(schedule_entry), "sched"),
	EDGE("sched", EV(sched_switch), "sched"),
	EDGE("sched", EV(schedule_exit), "thread"),
};

extern const struct automaton automaton_tss;

const struct automaton automaton_tss = {
	.name = "tss",
	.claim = "tasks are switched only inside __schedule()",
	.scope = SCOPE_CPU,
	.initial = "thread",
	EDGES(edges),
};
