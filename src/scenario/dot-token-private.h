/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_DOT_TOKEN_PRIVATE_H
#define PREEMPTSIM_DOT_TOKEN_PRIVATE_H

/*
 * The words of a .dot file.
 */

#include <glib.h>
#include <stdbool.h>

/** enum dot_kind - what a word is; a punctuation mark is its own character. */
enum dot_kind {
	DOT_END = 0,
	DOT_ID = 256,
	DOT_ARROW,
	DOT_UNENDED, /* a string without its second quotation mark */
};

/**
 * struct dot_token - a word.
 * @kind: an enum dot_kind, or a character
 * @quoted: it stood in quotation marks, which @text is without; escapes stay
 *          as they were written
 * @text: of a DOT_ID; owned by the reader's @words
 * @line, @column: where it begins, from 1
 */
struct dot_token {
	int kind;
	bool quoted;
	char *text;
	int line, column;
};

/**
 * struct dot_reader - a place in a text.
 * @at: the next character; @line, @column: its place
 * @token: the word before it
 * @words: owns the texts of all words
 */
struct dot_reader {
	const char *at;
	int line, column;
	struct dot_token token;
	GPtrArray *words;
};

/** dot_next - go on to the next word. */
void dot_next(struct dot_reader *reader);

#endif
