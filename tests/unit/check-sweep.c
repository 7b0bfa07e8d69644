/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sweeps: ranges, points, what a store keeps and refuses, and bisection. */
#include <config.h>

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "run-suite.h"

#include "preemptsim/report/outline.h"
#include "preemptsim/scenario/build.h"
#include "preemptsim/sweep/find.h"

static const char yaml[] =
	"duration: 10ms\n"
	"machine: {cpus: 1, costs: zero}\n"
	"tasks: {t: {policy: fifo, priority: 1, every: 1ms, do: [run: 1us]}}\n";

/* The values of a range with blanks, or what is wrong with it. */
static char *range_text(const char *spec, bool fine)
{
	char *why;
	struct axis *axis = axis_range(spec, fine, &why);
	char *text;

	if (!axis)
		return why;
	g_ptr_array_add(axis->values, NULL);
	text = g_strjoinv(" ", (char **)axis->values->pdata);
	axis_free(axis);
	return text;
}

static const struct {
	const char *spec, *values;
} ranges[] = {
	{ "k=1:3", "1 2 3" },
	{ "k=-1:1", "-1 0 1" },
	{ "k=0.5:0.9:0.1", "0.5 0.6 0.7 0.8 0.9" },
	{ "k=5:1:2", "5 3 1" },
	{ "k=1ms:2ms:0.25ms", "1ms 1.25ms 1.5ms 1.75ms 2ms" },
	{ "k=999us:1001us", "999us 1ms 1.001ms" },
	{ "k=1s:1s", "1s" },
	{ "k=1:9:x3", "1 3 9" },
	{ "k=1:6:x1.5", "1 2 3 5" },
	{ "k=8ms:1ms:x2", "8ms 4ms 2ms 1ms" },
	{ "k=1us:2us:x1.23", "1us 1.23us 1.513us 1.861us" },
	{ "k=1.5cy:3cy:x1.5", "1.5cy 2.25cy" },
	{ "k=1us:1ms:log4", "1us 10us 100us 1ms" },
	{ "k=1:100:log3", "1 10 100" },
	{ "k=1ms:7ms:log4", "1ms 1.91ms 3.66ms 7ms" },
	{ "k=0.1ns:0.3ns:0.1ns", "0.1ns 0.2ns 0.3ns" },
	{ "k=1GHz:2GHz:250MHz", "1GHz 1.25GHz 1.5GHz 1.75GHz 2GHz" },
	{ "k=2cy:4cy", "2cy 3cy 4cy" },
	{ "k=0ms:2ms", "0ns 1ms 2ms" },
};

START_TEST(ranges_are_exact)
{
	g_autofree char *text = range_text(ranges[_i].spec, false);

	ck_assert_str_eq(text, ranges[_i].values);
}
END_TEST

START_TEST(fine_ranges_have_a_thousand_steps)
{
	char *why;
	struct axis *axis = axis_range("k=1ms:20ms", true, &why);

	ck_assert_uint_eq(axis->values->len, 1901);
	ck_assert_str_eq(axis_value(axis, 1), "1.01ms");
	axis_free(axis);
	axis = axis_range("k=1:20", true, &why);
	ck_assert_uint_eq(axis->values->len, 20);
	axis_free(axis);
	axis = axis_range("k=1ns:20ns", true, &why);
	ck_assert_uint_eq(axis->values->len, 20);
	axis_free(axis);
}
END_TEST

/* What a search supposes to hold at the last value, it has to try there. */
START_TEST(fine_ranges_end_where_they_should)
{
	static const struct {
		const char *spec, *values;
	} all[] = {
		{ "k=1us:1ms:300us", "1us 301us 601us 901us 1ms" },
		{ "k=1ms:1us:300us", "1ms 700us 400us 100us 1us" },
		{ "k=1:6:x1.5", "1 2 3 5 6" },
		{ "k=1ms:3ms:1ms", "1ms 2ms 3ms" },
		{ "k=1us:1ms:log4", "1us 10us 100us 1ms" },
		{ "k=5ms:5ms", "5ms" },
		{ "k=1:3:5", "1 3" },
	};
	char *why;
	struct axis *axis = axis_range("k=1ns:1ms", true, &why);

	ck_assert_uint_eq(axis->values->len, 10001);
	ck_assert_str_eq(axis_value(axis, 9999), "999.901us");
	ck_assert_str_eq(axis_value(axis, 10000), "1ms");
	axis_free(axis);
	for (unsigned int i = 0; i < G_N_ELEMENTS(all); i++) {
		g_autofree char *text = range_text(all[i].spec, true);

		ck_assert_str_eq(text, all[i].values);
	}
}
END_TEST

