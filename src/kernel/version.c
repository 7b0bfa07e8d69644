/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The list of versions.
 */
#include <config.h>

#include "preemptsim/kernel/version.h"

#include "preemptsim/kernel/preempt.h"

#include <glib.h>

const struct kernel_version *kernel_version(unsigned int i)
{
	static const struct kernel_version versions[] = {
#define KERNEL_VERSION(name, help, ...) { __VA_ARGS__ },
#include "version-list.h"
#undef KERNEL_VERSION
	};

	return i < G_N_ELEMENTS(versions) ? &versions[i] : NULL;
}

/* RT_PUSH_IPI is for PREEMPT_RT, where interrupts are never off for long. */
struct sched_features sched_features_of(const struct kernel_version *version,
					const struct preempt_model *model)
{
	struct sched_features features = version->features;

	features.rt_push_ipi |= model->sleeping_locks;
	return features;
}

/* cf. get_update_sysctl_factor(): they grow with the number of CPUs, by 1 + log2
 * of up to 8. */
struct sched_slices sched_slices_of(const struct kernel_version *version,
				    unsigned int nr_cpus)
{
	int64_t factor = (int64_t)g_bit_storage(MIN(nr_cpus, 8));

	return (struct sched_slices){
		.base_slice = version->base_slice_ns * factor,
		.latency = 6000000 * factor,
		.min_granularity = 750000 * factor,
		.wakeup_granularity = 1000000 * factor,
	};
}

const struct choice *kernel_version_choice(unsigned int i)
{
	static const struct choice choices[] = {
#define KERNEL_VERSION(name, help, ...) { name, help },
#include "version-list.h"
#undef KERNEL_VERSION
	};

	return i < G_N_ELEMENTS(choices) ? &choices[i] : NULL;
}
