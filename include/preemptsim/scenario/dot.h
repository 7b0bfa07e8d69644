/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_SCENARIO_DOT_H
#define PREEMPTSIM_SCENARIO_DOT_H

/*
 * Automata of users, in the dialect of Graphviz in which Linux has its own.
 */

#include <glib.h>

#include "preemptsim/monitor/automaton.h"

/**
 * enum dot_scope - what has a state of its own.
 * @DOT_SCOPE_BY_EVENTS: as the built-in one of its name, if that knows all of
 *                       its events; or tasks if it speaks of switches in or
 *                       out or of wakeups that are done, else CPUs
 */
enum dot_scope {
	DOT_SCOPE_CPU = SCOPE_CPU,
	DOT_SCOPE_TASK = SCOPE_TASK,
	DOT_SCOPE_BY_EVENTS,
};

/**
 * dot_load - read an automaton.
 * @file: its path
 * @messages: receives what is wrong, FILE:LINE:COLUMN first; GPtrArray of
 *            char *
 *
 * Returns an automaton for dot_free(), or NULL.
 */
struct automaton *dot_load(const char *file, enum dot_scope scope,
			   GPtrArray *messages);

/** dot_read - the same from @text; @file is for messages. */
struct automaton *dot_read(const char *file, const char *text,
			   enum dot_scope scope, GPtrArray *messages);

/** dot_free - free what dot_load() returned; NULL is fine. */
void dot_free(struct automaton *automaton);

#endif
