/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Results: merging runs, and freeing what belongs to them. */
#include <config.h>

#include <check.h>
#include <stdlib.h>

#include "run-suite.h"

#include "preemptsim/measure/results.h"

/* A result of one task, CPU, lock and device, all sized by @n. */
static struct results *sample(uint64_t run, int64_t n)
{
	struct results *results = results_new();
	struct task_results *task = task_results_new("player");
	struct cpu_results *cpu = g_new0(struct cpu_results, 1);
	struct lock_results *lock = lock_results_new("inode", "spinlock");
	struct device_results *device = device_results_new("disk");

	results->scenario_name = g_strdup("audio");
	results->seed = 7;
	results->run = run;
	results->simulated_ns = 1000;
	task->jobs = (uint64_t)n;
	task->late = 1;
	task->skipped = 2;
	task->unfinished = 3;
	hist_record(task->wakeup_latency, n);
	task_results_add_copy(task)->jobs = 1;
	g_ptr_array_add(results->tasks, task);
	cpu->time_ns[CPU_IDLE] = 1000;
	cpu->preempt_off_max_ns = n;
	g_ptr_array_add(results->cpus, cpu);
	lock->acquisitions = 2;
	hist_record(lock->hold, n);
	g_ptr_array_add(results->locks, lock);
	device->interrupts = 5;
	g_ptr_array_add(results->devices, device);
	return results;
}

START_TEST(merge_adds_up)
{
	struct results *total = results_new();
	struct results *a = sample(0, 10), *b = sample(1, 30);
	const struct task_results *task;
	const struct cpu_results *cpu;
	const struct lock_results *lock;

	results_merge(total, a, 10);
	results_merge(total, b, 10);
	ck_assert_str_eq(total->scenario_name, "audio");
	ck_assert_uint_eq(total->seed, 7);
	ck_assert_int_eq(total->simulated_ns, 2000);
	ck_assert_uint_eq(total->tasks->len, 1);
	task = total->tasks->pdata[0];
	ck_assert_uint_eq(task->jobs, 40);
	ck_assert_uint_eq(task_dropouts(task), 12);
	ck_assert_uint_eq(hist_count(task->wakeup_latency), 2);
	ck_assert_int_eq(hist_max(task->wakeup_latency), 30);
	ck_assert_uint_eq(task->copies->len, 1);
	cpu = total->cpus->pdata[0];
	ck_assert_int_eq(cpu->time_ns[CPU_IDLE], 2000);
	ck_assert_int_eq(cpu->preempt_off_max_ns, 30);
	lock = total->locks->pdata[0];
	ck_assert_uint_eq(lock->acquisitions, 4);
	ck_assert_int_eq(hist_min(lock->hold), 10);
	results_free(a);
	results_free(b);
	results_free(total);
}
END_TEST

static void add_worst(struct results *results, enum latency_kind kind,
		      int64_t ns)
{
	struct worst_case *worst = worst_case_new("player/0", kind, 5, ns);
	char by[] = "disk";
	struct blame_span span = { .cause = "hardirq", .by = by, .ns = ns };

	worst_case_blame(worst, &span);
	g_ptr_array_add(results->worst, worst);
}

START_TEST(merge_keeps_the_worst_of_each_kind)
{
	struct results *total = results_new();
	struct results *a = sample(0, 1), *b = sample(1, 1);
	const struct worst_case *worst;

	add_worst(a, KIND_WAKEUP_LATENCY, 100);
	add_worst(a, KIND_WAKEUP_LATENCY, 50);
	add_worst(a, KIND_RESPONSE_TIME, 10);
	add_worst(b, KIND_WAKEUP_LATENCY, 70);
	results_merge(total, a, 2);
	results_merge(total, b, 2);
	ck_assert_uint_eq(total->worst->len, 3);
	worst = total->worst->pdata[0];
	ck_assert_int_eq(worst->latency_ns, 100);
	ck_assert_uint_eq(worst->run, 0);
	worst = total->worst->pdata[1];
	ck_assert_int_eq(worst->latency_ns, 70);
	ck_assert_uint_eq(worst->run, 1);
	ck_assert_str_eq(g_array_index(worst->blame, struct blame, 0).by,
			 "disk");
	worst = total->worst->pdata[2];
	ck_assert_int_eq(worst->kind, KIND_RESPONSE_TIME);
	results_free(a);
	results_free(b);
	results_free(total);
}
END_TEST

