/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Chance: one stream of random numbers for each entity and purpose.
 *
 * The generator is xoshiro256** (D. Blackman and S. Vigna, "Scrambled linear
 * pseudorandom number generators", ACM TOMS 47, 2021), period 2^256 - 1.  Each
 * stream is seeded from the names of what draws and why, so that a new task
 * never shifts the draws of another and two kernels meet the same arrivals.
 *
 * Exponential and normal numbers come from ziggurats of 256 layers (G.
 * Marsaglia and W. W. Tsang, "The ziggurat method for generating random
 * variables", J. Stat. Software 5(8), 2000), with the layer and the place in it
 * taken from different bits of one word.  They are exact up to the 2^-53 grid
 * of the place in the layer.  Only addition, multiplication and division of
 * IEEE doubles are used, nothing of libm: every machine draws the same bits,
 * provided the compiler does not fuse (-ffp-contract=off) or reorder.
 *
 * Left out: jumping ahead, and any claim to be hard to predict.
 */
#ifndef PREEMPTSIM_BASE_RNG_H
#define PREEMPTSIM_BASE_RNG_H

#include <float.h>
#include <stdint.h>

#if FLT_EVAL_METHOD != 0
#error "double arithmetic must round to double (on i386: -msse2 -mfpmath=sse)"
#endif

/** rng_u128 - the product of two words. */
__extension__ typedef unsigned __int128 rng_u128;

/** RNG_ZIG_LAYERS - layers of a ziggurat. */
#define RNG_ZIG_LAYERS 256

/**
 * struct rng - the state of one stream.
 * @s: four words, not all zero; rng_init() sees to that
 *
 * Owned by the one entity that draws from it; not to be shared by threads.
 */
struct rng {
	uint64_t s[4];
};

/** rng_zig_* - right edges of the layers, for the inline draws; see rng.c. */
extern const double rng_zig_exponential[RNG_ZIG_LAYERS + 1];
extern const double rng_zig_normal[RNG_ZIG_LAYERS + 1];

void rng_init(struct rng *rng, uint64_t seed, uint64_t run, const char *entity,
	      const char *purpose);
double rng_exponential_edge(struct rng *rng, unsigned int layer, double x);
double rng_normal_edge(struct rng *rng, unsigned int layer, double x);

/** rng_rotl - @x rotated left by @k bits, 1 to 63. */
static inline uint64_t rng_rotl(uint64_t x, unsigned int k)
{
	return x << k | x >> (64 - k);
}

/**
 * rng_next - 64 random bits.
 * @rng: the stream
 */
static inline uint64_t rng_next(struct rng *rng)
{
	uint64_t *s = rng->s;
	uint64_t result = rng_rotl(s[1] * 5, 7) * 9;
	uint64_t shifted = s[1] << 17;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= shifted;
	s[3] = rng_rotl(s[3], 45);
	return result;
}

/**
 * rng_below - an integer from 0 to @n - 1, each equally likely.
 * @rng: the stream
 * @n: > 0
 *
 * The high word of bits * n; draws whose low word falls into the 2^64 mod n
 * surplus values are rejected (D. Lemire, "Fast random integer generation in
 * an interval", ACM TOMACS 29(1), 2019), so that there is no bias.
 */
static inline uint64_t rng_below(struct rng *rng, uint64_t n)
{
	rng_u128 m = (rng_u128)rng_next(rng) * n;

	if ((uint64_t)m < n) {
		uint64_t surplus = (0 - n) % n;

		while ((uint64_t)m < surplus)
			m = (rng_u128)rng_next(rng) * n;
	}
	return (uint64_t)(m >> 64);
}

/** rng_unit - the high 53 bits of @bits as a multiple of 2^-53 in [0, 1). */
static inline double rng_unit(uint64_t bits)
{
	return (double)(int64_t)(bits >> 11) * 0x1p-53;
}

/**
 * rng_double - a number in [0, 1), a multiple of 2^-53.
 * @rng: the stream
 */
static inline double rng_double(struct rng *rng)
{
	return rng_unit(rng_next(rng));
}

/**
 * rng_exponential - an exponential number of mean 1, >= 0.
 * @rng: the stream
 *
 * Bits 0 to 7 choose the layer, bits 11 to 63 the place; 98.9 % of the draws
 * end in the part of the layer that is under the curve as a whole.
 */
static inline double rng_exponential(struct rng *rng)
{
	uint64_t bits = rng_next(rng);
	unsigned int layer = bits & (RNG_ZIG_LAYERS - 1);
	double x = rng_unit(bits) * rng_zig_exponential[layer];

	if (__builtin_expect(x < rng_zig_exponential[layer + 1], 1))
		return x;
	return rng_exponential_edge(rng, layer, x);
}

/**
 * rng_normal - a normal number of mean 0 and standard deviation 1.
 * @rng: the stream
 *
 * As rng_exponential(), with the sign in bit 8.
 */
static inline double rng_normal(struct rng *rng)
{
	uint64_t bits = rng_next(rng);
	unsigned int layer = bits & (RNG_ZIG_LAYERS - 1);
	double x = rng_unit(bits) * rng_zig_normal[layer];
	double sign = 1.0 - (double)(int)(bits >> 7 & 2);

	if (__builtin_expect(x < rng_zig_normal[layer + 1], 1))
		return sign * x;
	return sign * rng_normal_edge(rng, layer, x);
}

#endif /* PREEMPTSIM_BASE_RNG_H */
