/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_SCENARIO_SETTING_H
#define PREEMPTSIM_SCENARIO_SETTING_H

#include <stdbool.h>

/*
 * Settings: a text KEY=VALUE, which messages call by the option -s, or one that
 * remembers of which other option it is, so that messages name what was typed.
 */

/**
 * setting_new - a setting of an option.
 * @label: what messages call it: "-d 5s"
 * @text: "duration=5s"
 *
 * Returns a text for g_free().
 */
char *setting_new(const char *label, const char *text);

/** setting_new_tried - the same of a value that is tried out among others.  That
 * another such setting overwrites it is a mistake: results would be put down to
 * a value that was not simulated. */
char *setting_new_tried(const char *label, const char *text);

/** setting_is_tried - is @setting from setting_new_tried()? */
bool setting_is_tried(const char *setting);

/** SETTING_GIVES_WAY - a part of the warning of a setting that a build takes the
 * place of. */
#define SETTING_GIVES_WAY "it gives way to a build"

/** setting_text - KEY=VALUE of @setting, which it lies in. */
const char *setting_text(const char *setting);

/** setting_label - what messages call it, for g_free(). */
char *setting_label(const char *setting);

#endif
