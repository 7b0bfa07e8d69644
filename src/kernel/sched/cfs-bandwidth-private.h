/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_CFS_BANDWIDTH_PRIVATE_H
#define PREEMPTSIM_CFS_BANDWIDTH_PRIVATE_H

/*
 * What the queues of groups ask of cfs-bandwidth.c.  All of @cfs are groups'.
 */

#include "preemptsim/kernel/kernel.h"
#include "preemptsim/kernel/task-group.h"

/** group_rq_of - the group whose queue @cfs is, on that CPU. */
static inline struct group_rq *group_rq_of(struct cfs_rq *cfs)
{
	return container_of(cfs, struct group_rq, cfs);
}

/** cfs_rq_throttled - has the group of @cfs no runtime left on that CPU? */
static inline bool cfs_rq_throttled(struct cfs_rq *cfs)
{
	return unlikely(group_rq_of(cfs)->throttled);
}

/** throttled_hierarchy - has it, or a group that it is in? */
static inline bool throttled_hierarchy(struct cfs_rq *cfs)
{
	return cfs->tg && group_rq_of(cfs)->throttle_count;
}

/** account_cfs_rq_runtime - @cfs has run for @delta ns; what it has left may
 * have to be more. */
void account_cfs_rq_runtime(struct rq *rq, struct cfs_rq *cfs, int64_t delta);

/** check_cfs_rq_runtime - throttle @cfs if it has nothing left; true: it is. */
bool check_cfs_rq_runtime(struct rq *rq, struct cfs_rq *cfs);

/** check_enqueue_throttle - likewise, since something came to the empty
 * @cfs. */
void check_enqueue_throttle(struct rq *rq, struct cfs_rq *cfs);

/** return_cfs_rq_runtime - @cfs is empty, and most of what it has left can be
 * used elsewhere. */
void return_cfs_rq_runtime(struct rq *rq, struct cfs_rq *cfs);

/** init_cfs_bandwidth - @tg has what its period and quota say. */
void init_cfs_bandwidth(struct task_group *tg, struct kernel *kernel);

#endif
