/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of the pending-event set, mostly against a plain array that is
 * searched from end to end.
 */
#include <config.h>

#include <check.h>
#include <stdlib.h>

#include "malloc-count.h"
#include "preemptsim/base/rng.h"
#include "preemptsim/engine/evq.h"
#include "run-suite.h"

#define STEPS 6000

static const unsigned int sizes[] = {
	1, 2, 3, 4, 5, 8, 9, 17, 31, 64, 100, 257, 1000, 1024, 3001, 5000
};
#define NR_SIZES (sizeof(sizes) / sizeof(sizes[0]))

/* What the set should know of one source. */
struct entry {
	bool scheduled;
	ktime_t when;
	unsigned int prio;
	uint64_t seq;
};

static bool before(const struct entry *a, const struct entry *b)
{
	if (a->when != b->when)
		return a->when < b->when;
	if (a->prio != b->prio)
		return a->prio < b->prio;
	return a->seq < b->seq;
}

/* The index of the first of @n entries, or @n. */
static unsigned int first_of(const struct entry *entry, unsigned int n)
{
	unsigned int best = n;

	for (unsigned int i = 0; i < n; i++)
		if (entry[i].scheduled &&
		    (best == n || before(&entry[i], &entry[best])))
			best = i;
	return best;
}

static void check_first(const struct evq *q, const struct entry *entry,
			unsigned int n)
{
	unsigned int first = first_of(entry, n);

	if (first == n) {
		ck_assert_uint_eq(evq_next_time(q), UINT64_MAX);
		ck_assert(!evq_due_before(q, KTIME_MAX, 15));
		return;
	}
	ck_assert_uint_eq(evq_next_time(q), (uint64_t)entry[first].when);
	ck_assert_uint_eq(evq_next_source(q), first);
	ck_assert(!evq_due_before(q, entry[first].when, entry[first].prio));
	ck_assert(evq_due_before(q, entry[first].when + 1, 0));
	if (entry[first].prio < 15)
		ck_assert(evq_due_before(q, entry[first].when,
					 entry[first].prio + 1));
}

START_TEST(nothing_scheduled)
{
	for (unsigned int i = 0; i < NR_SIZES; i++) {
		struct arena arena = { 0 };
		struct evq q;

		evq_init(&q, &arena, sizes[i]);
		ck_assert_uint_eq(evq_next_time(&q), UINT64_MAX);
		for (unsigned int j = 0; j < sizes[i]; j++)
			ck_assert(!evq_scheduled(&q, j));
		evq_cancel(&q, sizes[i] - 1);
		ck_assert_uint_eq(evq_next_time(&q), UINT64_MAX);
		arena_destroy(&arena);
	}
}
END_TEST

START_TEST(time_then_priority_then_sequence)
{
	static const unsigned int order[] = { 2, 3, 1, 0, 5, 4 };
	struct arena arena = { 0 };
	struct evq q;

	evq_init(&q, &arena, 6);
	evq_schedule(&q, 0, 20, 0);
	evq_schedule(&q, 1, 10, 7);
	evq_schedule(&q, 2, 10, 3);
	evq_schedule(&q, 3, 10, 3);
	evq_schedule(&q, 4, 30, 15);
	evq_schedule(&q, 5, 30, 0);
	for (unsigned int i = 0; i < 6; i++) {
		ck_assert_uint_eq(evq_next_source(&q), order[i]);
		evq_cancel(&q, order[i]);
	}
	ck_assert_uint_eq(evq_next_time(&q), UINT64_MAX);
	arena_destroy(&arena);
}
END_TEST

/* At one instant and priority: first scheduled, first served, whatever leaf
 * it has; being scheduled anew puts a source behind the others. */
START_TEST(ties)
{
	struct arena arena = { 0 };
	struct evq q;

	evq_init(&q, &arena, 100);
	for (unsigned int i = 0; i < 100; i++)
		evq_schedule(&q, i * 37 % 100, 5, 2);
	for (unsigned int i = 0; i < 100; i += 2)
		evq_schedule(&q, i * 37 % 100, 5, 2);
	for (unsigned int i = 0; i < 100; i++) {
		unsigned int n = i < 50 ? 2 * i + 1 : 2 * (i - 50);

		ck_assert_uint_eq(evq_next_source(&q), n * 37 % 100);
		evq_cancel(&q, n * 37 % 100);
	}
	arena_destroy(&arena);
}
END_TEST