START_TEST(lists_are_cut_at_commas_outside_of_brackets)
{
	struct axis *axis = axis_list("a.b={x: [1, 2]}, \"3,4\",5");

	ck_assert_str_eq(axis->key, "a.b");
	ck_assert_str_eq(axis->name, "b");
	ck_assert_uint_eq(axis->values->len, 3);
	ck_assert_str_eq(axis_value(axis, 0), "{x: [1, 2]}");
	ck_assert_str_eq(axis_value(axis, 1), "\"3,4\"");
	ck_assert(!axis_is_times(axis));
	axis_free(axis);
}
END_TEST

START_TEST(times_are_told_in_ns)
{
	struct axis *axis = axis_list("k=1ms,2.5us,1s");

	ck_assert(axis_is_times(axis));
	ck_assert_int_eq(axis_value_ns(axis, 0), 1000000);
	ck_assert_int_eq(axis_value_ns(axis, 1), 2500);
	axis_free(axis);
	axis = axis_list("k=1ms,0.5ns");
	ck_assert(!axis_is_times(axis));
	axis_free(axis);
}
END_TEST

START_TEST(facts_are_found_by_path)
{
	size_t object;

	ck_assert_str_eq(fact_of_path("warnings", &object)->path, "warnings");
	ck_assert_uint_eq(object, 0);
	ck_assert_str_eq(fact_of_path("p/1.response_time.p99_9", &object)->path,
			 "response_time.p99_9");
	ck_assert_uint_eq(object, strlen("p/1"));
	ck_assert_str_eq(fact_of_path("cpus.0.idle", &object)->path, "idle");
	ck_assert_str_eq(fact_of_path("tasks.cpus.jobs", &object)->path,
			 "jobs");
	ck_assert_ptr_null(fact_of_path("p.nothing", &object));
	ck_assert_ptr_null(fact_of_path("nothing", &object));
}
END_TEST

/* A plan over @specs (with a NULL at the end), from the scenario above. */
static struct plan *make_plan(const char *const *specs, const char *condition,
			      unsigned int runs)
{
	g_autoptr(GPtrArray) messages = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GPtrArray) none = g_ptr_array_new();
	GPtrArray *axes = g_ptr_array_new_with_free_func(axis_free);
	g_autoptr(GString) text = g_string_new(yaml);
	struct plan *plan;

	for (; *specs; specs++)
		g_ptr_array_add(axes, axis_list(*specs));
	plan = plan_new("t.yaml", text, none, axes, condition, runs, messages);
	ck_assert_msg(plan, "%s",
		      messages->len ? (char *)messages->pdata[0] : "");
	return plan;
}

static const char *const two_axes[] = { "kernel.preempt=none,full",
					"tasks.t.every=1ms,2ms,3ms", NULL };

START_TEST(the_first_axis_is_slowest)
{
	struct plan *plan = make_plan(two_axes, NULL, 1);
	g_autofree char *label = plan_label(plan, 4);

	ck_assert_uint_eq(plan->nr_points, 6);
	ck_assert_str_eq(plan_value(plan, 0, 0), "none");
	ck_assert_str_eq(plan_value(plan, 2, 1), "3ms");
	ck_assert_str_eq(plan_value(plan, 3, 0), "full");
	ck_assert_str_eq(plan_value(plan, 3, 1), "1ms");
	ck_assert_str_eq(label, "preempt=full, every=2ms");
	plan_free(plan);
}
END_TEST

static struct store *open_memory(const struct plan *plan)
{
	char *why = NULL;
	struct store *store = store_open(NULL, true, &why);

