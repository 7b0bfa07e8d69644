/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The cost profile linux-6.1 against the kernel it was made after.
 *
 * Measured on Debian's 6.1.192 (PREEMPT_DYNAMIC, 250 Hz, one CPU) under an
 * emulator that takes one instruction for one nanosecond, without caches: a
 * time there is the length of a path, and repeats to the bit.  The profile
 * has a number per primitive; what is checked here are whole paths.
 */
#include <config.h>

#include "law.h"

/* Fail unless @value is within @tolerance of @measured. */
static void assert_near(const char *what, double value, double measured,
			double tolerance)
{
	ck_assert_msg(fabs(value - measured) <= tolerance * measured,
		      "%s: %.0f ns, measured %.0f ns (%+.1f %%)", what, value,
		      measured, 100 * (value / measured - 1));
}

/* Wakeup latencies of a thread each millisecond, in us; -1: not compared. */
static const struct {
	const char *file, *model;
	double tolerance, mean, p50, p90, max;
} run[] = {
	{ "tests/laws/idle.yaml", "none", .10, 4.12, 3.75, -1, -1 },
	{ "tests/laws/idle.yaml", "full", .10, 4.12, 3.75, -1, -1 },
	{ "tests/laws/idle.yaml", "rt", .10, 4.16, 3.80, 5.21, 6.39 },
	{ "tests/laws/loaded.yaml", "none", .03, 232, 229, 450, 504 },
	{ "tests/laws/loaded.yaml", "voluntary", .03, 232, 229, 450, 504 },
	{ "tests/laws/loaded.yaml", "full", .03, 4.37, 3.91, 5.69, 9.54 },
	/* Not measured: as full, but for what softirqs add to the maximum. */
	{ "tests/laws/loaded.yaml", "rt", .03, 4.37, 3.91, 5.69, -1 },
};

START_TEST(latencies_are_as_measured)
{
	char *preempt = g_strdup_printf("kernel.preempt=%s", run[_i].model);
	const char *overrides[] = { preempt, NULL };
	struct scenario *scenario = law_load_file(run[_i].file, overrides);
	struct results *results = law_run(scenario, scenario->seed, 0);
	const struct hist *hist = law_task(results, "thread")->wakeup_latency;
	double tolerance = run[_i].tolerance;

	ck_assert_uint_eq(hist_count(hist), 3000);
	assert_near("mean", law_mean(hist), run[_i].mean * 1e3, tolerance);
	assert_near("p50", (double)hist_percentile(hist, 50), run[_i].p50 * 1e3,
		    tolerance);
	if (run[_i].p90 > 0)
		assert_near("p90", (double)hist_percentile(hist, 90),
			    run[_i].p90 * 1e3, tolerance);
	if (run[_i].max > 0)
		assert_near("max", (double)hist_max(hist), run[_i].max * 1e3,
			    tolerance);
	results_free(results);
	scenario_free(scenario);
	g_free(preempt);
}
END_TEST

#define MACHINE                                                          \
	"machine: {cpus: 1, clock: 1GHz, costs: {profile: linux-6.1}}\n" \
	"kernel: {preempt: full, hz: 250}\n"

/* Run @tasks for @duration under @model. */
static struct results *simulate(const char *model, const char *duration,
				const char *tasks)
{
	char *yaml = g_strconcat("duration: ", duration,
				 "\n" MACHINE "tasks:\n", tasks, NULL);
	char *preempt = g_strconcat("kernel.preempt=", model, NULL);
	const char *overrides[] = { preempt, NULL };
	struct results *results = law_simulate(yaml, overrides);

	g_free(preempt);
	g_free(yaml);
	return results;
}

/*
 * How long the jobs of the task "job" took under @model from their first
 * instruction to the last one, beyond @demand_ns: at a percentile, or on average (-1).
 */
static double job_overhead(const char *model, const char *tasks,
			   int64_t demand_ns, double at)
{
	struct results *results = simulate(model, "8s", tasks);
	struct hist *hist = hist_new();
	GArray *jobs = law_jobs(results, "job");
	double ns;

	for (unsigned int i = 0; i < jobs->len; i++) {
		const struct job_record *job = law_job(jobs, i);

		if (job->end_ns >= 0)
			hist_record(hist,
				    job->end_ns - job->start_ns - demand_ns);
	}
	ck_assert_uint_gt(hist_count(hist), 1000);
	ns = at < 0 ? law_mean(hist) : (double)hist_percentile(hist, at);
	g_array_free(jobs, TRUE);
	hist_free(hist);
	results_free(results);
	return ns;
}

START_TEST(system_call)
{
	double ns = job_overhead(
		"full",
		"  job: {policy: fifo, priority: 50, every: 4ms, offset: 1ms, "
		"do: [repeat: {times: 1000, do: [syscall: {name: getppid, do: "
		"[run: 0ns]}]}]}\n",
		0, 50);

	assert_near("getppid()", ns / 1000, 380, .10);
}
END_TEST

