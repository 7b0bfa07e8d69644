/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_BASE_RING_H
#define PREEMPTSIM_BASE_RING_H

/*
 * A first-in first-out ring of (who, when) pairs: interrupts that wait for
 * their CPU, requests that wait for a device, releases that wait for a task.
 *
 * Its room is made before the run.  Only a backlog longer than any seen so far
 * makes it grow (by doubling), so that an overloaded scenario is still counted
 * to the last job.
 */

#include <stdbool.h>
#include <stdint.h>

#include "preemptsim/base/arena.h"
#include "preemptsim/base/time.h"

/**
 * struct ring_entry - what waits.
 * @who: whatever the owner wants to find again, may be NULL
 * @when: since when, in quanta
 */
struct ring_entry {
	void *who;
	ktime_t when;
};

/**
 * struct ring - the queue; fields are private to this header and ring.c.
 * @entries: @mask + 1 of them, a power of two
 * @head, @tail: running counts of entries taken and put
 * @arena: where @entries are
 */
struct ring {
	struct ring_entry *entries;
	uint32_t mask, head, tail;
	struct arena *arena;
};

/** ring_init - an empty ring with room in @arena for @room (a power of two)
 * entries. */
void ring_init(struct ring *ring, struct arena *arena, uint32_t room);

/** ring_grow - double the room, keeping order; for ring_put() only. */
void ring_grow(struct ring *ring);

/** ring_empty - does nothing wait? */
static inline bool ring_empty(const struct ring *ring)
{
	return ring->head == ring->tail;
}

/** ring_length - how many wait. */
static inline uint32_t ring_length(const struct ring *ring)
{
	return ring->tail - ring->head;
}

/** ring_put - append (@who, @when). */
static inline void ring_put(struct ring *ring, void *who, ktime_t when)
{
	if (__builtin_expect(ring_length(ring) > ring->mask, 0))
		ring_grow(ring);
	ring->entries[ring->tail++ & ring->mask] =
		(struct ring_entry){ .who = who, .when = when };
}

/** ring_get - take the oldest entry; the ring must not be empty. */
static inline struct ring_entry ring_get(struct ring *ring)
{
	return ring->entries[ring->head++ & ring->mask];
}

/** ring_at - the @i-th oldest entry (0 is the head), without taking it. */
static inline const struct ring_entry *ring_at(const struct ring *ring,
					       uint32_t i)
{
	return &ring->entries[(ring->head + i) & ring->mask];
}

#endif
