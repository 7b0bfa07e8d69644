/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which numbers are shown.  They are called as in expectations.
 */
#include <config.h>

#include <json-glib/json-glib.h>
#include <string.h>

#include "preemptsim/report/outline.h"
#include "preemptsim/scenario/suggest.h"
#include "preemptsim/sweep/sheet.h"
#include "sheet-private.h"

/* Of tasks that have jobs, or feed streams; and of others, if none has. */
static const char *const of_jobs[] = { "dropouts", NULL };
static const char *const of_all[] = { "wakeup_latency.mean",
				      "wakeup_latency.p99",
				      "wakeup_latency.max", NULL };

/* By enum stream_id. */
static const char *const of_streams[][2] = {
#define STREAM_KIND(id, missed, taken, idle, text) { #missed, NULL },
#include "preemptsim/workload/stream-kind-list.h"
#undef STREAM_KIND
};

static void append_task(GString *columns, const char *task,
			const char *const *measures)
{
	const struct fact_table *table;
	const char *prefix = "";

	for (unsigned int i = 0; (table = fact_table(i)); i++)
		if (g_str_equal(task, table->key))
			prefix = "tasks.";
	for (; *measures; measures++)
		g_string_append_printf(columns, "%s%s%s.%s",
				       columns->len ? "," : "", prefix, task,
				       *measures);
}

/* What there is to be late for. */
static void append_dropouts(GString *columns, const struct scenario *scenario,
			    const struct task_conf *task)
{
	unsigned int streams = stream_of_task(scenario, task);

	for (unsigned int i = 0; i < NR_STREAM_KINDS; i++)
		if (streams & 1u << i)
			append_task(columns, task->name, of_streams[i]);
	if (task->body == BODY_JOB && (!streams || task->deadline != KTIME_MAX))
		append_task(columns, task->name, of_jobs);
}

char *default_columns(const struct scenario *scenario)
{
	GString *columns = g_string_new(NULL);
	bool jobs = false;

	for (unsigned int i = 0; i < scenario->tasks->len; i++) {
		const struct task_conf *task = scenario->tasks->pdata[i];

		if (task->body != BODY_JOB && !stream_of_task(scenario, task))
			continue;
		append_dropouts(columns, scenario, task);
		append_task(columns, task->name, of_all);
		jobs = true;
	}
	for (unsigned int i = 0; !jobs && i < scenario->tasks->len; i++) {
		const struct task_conf *task = scenario->tasks->pdata[i];

		append_task(columns, task->name, of_all);
	}
	return g_string_free(columns, FALSE);
}

static void note_path(void *data, const char *path,
		      const struct value *value G_GNUC_UNUSED)
{
	g_ptr_array_add(data, g_strdup(path));
}

static void add_scenario(GPtrArray *known, const struct scenario *scenario)
{
	struct results *outline = outline_new(scenario);

	facts_each(outline, note_path, known);
	results_free(outline);
}

static void add_trial(GPtrArray *known, const struct trial *trial)
{
	JsonNode *root = json_from_string(trial->facts, NULL);
	JsonObjectIter iter;
	const char *path;

	if (!root)
		return;
	json_object_iter_init(&iter, json_node_get_object(root));
	while (json_object_iter_next(&iter, &path, NULL))
		g_ptr_array_add(known, g_strdup(path));
	json_node_unref(root);
}

/* The numbers of the first trial that has any. */
static void add_store(GPtrArray *known, const struct plan *plan,
		      struct store *store)
{
	bool found = false;

	for (unsigned int i = 0; !found && i < plan->nr_points; i++) {
		struct trial *trial = store_get(store, i, 0);

		found = trial && trial->facts;
		if (found)
			add_trial(known, trial);
		trial_free(trial);
	}
}

/* The last point may have more CPUs and copies than the reference. */
static void add_plan(GPtrArray *known, const struct plan *plan)
{
	g_autoptr(GPtrArray) ignored = g_ptr_array_new_with_free_func(g_free);
	struct scenario *last;

	add_scenario(known, plan->reference);
	last = plan_load(plan, plan->nr_points - 1, ignored);
	if (last)
		add_scenario(known, last);
	scenario_free(last);
}

static char *check_one(const char *path, const GPtrArray *known)
{
	g_autofree char *hint = NULL;
	struct suggestion search;
	bool found = false;

	suggestion_init(&search, path);
	for (unsigned int i = 0; i < known->len; i++) {
		found |= g_str_equal(path, known->pdata[i]);
		suggestion_consider(&search, known->pdata[i]);
	}
	hint = suggestion_finish(&search);
	if (found)
		return NULL;
	return g_strdup_printf("preemptsim: error: there is no number '%s' to "
			       "make a column of%s",
			       path, hint);
}

char *sheet_check_columns(const char *columns, const struct plan *plan,
			  struct store *store)
{
	g_autoptr(GPtrArray) known = g_ptr_array_new_with_free_func(g_free);
	g_auto(GStrv) paths = NULL;
	char *why = NULL;

	if (!columns)
		return NULL;
	if (plan->reference)
		add_plan(known, plan);
	else
		add_store(known, plan, store);
	paths = g_strsplit(columns, ",", -1);
	for (unsigned int i = 0; !why && paths[i]; i++)
		why = check_one(paths[i], known);
	return why;
}
