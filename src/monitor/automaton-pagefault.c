/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rtapp/pagefault: a real-time task touches no memory that is not there; it
 * would wait for what brings that, and so should have locked it beforehand.
 * One that was lent such a priority counts, since a real-time task waits for it.
 * cf. Documentation/trace/rv/monitor_rtapp.rst v7.1.
 */
#include <config.h>

#include "automaton-private.h"

static bool is_user(const struct task *task)
{
	return task->user && !task->kthread;
}

static const struct automaton_edge edges[] = {
	EDGE("any", EV(page_fault), "any"),
};

extern const struct automaton automaton_pagefault;

const struct automaton automaton_pagefault = {
	.name = "pagefault",
	.claim = "no real-time task has page faults",
	.scope = SCOPE_TASK,
	.of_scenario = true,
	.extra = true,
	.no_idle = true,
	.initial = "any",
	EDGES(edges),
	.also = EV(page_fault_rt),
	.concerns = is_user,
};
