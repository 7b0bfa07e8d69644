/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_AUTOMATON_PRIVATE_H
#define PREEMPTSIM_AUTOMATON_PRIVATE_H

/*
 * What the tables of automata are written in.
 */

#include "preemptsim/monitor/automaton.h"

/* An edge, and one with flags. */
#define EDGE_WITH(from_state, event_set, to_state, flag_set)                   \
	{                                                                      \
		.from = (from_state), .events = (event_set), .to = (to_state), \
		.flags = (flag_set)                                            \
	}
#define EDGE(from_state, event_set, to_state) \
	EDGE_WITH(from_state, event_set, to_state, 0)

/* The edges of an automaton, from a table of them. */
#define EDGES(table) .edges = (table), .nr_edges = G_N_ELEMENTS(table)

#endif
