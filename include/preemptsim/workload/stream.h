/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_WORKLOAD_STREAM_H
#define PREEMPTSIM_WORKLOAD_STREAM_H

/*
 * Streams: devices that need something from a task at each of their instants,
 * and have a few buffers of it.  A kind of stream is one file
 * src/workload/stream-NAME.c and one line in stream-kind-list.h.
 *
 * What the hardware does happens at the instant at which the line is raised,
 * however late the handler is; what the driver does, at the end of the handler.
 */

#include <stdbool.h>
#include <stdint.h>

#include "preemptsim/base/params.h"
#include "preemptsim/base/ring.h"
#include "preemptsim/machine/device.h"
#include "preemptsim/workload/queue.h"

struct wl_task;

/** enum stream_id - the kinds; stream-kind-list.h says what they are. */
enum stream_id {
#define STREAM_KIND(id, missed, taken, idle, text) STREAM_##id,
#include "preemptsim/workload/stream-kind-list.h"
#undef STREAM_KIND
	NR_STREAM_KINDS
};

/** enum stream_outcome - what an instant of a stream was like. */
enum stream_outcome {
	STREAM_MISSED, /* it was to go on, and nothing was there */
	STREAM_TAKEN,  /* the next one was there */
	STREAM_IDLE,   /* it did not run */
	NR_STREAM_OUTCOMES
};

/**
 * struct stream_conf - a stream, as read from a scenario.
 * @kind: an enum stream_id, -1: the device is none
 * @buffers: how many it has
 * @start: with how many filled it starts
 * @least: how many have to be free before somebody is woken
 * @choice: one of several
 *
 * One flat struct for all kinds keeps the parser generic: each kind's keys say
 * which of these fields they fill.
 */
struct stream_conf {
	int kind;
	int64_t buffers, start, least;
	int choice;
};

/**
 * struct stream - a stream on a machine.
 * @conf, @kind: as given
 * @queue: the device's, whose jobs it releases
 * @wq: who waits for room in the middle of something
 * @room: buffers that a task could fill, draw in or read now
 * @state: the kind's own
 * @open: it has had its first instant
 * @freed: when rooms came that no job was released for, for the handler
 * @credit: those that the handler has seen; as many as conf.least are a job
 * @due: jobs that this handler still has to release
 * @lost: buffers whose content was thrown away after jobs were released for it
 * @since: since when there has been room, or the last one was missed;
 *         KTIME_MAX: there is none
 * @feeder: who used a room last, NULL: nobody, or the kernel
 */
struct stream {
	struct stream_conf conf;
	const struct stream_kind *kind;
	struct queue *queue;
	struct wait_queue_head wq;
	unsigned int room;
	int state;
	bool open;
	struct ring freed;
	unsigned int credit, due, lost;
	ktime_t since;
	const struct wl_task *feeder;
};

/**
 * struct stream_kind - a kind of stream.
 * @keys: of struct stream_conf
 * @like: pairs of keys: what the first is by default, the second says; ends
 *        with NULL; may be NULL
 * @refuse: why @conf can't be; NULL: it can
 * @missed: what reports call one instant that @conf has missed
 * @init: set room and state
 * @boundary: an instant has come
 */
struct stream_kind {
	const struct param *keys;
	const char *const (*like)[2];
	const char *(*refuse)(const struct stream_conf *conf);
	const char *(*missed)(const struct stream_conf *conf);
	void (*init)(struct stream *stream);
	enum stream_outcome (*boundary)(struct stream *stream, ktime_t now);
};

#define STREAM_KIND(id, missed, taken, idle, text)   \
	extern const struct stream_kind stream_##id; \
	extern const struct param stream_##id##_keys[];
#include "preemptsim/workload/stream-kind-list.h"
#undef STREAM_KIND

/** stream_kind - the i-th kind, or NULL behind the last. */
const struct stream_kind *stream_kind(unsigned int i);

/** stream_kind_name - its key. */
const char *stream_kind_name(unsigned int i);

/** stream_new - a stream of @conf in @arena, whose jobs are those of @queue. */
struct stream *stream_new(struct arena *arena, const struct stream_conf *conf,
			  struct queue *queue);

/** stream_boundary - @device, a driver's with a stream, raises its line on its
 * own: tell how that instant was. */
void stream_boundary(struct device *device);

/** stream_add_room - one more buffer can be used. */
void stream_add_room(struct stream *stream, ktime_t now);

/** stream_use_room - current, on @cpu, has used one. */
void stream_use_room(struct stream *stream, struct cpu *cpu);

/** stream_releases - are current's jobs, on @cpu, released by @stream? */
bool stream_releases(const struct stream *stream, struct cpu *cpu);

/** stream_of - the stream that the top frame of @cpu works on. */
static inline struct stream *stream_of(struct cpu *cpu)
{
	return cpu->top->arg;
}

/** stream_is_full, stream_sleep_path - there is no room; wait for some: of the
 * stream that the frame works on. */
bool stream_is_full(struct cpu *cpu);
extern const struct op stream_sleep_path[];

/** op_stream_elapsed - end of a handler's program: wake who waits for room.
 * cf. sound/core/pcm_lib.c: snd_pcm_period_elapsed(). */
void op_stream_elapsed(struct cpu *cpu, const struct op *op);

#endif
