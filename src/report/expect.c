/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finding what an expectation speaks of, and comparing it.
 *
 * One resolver serves both ends: results are searched for the object and its
 * fact, and before a run a scenario is checked by searching a result of its
 * that has all names and no numbers.  A task that has the name of a section
 * ("locks") is reached as tasks.locks.
 */
#include <config.h>

#include "preemptsim/report/expect.h"

#include <math.h>
#include <string.h>

#include "preemptsim/report/outline.h"
#include "preemptsim/scenario/suggest.h"

/* Where a path leads. */
struct target {
	const struct fact *fact;
	const void *object;
};

/* If @path begins with @name and a dot: what is behind it, else NULL. */
static const char *behind(const char *path, const char *name)
{
	size_t n = strlen(name);

	return strncmp(path, name, n) == 0 && path[n] == '.' ? path + n + 1 :
							       NULL;
}

static char *no_such(const char *what, const char *word, const GPtrArray *known)
{
	g_autofree char *hint = NULL;
	struct suggestion search;

	suggestion_init(&search, word);
	for (unsigned int i = 0; i < known->len; i++)
		suggestion_consider(&search, known->pdata[i]);
	hint = suggestion_finish(&search);
	return g_strdup_printf("no %s '%s'%s", what, word, hint);
}

/* @path up to its first dot. */
static char *first_part(const char *path)
{
	return g_strndup(path, strcspn(path, "."));
}

/* The fact called @path among @facts; otherwise says why not. */
static const struct fact *find_fact(const struct fact *facts, const char *path,
				    char **why)
{
	const struct fact *fact = fact_find(facts, path);
	g_autoptr(GPtrArray) known = g_ptr_array_new();

	if (fact && fact->unit != UNIT_TEXT && fact->unit != UNIT_BINS)
		return fact;
	for (; facts->path; facts++)
		if (facts->unit != UNIT_TEXT && facts->unit != UNIT_BINS)
			g_ptr_array_add(known, (char *)facts->path);
	*why = no_such("measure", path, known);
	return NULL;
}

/* A task of that name, or a copy of one; names may contain dots. */
static const void *find_task(const struct results *results, const char *path,
			     const char **rest)
{
	for (unsigned int i = 0; i < results->tasks->len; i++) {
		const struct task_results *task = results->tasks->pdata[i];
		unsigned int n = task->copies ? task->copies->len : 0;

		*rest = behind(path, task->name);
		for (unsigned int k = 0; !*rest && k < n; k++) {
			const struct task_results *copy;

			copy = task->copies->pdata[k];
			*rest = behind(path, copy->name);
			if (*rest)
				return copy;
		}
		if (*rest)
			return task;
	}
	return NULL;
}

static const void *find_object(const struct fact_table *table,
			       const struct results *results, const char *path,
			       const char **rest)
{
	const GPtrArray *objects = fact_objects(table, results);

	if (table == &task_facts)
		return find_task(results, path, rest);
	for (unsigned int i = 0; i < objects->len; i++) {
		g_autofree char *name = fact_object_name(table, results, i);

		*rest = behind(path, name);
		if (*rest)
			return objects->pdata[i];
	}
	return NULL;
}

/* "no task 'x'": there is none of @table's that @path begins with. */
static char *no_object(const struct fact_table *table, const char *what,
		       const struct results *results, const char *path)
{
	g_autoptr(GPtrArray) known = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *word = first_part(path);

	for (unsigned int i = 0; i < fact_objects(table, results)->len; i++)
		g_ptr_array_add(known, fact_object_name(table, results, i));
	return no_such(what, word, known);
}

/* The rest of a path behind "locks." and the like. */
static bool resolve_in(const struct fact_table *table, const char *what,
		       const struct results *results, const char *path,
		       struct target *target, char **why)
{
	const char *rest = NULL;

	target->object = find_object(table, results, path, &rest);
	if (!target->object) {
		*why = no_object(table, what, results, path);
		return false;
	}
	target->fact = find_fact(table->facts, rest, why);
	return target->fact != NULL;
}

static bool resolve(const struct results *results, const char *path,
		    struct target *target, char **why)
{
	const struct fact_table *table;
	const char *rest;

	if (!strchr(path, '.')) {
		target->object = results;
		target->fact = find_fact(run_facts, path, why);
		return target->fact != NULL;
	}
	rest = behind(path, "warnings");
	if (rest) {
		target->object = results;
		target->fact = find_fact(warning_facts, rest, why);
		return target->fact != NULL;
	}
	for (unsigned int i = 0; (table = fact_table(i)); i++) {
		g_autofree char *what = NULL;

		rest = behind(path, table->key);
		if (!rest)
			continue;
		what = g_strndup(table->key, strlen(table->key) - 1);
		return resolve_in(table, what, results, rest, target, why);
	}
	return resolve_in(&task_facts, "task", results, path, target, why);
}

/* Does the right side of @expect fit to a fact in that unit?  Otherwise says
 * why not; to be freed. */
static char *find_misfit(const struct expect_conf *expect, enum unit unit)
{
	bool time = unit == UNIT_NS && expect->kind != EXPECT_RATIO;
	bool zero =
		expect->kind == EXPECT_DIFFERENCE && !(fabs(expect->value) > 0);

	if (time && !expect->is_time && !zero)
		return g_strdup_printf("%s is a time; write a unit behind the "
				       "number, as in 5us",
				       expect->path);
	if (!time && expect->is_time)
		return g_strdup_printf("%s is no time; write a bare number",
				       expect->kind == EXPECT_RATIO ?
					       "a ratio" :
					       expect->path);
	return NULL;
}

