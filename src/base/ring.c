/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The parts of struct ring that are not hot.
 */
#include <config.h>

#include "preemptsim/base/ring.h"

#include <glib.h>

void ring_init(struct ring *ring, struct arena *arena, uint32_t room)
{
	g_assert(room && (room & (room - 1)) == 0);
	*ring = (struct ring){
		.entries = arena_new(arena, struct ring_entry, room),
		.mask = room - 1,
		.arena = arena,
	};
}

void ring_grow(struct ring *ring)
{
	uint32_t length = ring_length(ring);
	struct ring_entry *wider =
		arena_new(ring->arena, struct ring_entry, 2 * length);

	for (uint32_t i = 0; i < length; i++)
		wider[i] = *ring_at(ring, i);
	ring->entries = wider;
	ring->mask = 2 * length - 1;
	ring->head = 0;
	ring->tail = length;
}
