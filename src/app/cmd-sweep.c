/* SPDX-License-Identifier: GPL-2.0-or-later */
/* preemptsim sweep: simulate a scenario at many settings. */
#include <config.h>

#include <stdio.h>

#include "commands-private.h"
#include "preemptsim/app/sweep.h"

/* What can't be meant; NULL: nothing. */
static const char *mistake(const struct options *options)
{
	if (options->find && !options->over)
		return "--find needs --over KEY=MIN:MAX to search in";
	if (options->over && !options->find)
		return "--over needs --find CONDITION to search for";
	if (options->find && options->shards > 1)
		return "a search can't be cut into shards";
	if (options->find && options->columns)
		return "a search has no columns to choose";
	if (!options->find && !options->axes->len)
		return "nothing varies; give -P KEY=MIN:MAX or -L KEY=A,B";
	return NULL;
}

static int sweep_main(const struct options *options)
{
	const char *what = mistake(options);

	if (!what)
		return sweep(options);
	fprintf(stderr,
		"preemptsim sweep: %s\n"
		"Try 'preemptsim sweep --help'.\n",
		what);
	return STATUS_USAGE;
}

const struct command command_sweep = {
	.name = "sweep",
	.summary = "simulate a scenario at many settings, in parallel",
	.usage = "FILE",
	.details =
		"Simulates the scenario in FILE at every combination of the "
		"values of -P and -L,\n"
		"each with the same random streams, and prints a line for "
		"each.\n"
		"With --db, what is finished is never lost: after Ctrl-C or a "
		"power failure the\n"
		"same command goes on where it was.\n"
		"\n"
		"Examples:\n"
		"  preemptsim sweep audio.yaml -P tasks.player.every=2ms:10ms\n"
		"  preemptsim sweep audio.yaml -L kernel.preempt=none,full \\\n"
		"    -P machine.costs.context_switch=500ns:8us:x2 --runs 10 "
		"--db night.db\n"
		"  preemptsim sweep audio.yaml --find 'player.dropouts == 0' "
		"\\\n"
		"    --over tasks.player.every=1ms:20ms\n"
		"  preemptsim sweep audio.yaml -P machine.cpus=1:64:x2 "
		"--shard 1/4 --db 1.db",
	.options = OPTIONS_SCENARIO | OPTIONS_SWEEP | OPTIONS_GRID |
		   OPTIONS_PROGRESS,
	.min_args = 1,
	.max_args = 1,
	.main = sweep_main,
};
