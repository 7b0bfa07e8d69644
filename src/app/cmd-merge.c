/* SPDX-License-Identifier: GPL-2.0-or-later */
/* preemptsim merge: make one database of a sweep out of its shards. */
#include <config.h>

#include <limits.h>

#include "commands-private.h"
#include "preemptsim/app/sweep.h"

const struct command command_merge = {
	.name = "merge",
	.summary = "put the shards of a sweep together",
	.usage = "OUT.db IN.db...",
	.details = "Takes the results of all IN.db over into OUT.db, which is "
		   "made if there is none,\n"
		   "and prints what the sweep would have printed in one go.\n"
		   "\n"
		   "Examples:\n"
		   "  preemptsim merge all.db 1.db 2.db 3.db 4.db\n"
		   "  preemptsim merge all.db *.part --export csv=all.csv",
	.options = OPTIONS_GRID,
	.min_args = 2,
	.max_args = UINT_MAX,
	.main = sweep_merge,
};
