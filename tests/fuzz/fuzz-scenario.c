/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fuzz target: any bytes are a scenario, or get at least one message; and a
 * scenario that is written out reads back as the same bytes.
 *
 * What follows a NUL byte is the value of an override.
 */
#include <config.h>

#include <glib.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "preemptsim/scenario/resolved.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void show(const char *title, const char *text)
{
	g_printerr("%s:\n%s\n", title, text);
}

static void check_again(const char *yaml)
{
	g_autoptr(GPtrArray) errors = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *yaml2 = NULL;
	struct scenario *s;

	s = scenario_load_memory("again", yaml, strlen(yaml), NULL, errors);
	if (!s) {
		show("written", yaml);
		show("message", errors->pdata[0]);
		abort();
	}
	yaml2 = scenario_to_yaml(s);
	if (strcmp(yaml, yaml2)) {
		show("written", yaml);
		show("written again", yaml2);
		abort();
	}
	scenario_free(s);
}

static void check_json(const struct scenario *s)
{
	g_autoptr(JsonBuilder) builder = json_builder_new();
	g_autofree char *text = NULL;
	JsonNode *node;

	scenario_to_json(s, builder);
	node = json_builder_get_root(builder);
	text = json_to_string(node, FALSE);
	json_node_unref(node);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GPtrArray) errors = g_ptr_array_new_with_free_func(g_free);
	const uint8_t *nul = size ? memchr(data, 0, size) : NULL;
	size_t len = nul ? (size_t)(nul - data) : size;
	g_autofree char *setting = NULL, *yaml = NULL;
	const char *overrides[2] = { NULL, NULL };
	struct scenario *s;

	if (nul)
		setting = g_strndup((const char *)nul + 1, size - len - 1);
	overrides[0] = setting;
	s = scenario_load_memory("fuzz", (const char *)data, len, overrides,
				 errors);
	if (!s && !errors->len)
		abort();
	if (!s)
		return 0;
	yaml = scenario_to_yaml(s);
	check_json(s);
	scenario_free(s);
	check_again(yaml);
	return 0;
}
