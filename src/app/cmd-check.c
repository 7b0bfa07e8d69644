/* SPDX-License-Identifier: GPL-2.0-or-later */
/* preemptsim check: is a scenario right, and what does it amount to? */
#include <config.h>

#include "commands-private.h"
#include "preemptsim/app/load.h"
#include "preemptsim/app/output.h"
#include "preemptsim/app/vary.h"
#include "preemptsim/scenario/resolved.h"

static void append_count(GString *out, unsigned int n, const char *what)
{
	if (n)
		g_string_append_printf(out, ", %u %s%s", n, what,
				       n == 1 ? "" : "s");
}

/* "audio.yaml: good: 2 CPUs, 1 device, 2 tasks" */
static void append_summary(GString *out, const struct scenario *scenario)
{
	g_string_append_printf(out, "%s: good: %" G_GINT64_FORMAT " CPU%s",
			       scenario->file, scenario->machine.cpus,
			       scenario->machine.cpus == 1 ? "" : "s");
	append_count(out, scenario->locks->len, "lock");
	append_count(out, scenario->devices->len, "device");
	append_count(out, scenario->tasks->len, "task");
	append_count(out, scenario->chains->len, "chain");
	append_count(out, scenario->builds->len, "build");
	append_count(out, scenario->expects->len, "expectation");
	g_string_append_c(out, '\n');
}

/* Is each of the builds right, too? */
static bool check_builds(const struct options *options, const GString *file,
			 const struct scenario *scenario, GPtrArray *messages)
{
	g_autoptr(GPtrArray) variants = vary_builds(scenario->builds);
	bool good = true;

	for (unsigned int i = 0; i < variants->len; i++) {
		const struct variant *variant = variants->pdata[i];
		struct scenario *build;

		build = load_text(options->args->pdata[0], file,
				  options->settings, variant->settings,
				  messages);
		good &= build != NULL;
		scenario_free(build);
	}
	return good;
}

/* The scenario if it and all of its builds are right; NULL after messages. */
static struct scenario *load_checked(const struct options *options,
				     GPtrArray *messages)
{
	const char *name = options->args->pdata[0];
	g_autoptr(GString) file = g_string_new(NULL);
	struct scenario *scenario;

	if (!scenario_read(name, file, messages))
		return NULL;
	scenario = load_text(name, file, options->settings, NULL, messages);
	if (scenario && !check_builds(options, file, scenario, messages))
		g_clear_pointer(&scenario, scenario_free);
	return scenario;
}

static int check_main(const struct options *options)
{
	g_autoptr(GPtrArray) messages = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GString) text = g_string_new(NULL);
	struct scenario *scenario;

	scenario = load_checked(options, messages);
	load_tell(messages, !options->quiet);
	if (!scenario)
		return STATUS_ERROR;
	if (options->print_resolved) {
		g_autofree char *yaml = scenario_to_yaml(scenario);

		g_string_append(text, yaml);
	} else if (!options->quiet) {
		append_summary(text, scenario);
	}
	scenario_free(scenario);
	return output_stdout(text) ? STATUS_DONE : STATUS_ERROR;
}

const struct command command_check = {
	.name = "check",
	.summary = "find all mistakes of a scenario, simulate nothing",
	.usage = "FILE",
	.details =
		"Reads the scenario in FILE as `run' would and tells every "
		"mistake as\n"
		"FILE:LINE:COLUMN: error: what is wrong; what would be right.\n"
		"\n"
		"Examples:\n"
		"  preemptsim check audio.yaml\n"
		"  preemptsim check audio.yaml --print-resolved\n"
		"  preemptsim check audio.yaml -s tasks.player.priority=80",
	.options = OPTIONS_SCENARIO | OPTIONS_CHECK,
	.min_args = 1,
	.max_args = 1,
	.main = check_main,
};
