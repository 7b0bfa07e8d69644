/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading YAML: libyaml's events become a tree of nodes that know their
 * places.
 *
 * A tree never shares nodes: an alias is a copy of what its anchor marks.
 * Depth and number of nodes, copies included, are limited, so that no file,
 * however short, makes the tree grow without bounds.
 *
 * Left out: tags (there is nothing that they could mean here), keys that are
 * not scalars, and more than one document in a file.
 */
#include <config.h>

#include <string.h>
#include <yaml.h>

#include "yaml-private.h"

/* The tags of YAML itself, which say what is known anyway. */
#define TAG_PREFIX "tag:yaml.org,2002:"

/*
 * struct level - a collection that is being read.
 * @node: it; belongs to the tree
 * @seen: of a mapping: its keys so far
 * @key: of a mapping: the key that waits for its value; owned
 * @again: that key stood here before
 */
struct level {
	struct ynode *node;
	GHashTable *seen;
	struct ynode *key;
	bool again;
};

/*
 * struct loader - the state of reading one text.
 * @label: what messages call it
 * @has_lines: false for the value of an override
 * @levels: GArray of struct level, outermost first
 * @anchors: name -> struct ynode * in the tree, or in @left_out
 * @left_out: GPtrArray of values whose keys have one already
 * @nodes: how many there are
 * @last: put into the tree last
 * @broken: what follows can't be read
 */
struct loader {
	yaml_parser_t parser;
	char *label;
	bool has_lines;
	const char *data;
	size_t len;
	struct diags *diags;
	GArray *levels;
	GHashTable *anchors;
	GPtrArray *left_out;
	struct ynode *root;
	struct ynode *last;
	unsigned int nodes;
	bool broken;
};

static int line_of(const struct loader *ld, const yaml_mark_t *mark)
{
	return ld->has_lines ? (int)mark->line + 1 : 0;
}

static int column_of(const struct loader *ld, const yaml_mark_t *mark)
{
	return ld->has_lines ? (int)mark->column + 1 : 0;
}

static void fail(struct loader *ld, const yaml_mark_t *mark, const char *text)
{
	diag_error_at(ld->diags, ld->label, line_of(ld, mark),
		      column_of(ld, mark), "%s", text);
}

static struct level *top(struct loader *ld)
{
	return ld->levels->len ? &g_array_index(ld->levels, struct level,
						ld->levels->len - 1) :
				 NULL;
}

/* Nodes below and including @node. */
static unsigned int ynode_count(const struct ynode *node)
{
	unsigned int n = 1;

	for (unsigned int i = 0; i < ynode_size(node); i++)
		n += ynode_count(ynode_item(node, i)) + (node->keys != NULL);
	return n;
}

/* Levels of @node: 1 for a scalar. */
static unsigned int ynode_depth(const struct ynode *node)
{
	unsigned int deepest = 0;

	for (unsigned int i = 0; i < ynode_size(node); i++)
		deepest = MAX(deepest, ynode_depth(ynode_item(node, i)));
	return deepest + 1;
}

/* Room for @count more nodes that go @depth levels down from here? */
static bool within_limits(struct loader *ld, unsigned int count,
			  unsigned int depth, const yaml_mark_t *mark)
{
	g_autofree char *text = NULL;

	if (ld->levels->len + depth > YAML_DEPTH_MAX) {
		text = g_strdup_printf("this is nested too deeply; %u levels "
				       "are allowed",
				       YAML_DEPTH_MAX);
		fail(ld, mark, text);
		return false;
	}
	if (count > YAML_NODES_MAX - ld->nodes) {
		text = g_strdup_printf("this is too large; %u values, those "
				       "behind aliases included, are allowed",
				       YAML_NODES_MAX);
		fail(ld, mark, text);
		return false;
	}
	ld->nodes += count;
	return true;
}

/* A scalar where a key is due; takes it. */
static void attach_key(struct loader *ld, struct level *level,
		       struct ynode *key)
{
	level->key = key;
	level->again = g_hash_table_contains(level->seen, key->text);
	if (!level->again)
		g_hash_table_add(level->seen, key->text);
	else
		diag_error(ld->diags, key,
			   "the key '%s' stands here twice; "
			   "remove one of them",
			   key->text);
}

