/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_APP_SWEEP_H
#define PREEMPTSIM_APP_SWEEP_H

/*
 * What `sweep` and `merge` do; both return an enum exit_status.
 */

#include "preemptsim/app/options.h"

/** sweep - simulate what the axes span, or search; and report. */
int sweep(const struct options *options);

/** sweep_merge - put databases together, and report. */
int sweep_merge(const struct options *options);

#endif
