/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_SWEEP_SHEET_H
#define PREEMPTSIM_SWEEP_SHEET_H

/*
 * What a store is told about its sweep, and how it becomes a report again.
 *
 * A store says all that a report needs, so that one that was merged from
 * others can be reported where there is no scenario.
 */

#include "preemptsim/report/grid.h"
#include "preemptsim/sweep/plan.h"
#include "preemptsim/sweep/store.h"

/**
 * struct shard - which part of the points: those with number % @of == @index.
 */
struct shard {
	unsigned int index, of;
};

/** sheet_claim - store_claim() for @plan: NULL, or what differs. */
char *sheet_claim(struct store *store, const struct plan *plan);

/**
 * sheet_plan - the plan of the sweep in @store, without its scenario: axes,
 * points, runs and condition; for plan_free(), NULL if there is none.
 */
struct plan *sheet_plan(struct store *store);

/** sheet_todo - what of @shard is not in @store; GArray of uint32_t: point *
 * runs + run. */
GArray *sheet_todo(struct store *store, const struct plan *plan,
		   const struct shard *shard);

/**
 * sheet_check_columns - are they names of numbers?
 * @columns: paths with commas; NULL: the default ones
 * @store: if @plan has no scenario, its results say what there is
 *
 * Returns NULL, or what is wrong, for g_free().
 */
char *sheet_check_columns(const char *columns, const struct plan *plan,
			  struct store *store);

/** sheet_head - a grid for grid_free() with what @store knows of the sweep:
 * name, scenario, runs; without axes, columns and rows. */
struct grid *sheet_head(struct store *store, const struct plan *plan);

/**
 * sheet_grid - all results of @shard that are there, for grid_free().
 * @columns: paths with commas, checked; NULL: the default ones
 * @worst: receives the worst status of any trial
 * @holds: receives whether all expectations hold
 */
struct grid *sheet_grid(struct store *store, const struct plan *plan,
			const struct shard *shard, const char *columns,
			enum trial_status *worst, bool *holds);

/** sheet_set_row - give @row the settings of its point on the first
 * grid.axes->len axes of @plan. */
void sheet_set_row(const struct grid *grid, struct grid_row *row,
		   const struct plan *plan, unsigned int point);

/** sheet_value - the value of @path of @unit in @trial. */
struct value sheet_value(const struct trial *trial, const char *path,
			 enum unit unit);

#endif