/* The value of the key that waits for one; a second one is read, for the mistakes
 * in how it is written, and belongs to nothing. */
static void attach_value(struct loader *ld, struct level *level,
			 struct ynode *value)
{
	if (level->again) {
		g_clear_pointer(&level->key, ynode_free);
		g_ptr_array_add(ld->left_out, value);
	} else {
		ynode_add(level->node, g_steal_pointer(&level->key), value);
	}
}

/* Put a node into the tree, which owns it then. */
static bool attach(struct loader *ld, struct ynode *node,
		   const yaml_mark_t *mark)
{
	struct level *level = top(ld);

	if (!level) {
		ld->root = node;
	} else if (level->node->kind == YNODE_SEQUENCE) {
		ynode_append(level->node, node);
	} else if (level->key) {
		attach_value(ld, level, node);
	} else if (node->kind == YNODE_SCALAR) {
		attach_key(ld, level, node);
	} else {
		fail(ld, mark, "a key must be a word, not a list or a mapping");
		ynode_free(node);
		return false;
	}
	ld->last = node;
	return true;
}

static void check_tag(struct loader *ld, const yaml_char_t *tag,
		      const yaml_mark_t *mark)
{
	g_autofree char *text = NULL;

	if (!tag || !strcmp((const char *)tag, "!") ||
	    g_str_has_prefix((const char *)tag, TAG_PREFIX))
		return;
	text = g_strdup_printf("the tag '%s' means nothing in a scenario; "
			       "leave it out",
			       (const char *)tag);
	fail(ld, mark, text);
}

static void remember_anchor(struct loader *ld, const yaml_char_t *anchor,
			    struct ynode *node)
{
	if (anchor)
		g_hash_table_replace(ld->anchors,
				     g_strdup((const char *)anchor), node);
}

static bool on_scalar(struct loader *ld, const yaml_event_t *event)
{
	const yaml_mark_t *mark = &event->start_mark;
	const char *text = (const char *)event->data.scalar.value;
	struct ynode *node;

	check_tag(ld, event->data.scalar.tag, mark);
	if (!within_limits(ld, 1, 1, mark))
		return false;
	if (strlen(text) != event->data.scalar.length) {
		fail(ld, mark, "a text must not contain a NUL character");
		return false;
	}
	node = ynode_new(YNODE_SCALAR, ld->label, line_of(ld, mark),
			 column_of(ld, mark));
	g_free(node->text);
	node->text = g_strdup(text);
	node->plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	remember_anchor(ld, event->data.scalar.anchor, node);
	return attach(ld, node, mark);
}

static bool on_start(struct loader *ld, enum ynode_kind kind,
		     const yaml_char_t *anchor, const yaml_char_t *tag,
		     const yaml_mark_t *mark)
{
	struct level level = { .node = NULL };

	check_tag(ld, tag, mark);
	if (!within_limits(ld, 1, 1, mark))
		return false;
	level.node = ynode_new(kind, ld->label, line_of(ld, mark),
			       column_of(ld, mark));
	if (!attach(ld, level.node, mark))
		return false;
	remember_anchor(ld, anchor, level.node);
	if (kind == YNODE_MAPPING)
		level.seen = g_hash_table_new(g_str_hash, g_str_equal);
	g_array_append_val(ld->levels, level);
	return true;
}

static void level_clear(gpointer data)
{
	struct level *level = data;

	g_clear_pointer(&level->seen, g_hash_table_unref);
	g_clear_pointer(&level->key, ynode_free);
}

static bool is_open(const struct loader *ld, const struct ynode *node)
{
	for (guint i = 0; i < ld->levels->len; i++) {
		if (g_array_index(ld->levels, struct level, i).node == node)
			return true;
	}
	return false;
}

/* Something stands here, but nobody knows what. */
static bool attach_unknown(struct loader *ld, const yaml_mark_t *mark)
{
	struct ynode *node;

	if (!within_limits(ld, 1, 1, mark))
		return false;
	node = ynode_new(YNODE_SCALAR, ld->label, line_of(ld, mark),
			 column_of(ld, mark));
	node->cut = true;
	return attach(ld, node, mark);
}

