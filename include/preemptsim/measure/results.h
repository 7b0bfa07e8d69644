/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_MEASURE_RESULTS_H
#define PREEMPTSIM_MEASURE_RESULTS_H

/*
 * What a run measured: plain data, in nanoseconds, independent of the
 * simulation that it came from (which may be freed).  Reports only read it.
 */

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "preemptsim/base/hist.h"
#include "preemptsim/base/params.h" /* struct choice */
#include "preemptsim/measure/bound.h"
#include "preemptsim/monitor/verify.h"
#include "preemptsim/workload/stream.h"

struct timeline; /* preemptsim/measure/timeline.h */

/** enum cpu_time - what a CPU's time goes to; the parts add up to all of it. */
enum cpu_time {
	CPU_USER,   /* tasks in user mode */
	CPU_KERNEL, /* system calls, kernel threads, exits to user mode */
	CPU_SOFTIRQ,
	CPU_HARDIRQ,
	CPU_NMI,
	CPU_SPIN,   /* waiting for a spinlock */
	CPU_SWITCH, /* __schedule() and the switch itself */
	CPU_IDLE,
	NR_CPU_TIMES
};

/** cpu_time_key - "user_ns", "kernel_ns", ...: the key in JSON. */
const char *cpu_time_key(enum cpu_time what);

/**
 * enum blame_which - of which cases it is found out what delayed them.
 * @BLAME_MOST: of all, if it's done in the blink of an eye; else as BLAME_SOME
 * @BLAME_SOME: of so many that it takes a tenth of a run at most
 * @BLAME_ALL: of all, however long that takes
 */
enum blame_which {
	BLAME_MOST,
	BLAME_SOME,
	BLAME_ALL,
};

/**
 * struct task_results - what one task did, or all copies of it.
 * @name: the task's, or NAME/N for a copy
 * @jobs: activations released in the counted time
 * @completed: jobs that ended
 * @late: of them, ended after the deadline
 * @skipped: releases passed over (overrun: skip)
 * @unfinished: not ended when the run did, their deadline passed
 * @unanswered: events (wakeups, releases) of the run after which the task had
 *              not come to its first own instruction when the run ended; they
 *              are in no latency
 * @oldest_wait_ns: since when the oldest of them had waited; -1: none
 * @cpu_ns: CPU time in user and kernel mode on its own behalf
 * @voluntary, @involuntary: context switches away from it
 * @migrations: times it went to run on another CPU
 * @has_jobs: it is a task of activations (on:, every:), so that jobs and
 *            dropouts mean something
 * @deadline_ns: relative deadline, -1: none
 * @wakeup_latency, @response_time: owned
 * @streams: kinds of streams that it feeds, 1 << enum stream_id
 * @missed: by enum stream_id: instants of these for which it came too late
 * @blame: GArray of struct blame, the largest first: what its dropouts that
 *         were looked at are put down to, what it missed among them, or, if there are none, its cases
 *         among the worst wakeup latencies
 * @blamed: how many they are
 * @blamed_dropouts: they are dropouts, or
 * @blamed_over_ns: if not 0, wakeup latencies from this one on, of which there
 *                  were @over
 * @copies: GPtrArray of struct task_results *, one per copy; NULL for one
 */
struct task_results {
	char *name;
	uint64_t jobs, completed, late, skipped, unfinished, unanswered;
	int64_t oldest_wait_ns;
	int64_t cpu_ns;
	uint64_t voluntary, involuntary, migrations;
	bool has_jobs;
	int64_t deadline_ns;
	struct hist *wakeup_latency, *response_time;
	unsigned int streams;
	uint64_t missed[NR_STREAM_KINDS];
	GArray *blame;
	uint64_t blamed;
	bool blamed_dropouts;
	int64_t blamed_over_ns;
	uint64_t over;
	GPtrArray *copies;
};

