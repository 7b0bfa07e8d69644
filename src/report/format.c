/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The registry of formats.  An explicit list instead of registration by the
 * formats themselves: a static library leaves out objects that nobody refers
 * to, and a list has an order.
 */
#include <config.h>

#include "preemptsim/report/format.h"

#include "formats-private.h"

#define REPORT_FORMAT(name) &format_##name,
static const struct report_format *const formats[] = {
#include "format-list.h"
};
#undef REPORT_FORMAT

const struct report_format *report_format(unsigned int i)
{
	return i < G_N_ELEMENTS(formats) ? formats[i] : NULL;
}

const struct report_format *report_format_find(const char *name)
{
	for (unsigned int i = 0; i < G_N_ELEMENTS(formats); i++)
		if (g_str_equal(formats[i]->choice.name, name))
			return formats[i];
	return NULL;
}
