/* SPDX-License-Identifier: GPL-2.0-or-later */
/* preemptsim compare: simulate variants of a scenario side by side. */
#include <config.h>

#include <stdio.h>

#include "commands-private.h"
#include "preemptsim/app/simulate.h"

static int compare_main(const struct options *options)
{
	g_autoptr(GPtrArray) variants = NULL;

	if (!options->vary->len)
		return simulate(options, NULL, true);
	variants = vary(options->vary);
	if (!variants) {
		fprintf(stderr,
			"preemptsim compare: more than %d combinations; "
			"vary less\n",
			VARIANTS_MAX);
		return STATUS_USAGE;
	}
	return simulate(options, variants, true);
}

const struct command command_compare = {
	.name = "compare",
	.summary = "simulate variants of a scenario side by side",
	.usage = "FILE",
	.details = "Simulates the scenario in FILE once for every combination "
		   "of the values of\n"
		   "--vary, with the same random streams, and compares the "
		   "others with the first.\n"
		   "Without --vary, it compares the builds of the scenario "
		   "or, if it has none,\n"
		   "kernel.preempt=none,full.  With --runs, differences have "
		   "a 95 % interval over\n"
		   "the runs.\n\n"
		   "Examples:\n"
		   "  preemptsim compare audio.yaml\n"
		   "  preemptsim compare audio.yaml --runs 10\n"
		   "  preemptsim compare audio.yaml "
		   "--vary kernel.preempt=none,lazy,full\n"
		   "  preemptsim compare audio.yaml "
		   "--vary kernel.hz=100,1000 --vary kernel.preempt=none,lazy",
	.options = OPTIONS_SCENARIO | OPTIONS_RUN | OPTIONS_VARY,
	.min_args = 1,
	.max_args = 1,
	.main = compare_main,
};
