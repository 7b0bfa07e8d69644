/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From culprits to words and sums.
 */
#include <config.h>

#include "blame-private.h"

/* "inode, held by writer" */
static char *lock_text(const struct culprit *culprit)
{
	const char *name = culprit->lock ? culprit->lock->name : "a lock";

	if (!culprit->holder)
		return g_strdup(name);
	return g_strdup_printf("%s, held by %s", name, culprit->holder->comm);
}

/* "block (disk)" */
static char *interrupt_text(const struct culprit *culprit)
{
	if (!culprit->what || !culprit->within)
		return g_strdup(culprit->what);
	return g_strdup_printf("%s (%s)", culprit->what, culprit->within);
}

/* "writer in write(): spin_lock inode" */
static char *place_text(const struct culprit *culprit)
{
	GString *text = g_string_new(culprit->task->comm);

	if (culprit->within)
		g_string_append_printf(text, " in %s()", culprit->within);
	if (culprit->what)
		g_string_append_printf(text, ": %s", culprit->what);
	if (culprit->lock)
		g_string_append_printf(text, "%s %s", culprit->what ? "" : ":",
				       culprit->lock->name);
	return g_string_free(text, FALSE);
}

/* What the task itself does; whose that is need not be said. */
static char *own_text(const struct culprit *culprit)
{
	if (culprit->within)
		return g_strdup_printf("%s()", culprit->within);
	return g_strdup(culprit->what);
}

char *blame_by(const struct culprit *culprit)
{
	switch (culprit->cause) {
	case BLAME_spinlock:
	case BLAME_lock:
		return lock_text(culprit);
	case BLAME_execution:
	case BLAME_earlier_job:
		return own_text(culprit);
	default:
		return culprit->task ? place_text(culprit) :
				       interrupt_text(culprit);
	}
}

static int64_t since_ns(const struct blamer *blamer,
			const struct blame_window *window, ktime_t t)
{
	return ktime_to_ns(&blamer->kernel->sim->tb, t - window->from);
}

/* Ends are rounded, not lengths, so that these add up to the latency. */
void blame_take_worst(const struct blamer *blamer,
		      const struct blame_window *window,
		      const GArray *stretches, struct results *results)
{
	struct worst_case *worst = results->worst->pdata[window->worst];
	struct blame_span span = { .offset_ns = 0 };

	for (unsigned int i = 0; i < stretches->len; i++) {
		const struct stretch *stretch =
			&g_array_index(stretches, struct stretch, i);
		const struct culprit *culprit = &stretch->culprit;

		span.ns =
			since_ns(blamer, window, stretch->to) - span.offset_ns;
		if (!span.ns)
			continue;
		span.cpu = culprit->cpu;
		span.cause = blame_cause_choice(culprit->cause)->name;
		span.by = blame_by(culprit);
		worst_case_blame(worst, &span);
		g_free(span.by);
		span.offset_ns += span.ns;
	}
	blame_list_sort(worst->blame);
}
