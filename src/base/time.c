/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading and writing times and clock frequencies.
 *
 * Numbers are decimal fractions and are kept as such: a whole part and at most
 * eighteen digits behind the point, both integers.  No binary floating point
 * comes between the text and the quanta, so "0.1us" is exactly 100 ns and the
 * result does not depend on the locale.
 *
 * Left out: exponents ("1e3us"), digit grouping and sums ("1min 30s").
 */
#include <config.h>

#include <glib.h>
#include <string.h>

#include "preemptsim/base/time.h"

__extension__ typedef unsigned __int128 u128;

#define FRACTION_ONE UINT64_C(1000000000000000000)

#define NS_PER_US INT64_C(1000)
#define NS_PER_MS INT64_C(1000000)
#define NS_PER_S INT64_C(1000000000)

/**
 * struct decimal - a number as it was written.
 * @negative: whether a minus sign stood in front
 * @whole: the digits before the point
 * @fraction: the digits after the point, in units of 10^-18
 * @unit: what follows the number and any blanks, within the text
 */
struct decimal {
	bool negative;
	uint64_t whole;
	uint64_t fraction;
	const char *unit;
};

/**
 * struct unit - a name and what it is worth.
 * @name: the exact spelling
 * @size: nanoseconds (hertz for a frequency), 0 for a cycle
 */
struct unit {
	const char *name;
	uint64_t size;
};

static const struct unit time_units[] = {
	{ "ns", 1 },
	{ "us", NS_PER_US },
	{ "\302\265s", NS_PER_US }, /* U+00B5, the micro sign */
	{ "\316\274s", NS_PER_US }, /* U+03BC, the Greek letter */
	{ "ms", NS_PER_MS },
	{ "s", NS_PER_S },
	{ "min", 60 * NS_PER_S },
	{ "h", 3600 * NS_PER_S },
	{ "cy", 0 },
	{ NULL, 0 },
};

static const struct unit freq_units[] = {
	{ "Hz", 1 },	       { "kHz", 1000 }, { "MHz", 1000000 },
	{ "GHz", 1000000000 }, { NULL, 0 },
};

static const char why_not_time[] =
	"a time is a decimal number and a unit, as in 1.5ms";
static const char why_time_unit[] =
	"a time needs a unit (ns, us, ms, s or cy), as in 5ms";
static const char why_time_unknown[] =
	"this is not a unit of time (known: ns, us, ms, s, min, h and cy)";
static const char why_time_big[] = "this time is too long to be simulated";
static const char why_not_freq[] =
	"a frequency is a decimal number and a unit, as in 2.4GHz";
static const char why_freq_unit[] =
	"a frequency needs a unit (Hz, kHz, MHz or GHz), as in 3GHz";
static const char why_freq_unknown[] =
	"this is not a unit of frequency (known: Hz, kHz, MHz and GHz)";
static const char why_freq_big[] = "this frequency is too high";
static const char why_freq_whole[] =
	"a frequency is a whole number of hertz above zero";
static const char why_digits[] =
	"a number has at most 18 digits after the point";

/**
 * timebase_init - choose the quantum for a clock.
 * @tb: filled in on success, else untouched
 * @clock_hz: the processor's clock in hertz
 *
 * Returns: false unless the clock is a whole number of MHz from 1 MHz to
 * 100 GHz.
 */
bool timebase_init(struct timebase *tb, uint64_t clock_hz)
{
	uint64_t mhz = clock_hz / 1000000;
	uint64_t a = mhz, b = 1000;

	if (clock_hz % 1000000 || mhz < 1 || mhz > 100000)
		return false;
	while (b) {
		uint64_t rest = a % b;

		a = b;
		b = rest;
	}
	tb->per_ns = (uint32_t)(mhz / a);
	tb->per_cycle = (uint32_t)(1000 / a);
	return true;
}

/* The digits before the point; false if there is none or they overflow. */
static bool scan_whole(const char **p, uint64_t *whole, const char **why,
		       const char *big)
{
	*whole = 0;
	if (!g_ascii_isdigit(**p))
		return false;
	for (; g_ascii_isdigit(**p); (*p)++) {
		if (__builtin_mul_overflow(*whole, 10, whole) ||
		    __builtin_add_overflow(*whole, (uint64_t)(**p - '0'),
					   whole)) {
			*why = big;
			return false;
		}
	}
	return true;
}

