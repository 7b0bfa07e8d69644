/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The cost profiles linux-6.1 and linux-6.12 against the kernels they were made
 * after.
 *
 * Measured on Debian's 6.1.192 and 6.12.117 (PREEMPT_DYNAMIC or PREEMPT_RT,
 * 250 Hz, one CPU) under an emulator that takes one instruction for one
 * nanosecond, without caches: a time there is the length of a path, and repeats
 * to the bit.  A profile has a number per primitive; what is checked here are
 * whole paths.
 *
 * Not compared: what the vDSO and threads that share their memory would take,
 * since neither exists here.
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
	double tolerance, mean, p50, p90, p99, max;
} run[] = {
	{ "tests/laws/idle.yaml", "none", .10, 4.12, 3.75, 5.15, 5.99, 9.92 },
	{ "tests/laws/idle.yaml", "full", .10, 4.12, 3.75, 5.15, 6.01, 8.46 },
	{ "tests/laws/idle.yaml", "rt", .10, 4.16, 3.80, 5.21, 6.33, 6.39 },
	{ "tests/laws/loaded.yaml", "none", .03, 232, 229, 450, 499, 504 },
	{ "tests/laws/loaded.yaml", "voluntary", .03, 232, 229, 450, 499, 504 },
	{ "tests/laws/loaded.yaml", "full", .03, 4.37, 3.91, 5.69, 6.50, 9.54 },
	/* Not measured: as full, but for what softirqs add to the rest. */
	{ "tests/laws/loaded.yaml", "rt", .03, 4.37, 3.91, 5.69, -1, -1 },
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
	if (run[_i].p99 > 0)
		assert_near("p99", (double)hist_percentile(hist, 99),
			    run[_i].p99 * 1e3, tolerance);
	if (run[_i].max > 0)
		assert_near("max", (double)hist_max(hist), run[_i].max * 1e3,
			    tolerance);
	results_free(results);
	scenario_free(scenario);
	g_free(preempt);
}
END_TEST

/* Run @tasks for @duration under @model of the kernel of @costs. */
static struct results *simulate(const char *costs, const char *model,
				const char *duration, const char *tasks)
{
	bool cfs = !strcmp(costs, "linux-6.1");
	char *yaml = g_strdup_printf(
		"duration: %s\n"
		"machine: {cpus: 1, clock: 1GHz, costs: {profile: %s}}\n"
		"kernel: {preempt: %s, hz: 250, version: \"%s\", fair: %s}\n"
		"tasks:\n%s",
		duration, costs, model, costs + strlen("linux-"),
		cfs ? "cfs" : "eevdf", tasks);
	struct results *results = law_simulate(yaml, NULL);

	g_free(yaml);
	return results;
}

/* A kernel, a primitive, and what was measured. */
struct measured {
	const char *costs, *model;
	double ns;
};

/*
 * How long the jobs of the task "job" took under @model from their first
 * instruction to the last one, beyond @demand_ns: at a percentile, or on
 * average (-1).
 */
