/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_TESTS_MALLOC_COUNT_H
#define PREEMPTSIM_TESTS_MALLOC_COUNT_H

/*
 * Counts every allocation of the program that includes this, once.
 *
 * malloc() and its like are defined here and passed on to glibc's own.  Where
 * that is not possible (another libc, a sanitizer that has its own allocator)
 * MALLOC_COUNT is 0 and the tests leave the counting out.
 */

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || \
	__has_feature(memory_sanitizer)
#define MALLOC_COUNT 0
#endif
#endif
#if !defined(MALLOC_COUNT) && defined(__GLIBC__) && \
	!defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define MALLOC_COUNT 1
#elif !defined(MALLOC_COUNT)
#define MALLOC_COUNT 0
#endif

/* Calls so far of anything that takes or gives back memory; volatile because
 * compilers know that malloc() changes no variable. */
static volatile unsigned long malloc_calls;

#if MALLOC_COUNT

/* glibc's, under their other names, which no header declares. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *ptr, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);
extern void __libc_free(void *ptr);

void *malloc(size_t size)
{
	malloc_calls++;
	return __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
	malloc_calls++;
	return __libc_calloc(n, size);
}

void *realloc(void *ptr, size_t size)
{
	malloc_calls++;
	return __libc_realloc(ptr, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
	malloc_calls++;
	return __libc_memalign(alignment, size);
}

int posix_memalign(void **ptr, size_t alignment, size_t size)
{
	malloc_calls++;
	*ptr = __libc_memalign(alignment, size);
	return *ptr ? 0 : ENOMEM;
}

void free(void *ptr)
{
	malloc_calls++;
	__libc_free(ptr);
}

#endif

#endif
