/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Making and freeing the winner tree; the hot parts are inline in evq.h.
 */
#include <config.h>

#include "preemptsim/engine/evq.h"

#include <glib.h>
#include <string.h>

/* Leaves of a set that begins narrow. */
#define NARROW 8

static size_t tree_bytes(uint32_t leaves)
{
	return 2 * (size_t)leaves * sizeof(evkey_t);
}

static void init(struct evq *q, uint32_t room, uint32_t width)
{
	g_assert(room >= 1 && room <= EVQ_MAX_SOURCES);
	q->room = room;
	q->width = width;
	q->seq = 0;
	q->next = UINT64_MAX;
	q->node = g_aligned_alloc(1, tree_bytes(room), 64);
	memset(q->node, 0xff, tree_bytes(width));
}

void evq_init(struct evq *q, unsigned int nr_sources)
{
	init(q, nr_sources, nr_sources);
}

void evq_init_narrow(struct evq *q, unsigned int room)
{
	uint32_t rounded = 2;

	while (rounded < room)
		rounded *= 2;
	init(q, rounded, MIN(NARROW, rounded));
}

static void make_room(struct evq *q)
{
	evkey_t *old = q->node;

	g_assert(2 * q->room <= EVQ_MAX_SOURCES);
	q->room *= 2;
	q->node = g_aligned_alloc(1, tree_bytes(q->room), 64);
	memcpy(q->node, old, tree_bytes(q->width));
	g_aligned_free(old);
}

/* The leaves move up, the new ones and the tree over all are made anew. */
void evq_grow(struct evq *q)
{
	uint32_t sources = q->width;

	if (sources == q->room)
		make_room(q);
	q->width = 2 * sources;
	memcpy(q->node + q->width, q->node + sources,
	       sources * sizeof(evkey_t));
	memset(q->node + q->width + sources, 0xff, sources * sizeof(evkey_t));
	for (uint32_t i = q->width - 1; i > 0; i--)
		q->node[i] = MIN(q->node[2 * i], q->node[2 * i + 1]);
}

void evq_destroy(struct evq *q)
{
	g_aligned_free(q->node);
	q->node = NULL;
}
