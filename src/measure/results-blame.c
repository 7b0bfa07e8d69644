/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What delayed, in the container of what a run measured: the lists, the worst
 * cases, and the sums of each task.
 */
#include <config.h>

#include <string.h>

#include "preemptsim/measure/timeline.h"
#include "results-private.h"

static void blame_clear(void *data)
{
	struct blame *blame = data;

	g_free(blame->by);
}

GArray *blame_list_new(void)
{
	GArray *list = g_array_new(FALSE, FALSE, sizeof(struct blame));

	g_array_set_clear_func(list, blame_clear);
	return list;
}

void blame_list_add(GArray *list, const char *cause, const char *by, int64_t ns)
{
	struct blame new = { .cause = cause, .ns = ns };

	for (unsigned int i = 0; i < list->len; i++) {
		struct blame *blame = &g_array_index(list, struct blame, i);

		if (g_str_equal(blame->cause, cause) &&
		    !g_strcmp0(blame->by, by)) {
			blame->ns += ns;
			return;
		}
	}
	new.by = g_strdup(by);
	g_array_append_val(list, new);
}

static gint blame_cmp(gconstpointer a, gconstpointer b)
{
	const struct blame *x = a, *y = b;
	int order;

	if (x->ns != y->ns)
		return x->ns > y->ns ? -1 : 1;
	order = strcmp(x->cause, y->cause);
	return order ? order : g_strcmp0(x->by, y->by);
}

void blame_list_sort(GArray *list)
{
	g_array_sort(list, blame_cmp);
}

static void blame_list_merge(GArray *dst, const GArray *src)
{
	for (unsigned int i = 0; i < src->len; i++) {
		const struct blame *blame =
			&g_array_index(src, struct blame, i);

		blame_list_add(dst, blame->cause, blame->by, blame->ns);
	}
	blame_list_sort(dst);
}

static void span_clear(void *data)
{
	struct blame_span *span = data;

	g_free(span->by);
}

struct worst_case *worst_case_new(const char *task, enum latency_kind kind,
				  int64_t at_ns, int64_t latency_ns)
{
	struct worst_case *worst = g_new0(struct worst_case, 1);

	worst->task = g_strdup(task);
	worst->kind = kind;
	worst->at_ns = at_ns;
	worst->latency_ns = latency_ns;
	worst->blame = blame_list_new();
	worst->timeline = g_array_new(FALSE, FALSE, sizeof(struct blame_span));
	g_array_set_clear_func(worst->timeline, span_clear);
	return worst;
}

static void add_span(GArray *timeline, const struct blame_span *span)
{
	struct blame_span copy = *span;

	copy.by = g_strdup(span->by);
	g_array_append_val(timeline, copy);
}

void worst_case_blame(struct worst_case *worst, const struct blame_span *span)
{
	if (worst->timeline->len < TIMELINE_MAX)
		add_span(worst->timeline, span);
	blame_list_add(worst->blame, span->cause, span->by, span->ns);
}

void worst_case_free(struct worst_case *worst)
{
	if (!worst)
		return;
	g_free(worst->task);
	g_array_unref(worst->blame);
	g_array_unref(worst->timeline);
	timeline_free(worst->window);
	g_free(worst);
}

struct worst_case *worst_case_move(struct worst_case *src, uint64_t run)
{
	struct worst_case *copy;

	copy = worst_case_new(src->task, src->kind, src->at_ns,
			      src->latency_ns);
	copy->run = run;
	blame_list_merge(copy->blame, src->blame);
	for (unsigned int i = 0; i < src->timeline->len; i++)
		add_span(copy->timeline,
			 &g_array_index(src->timeline, struct blame_span, i));
	copy->window = g_steal_pointer(&src->window);
	return copy;
}

void task_results_add_blame(struct task_results *dst,
			    const struct task_results *src)
{
	if (!src->blamed || src->blamed_dropouts < dst->blamed_dropouts)
		return;
	if (src->blamed_dropouts > dst->blamed_dropouts) {
		g_array_set_size(dst->blame, 0);
		dst->blamed = 0;
	}
	dst->blamed += src->blamed;
	dst->blamed_dropouts = src->blamed_dropouts;
	dst->blamed_over_ns = src->blamed_over_ns;
	blame_list_merge(dst->blame, src->blame);
}

static void blame_task_worst(struct task_results *task, const GPtrArray *worst)
{
	if (task->blamed)
		return;
	for (unsigned int i = 0; i < worst->len; i++) {
		const struct worst_case *one = worst->pdata[i];

		if (one->kind != KIND_WAKEUP_LATENCY || !one->blame->len ||
		    strcmp(one->task, task->name) != 0)
			continue;
		task->blamed++;
		blame_list_merge(task->blame, one->blame);
	}
}

static void finish_task(struct task_results *task, const GPtrArray *worst)
{
	for (unsigned int i = 0; task->copies && i < task->copies->len; i++) {
		finish_task(task->copies->pdata[i], worst);
		task_results_add_blame(task, task->copies->pdata[i]);
	}
	if (!task->copies)
		blame_task_worst(task, worst);
}

void results_finish_blame(struct results *results)
{
	for (unsigned int i = 0; i < results->tasks->len; i++)
		finish_task(results->tasks->pdata[i], results->worst);
}

/* Its dropouts stay: these are added up of all runs. */
static void renew_task(struct task_results *task, const GPtrArray *worst)
{
	bool dropouts = task->blamed_dropouts;

	if (!dropouts) {
		g_array_set_size(task->blame, 0);
		task->blamed = 0;
	}
	for (unsigned int i = 0; task->copies && i < task->copies->len; i++) {
		renew_task(task->copies->pdata[i], worst);
		if (!dropouts)
			task_results_add_blame(task, task->copies->pdata[i]);
	}
	if (!task->copies)
		blame_task_worst(task, worst);
}

void results_renew_blame(struct results *results)
{
	for (unsigned int i = 0; i < results->tasks->len; i++)
		renew_task(results->tasks->pdata[i], results->worst);
}

static void drop_task_blame(struct task_results *task)
{
	g_array_set_size(task->blame, 0);
	task->blamed = 0;
	for (unsigned int i = 0; task->copies && i < task->copies->len; i++)
		drop_task_blame(task->copies->pdata[i]);
}

void results_drop_blame(struct results *results)
{
	for (unsigned int i = 0; i < results->tasks->len; i++)
		drop_task_blame(results->tasks->pdata[i]);
	for (unsigned int i = 0; i < results->worst->len; i++) {
		struct worst_case *worst = results->worst->pdata[i];

		g_array_set_size(worst->blame, 0);
		g_array_set_size(worst->timeline, 0);
	}
}
