/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Response times of periodic tasks with fixed priorities on one CPU.
 *
 * Preemptive: the least R = C + B + sum of ceil((R + J_j) / T_j) C_j over the
 * tasks of higher priority (Joseph and Pandya 1986, Audsley et al. 1993);
 * with deadlines behind the period the first job need not be the worst
 * (Lehoczky 1990).  Not preemptive: Davis, Burns, Bril and Lukkien 2007.
 *
 * Tasks in user mode are preemptive in each model.  A system call is not
 * under preempt=none, so it stands for a job of the other kind.  One thing is
 * not the same: who leaves a system call while somebody more urgent waits,
 * is preempted on the way out and has ended its job only when it is back in
 * user mode.  So the end of such a job is told by waking an observer as the
 * last thing in the call; the observer's jobs are released at those instants.
 */
#include <config.h>

#include <stdio.h>

#include "law.h"

#define MAX_TASKS 6

/* A periodic task; times in us, the first of a set has the top priority. */
struct periodic {
	int64_t demand, period, offset;
};

/* enum how - what a job's demand is made of. */
enum how {
	USER_MODE,
	SYSTEM_CALL
};

static void append_head(GString *yaml, const char *model, int64_t duration_us)
{
	g_string_append_printf(
		yaml,
		"duration: %" G_GINT64_FORMAT "us\n"
		"machine: {cpus: 1, clock: 1GHz, costs: {profile: zero}}\n"
		"kernel: {preempt: %s, hz: 1000, rt_throttling: off}\n"
		"locks: {l: {type: spinlock}}\n",
		duration_us, model);
}

static void append_task(GString *yaml, unsigned int i,
			const struct periodic *task, enum how how)
{
	g_string_append_printf(yaml,
			       "  t%u: {policy: fifo, priority: %u, "
			       "every: %" G_GINT64_FORMAT "us, "
			       "offset: %" G_GINT64_FORMAT "us, do: [",
			       i, 90 - i, task->period, task->offset);
	if (how == USER_MODE)
		g_string_append_printf(yaml, "run: %" G_GINT64_FORMAT "us]}\n",
				       task->demand);
	else
		g_string_append_printf(yaml,
				       "syscall: {name: job, do: [run: "
				       "%" G_GINT64_FORMAT "us, "
				       "wake: end%u]}]}\n"
				       "  o%u: {policy: fifo, priority: 99, "
				       "on: end%u, do: [run: 0ns]}\n",
				       task->demand, i, i, i);
}

static struct results *run_set(const struct periodic *set, unsigned int n,
			       enum how how, const char *model,
			       int64_t duration_us)
{
	GString *yaml = g_string_new(NULL);
	struct results *results;

	append_head(yaml, model, duration_us);
	g_string_append(yaml, "waitqueues: [end0, end1, end2, end3, end4, "
			      "end5]\ntasks:\n");
	for (unsigned int i = 0; i < n; i++)
		append_task(yaml, i, &set[i], how);
	results = law_simulate(yaml->str, NULL);
	g_string_free(yaml, TRUE);
	return results;
}

static GArray *jobs_of(const struct results *results, char kind, unsigned int i)
{
	char name[16];

	snprintf(name, sizeof(name), "%c%u", kind, i);
	return law_jobs(results, name);
}

/*
 * The ends of the jobs of task @i, in us; GArray of int64_t.  How many there
 * are depends on where the run was cut off.
 */
static GArray *ends_of(const struct results *results, unsigned int i,
		       enum how how)
{
	GArray *ends = g_array_new(FALSE, FALSE, sizeof(int64_t));
	GArray *jobs = jobs_of(results, how == USER_MODE ? 't' : 'o', i);

	for (unsigned int k = 0; k < jobs->len; k++) {
		const struct job_record *job = law_job(jobs, k);
		int64_t end = how == USER_MODE ? job->end_ns : job->release_ns;

		if (end < 0)
			break;
		ck_assert_int_eq(end % US, 0);
		end /= US;
		g_array_append_val(ends, end);
	}
	g_array_free(jobs, TRUE);
	return ends;
}

/* The longest response of task @i of the set, in us. */
static int64_t worst_response(const struct results *results,
			      const struct periodic *set, unsigned int i,
			      enum how how)
{
	GArray *ends = ends_of(results, i, how);
	int64_t worst = 0;

