/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of the heap of CPUs by deadline, against a search through all of them.
 */
#include <config.h>

#include "kernel-harness.h"
#include "preemptsim/base/rng.h"

#define CPUS 200
#define STEPS 20000

static const struct op nothing[] = { RUN(MS), AGAIN(nothing) };

/* What each CPU was told; KTIME_MAX: no deadline task. */
static ktime_t deadline[CPUS];

static struct cpudl cp;

/* A root domain, or NULL: all CPUs. */
static const struct cpumask *rd;

static bool may_use(const struct task *p, unsigned int cpu)
{
	return cpumask_test_cpu(&p->cpus_mask, cpu) &&
	       (!rd || cpumask_test_cpu(rd, cpu));
}

/* Which CPU of those that @p may use has the latest deadline, if none is
 * free. */
static void check_find(const struct task *p)
{
	struct cpumask later = { 0 };
	bool found = cpudl_find(&cp, p, rd, &later);
	unsigned int free = 0, best = CPUS;

	for (unsigned int cpu = 0; cpu < CPUS; cpu++) {
		if (!may_use(p, cpu))
			continue;
		free += deadline[cpu] == KTIME_MAX;
		if (best == CPUS || deadline[cpu] > deadline[best])
			best = cpu;
	}
	if (free) {
		ck_assert(found);
		for (unsigned int cpu = 0; cpu < CPUS; cpu++)
			ck_assert_int_eq(cpumask_test_cpu(&later, cpu),
					 may_use(p, cpu) &&
						 deadline[cpu] == KTIME_MAX);
		return;
	}
	ck_assert_int_eq(found,
			 best < CPUS && deadline[best] > p->dl.node.deadline);
	if (!found)
		return;
	ck_assert_uint_eq(cpumask_weight(&later), 1);
	ck_assert(may_use(p, cpumask_first(&later)));
	ck_assert_int_eq(deadline[cpumask_first(&later)], deadline[best]);
}

static struct task *add(unsigned int from, unsigned int to)
{
	struct task_attr attr = { .comm = "task", .entry = nothing };

	for (unsigned int cpu = from; cpu < to; cpu++)
		cpumask_set_cpu(&attr.cpus, cpu);
	return &h.task[harness_add(&attr, KTIME_MAX)];
}

START_TEST(find)
{
	struct harness_config config = { .nr_cpus = CPUS };
	struct cpumask third = { { 0 } };
	struct task *p[3];
	struct rng rng;

	for (unsigned int cpu = 0; cpu < CPUS; cpu += 3)
		cpumask_set_cpu(&third, cpu);
	rd = _i / 2 ? &third : NULL;
	harness_start(&config);
	p[0] = add(0, CPUS);
	p[1] = add(60, 130);
	p[2] = add(7, 8);
	cpudl_init(&cp, &h.sim.state, CPUS);
	for (unsigned int cpu = 0; cpu < CPUS; cpu++)
		deadline[cpu] = KTIME_MAX;
	rng_init(&rng, (uint64_t)_i, 0, "tests", "cpudl");
	for (unsigned int i = 0; i < STEPS; i++) {
		unsigned int cpu = (unsigned int)rng_below(&rng, CPUS);
		struct task *asks = p[rng_below(&rng, 3)];

		if (rng_below(&rng, _i % 2 ? 200 : 3) == 0) {
			deadline[cpu] = KTIME_MAX;
			cpudl_clear(&cp, cpu);
		} else {
			deadline[cpu] = (ktime_t)rng_below(&rng, 1000);
			cpudl_set(&cp, cpu, deadline[cpu]);
		}
		asks->dl.node.deadline = (ktime_t)rng_below(&rng, 1100);
		check_find(asks);
	}
	harness_finish();
}
END_TEST

/* Of equals the one that was set last is at the top; when that gets an earlier
 * deadline, the left one of the two below, which the last one has put there. */
START_TEST(equals)
{
	struct harness_config config = { .nr_cpus = 3 };
	struct cpumask later = { 0 };
	struct task *p;

	harness_start(&config);
	p = add(0, 3);
	p->dl.node.deadline = 50;
	cpudl_init(&cp, &h.sim.state, 3);
	for (unsigned int cpu = 0; cpu < 3; cpu++)
		cpudl_set(&cp, cpu, 100);
	ck_assert(cpudl_find(&cp, p, NULL, &later));
	ck_assert_uint_eq(cpumask_first(&later), 2);
	cpudl_set(&cp, 2, 50);
	later = (struct cpumask){ 0 };
	ck_assert(cpudl_find(&cp, p, NULL, &later));
	ck_assert_uint_eq(cpumask_first(&later), 0);
	harness_finish();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("cpudeadline");
	TCase *tc = tcase_create("cpudeadline");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, equals);
	tcase_add_loop_test(tc, find, 0, 4);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
