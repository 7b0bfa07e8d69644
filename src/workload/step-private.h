/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_STEP_PRIVATE_H
#define PREEMPTSIM_STEP_PRIVATE_H

/*
 * Shared by the step types: what most of their tables are made of.
 */

#include "preemptsim/kernel/entry.h"
#include "preemptsim/kernel/preempt.h"
#include "preemptsim/workload/compile.h"
#include "preemptsim/workload/step.h"

/* A table of one nameless row: how a step's whole value is read. */
#define VALUE(param_type, field, text)                    \
	(const struct param[])                            \
	{                                                 \
		{ .type = (param_type),                   \
		  .offset = offsetof(struct step, field), \
		  .required = true,                       \
		  .help = (text) },                       \
		{                                         \
			.name = NULL                      \
		}                                         \
	}

/* Steps without a value: `cond_resched:`. */
#define NO_VALUE                        \
	(const struct param[])          \
	{                               \
		{ .type = PARAM_NONE }, \
		{                       \
			.name = NULL    \
		}                       \
	}

/* A row of a table of keys that must be there. */
#define KEY(key, param_type, field, text)                                 \
	{                                                                 \
		.name = (key), .type = (param_type),                      \
		.offset = offsetof(struct step, field), .required = true, \
		.help = (text)                                            \
	}

/** step_always - a takes_time of steps that cost or may block. */
bool step_always(const struct step *step);

/** step_body_takes_time - a takes_time of steps that only wrap others. */
bool step_body_takes_time(const struct step *step);

/** compile_exit - append the end of the task. */
void compile_exit(struct compiler *c);

/** compile_spend - append paying a price. */
void compile_spend(struct compiler *c, enum cost_id cost);

/** compile_might_sleep - append what a function that may sleep begins with:
 * a complaint where it must not, and a reschedule point under voluntary. */
void compile_might_sleep(struct compiler *c);

/** compile_sleep - append going to sleep, if the operations before it said
 * so, and answering the event that ended it. */
void compile_sleep(struct compiler *c);

#endif
