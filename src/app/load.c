/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Loading scenarios with the settings of the command line, and telling what is
 * wrong with them.  Variants of one file repeat its mistakes; each is told
 * once.
 */
#include <config.h>

#include "preemptsim/app/load.h"

#include <stdio.h>
#include <string.h>

#include "preemptsim/report/expect.h"

static void append_all(GPtrArray *to, const GPtrArray *from)
{
	for (unsigned int i = 0; from && i < from->len; i++)
		g_ptr_array_add(to, from->pdata[i]);
}

struct scenario *load_text(const char *file, const GString *text,
			   const GPtrArray *settings, const GPtrArray *more,
			   GPtrArray *messages)
{
	g_autoptr(GPtrArray) all = g_ptr_array_new();

	append_all(all, settings);
	append_all(all, more);
	g_ptr_array_add(all, NULL);
	return scenario_load_checked(file, text->str, text->len,
				     (const char *const *)all->pdata,
				     expect_check, messages);
}

struct scenario *load_scenario(const char *file, const GPtrArray *settings,
			       const GPtrArray *more, GPtrArray *messages)
{
	g_autoptr(GString) text = g_string_new(NULL);

	if (!scenario_read(file, text, messages))
		return NULL;
	return load_text(file, text, settings, more, messages);
}

void load_tell(const GPtrArray *messages, bool warnings)
{
	g_autoptr(GHashTable) told = g_hash_table_new(g_str_hash, g_str_equal);

	for (unsigned int i = 0; i < messages->len; i++) {
		char *message = messages->pdata[i];

		if (!warnings && strstr(message, " warning: "))
			continue;
		if (g_hash_table_add(told, message))
			fprintf(stderr, "%s\n", message);
	}
}
