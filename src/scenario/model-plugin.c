/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Schedulers that a scenario brings along.
 */
#include <config.h>

#include "model-private.h"
#include "preemptsim/kernel/sched.h"

static void load_one(struct reader *rd, const struct ynode *node)
{
	g_autofree char *file = NULL;
	g_autofree char *why = NULL;

	if (node->kind != YNODE_SCALAR) {
		diag_error(rd->diags, node,
			   "'plugins' takes the names of files, as in "
			   "[./my-scheduler.so]");
		return;
	}
	file = g_path_is_absolute(node->text) ?
		       g_strdup(node->text) :
		       g_build_filename(rd->folder, node->text, NULL);
	why = sched_plugin_load(file);
	if (why)
		diag_error(rd->diags, node, "%s", why);
}

/**
 * plugins_read - load the scenario's plug-ins, so that kernel.fair knows them.
 * @rd: the reader
 * @root: the scenario
 */
void plugins_read(struct reader *rd, struct ynode *root)
{
	struct ynode *node = ynode_get(root, "plugins");

	if (!node)
		return;
	if (node->kind == YNODE_SCALAR)
		load_one(rd, node);
	else if (node->kind != YNODE_SEQUENCE)
		diag_error(rd->diags, node,
			   "'plugins' takes a list of files, as in "
			   "[./my-scheduler.so]");
	else
		for (unsigned int i = 0; i < ynode_size(node); i++)
			load_one(rd, ynode_item(node, i));
}
