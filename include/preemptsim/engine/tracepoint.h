/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_ENGINE_TRACEPOINT_H
#define PREEMPTSIM_ENGINE_TRACEPOINT_H

/*
 * Tracepoints: the one way in which the simulated kernel tells of itself.
 * Emitting one costs a load and a branch while nobody listens.
 */

#include <stdbool.h>
#include <stdint.h>

#include "preemptsim/base/params.h" /* struct choice */
#include "preemptsim/base/time.h"

/** enum tracepoint - what can be told; tracepoint-list.h says when. */
enum tracepoint {
#define TRACEPOINT(name, object, a, b, help) TP_##name,
#include "preemptsim/engine/tracepoint-list.h"
#undef TRACEPOINT
	NR_TRACEPOINTS
};

/**
 * struct trace_record - one telling, valid only during the call.
 * @when: now, in quanta
 * @id: which tracepoint
 * @cpu: on which CPU
 * @object: what it is about, see the list
 * @a, @b: see the list
 */
struct trace_record {
	ktime_t when;
	enum tracepoint id;
	unsigned int cpu;
	const void *object;
	int64_t a, b;
};

/**
 * struct listener - who wants to be told.
 * @next: the next listener of the same tracepoint
 * @told: called with each record; may look, must not touch the machine
 * @data: for @told
 */
struct listener {
	struct listener *next;
	void (*told)(void *data, const struct trace_record *record);
	void *data;
};

/**
 * struct tracer - who listens to what.
 * @listeners: by enum tracepoint, in order of subscription; NULL: nobody
 * @again: what is told has happened before: nobody is to begin or cease to listen
 *         because of it
 * @watched: somebody listens to more than what is measured in every run
 */
struct tracer {
	bool watched, again;
	struct listener *listeners[NR_TRACEPOINTS];
};

/** tracepoint_choice - the i-th tracepoint's name and help. */
const struct choice *tracepoint_choice(unsigned int i);

/** tracer_listen - @told will be called for @id; freed by tracer_destroy(). */
void tracer_listen(struct tracer *tracer, enum tracepoint id,
		   void (*told)(void *data, const struct trace_record *record),
		   void *data);

/**
 * tracer_attach, tracer_detach - begin and end listening at any time, with a
 * @listener of the caller's, which has to outlive a call that is under way.  It
 * is fine to detach one that does not listen.
 */
void tracer_attach(struct tracer *tracer, enum tracepoint id,
		   struct listener *listener);
void tracer_detach(struct tracer *tracer, enum tracepoint id,
		   const struct listener *listener);

/** tracer_destroy - forget all listeners. */
void tracer_destroy(struct tracer *tracer);

#endif
