/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Results before there are any, and the names of all that is in them.
 */
#include <config.h>

#include "preemptsim/report/outline.h"

#include <string.h>

#include "preemptsim/scenario/build.h"

static void outline_task(struct results *outline,
			 const struct scenario *scenario,
			 const struct task_conf *conf)
{
	struct task_results *task = task_results_new(conf->name);

	g_ptr_array_add(outline->tasks, task);
	if (scenario->faulty)
		return;
	task->streams = stream_of_task(scenario, conf);
	for (int64_t k = 0; conf->copies > 1 && k < conf->copies; k++)
		task_results_add_copy(task)->streams = task->streams;
}

struct results *outline_new(const struct scenario *scenario)
{
	struct results *outline = results_new();

	for (unsigned int i = 0; i < scenario->tasks->len; i++)
		outline_task(outline, scenario, scenario->tasks->pdata[i]);
	for (int64_t i = 0; i < scenario->machine.cpus; i++)
		g_ptr_array_add(outline->cpus, g_new0(struct cpu_results, 1));
	for (unsigned int i = 0; i < scenario->locks->len; i++) {
		const struct lock_conf *lock = scenario->locks->pdata[i];

		g_ptr_array_add(outline->locks,
				lock_results_new(lock->name, ""));
	}
	for (unsigned int i = 0; i < scenario->devices->len; i++) {
		const struct device_conf *conf = scenario->devices->pdata[i];
		struct device_results *device = device_results_new(conf->name);

		device->stream = conf->stream.kind;
		g_ptr_array_add(outline->devices, device);
	}
	for (unsigned int i = 0; i < scenario->groups->len; i++) {
		const struct group_conf *conf = scenario->groups->pdata[i];

		g_ptr_array_add(outline->groups, group_results_new(conf->name));
	}
	for (unsigned int i = 0; !scenario->faulty && i < scenario->chains->len;
	     i++)
		chain_names(scenario, scenario->chains->pdata[i],
			    outline->chains);
	return outline;
}

/* Walking over facts. */

/* Who is told, and what stands in front of a fact's path. */
struct walk {
	fact_fn told;
	void *data;
	const struct results *results;
};

static void tell_facts(const struct walk *walk, const char *prefix,
		       const struct fact *facts, const void *object)
{
	for (; facts->path; facts++) {
		g_autofree char *path = NULL;
		struct value value;

		if (facts->unit == UNIT_TEXT || facts->unit == UNIT_BINS)
			continue;
		value = fact_get(facts, object, walk->results);
		if (value.none)
			continue;
		path = g_strconcat(prefix, facts->path, NULL);
		walk->told(walk->data, path, &value);
	}
}

/* Would a path that begins with the task's name mean a section? */
static bool is_section(const char *name)
{
	const struct fact_table *table;

	for (unsigned int i = 0; (table = fact_table(i)); i++) {
		size_t n = strlen(table->key);

		if (!strncmp(name, table->key, n) &&
		    (!name[n] || name[n] == '.'))
			return true;
	}
	return false;
}

static void tell_task(const struct walk *walk, const struct task_results *task)
{
	bool section = is_section(task->name);
	g_autofree char *prefix = NULL;

	prefix = g_strconcat(section ? "tasks." : "", task->name, ".", NULL);
	tell_facts(walk, prefix, task_facts.facts, task);
	for (unsigned int k = 0; task->copies && k < task->copies->len; k++)
		tell_task(walk, task->copies->pdata[k]);
}

static void tell_objects(const struct walk *walk,
			 const struct fact_table *table)
{
	const GPtrArray *objects = fact_objects(table, walk->results);

	for (unsigned int i = 0; i < objects->len; i++) {
		g_autofree char *name = NULL, *prefix = NULL;

		if (table == &task_facts) {
			tell_task(walk, objects->pdata[i]);
			continue;
		}
		name = fact_object_name(table, walk->results, i);
		prefix = g_strconcat(table->key, ".", name, ".", NULL);
		tell_facts(walk, prefix, table->facts, objects->pdata[i]);
	}
}

void facts_each(const struct results *results, fact_fn told, void *data)
{
	struct walk walk = { told, data, results };
	const struct fact_table *table;

	tell_facts(&walk, "", run_facts, results);
	for (unsigned int i = 0; (table = fact_table(i)); i++)
		tell_objects(&walk, table);
}

/* The table that @path is of, and what is behind the table's name. */
static const struct fact_table *table_of(const char *path, const char **rest)
{
	const struct fact_table *table;

	for (unsigned int i = 0; (table = fact_table(i)); i++) {
		size_t n = strlen(table->key);

		*rest = path + n + 1;
		if (!strncmp(path, table->key, n) && path[n] == '.')
			return table;
	}
	*rest = path;
	return &task_facts;
}

const struct fact *fact_of_path(const char *path, size_t *object)
{
	const struct fact_table *table;
	const struct fact *fact;
	const char *rest;

	*object = 0;
	if (!strchr(path, '.'))
		return fact_find(run_facts, path);
	table = table_of(path, &rest);
	while ((rest = strchr(rest, '.'))) {
		*object = (size_t)(rest - path);
		fact = fact_find(table->facts, ++rest);
		if (fact)
			return fact;
	}
	return NULL;
}
