/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From YAML to a validated scenario.
 *
 * The order of reading follows what depends on what: the clock, which times
 * may be counted in; the names, which steps refer to; machine and kernel;
 * devices, whose periods are defaults of tasks; and tasks.  Messages are
 * sorted by place afterwards.
 */
#include <config.h>

#include <string.h>

#include "preemptsim/base/text.h"
#include "preemptsim/kernel/lock.h"

#include "model-private.h"
#include "override-private.h"
#include "yaml-private.h"

static void lock_free(gpointer data)
{
	struct lock_conf *lock = data;

	g_free(lock->name);
	g_free(lock);
}

static void lock_read(struct reader *rd, struct scenario *s,
		      const struct ynode *key, struct ynode *node,
		      const char *what)
{
	struct lock_conf *lock = g_new0(struct lock_conf, 1);

	lock->name = g_strdup(key->text);
	g_ptr_array_add(s->locks, lock);
	params_read(rd, node, section_find("locks"), what, lock);
	if (!lock_type((unsigned int)lock->type)->ceiling)
		model_misplaced(rd, node, (const char *[]){ "ceiling", NULL },
				"only a lock of type ceiling has one");
}

/**
 * model_each - read each member of a named section.
 * @rd: the reader
 * @s: the scenario
 * @path: "tasks"
 * @read: reads one
 */
void model_each(struct reader *rd, struct scenario *s, const char *path,
		model_fn read)
{
	const struct ynode *named = ynode_get(s->resolved, path);

	for (unsigned int i = 0; named->keys && i < ynode_size(named); i++) {
		const struct ynode *key = ynode_key(named, i);
		g_autofree char *word = g_strndup(path, strlen(path) - 1);
		g_autofree char *what = NULL;

		if (!name_is_valid(rd, key, word))
			continue;
		what = g_strdup_printf("%s.%s", path, key->text);
		read(rd, s, key, ynode_item(named, i), what);
	}
}

/**
 * model_misplaced - keys that can't stand where they do.
 * @rd: takes a message for each
 * @node: the mapping
 * @keys: the keys, NULL at the end
 * @why: "it goes with every"
 *
 * Returns: whether there was one.
 */
bool model_misplaced(struct reader *rd, const struct ynode *node,
		     const char *const *keys, const char *why)
{
	bool found = false;

	if (node->cut) /* what they go with may be what is missing */
		return false;
	for (; *keys; keys++) {
		int i = ynode_index(node, *keys);

		if (i < 0)
			continue;
		diag_error(rd->diags, ynode_key(node, (unsigned int)i),
			   "'%s' can't stand here; %s", *keys, why);
		found = true;
	}
	return found;
}

/**
 * model_default_time - fill in a time that depends on other keys.
 * @rd: the reader
 * @node: the mapping; is given the key if that is absent
 * @key: its name
 * @text: the time; a mistake in it is known already
 * @out: quanta; unchanged if there is one
 */
void model_default_time(struct reader *rd, struct ynode *node, const char *key,
			const char *text, ktime_t *out)
{
	const char *why;

	if (ynode_get(node, key))
		return;
	ynode_set(node, key, ynode_new_scalar(node, text, false));
	time_parse(text, &rd->tb, out, &why);
}

static GPtrArray *copy_names(const struct names *names)
{
	GPtrArray *list = g_ptr_array_new_with_free_func(g_free);

	for (guint i = 0; i < names->list->len; i++)
		g_ptr_array_add(list, g_strdup(names->list->pdata[i]));
	return list;
}

static void check_times(struct reader *rd, const struct scenario *s)
{
	const struct ynode *warmup = ynode_get(s->resolved, "warmup");
	const struct ynode *duration = ynode_get(s->resolved, "duration");

	if (s->warmup >= s->duration && s->duration)
		diag_error(rd->diags, warmup,
			   "the warmup, %s, leaves nothing "
			   "of the duration, %s; it must be shorter",
			   warmup->text, duration->text);
}

/* What was being read when the text broke off: a task of which only the beginning
 * is known is as good as none. */
static void drop_cut(struct ynode *root)
{
	for (unsigned int i = 0; i < ynode_size(root); i++) {
		struct ynode *named = ynode_item(root, i);
		const struct section *section;
		unsigned int n = ynode_size(named);

		section = section_find(ynode_key(root, i)->text);
		if (section && section->form != SECTION_MAP && named->cut &&
		    n && ynode_item(named, n - 1)->cut)
			ynode_remove(named, n - 1);
	}
}

