/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Schedulers of textbooks against a brute-force one that goes from unit to unit
 * of time: random sets of periodic tasks on one CPU, where each job has to end
 * when the other says.
 *
 * Releases of different tasks, and ticks, never are at the same instant, and
 * keys are never the same, so that no order is left open.
 */
#include <config.h>

#include <inttypes.h>

#include "law.h"
#include "preemptsim/base/rng.h"

#define MAX_TASKS 5
#define SETS 500

/* A unit is 10 us; a tick comes each millisecond. */
#define UNIT_US 10
#define TICK 100
#define UNTIL 12000

/* Fair tasks sleep less exactly, if they are allowed to. */
#define SLACK "timer_slack: 0ns, "

enum policy_kind {
	FIXED,	  /* by place: SCHED_FIFO, priorities descending */
	DEADLINE, /* by relative deadlines */
	ABSOLUTE, /* by absolute deadlines */
	ARRIVAL,  /* first come, first served */
	TURNS,	  /* the same, and a tick sends to the end */
};

static const struct {
	const char *name, *kernel, *task;
	enum policy_kind kind;
	double load;
} policies[] = {
	{ "fifo", "eevdf", "policy: fifo, ", FIXED, 1.2 },
	{ "rm", "rm", SLACK, DEADLINE, 1.2 },
	{ "edf", "edf", SLACK, ABSOLUTE, 0.97 },
	{ "fcfs", "fcfs", SLACK, ARRIVAL, 1.2 },
	{ "rr", "rr", SLACK, TURNS, 1.2 },
};

#define NR_POLICIES_HERE G_N_ELEMENTS(policies)

/* A task, in units; and what the brute-force scheduler keeps of it. */
struct unit_task {
	int64_t period, offset, demand;
	int64_t key, left;
	unsigned int backlog;
	GArray *ends;
};

static struct unit_task set[MAX_TASKS];
static unsigned int n;

static int64_t between(struct rng *rng, int64_t from, int64_t to)
{
	return from + (int64_t)rng_below(rng, (uint64_t)(to - from + 1));
}

static void draw_set(struct rng *rng, double load)
{
	n = (unsigned int)between(rng, 2, MAX_TASKS);
	for (unsigned int i = 0; i < n; i++) {
		struct unit_task *t = &set[i];
		double most;

		memset(t, 0, sizeof(*t));
		t->period = 100 * between(rng, 2, 20);
		t->offset = 100 * between(rng, 0, 5) + 1 + i;
		most = 2 * load * (double)t->period / n;
		if (most > (double)t->period)
			most = (double)t->period;
		t->demand = 10 * between(rng, 1, (int64_t)(most / 10));
		t->ends = g_array_new(FALSE, FALSE, sizeof(int64_t));
	}
}

static double load_of_set(void)
{
	double load = 0;

	for (unsigned int i = 0; i < n; i++)
		load += (double)set[i].demand / (double)set[i].period;
	return load;
}

/*
 * The brute-force scheduler
 */

static void release(enum policy_kind kind, unsigned int i, int64_t now)
{
	struct unit_task *t = &set[i];
	const int64_t key[] = {
		[FIXED] = i,
		[DEADLINE] = t->period * MAX_TASKS + i,
		[ABSOLUTE] = (now + t->period) * MAX_TASKS + i,
		[ARRIVAL] = now,
		[TURNS] = now,
	};

	if (t->backlog++)
		return;
	t->key = key[kind];
	t->left = t->demand;
}

/* Who runs from @now on, where @curr did up to now; -1: nobody. */
static int choose(enum policy_kind kind, int64_t now, int curr)
{
	int best = -1;

	if (kind == TURNS && now % TICK == 0 && curr >= 0)
		set[curr].key = now;
	if (kind == ARRIVAL && curr >= 0)
		return curr;
	for (unsigned int i = 0; i < n; i++)
		if (set[i].backlog && (best < 0 || set[i].key < set[best].key))
			best = (int)i;
	return best;
}

/* The job that ran up to @now is done; returns who still runs. */
static int complete(unsigned int i, int64_t now)
{
	struct unit_task *t = &set[i];

	g_array_append_val(t->ends, now);
	t->left = t->demand;
	return --t->backlog ? (int)i : -1;
}

/* Returns whether a task had two jobs at once. */
static bool brute_force(enum policy_kind kind)
{
	bool late = false;
	int curr = -1;

	for (int64_t now = 0; now <= UNTIL; now++) {
		for (unsigned int i = 0; i < n; i++) {
			if (now < set[i].offset ||
			    (now - set[i].offset) % set[i].period)
				continue;
			late |= set[i].backlog > 0;
			release(kind, i, now);
		}
		if (curr >= 0 && set[curr].left == 0)
			curr = complete((unsigned int)curr, now);
		curr = choose(kind, now, curr);
		if (curr >= 0)
			set[curr].left--;
	}
	return late;
}