	for (unsigned int k = 0; k < ends->len; k++) {
		int64_t release = set[i].offset + k * set[i].period;
		int64_t end = g_array_index(ends, int64_t, k);

		worst = MAX(worst, end - release);
	}
	g_array_free(ends, TRUE);
	return worst;
}

/*
 * A reference to hold every single job against: fixed priorities on one CPU,
 * in twenty lines and by another method than the simulator's.
 *
 * Returns per task a GArray of the ends of its jobs up to @until.
 */
static void reference(const struct periodic *set, unsigned int n,
		      bool preemptive, int64_t until, GArray **ends)
{
	int64_t next[MAX_TASKS], left[MAX_TASKS], now = 0;

	for (unsigned int i = 0; i < n; i++) {
		ends[i] = g_array_new(FALSE, FALSE, sizeof(int64_t));
		next[i] = set[i].offset;
		left[i] = set[i].demand;
	}
	while (now < until) {
		int64_t stop = INT64_MAX;
		unsigned int top = 0;

		for (; top < n && next[top] > now; top++)
			stop = MIN(stop, next[top]);
		if (top == n) {
			now = stop;
			continue;
		}
		if (!preemptive || now + left[top] <= stop) {
			now += left[top];
			g_array_append_val(ends[top], now);
			next[top] += set[top].period;
			left[top] = set[top].demand;
		} else {
			left[top] -= stop - now;
			now = stop;
		}
	}
}

/* Fail unless each job ends when the reference says. */
static void assert_reference(const struct periodic *set, unsigned int n,
			     enum how how, int64_t until)
{
	struct results *results =
		run_set(set, n, how, how == USER_MODE ? "full" : "none", until);
	GArray *right[MAX_TASKS];

	reference(set, n, how == USER_MODE, until, right);
	for (unsigned int i = 0; i < n; i++) {
		GArray *ends = ends_of(results, i, how);

		/* The last ones may lie behind the end of the run. */
		ck_assert_uint_ge(ends->len + 2, right[i]->len);
		ck_assert_uint_gt(ends->len, 0);
		for (unsigned int k = 0; k < MIN(ends->len, right[i]->len); k++)
			ck_assert_int_eq(g_array_index(ends, int64_t, k),
					 g_array_index(right[i], int64_t, k));
		g_array_free(ends, TRUE);
		g_array_free(right[i], TRUE);
	}
	results_free(results);
}

/* Task sets with their worst response times, in ms. */
static const struct {
	unsigned int n;
	struct periodic set[3];
	int64_t response[3];
} known[] = {
	{ 3, { { 3, 7, 0 }, { 3, 12, 0 }, { 5, 20, 0 } }, { 3, 6, 20 } },
	{ 3, { { 5, 20, 0 }, { 10, 40, 0 }, { 40, 80, 0 } }, { 5, 15, 80 } },
	{ 3, { { 4, 16, 0 }, { 5, 40, 0 }, { 32, 80, 0 } }, { 4, 9, 58 } },
	{ 3, { { 5, 20, 0 }, { 10, 30, 0 }, { 15, 50, 0 } }, { 5, 15, 50 } },
	{ 3, { { 1, 4, 0 }, { 2, 6, 0 }, { 3, 12, 0 } }, { 1, 3, 10 } },
	{ 3, { { 2, 7, 0 }, { 3, 11, 0 }, { 4, 17, 0 } }, { 2, 5, 11 } },
};

START_TEST(worst_responses_are_exact)
{
	struct periodic set[3] = { 0 };
	struct results *results;

	for (unsigned int i = 0; i < known[_i].n; i++) {
		set[i].demand = known[_i].set[i].demand * 1000;
		set[i].period = known[_i].set[i].period * 1000;
	}
	results = run_set(set, known[_i].n, USER_MODE, "none", 5000000);
	for (unsigned int i = 0; i < known[_i].n; i++) {
		const struct task_results *task = results->tasks->pdata[i];

		ck_assert_int_eq(worst_response(results, set, i, USER_MODE),
				 known[_i].response[i] * 1000);
		ck_assert_uint_eq(task->late, 0);
	}
	results_free(results);
}
END_TEST

