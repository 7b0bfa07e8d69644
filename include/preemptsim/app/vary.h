/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_APP_VARY_H
#define PREEMPTSIM_APP_VARY_H

/*
 * Variants of a scenario: every combination of the values of some keys.
 */

#include <glib.h>

/**
 * struct variant - one combination.
 * @label: "preempt=full, hz=1000"; NULL for a scenario as it is
 * @short_label: "full" where one key varies among words; otherwise as @label
 * @settings: GPtrArray of char *, see scenario/setting.h
 */
struct variant {
	char *label, *short_label;
	GPtrArray *settings;
};

/** vary_nothing - the scenario as it is: a list of one variant. */
GPtrArray *vary_nothing(void);

/**
 * vary - all combinations; the last key varies fastest.
 * @specs: GPtrArray of char *: "KEY=A,B"; commas in brackets, braces or quotes
 *         do not separate
 *
 * Returns a GPtrArray of struct variant *, or NULL if they are more than
 * VARIANTS_MAX.
 */
GPtrArray *vary(const GPtrArray *specs);

/** vary_builds - a variant for each of the names of builds in @builds. */
GPtrArray *vary_builds(const GPtrArray *builds);

/** vary_default - what is compared if nobody says what: preempt none and full. */
GPtrArray *vary_default(void);

/** VARIANTS_MAX - more than that nobody compares side by side. */
#define VARIANTS_MAX 64

#endif
