/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How results must change with the scenario, whatever they are.
 */
#include <config.h>

#include "law.h"

/* Same jobs, where those of @b take @k times as long. */
static void assert_scaled(const GArray *a, const GArray *b, int64_t k)
{
	ck_assert_uint_gt(a->len, 0);
	ck_assert_uint_eq(a->len, b->len);
	for (unsigned int i = 0; i < a->len; i++) {
		const struct job_record *x = law_job(a, i);
		const struct job_record *y = law_job(b, i);

		ck_assert_int_eq(x->release_ns * k, y->release_ns);
		ck_assert_int_eq(x->start_ns * k, y->start_ns);
		ck_assert_int_eq(x->end_ns * k, y->end_ns);
		ck_assert_int_eq(x->outcome, y->outcome);
	}
}

static void assert_same_jobs(const struct results *a, const struct results *b,
			     const char *task, int64_t k)
{
	GArray *x = law_jobs(a, task), *y = law_jobs(b, task);

	assert_scaled(x, y, k);
	g_array_free(x, TRUE);
	g_array_free(y, TRUE);
}

/* Without costs there is no time but the scenario's own, and the tick's. */
static char *scaled_scenario(int k)
{
	return g_strdup_printf(
		"duration: %dms\n"
		"machine: {cpus: 2, clock: 1GHz, costs: {profile: zero}}\n"
		"kernel: {hz: %d, rt_throttling: off}\n"
		"locks: {l: spinlock}\n"
		"devices:\n"
		"  card:\n"
		"    irq: {every: %dus, jitter: {choice: [{weight: 2, "
		"value: 0us}, {weight: 1, value: %dus}]}}\n"
		"    handler: [run: %dus, wake: card]\n"
		"    softirq: {vector: net_rx, do: [run: %dus]}\n"
		"tasks:\n"
		"  player: {policy: fifo, priority: 70, cpus: [0], on: card, "
		"do: [run: %dus]}\n"
		"  beat: {policy: fifo, priority: 60, cpus: [0], "
		"every: %dus, do: [run: %dus, syscall: {name: x, do: "
		"[hold: {lock: l, do: [run: %dus]}]}]}\n"
		"  writer: {cpus: [0], loop: [run: %dus, syscall: {name: w, "
		"do: [hold: {lock: l, do: [run: %dus]}, run: %dus, "
		"cond_resched: , run: {choice: [{weight: 1, value: %dus}, "
		"{weight: 1, value: %dus}]}, might_sleep: ]}]}\n"
		"  other: {cpus: [1], loop: [run: %dus, syscall: {name: w, "
		"do: [hold: {lock: l, do: [run: %dus]}]}]}\n",
		2000 * k, 1000 / k, 5000 * k, 130 * k, 4 * k, 20 * k, 900 * k,
		3000 * k, 310 * k, 70 * k, 450 * k, 330 * k, 1210 * k, 170 * k,
		2330 * k, 510 * k, 260 * k);
}

static const char *const models[] = { "none", "voluntary", "full", "lazy" };

START_TEST(times_scale)
{
	static const int factors[] = { 2, 4, 10 };
	char *preempt = g_strdup_printf("kernel.preempt=%s", models[_i]);
	const char *overrides[] = { preempt, NULL };
	char *yaml = scaled_scenario(1);
	struct results *one = law_simulate(yaml, overrides);

	g_free(yaml);
	for (size_t i = 0; i < G_N_ELEMENTS(factors); i++) {
		struct results *results;

		yaml = scaled_scenario(factors[i]);
		results = law_simulate(yaml, overrides);
		assert_same_jobs(one, results, "player", factors[i]);
		assert_same_jobs(one, results, "beat", factors[i]);
		results_free(results);
		g_free(yaml);
	}
	results_free(one);
	g_free(preempt);
}
END_TEST

/*
 * Everybody is at home on CPU 0: what is a second CPU to them?  There is one
 * fair task only (so no softirq either, for which ksoftirqd might be woken):
 * the slices of fair tasks grow with the number of CPUs.
 */
#define PINNED                                                             \
	"duration: 2s\n"                                                   \
	"locks: {l: spinlock}\n"                                           \
	"devices:\n"                                                       \
	"  card: {irq: {exponential: 3ms}, handler: [run: 24us, wake: "    \
	"card]}\n"                                                         \
	"tasks:\n"                                                         \
	"  player: {policy: fifo, priority: 70, cpus: [0], on: card, do: " \
	"[run: {exponential: 500us}]}\n"                                   \
	"  beat: {policy: fifo, priority: 60, cpus: [0], every: 4ms, do: " \
	"[run: 100us, syscall: {name: x, do: [hold: {lock: l, do: [run: "  \
	"50us]}]}]}\n"                                                     \
	"  writer: {cpus: [0], loop: [run: {exponential: 1ms}, syscall: "  \
	"{name: w, do: [hold: {lock: l, do: [run: 200us]}, run: "          \
	"{exponential: 2ms}, cond_resched: ]}]}\n"

