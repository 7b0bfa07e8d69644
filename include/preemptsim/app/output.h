/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_APP_OUTPUT_H
#define PREEMPTSIM_APP_OUTPUT_H

/*
 * Where text goes: stdout and files.  All functions say on stderr what went
 * wrong and return whether nothing did.
 */

#include <glib.h>
#include <stdbool.h>
#include <stdio.h>

#include "preemptsim/app/options.h"

/** output_open_std - make sure that no file can become stdin, -out or -err. */
void output_open_std(void);

/** output_stdout - write @text to stdout. */
bool output_stdout(const GString *text);

/**
 * output_file - write @text to @file, which appears whole or not at all.
 *
 * "-" is stdout.  What is no plain file (a device, a pipe) is written to.
 */
bool output_file(const char *file, const GString *text);

/**
 * struct output_stream - a file that is being written.
 * @to: where to; errors are noticed at the end
 * @error: errno of one that was noticed before, or 0
 * @file: what messages call it; the rest is output.c's
 */
struct output_stream {
	FILE *to;
	int error;
	char *file, *target, *temporary;
};

/** output_open - begin to write @file, as output_file() would. */
bool output_open(struct output_stream *out, const char *file);

/** output_close - all is written: now it appears. */
bool output_close(struct output_stream *out);

/** output_discard - it never was there; all errors are known already. */
void output_discard(struct output_stream *out);

/** output_in_place - it is written where it stands (a device, a pipe), so from
 * begin to end only. */
bool output_in_place(const struct output_stream *out);

/** output_copy - write what is in the file @fd; errors as those of writing. */
void output_copy(struct output_stream *out, int fd);

/** output_scratch - a file without a name on the disk of @out, or -1. */
int output_scratch(const struct output_stream *out);

/** output_check - could @file be written?  Said before work is put into it. */
bool output_check(const char *file);

/** output_check_exports - output_check() for all files of --export. */
bool output_check_exports(const struct options *options);

/** output_width - columns of the terminal that stdout is, or REPORT_WIDTH. */
unsigned int output_width(void);

/** output_wants_color - is stdout to have colour? */
bool output_wants_color(const struct options *options);

#endif
