/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of the scheduling domains that follow from a topology.
 */
#include <config.h>

#include "kernel-harness.h"

static const char *const level_name[] = { "CPU", "SMT", "MC", "PKG", "NUMA" };

static void start(unsigned int nr_cpus, struct topology topology,
		  const char *isolated)
{
	struct harness_config config = { .nr_cpus = nr_cpus,
					 .topology = topology };

	for (const char *c = isolated; *c; c++)
		cpumask_set_cpu(&config.isolcpus, (unsigned int)(*c - '0'));
	harness_start(&config);
}

static void print_mask(GString *text, const struct cpumask *mask)
{
	unsigned int cpu;
	const char *comma = "";

	for_each_cpu(cpu, mask, NR_CPUS)
	{
		unsigned int last = cpu;

		while (last + 1 < NR_CPUS && cpumask_test_cpu(mask, last + 1))
			last++;
		g_string_append_printf(text, "%s%u", comma, cpu);
		if (last > cpu)
			g_string_append_printf(text, "-%u", last);
		comma = ",";
		cpu = last;
	}
}

/* All domains of @cpu: "MC 0-3: 0 | 1 | 2-3; NUMA ...". */
static void check_domains(unsigned int cpu, const char *expected)
{
	const struct sched_domain *sd;
	GString *text = g_string_new(NULL);

	for_each_domain(cpu_rq(h.kernel, cpu), sd)
	{
		const struct sched_group *group = sd->groups;

		g_string_append_printf(text, "%s%s ", text->len ? "; " : "",
				       level_name[sd->level]);
		print_mask(text, sd->span);
		do {
			g_string_append(text,
					group == sd->groups ? ": " : " | ");
			print_mask(text, group->span);
			group = group->next;
		} while (group != sd->groups);
	}
	ck_assert_str_eq(text->str, expected);
	g_string_free(text, TRUE);
}

START_TEST(one_cpu_has_none)
{
	start(1, (struct topology){ 0 }, "");
	check_domains(0, "");
	ck_assert_ptr_null(cpu_rq(h.kernel, 0)->sd_llc);
	harness_finish();
}
END_TEST

START_TEST(flat_is_one_cache)
{
	start(3, (struct topology){ 0 }, "");
	check_domains(0, "MC 0-2: 0 | 1 | 2");
	check_domains(2, "MC 0-2: 2 | 0 | 1");
	harness_finish();
}
END_TEST

/* What Linux 6.12 says of a machine of two CPUs in
 * /sys/kernel/debug/sched/domains. */
START_TEST(two_cpus_are_as_in_linux)
{
	const struct sched_domain *sd;

	start(2, (struct topology){ 0 }, "");
	sd = cpu_rq(h.kernel, 1)->sd;
	ck_assert_uint_eq(sd->level, SD_MC);
	ck_assert_uint_eq(sd->flags, SD_SHARE_LLC | SD_PREFER_SIBLING);
	ck_assert_uint_eq(sd->min_interval, 2);
	ck_assert_uint_eq(sd->max_interval, 4);
	ck_assert_uint_eq(sd->imbalance_pct, 117);
	ck_assert_uint_eq(sd->cache_nice_tries, 1);
	ck_assert_ptr_eq(cpu_rq(h.kernel, 1)->sd_llc, sd);
	harness_finish();
}
END_TEST

/* Two threads, four cores, two nodes, of one cache each: no level between the
 * caches and the nodes. */
START_TEST(threads_cores_nodes)
{
	const struct sched_domain *sd;

	start(16, (struct topology){ .smt = 2, .llc = 4, .nodes = 2 }, "");
	check_domains(0, "SMT 0-1: 0 | 1; MC 0-7: 0-1 | 2-3 | 4-5 | 6-7; "
			 "NUMA 0-15: 0-7 | 8-15");
	check_domains(13, "SMT 12-13: 13 | 12; "
			  "MC 8-15: 12-13 | 14-15 | 8-9 | 10-11; "
			  "NUMA 0-15: 8-15 | 0-7");
	sd = cpu_rq(h.kernel, 13)->sd;
	ck_assert_uint_eq(sd->imbalance_pct, 110);
	ck_assert_uint_eq(sd->flags, SD_SHARE_CPUCAPACITY | SD_SHARE_LLC |
					     SD_PREFER_SIBLING);
	ck_assert_uint_eq(sd->parent->groups->flags, sd->flags);
	ck_assert_uint_eq(sd->parent->groups->cores, 1);
	ck_assert_ptr_eq(cpu_rq(h.kernel, 13)->sd_llc, sd->parent);
	ck_assert_ptr_eq(sd->parent->child, sd);
	sd = sd->parent->parent;
	ck_assert_uint_eq(sd->flags, SD_ACROSS_NODES);
	ck_assert_uint_eq(sd->groups->cores, 4);
	ck_assert_uint_eq(sd->min_interval, 16);
	ck_assert_uint_eq(sd->max_interval, 32);
	ck_assert_uint_eq(sd->cache_nice_tries, 2);
	ck_assert_uint_eq(sd->imb_numa_nr, 1);
	ck_assert_ptr_null(sd->parent);
	harness_finish();
}
END_TEST

