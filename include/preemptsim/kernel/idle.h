/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_KERNEL_IDLE_H
#define PREEMPTSIM_KERNEL_IDLE_H

/*
 * The idle loop.  cf. kernel/sched/idle.c.
 */

#include "preemptsim/machine/op.h"

/** idle_path - do_idle() for ever. */
extern const struct op idle_path[];

#endif
