/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Locks: how often CPUs that fight for one get it, how long a spinner waits
 * in an orderly queue, and who waits for whom where priorities meet a mutex.
 */
#include <config.h>

#include "law.h"

#define RUNS 30

/* @n CPUs, each with a task that thinks, then holds the lock. */
static char *fight(unsigned int n, const char *think, const char *hold)
{
	GString *yaml = g_string_new(NULL);

	g_string_append_printf(
		yaml,
		"duration: 11s\nwarmup: 1s\n"
		"machine: {cpus: %u, clock: 1GHz, costs: {profile: zero}}\n"
		"locks: {l: spinlock}\n"
		"tasks:\n",
		n);
	for (unsigned int i = 0; i < n; i++)
		g_string_append_printf(yaml,
				       "  t%u: {cpus: [%u], loop: [run: %s, "
				       "syscall: {name: x, do: [hold: {lock: "
				       "l, do: [run: %s]}]}]}\n",
				       i, i, think, hold);
	return g_string_free(yaml, FALSE);
}

/*
 * A closed queueing network: exponential thinking of mean Z ms, exponential
 * holding of mean 1 ms.  Throughput per ms and the time from asking for the
 * lock to giving it back, by exact mean value analysis (Reiser and Lavenberg
 * 1980).
 */
static const struct {
	unsigned int cpus;
	const char *think;
	double throughput, response;
} network[] = {
	{ 2, "{exponential: 1ms}", 4.0 / 5, 3.0 / 2 },
	{ 4, "{exponential: 3ms}", 104.0 / 131, 53.0 / 26 },
	{ 8, "{exponential: 7ms}", .821178, 2.742100 },
};

/* Who goes next makes no difference to the means, since all are alike. */
static const char *const spinning[][2] = {
	{ "locks.l.type=spinlock", NULL },
	{ "locks.l.type=tas_spinlock", NULL },
	{ "locks.l.type=ticket_spinlock", NULL },
	{ "locks.l.type=rwlock", NULL },
};

START_TEST(throughput_of_a_lock)
{
	unsigned int type = (unsigned int)_i / G_N_ELEMENTS(network);
	unsigned int net = (unsigned int)_i % G_N_ELEMENTS(network);
	char *yaml = fight(network[net].cpus, network[net].think,
			   "{exponential: 1ms}");
	struct scenario *scenario = law_load(yaml, spinning[type]);
	double throughput[RUNS], response[RUNS];

	for (unsigned int run = 0; run < RUNS; run++) {
		struct results *results = law_run(scenario, 4711, run);
		const struct lock_results *lock = results->locks->pdata[0];
		double spin = 0;

		for (unsigned int i = 0; i < results->cpus->len; i++) {
			const struct cpu_results *cpu = results->cpus->pdata[i];

			spin += (double)cpu->time_ns[CPU_SPIN];
		}
		/* But for those at both ends, the waits are what is spun. */
		ck_assert(fabs((double)lock->wait->sum - spin) < .01 * spin);
		throughput[run] = (double)lock->acquisitions /
				  ((double)results->simulated_ns / 1e6);
		response[run] = (law_mean(lock->hold) +
				 spin / (double)lock->acquisitions) /
				1e6;
		results_free(results);
	}
	law_assert_mean("throughput", throughput, RUNS, .999,
			network[net].throughput, 0);
	law_assert_mean("response", response, RUNS, .999, network[net].response,
			0);
	scenario_free(scenario);
	g_free(yaml);
}
END_TEST

/*
 * The same network with a disk for a lock: who waits for it sleeps.  All may
 * think at the same time on their own CPU, so the throughput is the same.
 */
