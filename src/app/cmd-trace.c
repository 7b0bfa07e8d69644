/* SPDX-License-Identifier: GPL-2.0-or-later */
/* preemptsim trace: simulate a scenario and write down what happens. */
#include <config.h>

#include <stdio.h>

#include "commands-private.h"
#include "preemptsim/app/interrupt.h"
#include "preemptsim/app/load.h"
#include "preemptsim/app/tracing.h"

static struct scenario *load(const struct options *options)
{
	g_autoptr(GPtrArray) messages = g_ptr_array_new_with_free_func(g_free);
	struct scenario *scenario;

	scenario = load_scenario(options->args->pdata[0], options->settings,
				 NULL, messages);
	load_tell(messages, !options->quiet);
	return scenario;
}

static int trace(const struct options *options, const struct scenario *scenario)
{
	struct tracing *tracing;
	bool good;

	if (!tracing_begin(options, scenario, &tracing))
		return STATUS_ERROR;
	if (!options->around || tracing_window(tracing, scenario))
		tracing_simulate(tracing, scenario);
	good = tracing_finish(tracing);
	if (interrupted)
		return STATUS_INTERRUPTED;
	return good ? STATUS_DONE : STATUS_ERROR;
}

static int trace_main(const struct options *options)
{
	struct scenario *scenario;
	int status;

	if (!options->traces->len) {
		fputs("preemptsim trace: option -o FILE is missing\n"
		      "Try 'preemptsim trace --help'.\n",
		      stderr);
		return STATUS_USAGE;
	}
	scenario = load(options);
	if (!scenario)
		return STATUS_ERROR;
	status = trace(options, scenario);
	scenario_free(scenario);
	return status;
}

const struct command command_trace = {
	.name = "trace",
	.summary = "simulate a scenario and write a trace of what happens",
	.usage = "FILE",
	.details = "Simulates the scenario in FILE and writes what happens, "
		   "named as Linux names it,\n"
		   "for trace-cmd and KernelShark (.dat), for Perfetto "
		   "(.pftrace), or as the text\n"
		   "that ftrace shows (.txt).\n\n"
		   "Examples:\n"
		   "  preemptsim trace audio.yaml -o audio.dat\n"
		   "  preemptsim trace audio.yaml -o audio.pftrace --from 1s "
		   "--to 1100ms\n"
		   "  preemptsim trace audio.yaml -o worst.dat -o worst.txt "
		   "--around worst:player\n"
		   "  preemptsim trace audio.yaml -o switches.txt "
		   "--events 'sched_switch,irq_*'",
	.options = OPTIONS_SCENARIO | OPTIONS_TRACED | OPTIONS_TRACE_ONLY |
		   OPTIONS_PROGRESS,
	.min_args = 1,
	.max_args = 1,
	.main = trace_main,
};
