/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_AUTOMATON_PRIVATE_H
#define PREEMPTSIM_AUTOMATON_PRIVATE_H

/*
 * What the tables of automata are written in.
 */

#include "preemptsim/monitor/automaton.h"

/* The edges of an automaton, from a table of them. */
#define EDGES(table) .edges = (table), .nr_edges = G_N_ELEMENTS(table)

#endif
