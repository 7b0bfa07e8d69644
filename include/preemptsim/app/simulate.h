/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_APP_SIMULATE_H
#define PREEMPTSIM_APP_SIMULATE_H

/*
 * What `run` and `compare` have in common: loading the variants of a scenario,
 * simulating them, and reporting.
 */

#include <glib.h>

#include "preemptsim/app/options.h"
#include "preemptsim/app/vary.h"

/**
 * simulate - load, simulate and report.
 * @options: the command line; its first word is the scenario's file
 * @variants: GPtrArray of struct variant *, at least one; NULL: what
 *            is compared if nobody says what
 * @compared: report a comparison
 *
 * Returns an enum exit_status.
 */
int simulate(const struct options *options, const GPtrArray *variants,
	     bool compared);

#endif
