/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_SWEEP_PLAN_H
#define PREEMPTSIM_SWEEP_PLAN_H

/*
 * What a sweep simulates: the points that its axes span, some runs of each.
 *
 * The first axis varies slowest.  Run r of every point has the streams of
 * chance of `run --runs`' run r, so that all points meet the same chance.
 */

#include <glib.h>
#include <stdbool.h>

#include "preemptsim/scenario/model.h"
#include "preemptsim/sweep/axis.h"

/** PLAN_MAX - the most simulations of one sweep. */
#define PLAN_MAX 10000000

/**
 * struct plan - what is to be simulated.
 * @file: of the scenario, for messages
 * @yaml: its bytes, read once
 * @settings: GPtrArray of char *: settings (scenario/setting.h) for every point
 * @axes: GPtrArray of struct axis *
 * @condition: what a search looks for, in place of the scenario's
 *             expectations; NULL: it is none
 * @runs: of each point
 * @nr_points: that the axes span
 * @reference: the scenario at its first valid point, to name things by
 *
 * Constant once it is made; read by all threads.
 */
struct plan {
	char *file;
	GString *yaml;
	GPtrArray *settings;
	GPtrArray *axes;
	char *condition;
	unsigned int runs, nr_points;
	struct scenario *reference;
};

/**
 * plan_new - look for a point of a scenario that is valid.
 * @file: its path, for messages and what it refers to
 * @yaml: its bytes; copied
 * @settings: see struct plan; copied
 * @axes: taken over; at least one
 * @condition: see struct plan; copied
 * @messages: receives what is to be said; GPtrArray of char *
 *
 * Returns NULL with messages if none is valid, or there are too many.
 */
struct plan *plan_new(const char *file, const GString *yaml,
		      const GPtrArray *settings, GPtrArray *axes,
		      const char *condition, unsigned int runs,
		      GPtrArray *messages);

/** plan_free - free @plan; NULL is fine. */
void plan_free(struct plan *plan);

/** plan_index - which value of its @axis @point has. */
unsigned int plan_index(const struct plan *plan, unsigned int point,
			unsigned int axis);

/** plan_value - the value that the @axis-th key has at @point. */
const char *plan_value(const struct plan *plan, unsigned int point,
		       unsigned int axis);

/** plan_label - "every=1ms, preempt=full", for g_free(). */
char *plan_label(const struct plan *plan, unsigned int point);

/**
 * plan_load - the scenario at @point, its expectations checked.
 * @messages: receives what is to be said; GPtrArray of char *
 *
 * Returns a scenario for scenario_free(), or NULL.  From any thread.
 */
struct scenario *plan_load(const struct plan *plan, unsigned int point,
			   GPtrArray *messages);

/** plan_fingerprint - the scenario with the data that it reads, in hexadecimal;
 * equal for equal sweeps only; for g_free(). */
char *plan_fingerprint(const struct plan *plan);

/** plan_axes_text - all axes in short, and told apart by every value of them;
 * for g_free(). */
char *plan_axes_text(const struct plan *plan);

#endif
