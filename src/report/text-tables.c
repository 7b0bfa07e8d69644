/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tables of a run's text report.  Which facts are columns, and in which
 * order, is all that is decided here; a table without rows is left out.
 */
#include <config.h>

#include <string.h>

#include "preemptsim/base/time.h"
#include "preemptsim/report/fact.h"
#include "preemptsim/report/rate.h"
#include "table-private.h"
#include "text-private.h"

/* A column: a fact's path and its short title. */
struct text_column {
	const char *path, *title;
	const char *group;
};

static const struct text_column task_columns[] = {
	{ "wakeup_latency.min", "min", "wakeup latency" },
	{ "wakeup_latency.p50", "p50", "wakeup latency" },
	{ "wakeup_latency.mean", "mean", "wakeup latency" },
	{ "wakeup_latency.p99", "p99", "wakeup latency" },
	{ "wakeup_latency.max", "max", "wakeup latency" },
	{ "response_time.p50", "p50", "response time" },
	{ "response_time.p99", "p99", "response time" },
	{ "response_time.max", "max", "response time" },
	{ "cpu_share", "CPU", NULL },
	{ "switches.voluntary", "volunt.", "switches" },
	{ "switches.involuntary", "invol.", "switches" },
	{ .path = NULL }
};

static const struct text_column lock_columns[] = {
	{ "type", "type", NULL },
	{ "acquisitions", "acquired", NULL },
	{ "contended", "contended", NULL },
	{ "hold.p50", "p50", "held" },
	{ "hold.p99", "p99", "held" },
	{ "hold.max", "max", "held" },
	{ "wait.p50", "p50", "waited for" },
	{ "wait.p99", "p99", "waited for" },
	{ "wait.max", "max", "waited for" },
	{ .path = NULL }
};

static const struct text_column device_columns[] = {
	{ "interrupts", "interrupts", NULL },
	{ "requests", "requests", NULL },
	{ "latency.min", "min", "interrupt latency" },
	{ "latency.p50", "p50", "interrupt latency" },
	{ "latency.p99", "p99", "interrupt latency" },
	{ "latency.max", "max", "interrupt latency" },
	{ .path = NULL }
};

static const struct text_column chain_columns[] = {
	{ "latency.count", "count", NULL },
	{ "latency.min", "min", "end to end" },
	{ "latency.p50", "p50", "end to end" },
	{ "latency.mean", "mean", "end to end" },
	{ "latency.p99", "p99", "end to end" },
	{ "latency.max", "max", "end to end" },
	{ .path = NULL }
};

static const struct text_column group_columns[] = {
	{ "usage", "CPU time", NULL },
	{ "nr_periods", "all", "periods" },
	{ "nr_throttled", "throttled", "periods" },
	{ "nr_bursts", "bursts", "periods" },
	{ "throttled", "throttled", "time" },
	{ "burst", "in bursts", "time" },
	{ .path = NULL }
};

/* What stands under one title stays together, whatever the terminal. */
static void begin_group(struct table *table, const char *title)
{
	table_unit(table);
	table_group(table, title);
}

static void add_columns(struct table *table, const struct text_column *column)
{
	const char *group = NULL;

	for (; column->path; column++) {
		if (!column->group || column->group != group)
			begin_group(table, column->group);
		group = column->group;
		table_right(table, column->title);
	}
}

static void add_cells(struct table *table, const struct text_column *column,
		      const struct fact_table *facts, const void *object,
		      const struct results *results)
{
	for (; column->path; column++) {
		struct value value =
			fact_value(facts, column->path, object, results);

		table_value(table, STYLE_PLAIN, &value);
	}
}

/* A file or a pipe gets a row for each, however long. */
static void print_table(const struct report *report, struct table *table,
			GString *out)
{
	table_print_within(table, out, report->color,
			   report->on_terminal ? report->width : UINT_MAX);
}

/* A task without activations has neither jobs nor dropouts. */
static void add_task(struct table *table, const struct task_results *task,
		     const struct results *results)
{
	uint64_t dropouts = task_dropouts(task);

	table_cell(table, STYLE_PLAIN, "%s", task->name);
	if (task->has_jobs) {
		table_cell(table, STYLE_PLAIN, "%" G_GUINT64_FORMAT,
			   task->jobs);
		table_cell(table, dropouts ? STYLE_BAD : STYLE_PLAIN,
			   "%" G_GUINT64_FORMAT, dropouts);
	} else {
		table_cell(table, STYLE_PLAIN, "-");
		table_cell(table, STYLE_PLAIN, "-");
	}
	add_cells(table, task_columns, &task_facts, task, results);
}

