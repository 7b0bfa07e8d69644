/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Automata from .dot files: what is read, and what is said of mistakes. */
#include <config.h>

#include <check.h>
#include <stdlib.h>

#include "run-suite.h"

#include "preemptsim/scenario/dot.h"

#define HEAD                                                    \
	"digraph state_automaton {\n"                           \
	"\tcenter = true;\n"                                    \
	"\tsize = \"7,11\";\n"                                  \
	"\t{node [shape = plaintext, style=invis, label=\"\"] " \
	"\"__init_one\"};\n"                                    \
	"\t{node [shape = doublecircle] \"one\"};\n"            \
	"\t{node [shape = circle] \"two\"};\n"                  \
	"\t\"__init_one\" -> \"one\";\n"                        \
	"\t\"one\" [label = \"one\", color = green3];\n"        \
	"\t\"two\" [label = \"two\"];\n"
#define TAIL                    \
	"\t{ rank = min ;\n"    \
	"\t\t\"__init_one\";\n" \
	"\t\t\"one\";\n\t}\n}\n"
#define EDGE(from, to, events) \
	"\t\"" from "\" -> \"" to "\" [ label = \"" events "\" ];\n"

static GPtrArray *messages;

static struct automaton *read_text(const char *text, enum dot_scope scope)
{
	return dot_read("x.dot", text, scope, messages);
}

static const char *first_message(void)
{
	return messages->len ? messages->pdata[0] : "nothing";
}

static void setup(void)
{
	messages = g_ptr_array_new_with_free_func(g_free);
}

static void teardown(void)
{
	g_ptr_array_unref(messages);
}

START_TEST(an_automaton_as_linux_writes_it)
{
	struct automaton *a =
		read_text(HEAD EDGE("one", "two", "irq_disable")
				  EDGE("two", "two", "irq_entry\\nsched_waking")
					  EDGE("two", "one", "irq_enable") TAIL,
			  DOT_SCOPE_BY_EVENTS);

	ck_assert_msg(a != NULL, "%s", first_message());
	ck_assert_str_eq(a->initial, "one");
	ck_assert_str_eq(a->name, "x.dot");
	ck_assert_int_eq(a->scope, SCOPE_CPU);
	ck_assert(a->of_scenario);
	ck_assert_uint_eq(a->nr_edges, 3);
	ck_assert_uint_eq(a->edges[1].events, EV(irq_entry) | EV(sched_waking));
	ck_assert_str_eq(a->edges[2].to, "one");
	dot_free(a);
}
END_TEST

START_TEST(the_scope_follows_the_events_or_is_said)
{
	const char *text =
		HEAD EDGE("one", "one", "switch_in\\nswitch_out") TAIL;
	struct automaton *a = read_text(text, DOT_SCOPE_BY_EVENTS);

	ck_assert_int_eq(a->scope, SCOPE_TASK);
	dot_free(a);
	a = read_text(text, DOT_SCOPE_CPU);
	ck_assert_int_eq(a->scope, SCOPE_CPU);
	dot_free(a);
}
END_TEST

START_TEST(other_ways_to_write_it)
{
	struct automaton *a = read_text(
		"# a comment\nstrict digraph { /* another\n */ __init_a -> a // "
		"one more\n subgraph x { a -> b [label=irq_disable]; b->a "
		"[color=red,label=\"irq_enable\"] } }",
		DOT_SCOPE_BY_EVENTS);

	ck_assert_msg(a != NULL, "%s", first_message());
	ck_assert_uint_eq(a->nr_edges, 2);
	dot_free(a);
}
END_TEST

