/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The nodes of a YAML tree: making, copying, searching and changing them.
 *
 * A mapping keeps its pairs in two arrays in the order of the text; searching
 * is linear, since mappings are read by tables of a few dozen keys.
 */
#include <config.h>

#include <stdint.h>
#include <string.h>

#include "preemptsim/scenario/yaml.h"

static void free_node(gpointer node)
{
	ynode_free(node);
}

/**
 * ynode_new - an empty node.
 * @kind: what it is; a scalar's text is "" and plain
 * @file: a reference-counted string; a reference is taken
 * @line: counted from 1, 0 if there is none
 * @column: likewise
 *
 * Returns: a node for ynode_free().
 */
struct ynode *ynode_new(enum ynode_kind kind, char *file, int line, int column)
{
	struct ynode *node = g_new0(struct ynode, 1);

	node->kind = kind;
	node->file = g_ref_string_acquire(file);
	node->line = line;
	node->column = column;
	if (kind == YNODE_SCALAR) {
		node->text = g_strdup("");
		node->plain = true;
		return node;
	}
	node->items = g_ptr_array_new_with_free_func(free_node);
	if (kind == YNODE_MAPPING)
		node->keys = g_ptr_array_new_with_free_func(free_node);
	return node;
}

/**
 * ynode_new_at - an empty node that stands where another one does.
 * @kind: what it is
 * @at: lends its place
 */
struct ynode *ynode_new_at(enum ynode_kind kind, const struct ynode *at)
{
	return ynode_new(kind, at->file, at->line, at->column);
}

/**
 * ynode_new_scalar - a scalar that stands where another node does.
 * @at: lends its place
 * @text: copied
 * @plain: as in struct ynode
 */
struct ynode *ynode_new_scalar(const struct ynode *at, const char *text,
			       bool plain)
{
	struct ynode *node = ynode_new_at(YNODE_SCALAR, at);

	g_free(node->text);
	node->text = g_strdup(text);
	node->plain = plain;
	return node;
}

/**
 * ynode_copy - a deep copy with the places of the original.
 * @node: what to copy
 */
struct ynode *ynode_copy(const struct ynode *node)
{
	struct ynode *copy;

	if (node->kind == YNODE_SCALAR) {
		copy = ynode_new_scalar(node, node->text, node->plain);
		copy->cut = node->cut;
		return copy;
	}
	copy = ynode_new_at(node->kind, node);
	copy->cut = node->cut;
	for (guint i = 0; i < node->items->len; i++) {
		if (node->keys)
			g_ptr_array_add(copy->keys,
					ynode_copy(node->keys->pdata[i]));
		g_ptr_array_add(copy->items, ynode_copy(node->items->pdata[i]));
	}
	return copy;
}

/**
 * ynode_free - free a node and all below it.
 * @node: may be NULL
 */
void ynode_free(struct ynode *node)
{
	if (!node)
		return;
	g_ref_string_release(node->file);
	g_free(node->text);
	g_clear_pointer(&node->keys, g_ptr_array_unref);
	g_clear_pointer(&node->items, g_ptr_array_unref);
	g_free(node);
}

/**
 * ynode_is_word - is it the scalar that reads @word?
 * @node: any node
 * @word: case matters
 */
bool ynode_is_word(const struct ynode *node, const char *word)
{
	return node->kind == YNODE_SCALAR && !strcmp(node->text, word);
}

/**
 * ynode_is_null - is it nothing (an empty value, null or ~)?
 * @node: any node
 */
bool ynode_is_null(const struct ynode *node)
{
	return ynode_type(node) == YTYPE_NULL;
}

static bool is_null_text(const char *text)
{
	return !*text || !strcmp(text, "~") || !strcmp(text, "null") ||
	       !strcmp(text, "Null") || !strcmp(text, "NULL");
}

static bool is_bool_text(const char *text)
{
	return !g_ascii_strcasecmp(text, "true") ||
	       !g_ascii_strcasecmp(text, "false");
}

static const char *skip_digits(const char *p)
{
	while (g_ascii_isdigit(*p))
		p++;
	return p;
}

/* [-+]digits[.digits][e[-+]digits], and a whole number if it fits. */
static enum ynode_type number_type(const char *text)
{
	const char *p = text + (*text == '-' || *text == '+');
	const char *end = skip_digits(p);
	bool whole = end > p;

	if (whole && !*end)
		return g_ascii_string_to_signed(text, 10, INT64_MIN, INT64_MAX,
						NULL, NULL) ?
			       YTYPE_INT :
			       YTYPE_REAL;
	if (*end == '.') {
		p = end + 1;
		end = skip_digits(p);
	}
	if (!whole && end == p)
		return YTYPE_TEXT;
	if (*end == 'e' || *end == 'E') {
		p = end + 1;
		p += *p == '-' || *p == '+';
		end = skip_digits(p);
		if (end == p)
			return YTYPE_TEXT;
	}
	return *end ? YTYPE_TEXT : YTYPE_REAL;
}

