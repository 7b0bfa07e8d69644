/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Settings from the command line: `-s KEY=VALUE`.
 *
 * KEY is a path of keys and, in lists, numbers, joined by dots; VALUE is
 * YAML.  It takes effect on the tree before that is validated, so that any
 * setting is checked as if it stood in the file.  Mappings that are missing
 * on the way are created, and a scalar on the way gives way to a mapping.
 * The value null takes a key out.
 */
#include <config.h>

#include <string.h>

#include "override-private.h"
#include "preemptsim/scenario/setting.h"
#include "preemptsim/scenario/suggest.h"
#include "section-private.h"
#include "yaml-private.h"

/* No path has more parts. */
#define PARTS_MAX 48

/*
 * struct override - one setting.
 * @label: "-s KEY=VALUE", or another option, in place of a file's name; or a
 *         file
 * @line, @column: where it stands in the file; 0 in an option
 * @parts: of the path; @n of them
 * @value: the new value; owned until it is in the tree
 * @is_build: it is one of a build
 * @is_tried: its value is tried out among others
 */
struct override {
	struct diags *diags;
	char *label;
	int line, column;
	char **parts;
	unsigned int n;
	struct ynode *value;
	bool is_build, is_tried;
};

static void fail(struct override *o, const char *format, ...)
	G_GNUC_PRINTF(2, 3);

static void fail(struct override *o, const char *format, ...)
{
	g_autofree char *text = NULL;
	va_list args;

	va_start(args, format);
	text = g_strdup_vprintf(format, args);
	va_end(args);
	diag_error_at(o->diags, o->label, o->line, o->column, "%s", text);
}

/* "tasks.writer": the first @n parts. */
static char *path_of(const struct override *o, unsigned int n)
{
	GString *path = g_string_new(o->parts[0]);

	for (unsigned int i = 1; i < n; i++)
		g_string_append_printf(path, ".%s", o->parts[i]);
	return g_string_free(path, FALSE);
}

static void not_there(struct override *o, const struct ynode *named,
		      const char *kind)
{
	struct suggestion suggestion;
	g_autofree char *hint = NULL;

	suggestion_init(&suggestion, o->parts[1]);
	for (unsigned int i = 0; named && i < ynode_size(named); i++)
		suggestion_consider(&suggestion, ynode_key(named, i)->text);
	hint = suggestion_finish(&suggestion);
	fail(o, "no %.*s '%s'%s", (int)strlen(kind) - 1, kind, o->parts[1],
	     hint);
}

/* Settings in tasks.X need a task X, unless they give all of it. */
static bool check_names(struct override *o, const struct ynode *root)
{
	const struct section *section = section_find(o->parts[0]);
	const struct ynode *named = ynode_get(root, o->parts[0]);
	bool whole = o->n == 2 && (o->value->kind == YNODE_MAPPING ||
				   (section && section->shorthand));

	if (o->n < 2 || !section || section->form != SECTION_NAMED || whole)
		return true;
	if (named && ynode_get(named, o->parts[1]))
		return true;
	not_there(o, named, o->parts[0]);
	return false;
}

/* The index that the @i-th part means in a list; at most @limit. */
static bool index_of(struct override *o, unsigned int i, unsigned int size,
		     bool may_append, unsigned int *index)
{
	g_autofree char *path = path_of(o, i);
	guint64 value;

	if (!g_ascii_string_to_unsigned(o->parts[i], 10, 0, UINT32_MAX, &value,
					NULL)) {
		fail(o, "'%s' is a list; its items are called %s.0, %s.1, ...",
		     path, path, path);
		return false;
	}
	if (value < size + may_append) {
		*index = (unsigned int)value;
		return true;
	}
	if (size)
		fail(o, "the last item of '%s' is %s.%u", path, path, size - 1);
	else
		fail(o, "'%s' has no items", path);
	return false;
}

static bool is_removal(const struct override *o)
{
	return ynode_is_null(o->value) && *o->value->text;
}

