/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of the two smallest containers: linked lists and sets of CPUs.
 */
#include <config.h>

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "run-suite.h"

#include "preemptsim/base/cpumask.h"
#include "preemptsim/base/list.h"
#include "preemptsim/base/rng.h"

#define ITEMS 50
#define STEPS 20000

/* The link is not the first member, so that container_of() has work to do. */
struct item {
	char name;
	struct list_head link;
};

static unsigned int length(const struct list_head *list)
{
	struct list_head *pos;
	unsigned int n = 0;

	list_for_each(pos, list)
	{
		ck_assert_ptr_eq(pos->next->prev, pos);
		ck_assert_ptr_eq(pos->prev->next, pos);
		n++;
	}
	return n;
}

/* The names on @list, in order. */
static const char *names(const struct list_head *list)
{
	static char text[ITEMS + 1];
	struct list_head *pos;
	unsigned int n = 0;

	list_for_each(pos, list) text[n++] =
		container_of(pos, struct item, link)->name;
	text[n] = '\0';
	return text;
}

START_TEST(list_of_nothing)
{
	struct list_head list;

	list_init(&list);
	ck_assert(list_empty(&list));
	ck_assert_uint_eq(length(&list), 0);
	list_del(&list);
	ck_assert(list_empty(&list));
}
END_TEST

START_TEST(both_ends)
{
	struct item a = { .name = 'a' }, b = { .name = 'b' };
	struct item c = { .name = 'c' }, d = { .name = 'd' };
	struct list_head list;

	list_init(&list);
	list_add(&b.link, &list);
	list_add_tail(&c.link, &list);
	list_add(&a.link, &list);
	list_add_tail(&d.link, &list);
	ck_assert_str_eq(names(&list), "abcd");
	ck_assert_ptr_eq(list_first(&list, struct item, link), &a);
	list_del(&b.link);
	ck_assert(list_empty(&b.link));
	ck_assert_str_eq(names(&list), "acd");
	list_insert(&b.link, &c.link, &d.link);
	ck_assert_str_eq(names(&list), "acbd");
	list_del(&a.link);
	list_del(&d.link);
	ck_assert_str_eq(names(&list), "cb");
	list_del(&c.link);
	list_del(&b.link);
	ck_assert(list_empty(&list));
}
END_TEST

/* Against an array that is shifted by hand. */
START_TEST(random_list)
{
	struct item item[ITEMS];
	char expected[ITEMS + 1] = "";
	struct list_head list;
	struct rng rng;

	rng_init(&rng, 1, 0, "list", "operations");
	list_init(&list);
	for (unsigned int i = 0; i < ITEMS; i++) {
		item[i].name = (char)('0' + i);
		list_init(&item[i].link);
	}
	for (unsigned int i = 0; i < STEPS; i++) {
		struct item *it = &item[rng_below(&rng, ITEMS)];
		size_t n = strlen(expected);
		char *at = strchr(expected, it->name);

		if (at) {
			ck_assert(!list_empty(&it->link));
			list_del(&it->link);
			memmove(at, at + 1, strlen(at));
		} else if (rng_below(&rng, 2)) {
			list_add(&it->link, &list);
			memmove(expected + 1, expected, n + 1);
			expected[0] = it->name;
		} else {
			list_add_tail(&it->link, &list);
			expected[n] = it->name;
			expected[n + 1] = '\0';
		}
		ck_assert_str_eq(names(&list), expected);
	}
}
END_TEST

START_TEST(mask_of_nothing)
{
	struct cpumask mask = { { 0 } };

	ck_assert_uint_eq(cpumask_first(&mask), NR_CPUS);
	ck_assert_uint_eq(cpumask_weight(&mask), 0);
	for (unsigned int i = 0; i < NR_CPUS; i++)
		ck_assert(!cpumask_test_cpu(&mask, i));
	ck_assert_uint_eq(cpumask_next(&mask, NR_CPUS), NR_CPUS);
}
END_TEST

START_TEST(each_cpu_alone)
{
	for (unsigned int i = 0; i < NR_CPUS; i++) {
		struct cpumask mask = { { 0 } };

		cpumask_set_cpu(&mask, i);
		ck_assert(cpumask_test_cpu(&mask, i));
		ck_assert_uint_eq(cpumask_weight(&mask), 1);
		ck_assert_uint_eq(cpumask_first(&mask), i);
		ck_assert_uint_eq(cpumask_next(&mask, i), i);
		ck_assert_uint_eq(cpumask_next(&mask, i + 1), NR_CPUS);
		cpumask_clear_cpu(&mask, i);
		ck_assert_uint_eq(cpumask_weight(&mask), 0);
	}
}
END_TEST

/* Against an array of truth values. */
START_TEST(random_mask)
{
	struct cpumask mask = { { 0 } };
	bool in[NR_CPUS] = { false };
	unsigned int weight = 0;
	struct rng rng;

	rng_init(&rng, 1, 0, "cpumask", "operations");
	for (unsigned int i = 0; i < STEPS; i++) {
		unsigned int cpu = (unsigned int)rng_below(&rng, NR_CPUS);
		unsigned int from = (unsigned int)rng_below(&rng, NR_CPUS);
		bool set = rng_below(&rng, 2);

		weight += (unsigned int)set - in[cpu];
		in[cpu] = set;
		if (set)
			cpumask_set_cpu(&mask, cpu);
		else
			cpumask_clear_cpu(&mask, cpu);
		ck_assert(cpumask_test_cpu(&mask, cpu) == set);
		ck_assert_uint_eq(cpumask_weight(&mask), weight);
		cpu = cpumask_next(&mask, from);
		while (from < NR_CPUS && !in[from])
			from++;
		ck_assert_uint_eq(cpu, from);
	}
	for (unsigned int i = 0, cpu = 0; i < NR_CPUS; i++)
		if (in[i]) {
			cpu = cpumask_next(&mask, cpu);
			ck_assert_uint_eq(cpu++, i);
		}
}
END_TEST

START_TEST(walk)
{
	static const unsigned int members[] = { 0,   1,	  63,  64,  127,
						128, 500, 959, 960, 1023 };
	struct cpumask mask = { { 0 } };
	unsigned int cpu, n = 0;

	for (unsigned int i = 0; i < 10; i++)
		cpumask_set_cpu(&mask, members[i]);
	for_each_cpu(cpu, &mask, NR_CPUS) ck_assert_uint_eq(cpu, members[n++]);
	ck_assert_uint_eq(n, 10);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("list");
	TCase *tc = tcase_create("list");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, list_of_nothing);
	tcase_add_test(tc, both_ends);
	tcase_add_test(tc, random_list);
	tcase_add_test(tc, mask_of_nothing);
	tcase_add_test(tc, each_cpu_alone);
	tcase_add_test(tc, random_mask);
	tcase_add_test(tc, walk);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
