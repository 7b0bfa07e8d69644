/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Devices: what their tables can't say.
 */
#include <config.h>

#include "model-private.h"

/** device_free - free a struct device_conf. */
void device_free(gpointer data)
{
	struct device_conf *device = data;

	g_free(device->name);
	dist_free(device->jitter);
	dist_free(device->interval);
	dist_free(device->service);
	g_clear_pointer(&device->at, g_array_unref);
	g_clear_pointer(&device->handler, g_ptr_array_unref);
	g_clear_pointer(&device->softirq, g_ptr_array_unref);
	g_free(device);
}

static bool has_interval(const struct ynode *irq)
{
	for (unsigned int i = 0; i < ynode_size(irq); i++) {
		if (is_distribution_name(ynode_key(irq, i)->text))
			return true;
	}
	return false;
}

/* How many laws of arrival are given; one is allowed, and needed. */
static void check_forms(struct reader *rd, const struct ynode *irq, bool serves)
{
	int forms = (ynode_get(irq, "every") != NULL) +
		    (ynode_get(irq, "at") != NULL) + has_interval(irq);

	if (forms > 1)
		diag_error(rd->diags, irq,
			   "the interrupts follow more than one "
			   "law; take one of every, at and a distribution");
	if (!forms && !serves)
		diag_error(rd->diags, irq,
			   "it is not said when the device "
			   "interrupts; take one of every, as in {every: 5ms}, "
			   "at, and a distribution, as in {exponential: 1ms}");
}

static void check_irq(struct reader *rd, struct device_conf *device,
		      struct ynode *irq, bool serves)
{
	static const char *const with_every[] = { "offset", "jitter", NULL };
	const struct ynode *cpu = ynode_get(irq, "cpu");

	check_forms(rd, irq, serves);
	if (!ynode_get(irq, "every")) {
		model_misplaced(rd, irq, with_every, "it goes with every");
	} else {
		model_default_time(rd, irq, "offset", "0ns", &device->offset);
		params_order(irq, section_find("devices.NAME.irq")->keys);
	}
	if (device->interval && !(dist_mean(device->interval) > 0))
		diag_error(rd->diags, irq,
			   "there is no time between the "
			   "interrupts; the mean must be above 0ns");
	if (device->cpu >= rd->cpus)
		diag_error(rd->diags, cpu,
			   "there is no CPU %s; the machine "
			   "has CPUs 0 to %u",
			   cpu->text, rd->cpus - 1);
}

static void check_service(struct reader *rd, struct ynode *node)
{
	static const char *const with_service[] = { "servers", NULL };

	if (!ynode_get(node, "service"))
		model_misplaced(rd, node, with_service, "it goes with service");
	else if (!ynode_get(node, "servers"))
		params_default(node, "servers", "1");
}

/* The handler's context is one. */
static void check_threads(struct reader *rd, const struct device_conf *device,
			  const struct ynode *irq)
{
	if (device->threaded && device->nmi)
		diag_error(rd->diags, ynode_get(irq, "threaded"),
			   "an NMI cannot be handled in a thread; take one of "
			   "nmi and threaded");
	if (device->threaded && device->no_thread)
		diag_error(rd->diags, ynode_get(irq, "no_thread"),
			   "'no_thread' stands beside 'threaded'; take one of "
			   "them");
}

/* What a thread of the device's own does may sleep. */
static struct section section_for(const struct ynode *node)
{
	struct section section = *section_find("devices");
	const struct ynode *irq = ynode_get(node, "irq");

	if (irq && value_is_yes(ynode_get(irq, "threaded")))
		section.where = section.where_else;
	return section;
}

/* A list without steps is none. */
static void drop_empty(GPtrArray **steps)
{
	if (*steps && !(*steps)->len)
		g_clear_pointer(steps, g_ptr_array_unref);
}

/**
 * device_read - read a device; see model_fn.
 */
void device_read(struct reader *rd, struct scenario *s, const struct ynode *key,
		 struct ynode *node, const char *what)
{
	struct section section = section_for(node);
	struct device_conf *device = g_new0(struct device_conf, 1);
	struct ynode *irq;
	bool fine;

	device->name = g_strdup(key->text);
	device->servers = 1;
	device->softirq_vector = -1;
	device->stream.kind = -1;
	device->queue = names_find(&rd->names[NAME_QUEUE], key->text);
	g_ptr_array_add(s->devices, device);
	if (ynode_get(node, "service") && !ynode_get(node, "irq"))
		params_default(node, "irq", "{}");
	fine = params_read(rd, node, &section, what, device);
	irq = ynode_get(node, "irq");
	if (irq && irq->kind == YNODE_MAPPING)
		check_irq(rd, device, irq, ynode_get(node, "service"));
	if (irq && irq->kind == YNODE_MAPPING)
		check_threads(rd, device, irq);
	check_service(rd, node);
	stream_read(rd, device, node, fine);
	if (!irq && node->kind == YNODE_MAPPING)
		diag_warning(rd->diags, key,
			     "the device '%s' never interrupts; "
			     "give it irq: or service:",
			     key->text);
	drop_empty(&device->handler);
	drop_empty(&device->softirq);
	if (node->kind == YNODE_MAPPING)
		params_order(node, section.keys);
}
