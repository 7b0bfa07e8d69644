/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reports: facts, expectations, paired statistics, JSON text and formats. */
#include <config.h>

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "run-suite.h"

#include "preemptsim/report/compare.h"
#include "preemptsim/report/diff.h"
#include "preemptsim/report/expect.h"
#include "preemptsim/report/fact.h"
#include "preemptsim/report/format.h"
#include "preemptsim/report/json.h"
#include "preemptsim/report/rate.h"
#include "preemptsim/report/report.h"

/* A scenario of a player, two writers, a lock and a device on two CPUs. */

static struct task_conf player_conf = { .name = (char *)"player", .copies = 1 };
static struct task_conf writer_conf = { .name = (char *)"writer", .copies = 2 };
static struct lock_conf lock_conf = { .name = (char *)"inode" };
static struct device_conf disk_conf = { .name = (char *)"disk",
					.stream = { .kind = -1 } };

static void scenario_setup(struct scenario *scenario)
{
	*scenario = (struct scenario){
		.file = (char *)"audio.yaml",
		.name = (char *)"audio",
		.machine = { .cpus = 2, .clock = 1000000000 },
		.kernel = { .hz = 250 },
		.locks = g_ptr_array_new(),
		.devices = g_ptr_array_new(),
		.tasks = g_ptr_array_new(),
		.chains = g_ptr_array_new(),
		.groups = g_ptr_array_new(),
		.expects = g_ptr_array_new_with_free_func(g_free),
	};
	timebase_init(&scenario->tb, scenario->machine.clock);
	g_ptr_array_add(scenario->tasks, &player_conf);
	g_ptr_array_add(scenario->tasks, &writer_conf);
	g_ptr_array_add(scenario->locks, &lock_conf);
	g_ptr_array_add(scenario->devices, &disk_conf);
}

static void scenario_clear(struct scenario *scenario)
{
	g_ptr_array_unref(scenario->tasks);
	g_ptr_array_unref(scenario->locks);
	g_ptr_array_unref(scenario->devices);
	g_ptr_array_unref(scenario->chains);
	g_ptr_array_unref(scenario->groups);
	g_ptr_array_unref(scenario->expects);
}

static void add_expect(struct scenario *scenario, const char *path,
		       const char *op, double value, bool is_time)
{
	struct expect_conf *expect = g_new0(struct expect_conf, 1);

	expect->text = (char *)path;
	expect->path = (char *)path;
	g_strlcpy(expect->op, op, sizeof(expect->op));
	expect->value = value;
	expect->is_time = is_time;
	expect->where = (char *)"audio.yaml:9:5";
	g_ptr_array_add(scenario->expects, expect);
}

/* What it measured: the player's @n latencies are @ns, 2 * @ns, ... */
static struct results *run_new(uint64_t run, int n, int64_t ns)
{
	struct results *results = results_new();
	struct task_results *player = task_results_new("player");
	struct task_results *writer = task_results_new("writer");
	struct device_results *disk = device_results_new("disk");

	results->scenario_name = g_strdup("audio");
	results->run = run;
	results->simulated_ns = 1000000;
	player->has_jobs = true;
	player->jobs = (uint64_t)n;
	player->late = 1;
	player->cpu_ns = 250000;
	for (int i = 1; i <= n; i++)
		hist_record(player->wakeup_latency, i * ns);
	task_results_add_copy(writer);
	task_results_add_copy(writer);
	g_ptr_array_add(results->tasks, player);
	g_ptr_array_add(results->tasks, writer);
	for (int i = 0; i < 2; i++) {
		struct cpu_results *cpu = g_new0(struct cpu_results, 1);

		cpu->time_ns[CPU_IDLE] = 1000000;
		g_ptr_array_add(results->cpus, cpu);
	}
	g_ptr_array_add(results->locks, lock_results_new("inode", "spinlock"));
	hist_record(disk->latency, 900);
	g_ptr_array_add(results->devices, disk);
	return results;
}

static struct build *build_of(const struct scenario *scenario,
			      const char *label, int64_t ns, unsigned int runs)
{
	struct build *build = build_new(scenario, label, label);

	for (unsigned int r = 0; r < runs; r++) {
		struct results *run = run_new(r, 4, ns + (int64_t)r * 100);

		build_add_run(build, run, 10);
		results_free(run);
	}
	build_finish(build);
	return build;
}

static void free_build(void *build)
{
	build_free(build);
}

/* Facts. */

