/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_SWEEP_SHEET_PRIVATE_H
#define PREEMPTSIM_SWEEP_SHEET_PRIVATE_H

#include "preemptsim/scenario/model.h"

/** default_columns - paths with commas: what one wants to know of each task;
 * for g_free(). */
char *default_columns(const struct scenario *scenario);

#endif
