/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which waits are explained, if to explain all of them would take too long.
 *
 * Each wait has a rank, which favours nobody but the first of each task, and
 * those of the lowest ranks are taken for as long as what has to be simulated
 * again for them is allowed: so they are a fair sample of all.  What several
 * need is counted once.
 */
#include <config.h>

#include "blame-private.h"

/* What there is to do for a wait beside simulating it, in events, and how many
 * times as much as an event takes one before which the machine is looked at. */
#define WINDOW_EVENTS 8u
#define LOOK_PRICE 2u

/* Those of the lowest ranks that are too long are passed over, but no more than
 * so many: to look on for one that is short would not be fair to the others. */
#define TOO_LONG_MAX 16u

/** struct range - events, by number: the last is no part of it. */
struct range {
	uint64_t from, to;
};

static struct range *range_at(const GArray *ranges, unsigned int i)
{
	return &g_array_index(ranges, struct range, i);
}

/* The first of @ranges that ends at @at or later. */
static unsigned int first_reaching(const GArray *ranges, uint64_t at)
{
	unsigned int low = 0, high = ranges->len;

	while (low < high) {
		unsigned int mid = low + (high - low) / 2;

		if (range_at(ranges, mid)->to < at)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* How many of the events from @from to @to are not in @ranges. */
static uint64_t missing(const GArray *ranges, uint64_t from, uint64_t to)
{
	uint64_t n = to - from;

	for (unsigned int i = first_reaching(ranges, from);
	     i < ranges->len && range_at(ranges, i)->from < to; i++)
		n -= MIN(to, range_at(ranges, i)->to) -
		     MAX(from, range_at(ranges, i)->from);
	return n;
}

static void cover(GArray *ranges, uint64_t from, uint64_t to)
{
	struct range new = { from, to };
	unsigned int i = first_reaching(ranges, from), n = 0;

	for (; i + n < ranges->len && range_at(ranges, i + n)->from <= new.to;
	     n++) {
		new.from = MIN(new.from, range_at(ranges, i + n)->from);
		new.to = MAX(new.to, range_at(ranges, i + n)->to);
	}
	if (n)
		g_array_remove_range(ranges, i, n);
	g_array_insert_val(ranges, i, new);
}

static GArray *ranges_new(void)
{
	return g_array_new(FALSE, FALSE, sizeof(struct range));
}

static void plan_begin(struct blame_plan *plan)
{
	plan->simulated = ranges_new();
	plan->looked = g_hash_table_new_full(NULL, NULL, NULL,
					     (void (*)(void *))g_array_unref);
}

static void plan_end(struct blame_plan *plan)
{
	g_array_unref(plan->simulated);
	g_hash_table_unref(plan->looked);
}

/* Through what the machine is looked at for the task of @window. */
static GArray *looked(const struct blame_plan *plan,
		      const struct blame_window *window)
{
	void *task = GUINT_TO_POINTER(window->task);
	GArray *ranges = g_hash_table_lookup(plan->looked, task);

	if (!ranges) {
		ranges = ranges_new();
		g_hash_table_insert(plan->looked, task, ranges);
	}
	return ranges;
}

/* Where it begins is known by the time only. */
static uint64_t beginning(const struct blame_window *window)
{
	__extension__ typedef unsigned __int128 wide_t;
	const struct checkpoint *since = window->since;
	uint64_t before = (uint64_t)(window->from - since->at);
	uint64_t all = (uint64_t)(window->to - since->at);

	return since->events +
	       (uint64_t)((wide_t)(window->events - since->events) * before /
			  all);
}

static uint64_t effort_of(const struct blame_plan *plan,
			  const struct blame_window *window)
{
	return WINDOW_EVENTS +
	       missing(plan->simulated, window->since->events, window->events) +
	       (LOOK_PRICE - 1) * missing(looked(plan, window),
					  beginning(window), window->events);
}

static void plan_take(struct blame_plan *plan,
		      const struct blame_window *window)
{
	cover(plan->simulated, window->since->events, window->events);
	cover(looked(plan, window), beginning(window), window->events);
}

gint blame_by_beginning(gconstpointer a, gconstpointer b)
{
	const struct blame_window *x = a, *y = b;

	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	if (x->to != y->to)
		return x->to < y->to ? -1 : 1;
	if (x->task != y->task)
		return x->task < y->task ? -1 : 1;
	return (x->worst > y->worst) - (x->worst < y->worst);
}

static gint by_rank(gconstpointer a, gconstpointer b)
{
	const struct blame_window *x = a, *y = b;

	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
	return blame_by_beginning(a, b);
}

static struct blame_window *window_at(const GArray *windows, unsigned int i)
{
	return &g_array_index(windows, struct blame_window, i);
}

static void take(struct blame_choice *choice, struct blame_window *window,
		 uint64_t effort)
{
	plan_take(&choice->plan, window);
	window->chosen = true;
	choice->spent += effort;
	choice->taken[window->task] = true;
}

/* Worst cases are explained in any case; what they need comes for free. */
static void take_worst(struct blame_choice *choice, GArray *pending)
{
	for (unsigned int i = 0; i < pending->len; i++) {
		struct blame_window *window = window_at(pending, i);

		if (window->worst == NO_WORST)
			continue;
		plan_take(&choice->plan, window);
		window->chosen = true;
	}
}

static void take_affordable(struct blame_choice *choice, GArray *pending)
{
	unsigned int too_long = 0;

	for (unsigned int i = 0; i < pending->len; i++) {
		struct blame_window *window = window_at(pending, i);
		uint64_t effort;

		if (window->chosen)
			continue;
		if (choice->spent + WINDOW_EVENTS > choice->allowed ||
		    too_long == TOO_LONG_MAX)
			return;
		effort = effort_of(&choice->plan, window);
		if (choice->spent + effort <= choice->allowed)
			take(choice, window, effort);
		else
			too_long++;
	}
}

/* That of the least effort of a task of which none has been taken yet. */
static struct blame_window *least(const struct blame_choice *choice,
				  GArray *pending, uint64_t *effort)
{
	struct blame_window *found = NULL;

	*effort = UINT64_MAX;
	for (unsigned int i = 0; i < pending->len; i++) {
		struct blame_window *window = window_at(pending, i);
		uint64_t more;

		if (window->chosen || choice->taken[window->task])
			continue;
		more = effort_of(&choice->plan, window);
		if (more < *effort) {
			*effort = more;
			found = window;
		}
	}
	return found;
}

/* At least one of a task, so that it says something; if that is within twice
 * what is allowed, or there is no other. */
static void take_least(struct blame_choice *choice, GArray *pending)
{
	struct blame_window *window;
	uint64_t effort;

	while ((window = least(choice, pending, &effort))) {
		if (choice->spent &&
		    choice->spent + effort > 2 * choice->allowed)
			return;
		take(choice, window, effort);
	}
}

/* At least what explaining all of @pending is, whatever they have in common. */
static uint64_t effort_at_most(const GArray *pending)
{
	uint64_t first = UINT64_MAX, last = 0, looks = 0;
	unsigned int task = UINT_MAX;

	for (unsigned int i = 0; i < pending->len; i++) {
		const struct blame_window *window =
			&g_array_index(pending, struct blame_window, i);

		first = MIN(first, window->since->events);
		last = MAX(last, window->events);
		looks += window->task != task;
		task = window->task;
	}
	return pending->len * WINDOW_EVENTS +
	       (last - first) * (1 + (LOOK_PRICE - 1) * looks);
}

/* All of them, if that is done in no case of more than is allowed; what they
 * are exactly does not matter any more. */
static bool take_all(struct blame_choice *choice, GArray *pending)
{
	if (!pending->len ||
	    choice->spent + effort_at_most(pending) > choice->allowed)
		return false;
	for (unsigned int i = 0; i < pending->len; i++)
		window_at(pending, i)->chosen = true;
	return true;
}

void blame_choose(struct blame_choice *choice, GArray *pending, bool last)
{
	if (last && take_all(choice, pending))
		return;
	plan_begin(&choice->plan);
	g_array_sort(pending, by_rank);
	take_worst(choice, pending);
	take_affordable(choice, pending);
	if (last)
		take_least(choice, pending);
	plan_end(&choice->plan);
}

bool blame_fits(GArray *pending, uint64_t allowed)
{
	struct blame_plan plan;
	uint64_t effort = 0;

	plan_begin(&plan);
	for (unsigned int i = 0; i < pending->len && effort <= allowed; i++) {
		const struct blame_window *window = window_at(pending, i);

		effort += effort_of(&plan, window);
		plan_take(&plan, window);
	}
	plan_end(&plan);
	return effort <= allowed;
}
