/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * CPUs by deadline.  cf. kernel/sched/cpudeadline.c v6.12: cpudl_set(),
 * cpudl_clear(), cpudl_find().
 *
 * Linux has a heap for each set of CPUs whose tasks can't leave it, and so
 * looks at its top only.  Here there is one for all, and who may not use the
 * CPU at the top looks further down.
 */
#include <config.h>

#include "preemptsim/kernel/cpudeadline.h"

#include <glib.h>

#include "sched-private.h"

/* A CPU that is not in the heap. */
#define NO_PLACE UINT_MAX

static bool is_later(const struct cpudl_item *a, const struct cpudl_item *b)
{
	return a->deadline > b->deadline;
}

static void put(struct cpudl *cp, unsigned int at, struct cpudl_item item)
{
	cp->heap[at] = item;
	cp->place[item.cpu] = at;
}

/* Over its equals, too. */
static void heapify_up(struct cpudl *cp, unsigned int at)
{
	struct cpudl_item item = cp->heap[at];

	while (at && !is_later(&cp->heap[(at - 1) / 2], &item)) {
		put(cp, at, cp->heap[(at - 1) / 2]);
		at = (at - 1) / 2;
	}
	put(cp, at, item);
}

static void heapify_down(struct cpudl *cp, unsigned int at)
{
	struct cpudl_item item = cp->heap[at];

	for (;;) {
		unsigned int child = 2 * at + 1;

		if (child + 1 < cp->size &&
		    is_later(&cp->heap[child + 1], &cp->heap[child]))
			child++;
		if (child >= cp->size || !is_later(&cp->heap[child], &item))
			break;
		put(cp, at, cp->heap[child]);
		at = child;
	}
	put(cp, at, item);
}

static void heapify(struct cpudl *cp, unsigned int at)
{
	if (at && is_later(&cp->heap[at], &cp->heap[(at - 1) / 2]))
		heapify_up(cp, at);
	else
		heapify_down(cp, at);
}

void cpudl_init(struct cpudl *cp, struct arena *arena, unsigned int nr_cpus)
{
	*cp = (struct cpudl){ .size = 0 };
	cp->heap = arena_new(arena, struct cpudl_item, nr_cpus);
	cp->place = arena_new(arena, unsigned int, nr_cpus);
	for (unsigned int cpu = 0; cpu < nr_cpus; cpu++) {
		cp->place[cpu] = NO_PLACE;
		cpumask_set_cpu(&cp->free_cpus, cpu);
	}
}

void cpudl_set(struct cpudl *cp, unsigned int cpu, ktime_t deadline)
{
	unsigned int at = cp->place[cpu];

	if (at == NO_PLACE) {
		at = cp->size++;
		cpumask_clear_cpu(&cp->free_cpus, cpu);
		put(cp, at, (struct cpudl_item){ deadline, cpu });
		heapify_up(cp, at);
	} else {
		put(cp, at, (struct cpudl_item){ deadline, cpu });
		heapify(cp, at);
	}
}

void cpudl_clear(struct cpudl *cp, unsigned int cpu)
{
	unsigned int at = cp->place[cpu];

	if (at == NO_PLACE)
		return;
	cp->place[cpu] = NO_PLACE;
	cpumask_set_cpu(&cp->free_cpus, cpu);
	if (at == --cp->size)
		return;
	put(cp, at, cp->heap[cp->size]);
	heapify(cp, at);
}

/* The latest from @at down on whose CPU @p may run, if it is later than
 * @best. */
static const struct cpudl_item *latest(const struct cpudl *cp, unsigned int at,
				       const struct task *p,
				       const struct cpumask *rd,
				       const struct cpudl_item *best)
{
	const struct cpudl_item *item = &cp->heap[at];

	if (at >= cp->size || (best && !is_later(item, best)))
		return best;
	if (task_may_run_on(p, item->cpu) &&
	    (!rd || cpumask_test_cpu(rd, item->cpu)))
		return item;
	best = latest(cp, 2 * at + 1, p, rd, best);
	return latest(cp, 2 * at + 2, p, rd, best);
}

const struct cpudl_item *cpudl_latest(const struct cpudl *cp,
				      const struct task *p,
				      const struct cpumask *rd)
{
	const struct cpudl_item *best = latest(cp, 0, p, rd, NULL);

	return best && best->deadline > p->dl.node.deadline ? best : NULL;
}

bool cpudl_find(const struct cpudl *cp, const struct task *p,
		const struct cpumask *rd, struct cpumask *later)
{
	const unsigned int words = (p->kernel->config.nr_cpus + 63) / 64;
	const struct cpudl_item *best;
	uint64_t any = 0;

	for (unsigned int i = 0; i < words; i++) {
		later->bits[i] = cp->free_cpus.bits[i];
		if (!p->any_cpu)
			later->bits[i] &= p->cpus_mask.bits[i];
		if (unlikely(rd))
			later->bits[i] &= rd->bits[i];
		any |= later->bits[i];
	}
	if (any)
		return true;
	best = cpudl_latest(cp, p, rd);
	if (!best)
		return false;
	cpumask_set_cpu(later, best->cpu);
	return true;
}
