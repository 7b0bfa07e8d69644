/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_KERNEL_SCHED_FEATURE_H
#define PREEMPTSIM_KERNEL_SCHED_FEATURE_H

/*
 * Switches of the scheduling classes.  A version of Linux has a setting of each; a
 * scenario may have others.
 */

#include <stdbool.h>

/** struct sched_features - which are on; see sched-feature-list.h. */
struct sched_features {
#define SCHED_FEATURE(name, class, since, help) bool name;
#include "preemptsim/kernel/sched-feature-list.h"
#undef SCHED_FEATURE
};

/**
 * struct sched_feature - one of them.
 * @name: as in a scenario, Linux's in lower case
 * @class: whose it is
 * @since: versions of Linux that have it
 * @help: what it does, a sentence
 */
struct sched_feature {
	const char *name, *class, *since, *help;
};

/** sched_feature - feature number @i, NULL behind the last. */
const struct sched_feature *sched_feature(unsigned int i);

/** sched_feature_at - the switch of feature number @i in @features. */
bool *sched_feature_at(struct sched_features *features, unsigned int i);

#endif
