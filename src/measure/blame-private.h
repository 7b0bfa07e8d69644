/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_BLAME_PRIVATE_H
#define PREEMPTSIM_BLAME_PRIVATE_H

/*
 * Shared by the parts of blame.
 */

#include "preemptsim/measure/blame.h"

/** enum blame_cause - cause-list.h says when. */
enum blame_cause {
#define BLAME_CAUSE(name, help) BLAME_##name,
#include "preemptsim/measure/cause-list.h"
#undef BLAME_CAUSE
	NR_BLAME_CAUSES
};

/**
 * struct culprit - a cause, and who it is; what is not to be said is NULL.
 * @task: who
 * @what: an interrupt, a softirq, a queue, a device, or a section
 * @within: the system call that @task is in, or the device of a softirq
 * @lock: of the section, or that is waited for
 * @holder: who holds it
 * @cpu: where
 */
struct culprit {
	enum blame_cause cause;
	unsigned int cpu;
	const struct task *task;
	const char *what, *within;
	const struct lock *lock;
	const struct task *holder;
};

/** struct stretch - some time that went to one culprit. */
struct stretch {
	ktime_t from, to;
	struct culprit culprit;
};

/**
 * struct blame_task - a task that is being looked at.
 * @in_job: it is in the job that was released at @release
 * @started: when the last one began
 */
struct blame_task {
	bool in_job;
	ktime_t release, started;
};

/**
 * struct blamer - at work.
 * @workload, @kernel: what is simulated
 * @tasks: by wl_task.index
 * @why: by CPU: what disabled preemption last
 */
struct blamer {
	struct workload *workload;
	struct kernel *kernel;
	struct blame_task *tasks;
	const char **why;
};

/**
 * blame_cpu - why a task that is runnable on @kc, or (@woken false) that has
 * yet to be woken there, does not run at @now.
 * @until: that holds up to then; may be made earlier
 */
struct culprit blame_cpu(const struct blamer *blamer, struct kcpu *kc,
			 const struct task *task, bool woken, ktime_t now,
			 ktime_t *until);

/**
 * blame_task - the same of @window's task, wherever it is.
 *
 * False: it sleeps until somebody wakes it, nobody knows where.
 */
bool blame_task(const struct blamer *blamer, const struct blame_window *window,
		ktime_t now, ktime_t *until, struct culprit *culprit);

/** blame_by - @culprit in words, for g_free(); NULL: nothing to be said. */
char *blame_by(const struct culprit *culprit);

/** blame_take - put the @nr @stretches of @window into the results; @of as for
 * blame_simulate(). */
void blame_take(const struct blamer *blamer, const struct blame_window *window,
		const GArray *stretches, const GPtrArray *of,
		struct results *results);

#endif
