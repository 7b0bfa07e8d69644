/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading automata from .dot files.
 * cf. Documentation/trace/rv/deterministic_automata.rst: a node is a state,
 * that of "__init_NAME" the initial one; an edge's label has the events, one a
 * line.
 */
#include <config.h>

#include "preemptsim/scenario/dot.h"

#include <string.h>

#include "diag-private.h"
#include "dot-label-private.h"
#include "dot-token-private.h"
#include "preemptsim/base/list.h" /* container_of */
#include "yaml-private.h"

#define INIT_PREFIX "__init_"

/* Graphs in graphs; deeper is not meant. */
#define DEPTH_MAX 16u

#define EDGES_MAX (AUTOMATON_MAX_STATES * 8)

/**
 * struct dot - an automaton with what it owns.
 * @edges: GArray of struct automaton_edge
 * @limits: GArray of struct automaton_limit
 * @words: texts
 */
struct dot {
	struct automaton automaton;
	GArray *edges, *limits;
	GPtrArray *words;
};

/**
 * struct dot_parser - reading under way.
 * @reader: the text
 * @file: for messages; reference-counted
 * @diags: messages
 * @dot: what comes of it
 * @failed: the form of the text is wrong, so there is no going on
 */
struct dot_parser {
	struct dot_reader reader;
	char *file;
	struct diags diags;
	struct dot *dot;
	bool failed;
};

static void error_at(struct dot_parser *parser, const struct dot_token *at,
		     const char *text)
{
	diag_error_at(&parser->diags, parser->file, at->line, at->column, "%s",
		      text);
}

/* The form is wrong here. */
static void fail(struct dot_parser *parser, const char *wanted)
{
	const struct dot_token *token = &parser->reader.token;
	g_autofree char *text = NULL;

	if (parser->failed)
		return;
	parser->failed = true;
	if (token->kind == DOT_UNENDED)
		text = g_strdup("the string has no end");
	else if (token->kind == DOT_END)
		text = g_strdup_printf("the file ends where %s should be",
				       wanted);
	else if (token->kind == DOT_ID)
		text = g_strdup_printf("'%s' where %s should be", token->text,
				       wanted);
	else if (token->kind == DOT_ARROW)
		text = g_strdup_printf("'->' where %s should be", wanted);
	else
		text = g_strdup_printf("'%c' where %s should be", token->kind,
				       wanted);
	error_at(parser, token, text);
}

static bool next_is(const struct dot_parser *parser, int kind)
{
	return !parser->failed && parser->reader.token.kind == kind;
}

/* Take the word if it is of @kind. */
static bool accept_kind(struct dot_parser *parser, int kind)
{
	if (!next_is(parser, kind))
		return false;
	dot_next(&parser->reader);
	return true;
}

static void expect_kind(struct dot_parser *parser, int kind, const char *what)
{
	if (!accept_kind(parser, kind))
		fail(parser, what);
}

static struct dot_token expect_id(struct dot_parser *parser, const char *what)
{
	struct dot_token token = parser->reader.token;

	expect_kind(parser, DOT_ID, what);
	return token;
}

static bool is_keyword(const struct dot_token *token, const char *word)
{
	return token->kind == DOT_ID && !token->quoted &&
	       !g_ascii_strcasecmp(token->text, word);
}

/*
 * States and edges
 */

static bool is_init(const char *name)
{
	return g_str_has_prefix(name, INIT_PREFIX);
}

/* "__init_NAME" says which state is the first. */
static void set_initial(struct dot_parser *parser, const struct dot_token *node)
{
	struct automaton *a = &parser->dot->automaton;
	const char *name = node->text + strlen(INIT_PREFIX);

	if (a->initial && !g_str_equal(a->initial, name))
		error_at(parser, node, "there is another initial state");
	a->initial = name;
}

