/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_REPORT_GRID_PRIVATE_H
#define PREEMPTSIM_REPORT_GRID_PRIVATE_H

/*
 * Writing grids; report_format.write_grid.
 */

#include "preemptsim/report/grid.h"

void grid_write_text(const struct grid *grid, bool color, GString *out);
void grid_write_csv(const struct grid *grid, bool color, GString *out);
void grid_write_json(const struct grid *grid, bool color, GString *out);

#endif
