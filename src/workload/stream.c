/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What all streams have in common: room, and who waits for it.
 *
 * A task is served in one of two ways.  One whose jobs the device releases (on:
 * its name) gets a job for each room that comes (for conf.least of them), as if
 * it polled for it.  Any other waits for room where it uses some.
 */
#include <config.h>

#include "preemptsim/workload/stream.h"

#include "preemptsim/kernel/preempt.h"
#include "preemptsim/workload/driver.h"
#include "preemptsim/workload/job.h"

/* Room for instants before a longer backlog makes the ring grow. */
#define FREED_ROOM 8

static const struct {
	const char *name;
	const struct stream_kind *kind;
} kinds[] = {
#define STREAM_KIND(id, missed, taken, idle, text) { #id, &stream_##id },
#include "preemptsim/workload/stream-kind-list.h"
#undef STREAM_KIND
};

const struct stream_kind *stream_kind(unsigned int i)
{
	return i < NR_STREAM_KINDS ? kinds[i].kind : NULL;
}

const char *stream_kind_name(unsigned int i)
{
	return kinds[i].name;
}

struct stream *stream_new(struct arena *arena, const struct stream_conf *conf,
			  struct queue *queue)
{
	struct stream *stream = arena_new(arena, struct stream, 1);

	stream->conf = *conf;
	stream->kind = stream_kind((unsigned int)conf->kind);
	stream->queue = queue;
	stream->since = KTIME_MAX;
	list_init(&stream->wq.waiters);
	ring_init(&stream->freed, arena, FREED_ROOM);
	stream->kind->init(stream);
	return stream;
}

static bool has_room(const struct stream *stream)
{
	return stream->room >= stream->conf.least;
}

void stream_add_room(struct stream *stream, ktime_t now)
{
	stream->room++;
	ring_put(&stream->freed, NULL, now);
	if (stream->since == KTIME_MAX && has_room(stream))
		stream->since = now;
}

void stream_use_room(struct stream *stream, struct cpu *cpu)
{
	const struct task *curr = current_task(to_kcpu(cpu));

	stream->room--;
	stream->feeder = to_wl_task(curr);
	stream->since = has_room(stream) ? cpu->sim->now : KTIME_MAX;
}

bool stream_releases(const struct stream *stream, struct cpu *cpu)
{
	const struct wl_task *wt = to_wl_task(current_task(to_kcpu(cpu)));

	return wt && wt->attr.release == RELEASE_QUEUE &&
	       wt->attr.queue == stream->queue;
}

/* Jobs for the rooms that there are from the beginning. */
static void stream_open(struct stream *stream, ktime_t now)
{
	stream->open = true;
	for (unsigned int i = 0; i < stream->room; i++)
		ring_put(&stream->freed, NULL, now);
	if (has_room(stream))
		stream->since = now;
}

void stream_boundary(struct device *device)
{
	struct driver *driver = container_of(device, struct driver, device);
	struct stream *stream = driver->stream;
	ktime_t now = device->sim->now;
	enum stream_outcome outcome;

	if (!stream->open)
		stream_open(stream, now);
	outcome = stream->kind->boundary(stream, now);
	sim_trace(driver->device.sim, TP_stream_boundary,
		  driver->device.cpu->id, driver, outcome, stream->since);
	if (outcome == STREAM_MISSED)
		stream->since = now;
}

/*
 * Waiting for room
 */

static void wait_for_room(struct cpu *cpu, const struct op *op)
{
	(void)op;
	prepare_to_wait(to_kcpu(cpu), &stream_of(cpu)->wq, TASK_INTERRUPTIBLE);
}

bool stream_is_full(struct cpu *cpu)
{
	return !stream_of(cpu)->room;
}

const struct op stream_sleep_path[] = {
	DO(wait_for_room),
	WHEN(task_sleeps, schedule_path),
	DO(op_finish_wait),
	SPEND(SLEEP_EXIT),
	RET,
};

/*
 * The end of the handler
 */

static const struct irq_context *context_of(struct cpu *cpu)
{
	return cpu->top->arg;
}

static struct stream *handled_stream(struct cpu *cpu)
{
	const struct driver *driver = context_of(cpu)->owner;

	return driver->stream;
}

/* What came after the interrupt that is handled has one of its own. */
static void elapsed_begin(struct cpu *cpu, const struct op *op)
{
	struct stream *stream = handled_stream(cpu);
	struct ring *freed = &stream->freed;

	(void)op;
	stream->due = 0;
	while (!ring_empty(freed) &&
	       ring_at(freed, 0)->when <= context_of(cpu)->event) {
		ring_get(freed);
		if (++stream->credit < stream->conf.least)
			continue;
		stream->credit = 0;
		stream->due += stream->queue->takers->len ||
			       !list_empty(&stream->queue->wq.waiters);
	}
}

static bool job_is_due(struct cpu *cpu)
{
	return handled_stream(cpu)->due;
}

static void release_job(struct cpu *cpu, const struct op *op)
{
	struct stream *stream = handled_stream(cpu);

	(void)op;
	stream->due--;
	queue_wake(to_kcpu(cpu), stream->queue, context_of(cpu)->event);
}

static bool somebody_waits(struct cpu *cpu)
{
	const struct stream *stream = handled_stream(cpu);

	return has_room(stream) && !list_empty(&stream->wq.waiters);
}

static void wake_waiter(struct cpu *cpu, const struct op *op)
{
	(void)op;
	wake_up_one(to_kcpu(cpu), &handled_stream(cpu)->wq,
		    context_of(cpu)->event);
}

static const struct op release_path[] = {
	SPEND(WAKEUP),
	DO(release_job),
	RET,
};

static const struct op wake_path[] = {
	SPEND(WAKEUP),
	DO(wake_waiter),
	RET,
};

/* A wakeup happens with interrupts and preemption off. */
static const struct op elapsed_path[] = {
	DO(op_local_irq_save),
	DO_WITH(op_preempt_disable, "try_to_wake_up"),
	DO(elapsed_begin),
	WHILE(job_is_due, release_path),
	WHILE(somebody_waits, wake_path),
	DO(op_local_irq_restore),
	DO_WITH(op_preempt_enable, "try_to_wake_up"),
	DO(op_driver_handled),
	RET,
};

void op_stream_elapsed(struct cpu *cpu, const struct op *op)
{
	(void)op;
	cpu_push(cpu, elapsed_path, cpu->top->arg);
}
