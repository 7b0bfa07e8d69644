/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a scenario expects of its results: `PATH OP VALUE`; and of a comparison:
 * `diff.PATH OP VALUE`, `ratio.PATH OP VALUE`, `PATH[BUILD] OP PATH[BUILD]`.
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
	g_free(expect->build);
	g_free(expect->other_path);
	g_free(expect->other_build);
	g_free(expect->where);
	g_free(expect);
}

/* Where the operator begins in @text; NULL if there is none. */
static const char *find_operator(const char *text, const char **op)
{
	const char *at = text + strcspn(text, "[=!<>");

	if (*at == '[')
		at += strcspn(at, "]");
	at += strcspn(at, "=!<>");
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

/* PATH[BUILD]: a build's name goes from @path to @build. */
static void split_build(char *path, char **build)
{
	size_t n = strlen(path);
	char *open = strchr(path, '[');

	if (!open || path[n - 1] != ']')
		return;
	*build = g_strndup(open + 1, (gsize)(path + n - 1 - (open + 1)));
	g_strstrip(*build);
	*open = '\0';
}

/* "diff." or "ratio." in front of the left side. */
static void take_prefix(struct expect_conf *expect)
{
	size_t n;

	if (g_str_has_prefix(expect->path, "diff."))
		expect->kind = EXPECT_DIFFERENCE;
	else if (g_str_has_prefix(expect->path, "ratio."))
		expect->kind = EXPECT_RATIO;
	else
		return;
	n = strcspn(expect->path, ".") + 1;
	memmove(expect->path, expect->path + n, strlen(expect->path + n) + 1);
}

/* The left side; false if it can't be one. */
static bool parse_left(const char *text, const char *end,
		       struct expect_conf *expect)
{
	expect->path = g_strndup(text, (gsize)(end - text));
	g_strstrip(expect->path);
	split_build(expect->path, &expect->build);
	take_prefix(expect);
	return path_is_fine(expect->path) && (!expect->build || *expect->build);
}

/* The right side: a value, or the same of another build. */
static void parse_right(struct reader *rd, const struct ynode *node,
			const char *text, struct expect_conf *expect)
{
	if (!strchr(text, '[')) {
		parse_value(rd, node, text, expect);
		return;
	}
	expect->other_path = g_strdup(text);
	split_build(expect->other_path, &expect->other_build);
	if (!expect->build || !expect->other_build ||
	    expect->kind != EXPECT_VALUE || !*expect->other_build ||
	    !path_is_fine(expect->other_path))
		diag_error(rd->diags, node,
			   "'%s' does not compare builds; write it as in "
			   "'player.dropouts[full] < player.dropouts[none]'",
			   node->text);
	expect->kind = EXPECT_BUILDS;
}

static void parse(struct reader *rd, const struct ynode *node,
		  struct expect_conf *expect)
{
	const char *op = NULL, *at = find_operator(node->text, &op);
	g_autofree char *value = NULL;

	if (!at || !parse_left(node->text, at, expect)) {
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
	parse_right(rd, node, value, expect);
}

static void read_one(struct reader *rd, struct scenario *s, struct ynode *node)
{
	unsigned int before = rd->diags->errors;
	struct expect_conf *expect;

	if (!read_scalar(rd, node, "expect",
			 "a list of expectations, as in "
			 "[player.dropouts == 0]"))
		return;
	expect = g_new0(struct expect_conf, 1);
	expect->text = g_strdup(node->text);
	expect->where = place_of(node);
	parse(rd, node, expect);
	if (rd->diags->errors == before)
		g_ptr_array_add(s->expects, expect);
	else
		expect_free(expect);
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