/* Several caches in a node, without threads. */
START_TEST(caches_of_a_node)
{
	start(12, (struct topology){ .llc = 2, .nodes = 2 }, "");
	check_domains(3, "MC 2-3: 3 | 2; PKG 0-5: 2-3 | 4-5 | 0-1; "
			 "NUMA 0-11: 0-5 | 6-11");
	ck_assert_uint_eq(cpu_rq(h.kernel, 3)->sd->parent->imb_numa_nr, 3);
	harness_finish();
}
END_TEST

/* A cache for each core: what shares one is the core only. */
START_TEST(cache_of_a_core)
{
	start(4, (struct topology){ .smt = 2, .llc = 1 }, "");
	check_domains(2, "SMT 2-3: 2 | 3; PKG 0-3: 2-3 | 0-1");
	ck_assert_ptr_eq(cpu_rq(h.kernel, 2)->sd_llc, cpu_rq(h.kernel, 2)->sd);
	harness_finish();
}
END_TEST

/* Nothing is shared: no cache to look for an idle CPU in. */
START_TEST(cache_of_a_cpu)
{
	start(2, (struct topology){ .nodes = 2 }, "");
	check_domains(1, "NUMA 0-1: 1 | 0");
	ck_assert_ptr_null(cpu_rq(h.kernel, 1)->sd_llc);
	harness_finish();
}
END_TEST

/* Isolated CPUs are in no domain, and who is left alone has one less. */
START_TEST(isolated_are_out)
{
	start(8, (struct topology){ .smt = 2, .nodes = 2 }, "13");
	check_domains(1, "");
	check_domains(3, "");
	check_domains(0, "MC 0,2: 0 | 2; NUMA 0,2,4-7: 0,2 | 4-7");
	check_domains(6, "SMT 6-7: 6 | 7; MC 4-7: 6-7 | 4-5; "
			 "NUMA 0,2,4-7: 4-7 | 0,2");
	ck_assert_uint_eq(cpu_rq(h.kernel, 0)->sd->weight, 2);
	ck_assert_uint_eq(cpu_rq(h.kernel, 0)->sd->groups->flags, 0);
	harness_finish();
}
END_TEST

START_TEST(a_whole_node_is_isolated)
{
	start(4, (struct topology){ .nodes = 2 }, "01");
	check_domains(0, "");
	check_domains(3, "MC 2-3: 3 | 2");
	harness_finish();
}
END_TEST

START_TEST(what_cpus_share)
{
	start(16, (struct topology){ .smt = 2, .llc = 2, .nodes = 2 }, "");
	ck_assert_uint_eq(cpus_level(h.kernel, 5, 5), SD_CPU);
	ck_assert_uint_eq(cpus_level(h.kernel, 4, 5), SD_SMT);
	ck_assert_uint_eq(cpus_level(h.kernel, 5, 6), SD_MC);
	ck_assert_uint_eq(cpus_level(h.kernel, 3, 4), SD_PKG);
	ck_assert_uint_eq(cpus_level(h.kernel, 7, 8), SD_NUMA);
	ck_assert(cpus_share_cache(h.kernel, 4, 7));
	ck_assert(!cpus_share_cache(h.kernel, 4, 8));
	harness_finish();
}
END_TEST

/* Where real-time tasks go: CPUs 0 to 7 are threads, cores, caches and nodes.
 * Each is asked for as often as there are answers: those that are as near take
 * turns, the first one last.  By hand from find_lowest_rq() of Linux 6.12. */
