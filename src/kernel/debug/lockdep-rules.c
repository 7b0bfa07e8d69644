/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lockdep's rules, and what it says when one is broken.
 * cf. kernel/locking/lockdep.c v6.12: mark_lock_irq(), check_deadlock(),
 * check_noncircular(), check_irq_usage();
 * Documentation/locking/lockdep-design.rst.
 *
 * Each mistake is told once.  What broke a rule is remembered as seen, but no
 * more is concluded from it, so that one mistake is not told as many.  (Linux
 * tells the first one and then switches lockdep off.)
 */
#include <config.h>

#include "lockdep-private.h"

/* By which kind of interrupt: as Linux spells it, and in a sentence. */
static const char *const kind_name[] = { "HARDIRQ", "SOFTIRQ" };
static const char *const kind_word[] = { "hardirq", "softirq" };

/* A usage is one of a kind, in such an interrupt or with them on, by a reader
 * or a writer. */
static unsigned int kind_of(unsigned int usage)
{
	return usage & 1;
}

static bool is_in(unsigned int usage)
{
	return !(usage & ON_HARDIRQ_BIT);
}

static bool is_read(unsigned int usage)
{
	return usage & READ_BITS;
}

/* Usages that @usage does not go together with, of classes that are taken under
 * one another; whether readers do is asked on the way.  cf. exclusive_mask(). */
static unsigned int excluded_by(unsigned int usage)
{
	unsigned int other = (usage ^ ON_HARDIRQ_BIT) & (READ_BITS - 1);

	return 1u << other | 1u << (other + READ_BITS);
}

static const char *name_of(const struct lockdep *lockdep, unsigned int class)
{
	return lockdep->classes[class].lock->name;
}

/* "{IN-HARDIRQ-W}" or "{HARDIRQ-ON-R}" */
static void append_usage(GString *text, unsigned int usage)
{
	const char *name = kind_name[kind_of(usage)];

	g_string_append_printf(text, "{%s%s%s-%c}", is_in(usage) ? "IN-" : "",
			       name, is_in(usage) ? "" : "-ON",
			       is_read(usage) ? 'R' : 'W');
}

/* The first of the usages @mask that @node has. */
static unsigned int usage_among(const struct lockdep *lockdep,
				unsigned int node, unsigned int mask)
{
	return (unsigned int)__builtin_ctz(node_usage(lockdep, node) & mask);
}

/* "; NAME was taken in a hardirq by PLACE", or "with hardirqs on" */
static void append_first(GString *text, const struct lockdep *lockdep,
			 unsigned int class, unsigned int usage)
{
	const struct lock_class *one = &lockdep->classes[class];
	const char *word = kind_word[kind_of(usage)];
	char place[PLACE_MAX];

	g_string_append_printf(
		text, "; %s was taken %s %s%s by %s", one->lock->name,
		is_in(usage) ? "in a" : "with", word,
		is_in(usage) ? "" : "s on",
		describe_place(&one->first[usage], place, sizeof(place)));
}

/* "NAME is taken in a hardirq", or where it may be interrupted by one */
static void append_taken(GString *text, const struct lockdep *lockdep,
			 unsigned int class, unsigned int usage)
{
	g_string_append_printf(
		text, "%s is taken %s a %s", name_of(lockdep, class),
		is_in(usage) ? "in" : "where it may be interrupted by",
		kind_word[kind_of(usage)]);
}

/* The step from node @row to @column. */
static void append_step(GString *text, const struct lockdep *lockdep,
			unsigned int row, unsigned int column, bool forward)
{
	unsigned int from = node_class(forward ? row : column);
	unsigned int to = node_class(forward ? column : row);
	char place[PLACE_MAX];

	g_string_append_printf(text, "; %s was taken under %s by %s",
			       name_of(lockdep, to), name_of(lockdep, from),
			       describe_place(graph_where(&lockdep->graph, row,
							  column, forward),
					      place, sizeof(place)));
}

/* The steps of the search that ended at @last, back to its start; @forward: a
 * step leads to what is taken under. */
static void append_way(GString *text, const struct lockdep *lockdep,
		       unsigned int last, bool forward)
{
	const unsigned int *parent = lockdep->graph.parent;

	for (; parent[last] != last; last = parent[last])
		append_step(text, lockdep, parent[last], last, forward);
}

static void tell(struct lockdep *lockdep, struct kcpu *kc, unsigned int class,
		 GString *text)
{
	kernel_warn(kc, "lockdep", lockdep->classes[class].lock, "%s",
		    text->str);
	g_string_free(text, TRUE);
}

/* Rule of the single class: who may be interrupted while holding it must not
 * be by somebody who takes it. */
static bool usage_is_consistent(struct lockdep *lockdep, struct kcpu *kc,
				unsigned int class, unsigned int usage)
{
	unsigned int node = lock_node(class, is_read(usage));
	unsigned int other;
	GString *text;

	if (!(node_usage(lockdep, node) & excluded_by(usage)))
		return true;
	other = usage_among(lockdep, node, excluded_by(usage));
	text = g_string_new("inconsistent lock state: ");
	append_usage(text, other);
	g_string_append(text, " -> ");
	append_usage(text, usage);
	g_string_append(text, ", ");
	append_taken(text, lockdep, class, usage);
	append_first(text, lockdep, class, other);
	tell(lockdep, kc, class, text);
	return false;
}

/* The same through others that are taken under it, or that it is taken
 * under.  A reader in an interrupt takes it recursively. */
