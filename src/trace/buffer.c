/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writing in large pieces, and formatting numbers without printf().
 */
#include <config.h>

#include "buffer-private.h"

#include <errno.h>
#include <glib.h>
#include <unistd.h>

struct buffer *buffer_new(int fd)
{
	struct buffer *buffer = g_new(struct buffer, 1);

	buffer->fd = fd;
	buffer->error = 0;
	buffer->len = 0;
	return buffer;
}

static void write_all(struct buffer *buffer, size_t len)
{
	size_t done = 0;

	while (!buffer->error && done < len) {
		ssize_t n = write(buffer->fd, buffer->data + done, len - done);

		if (n >= 0)
			done += (size_t)n;
		else if (errno != EINTR)
			buffer->error = errno;
	}
}

void buffer_drain(struct buffer *buffer)
{
	write_all(buffer, BUFFER_SIZE);
	buffer->len -= BUFFER_SIZE;
	memcpy(buffer->data, buffer->data + BUFFER_SIZE, buffer->len);
}

int buffer_flush(struct buffer *buffer)
{
	write_all(buffer, buffer->len);
	buffer->len = 0;
	return buffer->error;
}

void buffer_append(struct buffer *buffer, const void *bytes, size_t len)
{
	const char *from = bytes;

	while (len) {
		char *p = buffer_room(buffer);
		size_t part = MIN(len, BUFFER_SIZE - buffer->len);

		buffer_took(buffer, put_bytes(p, from, part));
		from += part;
		len -= part;
	}
}

int write_at(int fd, const void *bytes, size_t len, uint64_t offset)
{
	const char *from = bytes;

	while (len) {
		ssize_t n = pwrite(fd, from, len, (off_t)offset);

		if (n < 0 && errno != EINTR)
			return errno;
		if (n > 0) {
			from += n;
			offset += (uint64_t)n;
			len -= (size_t)n;
		}
	}
	return 0;
}

int read_at(int fd, void *bytes, size_t len, uint64_t offset)
{
	char *to = bytes;

	while (len) {
		ssize_t n = pread(fd, to, len, (off_t)offset);

		if (n < 0 && errno != EINTR)
			return errno;
		if (n == 0)
			return EIO;
		if (n > 0) {
			to += n;
			offset += (uint64_t)n;
			len -= (size_t)n;
		}
	}
	return 0;
}

static const char pairs[] = "00010203040506070809"
			    "10111213141516171819"
			    "20212223242526272829"
			    "30313233343536373839"
			    "40414243444546474849"
			    "50515253545556575859"
			    "60616263646566676869"
			    "70717273747576777879"
			    "80818283848586878889"
			    "90919293949596979899";

static unsigned int nr_digits(uint64_t n)
{
	unsigned int digits = 1;

	for (; n >= 10000; n /= 10000)
		digits += 4;
	return digits + (n >= 10) + (n >= 100) + (n >= 1000);
}

/* Two digits at a time, from the last one on. */
static char *put_digits(char *p, uint64_t n, unsigned int digits)
{
	char *end = p + digits;
	char *at = end;

	while (digits >= 2) {
		at -= 2;
		memcpy(at, &pairs[n % 100 * 2], 2);
		n /= 100;
		digits -= 2;
	}
	if (digits)
		at[-1] = (char)('0' + n % 10);
	return end;
}

static void put_pair(char *p, uint32_t n)
{
	memcpy(p, &pairs[n * 2], 2);
}

/* Not one digit after the other: a CPU does both halves at once. */
char *put_fraction(char *p, uint32_t n)
{
	uint32_t high = n / 10000 % 10000, low = n % 10000;

	p[0] = (char)('0' + n / 100000000);
	put_pair(p + 1, high / 100);
	put_pair(p + 3, high % 100);
	put_pair(p + 5, low / 100);
	put_pair(p + 7, low % 100);
	return p + 9;
}

char *put_decimal(char *p, uint64_t n)
{
	return put_digits(p, n, nr_digits(n));
}

char *put_signed(char *p, int64_t n)
{
	if (n >= 0)
		return put_decimal(p, (uint64_t)n);
	*p++ = '-';
	return put_decimal(p, -(uint64_t)n);
}

char *put_padded(char *p, uint64_t n, unsigned int width)
{
	unsigned int digits = nr_digits(n);

	return put_digits(p, n, digits > width ? digits : width);
}

char *put_hex(char *p, uint64_t n)
{
	unsigned int shift = 60;

	while (shift && !(n >> shift))
		shift -= 4;
	for (;; shift -= 4) {
		*p++ = "0123456789abcdef"[n >> shift & 15];
		if (!shift)
			return p;
	}
}
