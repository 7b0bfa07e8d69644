/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_SWEEP_AXIS_H
#define PREEMPTSIM_SWEEP_AXIS_H

/*
 * Axes: a key of a scenario and the values that it takes, one after another.
 */

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/** AXIS_MAX - the most values that a range may have. */
#define AXIS_MAX 1000000

/**
 * struct axis - a key and its values.
 * @key: "tasks.player.every"
 * @name: in tables and labels: its last part, or all of it where two keys end
 *        alike (axes_tell_apart())
 * @option: that it is of, "-P"; NULL: none
 * @values: GPtrArray of char *, as -s would take them; at least one
 */
struct axis {
	char *key;
	const char *name;
	const char *option;
	GPtrArray *values;
};

/** axis_free - free @data, a struct axis. */
void axis_free(void *data);

/** axis_copy - another one like @axis. */
struct axis *axis_copy(const struct axis *axis);

/** axis_list - the axis of "KEY=A,B"; commas in brackets, braces or quotes do
 * not separate.  There must be an equals sign. */
struct axis *axis_list(const char *spec);

/**
 * axis_range - the axis of "KEY=MIN:MAX[:STEP]".
 * @fine: for a search: without STEP take steps of a power of ten, 1000 or more,
 *        or 1 for whole numbers; and MAX is the last value even if the steps
 *        don't lead there
 * @why: what is wrong, for g_free(), when NULL is returned
 *
 * Numbers, times, cycles or frequencies.  STEP is a step of the same kind
 * (default: 1 in the unit of MIN), xF for a factor, or logN for N values at
 * equal ratios.  MAX may lie below MIN: the values fall then.
 */
struct axis *axis_range(const char *spec, bool fine, char **why);

/** axes_tell_apart - give all @axes (of struct axis *) names that differ. */
void axes_tell_apart(const GPtrArray *axes);

/** axis_twice - a value that is among them twice, as it is written; or NULL. */
const char *axis_twice(const struct axis *axis);

/**
 * axis_warn_lost - warn in @messages of those among @settings that are lost,
 * since values of @key are tried out.
 * @settings: GPtrArray of char *, see scenario/setting.h
 */
void axis_warn_lost(const char *key, const GPtrArray *settings,
		    GPtrArray *messages);

/** axis_value - the @i-th value. */
const char *axis_value(const struct axis *axis, unsigned int i);

/**
 * axis_setting - the setting of the @i-th value, see scenario/setting.h.
 * @any: messages call it by its key: it stands for all values
 *
 * Returns a text for g_free().
 */
char *axis_setting(const struct axis *axis, unsigned int i, bool any);

/** axis_is_times - are all values times of whole nanoseconds? */
bool axis_is_times(const struct axis *axis);

/** axis_value_ns - the @i-th value of an axis of times. */
int64_t axis_value_ns(const struct axis *axis, unsigned int i);

#endif
