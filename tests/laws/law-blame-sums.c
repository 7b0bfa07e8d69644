/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Of which cases it is found out what delayed them, and that they add up: the
 * dropouts of a task, all wakeups over a threshold, or a sample of either.
 */
#include <config.h>

#include "blame-law.h"

static GPtrArray *files;

static const char *const models[] = { "none", "voluntary", "full",
				      "lazy", "rt",	   "rt_lazy" };

static int64_t sum_of(const GArray *blame)
{
	int64_t ns = 0;

	for (unsigned int i = 0; i < blame->len; i++)
		ns += g_array_index(blame, struct blame, i).ns;
	return ns;
}

/* All dropouts of a task are added up. */
START_TEST(dropouts_add_up)
{
	static const struct part parts[MAX_PARTS] = {
		{ "task", "hog", 12000 },
		{ "execution", "user mode", 1500 },
	};
	struct results *results = law_simulate(
		"duration: 30ms\n" ONE_CPU "tasks:\n"
		"  hog: {policy: fifo, priority: 9, every: 10ms,\n"
		"        do: [run: 4ms]}\n"
		"  T: {policy: fifo, priority: 5, every: 10ms, deadline: 3ms,\n"
		"      do: [run: 500us]}\n",
		NULL);
	const struct task_results *task = law_task(results, "T");

	ck_assert_uint_eq(task->blamed, 3);
	ck_assert(task->blamed_dropouts);
	assert_parts("dropouts", task->blame, parts);
	results_free(results);
}
END_TEST

/* A release that is passed over at once has nothing to look at, but is one of
 * the dropouts; of a sample it is no larger a part than of all. */
START_TEST(passed_over_is_looked_at)
{
	static const char yaml[] =
		"duration: 40s\n" ONE_CPU "kernel: {preempt: full}\n"
		"devices:\n"
		"  d: {irq: {every: 4ms}, handler: [wake: d]}\n"
		"tasks:\n"
		"  s: {policy: fifo, priority: 20, on: d, deadline: 3ms,\n"
		"      overrun: skip, do: [run: 5ms]}\n";
	struct run_options options = { .seed = 1, .blame = true };
	struct scenario *scenario = law_load(yaml, NULL);

	for (int i = 0; i < 2; i++) {
		enum blame_which which = i ? BLAME_SOME : BLAME_ALL;
		struct results *results;
		const struct task_results *task;
		double mean;

		options.blame_which = which;
		results = scenario_run(scenario, &options);
		task = law_task(results, "s");
		ck_assert_uint_gt(task->skipped, 4000);
		if (which == BLAME_ALL)
			ck_assert_uint_eq(task->blamed, task_cases(task));
		else
			ck_assert_uint_lt(task->blamed, task_cases(task) / 4);
		mean = (double)sum_of(task->blame) / (double)task->blamed;
		ck_assert_double_eq_tol(mean, 2500.0 * US, 250.0 * US);
		results_free(results);
	}
	scenario_free(scenario);
}
END_TEST

/* With a threshold, what delayed all that woke up so late is added up. */
START_TEST(latencies_over_a_threshold_add_up)
{
	static const struct part parts[MAX_PARTS] = {
		{ "task", "hog", 4000 },
	};
	struct scenario *scenario =
		law_load("duration: 60ms\n" ONE_CPU "tasks:\n"
			 "  hog: {policy: fifo, priority: 9, every: 10ms,\n"
			 "        do: [run: 2500us]}\n"
			 "  T: {policy: fifo, priority: 5, every: 7ms,\n"
			 "      do: [run: 500us]}\n",
			 NULL);
	struct run_options options = {
		.seed = 1,
		.blame = true,
		.blame_over_ns = 1000 * US,
	};
	struct results *results = scenario_run(scenario, &options);
	const struct task_results *task = law_task(results, "T");

	assert_parts("over 1 ms", task->blame, parts);
	ck_assert_uint_eq(task->blamed, 2);
	ck_assert_uint_eq(task->over, 2);
	ck_assert_int_eq(task->blamed_over_ns, 1000 * US);
	results_free(results);
	scenario_free(scenario);
}
END_TEST

/*
 * If not all are looked at
 */

/* Each dropout is the same. */
static struct results *many_dropouts(enum blame_which which)
{
	struct scenario *scenario =
		law_load("duration: 100s\n" ONE_CPU "tasks:\n"
			 "  hog: {policy: fifo, priority: 9, every: 10ms,\n"
			 "        do: [run: 4ms]}\n"
			 "  T: {policy: fifo, priority: 5, every: 10ms,\n"
			 "      deadline: 3ms, do: [run: 500us]}\n",
			 NULL);
	struct run_options options = {
		.seed = 1,
		.blame = true,
		.blame_which = which,
	};
	struct results *results = scenario_run(scenario, &options);

