/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The list of versions.
 */
#include <config.h>

#include "preemptsim/kernel/version.h"

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

const struct choice *kernel_version_choice(unsigned int i)
{
	static const struct choice choices[] = {
#define KERNEL_VERSION(name, help, ...) { name, help },
#include "version-list.h"
#undef KERNEL_VERSION
	};

	return i < G_N_ELEMENTS(choices) ? &choices[i] : NULL;
}