static bool no_inversion(struct lockdep *lockdep, struct kcpu *kc,
			 unsigned int class, unsigned int usage)
{
	const struct lock_graph *graph = &lockdep->graph;
	unsigned int other = graph_search(
		lockdep, is_in(usage) ? graph->after : graph->before,
		lock_node(class, is_read(usage)), excluded_by(usage), NO_CLASS);
	GString *text;

	if (other == NO_CLASS)
		return true;
	text = g_string_new("possible irq lock inversion dependency: ");
	append_taken(text, lockdep, class, usage);
	append_way(text, lockdep, other, is_in(usage));
	append_first(text, lockdep, node_class(other),
		     usage_among(lockdep, other, excluded_by(usage)));
	tell(lockdep, kc, class, text);
	return false;
}

static bool use_one(struct lockdep *lockdep, struct kcpu *kc,
		    unsigned int class, unsigned int usage)
{
	struct lock_class *one = &lockdep->classes[class];

	one->seen |= (uint8_t)(1u << usage);
	one->first[usage] = here(kc);
	if (!usage_is_consistent(lockdep, kc, class, usage) ||
	    !no_inversion(lockdep, kc, class, usage))
		return false;
	one->usage |= (uint8_t)(1u << usage);
	return true;
}

bool lockdep_use(struct lockdep *lockdep, struct kcpu *kc, unsigned int class,
		 unsigned int mask)
{
	unsigned int new = mask & ~lockdep->classes[class].seen;

	for (; new; new &= new - 1)
		if (!use_one(lockdep, kc, class,
			     (unsigned int)__builtin_ctz(new)))
			return false;
	return true;
}

static bool not_recursive(struct lockdep *lockdep, struct kcpu *kc,
			  unsigned int from, unsigned int to)
{
	const struct task *curr = current_task(kc);
	unsigned int class = node_class(to);

	if (node_class(from) != class)
		return true;
	kernel_warn(kc, "lockdep", lockdep->classes[class].lock,
		    "possible recursive locking: %s-%d takes %s, which it "
		    "holds already",
		    curr->comm, curr->pid, name_of(lockdep, class));
	return false;
}

/* The way leads back to who holds @from alone, or to readers but not by one who
 * takes it recursively.  cf. hlock_conflict(). */
static bool not_circular(struct lockdep *lockdep, struct kcpu *kc,
			 unsigned int from, unsigned int to)
{
	unsigned int goal = lock_node(node_class(from), !node_is_weak(from));
	unsigned int found =
		graph_search(lockdep, lockdep->graph.after, to, 0, goal);
	const struct task *curr = current_task(kc);
	GString *text;

	if (found == NO_CLASS)
		return true;
	text = g_string_new(NULL);
	g_string_append_printf(text,
			       "possible circular locking dependency: %s-%d "
			       "takes %s under %s",
			       curr->comm, curr->pid,
			       name_of(lockdep, node_class(to)),
			       name_of(lockdep, node_class(from)));
	append_way(text, lockdep, found, true);
	tell(lockdep, kc, node_class(to), text);
	return false;
}

/* Taken under each other, a class that handlers take and one that they may
 * interrupt the holder of: he holds up who holds up the handler. */
static bool irqs_are_safe(struct lockdep *lockdep, struct kcpu *kc,
			  unsigned int from, unsigned int to,
			  unsigned int usage)
{
	const struct lock_graph *graph = &lockdep->graph;
	const struct task *curr = current_task(kc);
	const char *name = kind_name[kind_of(usage)];
	unsigned int safe, unsafe;
	g_autoptr(GString) text = NULL;

	safe = graph_search(lockdep, graph->before, from, 1u << usage,
			    NO_CLASS);
	if (safe == NO_CLASS)
		return true;
	text = g_string_new(NULL);
	append_way(text, lockdep, safe, false);
	unsafe = graph_search(lockdep, graph->after, to, excluded_by(usage),
			      NO_CLASS);
	if (unsafe == NO_CLASS)
		return true;
	append_way(text, lockdep, unsafe, true);
	append_first(text, lockdep, node_class(safe), usage);
	append_first(text, lockdep, node_class(unsafe),
		     usage_among(lockdep, unsafe, excluded_by(usage)));
	kernel_warn(kc, "lockdep", lockdep->classes[node_class(to)].lock,
		    "%s-safe -> %s-unsafe lock order: %s-%d takes %s under "
		    "%s%s",
		    name, name, curr->comm, curr->pid,
		    name_of(lockdep, node_class(to)),
		    name_of(lockdep, node_class(from)), text->str);
	return false;
}

static bool all_irqs_are_safe(struct lockdep *lockdep, struct kcpu *kc,
			      unsigned int from, unsigned int to)
{
	for (unsigned int usage = 0; usage < NR_USAGES; usage++)
		if (is_in(usage) &&
		    !irqs_are_safe(lockdep, kc, from, to, usage))
			return false;
	return true;
}

/* However it is done again: it is the same mistake. */
static void know_all(struct lock_graph *graph, unsigned int from,
		     unsigned int to)
{
	for (unsigned int i = 0; i < 4; i++)
		graph_know(graph, lock_node(node_class(from), i & 1),
			   lock_node(node_class(to), i & 2));
}

void lockdep_depend(struct lockdep *lockdep, struct kcpu *kc, unsigned int from,
		    unsigned int to)
{
	struct place place = here(kc);

	graph_know(&lockdep->graph, from, to);
	if (not_recursive(lockdep, kc, from, to) &&
	    not_circular(lockdep, kc, from, to) &&
	    all_irqs_are_safe(lockdep, kc, from, to))
		graph_add(&lockdep->graph, from, to, &place);
	else
		know_all(&lockdep->graph, from, to);
}
