/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Wait queues that remember releases.
 */
#include <config.h>

#include "preemptsim/workload/queue.h"

#include "preemptsim/workload/job.h"

/* Room for releases before a longer backlog makes the ring grow. */
#define BACKLOG_ROOM 8

void queue_init(struct queue *queue, struct arena *arena, const char *name)
{
	list_init(&queue->wq.waiters);
	queue->name = name;
	queue->takers = g_ptr_array_new();
	ring_init(&queue->backlog, arena, BACKLOG_ROOM);
}

void queue_destroy(struct queue *queue)
{
	g_ptr_array_unref(queue->takers);
}

/* Who drops the release: the first taker, all of them passing over. */
static void queue_drop(struct kcpu *kc, struct queue *queue, ktime_t event)
{
	struct wl_task *first = g_ptr_array_index(queue->takers, 0);

	cpu_trace(&kc->cpu, TP_job_skip, &first->task, event, 0);
}

static bool queue_remembers(const struct queue *queue)
{
	for (unsigned int i = 0; i < queue->takers->len; i++) {
		const struct wl_task *wt = g_ptr_array_index(queue->takers, i);

		if (!wt->attr.skip)
			return true;
	}
	return false;
}

void queue_wake(struct kcpu *kc, struct queue *queue, ktime_t event)
{
	if (wake_up_one(kc, &queue->wq, event) || !queue->takers->len)
		return;
	if (queue_remembers(queue))
		ring_put(&queue->backlog, NULL, event);
	else
		queue_drop(kc, queue, event);
}

static void release_busy(struct kcpu *kc, struct wl_task *wt, ktime_t event)
{
	if (wt->attr.skip)
		cpu_trace(&kc->cpu, TP_job_skip, &wt->task, event, 0);
	else
		ring_put(&wt->backlog, NULL, event);
}

void queue_wake_all(struct kcpu *kc, struct queue *queue, ktime_t event)
{
	for (unsigned int i = 0; i < queue->takers->len; i++) {
		struct wl_task *wt = g_ptr_array_index(queue->takers, i);

		if (!wt->waiting || list_empty(&wt->task.wait))
			release_busy(kc, wt, event);
	}
	while (wake_up_one(kc, &queue->wq, event))
		;
}