/* What no latency shows: who was still waiting to run. */
static void print_unanswered(const struct task_results *task, GString *out)
{
	char text[TIME_TEXT_MAX];

	if (task->unanswered)
		g_string_append_printf(
			out,
			"  %s: %" G_GUINT64_FORMAT
			" more never answered; the oldest had waited %s\n",
			task->name, task->unanswered,
			time_format_ns(text, sizeof(text),
				       task->oldest_wait_ns));
}

/* "  player: 3 of 59800 jobs dropped out, a rate of 0.0010 % to 0.015 %" */
static void print_rate(const struct task_results *task, GString *out)
{
	uint64_t n = task_dropouts(task);
	char low[TEXT_RATE_MAX], high[TEXT_RATE_MAX];

	if (!task->has_jobs || !task->jobs)
		return;
	text_rate(low, rate_low(n, task->jobs));
	text_rate(high, rate_high(n, task->jobs));
	if (n)
		g_string_append_printf(
			out,
			"  %s: %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT
			" jobs dropped out, a rate of %s to %s\n",
			task->name, n, task->jobs, low, high);
	else
		g_string_append_printf(out,
				       "  %s: none of %" G_GUINT64_FORMAT
				       " jobs dropped out, a rate below %s\n",
				       task->name, task->jobs, high);
}

/* What all runs together say of what is rare. */
static void print_rates(const struct results *results, GString *out)
{
	bool any = false;

	for (unsigned int i = 0; i < results->tasks->len; i++) {
		const struct task_results *task = results->tasks->pdata[i];

		any |= task->has_jobs && task->jobs;
	}
	if (!any)
		return;
	g_string_append(out, "\n");
	for (unsigned int i = 0; i < results->tasks->len; i++)
		print_rate(results->tasks->pdata[i], out);
	g_string_append(out, TEXT_RATE_METHOD);
}

static void print_tasks(const struct report *report,
			const struct results *results, GString *out)
{
	struct table *table = table_new();

	table_left(table, "task");
	table_unit(table);
	table_right(table, "jobs");
	table_right(table, "dropouts");
	add_columns(table, task_columns);
	for (unsigned int i = 0; i < results->tasks->len; i++) {
		const struct task_results *task = results->tasks->pdata[i];
		unsigned int copies = task->copies ? task->copies->len : 0;

		add_task(table, task, results);
		for (unsigned int k = 0; report->verbose && k < copies; k++)
			add_task(table, task->copies->pdata[k], results);
	}
	g_string_append_c(out, '\n');
	print_table(report, table, out);
	for (unsigned int i = 0; i < results->tasks->len; i++)
		print_unanswered(results->tasks->pdata[i], out);
}

/*
 * Shares of a CPU's time in hundredths of a percent that add up to 10000: each
 * is cut, and what is left goes to those that lost most by that (the method of
 * largest remainders).
 */
static void share_out(const int64_t *time_ns, unsigned int n, int64_t *share)
{
	int64_t rest[NR_CPU_TIMES], total = 0, left = 10000;

	for (unsigned int i = 0; i < n; i++)
		total += time_ns[i];
	for (unsigned int i = 0; i < n; i++) {
		double exact =
			total ? (double)time_ns[i] * 1e4 / (double)total : 0;

		share[i] = (int64_t)exact;
		rest[i] = (int64_t)((exact - (double)share[i]) * 1e9);
		left -= share[i];
	}
	for (; total && left > 0; left--) {
		unsigned int most = 0;

		for (unsigned int i = 1; i < n; i++)
			if (rest[i] > rest[most])
				most = i;
		share[most]++;
		rest[most] = -1;
	}
}

