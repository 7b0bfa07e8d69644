/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The lists of policies and fair classes, plug-ins last.
 */
#include <config.h>

#include "sched-plugin-private.h"
#include "sched-private.h"

#include <glib.h>

#define FAIR_CLASS(id, help) extern const struct sched_class sched_class_##id;
#include "sched-list.h"
#undef FAIR_CLASS

static const struct sched_class *const fair_classes[] = {
#define FAIR_CLASS(id, help) &sched_class_##id,
#include "sched-list.h"
#undef FAIR_CLASS
};

const struct sched_class *fair_class(unsigned int i)
{
	const struct sched_plugin *plugin;

	if (i < G_N_ELEMENTS(fair_classes))
		return fair_classes[i];
	plugin = sched_plugin_at(i - (unsigned int)G_N_ELEMENTS(fair_classes));
	return plugin ? &plugin->class : NULL;
}

const struct choice *fair_class_choice(unsigned int i)
{
	static const struct choice choices[] = {
#define FAIR_CLASS(id, help) { #id, help },
#include "sched-list.h"
#undef FAIR_CLASS
	};

	const struct sched_plugin *plugin;

	if (i < G_N_ELEMENTS(choices))
		return &choices[i];
	plugin = sched_plugin_at(i - (unsigned int)G_N_ELEMENTS(choices));
	return plugin ? &plugin->choice : NULL;
}

const struct choice *policy_choice(unsigned int i)
{
	static const struct choice choices[NR_POLICIES] = {
		[POLICY_FIFO] = { "fifo", "first in, first out at a priority" },
		[POLICY_RR] = { "rr", "fifo with a slice of 100 ms" },
		[POLICY_OTHER] = { "other", "the fair class, by nice value" },
		[POLICY_BATCH] = { "batch", "other, but never preempts" },
		[POLICY_IDLE] = { "idle", "other with the least weight" },
		[POLICY_DEADLINE] = { "deadline",
				      "a runtime in each period, by deadline; "
				      "before all others" },
	};

	return i < G_N_ELEMENTS(choices) ? &choices[i] : NULL;
}
