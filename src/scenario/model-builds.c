/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Builds: named settings of a scenario, which `compare` simulates side by
 * side, and of which `build: NAME` takes one.
 *
 * A setting of a build does what the same setting does as an option -s, and
 * comes after all of these, as those of --vary do.  A mapping stands for the
 * settings of its members as far as it is a section of the scenario:
 * `kernel: {hz: 1000}` leaves the rest of the kernel as it was.
 *
 * When a build is taken, `build` and `builds` have done their work and are
 * removed: what is left is a scenario like any other.
 */
#include <config.h>

#include <string.h>

#include "model-private.h"
#include "override-private.h"

/* Is there a section at @path, or a member of a named one? */
static bool is_section(const char *path)
{
	const struct section *section = section_find(path);
	const char *dot = strchr(path, '.');
	g_autofree char *first = NULL;

	if (section)
		return section->form == SECTION_MAP ||
		       section->form == SECTION_NAMED;
	if (!dot || strchr(dot + 1, '.'))
		return false;
	first = g_strndup(path, (gsize)(dot - path));
	section = section_find(first);
	return section && section->form == SECTION_NAMED;
}

static void apply(struct ynode *root, const char *path, const struct ynode *key,
		  const struct ynode *value, struct diags *diags)
{
	if (value->kind != YNODE_MAPPING || !is_section(path)) {
		override_apply_node(root, path, key, value, diags);
		return;
	}
	for (unsigned int i = 0; i < ynode_size(value); i++) {
		const struct ynode *below = ynode_key(value, i);
		g_autofree char *longer = NULL;

		longer = g_strconcat(path, ".", below->text, NULL);
		apply(root, longer, below, ynode_item(value, i), diags);
	}
}

static bool may_be_set(const struct ynode *key, struct diags *diags)
{
	g_autofree char *first = NULL;

	first = g_strndup(key->text, strcspn(key->text, "."));
	if (strcmp(first, "build") != 0 && strcmp(first, "builds") != 0)
		return true;
	diag_error(diags, key,
		   "a build can't set '%s'; it sets other keys, "
		   "as in kernel.preempt: full",
		   key->text);
	return false;
}

/* Are these settings?  Says so if not. */
static bool are_settings(const struct ynode *node, struct diags *diags)
{
	bool fine = node->kind == YNODE_MAPPING || ynode_is_null(node);

	if (!fine)
		diag_error(diags, node,
			   "a build is a mapping of settings, as "
			   "in {kernel.preempt: full}");
	for (unsigned int i = 0; node->keys && i < ynode_size(node); i++)
		fine &= may_be_set(ynode_key(node, i), diags);
	return fine;
}

static void apply_all(struct ynode *root, const struct ynode *build,
		      struct diags *diags)
{
	if (!are_settings(build, diags))
		return;
	for (unsigned int i = 0; build->keys && i < ynode_size(build); i++) {
		const struct ynode *key = ynode_key(build, i);

		apply(root, key->text, key, ynode_item(build, i), diags);
	}
}

static void no_build(const struct ynode *builds, const struct ynode *name,
		     struct diags *diags)
{
	struct suggestion suggestion;
	g_autofree char *hint = NULL;

	suggestion_init(&suggestion, name->text);
	for (unsigned int i = 0; builds->keys && i < ynode_size(builds); i++)
		suggestion_consider(&suggestion, ynode_key(builds, i)->text);
	hint = suggestion_finish(&suggestion);
	diag_error(diags, name, "no build '%s'%s", name->text, hint);
}

static void take_out(struct ynode *root, const char *key)
{
	int i = ynode_index(root, key);

	if (i >= 0)
		ynode_remove(root, (unsigned int)i);
}

/**
 * builds_apply - carry out the settings of the build that `build` names.
 * @root: the scenario with all other settings; loses `build` and `builds`
 * @diags: takes the mistakes
 *
 * Returns: the build's name for g_free(), or NULL if none was asked for.
 */
char *builds_apply(struct ynode *root, struct diags *diags)
{
	struct ynode *name = ynode_get(root, "build");
	struct ynode *builds = ynode_get(root, "builds"), *copy;
	char *taken;

	if (!name || name->kind != YNODE_SCALAR || ynode_is_null(name))
		return NULL;
	copy = builds ? ynode_copy(builds) : ynode_new_at(YNODE_MAPPING, name);
	if (copy->kind != YNODE_MAPPING || !ynode_get(copy, name->text))
		no_build(copy, name, diags);
	else
		apply_all(root, ynode_get(copy, name->text), diags);
	taken = g_strdup(name->text);
	ynode_free(copy);
	take_out(root, "build");
	take_out(root, "builds");
	return taken;
}

/* Below @node, what YAML takes for a text is one. */
static void settle(struct ynode *node)
{
	if (node->kind == YNODE_SCALAR)
		node->plain = ynode_type(node) != YTYPE_TEXT;
	for (unsigned int i = 0; node->items && i < ynode_size(node); i++)
		settle(ynode_item(node, i));
}

/**
 * builds_read - note the names of the builds, and check their form.
 * @rd: the reader
 * @s: gets the names
 */
void builds_read(struct reader *rd, struct scenario *s)
{
	struct ynode *builds = ynode_get(s->resolved, "builds");

	if (!builds || ynode_is_null(builds))
		return;
	if (builds->kind != YNODE_MAPPING) {
		diag_error(rd->diags, builds,
			   "'builds' takes a mapping, as in "
			   "{stock: {kernel.preempt: none}}");
		return;
	}
	for (unsigned int i = 0; i < ynode_size(builds); i++) {
		const struct ynode *key = ynode_key(builds, i);

		if (name_is_valid(rd, key, "build"))
			g_ptr_array_add(s->builds, g_strdup(key->text));
		are_settings(ynode_item(builds, i), rd->diags);
	}
	settle(builds);
}