START_TEST(throughput_of_a_disk)
{
	GString *yaml = g_string_new(NULL);
	double throughput[RUNS];
	struct scenario *scenario;

	g_string_append_printf(
		yaml,
		"duration: 11s\nwarmup: 1s\n"
		"machine: {cpus: %u, clock: 1GHz, costs: {profile: zero}}\n"
		"devices: {disk: {service: {exponential: 1ms}}}\n"
		"tasks:\n"
		"  t: {copies: %u, policy: fifo, priority: 50, loop: [run: %s, "
		"io: {device: disk}]}\n",
		network[_i].cpus, network[_i].cpus, network[_i].think);
	scenario = law_load(yaml->str, NULL);
	for (unsigned int run = 0; run < RUNS; run++) {
		struct results *results = law_run(scenario, 4712, run);
		const struct device_results *disk = results->devices->pdata[0];

		throughput[run] = (double)disk->requests /
				  ((double)results->simulated_ns / 1e6);
		results_free(results);
	}
	law_assert_mean("throughput", throughput, RUNS, .999,
			network[_i].throughput, 0);
	scenario_free(scenario);
	g_string_free(yaml, TRUE);
}
END_TEST

/* Nor does it whether a CPU spins or idles meanwhile: under rt. */
START_TEST(throughput_of_a_sleeping_lock)
{
	static const char *const rt[] = { "kernel.preempt=rt",
					  "kernel.features.owner_spin=false",
					  NULL };
	char *yaml = fight(network[_i].cpus, network[_i].think,
			   "{exponential: 1ms}");
	struct scenario *scenario = law_load(yaml, rt);
	double throughput[RUNS];

	for (unsigned int run = 0; run < RUNS; run++) {
		struct results *results = law_run(scenario, 4713, run);
		const struct lock_results *lock = results->locks->pdata[0];
		const struct cpu_results *cpu = results->cpus->pdata[0];

		ck_assert_int_eq(cpu->time_ns[CPU_SPIN], 0);
		throughput[run] = (double)lock->acquisitions /
				  ((double)results->simulated_ns / 1e6);
		results_free(results);
	}
	law_assert_mean("throughput", throughput, RUNS, .999,
			network[_i].throughput, 0);
	scenario_free(scenario);
	g_free(yaml);
}
END_TEST

/* Without chance: N / (Z + S) up to the point where the lock is never free. */
static const struct {
	unsigned int cpus;
	uint64_t per_second;
} regular[] = { { 1, 250 }, { 2, 500 }, { 3, 750 }, { 4, 1000 }, { 6, 1000 } };

START_TEST(saturation_of_a_lock)
{
	char *yaml = fight(regular[_i].cpus, "3ms", "1ms");
	struct results *results = law_simulate(yaml, NULL);
	const struct lock_results *lock = results->locks->pdata[0];

	ck_assert_uint_eq(lock->acquisitions, 10 * regular[_i].per_second);
	results_free(results);
	g_free(yaml);
}
END_TEST

/*
 * Spinners in order of arrival, critical sections of 2, 3 and 4 ms on three
 * CPUs: nobody spins longer than one section of each of the others, so from
 * asking to giving back it is never more than 9 ms, and it comes to that
 * (Gai, Lipari and Di Natale 2001).
 */
START_TEST(spinning_is_bounded_in_order_of_arrival)
{
	struct results *results = law_simulate(
		"duration: 60s\n"
		"machine: {cpus: 3, clock: 1GHz, costs: {profile: zero}}\n"
		"kernel: {rt_throttling: off}\n"
		"locks: {l: spinlock}\n"
		"tasks:\n"
		"  a: {policy: fifo, priority: 50, cpus: [0], every: 20ms, "
		"do: [syscall: {name: x, do: [hold: {lock: l, do: [run: "
		"2ms]}]}]}\n"
		"  b: {policy: fifo, priority: 50, cpus: [1], every: 21ms, "
		"offset: 1us, do: [syscall: {name: x, do: [hold: {lock: l, "
		"do: [run: 3ms]}]}]}\n"
		"  c: {policy: fifo, priority: 50, cpus: [2], every: 23ms, "
		"offset: 2us, do: [syscall: {name: x, do: [hold: {lock: l, "
		"do: [run: 4ms]}]}]}\n",
		NULL);

	for (unsigned int i = 0; i < 3; i++) {
		const struct task_results *task = results->tasks->pdata[i];

		ck_assert_int_le(hist_max(task->response_time), 9 * MS);
		ck_assert_int_gt(hist_max(task->response_time), 8 * MS);
	}
	ck_assert_int_le(
		hist_max(((struct lock_results *)results->locks->pdata[0])
				 ->wait),
		7 * MS);
	results_free(results);
}
END_TEST

