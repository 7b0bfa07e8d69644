/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_MONITOR_AUTOMATON_H
#define PREEMPTSIM_MONITOR_AUTOMATON_H

/*
 * Automata: what order of events a kernel allows.
 *
 * An automaton knows some events.  One that it knows and for which its present
 * state has no edge must not happen; one that it does not know does not
 * concern it.  cf. Documentation/trace/rv/deterministic_automata.rst.
 */

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "preemptsim/base/params.h" /* struct choice */
#include "preemptsim/kernel/task.h"

/** enum automaton_event - what automata hear; event-list.h says when. */
enum automaton_event {
#define AUTOMATON_EVENT(name, general, help) EVENT_##name,
#include "preemptsim/monitor/event-list.h"
#undef AUTOMATON_EVENT
	NR_AUTOMATON_EVENTS,
	EVENT_NONE = NR_AUTOMATON_EVENTS
};

/* A set of events has a bit each. */
#define EV(name) (UINT64_C(1) << EVENT_##name)

_Static_assert((int)NR_AUTOMATON_EVENTS <= 64, "sets of events are words");

/* More states than any model has. */
#define AUTOMATON_MAX_STATES 250u

/** enum automaton_scope - what has a state of its own. */
enum automaton_scope {
	SCOPE_CPU,
	SCOPE_TASK,
};

/* What an edge may ask for beside its event, a mask, and that it starts the
 * automaton's clock anew. */
#define IF_IRQS_OFF (1u << 0)
#define IF_IRQS_ON (1u << 1)
#define IF_PREEMPT_OFF (1u << 2)
#define IF_PREEMPT_ON (1u << 3)
#define RESET_CLOCK (1u << 4)

/**
 * struct automaton_edge - from one state to another.
 * @from, @to: states; there are those that edges name
 * @events: set of the events upon which it is taken
 * @flags: mask of IF_..., all of which must hold, and RESET_CLOCK
 */
struct automaton_edge {
	const char *from;
	uint64_t events;
	const char *to;
	unsigned int flags;
};

/** struct automaton_limit - a state in which the clock, which began with the
 * run or was reset by an edge, must not come to @limit_ns. */
struct automaton_limit {
	const char *state;
	int64_t limit_ns;
};

/**
 * struct automaton - a law, as data.
 * @name: as in Linux, if it has it
 * @claim: what it says, in half a sentence
 * @scope: there is one for each CPU, or for each task
 * @of_scenario: it says something about the scenario: who breaks it is not the
 *               simulated kernel
 * @extra: not among those that are checked if nothing is said
 * @no_idle: idle tasks are left out
 * @initial: the state at the beginning of a run
 * @edges: @nr_edges of them; of one state and event, one at most
 * @also: events that it knows although no edge has them
 * @concerns: does it concern this task? NULL: all of them
 * @limits: @nr_limits of them
 * @timed: a state that has to be given a limit, too; NULL: none
 * @limit_ns: which
 * @grace: what is added to the limits of this task; NULL: nothing
 */
struct automaton {
	const char *name, *claim;
	enum automaton_scope scope;
	bool of_scenario, extra, no_idle;
	const char *initial;
	const struct automaton_edge *edges;
	unsigned int nr_edges;
	uint64_t also;
	bool (*concerns)(const struct task *task);
	const struct automaton_limit *limits;
	unsigned int nr_limits;
	const char *timed;
	int64_t limit_ns;
	ktime_t (*grace)(const struct task *task);
};

/** automaton - the i-th one that is built in, or NULL behind the last. */
const struct automaton *automaton(unsigned int i);

/** automaton_find - the built-in one called @name, or NULL. */
const struct automaton *automaton_find(const char *name);

/** automaton_event_choice - the events' names and meanings. */
const struct choice *automaton_event_choice(unsigned int i);

/** automaton_event_find - the event called @name in one of Linux's models, or
 * EVENT_NONE. */
enum automaton_event automaton_event_find(const char *name);

/** automaton_alphabet - the set of the events that @a knows. */
uint64_t automaton_alphabet(const struct automaton *a);

/** automaton_hears - the event of the set @alphabet that stands for @event:
 * itself or a more general one; EVENT_NONE: none. */
enum automaton_event automaton_hears(uint64_t alphabet,
				     enum automaton_event event);

#endif
