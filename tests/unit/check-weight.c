/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of the weights of nice levels, and of their inverses, which the kernel
 * has in tables: sched_prio_to_weight[] and sched_prio_to_wmult[] in
 * kernel/sched/core.c.
 */
#include <config.h>

#include "kernel-harness.h"
#include "preemptsim/kernel/task-group.h"

static const struct op hog[] = { RUN(1000 * MS), AGAIN(hog) };

/* From nice -20 on. */
static const struct {
	uint64_t weight, inverse;
} levels[] = {
	{ 88761, 48388 },  { 71755, 59856 },  { 56483, 76040 },
	{ 46273, 92818 },  { 36291, 118348 }, { 29154, 147320 },
	{ 23254, 184698 }, { 18705, 229616 }, { 14949, 287308 },
	{ 11916, 360437 }, { 9548, 449829 },  { 7620, 563644 },
	{ 6100, 704093 },  { 4904, 875809 },  { 3906, 1099582 },
	{ 3121, 1376151 }, { 2501, 1717300 }, { 1991, 2157191 },
	{ 1586, 2708050 }, { 1277, 3363326 }, { 1024, 4194304 },
	{ 820, 5237765 },  { 655, 6557202 },  { 526, 8165337 },
	{ 423, 10153587 }, { 335, 12820798 }, { 272, 15790321 },
	{ 215, 19976592 }, { 172, 24970740 }, { 137, 31350126 },
	{ 110, 39045157 }, { 87, 49367440 },  { 70, 61356676 },
	{ 56, 76695844 },  { 45, 95443717 },  { 36, 119304647 },
	{ 29, 148102320 }, { 23, 186737708 }, { 18, 238609294 },
	{ 15, 286331153 },
};

static const struct sched_entity *entity(enum policy policy, int nice)
{
	struct task_attr attr = {
		.comm = "t", .policy = policy, .nice = nice, .entry = hog
	};

	return &h.task[harness_add(&attr, KTIME_MAX)].se;
}

START_TEST(of_nice_levels)
{
	struct harness_config config = { .fair = _i ? "eevdf" : "cfs" };

	harness_start(&config);
	ck_assert_uint_eq(G_N_ELEMENTS(levels), 40);
	for (int i = 0; i < 40; i++) {
		const struct sched_entity *se = entity(POLICY_OTHER, i - 20);

		ck_assert_uint_eq(se->weight, levels[i].weight);
		ck_assert_uint_eq(se->inv_weight, levels[i].inverse);
		ck_assert_uint_eq(sched_weight_from_nice(i - 20),
				  levels[i].weight);
	}
	harness_finish();
}
END_TEST

/* Whatever its nice level: WEIGHT_IDLEPRIO and WMULT_IDLEPRIO. */
START_TEST(of_the_idle_policy)
{
	struct harness_config config = { .nr_cpus = 1 };
	const struct sched_entity *se;

	harness_start(&config);
	se = entity(POLICY_IDLE, _i);
	ck_assert_uint_eq(se->weight, 3);
	ck_assert_uint_eq(se->inv_weight, 1431655765);
	harness_finish();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("weight");
	TCase *tc = tcase_create("weight");

	tcase_add_loop_test(tc, of_nice_levels, 0, 2);
	tcase_add_loop_test(tc, of_the_idle_policy, 0, 20);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
