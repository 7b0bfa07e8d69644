/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names that a scenario gives: locks, wait queues, devices, shared data; and
 * the references to them.
 */
#include <config.h>

#include <string.h>

#include "reader-private.h"

/* As long as a name may be. */
#define NAME_LENGTH_MAX 63

/** names_init - no names of the kind that messages call @word. */
void names_init(struct names *names, const char *word)
{
	names->word = word;
	names->list = g_ptr_array_new_with_free_func(g_free);
	names->index = g_hash_table_new(g_str_hash, g_str_equal);
	names->used = g_array_new(FALSE, TRUE, sizeof(bool));
}

/** names_clear - free what names_init() took. */
void names_clear(struct names *names)
{
	g_hash_table_unref(names->index);
	g_ptr_array_unref(names->list);
	g_array_unref(names->used);
}

/** names_add - a new name, or the one that exists; returns its index. */
int names_add(struct names *names, const char *name)
{
	int i = names_find(names, name);
	char *copy;

	if (i >= 0)
		return i;
	copy = g_strdup(name);
	g_ptr_array_add(names->list, copy);
	g_array_set_size(names->used, names->list->len);
	g_hash_table_insert(names->index, copy,
			    GUINT_TO_POINTER(names->list->len));
	return (int)names->list->len - 1;
}

/** names_find - the index of a name, or -1. */
int names_find(const struct names *names, const char *name)
{
	return (int)GPOINTER_TO_UINT(g_hash_table_lookup(names->index, name)) -
	       1;
}

/** names_used - has names_resolve() found the @i-th? */
bool names_used(const struct names *names, unsigned int i)
{
	return g_array_index(names->used, bool, i);
}

static char *suggest_name(const struct reader *rd, const struct names *names,
			  const char *word)
{
	struct suggestion suggestion;

	if (!diags_suggest(rd->diags))
		return g_strdup("");
	if (!names->list->len)
		return g_strdup_printf("; the scenario has none");
	suggestion_init(&suggestion, word);
	for (guint i = 0; i < names->list->len; i++)
		suggestion_consider(&suggestion, names->list->pdata[i]);
	return suggestion_finish(&suggestion);
}

/**
 * names_resolve - a reference to a name.
 * @rd: the reader; takes the message if there is no such name
 * @kind: of what
 * @node: a scalar; is a text in the resolved scenario
 *
 * Returns: its index, or -1.
 */
int names_resolve(struct reader *rd, enum name_kind kind,
		  const struct ynode *node)
{
	struct names *names = &rd->names[kind];
	int i = names_find(names, node->text);
	g_autofree char *hint = NULL;

	if (i >= 0) {
		g_array_index(names->used, bool, i) = true;
		return i;
	}
	if (rd->cut)
		return -1;
	hint = suggest_name(rd, names, node->text);
	diag_error(rd->diags, node, "no %s '%s'%s", names->word, node->text,
		   hint);
	return -1;
}

/** names_resolve_server - likewise for a device that serves requests. */
int names_resolve_server(struct reader *rd, const struct ynode *node)
{
	int i = names_resolve(rd, NAME_DEVICE, node);

	if (i < 0 || g_array_index(rd->serves, bool, i))
		return i;
	diag_error(rd->diags, node,
		   "the device '%s' serves no requests; give "
		   "it service:, as in {service: 4ms}",
		   node->text);
	return -1;
}

/** names_resolve_data - likewise for shared data, which are not declared. */
int names_resolve_data(struct reader *rd, const struct ynode *node)
{
	if (!name_is_valid(rd, node, "data"))
		return -1;
	return names_add(&rd->names[NAME_DATA], node->text);
}

/**
 * name_is_valid - may a thing have this name?
 * @rd: takes the message if not
 * @node: a scalar
 * @word: what messages call the thing
 */
bool name_is_valid(struct reader *rd, const struct ynode *node,
		   const char *word)
{
	size_t len = strlen(node->text);
	size_t good = strspn(node->text,
			     G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_-");

	if (len && good == len && len <= NAME_LENGTH_MAX)
		return true;
	diag_error(rd->diags, node,
		   "'%s' can't name a %s; a name is made of 1 "
		   "to %d letters, digits, '_' and '-'",
		   node->text, word, NAME_LENGTH_MAX);
	return false;
}
