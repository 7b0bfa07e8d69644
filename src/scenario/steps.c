/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading lists of steps.
 *
 * A step is a mapping of one pair, its type and its value (`- run: 1ms`), or
 * the type alone if it takes no value (`- yield`).  What a type takes, and
 * where it may stand, is its own affair: see struct step_type.
 */
#include <config.h>

#include <string.h>

#include "preemptsim/kernel/lock.h"
#include "reader-private.h"

static const struct {
	unsigned int where;
	const char *name;
} places[] = {
	{ IN_USER, "a task's user mode" },
	{ IN_SYSCALL, "a system call" },
	{ IN_HARDIRQ, "a handler" },
	{ IN_SOFTIRQ, "a softirq" },
};

/**
 * step_places - a mask of contexts in words.
 * @where: mask of IN_...
 *
 * Returns: "a system call or a handler", to be freed.
 */
char *step_places(unsigned int where)
{
	GString *text = g_string_new(NULL);

	for (size_t i = 0; i < G_N_ELEMENTS(places); i++) {
		if (!(where & places[i].where))
			continue;
		where &= ~places[i].where;
		if (text->len)
			g_string_append(text, where & IN_ANY ? ", " : " or ");
		g_string_append(text, places[i].name);
	}
	return g_string_free(text, FALSE);
}

static const struct step_type *find_type(const char *name)
{
	const struct step_type *type;

	for (unsigned int i = 0; (type = step_type(i)); i++) {
		if (!strcmp(type->name, name))
			break;
	}
	return type;
}

/* "run:1ms" and "run 1ms", where "run: 1ms" is meant; NULL: it is neither. */
static char *missing_colon(const char *word, unsigned int where)
{
	size_t n = strcspn(word, ": ");
	const char *value = word + n + strspn(word + n, ": ");
	g_autofree char *name = g_strndup(word, n);
	const struct step_type *type = *value ? find_type(name) : NULL;

	if (!type || !(type->where & where))
		return NULL;
	return g_strdup_printf("; write '%s: %s', with a colon and a space",
			       name, value);
}

static char *step_hint(struct reader *rd, const char *word, unsigned int where)
{
	struct suggestion suggestion;
	const struct step_type *type;
	char *hint;

	if (!diags_suggest(rd->diags))
		return g_strdup("");
	hint = missing_colon(word, where);
	if (hint)
		return hint;
	suggestion_init(&suggestion, word);
	for (unsigned int i = 0; (type = step_type(i)); i++) {
		if (type->where & where)
			suggestion_consider(&suggestion, type->name);
	}
	return suggestion_finish(&suggestion);
}

static void report_unknown(struct reader *rd, const struct ynode *key,
			   unsigned int where)
{
	g_autofree char *hint = step_hint(rd, key->text, where);

	diag_error(rd->diags, key, "unknown step '%s'%s", key->text, hint);
}

/* The scalar that names the step, and its value (NULL if it has none). */
static struct ynode *head_of(struct reader *rd, struct ynode *item,
			     struct ynode **value)
{
	*value = NULL;
	if (item->kind == YNODE_SCALAR && !ynode_is_null(item))
		return item;
	if (ynode_size(item) == 1 && item->kind == YNODE_MAPPING) {
		*value = ynode_item(item, 0);
		return ynode_key(item, 0);
	}
	if (item->kind == YNODE_MAPPING && ynode_size(item) > 1)
		diag_error(rd->diags, ynode_key(item, 1),
			   "'%s' belongs to the "
			   "step '%s' as it stands here; begin each step with "
			   "'- ', and indent what a step takes",
			   ynode_key(item, 1)->text, ynode_key(item, 0)->text);
	else
		diag_error(rd->diags, item,
			   "this is no step; a step is "
			   "written as '- run: 1ms'");
	return NULL;
}

static bool may_stand(struct reader *rd, const struct ynode *key,
		      const struct step_type *type, unsigned int where)
{
	g_autofree char *here = NULL, *there = NULL;

	if ((type->where & where) == where)
		return true;
	here = step_places(where & ~type->where);
	there = step_places(type->where);
	diag_error(rd->diags, key,
		   "'%s' may not stand in %s; it may stand in "
		   "%s",
		   type->name, here, there);
	return false;
}

static unsigned int body_where(const struct step_type *type, unsigned int where)
{
	return type->body_where ? type->body_where : where;
}

/* Is @value a mapping that holds @type's keys? */
static bool is_by_keys(const struct step_type *type, const struct ynode *value)
{
	if (!type->keys || !type->value)
		return type->keys;
	if (value->kind != YNODE_MAPPING)
		return false;
	return type->value->type != PARAM_DIST || !ynode_size(value) ||
	       !is_distribution_name(ynode_key(value, 0)->text);
}

static bool read_nothing(struct reader *rd, const struct step_type *type,
			 struct ynode *value)
{
	static const struct param nothing = { .type = PARAM_NONE };

	return read_value(rd, value, &nothing, type->name, NULL);
}

