/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Copies of a simulation, to be put back.
 *
 * Of the tasks' stacks, most of which is never used, only what is on them is
 * kept.
 */
#include <config.h>

#include "blame-private.h"

#include <string.h>

struct checkpoint *checkpoint_new(void)
{
	return g_new0(struct checkpoint, 1);
}

void checkpoint_free(void *data)
{
	struct checkpoint *checkpoint = data;

	sim_image_destroy(&checkpoint->sim);
	g_free(checkpoint->frames);
	g_free(checkpoint->tasks);
	g_free(checkpoint);
}

/* Frames on the stack of @task. */
static unsigned int depth_of(const struct task *task)
{
	const struct rq *rq = cpu_rq(task->kernel, task->cpu);
	const struct frame *top =
		rq->curr == task ? rq->kc->cpu.top : task->top;

	return (unsigned int)(top - task->stack) + 1;
}

static void take_stack(struct checkpoint *checkpoint, const struct task *task)
{
	unsigned int depth = depth_of(task);

	if (checkpoint->nr_frames + depth > checkpoint->room) {
		checkpoint->room = 2 * (checkpoint->nr_frames + depth);
		checkpoint->frames = g_renew(struct frame, checkpoint->frames,
					     checkpoint->room);
	}
	memcpy(checkpoint->frames + checkpoint->nr_frames, task->stack,
	       depth * sizeof(struct frame));
	checkpoint->nr_frames += depth;
}

void checkpoint_take(struct checkpoint *checkpoint, const struct kernel *kernel)
{
	struct list_head *pos;

	sim_save(kernel->sim, &checkpoint->sim);
	checkpoint->at = kernel->sim->now;
	checkpoint->events = kernel->sim->events;
	checkpoint->nr_frames = 0;
	list_for_each(pos, &kernel->tasks)
		take_stack(checkpoint, container_of(pos, struct task, tasks));
}

void checkpoint_restore(const struct checkpoint *checkpoint,
			struct kernel *kernel)
{
	const struct frame *from = checkpoint->frames;
	struct list_head *pos;

	sim_load(kernel->sim, &checkpoint->sim);
	list_for_each(pos, &kernel->tasks)
	{
		struct task *task = container_of(pos, struct task, tasks);
		unsigned int depth = depth_of(task);

		memcpy(task->stack, from, depth * sizeof(*from));
		from += depth;
	}
}

size_t checkpoint_bytes(const struct checkpoint *checkpoint)
{
	return checkpoint->sim.state.size +
	       checkpoint->nr_frames * sizeof(struct frame);
}
