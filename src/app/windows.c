/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Windows about worst cases.  Which cases these are shows only at the end of a
 * run, and recording all of it would take memory without a limit; so the run is
 * simulated again, and all of its windows are recorded at once.
 */
#include <config.h>

#include "preemptsim/app/windows.h"

#include "preemptsim/app/interrupt.h"
#include "preemptsim/app/tracing.h"
#include "preemptsim/scenario/build.h"

/* Empty windows for the cases of @run; *@until_ns: when the last one ends. */
static GPtrArray *add_windows(const struct build *build, uint64_t run,
			      int64_t *until_ns)
{
	GPtrArray *timelines = g_ptr_array_new();

	for (unsigned int i = 0; i < build->total->worst->len; i++) {
		struct worst_case *worst = build->total->worst->pdata[i];
		int64_t end_ns = worst->at_ns + worst->latency_ns;

		if (worst->run != run || worst->window)
			continue;
		worst->window = timeline_new(worst->at_ns, end_ns);
		g_ptr_array_add(timelines, worst->window);
		*until_ns = MAX(*until_ns, end_ns);
	}
	return timelines;
}

static void look_at_run(const struct options *options,
			const struct build *build, uint64_t run)
{
	int64_t until_ns = 0;
	g_autoptr(GPtrArray) timelines = add_windows(build, run, &until_ns);
	struct run_options again = {
		.run = run,
		.timelines = timelines,
		.until_ns = until_ns,
	};

	results_free(tracing_run(build->scenario, again, options, "looking"));
}

/* What a run that was not simulated to its end has shown is no window. */
static void forget(const struct build *build)
{
	for (unsigned int i = 0; i < build->total->worst->len; i++) {
		struct worst_case *worst = build->total->worst->pdata[i];

		timeline_free(worst->window);
		worst->window = NULL;
	}
}

void windows_look(const struct options *options, const struct build *build)
{
	const GPtrArray *cases = build->total->worst;

	for (unsigned int i = 0; i < cases->len && !interrupted; i++) {
		const struct worst_case *worst = cases->pdata[i];

		if (!worst->window)
			look_at_run(options, build, worst->run);
	}
	if (interrupted)
		forget(build);
}
