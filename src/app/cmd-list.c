/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * preemptsim list: the names that a scenario may use.
 *
 * All come from the registries that the simulator itself works with, so a
 * plug-in is listed as soon as it is built in.
 */
#include <config.h>

#include "commands-private.h"
#include "list-private.h"
#include "preemptsim/app/output.h"
#include "preemptsim/kernel/costs.h"
#include "preemptsim/kernel/lock.h"
#include "preemptsim/kernel/sched.h"
#include "preemptsim/kernel/version.h"
#include "preemptsim/measure/results.h"
#include "preemptsim/monitor/automaton.h"
#include "preemptsim/scenario/doc.h"
#include "preemptsim/trace/trace.h"
#include "preemptsim/workload/step.h"

/* Which versions have feature number @i on. */
static void append_versions(GString *out, unsigned int i)
{
	const struct kernel_version *version;
	const char *gap = "; on in ";

	for (unsigned int v = 0; (version = kernel_version(v)); v++) {
		struct sched_features features = version->features;

		if (!*sched_feature_at(&features, i))
			continue;
		g_string_append(out, gap);
		g_string_append(out, kernel_version_choice(v)->name);
		gap = ", ";
	}
}

static void list_features(GString *out)
{
	const struct sched_feature *feature;

	g_string_append(out, "\nswitches of those of Linux "
			     "(kernel.features):\n");
	for (unsigned int i = 0; (feature = sched_feature(i)); i++) {
		g_autoptr(GString) help = g_string_new(NULL);

		g_string_append_printf(help, "%s, Linux %s: %s", feature->class,
				       feature->since, feature->help);
		append_versions(help, i);
		list_row(out, feature->name, help->str);
	}
}

static void list_schedulers(GString *out)
{
	list_choices(out, "policies (tasks.NAME.policy)", policy_choice);
	list_choices(out, "\nserving SCHED_OTHER (kernel.fair)",
		     fair_class_choice);
	list_features(out);
	list_choices(out, "\nversions (kernel.version)", kernel_version_choice);
}

static void list_locks(GString *out)
{
	list_choices(out, "lock types (locks.NAME.type)", lock_type_choice);
}

static void list_events(GString *out)
{
	list_choices(out, "events of traces", trace_event_choice);
}

static void list_warnings(GString *out)
{
	list_choices(out, "warnings (warnings.NAME in expect: how many)",
		     warning_kind_choice);
}

static void append_automata(GString *out, const char *title, bool extra)
{
	const struct automaton *a;

	g_string_append_printf(out, "%s:\n", title);
	for (unsigned int i = 0; (a = automaton(i)); i++)
		if (a->extra == extra)
			list_row(out, a->name, a->claim);
}

static void list_monitors(GString *out)
{
	append_automata(out, "automata (--verify, or --verify=NAME)", false);
	append_automata(out, "\nonly with --verify=NAME, of the scenario",
			true);
	list_choices(out, "\nevents that automata know (--verify=FILE.dot)",
		     automaton_event_choice);
}

static void list_steps(GString *out)
{
	const struct step_type *type;

	g_string_append(out, "steps of programs:\n");
	for (unsigned int i = 0; (type = step_type(i)); i++)
		list_row(out, type->name, type->summary);
}

static void list_distributions(GString *out)
{
	const struct distribution *d;

	g_string_append(out, "distributions of times:\n");
	for (unsigned int i = 0; (d = distribution_choice(i)); i++) {
		list_row(out, d->name, d->help);
		list_row(out, "", d->example);
	}
}

