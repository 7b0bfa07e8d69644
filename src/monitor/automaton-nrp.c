/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Need resched preempts.  An interrupt may come between the flag and the
 * preemption that it asks for; that interrupt preempts on its way out, and the
 * first preemption still follows.
 * cf. Documentation/trace/rv/monitor_sched.rst.
 */
#include <config.h>

#include "automaton-private.h"

#define ANY_ENTRY (EV(schedule_entry) | EV(schedule_entry_preempt))

static const struct automaton_edge edges[] = {
	EDGE("any_thread_running", EV(schedule_entry) | EV(irq_entry),
	     "any_thread_running"),
	EDGE("any_thread_running", EV(sched_need_resched), "rescheduling"),
	EDGE("rescheduling", EV(sched_need_resched), "rescheduling"),
	EDGE("rescheduling", EV(irq_entry), "preempt_irq"),
	EDGE("rescheduling", ANY_ENTRY, "any_thread_running"),
	EDGE("preempt_irq", EV(irq_entry) | EV(sched_need_resched),
	     "preempt_irq"),
	EDGE("preempt_irq", ANY_ENTRY, "nested_preempt"),
	EDGE("nested_preempt", EV(irq_entry), "nested_preempt"),
	EDGE("nested_preempt", EV(sched_need_resched), "preempt_irq"),
	EDGE("nested_preempt", ANY_ENTRY, "any_thread_running"),
};

extern const struct automaton automaton_nrp;

const struct automaton automaton_nrp = {
	.name = "nrp",
	.claim = "kernel code is preempted only if need_resched is set",
	.scope = SCOPE_TASK,
	.initial = "preempt_irq",
	EDGES(edges),
};
