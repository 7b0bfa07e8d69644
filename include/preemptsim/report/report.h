/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_REPORT_REPORT_H
#define PREEMPTSIM_REPORT_REPORT_H

/*
 * What is reported: one or more builds of a scenario, each simulated one or
 * more times.  Formats read this and nothing else.
 */

#include <glib.h>
#include <stdbool.h>

#include "preemptsim/measure/results.h"
#include "preemptsim/report/expect.h"
#include "preemptsim/scenario/model.h"

/**
 * struct build - a scenario as one kernel serves it, and what was measured.
 * @label: "preempt=full"; NULL when there is only one
 * @short_label: "full", for sentences; @label itself where that is not enough
 * @scenario: borrowed
 * @total: all its runs merged
 * @nr_runs: how many they are
 * @samples: per run a gdouble[] of what is compared (compare.h)
 * @expected: per run a gdouble[] of what is expected of differences (diff.h)
 * @outcomes: GArray of struct expect_outcome, set by build_finish()
 */
struct build {
	char *label, *short_label;
	const struct scenario *scenario;
	struct results *total;
	unsigned int nr_runs;
	GPtrArray *samples, *expected;
	GArray *outcomes;
};

/** build_new - a build of @scenario without runs; build_free() it. */
struct build *build_new(const struct scenario *scenario, const char *label,
			const char *short_label);

/** build_free - free @build and its results; NULL is fine. */
void build_free(struct build *build);

/**
 * build_add_run - add what one run measured; runs come in order.
 * @run: not kept
 * @nr_worst: worst cases of each kind to keep
 */
void build_add_run(struct build *build, const struct results *run,
		   unsigned int nr_worst);

/** build_finish - all runs are added: evaluate the expectations. */
void build_finish(struct build *build);

/** build_holds - did every expectation hold? */
bool build_holds(const struct build *build);

/**
 * struct host_facts - what the simulation cost the machine it ran on.
 * @wall_s: seconds passed
 * @cpu_s: seconds of CPU time in user mode
 * @events: events of all runs
 */
struct host_facts {
	double wall_s, cpu_s;
	uint64_t events;
};

/** host_events_per_s - events a second of wall time; 0 when unmeasurable. */
double host_events_per_s(const struct host_facts *host);

/** REPORT_WIDTH - columns of the terminal that nobody knows anything of. */
#define REPORT_WIDTH 80

/**
 * struct report - what a format is given.
 * @builds: GPtrArray of struct build *, at least one
 * @compared: it is a comparison, even if only one build was left of it
 * @differences: GArray of struct diff_outcome (diff.h), or NULL
 * @host: NULL: not to be told
 * @color: text may use colour
 * @width: of the terminal, for tables that can be parted
 * @on_terminal: those of a single run are parted, too
 * @verbose: text shows copies and all warnings
 * @nr_worst: worst cases of each kind that text shows
 * @explain: with every part of their blame
 */
struct report {
	GPtrArray *builds;
	bool compared;
	const GArray *differences;
	const struct host_facts *host;
	bool color, verbose, on_terminal;
	unsigned int width;
	unsigned int nr_worst;
	bool explain;
};

/** report_build - the @i-th build. */
static inline const struct build *report_build(const struct report *report,
					       unsigned int i)
{
	return report->builds->pdata[i];
}

/** report_was_interrupted - was a build cut short by the user? */
bool report_was_interrupted(const struct report *report);

#endif
