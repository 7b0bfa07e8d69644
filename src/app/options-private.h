/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_APP_OPTIONS_PRIVATE_H
#define PREEMPTSIM_APP_OPTIONS_PRIVATE_H

/*
 * Shared by the parts of the command line.
 */

#include "preemptsim/app/options.h"

/** options_same_file - do two paths lead to the same place, as far as that is
 * to be seen? */
bool options_same_file(const char *a, const char *b);

/* Setters of option_desc, see options.c; return what is wrong or NULL. */
char *options_set_trace(struct options *options, const char *arg);
char *options_set_from(struct options *options, const char *arg);
char *options_set_to(struct options *options, const char *arg);
char *options_set_around(struct options *options, const char *arg);
char *options_set_events(struct options *options, const char *arg);

/** options_check_traces - what is wrong with where traces go, or NULL. */
char *options_check_traces(const struct options *options);

#endif
