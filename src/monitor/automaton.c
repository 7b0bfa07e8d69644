/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The automata that are built in, and the events that they hear.
 */
#include <config.h>

#include "preemptsim/monitor/automaton.h"

#define AUTOMATON(id) extern const struct automaton automaton_##id;
#include "automaton-list.h"
#undef AUTOMATON

static const struct automaton *const automata[] = {
#define AUTOMATON(id) &automaton_##id,
#include "automaton-list.h"
#undef AUTOMATON
};

const struct automaton *automaton(unsigned int i)
{
	return i < G_N_ELEMENTS(automata) ? automata[i] : NULL;
}

const struct automaton *automaton_find(const char *name)
{
	for (unsigned int i = 0; i < G_N_ELEMENTS(automata); i++)
		if (g_str_equal(automata[i]->name, name))
			return automata[i];
	return NULL;
}

const struct choice *automaton_event_choice(unsigned int i)
{
	static const struct choice choices[] = {
#define AUTOMATON_EVENT(name, general, help) { #name, help },
#include "preemptsim/monitor/event-list.h"
#undef AUTOMATON_EVENT
	};

	return i < G_N_ELEMENTS(choices) ? &choices[i] : NULL;
}

/* Models of Linux that call an event otherwise. */
static const struct {
	const char *name;
	enum automaton_event event;
} aliases[] = {
	{ "wakeup", EVENT_sched_wakeup },
	{ "switch_in", EVENT_sched_switch_in },
	{ "switch_out", EVENT_sched_switch_out },
};

enum automaton_event automaton_event_find(const char *name)
{
	const struct choice *choice;

	for (unsigned int i = 0; (choice = automaton_event_choice(i)); i++)
		if (g_str_equal(choice->name, name))
			return (enum automaton_event)i;
	for (unsigned int i = 0; i < G_N_ELEMENTS(aliases); i++)
		if (g_str_equal(aliases[i].name, name))
			return aliases[i].event;
	return EVENT_NONE;
}

uint64_t automaton_alphabet(const struct automaton *a)
{
	uint64_t events = a->also;

	for (unsigned int i = 0; i < a->nr_edges; i++)
		events |= a->edges[i].events;
	return events;
}

enum automaton_event automaton_hears(uint64_t alphabet,
				     enum automaton_event event)
{
	static const enum automaton_event generals[] = {
#define AUTOMATON_EVENT(name, general, help) EVENT_##general,
#include "preemptsim/monitor/event-list.h"
#undef AUTOMATON_EVENT
	};

	while (event != EVENT_NONE && !(alphabet >> event & 1))
		event = generals[event];
	return event;
}
