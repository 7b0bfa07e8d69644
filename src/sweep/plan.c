/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From axes to points, and from a point to its scenario.
 *
 * A point is a number; what it stands for is computed.  The file is read once,
 * so that who edits it while a sweep goes on does not change half of it.
 */
#include <config.h>

#include "preemptsim/sweep/plan.h"

#include <string.h>

#include "preemptsim/report/expect.h"
#include "preemptsim/scenario/resolved.h"
#include "preemptsim/scenario/setting.h"

/* So many points are tried in search of a valid one. */
#define TRIES_MAX 4096

static GPtrArray *copy_texts(const GPtrArray *from)
{
	GPtrArray *to = g_ptr_array_new_with_free_func(g_free);

	for (unsigned int i = 0; i < from->len; i++)
		g_ptr_array_add(to, g_strdup(from->pdata[i]));
	return to;
}

static const struct axis *axis_of(const struct plan *plan, unsigned int i)
{
	return plan->axes->pdata[i];
}

/* How many points the axes span; more than PLAN_MAX: too many. */
static uint64_t count_points(const struct plan *plan)
{
	uint64_t n = 1;

	for (unsigned int i = 0; i < plan->axes->len && n <= PLAN_MAX; i++)
		n *= axis_of(plan, i)->values->len;
	return n;
}

/* The setting that puts a condition in the place of all expectations. */
static char *condition_setting(const char *condition)
{
	g_auto(GStrv) parts = g_strsplit(condition, "'", -1);
	g_autofree char *quoted = g_strjoinv("''", parts);
	g_autofree char *text = g_strdup_printf("expect=['%s']", quoted);
	g_autofree char *label = g_strdup_printf("--find '%s'", condition);

	return setting_new_tried(label, text);
}

/* All settings of @point, ending in NULL; those of the axes win.  @any: messages
 * are of all values of an axis. */
static GPtrArray *settings_of(const struct plan *plan, unsigned int point,
			      bool any)
{
	GPtrArray *all = copy_texts(plan->settings);

	if (plan->condition)
		g_ptr_array_add(all, condition_setting(plan->condition));
	for (unsigned int i = 0; i < plan->axes->len; i++)
		g_ptr_array_add(all,
				axis_setting(axis_of(plan, i),
					     plan_index(plan, point, i), any));
	g_ptr_array_add(all, NULL);
	return all;
}

static struct scenario *load(const struct plan *plan, unsigned int point,
			     bool any, GPtrArray *messages)
{
	g_autoptr(GPtrArray) all = settings_of(plan, point, any);

	return scenario_load_checked(
		plan->file, plan->yaml->str, plan->yaml->len,
		(const char *const *)all->pdata, expect_check, messages);
}

struct scenario *plan_load(const struct plan *plan, unsigned int point,
			   GPtrArray *messages)
{
	return load(plan, point, false, messages);
}

/* The point with the @build-th value of the axis of builds, and of all others
 * the first value or the @last. */
static unsigned int corner(const struct plan *plan, unsigned int build,
			   bool last)
{
	unsigned int point = 0;

	for (unsigned int i = 0; i < plan->axes->len; i++) {
		unsigned int n = axis_of(plan, i)->values->len;
		unsigned int at = last ? n - 1 : 0;

		if (g_str_equal(axis_of(plan, i)->key, "build"))
			at = build;
		point = point * n + at;
	}
	return point;
}

/* Keep of @messages those about what gives way to a build, or all others. */
static void keep(GPtrArray *messages, bool about_builds)
{
	for (unsigned int i = messages->len; i-- > 0;) {
		bool about = strstr(messages->pdata[i], SETTING_GIVES_WAY);

		if (about != about_builds)
			g_ptr_array_remove_index(messages, i);
	}
}

/*
 * What a build sets, too, has the same value at all points of it, whatever its
 * axis says.  That is seen at one end of the axis at least, since a build sets
 * one value only.
 */
static void warn_of_builds(const struct plan *plan, GPtrArray *messages)
{
	const struct scenario *reference = plan->reference;
	unsigned int builds = 1;

	if (!reference->build && !reference->builds->len)
		return;
	for (unsigned int i = 0; i < plan->axes->len; i++)
		if (g_str_equal(axis_of(plan, i)->key, "build"))
			builds = MIN(axis_of(plan, i)->values->len, TRIES_MAX);
	keep(messages, false);
	for (unsigned int i = 0; i < 2 * builds; i++) {
		g_autoptr(GPtrArray) said =
			g_ptr_array_new_with_free_func(g_free);

		scenario_free(
			load(plan, corner(plan, i / 2, i % 2), true, said));
		keep(said, true);
		for (unsigned int k = 0; k < said->len; k++)
			g_ptr_array_add(messages, g_strdup(said->pdata[k]));
	}
}

/* A search has runs, and no builds; else any value would do. */
static bool can_be_searched(const struct plan *plan, GPtrArray *messages)
{
	if (!plan->condition ||
	    expect_of_run(plan->reference->expects->pdata[0]))
		return true;
	g_ptr_array_add(messages,
			g_strdup_printf("--find '%s': error: a search has no "
					"builds; write it of one run, as in "
					"'player.dropouts == 0'",
					plan->condition));
	return false;
}

