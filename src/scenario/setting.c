/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Settings and the options that they are of.  The label stands before the
 * setting; what parts the two is a control character, which YAML does not allow
 * in any value.
 */
#include <config.h>

#include "preemptsim/scenario/setting.h"

#include <glib.h>
#include <string.h>

#define LABEL_END '\x1f'

char *setting_new(const char *label, const char *text)
{
	return g_strdup_printf("%s%c%s", label, LABEL_END, text);
}

const char *setting_text(const char *setting)
{
	const char *end = strchr(setting, LABEL_END);

	return end ? end + 1 : setting;
}

char *setting_label(const char *setting)
{
	const char *end = strchr(setting, LABEL_END);

	return end ? g_strndup(setting, (size_t)(end - setting)) :
		     g_strconcat("-s ", setting, NULL);
}
