/* SPDX-License-Identifier: GPL-2.0-or-later */
/* preemptsim help: what --help prints, for those who look for a command. */
#include <config.h>

#include "commands-private.h"
#include "preemptsim/app/output.h"

static const char *name(unsigned int i)
{
	const struct command *cmd = command(i);

	return cmd ? cmd->name : NULL;
}

static int help_main(const struct options *options)
{
	g_autoptr(GString) text = g_string_new(NULL);
	const struct command *cmd;

	if (!options->args->len) {
		app_help(text);
	} else {
		cmd = command_find(options->args->pdata[0]);
		if (!cmd)
			return app_unknown("command", options->args->pdata[0],
					   name);
		command_print_help(cmd, text);
	}
	return output_stdout(text) ? STATUS_DONE : STATUS_ERROR;
}

const struct command command_help = {
	.name = "help",
	.summary = "tell about a command",
	.usage = "[COMMAND]",
	.details = "Tells what COMMAND does and takes, or which commands "
		   "there are.",
	.max_args = 1,
	.main = help_main,
};
