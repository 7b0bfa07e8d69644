/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_REPORT_RATE_H
#define PREEMPTSIM_REPORT_RATE_H

/*
 * How often something rare happens: what can be said of a rate when it was seen
 * a few times, or never.
 *
 * Student's t says nothing of a sample that is 0 in each run.  The exact
 * interval of Clopper and Pearson does: it takes the binomial distribution, so
 * it supposes that events are independent; those that come in bursts are fewer
 * than they seem, and the true interval is wider.
 */

#include <stdint.h>

/**
 * rate_low, rate_high - the interval that @hits of @n say holds the rate with
 * 95 %; @n is above 0.
 *
 * If there was none, all of the 5 % are above: up to 1 - 0.05^(1 / n), which is
 * nearly 3 / n (the rule of three), and likewise if there were but hits.
 */
double rate_low(uint64_t hits, uint64_t n);
double rate_high(uint64_t hits, uint64_t n);

#endif