/* The digits after the point; trailing zeros beyond the 18th do no harm. */
static bool scan_fraction(const char **p, uint64_t *fraction, const char **why)
{
	uint64_t place = FRACTION_ONE;

	if (!g_ascii_isdigit(**p))
		return false;
	for (; g_ascii_isdigit(**p); (*p)++) {
		place /= 10;
		if (!place && **p != '0') {
			*why = why_digits;
			return false;
		}
		*fraction += place * (uint64_t)(**p - '0');
	}
	return true;
}

/* Read a number up to its unit; *why is preset by the caller. */
static bool decimal_scan(const char *p, struct decimal *d, const char **why,
			 const char *big)
{
	*d = (struct decimal){ .negative = *p == '-' };
	if (*p == '-' || *p == '+')
		p++;
	if (!scan_whole(&p, &d->whole, why, big))
		return false;
	if (*p == '.') {
		p++;
		if (!scan_fraction(&p, &d->fraction, why))
			return false;
	}
	while (*p == ' ' || *p == '\t')
		p++;
	d->unit = p;
	return true;
}

/*
 * The number times @size, to the nearest integer, a half away from zero.
 * Needs size < 2^60, so that fraction * size stays below 2^120.  *exact tells
 * whether nothing was rounded.
 */
static bool decimal_times(const struct decimal *d, uint64_t size, uint64_t *out,
			  bool *exact)
{
	u128 part = (u128)d->fraction * size;
	uint64_t more = (uint64_t)((part + FRACTION_ONE / 2) / FRACTION_ONE);

	*exact = part % FRACTION_ONE == 0;
	return !__builtin_mul_overflow(d->whole, size, out) &&
	       !__builtin_add_overflow(*out, more, out);
}

static const struct unit *unit_find(const struct unit *u, const char *name)
{
	for (; u->name; u++) {
		if (!strcmp(u->name, name))
			return u;
	}
	return NULL;
}

/**
 * time_parse - read a time as people write it.
 * @text: a decimal number, optional blanks, a unit: ns, us (or µs), ms, s,
 *	min, h, or cy for cycles; nothing before or after
 * @tb: the time base
 * @out: quanta, rounded to the nearest, a half away from zero; may be
 *	negative, callers check the range; untouched on failure
 * @why: on failure a static sentence that says what would be right
 *
 * Returns: false if the text is no time, has no unit (a bare 0 has none
 * either), or does not fit.
 */
bool time_parse(const char *text, const struct timebase *tb, ktime_t *out,
		const char **why)
{
	const struct unit *unit;
	struct decimal d;
	uint64_t mag;
	bool exact;

	*why = why_not_time;
	if (!decimal_scan(text, &d, why, why_time_big))
		return false;
	unit = unit_find(time_units, d.unit);
	if (!unit) {
		*why = *d.unit ? why_time_unknown : why_time_unit;
		return false;
	}
	if (!decimal_times(&d,
			   unit->size ? unit->size * tb->per_ns : tb->per_cycle,
			   &mag, &exact) ||
	    mag > INT64_MAX) {
		*why = why_time_big;
		return false;
	}
	*out = d.negative ? -(ktime_t)mag : (ktime_t)mag;
	*why = NULL;
	return true;
}

/**
 * freq_parse - read a frequency as people write it.
 * @text: a decimal number, optional blanks, and Hz, kHz, MHz or GHz
 * @hz: the result, exact and > 0; untouched on failure
 * @why: on failure a static sentence that says what would be right
 *
 * Returns: false if the text is no frequency, is not a whole number of hertz
 * above zero, or does not fit.
 */
bool freq_parse(const char *text, uint64_t *hz, const char **why)
{
	const struct unit *unit;
	struct decimal d;
	uint64_t value;
	bool exact;

	*why = why_not_freq;
	if (!decimal_scan(text, &d, why, why_freq_big))
		return false;
	unit = unit_find(freq_units, d.unit);
	if (!unit) {
		*why = *d.unit ? why_freq_unknown : why_freq_unit;
		return false;
	}
	if (!decimal_times(&d, unit->size, &value, &exact)) {
		*why = why_freq_big;
		return false;
	}
	if (!exact || !value || d.negative) {
		*why = why_freq_whole;
		return false;
	}
	*hz = value;
	*why = NULL;
	return true;
}

