/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Options of sweeps: what varies, and where results go. */
#include <config.h>

#include <string.h>

#include "options-private.h"

/* More threads at a time help nobody. */
#define JOBS_MAX 1024

/* Is @key that of an axis, or searched over? */
static bool is_varied(const struct options *options, const char *key)
{
	for (unsigned int i = 0; i < options->axes->len; i++) {
		const struct axis *other = options->axes->pdata[i];

		if (g_str_equal(other->key, key))
			return true;
	}
	return options->over && g_str_equal(options->over->key, key);
}

/* What is wrong with one more axis; it is freed if something is. */
static char *check_axis(const struct options *options, struct axis *axis)
{
	char *why;

	if (!is_varied(options, axis->key))
		return NULL;
	why = g_strdup_printf("%s is varied already", axis->key);
	axis_free(axis);
	return why;
}

/* Add @axis, unless its key varies already. */
static char *take_axis(struct options *options, struct axis *axis,
		       const char *option)
{
	char *why = check_axis(options, axis);

	if (!why)
		axis->option = option;
	if (!why)
		g_ptr_array_add(options->axes, axis);
	return why;
}

char *options_set_range(struct options *options, const char *arg)
{
	char *why;
	struct axis *axis = axis_range(arg, false, &why);

	return axis ? take_axis(options, axis, "-P") : why;
}

struct axis *option_list(const char *arg, char **why)
{
	const char *equals = strchr(arg, '=');
	struct axis *axis;
	const char *twice;

	if (!equals || equals == arg || !equals[1]) {
		*why = g_strdup_printf("'%s' is not KEY=VALUE,VALUE...", arg);
		return NULL;
	}
	axis = axis_list(arg);
	twice = axis_twice(axis);
	if (!twice)
		return axis;
	*why = g_strdup_printf("'%s' is among the values of %s twice", twice,
			       axis->key);
	axis_free(axis);
	return NULL;
}

char *options_set_list(struct options *options, const char *arg)
{
	char *why = NULL;
	struct axis *axis = option_list(arg, &why);

	return axis ? take_axis(options, axis, "-L") : why;
}

char *options_set_find(struct options *options, const char *arg)
{
	if (options->find)
		return g_strdup("it can be given once");
	options->find = arg;
	return NULL;
}

char *options_set_over(struct options *options, const char *arg)
{
	struct axis *axis;
	char *why;

	if (options->over)
		return g_strdup("it can be given once");
	axis = axis_range(arg, true, &why);
	if (axis)
		why = check_axis(options, axis);
	if (why)
		return why;
	axis->option = "--over";
	options->over = axis;
	return NULL;
}

char *options_set_columns(struct options *options, const char *arg)
{
	options->columns = arg;
	return NULL;
}

char *options_set_db(struct options *options, const char *arg)
{
	options->db = arg;
	return *arg ? NULL : g_strdup("the name of a file is missing");
}

char *options_set_jobs(struct options *options, const char *arg)
{
	uint64_t jobs = 0;
	char *why = option_number(arg, 1, JOBS_MAX, &jobs);

	if (!why)
		options->jobs = (unsigned int)jobs;
	return why;
}

char *options_set_shard(struct options *options, const char *arg)
{
	g_auto(GStrv) parts = g_strsplit(arg, "/", -1);
	uint64_t index = 0, of = 0;
	char *why;

	if (g_strv_length(parts) != 2)
		return g_strdup_printf("'%s' is not I/N, as in 1/4", arg);
	why = option_number(parts[1], 1, UINT32_MAX / 2, &of);
	if (!why)
		why = option_number(parts[0], 1, of, &index);
	options->shard_index = (unsigned int)index - 1;
	options->shards = (unsigned int)of;
	return why;
}
