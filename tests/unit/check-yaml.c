/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of YAML as a tree: reading, changing and writing.
 */
#include <config.h>

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "run-suite.h"

#include "preemptsim/scenario/resolved.h"
#include "preemptsim/scenario/suggest.h"
#include "scenario/yaml-private.h"

/* The tree of @text, or NULL and its first message in *message. */
static struct ynode *load(const char *text, char **message)
{
	char *label = g_ref_string_new("t");
	g_autoptr(GPtrArray) out = g_ptr_array_new_with_free_func(g_free);
	struct ynode *root;
	struct diags diags;

	diags_init(&diags);
	root = yaml_load(text, strlen(text), label, true, &diags);
	if (root)
		yaml_merge(root, &diags);
	diags_report(&diags, out);
	*message = out->len ? g_strdup(out->pdata[0]) : NULL;
	diags_clear(&diags);
	g_ref_string_release(label);
	return root;
}

static struct ynode *load_fine(const char *text)
{
	char *message;
	struct ynode *root = load(text, &message);

	ck_assert_msg(!message, "%s", message);
	ck_assert_ptr_nonnull(root);
	return root;
}

START_TEST(nodes_know_their_places)
{
	struct ynode *root = load_fine("a: 1\nb:\n  - x\n  - {c: 'y'}\n");
	struct ynode *b = ynode_get(root, "b");
	struct ynode *c = ynode_get(ynode_item(b, 1), "c");

	ck_assert_int_eq(ynode_size(root), 2);
	ck_assert_int_eq(ynode_key(root, 1)->line, 2);
	ck_assert_int_eq(ynode_item(b, 0)->line, 3);
	ck_assert_int_eq(ynode_item(b, 0)->column, 5);
	ck_assert_str_eq(c->text, "y");
	ck_assert(!c->plain);
	ck_assert_int_eq(c->line, 4);
	ck_assert_int_eq(c->column, 9);
	ck_assert_ptr_null(ynode_get(root, "c"));
	ynode_free(root);
}
END_TEST

static const struct {
	const char *text, *message;
} bad[] = {
	{ "a: [", "t:2:1: error: did not find expected node content (while "
		  "parsing a flow node)" },
	{ "a: 1\na: 2", "t:2:1: error: the key 'a' stands here twice; remove "
			"one of them" },
	{ "a: *x", "t:1:4: error: there is no anchor '&x' above this alias" },
	{ "a: &x {b: *x}", "t:1:11: error: the alias '*x' stands within what "
			   "its anchor marks" },
	{ "a: !x 1", "t:1:4: error: the tag '!x' means nothing in a scenario; "
		     "leave it out" },
	{ "[a]: 1", "t:1:1: error: a key must be a word, not a list or a "
		    "mapping" },
	{ "a: 1\n---\nb: 2", "t:2:1: error: a second document begins here; a "
			     "file holds one scenario" },
	{ "a:\n\tb: 1", "t:2:1: error: a tab can't indent YAML; use spaces" },
	{ "a: \xff", "t:1:4: error: this is not UTF-8 text (invalid leading "
		     "UTF-8 octet); save the file as UTF-8" },
	{ "a: \"\\0\"", "t:1:4: error: a text must not contain a NUL "
			"character" },
	{ "<<: 5", "t:1:5: error: '<<' takes the alias of a mapping, or a "
		   "list of such" },
};

START_TEST(mistakes_are_located)
{
	char *message;
	struct ynode *root = load(bad[_i].text, &message);

	ck_assert_ptr_nonnull(message);
	ck_assert_str_eq(message, bad[_i].message);
	ynode_free(root);
	g_free(message);
}
END_TEST

START_TEST(depth_is_limited)
{
	GString *text = g_string_new(NULL);
	char *message;

	for (int i = 0; i < 63; i++)
		g_string_append_c(text, '[');
	g_string_append(text, "x");
	for (int i = 0; i < 63; i++)
		g_string_append_c(text, ']');
	ynode_free(load_fine(text->str));
	g_string_prepend(text, "[[");
	g_string_append(text, "]]");
	ck_assert_ptr_null(load(text->str, &message));
	ck_assert_str_eq(message, "t:1:65: error: this is nested too deeply; "
				  "64 levels are allowed");
	g_free(message);
	g_string_free(text, TRUE);
}
END_TEST

START_TEST(laughter_is_limited)
{
	GString *text = g_string_new("a0: &a0 [x, x, x, x, x, x, x, x]\n");
	struct ynode *root;
	char *message;

	for (int i = 1; i < 20; i++)
		g_string_append_printf(text, "a%d: &a%d [*a%d, *a%d, *a%d]\n",
				       i, i, i - 1, i - 1, i - 1);
	root = load(text->str, &message);
	ck_assert(root->cut);
	ck_assert_uint_le(ynode_size(root), 12);
	ck_assert_ptr_nonnull(strstr(message, "too large"));
	ynode_free(root);
	g_free(message);
	g_string_free(text, TRUE);
}
END_TEST

