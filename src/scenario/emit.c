/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writing a tree as YAML: in block style, with what is short and shallow on
 * one line.
 *
 * What is written reads back as the same tree: texts that YAML would take for
 * something else are quoted, and nothing else is.
 */
#include <config.h>

#include <string.h>

#include "preemptsim/scenario/resolved.h"

#define COLUMNS 80
#define INDENT 2

/* Characters that end a plain text within brackets, or begin no plain text. */
static const char flow_signs[] = ",[]{}";
static const char start_signs[] = "-?:,[]{}#&*!|>'\"%@`";

/* Can the character be seen, and is it no line break to YAML? */
static bool is_visible(gunichar c)
{
	return c == ' ' || (g_unichar_isgraph(c) && c != 0xfeff &&
			    c != 0x2028 && c != 0x2029);
}

static bool is_printable(const char *text)
{
	for (; *text; text = g_utf8_next_char(text)) {
		if (!is_visible(g_utf8_get_char(text)))
			return false;
	}
	return true;
}

/* Would YAML itself take the text for a number, a truth value or null? */
static bool is_ambiguous(const char *text)
{
	struct ynode probe = {
		.kind = YNODE_SCALAR,
		.text = (char *)text,
		.plain = true,
	};

	return ynode_type(&probe) != YTYPE_TEXT;
}

static bool needs_quotes(const char *text)
{
	size_t len = strlen(text);

	return !len || strchr(start_signs, *text) || *text == ' ' ||
	       text[len - 1] == ' ' || text[len - 1] == ':' ||
	       strpbrk(text, flow_signs) || strstr(text, ": ") ||
	       strstr(text, " #") || !strcmp(text, "<<") ||
	       !strcmp(text, "=") || g_str_has_prefix(text, "...");
}

static void put_escaped(GString *out, const char *text)
{
	g_string_append_c(out, '"');
	for (; *text; text = g_utf8_next_char(text)) {
		gunichar c = g_utf8_get_char(text);

		if (c == '"' || c == '\\')
			g_string_append_printf(out, "\\%c", (char)c);
		else if (c == '\n')
			g_string_append(out, "\\n");
		else if (is_visible(c))
			g_string_append_unichar(out, c);
		else if (c < 0x100)
			g_string_append_printf(out, "\\x%02X", c);
		else
			g_string_append_printf(out, "\\U%08X", c);
	}
	g_string_append_c(out, '"');
}

static void put_text(GString *out, const char *text, bool is_key)
{
	if (is_printable(text) && !needs_quotes(text) &&
	    (is_key || !is_ambiguous(text)))
		g_string_append(out, text);
	else
		put_escaped(out, text);
}

static void put_scalar(GString *out, const struct ynode *node)
{
	if (node->plain && ynode_is_null(node))
		g_string_append(out, "null");
	else if (node->plain)
		g_string_append(out, node->text);
	else
		put_text(out, node->text, false);
}

static void put_flow(GString *out, const struct ynode *node)
{
	bool mapping = node->kind == YNODE_MAPPING;

	if (node->kind == YNODE_SCALAR) {
		put_scalar(out, node);
		return;
	}
	g_string_append_c(out, mapping ? '{' : '[');
	for (unsigned int i = 0; i < ynode_size(node); i++) {
		if (i)
			g_string_append(out, ", ");
		if (mapping) {
			put_text(out, ynode_key(node, i)->text, true);
			g_string_append(out, ": ");
		}
		put_flow(out, ynode_item(node, i));
	}
	g_string_append_c(out, mapping ? '}' : ']');
}

/* Lists of mappings and of sentences are easier to read in lines. */
static bool is_flat(const struct ynode *node)
{
	for (unsigned int i = 0; i < ynode_size(node); i++) {
		const struct ynode *item = ynode_item(node, i);

		if (node->kind == YNODE_SEQUENCE &&
		    (item->kind == YNODE_MAPPING ||
		     (item->kind == YNODE_SCALAR && strchr(item->text, ' '))))
			return false;
		if (!is_flat(item))
			return false;
	}
	return true;
}

/* Append @node to the line if it fits there as a whole. */
static bool try_line(GString *out, const struct ynode *node, int level)
{
	g_autoptr(GString) text = NULL;
	const char *line = strrchr(out->str, '\n');
	size_t used = strlen(line ? line + 1 : out->str);

	if (ynode_size(node) &&
	    (!is_flat(node) || (node->kind == YNODE_MAPPING && level < 2)))
		return false;
	if (ynode_size(node) > COLUMNS)
		return false;
	text = g_string_new(NULL);
	put_flow(text, node);
	if (node->kind != YNODE_SCALAR && ynode_size(node) &&
	    used + text->len + 1 > COLUMNS)
		return false;
	g_string_append_printf(out, " %s\n", text->str);
	return true;
}

static void indent(GString *out, int level)
{
	g_string_append_printf(out, "%*s", level * INDENT, "");
}

static void put_block(GString *out, const struct ynode *node, int level,
		      bool first_is_indented);

/* A value behind "key:" or "-". */
static void put_value(GString *out, const struct ynode *node, int level,
		      bool in_sequence)
{
	if (node->kind == YNODE_SCALAR && ynode_is_null(node)) {
		/* A null that is written takes a key out, in builds. */
		g_string_append(out,
				in_sequence || *node->text ? " null\n" : "\n");
	} else if (in_sequence && node->kind == YNODE_MAPPING &&
		   ynode_size(node)) {
		g_string_append_c(out, ' ');
		put_block(out, node, level, true);
	} else if (!try_line(out, node, level)) {
		g_string_append_c(out, '\n');
		put_block(out, node, level, false);
	}
}

static void put_block(GString *out, const struct ynode *node, int level,
		      bool first_is_indented)
{
	bool mapping = node->kind == YNODE_MAPPING;

	for (unsigned int i = 0; i < ynode_size(node); i++) {
		if (i || !first_is_indented)
			indent(out, level);
		if (mapping) {
			put_text(out, ynode_key(node, i)->text, true);
			g_string_append_c(out, ':');
		} else {
			g_string_append_c(out, '-');
		}
		put_value(out, ynode_item(node, i), level + 1, !mapping);
	}
}

/**
 * ynode_to_yaml - write a tree.
 * @node: its top; scalars that are plain are numbers, truth values or null,
 *        the others are texts
 *
 * Returns: lines of YAML, to be freed.
 */
char *ynode_to_yaml(const struct ynode *node)
{
	GString *out = g_string_new(NULL);

	if (!ynode_size(node)) {
		put_flow(out, node);
		g_string_append_c(out, '\n');
	} else {
		put_block(out, node, 0, false);
	}
	return g_string_free(out, FALSE);
}

/**
 * scenario_to_yaml - a scenario with every default filled in.
 * @scenario: a scenario
 *
 * Reads back as the same scenario, and is written again as the same bytes.
 *
 * Returns: lines of YAML, to be freed.
 */
char *scenario_to_yaml(const struct scenario *scenario)
{
	return ynode_to_yaml(scenario->resolved);
}
