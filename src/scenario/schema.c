/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The JSON Schema of a scenario (draft 2020-12), for editors that complete
 * and check while one types.
 *
 * It is generated from the tables of the reader, so it knows every key, name
 * and step, but not what depends on more than one of them: which task needs a
 * priority, or whether a lock exists.
 */
#include <config.h>

#include <json-glib/json-glib.h>
#include <string.h>

#include "distribution-private.h"
#include "preemptsim/scenario/doc.h"
#include "preemptsim/workload/step.h"
#include "reader-private.h"

#define TIME_PATTERN \
	"^-?[0-9]+(\\.[0-9]+)? ?(ns|us|\\u00b5s|\\u03bcs|ms|s|min|h|cy)$"
#define FREQ_PATTERN "^[0-9]+(\\.[0-9]+)? ?(Hz|kHz|MHz|GHz)$"
#define NAME_PATTERN "^[A-Za-z0-9_-]{1,63}$"
#define CPU_PATTERN "^[0-9]+(-[0-9]+)?(,[0-9]+(-[0-9]+)?)*$"

/* The contexts of steps, and what their definitions are called. */
static const struct {
	unsigned int where;
	const char *name;
} contexts[] = {
	{ IN_USER, "user" },
	{ IN_SYSCALL, "syscall" },
	{ IN_HARDIRQ, "hardirq" },
	{ IN_SOFTIRQ, "softirq" },
	{ IN_HARDIRQ | IN_SYSCALL, "handler" }, /* maybe a thread's */
	{ IN_USER | IN_SYSCALL, "task" },	/* maybe a kernel thread's */
};

static void text_member(JsonBuilder *b, const char *key, const char *value)
{
	json_builder_set_member_name(b, key);
	json_builder_add_string_value(b, value);
}

static void int_member(JsonBuilder *b, const char *key, int64_t value)
{
	json_builder_set_member_name(b, key);
	json_builder_add_int_value(b, value);
}

static void false_member(JsonBuilder *b, const char *key)
{
	json_builder_set_member_name(b, key);
	json_builder_add_boolean_value(b, FALSE);
}

static void begin_member(JsonBuilder *b, const char *key)
{
	json_builder_set_member_name(b, key);
	json_builder_begin_object(b);
}

static void begin_list(JsonBuilder *b, const char *key)
{
	json_builder_set_member_name(b, key);
	json_builder_begin_array(b);
}

/* "$ref": "#/$defs/PREFIXNAME" */
static void ref_member(JsonBuilder *b, const char *prefix, const char *name)
{
	g_autofree char *ref = g_strdup_printf("#/$defs/%s%s", prefix, name);

	text_member(b, "$ref", ref);
}

static void ref_object(JsonBuilder *b, const char *prefix, const char *name)
{
	json_builder_begin_object(b);
	ref_member(b, prefix, name);
	json_builder_end_object(b);
}

static void type_object(JsonBuilder *b, const char *type)
{
	json_builder_begin_object(b);
	text_member(b, "type", type);
	json_builder_end_object(b);
}

/* The name of a context's definitions. */
static const char *context_name(unsigned int where)
{
	for (size_t i = 0; i < G_N_ELEMENTS(contexts); i++) {
		if (where == contexts[i].where)
			return contexts[i].name;
	}
	return contexts[0].name;
}

static void put_enum(JsonBuilder *b, choices_fn choices)
{
	const struct choice *choice;

	begin_list(b, "enum");
	for (unsigned int i = 0; (choice = choices(i)); i++)
		json_builder_add_string_value(b, choice->name);
	json_builder_end_array(b);
}

static void put_bounds(JsonBuilder *b, const struct param *param)
{
	if (!param->min && !param->max)
		return;
	int_member(b, "minimum", param->min);
	if (param->max != INT64_MAX)
		int_member(b, "maximum", param->max);
}

static void put_keys(JsonBuilder *b, const struct param *keys,
		     const struct section *section, unsigned int where);

static void put_map(JsonBuilder *b, const struct param *param,
		    unsigned int where)
{
	const struct section *section = section_of(param->keys);

	if (section)
		ref_member(b, "section-", section->path);
	else
		put_keys(b, param->keys, NULL, where);
}

