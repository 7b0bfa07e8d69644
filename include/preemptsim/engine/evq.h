/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_ENGINE_EVQ_H
#define PREEMPTSIM_ENGINE_EVQ_H

/*
 * The pending-event set: a winner tree over a fixed number of event sources.
 *
 * A machine has a small, fixed set of things that can happen next: each CPU's
 * running operation ends, each CPU's clockevent fires, each device raises its
 * line.  Every one of them owns a leaf.  A binary tree holds in each inner node
 * the lesser of its children's full keys, so the root is the next event.  It
 * has no more leaves than there are sources, and those of the first ones may be
 * a level nearer to the root; or it has tiers, see evq_init_tiers().
 * Scheduling, moving and cancelling are the same
 * walk from a leaf to the root without a data-dependent branch, and nothing is
 * ever allocated.
 *
 * A key is one unsigned 128-bit number, most significant part first:
 *
 *	time:64 | priority:3 | sequence:41 | source:20
 *
 * so events are ordered by (time, priority, order of scheduling), a total
 * order that does not depend on addresses or on the shape of the tree.
 * 2^41 schedulings last half a day at 50 million a second.
 */

#include <stdbool.h>
#include <stdint.h>

#include "preemptsim/base/arena.h"
#include "preemptsim/base/time.h"

/* Key parts. */
#define EVQ_SOURCE_BITS 20
#define EVQ_SEQ_BITS 41
#define EVQ_MAX_SOURCES (1u << EVQ_SOURCE_BITS)

/** evkey_t - a key as above; all ones means "not scheduled". */
typedef unsigned __int128 evkey_t;

/**
 * struct evq - the set; fields are private to this header and evq.c.
 * @node: keys; the leaf of a source is node[width + source], the root node[1]
 * @next: instant of the next event, UINT64_MAX: none
 * @width: number of leaves, where there are no tiers
 * @room: leaves that there is memory for
 * @seq: schedulings so far
 * @arena: where @node is
 */
struct evq {
	evkey_t *node;
	uint64_t next;
	uint32_t width, room;
	uint64_t seq;
	struct arena *arena;
};

/** evq_init - a set of @nr_sources (1 .. EVQ_MAX_SOURCES), none scheduled; its
 * memory is taken from @arena. */
void evq_init(struct evq *q, struct arena *arena, unsigned int nr_sources);

/* Tiers of a set that has any. */
#define EVQ_TIERS 3

/**
 * evq_init_tiers - a set of @nr[0] sources that are scheduled the most often,
 * @nr[1] that are less so and @nr[2] others.
 * @first: receives the number of the first source of each tier; the others of
 *         the tier follow it
 *
 * The first tier is one half of the tree and the second a quarter, whatever
 * their numbers are, so that the walks that are the most frequent are short.
 *
 * Returns a number that all sources are below.
 */
unsigned int evq_init_tiers(struct evq *q, struct arena *arena,
			    const unsigned int nr[EVQ_TIERS],
			    unsigned int first[EVQ_TIERS]);

/**
 * evq_init_narrow - a set that has memory for @room sources (as evq_init()),
 * but begins with few: the fewer leaves, the shorter every walk.
 */
void evq_init_narrow(struct evq *q, struct arena *arena, unsigned int room);

/** evq_grow - twice as many sources; what is scheduled stays.  Allocates only
 * beyond the room that there is. */
void evq_grow(struct evq *q);

/* Byte offsets: a node's sibling is one bit away, its parent half as far from
 * the start, and no multiplication is left in the loop. */
static inline evkey_t evq_rival(const char *node, size_t at)
{
	return *(const evkey_t *)(node + (at ^ sizeof(evkey_t)));
}

static inline size_t evq_parent(size_t at)
{
	return at / 2 & ~(sizeof(evkey_t) - 1);
}

/** evq_play - the node @at has got @key: play its way to the root. */
static inline void evq_play(struct evq *q, size_t at, evkey_t key)
{
	char *node = (char *)q->node;

	*(evkey_t *)(node + at) = key;
	while (at > sizeof(evkey_t)) {
		evkey_t rival = evq_rival(node, at);

		key = rival < key ? rival : key;
		at = evq_parent(at);
		*(evkey_t *)(node + at) = key;
	}
	q->next = (uint64_t)(key >> 64);
}

/** evq_leaf - where the leaf of @source is. */
static inline size_t evq_leaf(const struct evq *q, unsigned int source)
{
	return (q->width + (size_t)source) * sizeof(evkey_t);
}

/**
 * evq_schedule - @source will happen at @when; moves it if it was scheduled.
 * @when: not before the current time; the caller checks
 * @prio: 0 .. 7, decides between sources at one instant
 */
static inline void evq_schedule(struct evq *q, unsigned int source,
				ktime_t when, unsigned int prio)
{
	uint64_t low = (uint64_t)prio << (EVQ_SEQ_BITS + EVQ_SOURCE_BITS) |
		       q->seq++ << EVQ_SOURCE_BITS | source;

	evq_play(q, evq_leaf(q, source), (evkey_t)(uint64_t)when << 64 | low);
}

/** evq_cancel - @source will not happen; fine if it was not scheduled. */
static inline void evq_cancel(struct evq *q, unsigned int source)
{
	char *node = (char *)q->node;
	size_t at = evq_leaf(q, source);
	evkey_t key = ~(evkey_t)0;

	*(evkey_t *)(node + at) = key;
	if (at > sizeof(evkey_t)) { /* the first rival wins without a match */
		key = evq_rival(node, at);
		at = evq_parent(at);
	}
	evq_play(q, at, key);
}

/** evq_scheduled - is @source going to happen? */
static inline bool evq_scheduled(const struct evq *q, unsigned int source)
{
	return q->node[q->width + source] != ~(evkey_t)0;
}

/**
 * evq_next_time - instant of the next event.
 *
 * Returns UINT64_MAX when nothing is scheduled.  Unsigned, so that "none" is
 * later than every instant.
 */
static inline uint64_t evq_next_time(const struct evq *q)
{
	return q->next;
}

/** evq_due_before - is something due by (@when, @prio), exclusive? */
static inline bool evq_due_before(const struct evq *q, ktime_t when,
				  unsigned int prio)
{
	uint64_t low = (uint64_t)prio << (EVQ_SEQ_BITS + EVQ_SOURCE_BITS);

	return q->next <= (uint64_t)when &&
	       q->node[1] < ((evkey_t)(uint64_t)when << 64 | low);
}

/**
 * evq_next_time_except - instant of the next event that is not @source's.
 *
 * Returns UINT64_MAX when there is none.
 */
static inline uint64_t evq_next_time_except(const struct evq *q,
					    unsigned int source)
{
	evkey_t best = ~(evkey_t)0;

	for (uint32_t i = q->width + source; i > 1; i >>= 1) {
		evkey_t rival = q->node[i ^ 1];

		best = rival < best ? rival : best;
	}
	return (uint64_t)(best >> 64);
}

/** evq_next_source - the source of the next event; there must be one. */
static inline unsigned int evq_next_source(const struct evq *q)
{
	return (unsigned int)q->node[1] & (EVQ_MAX_SOURCES - 1);
}

#endif
