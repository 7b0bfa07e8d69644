/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_KERNEL_RESCHED_POINT_H
#define PREEMPTSIM_KERNEL_RESCHED_POINT_H

/*
 * The reschedule points as a table, to be shown and to be tested: what a model
 * does at each follows from its row of flags (struct preempt_model).  The
 * kernel itself does not read it; law-points proves that it does as it says.
 */

#include "preemptsim/kernel/preempt.h"

/** enum resched_answer - what becomes of the task that runs. */
enum resched_answer {
	RESCHED_NO,   /* it runs on */
	RESCHED_YES,  /* it makes way */
	RESCHED_NONE, /* the model has no such thing */
};

/**
 * struct resched_point - a place where need_resched may be looked at.
 * @id: a word
 * @name: what people call it
 * @when: under which condition
 * @order: in a model, with need_resched set
 * @request: with need_resched_lazy set only
 */
struct resched_point {
	const char *id;
	const char *name;
	const char *when;
	enum resched_answer (*order)(const struct preempt_model *m);
	enum resched_answer (*request)(const struct preempt_model *m);
};

/** resched_point - the i-th point, or NULL. */
const struct resched_point *resched_point(unsigned int i);

#endif
