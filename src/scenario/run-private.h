/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_RUN_PRIVATE_H
#define PREEMPTSIM_RUN_PRIVATE_H

/*
 * Shared by the parts of a run.
 */

#include "build-private.h"
#include "preemptsim/measure/blame.h"
#include "preemptsim/scenario/build.h"

/** run_explain - simulate a run again, for what its @windows are put down to;
 * @results, which are its own, get that. */
void run_explain(const struct scenario *scenario,
		 const struct run_options *options, GArray *windows,
		 struct results *results);

#endif