START_TEST(idle_cpu_delays_nobody)
{
	static const char *const profiles[] = {
		"machine.costs.profile=zero", "machine.costs.profile=x86-64"
	};
	char *preempt = g_strdup_printf("kernel.preempt=%s", models[_i]);

	for (size_t i = 0; i < G_N_ELEMENTS(profiles); i++) {
		const char *one[] = { preempt, profiles[i], "machine.cpus=1",
				      NULL };
		const char *two[] = { preempt, profiles[i], "machine.cpus=2",
				      NULL };
		const char *eight[] = { preempt, profiles[i], "machine.cpus=8",
					NULL };
		struct results *a = law_simulate(PINNED, one);
		struct results *b = law_simulate(PINNED, two);
		struct results *c = law_simulate(PINNED, eight);

		assert_same_jobs(a, b, "player", 1);
		assert_same_jobs(a, b, "beat", 1);
		assert_same_jobs(a, c, "player", 1);
		assert_same_jobs(a, c, "beat", 1);
		results_free(a);
		results_free(b);
		results_free(c);
	}
	g_free(preempt);
}
END_TEST

#define LOADED                                                               \
	"duration: 1s\n"                                                     \
	"machine: {cpus: 1, costs: x86-64}\n"                                \
	"kernel: {hz: 1000}\n"                                               \
	"locks: {l: spinlock}\n"                                             \
	"tasks:\n"                                                           \
	"  top: {policy: fifo, priority: 80, every: 1ms, jitter: {uniform: " \
	"[0us, 300us]}, do: [run: 10us]}\n"                                  \
	"  writer: {copies: 2, loop: [run: {exponential: 300us}, syscall: "  \
	"{name: w, do: [hold: {lock: l, do: [run: {uniform: [0us, "          \
	"100us]}]}, run: {exponential: 1ms}, might_sleep: , run: "           \
	"{exponential: 1ms}, cond_resched: , run: {exponential: 1ms}, "      \
	"preempt_off: [run: {uniform: [0us, 150us]}]]}]}\n"

#define SEEDS 20

START_TEST(more_preemption_means_less_waiting)
{
	double worst[G_N_ELEMENTS(models)] = { 0 };
	double switches[G_N_ELEMENTS(models)] = { 0 };

	for (size_t i = 0; i < G_N_ELEMENTS(models); i++) {
		char *preempt = g_strdup_printf("kernel.preempt=%s", models[i]);
		const char *overrides[] = { preempt, NULL };
		struct scenario *scenario = law_load(LOADED, overrides);

		for (unsigned int seed = 1; seed <= SEEDS; seed++) {
			struct results *results = law_run(scenario, seed, 0);
			const struct cpu_results *cpu = results->cpus->pdata[0];

			worst[i] += (double)hist_max(
				law_task(results, "top")->wakeup_latency);
			switches[i] += (double)cpu->switches;
			results_free(results);
		}
		scenario_free(scenario);
		g_free(preempt);
	}
	/* none, voluntary, full, lazy */
	ck_assert_msg(worst[0] > 1.05 * worst[1], "none %g, voluntary %g",
		      worst[0], worst[1]);
	ck_assert_msg(worst[1] > 1.2 * worst[2], "voluntary %g, full %g",
		      worst[1], worst[2]);
	ck_assert_msg(fabs(worst[3] - worst[2]) < .1 * worst[2],
		      "lazy %g, full %g", worst[3], worst[2]);
	/* Whom a fair task would preempt is another matter; here there is
	 * nobody who wakes up but the top task. */
	ck_assert_double_gt(switches[2], switches[0]);
}
END_TEST

/* For a real-time task lazy is full, job by job, while fair tasks don't take
 * turns: nothing but their preemption differs. */
START_TEST(lazy_is_full_to_realtime_tasks)
{
	const char *full[] = { "kernel.preempt=full", "machine.cpus=1", NULL };
	const char *lazy[] = { "kernel.preempt=lazy", "machine.cpus=1", NULL };
	struct results *a = law_simulate(PINNED, full);
	struct results *b = law_simulate(PINNED, lazy);

	assert_same_jobs(a, b, "player", 1);
	assert_same_jobs(a, b, "beat", 1);
	results_free(a);
	results_free(b);
}
END_TEST

/* Where nothing is done in the kernel the model makes no difference. */
START_TEST(user_mode_knows_no_model)
{
	static const char yaml[] =
		"duration: 2s\n"
		"machine: {cpus: 1, costs: {profile: zero}}\n"
		"devices:\n"
		"  card: {irq: {exponential: 2ms}, handler: [run: 4us, wake: "
		"card]}\n"
		"tasks:\n"
		"  player: {policy: fifo, priority: 70, on: card, do: [run: "
		"{exponential: 700us}]}\n"
		"  beat: {policy: fifo, priority: 60, every: 3ms, do: [run: "
		"500us]}\n"
		"  hog: {loop: [run: 1ms]}\n";
	const char *none[] = { "kernel.preempt=none", NULL };
	struct results *a = law_simulate(yaml, none);

	for (size_t i = 1; i < G_N_ELEMENTS(models); i++) {
		char *preempt = g_strdup_printf("kernel.preempt=%s", models[i]);
		const char *overrides[] = { preempt, NULL };
		struct results *b = law_simulate(yaml, overrides);

		assert_same_jobs(a, b, "player", 1);
		assert_same_jobs(a, b, "beat", 1);
		results_free(b);
		g_free(preempt);
	}
	results_free(a);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("scaling");
	TCase *tcase = tcase_create("scaling");

	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, times_scale, 0, G_N_ELEMENTS(models));
	tcase_add_loop_test(tcase, idle_cpu_delays_nobody, 0,
			    G_N_ELEMENTS(models));
	tcase_add_test(tcase, more_preemption_means_less_waiting);
	tcase_add_test(tcase, lazy_is_full_to_realtime_tasks);
	tcase_add_test(tcase, user_mode_knows_no_model);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
