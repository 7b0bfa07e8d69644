/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Streams: what the tables of their kinds can't say.
 */
#include <config.h>

#include <string.h>

#include "model-private.h"

/* The kind that @node has a key of, -1 if none. */
static int kind_of(struct reader *rd, const struct ynode *node)
{
	int found = -1;

	for (unsigned int i = 0; stream_kind(i); i++) {
		int at = ynode_index(node, stream_kind_name(i));

		if (at < 0)
			continue;
		if (found >= 0)
			diag_error(rd->diags, ynode_key(node, (unsigned int)at),
				   "'%s' stands beside '%s'; take one of them",
				   stream_kind_name(i),
				   stream_kind_name((unsigned int)found));
		found = (int)i;
	}
	return found;
}

static int64_t *number_at(struct stream_conf *conf, const struct param *keys,
			  const char *name)
{
	while (strcmp(keys->name, name) != 0)
		keys++;
	return (int64_t *)(void *)((char *)conf + keys->offset);
}

/* Numbers that another one says if they are not there. */
static void fill_in(struct stream_conf *conf, const struct stream_kind *kind,
		    struct ynode *node)
{
	for (unsigned int i = 0; kind->like && kind->like[i][0]; i++) {
		const char *key = kind->like[i][0], *like = kind->like[i][1];

		if (ynode_get(node, key))
			continue;
		*number_at(conf, kind->keys, key) =
			*number_at(conf, kind->keys, like);
		params_default(node, key, ynode_get(node, like)->text);
	}
	params_order(node, kind->keys);
}

static bool wakes(const GPtrArray *steps, int queue)
{
	for (unsigned int i = 0; steps && i < steps->len; i++) {
		const struct step *step = g_ptr_array_index(steps, i);

		if ((g_str_has_prefix(step->type->name, "wake") &&
		     step->ref == queue) ||
		    wakes(step->body, queue))
			return true;
	}
	return false;
}

/* It releases jobs by itself: a wake would release each twice. */
static void check_wakes(struct reader *rd, const struct device_conf *device,
			const struct ynode *at)
{
	if (wakes(device->handler, device->queue) ||
	    wakes(device->softirq, device->queue))
		diag_error(rd->diags, at,
			   "the handler of '%s' wakes '%s', which it does by "
			   "itself whenever there is room; take that wake out",
			   device->name, device->name);
}

/**
 * stream_read - check what a device's stream is made of, if it has one.
 * @device: has been read from @node
 * @fine: without mistakes
 */
void stream_read(struct reader *rd, struct device_conf *device,
		 struct ynode *node, bool fine)
{
	int i = kind_of(rd, node);
	const struct stream_kind *kind;
	struct ynode *own;
	const char *why;

	device->stream.kind = i;
	if (i < 0 || !fine)
		return;
	kind = stream_kind((unsigned int)i);
	own = ynode_get(node, stream_kind_name((unsigned int)i));
	fill_in(&device->stream, kind, own);
	why = kind->refuse(&device->stream);
	if (why)
		diag_error(rd->diags, own, "%s", why);
	if (!device->every && !device->interval && !device->at)
		diag_error(rd->diags, own,
			   "it is not said when the device goes on; take "
			   "irq:, as in {every: 5ms}");
	check_wakes(rd, device, own);
}

/**
 * stream_check_task - does a task that a stream releases come up to it?
 * @task: has been read from @node
 */
void stream_check_task(struct reader *rd, const struct task_conf *task,
		       const struct ynode *node)
{
	for (unsigned int i = 0; i < rd->devices->len; i++) {
		const struct device_conf *device =
			g_ptr_array_index(rd->devices, i);

		if (device->queue != task->on || device->stream.kind < 0 ||
		    task->overrun != OVERRUN_SKIP)
			continue;
		diag_error(rd->diags, ynode_get(node, "overrun"),
			   "a job of '%s' that is passed over leaves a buffer "
			   "unused for ever; take overrun: queue",
			   device->name);
	}
}

/**
 * stream_of_task - the kinds of streams that a task feeds.
 *
 * Returns: a mask of 1 << enum stream_id.
 */
unsigned int stream_of_task(const struct scenario *scenario,
			    const struct task_conf *task)
{
	unsigned int mask = 0;

	for (unsigned int i = 0; i < scenario->devices->len; i++) {
		const struct device_conf *device = scenario->devices->pdata[i];

		if (device->stream.kind >= 0 &&
		    step_list_feeds(task->steps, (int)i))
			mask |= 1u << device->stream.kind;
	}
	return mask;
}
