/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * exp, log and pow out of IEEE additions, multiplications and divisions and
 * the bits of a double, rounded to nearest.
 *
 * Both functions use the plain Taylor series on a reduced argument, cut where
 * the first term left out is below 2^-54 of the result; what remains is the
 * rounding of a few operations, some 1e-15.  Left out: correct rounding, errno,
 * floating point exceptions.  To be compiled without contraction to fused
 * multiply-add (-ffp-contract=off), else the last bits depend on the machine.
 */
#include <config.h>

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "fmath-private.h"

/*
 * log 2 as a sum: the first part ends in 21 zero bits, so that its product
 * with an exponent (11 bits) is exact.
 */
#define LN2_HIGH 0x1.62e42feep-1
#define LN2_LOW 0x1.a39ef35793c76p-33
#define LOG2_E 0x1.71547652b82fep+0

#define SQRT_HALF 0x1.6a09e667f3bcdp-1

static double from_bits(uint64_t bits)
{
	double x;

	memcpy(&x, &bits, sizeof(x));
	return x;
}

static uint64_t to_bits(double x)
{
	uint64_t bits;

	memcpy(&bits, &x, sizeof(bits));
	return bits;
}

/* 2^k for -1022 <= k <= 1023. */
static double power_of_two(int k)
{
	return from_bits((uint64_t)(k + 1023) << 52);
}

/*
 * e^r for |r| <= 0.35, as cosh r + sinh r: two series in r^2 that a processor
 * can work on side by side.  The first term left out is r^14/14! < 5e-18.
 */
static double exp_reduced(double r)
{
	double q = r * r;
	double even, odd;

	even = 1.0 / 479001600;
	odd = 1.0 / 6227020800;
	even = even * q + 1.0 / 3628800;
	odd = odd * q + 1.0 / 39916800;
	even = even * q + 1.0 / 40320;
	odd = odd * q + 1.0 / 362880;
	even = even * q + 1.0 / 720;
	odd = odd * q + 1.0 / 5040;
	even = even * q + 1.0 / 24;
	odd = odd * q + 1.0 / 120;
	even = even * q + 0.5;
	odd = odd * q + 1.0 / 6;
	return 1.0 + (r + (q * even + r * (q * odd)));
}

/**
 * fm_exp - e to the power of @x.
 * @x: any number
 *
 * e^x = 2^k * e^r with k = x / log 2 to the nearest integer.  The power of two
 * is applied in halves, as 2^1024 and the subnormals are out of its reach.
 *
 * Returns: relative error below 1e-15 in the normal range; 0 or INFINITY
 * beyond; NAN of NAN.
 */
double fm_exp(double x)
{
	double r;
	int k;

	if (x > 709.8)
		return INFINITY;
	if (x < -745.2)
		return 0.0;
	if (x != x)
		return x;
	k = (int)(x * LOG2_E + (x < 0 ? -0.5 : 0.5));
	r = x - k * LN2_HIGH - k * LN2_LOW;
	return exp_reduced(r) * power_of_two(k / 2) * power_of_two(k - k / 2);
}

/*
 * log m for 0.7 <= m <= 1.42, as 2 artanh f with f = (m - 1) / (m + 1), where
 * |f| < 0.172.  The first term left out is, relatively, f^22/23 < 7e-19.
 */
static double log_reduced(double m)
{
	double f = (m - 1.0) / (m + 1.0);
	double q = f * f;
	double sum = 1.0 / 21;

	for (int n = 19; n >= 3; n -= 2)
		sum = sum * q + 1.0 / n;
	return 2.0 * (f + f * (q * sum));
}

/**
 * fm_log - natural logarithm.
 * @x: any number
 *
 * log x = e * log 2 + log m, with m from sqrt(1/2) to sqrt(2): near 1, where
 * the result is small, e is 0 and nothing cancels.
 *
 * Returns: relative error below 1e-15; -INFINITY of 0, NAN below 0 and of NAN,
 * INFINITY of itself.
 */
double fm_log(double x)
{
	uint64_t bits;
	double m;
	int e = 0;

	if (x == 0)
		return -INFINITY;
	if (!(x > 0))
		return NAN;
	if (x > 0x1.fffffffffffffp+1023)
		return x;
	if (x < 0x1p-1022) {
		x *= 0x1p54;
		e = -54;
	}
	bits = to_bits(x);
	e += (int)(bits >> 52) - 1022;
	m = from_bits((bits & UINT64_C(0xfffffffffffff)) | UINT64_C(1022)
								   << 52);
	if (m < SQRT_HALF) {
		m *= 2;
		e--;
	}
	return e * LN2_HIGH + (e * LN2_LOW + log_reduced(m));
}

/**
 * fm_pow - @x to the power of @y, as e^(y log x).
 * @x: >= 0
 * @y: any number
 *
 * Returns: relative error below 1e-15 * (1 + |y log x|), hence at most 1e-12
 * at the ends of the range and 1e-13 for results from 1e-43 to 1e43; 1 if @y is
 * 0; NAN if @x is negative.
 */
double fm_pow(double x, double y)
{
	return y == 0 ? 1.0 : fm_exp(y * fm_log(x));
}
