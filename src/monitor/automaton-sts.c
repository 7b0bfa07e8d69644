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
	{ "can_sched", EV(irq_disable), "cant_sched" },
	{ "can_sched", EV(schedule_entry), "scheduling" },
	{ "cant_sched", EV(irq_entry), "cant_sched" },
	{ "cant_sched", EV(irq_enable), "can_sched" },
	{ "scheduling", EV(irq_disable), "disable_to_switch" },
	{ "disable_to_switch", EV(irq_entry), "in_irq" },
	{ "disable_to_switch", EV(sched_switch), "switching" },
	{ "disable_to_switch", EV(irq_enable), "enable_to_exit" },
	{ "in_irq", EV(irq_entry), "in_irq" },
	{ "in_irq", EV(irq_enable), "scheduling" },
	{ "switching", EV(irq_enable), "enable_to_exit" },
	{ "enable_to_exit", EV(irq_disable) | EV(irq_entry) | EV(irq_enable),
	  "enable_to_exit" },
	{ "enable_to_exit", EV(schedule_exit), "can_sched" },
};

extern const struct automaton automaton_sts;

const struct automaton automaton_sts = {
	.name = "sts",
	.claim = "__schedule() switches once at most, with interrupts off",
	.scope = SCOPE_CPU,
	.initial = "can_sched",
	EDGES(edges),
};
