/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Cells of comma-separated values, for the formats that are made of them.
 */
#include <config.h>

#include "csv-private.h"

#include <string.h>

void csv_text(GString *out, const char *text, char end)
{
	if (!strpbrk(text, ",\"\r\n")) {
		g_string_append(out, text);
	} else {
		g_string_append_c(out, '"');
		for (; *text; text++) {
			if (*text == '"')
				g_string_append_c(out, '"');
			g_string_append_c(out, *text);
		}
		g_string_append_c(out, '"');
	}
	g_string_append_c(out, end);
}

void csv_value(GString *out, const struct value *value, char end)
{
	char digits[G_ASCII_DTOSTR_BUF_SIZE];

	if (!value->known) {
		g_string_append_c(out, end);
	} else if (value->unit == UNIT_TEXT) {
		csv_text(out, value->text, end);
	} else if (value->unit == UNIT_SHARE) {
		g_ascii_formatd(digits, sizeof(digits), "%.9f", value->share);
		g_string_append_printf(out, "%s%c", digits, end);
	} else {
		g_string_append_printf(out, "%" G_GINT64_FORMAT "%c", value->n,
				       end);
	}
}

void csv_ns(GString *out, int64_t ns, char end)
{
	if (ns >= 0)
		g_string_append_printf(out, "%" G_GINT64_FORMAT, ns);
	g_string_append_c(out, end);
}
