/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Schedule not called with interrupts disabled.  Linux 6.15 had it; sts says
 * more.
 */
#include <config.h>

#include "automaton-private.h"

static const struct automaton_edge edges[] = {
	EDGE("can_sched", EV(schedule_entry) | EV(schedule_exit), "can_sched"),
	EDGE("can_sched", EV(irq_disable), "cant_sched"),
	EDGE("cant_sched", EV(irq_enable), "can_sched"),
};

extern const struct automaton automaton_sncid;

const struct automaton automaton_sncid = {
	.name = "sncid",
	.claim = "__schedule() begins and ends with interrupts on",
	.scope = SCOPE_CPU,
	.initial = "can_sched",
	EDGES(edges),
};
