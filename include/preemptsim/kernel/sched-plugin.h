/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_KERNEL_SCHED_PLUGIN_H
#define PREEMPTSIM_KERNEL_SCHED_PLUGIN_H

/*
 * A scheduler for SCHED_OTHER that is no part of preemptsim: a shared object
 * that defines preemptsim_sched_plugin.  See preemptsim-sched-plugin(7).
 *
 * This header needs no other.  A plug-in needs no symbol of the program: what
 * it may ask is in a table that it is handed.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Raised with every change of this file that older plug-ins would not
 * survive. */
#define PREEMPTSIM_SCHED_ABI 3u

/* A task, and a CPU's run queue: what is in them is preemptsim's affair. */
struct preemptsim_task;
struct preemptsim_rq;

/* Why a task is enqueued or dequeued; a mask. */
#define PREEMPTSIM_ENQUEUE_WAKEUP 0x01u	  /* it slept */
#define PREEMPTSIM_ENQUEUE_MIGRATED 0x02u /* it was on another CPU */
#define PREEMPTSIM_ENQUEUE_INITIAL 0x04u  /* it is new */
#define PREEMPTSIM_DEQUEUE_SLEEP 0x01u	  /* it goes to sleep */

/**
 * struct preemptsim_sched_api - what a plug-in may ask and do.
 * @task_data: the plug-in's own data of a task: task_size bytes, first 0
 * @rq_data: the same of a run queue: rq_size bytes
 * @task_name: as traces have it
 * @task_nice: -20 .. 19
 * @task_prio: 100 .. 139, the least first: 120 and the nice value, or that of who
 *             waits for a lock that it holds
 * @task_runtime: ns that it has run, as of the last event of its run queue
 * @rq_cpu: number of the CPU
 * @rq_curr: the running task if it is the plug-in's, else NULL
 * @rq_nr_running: the plug-in's tasks that are enqueued here
 * @now: ns since the simulation began
 * @resched_curr: the running task shall make way; under a lazy model from the
 *                next tick on, as any fair task
 * @cpu_rq: the run queue of CPU number @cpu, on the machine of @rq; NULL: it has
 *          no more CPUs
 * @task_rq: that on which @p is, or was last
 * @rq_is_idle: does nothing run or wait there, of whatever class?
 * @may_run_on: may @p run there, as its cpus: say?
 * @move_task: take @p, which waits on another run queue, to @rq, where it may
 *             run; only in balance and task_woken.  It is dequeued there and
 *             enqueued here
 */
struct preemptsim_sched_api {
	void *(*task_data)(struct preemptsim_task *p);
	void *(*rq_data)(struct preemptsim_rq *rq);
	const char *(*task_name)(const struct preemptsim_task *p);
	int (*task_nice)(const struct preemptsim_task *p);
	int (*task_prio)(const struct preemptsim_task *p);
	int64_t (*task_runtime)(const struct preemptsim_task *p);
	unsigned int (*rq_cpu)(const struct preemptsim_rq *rq);
	struct preemptsim_task *(*rq_curr)(const struct preemptsim_rq *rq);
	unsigned int (*rq_nr_running)(const struct preemptsim_rq *rq);
	int64_t (*now)(const struct preemptsim_rq *rq);
	void (*resched_curr)(struct preemptsim_rq *rq);
	struct preemptsim_rq *(*cpu_rq)(const struct preemptsim_rq *rq,
					unsigned int cpu);
	struct preemptsim_rq *(*task_rq)(const struct preemptsim_task *p);
	bool (*rq_is_idle)(const struct preemptsim_rq *rq);
	bool (*may_run_on)(const struct preemptsim_task *p,
			   const struct preemptsim_rq *rq);
	void (*move_task)(struct preemptsim_task *p, struct preemptsim_rq *rq);
};

