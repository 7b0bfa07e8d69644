/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * JSON: all facts, nested by their paths, and all lists of a result.
 *
 * The tables of facts make the objects, so what stands in this file is only
 * the shape around them.  Times are whole nanoseconds in members that end in
 * _ns; what is unknown is null.  A comparison has `builds`, each shaped as a
 * run, and `differences` (see write_difference()).
 */
#include <config.h>

#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

#include "formats-private.h"
#include "grid-private.h"
#include "preemptsim/report/compare.h"
#include "preemptsim/report/diff.h"
#include "preemptsim/report/json.h"
#include "preemptsim/scenario/resolved.h"

/* Grows when a member changes its meaning or goes away. */
#define SCHEMA_VERSION 1

static void add_int(JsonBuilder *json, const char *key, int64_t n)
{
	json_builder_set_member_name(json, key);
	json_builder_add_int_value(json, n);
}

/* Text that may be NULL. */
static void add_text(JsonBuilder *json, const char *key, const char *text)
{
	json_builder_set_member_name(json, key);
	if (text)
		json_builder_add_string_value(json, text);
	else
		json_builder_add_null_value(json);
}

static void add_bool(JsonBuilder *json, const char *key, bool yes)
{
	json_builder_set_member_name(json, key);
	json_builder_add_boolean_value(json, yes);
}

/* Unlike json-glib itself, take what is not finite as unknown. */
static void add_double_value(JsonBuilder *json, double x)
{
	if (isfinite(x))
		json_builder_add_double_value(json, x);
	else
		json_builder_add_null_value(json);
}

static void add_double(JsonBuilder *json, const char *key, double x)
{
	json_builder_set_member_name(json, key);
	add_double_value(json, x);
}

static void begin_list(JsonBuilder *json, const char *key)
{
	json_builder_set_member_name(json, key);
	json_builder_begin_array(json);
}

static void add_bins(JsonBuilder *json, const struct hist *hist)
{
	unsigned int it = 0;
	int64_t upper;
	uint64_t count;

	json_builder_begin_array(json);
	while (hist_next_bin(hist, &it, &upper, &count)) {
		json_builder_begin_array(json);
		json_builder_add_int_value(json, upper);
		json_builder_add_int_value(json, (int64_t)count);
		json_builder_end_array(json);
	}
	json_builder_end_array(json);
}

static void add_value(JsonBuilder *json, const struct value *value)
{
	if (!value->known)
		json_builder_add_null_value(json);
	else if (value->unit == UNIT_BINS)
		add_bins(json, value->bins);
	else if (value->unit == UNIT_TEXT)
		json_builder_add_string_value(json, value->text);
	else if (value->unit == UNIT_SHARE)
		add_double_value(json, value->share);
	else
		json_builder_add_int_value(json, value->n);
}

/* Length of the group's name in a path, 0 if it is in none. */
static size_t group_length(const char *path)
{
	const char *dot = strchr(path, '.');

	return dot ? (size_t)(dot - path) : 0;
}

/* Close the group of @last and open that of @fact, if they are not one. */
static void change_group(JsonBuilder *json, const struct fact *last,
			 const struct fact *fact)
{
	size_t from = last ? group_length(last->path) : 0;
	size_t to = fact ? group_length(fact->path) : 0;
	g_autofree char *name = NULL;

	if (from == to && (!to || !strncmp(last->path, fact->path, to)))
		return;
	if (from)
		json_builder_end_object(json);
	if (!to)
		return;
	name = g_strndup(fact->path, to);
	json_builder_set_member_name(json, name);
	json_builder_begin_object(json);
}

/* Members for all @facts of @object, into the object that is open. */
static void add_facts(JsonBuilder *json, const struct fact *facts,
		      const void *object, const struct results *results)
{
	const struct fact *last = NULL;

	for (; facts->path; facts++) {
		struct value value = fact_get(facts, object, results);
		g_autofree char *key = NULL;

		if (value.none)
			continue;
		key = fact_key(facts);
		change_group(json, last, facts);
		json_builder_set_member_name(json, key);
		add_value(json, &value);
		last = facts;
	}
	change_group(json, last, NULL);
}

static void add_parts(JsonBuilder *json, const char *key, const GArray *blame)
{
	begin_list(json, key);
	for (unsigned int i = 0; i < blame->len; i++) {
		const struct blame *part;

		part = &g_array_index(blame, struct blame, i);
		json_builder_begin_object(json);
		add_text(json, "cause", part->cause);
		add_text(json, "by", part->by);
		add_int(json, "ns", part->ns);
		json_builder_end_object(json);
	}
	json_builder_end_array(json);
}