static const struct {
	const char *mask;
	unsigned int cpu, here;
	const char *nearest, *isolated;
} nearest[] = {
	{ "01234567", 3, 0, "33", "" }, /* its own CPU */
	{ "0124567", 3, 0, "22", "" },	/* its core's other thread */
	{ "014567", 3, 0, "00", "" },	/* the caller's, of the same node */
	{ "014567", 3, 1, "11", "" },
	{ "014567", 3, 5, "1010", "" }, /* not that of another node */
	{ "4567", 3, 0, "45674", "" },
	{ "4567", 3, 6, "66", "" }, /* unless there is no nearer one */
	{ "0124567", 3, 6, "66", "3" },
	{ "0124567", 3, 3, "12456701", "3" },
	{ "0", 3, 3, "00", "" },
};

START_TEST(nearest_of_some)
{
	struct cpumask mask = { { 0 } };

	start(8, (struct topology){ .smt = 2, .nodes = 2 },
	      nearest[_i].isolated);
	for (const char *c = nearest[_i].mask; *c; c++)
		cpumask_set_cpu(&mask, (unsigned int)(*c - '0'));
	for (const char *c = nearest[_i].nearest; *c; c++)
		ck_assert_int_eq(
			'0' + (char)nearest_cpu(
				      &mask, nearest[_i].cpu,
				      &h.kernel->cpus[nearest[_i].here]),
			*c);
	harness_finish();
}
END_TEST

/* Each CPU has turns of its own; what it was told before counts, wherever that
 * was looked for. */
START_TEST(turns_are_of_who_asks)
{
	struct cpumask low = { { 0x0f } }, high = { { UINT64_C(1) << 63, 5 } };
	struct cpumask all = { { UINT64_MAX, UINT64_MAX } };
	struct kcpu *cpus;

	start(128, (struct topology){ .smt = 1 }, "");
	cpus = h.kernel->cpus;
	ck_assert_uint_eq(cpumask_any_and_distribute(&cpus[0], &low, &all), 1);
	ck_assert_uint_eq(cpumask_any_and_distribute(&cpus[0], &all, &low), 2);
	ck_assert_uint_eq(cpumask_any_and_distribute(&cpus[9], &low, &all), 1);
	ck_assert_uint_eq(cpumask_any_and_distribute(&cpus[0], &high, &all),
			  63);
	ck_assert_uint_eq(cpumask_any_and_distribute(&cpus[0], &high, &all),
			  64);
	ck_assert_uint_eq(cpumask_any_and_distribute(&cpus[0], &high, &all),
			  66);
	ck_assert_uint_eq(cpumask_any_and_distribute(&cpus[0], &low, &high),
			  NR_CPUS);
	ck_assert_uint_eq(cpumask_any_and_distribute(&cpus[0], &all, &all), 67);
	ck_assert_uint_eq(cpumask_any_and_distribute(&cpus[0], &high, &all),
			  63);
	harness_finish();
}
END_TEST

START_TEST(numbers_must_divide)
{
	static const struct {
		struct topology topology;
		unsigned int nr_cpus;
		bool valid;
	} cases[] = {
		{ { 0, 0, 0 }, 7, true },   { { 2, 0, 0 }, 7, false },
		{ { 2, 4, 2 }, 16, true },  { { 2, 4, 2 }, 8, false },
		{ { 1, 3, 2 }, 12, true },  { { 1, 4, 2 }, 12, false },
		{ { 0, 0, 5 }, 12, false },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
		ck_assert_int_eq(
			topology_valid(&cases[i].topology, cases[i].nr_cpus),
			cases[i].valid);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("domains");
	TCase *tc = tcase_create("domains");

	tcase_add_test(tc, one_cpu_has_none);
	tcase_add_test(tc, flat_is_one_cache);
	tcase_add_test(tc, two_cpus_are_as_in_linux);
	tcase_add_test(tc, threads_cores_nodes);
	tcase_add_test(tc, caches_of_a_node);
	tcase_add_test(tc, cache_of_a_core);
	tcase_add_test(tc, cache_of_a_cpu);
	tcase_add_test(tc, isolated_are_out);
	tcase_add_test(tc, a_whole_node_is_isolated);
	tcase_add_test(tc, what_cpus_share);
	tcase_add_test(tc, turns_are_of_who_asks);
	tcase_add_loop_test(tc, nearest_of_some, 0, (int)G_N_ELEMENTS(nearest));
	tcase_add_test(tc, numbers_must_divide);
	suite_add_tcase(s, tc);
	return run_suite(s);
}
