/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of simulated time: quanta, conversions, reading and writing.
 */
#include <config.h>

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "run-suite.h"

#include "preemptsim/base/time.h"

static const struct timebase ghz_3 = { .per_ns = 3, .per_cycle = 1 };
static const struct timebase ghz_2_4 = { .per_ns = 12, .per_cycle = 5 };

START_TEST(timebase_of_common_clocks)
{
	static const struct {
		uint64_t mhz;
		uint32_t per_ns, per_cycle;
	} t[] = {
		{ 3000, 3, 1 }, { 2400, 12, 5 }, { 1000, 1, 1 },
		{ 1, 1, 1000 }, { 500, 1, 2 }, { 2250, 9, 4 },
		{ 3333, 3333, 1000 }, { 100000, 100, 1 },
		{ 99999, 99999, 1000 },
	};
	struct timebase tb;

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		ck_assert(timebase_init(&tb, t[i].mhz * 1000000));
		ck_assert_uint_eq(tb.per_ns, t[i].per_ns);
		ck_assert_uint_eq(tb.per_cycle, t[i].per_cycle);
	}
}
END_TEST

/* f MHz: f cycles are 1000 ns, and no longer quantum would do. */
START_TEST(timebase_is_exact_and_coarsest)
{
	struct timebase tb;

	for (uint64_t mhz = 1; mhz <= 100000; mhz++) {
		uint64_t a, b;

		if (!timebase_init(&tb, mhz * 1000000) ||
		    mhz * tb.per_cycle != UINT64_C(1000) * tb.per_ns)
			ck_abort_msg("wrong at %d MHz", (int)mhz);
		for (a = tb.per_ns, b = tb.per_cycle; b; ) {
			uint64_t rest = a % b;

			a = b;
			b = rest;
		}
		if (a != 1)
			ck_abort_msg("too fine at %d MHz", (int)mhz);
	}
}
END_TEST

START_TEST(timebase_refuses)
{
	struct timebase tb = { 7, 7 };

	ck_assert(!timebase_init(&tb, 0));
	ck_assert(!timebase_init(&tb, 999999));
	ck_assert(!timebase_init(&tb, 1500000));
	ck_assert(!timebase_init(&tb, UINT64_C(100001000000)));
	ck_assert(!timebase_init(&tb, UINT64_MAX));
	ck_assert_uint_eq(tb.per_ns, 7);
}
END_TEST

START_TEST(conversions_round_and_saturate)
{
	const struct timebase *tb = &ghz_2_4;

	ck_assert_int_eq(ktime_from_ns(tb, 10), 120);
	ck_assert_int_eq(ktime_to_ns(tb, 23), 1);
	ck_assert_int_eq(ktime_to_ns(tb, 24), 2);
	ck_assert_int_eq(ktime_to_ns(tb, -1), -1);
	ck_assert_int_eq(ktime_to_ns(tb, -12), -1);
	ck_assert_int_eq(ktime_to_ns(tb, -13), -2);
	ck_assert_int_eq(ktime_to_ns(&ghz_3, 5), 1);
	ck_assert_int_eq(ktime_from_ns(tb, KTIME_MAX / 12),
			 KTIME_MAX / 12 * 12);
	ck_assert_int_eq(ktime_from_ns(tb, KTIME_MAX / 12 + 1), KTIME_MAX);
	ck_assert_int_eq(ktime_from_ns(tb, KTIME_MAX), KTIME_MAX);
	ck_assert_int_eq(ktime_from_ns(tb, INT64_MIN), INT64_MIN);
}
END_TEST

static const struct {
	const char *text;
	ktime_t quanta;		/* at 2.4 GHz, 12 to the nanosecond */
} good_time[] = {
	{ "5ns", 60 },
	{ "0ns", 0 },
	{ "+5 ns", 60 },
	{ "-5 ns", -60 },
	{ "1us", 12000 },
	{ "1\302\265s", 12000 },
	{ "1\316\274s", 12000 },
	{ "1.5ms", 18000000 },
	{ "007 \t ms", 84000000 },
	{ "2 s", INT64_C(24000000000) },
	{ "1.5min", INT64_C(1080000000000) },
	{ "1h", INT64_C(43200000000000) },
	{ "10cy", 50 },
	{ "0.1us", 1200 },
	{ "0.3us", 3600 },
	{ "0.7s", INT64_C(8400000000) },
	{ "0.041ns", 0 },			/* 0.492 */
	{ "0.042ns", 1 },			/* 0.504 */
	{ "0.125ns", 2 },			/* 1.5 */
	{ "-0.125ns", -2 },
	{ "0.1cy", 1 },				/* 0.5 */
	{ "0.09999cy", 0 },
	{ "0.999999999999999999ns", 12 },
	{ "0.041666666666666666ns", 0 },	/* 0.499999999999999992 */
	{ "0.041666666666666667ns", 1 },	/* 0.500000000000000004 */
	{ "1.50000000000000000000000ms", 18000000 },
	{ "768614336404564650ns", INT64_C(9223372036854775800) },
	{ "768614336.404564650s", INT64_C(9223372036854775800) },
};

