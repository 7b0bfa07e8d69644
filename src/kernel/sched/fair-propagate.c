/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a group's entity has to be told of its queue's load averages, and what
 * of a CPU's load is a task's in a group.  cf. kernel/sched/fair.c v6.12:
 * propagate_entity_load_avg(), update_tg_cfs_util(), update_tg_cfs_runnable(),
 * update_tg_cfs_load(), update_cfs_rq_h_load(), task_h_load().
 *
 * While time passes, entity and queue come to the same by themselves: what one
 * has run, the other has.  When a task comes with a past or takes one along, the
 * difference is handed up from queue to queue.
 */
#include <config.h>

#include "fair-group-private.h"
#include "fair-load-private.h"
#include "pelt-private.h"

#include <glib.h>

void add_tg_cfs_propagate(struct cfs_rq *cfs, int64_t runnable_sum)
{
	struct group_rq *group;

	if (likely(!cfs->tg))
		return;
	group = group_rq_of(cfs);
	group->propagate = true;
	group->prop_runnable_sum += runnable_sum;
}

/* An average and its sum change by so much, down to 0 and not below what the
 * average needs; in 32 bits, as in fair-load.c. */
static void change_avg(uint64_t *avg, uint64_t *sum, int64_t avg_by,
		       int64_t sum_by)
{
	*avg = (uint64_t)MAX((int64_t)*avg + avg_by, 0);
	*sum = (uint64_t)MAX((int64_t)*sum + sum_by, 0);
	*sum = MAX((uint32_t)*sum, (uint32_t)(*avg * PELT_MIN_DIVIDER));
}

static void update_tg_cfs_util(struct cfs_rq *cfs, struct sched_entity *se)
{
	int64_t by = (int64_t)(se->my_q->avg.util_avg - se->avg.util_avg);
	uint64_t before = se->avg.util_sum, sum = cfs->avg.util_sum;

	if (!by)
		return;
	se->avg.util_avg = se->my_q->avg.util_avg;
	se->avg.util_sum =
		(uint32_t)(se->avg.util_avg * pelt_divider(&cfs->avg));
	change_avg(&cfs->avg.util_avg, &sum, by,
		   (int64_t)(se->avg.util_sum - before));
	cfs->avg.util_sum = (uint32_t)sum;
}

static void update_tg_cfs_runnable(struct cfs_rq *cfs, struct sched_entity *se)
{
	int64_t by =
		(int64_t)(se->my_q->avg.runnable_avg - se->avg.runnable_avg);
	uint64_t before = se->avg.runnable_sum;

	if (!by)
		return;
	se->avg.runnable_avg = se->my_q->avg.runnable_avg;
	se->avg.runnable_sum =
		(uint32_t)(se->avg.runnable_avg * pelt_divider(&cfs->avg));
	change_avg(&cfs->avg.runnable_avg, &cfs->avg.runnable_sum, by,
		   (int64_t)(se->avg.runnable_sum - before));
}

/* For how long the group has wanted to run, if its load is @by more: those that
 * come did so at other times than the others, those that go as long as the
 * others.  It has run for no longer than that. */
static int64_t runnable_sum_of(const struct sched_entity *se, int64_t by,
			       uint32_t divider)
{
	const struct cfs_rq *my_q = se->my_q;
	int64_t now = (int64_t)se->avg.load_sum, sum = 0;

	if (by >= 0) {
		sum = MIN(now + by, (int64_t)divider);
	} else if (my_q->load) {
		sum = (int64_t)(my_q->avg.load_sum / my_q->load);
		sum = MIN(now, sum);
	}
	return MAX(sum, (int64_t)(se->avg.util_sum >> 10));
}

static void update_tg_cfs_load(struct cfs_rq *cfs, struct sched_entity *se,
			       int64_t by)
{
	uint32_t divider = pelt_divider(&cfs->avg);
	uint64_t runnable_sum, load_sum, before = se->weight * se->avg.load_sum;
	int64_t avg_by;

	if (!by)
		return;
	runnable_sum = (uint64_t)runnable_sum_of(se, by, divider);
	load_sum = se->weight * runnable_sum;
	avg_by = (int64_t)(load_sum / divider - se->avg.load_avg);
	if (!avg_by)
		return;
	se->avg.load_sum = runnable_sum;
	se->avg.load_avg = load_sum / divider;
	change_avg(&cfs->avg.load_avg, &cfs->avg.load_sum, avg_by,
		   (int64_t)(load_sum - before));
}

bool propagate_entity_load_avg(struct sched_entity *se)
{
	struct group_rq *group = group_rq_of(se->my_q);
	int64_t by = group->prop_runnable_sum;

	if (!group->propagate)
		return false;
	group->propagate = false;
	group->prop_runnable_sum = 0;
	add_tg_cfs_propagate(se->cfs_rq, by);
	update_tg_cfs_util(se->cfs_rq, se);
	update_tg_cfs_runnable(se->cfs_rq, se);
	update_tg_cfs_load(se->cfs_rq, se, by);
	return true;
}

/*
 * A task's part of its CPU's load
 */

/* Once a jiffy, from the CPU's own queue, or the first one that is known, down
 * to @cfs. */
static void update_cfs_rq_h_load(const struct kernel *kernel,
				 struct cfs_rq *cfs)
{
	uint64_t now = jiffies(kernel) + 1;
	struct sched_entity *se;

	if (cfs->h_load_at == now)
		return;
	cfs->h_load_next = NULL;
	while (cfs->tg && cfs->h_load_at != now) {
		se = cfs_rq_entity(cfs);
		cfs = se->cfs_rq;
		cfs->h_load_next = se;
	}
	if (cfs->h_load_at != now)
		cfs->h_load = cfs->avg.load_avg;
	cfs->h_load_at = now;
	while ((se = cfs->h_load_next)) {
		uint64_t load = cfs->h_load * se->avg.load_avg /
				(cfs->avg.load_avg + 1);

		cfs = se->my_q;
		cfs->h_load = load;
		cfs->h_load_at = now;
	}
}

uint64_t task_h_load(const struct task *p)
{
	struct cfs_rq *cfs = p->se.cfs_rq;

	if (!cfs || !cpu_rq(p->kernel, p->cpu)->pelt)
		return p->se.weight;
	update_cfs_rq_h_load(p->kernel, cfs);
	return p->se.avg.load_avg * cfs->h_load / (cfs->avg.load_avg + 1);
}