/* What of @node, or below it, is from an option with one of @labels; or NULL. */
static const struct ynode *given_below(const struct ynode *node,
				       GPtrArray *labels)
{
	const struct ynode *given = NULL;

	if (g_ptr_array_find(labels, node->file, NULL))
		return node;
	for (unsigned int i = 0; node->items && !given && i < ynode_size(node);
	     i++)
		given = given_below(ynode_item(node, i), labels);
	return given;
}

/* Says so if a setting of a build takes the place of an option. */
static void warn_if_lost(struct override *o, const struct ynode *old,
			 const char *key)
{
	const struct ynode *given = given_below(old, o->diags->overrides);

	if (!given || (o->value->kind == YNODE_SCALAR &&
		       ynode_is_word(given, o->value->text)))
		return;
	diag_warning(o->diags, given, SETTING_GIVES_WAY " that sets '%s', too",
		     key);
}

/* @old, the value of @key, is about to go. */
static void take_back(struct override *o, const struct ynode *old,
		      const char *key)
{
	const struct ynode *given;

	if (o->is_build)
		warn_if_lost(o, old, key);
	given = o->is_tried ? given_below(old, o->diags->tried) : NULL;
	if (given)
		fail(o,
		     "it overwrites %s, which is tried out, too; leave one of "
		     "them out, or give the one that sets more first",
		     given->file);
}

static void put_item(struct override *o, struct ynode *node)
{
	unsigned int index, size = ynode_size(node);

	if (!index_of(o, o->n - 1, size, !is_removal(o), &index))
		return;
	if (index < size)
		take_back(o, ynode_item(node, index), o->parts[o->n - 1]);
	if (is_removal(o))
		ynode_remove(node, index);
	else if (index == size)
		ynode_append(node, g_steal_pointer(&o->value));
	else
		ynode_set_item(node, index, g_steal_pointer(&o->value));
}

/* What repeats a task is called every, but people call it a period; only that
 * of a reservation has this name in a scenario. */
static const char *last_key(const struct override *o, const struct ynode *node)
{
	const char *key = o->parts[o->n - 1];
	const struct ynode *policy;

	if (o->n != 3 || !g_str_equal(o->parts[0], "tasks") ||
	    !g_str_equal(key, "period") || !ynode_get(node, "every"))
		return key;
	policy = ynode_get(node, "policy");
	if (policy && policy->kind == YNODE_SCALAR &&
	    g_str_equal(policy->text, "deadline"))
		return key;
	return "every";
}

/* The last step of the way: @node is the last but one. */
static void put(struct override *o, struct ynode *node)
{
	const char *key = o->parts[o->n - 1];
	int at;

	if (node->kind == YNODE_SEQUENCE) {
		put_item(o, node);
		return;
	}
	key = last_key(o, node);
	at = ynode_index(node, key);
	if (at >= 0)
		take_back(o, ynode_item(node, (unsigned int)at), key);
	if (!is_removal(o))
		ynode_set(node, key, g_steal_pointer(&o->value));
	else if (at >= 0)
		ynode_remove(node, (unsigned int)at);
	else
		fail(o, "there is no '%s' that could be taken out", key);
}

static struct ynode *mapping_below(struct override *o, struct ynode *node,
				   unsigned int i)
{
	struct ynode *below = ynode_get(node, o->parts[i]);

	if (!below) {
		below = ynode_new(YNODE_MAPPING, o->label, o->line, o->column);
		ynode_set(node, o->parts[i], below);
	}
	return below;
}

/*
 * Step from @node along the @i-th part.  Scalars on the way become mappings;
 * what they said is lost unless their section has a key for it, and that is
 * expanded beforehand.
 */
static struct ynode *walk(struct override *o, struct ynode *node,
			  unsigned int i)
{
	struct ynode *below;
	unsigned int index;

	if (node->kind == YNODE_SEQUENCE) {
		if (!index_of(o, i, ynode_size(node), false, &index))
			return NULL;
		below = ynode_item(node, index);
	} else {
		below = mapping_below(o, node, i);
	}
	if (below->kind == YNODE_SCALAR) {
		take_back(o, below, o->parts[i]);
		ynode_become(below, YNODE_MAPPING);
	}
	return below;
}

