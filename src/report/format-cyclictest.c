/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Wakeup latencies as cyclictest prints them with a histogram: a row per
 * microsecond, a column per thread, and comment lines that sum up.  Tools that
 * plot cyclictest's output read it.
 *
 * Threads are the tasks (their copies one by one) that were ever woken; those
 * of a comparison are the threads of all builds.  The last lines say which is
 * which.  A bin of the histogram stands in the row of its upper end: from 131 us
 * on it is wider than a microsecond.  Values are cut to microseconds as
 * in cyclictest, and those of ROWS_MAX us and more are overflows.
 */
#include <config.h>

#include <string.h>

#include "formats-private.h"

#define NS_PER_US 1000
#define ROWS_MAX 100000

/* A column. */
struct thread {
	char *name;
	const struct hist *hist;
	uint64_t *rows; /* counts by microsecond, ROWS_MAX of them */
	uint64_t overflows;
};

static void thread_clear(void *data)
{
	struct thread *thread = data;

	g_free(thread->name);
	g_free(thread->rows);
}

/* Sort the bins of @thread's histogram into rows. */
static void fill_rows(struct thread *thread)
{
	int64_t upper, max = hist_max(thread->hist);
	unsigned int it = 0;
	uint64_t count;

	thread->rows = g_new0(uint64_t, ROWS_MAX);
	while (hist_next_bin(thread->hist, &it, &upper, &count)) {
		int64_t us = MIN(upper, max) / NS_PER_US;

		if (us < ROWS_MAX)
			thread->rows[us] += count;
		else
			thread->overflows += count;
	}
}

static void add_thread(GArray *threads, const char *label,
		       const struct task_results *task)
{
	struct thread thread = { .hist = task->wakeup_latency };

	if (!hist_count(task->wakeup_latency))
		return;
	thread.name = g_strconcat(task->name, label ? " " : NULL, label, NULL);
	fill_rows(&thread);
	g_array_append_val(threads, thread);
}

static void add_build(GArray *threads, const char *label,
		      const struct results *results)
{
	for (unsigned int i = 0; i < results->tasks->len; i++) {
		const struct task_results *task = results->tasks->pdata[i];

		if (!task->copies)
			add_thread(threads, label, task);
		for (unsigned int k = 0; task->copies && k < task->copies->len;
		     k++)
			add_thread(threads, label, task->copies->pdata[k]);
	}
}

static GArray *collect_threads(const struct report *report)
{
	GArray *threads = g_array_new(FALSE, FALSE, sizeof(struct thread));

	g_array_set_clear_func(threads, thread_clear);
	for (unsigned int i = 0; i < report->builds->len; i++) {
		const struct build *build = report_build(report, i);

		add_build(threads, report->compared ? build->label : NULL,
			  build->total);
	}
	return threads;
}

/* One more than the last row in which there is anything. */
static unsigned int nr_rows(const GArray *threads)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < threads->len; i++) {
		const struct thread *thread;
		unsigned int last = ROWS_MAX;

		thread = &g_array_index(threads, struct thread, i);
		while (last > n && !thread->rows[last - 1])
			last--;
		n = MAX(n, last);
	}
	return n;
}

static void write_row(GString *out, const GArray *threads, unsigned int us)
{
	g_string_append_printf(out, "%06u ", us);
	for (unsigned int i = 0; i < threads->len; i++)
		g_string_append_printf(
			out, "%s%06" G_GUINT64_FORMAT, i ? "\t" : "",
			g_array_index(threads, struct thread, i).rows[us]);
	g_string_append_c(out, '\n');
}

static uint64_t total_of(const struct thread *thread)
{
	return hist_count(thread->hist) - thread->overflows;
}

static uint64_t min_of(const struct thread *thread)
{
	return (uint64_t)hist_min(thread->hist) / NS_PER_US;
}

static uint64_t mean_of(const struct thread *thread)
{
	return (uint64_t)hist_mean(thread->hist) / NS_PER_US;
}

static uint64_t max_of(const struct thread *thread)
{
	return (uint64_t)hist_max(thread->hist) / NS_PER_US;
}

static uint64_t overflows_of(const struct thread *thread)
{
	return thread->overflows;
}

static void write_summary(GString *out, const GArray *threads,
			  const char *title, int width,
			  uint64_t (*get)(const struct thread *thread))
{
	g_string_append_printf(out, "# %s:", title);
	for (unsigned int i = 0; i < threads->len; i++)
		g_string_append_printf(
			out, " %0*" G_GUINT64_FORMAT, width,
			get(&g_array_index(threads, struct thread, i)));
	g_string_append_c(out, '\n');
}

static void write_cyclictest(const struct report *report, GString *out)
{
	g_autoptr(GArray) threads = collect_threads(report);
	unsigned int n = nr_rows(threads);

	g_string_append(out, "# Histogram\n");
	for (unsigned int us = 0; us < n; us++)
		write_row(out, threads, us);
	write_summary(out, threads, "Total", 9, total_of);
	write_summary(out, threads, "Min Latencies", 5, min_of);
	write_summary(out, threads, "Avg Latencies", 5, mean_of);
	write_summary(out, threads, "Max Latencies", 5, max_of);
	write_summary(out, threads, "Histogram Overflows", 5, overflows_of);
	for (unsigned int i = 0; i < threads->len; i++)
		g_string_append_printf(
			out, "# Thread %u: %s\n", i,
			g_array_index(threads, struct thread, i).name);
}

const struct report_format format_cyclictest = {
	.choice = { "cyclictest", "wakeup latencies as cyclictest -h prints "
				  "them" },
	.write = write_cyclictest,
};