/* What delayed the task: over its dropouts, or else its worst latencies. */
static void add_task_blame(JsonBuilder *json, const struct task_results *task)
{
	json_builder_set_member_name(json, "blame");
	json_builder_begin_object(json);
	add_text(json, "of",
		 !task->blamed_dropouts ? "worst" :
		 task->blamed_over_ns	? "over" :
					  "dropouts");
	if (task->blamed_over_ns)
		add_int(json, "over_ns", task->blamed_over_ns);
	add_int(json, "cases", (int64_t)task->blamed);
	add_int(json, "of_cases", (int64_t)task_cases(task));
	add_parts(json, "parts", task->blame);
	json_builder_end_object(json);
}

static void add_copies(JsonBuilder *json, const struct task_results *task,
		       const struct results *results)
{
	if (!task->copies)
		return;
	begin_list(json, "copies");
	for (unsigned int i = 0; i < task->copies->len; i++) {
		const struct task_results *copy = task->copies->pdata[i];

		json_builder_begin_object(json);
		add_text(json, "name", copy->name);
		add_facts(json, task_facts.facts, copy, results);
		add_task_blame(json, copy);
		json_builder_end_object(json);
	}
	json_builder_end_array(json);
}

static void add_ns(JsonBuilder *json, const char *name, int64_t ns)
{
	struct value value = { .unit = UNIT_NS, .known = ns >= 0, .n = ns };

	json_builder_set_member_name(json, name);
	add_value(json, &value);
}

static void add_bound(JsonBuilder *json, const struct cpu_results *cpu)
{
	const struct latency_bound *bound = &cpu->bound;

	if (!cpu->bounded)
		return;
	json_builder_set_member_name(json, "latency_bound");
	json_builder_begin_object(json);
	add_ns(json, "poid_ns", bound->poid_ns);
	add_ns(json, "st_ns", bound->st_ns);
	add_ns(json, "paie_ns", bound->paie_ns);
	add_ns(json, "psd_ns", bound->psd_ns);
	add_ns(json, "bound_ns", bound->bound_ns);
	add_ns(json, "sporadic_ns", bound->sporadic_ns);
	add_int(json, "latencies", (int64_t)bound->latencies);
	add_ns(json, "latency_max_ns", bound->latency_max_ns);
	json_builder_end_object(json);
}

/* All objects of @table: by name, or as a list when they have none. */
static void add_table(JsonBuilder *json, const struct fact_table *table,
		      const struct results *results)
{
	const GPtrArray *objects = fact_objects(table, results);
	bool named = table->name >= 0;

	json_builder_set_member_name(json, table->key);
	if (named)
		json_builder_begin_object(json);
	else
		json_builder_begin_array(json);
	for (unsigned int i = 0; i < objects->len; i++) {
		g_autofree char *name = fact_object_name(table, results, i);

		if (named)
			json_builder_set_member_name(json, name);
		json_builder_begin_object(json);
		add_facts(json, table->facts, objects->pdata[i], results);
		if (table == &task_facts) {
			add_task_blame(json, objects->pdata[i]);
			add_copies(json, objects->pdata[i], results);
		}
		if (table == &cpu_facts)
			add_bound(json, objects->pdata[i]);
		json_builder_end_object(json);
	}
	if (named)
		json_builder_end_object(json);
	else
		json_builder_end_array(json);
}

static void add_worst(JsonBuilder *json, const struct results *results)
{
	begin_list(json, "worst");
	for (unsigned int i = 0; i < results->worst->len; i++) {
		const struct worst_case *worst = results->worst->pdata[i];

		json_builder_begin_object(json);
		add_text(json, "task", worst->task);
		add_text(json, "kind", latency_kind_name(worst->kind));
		add_int(json, "run", (int64_t)worst->run);
		add_int(json, "at_ns", worst->at_ns);
		add_int(json, "latency_ns", worst->latency_ns);
		add_parts(json, "blame", worst->blame);
		json_builder_end_object(json);
	}
	json_builder_end_array(json);
}

static void add_warnings(JsonBuilder *json, const struct results *results)
{
	begin_list(json, "warnings");
	for (unsigned int i = 0; i < results->warnings->len; i++) {
		const struct warning *warning = results->warnings->pdata[i];

		json_builder_begin_object(json);
		add_int(json, "run", (int64_t)warning->run);
		add_int(json, "at_ns", warning->at_ns);
		add_int(json, "cpu", warning->cpu);
		add_text(json, "kind", warning->kind);
		add_text(json, "task", warning->task);
		add_text(json, "context", warning->context);
		add_text(json, "lock", warning->lock);
		add_text(json, "text", warning->text);
		json_builder_end_object(json);
	}
	json_builder_end_array(json);
}