START_TEST(time_parse_reads)
{
	const char *why = "";
	ktime_t t = 1;

	ck_assert_msg(time_parse(good_time[_i].text, &ghz_2_4, &t, &why),
		      "%s: %s", good_time[_i].text, why);
	ck_assert_msg(t == good_time[_i].quanta, "%s", good_time[_i].text);
	ck_assert_ptr_null(why);
}
END_TEST

static const struct {
	const char *text, *why;
} bad_time[] = {
	{ "0", "needs a unit (ns, us, ms, s or cy), as in 5ms" },
	{ "5", "needs a unit" },
	{ "5 ", "needs a unit" },
	{ "", "decimal number and a unit" },
	{ " 5ms", "decimal number and a unit" },
	{ "ms", "decimal number and a unit" },
	{ "--5ms", "decimal number and a unit" },
	{ ".5ms", "decimal number and a unit" },
	{ "5.ms", "decimal number and a unit" },
	{ "five ms", "decimal number and a unit" },
	{ "5m", "not a unit of time" },
	{ "5MS", "not a unit of time" },
	{ "5 parsecs", "not a unit of time" },
	{ "5ms ", "not a unit of time" },
	{ "5ms6", "not a unit of time" },
	{ "1e3us", "not a unit of time" },
	{ "1,5ms", "not a unit of time" },
	{ "1.2.3ms", "not a unit of time" },
	{ "0x10ns", "not a unit of time" },
	{ "768614336404564651ns", "too long" },
	{ "768614336.404564651s", "too long" },
	{ "18446744073709551615s", "too long" },
	{ "18446744073709551616ns", "too long" },
	{ "-99999999999999999999999999999999h", "too long" },
	{ "0.0000000000000000001s", "18 digits" },
};

START_TEST(time_parse_refuses)
{
	const char *why = NULL;
	ktime_t t = 77;

	ck_assert_msg(!time_parse(bad_time[_i].text, &ghz_2_4, &t, &why),
		      "%s", bad_time[_i].text);
	ck_assert_ptr_nonnull(why);
	ck_assert_msg(strstr(why, bad_time[_i].why), "%s: %s",
		      bad_time[_i].text, why);
	ck_assert_int_eq(t, 77);
}
END_TEST

START_TEST(freq_parse_reads)
{
	static const struct {
		const char *text;
		uint64_t hz;
	} t[] = {
		{ "3GHz", UINT64_C(3000000000) },
		{ "2.25 GHz", UINT64_C(2250000000) },
		{ "800MHz", 800000000 }, { "1.5kHz", 1500 }, { "7Hz", 7 },
		{ "2.4GHz", UINT64_C(2400000000) },
		{ "18446744073.709551615GHz", UINT64_MAX },
	};

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		const char *why;
		uint64_t hz = 0;

		ck_assert_msg(freq_parse(t[i].text, &hz, &why), "%s",
			      t[i].text);
		ck_assert_uint_eq(hz, t[i].hz);
	}
}
END_TEST

START_TEST(freq_parse_refuses)
{
	static const struct {
		const char *text, *why;
	} t[] = {
		{ "3", "needs a unit" }, { "", "decimal number and a unit" },
		{ "GHz", "decimal number and a unit" },
		{ "3ghz", "not a unit of frequency" },
		{ "3ms", "not a unit of frequency" },
		{ "0Hz", "above zero" }, { "-3GHz", "above zero" },
		{ "0.5Hz", "whole number" }, { "1.0001kHz", "whole number" },
		{ "18446744073.709551616GHz", "too high" },
		{ "99999999999999999999GHz", "too high" },
	};

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		const char *why = "";
		uint64_t hz = 77;

		ck_assert_msg(!freq_parse(t[i].text, &hz, &why), "%s",
			      t[i].text);
		ck_assert_msg(strstr(why, t[i].why), "%s: %s", t[i].text, why);
		ck_assert_uint_eq(hz, 77);
	}
}
END_TEST

