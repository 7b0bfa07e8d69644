/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Wait queues that remember releases.
 */
#include <config.h>

#include "preemptsim/workload/queue.h"

#include "preemptsim/kernel/preempt.h"
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

/*
 * All of them, one after the other.  cf. kernel/sched/wait.c v6.12:
 * __wake_up_common_lock(), which holds the queue's lock meanwhile.  Here who
 * waits is set aside instead, so that another CPU, or an NMI, that comes in
 * between finds him no more, as it would when it got the lock.
 */

void queue_expect_wake_all(struct queue *queue, struct kernel *kernel)
{
	if (queue->waking)
		return;
	queue->nr_waking = 2 * kernel->config.nr_cpus;
	queue->waking = arena_new(&kernel->sim->state, struct list_head,
				  queue->nr_waking);
	for (unsigned int i = 0; i < queue->nr_waking; i++)
		list_init(&queue->waking[i]);
}

/* Of those that @kc is waking: an NMI has its own. */
static struct list_head *queue_waking(struct kcpu *kc, struct queue *queue)
{
	return &queue->waking[2 * kc->cpu.id + (in_nmi(kc) ? 1 : 0)];
}

bool queue_wake_all(struct kcpu *kc, struct queue *queue, ktime_t event)
{
	struct list_head *waiters = &queue->wq.waiters;
	struct list_head *waking = queue_waking(kc, queue);

	for (unsigned int i = 0; i < queue->takers->len; i++) {
		struct wl_task *wt = g_ptr_array_index(queue->takers, i);

		if (!wt->waiting || wt->waking || list_empty(&wt->task.wait))
			release_busy(kc, wt, event);
		else
			wt->waking = true;
	}
	while (!list_empty(waiters)) {
		struct list_head *link = waiters->next;

		list_del(link);
		list_add_tail(link, waking);
	}
	return !list_empty(waking);
}

bool queue_wake_next(struct kcpu *kc, struct queue *queue, ktime_t event)
{
	struct list_head *waking = queue_waking(kc, queue);

	wake_up_first(kc, waking, event);
	return !list_empty(waking);
}