	ck_assert_ptr_null(why);
	ck_assert_ptr_null(sheet_claim(store, plan));
	return store;
}

/* Keep a result that was not simulated. */
static void put(struct store *store, unsigned int point, unsigned int run,
		bool holds, const char *facts)
{
	g_autoptr(GPtrArray) trials = g_ptr_array_new();
	struct trial trial = {
		.point = point,
		.run = run,
		.holds = holds,
		.label = (char *)"",
		.facts = (char *)facts,
	};

	g_ptr_array_add(trials, &trial);
	ck_assert_ptr_null(store_put(store, trials));
}

START_TEST(a_store_keeps_what_is_put)
{
	struct plan *plan = make_plan(two_axes, NULL, 2);
	struct store *store = open_memory(plan);
	struct shard shard = { 1, 2 };
	struct trial *trial;
	GArray *todo;

	put(store, 3, 1, true, "{\"t.jobs\":17}");
	ck_assert(store_has(store, 3, 1));
	ck_assert(!store_has(store, 3, 0));
	trial = store_get(store, 3, 1);
	ck_assert_int_eq(trial->status, TRIAL_DONE);
	ck_assert(trial->holds);
	ck_assert_int_eq(sheet_value(trial, "t.jobs", UNIT_COUNT).n, 17);
	ck_assert(!sheet_value(trial, "t.late", UNIT_COUNT).known);
	trial_free(trial);
	todo = sheet_todo(store, plan, &shard);
	ck_assert_uint_eq(todo->len, 5); /* points 1, 3, 5 but one run */
	ck_assert_uint_eq(g_array_index(todo, uint32_t, 2), 6);
	g_array_unref(todo);
	store_close(store);
	plan_free(plan);
}
END_TEST

START_TEST(a_trial_is_kept_once)
{
	struct plan *plan = make_plan(two_axes, NULL, 1);
	struct store *store = open_memory(plan);
	g_autoptr(GPtrArray) trials = g_ptr_array_new();
	struct trial trial = { .point = 1 };
	g_autofree char *why = NULL;

	put(store, 1, 0, true, "{}");
	g_ptr_array_add(trials, &trial);
	why = store_put(store, trials);
	ck_assert_ptr_nonnull(why);
	ck_assert_uint_eq(store_count(store), 1);
	store_close(store);
	plan_free(plan);
}
END_TEST

START_TEST(a_store_refuses_another_sweep)
{
	struct plan *plan = make_plan(two_axes, NULL, 1);
	struct plan *more = make_plan(two_axes, NULL, 2);
	struct plan *other = make_plan(two_axes, "t.jobs > 1", 1);
	struct store *store = open_memory(plan);
	g_autofree char *runs = sheet_claim(store, more);
	g_autofree char *condition = sheet_claim(store, other);

	ck_assert_ptr_nonnull(strstr(runs, "another sweep"));
	ck_assert_ptr_nonnull(condition);
	ck_assert_ptr_null(sheet_claim(store, plan));
	store_close(store);
	plan_free(other);
	plan_free(more);
	plan_free(plan);
}
END_TEST

START_TEST(merging_wants_agreement)
{
	struct plan *plan = make_plan(two_axes, NULL, 1);
	struct store *a = open_memory(plan), *b = open_memory(plan);
	g_autofree char *why = NULL;

	put(a, 0, 0, true, "{}");
	put(b, 0, 0, true, "{}");
	put(b, 1, 0, true, "{\"x\":1}");
	ck_assert_ptr_null(store_merge(a, b));
	ck_assert_uint_eq(store_count(a), 2);
	put(a, 2, 0, true, "{\"x\":1}");
	put(b, 2, 0, true, "{\"x\":2}");
	put(b, 3, 0, true, "{}");
	why = store_merge(a, b);
	ck_assert_ptr_nonnull(strstr(why, "another result"));
	ck_assert_uint_eq(store_count(a), 3); /* nothing of it */
	store_close(a);
	store_close(b);
	plan_free(plan);
}
END_TEST

#define NR_VALUES 1000

/* Where the condition begins to hold among NR_VALUES; NR_VALUES: nowhere. */
static const unsigned int thresholds[] = { 0,	1,   2,	  499,	    500,
					   501, 998, 999, NR_VALUES };

