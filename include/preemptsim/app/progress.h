/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_APP_PROGRESS_H
#define PREEMPTSIM_APP_PROGRESS_H

/*
 * How far the work is, on stderr.
 */

#include <glib.h>
#include <stdbool.h>

#include "preemptsim/app/options.h"

/**
 * struct progress - a line that changes, or lines.
 * @shown: it is told at all
 * @plain: in lines
 * @parts, @done: simulations in all, and how many have ended
 * @what: the one under way; borrowed, may be NULL
 * @began_us, @told_us: monotonic times; @told_us 0: nothing was told yet
 * @percent: what the last line said
 * @counts: parts are counted, and how many a second is told
 */
struct progress {
	bool shown, plain;
	unsigned int parts, done;
	const char *what;
	gint64 began_us, told_us;
	int percent;
	bool counts;
};

/** progress_begin - work of @parts parts begins. */
void progress_begin(struct progress *progress, const struct options *options,
		    unsigned int parts);

/** progress_tell - the part under way is at @fraction; run_options.progress. */
void progress_tell(void *data, double fraction);

/** progress_count - @done parts have ended since the beginning. */
void progress_count(struct progress *progress, unsigned int done);

/** progress_end - no more; clears the line. */
void progress_end(struct progress *progress);

#endif
