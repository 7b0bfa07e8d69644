/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Turning nodes into C structs by tables of keys.
 */
#ifndef PREEMPTSIM_SCENARIO_READER_PRIVATE_H
#define PREEMPTSIM_SCENARIO_READER_PRIVATE_H

#include <glib.h>
#include <stdbool.h>

#include "diag-private.h"
#include "preemptsim/base/params.h"
#include "preemptsim/scenario/model.h"
#include "preemptsim/scenario/suggest.h"
#include "preemptsim/workload/step.h"
#include "section-private.h"

/* enum name_kind - things of a scenario that have names. */
enum name_kind {
	NAME_LOCK,
	NAME_QUEUE,
	NAME_DEVICE,
	NAME_GROUP,
	NAME_DATA,
	NR_NAME_KINDS
};

/*
 * struct names - the names of one kind.
 * @word: what messages call such a thing
 * @list: GPtrArray of const char *, owned
 * @index: name -> index + 1
 * @used: GArray of bool, whether a step or a task refers to it
 */
struct names {
	const char *word;
	GPtrArray *list;
	GHashTable *index;
	GArray *used;
};

/*
 * struct reader - what reading a scenario needs to know.
 * @tb: units of times
 * @cpus: of the machine
 * @isolated: those of them that `all' does not mean
 * @folder: of the scenario's file, where relative file names start
 * @names: by enum name_kind
 * @locks: GPtrArray of struct lock_conf *, by index of its name
 * @devices: GPtrArray of struct device_conf *, those that have been read
 * @serves: GArray of bool by device, whether it serves requests
 * @tasks: how many have been read, with copies
 * @cut: the end of the scenario could not be read: there may be more names
 */
struct reader {
	struct diags *diags;
	struct timebase tb;
	unsigned int cpus;
	struct cpumask isolated;
	const char *folder;
	struct names names[NR_NAME_KINDS];
	const GPtrArray *locks, *devices;
	GArray *serves;
	int64_t tasks;
	bool cut;
};

/* names.c */
void names_init(struct names *names, const char *word);
void names_clear(struct names *names);
int names_add(struct names *names, const char *name);
int names_find(const struct names *names, const char *name);
bool names_used(const struct names *names, unsigned int i);
int names_resolve(struct reader *rd, enum name_kind kind,
		  const struct ynode *node);
int names_resolve_server(struct reader *rd, const struct ynode *node);
int names_resolve_data(struct reader *rd, const struct ynode *node);
bool name_is_valid(struct reader *rd, const struct ynode *node,
		   const char *word);

/* params-read.c */
bool params_read(struct reader *rd, struct ynode *node,
		 const struct section *section, const char *what, void *base);
bool param_read(struct reader *rd, struct ynode *node,
		const struct section *section, const struct param *param,
		const char *name, void *out);
void params_order(struct ynode *node, const struct param *keys);
struct ynode *params_default(struct ynode *mapping, const char *key,
			     const char *text);

/* value.c */
bool value_is_yes(const struct ynode *node);
bool read_scalar(struct reader *rd, struct ynode *node, const char *name,
		 const char *takes);
bool read_time(struct reader *rd, struct ynode *node, const char *name,
	       ktime_t *out);
bool read_value(struct reader *rd, struct ynode *node,
		const struct param *param, const char *name, void *out);

/* value-list.c */
bool read_cpus(struct reader *rd, struct ynode *node, const char *name,
	       struct cpumask *out);
bool read_times(struct reader *rd, struct ynode *node,
		const struct param *param, const char *name, GArray **out);

/* distribution.c */
bool read_dist(struct reader *rd, struct ynode *node, const char *name,
	       struct dist **out);
bool is_distribution_name(const char *word);

/* steps.c */
bool read_steps(struct reader *rd, struct ynode *node, const char *name,
		unsigned int where, GPtrArray **out);
char *step_places(unsigned int where);

#endif /* PREEMPTSIM_SCENARIO_READER_PRIVATE_H */
