/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_WORKLOAD_QUEUE_H
#define PREEMPTSIM_WORKLOAD_QUEUE_H

/*
 * A scenario's wait queues: the kernel's, and a memory for wakes that release
 * jobs while everybody who could take them is busy.
 */

#include <glib.h>

#include "preemptsim/base/ring.h"
#include "preemptsim/kernel/wait.h"

struct lock;

/**
 * struct queue - a wait queue.
 * @wq: who waits
 * @name: borrowed
 * @takers: tasks whose jobs it releases; GPtrArray of struct wl_task *
 * @backlog: instants of wakes that nobody was free to take
 * @waking: who is still to be woken by a wake_all under way; @nr_waking lists,
 *          by CPU, for itself and for its NMIs; NULL: nobody wakes all
 *
 * As a pipe:
 * @lock: of @wq, where such a lock sleeps; NULL elsewhere: it is held with
 *        interrupts off, and who waits for it elsewhere is left out
 * @bytes: in it
 * @wakes: somebody is about to wake a reader
 */
struct queue {
	struct wait_queue_head wq;
	const char *name;
	GPtrArray *takers;
	struct ring backlog;
	struct list_head *waking;
	unsigned int nr_waking;
	struct lock *lock;
	unsigned int bytes;
	bool wakes;
};

/** queue_init - an empty queue. */
void queue_init(struct queue *queue, struct arena *arena, const char *name);

/** queue_destroy - free what queue_init() took. */
void queue_destroy(struct queue *queue);

/**
 * queue_wake - one waiter's event came at @event.
 *
 * Nobody waits: if jobs are released here it is remembered, or dropped where
 * all takers pass over what comes while they are busy.
 */
void queue_wake(struct kcpu *kc, struct queue *queue, ktime_t event);

/** queue_expect_wake_all - there will be some; before the simulation starts. */
void queue_expect_wake_all(struct queue *queue, struct kernel *kernel);

/**
 * queue_wake_all - everybody's event came at @event.
 *
 * Each busy taker has one more job.  Who waits is to be woken, by
 * queue_wake_next(); who comes later is not.
 *
 * Returns whether anybody waits.  With interrupts off until all are woken.
 */
bool queue_wake_all(struct kcpu *kc, struct queue *queue, ktime_t event);

/** queue_wake_next - wake the next of those; returns whether there are more. */
bool queue_wake_next(struct kcpu *kc, struct queue *queue, ktime_t event);

#endif
