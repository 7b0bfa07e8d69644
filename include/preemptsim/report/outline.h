/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_REPORT_OUTLINE_H
#define PREEMPTSIM_REPORT_OUTLINE_H

/*
 * All facts of a result by the paths that expectations use: player.dropouts,
 * locks.inode.wait.max, warnings; and which there will be, before a run.
 */

#include <glib.h>

#include "preemptsim/report/fact.h"
#include "preemptsim/scenario/model.h"

/** outline_new - results as those of @scenario, without a number in them;
 * results_free() them.  Of a faulty one copies and chains are left out. */
struct results *outline_new(const struct scenario *scenario);

/** fact_fn - is told the path of a fact (during the call) and its value. */
typedef void (*fact_fn)(void *data, const char *path,
			const struct value *value);

/** facts_each - tell all numbers of @results, in the order of reports. */
void facts_each(const struct results *results, fact_fn told, void *data);

/**
 * fact_of_path - which fact such a path means.
 * @object: how many bytes of @path say of what; 0: of the run
 *
 * Returns NULL if there is none.
 */
const struct fact *fact_of_path(const char *path, size_t *object);

#endif