/* Members of the schema of one value. */
static void put_type(JsonBuilder *b, const struct param *param,
		     unsigned int where)
{
	switch (param->type) {
	case PARAM_NONE:
		text_member(b, "type", "null");
		break;
	case PARAM_STRING:
	case PARAM_TEXT:
		text_member(b, "type", "string");
		break;
	case PARAM_BOOL:
		text_member(b, "type", "boolean");
		break;
	case PARAM_INT:
		text_member(b, "type", "integer");
		put_bounds(b, param);
		break;
	case PARAM_DOUBLE:
		text_member(b, "type", "number");
		put_bounds(b, param);
		break;
	case PARAM_TIME:
		ref_member(b, "", "time");
		break;
	case PARAM_DIST:
		ref_member(b, "", "distribution");
		break;
	case PARAM_FREQ:
		text_member(b, "type", "string");
		text_member(b, "pattern", FREQ_PATTERN);
		break;
	case PARAM_CHOICE:
		put_enum(b, param->choices);
		break;
	case PARAM_CPUS:
		ref_member(b, "", "cpus");
		break;
	case PARAM_TIMES:
		ref_member(b, "", "times");
		break;
	case PARAM_LOCK:
	case PARAM_QUEUE:
	case PARAM_DEVICE:
	case PARAM_STREAM:
	case PARAM_GROUP:
	case PARAM_DATA:
		ref_member(b, "", "name");
		break;
	case PARAM_STEPS:
		ref_member(b, "steps-", context_name(where));
		break;
	case PARAM_MAP:
		put_map(b, param, where);
		break;
	}
}

static void type_of(JsonBuilder *b, const struct param *param,
		    unsigned int where)
{
	json_builder_begin_object(b);
	put_type(b, param, where);
	json_builder_end_object(b);
}

static void put_default(JsonBuilder *b, const struct param *param)
{
	if (!param->def || *param->def == '{' || *param->def == '[')
		return;
	json_builder_set_member_name(b, "default");
	if (param->type == PARAM_INT)
		json_builder_add_int_value(
			b, g_ascii_strtoll(param->def, NULL, 10));
	else if (param->type == PARAM_DOUBLE)
		json_builder_add_double_value(b,
					      g_ascii_strtod(param->def, NULL));
	else if (param->type == PARAM_BOOL)
		json_builder_add_boolean_value(b, !strcmp(param->def, "true"));
	else
		json_builder_add_string_value(b, param->def);
}

/* A value that may also be a word: rt_throttling: off. */
static void put_or_word(JsonBuilder *b, const struct param *param,
			unsigned int where)
{
	begin_list(b, "anyOf");
	type_of(b, param, where);
	json_builder_begin_object(b);
	begin_list(b, "enum");
	json_builder_add_string_value(b, param->word);
	if (!strcmp(param->word, "off"))
		json_builder_add_boolean_value(b, FALSE);
	json_builder_end_array(b);
	json_builder_end_object(b);
	json_builder_end_array(b);
}

static bool is_collection(const struct section *section,
			  const struct param *param, const char **path)
{
	const struct section *other = NULL;

	if (section && section->path && !*section->path)
		other = section_find(param->name);
	*path = other ? other->path : NULL;
	return other && other->form != SECTION_MAP;
}

static void put_key(JsonBuilder *b, const struct param *param,
		    const struct section *section, unsigned int where)
{
	const char *path;

	begin_member(b, param->name);
	if (is_collection(section, param, &path))
		ref_member(b, "collection-", path);
	else if (param->word)
		put_or_word(b, param, where);
	else
		put_type(b, param, where);
	text_member(b, "description", param->help);
	put_default(b, param);
	json_builder_end_object(b);
}

static void put_inline_dist(JsonBuilder *b)
{
	const struct distribution *dist;

	for (unsigned int i = 0; (dist = distribution_choice(i)); i++) {
		begin_member(b, dist->name);
		ref_member(b, "distribution-", dist->name);
		text_member(b, "description", dist->help);
		json_builder_end_object(b);
	}
}

static void put_required(JsonBuilder *b, const struct param *keys)
{
	begin_list(b, "required");
	for (; keys->name; keys++) {
		if (keys->required)
			json_builder_add_string_value(b, keys->name);
	}
	json_builder_end_array(b);
}

/* Members of the schema of a mapping by a table. */
static void put_keys(JsonBuilder *b, const struct param *keys,
		     const struct section *section, unsigned int where)
{
	begin_list(b, "type");
	json_builder_add_string_value(b, "object");
	json_builder_add_string_value(b, "null");
	json_builder_end_array(b);
	begin_member(b, "properties");
	for (const struct param *p = keys; p->name; p++)
		put_key(b, p, section, where);
	if (section && section->inline_dist)
		put_inline_dist(b);
	json_builder_end_object(b);
	put_required(b, keys);
	if (section && !*section->path) {
		begin_member(b, "patternProperties");
		begin_member(b, "^x-");
		json_builder_end_object(b);
		json_builder_end_object(b);
	}
	false_member(b, "additionalProperties");
}

