/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading mappings by tables of keys.
 *
 * While a mapping is read it is also resolved: keys that are absent are
 * filled in with their defaults, and all are put into the order of the table.
 */
#include <config.h>

#include <string.h>

#include "reader-private.h"

/*
 * struct extra - a pair that is not the table's: taken out of the mapping
 * while that is read.
 */
struct extra {
	struct ynode *key, *value;
};

/* "; did you mean ...?" for an unknown key of @section. */
static char *suggest_key(const struct reader *rd, const struct section *section,
			 const char *word)
{
	struct suggestion suggestion;

	if (!diags_suggest(rd->diags))
		return g_strdup("");
	suggestion_init(&suggestion, word);
	for (const struct param *p = section->keys; p->name; p++)
		suggestion_consider(&suggestion, p->name);
	return suggestion_finish(&suggestion);
}

static bool has_key(const struct param *keys, const char *name)
{
	for (; keys->name; keys++) {
		if (!strcmp(keys->name, name))
			return true;
	}
	return false;
}

/* Where a key that is unknown here would be right, or NULL. */
static const struct section *home_of(const char *name)
{
	const struct section *section;

	for (unsigned int i = 0; (section = section_at(i)); i++) {
		if (section->keys && *section->path &&
		    section->form == SECTION_MAP &&
		    has_key(section->keys, name))
			return section;
	}
	return NULL;
}

/* What to say of an unknown key. */
static char *hint_for(const struct reader *rd, const struct section *section,
		      const char *name)
{
	bool at_top = section->path && !*section->path;
	const struct section *home = at_top ? home_of(name) : NULL;

	if (home)
		return g_strdup_printf("; it belongs into %s", home->path);
	if (section->inline_dist && is_distribution_name(name))
		return g_strdup("; one distribution is enough");
	return suggest_key(rd, section, name);
}

static bool check_keys(struct reader *rd, const struct ynode *node,
		       const struct section *section, const char *what)
{
	bool fine = true;

	for (unsigned int i = 0; i < ynode_size(node); i++) {
		const struct ynode *key = ynode_key(node, i);
		g_autofree char *hint = NULL;

		if (has_key(section->keys, key->text))
			continue;
		hint = hint_for(rd, section, key->text);
		diag_error(rd->diags, key, "unknown key '%s' in %s%s",
			   key->text, what, hint);
		fine = false;
	}
	return fine;
}

static struct ynode *pick(GPtrArray *items, guint i)
{
	return g_steal_pointer(&items->pdata[i]);
}

/**
 * params_order - bring a mapping's pairs into the order of a table.
 * @node: a mapping; unknown keys stay behind the known ones
 * @keys: the table
 */
void params_order(struct ynode *node, const struct param *keys)
{
	GPtrArray *old_keys = node->keys, *old_items = node->items;
	struct ynode *fresh = ynode_new_at(YNODE_MAPPING, node);

	for (; keys->name; keys++) {
		int i = ynode_index(node, keys->name);

		if (i >= 0)
			ynode_add(fresh, ynode_copy(old_keys->pdata[i]),
				  pick(old_items, (guint)i));
	}
	for (guint i = 0; i < old_items->len; i++) {
		if (old_items->pdata[i])
			ynode_add(fresh, ynode_copy(old_keys->pdata[i]),
				  pick(old_items, i));
	}
	node->keys = g_steal_pointer(&fresh->keys);
	node->items = g_steal_pointer(&fresh->items);
	g_ptr_array_unref(old_keys);
	g_ptr_array_unref(old_items);
	ynode_free(fresh);
}

/**
 * params_default - fill in a key that is absent.
 * @mapping: lacks it
 * @key: its name
 * @text: the value as a user would write it; a scalar, {} or []
 *
 * Returns: the value, which belongs to the mapping.
 */
struct ynode *params_default(struct ynode *mapping, const char *key,
			     const char *text)
{
	struct ynode *value;

	if (!strcmp(text, "{}"))
		value = ynode_new_at(YNODE_MAPPING, mapping);
	else if (!strcmp(text, "[]"))
		value = ynode_new_at(YNODE_SEQUENCE, mapping);
	else
		value = ynode_new_scalar(mapping, text, true);
	ynode_set(mapping, key, value);
	return value;
}

static bool read_nested(struct reader *rd, struct ynode *node,
			const struct section *section,
			const struct param *param, const char *name, void *out)
{
	const struct section *known = section_of(param->keys);
	struct section plain = { .keys = param->keys, .where = section->where };

	return params_read(rd, node, known ? known : &plain, name, out);
}

