/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_APP_GNUPLOT_H
#define PREEMPTSIM_APP_GNUPLOT_H

/*
 * gnuplot, a program of its own that has to be installed.
 */

#include <glib.h>
#include <stdbool.h>

/** gnuplot_draws - does @file end like a picture that it draws? */
bool gnuplot_draws(const char *file);

/** gnuplot_is_there - is it installed?  If not, says what to do. */
bool gnuplot_is_there(void);

/** gnuplot_terminal - append to @out what makes a script draw @file. */
void gnuplot_terminal(GString *out, const char *file);

/**
 * gnuplot_draw - have it draw what @script says.
 * @file: appears whole or not at all; its ending says what it is
 * @quiet: what it says is passed on only if it fails
 *
 * Returns false after saying why.
 */
bool gnuplot_draw(const char *file, const GString *script, bool quiet);

#endif
