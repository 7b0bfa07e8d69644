/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which files a command reads and writes: none is overwritten with what is made
 * of it, and none is written twice.
 */
#include <config.h>

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "options-private.h"

/* A file, and the option that it is of; NULL: an argument, which is read. */
struct named_file {
	const char *name, *option;
};

/* Where @name leads, through links, even if there is nothing yet. */
static char *resolve(const char *name)
{
	g_autofree char *folder = g_path_get_dirname(name);
	g_autofree char *base = g_path_get_basename(name);
	char whole[PATH_MAX];

	if (realpath(name, whole))
		return g_strdup(whole);
	if (realpath(folder, whole))
		return g_build_filename(whole, base, NULL);
	return g_canonicalize_filename(name, NULL);
}

/* Devices may well be written twice, and read beside it. */
static bool is_same_file(const char *a, const char *b)
{
	g_autofree char *x = resolve(a);
	g_autofree char *y = resolve(b);

	return g_str_equal(x, y) && !g_str_has_prefix(x, "/dev/");
}

static void add(GArray *files, const char *name, const char *option)
{
	struct named_file file = { name, option };

	/* What is read from the standard input is no file. */
	if (name && (option || !g_str_equal(name, "-")))
		g_array_append_val(files, file);
}

/* Those that are read first. */
static GArray *files_of(const struct options *options)
{
	GArray *files = g_array_new(FALSE, FALSE, sizeof(struct named_file));

	for (unsigned int i = 0; i < options->args->len; i++)
		add(files, options->args->pdata[i], NULL);
	add(files, options->db, "--db");
	for (unsigned int i = 0; i < options->exports->len; i++)
		add(files,
		    g_array_index(options->exports, struct export, i).file,
		    "--export");
	add(files, options->debug_file, "--debug");
	for (unsigned int i = 0; i < options->traces->len; i++)
		add(files, options->traces->pdata[i], "a trace");
	add(files, options->picture, "a picture");
	add(files, options->script, "--script");
	return files;
}

static char *complaint(const struct named_file *a, const struct named_file *b)
{
	if (!a->option)
		return g_strdup_printf("'%s' is read, and would be overwritten "
				       "by %s",
				       b->name, b->option);
	if (g_str_equal(a->option, b->option))
		return g_strdup_printf("'%s' is written twice by %s", b->name,
				       b->option);
	return g_strdup_printf("'%s' is written twice, by %s and by %s",
			       b->name, a->option, b->option);
}

char *options_check_files(const struct options *options)
{
	g_autoptr(GArray) files = files_of(options);

	for (unsigned int i = 0; i < files->len; i++) {
		const struct named_file *b =
			&g_array_index(files, struct named_file, i);

		for (unsigned int k = 0; b->option && k < i; k++) {
			const struct named_file *a =
				&g_array_index(files, struct named_file, k);

			if (is_same_file(a->name, b->name))
				return complaint(a, b);
		}
	}
	return NULL;
}