static const struct param *find_key(const struct section *section,
				    const char *name)
{
	const struct param *p = section->keys;

	while (strcmp(p->name, name))
		p++;
	return p;
}

static void put_section(JsonBuilder *b, const struct section *section)
{
	unsigned int where = section->where | section->where_else;

	text_member(b, "description", section->help);
	if (!section->shorthand) {
		put_keys(b, section->keys, section, where);
		return;
	}
	begin_list(b, "anyOf");
	json_builder_begin_object(b);
	put_keys(b, section->keys, section, where);
	json_builder_end_object(b);
	type_of(b, find_key(section, section->shorthand), where);
	json_builder_end_array(b);
}

/* By name, mappings of any keys or lists of names. */
static void put_by_name(JsonBuilder *b, bool lists)
{
	begin_list(b, "type");
	json_builder_add_string_value(b, "object");
	json_builder_add_string_value(b, "null");
	json_builder_end_array(b);
	begin_member(b, "patternProperties");
	begin_member(b, NAME_PATTERN);
	if (lists) {
		text_member(b, "type", "array");
		begin_member(b, "items");
		ref_member(b, "", "name");
		json_builder_end_object(b);
	} else {
		begin_list(b, "type");
		json_builder_add_string_value(b, "object");
		json_builder_add_string_value(b, "null");
		json_builder_end_array(b);
	}
	json_builder_end_object(b);
	json_builder_end_object(b);
	false_member(b, "additionalProperties");
}

static void put_collection(JsonBuilder *b, const struct section *section)
{
	bool named = section->form == SECTION_NAMED;

	begin_list(b, "type");
	json_builder_add_string_value(b, named ? "object" : "array");
	json_builder_add_string_value(b, "null");
	json_builder_end_array(b);
	begin_member(b, named ? "patternProperties" : "items");
	if (named) {
		begin_member(b, NAME_PATTERN);
		ref_member(b, "section-", section->path);
		json_builder_end_object(b);
	} else if (section->form == SECTION_NAMES) {
		ref_member(b, "", "name");
	} else {
		text_member(b, "type", "string");
	}
	json_builder_end_object(b);
	if (named)
		false_member(b, "additionalProperties");
}

static void define_sections(JsonBuilder *b)
{
	const struct section *section;

	for (unsigned int i = 0; (section = section_at(i)); i++) {
		g_autofree char *name = NULL, *all = NULL;

		if (section->form != SECTION_MAP) {
			all = g_strdup_printf("collection-%s", section->path);
			begin_member(b, all);
			if (section->form == SECTION_SETTINGS ||
			    section->form == SECTION_LISTS)
				put_by_name(b, section->form == SECTION_LISTS);
			else
				put_collection(b, section);
			json_builder_end_object(b);
		}
		if (!section->keys || !*section->path)
			continue;
		name = g_strdup_printf("section-%s", section->path);
		begin_member(b, name);
		put_section(b, section);
		json_builder_end_object(b);
	}
}

static void put_form(JsonBuilder *b, const struct form *form)
{
	if (!form->list) {
		put_type(b, &form->takes, 0);
		return;
	}
	text_member(b, "type", "array");
	json_builder_set_member_name(b, "items");
	type_of(b, &form->takes, 0);
}

static void define_distributions(JsonBuilder *b)
{
	const struct form *form;

	for (unsigned int i = 0; (form = distribution_form(i)); i++) {
		g_autofree char *name = NULL;

		name = g_strdup_printf("distribution-%s", form->desc.name);
		begin_member(b, name);
		put_form(b, form);
		json_builder_end_object(b);
	}
	begin_member(b, "distribution");
	begin_list(b, "anyOf");
	ref_object(b, "", "time");
	json_builder_begin_object(b);
	text_member(b, "type", "object");
	begin_member(b, "properties");
	put_inline_dist(b);
	json_builder_end_object(b);
	int_member(b, "minProperties", 1);
	int_member(b, "maxProperties", 1);
	false_member(b, "additionalProperties");
	json_builder_end_object(b);
	json_builder_end_array(b);
	json_builder_end_object(b);
}

static bool takes_nothing(const struct step_type *type)
{
	return !type->keys && (!type->value || type->value->type == PARAM_NONE);
}

static void put_step(JsonBuilder *b, const struct step_type *type,
		     unsigned int where)
{
	unsigned int inside = type->body_where ? type->body_where : where;

	begin_member(b, type->name);
	text_member(b, "description", type->summary);
	if (takes_nothing(type)) {
		text_member(b, "type", "null");
	} else if (type->keys && type->value) {
		begin_list(b, "anyOf");
		type_of(b, type->value, inside);
		json_builder_begin_object(b);
		put_keys(b, type->keys, NULL, inside);
		json_builder_end_object(b);
		json_builder_end_array(b);
	} else if (type->keys) {
		put_keys(b, type->keys, NULL, inside);
	} else {
		put_type(b, type->value, inside);
	}
	json_builder_end_object(b);
}

