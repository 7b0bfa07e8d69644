/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The bound of the scheduling latency (measure/bound.h) is one: in no scenario
 * under no model does the most urgent task of a CPU wait longer for the
 * scheduler.  And it is no empty promise: some wait nearly as long.
 */
#include "law.h"

#include "preemptsim/kernel/preempt.h"

/* What all runs together have shown. */
struct seen {
	uint64_t latencies;
	double closest;
};

static void hold_cpu(const char *file, const char *model, unsigned int number,
		     const struct cpu_results *cpu, struct seen *seen)
{
	const struct latency_bound *bound = &cpu->bound;

	ck_assert(cpu->bounded);
	if (!bound->latencies || bound->bound_ns < 0)
		return;
	ck_assert_msg(bound->latency_max_ns <= bound->bound_ns,
		      "%s, %s, CPU %u: %lld ns, bound %lld ns", file, model,
		      number, (long long)bound->latency_max_ns,
		      (long long)bound->bound_ns);
	if (bound->bound_ns > 0)
		seen->closest =
			MAX(seen->closest, (double)bound->latency_max_ns /
						   (double)bound->bound_ns);
	seen->latencies += bound->latencies;
}

static void hold(const char *file, const char *model, const char *costs,
		 struct seen *seen)
{
	char *preempt = g_strdup_printf("kernel.preempt=%s", model);
	const char *const overrides[] = { "duration=500ms", "warmup=10ms",
					  preempt, costs, NULL };
	struct scenario *scenario = law_load_file(file, overrides);
	struct run_options options = { .seed = scenario->seed, .bound = true };
	struct results *results = scenario_run(scenario, &options);

	for (unsigned int i = 0; i < results->cpus->len; i++)
		hold_cpu(file, model, i, results->cpus->pdata[i], seen);
	results_free(results);
	scenario_free(scenario);
	g_free(preempt);
}

/* Where moves are free, too, tasks may be sent to and fro without end. */
static const char *const all_costs[] = { "machine.costs={profile: zero, "
					 "migrate_core: 100ns}",
					 "machine.costs=x86-64",
					 "machine.costs=linux-6.12" };

START_TEST(no_latency_is_above_the_bound)
{
	GPtrArray *files = law_scenarios();
	struct seen seen = { 0 };
	const struct choice *model;

	law_add_scenarios(files, "tests/regress");
	for (unsigned int i = 0; i < files->len; i++)
		for (unsigned int k = 0; (model = preempt_model_choice(k)); k++)
			hold(files->pdata[i], model->name, all_costs[_i],
			     &seen);
	ck_assert_uint_gt(seen.latencies, 10000);
	ck_assert_double_gt(seen.closest, 0.9);
	g_ptr_array_free(files, TRUE);
}
END_TEST

/* Half of this is preempted, half is not: the bound says by how much. */
START_TEST(preemption_lowers_the_bound)
{
	static const char text[] =
		"{name: bound, duration: 2s, machine: {cpus: 1}, tasks: {\n"
		" top: {policy: fifo, priority: 90, every: 997us, do: [run: 5us]},\n"
		" low: {loop: [run: 100us, syscall: {name: write, do: [\n"
		"   run: 2ms]}]}}}\n";
	int64_t bound[2];

	for (unsigned int i = 0; i < 2; i++) {
		const char *const overrides[] = { i ? "kernel.preempt=full" :
						      "kernel.preempt=none",
						  NULL };
		struct scenario *scenario = law_load(text, overrides);
		struct run_options options = { .seed = 1, .bound = true };
		struct results *results = scenario_run(scenario, &options);
		const struct cpu_results *cpu = results->cpus->pdata[0];

		bound[i] = cpu->bound.bound_ns;
		ck_assert_uint_gt(cpu->bound.latencies, 500);
		results_free(results);
		scenario_free(scenario);
	}
	ck_assert_int_gt(bound[0], 2 * MS);
	ck_assert_int_lt(bound[0], 4 * MS);
	ck_assert_int_lt(bound[1], 100 * US);
}
END_TEST

/* A task that another CPU wakes while its own goes to somebody else waits for
 * the rest of that switch and for its own. */
START_TEST(who_comes_too_late_waits_for_two_switches)
{
	static const char text[] =
		"{name: bound, duration: 5s,\n"
		" machine: {cpus: 2, costs: {profile: zero, schedule: 10us,\n"
		"  context_switch: 5us}}, kernel: {preempt: full},\n"
		" devices: {d: {irq: {every: 997us, cpu: 1},\n"
		"  handler: [wake: d]}}, tasks: {\n"
		" top: {policy: fifo, priority: 90, cpus: [0], on: d,\n"
		"  do: [run: 5us]},\n"
		" next: {policy: fifo, priority: 80, cpus: [0], every: 331us,\n"
		"  do: [run: 5us]},\n"
		" low: {cpus: [0], loop: [run: 100us]}}}\n";
	struct scenario *scenario = law_load(text, NULL);
	struct run_options options = { .seed = 1, .bound = true };
	struct results *results = scenario_run(scenario, &options);
	const struct cpu_results *cpu = results->cpus->pdata[0];

	ck_assert_int_eq(cpu->bound.psd_ns, 15 * US);
	ck_assert_int_eq(cpu->bound.st_ns, 15 * US);
	ck_assert_int_eq(cpu->bound.poid_ns, 0);
	ck_assert_int_eq(cpu->bound.paie_ns, 0);
	ck_assert_int_eq(cpu->bound.bound_ns, 30 * US);
	ck_assert_int_gt(cpu->bound.latency_max_ns, 15 * US);
	ck_assert_int_le(cpu->bound.latency_max_ns, 30 * US);
	results_free(results);
	scenario_free(scenario);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("bound");
	TCase *tcase = tcase_create("bound");

	tcase_add_loop_test(tcase, no_latency_is_above_the_bound, 0,
			    G_N_ELEMENTS(all_costs));
	tcase_add_test(tcase, preemption_lowers_the_bound);
	tcase_add_test(tcase, who_comes_too_late_waits_for_two_switches);
	tcase_set_timeout(tcase, 60);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