static uint64_t magnitude(int64_t v)
{
	return v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
}

/*
 * Round @mag ns to four digits of the unit of @div ns: *value in units of
 * 10^-*places.  A fourth digit that is zero is dropped if it is a decimal.
 */
static void round_to_four(uint64_t mag, uint64_t div, uint64_t *value,
			  unsigned int *places)
{
	uint64_t limit = 10, step = div / 1000;

	*places = 3;
	for (; *places && mag / div >= limit; limit *= 10) {
		step *= 10;
		--*places;
	}
	*value = mag / step + (mag % step >= step - step / 2);
	if (*value >= 10000 && *places) {
		*value /= 10;
		--*places;
	}
	if (*places && *value % 10 == 0) {
		*value /= 10;
		--*places;
	}
}

/**
 * time_format_ns - a time for people.
 * @buf: where to; TIME_TEXT_MAX bytes are always enough
 * @n: bytes at @buf, > 0; a longer text is cut
 * @ns: nanoseconds
 *
 * Three significant digits, or four where the fourth is not zero, and a unit
 * from ns to s; seconds keep all their digits before the point.  "870 ns",
 * "3.75 us", "1.003 ms", "2.50 s".
 *
 * Returns: @buf.
 */
char *time_format_ns(char *buf, size_t n, int64_t ns)
{
	static const char *const name[] = { "us", "ms", "s" };
	const char *sign = ns < 0 ? "-" : "";
	uint64_t mag = magnitude(ns), div = NS_PER_US, value, one = 1;
	unsigned int i, places;

	if (mag < NS_PER_US) {
		g_snprintf(buf, n, "%s%u ns", sign, (unsigned int)mag);
		return buf;
	}
	for (i = 0;; i++, div *= 1000) {
		round_to_four(mag, div, &value, &places);
		if (i == 2 || places || value < 1000)
			break;
	}
	for (unsigned int k = 0; k < places; k++)
		one *= 10;
	if (places)
		g_snprintf(buf, n, "%s%" G_GUINT64_FORMAT ".%0*u %s", sign,
			   value / one, (int)places,
			   (unsigned int)(value % one), name[i]);
	else
		g_snprintf(buf, n, "%s%" G_GUINT64_FORMAT " %s", sign, value,
			   name[i]);
	return buf;
}

/* Spell @mag ns in the unit of @div ns without losing a digit. */
static void spell_exact(char *buf, const char *sign, uint64_t mag, uint64_t div,
			const char *unit)
{
	uint64_t rest = mag % div;
	int len = g_snprintf(buf, TIME_TEXT_MAX, "%s%" G_GUINT64_FORMAT, sign,
			     mag / div);

	if (rest)
		buf[len++] = '.';
	while (rest) {
		div /= 10;
		buf[len++] = (char)('0' + rest / div);
		rest %= div;
	}
	g_strlcpy(buf + len, unit, TIME_TEXT_MAX - (size_t)len);
}

/**
 * time_format_exact - the shortest text that time_parse() reads back exactly.
 * @buf: where to; TIME_TEXT_MAX bytes are always enough
 * @n: bytes at @buf, > 0; a longer text is cut
 * @ns: nanoseconds
 *
 * Units from ns to s, the number at least 1 in its unit; of two spellings of
 * the same length the smaller unit wins: "5ms", "1.5ms", "4710ns".
 *
 * Returns: @buf.
 */
char *time_format_exact(char *buf, size_t n, int64_t ns)
{
	static const char *const name[] = { "ns", "us", "ms", "s" };
	const char *sign = ns < 0 ? "-" : "";
	char best[TIME_TEXT_MAX], text[TIME_TEXT_MAX];
	uint64_t mag = magnitude(ns), div = 1;

	spell_exact(best, sign, mag, div, name[0]);
	for (size_t i = 1; i < G_N_ELEMENTS(name); i++) {
		div *= 1000;
		if (mag < div)
			break;
		spell_exact(text, sign, mag, div, name[i]);
		if (strlen(text) < strlen(best))
			g_strlcpy(best, text, sizeof(best));
	}
	g_strlcpy(buf, best, n);
	return buf;
}
