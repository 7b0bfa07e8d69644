/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Schedulers of textbooks against a brute-force one that goes from unit to unit
 * of time: a thousand random sets of periodic tasks for each, where each job has
 * to end when the other says.  On several CPUs they are global: those of the
 * least keys run, wherever that is; or partitioned: of each CPU's own that of the
 * least key does.
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

/* A unit is 10 us, or 100 where slices are long; a tick comes each hundred. */
#define UNIT_US 10
#define TICK 100
#define UNTIL 12000

/* Of SCHED_RR, in ticks of 10 ms. */
#define RR_TIMESLICE 10

/* Fair tasks sleep less exactly, if they are allowed to. */
#define SLACK "timer_slack: 0ns, "
#define DL "policy: deadline, "

enum policy_kind {
	FIXED,	  /* by place: SCHED_FIFO, priorities descending */
	DEADLINE, /* by relative deadlines */
	ABSOLUTE, /* by absolute deadlines */
	ARRIVAL,  /* first come, first served */
	TURNS,	  /* the same, and a tick sends to the end */
	SLICES,	  /* SCHED_RR: of two priorities, some ticks at a time */
	SERVERS,  /* SCHED_DEADLINE: ABSOLUTE, while no two jobs overlap */
};

/* Each has a CPU that it stays on; deadlines are before the ends of the
 * periods. */
#define PARTITIONED 1u
#define CONSTRAINED 2u

static const struct unit_policy {
	const char *name, *kernel, *task;
	enum policy_kind kind;
	double load;
	int cpus;
	unsigned int flags;
} policies[] = {
	{ "fifo", "eevdf", "policy: fifo, ", FIXED, 1.2, 1, 0 },
	{ "rm", "rm", SLACK, DEADLINE, 1.2, 1, 0 },
	{ "edf", "edf", SLACK, ABSOLUTE, 1.2, 1, 0 },
	{ "fcfs", "fcfs", SLACK, ARRIVAL, 1.2, 1, 0 },
	{ "rr", "rr", SLACK, TURNS, 1.2, 1, 0 },
	{ "global fifo", "eevdf", "policy: fifo, ", FIXED, 2.2, 2, 0 },
	{ "global rm", "rm", SLACK, DEADLINE, 2.2, 2, 0 },
	{ "global edf", "edf", SLACK, ABSOLUTE, 2.2, 2, 0 },
	{ "global edf on three CPUs", "edf", SLACK, ABSOLUTE, 3, 3, 0 },
	{ "global fifo on three CPUs", "eevdf", "policy: fifo, ", FIXED, 3, 3,
	  0 },
	{ "global fcfs", "fcfs", SLACK, ARRIVAL, 2.2, 2, 0 },
	{ "global rr", "rr", SLACK, TURNS, 2.2, 2, 0 },
	{ "global rr on three CPUs", "rr", SLACK, TURNS, 3, 3, 0 },
	{ "partitioned rr", "rr", SLACK, TURNS, 2.2, 2, PARTITIONED },
	{ "partitioned edf", "edf", SLACK, ABSOLUTE, 2.2, 2, PARTITIONED },
	{ "SCHED_RR", "eevdf", "policy: rr, ", SLICES, 1.2, 1, 0 },
	{ "partitioned SCHED_RR", "eevdf", "policy: rr, ", SLICES, 2.2, 2,
	  PARTITIONED },
	{ "constrained edf", "edf", SLACK, ABSOLUTE, 1.2, 1, CONSTRAINED },
	{ "constrained global edf", "edf", SLACK, ABSOLUTE, 2.2, 2,
	  CONSTRAINED },
	{ "constrained global edf on three CPUs", "edf", SLACK, ABSOLUTE, 3, 3,
	  CONSTRAINED },
	{ "constrained partitioned edf", "edf", SLACK, ABSOLUTE, 2.2, 2,
	  PARTITIONED | CONSTRAINED },
	{ "SCHED_DEADLINE", "eevdf", DL, SERVERS, 0.9, 1, 0 },
	{ "constrained SCHED_DEADLINE", "eevdf", DL, SERVERS, 0.9, 1,
	  CONSTRAINED },
	{ "constrained SCHED_DEADLINE on two CPUs", "eevdf", DL, SERVERS, 1.6,
	  2, CONSTRAINED },
	{ "constrained SCHED_DEADLINE on three CPUs", "eevdf", DL, SERVERS, 2.2,
	  3, CONSTRAINED },
};

#define NR_POLICIES_HERE G_N_ELEMENTS(policies)

/* A task, in units; and what the brute-force scheduler keeps of it. */
struct unit_task {
	int64_t period, offset, demand, deadline;
	int64_t key, left, next_key;
	unsigned int backlog, prio, cpu;
	int time_slice;
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
		t->deadline = t->period;
		t->time_slice = RR_TIMESLICE;
		t->ends = g_array_new(FALSE, FALSE, sizeof(int64_t));
	}
}

