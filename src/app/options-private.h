/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_APP_OPTIONS_PRIVATE_H
#define PREEMPTSIM_APP_OPTIONS_PRIVATE_H

/*
 * Shared by the parts of the command line.  What returns a text returns what is
 * wrong, for g_free(), or NULL.
 */

#include "preemptsim/app/options.h"

/** option_number - a whole number in a range. */
char *option_number(const char *arg, uint64_t min, uint64_t max, uint64_t *out);

/** option_word - which of the @words (to a NULL) it is. */
char *option_word(const char *arg, const char *const *words, int *out);

/** option_format - the format of that name. */
char *option_format(const char *arg, const struct report_format **out);

/** option_list - the axis of "KEY=A,B"; @why: what is wrong, for g_free(), when
 * NULL is returned. */
struct axis *option_list(const char *arg, char **why);

/* Setters of option_desc, see options.c; return what is wrong or NULL. */
char *options_set_range(struct options *options, const char *arg);
char *options_set_list(struct options *options, const char *arg);
char *options_set_find(struct options *options, const char *arg);
char *options_set_over(struct options *options, const char *arg);
char *options_set_columns(struct options *options, const char *arg);
char *options_set_db(struct options *options, const char *arg);
char *options_set_jobs(struct options *options, const char *arg);
char *options_set_shard(struct options *options, const char *arg);
char *options_set_trace(struct options *options, const char *arg);
char *options_set_from(struct options *options, const char *arg);
char *options_set_to(struct options *options, const char *arg);
char *options_set_around(struct options *options, const char *arg);
char *options_set_events(struct options *options, const char *arg);
char *options_set_kind(struct options *options, const char *arg);
char *options_set_timeline(struct options *options, const char *arg);
char *options_set_picture(struct options *options, const char *arg);
char *options_set_script(struct options *options, const char *arg);
char *options_set_task(struct options *options, const char *arg);
char *options_set_measure(struct options *options, const char *arg);

/** options_check_traces - what is wrong with what is said of traces, or NULL;
 * @mask: of the command, as for options_parse(). */
char *options_check_traces(const struct options *options, unsigned int mask);

/** options_check_files - which file would be overwritten or is written twice, or
 * NULL. */
char *options_check_files(const struct options *options);

#endif
