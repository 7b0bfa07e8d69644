/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_LOCKDEP_PRIVATE_H
#define PREEMPTSIM_LOCKDEP_PRIVATE_H

/*
 * Shared by the parts of lockdep: usage of classes, and the graph of which was
 * taken under which.
 */

#include <glib.h>

#include "preemptsim/kernel/debug.h"
#include "preemptsim/kernel/kernel.h"
#include "preemptsim/kernel/lock.h"

/* How a class is used: taken in interrupts, taken while they are on; each by a
 * writer, or by a reader, READ_BITS higher.  cf. lockdep_internals.h:
 * LOCK_USED_IN_HARDIRQ, LOCK_ENABLED_HARDIRQ, ... */
#define IN_HARDIRQ_BIT 0u
#define IN_SOFTIRQ_BIT 1u
#define ON_HARDIRQ_BIT 2u
#define ON_SOFTIRQ_BIT 3u
#define READ_BITS 4u
#define NR_USAGES 8u

/**
 * struct lock_class - what is known of a lock.
 * @lock: which
 * @seen: mask of usages that came up
 * @usage: of them, those that were no mistake
 * @first: where each came up first
 * @misplaced: mask of where it was taken inside what must not wait for it, see
 *             lockdep-wait.c
 */
struct lock_class {
	const struct lock *lock;
	uint8_t seen, usage;
	struct place first[NR_USAGES];
	uint8_t misplaced;
};

/**
 * struct held_lock - a lock that a task holds; one of a list.
 * @below: taken before it, or NULL
 * @lock, @class: which, and number of its class
 * @context: of which kind of interrupt; its own chain of dependencies
 * @read: by a reader
 * @user: in user mode, to which it may go back
 */
struct held_lock {
	struct held_lock *below;
	const struct lock *lock;
	unsigned int class;
	unsigned int context;
	bool read, user;
};

/**
 * struct dependency - @to was first taken under @from there.
 * @shared: @from by a reader; @recursive: @to by one, who does not wait for a
 *          writer that waits
 */
struct dependency {
	unsigned int from, to;
	bool shared, recursive;
	struct place place;
};

/**
 * struct lock_graph - which class was taken under which.
 * @nr: room for so many nodes, @words of 64 in a row
 * @known: [from, shared][to, recursive]: it has come up
 * @after, @before: of them, those that were no mistake; see below
 * @visited, @queue, @parent: for searches
 * @dependencies: GArray of struct dependency, those in @after
 *
 * Who takes a lock recursively does not wait for those who share it, so a way
 * along which somebody may have to wait has no two such steps one after the
 * other.  (cf. __bfs(): -(*R)-> and -(S*)->.)  Therefore a class is two nodes,
 * weak and not.  In @after, the way there was by one who takes it recursively,
 * and leads on from those only who hold it alone: [from, weak][to, recursive].
 * In @before, the way, which is gone backwards, leads from it by those who share
 * it: [to, weak][from, shared].
 */
struct lock_graph {
	unsigned int nr, words;
	uint64_t *known, *after, *before, *visited;
	unsigned int *queue, *parent;
	GArray *dependencies;
};

/**
 * struct lockdep - see debug.h.
 * @classes: by number, @nr_classes of @max_classes in use
 * @free: held_locks that nobody uses; @chunks: all of them
 */
struct lockdep {
	struct kernel *kernel;
	struct lock_class *classes;
	unsigned int nr_classes, max_classes;
	struct lock_graph graph;
	struct held_lock *free;
	GPtrArray *chunks;
};

/* "No class", "no node". */
#define NO_CLASS UINT_MAX

/** lock_node - @class, weak or not. */
static inline unsigned int lock_node(unsigned int class, bool weak)
{
	return 2 * class + weak;
}

/** node_class, node_is_weak - what it was made of. */
static inline unsigned int node_class(unsigned int node)
{
	return node / 2;
}

static inline bool node_is_weak(unsigned int node)
{
	return node % 2;
}

/** node_usage - usages of @node's class that count there: a reader does not
 * keep a reader waiting.  cf. usage_match(). */
static inline unsigned int node_usage(const struct lockdep *lockdep,
				      unsigned int node)
{
	unsigned int writers = (1u << READ_BITS) - 1;

	return lockdep->classes[node_class(node)].usage &
	       (node_is_weak(node) ? writers : UINT_MAX);
}

/** graph_bit - the bit of @row and @column in @matrix, one of @graph's. */
static inline bool graph_bit(const struct lock_graph *graph,
			     const uint64_t *matrix, unsigned int row,
			     unsigned int column)
{
	return matrix[(size_t)row * graph->words + column / 64] >>
		       (column % 64) &
	       1;
}

/** graph_init - a graph of up to @nr_classes. */
void graph_init(struct lock_graph *graph, unsigned int nr_classes);

/** graph_destroy - free what graph_init() took. */
void graph_destroy(struct lock_graph *graph);

/** graph_know - @to was taken under @from, nodes of @known. */
void graph_know(struct lock_graph *graph, unsigned int from, unsigned int to);

/** graph_add - and there is nothing wrong with that; @place is where. */
void graph_add(struct lock_graph *graph, unsigned int from, unsigned int to,
	       const struct place *place);

/**
 * graph_search - the nearest node that can be reached from @start, itself
 * included, along @matrix, and whose usage has any of @usage; or that is @goal,
 * or if that is weak the other one of its class.
 * @usage: 0: only @goal counts
 *
 * graph->parent then leads from it to @start, which is its own parent.
 * Returns NO_CLASS if there is none.
 */
unsigned int graph_search(const struct lockdep *lockdep, const uint64_t *matrix,
			  unsigned int start, unsigned int usage,
			  unsigned int goal);

/** graph_where - where the step from node @row to @column was first gone;
 * @forward: along @after. */
const struct place *graph_where(const struct lock_graph *graph,
				unsigned int row, unsigned int column,
				bool forward);

/** lockdep_irq_context - which chain of dependencies @kc is at, or which kind
 * of interrupt: 0: none. */
unsigned int lockdep_irq_context(const struct kcpu *kc);

/** lockdep_nest - @class is taken by @kc, under whatever that holds or is
 * interrupted by; tells if it may have to wait longer than that can. */
void lockdep_nest(struct lockdep *lockdep, struct kcpu *kc, unsigned int class);

/** lockdep_use - @class is used as @mask says, by @kc; false if that is wrong,
 * which is told. */
bool lockdep_use(struct lockdep *lockdep, struct kcpu *kc, unsigned int class,
		 unsigned int mask);

/** lockdep_depend - @to is taken by @kc under @from, nodes of graph.known; tells
 * if that is wrong. */
void lockdep_depend(struct lockdep *lockdep, struct kcpu *kc, unsigned int from,
		    unsigned int to);

#endif
