/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_SCENARIO_SETTING_H
#define PREEMPTSIM_SCENARIO_SETTING_H

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

/** setting_text - KEY=VALUE of @setting, which it lies in. */
const char *setting_text(const char *setting);

/** setting_label - what messages call it, for g_free(). */
char *setting_label(const char *setting);

#endif