/* What delayed a task without dropouts is said of those that are among the worst
 * of all runs: of run 0 none is. */
START_TEST(merge_blames_the_worst_of_all)
{
	static const struct {
		int64_t of_a, of_b;
		unsigned int cases;
	} runs[] = { { 50, 100, 2 }, { 100, 50, 2 }, { 50, 60, 2 } };
	static const int64_t blamed[] = { 190, 190, 110 };

	for (unsigned int i = 0; i < G_N_ELEMENTS(runs); i++) {
		struct results *total = results_new();
		struct results *a = sample(0, 1), *b = sample(1, 1);
		const struct task_results *task;
		int64_t ns = 0;

		add_worst(a, KIND_WAKEUP_LATENCY, runs[i].of_a);
		add_worst(a, KIND_WAKEUP_LATENCY, runs[i].of_a - 10);
		add_worst(b, KIND_WAKEUP_LATENCY, runs[i].of_b);
		add_worst(b, KIND_WAKEUP_LATENCY, runs[i].of_b - 10);
		results_finish_blame(a);
		results_finish_blame(b);
		results_merge(total, a, 2);
		results_merge(total, b, 2);
		task = total->tasks->pdata[0];
		for (unsigned int k = 0; k < task->blame->len; k++)
			ns += g_array_index(task->blame, struct blame, k).ns;
		ck_assert_uint_eq(task->blamed, runs[i].cases);
		ck_assert_int_eq(ns, blamed[i]);
		results_free(a);
		results_free(b);
		results_free(total);
	}
}
END_TEST

START_TEST(merge_marks_jobs_and_warnings_with_their_run)
{
	struct results *total = results_new();
	struct results *a = sample(0, 1), *b = sample(3, 1);
	struct job_record job = { .end_ns = -1, .outcome = 3 };

	b->jobs = g_array_new(FALSE, FALSE, sizeof(struct job_record));
	g_array_append_val(b->jobs, job);
	g_ptr_array_add(b->warnings, warning_new(9, 1, "race", "text"));
	results_count_warning(a, "race");
	results_count_warning(b, "race");
	results_count_warning(b, "deadlock");
	results_merge(total, a, 2);
	results_merge(total, b, 2);
	ck_assert_uint_eq(total->jobs->len, 1);
	ck_assert_uint_eq(g_array_index(total->jobs, struct job_record, 0).run,
			  3);
	ck_assert_uint_eq(((struct warning *)total->warnings->pdata[0])->run,
			  3);
	ck_assert_uint_eq(total->nr_warnings, 3);
	ck_assert_uint_eq(total->warning_counts[WARNING_race], 2);
	ck_assert_uint_eq(total->warning_counts[WARNING_deadlock], 1);
	results_free(a);
	results_free(b);
	results_free(total);
}
END_TEST

START_TEST(names)
{
	ck_assert_str_eq(cpu_time_key(CPU_USER), "user_ns");
	ck_assert_str_eq(cpu_time_key(CPU_IDLE), "idle_ns");
	ck_assert_str_eq(job_outcome_name(0), "in_time");
	ck_assert_str_eq(job_outcome_name(3), "unfinished");
	ck_assert_str_eq(latency_kind_name(KIND_RESPONSE_TIME),
			 "response_time");
	results_free(NULL);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("results");
	TCase *tcase = tcase_create("results");

	tcase_add_test(tcase, merge_adds_up);
	tcase_add_test(tcase, merge_keeps_the_worst_of_each_kind);
	tcase_add_test(tcase, merge_blames_the_worst_of_all);
	tcase_add_test(tcase, merge_marks_jobs_and_warnings_with_their_run);
	tcase_add_test(tcase, names);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
