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

static void fill_cell(struct machine *machine, uint8_t from, unsigned int event,
		      uint8_t to, unsigned int flags)
{
	machine->next[from][event] = to;
	if (!flags)
		return;
	if (!machine->flags)
		machine->flags = g_malloc0(AUTOMATON_MAX_STATES *
					   sizeof(*machine->flags));
	machine->flags[from][event] = (uint8_t)flags;
}

static void fill_edge(struct machine *machine,
		      const struct automaton_edge *edge)
{
	uint8_t from = state_number(machine, edge->from);
	uint8_t to = state_number(machine, edge->to);

	for (unsigned int event = 0; event < NR_AUTOMATON_EVENTS; event++)
		if (edge->events >> event & 1)
			fill_cell(machine, from, event, to, edge->flags);
}

static void set_limit(struct machine *machine, const char *state,
		      int64_t limit_ns)
{
	machine->limit_ns[state_number(machine, state)] = limit_ns;
}

static void fill_limits(struct machine *machine, unsigned int instances)
{
	const struct automaton *a = machine->automaton;

	if (!a->nr_limits && !a->timed)
		return;
	for (unsigned int i = 0; i < a->nr_limits; i++)
		set_limit(machine, a->limits[i].state, a->limits[i].limit_ns);
	if (a->timed)
		set_limit(machine, a->timed, a->limit_ns);
	machine->since = g_new0(ktime_t, instances);
	machine->who = g_new0(const struct task *, instances);
}

/* An event that the automaton does not know stands for a more general one. */
static void fill_special(struct machine *machine)
{
	for (unsigned int event = 0; event < NR_AUTOMATON_EVENTS; event++) {
		enum automaton_event heard = automaton_hears(
			machine->alphabet, (enum automaton_event)event);

		if (heard == EVENT_NONE || heard == event)
			continue;
		for (unsigned int i = 0; i < machine->nr_states; i++)
			fill_cell(machine, (uint8_t)i, event,
				  machine->next[i][heard],
				  machine->flags ? machine->flags[i][heard] :
						   0);
	}
}

void machine_init(struct machine *machine, const struct automaton *automaton,
		  unsigned int instances)
{
	const size_t row = sizeof(*machine->next);

	*machine = (struct machine){ .automaton = automaton };
	machine->alphabet = automaton_alphabet(automaton);
	machine->next = g_malloc(AUTOMATON_MAX_STATES * row);
	memset(machine->next, NO_EDGE, AUTOMATON_MAX_STATES * row);
	state_number(machine, automaton->initial); /* 0, as calloc() has it */
	for (unsigned int i = 0; i < automaton->nr_edges; i++)
		fill_edge(machine, &automaton->edges[i]);
	fill_special(machine);
	machine->state = g_new0(uint8_t, instances);
	fill_limits(machine, instances);
}

void machine_destroy(struct machine *machine)
{
	g_free(machine->next);
	g_free(machine->flags);
	g_free(machine->state);
	g_free(machine->since);
	g_free(machine->who);
}
