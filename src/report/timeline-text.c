/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A window as text: per CPU a row of letters that say what it does, one of what
 * is switched off, and one of the tasks; below, wakeups and marks in order.
 *
 * A column is often longer than what happens in it.  It shows what takes most
 * of it, as a capital letter; but if an interrupt or the like took a part, of
 * a sixteenth or more, that is shown in lower case, since such are short and
 * matter.
 */
#include <config.h>

#include "preemptsim/report/timeline.h"

#include <string.h>

/* In the order of enum cpu_time. */
static const char letters[NR_CPU_TIMES + 1] = "UKSHNXW.";
static const char *const meanings[NR_CPU_TIMES] = {
	"user", "kernel",   "softirq", "hardirq",
	"NMI",	"spinning", "switch",  "idle",
};

/* What a column shows a part of, the most important first. */
static const enum cpu_time brief[] = { CPU_NMI, CPU_HARDIRQ, CPU_SOFTIRQ,
				       CPU_SPIN, CPU_SWITCH };

/* What happens in one column of one CPU; sums of ns. */
struct cell {
	int64_t time[NR_CPU_TIMES], preempt_off, irqs_off;
	const char *task;
	int64_t task_ns;
};

static int64_t column_begin(const struct timeline *timeline,
			    unsigned int columns, unsigned int i)
{
	double span = (double)(timeline->to_ns - timeline->from_ns);

	return timeline->from_ns + (int64_t)(span * i / columns);
}

static void cell_take(struct cell *cell, const struct timeline_bar *bar,
		      int64_t ns)
{
	cell->time[bar->what] += ns;
	cell->preempt_off += bar->preempt_off ? ns : 0;
	cell->irqs_off += bar->irqs_off ? ns : 0;
	if (bar->task && bar->what != CPU_IDLE && ns > cell->task_ns) {
		cell->task = bar->task;
		cell->task_ns = ns;
	}
}

static struct cell *fill_cells(const struct timeline *timeline,
			       unsigned int cpu, unsigned int columns)
{
	const GArray *bars = timeline_bars(timeline, cpu);
	struct cell *cells = g_new0(struct cell, columns);
	unsigned int first = 0;

	for (unsigned int i = 0; i < columns; i++) {
		int64_t begin = column_begin(timeline, columns, i);
		int64_t end = column_begin(timeline, columns, i + 1);

		for (unsigned int k = first; k < bars->len; k++) {
			const struct timeline_bar *bar =
				&g_array_index(bars, struct timeline_bar, k);

			if (bar->begin_ns >= end)
				break;
			if (bar->end_ns <= begin)
				first = k + 1;
			else
				cell_take(&cells[i], bar,
					  MIN(bar->end_ns, end) -
						  MAX(bar->begin_ns, begin));
		}
	}
	return cells;
}

/* A sixteenth of a column is worth a letter. */
static bool is_part(int64_t ns, int64_t column_ns)
{
	return ns > 0 && ns * 16 >= column_ns;
}

static char cell_letter(const struct cell *cell, int64_t column_ns)
{
	unsigned int most = CPU_IDLE;

	for (unsigned int i = 0; i < NR_CPU_TIMES; i++)
		if (cell->time[i] > cell->time[most])
			most = i;
	for (unsigned int i = 0; i < G_N_ELEMENTS(brief); i++)
		if (brief[i] != most &&
		    is_part(cell->time[brief[i]], column_ns))
			return g_ascii_tolower(letters[brief[i]]);
	return cell->time[most] ? letters[most] : ' ';
}

static char off_letter(const struct cell *cell, int64_t column_ns)
{
	if (is_part(cell->irqs_off, column_ns))
		return 'i';
	return is_part(cell->preempt_off, column_ns) ? 'p' : ' ';
}

/* The names of tasks where they begin, as far as there is room. */
static void write_names(const struct cell *cells, unsigned int columns,
			char *row)
{
	const char *task = NULL;
	unsigned int free_at = 0;

	memset(row, ' ', columns);
	for (unsigned int i = 0; i < columns; i++) {
		size_t len;

		if (!cells[i].task || cells[i].task == task) {
			task = cells[i].time[CPU_IDLE] ? NULL : task;
			continue;
		}
		task = cells[i].task;
		len = MIN(strlen(task), columns - i);
		if (i < free_at)
			continue;
		memcpy(row + i, task, len);
		free_at = i + (unsigned int)len + 1;
	}
}

static void write_row(GString *out, const char *head, const char *row)
{
	g_autofree char *line = g_strdup_printf("%-7s%s", head, row);

	g_string_append_printf(out, "%s\n", g_strchomp(line));
}

