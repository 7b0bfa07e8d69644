/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Splitting a .dot file into words.  Left out of the language: HTML strings,
 * and strings put together with +.
 */
#include <config.h>

#include "dot-token-private.h"

#include <string.h>

static void skip_char(struct dot_reader *reader)
{
	if (*reader->at++ == '\n') {
		reader->line++;
		reader->column = 1;
	} else {
		reader->column++;
	}
}

static void skip_line(struct dot_reader *reader)
{
	while (*reader->at && *reader->at != '\n')
		skip_char(reader);
}

static void skip_comment(struct dot_reader *reader)
{
	while (*reader->at && strncmp(reader->at, "*/", 2) != 0)
		skip_char(reader);
	for (int i = 0; i < 2 && *reader->at; i++)
		skip_char(reader);
}

static void skip_blanks(struct dot_reader *reader)
{
	for (;;) {
		if (g_ascii_isspace(*reader->at))
			skip_char(reader);
		else if (!strncmp(reader->at, "//", 2) ||
			 (*reader->at == '#' && reader->column == 1))
			skip_line(reader);
		else if (!strncmp(reader->at, "/*", 2))
			skip_comment(reader);
		else
			return;
	}
}

static void take_text(struct dot_reader *reader, const char *from, size_t n)
{
	reader->token.kind = DOT_ID;
	reader->token.text = g_strndup(from, n);
	g_ptr_array_add(reader->words, reader->token.text);
}

static void take_string(struct dot_reader *reader)
{
	const char *from;

	skip_char(reader);
	from = reader->at;
	while (*reader->at && *reader->at != '"') {
		if (*reader->at == '\\' && reader->at[1])
			skip_char(reader);
		skip_char(reader);
	}
	if (!*reader->at) {
		reader->token.kind = DOT_UNENDED;
		return;
	}
	take_text(reader, from, (size_t)(reader->at - from));
	reader->token.quoted = true;
	skip_char(reader);
}

static bool is_word(char c)
{
	return g_ascii_isalnum(c) || c == '_' || c == '.' || (c & 0x80);
}

static void take_word(struct dot_reader *reader)
{
	const char *from = reader->at;

	while (is_word(*reader->at))
		skip_char(reader);
	take_text(reader, from, (size_t)(reader->at - from));
}

void dot_next(struct dot_reader *reader)
{
	skip_blanks(reader);
	reader->token = (struct dot_token){ .line = reader->line,
					    .column = reader->column };
	if (!*reader->at) {
		reader->token.kind = DOT_END;
	} else if (*reader->at == '"') {
		take_string(reader);
	} else if (is_word(*reader->at)) {
		take_word(reader);
	} else if (!strncmp(reader->at, "->", 2)) {
		reader->token.kind = DOT_ARROW;
		skip_char(reader);
		skip_char(reader);
	} else {
		reader->token.kind = (unsigned char)*reader->at;
		skip_char(reader);
	}
}
