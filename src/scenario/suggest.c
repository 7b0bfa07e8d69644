/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What was meant by a name that does not exist.
 *
 * Near is what can be had by few insertions, deletions, replacements and
 * exchanges of neighbours (the distance of Damerau and Levenshtein, in its
 * form in which no piece is edited twice): at most two, or a third of the
 * length, and fewer than the word has letters.
 */
#include <config.h>

#include <string.h>

#include "preemptsim/scenario/suggest.h"

/* Longer words are not compared; the table is on the stack. */
#define WORD_MAX 48

/* So many names are listed when none is near. */
#define KNOWN_MAX 40

static unsigned int min3(unsigned int a, unsigned int b, unsigned int c)
{
	return MIN(MIN(a, b), c);
}

/**
 * edit_distance - how many edits make one word of the other.
 * @a: a word
 * @b: another; upper and lower case are the same
 * @limit: what is returned for words that are too long to be compared
 */
unsigned int edit_distance(const char *a, const char *b, unsigned int limit)
{
	unsigned int d[WORD_MAX + 1][WORD_MAX + 1];
	size_t m = strlen(a), n = strlen(b);

	if (m > WORD_MAX || n > WORD_MAX)
		return limit;
	for (unsigned int i = 0; i <= m; i++)
		d[i][0] = i;
	for (unsigned int j = 0; j <= n; j++)
		d[0][j] = j;
	for (size_t i = 1; i <= m; i++) {
		for (size_t j = 1; j <= n; j++) {
			char p = g_ascii_tolower(a[i - 1]);
			char q = g_ascii_tolower(b[j - 1]);

			d[i][j] = min3(d[i - 1][j] + 1, d[i][j - 1] + 1,
				       d[i - 1][j - 1] + (p != q));
			if (i > 1 && j > 1 && p == g_ascii_tolower(b[j - 2]) &&
			    q == g_ascii_tolower(a[i - 2]))
				d[i][j] = MIN(d[i][j], d[i - 2][j - 2] + 1);
		}
	}
	return d[m][n];
}

/**
 * suggestion_init - begin a search.
 * @suggestion: to be given to suggestion_finish()
 * @word: what was written; must live until then
 */
void suggestion_init(struct suggestion *suggestion, const char *word)
{
	size_t len = strlen(word);
	unsigned int limit = (unsigned int)MIN(MAX(3, len / 3 + 1), 20);

	*suggestion = (struct suggestion){
		.word = word,
		.distance = (unsigned int)MIN(limit, len),
		.known = g_string_new(NULL),
	};
}

/**
 * suggestion_consider - a name that exists.
 * @suggestion: the search
 * @name: must live until suggestion_finish()
 */
void suggestion_consider(struct suggestion *suggestion, const char *name)
{
	unsigned int distance =
		edit_distance(suggestion->word, name, suggestion->distance);

	if (distance < suggestion->distance) {
		suggestion->distance = distance;
		suggestion->best = name;
	}
	if (suggestion->count < KNOWN_MAX)
		g_string_append_printf(suggestion->known, "%s%s",
				       suggestion->count ? ", " : "", name);
	else if (suggestion->count == KNOWN_MAX)
		g_string_append(suggestion->known, ", ...");
	suggestion->count++;
}

/**
 * suggestion_finish - what to say.
 * @suggestion: is empty then
 *
 * Returns: "; did you mean 'x'?", "; known: a, b, c" or "", to be freed.
 */
char *suggestion_finish(struct suggestion *suggestion)
{
	char *text;

	if (suggestion->best)
		text = g_strdup_printf("; did you mean '%s'?",
				       suggestion->best);
	else if (suggestion->count)
		text = g_strdup_printf("; known: %s", suggestion->known->str);
	else
		text = g_strdup("");
	g_string_free(suggestion->known, TRUE);
	suggestion->known = NULL;
	return text;
}