/** task_dropouts - late + skipped + unfinished. */
static inline uint64_t task_dropouts(const struct task_results *task)
{
	return task->late + task->skipped + task->unfinished;
}

/** task_missed - instants of streams for which it came too late. */
static inline uint64_t task_missed(const struct task_results *task)
{
	uint64_t n = 0;

	for (unsigned int i = 0; i < NR_STREAM_KINDS; i++)
		n += task->missed[i];
	return n;
}

/** task_cases - of how many cases those that were looked at are (blamed).  What
 * a task that keeps up with a stream misses is a dropout, too. */
static inline uint64_t task_cases(const struct task_results *task)
{
	if (!task->blamed_dropouts)
		return task->blamed;
	if (task->blamed_over_ns)
		return task->over;
	return task_dropouts(task) + task_missed(task);
}

/**
 * struct cpu_results - where one CPU's time went.
 * @time_ns: by enum cpu_time; adds up to the run's simulated_ns exactly
 * @preempt_off_max_ns: longest stretch with preemption disabled (idle's own
 *                      standing count is none)
 * @irqs_off_max_ns: longest stretch with interrupts disabled
 * @interrupts, @switches: counts
 * @bounded: @bound was asked for
 */
struct cpu_results {
	int64_t time_ns[NR_CPU_TIMES];
	int64_t preempt_off_max_ns, irqs_off_max_ns;
	uint64_t interrupts, switches;
	bool bounded;
	struct latency_bound bound;
};

/**
 * struct lock_results - one lock.
 * @hold: of all acquisitions; @wait: of the contended ones
 */
struct lock_results {
	char *name;
	const char *type;
	uint64_t acquisitions, contended;
	struct hist *hold, *wait;
};

/**
 * struct device_results - one device.
 * @latency: line raised to the handler's first instruction
 * @requests: io requests that it completed
 * @stream: what it is a stream of, an enum stream_id; -1: it is none
 * @instants: of the stream, by enum stream_outcome
 */
struct device_results {
	char *name;
	uint64_t interrupts, requests;
	struct hist *latency;
	int stream;
	uint64_t instants[NR_STREAM_OUTCOMES];
};

/**
 * struct chain_results - a chain, or a part of one.
 * @name: the chain's, or CHAIN/LINK for the part of one link, that of a device
 *        up to its handler, and CHAIN/DEVICE/driver from there on
 * @latency: of what passed all of the chain
 */
struct chain_results {
	char *name;
	struct hist *latency;
};

/**
 * struct group_results - a group of tasks; as cpu.stat has it.
 * @name: owned
 * @usage_ns: CPU time of its tasks, and of those of groups in it
 * @nr_periods: periods of its quota that ended while something ran in it
 * @nr_throttled: of them, those at whose end it was throttled on some CPU
 * @throttled_ns: how long it was, of all CPUs together
 * @nr_bursts, @burst_ns: periods in which it ran more than the quota, and how
 *                        much more
 */
struct group_results {
	char *name;
	int64_t usage_ns;
	uint64_t nr_periods, nr_throttled;
	int64_t throttled_ns;
	uint64_t nr_bursts;
	int64_t burst_ns;
};

/**
 * struct blame - a part of a latency.
 * @cause: a static string, a word of `list`'s causes
 * @by: who; owned, may be NULL
 */
struct blame {
	const char *cause;
	char *by;
	int64_t ns;
};

/**
 * struct blame_span - some time of a latency, in order.
 * @offset_ns: since its event
 * @cpu: where
 * @cause, @by, @ns: as in struct blame
 */
struct blame_span {
	int64_t offset_ns, ns;
	unsigned int cpu;
	const char *cause;
	char *by;
};

/* Spans of a worst case that are kept one by one. */
#define TIMELINE_MAX 1000u

/** enum latency_kind - which of a task's two times a worst case is of. */
enum latency_kind {
	KIND_WAKEUP_LATENCY,
	KIND_RESPONSE_TIME
};

