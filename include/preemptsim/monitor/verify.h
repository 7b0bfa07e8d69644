/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_MONITOR_VERIFY_H
#define PREEMPTSIM_MONITOR_VERIFY_H

/*
 * Holding a run to automata: listens to tracepoints, moves the automata along
 * and notes what they do not allow.
 */

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "preemptsim/kernel/kernel.h"
#include "preemptsim/monitor/automaton.h"

struct verifier;

/**
 * struct violation - an event that an automaton does not allow.
 * @automaton: its name; owned
 * @scope: "cpu 0" or "task comm-pid"; owned
 * @state: where it stood; owned
 * @event: what happened
 * @at_ns: when
 * @of_scenario: the scenario is to blame, not the simulated kernel
 * @after: kind of the first warning before it, which is why; NULL: none
 */
struct violation {
	char *automaton, *scope, *state;
	const char *event;
	int64_t at_ns;
	bool of_scenario;
	const char *after;
};

/**
 * struct verdict - what came out.
 * @automata: how many automata there were
 * @events: how many events they were told, each event once
 * @nr_violations: how many there were
 * @violations: GPtrArray of struct violation *, the first VIOLATIONS_KEPT
 */
struct verdict {
	unsigned int automata;
	uint64_t events, nr_violations;
	GPtrArray *violations;
};

/* Violations that are kept word by word. */
#define VIOLATIONS_KEPT 20u

/**
 * verifier_start - listen to @kernel's simulation; before kernel_boot(), when
 * all tasks are there.
 * @automata: GPtrArray of const struct automaton *, borrowed until
 *            verifier_finish()
 *
 * All automata are in their initial states, with interrupts and preemption on
 * and the idle tasks switched in.  Free with verifier_finish().
 */
struct verifier *verifier_start(struct kernel *kernel,
				const GPtrArray *automata);

/** verifier_finish - the verdict at the end of the run, for verdict_free(). */
struct verdict *verifier_finish(struct verifier *verifier);

/** verdict_free - free @verdict; NULL is fine. */
void verdict_free(struct verdict *verdict);

#endif
