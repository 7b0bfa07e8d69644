/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writing a tree of JSON nodes.  json-glib has a generator, but it puts either
 * everything on one line or every number on a line of its own, and it spells
 * 0.1 as 0.10000000000000001.
 */
#include <config.h>

#include "preemptsim/report/json.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#define INDENT 2

static void print_node(JsonNode *node, GString *out, unsigned int depth);

static void newline(GString *out, unsigned int depth)
{
	g_string_append_printf(out, "\n%*s", (int)depth * INDENT, "");
}

/* The shorter of two spellings, as long as it reads back as @x. */
static void print_double(double x, GString *out)
{
	char digits[G_ASCII_DTOSTR_BUF_SIZE];

	if (!isfinite(x)) {
		g_string_append(out, "null");
		return;
	}
	g_ascii_formatd(digits, sizeof(digits), "%.15g", x);
	if (memcmp(&(double){ g_ascii_strtod(digits, NULL) }, &x, sizeof(x)))
		g_ascii_formatd(digits, sizeof(digits), "%.17g", x);
	g_string_append(out, digits);
}

static void print_char(unsigned char c, GString *out)
{
	static const char special[] = "\"\\\n\t\r";
	static const char letter[] = "\"\\ntr";
	const char *found = c ? strchr(special, c) : NULL;

	if (found)
		g_string_append_printf(out, "\\%c", letter[found - special]);
	else if (c < 0x20 || c == 0x7f)
		g_string_append_printf(out, "\\u%04x", c);
	else
		g_string_append_c(out, (char)c);
}

static void print_string(const char *text, GString *out)
{
	g_autofree char *valid = g_utf8_make_valid(text, -1);

	g_string_append_c(out, '"');
	for (const char *c = valid; *c; c++)
		print_char((unsigned char)*c, out);
	g_string_append_c(out, '"');
}

static void print_scalar(JsonNode *node, GString *out)
{
	GType type = json_node_get_value_type(node);

	if (type == G_TYPE_STRING)
		print_string(json_node_get_string(node), out);
	else if (type == G_TYPE_BOOLEAN)
		g_string_append(out,
				json_node_get_boolean(node) ? "true" : "false");
	else if (type == G_TYPE_DOUBLE)
		print_double(json_node_get_double(node), out);
	else
		g_string_append_printf(out, "%" G_GINT64_FORMAT,
				       json_node_get_int(node));
}

static void print_object(JsonObject *object, GString *out, unsigned int depth)
{
	JsonObjectIter iter;
	const char *name;
	JsonNode *node;
	bool first = true;

	if (!json_object_get_size(object)) {
		g_string_append(out, "{}");
		return;
	}
	g_string_append_c(out, '{');
	json_object_iter_init_ordered(&iter, object);
	while (json_object_iter_next_ordered(&iter, &name, &node)) {
		g_string_append(out, first ? "" : ",");
		newline(out, depth + 1);
		print_string(name, out);
		g_string_append(out, ": ");
		print_node(node, out, depth + 1);
		first = false;
	}
	newline(out, depth);
	g_string_append_c(out, '}');
}

/* Is there an object anywhere in @array? */
static bool has_object(JsonArray *array)
{
	for (unsigned int i = 0; i < json_array_get_length(array); i++) {
		JsonNode *node = json_array_get_element(array, i);

		if (JSON_NODE_HOLDS_OBJECT(node))
			return true;
		if (JSON_NODE_HOLDS_ARRAY(node) &&
		    has_object(json_node_get_array(node)))
			return true;
	}
	return false;
}

static void print_array(JsonArray *array, GString *out, unsigned int depth)
{
	bool tall = has_object(array);

	g_string_append_c(out, '[');
	for (unsigned int i = 0; i < json_array_get_length(array); i++) {
		g_string_append(out, !i ? "" : tall ? "," : ", ");
		if (tall)
			newline(out, depth + 1);
		print_node(json_array_get_element(array, i), out, depth + 1);
	}
	if (tall)
		newline(out, depth);
	g_string_append_c(out, ']');
}

static void print_node(JsonNode *node, GString *out, unsigned int depth)
{
	if (JSON_NODE_HOLDS_OBJECT(node))
		print_object(json_node_get_object(node), out, depth);
	else if (JSON_NODE_HOLDS_ARRAY(node))
		print_array(json_node_get_array(node), out, depth);
	else if (JSON_NODE_HOLDS_NULL(node))
		g_string_append(out, "null");
	else
		print_scalar(node, out);
}

void json_print(JsonNode *node, GString *out)
{
	print_node(node, out, 0);
	g_string_append_c(out, '\n');
}
