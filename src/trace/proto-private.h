/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_TRACE_PROTO_PRIVATE_H
#define PREEMPTSIM_TRACE_PROTO_PRIVATE_H

/*
 * Protocol buffers' encoding, by hand.
 * cf. protobuf.dev/programming-guides/encoding.
 */

#include <glib.h>
#include <stdint.h>
#include <string.h>

/** enum wire_type - how a field's value is encoded. */
enum wire_type {
	WIRE_VARINT = 0,
	WIRE_BYTES = 2
};

/** PROTO_KEY - the key of a field whose number is below 16. */
#define PROTO_KEY(number, wire) ((char)((number) << 3 | (wire)))

/* Bytes of a long length that is put in later; a varint may be longer than it
 * has to be. */
#define LONG_LENGTH_SIZE 3

/** put_varint - a number. */
static inline char *put_varint(char *p, uint64_t n)
{
	for (; n >= 0x80; n >>= 7)
		*p++ = (char)(n | 0x80);
	*p++ = (char)n;
	return p;
}

/** put_length - before the message between @p + 1 and @end, at @p, its length,
 * below 2^14; most have one byte.  Returns where the message ends then. */
static inline char *put_length(char *p, char *end)
{
	size_t len = (size_t)(end - p) - 1;

	if (len < 0x80) {
		*p = (char)len;
		return end;
	}
	memmove(p + 2, p + 1, len);
	p[0] = (char)(len | 0x80);
	p[1] = (char)(len >> 7);
	return end + 1;
}

/** put_long_length - in the LONG_LENGTH_SIZE bytes at @p, the length of what
 * follows up to @end, below 2^21. */
static inline void put_long_length(char *p, const char *end)
{
	size_t len = (size_t)(end - p) - LONG_LENGTH_SIZE;

	p[0] = (char)(len | 0x80);
	p[1] = (char)(len >> 7 | 0x80);
	p[2] = (char)(len >> 14);
}

/** proto_key_of - a field's key. */
static inline uint32_t proto_key_of(unsigned int number, enum wire_type wire)
{
	return number << 3 | wire;
}

/** proto_varint, proto_key - append a number, the key of a field. */
static inline void proto_varint(GString *out, uint64_t n)
{
	char bytes[10];

	g_string_append_len(out, bytes, put_varint(bytes, n) - bytes);
}

static inline void proto_key(GString *out, unsigned int number,
			     enum wire_type wire)
{
	proto_varint(out, proto_key_of(number, wire));
}

/** proto_number, proto_text, proto_message - append a field. */
static inline void proto_number(GString *out, unsigned int number, uint64_t n)
{
	proto_key(out, number, WIRE_VARINT);
	proto_varint(out, n);
}

static inline void proto_message(GString *out, unsigned int number,
				 const GString *message)
{
	proto_key(out, number, WIRE_BYTES);
	proto_varint(out, message->len);
	g_string_append_len(out, message->str, (gssize)message->len);
}

static inline void proto_text(GString *out, unsigned int number,
			      const char *text)
{
	proto_key(out, number, WIRE_BYTES);
	proto_varint(out, strlen(text));
	g_string_append(out, text);
}

#endif