/*
 * What is more urgent on the CPU of a spinner waits until that has spun, and
 * held the lock: at worst for all three sections, whoever spins.  Where the lock
 * sleeps it does not wait at all.
 */
static const struct {
	const char *model;
	int64_t blocked;
} local_blocking[] = {
	{ "none", 9 * MS }, { "voluntary", 9 * MS },
	{ "full", 9 * MS }, { "lazy", 9 * MS },
	{ "rt", 0 },	    { "rt_lazy", 0 },
};

START_TEST(spinning_blocks_its_own_cpu)
{
	const char *model = local_blocking[_i].model;

	for (unsigned int last = 0; last < 3; last++) {
		/* who comes last waits for both others, and top for all */
		char *yaml = g_strdup_printf(
			"duration: 100ms\n"
			"machine: {cpus: 3, clock: 1GHz, costs: zero}\n"
			"kernel: {preempt: %s}\n"
			"locks: {l: spinlock}\n"
			"tasks:\n"
			"  a: {policy: fifo, priority: 50, cpus: [0], "
			"every: 1s, offset: %uns, do: [syscall: {name: x, do: "
			"[hold: {lock: l, do: [run: 2ms]}]}]}\n"
			"  b: {policy: fifo, priority: 50, cpus: [1], "
			"every: 1s, offset: %uns, do: [syscall: {name: x, do: "
			"[hold: {lock: l, do: [run: 3ms]}]}]}\n"
			"  c: {policy: fifo, priority: 50, cpus: [2], "
			"every: 1s, offset: %uns, do: [syscall: {name: x, do: "
			"[hold: {lock: l, do: [run: 4ms]}]}]}\n"
			"  top: {policy: fifo, priority: 90, cpus: [%u], "
			"every: 1s, offset: 3ns, do: [run: 1ms]}\n",
			model, (0 + 5 - last) % 3, (1 + 5 - last) % 3,
			(2 + 5 - last) % 3, last);
		struct results *results = law_simulate(yaml, NULL);
		int64_t waited =
			hist_max(law_task(results, "top")->wakeup_latency);

		ck_assert_int_eq(waited,
				 local_blocking[_i].blocked ?
					 local_blocking[_i].blocked - 3 :
					 0);
		results_free(results);
		g_free(yaml);
	}
}
END_TEST

/* The same three without a pause: each spins for exactly the sections of both
 * others, 7, 6 and 5 ms, between two of its own. */
static const char saturated[] =
	"duration: 901ms\n"
	"warmup: 1ms\n"
	"machine: {cpus: 3, clock: 1GHz, costs: {profile: zero}}\n"
	"kernel: {rt_throttling: off}\n"
	"locks: {l: spinlock}\n"
	"tasks:\n"
	"  a: {cpus: [0], loop: [syscall: {name: x, do: "
	"[hold: {lock: l, do: [run: 2ms]}]}]}\n"
	"  b: {cpus: [1], loop: [syscall: {name: x, do: "
	"[hold: {lock: l, do: [run: 3ms]}]}]}\n"
	"  c: {cpus: [2], loop: [syscall: {name: x, do: "
	"[hold: {lock: l, do: [run: 4ms]}]}]}\n";

