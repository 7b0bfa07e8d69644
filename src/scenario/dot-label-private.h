/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_DOT_LABEL_PRIVATE_H
#define PREEMPTSIM_DOT_LABEL_PRIVATE_H

/*
 * What stands in the labels of an automaton.
 */

#include "preemptsim/monitor/automaton.h"

/**
 * dot_event - read "EVENT[;CONDITION][;reset(CLOCK)]".
 * @line: changed
 * @event: receives the event
 * @flags: receives what stands behind it
 *
 * Returns NULL, or what is wrong, to be freed with g_free().
 */
char *dot_event(char *line, enum automaton_event *event, unsigned int *flags);

/** dot_limit - read "CLOCK < TIME", or say what is wrong. */
char *dot_limit(const char *line, int64_t *limit_ns);

#endif
