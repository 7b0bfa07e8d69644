/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The registry of commands, their help, and the program around them.
 */
#include <config.h>

#include "preemptsim/app/app.h"

#include <stdio.h>
#include <string.h>

#include "commands-private.h"
#include "preemptsim/app/output.h"
#include "preemptsim/scenario/suggest.h"

#define COMMAND(name) &command_##name,
static const struct command *const commands[] = {
#include "command-list.h"
};
#undef COMMAND

const struct command *command(unsigned int i)
{
	return i < G_N_ELEMENTS(commands) ? commands[i] : NULL;
}

const struct command *command_find(const char *name)
{
	for (unsigned int i = 0; i < G_N_ELEMENTS(commands); i++)
		if (g_str_equal(commands[i]->name, name))
			return commands[i];
	return NULL;
}

/* Help. */

void command_print_help(const struct command *cmd, GString *out)
{
	g_string_append_printf(out, "Usage: preemptsim %s [OPTION]...%s%s\n\n",
			       cmd->name, *cmd->usage ? " " : "", cmd->usage);
	g_string_append_printf(out, "%s\n\nOptions:\n", cmd->details);
	options_help(cmd->options | OPTIONS_COMMON, out);
}

void app_help(GString *out)
{
	g_string_append(out,
			"Usage: preemptsim COMMAND [OPTION]... [FILE]\n\n"
			"Simulates a Linux-like kernel on a multiprocessor, "
			"event by event, and tells\n"
			"which latencies its tasks see.\n\nCommands:\n");
	for (unsigned int i = 0; i < G_N_ELEMENTS(commands); i++)
		g_string_append_printf(out, "  %-10s %s\n", commands[i]->name,
				       commands[i]->summary);
	g_string_append(out,
			"\nExamples:\n"
			"  preemptsim run audio.yaml\n"
			"  preemptsim compare audio.yaml --runs 10\n"
			"  preemptsim run audio.yaml -s kernel.preempt=full "
			"--explain\n\n"
			"`preemptsim COMMAND --help' tells more of each; "
			"preemptsim(1) tells all.\n");
}

static int print_and_free(GString *text)
{
	bool good = output_stdout(text);

	g_string_free(text, TRUE);
	return good ? STATUS_DONE : STATUS_ERROR;
}

static int print_help(const struct command *cmd)
{
	GString *text = g_string_new(NULL);

	if (cmd)
		command_print_help(cmd, text);
	else
		app_help(text);
	return print_and_free(text);
}

static int print_version(void)
{
	return print_and_free(g_string_new(
		"preemptsim " PACKAGE_VERSION "\n"
		"License GPL-2.0-or-later: GNU GPL version 2 or later.\n"
		"This is free software; there is no warranty.\n"));
}

/* Mistakes. */

static int usage_error(const struct command *cmd, const char *text)
{
	fprintf(stderr, "preemptsim%s%s: %s\n", cmd ? " " : "",
		cmd ? cmd->name : "", text);
	fprintf(stderr, "Try 'preemptsim%s%s --help'.\n", cmd ? " " : "",
		cmd ? cmd->name : "");
	return STATUS_USAGE;
}

int app_unknown(const char *what, const char *word,
		const char *(*name)(unsigned int i))
{
	g_autofree char *hint = NULL;
	struct suggestion search;

	suggestion_init(&search, word);
	for (unsigned int i = 0; name(i); i++)
		suggestion_consider(&search, name(i));
	hint = suggestion_finish(&search);
	fprintf(stderr, "preemptsim: there is no %s '%s'%s\n", what, word,
		hint);
	return STATUS_USAGE;
}

static const char *command_name(unsigned int i)
{
	const struct command *cmd = command(i);

	return cmd ? cmd->name : NULL;
}

/* A number behind --explain belongs to it, but stands by itself. */
static char *explain_hint(const struct options *options)
{
	for (unsigned int i = 0; options->explain && i < options->args->len;
	     i++) {
		const char *word = options->args->pdata[i];

		if (*word && !word[strspn(word, "0123456789")])
			return g_strdup_printf("; did you mean '--explain=%s'?",
					       word);
	}
	return g_strdup("");
}

/* The number of words is wrong; say so. */
static int words_error(const struct command *cmd, const struct options *options)
{
	const GPtrArray *args = options->args;
	g_autofree char *hint = explain_hint(options);
	g_autofree char *text = NULL;

	if (args->len < cmd->min_args)
		text = g_strdup_printf("%s is missing", cmd->usage);
	else
		text = g_strdup_printf("'%s' is one word too many%s",
				       (char *)args->pdata[cmd->max_args],
				       hint);
	return usage_error(cmd, text);
}

/* Running. */

static int dispatch(const struct command *cmd, const struct options *options)
{
	if (options->help)
		return print_help(cmd);
	if (options->version)
		return print_version();
	if (options->args->len < cmd->min_args ||
	    options->args->len > cmd->max_args)
		return words_error(cmd, options);
	return cmd->main(options);
}

static int run_command(const struct command *cmd, int argc, char **argv)
{
	struct options options;
	g_autofree char *why = NULL;
	int status;

	options_init(&options);
	why = options_parse(&options, argc, argv,
			    cmd->options | OPTIONS_COMMON);
	status = why ? usage_error(cmd, why) : dispatch(cmd, &options);
	options_clear(&options);
	return status;
}

/* Nothing but options: --help, --version, or a mistake. */
static int run_bare(int argc, char **argv)
{
	struct options options;
	g_autofree char *why = NULL;
	int status;

	options_init(&options);
	why = options_parse(&options, argc, argv, OPTIONS_COMMON);
	if (why)
		status = usage_error(NULL, why);
	else if (options.help)
		status = print_help(NULL);
	else if (options.version)
		status = print_version();
	else
		status = usage_error(NULL, "a command is missing");
	options_clear(&options);
	return status;
}

int app_main(int argc, char **argv)
{
	const struct command *cmd;

	output_open_std();
	if (argc < 2 || argv[1][0] == '-')
		return run_bare(argc, argv);
	cmd = command_find(argv[1]);
	if (!cmd) {
		int status = app_unknown("command", argv[1], command_name);

		fputs("Try 'preemptsim --help'.\n", stderr);
		return status;
	}
	return run_command(cmd, argc - 1, argv + 1);
}
