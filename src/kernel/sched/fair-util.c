/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What load averages say about a CPU, and how much a task that slept will use
 * one.  cf. kernel/sched/fair.c v6.12: cpu_load(), cpu_util(), cpu_runnable();
 * util_est_enqueue(), util_est_dequeue(), util_est_update().
 *
 * A sleeper's util_avg decays.  What it was when the task went to sleep is
 * kept: that, or, if it was less than the times before, an average of these.
 */
#include <config.h>

#include "fair-load-private.h"

#include <glib.h>

/* A hundredth of a CPU is no difference. */
#define UTIL_EST_MARGIN (SCHED_CAPACITY_SCALE / 100)

/* How much the last time counts: 2^-this. */
#define UTIL_EST_WEIGHT_SHIFT 2

/*
 * CPUs
 */

void update_cpu_capacity(struct rq *rq)
{
	uint64_t used = rq->avg_rt.util_avg + rq->avg_dl.util_avg;

	rq->cpu_capacity =
		used < SCHED_CAPACITY_SCALE ? SCHED_CAPACITY_SCALE - used : 1;
}

uint64_t cpu_load(const struct rq *rq)
{
	return likely(rq->pelt) ? rq->cfs.avg.load_avg : fair_load(rq);
}

/* Without averages: a CPU that is not idle is used. */
uint64_t cpu_util_cfs(const struct rq *rq, bool boost)
{
	uint64_t util = MAX(rq->cfs.avg.util_avg, rq->cfs.avg.util_est);

	if (!rq->pelt)
		return rq_is_idle(rq->kc->kernel, rq->kc->cpu.id) ?
			       0 :
			       SCHED_CAPACITY_SCALE;
	if (boost)
		util = MAX(util, rq->cfs.avg.runnable_avg);
	return MIN(util, SCHED_CAPACITY_SCALE);
}

/* Without averages: each task would use a CPU. */
uint64_t cpu_runnable(const struct rq *rq)
{
	return likely(rq->pelt) ?
		       rq->cfs.avg.runnable_avg :
		       (uint64_t)rq->cfs.nr_running * SCHED_CAPACITY_SCALE;
}

/*
 * Tasks
 */

static uint32_t util_est(const struct task *p)
{
	return MAX(p->se.avg.util_est & ~UTIL_AVG_UNCHANGED,
		   p->se.avg.util_est_enqueued & ~UTIL_AVG_UNCHANGED);
}

uint64_t task_util_est(const struct task *p)
{
	return MAX(p->se.avg.util_avg, util_est(p));
}

void util_est_enqueue(struct rq *rq, const struct task *p)
{
	rq->cfs.avg.util_est += util_est(p);
}

/* A quarter of the way from @ewma to @last. */
static uint32_t approach(uint32_t ewma, uint32_t last)
{
	ewma <<= UTIL_EST_WEIGHT_SHIFT;
	return (ewma - ((ewma >> UTIL_EST_WEIGHT_SHIFT) - last)) >>
	       UTIL_EST_WEIGHT_SHIFT;
}

/* Since 6.8.  One that had to wait might have used more. */
static uint32_t next_util_est(const struct sched_avg *sa, uint32_t ewma)
{
	uint32_t last = (uint32_t)sa->util_avg;

	if (ewma <= last)
		return last;
	if (ewma - last < UTIL_EST_MARGIN ||
	    last + UTIL_EST_MARGIN < sa->runnable_avg)
		return ewma;
	return approach(ewma, last);
}

/* Up to 6.7: the last time and the average of all are both kept. */
static void update_pair(struct sched_avg *sa)
{
	uint32_t last = (uint32_t)sa->util_avg, before = sa->util_est_enqueued;

	if (before & UTIL_AVG_UNCHANGED)
		return;
	if (sa->util_est < last) {
		sa->util_est = last;
	} else if (sa->util_est - last < UTIL_EST_MARGIN) {
		if (MAX(before, last) - MIN(before, last) < UTIL_EST_MARGIN)
			return;
	} else {
		sa->util_est = approach(sa->util_est, last);
	}
	sa->util_est_enqueued = last | UTIL_AVG_UNCHANGED;
}

/* In 6.12 the task may wake up again as soon as it is dequeued. */
void util_est_dequeue(struct rq *rq, struct task *p, bool sleep)
{
	struct sched_avg *sa = &p->se.avg;

	rq->cfs.avg.util_est -= MIN(rq->cfs.avg.util_est, util_est(p));
	if (!sleep || !rq->kc->kernel->version->util_est_single ||
	    sa->util_est & UTIL_AVG_UNCHANGED)
		return;
	sa->util_est = next_util_est(sa, sa->util_est) | UTIL_AVG_UNCHANGED;
}

void util_est_dequeued(const struct rq *rq, struct task *p, bool sleep)
{
	if (sleep && !rq->kc->kernel->version->util_est_single)
		update_pair(&p->se.avg);
}
