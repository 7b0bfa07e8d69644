/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Shares of the CPU follow weights, over 10 s: by the fair classes, and by
 * textbooks' schedulers, of which one has a turn for each share and the other
 * draws lots.
 */
#include <config.h>

#include "law.h"

#define TICKS 10000

/* Weights are 1024, 820, 655, 335 and 110 for nice 0, 1, 2, 5 and 10. */
static const struct {
	unsigned int n;
	int nice[4];
	double weight[4];
} hogs[] = {
	{ 2, { 0, 5 }, { 1024, 335 } },
	{ 2, { 0, 10 }, { 1024, 110 } },
	{ 3, { 0, 0, 5 }, { 1024, 1024, 335 } },
	{ 4, { 0, 1, 2, 5 }, { 1024, 820, 655, 335 } },
	{ 4, { 0, 0, 0, 0 }, { 1024, 1024, 1024, 1024 } },
};

#define NR_HOGS G_N_ELEMENTS(hogs)

static struct results *run_hogs(unsigned int i, const char *fair)
{
	GString *yaml = g_string_new(NULL);
	struct results *results;

	g_string_append_printf(
		yaml,
		"duration: %us\n"
		"machine: {cpus: 1, clock: 1GHz, costs: {profile: zero}}\n"
		"kernel: {hz: 1000, fair: %s}\ntasks:\n",
		TICKS / 1000, fair);
	for (unsigned int t = 0; t < hogs[i].n; t++)
		g_string_append_printf(yaml,
				       "  t%u: {nice: %d, loop: [run: 1ms]}\n",
				       t, hogs[i].nice[t]);
	results = law_simulate(yaml->str, NULL);
	g_string_free(yaml, TRUE);
	return results;
}

/* How far the share of task @t of @hogs[@i] may be from its weight's: half a
 * percent of the CPU; or, where each tick is a draw, four standard deviations of
 * that many. */
static double tolerance(const char *fair, double part)
{
	if (strcmp(fair, "lottery") != 0)
		return 0.005;
	return 4 * sqrt(part * (1 - part) / TICKS);
}

START_TEST(shares_follow_weights)
{
	static const char *const fair[] = { "eevdf", "cfs", "stride",
					    "lottery" };
	unsigned int i = (unsigned int)_i % NR_HOGS;
	const char *name = fair[(unsigned int)_i / NR_HOGS];
	struct results *results = run_hogs(i, name);
	double sum = 0;

	for (unsigned int t = 0; t < hogs[i].n; t++)
		sum += hogs[i].weight[t];
	for (unsigned int t = 0; t < hogs[i].n; t++) {
		const struct task_results *task = results->tasks->pdata[t];
		double part = hogs[i].weight[t] / sum;
		double share = (double)task->cpu_ns / (10 * (double)SEC);

		ck_assert_msg(fabs(share - part) < tolerance(name, part),
			      "%s, nice %d: %.4f, not %.4f", name,
			      hogs[i].nice[t], share, part);
	}
	results_free(results);
}
END_TEST

/* Under stride to a tick each. */
START_TEST(stride_is_exact)
{
	struct results *results = run_hogs(0, "stride");
	int64_t right = 10 * SEC * 1024 / (1024 + 335);

	ck_assert_int_le(llabs(law_task(results, "t0")->cpu_ns - right),
			 4 * MS);
	results_free(results);
}
END_TEST

/*
 * Each draw is independent of the one before: of two tasks with shares p and q
 * the CPU changes from one to the other at 2 p q of the ticks, and the standard
 * deviation is below that of as many independent events.  Stride would change at
 * 2 q of them, since it never gives the same one more turns than it must.
 */
START_TEST(lottery_is_by_chance)
{
	struct results *results = run_hogs(0, "lottery");
	struct results *again = run_hogs(0, "lottery");
	struct results *even = run_hogs(0, "stride");
	const struct cpu_results *cpu = results->cpus->pdata[0];
	double p = 1024 / (1024. + 335), changes = 2 * p * (1 - p) * TICKS;

	ck_assert_msg(fabs((double)cpu->switches - changes) < 4 * sqrt(changes),
		      "%u changes, not about %.0f", (unsigned int)cpu->switches,
		      changes);
	ck_assert_int_eq(law_task(results, "t0")->cpu_ns,
			 law_task(again, "t0")->cpu_ns);
	cpu = even->cpus->pdata[0];
	ck_assert_msg(fabs((double)cpu->switches - 2 * (1 - p) * TICKS) < 10,
		      "%u changes", (unsigned int)cpu->switches);
	results_free(results);
	results_free(again);
	results_free(even);
}
END_TEST

/* Who needs a tenth of a tick each time, and has as many tickets as the other,
 * would have every second tick.  But it pays for a tenth, so its chance to be
 * next is ten times the other's: 10 / 11 of the ticks, 100 us each. */
START_TEST(lottery_compensates)
{
	struct results *results = law_simulate(
		"duration: 10s\n"
		"machine: {cpus: 1, clock: 1GHz, costs: {profile: zero}}\n"
		"kernel: {hz: 1000, fair: lottery}\n"
		"tasks:\n"
		"  hog: {loop: [run: 1ms]}\n"
		"  brief: {timer_slack: 0ns, loop: [run: 100us, sleep: "
		"800us]}\n",
		NULL);
	int64_t brief = law_task(results, "brief")->cpu_ns;

	ck_assert_msg(llabs(brief - 10 * SEC / 11) < 12 * MS, "%g ms",
		      (double)brief / 1e6);
	results_free(results);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("law-shares");
	TCase *tc = tcase_create("shares");

	tcase_set_timeout(tc, 300);
	tcase_add_loop_test(tc, shares_follow_weights, 0, 4 * NR_HOGS);
	tcase_add_test(tc, stride_is_exact);
	tcase_add_test(tc, lottery_is_by_chance);
	tcase_add_test(tc, lottery_compensates);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
