/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_STALL_PRIVATE_H
#define PREEMPTSIM_STALL_PRIVATE_H

/*
 * Shared by what notices CPUs and tasks that are stuck.
 *
 * All of it looks on: an event now and then that reads what the kernel counts
 * anyway, behind all else that happens at its instant.
 */

#include "preemptsim/kernel/debug.h"
#include "preemptsim/kernel/kernel.h"

/**
 * struct progress - what a CPU had done at an instant.
 * @when: the instant
 * @quiescent: the CPU's
 * @user: its time in user mode
 */
struct progress {
	ktime_t when;
	uint64_t quiescent;
	ktime_t user;
};

/**
 * struct watchdog_cpu - a CPU, as the lockup detectors know it.
 * @mark: at its last sample
 * @touched: since when it may be stuck
 * @period: the same, or since it was told
 * @late: a sample waits for interrupts to come on
 * @samples, @checked: samples so far, and as many at the last check by NMI
 * @hard: a hard lockup was told
 */
struct watchdog_cpu {
	struct progress mark;
	ktime_t touched, period;
	bool late, hard;
	uint64_t samples, checked;
};

/**
 * struct watchdog - the lockup detectors.
 * @next_sample, @next_check: when the timers are looked at, and the NMI comes
 * @nr_late: CPUs whose sample is late; @listener listens meanwhile
 */
struct watchdog {
	struct evsource source;
	struct watchdog_cpu *cpus;
	ktime_t next_sample, next_check;
	unsigned int nr_late;
	struct listener listener;
};

/**
 * struct rcu_cpu - a CPU, as RCU knows it.
 * @mark: at the beginning of the grace period
 * @passed: it has passed a quiescent state since then
 */
struct rcu_cpu {
	struct progress mark;
	bool passed;
};

/**
 * struct rcu_watch - RCU's grace periods, one after the other.
 * @begun: when this one began
 * @next_report: when it is told that it takes too long
 */
struct rcu_watch {
	struct evsource source;
	struct rcu_cpu *cpus;
	ktime_t begun, next_report;
};

/**
 * struct hung_task_watch - khungtaskd.
 * @warnings_left: cf. sysctl_hung_task_warnings
 */
struct hung_task_watch {
	struct evsource source;
	unsigned int warnings_left;
};

/**
 * struct stall_detectors - see debug.h.
 */
struct stall_detectors {
	struct kernel *kernel;
	struct stall_config config;
	struct watchdog watchdog;
	struct rcu_watch rcu;
	struct hung_task_watch hung_task;
};

/** stall_progress - what @kc has done so far. */
struct progress stall_progress(const struct kcpu *kc);

/** stall_lock - the lock that @kc spins for, or else that it holds and lets
 * nobody in for; NULL: none. */
const struct lock *stall_lock(const struct kcpu *kc);

/** stall_makes_way - would @kc let in who must run at once, if it was told of that
 * now by an interrupt? */
bool stall_makes_way(const struct kcpu *kc);

/** stall_lets_in - the same, where it may be that interrupts are off. */
bool stall_lets_in(const struct kcpu *kc);

/**
 * stall_let_in - has @kc let in anybody since @mark who had to run at once?
 * @closed: interrupts are off, or were up to now; so nobody came in since then
 */
bool stall_let_in(const struct stall_detectors *detectors,
		  const struct kcpu *kc, const struct progress *mark,
		  bool closed);

/** stall_schedule - @source happens at @when, behind all else. */
void stall_schedule(const struct stall_detectors *detectors,
		    struct evsource *source, ktime_t when);

/** watchdog_start, rcu_start, hung_task_start - begin to watch. */
void watchdog_start(struct stall_detectors *detectors);
void rcu_start(struct stall_detectors *detectors);
void hung_task_start(struct stall_detectors *detectors);

/** watchdog_stop - stop listening. */
void watchdog_stop(struct stall_detectors *detectors);

#endif
