/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_RESULTS_PRIVATE_H
#define PREEMPTSIM_RESULTS_PRIVATE_H

/*
 * Shared by the parts of the container of results.
 */

#include "preemptsim/measure/results.h"

/** worst_case_move - a copy of @src, of @run, which takes its window over. */
struct worst_case *worst_case_move(struct worst_case *src, uint64_t run);

/** results_renew_blame - other cases are among the worst now: take those where
 * there were no dropouts. */
void results_renew_blame(struct results *results);

/** task_results_add_blame - add what delayed @src to @dst; dropouts count for
 * more than what was merely long. */
void task_results_add_blame(struct task_results *dst,
			    const struct task_results *src);

#endif /* PREEMPTSIM_RESULTS_PRIVATE_H */