/* Up to where it can't be read, a text is there: what is open there is cut, and so
 * is what came last, but not what was closed before. */
START_TEST(what_comes_before_a_mistake_is_there)
{
	char *message;
	struct ynode *root = load("a: {k: 1}\nb: [x, {l: 2\nc: 3\n", &message);
	struct ynode *a = ynode_get(root, "a"), *b = ynode_get(root, "b");

	ck_assert_ptr_nonnull(message);
	ck_assert(root->cut && b->cut && ynode_item(b, 1)->cut);
	ck_assert(!a->cut && !ynode_get(a, "k")->cut);
	ck_assert(!ynode_item(b, 0)->cut);
	ck_assert_ptr_null(ynode_get(root, "c"));
	ynode_free(root);
	g_free(message);
}
END_TEST

START_TEST(aliases_are_copies)
{
	struct ynode *root = load_fine("a: &x {k: 1}\nb: *x\n");
	struct ynode *a = ynode_get(root, "a"), *b = ynode_get(root, "b");

	ck_assert_ptr_ne(a, b);
	ynode_set(b, "k", ynode_new_scalar(b, "2", true));
	ck_assert_str_eq(ynode_get(a, "k")->text, "1");
	ynode_free(root);
}
END_TEST

START_TEST(merge_keys_fill_in)
{
	struct ynode *root = load_fine("a: &x {k: 1, l: 2}\n"
				       "b: {<<: *x, l: 3}\n"
				       "c: {<<: [*x, {k: 4, m: 5}]}\n");
	struct ynode *b = ynode_get(root, "b"), *c = ynode_get(root, "c");

	ck_assert_int_eq(ynode_size(b), 2);
	ck_assert_str_eq(ynode_get(b, "k")->text, "1");
	ck_assert_str_eq(ynode_get(b, "l")->text, "3");
	ck_assert_str_eq(ynode_get(c, "k")->text, "1");
	ck_assert_str_eq(ynode_get(c, "m")->text, "5");
	ynode_free(root);
}
END_TEST

static const struct {
	const char *text;
	enum ynode_type type;
} types[] = {
	{ "", YTYPE_NULL },	   { "~", YTYPE_NULL },
	{ "null", YTYPE_NULL },	   { "true", YTYPE_BOOL },
	{ "False", YTYPE_BOOL },   { "on", YTYPE_TEXT },
	{ "12", YTYPE_INT },	   { "-12", YTYPE_INT },
	{ "1.5", YTYPE_REAL },	   { ".5", YTYPE_REAL },
	{ "5.", YTYPE_REAL },	   { "1e5", YTYPE_REAL },
	{ "1e", YTYPE_TEXT },	   { "5ms", YTYPE_TEXT },
	{ ".", YTYPE_TEXT },	   { "-", YTYPE_TEXT },
	{ "1.2.3", YTYPE_TEXT },   { "99999999999999999999", YTYPE_REAL },
	{ "nothing", YTYPE_TEXT },
};

START_TEST(plain_scalars_have_types)
{
	struct ynode node = { .kind = YNODE_SCALAR, .plain = true };

	node.text = (char *)types[_i].text;
	ck_assert_int_eq(ynode_type(&node), types[_i].type);
	node.plain = false;
	ck_assert_int_eq(ynode_type(&node), YTYPE_TEXT);
}
END_TEST

START_TEST(items_come_and_go)
{
	struct ynode *root = load_fine("a: [1, 2, 3]\nb: x\n");
	struct ynode *a = ynode_get(root, "a"), *key, *b;

	ynode_remove(a, 1);
	ck_assert_int_eq(ynode_size(a), 2);
	ck_assert_str_eq(ynode_item(a, 1)->text, "3");
	b = ynode_steal(root, 1, &key);
	ck_assert_str_eq(key->text, "b");
	ck_assert_int_eq(ynode_size(root), 1);
	ynode_append(a, b);
	ynode_free(key);
	ynode_become(a, YNODE_MAPPING);
	ck_assert_int_eq(ynode_size(a), 0);
	ck_assert_ptr_eq(ynode_get(root, "a"), a);
	ynode_free(root);
}
END_TEST

/* Texts that must come back as they are, and as texts. */
static const char *const texts[] = {
	"plain",
	"two words",
	"",
	" lead",
	"trail ",
	"- dash",
	"-",
	"a: b",
	"a:",
	"a #b",
	"#a",
	"[a]",
	"a, b",
	"{",
	"5",
	"1e5",
	"true",
	"null",
	"~",
	"'",
	"\"q\" \\ q",
	"line\nline",
	"\t",
	"%a",
	"@a",
	"`a",
	"---",
	"...",
	"<<",
	"=",
	"a\xc2\xa0z",
	"\xc3\xa9",
	"?",
	"|",
	">",
	"&a",
	"*a",
	"!a",
	"on",
	"5ms",
	"\xe2\x80\xa8",
	"\xc2\x85",
	"\x01",
	"\xf0\x9f\x98\x80",
	"\xef\xbb\xbfx",
	"a\r\nb",
	"== 5 < 3",
	"6.12",
};