static void add_cpu(struct table *table, unsigned int number,
		    const struct cpu_results *cpu,
		    const struct results *results)
{
	static const struct text_column columns[] = {
		{ "preempt_off.max", NULL, NULL },
		{ "irqs_off.max", NULL, NULL },
		{ "interrupts", NULL, NULL },
		{ "switches", NULL, NULL },
		{ .path = NULL }
	};
	int64_t share[NR_CPU_TIMES];

	share_out(cpu->time_ns, NR_CPU_TIMES, share);
	table_cell(table, STYLE_PLAIN, "%u", number);
	for (unsigned int i = 0; i < NR_CPU_TIMES; i++)
		table_cell(table, share[i] ? STYLE_PLAIN : STYLE_DIM, "%d.%02d",
			   (int)(share[i] / 100), (int)(share[i] % 100));
	add_cells(table, columns, &cpu_facts, cpu, results);
}

static void print_cpus(const struct report *report,
		       const struct results *results, GString *out)
{
	struct table *table = table_new();

	table_left(table, "CPU");
	begin_group(table, "percent of time");
	for (unsigned int i = 0; i < NR_CPU_TIMES; i++) {
		g_autofree char *title = g_strdup(cpu_time_key(i));

		*strrchr(title, '_') = '\0';
		table_right(table, title);
	}
	begin_group(table, "longest time off");
	table_right(table, "preemption");
	table_right(table, "interrupts");
	begin_group(table, NULL);
	table_right(table, "interrupts");
	table_right(table, "switches");
	for (unsigned int i = 0; i < results->cpus->len; i++)
		add_cpu(table, i, results->cpus->pdata[i], results);
	g_string_append_c(out, '\n');
	print_table(report, table, out);
}

static void add_bound(struct table *table, unsigned int number,
		      const struct latency_bound *bound)
{
	const int64_t ns[] = {
		bound->poid_ns,
		bound->st_ns,
		bound->paie_ns,
		bound->psd_ns,
		bound->bound_ns,
		bound->sporadic_ns,
		bound->latencies ? bound->latency_max_ns : -1,
	};

	table_cell(table, STYLE_PLAIN, "%u", number);
	for (unsigned int i = 0; i < G_N_ELEMENTS(ns); i++) {
		struct value value = { .unit = UNIT_NS,
				       .known = ns[i] >= 0,
				       .n = ns[i] };

		table_value(table, STYLE_PLAIN, &value);
	}
	table_cell(table, STYLE_PLAIN, "%" G_GUINT64_FORMAT, bound->latencies);
}

static void print_bounds(const struct report *report,
			 const struct results *results, GString *out)
{
	static const char *const titles[] = { "off", "scheduler", "asked",
					      "switch" };
	struct table *table = table_new();

	table_left(table, "CPU");
	begin_group(table, "longest stretch without interrupts");
	for (unsigned int i = 0; i < G_N_ELEMENTS(titles); i++)
		table_right(table, titles[i]);
	begin_group(table, "scheduling latency");
	table_right(table, "bound");
	table_right(table, "sporadic");
	table_right(table, "longest");
	begin_group(table, NULL);
	table_right(table, "wakeups");
	for (unsigned int i = 0; i < results->cpus->len; i++) {
		const struct cpu_results *cpu = results->cpus->pdata[i];

		add_bound(table, i, &cpu->bound);
	}
	g_string_append_c(out, '\n');
	print_table(report, table, out);
}

static bool is_bounded(const struct results *results)
{
	const struct cpu_results *cpu =
		results->cpus->len ? results->cpus->pdata[0] : NULL;

	return cpu && cpu->bounded;
}

void text_bounds(const struct report *report, GString *out)
{
	for (unsigned int i = 0; i < report->builds->len; i++) {
		const struct build *build = report_build(report, i);
		g_autofree char *title = NULL;

		if (!is_bounded(build->total))
			continue;
		title = g_strdup_printf("bounds of %s", build->label);
		text_title(report, out, title);
		print_bounds(report, build->total, out);
	}
}

/* Objects whose columns are all plain facts: locks and devices. */
static void print_objects(const struct report *report, const char *title,
			  const struct fact_table *facts,
			  const struct text_column *columns,
			  const struct results *results, GString *out)
{
	const GPtrArray *objects = fact_objects(facts, results);
	struct table *table;

	if (!objects->len)
		return;
	table = table_new();
	table_left(table, title);
	add_columns(table, columns);
	for (unsigned int i = 0; i < objects->len; i++) {
		g_autofree char *name = fact_object_name(facts, results, i);

		table_cell(table, STYLE_PLAIN, "%s", name);
		add_cells(table, columns, facts, objects->pdata[i], results);
	}
	g_string_append_c(out, '\n');
	print_table(report, table, out);
}