/* As Linux's opid and stall have them. */
START_TEST(conditions_and_clocks)
{
	struct automaton *a = read_text(
		HEAD EDGE("one", "one",
			  "sched_need_resched;irq_off == 1\\nsched_waking;"
			  "irq_off == 1 && preempt_off == 1\\nsched_wakeup")
			EDGE("one", "two",
			     "sched_switch_in;reset(clk)") "\t\"two\" [label = \"two\\nclk < 100ms\"];\n" TAIL,
		DOT_SCOPE_CPU);

	ck_assert_msg(a != NULL, "%s", first_message());
	ck_assert_uint_eq(a->nr_edges, 4);
	ck_assert_uint_eq(a->edges[0].flags, IF_IRQS_OFF);
	ck_assert_uint_eq(a->edges[1].flags, IF_IRQS_OFF | IF_PREEMPT_OFF);
	ck_assert_uint_eq(a->edges[2].events, EV(sched_wakeup));
	ck_assert_uint_eq(a->edges[2].flags, 0);
	ck_assert_uint_eq(a->edges[3].flags, RESET_CLOCK);
	ck_assert_uint_eq(a->nr_limits, 1);
	ck_assert_str_eq(a->limits[0].state, "two");
	ck_assert_int_eq(a->limits[0].limit_ns, 100000000);
	dot_free(a);
}
END_TEST

static const struct {
	const char *text, *said;
} mistakes[] = {
	{ HEAD EDGE("one", "two", "irq_disable\\nirq_entri") TAIL,
	  "x.dot:10:41: error: there is no event 'irq_entri'; did you mean "
	  "'irq_entry'?" },
	{ HEAD EDGE("one", "two", "sched_waking;irq_of == 1") TAIL,
	  "x.dot:10:28: error: 'irq_of==1' is not known here; a condition is" },
	{ HEAD EDGE("one", "two", "irq_enable\\nsched_waking;a || b") TAIL,
	  "x.dot:10:40: error: 'a||b' is not known" },
	{ HEAD EDGE("one", "two", "irq_enable\\n") TAIL,
	  "x.dot:10:40: error: an event's name is missing" },
	{ HEAD "\t\"two\" -> \"one\";\n" TAIL,
	  "x.dot:10:2: error: the edge has no label" },
	{ HEAD EDGE("one", "two", "irq_enable") EDGE("one", "one", "irq_enable")
		  TAIL,
	  "x.dot:11:2: error: the same event" },
	{ HEAD EDGE("one", "two",
		    "irq_enable") "\t\"__init_two\" -> \"two\";\n" TAIL,
	  "x.dot:11:2: error: there is another initial state" },
	{ HEAD "\t\"two\" [label = \"two\\nclk < 5\"];\n" TAIL,
	  "x.dot:10:17: error: a state's limit is a clock and a time" },
	{ HEAD TAIL, "x.dot: error: there are no edges" },
	{ "digraph x { a -> b [label=irq_enable] }",
	  "x.dot: error: no state is the first" },
	{ "digraph x { __init_c->c; a -> b [label=irq_enable] }",
	  "x.dot: error: no edge knows the initial state 'c'" },
	{ "graph x { }", "x.dot:1:1: error: 'graph' where 'digraph'" },
	{ "digraph x { a -> b [label=irq_enable]",
	  "x.dot:1:38: error: the file ends where" },
	{ "digraph x {\n a -> ;", "x.dot:2:7: error: ';' where a state" },
	{ "digraph x {\n \"a", "x.dot:2:2: error: the string has no end" },
	{ "digraph x { a -> b -> c }", "x.dot:1:20: error: '->' where" },
	{ "digraph x { } y", "x.dot:1:15: error: 'y' where the end" },
	{ "", "x.dot:1:1: error: the file ends where 'digraph'" },
	{ "digraph x {{{{{{{{{{{{{{{{{{", "x.dot:1:28: error: " },
};

START_TEST(mistakes_are_told_with_their_place)
{
	ck_assert_ptr_null(read_text(mistakes[_i].text, DOT_SCOPE_BY_EVENTS));
	ck_assert_msg(g_str_has_prefix(first_message(), mistakes[_i].said),
		      "%s\nshould be %s", first_message(), mistakes[_i].said);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("dot");
	TCase *tcase = tcase_create("dot");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, an_automaton_as_linux_writes_it);
	tcase_add_test(tcase, the_scope_follows_the_events_or_is_said);
	tcase_add_test(tcase, other_ways_to_write_it);
	tcase_add_test(tcase, conditions_and_clocks);
	tcase_add_loop_test(tcase, mistakes_are_told_with_their_place, 0,
			    G_N_ELEMENTS(mistakes));
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
