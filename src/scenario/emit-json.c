/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writing a tree as JSON.
 */
#include <config.h>

#include "preemptsim/scenario/resolved.h"

static void put_scalar(const struct ynode *node, JsonBuilder *json)
{
	switch (ynode_type(node)) {
	case YTYPE_NULL:
		json_builder_add_null_value(json);
		break;
	case YTYPE_BOOL:
		json_builder_add_boolean_value(
			json, g_ascii_tolower(*node->text) == 't');
		break;
	case YTYPE_INT:
		json_builder_add_int_value(
			json, g_ascii_strtoll(node->text, NULL, 10));
		break;
	case YTYPE_REAL:
		json_builder_add_double_value(json,
					      g_ascii_strtod(node->text, NULL));
		break;
	case YTYPE_TEXT:
		json_builder_add_string_value(json, node->text);
		break;
	}
}

/**
 * ynode_to_json - add a tree to a JSON document as a value.
 * @node: its top
 * @json: where a value is due
 */
void ynode_to_json(const struct ynode *node, JsonBuilder *json)
{
	if (node->kind == YNODE_SCALAR) {
		put_scalar(node, json);
		return;
	}
	if (node->kind == YNODE_MAPPING)
		json_builder_begin_object(json);
	else
		json_builder_begin_array(json);
	for (unsigned int i = 0; i < ynode_size(node); i++) {
		if (node->kind == YNODE_MAPPING)
			json_builder_set_member_name(json,
						     ynode_key(node, i)->text);
		ynode_to_json(ynode_item(node, i), json);
	}
	if (node->kind == YNODE_MAPPING)
		json_builder_end_object(json);
	else
		json_builder_end_array(json);
}

/**
 * scenario_to_json - a scenario with every default filled in.
 * @scenario: a scenario
 * @json: where a value is due; gets an object in the shape of the YAML, with
 *        times as they are written, "5ms"
 */
void scenario_to_json(const struct scenario *scenario, JsonBuilder *json)
{
	ynode_to_json(scenario->resolved, json);
}
