/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What of a kernel stays what it is while it runs: what only some scenarios
 * use, and what is decided before.  Many copies of a simulation are taken, and
 * most of it is that.
 */
#include <config.h>

#include "preemptsim/kernel/kernel.h"

static void leave_out(struct kernel *kernel, const void *from, const void *end)
{
	arena_leave_out(&kernel->sim->state, from,
			(size_t)((const char *)end - (const char *)from));
}

static bool has_deadline_tasks(const struct kernel *kernel)
{
	struct list_head *pos;

	list_for_each(pos, &kernel->tasks)
	{
		const struct task *p = container_of(pos, struct task, tasks);

		if (p->policy == POLICY_DEADLINE)
			return true;
	}
	return false;
}

/* Fields in the order in which they stand there. */
static void leave_out_of_task(struct task *p, bool readers, bool deadlines)
{
	if (!readers)
		leave_out(p->kernel, &p->hold, &p->dl);
	if (!deadlines)
		leave_out(p->kernel, &p->dl, &p->plugin_data);
	leave_out(p->kernel, &p->plugin_data, p + 1);
}

/* Threads that were not made, and run queues that are another scheduler's. */
static void leave_out_of_cpu(struct kcpu *kc)
{
	struct o1_rq *o1 = &kc->rq.o1;

	if (!kc->ktimers.kernel)
		leave_out(kc->kernel, &kc->ktimers, &kc->ktimers + 1);
	if (!kc->stopper.thread.kernel)
		leave_out(kc->kernel, &kc->stopper.thread,
			  &kc->stopper.thread + 1);
	if (!o1->array[0].queue[0].next)
		leave_out(kc->kernel, o1, o1 + 1);
}

void kernel_leave_out(struct kernel *kernel, bool readers)
{
	bool deadlines = has_deadline_tasks(kernel);
	struct list_head *pos;

	leave_out(kernel, kernel, &kernel->next_pid);
	for (unsigned int i = 0; i < kernel->config.nr_cpus; i++)
		leave_out_of_cpu(&kernel->cpus[i]);
	list_for_each(pos, &kernel->tasks) leave_out_of_task(
		container_of(pos, struct task, tasks), readers, deadlines);
}
