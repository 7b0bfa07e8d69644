/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A scheduler to begin with: round robin, with a slice of three ticks.
 *
 *	cc -shared -fPIC $(pkg-config --cflags preemptsim) \
 *		-o sched-template.so sched-template.c
 *	preemptsim run --plugin ./sched-template.so -s kernel.fair=template FILE
 */
#include <preemptsim/sched-plugin.h>

#define SLICE_TICKS 3

typedef struct preemptsim_rq rq_t;
typedef struct preemptsim_task task_t;
/* What is kept of each task: its place in a ring, and what it may run yet. */
struct entity {
	task_t *prev, *next;
	unsigned int ticks;
};
/* What is kept of each CPU: who is first in its ring. */
struct queue {
	task_t *first;
};
static const struct preemptsim_sched_api *api;

static struct entity *entity(task_t *p)
{
	return api->task_data(p);
}

static struct queue *queue(rq_t *rq)
{
	return api->rq_data(rq);
}

static void init(const struct preemptsim_sched_api *table)
{
	api = table;
}

/* To the end of the ring, which is before its first. */
static void enqueue_task(rq_t *rq, task_t *p, unsigned int flags)
{
	task_t *next = queue(rq)->first ? queue(rq)->first : p;
	task_t *prev = next == p ? p : entity(next)->prev;

	(void)flags;
	*entity(p) = (struct entity){ prev, next, SLICE_TICKS };
	entity(prev)->next = p;
	entity(next)->prev = p;
	queue(rq)->first = next;
}

static void dequeue_task(rq_t *rq, task_t *p, unsigned int flags)
{
	struct entity *e = entity(p);

	(void)flags;
	entity(e->prev)->next = e->next;
	entity(e->next)->prev = e->prev;
	if (queue(rq)->first == p)
		queue(rq)->first = e->next == p ? NULL : e->next;
}

/* The running task is the first: the next one's turn. */
static void yield_task(rq_t *rq)
{
	queue(rq)->first = entity(queue(rq)->first)->next;
}

/* A wakeup preempts nobody. */
static void wakeup_preempt(rq_t *rq, task_t *p)
{
	(void)rq, (void)p;
}

static task_t *pick_next_task(rq_t *rq)
{
	return queue(rq)->first;
}

static void task_tick(rq_t *rq, task_t *p)
{
	if (--entity(p)->ticks)
		return;
	entity(p)->ticks = SLICE_TICKS;
	queue(rq)->first = entity(p)->next;
	api->resched_curr(rq);
}

const struct preemptsim_sched_plugin preemptsim_sched_plugin = {
	.abi = PREEMPTSIM_SCHED_ABI, .name = "template",
	.summary = "round robin, three ticks each",
	.task_size = sizeof(struct entity), .rq_size = sizeof(struct queue),
	.init = init, .enqueue_task = enqueue_task,
	.dequeue_task = dequeue_task, .yield_task = yield_task,
	.wakeup_preempt = wakeup_preempt, .pick_next_task = pick_next_task,
	.task_tick = task_tick,
};