/* Dates that are shown unless all are asked for. */
#define DATES_MAX 5u

static void add_date(const struct miss *miss, bool runs, GString *out)
{
	char text[TIME_TEXT_MAX];

	g_string_append(out, text_instant(text, sizeof(text), miss->at_ns));
	if (runs)
		g_string_append_printf(out, " of run %" G_GUINT64_FORMAT,
				       miss->run);
}

/* "  soundcard: 2 underruns, at 0.120000000 s, 0.550000000 s" */
static void print_dates(const struct report *report, const struct build *build,
			const struct device_results *device, GString *out)
{
	const GArray *misses = build->total->misses;
	uint64_t n = device->instants[STREAM_MISSED];
	unsigned int shown = 0;

	for (unsigned int i = 0; i < misses->len; i++) {
		const struct miss *miss =
			&g_array_index(misses, struct miss, i);

		if (strcmp(miss->device, device->name) != 0)
			continue;
		if (shown == DATES_MAX && !report->verbose)
			break;
		if (!shown++) {
			g_autofree char *kind = text_spaced(miss->kind);

			g_string_append_printf(
				out, "  %s: %" G_GUINT64_FORMAT " %s%s, at ",
				device->name, n, kind, n == 1 ? "" : "s");
		} else {
			g_string_append(out, ", ");
		}
		add_date(miss, build->nr_runs > 1, out);
	}
	if (shown)
		g_string_append(out, shown < n ? ", ...\n" : "\n");
}

static void print_streams(const struct report *report,
			  const struct build *build, unsigned int kind,
			  const struct text_column *columns, GString *out)
{
	const struct results *results = build->total;
	struct table *table = NULL;

	for (unsigned int i = 0; i < results->devices->len; i++) {
		const struct device_results *device =
			results->devices->pdata[i];

		if (device->stream != (int)kind)
			continue;
		if (!table) {
			table = table_new();
			table_left(table, stream_kind_name(kind));
			add_columns(table, columns);
		}
		table_cell(table, STYLE_PLAIN, "%s", device->name);
		add_cells(table, columns, &device_facts, device, results);
	}
	if (!table)
		return;
	g_string_append_c(out, '\n');
	print_table(report, table, out);
	for (unsigned int i = 0; i < results->devices->len; i++) {
		const struct device_results *device =
			results->devices->pdata[i];

		if (device->stream == (int)kind)
			print_dates(report, build, device, out);
	}
}

/* Devices that tasks have to keep up with, a table for each kind. */
static void print_all_streams(const struct report *report,
			      const struct build *build, GString *out)
{
#define STREAM_KIND(id, missed, taken, idle, text)         \
	static const struct text_column id##_columns[] = { \
		{ #taken, #taken, NULL },                  \
		{ #idle, #idle, NULL },                    \
		{ #missed, #missed, NULL },                \
		{ .path = NULL },                          \
	};                                                 \
	print_streams(report, build, STREAM_##id, id##_columns, out);
#include "preemptsim/workload/stream-kind-list.h"
#undef STREAM_KIND
}

/* What the mark of some percentiles says, if it stands behind @begin: no name
 * has it. */
static void print_few(size_t begin, GString *out)
{
	if (strstr(out->str + begin, VALUE_FEW))
		g_string_append_printf(out,
				       "\n" VALUE_FEW
				       ": fewer than %d samples lie beyond "
				       "that percentile, so it says little.\n",
				       BEYOND_MIN);
}

void text_tables(const struct report *report, const struct build *build,
		 GString *out)
{
	const struct results *results = build->total;
	size_t begin = out->len;

	if (results->tasks->len)
		print_tasks(report, results, out);
	if (build->nr_runs > 1)
		print_rates(results, out);
	if (results->cpus->len)
		print_cpus(report, results, out);
	if (is_bounded(results))
		print_bounds(report, results, out);
	print_objects(report, "lock", &lock_facts, lock_columns, results, out);
	print_objects(report, "device", &device_facts, device_columns, results,
		      out);
	print_all_streams(report, build, out);
	print_objects(report, "chain", &chain_facts, chain_columns, results,
		      out);
	print_objects(report, "group", &group_facts, group_columns, results,
		      out);
	print_few(begin, out);
}