/* "NAME\nCLOCK < TIME": the node's label may have a limit behind its name. */
static void add_limit(struct dot_parser *parser, const struct dot_token *node,
		      const struct dot_token *label)
{
	const char *line =
		label->kind == DOT_ID ? strstr(label->text, "\\n") : NULL;
	struct automaton_limit limit = { .state = node->text };
	g_autofree char *why = NULL;

	if (!line)
		return;
	why = dot_limit(line + 2, &limit.limit_ns);
	if (why)
		error_at(parser, label, why);
	else
		g_array_append_val(parser->dot->limits, limit);
}

static void add_node(struct dot_parser *parser, const struct dot_token *node,
		     const struct dot_token *label)
{
	if (is_init(node->text))
		set_initial(parser, node);
	else
		add_limit(parser, node, label);
}

/* Of one state and event there may be one edge. */
static void check_choice(struct dot_parser *parser, const struct dot_token *at,
			 const struct automaton_edge *new)
{
	const GArray *edges = parser->dot->edges;

	for (unsigned int i = 0; i < edges->len; i++) {
		const struct automaton_edge *old =
			&g_array_index(edges, struct automaton_edge, i);

		if (!g_str_equal(old->from, new->from) ||
		    !(old->events & new->events) ||
		    (g_str_equal(old->to, new->to) && old->flags == new->flags))
			continue;
		error_at(parser, at,
			 "the same event leads from this state elsewhere, too");
		return;
	}
}

static void append_edge(struct dot_parser *parser, const struct dot_token *at,
			const struct automaton_edge *edge)
{
	if (!edge->events)
		return;
	check_choice(parser, at, edge);
	if (parser->dot->edges->len == EDGES_MAX)
		fail(parser, "the end (that are too many edges)");
	else
		g_array_append_vals(parser->dot->edges, edge, 1);
}

/* One line of the edge's label: an event.  Those without flags are gathered in
 * @edge, any other is an edge of its own. */
static void add_event(struct dot_parser *parser, const struct dot_token *at,
		      char *line, struct automaton_edge *edge)
{
	struct automaton_edge own = *edge;
	enum automaton_event event = 0;
	g_autofree char *why = dot_event(line, &event, &own.flags);

	if (why) {
		error_at(parser, at, why);
		return;
	}
	own.events = UINT64_C(1) << event;
	if (own.flags)
		append_edge(parser, at, &own);
	else
		edge->events |= own.events;
}

/* Lines are separated by \n as it is written, not by line breaks. */
static void add_events(struct dot_parser *parser, const struct dot_token *label,
		       struct automaton_edge *edge)
{
	g_auto(GStrv) lines = g_strsplit(label->text, "\\n", 0);
	struct dot_token at = *label;

	at.column += label->quoted;
	for (unsigned int i = 0; lines[i]; i++) {
		int width = (int)strlen(lines[i]) + 2;

		add_event(parser, &at, lines[i], edge);
		at.column += width;
	}
}

static void add_edge(struct dot_parser *parser, const struct dot_token *from,
		     const struct dot_token *to, const struct dot_token *label)
{
	struct automaton_edge edge = { .from = from->text, .to = to->text };

	if (is_init(from->text)) {
		set_initial(parser, from);
		return;
	}
	if (label->kind != DOT_ID) {
		error_at(parser, from, "the edge has no label with its events");
		return;
	}
	add_events(parser, label, &edge);
	append_edge(parser, from, &edge);
}

/*
 * The form
 */

/* [ name = value, ... ]; the label, if there is one. */
static struct dot_token parse_attributes(struct dot_parser *parser)
{
	struct dot_token label = { 0 };

	while (accept_kind(parser, '[')) {
		while (next_is(parser, DOT_ID)) {
			struct dot_token name = expect_id(parser, "a name");
			struct dot_token value;

			if (!accept_kind(parser, '='))
				continue;
			value = expect_id(parser, "a value");
			if (is_keyword(&name, "label"))
				label = value;
			if (!accept_kind(parser, ','))
				accept_kind(parser, ';');
		}
		expect_kind(parser, ']', "']'");
	}
	return label;
}

