/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Schedulers of textbooks against a brute-force one that goes from unit to unit
 * of time: a thousand random sets of periodic tasks for each, where each job has
 * to end when the other says.  On several CPUs they are global: those of the
 * least keys run, wherever that is.
 *
 * Releases of different tasks, and ticks, never are at the same instant, and
 * keys are never the same, so that no order is left open.
 */
#include <config.h>

#include <inttypes.h>

#include "law.h"
#include "preemptsim/base/rng.h"

#define MAX_TASKS 5
#define SETS 1000

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
	int cpus;
} policies[] = {
	{ "fifo", "eevdf", "policy: fifo, ", FIXED, 1.2, 1 },
	{ "rm", "rm", SLACK, DEADLINE, 1.2, 1 },
	{ "edf", "edf", SLACK, ABSOLUTE, 1.2, 1 },
	{ "fcfs", "fcfs", SLACK, ARRIVAL, 1.2, 1 },
	{ "rr", "rr", SLACK, TURNS, 1.2, 1 },
	{ "global fifo", "eevdf", "policy: fifo, ", FIXED, 2.2, 2 },
	{ "global rm", "rm", SLACK, DEADLINE, 2.2, 2 },
	{ "global edf", "edf", SLACK, ABSOLUTE, 2.2, 2 },
	{ "global edf on three CPUs", "edf", SLACK, ABSOLUTE, 3, 3 },
};

#define NR_POLICIES_HERE G_N_ELEMENTS(policies)