/* A deadline with room for the job before it. */
static int64_t draw_deadline(struct rng *rng, const struct unit_task *t)
{
	int64_t least = t->demand + t->period / 3;

	return between(rng, MIN(least, t->period), t->period);
}

static void draw_for(struct rng *rng, const struct unit_policy *policy)
{
	draw_set(rng, policy->load);
	for (unsigned int i = 0; i < n; i++) {
		struct unit_task *t = &set[i];

		if (policy->flags & CONSTRAINED)
			t->deadline = draw_deadline(rng, t);
		if (policy->flags & PARTITIONED)
			t->cpu =
				(unsigned int)between(rng, 0, policy->cpus - 1);
		if (policy->kind == SLICES)
			t->prio = (unsigned int)between(rng, 0, 1);
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

	return (released + t->deadline) * MAX_TASKS + i;
}

/* Of who goes behind all of its priority, and of @place others, @now. */
static int64_t key_of_last(const struct unit_task *t, int64_t now,
			   unsigned int place)
{
	return (t->prio * 2 * UNTIL + now) * MAX_TASKS + place;
}

static void release(enum policy_kind kind, unsigned int i, int64_t now)
{
	struct unit_task *t = &set[i];
	const int64_t key[] = {
		[FIXED] = i,
		[DEADLINE] = t->period * MAX_TASKS + i,
		[ABSOLUTE] = key_of_next(t, i),
		[ARRIVAL] = key_of_last(t, now, 0),
		[TURNS] = key_of_last(t, now, 0),
		[SLICES] = key_of_last(t, now, 0),
		[SERVERS] = key_of_next(t, i),
	};

	if (t->backlog++)
		return;
	t->key = key[kind];
	t->left = t->demand;
}

/* How many want to run before @t where it may. */
static unsigned int before(const struct unit_policy *policy,
			   const struct unit_task *t)
{
	unsigned int more = 0;

	for (unsigned int i = 0; i < n; i++)
		if (!(policy->flags & PARTITIONED) || set[i].cpu == t->cpu)
			more += set[i].backlog && set[i].key < t->key;
	return more;
}

static int64_t key_after_tick(const struct unit_policy *policy,
			      struct unit_task *t, int64_t now)
{
	if (policy->kind == SLICES && --t->time_slice)
		return t->key;
	t->time_slice = RR_TIMESLICE;
	return key_of_last(t, now, before(policy, t));
}

/* Those that run all go behind at once, in the order that they had. */
static void tick(const struct unit_policy *policy, int64_t now)
{
	if (policy->kind != TURNS && policy->kind != SLICES)
		return;
	for (unsigned int i = 0; i < n; i++)
		if (set[i].runs)
			set[i].next_key = key_after_tick(policy, &set[i], now);
	for (unsigned int i = 0; i < n; i++)
		if (set[i].runs)
			set[i].key = set[i].next_key;
}

/* Who runs from @now on: those of the least keys. */
static void choose(const struct unit_policy *policy)
{
	unsigned int cpus =
		policy->flags & PARTITIONED ? 1 : (unsigned int)policy->cpus;

	for (unsigned int i = 0; i < n; i++)
		if (set[i].runs && policy->kind == ARRIVAL)
			set[i].key = -1;
	for (unsigned int i = 0; i < n; i++)
		set[i].runs = set[i].backlog && before(policy, &set[i]) < cpus;
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
static bool brute_force(const struct unit_policy *policy)
{
	bool late = false;

	for (int64_t now = 0; now <= UNTIL; now++) {
		for (unsigned int i = 0; i < n; i++) {
			if (now < set[i].offset ||
			    (now - set[i].offset) % set[i].period)
				continue;
			late |= set[i].backlog > 0;
			release(policy->kind, i, now);
		}
		if (now % TICK == 0)
			tick(policy, now);
		for (unsigned int i = 0; i < n; i++)
			if (set[i].runs && set[i].left == 0)
				complete(policy->kind, &set[i], now);
		choose(policy);
		for (unsigned int i = 0; i < n; i++)
			set[i].left -= set[i].runs;
	}
	return late;
}

/*
 * The simulator
 */

static int unit_us(const struct unit_policy *policy)
{
	return policy->kind == SLICES ? 10 * UNIT_US : UNIT_US;
}

/* The keys of @t, the @i-th, that only some policies have.  No two deadlines are
 * the same; one of SCHED_DEADLINE is not after the period, and its runtime not
 * used up. */
static void add_keys(GString *yaml, const struct unit_policy *policy,
		     const struct unit_task *t, unsigned int i)
{
	int64_t deadline = t->deadline * unit_us(policy) + i;
	int64_t period = t->period * unit_us(policy);

	if (policy->kind == SERVERS && policy->flags & CONSTRAINED)
		deadline -= MAX_TASKS;
	g_string_append_printf(yaml, "deadline: %" PRId64 "us, ", deadline);
	if (policy->kind == SERVERS)
		g_string_append_printf(
			yaml, "period: %" PRId64 "us, runtime: %" PRId64 "us, ",
			MAX(period, deadline), (t->demand + 1) * UNIT_US);
	if (policy->kind == FIXED)
		g_string_append_printf(yaml, "priority: %u, ", 90 - i);
	if (policy->kind == SLICES)
		g_string_append_printf(yaml, "priority: %u, ", 90 - t->prio);
	if (policy->flags & PARTITIONED)
		g_string_append_printf(yaml, "cpus: [%u], ", t->cpu);
}

static struct results *simulate(const struct unit_policy *policy)
{
	GString *yaml = g_string_new(NULL);
	int unit = unit_us(policy);
	struct results *results;

	g_string_append_printf(
		yaml,
		"duration: %dus\n"
		"machine: {cpus: %d, clock: 1GHz, costs: {profile: zero}}\n"
		"kernel: {preempt: full, hz: %d, tick: periodic, "
		"rt_throttling: off, fair: %s}\ntasks:\n",
		UNTIL * unit, policy->cpus, 1000000 / TICK / unit,
		policy->kernel);
	for (unsigned int i = 0; i < n; i++) {
		g_string_append_printf(yaml, "  t%u: {%s", i, policy->task);
		add_keys(yaml, policy, &set[i], i);
		g_string_append_printf(
			yaml,
			"every: %" PRId64 "us, offset: %" PRId64 "us, "
			"do: [run: %" PRId64 "us]}\n",
			set[i].period * unit, set[i].offset * unit,
			set[i].demand * unit);
	}
	results = law_simulate(yaml->str, NULL);
	g_string_free(yaml, TRUE);
	return results;
}

static unsigned int compare_task(const struct results *results, unsigned int i,
				 const struct unit_policy *policy,
				 unsigned int number)
{
	const int64_t unit = unit_us(policy) * US;
	char task[] = { 't', (char)('0' + i), '\0' };
	GArray *jobs = law_jobs(results, task);
	unsigned int compared = 0;

	for (unsigned int k = 0; k < jobs->len && k < set[i].ends->len; k++) {
		int64_t end = law_job(jobs, k)->end_ns;
		int64_t right = g_array_index(set[i].ends, int64_t, k) * unit;

		if (right >= (UNTIL - 1) * unit)
			break;
		ck_assert_msg(end == right,
			      "%s, set %u: job %u of %s ends at %" PRId64
			      ", not %" PRId64,
			      policy->name, number, k, task, end, right);
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
static bool is_schedulable(const struct unit_policy *policy)
{
	double load = load_of_set();

	if (policy->cpus > 1 || policy->flags & CONSTRAINED)
		return false;
	if (policy->kind == ABSOLUTE || policy->kind == SERVERS)
		return load <= 1;
	return policy->kind == DEADLINE && load <= n * (pow(2, 1. / n) - 1);
}

/* Is it a set that the simulator has to agree about? */
static bool is_wanted(const struct unit_policy *policy)
{
	bool late;

	if (load_of_set() > policy->load)
		return false;
	late = brute_force(policy);
	if (is_schedulable(policy))
		ck_assert(!late);
	return !late || policy->kind != SERVERS;
}

START_TEST(unit_by_unit)
{
	const struct unit_policy *policy = &policies[_i];
	unsigned int sets = 0, jobs = 0, known = 0;
	struct rng rng;

	rng_init(&rng, (uint64_t)_i, 0, "law", "unit");
	for (unsigned int number = 0; sets < SETS; number++) {
		ck_assert_uint_lt(number, 10 * SETS);
		draw_for(&rng, policy);
		if (is_wanted(policy)) {
			struct results *results = simulate(policy);

			for (unsigned int i = 0; i < n; i++)
				jobs += compare_task(results, i, policy,
						     number);
			results_free(results);
			known += is_schedulable(policy);
			sets++;
		}
		for (unsigned int i = 0; i < n; i++)
			g_array_free(set[i].ends, TRUE);
	}
	ck_assert_uint_gt(jobs, 20 * SETS);
	if (policy->cpus == 1 && !(policy->flags & CONSTRAINED) &&
	    (policy->kind == DEADLINE || policy->kind == ABSOLUTE))
		ck_assert_uint_gt(known, SETS / 10);
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
		for (unsigned int i = 0; i < n; i++)
			deadline[i] = draw_deadline(&rng, &set[i]);
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

int main(void)
{
	Suite *suite = suite_create("law-unit");
	TCase *tc = tcase_create("unit");

	tcase_set_timeout(tc, 300);
	tcase_add_loop_test(tc, unit_by_unit, 0, NR_POLICIES_HERE);
	tcase_add_test(tc, edf_by_demand);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
