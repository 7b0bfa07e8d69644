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

/**
 * struct irq_kind - a kind of interrupt, by which rules are broken.
 * @in, @on: usages that exclude each other
 * @name, @word: as Linux spells it, and in the middle of a sentence
 */
struct irq_kind {
	unsigned int in, on;
	const char *name, *word;
};

static const struct irq_kind kinds[] = {
	{ IN_HARDIRQ_BIT, ON_HARDIRQ_BIT, "HARDIRQ", "hardirq" },
	{ IN_SOFTIRQ_BIT, ON_SOFTIRQ_BIT, "SOFTIRQ", "softirq" },
};

static const char *name_of(const struct lockdep *lockdep, unsigned int class)
{
	return lockdep->classes[class].lock->name;
}

/* "{IN-HARDIRQ}" or "{HARDIRQ-ON}" */
static void append_usage(GString *text, const struct irq_kind *kind, bool in)
{
	g_string_append_printf(text, "{%s%s%s}", in ? "IN-" : "", kind->name,
			       in ? "" : "-ON");
}

/* "; NAME was taken in a hardirq by PLACE", or "with hardirqs on" */
static void append_first(GString *text, const struct lockdep *lockdep,
			 unsigned int class, const struct irq_kind *kind,
			 bool in)
{
	const struct lock_class *one = &lockdep->classes[class];
	char place[PLACE_MAX];

	g_string_append_printf(
		text, "; %s was taken %s %s%s by %s", one->lock->name,
		in ? "in a" : "with", kind->word, in ? "" : "s on",
		describe_place(&one->first[in ? kind->in : kind->on], place,
			       sizeof(place)));
}

static void append_under(GString *text, const struct lockdep *lockdep,
			 unsigned int from, unsigned int to)
{
	char place[PLACE_MAX];

	g_string_append_printf(
		text, "; %s was taken under %s by %s", name_of(lockdep, to),
		name_of(lockdep, from),
		describe_place(graph_where(&lockdep->graph, from, to), place,
			       sizeof(place)));
}

/* The steps of the search that ended at @last, back to its start; @forward: a
 * step leads to what is taken under. */
static void append_way(GString *text, const struct lockdep *lockdep,
		       unsigned int last, bool forward)
{
	const unsigned int *parent = lockdep->graph.parent;

	for (; parent[last] != last; last = parent[last])
		append_under(text, lockdep, forward ? parent[last] : last,
			     forward ? last : parent[last]);
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
				unsigned int class, const struct irq_kind *kind,
				bool in)
{
	const struct lock_class *one = &lockdep->classes[class];
	GString *text;

	if (!(one->usage & 1u << (in ? kind->on : kind->in)))
		return true;
	text = g_string_new("inconsistent lock state: ");
	append_usage(text, kind, !in);
	g_string_append(text, " -> ");
	append_usage(text, kind, in);
	g_string_append_printf(text, ", %s is taken %s a %s", one->lock->name,
			       in ? "in" : "where it may be interrupted by",
			       kind->word);
	append_first(text, lockdep, class, kind, !in);
	tell(lockdep, kc, class, text);
	return false;
}

/* The same through others that are taken under it, or that it is taken
 * under. */
static bool no_inversion(struct lockdep *lockdep, struct kcpu *kc,
			 unsigned int class, const struct irq_kind *kind,
			 bool in)
{
	struct lock_graph *graph = &lockdep->graph;
	unsigned int other =
		graph_search(lockdep, in ? graph->after : graph->before, class,
			     1u << (in ? kind->on : kind->in), NO_CLASS);
	GString *text;

	if (other == NO_CLASS)
		return true;
	text = g_string_new(NULL);
	g_string_append_printf(
		text,
		"possible irq lock inversion dependency: %s is taken %s a %s",
		name_of(lockdep, class),
		in ? "in" : "where it may be interrupted by", kind->word);
	append_way(text, lockdep, other, in);
	append_first(text, lockdep, other, kind, !in);
	tell(lockdep, kc, class, text);
	return false;
}

