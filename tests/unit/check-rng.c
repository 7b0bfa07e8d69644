/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of the random streams.  Seeds are fixed, so a statistical test that
 * passes once passes always; its bands are five standard errors wide.
 */
#include <config.h>

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "run-suite.h"

#include "preemptsim/base/rng.h"

#define N_DRAWS 4000000
#define N_GOLDEN 100000

/* Whether a mean of @n draws lies within five standard errors. */
#define ck_assert_near(got, want, sd, n) \
	ck_assert_msg(fabs((got) - (want)) < 5 * (sd) / sqrt(n), \
		      "%s: %.9g, not %.9g", #got, (double)(got), \
		      (double)(want))

/* Rotation by hand, bit for bit, to owe nothing to the code tested. */
static uint64_t rotate(uint64_t x, int k)
{
	uint64_t y = 0;

	for (int i = 0; i < 64; i++)
		y |= (x >> i & 1) << (i + k) % 64;
	return y;
}

/* The state transition as the linear map of the paper, on a fresh copy. */
static uint64_t reference(uint64_t s[4])
{
	uint64_t out = rotate(s[1] * 5, 7) * 9;
	uint64_t a = s[0], b = s[1], c = s[2], d = s[3];

	s[0] = a ^ b ^ d;
	s[1] = a ^ b ^ c;
	s[2] = a ^ c ^ b << 17;
	s[3] = rotate(b ^ d, 45);
	return out;
}

START_TEST(known_answers)
{
	struct rng rng = { .s = { 1, 2, 3, 4 } };
	uint64_t s[4] = { 1, 2, 3, 4 };

	/*
	 * By hand: 2 * 5 = 10, times 2^7 is 1280, times 9 is 11520.  Then s[1]
	 * is 1 ^ 2 ^ 3 = 0, whence 0.  Then it is (1 ^ 2 ^ 4) ^ 0 ^
	 * (1 ^ 3 ^ 2 * 2^17) = 5 + 2^18; times 5 is 25 + 5 * 2^18; times
	 * 2^7 * 9 = 1152 is 28800 + 1509949440.
	 */
	ck_assert_uint_eq(rng_next(&rng), 11520);
	ck_assert_uint_eq(rng_next(&rng), 0);
	ck_assert_uint_eq(rng_next(&rng), 1509978240);
	rng = (struct rng){ .s = { 1, 2, 3, 4 } };
	for (int i = 0; i < 100000; i++) {
		if (rng_next(&rng) != reference(s))
			ck_abort_msg("word %d differs", i);
	}
}
END_TEST

static uint64_t first(uint64_t seed, uint64_t run, const char *entity,
		      const char *purpose)
{
	struct rng rng;

	rng_init(&rng, seed, run, entity, purpose);
	return rng_next(&rng);
}

START_TEST(streams_differ_in_each_part)
{
	uint64_t v = first(1, 2, "ab", "c");

	ck_assert_uint_eq(v, first(1, 2, "ab", "c"));
	ck_assert_uint_ne(v, first(2, 2, "ab", "c"));
	ck_assert_uint_ne(v, first(1, 3, "ab", "c"));
	ck_assert_uint_ne(v, first(2, 1, "ab", "c"));
	ck_assert_uint_ne(v, first(1, 2, "c", "ab"));
	ck_assert_uint_ne(v, first(1, 2, "a", "bc"));
	ck_assert_uint_ne(v, first(1, 2, "abc", ""));
	ck_assert_uint_ne(v, first(1, 2, "", "abc"));
	ck_assert_uint_ne(first(0, 0, "", ""), 0);
}
END_TEST

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* 32 seeds, 32 runs, 32 names, which differ in few bits: no word twice. */
START_TEST(streams_do_not_collide)
{
	const size_t n = 32768;
	uint64_t *v = malloc(n * sizeof(*v));
	char name[16];

	for (size_t i = 0; i < n; i++) {
		snprintf(name, sizeof(name), "task%d", (int)(i % 32));
		v[i] = first(i / 32 % 32, i / 1024, name, "arrival");
	}
	qsort(v, n, sizeof(*v), compare);
	for (size_t i = 1; i < n; i++)
		ck_assert_uint_ne(v[i - 1], v[i]);
	free(v);
}
END_TEST