/* Why @expect can't be evaluated, or NULL; to be freed.  In a @faulty scenario
 * it is not known what can be missed. */
static char *find_mistake(const struct expect_conf *expect,
			  const struct results *outline, bool faulty)
{
	struct target target, other;
	char *why = NULL;

	if (!resolve(outline, expect->path, &target, &why))
		return why;
	if (!faulty && fact_get(target.fact, target.object, outline).none)
		return g_strdup_printf("there are no %s: it is nothing that "
				       "has to be kept up with, or keeps up",
				       expect->path);
	if (expect->kind != EXPECT_BUILDS)
		return find_misfit(expect, target.fact->unit);
	if (!resolve(outline, expect->other_path, &other, &why))
		return why;
	if (target.fact->unit != other.fact->unit)
		return g_strdup_printf("%s and %s have different units",
				       expect->path, expect->other_path);
	return NULL;
}

/* The objects that @path speaks of one of. */
static const struct fact_table *table_of(const char *path)
{
	const struct fact_table *table;

	for (unsigned int i = 0; (table = fact_table(i)); i++)
		if (behind(path, table->key))
			return table;
	return &task_facts;
}

/*
 * Is what is said of @path sure, although the scenario of @outline has other
 * mistakes?  Not if they may have kept out what it speaks of: chains, CPUs and
 * copies, or a whole section.
 */
static bool is_sure(const char *path, const struct results *outline)
{
	const struct fact_table *table = table_of(path);

	return table != &chain_facts && table != &cpu_facts &&
	       !strchr(path, '/') && fact_objects(table, outline)->len;
}

static bool can_be_checked(const struct scenario *scenario,
			   const struct expect_conf *expect,
			   const struct results *outline)
{
	return !scenario->faulty ||
	       (is_sure(expect->path, outline) &&
		(!expect->other_path || is_sure(expect->other_path, outline)));
}

bool expect_check(const struct scenario *scenario, GPtrArray *errors)
{
	unsigned int before = errors->len;
	struct results *outline;

	if (!scenario->expects->len)
		return true;
	outline = outline_new(scenario);
	for (unsigned int i = 0; i < scenario->expects->len; i++) {
		const struct expect_conf *expect = scenario->expects->pdata[i];
		g_autofree char *why = NULL;

		if (can_be_checked(scenario, expect, outline))
			why = find_mistake(expect, outline, scenario->faulty);
		if (why)
			g_ptr_array_add(errors,
					g_strdup_printf("%s: error: %s",
							expect->where, why));
	}
	results_free(outline);
	return errors->len == before;
}

/* Evaluation. */

bool expect_holds(double left, const char *op, double right)
{
	bool equal = left <= right && left >= right;

	if (isnan(left))
		return false;
	if (g_str_equal(op, "=="))
		return equal;
	if (g_str_equal(op, "!="))
		return !equal;
	if (op[0] == '<')
		return left < right || (op[1] == '=' && equal);
	return left > right || (op[1] == '=' && equal);
}

double expect_value(const struct results *results, const char *path)
{
	g_autofree char *why = NULL;
	struct target target;
	struct value value;

	if (!resolve(results, path, &target, &why))
		return NAN;
	value = fact_get_sure(target.fact, target.object, results);
	return value_number(&value);
}

enum unit expect_unit(const struct results *results, const char *path)
{
	g_autofree char *why = NULL;
	struct target target;

	return resolve(results, path, &target, &why) ? target.fact->unit :
						       UNIT_COUNT;
}

bool expect_percentile(const struct results *results, const char *path)
{
	g_autofree char *why = NULL;
	struct target target;

	return resolve(results, path, &target, &why) &&
	       target.fact->percent > 0;
}

bool expect_of_run(const struct expect_conf *expect)
{
	return expect->kind == EXPECT_VALUE && !expect->build;
}

/* Does @expect speak of a build by that name, or of any? */
static bool is_meant(const struct expect_conf *expect, const char *label,
		     const char *short_label)
{
	if (expect->kind != EXPECT_VALUE || !expect->build)
		return expect_of_run(expect);
	return g_strcmp0(expect->build, label) == 0 ||
	       g_strcmp0(expect->build, short_label) == 0;
}

GArray *expect_evaluate(const struct scenario *scenario,
			const struct results *results, const char *label,
			const char *short_label)
{
	GArray *outcomes;

	outcomes = g_array_new(FALSE, TRUE, sizeof(struct expect_outcome));
	for (unsigned int i = 0; i < scenario->expects->len; i++) {
		const struct expect_conf *expect = scenario->expects->pdata[i];
		struct expect_outcome outcome = { .expect = expect };
		g_autofree char *why = NULL;
		struct target target;

		if (!is_meant(expect, label, short_label))
			continue;
		if (resolve(results, expect->path, &target, &why))
			outcome.actual =
				fact_get(target.fact, target.object, results);
		outcome.holds = expect_holds(value_number(&outcome.actual),
					     expect->op, expect->value);
		g_array_append_val(outcomes, outcome);
	}
	return outcomes;
}