/**
 * struct worst_case - one of the longest times of a run.
 * @task: owned
 * @run: which of the runs merged it is from; set by results_merge()
 * @at_ns: instant of its event
 * @blame: GArray of struct blame that adds up to @latency_ns, the largest
 *         first; empty if it was not looked at
 * @timeline: GArray of struct blame_span: the same in order of time, the first
 *            TIMELINE_MAX
 * @window: what the CPUs did meanwhile, owned; NULL unless somebody looked
 */
struct worst_case {
	char *task;
	enum latency_kind kind;
	uint64_t run;
	int64_t at_ns, latency_ns;
	GArray *blame, *timeline;
	struct timeline *window;
};

/** enum warning_kind - what can go wrong; warning-list.h says what. */
enum warning_kind {
#define WARNING_KIND(name, help) WARNING_##name,
#include "preemptsim/measure/warning-list.h"
#undef WARNING_KIND
	NR_WARNING_KINDS
};

/**
 * struct warning - something went wrong in the simulated kernel.
 * @run: which of the runs merged it is from; set by results_merge()
 * @kind: a static string: scheduling_while_atomic, ...
 * @text: owned
 * @task, @context, @lock: whom it is about, what that was doing, and with which
 *                         lock; owned, NULL: nothing to be said
 */
struct warning {
	uint64_t run;
	int64_t at_ns;
	int cpu;
	const char *kind;
	char *text;
	char *task, *context, *lock;
};

/**
 * struct job_record - one job, for `--export jobs=FILE`; times in ns.
 * @task: index into results.tasks; @copy: 0, 1, ...
 * @run: which of the runs merged it is from; set by results_merge()
 * @outcome: 0 in time, 1 late, 2 skipped, 3 unfinished, 4 running:
 *           not ended when the run did, its deadline (if any) still to come
 * @start_ns, @end_ns: -1 when it never did
 * @deadline_ns: absolute, -1: none
 */
struct job_record {
	uint32_t task, copy;
	uint64_t run;
	int64_t release_ns, start_ns, end_ns, deadline_ns;
	int outcome;
};

/* Misses that are kept one by one. */
#define MAX_MISSES 1000u

/**
 * struct miss - an instant of a stream at which nothing was there.
 * @run: which of the runs merged it is from; set by results_merge()
 * @at_ns: when
 * @since_ns: from when on it could have been
 * @kind: a static string: underrun, overrun, ...
 * @device, @task: of which device, and who was to feed it; owned, @task may be
 *                 NULL
 */
struct miss {
	uint64_t run;
	int64_t at_ns, since_ns;
	const char *kind;
	char *device, *task;
};

/** latency_kind_name - "wakeup_latency" or "response_time". */
const char *latency_kind_name(enum latency_kind kind);

/** job_outcome_name - "in_time", "late", "skipped", "unfinished" or
 * "running". */
const char *job_outcome_name(int outcome);

/**
 * struct results - all that one run measured.
 * @label: what a comparison calls this build ("preempt=full"); owned, or NULL
 * @scenario_name: owned
 * @seed, @run: which random streams
 * @simulated_ns: counted time, duration - warmup (less when interrupted)
 * @events: engine events of the whole run, warmup included
 * @replayed: engine events that were simulated again, to explain
 * @blame_over_ns: wakeup latencies from this one on, if it is not 0
 * @interrupted: the run was cut short by the user
 * @failure: why the run could not go on, and nothing else counts; owned, NULL
 * @bug: it was a fault of the simulator
 * @tasks, @locks, @devices, @cpus, @chains, @groups: GPtrArray of the structs
 *                                                   above
 * @worst: GPtrArray of struct worst_case *, longest first within each kind
 * @warnings: GPtrArray of struct warning *, by time; the first of them
 * @misses: GArray of struct miss, by time; the first MAX_MISSES of each run
 * @nr_warnings, @warning_counts: all of them, and by enum warning_kind
 * @jobs: GArray of struct job_record, NULL unless asked for
 * @verdict: of the automata, of this run alone; NULL unless asked for
 */
