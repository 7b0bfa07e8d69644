/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of the ring: order, growing, wrapping around.
 */
#include <config.h>

#include <check.h>
#include <stdlib.h>

#include "run-suite.h"

#include "preemptsim/base/ring.h"
#include "preemptsim/base/rng.h"

#define STEPS 200000
#define MOST 5000

/* Something to point at: the address is the number. */
static char things[STEPS];

static void put(struct ring *ring, unsigned int n)
{
	ring_put(ring, &things[n], (ktime_t)n * 3);
}

static void check_get(struct ring *ring, unsigned int n)
{
	struct ring_entry entry = ring_get(ring);

	ck_assert_ptr_eq(entry.who, &things[n]);
	ck_assert_int_eq(entry.when, (ktime_t)n * 3);
}

START_TEST(empty)
{
	struct arena arena = { 0 };
	struct ring ring;

	ring_init(&ring, &arena, 1);
	ck_assert(ring_empty(&ring));
	ck_assert_uint_eq(ring_length(&ring), 0);
	ring_put(&ring, NULL, -7);
	ck_assert(!ring_empty(&ring));
	ck_assert_uint_eq(ring_length(&ring), 1);
	ck_assert_ptr_null(ring_at(&ring, 0)->who);
	ck_assert_int_eq(ring_at(&ring, 0)->when, -7);
	ck_assert_int_eq(ring_get(&ring).when, -7);
	ck_assert(ring_empty(&ring));
	arena_destroy(&arena);
}
END_TEST

START_TEST(grows_only_when_full)
{
	struct arena arena = { 0 };
	struct ring ring;
	const struct ring_entry *before;

	ring_init(&ring, &arena, 8);
	before = ring.entries;
	for (unsigned int round = 0; round < 100; round++) {
		for (unsigned int i = 0; i < 8; i++)
			put(&ring, i);
		for (unsigned int i = 0; i < 8; i++)
			check_get(&ring, i);
	}
	ck_assert_ptr_eq(ring.entries, before);
	arena_destroy(&arena);
}
END_TEST

/* Wherever the head stands when there is no room left, order is kept. */
START_TEST(grows_from_any_place)
{
	for (unsigned int start = 0; start < 16; start++) {
		struct arena arena = { 0 };
		struct ring ring;

		ring_init(&ring, &arena, 4);
		for (unsigned int i = 0; i < start; i++) {
			put(&ring, i);
			check_get(&ring, i);
		}
		for (unsigned int i = 0; i < 100; i++)
			put(&ring, i);
		ck_assert_uint_eq(ring_length(&ring), 100);
		for (unsigned int i = 0; i < 100; i++)
			ck_assert_ptr_eq(ring_at(&ring, i)->who, &things[i]);
		for (unsigned int i = 0; i < 100; i++)
			check_get(&ring, i);
		ck_assert(ring_empty(&ring));
		arena_destroy(&arena);
	}
}
END_TEST

/* The running counts are 32 bits wide and overflow in a long run. */
START_TEST(counts_overflow)
{
	struct arena arena = { 0 };
	struct ring ring;

	ring_init(&ring, &arena, 4);
	ring.head = ring.tail = UINT32_MAX - 2;
	for (unsigned int i = 0; i < 4; i++)
		put(&ring, i);
	ck_assert_uint_eq(ring_length(&ring), 4);
	for (unsigned int i = 0; i < 4; i++)
		ck_assert_ptr_eq(ring_at(&ring, i)->who, &things[i]);
	for (unsigned int i = 4; i < 9; i++)
		put(&ring, i);
	for (unsigned int i = 0; i < 9; i++)
		check_get(&ring, i);
	ck_assert(ring_empty(&ring));
	arena_destroy(&arena);
}
END_TEST

START_TEST(random_operations)
{
	unsigned int put_so_far = 0, got_so_far = 0;
	struct arena arena = { 0 };
	struct ring ring;
	struct rng rng;

	rng_init(&rng, 1, 0, "ring", "operations");
	ring_init(&ring, &arena, 2);
	for (unsigned int i = 0; i < STEPS; i++) {
		unsigned int waiting = put_so_far - got_so_far;
		bool fill = rng_below(&rng, MOST) > waiting;

		if (waiting == 0 || fill)
			put(&ring, put_so_far++);
		else
			check_get(&ring, got_so_far++);
		ck_assert_uint_eq(ring_length(&ring), put_so_far - got_so_far);
		ck_assert(ring_empty(&ring) == (put_so_far == got_so_far));
	}
	ck_assert_uint_gt(put_so_far, STEPS / 2);
	arena_destroy(&arena);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("ring");
	TCase *tc = tcase_create("ring");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, empty);
	tcase_add_test(tc, grows_only_when_full);
	tcase_add_test(tc, grows_from_any_place);
	tcase_add_test(tc, counts_overflow);
	tcase_add_test(tc, random_operations);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
