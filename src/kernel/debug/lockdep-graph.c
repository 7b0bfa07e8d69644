/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lockdep's graph: bit matrices of classes, searched breadth first, so that
 * what is found is the shortest way.
 */
#include <config.h>

#include "lockdep-private.h"

#include <string.h>

static uint64_t *matrix_new(const struct lock_graph *graph)
{
	return g_new0(uint64_t, (size_t)graph->nr * graph->words);
}

static void set_bit(const struct lock_graph *graph, uint64_t *matrix,
		    unsigned int row, unsigned int column)
{
	matrix[(size_t)row * graph->words + column / 64] |= UINT64_C(1)
							    << column % 64;
}

void graph_init(struct lock_graph *graph, unsigned int nr_classes)
{
	unsigned int nr = 2 * nr_classes;

	*graph = (struct lock_graph){ .nr = nr, .words = (nr + 63) / 64 };
	graph->known = matrix_new(graph);
	graph->after = matrix_new(graph);
	graph->before = matrix_new(graph);
	graph->visited = g_new(uint64_t, graph->words);
	graph->queue = g_new(unsigned int, nr);
	graph->parent = g_new(unsigned int, nr);
	graph->dependencies = g_array_sized_new(
		FALSE, FALSE, sizeof(struct dependency), 2 * nr);
}

void graph_destroy(struct lock_graph *graph)
{
	g_free(graph->known);
	g_free(graph->after);
	g_free(graph->before);
	g_free(graph->visited);
	g_free(graph->queue);
	g_free(graph->parent);
	g_array_unref(graph->dependencies);
}

void graph_know(struct lock_graph *graph, unsigned int from, unsigned int to)
{
	set_bit(graph, graph->known, from, to);
}

void graph_add(struct lock_graph *graph, unsigned int from, unsigned int to,
	       const struct place *place)
{
	struct dependency new = { .from = node_class(from),
				  .to = node_class(to),
				  .shared = node_is_weak(from),
				  .recursive = node_is_weak(to),
				  .place = *place };

	set_bit(graph, graph->after, lock_node(new.from, false), to);
	if (!new.shared)
		set_bit(graph, graph->after, lock_node(new.from, true), to);
	set_bit(graph, graph->before, lock_node(new.to, false), from);
	if (!new.recursive)
		set_bit(graph, graph->before, lock_node(new.to, true), from);
	g_array_append_val(graph->dependencies, new);
}

/* Put the neighbours of @node that were not visited into the queue. */
static unsigned int visit(const struct lock_graph *graph,
			  const uint64_t *matrix, unsigned int node,
			  unsigned int n)
{
	const uint64_t *row = matrix + (size_t)node * graph->words;

	for (unsigned int i = 0; i < graph->words; i++) {
		uint64_t new = row[i] & ~graph->visited[i];

		graph->visited[i] |= new;
		for (; new; new &= new - 1) {
			unsigned int next =
				i * 64 + (unsigned int)__builtin_ctzll(new);

			graph->parent[next] = node;
			graph->queue[n++] = next;
		}
	}
	return n;
}

static bool is_goal(unsigned int node, unsigned int goal)
{
	return node_class(node) == node_class(goal) && node <= goal;
}

unsigned int graph_search(const struct lockdep *lockdep, const uint64_t *matrix,
			  unsigned int start, unsigned int usage,
			  unsigned int goal)
{
	const struct lock_graph *graph = &lockdep->graph;
	unsigned int n = 1;

	memset(graph->visited, 0, graph->words * sizeof(uint64_t));
	set_bit(graph, graph->visited, 0, start);
	graph->queue[0] = start;
	graph->parent[start] = start;
	for (unsigned int i = 0; i < n; i++) {
		unsigned int node = graph->queue[i];

		if (is_goal(node, goal) || node_usage(lockdep, node) & usage)
			return node;
		n = visit(graph, matrix, node, n);
	}
	return NO_CLASS;
}

/* Does @one lead from node @row to @column along @after? */
static bool leads_after(const struct dependency *one, unsigned int row,
			unsigned int column)
{
	return lock_node(one->to, one->recursive) == column &&
	       one->from == node_class(row) &&
	       !(node_is_weak(row) && one->shared);
}

/* Or along @before? */
static bool leads_before(const struct dependency *one, unsigned int row,
			 unsigned int column)
{
	return lock_node(one->from, one->shared) == column &&
	       one->to == node_class(row) &&
	       !(node_is_weak(row) && one->recursive);
}

const struct place *graph_where(const struct lock_graph *graph,
				unsigned int row, unsigned int column,
				bool forward)
{
	for (unsigned int i = 0; i < graph->dependencies->len; i++) {
		const struct dependency *one = &g_array_index(
			graph->dependencies, struct dependency, i);

		if (forward ? leads_after(one, row, column) :
			      leads_before(one, row, column))
			return &one->place;
	}
	g_assert_not_reached();
}
