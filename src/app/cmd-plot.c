/* SPDX-License-Identifier: GPL-2.0-or-later */
/* preemptsim plot: simulate, and draw what came of it. */
#include <config.h>

#include "commands-private.h"
#include "preemptsim/app/plot.h"

const struct command command_plot = {
	.name = "plot",
	.summary = "simulate, and draw a picture of it",
	.usage = "FILE",
	.details =
		"Simulates the scenario in FILE under the kernels of --vary, "
		"or what -P and -L\n"
		"span, and has gnuplot draw the latencies of a task.  FILE "
		"may be the database of\n"
		"a sweep, too.  A timeline shows what the CPUs do about the "
		"worst latency, or\n"
		"from --from to --to.\n\n"
		"Examples:\n"
		"  preemptsim plot audio.yaml -o latency.svg\n"
		"  preemptsim plot audio.yaml -o histogram.pdf "
		"--kind histogram --runs 10\n"
		"  preemptsim plot audio.yaml -o blame.svg --kind blame\n"
		"  preemptsim plot audio.yaml -o sweep.png "
		"-P tasks.player.priority=1:99:7\n"
		"  preemptsim plot audio.yaml -o timeline.svg "
		"--kind timeline --around worst:player\n"
		"  preemptsim plot night.db -o map.svg --kind heatmap",
	.options = OPTIONS_SCENARIO | OPTIONS_VARY | OPTIONS_PLOT |
		   OPTIONS_PROGRESS,
	.min_args = 1,
	.max_args = 1,
	.main = plot,
};
