/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Chunks that are filled one after the other.
 */
#include <config.h>

#include "preemptsim/base/arena.h"

#include <glib.h>
#include <string.h>

#define ALIGNMENT 16

/* A chunk has as much, and twice what the one before it has. */
#define FIRST_CHUNK 32768

/* Bytes that are copied at a time. */
#define PIECE 2048

/** struct hole - bytes of a chunk that are left out: the last is no part of
 * it. */
struct hole {
	size_t from, to;
};

/**
 * struct arena_chunk - some memory.
 * @memory: @size bytes, the first @used of them are handed out
 * @holes: GArray of struct hole, in order, apart from each other
 */
struct arena_chunk {
	struct arena_chunk *next;
	size_t size, used;
	char *memory;
	GArray *holes;
};

static struct arena_chunk *chunk_new(size_t size)
{
	struct arena_chunk *chunk = g_new0(struct arena_chunk, 1);

	chunk->size = size;
	chunk->memory = g_aligned_alloc(1, size, CACHE_LINE);
	chunk->holes = g_array_new(FALSE, FALSE, sizeof(struct hole));
	return chunk;
}

static size_t round_up(size_t n, size_t unit)
{
	return (n + unit - 1) / unit * unit;
}

/* The next chunk with room for @size bytes.  It is there already when what is
 * being done has been done before. */
static void next_chunk(struct arena *arena, size_t size)
{
	struct arena_chunk *before = arena->current;
	size_t least = before ? 2 * before->size : FIRST_CHUNK;

	if (before && before->next) {
		arena->current = before->next;
		g_assert(arena->current->size >= size);
		return;
	}
	arena->current = chunk_new(MAX(least, round_up(size, CACHE_LINE)));
	if (before)
		before->next = arena->current;
	else
		arena->first = arena->current;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	size_t align = size < CACHE_LINE ? ALIGNMENT : CACHE_LINE;
	struct arena_chunk *chunk = arena->current;
	char *piece;

	if (chunk)
		chunk->used = round_up(chunk->used, align);
	if (!chunk || chunk->used + size > chunk->size) {
		next_chunk(arena, size);
		chunk = arena->current;
	}
	piece = chunk->memory + chunk->used;
	chunk->used += size;
	return memset(piece, 0, size);
}

void arena_destroy(struct arena *arena)
{
	struct arena_chunk *next = arena->first;

	while (next) {
		struct arena_chunk *chunk = next;

		next = chunk->next;
		g_array_unref(chunk->holes);
		g_aligned_free(chunk->memory);
		g_free(chunk);
	}
	*arena = (struct arena){ 0 };
}

/* memcpy() itself, not a string instruction that the compiler takes for it
 * where it knows of @n that it is small. */
static inline void copy_piece(char *to, const char *from, size_t n)
{
	__asm__("" : "+r"(n)); /* is not known any more */
	memcpy(to, from, n);
}

/* In pieces for which memcpy() uses the widest registers: many copies of some
 * hundred thousand bytes are taken. */
static void copy(char *to, const char *from, size_t n)
{
	for (; n > PIECE; to += PIECE, from += PIECE, n -= PIECE)
		copy_piece(to, from, PIECE);
	copy_piece(to, from, n);
}

static const struct hole *hole_at(const struct arena_chunk *chunk,
				  unsigned int i)
{
	return &g_array_index(chunk->holes, struct hole, i);
}

static struct arena_chunk *chunk_of(const struct arena *arena, const char *from)
{
	struct arena_chunk *chunk = arena->first;

	while (from < chunk->memory || from >= chunk->memory + chunk->used)
		chunk = chunk->next;
	return chunk;
}

/* Those that it touches become part of it. */
static void add_hole(GArray *holes, struct hole new)
{
	unsigned int i = 0;

	while (i < holes->len) {
		const struct hole *hole = &g_array_index(holes, struct hole, i);

		if (hole->from > new.to)
			break;
		if (hole->to < new.from) {
			i++;
			continue;
		}
		new.from = MIN(new.from, hole->from);
		new.to = MAX(new.to, hole->to);
		g_array_remove_index(holes, i);
	}
	g_array_insert_val(holes, i, new);
}

