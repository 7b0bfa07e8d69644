/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Axes from KEY=MIN:MAX[:STEP].
 *
 * All is integer arithmetic, but for logN: there values are rounded to three
 * digits, which leaves nothing of the last bits in which mathematical
 * libraries differ.
 */
#include <config.h>

#include <math.h>
#include <string.h>

#include "axis-private.h"
#include "quantity-private.h"

#define FACTOR_ONE 1000000000
#define PS_PER_NS 1000
#define SPAN_MAX (INT64_MAX / 4)

/**
 * struct range - a range, read.
 * @first, @last: its ends
 * @whole: both are numbers without a fraction
 * @whole_ns: both are times of whole nanoseconds
 * @step: to the next value, above 0; 0: it is not by steps
 * @factor: to the next value in 10^-9; 0: it is not by factors
 * @count: of values at equal ratios; 0: it is not by count
 */
struct range {
	struct quantity first, last;
	bool whole, whole_ns;
	int64_t step, factor;
	uint64_t count;
};

static const char form[] =
	"write it as KEY=MIN:MAX or KEY=MIN:MAX:STEP, as in "
	"tasks.player.every=1ms:20ms:500us; STEP may be a factor (x2) or a "
	"number of values at equal ratios (log10)";

static char *read_end(const char *text, struct quantity *out)
{
	if (!quantity_parse(text, out))
		return g_strdup_printf(
			"'%s' is no number and no time with a unit; %s", text,
			form);
	if (out->n > SPAN_MAX || out->n < -SPAN_MAX)
		return g_strdup_printf("%s is too large for a range", text);
	return NULL;
}

static char *read_factor(const char *text, struct range *range)
{
	struct quantity q;

	if (!quantity_parse(text + 1, &q) || q.kind != QUANTITY_NUMBER ||
	    q.n <= FACTOR_ONE)
		return g_strdup_printf(
			"'%s' is no factor; one is above 1, as in x2 or x1.5",
			text);
	range->factor = q.n;
	return NULL;
}

static char *read_count(const char *text, struct range *range)
{
	guint64 n;

	if (!g_ascii_string_to_unsigned(text + strlen("log"), 10, 2, AXIS_MAX,
					&n, NULL))
		return g_strdup_printf(
			"'%s' is no number of values; write log and a number "
			"from 2 to %d, as in log10",
			text, AXIS_MAX);
	range->count = n;
	return NULL;
}

static char *read_step(const char *text, struct range *range)
{
	struct quantity q;

	if (*text == 'x')
		return read_factor(text, range);
	if (g_str_has_prefix(text, "log"))
		return read_count(text, range);
	if (!quantity_parse(text, &q))
		return g_strdup_printf("'%s' is no step; %s", text, form);
	if (q.kind != range->first.kind)
		return g_strdup_printf(
			"the step %s is of another kind than the ends of the "
			"range; both need the same sort of unit, or none",
			text);
	if (q.n <= 0)
		return g_strdup_printf("the step %s must be above 0", text);
	range->step = q.n;
	return NULL;
}

/* Ratios need two ends above 0. */
static char *check_ends(const struct range *range)
{
	if (range->first.kind != range->last.kind)
		return g_strdup("MIN and MAX need the same sort of unit, as "
				"in 1ms:20ms");
	if (!range->step && (range->first.n <= 0 || range->last.n <= 0))
		return g_strdup("a factor and log need ends above 0");
	return NULL;
}

/* The longest power of ten of which a thousand fit into the range. */
static int64_t fine_step(const struct range *range)
{
	int64_t span = ABS(range->last.n - range->first.n);
	int64_t step = range->first.kind == QUANTITY_TIME ? PS_PER_NS : 1;

	while (step <= span / 10000)
		step *= 10;
	return step;
}

static bool is_whole_ns(const struct quantity *q)
{
	return q->kind == QUANTITY_TIME && q->n % PS_PER_NS == 0;
}

