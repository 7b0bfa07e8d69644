/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files that read distributions share.
 */
#ifndef PREEMPTSIM_SCENARIO_DISTRIBUTION_PRIVATE_H
#define PREEMPTSIM_SCENARIO_DISTRIBUTION_PRIVATE_H

#include "preemptsim/scenario/doc.h"
#include "reader-private.h"

/*
 * struct form - a way to write a distribution.
 * @desc: for people
 * @takes: what stands behind its name; a PARAM_MAP has keys
 * @list: a list of that
 */
struct form {
	struct distribution desc;
	struct param takes;
	bool list;
	struct dist *(*read)(struct reader *rd, struct ynode *node);
};

const struct form *distribution_form(unsigned int i);
int64_t dist_unit(const struct timebase *tb, ktime_t *times, size_t n);
struct dist *read_empirical(struct reader *rd, struct ynode *node);

#endif /* PREEMPTSIM_SCENARIO_DISTRIBUTION_PRIVATE_H */