/**
 * struct preemptsim_sched_plugin - a scheduler.
 *
 * The operations are those of Linux's struct sched_class; those that may be
 * NULL say so.  They must keep all they know in task_data and rq_data: several
 * simulations may run at once, and one may be put back to an earlier state.
 *
 * @abi: PREEMPTSIM_SCHED_ABI
 * @name: for kernel.fair; letters, digits, '-' and '_'
 * @summary: one sentence
 * @task_size, @rq_size: bytes of data wanted for each task and run queue
 * @init: keep the table; once, before all else
 * @rq_init: prepare a run queue's data; may be NULL
 * @task_init: prepare a task's data; may be NULL
 * @enqueue_task: @p became runnable here, and is not queued
 * @dequeue_task: @p, which is queued and may be the one that runs, is not
 *                runnable here any more
 * @yield_task: the running task asked to make way
 * @wakeup_preempt: @p woke up beside the running task, which is the plug-in's,
 *                  too: resched_curr() if it should run first
 * @pick_next_task: the queued task to run next, NULL if there is none; asked
 *                  again without anything in between, it says the same
 * @put_prev_task: @p stops running; it may have been dequeued; may be NULL
 * @set_next_task: @p, as picked, runs from now on; may be NULL
 * @task_tick: a tick while @p runs
 * @select_task_rq: where @p, which wakes up, shall run, by a CPU that it may
 *                  use; @waker is that of the CPU that wakes it.  NULL: an idle
 *                  one, else its own
 * @balance: @rq is about to pick: may pull tasks by move_task(); may be NULL
 * @task_woken: @p woke up and was enqueued on @rq: may push it, or others that
 *              wait, by move_task(); may be NULL
 * @prio_changed: task_prio() of @p was @oldprio; it may sleep, wait or run.
 *                resched_curr() if another one should run now.  NULL: if it waits,
 *                wakeup_preempt says that; if it runs and was more urgent, a
 *                pick follows
 * @switched_from: @p, which was the plug-in's, is of another class now, since a
 *                 real-time priority was lent to it; it was dequeued if it was
 *                 queued; may be NULL
 * @switched_to: the other way round: @p was enqueued if it is runnable.
 *               If it runs, a pick follows anyway; if it waits beside another one
 *               of the plug-in's, resched_curr() if it should run first; NULL:
 *               wakeup_preempt says that
 * @update_curr: the running task, which is the plug-in's, has run up to now,
 *               as task_runtime() says; before each of the above but
 *               select_task_rq, balance and task_woken, and whenever else its
 *               time is put down; may be NULL
 */
struct preemptsim_sched_plugin {
	unsigned int abi;
	const char *name, *summary;
	size_t task_size, rq_size;
	void (*init)(const struct preemptsim_sched_api *api);
	void (*rq_init)(struct preemptsim_rq *rq);
	void (*task_init)(struct preemptsim_task *p);
	void (*enqueue_task)(struct preemptsim_rq *rq,
			     struct preemptsim_task *p, unsigned int flags);
	void (*dequeue_task)(struct preemptsim_rq *rq,
			     struct preemptsim_task *p, unsigned int flags);
	void (*yield_task)(struct preemptsim_rq *rq);
	void (*wakeup_preempt)(struct preemptsim_rq *rq,
			       struct preemptsim_task *p);
	struct preemptsim_task *(*pick_next_task)(struct preemptsim_rq *rq);
	void (*put_prev_task)(struct preemptsim_rq *rq,
			      struct preemptsim_task *p);
	void (*set_next_task)(struct preemptsim_rq *rq,
			      struct preemptsim_task *p);
	void (*task_tick)(struct preemptsim_rq *rq, struct preemptsim_task *p);
	struct preemptsim_rq *(*select_task_rq)(struct preemptsim_task *p,
						struct preemptsim_rq *waker);
	void (*balance)(struct preemptsim_rq *rq);
	void (*task_woken)(struct preemptsim_rq *rq, struct preemptsim_task *p);
	void (*prio_changed)(struct preemptsim_rq *rq,
			     struct preemptsim_task *p, int oldprio);
	void (*switched_from)(struct preemptsim_rq *rq,
			      struct preemptsim_task *p);
	void (*switched_to)(struct preemptsim_rq *rq,
			    struct preemptsim_task *p);
	void (*update_curr)(struct preemptsim_rq *rq);
};

/** preemptsim_sched_plugin - what the shared object has to define. */
extern const struct preemptsim_sched_plugin preemptsim_sched_plugin;

#ifdef __cplusplus
}
#endif

#endif