static const struct {
	int64_t ns;
	const char *human, *exact;
} format[] = {
	{ 0, "0 ns", "0ns" },
	{ 1, "1 ns", "1ns" },
	{ 870, "870 ns", "870ns" },
	{ 999, "999 ns", "999ns" },
	{ 1000, "1.00 us", "1us" },
	{ 1001, "1.001 us", "1001ns" },
	{ 1500, "1.50 us", "1.5us" },
	{ 3750, "3.75 us", "3750ns" },
	{ 4710, "4.71 us", "4710ns" },
	{ 9999, "9.999 us", "9999ns" },
	{ 10000, "10.0 us", "10us" },
	{ 12340, "12.34 us", "12340ns" },
	{ 12345, "12.35 us", "12345ns" },
	{ 99994, "99.99 us", "99994ns" },
	{ 99996, "100 us", "99996ns" },
	{ 123456, "123.5 us", "123456ns" },
	{ 999949, "999.9 us", "999949ns" },
	{ 999950, "1.00 ms", "999950ns" },
	{ 1003000, "1.003 ms", "1003us" },
	{ 1500000, "1.50 ms", "1.5ms" },
	{ 5000000, "5.00 ms", "5ms" },
	{ 12000000, "12.0 ms", "12ms" },
	{ 999999999, "1.00 s", "999999999ns" },
	{ INT64_C(2500000000), "2.50 s", "2.5s" },
	{ INT64_C(100000000000), "100 s", "100s" },
	{ INT64_C(12345600000000), "12346 s", "12345.6s" },
	{ -3750, "-3.75 us", "-3750ns" },
	{ INT64_MAX, "9223372037 s", "9223372036854775807ns" },
	{ INT64_MIN, "-9223372037 s", "-9223372036854775808ns" },
};

START_TEST(time_is_written)
{
	char buf[TIME_TEXT_MAX];

	ck_assert_str_eq(time_format_ns(buf, sizeof(buf), format[_i].ns),
			 format[_i].human);
	ck_assert_str_eq(time_format_exact(buf, sizeof(buf), format[_i].ns),
			 format[_i].exact);
}
END_TEST

START_TEST(written_text_is_cut)
{
	char buf[4];

	ck_assert_ptr_eq(time_format_ns(buf, sizeof(buf), 3750), buf);
	ck_assert_str_eq(buf, "3.7");
	ck_assert_str_eq(time_format_exact(buf, sizeof(buf), 3750), "375");
}
END_TEST

/* Numbers of every length, with few and with many trailing zeros. */
START_TEST(exact_text_is_read_back)
{
	const struct timebase ghz_1 = { 1, 1 };
	char buf[TIME_TEXT_MAX];
	uint64_t x = 88172645463325252;

	for (int i = 0; i < 200000; i++) {
		const char *why;
		int64_t ns;
		ktime_t t;

		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		ns = (int64_t)(x >> (1 + i % 62));
		for (int k = i % 7; k > 0 && ns < INT64_MAX / 10; k--)
			ns *= 10;
		if (i & 1)
			ns = -ns;
		time_format_exact(buf, sizeof(buf), ns);
		if (!time_parse(buf, &ghz_1, &t, &why) || t != ns)
			ck_abort_msg("%s", buf);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("time");
	TCase *tc = tcase_create("time");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, timebase_of_common_clocks);
	tcase_add_test(tc, timebase_is_exact_and_coarsest);
	tcase_add_test(tc, timebase_refuses);
	tcase_add_test(tc, conversions_round_and_saturate);
	tcase_add_loop_test(tc, time_parse_reads, 0,
			    sizeof(good_time) / sizeof(good_time[0]));
	tcase_add_loop_test(tc, time_parse_refuses, 0,
			    sizeof(bad_time) / sizeof(bad_time[0]));
	tcase_add_test(tc, freq_parse_reads);
	tcase_add_test(tc, freq_parse_refuses);
	tcase_add_loop_test(tc, time_is_written, 0,
			    sizeof(format) / sizeof(format[0]));
	tcase_add_test(tc, written_text_is_cut);
	tcase_add_test(tc, exact_text_is_read_back);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
