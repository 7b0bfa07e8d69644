/* SPDX-License-Identifier: GPL-2.0-or-later */
/* preemptsim run: simulate a scenario as it is. */
#include <config.h>

#include "commands-private.h"
#include "preemptsim/app/simulate.h"

static int run_main(const struct options *options)
{
	g_autoptr(GPtrArray) variants = vary_nothing();

	return simulate(options, variants, false);
}

const struct command command_run = {
	.name = "run",
	.summary = "simulate a scenario and report what it measured",
	.usage = "FILE",
	.details = "Simulates the scenario in FILE.  The report goes to "
		   "stdout.\n\n"
		   "Examples:\n"
		   "  preemptsim run audio.yaml\n"
		   "  preemptsim run audio.yaml -s kernel.preempt=full -d 10s\n"
		   "  preemptsim run audio.yaml --explain=5\n"
		   "  preemptsim run audio.yaml --runs 20 --format json\n"
		   "  preemptsim run audio.yaml -d 20ms --debug=preempt\n"
		   "  preemptsim run audio.yaml --export csv=a.csv "
		   "--export jobs=jobs.csv\n"
		   "  preemptsim run audio.yaml --trace audio.dat\n\n"
		   "Exit status: 0 done; 1 the scenario is wrong or a file "
		   "could not be written;\n"
		   "2 usage; 3 an expectation of the scenario did not hold;\n"
		   "70 a bug in preemptsim; 130 interrupted.",
	.options = OPTIONS_SCENARIO | OPTIONS_RUN | OPTIONS_WATCH |
		   OPTIONS_TRACED | OPTIONS_TRACE_TOO,
	.min_args = 1,
	.max_args = 1,
	.main = run_main,
};