START_TEST(facts_have_one_dot_and_are_found)
{
	const struct fact_table *table;

	for (unsigned int i = 0; (table = fact_table(i)); i++) {
		const struct fact *fact;

		for (fact = table->facts; fact->path; fact++) {
			const char *dot = strchr(fact->path, '.');

			ck_assert(!dot || !strchr(dot + 1, '.'));
			ck_assert_ptr_eq(fact_find(table->facts, fact->path),
					 fact);
		}
	}
	ck_assert_ptr_null(fact_find(task_facts.facts, "dropout"));
}
END_TEST

START_TEST(facts_are_taken_and_spelled)
{
	struct results *run = run_new(0, 4, 1000);
	const void *player = run->tasks->pdata[0];
	const void *writer = run->tasks->pdata[1];
	char buf[VALUE_TEXT_MAX];
	struct value value;

	value = fact_value(&task_facts, "wakeup_latency.max", player, run);
	ck_assert_str_eq(value_format(buf, sizeof(buf), &value), "4.00 us");
	value = fact_value(&task_facts, "dropouts", player, run);
	ck_assert_str_eq(value_format(buf, sizeof(buf), &value), "1");
	value = fact_value(&task_facts, "cpu_share", player, run);
	ck_assert_str_eq(value_format(buf, sizeof(buf), &value), "25.00 %");
	value = fact_value(&task_facts, "wakeup_latency.max", writer, run);
	ck_assert(!value.known);
	ck_assert(isnan(value_number(&value)));
	ck_assert_str_eq(value_format(buf, sizeof(buf), &value), "-");
	results_free(run);
}
END_TEST

START_TEST(facts_have_labels_and_keys)
{
	const struct fact *fact;
	char *text;

	fact = fact_find(task_facts.facts, "wakeup_latency.p99_9");
	text = fact_label(fact);
	ck_assert_str_eq(text, "wakeup latency p99.9");
	g_free(text);
	text = fact_key(fact);
	ck_assert_str_eq(text, "p99_9_ns");
	g_free(text);
	text = fact_key(fact_find(cpu_facts.facts, "preempt_off.max"));
	ck_assert_str_eq(text, "max_ns");
	g_free(text);
}
END_TEST

/* Every time a CPU can spend is a fact, called as results call it. */
START_TEST(cpu_facts_are_complete)
{
	for (unsigned int i = 0; i < NR_CPU_TIMES; i++) {
		char *key = fact_key(&cpu_facts.facts[i]);

		ck_assert_str_eq(key, cpu_time_key(i));
		g_free(key);
	}
}
END_TEST

/* Expectations. */

START_TEST(expectations_are_evaluated)
{
	static const struct {
		const char *path, *op;
		double value;
		bool is_time, holds;
	} cases[] = {
		{ "player.dropouts", "==", 1, false, true },
		{ "player.dropouts", "!=", 1, false, false },
		{ "player.wakeup_latency.max", "<", 4000, true, false },
		{ "player.wakeup_latency.max", "<=", 4000, true, true },
		{ "tasks.player.jobs", ">", 3, false, true },
		{ "player.jobs", ">=", 5, false, false },
		{ "writer.wakeup_latency.max", "<", 1e9, true, false },
		{ "writer/1.jobs", "==", 0, false, true },
		{ "devices.disk.latency.max", ">", 899, true, true },
		{ "locks.inode.contended", "==", 0, false, true },
		{ "cpus.1.preempt_off.max", "==", 0, true, true },
		{ "warnings", "==", 2, false, true },
		{ "warnings.race", "==", 2, false, true },
		{ "warnings.deadlock", "==", 0, false, true },
	};
	struct results *run = run_new(0, 4, 1000);
	struct scenario scenario;
	GPtrArray *errors = g_ptr_array_new_with_free_func(g_free);
	GArray *outcomes;

	results_count_warning(run, "race");
	results_count_warning(run, "race");
	scenario_setup(&scenario);
	for (unsigned int i = 0; i < G_N_ELEMENTS(cases); i++)
		add_expect(&scenario, cases[i].path, cases[i].op,
			   cases[i].value, cases[i].is_time);
	ck_assert(expect_check(&scenario, errors));
	outcomes = expect_evaluate(&scenario, run, NULL, NULL);
	for (unsigned int i = 0; i < G_N_ELEMENTS(cases); i++)
		ck_assert_msg(g_array_index(outcomes, struct expect_outcome, i)
					      .holds == cases[i].holds,
			      "%s %s", cases[i].path, cases[i].op);
	g_array_unref(outcomes);
	g_ptr_array_unref(errors);
	scenario_clear(&scenario);
	results_free(run);
}
END_TEST

