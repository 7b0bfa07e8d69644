/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Texts that somebody else wrote: which of them can be printed.
 *
 * A control character in a scenario would move the cursor of a terminal, begin
 * another line of a trace or make an XML file that no reader takes.
 */
#include <config.h>

#include <glib.h>
#include <string.h>

#include "preemptsim/base/text.h"

/* U+FFFE, U+FFFF and the like never stand for a character; XML forbids them. */
static bool is_printable(gunichar c)
{
	return c < 0x110000 && !g_unichar_iscntrl(c) && (c & 0xfffe) != 0xfffe;
}

bool text_is_printable(const char *text, const char *allowed)
{
	if (!g_utf8_validate(text, -1, NULL))
		return false;
	for (; *text; text = g_utf8_next_char(text))
		if (!strchr(allowed, *text) &&
		    !is_printable(g_utf8_get_char(text)))
			return false;
	return true;
}

char *text_printable(char *text)
{
	GString *out;

	if (text_is_printable(text, ""))
		return text;
	out = g_string_new(NULL);
	for (const char *p = text; *p;) {
		gunichar c = g_utf8_get_char_validated(p, -1);
		size_t n =
			c < 0x110000 ? (size_t)g_unichar_to_utf8(c, NULL) : 1;

		if (is_printable(c))
			g_string_append_len(out, p, (gssize)n);
		for (size_t i = 0; !is_printable(c) && i < n; i++)
			g_string_append_printf(out, "\\x%02x",
					       (unsigned char)p[i]);
		p += n;
	}
	g_free(text);
	return g_string_free(out, FALSE);
}

size_t text_cut(const char *text, size_t len, size_t max)
{
	if (len <= max)
		return len;
	/* 10xxxxxx goes on with a character. */
	while (max && ((unsigned char)text[max] & 0xc0) == 0x80)
		max--;
	return max;
}
