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

/**
 * struct arena_chunk - some memory.
 * @memory: @size bytes, the first @used of them are handed out
 */
struct arena_chunk {
	struct arena_chunk *next;
	size_t size, used;
	char *memory;
};

static struct arena_chunk *chunk_new(size_t size)
{
	struct arena_chunk *chunk = g_new0(struct arena_chunk, 1);

	chunk->size = size;
	chunk->memory = g_aligned_alloc(1, size, CACHE_LINE);
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

static size_t bytes_of(const struct arena *arena)
{
	size_t size = 0;

	for (const struct arena_chunk *chunk = arena->first; chunk;
	     chunk = chunk->next)
		size += chunk->used + sizeof(chunk->used);
	return size;
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
		to += sizeof(chunk->used);
		copy(to, chunk->memory, chunk->used);
		to += chunk->used;
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
		from += sizeof(chunk->used);
		copy(chunk->memory, from, chunk->used);
		from += chunk->used;
		if (chunk->used)
			arena->current = chunk;
	}
}

void arena_image_destroy(struct arena_image *image)
{
	g_free(image->bytes);
	*image = (struct arena_image){ 0 };
}
