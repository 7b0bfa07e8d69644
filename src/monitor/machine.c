/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From the edges of an automaton to a table.
 */
#include <config.h>

#include "machine-private.h"

#include <string.h>

/* The number of the state called @name, a new one if need be. */
static uint8_t state_number(struct machine *machine, const char *name)
{
	unsigned int i = 0;

	while (i < machine->nr_states && !g_str_equal(machine->names[i], name))
		i++;
	if (i == machine->nr_states) {
		g_assert(i < AUTOMATON_MAX_STATES);
		machine->names[machine->nr_states++] = name;
	}
	return (uint8_t)i;
}

static void fill_edge(struct machine *machine,
		      const struct automaton_edge *edge)
{
	uint8_t from = state_number(machine, edge->from);
	uint8_t to = state_number(machine, edge->to);

	for (unsigned int event = 0; event < NR_AUTOMATON_EVENTS; event++)
		if (edge->events >> event & 1)
			machine->next[from][event] = to;
}

/* An event that the automaton does not know stands for a more general one. */
static void fill_special(struct machine *machine)
{
	for (unsigned int event = 0; event < NR_AUTOMATON_EVENTS; event++) {
		enum automaton_event heard = automaton_hears(
			machine->alphabet, (enum automaton_event)event);

		for (unsigned int i = 0;
		     heard != EVENT_NONE && i < machine->nr_states; i++)
			machine->next[i][event] = machine->next[i][heard];
	}
}

void machine_init(struct machine *machine, const struct automaton *automaton,
		  unsigned int instances)
{
	const size_t row = sizeof(*machine->next);

	*machine = (struct machine){ .automaton = automaton, .timed = NO_EDGE };
	machine->alphabet = automaton_alphabet(automaton);
	machine->next = g_malloc(AUTOMATON_MAX_STATES * row);
	memset(machine->next, NO_EDGE, AUTOMATON_MAX_STATES * row);
	state_number(machine, automaton->initial); /* 0, as calloc() has it */
	for (unsigned int i = 0; i < automaton->nr_edges; i++)
		fill_edge(machine, &automaton->edges[i]);
	fill_special(machine);
	machine->state = g_new0(uint8_t, instances);
	if (automaton->timed) {
		machine->timed = state_number(machine, automaton->timed);
		machine->since = g_new0(ktime_t, instances);
		machine->who = g_new0(const struct task *, instances);
	}
}

void machine_destroy(struct machine *machine)
{
	g_free(machine->next);
	g_free(machine->state);
	g_free(machine->since);
	g_free(machine->who);
}
