/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The language of scenarios as data: which mappings there are, and what may
 * stand in them.  The reader, the JSON Schema and the manual are all driven
 * by it.
 */
#ifndef PREEMPTSIM_SCENARIO_SECTION_PRIVATE_H
#define PREEMPTSIM_SCENARIO_SECTION_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>

#include "preemptsim/base/params.h"
#include "preemptsim/scenario/model.h"

/*
 * struct task_raw - a task as it is written.
 * @conf: most of it
 * @jobs, @loop, @once: its program, one of them
 */
struct task_raw {
	struct task_conf conf;
	GPtrArray *jobs, *loop, *once;
};

/* enum section_form - what stands at a section's path. */
enum section_form {
	SECTION_MAP,   /* a mapping of the keys */
	SECTION_NAMED, /* a mapping from free names to mappings of the keys */
	SECTION_NAMES, /* a list of free names; no keys */
	SECTION_TEXTS, /* a list of texts; no keys */
	SECTION_LISTS, /* a mapping from free names to lists of names */
	SECTION_SETTINGS, /* a mapping from free names to settings; no keys */
};

/*
 * struct section - a mapping of the language.
 * @path: where it stands, "machine.costs"; NAME for a free name; "" is the
 *        scenario itself
 * @form: as above; all but SECTION_MAP are read by functions of their own
 * @keys: what it holds
 * @shorthand: the key that is meant by a scalar in place of the mapping, or
 *             NULL
 * @inline_dist: the mapping may also hold a distribution (`{exponential:
 *               1ms, cpu: 1}`), which goes to the struct dist * at @dist
 * @where: context of the steps that stand directly in it
 * @where_else: the same if another key of it says so; 0: none does
 * @help: one sentence
 */
struct section {
	const char *path;
	enum section_form form;
	const struct param *keys;
	const char *shorthand;
	bool inline_dist;
	size_t dist;
	unsigned int where, where_else;
	const char *help;
};

/* The keys of a scenario's machine and kernel: section-kernel.c. */
extern const struct param machine_keys[];
extern const struct param topology_keys[];
extern const struct param idle_keys[];
extern const struct param costs_keys[];
extern const struct param kernel_keys[];
extern const struct param throttling_keys[];
extern const struct param feature_keys[];
extern const struct param slice_keys[];

/* Those of what runs on it: section-workload.c. */
extern const struct param lock_keys[];
extern const struct param device_keys[];
extern const struct param irq_keys[];
extern const struct param softirq_keys[];
extern const struct param group_keys[];
extern const struct param task_keys[];

const struct section *section_at(unsigned int i);
const struct section *section_of(const struct param *keys);
const struct section *section_find(const char *path);

#endif /* PREEMPTSIM_SCENARIO_SECTION_PRIVATE_H */
