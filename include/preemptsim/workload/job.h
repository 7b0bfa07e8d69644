/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_WORKLOAD_JOB_H
#define PREEMPTSIM_WORKLOAD_JOB_H

/*
 * A scenario's tasks: a kernel task, and what releases its jobs.
 */

#include <stdbool.h>
#include <stdint.h>

#include "preemptsim/base/dist.h"
#include "preemptsim/base/ring.h"
#include "preemptsim/base/rng.h"
#include "preemptsim/kernel/task.h"

struct queue;

/** enum release - what releases a task's jobs. */
enum release {
	RELEASE_NONE,  /* it has no jobs: it just runs */
	RELEASE_TIMER, /* its own timer, as cyclictest's thread */
	RELEASE_QUEUE, /* wakes of a wait queue */
};

/**
 * struct job_attr - what releases a task's jobs.
 * @release: by what
 * @skip: releases that come while a job runs are dropped
 * @every, @offset, @jitter: of RELEASE_TIMER; @jitter is borrowed, or NULL
 * @queue: of RELEASE_QUEUE
 * @start: instant at which a task without jobs begins
 */
struct job_attr {
	enum release release;
	bool skip;
	ktime_t every, offset;
	const struct dist *jitter;
	struct queue *queue;
	ktime_t start;
};

/**
 * struct wl_task - a task of a scenario.
 * @task: the kernel's
 * @index: its number among all tasks of the run
 * @waiting: it is in its queue for a release
 * @waking: it was, and a wake_all is about to wake it, or has
 * @release_open: @release has not been served yet
 * @release: instant of the release being served
 * @next: index of the next release of its timer; @next_at its instant
 * @attr: as given
 * @jitter: random stream of attr.jitter
 * @backlog: releases by wake_all that wait for it, instants
 *
 * A job by a timer is content with one cache line behind those of the task.
 */
struct wl_task {
	_Alignas(CACHE_LINE) struct task task;
	_Alignas(CACHE_LINE) unsigned int index;
	bool waiting, waking, release_open;
	ktime_t release;
	uint64_t next;
	ktime_t next_at;
	struct job_attr attr;
	struct rng jitter;
	struct ring backlog;
};

/** to_wl_task - the scenario's view of a kernel task. */
static inline struct wl_task *to_wl_task(const struct task *task)
{
	return task->user;
}

/** job_init - prepare @wt, whose task is initialised, for attr. */
void job_init(struct wl_task *wt, const struct job_attr *attr);

/** job_boot - let @wt wait for its beginning; after kernel_boot(). */
void job_boot(struct wl_task *wt);

/** job_next_release - go on to the release after the next; the instant of
 * release k is offset + k * every + jitter, but not before release k - 1. */
void job_next_release(struct wl_task *wt);

/** job_wait_path, kthread_wait_path - in user mode, and in a kernel thread: the
 * job is done, wait for the next. */
extern const struct op job_wait_path[];
extern const struct op kthread_wait_path[];

/** op_job_start, op_job_end - first and last instruction of a job; the first
 * answers the job's release. */
void op_job_start(struct cpu *cpu, const struct op *op);
void op_job_end(struct cpu *cpu, const struct op *op);

/** op_begin - first instruction of a task without jobs. */
void op_begin(struct cpu *cpu, const struct op *op);

/** op_resume - first own instruction after something that may have blocked:
 * answers the event, if there was one. */
void op_resume(struct cpu *cpu, const struct op *op);

#endif
