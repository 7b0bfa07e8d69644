/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Loading plug-ins.  They stay loaded; the list of them only grows, under a
 * lock, since simulations may be read and run by several threads.
 */
#include <config.h>

#include <gmodule.h>
#include <string.h>

#include "sched-plugin-private.h"

#define SYMBOL "preemptsim_sched_plugin"

/* More than anybody needs; a place is written once, before it is counted. */
#define MAX_PLUGINS 64

static struct sched_plugin plugins[MAX_PLUGINS];
static unsigned int nr_plugins;
static GMutex lock;

const struct sched_plugin *sched_plugin_at(unsigned int i)
{
	unsigned int n = (unsigned int)g_atomic_int_get((gint *)&nr_plugins);

	return i < n ? &plugins[i] : NULL;
}

/* The first operation that @plugin needs and lacks, or NULL. */
static const char *lacks(const struct preemptsim_sched_plugin *plugin)
{
	const struct {
		const char *name;
		bool there;
	} needed[] = {
		{ "name", plugin->name },
		{ "summary", plugin->summary },
		{ "init", plugin->init },
		{ "enqueue_task", plugin->enqueue_task },
		{ "dequeue_task", plugin->dequeue_task },
		{ "yield_task", plugin->yield_task },
		{ "wakeup_preempt", plugin->wakeup_preempt },
		{ "pick_next_task", plugin->pick_next_task },
		{ "task_tick", plugin->task_tick },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(needed); i++)
		if (!needed[i].there)
			return needed[i].name;
	return NULL;
}

static bool is_word(const char *name)
{
	return *name &&
	       name[strspn(name, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS
			   "-_")] == '\0';
}

static bool is_taken(const char *name)
{
	const struct choice *choice;

	for (unsigned int i = 0; (choice = fair_class_choice(i)); i++)
		if (!strcmp(choice->name, name))
			return true;
	return false;
}

/* What is wrong with it, or NULL. */
static char *check(const struct preemptsim_sched_plugin *plugin)
{
	const char *missing;

	if (plugin->abi != PREEMPTSIM_SCHED_ABI)
		return g_strdup_printf("is built for version %u of "
				       "preemptsim/sched-plugin.h; this "
				       "preemptsim has version %u",
				       plugin->abi, PREEMPTSIM_SCHED_ABI);
	missing = lacks(plugin);
	if (missing)
		return g_strdup_printf("has no %s, which a scheduler needs",
				       missing);
	if (!is_word(plugin->name))
		return g_strdup_printf("is called '%s'; a name has letters, "
				       "digits, '-' and '_' only",
				       plugin->name);
	if (is_taken(plugin->name))
		return g_strdup_printf("is called '%s', as another scheduler "
				       "is already",
				       plugin->name);
	if (nr_plugins == MAX_PLUGINS)
		return g_strdup_printf("is one plug-in too many; %d are "
				       "possible",
				       MAX_PLUGINS);
	return NULL;
}

static void keep(char *file, const struct preemptsim_sched_plugin *plugin)
{
	struct sched_plugin *new = &plugins[nr_plugins];

	*new = (struct sched_plugin){
		.class = sched_class_plugin,
		.plugin = plugin,
		.choice = { plugin->name, plugin->summary },
		.file = file,
	};
	new->class.name = plugin->name;
	plugin->init(&sched_plugin_api);
	g_atomic_int_inc((gint *)&nr_plugins);
}

static bool is_loaded(const char *file)
{
	for (unsigned int i = 0; i < nr_plugins; i++)
		if (!strcmp(plugins[i].file, file))
			return true;
	return false;
}

static char *load(char *file)
{
	GModule *module = g_module_open(file, G_MODULE_BIND_LOCAL);
	gpointer symbol = NULL;
	char *why;

	if (!module)
		return g_strdup_printf("can't be loaded: %s", g_module_error());
	if (!g_module_symbol(module, SYMBOL, &symbol) || !symbol)
		why = g_strdup("does not define " SYMBOL);
	else
		why = check(symbol);
	if (why)
		g_module_close(module);
	else
		keep(g_strdup(file), symbol);
	return why;
}

char *sched_plugin_load(const char *name)
{
	g_autofree char *file = g_canonicalize_filename(name, NULL);
	g_autofree char *why = NULL;

	g_mutex_lock(&lock);
	if (!is_loaded(file))
		why = load(file);
	g_mutex_unlock(&lock);
	return why ? g_strdup_printf("the plug-in %s %s", name, why) : NULL;
}
