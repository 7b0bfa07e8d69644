/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of load averages: the kernel's integers against exact arithmetic, and how
 * they grow and decay.
 */
#include <config.h>

#include <check.h>
#include <glib.h>
#include <math.h>
#include <stdlib.h>

#include "kernel/sched/pelt-private.h"

/* A period. */
#define PERIOD INT64_C(1048576)

/*
 * The arithmetic
 */

/* After so many periods the kernel has so much left of 47742 and of 10^6;
 * 47742 y = 46718.99, 47742 y^16 = 33758.69, 47742 y^32 = 23871. */
static const struct decay {
	uint64_t periods, of_max, of_million;
} decays[] = {
	{ 1, 46718, 978572 },  { 8, 40146, 840896 },  { 16, 33758, 707106 },
	{ 31, 24393, 510948 }, { 32, 23870, 499999 }, { 33, 23359, 489286 },
	{ 64, 11934, 249999 }, { 2016, 0, 0 },	      { 2017, 0, 0 },
};

START_TEST(decay)
{
	const struct decay *d = &decays[_i];

	ck_assert_uint_eq(decay_load(LOAD_AVG_MAX, d->periods), d->of_max);
	ck_assert_uint_eq(decay_load(1000000, d->periods), d->of_million);
}
END_TEST

/* Within a half-life nothing is off by more than one, whatever decays, but for
 * what the factors' last bits make of it. */
START_TEST(decay_is_exact)
{
	for (uint64_t n = 1; n < LOAD_AVG_PERIOD; n++)
		for (uint64_t val = 1; val < UINT64_C(1) << 24; val *= 3) {
			long double exact =
				(long double)val * exp2l(-(long double)n / 32);
			long double off =
				exact - (long double)decay_load(val, n);

			ck_assert(off >= 0 && off <= 1.01L);
		}
}
END_TEST

/* The most that a sum comes to: each period adds 1024 to what is left of those
 * before, rounded down. */
START_TEST(most_of_a_sum)
{
	long double y = exp2l(-1.0L / 32);
	uint64_t sum = 0, before;

	do {
		before = sum;
		sum = 1024 + (uint64_t)((long double)sum * y);
	} while (sum != before);
	ck_assert_uint_eq(sum, LOAD_AVG_MAX);
}
END_TEST

/* One that runs all the time since it began: 1024 (1 - y^n).  The first period's
 * 1024 have decayed once when it is over: 1002, of 46718 that it could be. */
static const struct growth {
	int64_t periods;
	uint64_t sum, avg;
} growths[] = {
	{ 1, 1002, 21 },    { 2, 1981, 43 },	{ 4, 3878, 85 },
	{ 32, 23359, 512 }, { 64, 35039, 768 },
};

START_TEST(growth)
{
	const struct growth *g = &growths[_i];
	struct sched_avg sa = { 0 };

	ck_assert(update_load_sum(&sa, g->periods * PERIOD, 1, 1, true));
	update_load_avgs(&sa, 1024);
	ck_assert_uint_eq(sa.load_sum, g->sum);
	ck_assert_uint_eq(sa.runnable_sum, g->sum * 1024);
	ck_assert_uint_eq(sa.util_sum, g->sum * 1024);
	ck_assert_uint_eq(sa.load_avg, g->avg);
	ck_assert_uint_eq(sa.runnable_avg, g->avg);
	ck_assert_uint_eq(sa.util_avg, g->avg);
	ck_assert_double_eq_tol((double)sa.util_avg,
				1024 * (1 - exp2(-(double)g->periods / 32)), 1);
}
END_TEST

/* Nobody uses more than all, wherever in a period that is looked at, and sums get
 * to what they can be but for what is lost: up to 1 in each period, of which
 * 1 / (1 - y) = 46.7 is left. */