/* The steps of a context that are words of their own. */
static void put_words(JsonBuilder *b, unsigned int where)
{
	const struct step_type *type;

	json_builder_begin_object(b);
	begin_list(b, "enum");
	for (unsigned int i = 0; (type = step_type(i)); i++) {
		if ((type->where & where) && takes_nothing(type))
			json_builder_add_string_value(b, type->name);
	}
	json_builder_end_array(b);
	json_builder_end_object(b);
}

static void put_steps(JsonBuilder *b, unsigned int where)
{
	const struct step_type *type;

	begin_list(b, "anyOf");
	json_builder_begin_object(b);
	text_member(b, "type", "object");
	begin_member(b, "properties");
	for (unsigned int i = 0; (type = step_type(i)); i++) {
		if (type->where & where)
			put_step(b, type, where);
	}
	json_builder_end_object(b);
	int_member(b, "minProperties", 1);
	int_member(b, "maxProperties", 1);
	false_member(b, "additionalProperties");
	json_builder_end_object(b);
	put_words(b, where);
	json_builder_end_array(b);
}

static void define_steps(JsonBuilder *b)
{
	for (size_t i = 0; i < G_N_ELEMENTS(contexts); i++) {
		g_autofree char *one = NULL, *list = NULL;

		one = g_strdup_printf("step-%s", contexts[i].name);
		list = g_strdup_printf("steps-%s", contexts[i].name);
		begin_member(b, one);
		put_steps(b, contexts[i].where);
		json_builder_end_object(b);
		begin_member(b, list);
		begin_list(b, "type");
		json_builder_add_string_value(b, "array");
		json_builder_add_string_value(b, "null");
		json_builder_end_array(b);
		begin_member(b, "items");
		ref_member(b, "step-", contexts[i].name);
		json_builder_end_object(b);
		json_builder_end_object(b);
	}
}

static void define_pattern(JsonBuilder *b, const char *name,
			   const char *pattern, const char *help)
{
	begin_member(b, name);
	text_member(b, "type", "string");
	text_member(b, "pattern", pattern);
	text_member(b, "description", help);
	json_builder_end_object(b);
}

/* One of the items, or a list of them. */
static void define_list(JsonBuilder *b, const char *name, const char *item)
{
	begin_member(b, name);
	begin_list(b, "anyOf");
	ref_object(b, "", item);
	json_builder_begin_object(b);
	text_member(b, "type", "array");
	begin_member(b, "items");
	ref_member(b, "", item);
	json_builder_end_object(b);
	json_builder_end_object(b);
	json_builder_end_array(b);
	json_builder_end_object(b);
}

static void define_values(JsonBuilder *b)
{
	define_pattern(b, "time", TIME_PATTERN, "a time with its unit");
	define_pattern(b, "cpu-range", CPU_PATTERN, "CPUs, as in 0-3");
	begin_member(b, "name");
	text_member(b, "type", "string");
	text_member(b, "pattern", NAME_PATTERN);
	json_builder_end_object(b);
	begin_member(b, "cpu");
	begin_list(b, "anyOf");
	type_object(b, "integer");
	ref_object(b, "", "cpu-range");
	json_builder_begin_object(b);
	text_member(b, "const", "all");
	json_builder_end_object(b);
	json_builder_end_array(b);
	json_builder_end_object(b);
	define_list(b, "cpus", "cpu");
	define_list(b, "times", "time");
}

static char *to_text(JsonBuilder *b)
{
	JsonNode *root = json_builder_get_root(b);
	char *text = json_to_string(root, TRUE);

	json_node_unref(root);
	return text;
}

/**
 * scenario_schema - the JSON Schema of a scenario.
 *
 * Returns: JSON without a final newline, to be freed.
 */
char *scenario_schema(void)
{
	const struct section *root = section_find("");
	g_autoptr(JsonBuilder) b = json_builder_new();

	json_builder_begin_object(b);
	text_member(b, "$schema",
		    "https://json-schema.org/draft/2020-12/schema");
	text_member(b, "title", "preemptsim scenario");
	put_keys(b, root->keys, root, 0);
	begin_member(b, "$defs");
	define_values(b);
	define_distributions(b);
	define_sections(b);
	define_steps(b);
	json_builder_end_object(b);
	json_builder_end_object(b);
	return to_text(b);
}