/**
 * ynode_type - what an unquoted scalar stands for.
 * @node: any node; one that is quoted or no scalar is YTYPE_TEXT
 */
enum ynode_type ynode_type(const struct ynode *node)
{
	if (node->kind != YNODE_SCALAR || !node->plain)
		return YTYPE_TEXT;
	if (is_null_text(node->text))
		return YTYPE_NULL;
	if (is_bool_text(node->text))
		return YTYPE_BOOL;
	return number_type(node->text);
}

/**
 * ynode_index - where a key stands.
 * @mapping: a mapping, or any other node, which has no keys
 * @key: its text
 *
 * Returns: 0, 1, ... or -1 if there is no such key.
 */
int ynode_index(const struct ynode *mapping, const char *key)
{
	for (guint i = 0; mapping->keys && i < mapping->keys->len; i++) {
		const struct ynode *at = mapping->keys->pdata[i];

		if (!strcmp(at->text, key))
			return (int)i;
	}
	return -1;
}

/**
 * ynode_get - the value of a key, or NULL.
 * @mapping: a mapping, or any other node, which has no keys
 * @key: its text
 */
struct ynode *ynode_get(const struct ynode *mapping, const char *key)
{
	int i = ynode_index(mapping, key);

	return i < 0 ? NULL : mapping->items->pdata[i];
}

/**
 * ynode_key - a mapping's @i-th key.
 * @mapping: a mapping
 * @i: below ynode_size()
 */
struct ynode *ynode_key(const struct ynode *mapping, unsigned int i)
{
	return mapping->keys->pdata[i];
}

/**
 * ynode_item - a sequence's @i-th item, or a mapping's @i-th value.
 * @node: a sequence or a mapping
 * @i: below ynode_size()
 */
struct ynode *ynode_item(const struct ynode *node, unsigned int i)
{
	return node->items->pdata[i];
}

/**
 * ynode_size - how many items or pairs.
 * @node: any node; a scalar has none
 */
unsigned int ynode_size(const struct ynode *node)
{
	return node->items ? node->items->len : 0;
}

/**
 * ynode_add - append a pair to a mapping.
 * @mapping: a mapping
 * @key: a scalar, belongs to the mapping from now on
 * @value: likewise
 */
void ynode_add(struct ynode *mapping, struct ynode *key, struct ynode *value)
{
	g_ptr_array_add(mapping->keys, key);
	g_ptr_array_add(mapping->items, value);
}

/**
 * ynode_append - append an item to a sequence.
 * @sequence: a sequence
 * @item: belongs to the sequence from now on
 */
void ynode_append(struct ynode *sequence, struct ynode *item)
{
	g_ptr_array_add(sequence->items, item);
}

/**
 * ynode_set_item - replace an item of a sequence or a value of a mapping.
 * @node: a sequence or a mapping
 * @i: below ynode_size()
 * @value: belongs to @node from now on; the old one is freed
 */
void ynode_set_item(struct ynode *node, unsigned int i, struct ynode *value)
{
	ynode_free(node->items->pdata[i]);
	node->items->pdata[i] = value;
}

/**
 * ynode_set - give a key a value, replacing the one that it has.
 * @mapping: a mapping
 * @key: its text; a new key stands where @value does
 * @value: belongs to the mapping from now on
 */
void ynode_set(struct ynode *mapping, const char *key, struct ynode *value)
{
	int i = ynode_index(mapping, key);

	if (i >= 0)
		ynode_set_item(mapping, (unsigned int)i, value);
	else
		ynode_add(mapping, ynode_new_scalar(value, key, false), value);
}

/**
 * ynode_remove - take an item or a pair out and free it.
 * @node: a sequence or a mapping
 * @i: below ynode_size()
 */
void ynode_remove(struct ynode *node, unsigned int i)
{
	if (node->keys)
		g_ptr_array_remove_index(node->keys, i);
	g_ptr_array_remove_index(node->items, i);
}

/**
 * ynode_steal - take a pair out of a mapping and keep it.
 * @mapping: a mapping
 * @i: below ynode_size()
 * @key: the key, which is the caller's from now on
 *
 * Returns: the value, the caller's too.
 */
struct ynode *ynode_steal(struct ynode *mapping, unsigned int i,
			  struct ynode **key)
{
	*key = g_ptr_array_steal_index(mapping->keys, i);
	return g_ptr_array_steal_index(mapping->items, i);
}

/**
 * ynode_become - turn a node into an empty one of another kind in its place.
 * @node: what it held is freed
 * @kind: what it becomes
 */
void ynode_become(struct ynode *node, enum ynode_kind kind)
{
	struct ynode *fresh = ynode_new_at(kind, node);
	struct ynode old = *node;

	fresh->cut = old.cut;
	*node = *fresh;
	*fresh = old;
	ynode_free(fresh);
}
