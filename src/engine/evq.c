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

static void init(struct evq *q, struct arena *arena, uint32_t room,
		 uint32_t width)
{
	g_assert(room >= 1 && room <= EVQ_MAX_SOURCES);
	q->room = room;
	q->width = width;
	q->seq = 0;
	q->next = UINT64_MAX;
	q->arena = arena;
	q->node = arena_alloc(arena, tree_bytes(room));
	memset(q->node, 0xff, tree_bytes(width));
}

void evq_init(struct evq *q, struct arena *arena, unsigned int nr_sources)
{
	init(q, arena, nr_sources, nr_sources);
}

static uint32_t power_of_two(uint32_t n)
{
	uint32_t power = 1;

	while (power < n)
		power *= 2;
	return power;
}

/* The node above all of a tier's leaves is one of these, and the leaves are as
 * many levels below it as a power of two takes. */
static const uint32_t tier_top[EVQ_TIERS] = { 2, 6, 7 };

unsigned int evq_init_tiers(struct evq *q, struct arena *arena,
			    const unsigned int nr[EVQ_TIERS],
			    unsigned int first[EVQ_TIERS])
{
	uint32_t leaf = UINT32_MAX, end = 0;

	for (unsigned int i = 0; i < EVQ_TIERS; i++) {
		uint32_t leaves = power_of_two(nr[i]);

		first[i] = tier_top[i] * leaves;
		leaf = MIN(leaf, first[i]);
		end = MAX(end, first[i] + leaves);
	}
	for (unsigned int i = 0; i < EVQ_TIERS; i++)
		first[i] -= leaf;
	init(q, arena, (end + 1) / 2, (end + 1) / 2);
	q->width = leaf;
	return end - leaf;
}

void evq_init_narrow(struct evq *q, struct arena *arena, unsigned int room)
{
	uint32_t rounded = power_of_two(MAX(room, 2));

	init(q, arena, rounded, MIN(NARROW, rounded));
}

static void make_room(struct evq *q)
{
	evkey_t *old = q->node;

	g_assert(2 * q->room <= EVQ_MAX_SOURCES);
	q->room *= 2;
	q->node = arena_alloc(q->arena, tree_bytes(q->room));
	memcpy(q->node, old, tree_bytes(q->width));
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
