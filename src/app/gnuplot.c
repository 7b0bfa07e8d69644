/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Driving gnuplot: the script is its stdin, the picture its stdout.  That is a
 * pipe, since gnuplot does not notice when there is no room for what it writes.
 */
#include <config.h>

#include "preemptsim/app/gnuplot.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "preemptsim/app/output.h"

/* A format, by the file's ending, and how gnuplot makes it. */
struct terminal {
	const char *ending, *set;
};

/* Names of tasks may have underscores in them: noenhanced. */
static const struct terminal terminals[] = {
	{ ".svg", "svg size 1000,640 font 'sans-serif,15' noenhanced "
		  "background '#ffffff' name 'preemptsim'" },
	{ ".png", "pngcairo size 2000,1280 fontscale 2 linewidth 2 "
		  "pointscale 2 font 'sans-serif,11' noenhanced" },
	{ ".pdf", "pdfcairo size 25cm,16cm font 'sans-serif,12' noenhanced" },
};

static const struct terminal *terminal_of(const char *file)
{
	for (unsigned int i = 0; i < G_N_ELEMENTS(terminals); i++)
		if (g_str_has_suffix(file, terminals[i].ending))
			return &terminals[i];
	return NULL;
}

bool gnuplot_draws(const char *file)
{
	return terminal_of(file) != NULL;
}

bool gnuplot_is_there(void)
{
	g_autofree char *path = g_find_program_in_path("gnuplot");

	if (!path)
		fputs("preemptsim: error: pictures are drawn by gnuplot, which "
		      "is not installed; install the\n"
		      "package gnuplot (or gnuplot-nox), or take --script FILE "
		      "without -o\n",
		      stderr);
	return path != NULL;
}

void gnuplot_terminal(GString *out, const char *file)
{
	const struct terminal *terminal = file ? terminal_of(file) : NULL;

	if (terminal)
		g_string_append_printf(out, "set terminal %s\n", terminal->set);
}

static FILE *begin_script(const GString *script)
{
	FILE *file = tmpfile();

	if (!file)
		return NULL;
	if (fwrite(script->str, 1, script->len, file) == script->len &&
	    !fflush(file) && !fseek(file, 0, SEEK_SET))
		return file;
	fclose(file);
	return NULL;
}

/* Start it; false after saying why not.
 * @said: takes what it says */
static bool start(FILE *script, int picture, FILE *said, GPid *pid)
{
	char *argv[] = { (char *)"gnuplot", (char *)"-d", NULL };
	char **env = g_environ_setenv(g_get_environ(), "LC_ALL", "C.UTF-8",
				      TRUE); /* as scripts are written */
	g_autoptr(GError) error = NULL;
	bool begun;

	begun = g_spawn_async_with_fds(
		NULL, argv, env,
		G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL,
		pid, fileno(script), picture, fileno(said), &error);
	g_strfreev(env);
	if (!begun)
		fprintf(stderr, "preemptsim: error: gnuplot: %s\n",
			error->message);
	return begun;
}

/* All that comes from @fd, even if it can't be written. */
static void take(int fd, struct output_stream *out)
{
	char part[16384];
	ssize_t n;

	while ((n = read(fd, part, sizeof(part))) > 0 ||
	       (n < 0 && errno == EINTR))
		if (n > 0 && !out->error &&
		    fwrite(part, 1, (size_t)n, out->to) < (size_t)n)
			out->error = errno;
}

/* Wait until it is done; false, after saying so, if it could not draw. */
static bool finish(GPid pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		;
	g_spawn_close_pid(pid);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return true;
	fputs("preemptsim: error: gnuplot could not draw the picture\n",
	      stderr);
	return false;
}

/* What it has said, for those who want to hear it. */
static void pass_on(FILE *said)
{
	int c;

	rewind(said);
	while ((c = getc(said)) != EOF)
		putc(c, stderr);
}

static bool run(FILE *script, struct output_stream *out, FILE *said)
{
	int picture[2];
	bool begun;
	GPid pid;

	if (pipe2(picture, O_CLOEXEC)) {
		out->error = errno;
		return false;
	}
	begun = start(script, picture[1], said, &pid);
	close(picture[1]);
	if (begun)
		take(picture[0], out);
	close(picture[0]);
	return begun && finish(pid);
}

/* With all files open. */
static bool draw(FILE *script, FILE *said, const char *file, bool quiet)
{
	struct output_stream out;
	bool good;

	if (!output_open(&out, file))
		return false;
	good = run(script, &out, said);
	if (!good || !quiet)
		pass_on(said);
	if (good)
		return output_close(&out);
	output_discard(&out);
	return false;
}

bool gnuplot_draw(const char *file, const GString *script, bool quiet)
{
	FILE *input = begin_script(script), *said = tmpfile();
	bool good = false;

	if (input && said)
		good = draw(input, said, file, quiet);
	else
		fputs("preemptsim: error: no temporary file can be written\n",
		      stderr);
	if (input)
		fclose(input);
	if (said)
		fclose(said);
	return good;
}
