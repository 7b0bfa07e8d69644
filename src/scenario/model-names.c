/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The names that a scenario gives, collected before anything refers to them;
 * and those that nothing referred to, afterwards.
 */
#include <config.h>

#include "model-private.h"

/* The mapping or list at @key, made from nothing if need be; or NULL. */
static struct ynode *collection(struct reader *rd, struct ynode *root,
				const char *key, enum ynode_kind kind)
{
	struct ynode *node = ynode_get(root, key);

	if (!node)
		return params_default(root, key,
				      kind == YNODE_MAPPING ? "{}" : "[]");
	if (ynode_is_null(node))
		ynode_become(node, kind);
	if (node->kind == kind)
		return node;
	diag_error(rd->diags, node,
		   kind == YNODE_MAPPING ?
			   "'%s' must be a mapping from names" :
			   "'%s' must be a list of names, as in [a, b]",
		   key);
	return NULL;
}

static void collect_locks(struct reader *rd, struct ynode *root)
{
	struct ynode *node = collection(rd, root, "locks", YNODE_MAPPING);

	for (unsigned int i = 0; node && i < ynode_size(node); i++)
		names_add(&rd->names[NAME_LOCK], ynode_key(node, i)->text);
}

static void collect_queue(struct reader *rd, struct ynode *node)
{
	struct names *names = &rd->names[NAME_QUEUE];

	if (!read_scalar(rd, node, "waitqueues", "a list of names") ||
	    !name_is_valid(rd, node, "wait queue"))
		return;
	if (names_find(names, node->text) >= 0)
		diag_error(rd->diags, node,
			   "the wait queue '%s' stands here "
			   "twice; remove one of them",
			   node->text);
	names_add(names, node->text);
}

static void collect_queues(struct reader *rd, struct ynode *root)
{
	struct ynode *node = collection(rd, root, "waitqueues", YNODE_SEQUENCE);

	for (unsigned int i = 0; node && i < ynode_size(node); i++)
		collect_queue(rd, ynode_item(node, i));
}

static void collect_device(struct reader *rd, const struct ynode *key,
			   const struct ynode *node)
{
	struct names *queues = &rd->names[NAME_QUEUE];
	bool serves = ynode_get(node, "service") != NULL;

	if (names_find(queues, key->text) >= 0)
		diag_error(rd->diags, key,
			   "'%s' is a wait queue and a device; "
			   "each device has a wait queue of its own name, "
			   "rename one of them",
			   key->text);
	names_add(queues, key->text);
	names_add(&rd->names[NAME_DEVICE], key->text);
	g_array_append_val(rd->serves, serves);
}

static void collect_devices(struct reader *rd, struct ynode *root)
{
	struct ynode *node = collection(rd, root, "devices", YNODE_MAPPING);

	for (unsigned int i = 0; node && i < ynode_size(node); i++)
		collect_device(rd, ynode_key(node, i), ynode_item(node, i));
}

/* One without groups stays one. */
static void collect_groups(struct reader *rd, struct ynode *root)
{
	struct ynode *node = NULL;

	if (ynode_get(root, "groups"))
		node = collection(rd, root, "groups", YNODE_MAPPING);
	for (unsigned int i = 0; node && i < ynode_size(node); i++)
		names_add(&rd->names[NAME_GROUP], ynode_key(node, i)->text);
}

/**
 * names_collect - the names of locks, wait queues, devices and groups.
 * @rd: the reader
 * @root: the scenario; gets an empty collection for each that is absent
 */
void names_collect(struct reader *rd, struct ynode *root)
{
	collect_locks(rd, root);
	collect_queues(rd, root);
	collect_devices(rd, root);
	collect_groups(rd, root);
	collection(rd, root, "tasks", YNODE_MAPPING);
}

/**
 * names_report_unused - warn of locks, wait queues and groups that nothing
 * refers to.
 * @rd: the reader, when all is read
 * @root: the scenario
 */
void names_report_unused(struct reader *rd, const struct ynode *root)
{
	const struct ynode *locks = ynode_get(root, "locks");
	const struct ynode *queues = ynode_get(root, "waitqueues");
	const struct ynode *groups = ynode_get(root, "groups");

	for (unsigned int i = 0; groups && i < ynode_size(groups); i++) {
		if (!names_used(&rd->names[NAME_GROUP], i))
			diag_warning(rd->diags, ynode_key(groups, i),
				     "nothing is in the group '%s'",
				     ynode_key(groups, i)->text);
	}
	for (unsigned int i = 0; i < ynode_size(locks); i++) {
		if (!names_used(&rd->names[NAME_LOCK], i))
			diag_warning(rd->diags, ynode_key(locks, i),
				     "the lock "
				     "'%s' is never taken",
				     ynode_key(locks, i)->text);
	}
	for (unsigned int i = 0; i < ynode_size(queues); i++) {
		if (!names_used(&rd->names[NAME_QUEUE], i))
			diag_warning(rd->diags, ynode_item(queues, i),
				     "the "
				     "wait queue '%s' is never used",
				     ynode_item(queues, i)->text);
	}
}
