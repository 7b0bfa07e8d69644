/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_APP_LOAD_H
#define PREEMPTSIM_APP_LOAD_H

/*
 * Scenarios of the command line: files and settings.
 */

#include <glib.h>

#include "preemptsim/app/options.h"
#include "preemptsim/scenario/model.h"

/**
 * load_scenario - load a scenario and check what it expects.
 * @file: its path
 * @settings: GPtrArray of char *, see scenario/setting.h
 * @more: further settings, may be NULL
 * @messages: receives what is to be said; GPtrArray of char *
 *
 * Returns a scenario for scenario_free(), or NULL.
 */
struct scenario *load_scenario(const char *file, const GPtrArray *settings,
			       const GPtrArray *more, GPtrArray *messages);

/**
 * load_read - append the bytes of the scenario that @options names to @text:
 * those of options.text, if it is there.
 *
 * Returns false with @messages if it can't be read.
 */
bool load_read(const struct options *options, GString *text,
	       GPtrArray *messages);

/**
 * load_text - as load_scenario(), from bytes in memory.
 * @text: what stands in @file, from load_read() or scenario_read()
 */
struct scenario *load_text(const char *file, const GString *text,
			   const GPtrArray *settings, const GPtrArray *more,
			   GPtrArray *messages);

/**
 * load_tell - print @messages to stderr, each one once.
 * @warnings: false: errors only
 */
void load_tell(const GPtrArray *messages, bool warnings);

/**
 * load_has_task - is there a task of that name?
 * @copies: NAME/NUMBER will do, too
 *
 * Returns false after saying what else could be meant.
 */
bool load_has_task(const struct scenario *scenario, const char *name,
		   bool copies);

#endif
