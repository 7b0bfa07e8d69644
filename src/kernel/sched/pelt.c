/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Load averages: sums over periods of 1024 us, in which a period counts y times
 * as much as the one behind it, y^32 = 1/2.  cf. kernel/sched/pelt.c v6.12:
 * decay_load(), accumulate_sum(), ___update_load_sum(), ___update_load_avg().
 *
 * All in the kernel's integers, so that what is lost by rounding is the same;
 * that depends on when sums are updated, too: see fair-load.c.
 *
 * Left out: clocks that go with a CPU's frequency and capacity.
 */
#include <config.h>

#include "pelt-private.h"

/* y^n * (2^32 - 1), rounded down. */
static const uint32_t runnable_avg_yn_inv[LOAD_AVG_PERIOD] = {
	0xffffffff, 0xfa83b2da, 0xf5257d14, 0xefe4b99a, 0xeac0c6e6, 0xe5b906e6,
	0xe0ccdeeb, 0xdbfbb796, 0xd744fcc9, 0xd2a81d91, 0xce248c14, 0xc9b9bd85,
	0xc5672a10, 0xc12c4cc9, 0xbd08a39e, 0xb8fbaf46, 0xb504f333, 0xb123f581,
	0xad583ee9, 0xa9a15ab4, 0xa5fed6a9, 0xa2704302, 0x9ef5325f, 0x9b8d39b9,
	0x9837f050, 0x94f4efa8, 0x91c3d373, 0x8ea4398a, 0x8b95c1e3, 0x88980e80,
	0x85aac367, 0x82cd8698,
};

uint64_t decay_load(uint64_t val, uint64_t n)
{
	__extension__ typedef unsigned __int128 wide_t;

	if (n > LOAD_AVG_PERIOD * 63)
		return 0;
	val >>= n / LOAD_AVG_PERIOD;
	return (uint64_t)((wide_t)val *
				  runnable_avg_yn_inv[n % LOAD_AVG_PERIOD] >>
			  32);
}

/* What a time in which everything counts adds: the rest @d1 of one period,
 * then as many whole ones as make @periods ends, then @d3 of the current one.
 * The whole ones are what all periods come to but for those before them. */
static uint32_t accumulate_segments(uint64_t periods, uint32_t d1, uint32_t d3)
{
	uint32_t c1 = (uint32_t)decay_load(d1, periods);
	uint32_t c2 = LOAD_AVG_MAX -
		      (uint32_t)decay_load(LOAD_AVG_MAX, periods) - 1024;

	return c1 + c2 + d3;
}

static void decay_sums(struct sched_avg *sa, uint64_t periods)
{
	sa->load_sum = decay_load(sa->load_sum, periods);
	sa->runnable_sum = decay_load(sa->runnable_sum, periods);
	sa->util_sum = (uint32_t)decay_load(sa->util_sum, periods);
}

/* @delta is in units of 1024 ns. */
static bool accumulate_sum(struct sched_avg *sa, uint64_t delta, uint64_t load,
			   uint64_t runnable, bool running)
{
	uint32_t contrib = (uint32_t)delta, rest;
	uint64_t periods;

	delta += sa->period_contrib;
	periods = delta / 1024;
	rest = delta % 1024;
	if (periods) {
		decay_sums(sa, periods);
		if (load)
			contrib = accumulate_segments(
				periods, 1024 - sa->period_contrib, rest);
	}
	sa->period_contrib = rest;
	sa->load_sum += load * contrib;
	sa->runnable_sum += runnable * contrib << 10;
	if (running)
		sa->util_sum += contrib << 10;
	return periods;
}

bool update_load_sum(struct sched_avg *sa, int64_t now, uint64_t load,
		     uint64_t runnable, bool running)
{
	int64_t delta = now - sa->last_update_time;

	if (delta < 0)
		sa->last_update_time = now;
	if (delta < 1024)
		return false;
	delta >>= 10;
	sa->last_update_time += delta << 10;
	if (!load)
		return accumulate_sum(sa, (uint64_t)delta, 0, 0, false);
	return accumulate_sum(sa, (uint64_t)delta, load, runnable, running);
}

void update_load_avgs(struct sched_avg *sa, uint64_t weight)
{
	uint32_t divider = pelt_divider(sa);

	sa->load_avg = weight * sa->load_sum / divider;
	sa->runnable_avg = sa->runnable_sum / divider;
	sa->util_avg = sa->util_sum / divider;
}