START_TEST(wrong_expectations_are_found_before_the_run)
{
	static const struct {
		const char *path, *text;
		bool is_time;
	} cases[] = {
		{ "playr.dropouts", "did you mean 'player'", false },
		{ "player.dropout", "did you mean 'dropouts'", false },
		{ "player.wakeup_latency.max", "is a time", false },
		{ "player.jobs", "is no time", true },
		{ "cpus.2.preempt_off.max", "no cpu '2'", true },
		{ "locks.inod.contended", "did you mean 'inode'", false },
		{ "warning", "did you mean 'warnings'", false },
		{ "warnings.races", "did you mean 'race'", false },
		{ "writer/2.jobs", "no task", false },
		{ "player.wakeup_latency.bins", "no measure", false },
	};
	struct scenario scenario;
	GPtrArray *errors = g_ptr_array_new_with_free_func(g_free);

	scenario_setup(&scenario);
	for (unsigned int i = 0; i < G_N_ELEMENTS(cases); i++)
		add_expect(&scenario, cases[i].path, "==", 0, cases[i].is_time);
	ck_assert(!expect_check(&scenario, errors));
	ck_assert_uint_eq(errors->len, G_N_ELEMENTS(cases));
	for (unsigned int i = 0; i < errors->len; i++) {
		const char *error = errors->pdata[i];

		ck_assert(g_str_has_prefix(error, "audio.yaml:9:5: error: "));
		ck_assert_msg(strstr(error, cases[i].text), "%s", error);
	}
	g_ptr_array_unref(errors);
	scenario_clear(&scenario);
}
END_TEST

/* Statistics. */

static bool near(double a, double b)
{
	return fabs(a - b) <= 1e-6 * MAX(fabs(a), fabs(b));
}

START_TEST(means_have_intervals)
{
	static const double x[] = { 1, 2, 3, 4, 5 };
	static const double unknown[] = { 1, NAN };
	struct estimate e = estimate_mean(x, 5);

	/* s = sqrt(2.5), t(0.975, 4) = 2.7764451052 */
	ck_assert(e.known && e.has_interval && near(e.mean, 3));
	ck_assert(near(e.half, 2.7764451052 * sqrt(2.5 / 5)));
	ck_assert(!estimate_is_zero(&e));
	e = estimate_mean(x, 1);
	ck_assert(e.known && !e.has_interval);
	ck_assert(!estimate_mean(unknown, 2).known);
	ck_assert(!estimate_mean(x, 0).known);
}
END_TEST

/* 1536 and 1544 stand for 8 values each, 7 of which are lower. */
START_TEST(bins_of_percentiles_have_a_width)
{
	static const double x[] = { 1544, 1544, 1544 };
	static const double b[] = { 1536, 1536, 1536 };
	static const double unknown[] = { 1536, NAN, 1536 };
	struct estimate e = compare_values(x, 3, true);

	ck_assert(e.has_interval && near(e.mean, 1544) && near(e.half, 7));
	ck_assert(near(compare_values(x, 3, false).half, 0));
	e = compare_difference(x, b, 3, true);
	ck_assert(near(e.mean, 8) && near(e.half, 7));
	ck_assert(!estimate_is_zero(&e));
	e = compare_difference(x, x, 3, true);
	ck_assert(near(e.half, 7) && estimate_is_zero(&e));
	ck_assert(near(compare_difference(x, b, 3, false).half, 0));
	e = compare_ratio(x, b, 3, true);
	ck_assert(near(e.mean, 1544. / 1536));
	ck_assert(near(e.half, 1544. / (1536 - 7) - 1544. / 1536));
	ck_assert(near(compare_ratio(x, b, 3, false).half, 0));
	ck_assert(!compare_values(x, 1, true).has_interval);
	ck_assert(!compare_difference(x, unknown, 3, true).known);
	ck_assert(!compare_ratio(x, unknown, 3, true).known);
}
END_TEST

/* A run in which nothing came is no reason to say nothing of the others; what
 * is paired is so of the runs that both have. */
