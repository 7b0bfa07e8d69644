/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_REPORT_CSV_PRIVATE_H
#define PREEMPTSIM_REPORT_CSV_PRIVATE_H

/*
 * Cells of comma-separated values as in RFC 4180, but lines end in a newline
 * alone.
 */

#include <glib.h>

#include "preemptsim/report/fact.h"

/** csv_text - append @text and @end, quoted where it must be. */
void csv_text(GString *out, const char *text, char end);

/** csv_value - append @value as a bare number (empty: unknown) and @end. */
void csv_value(GString *out, const struct value *value, char end);

/** csv_ns - append @ns, or nothing when it is negative, and @end. */
void csv_ns(GString *out, int64_t ns, char end);

#endif