static void parse_edge(struct dot_parser *parser, struct dot_token from)
{
	struct dot_token to = expect_id(parser, "a state");
	struct dot_token label;

	if (next_is(parser, DOT_ARROW))
		fail(parser, "';' (an edge has two ends)");
	label = parse_attributes(parser);
	if (!parser->failed)
		add_edge(parser, &from, &to, &label);
}

static void parse_node(struct dot_parser *parser)
{
	struct dot_token name = expect_id(parser, "a statement");
	struct dot_token label;

	if (accept_kind(parser, '=')) {
		expect_id(parser, "a value");
		return;
	}
	if (accept_kind(parser, DOT_ARROW)) {
		parse_edge(parser, name);
		return;
	}
	label = parse_attributes(parser);
	if (parser->failed || is_keyword(&name, "node") ||
	    is_keyword(&name, "edge") || is_keyword(&name, "graph"))
		return;
	add_node(parser, &name, &label);
}

/* What stands between braces, the first of which is taken. */
static void parse_body(struct dot_parser *parser)
{
	unsigned int depth = 1;

	while (depth && !parser->failed) {
		const struct dot_token *token = &parser->reader.token;

		if (is_keyword(token, "subgraph")) {
			dot_next(&parser->reader);
			accept_kind(parser, DOT_ID);
		} else if (accept_kind(parser, '{')) {
			if (++depth > DEPTH_MAX)
				fail(parser, "'}' (graphs nest too deeply)");
		} else if (accept_kind(parser, '}')) {
			depth--;
		} else if (!accept_kind(parser, ';')) {
			parse_node(parser);
		}
	}
}

static void parse_graph(struct dot_parser *parser)
{
	dot_next(&parser->reader);
	if (is_keyword(&parser->reader.token, "strict"))
		dot_next(&parser->reader);
	if (!is_keyword(&parser->reader.token, "digraph"))
		fail(parser, "'digraph'");
	else
		dot_next(&parser->reader);
	accept_kind(parser, DOT_ID);
	expect_kind(parser, '{', "'{'");
	parse_body(parser);
	if (!parser->failed && !next_is(parser, DOT_END))
		fail(parser, "the end of the file");
}

/*
 * The whole
 */

static void check_states(struct dot_parser *parser)
{
	g_autoptr(GHashTable) states =
		g_hash_table_new(g_str_hash, g_str_equal);
	const GArray *edges = parser->dot->edges;
	const struct automaton *a = &parser->dot->automaton;

	for (unsigned int i = 0; i < edges->len; i++) {
		const struct automaton_edge *edge =
			&g_array_index(edges, struct automaton_edge, i);

		g_hash_table_add(states, (void *)(uintptr_t)edge->from);
		g_hash_table_add(states, (void *)(uintptr_t)edge->to);
	}
	for (unsigned int i = 0; i < parser->dot->limits->len; i++)
		g_hash_table_add(states, (void *)(uintptr_t)g_array_index(
						 parser->dot->limits,
						 struct automaton_limit, i)
						 .state);
	if (!a->initial)
		diag_error_at(&parser->diags, parser->file, 0, 0,
			      "no state is the first; name it with a node "
			      "\"__init_STATE\"");
	else if (edges->len && !g_hash_table_contains(states, a->initial))
		diag_error_at(&parser->diags, parser->file, 0, 0,
			      "no edge knows the initial state '%s'",
			      a->initial);
	if (!edges->len)
		diag_error_at(&parser->diags, parser->file, 0, 0,
			      "there are no edges with events");
	if (g_hash_table_size(states) > AUTOMATON_MAX_STATES)
		diag_error_at(&parser->diags, parser->file, 0, 0,
			      "there are more than %u states",
			      AUTOMATON_MAX_STATES);
}

