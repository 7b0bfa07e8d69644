/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Schedulers of textbooks in situations that are known from there, or where
 * something else decides than their keys: equals, real-time tasks beside them.
 */
#include <config.h>

#include <inttypes.h>

#include "law.h"

/* Fair tasks sleep less exactly, if they are allowed to. */
#define SLACK "timer_slack: 0ns, "

/* (2, 5) and (4, 7), 34/35 of the CPU: rate monotonic misses at 7, and EDF
 * never, with responses of 4 and 6 at most. */
START_TEST(edf_meets_what_rm_misses)
{
	static const char *const fair[][2] = { { "kernel.fair=rm", NULL },
					       { "kernel.fair=edf", NULL } };
	static const char yaml[] =
		"duration: 350ms\n"
		"machine: {cpus: 1, clock: 1GHz, costs: {profile: zero}}\n"
		"kernel: {preempt: full, hz: 1000}\n"
		"tasks:\n"
		"  a: {every: 5ms, " SLACK "do: [run: 2ms]}\n"
		"  b: {every: 7ms, " SLACK "do: [run: 4ms]}\n";
	struct results *rm = law_simulate(yaml, fair[0]);
	struct results *edf = law_simulate(yaml, fair[1]);
	GArray *jobs = law_jobs(rm, "b");

	ck_assert_int_eq(law_job(jobs, 0)->deadline_ns, 7 * MS);
	ck_assert_int_eq(law_job(jobs, 0)->outcome, 1);
	ck_assert_uint_eq(task_dropouts(law_task(rm, "a")), 0);
	ck_assert_uint_eq(task_dropouts(law_task(edf, "a")), 0);
	ck_assert_uint_eq(task_dropouts(law_task(edf, "b")), 0);
	ck_assert_int_eq(hist_max(law_task(edf, "a")->response_time), 4 * MS);
	ck_assert_int_eq(hist_max(law_task(edf, "b")->response_time), 6 * MS);
	g_array_free(jobs, TRUE);
	results_free(rm);
	results_free(edf);
}
END_TEST

/* Two that wake up at once, and by nothing else are told apart: the first that
 * has the CPU has it back when a real-time task made it wait, and keeps it when
 * it yields. */
START_TEST(equals_keep_their_order)
{
	static const char *const fair[][2] = { { "kernel.fair=fcfs", NULL },
					       { "kernel.fair=rm", NULL },
					       { "kernel.fair=edf", NULL } };
	struct results *results = law_simulate(
		"duration: 50ms\n"
		"machine: {cpus: 1, clock: 1GHz, costs: {profile: zero}}\n"
		"kernel: {preempt: full, hz: 1000}\n"
		"tasks:\n"
		"  a: {every: 50ms, " SLACK
		"do: [run: 2ms, yield: null, run: 8ms]}\n"
		"  b: {every: 50ms, " SLACK "do: [run: 10ms]}\n"
		"  r: {policy: fifo, priority: 1, every: 50ms, offset: 3ms, "
		"do: [run: 1ms]}\n",
		fair[_i]);
	GArray *a = law_jobs(results, "a"), *b = law_jobs(results, "b");

	ck_assert_int_eq(law_job(a, 0)->end_ns, 11 * MS);
	ck_assert_int_eq(law_job(b, 0)->end_ns, 21 * MS);
	g_array_free(a, TRUE);
	g_array_free(b, TRUE);
	results_free(results);
}
END_TEST

/* A job that waited in a queue while its task ran has a deadline of its own:
 * the jobs of `a' have 11 and 12 ms, that of `b' 11.5, which is between. */
START_TEST(edf_by_job)
{
	struct results *results = law_simulate(
		"duration: 20ms\n"
		"machine: {cpus: 1, clock: 1GHz, costs: {profile: zero}}\n"
		"kernel: {preempt: full, hz: 100, fair: edf}\n"
		"devices:\n"
		"  d: {irq: {at: [1ms, 2ms]}, handler: [wake: d]}\n"
		"tasks:\n"
		"  a: {on: d, deadline: 10ms, do: [run: 3ms]}\n"
		"  b: {every: 1s, offset: 1500us, deadline: 10ms, " SLACK
		"do: [run: 1ms]}\n",
		NULL);
	GArray *a = law_jobs(results, "a"), *b = law_jobs(results, "b");

	ck_assert_int_eq(law_job(a, 0)->end_ns, 4 * MS);
	ck_assert_int_eq(law_job(b, 0)->end_ns, 5 * MS);
	ck_assert_int_eq(law_job(a, 1)->end_ns, 8 * MS);
	g_array_free(a, TRUE);
	g_array_free(b, TRUE);
	results_free(results);
}
END_TEST

