/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading `{empirical: FILE}`: a distribution made of measured times.
 *
 * One time with its unit on a line; what follows a # is a comment.  The name
 * is relative to the folder of the scenario.  Only regular files are read, so
 * that no pipe or terminal can hold up a run.
 */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "distribution-private.h"
#include "yaml-private.h"

static char *full_name(const struct reader *rd, const char *name)
{
	if (g_path_is_absolute(name) || !strcmp(rd->folder, "."))
		return g_strdup(name);
	return g_build_filename(rd->folder, name, NULL);
}

/* Returns NULL and an errno. */
static char *read_regular(const char *name, int *error)
{
	int fd = open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	GString *text = g_string_new(NULL);
	struct stat info;
	char chunk[16384];
	ssize_t n = -1;

	*error = errno;
	if (fd >= 0 && fstat(fd, &info) == 0) {
		*error = S_ISDIR(info.st_mode) ? EISDIR :
			 S_ISREG(info.st_mode) ? 0 :
						 EINVAL;
		while (!*error && (n = read(fd, chunk, sizeof(chunk))) > 0) {
			g_string_append_len(text, chunk, n);
			*error = text->len > YAML_BYTES_MAX ? EFBIG : 0;
		}
		if (n < 0 && !*error)
			*error = errno;
	}
	if (fd >= 0)
		close(fd);
	return g_string_free(text, *error != 0);
}

/* One line; false only if there is something on it that is no time. */
static bool read_line(struct reader *rd, struct ynode *node, char *line,
		      unsigned int number, GArray *times)
{
	char *comment = strchr(line, '#');
	const char *why;
	ktime_t t;

	if (comment)
		*comment = '\0';
	g_strstrip(line);
	if (!*line)
		return true;
	if (time_parse(line, &rd->tb, &t, &why) && t < 0)
		why = "a time that something takes can't be negative";
	if (!why && t > DIST_LIMIT / 2)
		why = "this time is too long to be simulated";
	if (why) {
		diag_error(rd->diags, node, "line %u of '%s' is '%s'; %s",
			   number, node->text, line, why);
		return false;
	}
	g_array_append_val(times, t);
	return true;
}

static bool read_lines(struct reader *rd, struct ynode *node, char *text,
		       GArray *times)
{
	unsigned int number = 0;

	while (text) {
		char *next = strchr(text, '\n');

		if (next)
			*next++ = '\0';
		if (!read_line(rd, node, text, ++number, times))
			return false;
		text = next;
	}
	if (times->len)
		return true;
	diag_error(rd->diags, node,
		   "'%s' has no times; it takes one on a "
		   "line, as in 5ms",
		   node->text);
	return false;
}

/**
 * read_empirical - the distribution of the times in a file.
 * @rd: the reader
 * @node: the file's name
 *
 * Returns: NULL after a message.
 */
struct dist *read_empirical(struct reader *rd, struct ynode *node)
{
	g_autoptr(GArray) times = g_array_new(FALSE, FALSE, sizeof(ktime_t));
	g_autofree char *name = NULL, *text = NULL;
	int64_t unit;
	int error;

	if (!read_scalar(rd, node, "empirical", "the name of a file"))
		return NULL;
	name = full_name(rd, node->text);
	text = read_regular(name, &error);
	if (!text) {
		diag_error(rd->diags, node, "can't read '%s': %s", name,
			   g_strerror(error));
		return NULL;
	}
	if (!read_lines(rd, node, text, times))
		return NULL;
	unit = dist_unit(&rd->tb, (ktime_t *)(void *)times->data, times->len);
	return dist_empirical(times->len, (int64_t *)(void *)times->data, unit);
}
