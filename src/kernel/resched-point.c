/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of reschedule points.
 */
#include <config.h>

#include "preemptsim/kernel/resched-point.h"

#include <glib.h>

#define YES(when) ((when) ? RESCHED_YES : RESCHED_NO)

/* Two functions for each point; a model that is not lazy has no requests. */
#define RESCHED_POINT(id, name, when, order, request)                          \
	static enum resched_answer order_##id(const struct preempt_model *m)   \
	{                                                                      \
		(void)m;                                                       \
		return order;                                                  \
	}                                                                      \
	static enum resched_answer request_##id(const struct preempt_model *m) \
	{                                                                      \
		return m->lazy ? (request) : RESCHED_NONE;                     \
	}
#include "resched-point-list.h"
#undef RESCHED_POINT

static const struct resched_point points[] = {
#define RESCHED_POINT(id, name, when, order, request) \
	{ #id, name, when, order_##id, request_##id },
#include "resched-point-list.h"
#undef RESCHED_POINT
};

const struct resched_point *resched_point(unsigned int i)
{
	return i < G_N_ELEMENTS(points) ? &points[i] : NULL;
}
