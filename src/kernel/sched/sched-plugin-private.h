/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_SCHED_PLUGIN_PRIVATE_H
#define PREEMPTSIM_SCHED_PLUGIN_PRIVATE_H

/*
 * Plug-ins that were loaded.
 */

#include "preemptsim/base/params.h"
#include "preemptsim/kernel/sched-plugin.h"
#include "preemptsim/kernel/sched.h"
#include "sched-private.h"

/*
 * From a plug-in's types and back
 */

static inline struct preemptsim_task *out_task(struct task *p)
{
	return (struct preemptsim_task *)p;
}

static inline struct preemptsim_rq *out_rq(struct rq *rq)
{
	return (struct preemptsim_rq *)rq;
}

static inline const struct task *task_in(const struct preemptsim_task *p)
{
	return (const struct task *)p;
}

static inline const struct rq *rq_in(const struct preemptsim_rq *rq)
{
	return (const struct rq *)rq;
}

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

/** sched_plugin_now - ns since the simulation of @rq began. */
static inline int64_t sched_plugin_now(const struct rq *rq)
{
	const struct sim *sim = rq->kc->cpu.sim;

	return ktime_to_ns(&sim->tb, sim->now);
}

/** sched_plugin_fault - the plug-in does @what to @p, which it must not: the
 * simulation ends. @p: NULL: to nobody */
_Noreturn void sched_plugin_fault(const struct rq *rq, const char *what,
				  const struct task *p);

/** sched_plugin_at - the @i-th that was loaded, or NULL. */
const struct sched_plugin *sched_plugin_at(unsigned int i);

#endif