/* Neighbouring streams are uncorrelated, word by word. */
START_TEST(streams_are_independent)
{
	const char *name[] = { "task1", "task2" };

	for (int pair = 0; pair < 3; pair++) {
		struct rng a, b;
		double sum = 0;
		const int n = 1000000;

		rng_init(&a, 1, 1, name[0], "arrival");
		rng_init(&b, 1 + (pair == 1), 1 + (pair == 2),
			 name[pair == 0], "arrival");
		for (int i = 0; i < n; i++)
			sum += (rng_double(&a) - 0.5) * (rng_double(&b) - 0.5);
		ck_assert_near(sum / n, 0, 1.0 / 12, n);
	}
}
END_TEST

START_TEST(below_is_uniform)
{
	const uint64_t n = 7;
	uint64_t count[7] = { 0 };
	double p = 1.0 / 7;
	struct rng rng;

	rng_init(&rng, 1, 0, "rng", "below");
	for (int i = 0; i < N_DRAWS; i++) {
		uint64_t v = rng_below(&rng, n);

		if (v >= n)
			ck_abort_msg("draw %d is too large", i);
		count[v]++;
	}
	for (uint64_t i = 0; i < n; i++)
		ck_assert_near((double)count[i] / N_DRAWS, p,
			       sqrt(p * (1 - p)), N_DRAWS);
	for (int i = 0; i < 100; i++)
		ck_assert_uint_eq(rng_below(&rng, 1), 0);
}
END_TEST

/*
 * With n = 3 * 2^62 a multiplication without rejection would map four words to
 * three values, and so draw every third value twice as often as the others.
 */
START_TEST(below_rejects_the_surplus)
{
	const uint64_t n = UINT64_C(3) << 62;
	uint64_t count[3] = { 0 };
	const int draws = 300000;
	struct rng rng;

	rng_init(&rng, 1, 0, "rng", "surplus");
	for (int i = 0; i < draws; i++) {
		uint64_t v = rng_below(&rng, n);

		if (v >= n)
			ck_abort_msg("draw %d is too large", i);
		count[v % 3]++;
	}
	for (int i = 0; i < 3; i++)
		ck_assert_near((double)count[i] / draws, 1.0 / 3,
			       sqrt(2.0 / 9), draws);
}
END_TEST

START_TEST(double_is_uniform)
{
	double sum = 0, squares = 0;
	struct rng rng;

	rng_init(&rng, 1, 0, "rng", "double");
	for (int i = 0; i < N_DRAWS; i++) {
		double x = rng_double(&rng);

		if (x < 0 || x >= 1)
			ck_abort_msg("draw %d is %g", i, x);
		sum += x;
		squares += x * x;
	}
	ck_assert_near(sum / N_DRAWS, 0.5, sqrt(1.0 / 12), N_DRAWS);
	ck_assert_near(squares / N_DRAWS, 1.0 / 3, sqrt(4.0 / 45), N_DRAWS);
	ck_assert(rng_unit(UINT64_MAX) < 1);
	ck_assert(rng_unit(0) == 0);
}
END_TEST

static double f_exponential(double x)
{
	return exp(-x);
}

static double f_normal(double x)
{
	return exp(-x * x / 2);
}

