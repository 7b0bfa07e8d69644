/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Groups of tasks: which one is in which.
 */
#include <config.h>

#include "model-private.h"
#include "preemptsim/kernel/task-group.h"

/* How many groups may be in each other. */
#define DEPTH_MAX 16

/** group_free - free a struct group_conf. */
void group_free(gpointer data)
{
	struct group_conf *group = data;

	g_free(group->name);
	g_free(group);
}

/* A quota has a period, and a burst that fits in. */
static void check_quota(struct reader *rd, struct group_conf *group,
			struct ynode *node)
{
	static const char *const period[] = { "period", NULL };
	static const char *const burst[] = { "burst", NULL };

	if (!ynode_get(node, "quota"))
		ynode_set(node, "quota", ynode_new_scalar(node, "max", false));
	if (ynode_is_word(ynode_get(node, "quota"), "max")) {
		model_misplaced(rd, node, period, "it goes with quota");
		if (group->burst) /* none may stay where a quota goes */
			model_misplaced(rd, node, burst, "it goes with quota");
		return;
	}
	model_default_time(rd, node, "period", "100ms", &group->period);
	model_default_time(rd, node, "burst", "0ns", &group->burst);
	if (group->quota && group->burst > group->quota)
		diag_error(rd->diags, ynode_get(node, "burst"),
			   "the burst, %s, is longer than the quota, %s; it "
			   "may be as long at most",
			   ynode_get(node, "burst")->text,
			   ynode_get(node, "quota")->text);
}

static void group_read(struct reader *rd, struct scenario *s,
		       const struct ynode *key, struct ynode *node,
		       const char *what)
{
	static const char *const nice[] = { "nice", NULL };
	static const char *const both[] = { "weight", "nice", NULL };
	struct group_conf *group = g_new0(struct group_conf, 1);

	group->name = g_strdup(key->text);
	group->parent = -1;
	g_ptr_array_add(s->groups, group);
	params_read(rd, node, section_find("groups"), what, group);
	if (node->kind != YNODE_MAPPING)
		return;
	if (group->idle) {
		model_misplaced(rd, node, both, "idle: has it weigh 3");
	} else if (ynode_get(node, "weight")) {
		model_misplaced(rd, node, nice, "weight: says it already");
	} else if (!ynode_get(node, "nice")) {
		params_default(node, "weight", "100");
		group->weight = CGROUP_WEIGHT_DFL;
	}
	check_quota(rd, group, node);
	params_order(node, section_find("groups")->keys);
}

/* How many groups @group is in; more than there are: some are in themselves.
 * @loop: is it one of those? */
static unsigned int depth_of(const struct scenario *s,
			     const struct group_conf *group, bool *loop)
{
	const struct group_conf *up = group;
	unsigned int depth = 0;

	*loop = false;
	while (up->parent >= 0 && depth <= s->groups->len && !*loop) {
		up = s->groups->pdata[up->parent];
		depth++;
		*loop = up == group;
	}
	return depth;
}

static void check_depth(struct reader *rd, const struct scenario *s,
			const struct ynode *groups,
			const struct group_conf *group)
{
	const struct ynode *at =
		ynode_get(ynode_get(groups, group->name), "parent");
	bool loop;
	unsigned int depth = depth_of(s, group, &loop);

	if (loop)
		diag_error(rd->diags, at,
			   "the group '%s' is in itself; it needs another "
			   "parent, or none",
			   group->name);
	else if (depth > DEPTH_MAX && depth <= s->groups->len)
		diag_error(rd->diags, at,
			   "the group '%s' is in %u others; up to %d are "
			   "possible",
			   group->name, depth, DEPTH_MAX);
}

/* Names that are mistakes have no group of their index. */
static bool all_read(const struct reader *rd, const struct scenario *s)
{
	return s->groups->len == rd->names[NAME_GROUP].list->len;
}

static void check_fair(struct reader *rd, const struct scenario *s,
		       const struct ynode *groups)
{
	const struct sched_class *fair;

	if (s->kernel.fair < 0)
		return;
	fair = fair_class((unsigned int)s->kernel.fair);
	if (!fair->groups)
		diag_error(rd->diags, groups,
			   "kernel.fair is %s, which knows no groups; take "
			   "eevdf or cfs",
			   fair->name);
}

/**
 * groups_read - read all groups.
 * @rd: the reader
 * @s: gets them
 */
void groups_read(struct reader *rd, struct scenario *s)
{
	const struct ynode *groups = ynode_get(s->resolved, "groups");

	if (!groups || groups->kind != YNODE_MAPPING)
		return;
	model_each(rd, s, "groups", group_read);
	for (guint i = 0; all_read(rd, s) && i < s->groups->len; i++)
		check_depth(rd, s, groups, s->groups->pdata[i]);
	if (ynode_size(groups))
		check_fair(rd, s, groups);
}
