/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_MACHINE_PRIVATE_H
#define PREEMPTSIM_MACHINE_PRIVATE_H

/*
 * An automaton made ready to run: one look into a table for each event.
 */

#include "preemptsim/monitor/automaton.h"

/* No edge: must not happen. */
#define NO_EDGE 255

/* A state that nothing leaves any more, since what it would say next would
 * follow from the first violation. */
#define BROKEN 254

/**
 * struct machine - an automaton and all its states.
 * @automaton: of what
 * @alphabet: what it knows
 * @names: of its states; borrowed from the automaton
 * @nr_states: how many
 * @next: by state and event: the next state, or NO_EDGE
 * @flags: by state and event: what the edge asks for and does; NULL: no edge
 *         has any
 * @limit_ns: by state, 0: none
 * @state: by CPU or task
 * @since, @who: by CPU or task: when the clock was reset, and which task it
 *               is; NULL: no state has a limit
 */
struct machine {
	const struct automaton *automaton;
	uint64_t alphabet;
	const char *names[AUTOMATON_MAX_STATES];
	unsigned int nr_states;
	uint8_t (*next)[NR_AUTOMATON_EVENTS];
	uint8_t (*flags)[NR_AUTOMATON_EVENTS];
	int64_t limit_ns[AUTOMATON_MAX_STATES];
	uint8_t *state;
	ktime_t *since;
	const struct task **who;
};

/** machine_init - @automaton @instances times over, in its initial state. */
void machine_init(struct machine *machine, const struct automaton *automaton,
		  unsigned int instances);

/** machine_destroy - free what machine_init() took. */
void machine_destroy(struct machine *machine);

#endif