START_TEST(spinning_shares)
{
	struct results *results = law_simulate(saturated, NULL);
	const struct lock_results *lock = results->locks->pdata[0];

	for (unsigned int i = 0; i < 3; i++) {
		const struct cpu_results *cpu = results->cpus->pdata[i];

		ck_assert_int_eq(cpu->time_ns[CPU_SPIN], (7 - i) * 100 * MS);
	}
	ck_assert_int_eq(hist_max(lock->wait), 7 * MS);
	results_free(results);
}
END_TEST

/* One of them has to wait longer than in any queue. */
START_TEST(test_and_set_passes_over)
{
	static const char *const tas[] = { "locks.l.type=tas_spinlock",
					   "seed=1", NULL };
	struct results *results = law_simulate(saturated, tas);
	const struct lock_results *lock = results->locks->pdata[0];

	ck_assert_int_gt(hist_max(lock->wait), 7 * MS);
	results_free(results);
}
END_TEST

/* In order of arrival also if that is not the order of the CPUs. */
START_TEST(spinners_are_served_in_order)
{
	static const unsigned int arrival[] = { 2, 0, 3, 1 };
	GString *yaml = g_string_new("duration: 50ms\n"
				     "machine: {cpus: 4, clock: 1GHz, costs: "
				     "{profile: zero}}\n"
				     "locks: {l: spinlock}\n"
				     "tasks:\n");
	struct results *results;

	for (unsigned int i = 0; i < 4; i++)
		g_string_append_printf(yaml,
				       "  t%u: {policy: fifo, priority: 50, "
				       "cpus: [%u], every: 1s, offset: %ums, "
				       "do: [syscall: {name: x, do: [hold: "
				       "{lock: l, do: [run: 5ms]}]}]}\n",
				       i, i, arrival[i]);
	results = law_simulate(yaml->str, NULL);
	for (unsigned int i = 0; i < 4; i++) {
		const struct task_results *task = results->tasks->pdata[i];

		ck_assert_int_eq(hist_max(task->response_time),
				 (5 + 4 * arrival[i]) * MS);
	}
	results_free(results);
	g_string_free(yaml, TRUE);
}
END_TEST

/*
 * The classic: c holds Q when b and then a preempt it.  Without inheritance a
 * waits for c, which waits for all of b; with it only for c's section.
 */
static const struct {
	const char *type;
	int64_t a, b, c;
} inversion[] = {
	{ "mutex", 14, 9, 15 },
	{ "rt_mutex", 11, 14, 15 },
};

static int64_t end_of(const struct results *results, const char *task)
{
	GArray *jobs = law_jobs(results, task);
	int64_t end = law_job(jobs, 0)->end_ns;

	g_array_free(jobs, TRUE);
	return end;
}

START_TEST(priority_inversion)
{
	char *q = g_strdup_printf("locks.q.type=%s", inversion[_i].type);
	char *v = g_strdup_printf("locks.v.type=%s", inversion[_i].type);
	const char *overrides[] = { q, v, NULL };
	struct results *results;

	results = law_simulate(
		"duration: 50ms\n"
		"machine: {cpus: 1, clock: 1GHz, costs: {profile: zero}}\n"
		"kernel: {preempt: full}\n"
		"locks: {q: {type: mutex}, v: {type: mutex}}\n"
		"tasks:\n"
		"  a: {policy: fifo, priority: 30, every: 1s, offset: 4ms, "
		"do: [run: 1ms, hold: {lock: q, do: [run: 1ms]}, "
		"hold: {lock: v, do: [run: 1ms]}, run: 1ms]}\n"
		"  b: {policy: fifo, priority: 20, every: 1s, offset: 2ms, "
		"do: [run: 1ms, hold: {lock: v, do: [run: 2ms]}, run: 3ms]}\n"
		"  c: {policy: fifo, priority: 10, every: 1s, "
		"do: [run: 1ms, hold: {lock: q, do: [run: 3ms]}, run: 1ms]}\n",
		overrides);
	ck_assert_int_eq(end_of(results, "a"), inversion[_i].a * MS);
	ck_assert_int_eq(end_of(results, "b"), inversion[_i].b * MS);
	ck_assert_int_eq(end_of(results, "c"), inversion[_i].c * MS);
	results_free(results);
	g_free(q);
	g_free(v);
}
END_TEST

