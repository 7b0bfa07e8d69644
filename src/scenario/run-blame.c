/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The second simulation of a run, which explains what the first has found.
 */
#include <config.h>

#include "run-private.h"

/* The results of each task, in the order of the workload's. */
static GPtrArray *results_by_task(const struct results *results)
{
	GPtrArray *of = g_ptr_array_new();

	for (unsigned int i = 0; i < results->tasks->len; i++) {
		struct task_results *task = results->tasks->pdata[i];
		unsigned int copies = task->copies ? task->copies->len : 0;

		for (unsigned int k = 0; k < copies; k++)
			g_ptr_array_add(of, task->copies->pdata[k]);
		if (!copies)
			g_ptr_array_add(of, task);
	}
	return of;
}

void run_explain(const struct scenario *scenario,
		 const struct run_options *options, GArray *windows,
		 struct results *results)
{
	g_autoptr(GPtrArray) of = results_by_task(results);
	struct build *build = g_new0(struct build, 1);

	build_init(build, scenario, options->seed, options->run);
	build->sim.interrupt = options->stop;
	build_boot(build);
	if (blame_simulate(&build->workload, windows, of, results))
		results_finish_blame(results);
	else
		results_drop_blame(results);
	build_destroy(build);
	g_free(build);
}
