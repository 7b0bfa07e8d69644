/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Random scenarios (random-scenario.h): the laws hold in each and so do the
 * automata and the bound of latencies, nothing is warned of but races, which
 * they have, and two runs say the same, also when the engine pops each
 * operation.
 *
 *	law-random		the first ones
 *	RANDOM_SCENARIOS=5000 law-random
 *				more of them
 *	RANDOM_FIRST=301 ...	not from number 1 on
 *	RANDOM_SET=kernel.preempt=rt ...
 *				with a setting, as of -s
 *	law-random NUMBER	prints one
 *
 * One that fails is kept as random-NUMBER.yaml in the current folder.  What was
 * found is put right and kept, small, in tests/regress.
 */
#include <config.h>

#include "conservation.h"
#include "preempt-law.h"
#include "random-scenario.h"
#include "told.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

/* As many as take a minute, and as one test covers. */
#ifdef EXPENSIVE_CHECKS
#define SCENARIOS 300
#else
#define SCENARIOS 2000
#endif
#define BATCH 25

static uint64_t first, last;
static pid_t parent;

/**
 * struct shared - shared with the processes that the tests run in.
 * @jobs ... @softirq_ns: sums of all scenarios of a test
 * @under_way: the number of the scenario
 */
static struct shared {
	uint64_t jobs, switches, migrations, contended, interrupts, softirq_ns;
	uint64_t under_way;
} * shared;

static const char *const excused[] = { "race" };

static void check_warnings(const struct results *results)
{
	for (unsigned int i = 0; i < results->warnings->len; i++) {
		const struct warning *warning = results->warnings->pdata[i];
		bool fine = false;

		for (unsigned int k = 0; k < G_N_ELEMENTS(excused); k++)
			fine |= !strcmp(warning->kind, excused[k]);
		ck_assert_msg(fine, "%s: %s: %s", law_place, warning->kind,
			      warning->text);
	}
}

/* The automata that say something of the kernel, not of a scenario. */
static GPtrArray *automata_of_kernel(void)
{
	GPtrArray *automata = g_ptr_array_new();
	const struct automaton *a;

	for (unsigned int i = 0; (a = automaton(i)); i++)
		if (!a->extra && !a->of_scenario)
			g_ptr_array_add(automata, (void *)(uintptr_t)a);
	return automata;
}

static void check_verdict(const struct verdict *verdict)
{
	const struct violation *v;

	ck_assert_uint_gt(verdict->events, 0);
	if (!verdict->nr_violations)
		return;
	v = verdict->violations->pdata[0];
	ck_abort_msg("%s: %s on %s: %s in state %s at %lld ns", law_place,
		     v->automaton, v->scope, v->event, v->state,
		     (long long)v->at_ns);
}

static void check_bounds(const struct results *results)
{
	for (unsigned int i = 0; i < results->cpus->len; i++) {
		const struct cpu_results *cpu = results->cpus->pdata[i];
		const struct latency_bound *bound = &cpu->bound;

		ck_assert_msg(bound->bound_ns < 0 ||
				      bound->latency_max_ns <= bound->bound_ns,
			      "%s: CPU %u: a latency of %lld ns, bound %lld ns",
			      law_place, i, (long long)bound->latency_max_ns,
			      (long long)bound->bound_ns);
	}
}

/* What has happened. */
static void add_up(struct shared *sum, const struct results *results)
{
	for (unsigned int i = 0; i < results->tasks->len; i++) {
		const struct task_results *task = results->tasks->pdata[i];

		sum->jobs += task->completed;
		sum->migrations += task->migrations;
	}
	for (unsigned int i = 0; i < results->cpus->len; i++) {
		const struct cpu_results *cpu = results->cpus->pdata[i];

		sum->switches += cpu->switches;
		sum->softirq_ns += (uint64_t)cpu->time_ns[CPU_SOFTIRQ];
	}
	for (unsigned int i = 0; i < results->locks->len; i++) {
		const struct lock_results *lock = results->locks->pdata[i];

		sum->contended += lock->contended;
	}
	for (unsigned int i = 0; i < results->devices->len; i++) {
		const struct device_results *device =
			results->devices->pdata[i];

		sum->interrupts += device->interrupts;
	}
}

static char *run_once(const struct scenario *scenario, struct shared *sum,
		      bool no_run_ahead)
{
	struct run_options options = {
		.seed = scenario->seed,
		.nr_worst = 10,
		.jobs = true,
		.blame = true,
		.blame_worst = true,
		.blame_which = BLAME_ALL,
		.bound = true,
		.no_run_ahead = no_run_ahead,
		.blame_interval = no_run_ahead ? 50 : 0,
		.observe = sum ? law_observe : NULL,
	};
	GPtrArray *automata = automata_of_kernel();
	struct results *results;
	char *text;

	if (sum)
		options.automata = automata;
	results = scenario_run(scenario, &options);
	if (sum) {
		check_verdict(results->verdict);
		check_bounds(results);
		add_up(sum, results);
		check_warnings(results);
		check_conservation(scenario, results);
	}
	text = told(scenario, results);
	results_free(results);
	g_ptr_array_free(automata, TRUE);
	return text;
}

