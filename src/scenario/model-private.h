/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The parts of reading a scenario, one file each.
 */
#ifndef PREEMPTSIM_SCENARIO_MODEL_PRIVATE_H
#define PREEMPTSIM_SCENARIO_MODEL_PRIVATE_H

#include "reader-private.h"

/*
 * model_fn - reads one member of a named section.
 * @key: its name, which is valid
 * @node: what it is
 * @what: what messages call it, "tasks.player"
 */
typedef void (*model_fn)(struct reader *rd, struct scenario *s,
			 const struct ynode *key, struct ynode *node,
			 const char *what);

/* model.c */
void model_each(struct reader *rd, struct scenario *s, const char *path,
		model_fn read);
bool model_misplaced(struct reader *rd, const struct ynode *node,
		     const char *const *keys, const char *why);
void model_default_time(struct reader *rd, struct ynode *node, const char *key,
			const char *text, ktime_t *out);

/* model-device.c */
void device_read(struct reader *rd, struct scenario *s, const struct ynode *key,
		 struct ynode *node, const char *what);
void device_free(gpointer device);

/* model-stream.c */
void stream_read(struct reader *rd, struct device_conf *device,
		 struct ynode *node, bool fine);
void stream_check_task(struct reader *rd, const struct task_conf *task,
		       const struct ynode *node);

/* model-task.c */
void task_read(struct reader *rd, struct scenario *s, const struct ynode *key,
	       struct ynode *node, const char *what);
void task_free(gpointer task);

/* model-group.c */
void groups_read(struct reader *rd, struct scenario *s);
void group_free(gpointer group);

/* model-admission.c */
void admission_check(struct reader *rd, const struct scenario *s);

/* model-machine.c */
void machine_peek(struct reader *rd, const struct ynode *root);
void machine_finish(struct reader *rd, struct scenario *s);
void kernel_finish(struct reader *rd, struct scenario *s);

/* model-version.c */
void version_finish(struct reader *rd, struct scenario *s);

/* model-builds.c */
char *builds_apply(struct ynode *root, struct diags *diags);
void builds_read(struct reader *rd, struct scenario *s);

/* model-chains.c */
void chains_read(struct reader *rd, struct scenario *s);
void chain_conf_free(gpointer chain);

/* model-plugin.c */
void plugins_read(struct reader *rd, struct ynode *root);

/* model-expect.c */
void expects_read(struct reader *rd, struct scenario *s);
void expect_free(gpointer expect);

/* model-names.c */
void names_collect(struct reader *rd, struct ynode *root);
void names_report_unused(struct reader *rd, const struct ynode *root);

#endif /* PREEMPTSIM_SCENARIO_MODEL_PRIVATE_H */