/* Keys that begin with x- are notes, or anchors for aliases elsewhere. */
static void drop_notes(struct ynode *root)
{
	for (unsigned int i = ynode_size(root); i-- > 0;) {
		if (g_str_has_prefix(ynode_key(root, i)->text, "x-"))
			ynode_remove(root, i);
	}
}

/* The name is by default the file's, without folder and ending. */
static void fill_name(struct scenario *s)
{
	g_autofree char *base = text_printable(g_path_get_basename(s->file));
	bool is_stdin = !strcmp(s->file, "-");
	char *dot = strrchr(base, '.');

	if (ynode_get(s->resolved, "name"))
		return;
	if (dot && dot != base)
		*dot = '\0';
	ynode_set(s->resolved, "name",
		  ynode_new_scalar(s->resolved, is_stdin ? "stdin" : base,
				   false));
}

/* What is said of all that was read before. */
static void conclude(struct reader *rd, struct scenario *s)
{
	chains_read(rd, s);
	builds_read(rd, s);
	if (!rd->diags->errors)
		admission_check(rd, s);
	expects_read(rd, s);
}

static void read_all(struct reader *rd, struct scenario *s)
{
	const struct section *root = section_find("");

	rd->cut = s->resolved->cut;
	if (rd->cut)
		drop_cut(s->resolved);
	drop_notes(s->resolved);
	fill_name(s);
	machine_peek(rd, s->resolved);
	s->tb = rd->tb;
	names_collect(rd, s->resolved);
	plugins_read(rd, s->resolved);
	params_read(rd, s->resolved, root, "the scenario", s);
	machine_finish(rd, s);
	kernel_finish(rd, s);
	version_finish(rd, s);
	if (!rd->cut)
		check_times(rd, s);
	rd->locks = s->locks;
	rd->devices = s->devices;
	model_each(rd, s, "locks", lock_read);
	model_each(rd, s, "devices", device_read);
	groups_read(rd, s);
	model_each(rd, s, "tasks", task_read);
	if (!rd->cut)
		conclude(rd, s);
	s->waitqueues = copy_names(&rd->names[NAME_QUEUE]);
	s->data = copy_names(&rd->names[NAME_DATA]);
	if (!rd->diags->errors)
		names_report_unused(rd, s->resolved);
	params_order(s->resolved, root->keys);
}

static void reader_init(struct reader *rd, struct diags *diags,
			const char *folder)
{
	*rd = (struct reader){ .diags = diags, .folder = folder };
	names_init(&rd->names[NAME_LOCK], "lock");
	names_init(&rd->names[NAME_QUEUE], "wait queue or device");
	names_init(&rd->names[NAME_DEVICE], "device");
	names_init(&rd->names[NAME_GROUP], "group");
	names_init(&rd->names[NAME_DATA], "data");
	rd->serves = g_array_new(FALSE, FALSE, sizeof(bool));
}

static void reader_clear(struct reader *rd)
{
	for (unsigned int i = 0; i < NR_NAME_KINDS; i++)
		names_clear(&rd->names[i]);
	g_array_unref(rd->serves);
}

static struct scenario *scenario_new(const char *file, struct ynode *root)
{
	struct scenario *s = g_new0(struct scenario, 1);

	s->file = g_strdup(file);
	s->resolved = root;
	s->locks = g_ptr_array_new_with_free_func(lock_free);
	s->devices = g_ptr_array_new_with_free_func(device_free);
	s->groups = g_ptr_array_new_with_free_func(group_free);
	s->tasks = g_ptr_array_new_with_free_func(task_free);
	s->chains = g_ptr_array_new_with_free_func(chain_conf_free);
	s->builds = g_ptr_array_new_with_free_func(g_free);
	s->expects = g_ptr_array_new_with_free_func(expect_free);
	return s;
}

static bool is_scenario(const struct ynode *root, struct diags *diags)
{
	if (root->kind == YNODE_MAPPING)
		return true;
	if (ynode_is_null(root))
		diag_error(diags, root,
			   "the scenario is empty; it takes keys, "
			   "as in 'duration: 10s'");
	else
		diag_error(diags, root,
			   "a scenario is a mapping of keys, as "
			   "in 'duration: 10s'");
	return false;
}

