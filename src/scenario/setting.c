/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Settings and the options that they are of.  The label stands before the
 * setting; what parts the two is one of two control characters, which YAML does not
 * allow in any value.
 */
#include <config.h>

#include "preemptsim/scenario/setting.h"

#include <glib.h>
#include <string.h>

#define GIVEN_END '\x1f'
#define TRIED_END '\x1e'

char *setting_new(const char *label, const char *text)
{
	return g_strdup_printf("%s%c%s", label, GIVEN_END, text);
}

char *setting_new_tried(const char *label, const char *text)
{
	return g_strdup_printf("%s%c%s", label, TRIED_END, text);
}

/* Where the label ends; NULL: there is none. */
static const char *label_end(const char *setting)
{
	static const char ends[] = { GIVEN_END, TRIED_END, '\0' };

	return strpbrk(setting, ends);
}

bool setting_is_tried(const char *setting)
{
	const char *end = label_end(setting);

	return end && *end == TRIED_END;
}

const char *setting_text(const char *setting)
{
	const char *end = label_end(setting);

	return end ? end + 1 : setting;
}

char *setting_label(const char *setting)
{
	const char *end = label_end(setting);

	return end ? g_strndup(setting, (size_t)(end - setting)) :
		     g_strconcat("-s ", setting, NULL);
}
