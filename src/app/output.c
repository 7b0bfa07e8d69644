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
#include <sys/stat.h>
#include <unistd.h>

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

/* Write @text to @fd and close it.  Returns 0 or an errno. */
static int write_and_close(int fd, const GString *text)
{
	int error = write_all(fd, text);

	if (close(fd) && !error)
		error = errno;
	return error;
}

static bool write_in_place(const char *file, const GString *text)
{
	int fd = g_open(file, O_WRONLY | O_CLOEXEC, 0666);
	int error = fd < 0 ? errno : write_and_close(fd, text);

	return error ? complain(file, error) : true;
}

/* A new file takes the permissions of the one whose place it takes. */
static void take_mode(int fd, const struct stat *old)
{
	if (old && fchmod(fd, old->st_mode & 07777))
		g_debug("fchmod: %s", g_strerror(errno));
}

static bool write_and_rename(const char *file, const char *target,
			     const struct stat *old, const GString *text)
{
	g_autofree char *temporary = g_strconcat(target, ".XXXXXX", NULL);
	int fd = g_mkstemp_full(temporary, O_WRONLY | O_CLOEXEC, 0666);
	int error;

	if (fd < 0)
		return complain(file, errno);
	take_mode(fd, old);
	error = write_and_close(fd, text);
	if (!error && g_rename(temporary, target))
		error = errno;
	if (error) {
		g_unlink(temporary);
		return complain(file, error);
	}
	return true;
}

bool output_file(const char *file, const GString *text)
{
	g_autofree char *target = NULL;
	char *resolved;
	struct stat st;
	bool exists;

	if (g_str_equal(file, "-"))
		return output_stdout(text);
	exists = stat(file, &st) == 0;
	if (exists && !S_ISREG(st.st_mode))
		return write_in_place(file, text);
	resolved = exists ? realpath(file, NULL) : NULL;
	target = g_strdup(resolved ? resolved : file);
	free(resolved);
	return write_and_rename(file, target, exists ? &st : NULL, text);
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