START_TEST(yield_to_nobody)
{
	double ns = job_overhead(
		"full",
		"  job: {policy: fifo, priority: 50, every: 4ms, offset: 1ms, "
		"do: [repeat: {times: 1000, do: [yield: ]}]}\n",
		0, 50);

	assert_near("sched_yield()", ns / 1000, 1076, .10);
}
END_TEST

START_TEST(yield_to_another)
{
	struct results *results =
		law_simulate("duration: 1s\n" MACHINE "tasks:\n"
			     "  pair: {policy: fifo, priority: 50, copies: 2, "
			     "loop: [run: 1ns, yield: ]}\n",
			     NULL);
	const struct cpu_results *cpu = results->cpus->pdata[0];

	/* Of a second, 50 ms are throttled. */
	assert_near("sched_yield() and switch",
		    (double)(SEC - cpu->time_ns[CPU_IDLE]) /
			    (double)cpu->switches,
		    1978, .10);
	results_free(results);
}
END_TEST

/*
 * 3 ms of user mode with one tick in the middle.  Not compared: the 99th
 * percentile, 10.6 us, with which one tick in 40 would leave twice as much to
 * a softirq as the worst case of the loaded run has room for.
 */
static const struct {
	const char *model;
	double median, mean;
} tick_row[] = {
	{ "full", 2667, 2867 },
	{ "rt", 2691, 3142 },
};

START_TEST(tick)
{
	static const char tasks[] =
		"  job: {policy: other, every: 4ms, offset: 2ms, "
		"do: [run: 3ms]}\n";
	const char *model = tick_row[_i].model;

	assert_near("tick, median", job_overhead(model, tasks, 3 * MS, 50),
		    tick_row[_i].median, .10);
	assert_near("tick, mean", job_overhead(model, tasks, 3 * MS, -1),
		    tick_row[_i].mean, .10);
}
END_TEST

/* User time that a hog has in a second under @model, beside the task @job. */
static int64_t hog_time(const char *model, const char *job)
{
	char *tasks = g_strconcat("  hog: {loop: [run: 1ms]}\n", job, NULL);
	struct results *results = simulate(model, "1s", tasks);
	int64_t ns = law_task(results, "hog")->cpu_ns;

	results_free(results);
	g_free(tasks);
	return ns;
}

/* What one job of a timer's costs the hog.  Under rt, if the task is not a
 * real-time one, ktimers gets the CPU before it. */
static const struct {
	const char *model, *policy;
	double measured;
} timer_job[] = {
	{ "full", "policy: fifo, priority: 50", 7323 },
	{ "rt", "policy: fifo, priority: 50", 7414 },
	{ "rt", "policy: other", 11368 },
};

START_TEST(all_that_a_timer_job_takes)
{
	const char *model = timer_job[_i].model;
	char *job = g_strdup_printf("  job: {%s, every: 1ms, offset: 500us, "
				    "do: [run: 0ns]}\n",
				    timer_job[_i].policy);
	int64_t alone = hog_time(model, "");
	int64_t beside = hog_time(model, job);

	assert_near("a job", (double)(alone - beside) / 1000,
		    timer_job[_i].measured, .10);
	g_free(job);
}
END_TEST

/* Away from the tick: to the handler, to the thread in the kernel, and on to
 * user mode. */
static const struct {
	const char *model, *beside;
	double handler, thread, user;
} way[] = {
	{ "full", "", 573, 2755, 541 },
	{ "full", "  hog: {loop: [run: 1ms]}\n", 460, 3070, 541 },
	{ "rt", "", 587, 2786, 541 },
	{ "rt", "  hog: {loop: [run: 1ms]}\n", 469, 3094, 541 },
};

START_TEST(timer_to_thread)
{
	char *tasks = g_strconcat(
		"  job: {policy: fifo, priority: 50, every: 1ms, offset: "
		"500us, do: [run: 100ns]}\n",
		way[_i].beside, NULL);
	struct results *results = simulate(way[_i].model, "1s", tasks);
	const struct hist *hist = law_task(results, "job")->wakeup_latency;

	assert_near("on the way", (double)hist_percentile(hist, 50),
		    way[_i].handler + way[_i].thread + way[_i].user, .10);
	results_free(results);
	g_free(tasks);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("calibration");
	TCase *tcase = tcase_create("calibration");

	tcase_add_loop_test(tcase, latencies_are_as_measured, 0,
			    G_N_ELEMENTS(run));
	tcase_add_test(tcase, system_call);
	tcase_add_test(tcase, yield_to_nobody);
	tcase_add_test(tcase, yield_to_another);
	tcase_add_loop_test(tcase, tick, 0, G_N_ELEMENTS(tick_row));
	tcase_add_loop_test(tcase, all_that_a_timer_job_takes, 0,
			    G_N_ELEMENTS(timer_job));
	tcase_add_loop_test(tcase, timer_to_thread, 0, G_N_ELEMENTS(way));
	suite_add_tcase(suite, tcase);
	return law_report(suite);
}
