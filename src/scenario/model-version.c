/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a kernel's version decides, unless the scenario does.
 */
#include <config.h>

#include <inttypes.h>
#include <string.h>

#include "preemptsim/kernel/preempt.h"
#include "preemptsim/kernel/sched.h"

#include "model-private.h"

static const char *word(bool yes)
{
	return yes ? "true" : "false";
}

static void default_fair(const struct kernel_version *version,
			 struct ynode *kernel, int *fair)
{
	const struct choice *choice;

	if (ynode_get(kernel, "fair"))
		return;
	params_default(kernel, "fair", version->fair);
	for (*fair = 0; (choice = fair_class_choice((unsigned int)*fair));
	     ++*fair)
		if (!strcmp(choice->name, version->fair))
			return;
}

static void default_features(const struct sched_features *of_version,
			     struct ynode *node,
			     struct sched_features *features)
{
	struct sched_features right = *of_version;
	const struct sched_feature *feature;

	for (unsigned int i = 0; (feature = sched_feature(i)); i++) {
		bool on = *sched_feature_at(&right, i);

		if (ynode_get(node, feature->name))
			continue;
		params_default(node, feature->name, word(on));
		*sched_feature_at(features, i) = on;
	}
	params_order(node, section_find("kernel.features")->keys);
}

static void default_slice(struct reader *rd, struct ynode *node,
			  const char *key, int64_t ns, ktime_t *slice)
{
	g_autofree char *text = g_strdup_printf("%" PRId64 "us", ns / 1000);

	if (ynode_get(node, key))
		return;
	params_default(node, key, text);
	*slice = ktime_from_ns(&rd->tb, ns);
}

static void default_slices(struct reader *rd, struct ynode *node,
			   const struct sched_slices *right,
			   struct sched_slices *slices)
{
	default_slice(rd, node, "base_slice", right->base_slice,
		      &slices->base_slice);
	default_slice(rd, node, "latency", right->latency, &slices->latency);
	default_slice(rd, node, "min_granularity", right->min_granularity,
		      &slices->min_granularity);
	default_slice(rd, node, "wakeup_granularity", right->wakeup_granularity,
		      &slices->wakeup_granularity);
	params_order(node, section_find("kernel.sched")->keys);
}

/**
 * version_finish - fill in what the version says.
 * @rd: the reader
 * @s: has its kernel read by the table
 */
void version_finish(struct reader *rd, struct scenario *s)
{
	struct ynode *kernel = ynode_get(s->resolved, "kernel");
	struct kernel_conf *conf = &s->kernel;
	const struct kernel_version *version =
		kernel_version((unsigned int)conf->version);
	struct sched_slices right = sched_slices_of(version, rd->cpus);
	const struct preempt_model *model =
		preempt_model((unsigned int)conf->preempt);
	struct sched_features on = sched_features_of(version, model);
	struct ynode *features, *slices;

	if (kernel->kind != YNODE_MAPPING)
		return;
	features = ynode_get(kernel, "features");
	slices = ynode_get(kernel, "sched");
	default_fair(version, kernel, &conf->fair);
	if (features && features->kind == YNODE_MAPPING)
		default_features(&on, features, &conf->features);
	if (slices && slices->kind == YNODE_MAPPING)
		default_slices(rd, slices, &right, &conf->slices);
	if (!ynode_get(kernel, "fair_server")) {
		conf->fair_server = !version->rt_throttling;
		params_default(kernel, "fair_server", word(conf->fair_server));
	}
	if (!ynode_get(kernel, "housekeeping")) {
		conf->housekeeping = cost_profile_of_linux(
			(unsigned int)s->machine.cost_profile);
		params_default(kernel, "housekeeping",
			       word(conf->housekeeping));
	}
	params_order(kernel, section_find("kernel")->keys);
}
