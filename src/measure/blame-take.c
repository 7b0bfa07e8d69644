/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From culprits to words and sums.
 */
#include <config.h>

#include "blame-private.h"

/* "block (disk)" */
static void append_interrupt(GString *text, const char *what,
			     const char *within)
{
	g_string_append(text, what);
	if (within)
		g_string_append_printf(text, " (%s)", within);
}

/* "writer in write(): spin_lock inode" */
static void append_place(GString *text, const struct task *task,
			 const char *within, const char *what,
			 const struct lock *lock)
{
	g_string_append(text, task->comm);
	if (within)
		g_string_append_printf(text, " in %s()", within);
	if (what)
		g_string_append_printf(text, ": %s", what);
	if (lock)
		g_string_append_printf(text, "%s %s", what ? "" : ":",
				       lock->name);
}

/* Why the holder does not go on, but for interrupts and others that run. */
static void append_other_delay(GString *text, const struct holding *end)
{
	switch (end->cause) {
	case BLAME_spinlock:
	case BLAME_lock:
		if (end->what)
			g_string_append_printf(text, ", which waits for %s",
					       end->what);
		else
			g_string_append(text, ", in a deadlock");
		break;
	case BLAME_scheduling:
		g_string_append_printf(text, " on CPU %u, in __schedule()",
				       end->cpu);
		break;
	case BLAME_throttled:
		g_string_append_printf(text, ", throttled by %s", end->what);
		break;
	case BLAME_io:
		g_string_append_printf(text, ", which waits for %s", end->what);
		break;
	case BLAME_sleep:
	case BLAME_timer_slack:
		g_string_append(text, ", which sleeps");
		if (end->what)
			g_string_append_printf(text, " in %s", end->what);
		break;
	default:
		g_string_append_printf(text, ", being woken on CPU %u",
				       end->cpu);
	}
}

/* ", kept off CPU 1 by hog" */
static void append_doing(GString *text, const struct holding *end)
{
	switch (end->cause) {
	case BLAME_execution:
		g_string_append_printf(text, " on CPU %u", end->cpu);
		if (end->within)
			g_string_append_printf(text, " in %s()", end->within);
		break;
	case BLAME_nmi:
	case BLAME_hardirq:
	case BLAME_softirq:
		g_string_append_printf(text, " on CPU %u, interrupted by %s ",
				       end->cpu,
				       blame_cause_choice(end->cause)->name);
		append_interrupt(text, end->what, end->within);
		break;
	case BLAME_task:
	case BLAME_lazy:
	case BLAME_kernel:
	case BLAME_irqs_off:
	case BLAME_bh_off:
	case BLAME_preempt_off:
		g_string_append_printf(text, ", kept off CPU %u by ", end->cpu);
		append_place(text, end->other, end->within, end->what,
			     end->section);
		break;
	default:
		append_other_delay(text, end);
	}
}

/* @task, or the interrupt over it. */
static void append_holder(GString *text, const struct task *task,
			  const char *irq, const char *irq_of)
{
	g_string_append(text, ", held by ");
	if (irq)
		append_interrupt(text, irq, irq_of);
	else
		g_string_append(text, task->comm);
}

/* No lock: somebody who has all CPUs do something, or stops them. */
static void append_waiter(GString *text, const struct culprit *culprit)
{
	append_place(text, culprit->task, culprit->within, NULL, NULL);
	g_string_append(text, " waits for the other CPUs");
}

/* "inode, held by writer on CPU 1 in write()", "a, held by X, which waits for
 * b, held by Y, kept off CPU 0 by Z" */
static char *lock_text(const struct culprit *culprit)
{
	const struct holding *end = culprit->end;
	GString *text = g_string_new(NULL);

	if (culprit->lock)
		g_string_append(text, culprit->lock->name);
	else
		append_waiter(text, culprit);
	if (culprit->holder && end->links) {
		append_holder(text, culprit->holder, end->first_irq,
			      end->first_irq_of);
		g_string_append(text, ", which waits for ");
		if (end->links > 1)
			g_string_append_printf(text, "%u locks, the last ",
					       end->links);
		g_string_append(text, end->lock->name);
	}
	if (culprit->holder) {
		append_holder(text, end->task, end->irq, end->irq_of);
		append_doing(text, end);
	}
	return g_string_free(text, FALSE);
}

static char *interrupt_text(const struct culprit *culprit)
{
	GString *text;

	if (!culprit->what)
		return NULL;
	text = g_string_new(NULL);
	append_interrupt(text, culprit->what, culprit->within);
	return g_string_free(text, FALSE);
}

static char *place_text(const struct culprit *culprit)
{
	GString *text = g_string_new(NULL);

	append_place(text, culprit->task, culprit->within, culprit->what,
		     culprit->lock);
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
