/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_EEVDF_PRIVATE_H
#define PREEMPTSIM_EEVDF_PRIVATE_H

/*
 * What sched-eevdf.c and eevdf-delayed.c share: the average of a queue, by which
 * is said who has had his due, and what is done with those who have had more.
 *
 * Virtual times are in ns; weights are those of scale_load_down(), 1024 for
 * nice 0.
 */

#include "eevdf-tree-private.h"
#include "fair-group-private.h"

#include <glib.h>

/*
 * The average
 */

static inline int64_t entity_key(const struct cfs_rq *cfs,
				 const struct sched_entity *se)
{
	return se->vruntime - cfs->min_vruntime;
}

/* Sum of key times weight, and of weights, of all that want to run. */
static inline int64_t avg_sum(const struct cfs_rq *cfs, int64_t *load)
{
	const struct sched_entity *curr = cfs->curr;
	int64_t sum = cfs->avg_vruntime;

	*load = (int64_t)cfs->avg_load;
	if (curr && curr->on_rq) {
		sum += entity_key(cfs, curr) * (int64_t)curr->weight;
		*load += (int64_t)curr->weight;
	}
	return sum;
}

/* cf. avg_vruntime(): rounded down. */
static inline int64_t avg_vruntime(const struct cfs_rq *cfs)
{
	int64_t load, sum = avg_sum(cfs, &load);

	if (!load)
		return cfs->min_vruntime;
	if (sum < 0)
		sum -= load - 1;
	return cfs->min_vruntime + sum / load;
}

/* cf. entity_before() */
static inline bool entity_before(const struct sched_entity *a,
				 const struct sched_entity *b)
{
	return a->deadline < b->deadline;
}

static inline bool vruntime_eligible(const struct cfs_rq *cfs, int64_t vruntime)
{
	int64_t load, sum = avg_sum(cfs, &load);

	return sum >= (vruntime - cfs->min_vruntime) * load;
}

static inline void avg_vruntime_add(struct cfs_rq *cfs,
				    const struct sched_entity *se, int sign)
{
	cfs->avg_vruntime += sign * entity_key(cfs, se) * (int64_t)se->weight;
	cfs->avg_load += (uint64_t)((int64_t)se->weight * sign);
}

static inline void update_min_vruntime(struct cfs_rq *cfs)
{
	const struct sched_entity *curr = cfs->curr;
	int64_t vruntime = cfs->min_vruntime, delta;
	bool running = curr && curr->on_rq;

	if (running)
		vruntime = curr->vruntime;
	if (cfs->root)
		vruntime = running ? MIN(vruntime, cfs->root->min_vruntime) :
				     cfs->root->min_vruntime;
	delta = vruntime - cfs->min_vruntime;
	if (delta > 0) {
		cfs->avg_vruntime -= (int64_t)cfs->avg_load * delta;
		cfs->min_vruntime = vruntime;
	}
}

static inline void tree_enqueue(struct cfs_rq *cfs, struct sched_entity *se)
{
	avg_vruntime_add(cfs, se, 1);
	eevdf_tree_insert(cfs, se);
}

static inline void tree_dequeue(struct cfs_rq *cfs, struct sched_entity *se)
{
	eevdf_tree_erase(cfs, se);
	avg_vruntime_add(cfs, se, -1);
}

/* cf. clear_buddies() */
static inline void clear_buddies(const struct sched_entity *se)
{
	for (; se && se->cfs_rq->next == se; se = se->parent)
		se->cfs_rq->next = NULL;
}

/** pick_eevdf - who of @cfs is to run next; cf. pick_eevdf(). */
struct sched_entity *pick_eevdf(const struct rq *rq, const struct cfs_rq *cfs);

/** update_entity_lag - what @se is due, or owes, when it leaves its queue. */
void update_entity_lag(struct rq *rq, struct sched_entity *se);

/** place_entity - where in its queue @se begins; cf. place_entity(). */
void place_entity(struct rq *rq, struct sched_entity *se, unsigned int flags);

/*
 * Delayed tasks
 */

/** delays_dequeue - does @se, which goes to sleep, stay queued?
 * cf. DELAY_DEQUEUE in dequeue_entity() */
static inline bool delays_dequeue(const struct rq *rq,
				  const struct sched_entity *se,
				  unsigned int flags)
{
	return (flags & (DEQUEUE_SLEEP | DEQUEUE_SPECIAL)) == DEQUEUE_SLEEP &&
	       sched_feat(rq, delay_dequeue) &&
	       !vruntime_eligible(se->cfs_rq, se->vruntime);
}

/** set_delayed - @se sleeps from now on, but stays queued. */
void set_delayed(struct sched_entity *se);

/** requeue_delayed - @se has something to run again before its debt is paid. */
void requeue_delayed(struct rq *rq, struct sched_entity *se);

/** dequeue_delayed - @se leaves its queue, and no other one. */
void dequeue_delayed(struct rq *rq, struct sched_entity *se);

/** finish_delayed - the same, and what follows from that for groups and for
 * @rq. */
void finish_delayed(struct rq *rq, struct sched_entity *se);

#endif
