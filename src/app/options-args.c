/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading the arguments of options. */
#include <config.h>

#include "options-private.h"
#include "preemptsim/scenario/suggest.h"

char *option_number(const char *arg, uint64_t min, uint64_t max, uint64_t *out)
{
	g_autoptr(GError) error = NULL;
	guint64 n;

	if (!g_ascii_string_to_unsigned(arg, 10, min, max, &n, &error))
		return g_strdup_printf(
			"'%s' is no whole number from %" G_GUINT64_FORMAT
			" to %" G_GUINT64_FORMAT,
			arg, min, max);
	*out = n;
	return NULL;
}

char *option_word(const char *arg, const char *const *words, int *out)
{
	struct suggestion search;
	g_autofree char *hint = NULL;

	for (int i = 0; words[i]; i++) {
		if (g_str_equal(arg, words[i])) {
			*out = i;
			return NULL;
		}
	}
	suggestion_init(&search, arg);
	for (int i = 0; words[i]; i++)
		suggestion_consider(&search, words[i]);
	hint = suggestion_finish(&search);
	return g_strdup_printf("'%s' is none of its values%s", arg, hint);
}

char *option_format(const char *arg, const struct report_format **out)
{
	struct suggestion search;
	g_autofree char *hint = NULL;
	const struct report_format *format;

	*out = report_format_find(arg);
	if (*out)
		return NULL;
	suggestion_init(&search, arg);
	for (unsigned int i = 0; (format = report_format(i)); i++)
		suggestion_consider(&search, format->choice.name);
	hint = suggestion_finish(&search);
	return g_strdup_printf("there is no format '%s'%s", arg, hint);
}