void timeline_write_cpu(const struct timeline *timeline, unsigned int cpu,
			unsigned int columns, GString *out)
{
	g_autofree struct cell *cells = fill_cells(timeline, cpu, columns);
	g_autofree char *row = g_strnfill(columns, ' ');
	int64_t column_ns = (timeline->to_ns - timeline->from_ns) / columns;
	char head[32];

	g_snprintf(head, sizeof(head), "CPU %u", cpu);
	write_names(cells, columns, row);
	write_row(out, head, row);
	for (unsigned int i = 0; i < columns; i++)
		row[i] = cell_letter(&cells[i], column_ns);
	write_row(out, "", row);
	for (unsigned int i = 0; i < columns; i++)
		row[i] = off_letter(&cells[i], column_ns);
	if (strspn(row, " ") < columns)
		write_row(out, "", row);
}

void timeline_write_legend(GString *out)
{
	g_string_append(out, "\n");
	for (unsigned int i = 0; i < NR_CPU_TIMES; i++)
		g_string_append_printf(out, "%s%c %s", i ? ", " : "",
				       letters[i], meanings[i]);
	g_string_append(out, ";\nin lower case: a part of the column; below: "
			     "p preemption off, i interrupts off\n");
}

/* What happens, in order. */

/* A line of the list, to be sorted by when. */
struct entry {
	int64_t at_ns;
	unsigned int cpu;
	char *text;
};

static void entry_clear(void *data)
{
	g_free(((struct entry *)data)->text);
}

static void add_entry(GArray *entries, int64_t at_ns, unsigned int cpu,
		      char *text)
{
	struct entry entry = { at_ns, cpu, text };

	g_array_append_val(entries, entry);
}

static void add_wakeup(GArray *entries, const struct timeline *timeline,
		       const struct timeline_wakeup *wakeup)
{
	int64_t wait_ns = wakeup->run_ns - wakeup->wake_ns;
	char wait[TIME_TEXT_MAX];

	if (wakeup->wake_ns >= timeline->from_ns)
		add_entry(entries, wakeup->wake_ns, wakeup->waker,
			  g_strdup_printf("wakes %s", wakeup->task));
	if (wakeup->run_ns >= 0)
		add_entry(entries, wakeup->run_ns, wakeup->cpu,
			  g_strdup_printf(
				  "runs %s, %s after its wakeup", wakeup->task,
				  time_format_ns(wait, sizeof(wait), wait_ns)));
}

static void add_mark(GArray *entries, const struct timeline_mark *mark)
{
	static const char *const words[] = {
		[TIMELINE_RELEASE] = "release of",
		[TIMELINE_DEADLINE] = "deadline of",
		[TIMELINE_DROPOUT] = "dropout of",
		[TIMELINE_PRINT] = "print:",
	};

	add_entry(entries, mark->at_ns, mark->cpu,
		  g_strdup_printf("%s %s%s%s", words[mark->kind],
				  mark->task ? mark->task : "",
				  mark->task && mark->text ? ": " : "",
				  mark->text ? mark->text : ""));
}

static gint by_time(gconstpointer a, gconstpointer b)
{
	const struct entry *x = a, *y = b;

	return (x->at_ns > y->at_ns) - (x->at_ns < y->at_ns);
}

static void write_list(const struct timeline *timeline, GString *out)
{
	GArray *entries = g_array_new(FALSE, FALSE, sizeof(struct entry));

	g_array_set_clear_func(entries, entry_clear);
	for (unsigned int i = 0; i < timeline->marks->len; i++)
		add_mark(entries, &g_array_index(timeline->marks,
						 struct timeline_mark, i));
	for (unsigned int i = 0; i < timeline->wakeups->len; i++)
		add_wakeup(entries, timeline,
			   &g_array_index(timeline->wakeups,
					  struct timeline_wakeup, i));
	g_array_sort(entries, by_time);
	if (entries->len)
		g_string_append_c(out, '\n');
	for (unsigned int i = 0; i < entries->len; i++) {
		const struct entry *entry =
			&g_array_index(entries, struct entry, i);
		int64_t ns = entry->at_ns - timeline->from_ns;

		g_string_append_printf(out, "+%lld.%06lld ms  CPU %u  %s\n",
				       (long long)(ns / 1000000),
				       (long long)(ns % 1000000), entry->cpu,
				       entry->text);
	}
	g_array_unref(entries);
}

void timeline_write_text(const struct timeline *timeline, unsigned int columns,
			 GString *out)
{
	int64_t span = timeline->to_ns - timeline->from_ns;
	char whole[TIME_TEXT_MAX], column[TIME_TEXT_MAX];

	g_string_append_printf(
		out, "From %lld.%09lld s on, %s; a column is %s\n\n",
		(long long)(timeline->from_ns / 1000000000),
		(long long)(timeline->from_ns % 1000000000),
		time_format_ns(whole, sizeof(whole), span),
		time_format_ns(column, sizeof(column), span / columns));
	for (unsigned int i = 0; i < timeline->cpus->len; i++)
		timeline_write_cpu(timeline, i, columns, out);
	timeline_write_legend(out);
	write_list(timeline, out);
}
