/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Simulated time: what it is counted in, and how people write it.
 *
 * A processor's clock rarely divides a nanosecond evenly, so neither the
 * nanosecond nor the cycle can be the unit of a clock that must never drift.
 * Time is counted in quanta: the longest time of which both a nanosecond and a
 * cycle are whole multiples.  At f MHz a cycle lasts 1000/f ns; with
 * g = gcd(f, 1000) the quantum is g/f ns, hence f/g quanta make a nanosecond
 * and 1000/g quanta make a cycle.  All conversions are integer arithmetic.
 *
 * 2^63 quanta last 97 years at 3 GHz, and in the worst case of the clocks
 * accepted (99.999 GHz) 25 hours.
 *
 * Left out: clocks that are not a whole number of MHz, clocks that change
 * during a run, and the calendar.
 */
#ifndef PREEMPTSIM_BASE_TIME_H
#define PREEMPTSIM_BASE_TIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** ktime_t - simulated time, an instant or a span, in quanta. */
typedef int64_t ktime_t;

/** KTIME_MAX - the instant that never comes. */
#define KTIME_MAX INT64_MAX

/** TIME_TEXT_MAX - bytes that hold any result of time_format_*(). */
#define TIME_TEXT_MAX 32

/**
 * struct timebase - how long a quantum is.
 * @per_ns: quanta in a nanosecond, >= 1
 * @per_cycle: quanta in a cycle of the processor's clock, >= 1
 *
 * Written by timebase_init() only; constant during a run.
 */
struct timebase {
	uint32_t per_ns;
	uint32_t per_cycle;
};

bool timebase_init(struct timebase *tb, uint64_t clock_hz);

/**
 * ktime_from_units - multiply a count by the quanta of its unit.
 * @count: how many, of either sign
 * @quanta: quanta in one, > 0
 *
 * Returns: quanta; KTIME_MAX or INT64_MIN where the product does not fit.
 */
static inline ktime_t ktime_from_units(int64_t count, int64_t quanta)
{
	ktime_t t;

	if (__builtin_mul_overflow(count, quanta, &t))
		return count < 0 ? INT64_MIN : KTIME_MAX;
	return t;
}

/**
 * ktime_from_ns - nanoseconds to quanta; exact, saturating.
 * @tb: the time base
 * @ns: nanoseconds
 */
static inline ktime_t ktime_from_ns(const struct timebase *tb, int64_t ns)
{
	return ktime_from_units(ns, tb->per_ns);
}

/**
 * ktime_to_ns - quanta to nanoseconds, rounded towards minus infinity.
 * @tb: the time base
 * @t: quanta; KTIME_MAX is converted as the number it is
 */
static inline int64_t ktime_to_ns(const struct timebase *tb, ktime_t t)
{
	int64_t ns = t / (int64_t)tb->per_ns;

	return ns - (t % (int64_t)tb->per_ns < 0);
}

bool time_parse(const char *text, const struct timebase *tb, ktime_t *out,
		const char **why);
bool freq_parse(const char *text, uint64_t *hz, const char **why);

char *time_format_ns(char *buf, size_t n, int64_t ns);
char *time_format_exact(char *buf, size_t n, int64_t ns);

#endif /* PREEMPTSIM_BASE_TIME_H */
