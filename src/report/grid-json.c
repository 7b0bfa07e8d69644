/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A grid as JSON: the scenario, what varies, and an object per simulation.
 * Times are whole nanoseconds in members that end in _ns.
 */
#include <config.h>

#include <json-glib/json-glib.h>

#include "grid-private.h"
#include "preemptsim/report/json.h"

/* Grows when a member changes its meaning or goes away. */
#define SCHEMA_VERSION 1

static void name_member(JsonBuilder *json, const char *key, bool times)
{
	g_autofree char *name = g_strconcat(key, times ? "_ns" : NULL, NULL);

	json_builder_set_member_name(json, name);
}

static void add_text(JsonBuilder *json, const char *key, const char *text)
{
	json_builder_set_member_name(json, key);
	if (text)
		json_builder_add_string_value(json, text);
	else
		json_builder_add_null_value(json);
}

static void add_int(JsonBuilder *json, const char *key, int64_t n)
{
	json_builder_set_member_name(json, key);
	json_builder_add_int_value(json, n);
}

static void begin_list(JsonBuilder *json, const char *key)
{
	json_builder_set_member_name(json, key);
	json_builder_begin_array(json);
}

/* A number where it looks like one. */
static void add_setting(JsonBuilder *json, const struct grid_axis *axis,
			const struct grid_setting *setting)
{
	char *end;
	double x = g_ascii_strtod(setting->text, &end);
	gint64 n;

	if (axis->times)
		json_builder_add_int_value(json, setting->ns);
	else if (g_ascii_string_to_signed(setting->text, 10, INT64_MIN,
					  INT64_MAX, &n, NULL))
		json_builder_add_int_value(json, n);
	else if (end > setting->text && !*end)
		json_builder_add_double_value(json, x);
	else
		json_builder_add_string_value(json, setting->text);
}

static void add_value(JsonBuilder *json, const struct value *value)
{
	if (!value->known)
		json_builder_add_null_value(json);
	else if (value->unit == UNIT_TEXT)
		json_builder_add_string_value(json, value->text);
	else if (value->unit == UNIT_SHARE)
		json_builder_add_double_value(json, value->share);
	else
		json_builder_add_int_value(json, value->n);
}

static void add_too_few(JsonBuilder *json, const struct grid *grid,
			const struct grid_row *row)
{
	begin_list(json, "too_few_samples");
	for (unsigned int i = 0; i < grid->columns->len; i++) {
		g_autofree char *title = NULL;

		if (!row->values[i].few)
			continue;
		title = grid_column_title(grid_column(grid, i));
		json_builder_add_string_value(json, title);
	}
	json_builder_end_array(json);
}

/* Whether what is expected holds is not known where nothing was simulated. */
static void add_holds(JsonBuilder *json, const struct grid_row *row)
{
	json_builder_set_member_name(json, "holds");
	if (row->error)
		json_builder_add_null_value(json);
	else
		json_builder_add_boolean_value(json, row->holds);
}

static void add_row(JsonBuilder *json, const struct grid *grid,
		    const struct grid_row *row)
{
	json_builder_begin_object(json);
	json_builder_set_member_name(json, "settings");
	json_builder_begin_object(json);
	for (unsigned int i = 0; i < grid->axes->len; i++) {
		name_member(json, grid_axis(grid, i)->key,
			    grid_axis(grid, i)->times);
		add_setting(json, grid_axis(grid, i), &row->settings[i]);
	}
	json_builder_end_object(json);
	add_int(json, "run", row->run);
	json_builder_set_member_name(json, "values");
	json_builder_begin_object(json);
	for (unsigned int i = 0; i < grid->columns->len; i++) {
		name_member(json, grid_column(grid, i)->path,
			    grid_column(grid, i)->unit == UNIT_NS);
		add_value(json, &row->values[i]);
	}
	json_builder_end_object(json);
	if (grid_has_percentiles(grid))
		add_too_few(json, grid, row);
	add_holds(json, row);
	add_text(json, "error", row->error);
	json_builder_end_object(json);
}

static void add_scenario(JsonBuilder *json, const char *text)
{
	JsonNode *node = text ? json_from_string(text, NULL) : NULL;

	json_builder_set_member_name(json, "scenario");
	if (node)
		json_builder_add_value(json, node);
	else
		json_builder_add_null_value(json);
}

static void add_grid(JsonBuilder *json, const struct grid *grid)
{
	add_int(json, "schema_version", SCHEMA_VERSION);
	add_text(json, "version", PACKAGE_VERSION);
	add_text(json, "name", grid->name);
	add_scenario(json, grid->scenario);
	begin_list(json, "axes");
	for (unsigned int i = 0; i < grid->axes->len; i++)
		json_builder_add_string_value(json, grid_axis(grid, i)->key);
	json_builder_end_array(json);
	add_int(json, "runs", grid->runs);
	add_int(json, "missing", (int64_t)grid->missing);
	begin_list(json, "notes");
	for (unsigned int i = 0; i < grid->notes->len; i++)
		json_builder_add_string_value(json, grid->notes->pdata[i]);
	json_builder_end_array(json);
	begin_list(json, "rows");
	for (unsigned int i = 0; i < grid->rows->len; i++)
		add_row(json, grid, grid_row(grid, i));
	json_builder_end_array(json);
}

void grid_write_json(const struct grid *grid, bool color G_GNUC_UNUSED,
		     GString *out)
{
	g_autoptr(JsonBuilder) json = json_builder_new();
	JsonNode *root;

	json_builder_begin_object(json);
	add_grid(json, grid);
	json_builder_end_object(json);
	root = json_builder_get_root(json);
	json_print(root, out);
	json_node_unref(root);
}