/* Instants at which a device found nothing; a scenario without such devices
 * has no list. */
static void add_misses(JsonBuilder *json, const struct results *results)
{
	bool any = false;

	for (unsigned int i = 0; i < results->devices->len; i++) {
		const struct device_results *device =
			results->devices->pdata[i];

		any |= device->stream >= 0;
	}
	if (!any)
		return;
	begin_list(json, "misses");
	for (unsigned int i = 0; i < results->misses->len; i++) {
		const struct miss *miss =
			&g_array_index(results->misses, struct miss, i);

		json_builder_begin_object(json);
		add_text(json, "kind", miss->kind);
		add_text(json, "device", miss->device);
		add_text(json, "task", miss->task);
		add_int(json, "run", (int64_t)miss->run);
		add_int(json, "at_ns", miss->at_ns);
		add_int(json, "since_ns", miss->since_ns);
		json_builder_end_object(json);
	}
	json_builder_end_array(json);
}

/* How many there were of each kind; all of them, also those that are not
 * listed one by one. */
static void add_warning_counts(JsonBuilder *json, const struct results *results)
{
	json_builder_set_member_name(json, "warning_counts");
	json_builder_begin_object(json);
	for (const struct fact *fact = warning_facts; fact->path; fact++) {
		struct value value = fact_get(fact, results, results);

		if (value.n)
			add_int(json, fact->path, value.n);
	}
	json_builder_end_object(json);
}

static void add_expectations(JsonBuilder *json, const struct build *build)
{
	begin_list(json, "expect");
	for (unsigned int i = 0; i < build->outcomes->len; i++) {
		const struct expect_outcome *outcome;

		outcome = &g_array_index(build->outcomes, struct expect_outcome,
					 i);
		json_builder_begin_object(json);
		add_text(json, "text", outcome->expect->text);
		json_builder_set_member_name(
			json, outcome->actual.unit == UNIT_NS ? "actual_ns" :
								"actual");
		add_value(json, &outcome->actual);
		add_bool(json, "holds", outcome->holds);
		json_builder_end_object(json);
	}
	json_builder_end_array(json);
}

/* The members of a build, into the object that is open. */
static void add_build(JsonBuilder *json, const struct build *build)
{
	const struct results *results = build->total;
	const struct fact_table *table;

	json_builder_set_member_name(json, "scenario");
	scenario_to_json(build->scenario, json);
	add_int(json, "seed", (int64_t)results->seed);
	add_int(json, "runs", build->nr_runs);
	add_bool(json, "interrupted", results->interrupted);
	add_int(json, "simulated_ns", results->simulated_ns);
	add_int(json, "events", (int64_t)results->events);
	for (unsigned int i = 0; (table = fact_table(i)); i++)
		if (table != &group_facts || results->groups->len)
			add_table(json, table, results);
	add_misses(json, results);
	add_worst(json, results);
	add_warnings(json, results);
	add_warning_counts(json, results);
	add_expectations(json, build);
}

/* A mean and its interval: whole numbers when they are times of one run. */

static void add_number(JsonBuilder *json, enum unit unit, double x)
{
	if (unit == UNIT_NS)
		json_builder_add_int_value(json, llround(x));
	else
		add_double_value(json, x);
}

static void add_estimate(JsonBuilder *json, const char *name, enum unit unit,
			 const struct estimate *e)
{
	const char *suffix = unit == UNIT_NS ? "_ns" : "";
	g_autofree char *key = g_strconcat(name, suffix, NULL);
	g_autofree char *interval = NULL;

	interval = g_strconcat(name, "_interval", suffix, NULL);
	json_builder_set_member_name(json, key);
	if (e->known)
		add_number(json, unit, e->mean);
	else
		json_builder_add_null_value(json);
	json_builder_set_member_name(json, interval);
	if (!e->known || !e->has_interval) {
		json_builder_add_null_value(json);
		return;
	}
	json_builder_begin_array(json);
	add_number(json, unit, e->mean - e->half);
	add_number(json, unit, e->mean + e->half);
	json_builder_end_array(json);
}

/*
 * One fact of one task in one build against the first build:
 *   { task, build, base, measure, base_runs, base_ns, value_ns, difference_ns,
 *     difference_interval_ns: [low, high], ratio, ratio_interval, ... }
 * The _ns is there for times only.  Intervals are of 95 %, over the runs, by
 * the method that "interval" says.  What is of the whole machine has neither task nor chain.
 */
