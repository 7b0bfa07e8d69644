/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What groups of tasks are promised: each its part of the CPUs by its weight
 * beside its siblings', however many tasks are in it, and no more than its
 * quota.
 */
#include <config.h>

#include "law.h"

#define FAIR(i) ((i) ? "kernel.fair=cfs" : "kernel.fair=eevdf")

/* A scenario's groups and tasks, and the parts of the tasks, all copies taken
 * together, of all CPUs in percent. */
static const struct {
	const char *what;
	unsigned int cpus;
	const char *groups, *tasks;
	double share[4];
} shares[] = {
	{ "by weight",
	  1,
	  "a: {weight: 100}, b: {weight: 300}, c: {weight: 1000}",
	  "  a: {group: a, loop: [run: 1ms]}\n"
	  "  b: {group: b, loop: [run: 1ms]}\n"
	  "  c: {group: c, loop: [run: 1ms]}\n",
	  { 100. / 14, 300. / 14, 1000. / 14 } },
	{ "by nice, as tasks",
	  1,
	  "a: {nice: 5}, b: {nice: 0}",
	  "  a: {group: a, loop: [run: 1ms]}\n"
	  "  b: {group: b, loop: [run: 1ms]}\n"
	  "  c: {nice: 5, loop: [run: 1ms]}\n",
	  { 33500. / 1694, 102400. / 1694, 33500. / 1694 } },
	{ "ten against one",
	  1,
	  "a: {}, b: {}",
	  "  a: {group: a, loop: [run: 1ms]}\n"
	  "  b: {group: b, copies: 10, loop: [run: 1ms]}\n",
	  { 50, 50 } },
	{ "a group is as a task to a task",
	  1,
	  "a: {}",
	  "  a: {group: a, copies: 3, loop: [run: 1ms]}\n"
	  "  b: {loop: [run: 1ms]}\n",
	  { 50, 50 } },
	{ "nested weights multiply: 1/2 of 3/4 of 4/5",
	  1,
	  "a: {weight: 400}, b: {parent: a, weight: 300}, "
	  "c: {parent: b, weight: 200}",
	  "  top: {loop: [run: 1ms]}\n"
	  "  a: {group: a, loop: [run: 1ms]}\n"
	  "  b: {group: b, copies: 2, loop: [run: 1ms]}\n"
	  "  c: {group: c, copies: 5, loop: [run: 1ms]}\n",
	  { 20, 20, 30, 30 } },
	{ "on four CPUs",
	  4,
	  "a: {weight: 100}, b: {weight: 300}",
	  "  a: {group: a, copies: 4, loop: [run: 1ms]}\n"
	  "  b: {group: b, copies: 4, start: 1ms, loop: [run: 1ms]}\n",
	  { 25, 75 } },
	{ "on four CPUs, and one that has more tasks",
	  4,
	  "a: {weight: 100}, b: {weight: 300}",
	  "  a: {group: a, copies: 4, loop: [run: 1ms]}\n"
	  "  b: {group: b, copies: 4, start: 1ms, loop: [run: 1ms]}\n"
	  "  more: {group: a, copies: 4, start: 2ms, loop: [run: 1ms]}\n",
	  { 12.5, 75, 12.5 } },
	{ "nested on four CPUs",
	  4,
	  "a: {}, b: {}, c: {parent: b, weight: 300}, d: {parent: b}",
	  "  a: {group: a, copies: 4, loop: [run: 1ms]}\n"
	  "  c: {group: c, copies: 4, start: 1ms, loop: [run: 1ms]}\n"
	  "  d: {group: d, copies: 4, start: 2ms, loop: [run: 1ms]}\n",
	  { 50, 37.5, 12.5 } },
};

#define NR_SHARES ((int)G_N_ELEMENTS(shares))

/* Within half a percent of the whole on one CPU, and one on several. */
START_TEST(shares_follow_weights)
{
	const char *overrides[] = { FAIR(_i >= NR_SHARES), NULL };
	int i = _i % NR_SHARES;
	double tolerance = shares[i].cpus > 1 ? 1 : .5;
	char *yaml = g_strdup_printf("duration: 10s\n"
				     "machine: {cpus: %u, costs: zero}\n"
				     "kernel: {hz: 1000}\n"
				     "groups: {%s}\ntasks:\n%s",
				     shares[i].cpus, shares[i].groups,
				     shares[i].tasks);
	struct results *results = law_simulate(yaml, overrides);

	for (guint t = 0; t < results->tasks->len; t++) {
		const struct task_results *task = results->tasks->pdata[t];
		double share = 100. * (double)task->cpu_ns /
			       (double)results->simulated_ns / shares[i].cpus;

		ck_assert_msg(fabs(share - shares[i].share[t]) < tolerance,
			      "%s, %s: task %u has %g %%, not %g %%",
			      overrides[0], shares[i].what, t, share,
			      shares[i].share[t]);
	}
	results_free(results);
	g_free(yaml);
}
END_TEST

/* A group that is not there for some of the time is made up for none of it,
 * nor does it lose what it is due while it is: half of every other 50 ms. */
