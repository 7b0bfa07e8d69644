/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_REPORT_DEBUG_H
#define PREEMPTSIM_REPORT_DEBUG_H

/*
 * What can be watched while a simulation runs, line by line.
 *
 * A topic is one file src/report/debug-NAME.c with `const struct debug_topic
 * debug_NAME' and a line in debug-list.h.
 */

#include <stdio.h>

#include "preemptsim/base/params.h" /* struct choice */
#include "preemptsim/kernel/kernel.h"

/**
 * struct debug - somebody who watches.
 * @topic: what
 * @out: where the lines go; the caller's
 * @kernel: whose simulation is under way
 */
struct debug {
	const struct debug_topic *topic;
	FILE *out;
	struct kernel *kernel;
};

/**
 * struct debug_topic - what can be watched.
 * @choice: its name and help
 * @listen: subscribe to debug->kernel's tracepoints, and say in the first lines
 *          what the others mean
 */
struct debug_topic {
	struct choice choice;
	void (*listen)(struct debug *debug);
};

/** debug_topic - the i-th topic, or NULL. */
const struct debug_topic *debug_topic(unsigned int i);

/** debug_watch - @data, a struct debug, watches @kernel from its boot on;
 * run_options.observe. */
void debug_watch(void *data, struct kernel *kernel);

#endif
