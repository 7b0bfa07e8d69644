/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Operations with preemption and interrupts disabled.  Linux asks for the two
 * at the event; here they are the state.
 * cf. Documentation/trace/rv/monitor_sched.rst.
 */
#include <config.h>

#include "automaton-private.h"

static const struct automaton_edge edges[] = {
	EDGE("enabled", EV(irq_disable), "irq_disabled"),
	EDGE("enabled", EV(preempt_disable), "preempt_disabled"),
	EDGE("irq_disabled", EV(sched_need_resched), "irq_disabled"),
	EDGE("irq_disabled", EV(irq_enable), "enabled"),
	EDGE("irq_disabled", EV(preempt_disable), "disabled"),
	EDGE("preempt_disabled", EV(irq_disable), "disabled"),
	EDGE("preempt_disabled", EV(preempt_enable), "enabled"),
	EDGE("disabled", EV(sched_need_resched) | EV(sched_waking), "disabled"),
	EDGE("disabled", EV(irq_enable), "preempt_disabled"),
	EDGE("disabled", EV(preempt_enable), "irq_disabled"),
};

extern const struct automaton automaton_opid;

const struct automaton automaton_opid = {
	.name = "opid",
	.claim = "need_resched is set with interrupts off, a wakeup begins "
		 "with preemption off, too",
	.scope = SCOPE_CPU,
	.initial = "enabled",
	EDGES(edges),
};
