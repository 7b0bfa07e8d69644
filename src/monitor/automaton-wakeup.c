/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rtapp/wakeup: no real-time task of a user is woken by who is less urgent,
 * nor by a softirq; it would wait for them.  A wait for a mutex is not excepted
 * as one for an rt_mutex is in Linux.
 * cf. Documentation/trace/rv/monitor_rtapp.rst.
 */
#include <config.h>

#include "automaton-private.h"

static bool is_rt_user(const struct task *task)
{
	return task->user && task->rt_priority > 0;
}

static const struct automaton_edge edges[] = {
	EDGE("any", EV(sched_waking), "any"),
};

extern const struct automaton automaton_wakeup;

const struct automaton automaton_wakeup = {
	.name = "wakeup",
	.claim = "no real-time task is woken by a less urgent one or by a "
		 "softirq",
	.scope = SCOPE_TASK,
	.of_scenario = true,
	.extra = true,
	.no_idle = true,
	.initial = "any",
	EDGES(edges),
	.also = EV(sched_waking_lower_prio) | EV(sched_waking_softirq),
	.concerns = is_rt_user,
};