/* The tree with all settings carried out, as far as they can be; NULL after
 * messages if there is none. */
static struct ynode *load_tree(const char *data, size_t len, char *label,
			       const char *const *overrides, char **build,
			       struct diags *diags)
{
	struct ynode *root = yaml_load(data, len, label, true, diags);

	if (!root || !is_scenario(root, diags)) {
		ynode_free(root);
		return NULL;
	}
	yaml_merge(root, diags);
	for (; overrides && *overrides; overrides++)
		override_apply(root, *overrides, diags);
	if (!root->cut)
		*build = builds_apply(root, diags);
	return root;
}

/* Returns NULL, or a faulty one, after messages. */
static struct scenario *load(const char *name, char *label, const char *data,
			     size_t len, const char *const *overrides,
			     struct diags *diags)
{
	g_autofree char *folder = g_path_get_dirname(name), *build = NULL;
	struct ynode *root;
	struct scenario *s;
	struct reader rd;

	root = load_tree(data, len, label, overrides, &build, diags);
	if (!root)
		return NULL;
	s = scenario_new(name, root);
	s->build = g_steal_pointer(&build);
	reader_init(&rd, diags, folder);
	read_all(&rd, s);
	reader_clear(&rd);
	s->faulty = diags->errors;
	return s;
}

static char *label_of(const char *file)
{
	return g_ref_string_new(strcmp(file, "-") ? file : "<stdin>");
}

/**
 * scenario_load_checked - read, override and validate a scenario in memory.
 *
 * See model.h.
 */
struct scenario *scenario_load_checked(const char *name, const char *data,
				       size_t len, const char *const *overrides,
				       scenario_check_fn *check,
				       GPtrArray *errors)
{
	char *label = label_of(name);
	struct scenario *s;
	struct diags diags;

	diags_init(&diags);
	s = load(name, label, data, len, overrides, &diags);
	diags_report(&diags, errors);
	diags_clear(&diags);
	g_ref_string_release(label);
	if (s && check && !check(s, errors))
		s->faulty = true;
	if (s && s->faulty)
		g_clear_pointer(&s, scenario_free);
	return s;
}

/**
 * scenario_load_memory - the same, of what this floor knows.
 *
 * See model.h.
 */
struct scenario *scenario_load_memory(const char *name, const char *data,
				      size_t len, const char *const *overrides,
				      GPtrArray *errors)
{
	return scenario_load_checked(name, data, len, overrides, NULL, errors);
}

/**
 * scenario_read - the bytes of a scenario's file.
 *
 * See model.h.
 */
bool scenario_read(const char *file, GString *text, GPtrArray *errors)
{
	char *label = label_of(file);
	struct diags diags;
	bool fine;

	diags_init(&diags);
	fine = yaml_read_file(file, label, text, &diags);
	diags_report(&diags, errors);
	diags_clear(&diags);
	g_ref_string_release(label);
	return fine;
}

/**
 * scenario_load - read, override and validate a scenario.
 *
 * See model.h.
 */
struct scenario *scenario_load(const char *file, const char *const *overrides,
			       GPtrArray *errors)
{
	g_autoptr(GString) text = g_string_new(NULL);

	if (!scenario_read(file, text, errors))
		return NULL;
	return scenario_load_memory(file, text->str, text->len, overrides,
				    errors);
}

/** scenario_free - free a scenario; NULL is fine. */
void scenario_free(struct scenario *s)
{
	if (!s)
		return;
	g_free(s->file);
	g_free(s->name);
	g_free(s->description);
	g_free(s->build);
	g_clear_pointer(&s->machine.exit_latency, g_array_unref);
	g_clear_pointer(&s->machine.target_residency, g_array_unref);
	g_clear_pointer(&s->locks, g_ptr_array_unref);
	g_clear_pointer(&s->waitqueues, g_ptr_array_unref);
	g_clear_pointer(&s->data, g_ptr_array_unref);
	g_clear_pointer(&s->devices, g_ptr_array_unref);
	g_clear_pointer(&s->groups, g_ptr_array_unref);
	g_clear_pointer(&s->tasks, g_ptr_array_unref);
	g_clear_pointer(&s->chains, g_ptr_array_unref);
	g_clear_pointer(&s->builds, g_ptr_array_unref);
	g_clear_pointer(&s->expects, g_ptr_array_unref);
	ynode_free(s->resolved);
	g_free(s);
}
