/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a scenario expects of its results: `PATH OP VALUE`.
 *
 * Only the form is checked here; which paths lead to a number is known to
 * those who have the results.
 */
#include <config.h>

#include <math.h>
#include <string.h>

#include "model-private.h"

static const char *const operators[] = { "==", "!=", "<=", ">=", "<", ">" };

/** expect_free - free a struct expect_conf. */
void expect_free(gpointer data)
{
	struct expect_conf *expect = data;

	g_free(expect->text);
	g_free(expect->path);
	g_free(expect->where);
	g_free(expect);
}

/* Where the operator begins in @text; NULL if there is none. */
static const char *find_operator(const char *text, const char **op)
{
	const char *at = text + strcspn(text, "=!<>");

	for (size_t i = 0; i < G_N_ELEMENTS(operators); i++) {
		if (!g_str_has_prefix(at, operators[i]))
			continue;
		*op = operators[i];
		return at;
	}
	return NULL;
}

/* A bare number, or one with % behind it. */
static bool parse_number(const char *text, double *value)
{
	char *end;

	if (!g_ascii_isdigit(*text) && *text != '-' && *text != '.')
		return false;
	*value = g_ascii_strtod(text, &end);
	if (end == text || !isfinite(*value))
		return false;
	while (*end == ' ')
		end++;
	if (*end == '%') {
		*value /= 100;
		end++;
	}
	return !*end;
}

static bool parse_value(struct reader *rd, const struct ynode *node,
			const char *text, struct expect_conf *expect)
{
	const char *why;
	ktime_t t;

	if (parse_number(text, &expect->value))
		return true;
	if (time_parse(text, &rd->tb, &t, &why)) {
		expect->is_time = true;
		expect->value = (double)t / rd->tb.per_ns;
		return true;
	}
	diag_error(rd->diags, node,
		   "can't compare with '%s'; compare with a "
		   "number, a percentage or a time, as in 0, 5%% or 1ms",
		   text);
	return false;
}

static char *place_of(const struct ynode *node)
{
	if (!node->line)
		return g_strdup(node->file);
	return g_strdup_printf("%s:%d:%d", node->file, node->line,
			       node->column);
}

static bool path_is_fine(const char *path)
{
	return *path && !strpbrk(path, " \t\n");
}

static void parse(struct reader *rd, const struct ynode *node,
		  struct expect_conf *expect)
{
	const char *op = NULL, *at = find_operator(node->text, &op);
	g_autofree char *value = NULL;

	if (at) {
		expect->path = g_strndup(node->text, (gsize)(at - node->text));
		g_strstrip(expect->path);
	}
	if (!at || !path_is_fine(expect->path)) {
		diag_error(rd->diags, node,
			   "'%s' is no expectation; write it "
			   "as in 'player.wakeup_latency.max < 1ms', with one "
			   "of == != < <= > >=",
			   node->text);
		return;
	}
	g_strlcpy(expect->op, op, sizeof(expect->op));
	value = g_strdup(at + strlen(op));
	g_strstrip(value);
	parse_value(rd, node, value, expect);
}

static void read_one(struct reader *rd, struct scenario *s, struct ynode *node)
{
	struct expect_conf *expect;

	if (!read_scalar(rd, node, "expect",
			 "a list of expectations, as in "
			 "[player.dropouts == 0]"))
		return;
	expect = g_new0(struct expect_conf, 1);
	expect->text = g_strdup(node->text);
	expect->where = place_of(node);
	g_ptr_array_add(s->expects, expect);
	parse(rd, node, expect);
}

/* A single expectation in place of the list. */
static void make_list(struct ynode *node)
{
	struct ynode *item = ynode_copy(node);
	bool empty = ynode_is_null(node);

	ynode_become(node, YNODE_SEQUENCE);
	if (empty)
		ynode_free(item);
	else
		ynode_append(node, item);
}

/**
 * expects_read - read all that is expected.
 * @rd: the reader
 * @s: gets them
 */
void expects_read(struct reader *rd, struct scenario *s)
{
	struct ynode *node = ynode_get(s->resolved, "expect");

	if (!node)
		node = params_default(s->resolved, "expect", "[]");
	if (node->kind == YNODE_SCALAR)
		make_list(node);
	if (node->kind != YNODE_SEQUENCE) {
		diag_error(rd->diags, node,
			   "'expect' takes a list, as in "
			   "[player.dropouts == 0]");
		return;
	}
	for (unsigned int i = 0; i < ynode_size(node); i++)
		read_one(rd, s, ynode_item(node, i));
}