	scenario_free(scenario);
	return results;
}

/* Those that are looked at are looked at exactly, and one can ask for all. */
START_TEST(a_sample_is_of_whole_dropouts)
{
	struct results *some = many_dropouts(BLAME_SOME);
	struct results *most = many_dropouts(BLAME_MOST);
	struct results *all = many_dropouts(BLAME_ALL);
	const struct task_results *task = law_task(some, "T");
	int n = (int)task->blamed;
	const struct part parts[MAX_PARTS] = {
		{ "task", "hog", 4000 * n },
		{ "execution", "user mode", 500 * n },
	};

	ck_assert_uint_eq(law_task(all, "T")->blamed, 10000);
	ck_assert_uint_eq(law_task(most, "T")->blamed, 10000);
	ck_assert_uint_eq(task_cases(task), 10000);
	ck_assert_int_ge(n, 8);
	ck_assert_int_lt(n, 400);
	assert_parts("a sample", task->blame, parts);
	results_free(some);
	results_free(most);
	results_free(all);
}
END_TEST

/* Of jobs that never end as many are kept as there is room for, early ones and
 * late ones: on the average they have waited for half of the run. */
START_TEST(unfinished_jobs_are_passed_over_fairly)
{
	struct scenario *scenario = law_load(
		"duration: 30s\n" ONE_CPU "tasks:\n"
		"  hog: {policy: fifo, priority: 9, once: [run: 60s]}\n"
		"  T: {policy: fifo, priority: 5, every: 1ms,\n"
		"      do: [run: 500us]}\n",
		NULL);
	struct run_options options = {
		.seed = 1,
		.blame = true,
		.blame_which = BLAME_MOST,
	};
	struct results *results = scenario_run(scenario, &options);
	const struct task_results *task = law_task(results, "T");

	ck_assert_uint_ge(task_cases(task), 29999);
	ck_assert_uint_ge(task->blamed, 4000);
	ck_assert_uint_le(task->blamed, 4200);
	ck_assert_double_eq_tol((double)sum_of(task->blame) / task->blamed,
				15e9, 15e7);
	results_free(results);
	scenario_free(scenario);
}
END_TEST

/* Looking at an event before it happens takes as long as two or three. */
static void check_sample(const char *file, const char *model)
{
	char *preempt = g_strdup_printf("kernel.preempt=%s", model);
	const char *overrides[] = { preempt, "duration=3s", "warmup=0s", NULL };
	struct scenario *scenario = law_load_file(file, overrides);
	struct run_options options = { .seed = 1,
				       .blame = true,
				       .blame_which = BLAME_SOME };
	struct results *results = scenario_run(scenario, &options);
	uint64_t dropouts = 0, looked_at = 0;

	for (unsigned int i = 0; i < results->tasks->len; i++) {
		const struct task_results *task = results->tasks->pdata[i];

		dropouts += task_dropouts(task) + task_missed(task);
		looked_at += task->blamed;
		if (task->blamed)
			ck_assert_uint_le(task->blamed, task_cases(task));
	}
	if ((dropouts && !looked_at) || looked_at > dropouts)
		ck_abort_msg("%s, %s: of %d dropouts %d were looked at", file,
			     model, (int)dropouts, (int)looked_at);
	if (looked_at > 1 && results->replayed > results->events / 8 + 3200)
		ck_abort_msg("%s, %s: %d of %d events were simulated again",
			     file, model, (int)results->replayed,
			     (int)results->events);
	results_free(results);
	scenario_free(scenario);
	g_free(preempt);
}

START_TEST(a_sample_is_no_larger_than_it_may_be)
{
	for (unsigned int i = 0; i < files->len; i++)
		check_sample(files->pdata[i], models[_i]);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("blame-sums");
	TCase *tcase = tcase_create("blame-sums");
	int status;

	tcase_add_test(tcase, dropouts_add_up);
	tcase_add_test(tcase, passed_over_is_looked_at);
	tcase_add_test(tcase, latencies_over_a_threshold_add_up);
	tcase_add_test(tcase, a_sample_is_of_whole_dropouts);
	tcase_add_test(tcase, unfinished_jobs_are_passed_over_fairly);
	files = law_scenarios();
	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, a_sample_is_no_larger_than_it_may_be, 0,
			    G_N_ELEMENTS(models));
	suite_add_tcase(suite, tcase);
	status = run_suite(suite);
	g_ptr_array_free(files, TRUE);
	return status;
}
