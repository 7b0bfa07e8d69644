/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_KERNEL_HOUSEKEEPING_H
#define PREEMPTSIM_KERNEL_HOUSEKEEPING_H

/*
 * What a kernel does now and then without being asked: its own timers, and its
 * threads that some of them wake.  cf. kernel/time/timer.c.
 */

#include "preemptsim/base/time.h"
#include "preemptsim/machine/op.h"

struct kernel;
struct kcpu;

/** housekeeping_init - have @kernel keep house on its first CPU; before the run,
 * after workqueue_init(). */
void housekeeping_init(struct kernel *kernel);

/** housekeeping_destroy - free what housekeeping_init() took, if it was called. */
void housekeeping_destroy(struct kernel *kernel);

/** housekeeping_tick - a tick of @kc, which keeps house: is a timer due?
 * cf. run_local_timers(). */
void housekeeping_tick(struct kcpu *kc);

/** housekeeping_next - the tick that an idle @kc may not sleep through;
 * KTIME_MAX: none. */
ktime_t housekeeping_next(const struct kcpu *kc);

/** timer_softirq_path - run the timers that are due.  cf. run_timer_softirq(). */
extern const struct op timer_softirq_path[];

#endif
