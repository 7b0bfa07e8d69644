/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The list of the fair classes' switches.
 */
#include <config.h>

#include "preemptsim/kernel/sched-feature.h"

#include <glib.h>

const struct sched_feature *sched_feature(unsigned int i)
{
	static const struct sched_feature features[] = {
#define SCHED_FEATURE(name, class, since, help) { #name, #class, since, help },
#include "preemptsim/kernel/sched-feature-list.h"
#undef SCHED_FEATURE
	};

	return i < G_N_ELEMENTS(features) ? &features[i] : NULL;
}

bool *sched_feature_at(struct sched_features *features, unsigned int i)
{
	bool *const at[] = {
#define SCHED_FEATURE(name, class, since, help) &features->name,
#include "preemptsim/kernel/sched-feature-list.h"
#undef SCHED_FEATURE
	};

	g_assert(i < G_N_ELEMENTS(at));
	return at[i];
}
