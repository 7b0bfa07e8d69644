/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of texts that somebody else wrote.
 */
#include <config.h>

#include <check.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "run-suite.h"

#include "preemptsim/base/text.h"

START_TEST(text_printable_or_not)
{
	static const char *const good[] = { "", "a b", "\xc3\xa9",
					    "\xf0\x9f\x8e\xb5" };
	/* ESC, DEL, C1's CSI, U+FFFE, U+1FFFF, half a character. */
	static const char *const bad[] = { "\x1b[2J",
					   "a\nb",
					   "\t",
					   "\x7f",
					   "\xc2\x9b",
					   "\xef\xbf\xbe",
					   "\xf0\x9f\xbf\xbf",
					   "\xc3" };

	for (size_t i = 0; i < G_N_ELEMENTS(good); i++)
		ck_assert(text_is_printable(good[i], ""));
	for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
		ck_assert_msg(!text_is_printable(bad[i], ""), "%zu", i);
	ck_assert(text_is_printable("a\n\tb", "\t\n"));
	ck_assert(!text_is_printable("a\n\rb", "\t\n"));
}
END_TEST

START_TEST(text_printable_spells)
{
	static const char *const t[][2] = {
		{ "as it is", "as it is" },
		{ "a\x1b[2Jb", "a\\x1b[2Jb" },
		{ "\xc3\xa9\n\xef\xbf\xbe.", "\xc3\xa9\\x0a\\xef\\xbf\\xbe." },
		{ "\xc3", "\\xc3" },
		{ "\xff\xfe"
		  "ab",
		  "\\xff\\xfe"
		  "ab" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(t); i++) {
		g_autofree char *spelt = text_printable(g_strdup(t[i][0]));

		ck_assert_str_eq(spelt, t[i][1]);
		ck_assert(text_is_printable(spelt, ""));
	}
}
END_TEST

START_TEST(text_cut_between_characters)
{
	/* One, two, three and four bytes. */
	const char *text = "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x8e\xb5";
	static const size_t whole[] = { 0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 10 };

	for (size_t max = 0; max < G_N_ELEMENTS(whole); max++)
		ck_assert_uint_eq(text_cut(text, strlen(text), max),
				  whole[max]);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("text");
	TCase *tc = tcase_create("text");

	tcase_add_test(tc, text_printable_or_not);
	tcase_add_test(tc, text_printable_spells);
	tcase_add_test(tc, text_cut_between_characters);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