static bool on_alias(struct loader *ld, const yaml_event_t *event)
{
	const char *name = (const char *)event->data.alias.anchor;
	const yaml_mark_t *mark = &event->start_mark;
	const struct ynode *node = g_hash_table_lookup(ld->anchors, name);
	g_autofree char *text = NULL;

	if (!node)
		text = g_strdup_printf("there is no anchor '&%s' above this "
				       "alias",
				       name);
	else if (is_open(ld, node))
		text = g_strdup_printf("the alias '*%s' stands within what "
				       "its anchor marks",
				       name);
	if (text) {
		fail(ld, mark, text);
		return attach_unknown(ld, mark);
	}
	if (!within_limits(ld, ynode_count(node), ynode_depth(node), mark))
		return false;
	return attach(ld, ynode_copy(node), mark);
}

static bool on_document(struct loader *ld, const yaml_event_t *event)
{
	if (!ld->root)
		return true;
	fail(ld, &event->start_mark,
	     "a second document begins here; a file "
	     "holds one scenario");
	return false;
}

/* Returns false where what follows can't be understood. */
static bool on_event(struct loader *ld, const yaml_event_t *event)
{
	switch (event->type) {
	case YAML_DOCUMENT_START_EVENT:
		return on_document(ld, event);
	case YAML_SCALAR_EVENT:
		return on_scalar(ld, event);
	case YAML_ALIAS_EVENT:
		return on_alias(ld, event);
	case YAML_SEQUENCE_START_EVENT:
		return on_start(
			ld, YNODE_SEQUENCE, event->data.sequence_start.anchor,
			event->data.sequence_start.tag, &event->start_mark);
	case YAML_MAPPING_START_EVENT:
		return on_start(
			ld, YNODE_MAPPING, event->data.mapping_start.anchor,
			event->data.mapping_start.tag, &event->start_mark);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		g_array_set_size(ld->levels, ld->levels->len - 1);
		return true;
	default:
		return true;
	}
}

/* Line and column of a byte, for errors that have no mark. */
static yaml_mark_t mark_of_offset(const struct loader *ld, size_t offset)
{
	yaml_mark_t mark = { .index = offset };

	for (size_t i = 0; i < MIN(offset, ld->len); i++) {
		if (ld->data[i] == '\n') {
			mark.line++;
			mark.column = 0;
		} else if ((ld->data[i] & 0xc0) != 0x80) {
			mark.column++;
		}
	}
	return mark;
}

static void report_reader_error(struct loader *ld)
{
	yaml_mark_t mark = mark_of_offset(ld, ld->parser.problem_offset);
	const char *problem = ld->parser.problem;
	g_autofree char *text = NULL;

	text = strstr(problem, "control") ?
		       g_strdup(problem) :
		       g_strdup_printf(
			       "this is not UTF-8 text (%s); save the file as "
			       "UTF-8",
			       problem);
	fail(ld, &mark, text);
}

/* The character at which the scanner gave up, if it is there. */
static char char_at(const struct loader *ld, const yaml_mark_t *mark)
{
	size_t i = 0;

	for (size_t line = 0; line < mark->line; line++) {
		const char *end =
			i < ld->len ? memchr(ld->data + i, '\n', ld->len - i) :
				      NULL;

		if (!end)
			return '\0';
		i = (size_t)(end - ld->data) + 1;
	}
	i += mark->column;
	return i < ld->len ? ld->data[i] : '\0';
}

static bool is_stray_tab(const struct loader *ld)
{
	const yaml_parser_t *p = &ld->parser;

	return !strcmp(p->problem,
		       "found character that cannot start any token") &&
	       char_at(ld, &p->problem_mark) == '\t';
}

/* What would be right, by how libyaml's complaint begins; "" if it says so. */
static const char *syntax_hint(const char *problem)
{
	static const struct {
		const char *problem, *hint;
	} hints[] = {
		{ "mapping values are not allowed",
		  "; look for a ':' or an indentation that is wrong above, and "
		  "put a text with ': ' in it into quotes" },
		{ "block sequence entries are not allowed",
		  "; begin a list on a line of its own" },
		{ "did not find expected key",
		  "; what stands side by side has the same indentation" },
		{ "did not find expected '-' indicator",
		  "; the items of a list begin with '- ' at the same "
		  "indentation" },
		{ "could not find expected ':'", "; a key has ': ' behind it" },
		{ "did not find expected ','",
		  "; close the bracket, or put a comma between its items" },
		{ "found unexpected end of stream", "; close the quotes" },
		{ "found character that cannot start any token",
		  "; put a text that begins so into quotes" },
	};

	for (unsigned int i = 0; i < G_N_ELEMENTS(hints); i++)
		if (g_str_has_prefix(problem, hints[i].problem))
			return hints[i].hint;
	return "";
}