/* A task, in units; and what the brute-force scheduler keeps of it. */
struct unit_task {
	int64_t period, offset, demand;
	int64_t key, left;
	unsigned int backlog;
	bool runs;
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

/* Of its next job under EDF. */
static int64_t key_of_next(const struct unit_task *t, unsigned int i)
{
	int64_t released = t->offset + t->ends->len * t->period;

	return (released + t->period) * MAX_TASKS + i;
}

static void release(enum policy_kind kind, unsigned int i, int64_t now)
{
	struct unit_task *t = &set[i];
	const int64_t key[] = {
		[FIXED] = i,
		[DEADLINE] = t->period * MAX_TASKS + i,
		[ABSOLUTE] = key_of_next(t, i),
		[ARRIVAL] = now,
		[TURNS] = now,
	};

	if (t->backlog++)
		return;
	t->key = key[kind];
	t->left = t->demand;
}

/* How many want to run before @t. */
static int before(const struct unit_task *t)
{
	int more = 0;

	for (unsigned int i = 0; i < n; i++)
		more += set[i].backlog && set[i].key < t->key;
	return more;
}

/* Who runs from @now on: those of the least keys. */
static void choose(enum policy_kind kind, int64_t now, int cpus)
{
	for (unsigned int i = 0; i < n; i++) {
		if (!set[i].runs)
			continue;
		if (kind == TURNS && now % TICK == 0)
			set[i].key = now;
		if (kind == ARRIVAL)
			set[i].key = -1;
	}
	for (unsigned int i = 0; i < n; i++)
		set[i].runs = set[i].backlog && before(&set[i]) < cpus;
}

/* The job of @t that ran up to @now is done. */
static void complete(enum policy_kind kind, struct unit_task *t, int64_t now)
{
	g_array_append_val(t->ends, now);
	t->left = t->demand;
	t->runs = --t->backlog;
	if (kind == ABSOLUTE)
		t->key = key_of_next(t, (unsigned int)(t - set));
}

/* Returns whether a task had two jobs at once. */
static bool brute_force(enum policy_kind kind, int cpus)
{
	bool late = false;

	for (int64_t now = 0; now <= UNTIL; now++) {
		for (unsigned int i = 0; i < n; i++) {
			if (now < set[i].offset ||
			    (now - set[i].offset) % set[i].period)
				continue;
			late |= set[i].backlog > 0;
			release(kind, i, now);
		}
		for (unsigned int i = 0; i < n; i++)
			if (set[i].runs && set[i].left == 0)
				complete(kind, &set[i], now);
		choose(kind, now, cpus);
		for (unsigned int i = 0; i < n; i++)
			set[i].left -= set[i].runs;
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
		"machine: {cpus: %d, clock: 1GHz, costs: {profile: zero}}\n"
		"kernel: {preempt: full, hz: 1000, tick: periodic, "
		"rt_throttling: off, fair: %s}\ntasks:\n",
		UNTIL * UNIT_US, policies[policy].cpus,
		policies[policy].kernel);
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

/*
 * What is known of a set on one CPU: EDF meets all deadlines, at the ends of the
 * periods, of any load up to 1; rate monotonic those of a load up to n (2^(1/n)
 * - 1) (Liu and Layland 1973).  Returns whether that says something.
 */
static bool is_schedulable(unsigned int policy)
{
	double load = load_of_set();

	if (policies[policy].cpus > 1 || load > policies[policy].load)
		return false;
	if (policies[policy].kind == ABSOLUTE)
		return load <= 1;
	return policies[policy].kind == DEADLINE &&
	       load <= n * (pow(2, 1. / n) - 1);
}

START_TEST(unit_by_unit)
{
	unsigned int sets = 0, jobs = 0, known = 0;
	struct rng rng;

	rng_init(&rng, (uint64_t)_i, 0, "law", "unit");
	for (unsigned int number = 0; sets < SETS; number++) {
		struct results *results;
		bool late;

		ck_assert_uint_lt(number, 10 * SETS);
		draw_set(&rng, policies[_i].load);
		late = load_of_set() > policies[_i].load ||
		       brute_force(policies[_i].kind, policies[_i].cpus);
		if (is_schedulable((unsigned int)_i)) {
			ck_assert(!late);
			known++;
		}
		if (load_of_set() <= policies[_i].load) {
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
	if (policies[_i].cpus == 1 &&
	    (policies[_i].kind == DEADLINE || policies[_i].kind == ABSOLUTE))
		ck_assert_uint_gt(known, SETS / 10);
}
END_TEST

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
 * Deadlines before the ends of the periods, all released at once: EDF misses one
 * if and only if the jobs that are released and due within some time t ask for
 * more than t (Baruah, Rosier and Howell 1990).
 */
static bool asks_too_much(const int64_t *deadline)
{
	for (int64_t t = 1; t <= UNTIL / 2; t++) {
		int64_t demand = 0;

		for (unsigned int i = 0; i < n; i++)
			if (t >= deadline[i])
				demand += ((t - deadline[i]) / set[i].period +
					   1) *
					  set[i].demand;
		if (demand > t)
			return true;
	}
	return false;
}

static uint64_t misses_of_edf(const int64_t *deadline)
{
	GString *yaml = g_string_new(NULL);
	struct results *results;
	uint64_t misses = 0;

	g_string_append_printf(
		yaml,
		"duration: %uus\n"
		"machine: {cpus: 1, clock: 1GHz, costs: {profile: zero}}\n"
		"kernel: {preempt: full, hz: 1000, rt_throttling: off, fair: "
		"edf}\ntasks:\n",
		UNTIL / 2 * UNIT_US + 1);
	for (unsigned int i = 0; i < n; i++)
		g_string_append_printf(
			yaml,
			"  t%u: {every: %" PRId64 "us, deadline: %" PRId64
			"us, " SLACK "do: [run: %" PRId64 "us]}\n",
			i, set[i].period * UNIT_US, deadline[i] * UNIT_US,
			set[i].demand * UNIT_US);
	results = law_simulate(yaml->str, NULL);
	for (unsigned int i = 0; i < n; i++)
		misses += task_dropouts(results->tasks->pdata[i]);
	results_free(results);
	g_string_free(yaml, TRUE);
	return misses;
}

START_TEST(edf_by_demand)
{
	unsigned int missed = 0;
	struct rng rng;

	rng_init(&rng, 1, 0, "law", "demand");
	for (unsigned int number = 0; number < SETS / 2; number++) {
		int64_t deadline[MAX_TASKS];
		bool right;

		draw_set(&rng, 0.9);
		for (unsigned int i = 0; i < n; i++) {
			int64_t least = set[i].demand + set[i].period / 3;

			deadline[i] = between(&rng, MIN(least, set[i].period),
					      set[i].period);
		}
		right = asks_too_much(deadline);
		missed += right;
		ck_assert_msg((misses_of_edf(deadline) > 0) == right,
			      "set %u %s", number,
			      right ? "misses nothing" : "misses a deadline");
		for (unsigned int i = 0; i < n; i++)
			g_array_free(set[i].ends, TRUE);
	}
	ck_assert_uint_gt(missed, SETS / 20);
	ck_assert_uint_lt(missed, SETS / 2 - SETS / 20);
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
	Suite *suite = suite_create("law-unit");
	TCase *tc = tcase_create("unit");

	tcase_set_timeout(tc, 300);
	tcase_add_loop_test(tc, unit_by_unit, 0, NR_POLICIES_HERE);
	tcase_add_test(tc, edf_meets_what_rm_misses);
	tcase_add_loop_test(tc, equals_keep_their_order, 0, 3);
	tcase_add_test(tc, edf_by_job);
	tcase_add_test(tc, edf_by_demand);
	tcase_add_loop_test(tc, dhall, 0, 2);
	tcase_add_loop_test(tc, real_time_beside, 0, 5);
	tcase_add_test(tc, turns_are_global);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
