/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * preemptsim list models: the preemption models beside each other.
 *
 * What stands in the tables follows from the models' rows, by the same
 * expressions that tests/laws/law-points holds against simulations.
 */
#include <config.h>

#include "list-private.h"

#include <stdio.h>

#include "preemptsim/kernel/resched-point.h"

/* Columns of a reschedule point, and of a model. */
#define POINT_WIDTH 38
#define MODEL_WIDTH 9

void list_row(GString *out, const char *name, const char *help)
{
	g_string_append_printf(out, "  %-*s  %s\n", LIST_NAME_WIDTH, name,
			       help);
}

void list_choices(GString *out, const char *title, choices_fn choices)
{
	const struct choice *choice;

	g_string_append_printf(out, "%s:\n", title);
	for (unsigned int i = 0; (choice = choices(i)); i++)
		list_row(out, choice->name, choice->help);
}

/* @title over a column for each model. */
static void append_head(GString *out, const char *title)
{
	const struct choice *model;

	g_string_append_printf(out, "\n%-*s", POINT_WIDTH + 2, title);
	for (unsigned int i = 0; (model = preempt_model_choice(i)); i++)
		g_string_append_printf(out, " %-*s", MODEL_WIDTH, model->name);
	g_string_append_c(out, '\n');
}

static void append_points(GString *out, bool requests)
{
	static const char *const words[] = {
		[RESCHED_NO] = "-", [RESCHED_YES] = "yes", [RESCHED_NONE] = "."
	};
	const struct resched_point *point;

	for (unsigned int i = 0; (point = resched_point(i)); i++) {
		g_string_append_printf(out, "  %-*s", POINT_WIDTH, point->name);
		for (unsigned int m = 0; preempt_model_choice(m); m++) {
			const struct preempt_model *model = preempt_model(m);
			enum resched_answer answer =
				requests ? point->request(model) :
					   point->order(model);

			g_string_append_printf(out, " %-*s", MODEL_WIDTH,
					       words[answer]);
		}
		g_string_append_printf(out, " %s\n",
				       requests ? "" : point->when);
	}
}

/* What else a model's row says. */
static const char *fair_asks(const struct preempt_model *m)
{
	return m->lazy ? "lazily" : "at once";
}

static const char *spinlock_is(const struct preempt_model *m)
{
	return m->sleeping_locks ? "sleeps" : "spins";
}

static const char *handler_runs(const struct preempt_model *m)
{
	return m->threaded_irqs ? "thread" : "hardirq";
}

static const char *softirq_runs(const struct preempt_model *m)
{
	return m->threaded_irqs ? "task" : "irq exit";
}

static const char *wakes_idle(const struct preempt_model *m)
{
	return m->ttwu_queue ? "that CPU" : "the waker";
}

static const struct {
	const char *name;
	const char *(*word)(const struct preempt_model *m);
	const char *help;
} properties[] = {
	{ "SCHED_OTHER is asked to make way", fair_asks,
	  "lazily: by need_resched_lazy" },
	{ "who waits for a spinlock", spinlock_is,
	  "holding one that spins forbids preemption" },
	{ "a device's handler runs in", handler_runs,
	  "a thread can be preempted" },
	{ "a wakeup for an idle CPU is done by", wakes_idle,
	  "who puts the task on the run queue there" },
	{ "softirqs of an interrupt run at, in", softirq_runs,
	  "at its end they can't be preempted" },
};

static void append_properties(GString *out)
{
	append_head(out, "what else differs");
	for (unsigned int i = 0; i < G_N_ELEMENTS(properties); i++) {
		g_string_append_printf(out, "  %-*s", POINT_WIDTH,
				       properties[i].name);
		for (unsigned int m = 0; preempt_model_choice(m); m++)
			g_string_append_printf(
				out, " %-*s", MODEL_WIDTH,
				properties[i].word(preempt_model(m)));
		g_string_append_printf(out, " %s\n", properties[i].help);
	}
}

static void append_mask(GString *out, const char *name,
			struct preempt_field field)
{
	if (field.bits)
		g_string_append_printf(out, " %s %" G_GINT64_MODIFIER "x", name,
				       preempt_field_mask(field));
}

/* Each layout, and below it which bits mean what. */
static void append_layouts(GString *out)
{
	const struct preempt_layout *layout;

	g_string_append(out,
			"\nlayouts of preempt_count (kernel.preempt_count):\n");
	for (unsigned int i = 0; (layout = preempt_layout(i)); i++) {
		list_row(out, layout->name, layout->help);
		g_string_append_printf(out, "  %-*s ", LIST_NAME_WIDTH, "");
		append_mask(out, "preempt", layout->preempt);
		append_mask(out, "softirq", layout->softirq);
		append_mask(out, "irqs_off", layout->irqs_off);
		append_mask(out, "hardirq", layout->hardirq);
		append_mask(out, "nmi", layout->nmi);
		append_mask(out, "resched", layout->resched);
		g_string_append_c(out, '\n');
	}
}

void list_models(GString *out)
{
	list_choices(out, "preemption models (kernel.preempt)",
		     preempt_model_choice);
	append_head(out, "an order (need_resched) is obeyed at");
	append_points(out, false);
	append_head(out, "a request (need_resched_lazy) alone at");
	append_points(out, true);
	g_string_append(out, "\n  yes: the running task makes way   "
			     "-: it runs on   .: there is no such thing\n");
	append_properties(out);
	append_layouts(out);
}
