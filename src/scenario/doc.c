/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The language of scenarios in words: rows for `list`, and the tables of the
 * manual page.
 */
#include <config.h>

#include <inttypes.h>
#include <string.h>

#include "distribution-private.h"
#include "preemptsim/kernel/costs.h"
#include "preemptsim/scenario/doc.h"
#include "preemptsim/workload/step.h"
#include "reader-private.h"

static const char *const type_names[] = {
	[PARAM_NONE] = "nothing",
	[PARAM_STRING] = "text",
	[PARAM_TEXT] = "text",
	[PARAM_BOOL] = "true or false",
	[PARAM_INT] = "whole number",
	[PARAM_DOUBLE] = "number",
	[PARAM_TIME] = "time",
	[PARAM_DIST] = "time or distribution",
	[PARAM_FREQ] = "frequency",
	[PARAM_CHOICE] = "one of",
	[PARAM_CPUS] = "CPUs",
	[PARAM_TIMES] = "list of times",
	[PARAM_LOCK] = "name of a lock",
	[PARAM_QUEUE] = "name of a wait queue or device",
	[PARAM_DEVICE] = "name of a device",
	[PARAM_STREAM] = "name of a device",
	[PARAM_GROUP] = "name of a group",
	[PARAM_DATA] = "any name",
	[PARAM_STEPS] = "list of steps",
	[PARAM_MAP] = "mapping",
};

static void append_choices(GString *text, choices_fn choices)
{
	const struct choice *choice;

	for (unsigned int i = 0; (choice = choices(i)); i++)
		g_string_append_printf(text, "%s%s", i ? ", " : " ",
				       choice->name);
}

static void append_range(GString *text, const struct param *param)
{
	if ((param->type != PARAM_INT && param->type != PARAM_DOUBLE) ||
	    (!param->min && !param->max))
		return;
	if (param->max == INT64_MAX)
		g_string_append_printf(text, " of at least %" PRId64,
				       param->min);
	else
		g_string_append_printf(text, " from %" PRId64 " to %" PRId64,
				       param->min, param->max);
}

/* "whole number from 1 to 99", "one of a, b; a by default" */
static char *value_text(const struct section *section,
			const struct param *param)
{
	GString *text = g_string_new(type_names[param->type]);

	if (section->path && !*section->path) {
		const struct section *other = section_find(param->name);

		if (other && (other->form == SECTION_NAMES ||
			      other->form == SECTION_TEXTS))
			g_string_assign(text, "list");
	}
	if (param->type == PARAM_CHOICE)
		append_choices(text, param->choices);
	append_range(text, param);
	if (param->word)
		g_string_append_printf(text, ", or %s", param->word);
	if (param->required)
		g_string_append(text, "; required");
	else if (param->def && *param->def != '{' && *param->def != '[')
		g_string_append_printf(text, "; %s by default", param->def);
	return g_string_free(text, FALSE);
}

/**
 * scenario_doc_section - the mappings that a scenario is made of.
 * @i: 0, 1, 2, ...
 * @help: set to a sentence about it
 *
 * Returns: its path, "tasks.NAME", "" for the scenario itself; NULL behind
 * the last.
 */
const char *scenario_doc_section(unsigned int i, const char **help)
{
	const struct section *section = section_at(i);

	if (!section)
		return NULL;
	*help = section->help;
	return section->path;
}

/**
 * scenario_doc_keys - the keys of a mapping.
 * @path: from scenario_doc_section(); any other has none
 * @row: is given each key
 * @data: for @row
 */
void scenario_doc_keys(const char *path, doc_row_fn row, void *data)
{
	const struct section *section = section_find(path);
	const struct param *p = section ? section->keys : NULL;

	for (; p && p->name; p++) {
		g_autofree char *value = value_text(section, p);

		row(p->name, value, p->help, data);
	}
}

/* Text for troff: nothing in it is a command, minus signs are ASCII. */
static void man_text(GString *out, const char *text)
{
	if (*text == '.' || *text == '\'')
		g_string_append(out, "\\&");
	for (; *text; text++) {
		if (*text == '\\')
			g_string_append(out, "\\e");
		else if (*text == '-')
			g_string_append(out, "\\-");
		else
			g_string_append_c(out, *text);
	}
}

static void man_sentence(GString *out, const char *text)
{
	g_string_append_c(out, g_ascii_toupper(*text));
	man_text(out, text + 1);
	g_string_append(out, g_str_has_suffix(text, ".") ? "\n" : ".\n");
}