/* The recurrence that defines the layers, with libm's functions. */
static void check_layers(const double *x, double (*f)(double), double tail)
{
	double v = x[1] * f(x[1]) + tail;

	ck_assert_double_eq_tol(x[0], v / f(x[1]), 1e-13);
	ck_assert(x[RNG_ZIG_LAYERS] == 0);
	for (int i = 1; i < RNG_ZIG_LAYERS; i++) {
		ck_assert(x[i] > x[i + 1]);
		ck_assert_double_eq_tol(x[i] * (f(x[i + 1]) - f(x[i])), v,
					1e-15);
	}
}

START_TEST(ziggurat_layers)
{
	check_layers(rng_zig_exponential, f_exponential,
		     exp(-rng_zig_exponential[1]));
	check_layers(rng_zig_normal, f_normal,
		     sqrt(2 * atan(1)) * erfc(rng_zig_normal[1] / sqrt(2)));
}
END_TEST

/*
 * Moments, and the share of draws above limits in the body, where layers meet,
 * and in the tail.
 */
START_TEST(exponential_moments_and_tail)
{
	static const double limit[] = {
		0.001, 0.05, 0.3, 1, 2.5, 5, 7, 7.69711747, 8, 10, 12,
	};
	enum { LIMITS = sizeof(limit) / sizeof(limit[0]) };
	double count[LIMITS] = { 0 }, m[4] = { 0 };
	struct rng rng;

	rng_init(&rng, 1, 0, "rng", "exponential");
	for (int i = 0; i < N_DRAWS; i++) {
		double x = rng_exponential(&rng), power = x;

		if (x < 0)
			ck_abort_msg("draw %d is %g", i, x);
		for (int k = 0; k < 4; k++, power *= x)
			m[k] += power;
		for (int k = 0; k < LIMITS; k++)
			count[k] += x > limit[k];
	}
	/* E X^k = k!, so the variance of X^k is (2k)! - k!^2 */
	ck_assert_near(m[0] / N_DRAWS, 1, 1, N_DRAWS);
	ck_assert_near(m[1] / N_DRAWS, 2, sqrt(24 - 4), N_DRAWS);
	ck_assert_near(m[2] / N_DRAWS, 6, sqrt(720 - 36), N_DRAWS);
	ck_assert_near(m[3] / N_DRAWS, 24, sqrt(40320 - 576), N_DRAWS);
	for (int k = 0; k < LIMITS; k++) {
		double p = exp(-limit[k]);

		ck_assert_near(count[k] / N_DRAWS, p, sqrt(p * (1 - p)),
			       N_DRAWS);
	}
	ck_assert(count[LIMITS - 2] > 0);
}
END_TEST

START_TEST(normal_moments_and_tail)
{
	static const double limit[] = {
		-4, -3.7, -3.65415289, -2, -0.1, 0, 0.2, 1, 3, 3.65415289,
		3.7, 4, 4.5,
	};
	enum { LIMITS = sizeof(limit) / sizeof(limit[0]) };
	double count[LIMITS] = { 0 }, m[4] = { 0 }, both = 0, p;
	struct rng rng;

	rng_init(&rng, 1, 0, "rng", "normal");
	for (int i = 0; i < N_DRAWS; i++) {
		double x = rng_normal(&rng), power = x;

		for (int k = 0; k < 4; k++, power *= x)
			m[k] += power;
		for (int k = 0; k < LIMITS; k++)
			count[k] += x > limit[k];
		both += fabs(x) > 3.7;
	}
	ck_assert_near(m[0] / N_DRAWS, 0, 1, N_DRAWS);
	ck_assert_near(m[1] / N_DRAWS, 1, sqrt(2), N_DRAWS);
	ck_assert_near(m[2] / N_DRAWS, 0, sqrt(15), N_DRAWS);
	ck_assert_near(m[3] / N_DRAWS, 3, sqrt(96), N_DRAWS);
	for (int k = 0; k < LIMITS; k++) {
		p = erfc(limit[k] / sqrt(2)) / 2;
		ck_assert_near(count[k] / N_DRAWS, p, sqrt(p * (1 - p)),
			       N_DRAWS);
	}
	p = erfc(3.7 / sqrt(2));
	ck_assert_near(both / N_DRAWS, p, sqrt(p), N_DRAWS);
	ck_assert(both > 0);
}
END_TEST