void arena_leave_out(struct arena *arena, const void *from, size_t size)
{
	struct arena_chunk *chunk = chunk_of(arena, from);
	size_t offset = (size_t)((const char *)from - chunk->memory);

	add_hole(chunk->holes, (struct hole){ offset, offset + size });
}

/* cf. Fowler, Noll and Vo's FNV-1a. */
static uint64_t add_bytes(uint64_t sum, const char *from, size_t n)
{
	for (size_t i = 0; i < n; i++)
		sum = (sum ^ (unsigned char)from[i]) * UINT64_C(0x100000001b3);
	return sum;
}

uint64_t arena_left_out(const struct arena *arena)
{
	uint64_t sum = 0;

	for (const struct arena_chunk *chunk = arena->first; chunk;
	     chunk = chunk->next)
		for (unsigned int i = 0; i < chunk->holes->len; i++) {
			const struct hole *hole = hole_at(chunk, i);

			sum = add_bytes(sum, chunk->memory + hole->from,
					hole->to - hole->from);
		}
	return sum;
}

/* What is copied of @chunk. */
static size_t chunk_bytes(const struct arena_chunk *chunk)
{
	size_t n = chunk->used;

	for (unsigned int i = 0; i < chunk->holes->len; i++)
		n -= hole_at(chunk, i)->to - hole_at(chunk, i)->from;
	return n;
}

static size_t bytes_of(const struct arena *arena)
{
	size_t size = 0;

	for (const struct arena_chunk *chunk = arena->first; chunk;
	     chunk = chunk->next)
		size += chunk_bytes(chunk) + sizeof(chunk->used);
	return size;
}

/* Returns what is behind the copy. */
static char *chunk_save(const struct arena_chunk *chunk, char *to)
{
	size_t at = 0;

	for (unsigned int i = 0; i < chunk->holes->len; i++) {
		const struct hole *hole = hole_at(chunk, i);

		copy(to, chunk->memory + at, hole->from - at);
		to += hole->from - at;
		at = hole->to;
	}
	copy(to, chunk->memory + at, chunk->used - at);
	return to + (chunk->used - at);
}

static const char *chunk_load(struct arena_chunk *chunk, const char *from)
{
	size_t at = 0;

	for (unsigned int i = 0; i < chunk->holes->len; i++) {
		const struct hole *hole = hole_at(chunk, i);

		copy(chunk->memory + at, from, hole->from - at);
		from += hole->from - at;
		at = hole->to;
	}
	copy(chunk->memory + at, from, chunk->used - at);
	return from + (chunk->used - at);
}

void arena_save(const struct arena *arena, struct arena_image *image)
{
	char *to;

	image->size = bytes_of(arena);
	if (image->size > image->room) {
		g_free(image->bytes);
		image->room = image->size;
		image->bytes = g_malloc(image->room);
	}
	to = image->bytes;
	for (const struct arena_chunk *chunk = arena->first; chunk;
	     chunk = chunk->next) {
		memcpy(to, &chunk->used, sizeof(chunk->used));
		to = chunk_save(chunk, to + sizeof(chunk->used));
	}
}

/* Chunks that were not there yet are empty. */
void arena_load(struct arena *arena, const struct arena_image *image)
{
	const char *from = image->bytes, *end = from + image->size;

	arena->current = arena->first;
	for (struct arena_chunk *chunk = arena->first; chunk;
	     chunk = chunk->next) {
		chunk->used = 0;
		if (from == end)
			continue;
		memcpy(&chunk->used, from, sizeof(chunk->used));
		from = chunk_load(chunk, from + sizeof(chunk->used));
		if (chunk->used)
			arena->current = chunk;
	}
}

void arena_image_destroy(struct arena_image *image)
{
	g_free(image->bytes);
	*image = (struct arena_image){ 0 };
}