START_TEST(reschedule_and_cancel)
{
	struct arena arena = { 0 };
	struct evq q;

	evq_init(&q, &arena, 3);
	evq_schedule(&q, 0, 10, 1);
	evq_schedule(&q, 1, 20, 1);
	evq_schedule(&q, 0, 30, 1);
	ck_assert_uint_eq(evq_next_source(&q), 1);
	evq_schedule(&q, 0, 5, 1);
	ck_assert_uint_eq(evq_next_time(&q), 5);
	evq_cancel(&q, 0);
	ck_assert(!evq_scheduled(&q, 0));
	ck_assert(evq_scheduled(&q, 1));
	ck_assert_uint_eq(evq_next_source(&q), 1);
	evq_cancel(&q, 0);
	evq_cancel(&q, 1);
	ck_assert_uint_eq(evq_next_time(&q), UINT64_MAX);
	arena_destroy(&arena);
}
END_TEST

START_TEST(extremes)
{
	struct arena arena = { 0 };
	struct evq q;

	evq_init(&q, &arena, EVQ_MAX_SOURCES);
	evq_schedule(&q, EVQ_MAX_SOURCES - 1, KTIME_MAX, 15);
	ck_assert(evq_scheduled(&q, EVQ_MAX_SOURCES - 1));
	ck_assert_uint_eq(evq_next_time(&q), (uint64_t)KTIME_MAX);
	ck_assert_uint_eq(evq_next_source(&q), EVQ_MAX_SOURCES - 1);
	evq_schedule(&q, 0, 0, 0);
	ck_assert_uint_eq(evq_next_time(&q), 0);
	ck_assert_uint_eq(evq_next_source(&q), 0);
	ck_assert(!evq_due_before(&q, 0, 0));
	ck_assert(evq_due_before(&q, 0, 1));
	arena_destroy(&arena);
}
END_TEST

/* The sequence must not run into the priority. */
START_TEST(late_sequence)
{
	struct arena arena = { 0 };
	struct evq q;

	evq_init(&q, &arena, 2);
	q.seq = (UINT64_C(1) << EVQ_SEQ_BITS) - 2;
	evq_schedule(&q, 0, 7, 3);
	evq_schedule(&q, 1, 7, 3);
	ck_assert_uint_eq(evq_next_source(&q), 0);
	ck_assert(!evq_due_before(&q, 7, 3));
	ck_assert(evq_due_before(&q, 7, 4));
	arena_destroy(&arena);
}
END_TEST

static void random_step(struct evq *q, struct entry *entry, unsigned int n,
			struct rng *rng, uint64_t *seq)
{
	unsigned int source = (unsigned int)rng_below(rng, n);
	unsigned int what = (unsigned int)rng_below(rng, 8);

	if (what == 0) {
		evq_cancel(q, source);
		entry[source].scheduled = false;
	} else if (what == 1 && first_of(entry, n) < n) {
		source = evq_next_source(q);
		evq_cancel(q, source);
		entry[source].scheduled = false;
	} else {
		entry[source] = (struct entry){
			.scheduled = true,
			.when = (ktime_t)rng_below(rng, n),
			.prio = (unsigned int)rng_below(rng, 4),
			.seq = (*seq)++,
		};
		evq_schedule(q, source, entry[source].when, entry[source].prio);
	}
	ck_assert(evq_scheduled(q, source) == entry[source].scheduled);
}

START_TEST(random_operations)
{
	unsigned int n = sizes[_i];
	struct entry *entry = calloc(n, sizeof(*entry));
	uint64_t seq = 0;
	struct arena arena = { 0 };
	struct evq q;
	struct rng rng;

	rng_init(&rng, n, 0, "evq", "operations");
	evq_init(&q, &arena, n);
	for (unsigned int i = 0; i < STEPS; i++) {
		random_step(&q, entry, n, &rng, &seq);
		check_first(&q, entry, n);
	}
	/* Drain: everything comes out, in order. */
	for (unsigned int first; (first = first_of(entry, n)) < n;) {
		check_first(&q, entry, n);
		evq_cancel(&q, first);
		entry[first].scheduled = false;
	}
	check_first(&q, entry, n);
	arena_destroy(&arena);
	free(entry);
}
END_TEST

/* Growing keeps what is scheduled, and its order. */
START_TEST(growing)
{
	static struct entry entry[4096];
	unsigned int n;
	uint64_t seq = 0;
	struct arena arena = { 0 };
	struct evq q;
	struct rng rng;

	rng_init(&rng, 1, 0, "evq", "growing");
	evq_init(&q, &arena, 1);
	n = q.width;
	for (; n <= 4096; n *= 2) {
		ck_assert_uint_eq(q.width, n);
		for (unsigned int i = 0; i < 200; i++)
			random_step(&q, entry, n, &rng, &seq);
		check_first(&q, entry, n);
		evq_grow(&q);
		check_first(&q, entry, n);
		for (unsigned int i = 0; i < n; i++)
			if (evq_scheduled(&q, i) != entry[i].scheduled)
				ck_abort_msg("source %u changed", i);
		for (unsigned int i = n; i < 2 * n; i++)
			if (evq_scheduled(&q, i))
				ck_abort_msg("source %u came up", i);
	}
	arena_destroy(&arena);
}
END_TEST

