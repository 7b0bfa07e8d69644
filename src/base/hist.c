/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The parts of the histogram that are not on the hot path; hist.h says what it
 * is and derives its error.
 */
#include <config.h>

#include <glib.h>
#include <string.h>

#include "preemptsim/base/hist.h"

__extension__ typedef unsigned __int128 u128;

/* The last bin must be that of the largest value in range. */
_Static_assert(HIST_BINS == 39 * 128 + 256, "bins do not fit the range");

/**
 * hist_new - an empty histogram.
 *
 * Returns: a histogram to be freed with hist_free(); never NULL.  Its bins are
 * zero pages until they are used.
 */
struct hist *hist_new(void)
{
	struct hist *h = g_new0(struct hist, 1);

	h->bin = g_new0(uint64_t, HIST_BINS);
	h->min = INT64_MAX;
	h->max = -1;
	return h;
}

/**
 * hist_free - free a histogram.
 * @h: may be NULL
 */
void hist_free(struct hist *h)
{
	if (h)
		g_free(h->bin);
	g_free(h);
}

/**
 * hist_reset - forget all values.
 * @h: the histogram
 */
void hist_reset(struct hist *h)
{
	uint64_t *bin = h->bin;

	memset(bin, 0, HIST_BINS * sizeof(*bin));
	*h = (struct hist){ .min = INT64_MAX, .max = -1, .bin = bin };
}

/* The bins from here to bins_end() hold all values; none if there is none. */
static unsigned int first_bin(const struct hist *h)
{
	return h->count ? hist_bin((uint64_t)MIN(h->min, HIST_RANGE)) : 0;
}

static unsigned int bins_end(const struct hist *h)
{
	return h->count ? hist_bin((uint64_t)MIN(h->max, HIST_RANGE)) + 1 : 0;
}

/**
 * hist_merge - add all values of one histogram to another.
 * @dst: then is as if it had recorded the values of both
 * @src: unchanged
 */
void hist_merge(struct hist *dst, const struct hist *src)
{
	unsigned int end = bins_end(src);

	for (unsigned int i = first_bin(src); i < end; i++)
		dst->bin[i] += src->bin[i];
	dst->count += src->count;
	dst->sum += src->sum;
	dst->min = MIN(dst->min, src->min);
	dst->max = MAX(dst->max, src->max);
}

/** hist_count - how many values @h has recorded. */
uint64_t hist_count(const struct hist *h)
{
	return h->count;
}

/** hist_min - the smallest value, exact; 0 if there is none. */
int64_t hist_min(const struct hist *h)
{
	return h->count ? h->min : 0;
}

/** hist_max - the largest value, exact; 0 if there is none. */
int64_t hist_max(const struct hist *h)
{
	return h->count ? h->max : 0;
}

/** hist_mean - the mean to the nearest integer, halves up; 0 if empty. */
int64_t hist_mean(const struct hist *h)
{
	return h->count ? (int64_t)((h->sum + h->count / 2) / h->count) : 0;
}

/* The highest value of a bin; the last one ends where the values end. */
static int64_t bin_upper(const struct hist *h, unsigned int bin)
{
	unsigned int shift = bin < 256 ? 0 : bin / 128 - 1;
	uint64_t m = bin - shift * 128;

	if (bin == HIST_BINS - 1)
		return MAX(h->max, HIST_RANGE);
	return (int64_t)(((m + 1) << shift) - 1);
}

/*
 * The rank of a percentile: ceil(p/100 * count), at least 1.  Most percentiles
 * have no exact binary form (99.9 * 1000 / 100 is above 999 in doubles), so p
 * is first rounded to ten-millionths and the rest is done in integers.
 */
static uint64_t rank_of(double p, uint64_t count)
{
	const uint64_t whole = 1000000000;
	uint64_t part = p > 0 ? p < 100 ? (uint64_t)(p * 1e7 + 0.5) : whole : 0;
	uint64_t rank = (uint64_t)(((u128)part * count + whole - 1) / whole);

	return MAX(rank, 1);
}

/**
 * hist_percentile - the value that @p percent of all values do not exceed.
 * @h: the histogram
 * @p: 0 to 100, meant as a decimal of at most seven digits after the point;
 *	beyond the ends it is taken for the nearer one
 *
 * By nearest rank: the highest value of the bin that holds the value of rank
 * ceil(p/100 * count), but not above the largest value recorded.
 *
 * Returns: a value less than 1/128 above that of the rank; 0 if empty.
 */
int64_t hist_percentile(const struct hist *h, double p)
{
	uint64_t rank, seen = 0, count;
	unsigned int it = 0;
	int64_t upper = 0;

	if (!h->count)
		return 0;
	rank = rank_of(p, h->count);
	while (seen < rank && hist_next_bin(h, &it, &upper, &count))
		seen += count;
	return CLAMP(upper, h->min, h->max);
}

/**
 * hist_excess - by how much a percentile may be too high.
 * @percentile: from hist_percentile()
 *
 * Returns: the width of its bin, less the one value that is never too high.
 */
int64_t hist_excess(int64_t percentile)
{
	uint64_t value = (uint64_t)CLAMP(percentile, 0, HIST_RANGE);

	return (INT64_C(1) << hist_shift(value)) - 1;
}

/**
 * hist_next_bin - walk over the bins that are not empty, upwards.
 * @h: the histogram
 * @it: the place; 0 to begin, then not to be touched
 * @upper: the highest value of the bin (may exceed hist_max())
 * @count: the values in it
 *
 * Returns: false at the end, with @upper and @count untouched.
 */
bool hist_next_bin(const struct hist *h, unsigned int *it, int64_t *upper,
		   uint64_t *count)
{
	unsigned int end = bins_end(h);

	for (unsigned int bin = MAX(*it, first_bin(h)); bin < end; bin++) {
		if (h->bin[bin]) {
			*it = bin + 1;
			*upper = bin_upper(h, bin);
			*count = h->bin[bin];
			return true;
		}
	}
	return false;
}
