/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * deadline/nomiss: a deadline task that has got a runtime goes to sleep, or has
 * used it up, before its deadline; a tick later at most, since ticks are what
 * notices that another one's runtime is used up.
 *
 * Unlike Linux's, it follows a task that goes to sleep while it is throttled.
 * Left out: the fair server, which is no deadline entity here.
 * cf. tools/verification/models/deadline/nomiss.dot.
 */
#include <config.h>

#include "automaton-private.h"

#include "preemptsim/kernel/kernel.h"

static bool is_deadline(const struct task *task)
{
	return task->policy == POLICY_DEADLINE;
}

static ktime_t deadline_and_tick(const struct task *task)
{
	return task->dl.dl_deadline + task->kernel->tick_period;
}

static const struct automaton_edge edges[] = {
	EDGE_WITH("sleeping", EV(dl_replenish), "ready", RESET_CLOCK),
	EDGE("sleeping", EV(sched_wakeup), "ready"),
	EDGE("sleeping", EV(dl_throttle), "throttled"),
	EDGE_WITH("ready", EV(dl_replenish), "ready", RESET_CLOCK),
	EDGE("ready", EV(sched_wakeup), "ready"),
	EDGE("ready", EV(sched_switch_in), "running"),
	EDGE_WITH("running", EV(dl_replenish), "running", RESET_CLOCK),
	EDGE("running", EV(sched_switch_in) | EV(sched_wakeup), "running"),
	EDGE("running", EV(sched_switch_wait), "sleeping"),
	EDGE("running", EV(dl_throttle), "throttled"),
	EDGE("throttled", EV(sched_wakeup) | EV(dl_throttle), "throttled"),
	EDGE("throttled", EV(sched_switch_wait), "throttled_sleeping"),
	EDGE_WITH("throttled", EV(dl_replenish), "ready", RESET_CLOCK),
	EDGE("throttled_sleeping", EV(sched_wakeup), "throttled"),
	EDGE_WITH("throttled_sleeping", EV(dl_replenish), "sleeping",
		  RESET_CLOCK),
};

/* The deadline comes on top. */
static const struct automaton_limit limits[] = {
	{ .state = "ready", .limit_ns = 1 },
	{ .state = "running", .limit_ns = 1 },
};

extern const struct automaton automaton_nomiss;

const struct automaton automaton_nomiss = {
	.name = "nomiss",
	.claim = "a deadline task has had its runtime, or sleeps, a tick after "
		 "its deadline at the latest",
	.scope = SCOPE_TASK,
	.of_scenario = true,
	.extra = true,
	.no_idle = true,
	.initial = "sleeping",
	EDGES(edges),
	.concerns = is_deadline,
	.limits = limits,
	.nr_limits = G_N_ELEMENTS(limits),
	.grace = deadline_and_tick,
};
