/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_PROBE_PRIVATE_H
#define PREEMPTSIM_PROBE_PRIVATE_H

/*
 * Shared by the parts of the probe.
 */

#include "preemptsim/kernel/task-group.h"
#include "preemptsim/measure/probe.h"

/**
 * struct task_probe - one task (a copy is one).
 * @results: where its counts go
 * @name, @task, @copy: what it is called and its place in a list of jobs
 * @deadline: relative, KTIME_MAX: none
 * @wakeup_latency, @response_time: the results', to be near
 * @jobs, @late: that ended; go to the results at the end of the run
 * @in_job: a job has begun and not ended
 * @release, @start: of that job
 * @voluntary, @involuntary, @migrations, @cpu_time: at the end of the warmup
 */
struct task_probe {
	_Alignas(CACHE_LINE) struct hist *wakeup_latency;
	struct hist *response_time;
	uint64_t jobs, late;
	ktime_t deadline;
	ktime_t release, start;
	bool in_job;
	unsigned int task, copy;
	struct task_results *results;
	char *name;
	uint64_t voluntary, involuntary, migrations;
	ktime_t cpu_time;
};

/**
 * struct group_probe - a group of tasks.
 * @tg: which one
 * @results: where its counts go
 * @mark: its cpu.stat at the end of the warmup
 */
struct group_probe {
	const struct task_group *tg;
	struct group_results *results;
	struct cfs_bandwidth_stat mark;
};

/**
 * struct cpu_mark - a CPU's account at the end of the warmup.
 */
struct cpu_mark {
	ktime_t time[NR_ACCT];
	uint64_t interrupts, switches;
};

/** struct worst_time - one of the longest: whose, since when, until when, how
 * long; @started: as in struct blame_window; @since: what it can be explained
 * from, held, or NULL; @events: of the simulation up to @end. */
struct worst_time {
	const struct task_probe *task;
	ktime_t event, end;
	int64_t latency_ns;
	ktime_t started;
	struct checkpoint *since;
	uint64_t events;
};

/** struct worst_list - the longest times of one kind, longest first; room for
 * one more than are kept. */
struct worst_list {
	struct worst_time *times;
	unsigned int nr;
	int64_t least;
};

/**
 * struct probe - see probe.h.
 * @sim, @tb: whose instants these are
 * @per_ns_inverse: 2^64 / tb.per_ns, rounded up, for probe_ns()
 * @tasks: by wl_task.index, @nr_tasks of them
 * @groups: struct group_probe
 * @marks: struct cpu_mark by CPU
 * @worst: by enum latency_kind
 * @over_ns: wakeup latencies from this one on are explained; INT64_MAX: none
 * @late: where the last latency is still to be counted
 */
struct probe {
	struct probe_config config;
	struct sim *sim;
	struct timebase tb;
	uint64_t per_ns_inverse;
	struct results *results;
	struct task_probe *tasks;
	unsigned int nr_tasks;
	GArray *groups;
	struct cpu_mark *marks;
	struct worst_list worst[2];
	int64_t over_ns;
	uint64_t *late;
};

/**
 * probe_ns - quanta (not negative) to ns, rounded down.
 *
 * Twice a job, so it multiplies instead of dividing: with the inverse rounded
 * up, the product's upper half is the quotient or one more.
 */
static inline int64_t probe_ns(const struct probe *probe, ktime_t t)
{
	__extension__ typedef unsigned __int128 wide_t;
	uint64_t ns;

	if (probe->tb.per_ns == 1)
		return t;
	ns = (uint64_t)((wide_t)(uint64_t)t * probe->per_ns_inverse >> 64);
	return (int64_t)(ns - (ns * probe->tb.per_ns > (uint64_t)t));
}

/** probe_task - the probe of the task with @index. */
static inline struct task_probe *probe_task(struct probe *probe,
					    unsigned int index)
{
	return &probe->tasks[index];
}

/** probe_group - the probe of the @i-th group. */
static inline struct group_probe *probe_group(const struct probe *probe,
					      unsigned int i)
{
	return &g_array_index(probe->groups, struct group_probe, i);
}

/** probe_worst - @latency_ns of @task, up to now, may be one of the longest;
 * @started: as in struct blame_window. */
void probe_worst(struct probe *probe, const struct task_probe *task,
		 enum latency_kind kind, ktime_t started, ktime_t event,
		 int64_t latency_ns);

/** probe_dropout - what @task was to do from @from on is one, as is known now;
 * @started: as in struct blame_window. */
void probe_dropout(struct probe *probe, const struct task_probe *task,
		   ktime_t from, ktime_t started);

/** probe_over - a wakeup latency of @task since @event is one that is to be
 * explained; @started: as in struct blame_window. */
void probe_over(struct probe *probe, const struct task_probe *task,
		ktime_t started, ktime_t event);

/** probe_take_worst - put the longest into the results. */
void probe_take_worst(struct probe *probe);

/** probe_job - put a job down; instants in quanta, KTIME_MAX: never. */
void probe_job(struct probe *probe, const struct task_probe *task,
	       ktime_t release, ktime_t start, ktime_t end, int outcome);

/** probe_mark, probe_account - the CPUs' and tasks' accounts at the end of
 * the warmup, and what was added to them at the end of the run. */
void probe_mark(struct probe *probe);
void probe_account(struct probe *probe);

/** probe_unfinished - jobs that the end of the run cut off. */
void probe_unfinished(struct probe *probe);

#endif
