/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_APP_APP_H
#define PREEMPTSIM_APP_APP_H

/*
 * The command line: which commands there are, and how the program ends.
 */

#include "preemptsim/app/options.h"

/** enum exit_status - how the program ends. */
enum exit_status {
	STATUS_DONE = 0,
	STATUS_ERROR = 1,  /* the scenario is wrong, or I/O failed */
	STATUS_USAGE = 2,  /* the command line is wrong */
	STATUS_EXPECT = 3, /* an expectation did not hold, or an automaton */
	STATUS_BUG = 70,   /* of the simulator; sim_bug() ends so, too */
	STATUS_INTERRUPTED = 130,
};

/**
 * struct command - what stands behind `preemptsim NAME`.
 * @name: as typed
 * @summary: half a sentence for `preemptsim help`
 * @usage: what stands behind the options: "FILE"
 * @details: paragraphs and examples for `preemptsim NAME --help`
 * @options: mask of the OPTIONS_... that it takes
 * @min_args, @max_args: how many words it takes
 * @main: does it; returns an enum exit_status
 */
struct command {
	const char *name;
	const char *summary;
	const char *usage;
	const char *details;
	unsigned int options;
	unsigned int min_args, max_args;
	int (*main)(const struct options *options);
};

/** command - the i-th command, or NULL behind the last. */
const struct command *command(unsigned int i);

/** command_find - the command called @name, or NULL. */
const struct command *command_find(const char *name);

/** command_print_help - append the help of @cmd to @out. */
void command_print_help(const struct command *cmd, GString *out);

/** app_help - append the help of the whole program to @out. */
void app_help(GString *out);

/**
 * app_unknown - say on stderr that no @what is called @word, and what is near.
 * @name: the i-th name that exists, or NULL
 *
 * Returns STATUS_USAGE.
 */
int app_unknown(const char *what, const char *word,
		const char *(*name)(unsigned int i));

/** app_main - the program; returns its exit status. */
int app_main(int argc, char **argv);

#endif