START_TEST(texts_survive)
{
	struct ynode *root = load_fine("{}"), *again;
	g_autofree char *yaml = NULL, *yaml2 = NULL;

	ynode_set(root, "flow", ynode_new_at(YNODE_SEQUENCE, root));
	ynode_append(ynode_get(root, "flow"),
		     ynode_new_scalar(root, texts[_i], false));
	ynode_set(root, "block", ynode_new_scalar(root, texts[_i], false));
	yaml = ynode_to_yaml(root);
	again = load_fine(yaml);
	ck_assert_str_eq(ynode_get(again, "block")->text, texts[_i]);
	ck_assert_str_eq(ynode_item(ynode_get(again, "flow"), 0)->text,
			 texts[_i]);
	ck_assert_int_eq(ynode_type(ynode_get(again, "block")), YTYPE_TEXT);
	yaml2 = ynode_to_yaml(again);
	ck_assert_str_eq(yaml, yaml2);
	ynode_free(root);
	ynode_free(again);
}
END_TEST

START_TEST(block_style_is_readable)
{
	static const char text[] = "top: {}\n"
				   "list: [a, b]\n"
				   "map:\n"
				   "  short: {a: 1, b: [x, y]}\n"
				   "  none:\n"
				   "  steps:\n"
				   "    - run: 1ms\n"
				   "    - call:\n"
				   "        name: read\n"
				   "        do:\n"
				   "          - run: {uniform: [1us, 2us]}\n"
				   "lines:\n"
				   "  - a < b\n";
	struct ynode *root = load_fine(text);
	g_autofree char *yaml = ynode_to_yaml(root);

	ck_assert_str_eq(yaml, text);
	ynode_free(root);
}
END_TEST

START_TEST(json_has_types)
{
	struct ynode *root = load_fine("{a: 1, b: 1.5, c: true, d: , e: 5ms, "
				       "f: '7', g: [x]}");
	g_autoptr(JsonBuilder) builder = json_builder_new();
	g_autofree char *text = NULL;
	JsonNode *node;

	ynode_to_json(root, builder);
	node = json_builder_get_root(builder);
	text = json_to_string(node, FALSE);
	ck_assert_str_eq(text, "{\"a\":1,\"b\":1.5,\"c\":true,\"d\":null,"
			       "\"e\":\"5ms\",\"f\":\"7\",\"g\":[\"x\"]}");
	json_node_unref(node);
	ynode_free(root);
}
END_TEST

START_TEST(edits_are_counted)
{
	ck_assert_int_eq(edit_distance("fifo", "fifo", 9), 0);
	ck_assert_int_eq(edit_distance("fifo", "fio", 9), 1);
	ck_assert_int_eq(edit_distance("fifo", "fiof", 9), 1);
	ck_assert_int_eq(edit_distance("fifo", "FIFO", 9), 0);
	ck_assert_int_eq(edit_distance("", "abc", 9), 3);
	ck_assert_int_eq(edit_distance("kitten", "sitting", 9), 3);
}
END_TEST

START_TEST(suggestions_are_near)
{
	struct suggestion s;
	char *text;

	suggestion_init(&s, "plyer");
	suggestion_consider(&s, "writer");
	suggestion_consider(&s, "player");
	text = suggestion_finish(&s);
	ck_assert_str_eq(text, "; did you mean 'player'?");
	g_free(text);
	suggestion_init(&s, "dl");
	suggestion_consider(&s, "rr");
	suggestion_consider(&s, "fifo");
	text = suggestion_finish(&s);
	ck_assert_str_eq(text, "; known: rr, fifo");
	g_free(text);
	suggestion_init(&s, "x");
	text = suggestion_finish(&s);
	ck_assert_str_eq(text, "");
	g_free(text);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("yaml");
	TCase *tc = tcase_create("yaml");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, nodes_know_their_places);
	tcase_add_loop_test(tc, mistakes_are_located, 0, G_N_ELEMENTS(bad));
	tcase_add_test(tc, depth_is_limited);
	tcase_add_test(tc, laughter_is_limited);
	tcase_add_test(tc, what_comes_before_a_mistake_is_there);
	tcase_add_test(tc, aliases_are_copies);
	tcase_add_test(tc, merge_keys_fill_in);
	tcase_add_loop_test(tc, plain_scalars_have_types, 0,
			    G_N_ELEMENTS(types));
	tcase_add_test(tc, items_come_and_go);
	tcase_add_loop_test(tc, texts_survive, 0, G_N_ELEMENTS(texts));
	tcase_add_test(tc, block_style_is_readable);
	tcase_add_test(tc, json_has_types);
	tcase_add_test(tc, edits_are_counted);
	tcase_add_test(tc, suggestions_are_near);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
