/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Why it took so long: what each nanosecond of a task's waiting went to.
 *
 * Which waits are worth a look, the longest and the jobs that came too late,
 * shows when they are over.  Nothing is kept for them but, now and then, a copy
 * of what the simulation is.  Later it is put back to the last copy from before
 * a wait, and simulated again up to its end: then it is known when it begins
 * and ends; meanwhile, before the clock moves, the machine is asked what it is
 * doing.
 */
#ifndef PREEMPTSIM_MEASURE_BLAME_H
#define PREEMPTSIM_MEASURE_BLAME_H

#include <glib.h>
#include <stdbool.h>

#include "preemptsim/measure/results.h"
#include "preemptsim/workload/workload.h"

struct explainer;
struct checkpoint;
struct probe;

/* "Not one of the worst": one of many that are added up. */
#define NO_WORST UINT_MAX

/* When no job began: a wait within one. */
#define NO_JOB (-1)

/**
 * struct blame_window - a wait to be explained.
 * @from, @to: when
 * @task: whose, by wl_task.index
 * @worst: its number among results.worst, or NO_WORST
 * @kind: of which time it is
 * @started: when its job began, which tells it from others of the same release;
 *           KTIME_MAX: it has not; NO_JOB
 * @since: what it is to be simulated again from; held, see blame_hold()
 * @events: of the simulation up to its end
 *
 * Not the caller's:
 * @rank: it is explained before those of a higher one
 * @chosen: it is explained
 */
struct blame_window {
	ktime_t from, to;
	unsigned int task, worst;
	enum latency_kind kind;
	ktime_t started;
	struct checkpoint *since;
	uint64_t events;
	uint32_t rank;
	bool chosen;
};

/** blame_cause_choice - what a latency is put down to. */
const struct choice *blame_cause_choice(unsigned int i);

/**
 * struct blame_config - what to explain.
 * @workload: where
 * @results: whose worst cases and tasks get what they are put down to
 * @worst: so many worst cases are to be explained, too
 * @timelines: and what the CPUs did meanwhile to be recorded, see worst_case.window
 * @over_ns: what is added up are wakeup latencies from this one on; 0: dropouts
 * @which: of them
 * @end: of the run
 * @interval: take a copy after so many events; 0: when it pays
 */
struct blame_config {
	struct workload *workload;
	struct results *results;
	unsigned int worst;
	bool timelines;
	int64_t over_ns;
	enum blame_which which;
	ktime_t end;
	uint64_t interval;
};

/** blame_new - before the boot.  Uses two event sources. */
struct explainer *blame_new(const struct blame_config *config);

/** blame_begin - @probe, which knows what the tasks are in the middle of, is
 * going to tell of waits.  Before the boot. */
void blame_begin(struct explainer *blame, const struct probe *probe);

/** blame_replays - is what happens just now something that has happened
 * before?  Then nobody but @blame is to look. */
bool blame_replays(const struct explainer *blame);

/** blame_hold - the last copy from before @from, which is kept until it was as
 * often blame_drop()ped.  NULL: it was not long enough ago to have lasted. */
struct checkpoint *blame_hold(struct explainer *blame, ktime_t from);

/** blame_drop - @checkpoint is not needed any more; NULL is fine. */
void blame_drop(struct checkpoint *checkpoint);

/** blame_skips - one of many waits, of @task, is over: true: there are too many
 * to explain this one, too; false: blame_add() is to be called. */
bool blame_skips(struct explainer *blame, unsigned int task);

/** blame_add_empty - a wait of @task was over when it began, as that of a
 * release that is passed over at once: a case with nothing to look at. */
void blame_add_empty(struct explainer *blame, unsigned int task);

/** blame_expect - @n more waits are about to be told of. */
void blame_expect(struct explainer *blame, uint64_t n);

/** blame_add - @window, which is over, is to be explained; one of many, if that
 * does not take too long.  Takes over window.since; NULL: looks for it. */
void blame_add(struct explainer *blame, const struct blame_window *window);

/**
 * blame_finish - explain all that is not yet, and free.
 * @whole: false: the run was interrupted, nothing is explained
 *
 * The simulation can't go on after that.
 */
void blame_finish(struct explainer *blame, bool whole);

#endif
