/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of the arena: pieces, and copies that are put back.
 */
#include <config.h>

#include <check.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "run-suite.h"

#include "preemptsim/base/arena.h"

START_TEST(pieces_are_zeroed_and_aligned)
{
	struct arena arena = { 0 };

	for (size_t size = 1; size < 200000; size = size * 3 + 1) {
		unsigned char *piece = arena_alloc(&arena, size);

		ck_assert_uint_eq((uintptr_t)piece % (size < 64 ? 16 : 64), 0);
		for (size_t i = 0; i < size; i++)
			ck_assert_uint_eq(piece[i], 0);
		memset(piece, 0xee, size);
	}
	arena_destroy(&arena);
	ck_assert_ptr_null(arena.first);
}
END_TEST

/* A list whose every element is a piece: what is put back has to stand where it
 * stood, or its links lead nowhere. */
struct element {
	struct element *next;
	unsigned int number;
	char room[1000];
};

static struct element *prepend(struct arena *arena, struct element *list,
			       unsigned int number)
{
	struct element *new = arena_new(arena, struct element, 1);

	new->next = list;
	new->number = number;
	memset(new->room, (int)number, sizeof(new->room));
	return new;
}

static void check_list(const struct element *list, unsigned int last)
{
	for (unsigned int n = last; n; n--, list = list->next) {
		ck_assert_uint_eq(list->number, n);
		ck_assert_int_eq(list->room[999], (char)n);
	}
	ck_assert_ptr_null(list);
}

START_TEST(copies_bring_back_everything)
{
	struct arena arena = { 0 };
	struct arena_image early = { 0 }, late = { 0 };
	struct element *list = NULL, *at_early, *at_late;
	unsigned int n = 0;

	while (n < 70)
		list = prepend(&arena, list, ++n);
	at_early = list;
	arena_save(&arena, &early);
	while (n < 900)
		list = prepend(&arena, list, ++n);
	at_late = list;
	arena_save(&arena, &late);

	memset(at_early, 0, sizeof(*at_early));
	arena_load(&arena, &early);
	check_list(at_early, 70);
	/* The same again goes to the same places. */
	for (n = 70, list = at_early; n < 900;)
		list = prepend(&arena, list, ++n);
	ck_assert_ptr_eq(list, at_late);
	arena_load(&arena, &early);
	arena_load(&arena, &late);
	check_list(at_late, 900);

	arena_image_destroy(&early);
	arena_image_destroy(&late);
	arena_destroy(&arena);
}
END_TEST

/* Holes that touch are one, whatever their order. */
START_TEST(what_is_left_out_is_not_touched)
{
	static const struct {
		unsigned int from, to;
	} left_out[] = {
		{ 300, 500 }, { 100, 200 }, { 200, 300 }, { 900, 999 }
	};
	struct arena arena = { 0 };
	struct arena_image all = { 0 }, image = { 0 };
	unsigned char *piece = arena_alloc(&arena, 1000);
	uint64_t before;

	arena_save(&arena, &all);
	for (unsigned int i = 0; i < G_N_ELEMENTS(left_out); i++)
		arena_leave_out(&arena, piece + left_out[i].from,
				left_out[i].to - left_out[i].from);
	arena_save(&arena, &image);
	ck_assert_uint_eq(image.size, all.size - 499);
	before = arena_left_out(&arena);
	memset(piece, 1, 1000);
	ck_assert_uint_ne(arena_left_out(&arena), before);
	arena_load(&arena, &image);
	for (unsigned int i = 0; i < 1000; i++)
		ck_assert_uint_eq(piece[i], (i >= 100 && i < 500) ||
						    (i >= 900 && i < 999));
	arena_image_destroy(&all);
	arena_image_destroy(&image);
	arena_destroy(&arena);
}
END_TEST

START_TEST(a_copy_can_be_used_again)
{
	struct arena arena = { 0 };
	struct arena_image image = { 0 };
	int *number = arena_new(&arena, int, 1);

	for (int i = 0; i < 5; i++) {
		arena_new(&arena, char, 20000);
		*number = i;
		arena_save(&arena, &image);
		*number = -1;
		arena_load(&arena, &image);
		ck_assert_int_eq(*number, i);
	}
	arena_image_destroy(&image);
	arena_destroy(&arena);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("arena");
	TCase *tc = tcase_create("arena");

	tcase_add_test(tc, pieces_are_zeroed_and_aligned);
	tcase_add_test(tc, copies_bring_back_everything);
	tcase_add_test(tc, what_is_left_out_is_not_touched);
	tcase_add_test(tc, a_copy_can_be_used_again);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
