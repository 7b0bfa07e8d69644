/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Chains: a device and tasks that wake each other, or tasks alone.
 *
 * Which event a job comes from is concluded from when the task was woken.  So
 * each task must be woken by the one before it and by nobody else, and there
 * must be one of it.
 */
#include <config.h>

#include <string.h>

#include "model-private.h"

#include "preemptsim/measure/chain.h"

/** chain_conf_free - free a struct chain_conf. */
void chain_conf_free(gpointer data)
{
	struct chain_conf *chain = data;

	g_free(chain->name);
	g_array_unref(chain->tasks);
	g_free(chain);
}

static int find_task(const struct scenario *s, const char *name)
{
	for (unsigned int i = 0; i < s->tasks->len; i++) {
		const struct task_conf *task = s->tasks->pdata[i];

		if (!strcmp(task->name, name))
			return (int)i;
	}
	return -1;
}

static bool wakes(const GPtrArray *steps, int queue)
{
	for (unsigned int i = 0; steps && i < steps->len; i++) {
		const struct step *step = g_ptr_array_index(steps, i);

		if ((step->ref == queue &&
		     g_str_has_prefix(step->type->name, "wake")) ||
		    wakes(step->body, queue))
			return true;
	}
	return false;
}

static bool device_wakes(const struct device_conf *device, int queue)
{
	return wakes(device->handler, queue) || wakes(device->softirq, queue);
}

/* Who wakes @queue but not the link before, or NULL. */
static const char *other_waker(const struct scenario *s, int queue,
			       const struct device_conf *device,
			       const struct task_conf *before)
{
	for (unsigned int i = 0; i < s->devices->len; i++) {
		const struct device_conf *other = s->devices->pdata[i];

		if (other != device && device_wakes(other, queue))
			return other->name;
	}
	for (unsigned int i = 0; i < s->tasks->len; i++) {
		const struct task_conf *other = s->tasks->pdata[i];

		if (other != before && wakes(other->steps, queue))
			return other->name;
	}
	return NULL;
}

static void check_waker(struct reader *rd, const struct scenario *s,
			const struct ynode *node, const struct task_conf *task,
			const struct device_conf *device,
			const struct task_conf *before)
{
	const char *name = device ? device->name : before->name;
	const char *other = other_waker(s, task->on, device, before);
	bool woken = device ? device_wakes(device, task->on) :
			      wakes(before->steps, task->on);

	if (!woken)
		diag_error(rd->diags, node,
			   "nothing in '%s' wakes '%s'; a link of a chain "
			   "wakes the next one",
			   name, task->name);
	else if (other)
		diag_error(rd->diags, node,
			   "'%s' is woken by '%s', too; only '%s' may wake it "
			   "in this chain",
			   task->name, other, name);
}

static void no_task(struct reader *rd, const struct scenario *s,
		    const struct ynode *node)
{
	struct suggestion suggestion;
	g_autofree char *hint = NULL;

	suggestion_init(&suggestion, node->text);
	for (unsigned int i = 0; i < s->tasks->len; i++) {
		const struct task_conf *task = s->tasks->pdata[i];

		suggestion_consider(&suggestion, task->name);
	}
	hint = suggestion_finish(&suggestion);
	diag_error(rd->diags, node, "no task '%s'%s", node->text, hint);
}

/* Another task of the chain, behind @device or the last of its tasks. */
static void add_task(struct reader *rd, struct scenario *s,
		     const struct ynode *node, struct chain_conf *chain)
{
	const struct device_conf *device = NULL;
	const struct task_conf *task, *before = NULL;
	int i = find_task(s, node->text);

	if (i < 0) {
		no_task(rd, s, node);
		return;
	}
	task = s->tasks->pdata[i];
	if (chain->tasks->len)
		before = s->tasks->pdata[g_array_index(
			chain->tasks, unsigned int, chain->tasks->len - 1)];
	else if (chain->device >= 0)
		device = s->devices->pdata[chain->device];
	if (task->body != BODY_JOB || task->copies != 1 ||
	    ((before || device) && task->on < 0))
		diag_error(rd->diags, node,
			   "'%s' can't be a link of a chain; it must be one "
			   "task with on: and do:",
			   node->text);
	else if (before || device)
		check_waker(rd, s, node, task, device, before);
	g_array_append_val(chain->tasks, i);
}

static void read_links(struct reader *rd, struct scenario *s,
		       struct ynode *node, struct chain_conf *chain)
{
	for (unsigned int i = 0; i < ynode_size(node); i++) {
		struct ynode *link = ynode_item(node, i);

		if (!read_scalar(rd, link, "a chain", "a list of names"))
			continue;
		if (!i && names_find(&rd->names[NAME_DEVICE], link->text) >= 0)
			chain->device =
				names_find(&rd->names[NAME_DEVICE], link->text);
		else
			add_task(rd, s, link, chain);
	}
}

static void chain_read(struct reader *rd, struct scenario *s,
		       const struct ynode *key, struct ynode *node)
{
	struct chain_conf *chain = g_new0(struct chain_conf, 1);

	chain->name = g_strdup(key->text);
	chain->device = -1;
	chain->tasks = g_array_new(FALSE, FALSE, sizeof(unsigned int));
	g_ptr_array_add(s->chains, chain);
	if (node->kind != YNODE_SEQUENCE || ynode_size(node) < 2 ||
	    ynode_size(node) > CHAIN_MAX)
		diag_error(rd->diags, node,
			   "a chain is a list of 2 to %d names, as in "
			   "[soundcard, decoder, player]",
			   CHAIN_MAX);
	else
		read_links(rd, s, node, chain);
}

/**
 * chains_read - read all chains; devices and tasks are known.
 * @rd: the reader
 * @s: gets them
 */
void chains_read(struct reader *rd, struct scenario *s)
{
	struct ynode *chains = ynode_get(s->resolved, "chains");

	if (!chains || ynode_is_null(chains))
		return;
	if (chains->kind != YNODE_MAPPING) {
		diag_error(rd->diags, chains,
			   "'chains' takes a mapping, as in "
			   "{audio: [soundcard, decoder, player]}");
		return;
	}
	for (unsigned int i = 0; i < ynode_size(chains); i++) {
		const struct ynode *key = ynode_key(chains, i);

		if (name_is_valid(rd, key, "chain"))
			chain_read(rd, s, key, ynode_item(chains, i));
	}
}
