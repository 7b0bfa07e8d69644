/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Schedule implies task switch: what interrupts and switches there may be
 * between the two ends of __schedule().  An interrupt that came just before
 * they went off begins anew; behind the switch, what was pending is served.
 * cf. Documentation/trace/rv/monitor_sched.rst.
 */
#include <config.h>

#include "automaton-private.h"

static const struct automaton_edge edges[] = {
	EDGE("can_sched", EV(irq_disable), "cant_sched"),
	EDGE("can_sched", EV(schedule_entry), "scheduling"),
	EDGE("cant_sched", EV(irq_entry), "cant_sched"),
	EDGE("cant_sched", EV(irq_enable), "can_sched"),
	EDGE("scheduling", EV(irq_disable), "disable_to_switch"),
	EDGE("disable_to_switch", EV(irq_entry), "in_irq"),
	EDGE("disable_to_switch", EV(sched_switch), "switching"),
	EDGE("disable_to_switch", EV(irq_enable), "enable_to_exit"),
	EDGE("in_irq", EV(irq_entry), "in_irq"),
	EDGE("in_irq", EV(irq_enable), "scheduling"),
	EDGE("switching", EV(irq_enable), "enable_to_exit"),
	EDGE("enable_to_exit", EV(irq_disable) | EV(irq_entry) | EV(irq_enable),
	     "enable_to_exit"),
	EDGE("enable_to_exit", EV(schedule_exit), "can_sched"),
};

extern const struct automaton automaton_sts;

const struct automaton automaton_sts = {
	.name = "sts",
	.claim = "__schedule() switches once at most, with interrupts off",
	.scope = SCOPE_CPU,
	.initial = "can_sched",
	EDGES(edges),
};