/* Find a valid point; keep the messages of the first one if there is none. */
static bool find_reference(struct plan *plan, GPtrArray *messages)
{
	unsigned int tries = MIN(plan->nr_points, TRIES_MAX);

	plan->reference = plan_load(plan, 0, messages);
	for (unsigned int i = 1; !plan->reference && i < tries; i++) {
		g_autoptr(GPtrArray) ignored =
			g_ptr_array_new_with_free_func(g_free);

		plan->reference = plan_load(plan, i, ignored);
		if (plan->reference)
			g_ptr_array_set_size(messages, 0);
	}
	return plan->reference != NULL;
}

static bool is_too_large(struct plan *plan, GPtrArray *messages)
{
	uint64_t n = count_points(plan);

	plan->nr_points = (unsigned int)n;
	if (n <= PLAN_MAX / plan->runs)
		return false;
	g_ptr_array_add(messages,
			g_strdup_printf("preemptsim: error: more than %d "
					"simulations; take longer steps or "
					"fewer runs",
					PLAN_MAX));
	return true;
}

struct plan *plan_new(const char *file, const GString *yaml,
		      const GPtrArray *settings, GPtrArray *axes,
		      const char *condition, unsigned int runs,
		      GPtrArray *messages)
{
	struct plan *plan = g_new0(struct plan, 1);

	plan->file = g_strdup(file);
	plan->yaml = g_string_new_len(yaml->str, (gssize)yaml->len);
	plan->settings = copy_texts(settings);
	plan->axes = axes;
	plan->condition = g_strdup(condition);
	plan->runs = runs;
	axes_tell_apart(axes);
	if (is_too_large(plan, messages) || !find_reference(plan, messages) ||
	    !can_be_searched(plan, messages))
		g_clear_pointer(&plan, plan_free);
	for (unsigned int i = 0; plan && i < axes->len; i++)
		axis_warn_lost(axis_of(plan, i)->key, settings, messages);
	if (plan)
		warn_of_builds(plan, messages);
	return plan;
}

void plan_free(struct plan *plan)
{
	if (!plan)
		return;
	scenario_free(plan->reference);
	g_free(plan->file);
	if (plan->yaml)
		g_string_free(plan->yaml, TRUE);
	g_clear_pointer(&plan->settings, g_ptr_array_unref);
	g_ptr_array_unref(plan->axes);
	g_free(plan->condition);
	g_free(plan);
}

unsigned int plan_index(const struct plan *plan, unsigned int point,
			unsigned int axis)
{
	for (unsigned int i = plan->axes->len - 1; i > axis; i--)
		point /= axis_of(plan, i)->values->len;
	return point % axis_of(plan, axis)->values->len;
}

const char *plan_value(const struct plan *plan, unsigned int point,
		       unsigned int axis)
{
	return axis_value(axis_of(plan, axis), plan_index(plan, point, axis));
}

char *plan_label(const struct plan *plan, unsigned int point)
{
	GString *label = g_string_new(NULL);

	for (unsigned int i = 0; i < plan->axes->len; i++)
		g_string_append_printf(label, "%s%s=%s", i ? ", " : "",
				       axis_of(plan, i)->name,
				       plan_value(plan, point, i));
	return g_string_free(label, FALSE);
}

/* Add the contents of the files that `{empirical: FILE}` names. */
static void add_data(const struct ynode *node, const char *folder,
		     GChecksum *sum)
{
	for (unsigned int i = 0; i < ynode_size(node); i++) {
		const struct ynode *item = ynode_item(node, i);
		g_autofree char *path = NULL, *data = NULL;
		gsize len;

		add_data(item, folder, sum);
		if (node->kind != YNODE_MAPPING || item->kind != YNODE_SCALAR ||
		    !ynode_is_word(ynode_key(node, i), "empirical"))
			continue;
		path = g_path_is_absolute(item->text) ?
			       g_strdup(item->text) :
			       g_build_filename(folder, item->text, NULL);
		if (g_file_get_contents(path, &data, &len, NULL))
			g_checksum_update(sum, (const guchar *)data,
					  (gssize)len);
	}
}

char *plan_fingerprint(const struct plan *plan)
{
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
	g_autofree char *yaml = scenario_to_yaml(plan->reference);
	g_autofree char *folder = g_path_get_dirname(plan->file);

	g_checksum_update(sum, (const guchar *)yaml, -1);
	add_data(plan->reference->resolved, folder, sum);
	return g_strdup(g_checksum_get_string(sum));
}

char *plan_axes_text(const struct plan *plan)
{
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
	GString *text = g_string_new(NULL);

	for (unsigned int i = 0; i < plan->axes->len; i++) {
		const struct axis *axis = axis_of(plan, i);
		unsigned int n = axis->values->len;

		g_string_append_printf(text, "%s%s=%s%s%s", i ? " " : "",
				       axis->key, axis_value(axis, 0),
				       n > 2 ? ",...," :
				       n > 1 ? "," :
					       "",
				       n > 1 ? axis_value(axis, n - 1) : "");
		for (unsigned int k = 0; k < n; k++) {
			g_checksum_update(
				sum, (const guchar *)axis_value(axis, k), -1);
			g_checksum_update(sum, (const guchar *)"\n", 1);
		}
	}
	g_string_append_printf(text, " (%u points, %.8s)", plan->nr_points,
			       g_checksum_get_string(sum));
	return g_string_free(text, FALSE);
}