START_TEST(saturation)
{
	static const int64_t steps[] = { 1024, 333 * 1024, PERIOD,
					 5 * PERIOD / 4, 7 * PERIOD };
	struct sched_avg sa = { 0 };
	int64_t now = 0;

	while (now < 500 * PERIOD) {
		now += steps[_i];
		update_load_sum(&sa, now, 1, 1, true);
		update_load_avgs(&sa, 1024);
		ck_assert_uint_le(sa.load_avg, 1024);
		ck_assert_uint_le(sa.util_avg, 1024);
	}
	ck_assert_uint_ge(sa.load_sum + 47, pelt_divider(&sa));
	update_load_avgs(&sa, 88761);
	ck_assert_uint_ge(sa.util_avg, 1023);
	ck_assert_double_eq_tol((double)sa.load_avg, 88761, 88761 * 0.001);
}
END_TEST

/* Units are of 1024 ns; what is less is kept for the next time. */
START_TEST(units)
{
	struct sched_avg sa = { 0 };

	ck_assert(!update_load_sum(&sa, 1023, 1, 1, true));
	ck_assert_uint_eq(sa.load_sum, 0);
	ck_assert_int_eq(sa.last_update_time, 0);
	ck_assert(!update_load_sum(&sa, 2047, 3, 2, false));
	ck_assert_uint_eq(sa.load_sum, 3);
	ck_assert_uint_eq(sa.runnable_sum, 2048);
	ck_assert_uint_eq(sa.util_sum, 0);
	ck_assert_int_eq(sa.last_update_time, 1024);
	ck_assert_uint_eq(sa.period_contrib, 1);
	ck_assert(!update_load_sum(&sa, 1000, 1, 1, true));
	ck_assert_int_eq(sa.last_update_time, 1000);
	ck_assert_uint_eq(sa.load_sum, 3);
}
END_TEST

/* 1 of 4: the average of what it is at the ends of both parts is 256; with
 * periods as parts it goes up and down by about 8. */
static const struct periodic {
	int64_t on, off;
	uint64_t most, least;
} periodics[] = {
	{ PERIOD, 3 * PERIOD, 264, 247 },
	{ PERIOD / 4, 3 * PERIOD / 4, 260, 256 },
};

START_TEST(quarter)
{
	const struct periodic *p = &periodics[_i];
	struct sched_avg sa = { 0 };
	uint64_t most = 0;
	int64_t now = 0;

	for (int i = 0; i < 400; i++) {
		now += p->on;
		update_load_sum(&sa, now, 1, 1, true);
		update_load_avgs(&sa, 1);
		most = sa.util_avg;
		now += p->off;
		update_load_sum(&sa, now, 0, 0, false);
		update_load_avgs(&sa, 1);
	}
	ck_assert_uint_eq(most, p->most);
	ck_assert_uint_eq(sa.util_avg, p->least);
}
END_TEST

/* Who sleeps for 32 periods has half left. */
START_TEST(half_life)
{
	struct sched_avg sa = { 0 };

	for (int64_t i = 1; i <= 400; i++)
		update_load_sum(&sa, i * PERIOD, 1, 1, true);
	update_load_avgs(&sa, 1024);
	ck_assert_uint_eq(sa.util_avg, 1024);
	for (uint64_t part = 512; part >= 64; part /= 2) {
		update_load_sum(&sa, sa.last_update_time + 32 * PERIOD, 0, 0,
				false);
		update_load_avgs(&sa, 1024);
		ck_assert_uint_le(part - sa.util_avg, 1);
		ck_assert_uint_le(part - sa.load_avg, 1);
	}
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("pelt");
	TCase *tc = tcase_create("pelt");

	tcase_add_loop_test(tc, decay, 0, (int)G_N_ELEMENTS(decays));
	tcase_add_test(tc, decay_is_exact);
	tcase_add_test(tc, most_of_a_sum);
	tcase_add_loop_test(tc, growth, 0, (int)G_N_ELEMENTS(growths));
	tcase_add_loop_test(tc, saturation, 0, 5);
	tcase_add_test(tc, units);
	tcase_add_loop_test(tc, quarter, 0, (int)G_N_ELEMENTS(periodics));
	tcase_add_test(tc, half_life);
	suite_add_tcase(s, tc);
	return s;
}

int main(void)
{
	SRunner *sr = srunner_create(suite());
	int failed;

	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
