/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The notes of a store: what the sweep is, so that nothing else of it gets in,
 * and what a report needs besides the results.
 */
#include <config.h>

#include <json-glib/json-glib.h>
#include <string.h>

#include "axis-private.h"

#include "preemptsim/report/expect.h"
#include "preemptsim/report/json.h"
#include "preemptsim/scenario/resolved.h"
#include "preemptsim/sweep/sheet.h"
#include "sheet-private.h"

static char *json_text(JsonBuilder *json)
{
	JsonNode *root = json_builder_get_root(json);
	char *text = json_to_string(root, FALSE);

	json_node_unref(root);
	return text;
}

static char *scenario_text(const struct plan *plan)
{
	g_autoptr(JsonBuilder) json = json_builder_new();

	scenario_to_json(plan->reference, json);
	return json_text(json);
}

/* [["KEY", "VALUE", ...], ...] */
static char *axes_text(const struct plan *plan)
{
	g_autoptr(JsonBuilder) json = json_builder_new();

	json_builder_begin_array(json);
	for (unsigned int i = 0; i < plan->axes->len; i++) {
		const struct axis *axis = plan->axes->pdata[i];

		json_builder_begin_array(json);
		json_builder_add_string_value(json, axis->key);
		for (unsigned int k = 0; k < axis->values->len; k++)
			json_builder_add_string_value(json,
						      axis_value(axis, k));
		json_builder_end_array(json);
	}
	json_builder_end_array(json);
	return json_text(json);
}

/* Points are runs, no builds; what is expected of builds is not asked. */
static bool expects_anything(const struct scenario *scenario)
{
	for (unsigned int i = 0; i < scenario->expects->len; i++)
		if (expect_of_run(scenario->expects->pdata[i]))
			return true;
	return false;
}

char *sheet_claim(struct store *store, const struct plan *plan)
{
	const struct scenario *scenario = plan->reference;
	struct store_note notes[] = {
		{ "version", g_strdup(PACKAGE_VERSION) },
		{ "fingerprint", plan_fingerprint(plan) },
		{ "axes", plan_axes_text(plan) },
		{ "runs", g_strdup_printf("%u", plan->runs) },
		{ "condition", g_strdup(plan->condition ?: "") },
		{ "name", g_strdup(scenario->name) },
		{ "description", g_strdup(scenario->description ?: "") },
		{ "scenario", scenario_text(plan) },
		{ "values", axes_text(plan) },
		{ "columns", default_columns(scenario) },
		{ "expects", g_strdup(expects_anything(scenario) ? "1" : "") },
	};
	char *why = store_claim(store, notes, G_N_ELEMENTS(notes));

	for (unsigned int i = 0; i < G_N_ELEMENTS(notes); i++)
		g_free(notes[i].value);
	return why;
}

static struct axis *axis_of(JsonArray *values)
{
	const char *key = json_array_get_string_element(values, 0);
	struct axis *axis = axis_new(key, strlen(key));

	for (unsigned int i = 1; i < json_array_get_length(values); i++)
		g_ptr_array_add(
			axis->values,
			g_strdup(json_array_get_string_element(values, i)));
	return axis;
}

/* What was searched for; NULL: nothing. */
static char *condition_of(struct store *store)
{
	char *condition = store_note(store, "condition");

	if (condition && !*condition)
		g_clear_pointer(&condition, g_free);
	return condition;
}

struct plan *sheet_plan(struct store *store)
{
	g_autofree char *runs = store_note(store, "runs");
	g_autofree char *values = store_note(store, "values");
	JsonNode *root = values ? json_from_string(values, NULL) : NULL;
	struct plan *plan = NULL;

	if (runs && root && JSON_NODE_HOLDS_ARRAY(root)) {
		JsonArray *axes = json_node_get_array(root);

		plan = g_new0(struct plan, 1);
		plan->runs = (unsigned int)g_ascii_strtoull(runs, NULL, 10);
		plan->condition = condition_of(store);
		plan->nr_points = 1;
		plan->axes = g_ptr_array_new_with_free_func(axis_free);
		for (unsigned int i = 0; i < json_array_get_length(axes); i++) {
			struct axis *axis =
				axis_of(json_array_get_array_element(axes, i));

			g_ptr_array_add(plan->axes, axis);
			plan->nr_points *= axis->values->len;
		}
		axes_tell_apart(plan->axes);
	}
	g_clear_pointer(&root, json_node_unref);
	return plan;
}

struct grid *sheet_head(struct store *store, const struct plan *plan)
{
	struct grid *grid = grid_new();

	grid->name = store_note(store, "name");
	grid->description = store_note(store, "description");
	grid->scenario = store_note(store, "scenario");
	grid->runs = plan->runs;
	return grid;
}
