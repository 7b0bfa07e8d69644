/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A log-linear histogram of integers: each octave [2^e, 2^(e+1)) is cut into
 * 128 bins of equal width.  The idea is that of fio's stat.h and HdrHistogram.
 *
 * The error.  A value whose highest bit is e is shifted right by s = e - 7 (by
 * 0 if e < 7), which leaves its eight highest bits, m.  All values with the
 * same s and m share a bin: they are m * 2^s .. (m + 1) * 2^s - 1.  Where s is
 * 0, that is below 256, the bin holds one value and nothing is lost.  Elsewhere
 * m >= 128, so the bin, 2^s wide, is at most 1/128 of its lowest value m * 2^s,
 * and its highest value exceeds any other value in it by less than 1/128 of
 * that other value.  A percentile is reported as the highest value of a bin:
 * never too low, and too high by less than 0.79 %.
 *
 * Count, sum, minimum and maximum are exact.  Left out: values above 2^47 - 1
 * (39 hours in ns) are counted in the last bin, which then has no such bound;
 * and the standard deviation, for which every record would have to pay.
 */
#ifndef PREEMPTSIM_BASE_HIST_H
#define PREEMPTSIM_BASE_HIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** HIST_RANGE - the largest value with a bin of the width promised. */
#define HIST_RANGE ((INT64_C(1) << 47) - 1)

/** HIST_BINS - 128 bins for each shift from 0 to 39, and the 128 below. */
#define HIST_BINS (41 * 128)

/**
 * struct hist - the histogram.
 * @count: values recorded
 * @min: the smallest, INT64_MAX if there is none
 * @max: the largest, -1 if there is none
 * @sum: of all values; cannot overflow, being below 2^64 * 2^63
 * @bin: values in each of HIST_BINS bins; apart, so that the rest of many
 *       histograms lies close together
 *
 * 41 KiB with its bins.  Public only so that hist_record() can be inline;
 * changed by hist_record() and its like, hist_reset() and hist_merge() alone,
 * of one thread at a time.
 */
struct hist {
	uint64_t count;
	int64_t min;
	int64_t max;
	__extension__ unsigned __int128 sum;
	uint64_t *bin;
};

struct hist *hist_new(void);
void hist_free(struct hist *h);
void hist_reset(struct hist *h);
void hist_merge(struct hist *dst, const struct hist *src);

uint64_t hist_count(const struct hist *h);
int64_t hist_min(const struct hist *h);
int64_t hist_max(const struct hist *h);
int64_t hist_mean(const struct hist *h);
int64_t hist_percentile(const struct hist *h, double p);
int64_t hist_excess(int64_t percentile);
bool hist_next_bin(const struct hist *h, unsigned int *it, int64_t *upper,
		   uint64_t *count);

/** hist_shift - the bin of @value, from 0 to HIST_RANGE, has 2 to that power
 * of values. */
static inline unsigned int hist_shift(uint64_t value)
{
	return 56u - (unsigned int)__builtin_clzll(value | 128);
}

/**
 * hist_bin - the bin of a value.
 * @value: from 0 to HIST_RANGE
 *
 * shift * 128 + m: as m runs from 128 to 255 for every shift but the first,
 * the bins of one shift follow those of the one before.
 */
static inline unsigned int hist_bin(uint64_t value)
{
	unsigned int shift = hist_shift(value);

	return shift * 128 + (unsigned int)(value >> shift);
}

/* All of hist_record() but the bin, which it returns. */
static inline uint64_t *hist_add(struct hist *h, int64_t value)
{
	int64_t v = value < 0 ? 0 : value;

	h->count++;
	h->sum += (uint64_t)v;
	if (v < h->min)
		h->min = v;
	if (v > h->max)
		h->max = v;
	return &h->bin[hist_bin((uint64_t)(v < HIST_RANGE ? v : HIST_RANGE))];
}

/**
 * hist_record - count one value.
 * @h: the histogram
 * @value: >= 0 (a smaller one is a bug of the caller and is taken for 0);
 *	above HIST_RANGE it goes to the last bin and, exactly, to sum and max
 *
 * O(1), allocates nothing.
 */
static inline void hist_record(struct hist *h, int64_t value)
{
	++*hist_add(h, value);
}

/** hist_settle - the bin @late counts its value; fine if there is none. */
static inline void hist_settle(uint64_t **late)
{
	if (*late)
		++**late;
	*late = NULL;
}

/**
 * hist_record_late - hist_record(), but the bin counts the value only at the
 * next call, or at hist_settle().
 * @late: the bin that is to; NULL before the first call, shared by as many
 *	histograms as one likes
 *
 * The bins of many histograms are not in the cache.  They have until then to
 * come there, and nobody waits.
 */
static inline void hist_record_late(struct hist *h, int64_t value,
				    uint64_t **late)
{
	uint64_t *bin = hist_add(h, value);

	__builtin_prefetch(bin, 1);
	hist_settle(late);
	*late = bin;
}

#endif /* PREEMPTSIM_BASE_HIST_H */
