/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_APP_WINDOWS_H
#define PREEMPTSIM_APP_WINDOWS_H

/*
 * What the CPUs did while a worst case came about.
 */

#include "preemptsim/app/options.h"
#include "preemptsim/report/report.h"

/**
 * windows_look - fill worst_case.window of all worst cases of @build, by
 * simulating the runs that they are from once more, up to the last of them.
 *
 * Leaves them out after Ctrl-C.
 */
void windows_look(const struct options *options, const struct build *build);

#endif
