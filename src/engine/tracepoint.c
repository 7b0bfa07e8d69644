/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Subscribing to tracepoints.
 */
#include <config.h>

#include "preemptsim/engine/tracepoint.h"

#include <glib.h>

const struct choice *tracepoint_choice(unsigned int i)
{
	static const struct choice choices[] = {
#define TRACEPOINT(name, object, a, b, help) { #name, help },
#include "preemptsim/engine/tracepoint-list.h"
#undef TRACEPOINT
	};

	return i < G_N_ELEMENTS(choices) ? &choices[i] : NULL;
}

/* All that TOLD_OP()s tell. */
static const enum tracepoint watching[] = {
	TP_preempt_count, TP_preempt_disable,	TP_preempt_enable,
	TP_irq_disable,	  TP_irq_enable,	TP_sched_entry,
	TP_sched_exit,	  TP_local_timer_entry, TP_local_timer_exit,
	TP_sys_enter,	  TP_sys_exit,		TP_sched_set_state,
	TP_sched_switch,  TP_hrtimer_start,	TP_hrtimer_expire_entry,
};

static void listeners_changed(struct tracer *tracer)
{
	tracer->watched = false;
	for (unsigned int i = 0; i < G_N_ELEMENTS(watching); i++)
		tracer->watched |= tracer->listeners[watching[i]] != NULL;
}

void tracer_listen(struct tracer *tracer, enum tracepoint id,
		   void (*told)(void *data, const struct trace_record *record),
		   void *data)
{
	struct listener *listener = g_new(struct listener, 1);

	*listener = (struct listener){ .told = told, .data = data };
	tracer_attach(tracer, id, listener);
}

void tracer_attach(struct tracer *tracer, enum tracepoint id,
		   struct listener *listener)
{
	struct listener **end = &tracer->listeners[id];

	while (*end)
		end = &(*end)->next;
	listener->next = NULL;
	*end = listener;
	listeners_changed(tracer);
}

void tracer_detach(struct tracer *tracer, enum tracepoint id,
		   const struct listener *listener)
{
	struct listener **link = &tracer->listeners[id];

	while (*link && *link != listener)
		link = &(*link)->next;
	if (*link)
		*link = listener->next;
	listeners_changed(tracer);
}

void tracer_destroy(struct tracer *tracer)
{
	for (unsigned int id = 0; id < NR_TRACEPOINTS; id++) {
		struct listener *next = tracer->listeners[id];

		while (next) {
			struct listener *listener = next;

			next = listener->next;
			g_free(listener);
		}
		tracer->listeners[id] = NULL;
	}
	listeners_changed(tracer);
}