START_TEST(runs_without_samples_are_left_out)
{
	static const int samples[][3] = { { 40, 0, 40 }, { 40, 40, 40 } };
	struct build *builds[2];
	struct scenario scenario;
	struct difference d;
	unsigned int max = 0, p50 = 0;

	scenario_setup(&scenario);
	for (unsigned int b = 0; b < 2; b++) {
		builds[b] = build_new(&scenario, "x", "x");
		for (unsigned int r = 0; r < 3; r++) {
			struct results *run =
				run_new(r, samples[b][r], 100 * (1 + r));

			build_add_run(builds[b], run, 10);
			results_free(run);
		}
		build_finish(builds[b]);
	}
	while (strcmp(compared_fact(builds[0], 0, max)->path,
		      "wakeup_latency.max"))
		max++;
	while (strcmp(compared_fact(builds[0], 0, p50)->path,
		      "wakeup_latency.p50"))
		p50++;
	d = compare_builds(builds[0], builds[1], 0, max);
	/* 4000 and 12000; 8000 besides */
	ck_assert(d.base.known && near(d.base.mean, 8000));
	ck_assert(d.base.runs == 2 && d.base.of == 3);
	ck_assert(near(d.base.half, 12.7062047362 * 4000));
	ck_assert(d.value.runs == 3 && near(d.value.mean, 8000));
	ck_assert(d.difference.runs == 2 && d.difference.of == 3);
	ck_assert(d.difference.has_interval && d.difference.half < 1e-9);
	ck_assert(d.ratio.known && near(d.ratio.mean, 1) && !d.too_few);
	d = compare_builds(builds[0], builds[1], 0, p50);
	ck_assert(!d.base.known && d.value.known && !d.difference.known);
	ck_assert(d.too_few);
	for (unsigned int b = 0; b < 2; b++)
		build_free(builds[b]);
	scenario_clear(&scenario);
}
END_TEST

START_TEST(builds_are_paired_by_run)
{
	struct scenario scenario;
	struct build *base, *build;
	struct difference d;
	unsigned int k = 0;

	scenario_setup(&scenario);
	base = build_of(&scenario, "a", 1000, 3);
	build = build_of(&scenario, "b", 2000, 3);
	while (strcmp(compared_fact(base, 0, k)->path, "wakeup_latency.max"))
		k++;
	/* maxima 4000, 4400, 4800 against 8000, 8400, 8800: always 4000 */
	d = compare_builds(base, build, 0, k);
	ck_assert(near(d.difference.mean, 4000));
	ck_assert(d.difference.half < 1e-9);
	ck_assert(near(d.ratio.mean, 8400. / 4400));
	/* x - r * b: -10 / 11 * (-400, 0, 400); t(0.975, 2) */
	ck_assert(
		near(d.ratio.half, 4.3026527297 * 4000 / 11 / sqrt(3) / 4400));
	d = compare_builds(base, base, 0, k);
	ck_assert(estimate_is_zero(&d.difference));
	d = compare_builds(base, build, 1, k);
	ck_assert(!d.difference.known);
	build_free(base);
	build_free(build);
	scenario_clear(&scenario);
}
END_TEST

/* Does `diff.player.wakeup_latency.max > 0' hold after @runs runs?  The
 * differences are 1200, -400, -400 ns. */
static bool is_shown(unsigned int runs)
{
	static const int64_t ns[] = { 1300, 1000, 1100 };
	GPtrArray *builds = g_ptr_array_new_with_free_func(free_build);
	struct expect_conf *expect;
	struct scenario scenario;
	GArray *outcomes;
	bool holds;

	scenario_setup(&scenario);
	add_expect(&scenario, "player.wakeup_latency.max", ">", 0, false);
	expect = scenario.expects->pdata[0];
	expect->kind = EXPECT_DIFFERENCE;
	g_ptr_array_add(builds, build_of(&scenario, "a", 1000, runs));
	g_ptr_array_add(builds, build_new(&scenario, "b", "b"));
	for (unsigned int r = 0; r < runs; r++) {
		struct results *run = run_new(r, 4, ns[r]);

		build_add_run(builds->pdata[1], run, 10);
		results_free(run);
	}
	outcomes = expect_differences(builds);
	ck_assert_uint_eq(outcomes->len, 1);
	holds = g_array_index(outcomes, struct diff_outcome, 0).holds;
	g_array_unref(outcomes);
	g_ptr_array_unref(builds);
	scenario_clear(&scenario);
	return holds;
}

/* (1200 - 400 - 400) / 3 is above 0, but the interval, 4.3 * 533, is not. */
START_TEST(what_is_expected_of_differences_has_to_be_shown)
{
	ck_assert(is_shown(1));
	ck_assert(!is_shown(3));
}
END_TEST