static char *read_range(char **parts, bool fine, struct range *range)
{
	unsigned int n = g_strv_length(parts);
	char *why;

	if (n < 2 || n > 3)
		return g_strdup(form);
	for (unsigned int i = 0; i < n; i++)
		g_strstrip(parts[i]);
	why = read_end(parts[0], &range->first);
	if (!why)
		why = read_end(parts[1], &range->last);
	if (!why && n == 3)
		why = read_step(parts[2], range);
	range->whole = quantity_is_whole(&range->first) &&
		       quantity_is_whole(&range->last);
	range->whole_ns =
		is_whole_ns(&range->first) && is_whole_ns(&range->last);
	if (!why && n == 2)
		range->step = fine && !range->whole ?
				      fine_step(range) :
				      quantity_one(parts[0], &range->first);
	return why ? why : check_ends(range);
}

/* Three digits are enough of @x. */
static int64_t round_to_three(long double x)
{
	int64_t n = (int64_t)x, unit = 1;

	while (n / unit >= 1000)
		unit *= 10;
	return (int64_t)((x + (long double)unit / 2) / (long double)unit) *
	       unit;
}

/* The @i-th value of logN; the ends are exact. */
static int64_t at_ratio(const struct range *range, uint64_t i)
{
	double ratio = (double)range->last.n / (double)range->first.n;
	double part = (double)i / (double)(range->count - 1);

	if (i == 0)
		return range->first.n;
	if (i == range->count - 1)
		return range->last.n;
	return round_to_three((double)range->first.n * pow(ratio, part));
}

/* What comes after @n by steps or factors. */
static int64_t after(const struct range *range, int64_t n)
{
	bool falls = range->last.n < range->first.n;
	__extension__ __int128 wide = n;

	if (range->step)
		return falls ? n - range->step : n + range->step;
	if (falls)
		wide = (wide * FACTOR_ONE + range->factor / 2) / range->factor;
	else
		wide = (wide * range->factor + FACTOR_ONE / 2) / FACTOR_ONE;
	return wide > SPAN_MAX ? INT64_MAX : (int64_t)wide;
}

/* What a product of factors becomes where both ends are whole: only whole
 * nanoseconds are numbers in CSV and in pictures. */
static int64_t rounded(const struct range *range, int64_t n)
{
	if (range->step)
		return n;
	if (range->whole_ns)
		return (n + PS_PER_NS / 2) / PS_PER_NS * PS_PER_NS;
	return range->whole ? quantity_whole(n) : n;
}

/* Add @n, whole where both ends are, unless it was the last. */
static bool add_value(struct axis *axis, const struct range *range, int64_t n)
{
	struct quantity q = { range->first.kind, rounded(range, n) };
	g_autofree char *text = quantity_text(&q);
	unsigned int len = axis->values->len;

	if (!len || !g_str_equal(axis_value(axis, len - 1), text))
		g_ptr_array_add(axis->values, g_steal_pointer(&text));
	return axis->values->len <= AXIS_MAX;
}

static bool is_inside(const struct range *range, int64_t n)
{
	return range->last.n < range->first.n ? n >= range->last.n :
						n <= range->last.n;
}

/* False if they are too many.  @fine: the last one is to be there, whatever the
 * steps. */
static bool add_values(struct axis *axis, const struct range *range, bool fine)
{
	int64_t n = range->first.n, next;

	for (uint64_t i = 0; i < range->count; i++)
		add_value(axis, range, at_ratio(range, i));
	if (range->count)
		return true;
	for (; is_inside(range, n); n = next) {
		if (!add_value(axis, range, n))
			return false;
		next = after(range, n);
		if (next == n) /* a factor that changes nothing any more */
			break;
	}
	return !fine || add_value(axis, range, range->last.n);
}

struct axis *axis_range(const char *spec, bool fine, char **why)
{
	const char *equals = strchr(spec, '=');
	g_auto(GStrv) parts = NULL;
	struct range range = { 0 };
	struct axis *axis;

	*why = NULL;
	if (!equals || equals == spec) {
		*why = g_strdup(form);
		return NULL;
	}
	parts = g_strsplit(equals + 1, ":", -1);
	*why = read_range(parts, fine, &range);
	if (*why)
		return NULL;
	axis = axis_new(spec, (size_t)(equals - spec));
	if (add_values(axis, &range, fine))
		return axis;
	*why = g_strdup_printf("more than %d values; take a longer step",
			       AXIS_MAX);
	axis_free(axis);
	return NULL;
}
