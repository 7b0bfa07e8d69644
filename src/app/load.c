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
#include "preemptsim/scenario/suggest.h"

static void append_all(GPtrArray *to, const GPtrArray *from)
{
	for (unsigned int i = 0; from && i < from->len; i++)
		g_ptr_array_add(to, from->pdata[i]);
}

bool load_read(const struct options *options, GString *text,
	       GPtrArray *messages)
{
	const GString *known = options->text;

	if (!known)
		return scenario_read(options->args->pdata[0], text, messages);
	g_string_append_len(text, known->str, (gssize)known->len);
	return true;
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

/* Is @name one of the copies of @task, as in "writer/1"? */
static bool is_copy(const struct task_conf *task, const char *name)
{
	size_t n = strlen(task->name);
	gint64 copy;

	return task->copies > 1 && !strncmp(name, task->name, n) &&
	       name[n] == '/' &&
	       g_ascii_string_to_signed(name + n + 1, 10, 0, task->copies - 1,
					&copy, NULL);
}

bool load_has_task(const struct scenario *scenario, const char *name,
		   bool copies)
{
	struct suggestion search;
	g_autofree char *hint = NULL;
	bool found = false;

	suggestion_init(&search, name);
	for (unsigned int i = 0; i < scenario->tasks->len; i++) {
		const struct task_conf *task = scenario->tasks->pdata[i];

		found |= g_str_equal(task->name, name) ||
			 (copies && is_copy(task, name));
		suggestion_consider(&search, task->name);
	}
	hint = suggestion_finish(&search);
	if (!found)
		fprintf(stderr, "preemptsim: error: there is no task '%s'%s\n",
			name, hint);
	return found;
}
