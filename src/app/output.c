/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writing texts with every error noticed, and files that are never half there.
 *
 * A file is written beside its place under a temporary name and renamed; a
 * symbolic link is followed first, so that the link stays one.  There is no
 * fsync: results can be computed again.
 */
#include <config.h>

#include "preemptsim/app/output.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "preemptsim/app/interrupt.h"
#include "preemptsim/report/report.h"

static bool complain(const char *file, int error)
{
	fprintf(stderr, "%s: error: %s\n", file, g_strerror(error));
	return false;
}

/*
 * A file opened while stdout is closed would get its number, and the report.
 * So what is closed is opened in the direction that makes its use fail.
 */
void output_open_std(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		int flags = fd == STDIN_FILENO ? O_WRONLY : O_RDONLY;

		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF &&
		    open("/dev/null", flags) != fd)
			abort();
	}
}

/* Returns 0 or an errno. */
static int write_all(int fd, const GString *text)
{
	size_t done = 0;

	while (done < text->len) {
		ssize_t n = write(fd, text->str + done, text->len - done);

		if (n < 0 && errno != EINTR)
			return errno;
		if (n > 0)
			done += (size_t)n;
	}
	return 0;
}

bool output_stdout(const GString *text)
{
	int error = write_all(STDOUT_FILENO, text);

	return error ? complain("stdout", error) : true;
}

/* A new file takes the permissions of the one whose place it takes. */
static void take_mode(int fd, const struct stat *old)
{
	if (old && fchmod(fd, old->st_mode & 07777))
		g_debug("fchmod: %s", g_strerror(errno));
}

/* What will be renamed to @file; returns a descriptor, or -1. */
static int open_beside(struct output_stream *out, const char *file,
		       const struct stat *old)
{
	char *resolved = old ? realpath(file, NULL) : NULL;
	int fd;

	out->target = g_strdup(resolved ? resolved : file);
	free(resolved);
	out->temporary = g_strconcat(out->target, ".XXXXXX", NULL);
	interrupt_catch();
	fd = g_mkstemp_full(out->temporary, O_WRONLY | O_CLOEXEC, 0666);
	if (fd < 0)
		return fd;
	interrupt_dooms(out->temporary);
	take_mode(fd, old);
	return fd;
}

static void forget(struct output_stream *out)
{
	if (out->target)
		interrupt_spares(out->temporary);
	g_free(out->file);
	g_free(out->target);
	g_free(out->temporary);
}

bool output_open(struct output_stream *out, const char *file)
{
	struct stat st;
	bool exists = stat(file, &st) == 0;
	int fd, error;

	*out = (struct output_stream){ .file = g_strdup(file) };
	if (g_str_equal(file, "-"))
		fd = dup(STDOUT_FILENO);
	else if (exists && !S_ISREG(st.st_mode))
		fd = g_open(file, O_WRONLY | O_CLOEXEC, 0666);
	else
		fd = open_beside(out, file, exists ? &st : NULL);
	error = errno;
	out->to = fd < 0 ? NULL : fdopen(fd, "w");
	if (out->to)
		return true;
	complain(file, error);
	forget(out);
	return false;
}

bool output_close(struct output_stream *out)
{
	bool failed = ferror(out->to);
	int error = out->error;

	errno = EIO;
	if ((fclose(out->to) || failed) && !error)
		error = errno;
	if (!error && out->target && g_rename(out->temporary, out->target))
		error = errno;
	if (error && out->target)
		g_unlink(out->temporary);
	if (error)
		complain(out->file, error);
	forget(out);
	return !error;
}

void output_discard(struct output_stream *out)
{
	fclose(out->to);
	if (out->target)
		g_unlink(out->temporary);
	if (out->error)
		complain(out->file, out->error);
	forget(out);
}

bool output_in_place(const struct output_stream *out)
{
	return !out->target;
}

void output_copy(struct output_stream *out, int fd)
{
	char part[16384];
	off_t offset = 0;
	ssize_t n = 1;

	while (n > 0 && !out->error) {
		n = pread(fd, part, sizeof(part), offset);
		if (n < 0 ||
		    (n > 0 && fwrite(part, 1, (size_t)n, out->to) < (size_t)n))
			out->error = errno;
		offset += n;
	}
}

int output_scratch(const struct output_stream *out)
{
	g_autofree char *anywhere =
		g_build_filename(g_get_tmp_dir(), "preemptsim", NULL);
	g_autofree char *name = g_strconcat(
		out->target ? out->target : anywhere, ".XXXXXX", NULL);
	int fd = g_mkstemp_full(name, O_RDWR | O_CLOEXEC, 0600);

	if (fd < 0)
		complain(out->file, errno);
	else
		g_unlink(name);
	return fd;
}

bool output_file(const char *file, const GString *text)
{
	struct output_stream out;

	if (g_str_equal(file, "-"))
		return output_stdout(text);
	if (!output_open(&out, file))
		return false;
	if (fwrite(text->str, 1, text->len, out.to) < text->len)
		out.error = errno;
	return output_close(&out);
}

bool output_check(const char *file)
{
	g_autofree char *folder = g_path_get_dirname(file);
	struct stat st;

	if (g_str_equal(file, "-"))
		return true;
	if (stat(file, &st) == 0) {
		if (S_ISDIR(st.st_mode))
			return complain(file, EISDIR);
		if (!S_ISREG(st.st_mode))
			return access(file, W_OK) ? complain(file, errno) :
						    true;
	}
	if (stat(folder, &st) || access(folder, W_OK))
		return complain(file, errno);
	return S_ISDIR(st.st_mode) ? true : complain(file, ENOTDIR);
}

bool output_check_exports(const struct options *options)
{
	bool good = true;

	for (unsigned int i = 0; i < options->exports->len; i++)
		good &= output_check(
			g_array_index(options->exports, struct export, i).file);
	return good;
}

/* As ls(1): COLUMNS, which may be of a shell in between, or what the terminal
 * says.  A file or a pipe gets the same whoever looks on. */
unsigned int output_width(void)
{
	const char *columns = g_getenv("COLUMNS");
	struct winsize size = { 0 };
	guint64 n = 0;

	if (!isatty(STDOUT_FILENO))
		return REPORT_WIDTH;
	if (!columns ||
	    !g_ascii_string_to_unsigned(columns, 10, 1, 65535, &n, NULL)) {
		ioctl(STDOUT_FILENO, TIOCGWINSZ, &size);
		n = size.ws_col;
	}
	return n ? (unsigned int)n : REPORT_WIDTH;
}

bool output_wants_color(const struct options *options)
{
	const char *no_color = g_getenv("NO_COLOR");
	const char *term = g_getenv("TERM");

	if (options->color != COLOR_AUTO)
		return options->color == COLOR_ALWAYS;
	return isatty(STDOUT_FILENO) && !(no_color && *no_color) &&
	       g_strcmp0(term, "dumb") != 0;
}
