/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_SWEEP_AXIS_PRIVATE_H
#define PREEMPTSIM_SWEEP_AXIS_PRIVATE_H

#include "preemptsim/sweep/axis.h"

/** axis_new - an axis without values, of the first @n bytes of @key. */
struct axis *axis_new(const char *key, size_t n);

#endif
