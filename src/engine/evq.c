/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Making and freeing the winner tree; the hot parts are inline in evq.h.
 */
#include <config.h>

#include "preemptsim/engine/evq.h"

#include <glib.h>
#include <string.h>

void evq_init(struct evq *q, unsigned int nr_sources)
{
	size_t bytes;

	g_assert(nr_sources >= 1 && nr_sources <= EVQ_MAX_SOURCES);
	q->width = 2;
	while (q->width < nr_sources)
		q->width *= 2;
	q->seq = 0;
	bytes = 2 * (size_t)q->width * sizeof(*q->node);
	q->node = g_aligned_alloc(1, bytes, 64);
	memset(q->node, 0xff, bytes);
}

void evq_destroy(struct evq *q)
{
	g_aligned_free(q->node);
	q->node = NULL;
}
