/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * preemptsim list: the names that a scenario may use.
 *
 * All come from the registries that the simulator itself works with, so a
 * plug-in is listed as soon as it is built in.
 */
#include <config.h>

#include "commands-private.h"
#include "preemptsim/app/output.h"
#include "preemptsim/engine/tracepoint.h"
#include "preemptsim/kernel/costs.h"
#include "preemptsim/kernel/lock.h"
#include "preemptsim/kernel/preempt.h"
#include "preemptsim/kernel/sched.h"
#include "preemptsim/scenario/doc.h"
#include "preemptsim/workload/step.h"

#define NAME_WIDTH 26

static void append_row(GString *out, const char *name, const char *help)
{
	g_string_append_printf(out, "  %-*s  %s\n", NAME_WIDTH, name, help);
}

static void append_choices(GString *out, const char *title, choices_fn choices)
{
	const struct choice *choice;

	g_string_append_printf(out, "%s:\n", title);
	for (unsigned int i = 0; (choice = choices(i)); i++)
		append_row(out, choice->name, choice->help);
}

static void list_schedulers(GString *out)
{
	append_choices(out, "policies (tasks.NAME.policy)", policy_choice);
	append_choices(out, "\nserving SCHED_OTHER (kernel.fair)",
		       fair_class_choice);
}

static void append_mask(GString *out, const char *name,
			struct preempt_field field)
{
	if (field.bits)
		g_string_append_printf(out, " %s %" G_GINT64_MODIFIER "x", name,
				       preempt_field_mask(field));
}

/* Each layout, and below it which bits mean what. */
static void append_layouts(GString *out)
{
	const struct preempt_layout *layout;

	g_string_append(out,
			"\nlayouts of preempt_count (kernel.preempt_count):\n");
	for (unsigned int i = 0; (layout = preempt_layout(i)); i++) {
		append_row(out, layout->name, layout->help);
		g_string_append_printf(out, "  %-*s ", NAME_WIDTH, "");
		append_mask(out, "preempt", layout->preempt);
		append_mask(out, "softirq", layout->softirq);
		append_mask(out, "irqs_off", layout->irqs_off);
		append_mask(out, "hardirq", layout->hardirq);
		append_mask(out, "nmi", layout->nmi);
		append_mask(out, "resched", layout->resched);
		g_string_append_c(out, '\n');
	}
}

static void list_models(GString *out)
{
	append_choices(out, "preemption models (kernel.preempt)",
		       preempt_model_choice);
	append_layouts(out);
}

static void list_locks(GString *out)
{
	append_choices(out, "lock types (locks.NAME.type)", lock_type_choice);
}

static void list_events(GString *out)
{
	append_choices(out, "events of traces", tracepoint_choice);
}

static void list_steps(GString *out)
{
	const struct step_type *type;

	g_string_append(out, "steps of programs:\n");
	for (unsigned int i = 0; (type = step_type(i)); i++)
		append_row(out, type->name, type->summary);
}

static void list_distributions(GString *out)
{
	const struct distribution *d;

	g_string_append(out, "distributions of times:\n");
	for (unsigned int i = 0; (d = distribution_choice(i)); i++) {
		append_row(out, d->name, d->help);
		append_row(out, "", d->example);
	}
}

/* A column of prices per profile, in nanoseconds. */
static void list_costs(GString *out)
{
	const struct choice *profile;

	g_string_append(out, "cost profiles (machine.costs.profile):\n");
	for (unsigned int i = 0; (profile = cost_profile_choice(i)); i++)
		append_row(out, profile->name, profile->help);
	g_string_append_printf(out, "\n%-*s", NAME_WIDTH + 2,
			       "costs (machine.costs.NAME), ns");
	for (unsigned int i = 0; (profile = cost_profile_choice(i)); i++)
		g_string_append_printf(out, " %10s", profile->name);
	g_string_append_c(out, '\n');
	for (unsigned int id = 0; id < NR_COSTS; id++) {
		const struct cost_desc *desc = cost_desc(id);

		g_string_append_printf(out, "  %-*s  ", NAME_WIDTH, desc->name);
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

	append_row(out, name, help);
	if (*value)
		append_row(out, "", value);
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
		append_row(out, lists[i].name, lists[i].help);
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
	.details = "Lists schedulers, models, locks, devices, steps, events, "
		   "costs, distributions\n"
		   "or keys; without NAME, tells what these are.\n\n"
		   "Examples:\n"
		   "  preemptsim list models\n"
		   "  preemptsim list steps",
	.options = OPTIONS_LIST,
	.max_args = 1,
	.main = list_main,
};
