/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_EEVDF_TREE_PRIVATE_H
#define PREEMPTSIM_EEVDF_TREE_PRIVATE_H

/*
 * The fair run queue's tree: entities by (deadline, order of insertion), each
 * node knowing the least vruntime below it.
 */

#include "preemptsim/kernel/sched.h"

/** eevdf_tree_insert - put @se into @cfs's tree; O(log n), no allocation. */
void eevdf_tree_insert(struct cfs_rq *cfs, struct sched_entity *se);

/** eevdf_tree_put_back - the same of one that was in it and was taken out to
 * run: among equals it has the place that it had. */
void eevdf_tree_put_back(struct cfs_rq *cfs, struct sched_entity *se);

/** eevdf_tree_erase - take @se, which is in it, out of @cfs's tree. */
void eevdf_tree_erase(struct cfs_rq *cfs, struct sched_entity *se);

/** eevdf_min_slice - the least slice that anybody in @cfs asks for, who runs
 * included; O(n), since only groups ask, and few tasks have a wish.
 * cf. cfs_rq_min_slice() */
int64_t eevdf_min_slice(const struct cfs_rq *cfs);

#endif
