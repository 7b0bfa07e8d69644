/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of the histogram, mostly by brute force against sorted arrays.
 */
#include <config.h>

#include <check.h>
#include <stdlib.h>

#include "run-suite.h"

#include "preemptsim/base/hist.h"
#include "preemptsim/base/rng.h"

#define N_VALUES 20000

/* Values of all sizes: as many below 2^10 as between 2^30 and 2^40. */
static int64_t any_value(struct rng *rng)
{
	return (int64_t)(rng_next(rng) >> (17 + rng_below(rng, 47)));
}

static int compare(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

START_TEST(empty)
{
	struct hist *h = hist_new();
	unsigned int it = 0;
	int64_t upper;
	uint64_t count;

	ck_assert_uint_eq(hist_count(h), 0);
	ck_assert_int_eq(hist_min(h), 0);
	ck_assert_int_eq(hist_max(h), 0);
	ck_assert_int_eq(hist_mean(h), 0);
	ck_assert_int_eq(hist_percentile(h, 50), 0);
	ck_assert(!hist_next_bin(h, &it, &upper, &count));
	hist_free(h);
	hist_free(NULL);
}
END_TEST

/* The upper end of the bin @v falls into, seen through the interface. */
static int64_t upper_of(struct hist *h, int64_t v)
{
	unsigned int it = 0;
	uint64_t count = 0;
	int64_t upper = -1;

	hist_reset(h);
	hist_record(h, v);
	ck_assert(hist_next_bin(h, &it, &upper, &count));
	ck_assert_uint_eq(count, 1);
	ck_assert(!hist_next_bin(h, &it, &upper, &count));
	return upper;
}

static void check_error(struct hist *h, int64_t v)
{
	int64_t upper = upper_of(h, v);

	ck_assert_int_ge(upper, v);
	if (v < 256)
		ck_assert_int_eq(upper, v);
	else
		ck_assert_msg((upper - v) * 128 < v, "%lld in bin to %lld",
			      (long long)v, (long long)upper);
}

START_TEST(error_bound)
{
	struct hist *h = hist_new();
	struct rng rng;

	rng_init(&rng, 1, 0, "hist", "error");
	for (int64_t v = 0; v < 3000; v++)
		check_error(h, v);
	for (int e = 8; e < 47; e++) {
		for (int64_t d = -2; d <= 2; d++)
			check_error(h, (INT64_C(1) << e) + d);
	}
	for (int i = 0; i < 3000; i++)
		check_error(h, any_value(&rng));
	check_error(h, HIST_RANGE);
	hist_free(h);
}
END_TEST

/* Bins must be disjoint, in order, without gaps, and fill the array. */
START_TEST(percentile_may_be_too_high)
{
	ck_assert_int_eq(hist_excess(0), 0);
	ck_assert_int_eq(hist_excess(255), 0);
	ck_assert_int_eq(hist_excess(256), 1);
	ck_assert_int_eq(hist_excess(511), 1);
	ck_assert_int_eq(hist_excess(512), 3);
	ck_assert_int_eq(hist_excess(INT64_MAX), hist_excess(HIST_RANGE));
	for (int64_t v = 1; v < HIST_RANGE / 3; v += v / 2 + 1) {
		struct hist *h = hist_new();
		int64_t p;

		hist_record(h, v);
		hist_record(h, 3 * v);
		p = hist_percentile(h, 50);
		ck_assert_int_ge(p, v);
		ck_assert_int_le(p, v + hist_excess(p));
		hist_free(h);
	}
}
END_TEST

START_TEST(bins_tile_the_range)
{
	struct hist *h = hist_new();
	unsigned int bin = 0;
	int64_t v = 0;

	for (;;) {
		ck_assert_uint_eq(hist_bin((uint64_t)v), bin);
		v = upper_of(h, v);
		ck_assert_uint_eq(hist_bin((uint64_t)v), bin);
		if (v >= HIST_RANGE)
			break;
		v++;
		bin++;
	}
	ck_assert_int_eq(v, HIST_RANGE);
	ck_assert_uint_eq(bin, HIST_BINS - 1);
	hist_free(h);
}
END_TEST

START_TEST(beyond_the_range)
{
	struct hist *h = hist_new();
	unsigned int it = 0;
	uint64_t count;
	int64_t upper;

	hist_record(h, HIST_RANGE + 1);
	hist_record(h, INT64_MAX);
	hist_record(h, INT64_MAX);
	hist_record(h, -5);
	ck_assert_int_eq(hist_max(h), INT64_MAX);
	ck_assert_int_eq(hist_min(h), 0);
	ck_assert_int_eq(hist_percentile(h, 100), INT64_MAX);
	/* (2^47 + 2 (2^63 - 1)) / 4 = 2^62 + 2^45 - 1/2 */
	ck_assert_int_eq(hist_mean(h), (INT64_C(1) << 62) +
			 (INT64_C(1) << 45));
	ck_assert(hist_next_bin(h, &it, &upper, &count));
	ck_assert_int_eq(upper, 0);
	ck_assert(hist_next_bin(h, &it, &upper, &count));
	ck_assert_int_eq(upper, INT64_MAX);
	ck_assert_uint_eq(count, 3);
	hist_free(h);
}
END_TEST

START_TEST(mean_is_rounded)
{
	struct hist *h = hist_new();

	hist_record(h, 1);
	hist_record(h, 2);
	ck_assert_int_eq(hist_mean(h), 2);
	hist_record(h, 1);
	ck_assert_int_eq(hist_mean(h), 1);
	hist_record(h, 1000003);
	ck_assert_int_eq(hist_mean(h), 250002);
	hist_free(h);
}
END_TEST

/* Decimal percentages whose product with the count is whole. */
START_TEST(rank_is_not_fooled_by_doubles)
{
	struct hist *h = hist_new();

	for (int64_t v = 1; v <= 200; v++) {
		for (int i = 0; i < 500; i++)
			hist_record(h, v);
	}
	for (int64_t v = 1; v <= 200; v++) {
		ck_assert_int_eq(hist_percentile(h, (double)v / 2), v);
		ck_assert_int_eq(hist_percentile(h, (double)v / 2 - 0.001), v);
		if (v < 200)
			ck_assert_int_eq(hist_percentile(h, (double)v / 2 +
							 0.001), v + 1);
	}
	hist_reset(h);
	for (int64_t v = 1; v <= 1000; v++)
		hist_record(h, v <= 999 ? 1 : 2);
	ck_assert_int_eq(hist_percentile(h, 99.9), 1);
	ck_assert_int_eq(hist_percentile(h, 99.90001), 2);
	ck_assert_int_eq(hist_percentile(h, 0), 1);
	ck_assert_int_eq(hist_percentile(h, -1), 1);
	ck_assert_int_eq(hist_percentile(h, 101), 2);
	hist_free(h);
}
END_TEST

START_TEST(percentiles_of_sorted_array)
{
	struct hist *h = hist_new();
	int64_t *v = malloc(N_VALUES * sizeof(*v));
	unsigned __int128 sum = 0;
	struct rng rng;

	rng_init(&rng, 2, 0, "hist", "percentiles");
	for (int i = 0; i < N_VALUES; i++) {
		v[i] = any_value(&rng);
		sum += (uint64_t)v[i];
		hist_record(h, v[i]);
	}
	qsort(v, N_VALUES, sizeof(*v), compare);
	ck_assert_uint_eq(hist_count(h), N_VALUES);
	ck_assert_int_eq(hist_min(h), v[0]);
	ck_assert_int_eq(hist_max(h), v[N_VALUES - 1]);
	ck_assert_int_eq(hist_mean(h),
			 (int64_t)((sum + N_VALUES / 2) / N_VALUES));
	for (int rank = 1; rank <= N_VALUES; rank += rank < 100 ? 1 : 37) {
		double p = 100.0 * rank / N_VALUES;
		int64_t got = hist_percentile(h, p), want = v[rank - 1];

		ck_assert_int_ge(got, want);
		ck_assert_msg(want < 256 ? got == want :
			      (got - want) * 128 < want,
			      "rank %d: %lld for %lld", rank, (long long)got,
			      (long long)want);
	}
	ck_assert_int_eq(hist_percentile(h, 100), v[N_VALUES - 1]);
	free(v);
	hist_free(h);
}
END_TEST

static void check_equal(const struct hist *a, const struct hist *b)
{
	unsigned int ia = 0, ib = 0;
	uint64_t na, nb;
	int64_t ua, ub;
	bool more;

	ck_assert_uint_eq(hist_count(a), hist_count(b));
	ck_assert_int_eq(hist_min(a), hist_min(b));
	ck_assert_int_eq(hist_max(a), hist_max(b));
	ck_assert_int_eq(hist_mean(a), hist_mean(b));
	ck_assert(a->sum == b->sum);
	do {
		more = hist_next_bin(a, &ia, &ua, &na);
		ck_assert(more == hist_next_bin(b, &ib, &ub, &nb));
		if (more) {
			ck_assert_int_eq(ua, ub);
			ck_assert_uint_eq(na, nb);
		}
	} while (more);
}

START_TEST(recording_late_equals_recording)
{
	struct hist *one = hist_new(), *two = hist_new();
	struct hist *late_one = hist_new(), *late_two = hist_new();
	uint64_t *late = NULL;
	struct rng rng;

	rng_init(&rng, 3, 0, "hist", "late");
	for (int i = 0; i < N_VALUES; i++) {
		int64_t v = any_value(&rng);

		hist_record(v & 1 ? one : two, v);
		hist_record_late(v & 1 ? late_one : late_two, v, &late);
	}
	hist_settle(&late);
	hist_settle(&late);
	check_equal(late_one, one);
	check_equal(late_two, two);
	hist_free(one);
	hist_free(two);
	hist_free(late_one);
	hist_free(late_two);
}
END_TEST

START_TEST(merge_equals_recording_all)
{
	struct hist *all = hist_new(), *one = hist_new(), *two = hist_new();
	struct hist *none = hist_new();
	struct rng rng;

	rng_init(&rng, 3, 0, "hist", "merge");
	for (int i = 0; i < N_VALUES; i++) {
		int64_t v = any_value(&rng);

		hist_record(all, v);
		hist_record(v & 1 ? one : two, v);
	}
	hist_merge(one, none);
	hist_merge(none, two);
	check_equal(none, two);
	hist_merge(one, two);
	check_equal(one, all);
	hist_reset(one);
	hist_reset(two);
	check_equal(one, two);
	ck_assert_uint_eq(hist_count(one), 0);
	hist_merge(one, all);
	check_equal(one, all);
	hist_free(all);
	hist_free(one);
	hist_free(two);
	hist_free(none);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("hist");
	TCase *tc = tcase_create("hist");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, empty);
	tcase_add_test(tc, error_bound);
	tcase_add_test(tc, percentile_may_be_too_high);
	tcase_add_test(tc, bins_tile_the_range);
	tcase_add_test(tc, beyond_the_range);
	tcase_add_test(tc, mean_is_rounded);
	tcase_add_test(tc, rank_is_not_fooled_by_doubles);
	tcase_add_test(tc, percentiles_of_sorted_array);
	tcase_add_test(tc, recording_late_equals_recording);
	tcase_add_test(tc, merge_equals_recording_all);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