static void report_syntax_error(struct loader *ld)
{
	const yaml_parser_t *p = &ld->parser;
	const char *hint = syntax_hint(p->problem);
	g_autofree char *text = NULL;

	if (is_stray_tab(ld))
		text = g_strdup("a tab can't indent YAML; use spaces");
	else if (!p->context)
		text = g_strdup_printf("%s%s", p->problem, hint);
	else if (!ld->has_lines || p->context_mark.line == p->problem_mark.line)
		text = g_strdup_printf("%s (%s)%s", p->problem, p->context,
				       hint);
	else
		text = g_strdup_printf("%s (%s that begins on line %zu)%s",
				       p->problem, p->context,
				       p->context_mark.line + 1, hint);
	fail(ld, &p->problem_mark, text);
}

static void report_parser_error(struct loader *ld)
{
	if (ld->parser.error == YAML_READER_ERROR)
		report_reader_error(ld);
	else if (ld->parser.problem)
		report_syntax_error(ld);
	else
		fail(ld, &ld->parser.mark, "this can't be read as YAML");
}

/* Where a bracket or a quote is missing, there may be more in it than there
 * should. */
static void doubt_last(struct loader *ld)
{
	if (ld->last)
		ld->last->cut = true;
}

static void read_events(struct loader *ld)
{
	bool more = true;

	while (more && !ld->broken) {
		yaml_event_t event;

		if (!yaml_parser_parse(&ld->parser, &event)) {
			report_parser_error(ld);
			doubt_last(ld);
			ld->broken = true;
			return;
		}
		ld->broken = !on_event(ld, &event);
		more = event.type != YAML_STREAM_END_EVENT;
		yaml_event_delete(&event);
	}
}

/* What is open misses what follows. */
static void cut_off(struct loader *ld)
{
	for (guint i = 0; i < ld->levels->len; i++)
		g_array_index(ld->levels, struct level, i).node->cut = true;
}

/**
 * yaml_load - read one YAML document.
 * @data: the text; need not end in NUL
 * @len: its bytes
 * @label: what messages call it; a reference-counted string
 * @has_lines: false: nodes and messages have no line and column
 * @diags: takes the mistakes
 *
 * Returns: the tree, to be freed with ynode_free(), after messages if a key stood
 * somewhere twice, of which the first one counts, or there were tags or aliases
 * of nothing; if the text can't be read to its end, as far as it can.  NULL after
 * a message if that is not even the beginning of a mapping.  An empty text is a
 * null scalar.
 */
struct ynode *yaml_load(const char *data, size_t len, char *label,
			bool has_lines, struct diags *diags)
{
	struct loader ld = {
		.label = label,
		.has_lines = has_lines,
		.data = data,
		.len = len,
		.diags = diags,
	};

	if (!yaml_parser_initialize(&ld.parser))
		g_error("out of memory");
	yaml_parser_set_input_string(&ld.parser, (const unsigned char *)data,
				     len);
	ld.levels = g_array_new(FALSE, FALSE, sizeof(struct level));
	g_array_set_clear_func(ld.levels, level_clear);
	ld.anchors =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	ld.left_out =
		g_ptr_array_new_with_free_func((GDestroyNotify)ynode_free);
	read_events(&ld);
	if (ld.broken)
		cut_off(&ld);
	g_hash_table_unref(ld.anchors);
	g_ptr_array_unref(ld.left_out);
	g_array_unref(ld.levels);
	yaml_parser_delete(&ld.parser);
	if (ld.broken && ld.root && ld.root->kind != YNODE_MAPPING)
		g_clear_pointer(&ld.root, ynode_free);
	else if (!ld.broken && !ld.root)
		ld.root = ynode_new(YNODE_SCALAR, label, has_lines, has_lines);
	return ld.root;
}