static void write_difference(JsonBuilder *json, const struct report *report,
			     unsigned int b, unsigned int s, unsigned int k)
{
	const struct build *base = report_build(report, 0);
	const struct build *build = report_build(report, b);
	const struct fact *fact = compared_fact(base, s, k);
	struct difference d = compare_builds(base, build, s, k);
	const char *name = subject_name(base, s);
	bool task = subject_is_task(base, s);

	json_builder_begin_object(json);
	add_text(json, "task", task ? name : NULL);
	add_text(json, "chain", task ? NULL : name);
	add_text(json, "measure", fact->path);
	add_text(json, "unit", unit_name(fact->unit));
	add_text(json, "base", base->label);
	add_text(json, "build", build->label);
	add_int(json, "runs", MIN(base->nr_runs, build->nr_runs));
	add_int(json, "base_runs", d.base.runs);
	add_int(json, "value_runs", d.value.runs);
	add_int(json, "paired_runs", d.difference.runs);
	add_estimate(json, "base_value", fact->unit, &d.base);
	add_estimate(json, "value", fact->unit, &d.value);
	add_estimate(json, "difference", fact->unit, &d.difference);
	add_estimate(json, "ratio", UNIT_SHARE, &d.ratio);
	add_bool(json, "no_difference_seen", estimate_is_zero(&d.difference));
	add_bool(json, "too_few_samples", d.too_few);
	json_builder_end_object(json);
}

/* What is expected of differences, and how it fared. */
static void add_expected(JsonBuilder *json, const struct report *report)
{
	const GArray *list = report->differences;

	begin_list(json, "expect");
	for (unsigned int i = 0; list && i < list->len; i++) {
		const struct diff_outcome *outcome;

		outcome = &g_array_index(list, struct diff_outcome, i);
		json_builder_begin_object(json);
		add_text(json, "text", outcome->expect->text);
		add_text(json, "base", outcome->base);
		add_text(json, "build", outcome->build);
		add_estimate(json, "actual",
			     outcome->expect->kind == EXPECT_RATIO ?
				     UNIT_SHARE :
				     outcome->unit,
			     &outcome->actual);
		add_text(json, "unknown", outcome->unknown);
		add_bool(json, "holds", outcome->holds);
		json_builder_end_object(json);
	}
	json_builder_end_array(json);
}

static void add_differences(JsonBuilder *json, const struct report *report)
{
	const struct build *base = report_build(report, 0);

	begin_list(json, "differences");
	for (unsigned int b = 1; b < report->builds->len; b++)
		for (unsigned int s = 0; s < nr_subjects(base); s++)
			for (unsigned int k = 0; k < nr_compared(base, s); k++)
				write_difference(json, report, b, s, k);
	json_builder_end_array(json);
	add_expected(json, report);
	json_builder_set_member_name(json, "interval");
	json_builder_begin_object(json);
	add_text(json, "method", base->nr_runs > 1 ? "student_t" : NULL);
	add_double(json, "confidence", 0.95);
	json_builder_end_object(json);
}

static void add_builds(JsonBuilder *json, const struct report *report)
{
	begin_list(json, "builds");
	for (unsigned int i = 0; i < report->builds->len; i++) {
		const struct build *build = report_build(report, i);

		json_builder_begin_object(json);
		add_text(json, "label", build->label);
		add_build(json, build);
		json_builder_end_object(json);
	}
	json_builder_end_array(json);
	add_differences(json, report);
}

static void add_host(JsonBuilder *json, const struct host_facts *host)
{
	json_builder_set_member_name(json, "host");
	json_builder_begin_object(json);
	add_double(json, "wall_s", host->wall_s);
	add_double(json, "user_cpu_s", host->cpu_s);
	add_double(json, "events_per_s", host_events_per_s(host));
	json_builder_end_object(json);
}

static void write_json(const struct report *report, GString *out)
{
	g_autoptr(JsonBuilder) json = json_builder_new();
	JsonNode *root;

	json_builder_begin_object(json);
	add_int(json, "schema_version", SCHEMA_VERSION);
	add_text(json, "version", PACKAGE_VERSION);
	if (report->compared)
		add_builds(json, report);
	else
		add_build(json, report_build(report, 0));
	if (report->host)
		add_host(json, report->host);
	json_builder_end_object(json);
	root = json_builder_get_root(json);
	json_print(root, out);
	json_node_unref(root);
}

const struct report_format format_json = {
	.choice = { "json", "everything, for programs" },
	.blame = SHOWS_WORST,
	.write = write_json,
	.write_grid = grid_write_json,
};