/**
 * param_read - read one value.
 * @rd: the reader
 * @node: the value; becomes what the resolved scenario shows
 * @section: tells the context of steps
 * @param: what the value is
 * @name: what messages call it
 * @out: where it goes: at once, not at an offset
 *
 * Returns: false if there was a mistake; @out may be unchanged then.
 */
bool param_read(struct reader *rd, struct ynode *node,
		const struct section *section, const struct param *param,
		const char *name, void *out)
{
	if (param->type == PARAM_MAP)
		return read_nested(rd, node, section, param, name, out);
	if (param->type == PARAM_STEPS)
		return read_steps(rd, node, name, section->where, out);
	return read_value(rd, node, param, name, out);
}

/* Sections of their own form are read elsewhere. */
static bool is_read_elsewhere(const struct section *section,
			      const struct param *param)
{
	const struct section *other;

	if (!section->path || *section->path)
		return false;
	other = section_find(param->name);
	return other && other->form != SECTION_MAP;
}

static bool is_word_of(const struct param *param, struct ynode *node)
{
	if (!param->word || !ynode_is_word(node, param->word))
		return false;
	node->plain = false;
	return true;
}

static bool read_key(struct reader *rd, struct ynode *node,
		     const struct section *section, const struct param *param,
		     const char *what, void *base)
{
	struct ynode *value = ynode_get(node, param->name);
	g_autofree char *path = NULL;

	if (is_read_elsewhere(section, param))
		return true;
	if (!value && param->required) {
		diag_error(rd->diags, node, "%s needs '%s'; %s", what,
			   param->name, param->help);
		return false;
	}
	if (!value && param->def)
		value = params_default(node, param->name, param->def);
	if (!value || is_word_of(param, value))
		return true;
	if (param->type == PARAM_MAP && section->path && *section->path)
		path = g_strdup_printf("%s.%s", what, param->name);
	return param_read(rd, value, section, param, path ? path : param->name,
			  (char *)base + param->offset);
}

/* A scalar in place of a mapping: nothing, or the value of one key. */
static bool expand(struct reader *rd, struct ynode *node,
		   const struct section *section, const char *what)
{
	struct ynode *value;

	if (node->kind == YNODE_MAPPING)
		return true;
	if (ynode_is_null(node)) {
		ynode_become(node, YNODE_MAPPING);
		return true;
	}
	if (node->kind == YNODE_SCALAR && section->shorthand) {
		value = ynode_copy(node);
		ynode_become(node, YNODE_MAPPING);
		ynode_set(node, section->shorthand, value);
		return true;
	}
	diag_error(rd->diags, node, "%s must be a mapping, as in {%s: ...}",
		   what, section->keys[0].name);
	return false;
}

static bool take_dist(struct reader *rd, struct ynode *node,
		      const struct section *section, const char *what,
		      void *base, struct extra *extra)
{
	struct ynode *alone;
	bool fine;

	for (unsigned int i = 0; i < ynode_size(node); i++) {
		if (!is_distribution_name(ynode_key(node, i)->text))
			continue;
		extra->value = ynode_steal(node, i, &extra->key);
		break;
	}
	if (!extra->key)
		return true;
	alone = ynode_new_at(YNODE_MAPPING, extra->key);
	ynode_add(alone, extra->key, extra->value);
	fine = read_dist(
		rd, alone, what,
		(struct dist **)(void *)((char *)base + section->dist));
	extra->value = ynode_steal(alone, 0, &extra->key);
	ynode_free(alone);
	return fine;
}

/**
 * params_read - read a mapping by a table.
 * @rd: the reader; takes the messages
 * @node: the mapping, or a scalar that stands for one; is resolved
 * @section: the table and its specialties
 * @what: what messages call the mapping
 * @base: the struct that the table's offsets refer to
 *
 * Returns: false if there was a mistake.
 */
bool params_read(struct reader *rd, struct ynode *node,
		 const struct section *section, const char *what, void *base)
{
	struct extra extra = { NULL, NULL };
	bool fine = true;

	if (!expand(rd, node, section, what))
		return false;
	if (section->inline_dist)
		fine = take_dist(rd, node, section, what, base, &extra);
	fine = check_keys(rd, node, section, what) && fine;
	for (const struct param *p = section->keys; p->name; p++)
		fine = read_key(rd, node, section, p, what, base) && fine;
	params_order(node, section->keys);
	if (extra.key) {
		g_ptr_array_insert(node->keys, 0, extra.key);
		g_ptr_array_insert(node->items, 0, extra.value);
	}
	return fine;
}