/* With deadlines behind the period a later job may be the worst one. */
START_TEST(first_job_is_not_the_worst)
{
	static const struct periodic set[] = { { 26000, 70000, 0 },
					       { 62000, 100000, 0 } };
	static const int64_t response[] = { 114, 102, 116, 104, 118, 106, 94 };
	struct results *results = run_set(set, 2, USER_MODE, "full", 1400000);
	GArray *ends = ends_of(results, 1, USER_MODE);

	ck_assert_uint_ge(ends->len, 13);
	for (unsigned int k = 0; k < 13; k++)
		ck_assert_int_eq(g_array_index(ends, int64_t, k) - k * 100000,
				 response[k % 7] * 1000);
	ck_assert_int_eq(worst_response(results, set, 0, USER_MODE), 26000);
	g_array_free(ends, TRUE);
	results_free(results);
}
END_TEST

/* The task and the deadline, in ms, of the first dropout of a set. */
static const struct {
	struct periodic set[3];
	unsigned int n, task;
	int64_t deadline;
} first_miss[] = {
	{ { { 10000, 30000, 0 }, { 10000, 40000, 0 }, { 12000, 50000, 0 } },
	  3,
	  2,
	  50 },
	{ { { 2000, 5000, 0 }, { 4000, 7000, 0 } }, 2, 1, 7 },
};

START_TEST(first_dropout_is_exact)
{
	struct results *results = run_set(first_miss[_i].set, first_miss[_i].n,
					  USER_MODE, "full", 1000000);
	const struct job_record *first = NULL;

	for (unsigned int i = 0; i < results->jobs->len; i++) {
		const struct job_record *job =
			&g_array_index(results->jobs, struct job_record, i);

		if (job->outcome &&
		    (!first || job->deadline_ns < first->deadline_ns))
			first = job;
	}
	ck_assert_ptr_nonnull(first);
	ck_assert_uint_eq(first->task, first_miss[_i].task);
	ck_assert_int_eq(first->deadline_ns, first_miss[_i].deadline * MS);
	results_free(results);
}
END_TEST

/* (C, T) = (1, 4) with jitter 2, (2, 6), (3, 12): R3 = 10.  The jitter that
 * brings it about delays the first release by 2 and no other one. */
START_TEST(jitter_delays_the_lowest)
{
	GString *yaml = g_string_new(NULL);
	struct results *results;

	append_head(yaml, "full", 12000);
	g_string_append(
		yaml,
		"devices:\n"
		"  source: {irq: {at: [0ms, 2ms, 6ms, 10ms]}, "
		"handler: [wake: source]}\n"
		"tasks:\n"
		"  t0: {policy: fifo, priority: 90, on: source, do: [run: "
		"1ms]}\n"
		"  t1: {policy: fifo, priority: 89, every: 6ms, do: [run: "
		"2ms]}\n"
		"  t2: {policy: fifo, priority: 88, every: 12ms, do: [run: "
		"3ms]}\n");
	results = law_simulate(yaml->str, NULL);
	ck_assert_int_eq(hist_max(law_task(results, "t2")->response_time),
			 10 * MS);
	results_free(results);
	g_string_free(yaml, TRUE);
}
END_TEST

/* The bound holds for whatever jitter comes; and some of it comes near. */
START_TEST(jitter_stays_below_the_bound)
{
	GString *yaml = g_string_new(NULL);
	struct results *results;
	int64_t worst;

	append_head(yaml, "full", 200000000);
	g_string_append(yaml, "tasks:\n"
			      "  t0: {policy: fifo, priority: 90, every: 4ms, "
			      "jitter: {uniform: [0ms, 2ms]}, do: [run: 1ms]}\n"
			      "  t1: {policy: fifo, priority: 89, every: 6ms, "
			      "do: [run: 2ms]}\n"
			      "  t2: {policy: fifo, priority: 88, every: 12ms, "
			      "do: [run: 3ms]}\n");
	results = law_simulate(yaml->str, NULL);
	worst = hist_max(law_task(results, "t2")->response_time);
	ck_assert_int_le(worst, 10 * MS);
	ck_assert_int_gt(worst, 9 * MS);
	/* The response counts from the release that came, not the nominal. */
	ck_assert_int_eq(hist_max(law_task(results, "t0")->response_time), MS);
	results_free(results);
	g_string_free(yaml, TRUE);
}
END_TEST

