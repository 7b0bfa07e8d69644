/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Progress on stderr: nothing in the first half second, then on a terminal one
 * line that changes ten times a second at most, or in plain form, and where
 * TERM is dumb, a line for every tenth of the work.
 */
#include <config.h>

#include "preemptsim/app/progress.h"

#include <stdio.h>
#include <unistd.h>

#define PATIENCE_US (G_USEC_PER_SEC / 2)
#define BAR_WIDTH 24
#define INTERVAL_US (G_USEC_PER_SEC / 10)

/* It can't erase a line. */
static bool is_dumb_terminal(void)
{
	return !g_strcmp0(g_getenv("TERM"), "dumb");
}

void progress_begin(struct progress *progress, const struct options *options,
		    unsigned int parts)
{
	bool shown =
		options->progress == PROGRESS_PLAIN ||
		(options->progress == PROGRESS_AUTO && isatty(STDERR_FILENO));

	*progress = (struct progress){
		.shown = shown && !options->quiet,
		.plain = options->progress == PROGRESS_PLAIN ||
			 is_dumb_terminal(),
		.parts = MAX(parts, 1),
		.began_us = g_get_monotonic_time(),
	};
}

static void print(const struct progress *progress, double fraction, gint64 now)
{
	double passed = (double)(now - progress->began_us) / G_USEC_PER_SEC;
	double left = fraction > 0 ? passed / fraction - passed : 0;

	fprintf(stderr, "%s%3d %%", progress->plain ? "" : "\r",
		progress->percent);
	if (progress->parts > 1)
		fprintf(stderr, ", simulation %u of %u",
			MIN(progress->done + 1, progress->parts),
			progress->parts);
	if (progress->what)
		fprintf(stderr, " (%s)", progress->what);
	fprintf(stderr, ", %.0f s left%s", left,
		progress->plain ? "\n" : "\033[K");
	fflush(stderr);
}

/* "[####......]" of @fraction. */
static void print_bar(double fraction)
{
	char bar[BAR_WIDTH + 1];
	int full = (int)(fraction * BAR_WIDTH);

	for (int i = 0; i < BAR_WIDTH; i++)
		bar[i] = i < full ? '#' : '.';
	bar[BAR_WIDTH] = '\0';
	fprintf(stderr, "\r[%s] ", bar);
}

static void print_count(const struct progress *progress, double fraction,
			gint64 now)
{
	double passed = (double)(now - progress->began_us) / G_USEC_PER_SEC;
	double rate = progress->done / passed;

	if (!progress->plain)
		print_bar(fraction);
	fprintf(stderr, "%3d %%, %u of %u", progress->percent, progress->done,
		progress->parts);
	if (progress->done)
		fprintf(stderr, ", %.*f/s, %.0f s left", rate < 10, rate,
			(progress->parts - progress->done) / rate);
	fputs(progress->plain ? "\n" : "\033[K", stderr);
	fflush(stderr);
}

/* Is it time for a word? */
static bool is_due(const struct progress *progress, int percent, gint64 now)
{
	if (now - progress->began_us < PATIENCE_US)
		return false;
	if (progress->plain)
		return !progress->told_us ||
		       percent / 10 > progress->percent / 10;
	return now - progress->told_us >= INTERVAL_US;
}

void progress_tell(void *data, double fraction)
{
	struct progress *progress = data;
	gint64 now = g_get_monotonic_time();
	double all;
	int percent;

	if (!progress->shown)
		return;
	all = (progress->done + CLAMP(fraction, 0, 1)) / progress->parts;
	percent = (int)(all * 100);
	if (!is_due(progress, percent, now))
		return;
	progress->percent = percent;
	progress->told_us = now;
	if (progress->counts)
		print_count(progress, all, now);
	else
		print(progress, all, now);
}

void progress_count(struct progress *progress, unsigned int done)
{
	progress->counts = true;
	progress->done = MIN(done, progress->parts);
	progress_tell(progress, 0);
}

void progress_end(struct progress *progress)
{
	if (progress->told_us && !progress->plain)
		fputs("\r\033[K", stderr);
	progress->shown = false;
}