/* 4 samples above the median of 8 are too few, 5 of 10 are not. */
START_TEST(percentiles_need_samples_beyond_them)
{
	const struct fact *p50 =
		fact_find(task_facts.facts, "wakeup_latency.p50");

	for (int n = 8; n <= 10; n += 2) {
		struct results *run = run_new(0, n, 1000);
		const void *player = run->tasks->pdata[0];

		ck_assert(fact_get(p50, player, run).known);
		ck_assert(fact_get_sure(p50, player, run).known == (n == 10));
		results_free(run);
	}
}
END_TEST

/* Formats. */

START_TEST(json_text)
{
	static const char source[] =
		"{\"a\": [[1, 2], [3, 4]], \"b\": 0.1, \"c\": null, "
		"\"d\": \"x\\n\\\"\\u0001\", \"e\": [], \"f\": {}, "
		"\"g\": [{\"h\": true}]}";
	static const char expected[] =
		"{\n  \"a\": [[1, 2], [3, 4]],\n  \"b\": 0.1,\n"
		"  \"c\": null,\n  \"d\": \"x\\n\\\"\\u0001\",\n"
		"  \"e\": [],\n  \"f\": {},\n"
		"  \"g\": [\n    {\n      \"h\": true\n    }\n  ]\n}\n";
	GString *out = g_string_new(NULL);
	JsonNode *node = json_from_string(source, NULL);

	json_print(node, out);
	ck_assert_str_eq(out->str, expected);
	json_node_unref(node);
	g_string_free(out, TRUE);
}
END_TEST

/* What the format called @name makes of one or two builds. */
static GString *write_format(const char *name, bool compared)
{
	struct scenario scenario;
	struct report report = {
		.builds = g_ptr_array_new_with_free_func(free_build),
		.compared = compared,
		.nr_worst = 3,
	};
	GString *out = g_string_new(NULL);

	scenario_setup(&scenario);
	g_ptr_array_add(
		report.builds,
		build_of(&scenario, compared ? "p=a,b" : NULL, 1000, 1));
	if (compared)
		g_ptr_array_add(report.builds,
				build_of(&scenario, "p=c", 2000, 1));
	report_format_find(name)->write(&report, out);
	g_ptr_array_unref(report.builds);
	scenario_clear(&scenario);
	return out;
}

static void check_format(const char *name, bool compared,
			 const char *const *parts)
{
	GString *out = write_format(name, compared);

	for (; *parts; parts++)
		ck_assert_msg(strstr(out->str, *parts), "no '%s' in:\n%s",
			      *parts, out->str);
	ck_assert_ptr_null(strstr(out->str, " \n"));
	g_string_free(out, TRUE);
}

START_TEST(csv)
{
	static const char *const run[] = {
		"section,name,measure,unit,value\n",
		"tasks,player,wakeup_latency.max,ns,4000\n",
		"tasks,writer/1,jobs,count,0\n",
		"tasks,writer,wakeup_latency.max,ns,\n",
		"locks,inode,type,text,spinlock\n",
		NULL
	};
	static const char *const compare[] = {
		"build,section,name,measure,unit,value\n",
		"\"p=a,b\",tasks,player,dropouts,count,1\n",
		"p=c,tasks,player,wakeup_latency.max,ns,8000\n", NULL
	};

	check_format("csv", false, run);
	check_format("csv", true, compare);
}
END_TEST

START_TEST(cyclictest)
{
	static const char *const parts[] = {
		"# Histogram\n000000 000000\n000001 000001\n",
		"000004 000001\n# Total: 000000004\n",
		"# Min Latencies: 00001\n",
		"# Avg Latencies: 00002\n",
		"# Max Latencies: 00004\n",
		"# Histogram Overflows: 00000\n",
		NULL
	};

	check_format("cyclictest", false, parts);
}
END_TEST

START_TEST(text)
{
	static const char *const run[] = { "audio\n",
					   "250 Hz, 2 CPUs at 1 GHz\n",
					   "1ms simulated",
					   "wakeup latency",
					   "4.00 us",
					   "100.00",
					   "inode",
					   "disk",
					   NULL };
	static const char *const compare[] = {
		"p=a,b", "p=c", "ratio",
		"player: 1 dropout under p=a,b, 1 under p=c; worst wakeup "
		"latency 4.00 us under p=a,b, 8.00 us under p=c.\n",
		NULL
	};

	check_format("text", false, run);
	check_format("text", true, compare);
}
END_TEST

START_TEST(jobs)
{
	static const char *const parts[] = {
		"task,copy,release_ns,start_ns,end_ns,deadline_ns,outcome\n",
		NULL
	};

	check_format("jobs", false, parts);
	ck_assert(report_format_find("jobs")->needs_jobs);
	ck_assert_ptr_null(report_format_find("xml"));
}
END_TEST