START_TEST(comes_and_goes)
{
	static const char *const yaml =
		"duration: 10s\n"
		"machine: {costs: zero}\n"
		"kernel: {hz: 1000}\n"
		"groups: {a: {}, b: {}}\n"
		"tasks:\n"
		"  a: {group: a, copies: 2, loop: [run: 1ms]}\n"
		"  b: {group: b, every: 100ms, do: [run: 25ms]}\n";
	const char *overrides[] = { FAIR(_i), NULL };
	struct results *results = law_simulate(yaml, overrides);
	const struct task_results *b = results->tasks->pdata[1];

	ck_assert_int_eq(b->cpu_ns, 2500 * MS);
	ck_assert_int_le(hist_max(b->response_time), 52 * MS);
	ck_assert_int_ge(hist_percentile(b->response_time, 50), 46 * MS);
	results_free(results);
}
END_TEST

/*
 * Quotas
 */

static const struct {
	unsigned int cpus, hz, copies;
	const char *quota, *others;
	int64_t slice_ns, quota_ns;
} quotas[] = {
	{ 1, 1000, 1, "quota: 20ms", "", 5 * MS, 20 * MS },
	{ 1, 250, 3, "quota: 20ms", "", 5 * MS, 20 * MS },
	{ 1, 1000, 2, "quota: 20ms", "  o: {copies: 2, loop: [run: 1ms]}\n",
	  5 * MS, 20 * MS },
	{ 4, 1000, 4, "quota: 20ms", "", 20 * MS, 20 * MS },
	{ 4, 250, 8, "quota: 150ms", "  o: {loop: [run: 3ms, sleep: 1ms]}\n",
	  20 * MS, 150 * MS },
	{ 4, 1000, 4, "quota: 60ms, burst: 60ms", "", 20 * MS, 60 * MS },
};

#define NR_QUOTAS ((int)G_N_ELEMENTS(quotas))

/* So much of each 100 ms, but for a slice on each CPU in all of the time.  The
 * group inside has all of it. */
START_TEST(quotas_are_kept)
{
	const char *overrides[] = { FAIR(_i >= NR_QUOTAS), NULL };
	int i = _i % NR_QUOTAS;
	int64_t granted = 100 * quotas[i].quota_ns;
	char *yaml = g_strdup_printf(
		"duration: 9990ms\n"
		"machine: {cpus: %u}\n"
		"kernel: {hz: %u, preempt: full}\n"
		"groups: {a: {%s}, b: {parent: a}}\n"
		"tasks:\n  t: {group: b, copies: %u, loop: [run: 7ms]}\n%s",
		quotas[i].cpus, quotas[i].hz, quotas[i].quota, quotas[i].copies,
		quotas[i].others);
	struct results *results = law_simulate(yaml, overrides);
	const struct group_results *a = results->groups->pdata[0];
	const struct group_results *b = results->groups->pdata[1];

	ck_assert_msg(llabs(a->usage_ns - granted) <=
			      quotas[i].slice_ns + 4 * MS,
		      "quota %d: %g ms, not %g", _i, (double)a->usage_ns / 1e6,
		      (double)granted / 1e6);
	ck_assert_int_eq(b->usage_ns, a->usage_ns);
	ck_assert_uint_eq(a->nr_periods, 99);
	ck_assert_uint_eq(a->nr_throttled, 99);
	ck_assert_int_gt(a->throttled_ns, 0);
	ck_assert_uint_eq(b->nr_periods, 0);
	results_free(results);
	g_free(yaml);
}
END_TEST

/* What is counted begins after the warmup, in the middle of a period. */
START_TEST(warmup_is_not_counted)
{
	struct results *results =
		law_simulate("duration: 1050ms\n"
			     "warmup: 550ms\n"
			     "machine: {costs: zero}\n"
			     "kernel: {hz: 1000}\n"
			     "groups: {a: {quota: 20ms}}\n"
			     "tasks:\n  t: {group: a, loop: [run: 7ms]}\n",
			     NULL);
	const struct group_results *a = results->groups->pdata[0];

	ck_assert_int_eq(a->usage_ns, 100 * MS);
	ck_assert_uint_eq(a->nr_periods, 5);
	ck_assert_uint_eq(a->nr_throttled, 5);
	ck_assert_int_eq(a->throttled_ns, 400 * MS);
	results_free(results);
}
END_TEST

/* A job of 30 ms with 20 ms of each 100 ms waits for 80 ms, and that is its
 * group's fault. */
START_TEST(throttling_is_blamed)
{
	struct results *results =
		law_simulate("duration: 1s\n"
			     "machine: {costs: zero}\n"
			     "kernel: {hz: 1000}\n"
			     "groups: {box: {quota: 20ms}}\n"
			     "tasks:\n"
			     "  t: {group: box, every: 1s, deadline: 90ms, "
			     "timer_slack: 0ns, do: [run: 30ms]}\n",
			     NULL);
	const struct task_results *t = results->tasks->pdata[0];
	const struct blame *blame = &g_array_index(t->blame, struct blame, 0);

	ck_assert_uint_eq(t->late, 1);
	ck_assert_int_eq(hist_max(t->response_time), 110 * MS);
	ck_assert_str_eq(blame->cause, "throttled");
	ck_assert_str_eq(blame->by, "box");
	ck_assert_int_eq(blame->ns, 80 * MS);
	results_free(results);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("law-group");
	TCase *tc = tcase_create("law-group");

	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, shares_follow_weights, 0, 2 * NR_SHARES);
	tcase_add_loop_test(tc, comes_and_goes, 0, 2);
	tcase_add_loop_test(tc, quotas_are_kept, 0, 2 * NR_QUOTAS);
	tcase_add_test(tc, warmup_is_not_counted);
	tcase_add_test(tc, throttling_is_blamed);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