static void check_scenario(uint64_t number, struct shared *sum)
{
	char *yaml = random_scenario(number);
	char *name = g_strdup_printf("random-%" G_GUINT64_FORMAT, number);
	const char *const settings[] = { g_getenv("RANDOM_SET"), NULL };
	GPtrArray *errors = g_ptr_array_new_with_free_func(g_free);
	struct scenario *scenario =
		law_loaded(scenario_load_memory(name, yaml, strlen(yaml),
						settings, errors),
			   errors, name);
	char *checked, *again, *popped;

	law_place = name;
	checked = run_once(scenario, sum, false);
	again = run_once(scenario, NULL, false);
	popped = run_once(scenario, NULL, true);
	assert_same(checked, again, name);
	assert_same(checked, popped, name);
	g_free(checked);
	g_free(again);
	g_free(popped);
	scenario_free(scenario);
	g_free(name);
	g_free(yaml);
}

START_TEST(laws_hold)
{
	uint64_t begin = first + (uint64_t)_i * BATCH;
	uint64_t end = MIN(begin + BATCH, last + 1);

	for (uint64_t number = begin; number < end; number++) {
		shared[_i].under_way = number;
		check_scenario(number, &shared[_i]);
	}
	shared[_i].under_way = 0;
}
END_TEST

static uint64_t nr_batches(void)
{
	return (last - first) / BATCH + 1;
}

/* Keep the scenarios that were not finished. */
static void keep_failed(void)
{
	for (uint64_t i = 0; getpid() == parent && i < nr_batches(); i++) {
		g_autofree char *file = NULL;
		g_autofree char *yaml = NULL;

		if (!shared[i].under_way)
			continue;
		file = g_strdup_printf("random-%" G_GUINT64_FORMAT ".yaml",
				       shared[i].under_way);
		yaml = random_scenario(shared[i].under_way);
		if (g_file_set_contents(file, yaml, -1, NULL))
			printf("# failed: %s\n", file);
	}
	fflush(stdout);
}

/* Laws hold easily where nothing happens. */
START_TEST(something_happens)
{
	struct shared all = { 0 };

	for (uint64_t i = 0; i < nr_batches(); i++) {
		all.jobs += shared[i].jobs;
		all.switches += shared[i].switches;
		all.migrations += shared[i].migrations;
		all.contended += shared[i].contended;
		all.interrupts += shared[i].interrupts;
		all.softirq_ns += shared[i].softirq_ns;
	}
	printf("# %" PRIu64 " jobs, %" PRIu64 " switches, %" PRIu64
	       " migrations, %" PRIu64 " waits for locks, %" PRIu64
	       " interrupts, %" PRIu64 " ms in softirqs\n",
	       all.jobs, all.switches, all.migrations, all.contended,
	       all.interrupts, all.softirq_ns / 1000000);
	fflush(stdout);
	if (last - first < 100)
		return;
	ck_assert_uint_gt(all.jobs, 10 * (last - first));
	ck_assert_uint_gt(all.switches, 10 * (last - first));
	ck_assert_uint_gt(all.migrations, last - first);
	ck_assert_uint_gt(all.contended, last - first);
	ck_assert_uint_gt(all.interrupts, 10 * (last - first));
	ck_assert_uint_gt(all.softirq_ns, 0);
}
END_TEST

static uint64_t number_from(const char *variable, uint64_t otherwise)
{
	const char *text = g_getenv(variable);
	guint64 n = otherwise;

	if (text && *text &&
	    !g_ascii_string_to_unsigned(text, 10, 1, G_MAXINT, &n, NULL))
		ck_abort_msg("%s is no number", variable);
	return n;
}

static int print_one(const char *number)
{
	char *yaml = random_scenario(g_ascii_strtoull(number, NULL, 10));

	fputs(yaml, stdout);
	g_free(yaml);
	return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	Suite *suite = suite_create("random");
	TCase *tcase = tcase_create("random");

	if (argc > 1)
		return print_one(argv[1]);
	first = number_from("RANDOM_FIRST", 1);
	last = first + number_from("RANDOM_SCENARIOS", SCENARIOS) - 1;
	parent = getpid();
	shared =
		mmap(NULL, nr_batches() * sizeof(*shared),
		     PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		return EXIT_FAILURE;
	atexit(keep_failed);
	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, laws_hold, 0, (int)nr_batches());
	tcase_add_test(tcase, something_happens);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