/*
 * (3, 7), (3, 12), (5, 20) and a task below them that begins something of 2
 * ms, or as much of it as 2 ms in one piece, a nanosecond before they are
 * released.
 */
static const struct {
	const char *model, *steps;
	int64_t blocking;
} blocker[] = {
	{ "full", "syscall: {name: x, do: [preempt_off: [run: 2ms]]}", 2 },
	{ "full", "syscall: {name: x, do: [hold: {lock: l, do: [run: 2ms]}]}",
	  2 },
	{ "full", "syscall: {name: x, do: [irqs_off: [run: 2ms]]}", 2 },
	{ "full", "syscall: {name: x, do: [bh_off: [run: 2ms]]}", 2 },
	{ "full", "syscall: {name: x, do: [run: 2ms]}", 0 },
	{ "full", "run: 2ms", 0 },
	{ "lazy", "syscall: {name: x, do: [preempt_off: [run: 2ms]]}", 2 },
	{ "lazy", "syscall: {name: x, do: [run: 2ms]}", 0 },
	{ "none", "run: 2ms", 0 },
	{ "none", "syscall: {name: x, do: [run: 2ms]}", 2 },
	{ "none",
	  "syscall: {name: x, do: [repeat: {times: 5, do: [run: 2ms, "
	  "cond_resched: ]}]}",
	  2 },
	{ "voluntary",
	  "syscall: {name: x, do: [repeat: {times: 5, do: [run: 2ms, "
	  "might_sleep: ]}]}",
	  2 },
};

START_TEST(section_below_blocks_once)
{
	GString *yaml = g_string_new(NULL);
	int64_t blocking = blocker[_i].blocking * MS;
	struct results *results;

	append_head(yaml, blocker[_i].model, 19000);
	g_string_append_printf(
		yaml,
		"tasks:\n"
		"  a: {policy: fifo, priority: 90, every: 7ms, offset: 1ms, "
		"do: [run: 3ms]}\n"
		"  b: {policy: fifo, priority: 89, every: 12ms, offset: 1ms, "
		"do: [run: 3ms]}\n"
		"  c: {policy: fifo, priority: 88, every: 20ms, offset: 1ms, "
		"do: [run: 5ms]}\n"
		"  d: {policy: fifo, priority: 87, start: 999999ns, "
		"once: [%s]}\n",
		blocker[_i].steps);
	results = law_simulate(yaml->str, NULL);
	if (blocking)
		blocking--;
	ck_assert_int_eq(hist_max(law_task(results, "a")->response_time),
			 3 * MS + blocking);
	/* Longer than 7 ms, it is met by a second job of a. */
	ck_assert_int_eq(hist_max(law_task(results, "b")->response_time),
			 6 * MS + blocking + (blocking ? 3 * MS : 0));
	results_free(results);
	g_string_free(yaml, TRUE);
}
END_TEST

/*
 * Three CAN messages: the first instance of the lowest takes 3.0 ms and the
 * second one 3.5 ms, which the analysis of 1994 overlooked.
 */
START_TEST(can_message_misses_with_its_second_instance)
{
	static const struct periodic set[] = { { 1000, 2500, 0 },
					       { 1000, 3500, 0 },
					       { 1000, 3500, 0 } };
	struct results *results = run_set(set, 3, SYSTEM_CALL, "none", 20000);
	GArray *ends = ends_of(results, 2, SYSTEM_CALL);

	ck_assert_int_eq(g_array_index(ends, int64_t, 0), 3000);
	ck_assert_int_eq(g_array_index(ends, int64_t, 1) - 3500, 3500);
	ck_assert_int_eq(worst_response(results, set, 2, SYSTEM_CALL), 3500);
	g_array_free(ends, TRUE);
	results_free(results);
}
END_TEST

/*
 * What CONFIG_PREEMPT does to (2, 7), (3, 11), (4, 17): it helps the top and
 * hurts the bottom.  The periods have no common factor, so that one long run
 * meets all whole offsets.  With a fraction of an ms between the releases a
 * section below begins just before one above is released.
 */
