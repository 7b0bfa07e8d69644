/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bytes from files, and what YAML 1.1 adds on top of its syntax: merge keys.
 */
#include <config.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "yaml-private.h"

static FILE *open_input(const char *path)
{
	return strcmp(path, "-") ? fopen(path, "re") : stdin;
}

static bool read_stream(FILE *stream, GString *out)
{
	char chunk[16384];
	size_t n;

	while ((n = fread(chunk, 1, sizeof(chunk), stream)) > 0) {
		g_string_append_len(out, chunk, (gssize)n);
		if (out->len > YAML_BYTES_MAX) {
			errno = EFBIG;
			return false;
		}
	}
	return !ferror(stream);
}

/**
 * yaml_read_file - the bytes of a file.
 * @path: its name; "-" is the standard input
 * @label: what messages call it; a reference-counted string
 * @out: takes the bytes
 * @diags: takes the reason on failure
 *
 * Returns: false if the file can't be read or is longer than YAML_BYTES_MAX.
 */
bool yaml_read_file(const char *path, char *label, GString *out,
		    struct diags *diags)
{
	FILE *stream = open_input(path);
	bool fine = stream && read_stream(stream, out);
	int error = errno;

	if (stream && stream != stdin)
		fclose(stream);
	if (!fine)
		diag_error_at(diags, label, 0, 0, "%s", g_strerror(error));
	return fine;
}

/* Add the pairs of @from whose keys are not among @seen yet. */
static bool merge_from(struct ynode *into, GHashTable *seen,
		       const struct ynode *from, struct diags *diags)
{
	if (from->kind != YNODE_MAPPING) {
		diag_error(diags, from,
			   "'<<' takes the alias of a mapping, or "
			   "a list of such");
		return false;
	}
	for (unsigned int i = 0; i < ynode_size(from); i++) {
		struct ynode *key = ynode_key(from, i);

		if (g_hash_table_contains(seen, key->text))
			continue;
		key = ynode_copy(key);
		g_hash_table_add(seen, key->text);
		ynode_add(into, key, ynode_copy(ynode_item(from, i)));
	}
	return true;
}

static void merge_one(struct ynode *mapping, const struct ynode *source,
		      struct diags *diags)
{
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

	for (unsigned int i = 0; i < ynode_size(mapping); i++)
		g_hash_table_add(seen, ynode_key(mapping, i)->text);
	if (source->kind != YNODE_SEQUENCE) {
		merge_from(mapping, seen, source, diags);
		return;
	}
	for (unsigned int i = 0; i < ynode_size(source); i++) {
		if (!merge_from(mapping, seen, ynode_item(source, i), diags))
			return;
	}
}

/**
 * yaml_merge - carry out all merge keys (`<<: *anchor`) of a tree.
 * @root: its top; a mapping's own keys win over merged ones
 * @diags: takes the mistakes
 *
 * What is merged was a copy already, so that the tree does not grow.
 */
void yaml_merge(struct ynode *root, struct diags *diags)
{
	int at = ynode_index(root, "<<");
	struct ynode *source, *key;

	for (unsigned int i = 0; i < ynode_size(root); i++)
		yaml_merge(ynode_item(root, i), diags);
	if (at < 0)
		return;
	source = ynode_steal(root, (unsigned int)at, &key);
	root->cut |= source->cut;
	merge_one(root, source, diags);
	ynode_free(key);
	ynode_free(source);
}