static void apply(struct override *o, struct ynode *root)
{
	struct ynode *node = root;

	if (!check_names(o, root))
		return;
	for (unsigned int i = 0; node && i + 1 < o->n; i++)
		node = walk(o, node, i);
	if (node)
		put(o, node);
}

static bool parts_are_fine(struct override *o)
{
	for (unsigned int i = 0; i < o->n; i++) {
		if (!*o->parts[i]) {
			fail(o, "a part of the key is empty; write it as in "
				"kernel.preempt=full");
			return false;
		}
	}
	if (o->n > PARTS_MAX) {
		fail(o, "the key has too many parts; no key has more than %d",
		     PARTS_MAX);
		return false;
	}
	return true;
}

/* A scalar in place of a mapping becomes the mapping that it stands for. */
static void expand_shorthand(struct ynode *node, const char *key)
{
	struct ynode *value;

	if (!node || node->kind != YNODE_SCALAR || ynode_is_null(node))
		return;
	value = ynode_copy(node);
	ynode_become(node, YNODE_MAPPING);
	ynode_set(node, key, value);
}

static void expand_shorthands(struct ynode *root)
{
	const struct ynode *machine = ynode_get(root, "machine");
	const struct ynode *locks = ynode_get(root, "locks");

	if (machine)
		expand_shorthand(ynode_get(machine, "costs"), "profile");
	for (unsigned int i = 0; locks && i < ynode_size(locks); i++) {
		if (locks->kind == YNODE_MAPPING)
			expand_shorthand(ynode_item(locks, i), "type");
	}
}

/* Set @key to the value of @o, which is used up. */
static void carry_out(struct override *o, const char *key, struct ynode *root)
{
	o->parts = g_strsplit(*key ? key : ".", ".", -1);
	o->n = g_strv_length(o->parts);
	expand_shorthands(root);
	if (o->value && parts_are_fine(o) && !root->cut)
		apply(o, root);
	ynode_free(o->value);
	g_strfreev(o->parts);
}

/**
 * override_apply - carry out one setting.
 * @root: the scenario; a mapping
 * @setting: see setting.h
 * @diags: takes the mistakes
 */
void override_apply(struct ynode *root, const char *setting,
		    struct diags *diags)
{
	const char *text = setting_text(setting);
	g_autofree char *label = setting_label(setting), *key = NULL;
	const char *equals = strchr(text, '=');
	struct override o = { .diags = diags,
			      .is_tried = setting_is_tried(setting) };
	unsigned int errors;

	o.label = g_ref_string_new(label);
	diags_add_override(diags, o.label, o.is_tried);
	if (!equals) {
		fail(&o, "a setting is KEY=VALUE, as in kernel.preempt=full");
		g_ref_string_release(o.label);
		return;
	}
	key = g_strndup(text, (gsize)(equals - text));
	errors = diags->errors;
	o.value = yaml_load(equals + 1, strlen(equals + 1), o.label, false,
			    diags);
	if (diags->errors > errors)
		g_clear_pointer(&o.value, ynode_free);
	carry_out(&o, key, root);
	g_ref_string_release(o.label);
}

/**
 * override_apply_node - carry out a setting that stands in a file.
 * @root: the scenario; a mapping
 * @path: the key
 * @at: where messages point
 * @value: copied
 * @diags: takes the mistakes
 */
void override_apply_node(struct ynode *root, const char *path,
			 const struct ynode *at, const struct ynode *value,
			 struct diags *diags)
{
	struct override o = {
		.diags = diags,
		.label = at->file,
		.line = at->line,
		.column = at->column,
		.value = ynode_copy(value),
		.is_build = true,
	};

	carry_out(&o, path, root);
}