static const struct {
	const char *model;
	int64_t offset[2], response[3];
} preemption[] = {
	{ "full", { 0, 0 }, { 2000, 5000, 11000 } },
	{ "lazy", { 0, 0 }, { 2000, 5000, 11000 } },
	{ "none", { 0, 0 }, { 5000, 8000, 9000 } },
	{ "voluntary", { 0, 0 }, { 5000, 8000, 9000 } },
	{ "none", { 1, 1 }, { 5999, 8999, 8001 } },
};

START_TEST(preemption_helps_the_top_and_hurts_the_bottom)
{
	const struct periodic set[] = {
		{ 2000, 7000, preemption[_i].offset[0] },
		{ 3000, 11000, preemption[_i].offset[1] },
		{ 4000, 17000, 0 },
	};
	struct results *results = run_set(
		set, 3, SYSTEM_CALL, preemption[_i].model, 3 * 7 * 11 * 17000);

	for (unsigned int i = 0; i < 3; i++)
		ck_assert_int_eq(worst_response(results, set, i, SYSTEM_CALL),
				 preemption[_i].response[i]);
	results_free(results);
	if (!strcmp(preemption[_i].model, "none"))
		assert_reference(set, 3, SYSTEM_CALL, 3 * 7 * 11 * 17000);
}
END_TEST

/*
 * The same on @m CPUs: at each instant the @m most urgent of those who have
 * something to do run, wherever that is.
 */
static void global_reference(const struct periodic *set, unsigned int n,
			     unsigned int m, int64_t until, GArray **ends)
{
	int64_t next[MAX_TASKS], left[MAX_TASKS], now = 0;

	for (unsigned int i = 0; i < n; i++) {
		ends[i] = g_array_new(FALSE, FALSE, sizeof(int64_t));
		next[i] = set[i].offset;
		left[i] = set[i].demand;
	}
	while (now < until) {
		int64_t step = INT64_MAX;
		unsigned int running = 0;

		for (unsigned int i = 0; i < n; i++) {
			if (next[i] > now)
				step = MIN(step, next[i] - now);
			else if (running++ < m)
				step = MIN(step, left[i]);
		}
		running = 0;
		for (unsigned int i = 0; i < n && running < m; i++) {
			if (next[i] > now)
				continue;
			running++;
			left[i] -= step;
			if (left[i])
				continue;
			left[i] = set[i].demand;
			next[i] += set[i].period;
			now += step;
			g_array_append_val(ends[i], now);
			now -= step;
		}
		now += step;
	}
}

/* A small generator, to have sets that nobody chose. */
static uint64_t draw(uint64_t *state, uint64_t below)
{
	*state = *state * UINT64_C(6364136223846793005) +
		 UINT64_C(1442695040888963407);
	return (*state >> 33) % below;
}

START_TEST(every_job_ends_as_the_reference_says)
{
	struct periodic set[MAX_TASKS];
	uint64_t state = (uint64_t)_i + 1;
	unsigned int n = 2 + (unsigned int)draw(&state, MAX_TASKS - 1);

	for (unsigned int i = 0; i < n; i++) {
		set[i].period = 1000 + (int64_t)draw(&state, 30000);
		set[i].demand =
			1 + (int64_t)draw(&state,
					  (uint64_t)(set[i].period * 2 / n));
		set[i].offset = (int64_t)draw(&state, 20000);
	}
	assert_reference(set, n, USER_MODE, 3000000);
	assert_reference(set, n, SYSTEM_CALL, 3000000);
}
END_TEST

/*
 * Real-time tasks are pushed and pulled so that on @m CPUs the @m most urgent
 * run, whatever the model, as nothing is done in the kernel.
 */