/* A million draws in 100 classes of equal probability: chi-square. */
static void check_classes(double (*draw)(struct rng *), double (*cdf)(double),
			  const char *purpose)
{
	double count[100] = { 0 }, chi = 0;
	const int n = 1000000;
	struct rng rng;

	rng_init(&rng, 2, 0, "rng", purpose);
	for (int i = 0; i < n; i++)
		count[(int)(cdf(draw(&rng)) * 100)]++;
	for (int i = 0; i < 100; i++)
		chi += (count[i] - n / 100) * (count[i] - n / 100) / (n / 100);
	/* mean 99, standard deviation sqrt(2 * 99) */
	ck_assert_msg(fabs(chi - 99) < 5 * sqrt(198), "%s: chi^2 %g", purpose,
		      chi);
}

static double cdf_exponential(double x)
{
	return -expm1(-x);
}

static double cdf_normal(double x)
{
	return erfc(-x / sqrt(2)) / 2;
}

START_TEST(shapes)
{
	check_classes(rng_exponential, cdf_exponential, "exponential");
	check_classes(rng_normal, cdf_normal, "normal");
}
END_TEST

static uint64_t bits_of(double x)
{
	uint64_t bits;

	memcpy(&bits, &x, sizeof(bits));
	return bits;
}

static uint64_t draw_next(struct rng *rng)
{
	return rng_next(rng);
}

static uint64_t draw_below(struct rng *rng)
{
	return rng_below(rng, UINT64_C(12345678901234567890));
}

static uint64_t draw_double(struct rng *rng)
{
	return bits_of(rng_double(rng));
}

static uint64_t draw_exponential(struct rng *rng)
{
	return bits_of(rng_exponential(rng));
}

static uint64_t draw_normal(struct rng *rng)
{
	return bits_of(rng_normal(rng));
}

/*
 * The same bits on every machine, for ever: a change here is a change of all
 * results of all experiments.
 */
START_TEST(golden)
{
	static const struct {
		uint64_t (*draw)(struct rng *rng);
		uint64_t hash;
	} t[] = {
		{ draw_next, UINT64_C(0x8ae949f2df102533) },
		{ draw_below, UINT64_C(0x149eaec80b05f4bc) },
		{ draw_double, UINT64_C(0xba9022c4e0aa665e) },
		{ draw_exponential, UINT64_C(0xd21a9c0ba0d1acd2) },
		{ draw_normal, UINT64_C(0xc0e00941b27b0b72) },
	};
	uint64_t hash = 0;
	struct rng rng;

	rng_init(&rng, 42, 7, "golden", "draws");
	for (int i = 0; i < N_GOLDEN; i++)
		hash = rng_rotl(hash ^ t[_i].draw(&rng), 29) * 0x100000001b3;
	ck_assert_msg(hash == t[_i].hash, "draw %d: 0x%016llx", _i,
		      (unsigned long long)hash);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("rng");
	TCase *tc = tcase_create("rng");

	tcase_set_timeout(tc, 120);
	tcase_add_test(tc, known_answers);
	tcase_add_test(tc, streams_differ_in_each_part);
	tcase_add_test(tc, streams_do_not_collide);
	tcase_add_test(tc, streams_are_independent);
	tcase_add_test(tc, below_is_uniform);
	tcase_add_test(tc, below_rejects_the_surplus);
	tcase_add_test(tc, double_is_uniform);
	tcase_add_test(tc, ziggurat_layers);
	tcase_add_test(tc, exponential_moments_and_tail);
	tcase_add_test(tc, normal_moments_and_tail);
	tcase_add_test(tc, shapes);
	tcase_add_loop_test(tc, golden, 0, 5);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
