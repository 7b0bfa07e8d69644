/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_KERNEL_TICK_H
#define PREEMPTSIM_KERNEL_TICK_H

/*
 * The periodic tick, a timer like others, and its stopping in idle.
 * cf. kernel/time/tick-sched.c.
 */

#include <stdbool.h>
#include <stdint.h>

#include "preemptsim/base/params.h" /* struct choice */
#include "preemptsim/kernel/hrtimer.h"

struct kcpu;

/* Every so many ticks of a CPU some deferred work is due (expired timers,
 * RCU callbacks): a softirq that costs TICK_SOFTIRQ.  So it is, in short, unless
 * the kernel keeps house (housekeeping.h); one in 40 is somewhat more often than
 * a thread is woken there. */
#define TICKS_PER_SOFTIRQ 40

/**
 * struct tick_sched - one CPU's tick.
 * @timer: expires at each multiple of 1/hz
 * @stopped: idle has stopped it
 * @count: ticks so far
 */
struct tick_sched {
	struct hrtimer timer;
	bool stopped;
	uint64_t count;
};

/** enum tick_mode - what an idle CPU does with its tick. */
enum tick_mode {
	TICK_PERIODIC,
	TICK_NOHZ_IDLE
};

/** tick_mode_choice - the names of enum tick_mode. */
const struct choice *tick_mode_choice(unsigned int i);

/** tick_start - (re)start @kc's tick at the next multiple of 1/hz. */
void tick_start(struct kcpu *kc);

/** tick_nohz_idle_stop - idle is about to halt: stop the tick unless another
 * timer is due before it. */
void tick_nohz_idle_stop(struct kcpu *kc);

/** tick_nohz_idle_exit - idle is over: the tick, which was stopped, goes on. */
void tick_nohz_idle_exit(struct kcpu *kc);

#endif