static double job_overhead(const char *costs, const char *model,
			   const char *tasks, int64_t demand_ns, double at)
{
	struct results *results = simulate(costs, model, "8s", tasks);
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

static const struct measured call_row[] = {
	{ "linux-6.1", "none", 380 },	   { "linux-6.1", "full", 380 },
	{ "linux-6.1", "voluntary", 380 }, { "linux-6.1", "rt", 379 },
	{ "linux-6.12", "full", 373 },
};

START_TEST(system_call)
{
	double ns = job_overhead(
		call_row[_i].costs, call_row[_i].model,
		"  job: {policy: fifo, priority: 50, every: 4ms, offset: 1ms, "
		"do: [repeat: {times: 1000, do: [syscall: {name: getppid, do: "
		"[run: 0ns]}]}]}\n",
		0, 50);

	assert_near("getppid()", ns / 1000, call_row[_i].ns, .10);
}
END_TEST

static const struct measured alone[] = {
	{ "linux-6.1", "none", 1076 },
	{ "linux-6.1", "full", 1076 },
	{ "linux-6.1", "rt", 1095 },
};

START_TEST(yield_to_nobody)
{
	double ns = job_overhead(
		alone[_i].costs, alone[_i].model,
		"  job: {policy: fifo, priority: 50, every: 4ms, offset: 1ms, "
		"do: [repeat: {times: 1000, do: [yield: ]}]}\n",
		0, 50);

	assert_near("sched_yield()", ns / 1000, alone[_i].ns, .10);
}
END_TEST

static const struct measured pair[] = {
	{ "linux-6.1", "none", 1978 },
	{ "linux-6.1", "full", 1978 },
	{ "linux-6.1", "rt", 1997 },
	{ "linux-6.12", "full", 2140 },
};

START_TEST(yield_to_another)
{
	struct results *results =
		simulate(pair[_i].costs, pair[_i].model, "1s",
			 "  pair: {policy: fifo, priority: 50, copies: 2, "
			 "loop: [run: 1ns, yield: ]}\n");
	const struct cpu_results *cpu = results->cpus->pdata[0];

	/* Of a second, 50 ms may be throttled. */
	assert_near("sched_yield() and switch",
		    (double)(SEC - cpu->time_ns[CPU_IDLE]) /
			    (double)cpu->switches,
		    pair[_i].ns, .10);
	results_free(results);
}
END_TEST

/* 3 ms of user mode with one tick in the middle.  Of the ticks, one in 26 runs
 * a function of the timer wheel, and one in 60 a thread of the kernel. */
static const struct {
	const char *costs, *model, *policy;
	double median, mean, p99;
} tick_row[] = {
	{ "linux-6.1", "none", "other", 2667, 2867, 10600 },
	{ "linux-6.1", "full", "other", 2667, 2867, 10600 },
	{ "linux-6.1", "rt", "other", 2691, 3142, 14100 },
	{ "linux-6.12", "full", "other", 2880, -1, -1 },
	{ "linux-6.12", "full", "fifo, priority: 50", 2490, -1, -1 },
};

START_TEST(tick)
{
	const char *costs = tick_row[_i].costs, *model = tick_row[_i].model;
	char *job = g_strdup_printf("  job: {policy: %s, every: 4ms, "
				    "offset: 2ms, do: [run: 3ms]}\n",
				    tick_row[_i].policy);

	assert_near("tick, median", job_overhead(costs, model, job, 3 * MS, 50),
		    tick_row[_i].median, .10);
	if (tick_row[_i].mean > 0)
		assert_near("tick, mean",
			    job_overhead(costs, model, job, 3 * MS, -1),
			    tick_row[_i].mean, .10);
	if (tick_row[_i].p99 > 0)
		assert_near("tick, p99",
			    job_overhead(costs, model, job, 3 * MS, 99),
			    tick_row[_i].p99, .10);
	g_free(job);
}
END_TEST

/*
 * A byte there and a byte back through two pipes, which is two switches and
 * four system calls.  Fair tasks took 12.6 to 13 us; these have run for as long
 * as each other when they begin, so that no wakeup preempts.  Under rt one has
 * slept for so long that its wakeups do: it preempts the writer in the middle
 * of them, waits for the lock that the writer has, and preempts him again,
 * which is four switches.
 */
static const struct {
	const char *costs, *model, *policy;
	double measured;
	bool preempts;
} pipe_row[] = {
	{ "linux-6.1", "none", "fifo, priority: 50", 12430, false },
	{ "linux-6.1", "full", "fifo, priority: 50", 12430, false },
	{ "linux-6.1", "rt", "fifo, priority: 50", 13470, false },
	{ "linux-6.1", "none", "other", 12600, false },
	{ "linux-6.1", "none", "other", 13000, false },
	{ "linux-6.1", "full", "other", 12600, false },
	{ "linux-6.1", "full", "other", 13000, false },
	{ "linux-6.1", "rt", "other", 18680, true },
	{ "linux-6.12", "full", "fifo, priority: 50", 12200, false },
};

START_TEST(pipe_round_trip)
{
	bool cfs = !strcmp(pipe_row[_i].costs, "linux-6.1");
	char *yaml = g_strdup_printf(
		"duration: 150ms\n"
		"warmup: 50ms\n"
		"machine: {cpus: 1, clock: 1GHz, costs: {profile: %s}}\n"
		"kernel: {preempt: %s, hz: 250, version: \"%s\", fair: %s}\n"
		"waitqueues: [there, back]\n"
		"tasks:\n"
		"  a: {policy: %s, once: [run: 1us, sleep: 30ms, "
		"repeat: {times: 100000, do: [pipe_write: there, "
		"pipe_read: back]}]}\n"
		"  b: {policy: %s, once: [run: %s, repeat: {times: 100000, "
		"do: [pipe_read: there, pipe_write: back]}]}\n",
		pipe_row[_i].costs, pipe_row[_i].model,
		pipe_row[_i].costs + strlen("linux-"), cfs ? "cfs" : "eevdf",
		pipe_row[_i].policy, pipe_row[_i].policy,
		pipe_row[_i].preempts ? "25ms" : "3ms");
	struct results *results = law_simulate(yaml, NULL);
	const struct task_results *a = law_task(results, "a");
	const struct task_results *b = law_task(results, "b");
	uint64_t trips = a->voluntary;

	/* Each byte back preempts b; a sleeps for the lock and for the byte. */
	if (pipe_row[_i].preempts) {
		trips /= 2;
		ck_assert_uint_ge(b->involuntary + 2, 2 * trips);
		ck_assert_uint_le(b->voluntary, 1);
	} else {
		ck_assert_uint_eq(a->involuntary, 0);
	}
	assert_near("round trip", (double)results->simulated_ns / (double)trips,
		    pipe_row[_i].measured, .05);
	results_free(results);
	g_free(yaml);
}
END_TEST

/* User time that a hog has in a second, beside the task @job. */
static int64_t hog_time(const char *costs, const char *model, const char *job)
{
	char *tasks = g_strconcat("  hog: {loop: [run: 1ms]}\n", job, NULL);
	struct results *results = simulate(costs, model, "1s", tasks);
	int64_t ns = law_task(results, "hog")->cpu_ns;

	results_free(results);
	g_free(tasks);
	return ns;
}

/* What one job of a timer's costs the hog.  Under rt, if the task is not a
 * real-time one, ktimers gets the CPU before it. */
static const struct {
	const char *costs, *model, *policy;
	double measured;
} timer_job[] = {
	{ "linux-6.1", "none", "fifo, priority: 50", 7323 },
	{ "linux-6.1", "full", "fifo, priority: 50", 7323 },
	{ "linux-6.1", "rt", "fifo, priority: 50", 7414 },
	{ "linux-6.1", "none", "other", 7566 },
	{ "linux-6.1", "full", "other", 7566 },
	{ "linux-6.1", "rt", "other", 11368 },
	{ "linux-6.12", "full", "fifo, priority: 50", 7750 },
	{ "linux-6.12", "full", "other", 8680 },
	{ "linux-6.12", "rt", "other", 12200 },
};

START_TEST(all_that_a_timer_job_takes)
{
	const char *costs = timer_job[_i].costs, *model = timer_job[_i].model;
	char *job = g_strdup_printf("  job: {policy: %s, every: 1ms, offset: "
				    "500us, do: [run: 0ns]}\n",
				    timer_job[_i].policy);
	int64_t by_itself = hog_time(costs, model, "");
	int64_t beside = hog_time(costs, model, job);

	assert_near("a job", (double)(by_itself - beside) / 1000,
		    timer_job[_i].measured, .03);
	g_free(job);
}
END_TEST

/*
 * Away from the tick: from a timer's expiry to its function, to the thread in
 * the kernel, and to its user mode; of the last job.
 */
#define HOG "  hog: {loop: [run: 1ms]}\n"

static const struct {
	const char *costs, *model, *beside;
	double handler, thread, user;
} way[] = {
	{ "linux-6.1", "none", "", 573, 2755, 541 },
	{ "linux-6.1", "full", "", 573, 2755, 541 },
	{ "linux-6.1", "none", HOG, 460, 3070, 541 },
	{ "linux-6.1", "full", HOG, 460, 3070, 541 },
	{ "linux-6.1", "rt", "", 587, 2786, 541 },
	{ "linux-6.1", "rt", HOG, 469, 3094, 541 },
	{ "linux-6.12", "full", "", 590, 3340 - 590, 3900 - 3340 },
};

static struct {
	ktime_t due, expired, scheduled, began;
} on_the_way;

static void told_expiry(void *data, const struct trace_record *record)
{
	(void)data;
	on_the_way.due = record->a;
	on_the_way.expired = record->when;
}

static bool runs_job(void *kernel, const struct trace_record *record)
{
	const struct kernel *k = kernel;

	return !strcmp(current_task(&k->cpus[record->cpu])->comm, "job");
}

static void told_exit(void *data, const struct trace_record *record)
{
	if (runs_job(data, record))
		on_the_way.scheduled = record->when;
}

static void told_start(void *data, const struct trace_record *record)
{
	(void)data;
	on_the_way.began = record->when;
}

static void observe_way(void *data, struct kernel *kernel)
{
	struct tracer *tracer = &kernel->sim->tracer;

	(void)data;
	tracer_listen(tracer, TP_hrtimer_expire_entry, told_expiry, kernel);
	tracer_listen(tracer, TP_sched_exit, told_exit, kernel);
	tracer_listen(tracer, TP_job_start, told_start, kernel);
}

START_TEST(timer_to_thread)
{
	char *yaml = g_strdup_printf(
		"duration: 4600us\n"
		"machine: {cpus: 1, clock: 1GHz, costs: {profile: %s}}\n"
		"kernel: {preempt: %s, hz: 250}\n"
		"tasks:\n"
		"  job: {policy: fifo, priority: 50, every: 1ms, offset: "
		"500us, do: [run: 100ns]}\n%s",
		way[_i].costs, way[_i].model, way[_i].beside);
	struct scenario *scenario = law_load(yaml, NULL);
	struct run_options options = { .seed = 1, .observe = observe_way };

	results_free(scenario_run(scenario, &options));
	ck_assert_int_eq(on_the_way.due, 4500 * US);
	assert_near("expiry to handler",
		    (double)(on_the_way.expired - on_the_way.due),
		    way[_i].handler, .10);
	assert_near("handler to thread",
		    (double)(on_the_way.scheduled - on_the_way.expired),
		    way[_i].thread, .10);
	assert_near("thread to user mode",
		    (double)(on_the_way.began - on_the_way.scheduled),
		    way[_i].user, .10);
	scenario_free(scenario);
	g_free(yaml);
}
END_TEST

/* What differs between the two kernels is the fair class: latencies of a
 * real-time task are the same within half a microsecond or a percent. */
static const struct {
	const char *file, *model;
} same[] = {
	{ "tests/laws/idle.yaml", "none" },
	{ "tests/laws/idle.yaml", "full" },
	{ "tests/laws/idle.yaml", "rt" },
	{ "tests/laws/loaded.yaml", "none" },
	{ "tests/laws/loaded.yaml", "voluntary" },
	{ "tests/laws/loaded.yaml", "full" },
	{ "tests/laws/loaded.yaml", "rt" },
};

static struct results *run_costs(unsigned int i, const char *setting)
{
	char *preempt = g_strdup_printf("kernel.preempt=%s", same[i].model);
	const char *overrides[] = { preempt, setting, NULL };
	struct scenario *scenario = law_load_file(same[i].file, overrides);
	struct results *results = law_run(scenario, scenario->seed, 0);

	scenario_free(scenario);
	g_free(preempt);
	return results;
}

static void assert_same(const char *what, double one, double other)
{
	ck_assert_msg(fabs(one - other) <= MAX(500, .01 * one),
		      "%s: %.0f and %.0f ns", what, one, other);
}

START_TEST(realtime_latencies_are_those_of_before)
{
	struct results *results[] = {
		run_costs((unsigned int)_i, "machine.costs=linux-6.1"),
		run_costs((unsigned int)_i, "machine.costs=linux-6.12"),
	};
	const struct hist *one = law_task(results[0], "thread")->wakeup_latency;
	const struct hist *two = law_task(results[1], "thread")->wakeup_latency;

	assert_same("mean", law_mean(one), law_mean(two));
	assert_same("p50", (double)hist_percentile(one, 50),
		    (double)hist_percentile(two, 50));
	assert_same("max", (double)hist_max(one), (double)hist_max(two));
	results_free(results[0]);
	results_free(results[1]);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("calibration");
	TCase *tcase = tcase_create("calibration");

	tcase_add_loop_test(tcase, latencies_are_as_measured, 0,
			    G_N_ELEMENTS(run));
	tcase_add_loop_test(tcase, system_call, 0, G_N_ELEMENTS(call_row));
	tcase_add_loop_test(tcase, yield_to_nobody, 0, G_N_ELEMENTS(alone));
	tcase_add_loop_test(tcase, yield_to_another, 0, G_N_ELEMENTS(pair));
	tcase_add_loop_test(tcase, tick, 0, G_N_ELEMENTS(tick_row));
	tcase_add_loop_test(tcase, pipe_round_trip, 0, G_N_ELEMENTS(pipe_row));
	tcase_add_loop_test(tcase, all_that_a_timer_job_takes, 0,
			    G_N_ELEMENTS(timer_job));
	tcase_add_loop_test(tcase, timer_to_thread, 0, G_N_ELEMENTS(way));
	tcase_add_loop_test(tcase, realtime_latencies_are_those_of_before, 0,
			    G_N_ELEMENTS(same));
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