struct results {
	char *label;
	char *scenario_name;
	uint64_t seed, run;
	int64_t simulated_ns;
	uint64_t events, replayed;
	int64_t blame_over_ns;
	bool interrupted;
	char *failure;
	bool bug;
	GPtrArray *tasks;
	GPtrArray *cpus;
	GPtrArray *locks;
	GPtrArray *devices;
	GPtrArray *chains;
	GPtrArray *groups;
	GPtrArray *worst;
	GPtrArray *warnings;
	GArray *misses;
	uint64_t nr_warnings, warning_counts[NR_WARNING_KINDS];
	GArray *jobs;
	struct verdict *verdict;
};

/** results_new - empty lists, all owned by the result; results_free() it. */
struct results *results_new(void);

/** worst_case_new - the case of @task, with an empty list of blame. */
struct worst_case *worst_case_new(const char *task, enum latency_kind kind,
				  int64_t at_ns, int64_t latency_ns);

/** worst_case_blame - put the next part of @worst down to what @span says,
 * which is copied. */
void worst_case_blame(struct worst_case *worst, const struct blame_span *span);

/** blame_list_new - an empty list of struct blame. */
GArray *blame_list_new(void);

/** blame_list_add - @ns more of @cause (static) and @by. */
void blame_list_add(GArray *list, const char *cause, const char *by,
		    int64_t ns);

/** blame_list_sort - the largest first. */
void blame_list_sort(GArray *list);

/** results_finish_blame - all is explained: add up what delayed copies, and
 * take the worst wakeup latencies where there were no dropouts. */
void results_finish_blame(struct results *results);

/** results_drop_blame - nothing is explained after all. */
void results_drop_blame(struct results *results);

/** worst_case_free - free @worst and its blame; NULL is fine. */
void worst_case_free(struct worst_case *worst);

/** warning_new - a warning with a copy of @text; @kind is static. */
struct warning *warning_new(int64_t at_ns, int cpu, const char *kind,
			    const char *text);

/** warning_kind_choice - the kinds of warnings. */
const struct choice *warning_kind_choice(unsigned int i);

/** results_count_warning - there was one of @kind. */
void results_count_warning(struct results *results, const char *kind);

/** results_miss - add a copy of @miss. */
void results_miss(struct results *results, const struct miss *miss);

/** results_free - free @results and all it owns; NULL is fine. */
void results_free(struct results *results);

/** task_results_new - a task's results with empty histograms. */
struct task_results *task_results_new(const char *name);

/**
 * task_results_add_copy - results for the next copy of @task: NAME/0, ...
 *
 * Returns it; @task owns it.
 */
struct task_results *task_results_add_copy(struct task_results *task);

/** task_results_add - add what @src counts to @dst; copies are left alone. */
void task_results_add(struct task_results *dst, const struct task_results *src);

/** lock_results_new - a lock's results with empty histograms. */
struct lock_results *lock_results_new(const char *name, const char *type);

/** device_results_new - a device's results with an empty histogram. */
struct device_results *device_results_new(const char *name);

/** chain_results_new - a chain's results with an empty histogram; @link: of
 * which link, NULL: of all. */
struct chain_results *chain_results_new(const char *name, const char *link);

/** group_results_new - a group's results. */
struct group_results *group_results_new(const char *name);

/**
 * results_merge - add @src (another run of the same build) to @dst.
 * @dst: of the same tasks, CPUs, locks and devices, or empty (results_new())
 * @src: not changed
 * @nr_worst: worst cases of each kind to keep
 *
 * Counts, times and histograms add up, maxima are the larger; of the worst
 * cases the @nr_worst longest of each kind stay.  Worst cases, warnings and
 * jobs taken over are marked with the number of their run (@src->run).
 */
void results_merge(struct results *dst, const struct results *src,
		   unsigned int nr_worst);

#endif