START_TEST(every_job_ends_as_the_global_reference_says)
{
	unsigned int m = 2 + (unsigned int)_i % 3, n = MAX_TASKS;
	struct periodic set[MAX_TASKS];
	GArray *right[MAX_TASKS];
	uint64_t state = (uint64_t)_i + 100;
	GString *yaml = g_string_new(NULL);
	struct results *results;
	char *cpus = g_strdup_printf("machine.cpus=%u", m);
	const char *overrides[] = { cpus, NULL };

	append_head(yaml, "full", 3000000);
	g_string_append(yaml, "tasks:\n");
	for (unsigned int i = 0; i < n; i++) {
		set[i].period = 1000 + (int64_t)draw(&state, 30000);
		set[i].demand =
			1 + (int64_t)draw(&state, (uint64_t)(set[i].period * m *
							     2 / n * 8 / 10));
		set[i].demand = MIN(set[i].demand, set[i].period);
		set[i].offset = (int64_t)draw(&state, 20000);
		append_task(yaml, i, &set[i], USER_MODE);
	}
	results = law_simulate(yaml->str, overrides);
	global_reference(set, n, m, 3000000, right);
	for (unsigned int i = 0; i < n; i++) {
		GArray *ends = ends_of(results, i, USER_MODE);

		ck_assert_uint_ge(ends->len + 2, right[i]->len);
		for (unsigned int k = 0; k < MIN(ends->len, right[i]->len); k++)
			ck_assert_msg(
				g_array_index(ends, int64_t, k) ==
					g_array_index(right[i], int64_t, k),
				"job %u of task %u of %u on %u CPUs: "
				"ends at %d us, not at %d us",
				k, i, n, m,
				(int)g_array_index(ends, int64_t, k),
				(int)g_array_index(right[i], int64_t, k));
		g_array_free(ends, TRUE);
		g_array_free(right[i], TRUE);
	}
	results_free(results);
	g_string_free(yaml, TRUE);
	g_free(cpus);
}
END_TEST

/*
 * Light tasks of a shorter period make a heavy one miss on any number of
 * CPUs, though one more CPU than it needs is nearly idle (Dhall and Liu
 * 1978); at home on CPUs of their own none of them does.
 */
START_TEST(global_priorities_may_miss)
{
	static const char *const pinned[] = { "tasks.a.cpus=0",
					      "tasks.b.cpus=0",
					      "tasks.heavy.cpus=1", NULL };
	static const char yaml[] =
		"duration: 2100ms\n"
		"machine: {cpus: 2, clock: 1GHz, costs: {profile: zero}}\n"
		"kernel: {rt_throttling: off}\n"
		"tasks:\n"
		"  a: {policy: fifo, priority: 90, every: 100ms, do: [run: "
		"10ms]}\n"
		"  b: {policy: fifo, priority: 89, every: 100ms, do: [run: "
		"10ms]}\n"
		"  heavy: {policy: fifo, priority: 80, every: 105ms, do: [run: "
		"100ms]}\n";
	struct results *global = law_simulate(yaml, NULL);
	struct results *apart = law_simulate(yaml, pinned);
	GArray *jobs = law_jobs(global, "heavy");

	ck_assert_int_eq(law_job(jobs, 0)->end_ns, 120 * MS);
	ck_assert_int_eq(law_job(jobs, 0)->outcome, 1);
	ck_assert_uint_eq(task_dropouts(law_task(apart, "heavy")), 0);
	ck_assert_uint_eq(task_dropouts(law_task(apart, "b")), 0);
	g_array_free(jobs, TRUE);
	results_free(global);
	results_free(apart);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("rta");
	TCase *tcase = tcase_create("rta");

	tcase_add_loop_test(tcase, worst_responses_are_exact, 0,
			    G_N_ELEMENTS(known));
	tcase_add_test(tcase, first_job_is_not_the_worst);
	tcase_add_loop_test(tcase, first_dropout_is_exact, 0,
			    G_N_ELEMENTS(first_miss));
	tcase_add_test(tcase, jitter_delays_the_lowest);
	tcase_add_test(tcase, jitter_stays_below_the_bound);
	tcase_add_loop_test(tcase, section_below_blocks_once, 0,
			    G_N_ELEMENTS(blocker));
	tcase_add_test(tcase, can_message_misses_with_its_second_instance);
	tcase_add_loop_test(tcase,
			    preemption_helps_the_top_and_hurts_the_bottom, 0,
			    G_N_ELEMENTS(preemption));
	tcase_add_loop_test(tcase, every_job_ends_as_the_reference_says, 0, 20);
	tcase_add_loop_test(tcase, every_job_ends_as_the_global_reference_says,
			    0, 30);
	tcase_add_test(tcase, global_priorities_may_miss);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
