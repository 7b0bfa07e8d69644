/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The list of trace files' formats.
 */
#include <config.h>

#include <string.h>

#include "trace-private.h"

#define TRACE_FORMAT(name) extern const struct trace_format trace_format_##name;
#include "format-list.h"
#undef TRACE_FORMAT

static const struct trace_format *const formats[] = {
#define TRACE_FORMAT(name) &trace_format_##name,
#include "format-list.h"
#undef TRACE_FORMAT
};

const struct trace_format *trace_format(unsigned int i)
{
	return i < G_N_ELEMENTS(formats) ? formats[i] : NULL;
}

const struct trace_format *trace_format_of(const char *file)
{
	const char *ending = strrchr(file, '.');

	for (unsigned int i = 0; ending && i < G_N_ELEMENTS(formats); i++)
		if (g_str_equal(ending + 1, formats[i]->choice.name))
			return formats[i];
	return NULL;
}
