/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_TESTS_FAIR_HARNESS_H
#define PREEMPTSIM_TESTS_FAIR_HARNESS_H

/*
 * Tasks that want the CPU, and what they get of it, for the tests of the fair
 * classes.
 */

#include "kernel-harness.h"

static const struct op hog[] = { RUN(1000 * MS), AGAIN(hog) };

static const struct op polite[] = { RUN(100 * US), SYSCALL, YIELD, SYSRET,
				    AGAIN(polite) };

static inline unsigned int fair(const char *comm, int nice, ktime_t begin)
{
	return harness_fair(comm, hog, nice, 0, begin);
}

/* What a task had of its CPU. */
static inline double share(unsigned int i)
{
	return (double)harness_cpu_time(i) / (double)h.sim.now;
}

/* The switches, and to whom. */
#define MOST 4000

static ktime_t switched[MOST];
static const struct task *to[MOST];
static unsigned int nr_switched;

static inline void told_switch(void *data, const struct trace_record *record)
{
	(void)data;
	if (nr_switched == MOST)
		return;
	switched[nr_switched] = record->when;
	to[nr_switched++] = record->object;
}

static inline void log_turns(void)
{
	nr_switched = 0;
	tracer_listen(&h.sim.tracer, TP_sched_switch, told_switch, NULL);
}

#endif /* PREEMPTSIM_TESTS_FAIR_HARNESS_H */
