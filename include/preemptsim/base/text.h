/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_BASE_TEXT_H
#define PREEMPTSIM_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/**
 * text_is_printable - can a terminal, a line of a trace and XML hold it?
 * @text: UTF-8; anything else can't be printed
 * @allowed: control characters that may be in it, as in "\t\n"
 */
bool text_is_printable(const char *text, const char *allowed);

/**
 * text_printable - spell what can't be printed as \\x1b, byte by byte.
 * @text: any bytes; taken, as by g_free()
 *
 * Returns: a text for text_is_printable(); to be freed by g_free().
 */
char *text_printable(char *text);

/**
 * text_cut - how much of a text fits.
 * @text: UTF-8 of @len bytes
 * @max: bytes there is room for
 *
 * Returns: bytes, at most @max, that end with a whole character.
 */
size_t text_cut(const char *text, size_t len, size_t max);

#endif