/* A column of prices per profile, in nanoseconds. */
static void list_costs(GString *out)
{
	const struct choice *profile;

	g_string_append(out, "cost profiles (machine.costs.profile):\n");
	for (unsigned int i = 0; (profile = cost_profile_choice(i)); i++)
		list_row(out, profile->name, profile->help);
	g_string_append_printf(out, "\n%-*s", LIST_NAME_WIDTH + 2,
			       "costs (machine.costs.NAME), ns");
	for (unsigned int i = 0; (profile = cost_profile_choice(i)); i++)
		g_string_append_printf(out, " %10s", profile->name);
	g_string_append_c(out, '\n');
	for (unsigned int id = 0; id < NR_COSTS; id++) {
		const struct cost_desc *desc = cost_desc(id);

		g_string_append_printf(out, "  %-*s  ", LIST_NAME_WIDTH,
				       desc->name);
		for (unsigned int i = 0; cost_profile_choice(i); i++)
			g_string_append_printf(out, " %10" G_GINT64_FORMAT,
					       cost_profile_ns(i, id));
		g_string_append_printf(out, "  %s\n", desc->help);
	}
}

static void append_key(const char *name, const char *value, const char *help,
		       void *data)
{
	GString *out = data;

	list_row(out, name, help);
	if (*value)
		list_row(out, "", value);
}

static void list_keys(GString *out)
{
	const char *path, *help;

	for (unsigned int i = 0; (path = scenario_doc_section(i, &help)); i++) {
		g_string_append_printf(out, "%s%s%s%s\n", i ? "\n" : "", path,
				       *path ? ": " : "", help);
		scenario_doc_keys(path, append_key, out);
	}
}

static void list_devices(GString *out)
{
	g_string_append(out, "keys of a device (devices.NAME):\n");
	scenario_doc_keys("devices", append_key, out);
}

static const struct list {
	const char *name;
	const char *help;
	void (*print)(GString *out);
} lists[] = {
	{ "schedulers", "scheduling policies and classes", list_schedulers },
	{ "models", "preemption models, layouts of preempt_count",
	  list_models },
	{ "locks", "types of locks", list_locks },
	{ "devices", "what a device is made of", list_devices },
	{ "steps", "steps of programs", list_steps },
	{ "events", "events that traces tell", list_events },
	{ "warnings", "what can go wrong in the simulated kernel",
	  list_warnings },
	{ "monitors", "automata that a run can be held to", list_monitors },
	{ "costs", "prices of the kernel's primitives", list_costs },
	{ "distributions", "distributions of times", list_distributions },
	{ "keys", "all keys of a scenario", list_keys },
};

static const char *list_name(unsigned int i)
{
	return i < G_N_ELEMENTS(lists) ? lists[i].name : NULL;
}

static void append_lists(GString *out)
{
	g_string_append(out, "What can be listed (preemptsim list NAME):\n");
	for (unsigned int i = 0; i < G_N_ELEMENTS(lists); i++)
		list_row(out, lists[i].name, lists[i].help);
}

/* Append what is called @name; false if nothing is. */
static bool append_list(GString *out, const char *name)
{
	for (unsigned int i = 0; i < G_N_ELEMENTS(lists); i++) {
		if (g_str_equal(lists[i].name, name)) {
			lists[i].print(out);
			return true;
		}
	}
	return false;
}

static int list_main(const struct options *options)
{
	g_autoptr(GString) text = g_string_new(NULL);

	if (options->man)
		scenario_doc_man(text);
	else if (!options->args->len)
		append_lists(text);
	else if (!append_list(text, options->args->pdata[0]))
		return app_unknown("list", options->args->pdata[0], list_name);
	return output_stdout(text) ? STATUS_DONE : STATUS_ERROR;
}

const struct command command_list = {
	.name = "list",
	.summary = "list the names that a scenario may use",
	.usage = "[NAME]",
	.details =
		"Lists schedulers, models, locks, devices, steps, events, "
		"monitors, warnings, costs,\n"
		"distributions or keys; without NAME, tells what these are.\n\n"
		"Examples:\n"
		"  preemptsim list models\n"
		"  preemptsim list steps",
	.options = OPTIONS_LIST,
	.max_args = 1,
	.main = list_main,
};