/*
 * The simulator
 */

static struct results *simulate(unsigned int policy)
{
	GString *yaml = g_string_new(NULL);
	struct results *results;

	g_string_append_printf(
		yaml,
		"duration: %uus\n"
		"machine: {cpus: 1, clock: 1GHz, costs: {profile: zero}}\n"
		"kernel: {preempt: full, hz: 1000, tick: periodic, "
		"rt_throttling: off, fair: %s}\ntasks:\n",
		UNTIL * UNIT_US, policies[policy].kernel);
	for (unsigned int i = 0; i < n; i++) {
		g_string_append_printf(yaml, "  t%u: {%s", i,
				       policies[policy].task);
		if (policies[policy].kind == FIXED)
			g_string_append_printf(yaml, "priority: %u, ", 90 - i);
		g_string_append_printf(
			yaml,
			"every: %" G_GINT64_FORMAT "us, "
			"offset: %" G_GINT64_FORMAT "us, "
			"deadline: %" G_GINT64_FORMAT "us, "
			"do: [run: %" G_GINT64_FORMAT "us]}\n",
			set[i].period * UNIT_US, set[i].offset * UNIT_US,
			set[i].period * UNIT_US + i, set[i].demand * UNIT_US);
	}
	results = law_simulate(yaml->str, NULL);
	g_string_free(yaml, TRUE);
	return results;
}

static unsigned int compare_task(const struct results *results, unsigned int i,
				 const char *name, unsigned int number)
{
	char task[] = { 't', (char)('0' + i), '\0' };
	GArray *jobs = law_jobs(results, task);
	unsigned int compared = 0;

	for (unsigned int k = 0; k < jobs->len && k < set[i].ends->len; k++) {
		int64_t end = law_job(jobs, k)->end_ns;
		int64_t right =
			g_array_index(set[i].ends, int64_t, k) * UNIT_US * US;

		if (right >= (UNTIL - 1) * UNIT_US * US)
			break;
		ck_assert_msg(end == right,
			      "%s, set %u: job %u of %s ends at %" PRId64
			      ", not %" PRId64,
			      name, number, k, task, end, right);
		compared++;
	}
	ck_assert_uint_ge(compared + 1, set[i].ends->len);
	g_array_free(jobs, TRUE);
	return compared;
}

START_TEST(unit_by_unit)
{
	unsigned int sets = 0, jobs = 0;
	struct rng rng;

	rng_init(&rng, (uint64_t)_i, 0, "law", "unit");
	for (unsigned int number = 0; sets < SETS; number++) {
		struct results *results;
		bool late;

		ck_assert_uint_lt(number, 10 * SETS);
		draw_set(&rng, policies[_i].load);
		late = load_of_set() > policies[_i].load ||
		       brute_force(policies[_i].kind);
		/* A job's deadline is set when it wakes its task up. */
		if (load_of_set() <= policies[_i].load &&
		    !(late && policies[_i].kind == ABSOLUTE)) {
			results = simulate((unsigned int)_i);
			for (unsigned int i = 0; i < n; i++)
				jobs += compare_task(results, i,
						     policies[_i].name, number);
			results_free(results);
			sets++;
		}
		for (unsigned int i = 0; i < n; i++)
			g_array_free(set[i].ends, TRUE);
	}
	ck_assert_uint_gt(jobs, 20 * SETS);
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

/* Shares by weight, to a tick. */
START_TEST(stride)
{
	struct results *results = law_simulate(
		"duration: 10s\n"
		"machine: {cpus: 1, clock: 1GHz, costs: {profile: zero}}\n"
		"kernel: {hz: 1000, fair: stride}\n"
		"tasks:\n"
		"  a: {loop: [run: 1ms]}\n"
		"  b: {nice: 5, loop: [run: 1ms]}\n",
		NULL);
	int64_t right = 10 * SEC * 1024 / (1024 + 335);

	ck_assert_int_le(llabs(law_task(results, "a")->cpu_ns - right), 4 * MS);
	results_free(results);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("law-unit");
	TCase *tc = tcase_create("unit");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_set_timeout(tc, 300);
	tcase_add_loop_test(tc, unit_by_unit, 0, NR_POLICIES_HERE);
	tcase_add_loop_test(tc, dhall, 0, 2);
	tcase_add_test(tc, stride);
	suite_add_tcase(suite, tc);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
