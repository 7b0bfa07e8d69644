/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Making and freeing the winner tree; the hot parts are inline in evq.h.
 */
#include <config.h>

#include "preemptsim/engine/evq.h"

#include <glib.h>
#include <string.h>

static evkey_t *empty_tree(uint32_t width)
{
	size_t bytes = 2 * (size_t)width * sizeof(evkey_t);
	evkey_t *node = g_aligned_alloc(1, bytes, 64);

	memset(node, 0xff, bytes);
	return node;
}

void evq_init(struct evq *q, unsigned int nr_sources)
{
	g_assert(nr_sources >= 1 && nr_sources <= EVQ_MAX_SOURCES);
	q->width = 2;
	while (q->width < nr_sources)
		q->width *= 2;
	q->seq = 0;
	q->node = empty_tree(q->width);
}

void evq_grow(struct evq *q)
{
	evkey_t *old = q->node;
	uint32_t sources = q->width;

	g_assert(2 * sources <= EVQ_MAX_SOURCES);
	q->width = 2 * sources;
	q->node = empty_tree(q->width);
	for (uint32_t i = 0; i < sources; i++)
		evq_update(q, i, old[sources + i]);
	g_aligned_free(old);
}

void evq_destroy(struct evq *q)
{
	g_aligned_free(q->node);
	q->node = NULL;
}
