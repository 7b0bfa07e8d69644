/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Jobs in the system, counted as they come and go: how many there are on
 * average, and how many one that arrives finds there.
 */
#ifndef TESTS_LAWS_LITTLE_H
#define TESTS_LAWS_LITTLE_H

#include "law.h"
#include "preemptsim/engine/sim.h"
#include "preemptsim/kernel/kernel.h"

/**
 * struct little - what is counted of a run.
 * @from: since then
 * @until: up to then
 * @n: jobs that have come and not gone
 * @since: for how long there have been so many
 * @area: the sum of jobs times time
 * @arrivals, @found: how many came, and how many each of them found, in all
 */
struct little {
	int64_t from, until;
	int64_t n, since;
	double area;
	uint64_t arrivals, found;
};

/* There are @by more from @now on. */
static inline void little_count(struct little *little, int64_t now, int by)
{
	int64_t begin = MAX(little->since, little->from);
	int64_t end = MIN(now, little->until);

	if (end > begin)
		little->area += (double)little->n * (double)(end - begin);
	little->since = now;
	little->n += by;
}

static inline void little_told_arrival(void *data,
				       const struct trace_record *record)
{
	struct little *little = data;

	if (record->when >= little->from) {
		little->arrivals++;
		little->found += (uint64_t)little->n;
	}
	little_count(little, record->when, 1);
}

/* A task that works in the background has no arrivals. */
static inline void little_told_end(void *data,
				   const struct trace_record *record)
{
	const struct task *task = record->object;

	if (task->comm[0] == 't')
		little_count(data, record->when, -1);
}

/* Count the interrupts of all devices, and the jobs of the tasks that they
 * wake, whose names begin with a t. */
static inline void little_observe(void *data, struct kernel *kernel)
{
	struct tracer *tracer = &kernel->sim->tracer;

	tracer_listen(tracer, TP_irq_handle, little_told_arrival, data);
	tracer_listen(tracer, TP_job_end, little_told_end, data);
	tracer_listen(tracer, TP_job_skip, little_told_end, data);
}

/* Jobs in the system, on average over time. */
static inline double little_mean(struct little *little)
{
	little_count(little, little->until, 0);
	return little->area / (double)(little->until - little->from);
}

/* And as those who arrive see it. */
static inline double little_found(const struct little *little)
{
	return (double)little->found / (double)little->arrivals;
}

#endif /* TESTS_LAWS_LITTLE_H */