/* By hand: of none, 1 - 0.05^(1/n); the others are from the literature on exact
 * binomial intervals (5 of 100, 1 of 10). */
START_TEST(rates_have_exact_intervals)
{
	static const struct {
		uint64_t hits, n;
		double low, high;
	} known[] = {
		{ 0, 1, 0, 0.95 },
		{ 0, 100, 0, 0.0295130 },
		{ 0, 1000000, 0, 0.000002996 },
		{ 5, 100, 0.0164319, 0.1128349 },
		{ 1, 10, 0.0025286, 0.4450161 },
		{ 100, 100, 1 - 0.0295130, 1 },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
		uint64_t hits = known[i].hits, n = known[i].n;

		ck_assert_double_eq_tol(rate_low(hits, n), known[i].low, 6e-8);
		ck_assert_double_eq_tol(rate_high(hits, n), known[i].high,
					6e-8);
	}
}
END_TEST

/* Where one method gives way to the other, they agree. */
START_TEST(rates_of_many_are_those_of_few)
{
	ck_assert_double_eq_tol(rate_low(100000, 300000),
				rate_low(100001, 300003), 5e-6);
	ck_assert_double_eq_tol(rate_high(100000, 300000),
				rate_high(100001, 300003), 5e-6);
}
END_TEST

/* P(@k of @n) at rate @p. */
static double binomial(unsigned int k, unsigned int n, double p)
{
	return exp(lgamma(n + 1.) - lgamma(k + 1.) - lgamma(n - k + 1.) +
		   k * log(p) + (n - k) * log1p(-p));
}

/* Whatever the rate is, what can be seen of it leads in 95 % or more to an
 * interval that holds it; 92.5 % where the one-sided one of none counts. */
START_TEST(rates_are_held_by_their_intervals)
{
	static const double rates[] = { 0.0001, 0.001, 0.003, 0.01, 0.02,
					0.05,	0.1,   0.3,   0.5 };
	static const unsigned int ns[] = { 20, 100, 1000, 5000 };

	for (size_t i = 0; i < G_N_ELEMENTS(rates); i++) {
		for (size_t j = 0; j < G_N_ELEMENTS(ns); j++) {
			double held = 0;

			for (unsigned int k = 0; k <= ns[j]; k++) {
				double seen = binomial(k, ns[j], rates[i]);

				if (seen > 1e-9 &&
				    rate_low(k, ns[j]) <= rates[i] &&
				    rates[i] <= rate_high(k, ns[j]))
					held += seen;
			}
			ck_assert_double_ge(held, 0.925);
			ck_assert_double_le(held, 1 + 1e-9);
		}
	}
}
END_TEST

static TCase *facts_case(void)
{
	TCase *tcase = tcase_create("facts");

	tcase_add_test(tcase, facts_have_one_dot_and_are_found);
	tcase_add_test(tcase, facts_are_taken_and_spelled);
	tcase_add_test(tcase, facts_have_labels_and_keys);
	tcase_add_test(tcase, cpu_facts_are_complete);
	tcase_add_test(tcase, expectations_are_evaluated);
	tcase_add_test(tcase, wrong_expectations_are_found_before_the_run);
	return tcase;
}

static TCase *formats_case(void)
{
	TCase *tcase = tcase_create("formats");

	tcase_add_test(tcase, means_have_intervals);
	tcase_add_test(tcase, rates_have_exact_intervals);
	tcase_add_test(tcase, rates_of_many_are_those_of_few);
	tcase_add_test(tcase, rates_are_held_by_their_intervals);
	tcase_add_test(tcase, bins_of_percentiles_have_a_width);
	tcase_add_test(tcase, builds_are_paired_by_run);
	tcase_add_test(tcase, runs_without_samples_are_left_out);
	tcase_add_test(tcase, what_is_expected_of_differences_has_to_be_shown);
	tcase_add_test(tcase, percentiles_need_samples_beyond_them);
	tcase_add_test(tcase, json_text);
	tcase_add_test(tcase, csv);
	tcase_add_test(tcase, cyclictest);
	tcase_add_test(tcase, text);
	tcase_add_test(tcase, jobs);
	return tcase;
}

int main(void)
{
	Suite *suite = suite_create("report");

	suite_add_tcase(suite, facts_case());
	suite_add_tcase(suite, formats_case());
	return run_suite(suite);
}