/*
 * Dhall's effect (Dhall and Liu 1978): on two CPUs two light tasks, 20 us in
 * each ms, make one that needs 1 ms in each 1.01 ms miss, though it could have
 * a CPU of its own, and has in a partition.
 */
static uint64_t misses(const char *fair, const char *light, const char *heavy)
{
	char *yaml = g_strdup_printf(
		"duration: 1s\n"
		"machine: {cpus: 2, clock: 1GHz, costs: {profile: zero}}\n"
		"kernel: {preempt: full, hz: 1000, rt_throttling: off, fair: "
		"%s}\n"
		"tasks:\n"
		"  light: {copies: 2, every: 1ms, cpus: %s, " SLACK
		"do: [run: 20us]}\n"
		"  heavy: {every: 1010us, cpus: %s, " SLACK "do: [run: 1ms]}\n",
		fair, light, heavy);
	struct results *results = law_simulate(yaml, NULL);
	uint64_t late = law_task(results, "light")->late +
			law_task(results, "heavy")->late;

	results_free(results);
	g_free(yaml);
	return late;
}

START_TEST(dhall)
{
	static const char *const fair[] = { "edf", "rm" };

	ck_assert_uint_gt(misses(fair[_i], "all", "all"), 0);
	ck_assert_uint_eq(misses(fair[_i], "[0]", "[1]"), 0);
}
END_TEST

/*
 * Two CPUs, on the first a real-time task from 5 ms on.  Who had that CPU has the
 * other as soon as that has nothing to do, or only what is less urgent: `a' ends
 * 20 ms after it began, or stood still while `b' had the other.
 */
static int64_t beside_real_time(const char *fair, int deadline, int b)
{
	char *yaml = g_strdup_printf(
		"duration: 100ms\n"
		"machine: {cpus: 2, clock: 1GHz, costs: {profile: zero}}\n"
		"kernel: {preempt: full, hz: 1000, fair: %s}\n"
		"tasks:\n"
		"  r: {policy: fifo, priority: 1, cpus: [0], every: 100ms, "
		"offset: 5ms, do: [run: 50ms]}\n"
		"  a: {every: 100ms, " SLACK "do: [run: 20ms]}\n"
		"  b: {every: 100ms, deadline: %dms, " SLACK
		"do: [run: %dms]}\n",
		fair, deadline, b);
	struct results *results = law_simulate(yaml, NULL);
	int64_t response = hist_max(law_task(results, "a")->response_time);

	results_free(results);
	g_free(yaml);
	return response;
}

START_TEST(real_time_beside)
{
	static const char *const fair[] = { "fcfs", "rr", "rm", "edf", "o1" };

	bool urgent = !strcmp(fair[_i], "rm") || !strcmp(fair[_i], "edf");
	/* When that of Linux goes idle it counts what it had on average; its
	 * next tick does not. */
	bool o1 = !strcmp(fair[_i], "o1");

	ck_assert_int_eq(beside_real_time(fair[_i], 100, 10),
			 o1 ? 26 * MS : 25 * MS);
	ck_assert_int_eq(beside_real_time(fair[_i], 200, 10), urgent ? 20 * MS :
							      o1     ? 26 * MS :
								       25 * MS);
	if (!o1)
		ck_assert_int_eq(beside_real_time(fair[_i], 100, 2), 20 * MS);
}
END_TEST

/* Three hogs on two CPUs, of which one waits a tick while the others run: in six
 * ticks each has four. */
START_TEST(turns_are_global)
{
	struct results *results = law_simulate(
		"duration: 6s\n"
		"machine: {cpus: 2, clock: 1GHz, costs: {profile: zero}}\n"
		"kernel: {hz: 1000, fair: rr}\n"
		"tasks:\n"
		"  hog: {copies: 3, loop: [run: 1s]}\n",
		NULL);
	const struct task_results *hog = law_task(results, "hog");

	for (unsigned int i = 0; i < 3; i++) {
		const struct task_results *copy = hog->copies->pdata[i];

		ck_assert_int_ge(copy->cpu_ns, 4 * SEC - MS);
		ck_assert_int_le(copy->cpu_ns, 4 * SEC + MS);
	}
	results_free(results);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("law-textbook");
	TCase *tc = tcase_create("textbook");

	tcase_add_test(tc, edf_meets_what_rm_misses);
	tcase_add_loop_test(tc, equals_keep_their_order, 0, 3);
	tcase_add_test(tc, edf_by_job);
	tcase_add_loop_test(tc, dhall, 0, 2);
	tcase_add_loop_test(tc, real_time_beside, 0, 5);
	tcase_add_test(tc, turns_are_global);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
