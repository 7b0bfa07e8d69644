/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_SWEEP_QUANTITY_PRIVATE_H
#define PREEMPTSIM_SWEEP_QUANTITY_PRIVATE_H

/*
 * What ranges are made of: decimal numbers with or without a unit, exact.
 */

#include <stdbool.h>
#include <stdint.h>

/** enum quantity_kind - what a quantity counts. */
enum quantity_kind {
	QUANTITY_NUMBER,
	QUANTITY_TIME,
	QUANTITY_CYCLES,
	QUANTITY_FREQUENCY,
};

/**
 * struct quantity - a number with its kind.
 * @n: in the smallest part that is told apart: of a number 10^-9, of a time a
 *     picosecond, of a cycle 10^-3, of a frequency a hertz
 */
struct quantity {
	enum quantity_kind kind;
	int64_t n;
};

/** quantity_parse - read @text; false if it is none, or too large. */
bool quantity_parse(const char *text, struct quantity *out);

/** quantity_one - how much 1 of the unit is that stands in @text, which has
 * been read as @like. */
int64_t quantity_one(const char *text, const struct quantity *like);

/** quantity_is_whole - a number without a fraction? */
bool quantity_is_whole(const struct quantity *q);

/** quantity_whole - the @n of a number above 0, to the nearest whole one. */
int64_t quantity_whole(int64_t n);

/** quantity_text - in the largest unit of which it has one: "1.5ms".
 *
 * Returns: a text for g_free(). */
char *quantity_text(const struct quantity *q);

#endif