static bool use_one(struct lockdep *lockdep, struct kcpu *kc,
		    unsigned int class, const struct irq_kind *kind, bool in)
{
	struct lock_class *one = &lockdep->classes[class];
	unsigned int bit = in ? kind->in : kind->on;

	one->seen |= (uint8_t)(1u << bit);
	one->first[bit] = here(kc);
	if (!usage_is_consistent(lockdep, kc, class, kind, in) ||
	    !no_inversion(lockdep, kc, class, kind, in))
		return false;
	one->usage |= (uint8_t)(1u << bit);
	return true;
}

bool lockdep_use(struct lockdep *lockdep, struct kcpu *kc, unsigned int class,
		 unsigned int mask)
{
	unsigned int new = mask & ~lockdep->classes[class].seen;
	bool right = true;

	for (unsigned int i = 0; i < G_N_ELEMENTS(kinds); i++) {
		const struct irq_kind *kind = &kinds[i];

		if (right && new & 1u << kind->in)
			right = use_one(lockdep, kc, class, kind, true);
		if (right && new & 1u << kind->on)
			right = use_one(lockdep, kc, class, kind, false);
	}
	return right;
}

static bool not_recursive(struct lockdep *lockdep, struct kcpu *kc,
			  unsigned int from, unsigned int to)
{
	const struct task *curr = current_task(kc);

	if (from != to)
		return true;
	kernel_warn(kc, "lockdep", lockdep->classes[to].lock,
		    "possible recursive locking: %s-%d takes %s, which it "
		    "holds already",
		    curr->comm, curr->pid, name_of(lockdep, to));
	return false;
}

static bool not_circular(struct lockdep *lockdep, struct kcpu *kc,
			 unsigned int from, unsigned int to)
{
	unsigned int found =
		graph_search(lockdep, lockdep->graph.after, to, 0, from);
	const struct task *curr = current_task(kc);
	GString *text;

	if (found == NO_CLASS)
		return true;
	text = g_string_new(NULL);
	g_string_append_printf(text,
			       "possible circular locking dependency: %s-%d "
			       "takes %s under %s",
			       curr->comm, curr->pid, name_of(lockdep, to),
			       name_of(lockdep, from));
	append_way(text, lockdep, found, true);
	tell(lockdep, kc, to, text);
	return false;
}

/* Taken under each other, a class that handlers take and one that they may
 * interrupt the holder of: he holds up who holds up the handler. */
static bool irqs_are_safe(struct lockdep *lockdep, struct kcpu *kc,
			  unsigned int from, unsigned int to,
			  const struct irq_kind *kind)
{
	struct lock_graph *graph = &lockdep->graph;
	const struct task *curr = current_task(kc);
	unsigned int safe, unsafe;
	GString *text;

	safe = graph_search(lockdep, graph->before, from, 1u << kind->in,
			    NO_CLASS);
	if (safe == NO_CLASS)
		return true;
	text = g_string_new(NULL);
	append_way(text, lockdep, safe, false);
	unsafe = graph_search(lockdep, graph->after, to, 1u << kind->on,
			      NO_CLASS);
	if (unsafe == NO_CLASS) {
		g_string_free(text, TRUE);
		return true;
	}
	append_way(text, lockdep, unsafe, true);
	append_first(text, lockdep, safe, kind, true);
	append_first(text, lockdep, unsafe, kind, false);
	kernel_warn(kc, "lockdep", lockdep->classes[to].lock,
		    "%s-safe -> %s-unsafe lock order: %s-%d takes %s under "
		    "%s%s",
		    kind->name, kind->name, curr->comm, curr->pid,
		    name_of(lockdep, to), name_of(lockdep, from), text->str);
	g_string_free(text, TRUE);
	return false;
}

void lockdep_depend(struct lockdep *lockdep, struct kcpu *kc, unsigned int from,
		    unsigned int to)
{
	struct place place = here(kc);

	graph_know(&lockdep->graph, from, to);
	if (not_recursive(lockdep, kc, from, to) &&
	    not_circular(lockdep, kc, from, to) &&
	    irqs_are_safe(lockdep, kc, from, to, &kinds[0]) &&
	    irqs_are_safe(lockdep, kc, from, to, &kinds[1]))
		graph_add(&lockdep->graph, from, to, &place);
}
