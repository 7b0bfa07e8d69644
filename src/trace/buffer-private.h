/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_TRACE_BUFFER_PRIVATE_H
#define PREEMPTSIM_TRACE_BUFFER_PRIVATE_H

/*
 * Bytes on their way to a file, and how numbers become text.
 */

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "preemptsim/engine/sim.h" /* unlikely */

/* Bytes that are written at once.  They begin at multiples of this, too, so
 * that the page cache gets all of each of its folios at once: others take a
 * third more of the kernel's time. */
#define BUFFER_SIZE ((size_t)128 * 1024)

/* Bytes that can be asked for at once. */
#define BUFFER_ROOM ((size_t)4096)

/**
 * struct buffer - what goes to a file.
 * @fd: the file
 * @error: errno of the first write that failed; from then on nothing is
 *         written any more
 * @len: bytes in @data
 */
struct buffer {
	int fd, error;
	size_t len;
	char data[BUFFER_SIZE + BUFFER_ROOM];
};

/** buffer_new - an empty buffer before @fd; g_free() it. */
struct buffer *buffer_new(int fd);

/** buffer_drain - write BUFFER_SIZE bytes, which there have to be. */
void buffer_drain(struct buffer *buffer);

/** buffer_flush - write what is in it; returns 0 or an errno. */
int buffer_flush(struct buffer *buffer);

/** write_at - write @len bytes at @offset of @fd; returns 0 or an errno. */
int write_at(int fd, const void *bytes, size_t len, uint64_t offset);

/** read_at - the same of reading; a file that ends before is EIO. */
int read_at(int fd, void *bytes, size_t len, uint64_t offset);

/** buffer_room - where the next up to BUFFER_ROOM bytes go; buffer_took() says
 * how many they were. */
static inline char *buffer_room(struct buffer *buffer)
{
	if (unlikely(buffer->len >= BUFFER_SIZE))
		buffer_drain(buffer);
	return buffer->data + buffer->len;
}

/** buffer_took - up to @end there are bytes now. */
static inline void buffer_took(struct buffer *buffer, const char *end)
{
	buffer->len = (size_t)(end - buffer->data);
}

/** buffer_append - @len bytes, any number. */
void buffer_append(struct buffer *buffer, const void *bytes, size_t len);

/** put_bytes - copy; returns what follows. */
static inline char *put_bytes(char *p, const void *bytes, size_t len)
{
	memcpy(p, bytes, len);
	return p + len;
}

/** put_text - copy a string without its NUL. */
static inline char *put_text(char *p, const char *text)
{
	while (*text)
		*p++ = *text++;
	return p;
}

/** put_decimal - a number. */
char *put_decimal(char *p, uint64_t n);

/** put_signed - a number that may be negative. */
char *put_signed(char *p, int64_t n);

/** put_fraction - a number of nine digits. */
char *put_fraction(char *p, uint32_t n);

/** put_padded - a number of at least @width digits. */
char *put_padded(char *p, uint64_t n, unsigned int width);

/** put_hex - a number in hexadecimal. */
char *put_hex(char *p, uint64_t n);

#endif
