/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Numbers with units, in fixed point, so that 0.1 + 0.2 is 0.3 and a range
 * has the same values everywhere.  The parsers are those of base/time.h: what
 * a scenario takes, a range takes.
 */
#include <config.h>

#include "quantity-private.h"

#include <glib.h>
#include <string.h>

#include "preemptsim/base/time.h"

#define NUMBER_ONE 1000000000
#define PS_PER_NS 1000

/* A unit and its size in the smallest part. */
struct unit_size {
	const char *name;
	int64_t size;
};

/* From the largest to the smallest. */
static const struct unit_size number_units[] = { { "", NUMBER_ONE } };
static const struct unit_size cycle_units[] = { { "cy", PS_PER_NS } };
static const struct unit_size time_units[] = {
	{ "s", 1000000000000 },
	{ "ms", 1000000000 },
	{ "us", 1000000 },
	{ "ns", PS_PER_NS },
};
static const struct unit_size frequency_units[] = {
	{ "GHz", 1000000000 },
	{ "MHz", 1000000 },
	{ "kHz", 1000 },
	{ "Hz", 1 },
};

static const struct {
	const struct unit_size *unit;
	unsigned int n;
} units[] = {
	[QUANTITY_NUMBER] = { number_units, G_N_ELEMENTS(number_units) },
	[QUANTITY_TIME] = { time_units, G_N_ELEMENTS(time_units) },
	[QUANTITY_CYCLES] = { cycle_units, G_N_ELEMENTS(cycle_units) },
	[QUANTITY_FREQUENCY] = { frequency_units,
				 G_N_ELEMENTS(frequency_units) },
};

/* A bare number is read as a time in units of 10^9 parts. */
static bool parse_number(const char *text, struct quantity *out)
{
	static const struct timebase tb = { .per_ns = NUMBER_ONE,
					    .per_cycle = 1 };
	g_autofree char *time = g_strconcat(text, "ns", NULL);
	size_t len = strlen(text);
	const char *why;

	out->kind = QUANTITY_NUMBER;
	return len && g_ascii_isdigit(text[len - 1]) &&
	       time_parse(time, &tb, &out->n, &why);
}

bool quantity_parse(const char *text, struct quantity *out)
{
	static const struct timebase tb = { .per_ns = PS_PER_NS,
					    .per_cycle = PS_PER_NS };
	const char *why;
	uint64_t hz;

	if (parse_number(text, out))
		return true;
	if (time_parse(text, &tb, &out->n, &why)) {
		out->kind = g_str_has_suffix(text, "cy") ? QUANTITY_CYCLES :
							   QUANTITY_TIME;
		return true;
	}
	if (!freq_parse(text, &hz, &why) || hz > INT64_MAX)
		return false;
	*out = (struct quantity){ QUANTITY_FREQUENCY, (int64_t)hz };
	return true;
}

int64_t quantity_one(const char *text, const struct quantity *like)
{
	const char *unit = text + strspn(text, "+-.0123456789 \t");
	g_autofree char *one = g_strconcat("1", unit, NULL);
	struct quantity q = *like;

	quantity_parse(one, &q);
	return q.n;
}

bool quantity_is_whole(const struct quantity *q)
{
	return q->kind == QUANTITY_NUMBER && q->n % NUMBER_ONE == 0;
}

int64_t quantity_whole(int64_t n)
{
	return (n + NUMBER_ONE / 2) / NUMBER_ONE * NUMBER_ONE;
}

static void append_fraction(GString *out, int64_t rest, int64_t size)
{
	if (rest)
		g_string_append_c(out, '.');
	for (; rest; rest = rest * 10 % size)
		g_string_append_c(out, (char)('0' + rest * 10 / size));
}

char *quantity_text(const struct quantity *q)
{
	const struct unit_size *unit = units[q->kind].unit;
	const struct unit_size *last = unit + units[q->kind].n - 1;
	GString *out = g_string_new(q->n < 0 ? "-" : "");
	int64_t n = ABS(q->n);

	while (unit < last && n < unit->size)
		unit++;
	g_string_append_printf(out, "%" G_GINT64_FORMAT, n / unit->size);
	append_fraction(out, n % unit->size, unit->size);
	g_string_append(out, unit->name);
	return g_string_free(out, FALSE);
}