/* A tagged paragraph: bold name, what it takes, and a sentence. */
static void man_row(const char *name, const char *value, const char *help,
		    void *data)
{
	GString *out = data;

	g_string_append(out, ".TP\n\\fB");
	man_text(out, name);
	g_string_append(out, "\\fR");
	if (*value) {
		g_string_append(out, " (");
		man_text(out, value);
		g_string_append_c(out, ')');
	}
	g_string_append_c(out, '\n');
	man_sentence(out, help);
}

static void man_example(GString *out, const char *text)
{
	g_string_append(out, ".br\nExample: \\f(CW");
	man_text(out, text);
	g_string_append(out, "\\fR\n");
}

static void man_section(GString *out, const struct section *section)
{
	g_string_append(out, ".SS \"");
	man_text(out, *section->path ? section->path : "The scenario");
	if (section->form == SECTION_NAMED || section->form == SECTION_LISTS ||
	    section->form == SECTION_SETTINGS)
		g_string_append(out, ".NAME");
	g_string_append(out, "\"\n");
	man_sentence(out, section->help);
	if (strcmp(section->path, "machine.costs"))
		scenario_doc_keys(section->path, man_row, out);
	else
		g_string_append(out, "The keys are listed under COSTS.\n");
}

/* The keys of a step, indented below it. */
static void man_step_keys(GString *out, const struct step_type *type)
{
	const struct section section = { .keys = type->keys };

	if (!type->keys)
		return;
	g_string_append(out, ".RS\n");
	for (const struct param *p = type->keys; p->name; p++) {
		g_autofree char *value = value_text(&section, p);

		man_row(p->name, value, p->help, out);
	}
	g_string_append(out, ".RE\n");
}

static void man_step_value(GString *out, const struct step_type *type)
{
	const struct section section = { .keys = NULL };
	g_autofree char *value = NULL;

	if (!type->value || type->value->type == PARAM_NONE)
		return;
	value = value_text(&section, type->value);
	g_string_append(out, ".br\nTakes: ");
	man_text(out, value);
	g_string_append(out, ".\n");
}

static void man_steps(GString *out)
{
	const struct step_type *type;

	g_string_append(out, ".SH STEPS\n");
	for (unsigned int i = 0; (type = step_type(i)); i++) {
		g_autofree char *where = NULL;

		where = (type->where & IN_ANY) == IN_ANY ?
				g_strdup("anywhere") :
				step_places(type->where);
		man_row(type->name, where, type->summary, out);
		man_step_value(out, type);
		if (type->example)
			man_example(out, type->example);
		man_step_keys(out, type);
	}
}

static void man_distributions(GString *out)
{
	const struct distribution *dist;

	g_string_append(out, ".SH DISTRIBUTIONS\n");
	for (unsigned int i = 0; (dist = distribution_choice(i)); i++) {
		man_row(dist->name, "", dist->help, out);
		man_example(out, dist->example);
	}
}

/* "x86-64 50ns, linux-6.1 60ns"; the profile in which all is free is none. */
static char *prices(enum cost_id id)
{
	GString *text = g_string_new(NULL);
	const struct choice *profile;

	for (unsigned int i = 0; (profile = cost_profile_choice(i)); i++) {
		if (!strcmp(profile->name, "zero"))
			continue;
		g_string_append_printf(text, "%s%s %" PRId64 "ns",
				       text->len ? ", " : "", profile->name,
				       cost_profile_ns(i, id));
	}
	return g_string_free(text, FALSE);
}

static void man_costs(GString *out)
{
	const struct choice *profile;

	g_string_append(out, ".SH COSTS\n.SS Profiles\n");
	for (unsigned int i = 0; (profile = cost_profile_choice(i)); i++)
		man_row(profile->name, "", profile->help, out);
	g_string_append(out, ".SS Prices\n");
	for (unsigned int id = 0; id < NR_COSTS; id++) {
		g_autofree char *value = prices(id);

		man_row(cost_desc(id)->name, value, cost_desc(id)->help, out);
	}
}

/**
 * scenario_doc_man - all keys, steps, distributions and costs for man(7).
 * @out: sections of a manual page are appended
 */
void scenario_doc_man(GString *out)
{
	const struct section *section;

	g_string_append(out, ".SH KEYS\n");
	for (unsigned int i = 0; (section = section_at(i)); i++)
		man_section(out, section);
	man_steps(out);
	man_distributions(out);
	man_costs(out);
}