/* Tiers only change how long a walk is. */
static const unsigned int tiers[][EVQ_TIERS] = {
	{ 0, 0, 5 }, { 1, 1, 9 }, { 4, 4, 14 }, { 3, 5, 1 }, { 100, 100, 37 },
};

START_TEST(in_tiers)
{
	const unsigned int *nr = tiers[_i];
	unsigned int first[EVQ_TIERS], id[300], n = 0, below;
	struct entry entry[300] = { { 0 } };
	struct arena arena = { 0 };
	struct evq q;
	struct rng rng;

	rng_init(&rng, (uint64_t)_i, 0, "evq", "tiers");
	below = evq_init_tiers(&q, &arena, nr, first);
	ck_assert_uint_eq(evq_next_time(&q), UINT64_MAX);
	for (unsigned int tier = 0; tier < EVQ_TIERS; tier++)
		for (unsigned int i = 0; i < nr[tier]; i++)
			id[n++] = first[tier] + i;
	for (uint64_t seq = 0; seq < STEPS; seq++) {
		unsigned int k = (unsigned int)rng_below(&rng, n), best;

		entry[k] = (struct entry){
			.scheduled = rng_below(&rng, 3) > 0,
			.when = (ktime_t)rng_below(&rng, n),
			.prio = (unsigned int)rng_below(&rng, 4),
			.seq = seq,
		};
		if (entry[k].scheduled)
			evq_schedule(&q, id[k], entry[k].when, entry[k].prio);
		else
			evq_cancel(&q, id[k]);
		best = first_of(entry, n);
		ck_assert_uint_lt(id[k], below);
		ck_assert_uint_eq(evq_next_time(&q),
				  best == n ? UINT64_MAX :
					      (uint64_t)entry[best].when);
		if (best < n)
			ck_assert_uint_eq(evq_next_source(&q), id[best]);
	}
	for (unsigned int k = 0; k < n; k++)
		ck_assert(evq_scheduled(&q, id[k]) == entry[k].scheduled);
	arena_destroy(&arena);
}
END_TEST

START_TEST(next_but_one)
{
	struct entry entry[37] = { { 0 } };
	uint64_t seq = 0;
	struct arena arena = { 0 };
	struct evq q;
	struct rng rng;

	rng_init(&rng, 1, 0, "evq", "except");
	evq_init(&q, &arena, 37);
	ck_assert_uint_eq(evq_next_time_except(&q, 3), UINT64_MAX);
	for (unsigned int i = 0; i < STEPS; i++) {
		unsigned int source = (unsigned int)rng_below(&rng, 37), first;
		bool was;

		random_step(&q, entry, 37, &rng, &seq);
		was = entry[source].scheduled;
		entry[source].scheduled = false;
		first = first_of(entry, 37);
		entry[source].scheduled = was;
		ck_assert_uint_eq(evq_next_time_except(&q, source),
				  first == 37 ? UINT64_MAX :
						(uint64_t)entry[first].when);
	}
	arena_destroy(&arena);
}
END_TEST

/* Check's assertions allocate: nothing is asserted while it counts. */
START_TEST(allocates_nothing)
{
	unsigned long before, after;
	struct arena arena = { 0 };
	struct evq q;
	struct rng rng;

	rng_init(&rng, 1, 0, "evq", "allocations");
	evq_init(&q, &arena, 100);
	before = malloc_calls;
	for (unsigned int i = 0; i < STEPS; i++) {
		unsigned int source = (unsigned int)rng_below(&rng, 100);

		if (rng_below(&rng, 3))
			evq_schedule(&q, source, (ktime_t)i, 3);
		else
			evq_cancel(&q, source);
	}
	after = malloc_calls;
	ck_assert_uint_eq(after, before);
	arena_destroy(&arena);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("evq");
	TCase *tc = tcase_create("evq");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, nothing_scheduled);
	tcase_add_test(tc, time_then_priority_then_sequence);
	tcase_add_test(tc, ties);
	tcase_add_test(tc, reschedule_and_cancel);
	tcase_add_test(tc, extremes);
	tcase_add_test(tc, late_sequence);
	tcase_add_test(tc, growing);
	tcase_add_loop_test(tc, in_tiers, 0, sizeof(tiers) / sizeof(tiers[0]));
	tcase_add_test(tc, next_but_one);
	tcase_add_test(tc, allocates_nothing);
	tcase_add_loop_test(tc, random_operations, 0, NR_SIZES);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