/*
 * L holds r1 for 3 ms, M holds r2 for 4 ms, H wants both.  With inheritance H
 * may have to wait for both, 7 ms in all; with ceilings for one of them, 4 ms
 * (Sha, Rajkumar and Lehoczky 1990).  The worst is when each begins right
 * after the one below has its lock.
 */
static const struct {
	const char *type;
	int64_t worst;
} blocking[] = {
	{ "rt_mutex", 2 * MS + 7 * MS - 2 },
	{ "ceiling", 2 * MS + 4 * MS - 1 },
};

static int64_t blocked(const char *type, const int64_t offset[3])
{
	char *yaml = g_strdup_printf(
		"duration: 50ms\n"
		"machine: {cpus: 1, clock: 1GHz, costs: {profile: zero}}\n"
		"kernel: {preempt: full}\n"
		"locks: {r1: {type: %s}, r2: {type: %s}}\n"
		"tasks:\n"
		"  l: {policy: fifo, priority: 10, every: 1s, offset: %dns, "
		"do: [hold: {lock: r1, do: [run: 3ms]}]}\n"
		"  m: {policy: fifo, priority: 20, every: 1s, offset: %dns, "
		"do: [hold: {lock: r2, do: [run: 4ms]}]}\n"
		"  h: {policy: fifo, priority: 30, every: 1s, offset: %dns, "
		"do: [hold: {lock: r1, do: [run: 1ms]}, "
		"hold: {lock: r2, do: [run: 1ms]}]}\n",
		type, type, (int)offset[0], (int)offset[1], (int)offset[2]);
	struct results *results = law_simulate(yaml, NULL);
	int64_t took = end_of(results, "h") - offset[2];

	results_free(results);
	g_free(yaml);
	return took;
}

START_TEST(blocking_is_bounded)
{
	static const int64_t at[] = { 0, 1, 2, MS, 3 * MS, 4 * MS };
	const unsigned int n = G_N_ELEMENTS(at);
	int64_t worst = 0;

	for (unsigned int i = 0; i < n * n * n; i++) {
		int64_t offset[3] = { at[i % n], at[i / n % n], at[i / n / n] };
		int64_t took = blocked(blocking[_i].type, offset);

		worst = MAX(worst, took);
	}
	ck_assert_int_eq(worst, blocking[_i].worst);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("locks");
	TCase *tcase = tcase_create("locks");

	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, throughput_of_a_lock, 0,
			    G_N_ELEMENTS(network) * G_N_ELEMENTS(spinning));
	tcase_add_loop_test(tcase, throughput_of_a_sleeping_lock, 0,
			    G_N_ELEMENTS(network));
	tcase_add_loop_test(tcase, spinning_blocks_its_own_cpu, 0,
			    G_N_ELEMENTS(local_blocking));
	tcase_add_test(tcase, spinning_shares);
	tcase_add_test(tcase, test_and_set_passes_over);
	tcase_add_loop_test(tcase, throughput_of_a_disk, 0,
			    G_N_ELEMENTS(network));
	tcase_add_loop_test(tcase, saturation_of_a_lock, 0,
			    G_N_ELEMENTS(regular));
	tcase_add_test(tcase, spinning_is_bounded_in_order_of_arrival);
	tcase_add_test(tcase, spinners_are_served_in_order);
	tcase_add_loop_test(tcase, priority_inversion, 0,
			    G_N_ELEMENTS(inversion));
	tcase_add_loop_test(tcase, blocking_is_bounded, 0,
			    G_N_ELEMENTS(blocking));
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
