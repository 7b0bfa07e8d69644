/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_BASE_ARENA_H
#define PREEMPTSIM_BASE_ARENA_H

/*
 * Where a simulation keeps what changes while it runs: pieces that are freed
 * all at once, so that a copy of all of them can be taken and put back.
 *
 * Put back, everything stands at the address where it stood, pointers
 * included, and what is allocated from then on goes where it went the first
 * time.
 */

#include <stddef.h>
#include <stdint.h>

struct arena_chunk;

/* Bytes that a CPU that simulates fetches at once. */
#define CACHE_LINE 64

/**
 * struct arena - the pieces; zeroed, it is empty.
 * @first: all chunks there are
 * @current: the one that is being filled; those behind it are empty
 */
struct arena {
	struct arena_chunk *first, *current;
};

/**
 * struct arena_image - a copy of all pieces; zeroed, it is none.
 * @bytes: of them, @size in all, in the order of chunks; room for @room
 */
struct arena_image {
	char *bytes;
	size_t size, room;
};

/** arena_alloc - @size bytes, zeroed, aligned for whatever they are to hold,
 * to a cache line if they fill one. */
void *arena_alloc(struct arena *arena, size_t size);

/** arena_new - @n zeroed structs of @type. */
#define arena_new(arena, type, n) \
	((type *)arena_alloc((arena), sizeof(type) * (size_t)(n)))

/** arena_destroy - free all pieces. */
void arena_destroy(struct arena *arena);

/** arena_save - make @image a copy of what is in @arena but what is left out;
 * allocates only if it
 * has grown since @image was used last. */
void arena_save(const struct arena *arena, struct arena_image *image);

/** arena_leave_out - no copy needs the @size bytes of a piece at @from, since
 * they stay what they are.  Before the first arena_save() of any image. */
void arena_leave_out(struct arena *arena, const void *from, size_t size);

/** arena_left_out - a sum over all that is left out, to prove that it stays
 * what it is. */
uint64_t arena_left_out(const struct arena *arena);

/** arena_load - put back what arena_save() has copied from this @arena. */
void arena_load(struct arena *arena, const struct arena_image *image);

/** arena_image_destroy - free the copy. */
void arena_image_destroy(struct arena_image *image);

#endif
