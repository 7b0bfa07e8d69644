/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * YAML as a tree of nodes that know where they stand.
 *
 * The tree is plain: anchors are resolved by copying, tags and styles are
 * gone.  What a scalar means is decided by whoever reads it; only whether it
 * was quoted is kept.
 */
#ifndef PREEMPTSIM_SCENARIO_YAML_H
#define PREEMPTSIM_SCENARIO_YAML_H

#include <glib.h>
#include <stdbool.h>

/** enum ynode_kind - what a node is. */
enum ynode_kind {
	YNODE_SCALAR,
	YNODE_SEQUENCE,
	YNODE_MAPPING
};

/**
 * enum ynode_type - what the text of a scalar stands for in YAML itself.
 *
 * @YTYPE_TEXT: a text, and whatever is not a scalar
 * @YTYPE_NULL: nothing, null or ~
 * @YTYPE_BOOL: true, false
 * @YTYPE_INT: a whole number that fits into 64 bits
 * @YTYPE_REAL: any other decimal number
 */
enum ynode_type {
	YTYPE_TEXT,
	YTYPE_NULL,
	YTYPE_BOOL,
	YTYPE_INT,
	YTYPE_REAL
};

/**
 * struct ynode - a node of a YAML document.
 * @kind: which of the fields below count
 * @file: where it comes from; a reference-counted string of GLib
 *        (g_ref_string_new()), each node holds a reference
 * @line, @column: where it begins, counted from 1; 0 in an override
 * @text: a scalar's text; owned
 * @plain: the scalar was not quoted.  In a resolved scenario: it is a number,
 *         a truth value or null; every other scalar is a text
 * @keys: a mapping's keys, struct ynode * scalars; as long as @items
 * @items: a sequence's items or a mapping's values, struct ynode *
 * @cut: what it is, or what else is in it, could not be read, so that nothing can
 *       be said of it as a whole
 */
struct ynode {
	enum ynode_kind kind;
	char *file;
	int line, column;
	char *text;
	bool plain;
	GPtrArray *keys;
	GPtrArray *items;
	bool cut;
};

struct ynode *ynode_new(enum ynode_kind kind, char *file, int line, int column);
struct ynode *ynode_new_at(enum ynode_kind kind, const struct ynode *at);
struct ynode *ynode_new_scalar(const struct ynode *at, const char *text,
			       bool plain);
struct ynode *ynode_copy(const struct ynode *node);
void ynode_free(struct ynode *node);

bool ynode_is_word(const struct ynode *node, const char *word);
bool ynode_is_null(const struct ynode *node);
enum ynode_type ynode_type(const struct ynode *node);

int ynode_index(const struct ynode *mapping, const char *key);
struct ynode *ynode_get(const struct ynode *mapping, const char *key);
struct ynode *ynode_key(const struct ynode *mapping, unsigned int i);
struct ynode *ynode_item(const struct ynode *node, unsigned int i);
unsigned int ynode_size(const struct ynode *node);

void ynode_add(struct ynode *mapping, struct ynode *key, struct ynode *value);
void ynode_append(struct ynode *sequence, struct ynode *item);
void ynode_set(struct ynode *mapping, const char *key, struct ynode *value);
void ynode_set_item(struct ynode *node, unsigned int i, struct ynode *value);
void ynode_remove(struct ynode *node, unsigned int i);
struct ynode *ynode_steal(struct ynode *mapping, unsigned int i,
			  struct ynode **key);
void ynode_become(struct ynode *node, enum ynode_kind kind);

#endif /* PREEMPTSIM_SCENARIO_YAML_H */