/* Answer what the search asks for; returns how many values that were. */
static unsigned int answer(struct store *store, const struct plan *plan,
			   unsigned int threshold)
{
	unsigned int asked = 0;

	for (;;) {
		g_autoptr(GArray) todo = find_todo(store, plan);

		for (unsigned int i = 0; i < todo->len; i++) {
			unsigned int point = g_array_index(todo, uint32_t, i);

			put(store, point, 0, point >= threshold,
			    "{\"t.jobs\":3}");
		}
		asked += todo->len;
		if (!todo->len)
			return asked;
	}
}

START_TEST(bisection_finds_every_threshold)
{
	g_autoptr(GString) spec = g_string_new("tasks.t.every=1us");
	const char *specs[] = { NULL, NULL };
	unsigned int threshold = thresholds[_i], asked;
	enum trial_status worst;
	struct store *store;
	struct plan *plan;
	struct grid *grid;
	bool found;

	for (unsigned int i = 2; i <= NR_VALUES; i++)
		g_string_append_printf(spec, ",%uus", i);
	specs[0] = spec->str;
	plan = make_plan(specs, "t.jobs == 3", 1);
	store = open_memory(plan);
	asked = answer(store, plan, threshold);
	ck_assert_uint_le(asked, 12); /* both ends, and log2(1000) */
	grid = find_grid(store, plan, &worst, &found);
	ck_assert(found == (threshold < NR_VALUES));
	if (found)
		ck_assert_int_eq(grid_row(grid, 0)->values[0].n,
				 1000 * (int64_t)(threshold + 1));
	ck_assert(grid_row(grid, 0)->values[1].known ==
		  (found && threshold > 0));
	if (found && threshold > 0)
		ck_assert_int_eq(grid_row(grid, 0)->values[1].n,
				 1000 * (int64_t)threshold);
	grid_free(grid);
	store_close(store);
	plan_free(plan);
}
END_TEST

static const char stuck[] = "duration: 10ms\n"
			    "machine: {cpus: 1}\n"
			    "locks: {table: {type: rwlock}}\n"
			    "devices:\n"
			    "  net: {irq: {every: 1us},\n"
			    "        handler: [read_lock: table]}\n"
			    "tasks: {busy: {loop: [run: 1ms]}}\n";

START_TEST(a_run_that_is_stuck_can_be_survived)
{
	g_autoptr(GPtrArray) messages = g_ptr_array_new_with_free_func(g_free);
	struct run_options options = { .seed = 1, .survive = true };
	struct scenario *scenario;
	struct results *results;

	scenario = scenario_load_memory("stuck", stuck, strlen(stuck), NULL,
					messages);
	ck_assert_ptr_nonnull(scenario);
	results = scenario_run(scenario, &options);
	ck_assert_ptr_nonnull(results->failure);
	ck_assert_ptr_nonnull(strstr(results->failure, "more than 8 locks"));
	ck_assert(!results->bug);
	results_free(results);
	scenario_free(scenario);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("sweep");
	TCase *tcase = tcase_create("sweep");

	tcase_add_loop_test(tcase, ranges_are_exact, 0, G_N_ELEMENTS(ranges));
	tcase_add_test(tcase, fine_ranges_have_a_thousand_steps);
	tcase_add_test(tcase, fine_ranges_end_where_they_should);
	tcase_add_test(tcase, lists_are_cut_at_commas_outside_of_brackets);
	tcase_add_test(tcase, times_are_told_in_ns);
	tcase_add_test(tcase, facts_are_found_by_path);
	tcase_add_test(tcase, the_first_axis_is_slowest);
	tcase_add_test(tcase, a_store_keeps_what_is_put);
	tcase_add_test(tcase, a_trial_is_kept_once);
	tcase_add_test(tcase, a_store_refuses_another_sweep);
	tcase_add_test(tcase, merging_wants_agreement);
	tcase_add_loop_test(tcase, bisection_finds_every_threshold, 0,
			    G_N_ELEMENTS(thresholds));
	tcase_add_test(tcase, a_run_that_is_stuck_can_be_survived);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
