/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_REPORT_TIMELINE_H
#define PREEMPTSIM_REPORT_TIMELINE_H

/*
 * A window of a simulation, for eyes.
 */

#include "preemptsim/measure/timeline.h"

/** TIMELINE_COLUMNS - as wide as a text is if nobody says how wide. */
#define TIMELINE_COLUMNS 72

/**
 * timeline_write_text - append @timeline to @out: rows of letters, and a list
 * of what happens.
 * @columns: letters in a row, 1 or more
 */
void timeline_write_text(const struct timeline *timeline, unsigned int columns,
			 GString *out);

/** timeline_write_cpu - append the rows of @cpu alone. */
void timeline_write_cpu(const struct timeline *timeline, unsigned int cpu,
			unsigned int columns, GString *out);

/** timeline_write_legend - append what the letters stand for. */
void timeline_write_legend(GString *out);

/** timeline_write_svg - append @timeline to @out as a picture with a @title. */
void timeline_write_svg(const struct timeline *timeline, const char *title,
			GString *out);

#endif