static enum automaton_scope scope_by_events(const struct automaton *a)
{
	const uint64_t of_tasks =
		EV(sched_wakeup) | EV(sched_switch_in) | EV(sched_switch_out) |
		EV(sched_switch_wait) | EV(sched_switch_suspend) |
		EV(sched_switch_blocking) | EV(sched_switch_preempt) |
		EV(sched_switch_yield);

	return automaton_alphabet(a) & of_tasks ? SCOPE_TASK : SCOPE_CPU;
}

/* One that is built in is known to be of CPUs or of tasks, though its events
 * may not tell, as those of nrp. */
static enum automaton_scope usual_scope(const struct automaton *a)
{
	g_autofree char *name = g_strndup(a->name, strcspn(a->name, "."));
	const struct automaton *known = automaton_find(name);

	if (known && !(automaton_alphabet(a) & ~automaton_alphabet(known)))
		return known->scope;
	return scope_by_events(a);
}

static struct automaton *finish(struct dot_parser *parser, enum dot_scope scope,
				GPtrArray *messages)
{
	struct automaton *a = &parser->dot->automaton;
	bool good;

	a->edges =
		(const struct automaton_edge *)(void *)parser->dot->edges->data;
	a->nr_edges = parser->dot->edges->len;
	a->limits = (const struct automaton_limit *)(void *)
			    parser->dot->limits->data;
	a->nr_limits = parser->dot->limits->len;
	a->of_scenario = true;
	a->scope = scope == DOT_SCOPE_BY_EVENTS ? usual_scope(a) :
						  (enum automaton_scope)scope;
	if (!parser->diags.errors)
		check_states(parser);
	good = !parser->diags.errors;
	diags_report(&parser->diags, messages);
	if (good)
		return a;
	dot_free(a);
	return NULL;
}

static void parser_init(struct dot_parser *parser, const char *file)
{
	g_autofree char *name = g_path_get_basename(file);
	struct dot *dot = g_new0(struct dot, 1);

	dot->words = g_ptr_array_new_with_free_func(g_free);
	dot->edges = g_array_new(FALSE, FALSE, sizeof(struct automaton_edge));
	dot->limits = g_array_new(FALSE, FALSE, sizeof(struct automaton_limit));
	dot->automaton.name = name;
	dot->automaton.claim = "as the file says";
	g_ptr_array_add(dot->words, g_steal_pointer(&name));
	*parser = (struct dot_parser){ .dot = dot,
				       .file = g_ref_string_new(file) };
	parser->reader = (struct dot_reader){ .line = 1,
					      .column = 1,
					      .words = dot->words };
	diags_init(&parser->diags);
}

static void parser_clear(struct dot_parser *parser)
{
	diags_clear(&parser->diags);
	g_ref_string_release(parser->file);
}

struct automaton *dot_read(const char *file, const char *text,
			   enum dot_scope scope, GPtrArray *messages)
{
	struct dot_parser parser;
	struct automaton *a;

	parser_init(&parser, file);
	parser.reader.at = text;
	parse_graph(&parser);
	a = finish(&parser, scope, messages);
	parser_clear(&parser);
	return a;
}

struct automaton *dot_load(const char *file, enum dot_scope scope,
			   GPtrArray *messages)
{
	g_autoptr(GString) text = g_string_new(NULL);
	char *label = g_ref_string_new(file);
	struct automaton *a = NULL;
	struct diags diags;

	diags_init(&diags);
	if (yaml_read_file(file, label, text, &diags))
		a = dot_read(file, text->str, scope, messages);
	diags_report(&diags, messages);
	diags_clear(&diags);
	g_ref_string_release(label);
	return a;
}

void dot_free(struct automaton *automaton)
{
	struct dot *dot;

	if (!automaton)
		return;
	dot = container_of(automaton, struct dot, automaton);
	g_array_unref(dot->edges);
	g_array_unref(dot->limits);
	g_ptr_array_unref(dot->words);
	g_free(dot);
}
