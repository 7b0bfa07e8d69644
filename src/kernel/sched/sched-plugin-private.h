/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_SCHED_PLUGIN_PRIVATE_H
#define PREEMPTSIM_SCHED_PLUGIN_PRIVATE_H

/*
 * Plug-ins that were loaded.
 */

#include "preemptsim/base/params.h"
#include "preemptsim/kernel/sched.h"
#include "preemptsim/kernel/sched-plugin.h"

/**
 * struct sched_plugin - one that was loaded, for good.
 * @class: asks it
 * @plugin: itself
 * @choice: how kernel.fair names it
 * @file: where it is from
 */
struct sched_plugin {
	struct sched_class class;
	const struct preemptsim_sched_plugin *plugin;
	struct choice choice;
	char *file;
};

/** sched_class_plugin - what a plug-in's class is made of. */
extern const struct sched_class sched_class_plugin;

/** sched_plugin_api - what plug-ins may ask. */
extern const struct preemptsim_sched_api sched_plugin_api;

/** sched_plugin_at - the @i-th that was loaded, or NULL. */
const struct sched_plugin *sched_plugin_at(unsigned int i);

#endif