static bool read_step_value(struct reader *rd, struct step *step,
			    struct ynode *value, unsigned int where)
{
	const struct step_type *type = step->type;
	struct section section = {
		.keys = type->keys,
		.where = body_where(type, where),
	};

	if (is_by_keys(type, value))
		return params_read(rd, value, &section, type->name, step);
	if (!type->value)
		return read_nothing(rd, type, value);
	return param_read(rd, value, &section, type->value, type->name,
			  (char *)step + type->value->offset);
}

/* Defaults of keys that the short form (`io: disk`) leaves out. */
static void fill_in(struct reader *rd, struct step *step,
		    const struct ynode *at)
{
	struct section section = { .keys = step->type->keys };
	struct ynode *scratch;

	for (const struct param *p = section.keys; p && p->name; p++) {
		if (!p->def || p->offset == step->type->value->offset)
			continue;
		scratch = ynode_new_scalar(at, p->def, true);
		param_read(rd, scratch, &section, p, p->name,
			   (char *)step + p->offset);
		ynode_free(scratch);
	}
}

/* Is the lock of a type that this step can take here? */
static bool lock_suits(struct reader *rd, const struct step *step,
		       const struct ynode *key, unsigned int where)
{
	const struct lock_type *type;
	struct lock_conf *lock;
	const char *why;

	if (!step->type->refuse || step->ref < 0 ||
	    (unsigned int)step->ref >= rd->locks->len)
		return true;
	lock = g_ptr_array_index(rd->locks, step->ref);
	type = lock_type((unsigned int)lock->type);
	why = step->type->refuse(step, type, where);
	if (why)
		diag_error(rd->diags, key, "'%s' cannot take '%s', a %s: %s",
			   step->type->name, lock->name, type->name, why);
	if (where & IN_USER)
		lock->in_user = true;
	return !why;
}

/* Can the step feed the device that it names? */
static bool stream_suits(struct reader *rd, const struct step *step,
			 const struct ynode *key)
{
	const struct device_conf *device;
	const char *why;

	if (!step->type->refuse_stream || step->ref < 0)
		return true;
	if ((unsigned int)step->ref >= rd->devices->len) {
		diag_error(rd->diags, key,
			   "'%s' stands above the device that it names; put "
			   "that one first",
			   step->type->name);
		return false;
	}
	device = g_ptr_array_index(rd->devices, step->ref);
	why = step->type->refuse_stream(&device->stream);
	if (why)
		diag_error(rd->diags, key, "'%s' cannot take '%s': %s",
			   step->type->name, device->name, why);
	return !why;
}

static struct step *step_of(const struct step_type *type,
			    const struct ynode *key)
{
	struct step *step = step_new(type);

	step->file = key->file;
	step->line = key->line;
	step->column = key->column;
	return step;
}

/* Returns NULL after a message. */
static struct step *read_step(struct reader *rd, struct ynode *item,
			      unsigned int where)
{
	struct ynode *value, *key = head_of(rd, item, &value);
	const struct step_type *type = key ? find_type(key->text) : NULL;
	struct ynode *none = NULL;
	struct step *step;
	bool fine;

	if (key && !type)
		report_unknown(rd, key, where);
	if (!type || !may_stand(rd, key, type, where))
		return NULL;
	key->plain = false;
	step = step_of(type, key);
	if (!value)
		value = none = ynode_new_scalar(item, "", true);
	fine = read_step_value(rd, step, value, where);
	if (fine && type->value && !is_by_keys(type, value))
		fill_in(rd, step, value);
	ynode_free(none);
	fine = fine && lock_suits(rd, step, key, where) &&
	       stream_suits(rd, step, key);
	if (!fine)
		g_clear_pointer(&step, step_free);
	return step;
}

static void free_step(gpointer step)
{
	step_free(step);
}

/**
 * read_steps - a list of steps.
 * @rd: the reader
 * @node: the list; nothing is an empty one
 * @name: what messages call it
 * @where: context in which it runs
 * @out: GPtrArray of struct step *; the old one is freed; holds the steps
 *       that were right even if others were not
 */
bool read_steps(struct reader *rd, struct ynode *node, const char *name,
		unsigned int where, GPtrArray **out)
{
	GPtrArray *steps = g_ptr_array_new_with_free_func(free_step);
	bool fine = true;

	if (ynode_is_null(node))
		ynode_become(node, YNODE_SEQUENCE);
	if (node->kind == YNODE_SCALAR) {
		diag_error(rd->diags, node,
			   "'%s' takes a list of steps, as in "
			   "[run: 1ms]",
			   name);
		fine = false;
	}
	if (node->kind == YNODE_MAPPING) {
		diag_error(rd->diags, node,
			   "'%s' takes a list of steps; begin "
			   "each with '- '",
			   name);
		fine = false;
	}
	for (unsigned int i = 0; fine && i < ynode_size(node); i++) {
		struct step *step = read_step(rd, ynode_item(node, i), where);

		if (step)
			g_ptr_array_add(steps, step);
	}
	fine = fine && steps->len == ynode_size(node);
	if (*out)
		g_ptr_array_unref(*out);
	*out = steps;
	return fine;
}
