/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What delayed a task under each build: a bar for each build, a part of it for
 * each cause.
 *
 * Dropouts are what counts; a build without any has no bar then.  Only where
 * there are none at all the bars are of the longest wakeup latencies.  A part is
 * known by its colour, by its pattern, and, if it is wide enough, by the share
 * that stands in it.
 */
#include <config.h>

#include <string.h>

#include "plot-private.h"

#include "preemptsim/measure/blame.h"

/* Causes that have a colour; the others together are grey. */
#define CAUSES_DRAWN 8u

/* Parts narrower than this share of the widest bar have no number in them. */
#define NUMBERED_SHARE 0.06

/* Half the height of a bar, where the next one is 1 away. */
#define HALF_BAR "0.32"

/* Those of the longest name of a cause. */
#define CAUSE_LETTERS 11

/* Characters of a label that stand side by side. */
#define LABEL_MAX 30

/* Bars that are shown. */
#define BARS_MAX 64u

/**
 * struct bars - what is drawn.
 * @task: of each build
 * @label: of each build
 * @nr: how many builds
 * @dropouts: the bars are of dropouts
 * @cause: the largest @nr_causes, the largest first
 * @widest: of all bars
 */
struct bars {
	const struct task_results *task[BARS_MAX];
	const char *label[BARS_MAX];
	unsigned int nr;
	bool dropouts;
	const char *cause[CAUSES_DRAWN];
	unsigned int nr_causes;
	double widest;
};

/*
 * All that gnuplot has, so that each part looks different without its colour,
 * too: neighbours, who are of about the same size, as different as can be.
 */
static const char *const fills[CAUSES_DRAWN + 1] = {
	"solid",     "pattern 4", "pattern 1", "pattern 5",  "pattern 2",
	"pattern 7", "pattern 0", "pattern 6", "solid 0.35",
};

/* Of the @i-th part of a bar; the last is the grey one. */
static const char *fill_of(const struct bars *bars, unsigned int i)
{
	return fills[i < bars->nr_causes ? i : CAUSES_DRAWN];
}

static double ns_of(const struct bars *bars, unsigned int bar,
		    const char *cause)
{
	const struct task_results *task = bars->task[bar];
	int64_t sum = 0;

	if (bars->dropouts && !task->blamed_dropouts)
		return 0;
	for (unsigned int i = 0; i < task->blame->len; i++) {
		const struct blame *part =
			&g_array_index(task->blame, struct blame, i);

		if (!cause || g_str_equal(part->cause, cause))
			sum += part->ns;
	}
	return (double)sum;
}

static double total_of(const struct bars *bars, const char *cause)
{
	double sum = 0;

	for (unsigned int i = 0; i < bars->nr; i++)
		sum += ns_of(bars, i, cause);
	return sum;
}

/* Into its place among the largest; of equal ones the first stays first. */
static void take_cause(struct bars *bars, const char *cause)
{
	double ns = total_of(bars, cause);
	unsigned int i = bars->nr_causes;

	if (!(ns > 0))
		return;
	while (i && total_of(bars, bars->cause[i - 1]) < ns)
		i--;
	if (i == CAUSES_DRAWN)
		return;
	bars->nr_causes = MIN(bars->nr_causes + 1, CAUSES_DRAWN);
	for (unsigned int k = bars->nr_causes - 1; k > i; k--)
		bars->cause[k] = bars->cause[k - 1];
	bars->cause[i] = cause;
}

static const struct task_results *find_task(const struct results *results,
					    const char *name)
{
	for (unsigned int i = 0; i < results->tasks->len; i++) {
		const struct task_results *task = results->tasks->pdata[i];

		if (g_str_equal(task->name, name))
			return task;
	}
	return NULL;
}

static void find_bars(struct bars *bars, const char *task,
		      const struct report *report)
{
	const struct choice *cause;

	for (unsigned int i = 0; i < MIN(report->builds->len, BARS_MAX); i++) {
		const struct build *build = report_build(report, i);

		bars->task[bars->nr] = find_task(build->total, task);
		if (!bars->task[bars->nr])
			continue;
		bars->dropouts |= bars->task[bars->nr]->blamed_dropouts;
		bars->label[bars->nr++] = build->label ? build->label : task;
	}
	for (unsigned int i = 0; (cause = blame_cause_choice(i)); i++)
		take_cause(bars, cause->name);
	for (unsigned int i = 0; i < bars->nr; i++)
		bars->widest = MAX(bars->widest, ns_of(bars, i, NULL));
}

static void write_head(GString *out, const struct bars *bars, const char *task,
		       const struct report *report)
{
	g_autofree char *title =
		g_strdup_printf("%s: what delayed %s%s",
				report_build(report, 0)->scenario->name, task,
				plot_interrupted(report));

	plot_head(out, title,
		  bars->dropouts ?
			  "the time of all its dropouts, by cause" :
			  "no dropouts; the longest wakeup latencies, by "
			  "cause");
	plot_key(out, CAUSES_DRAWN + 1, CAUSE_LETTERS);
}

/* How many bytes of @label make a line: up to what parts two words. */
static size_t line_of(const char *label)
{
	const char *end = g_utf8_offset_to_pointer(label, LABEL_MAX);
	const char *at = end;

	while (at > label && !strchr(" ,-_/=", at[-1]))
		at--;
	return (size_t)((at > label ? at : end) - label);
}

/* A long label would leave the bars no room. */
static void quote_label(GString *out, const char *label)
{
	while (g_utf8_strlen(label, -1) > LABEL_MAX) {
		size_t n = line_of(label);
		g_autofree char *line = g_strchomp(g_strndup(label, n));

		plot_quote(out, line);
		g_string_append(out, ".\"\\n\".");
		label += n;
	}
	plot_quote(out, label);
}

/* The first bar on top, and room at the right for what stands behind it. */
static double set_axes(GString *out, const struct bars *bars)
{
	struct plot_axis axis = { .name = "x",
				  .label = "time",
				  .unit = UNIT_NS,
				  .max = bars->widest };
	double unit = plot_set_axis(out, &axis);

	g_string_append(out, "set xrange [0:");
	plot_double(out, 1.4 * bars->widest / unit);
	g_string_append(out, "]\nset grid noytics\nset ytics scale 0 (");
	for (unsigned int i = 0; i < bars->nr; i++) {
		g_string_append(out, i ? ", " : "");
		quote_label(out, bars->label[i]);
		g_string_append_printf(out, " %u", i);
	}
	g_string_append_printf(out, ")\nset yrange [%u.5:-0.5]\n",
			       bars->nr - 1);
	return unit;
}

/* The @i-th part of a bar; the last is all that has no colour. */
static double part_of(const struct bars *bars, unsigned int bar, unsigned int i)
{
	double rest = ns_of(bars, bar, NULL);

	if (i < bars->nr_causes)
		return ns_of(bars, bar, bars->cause[i]);
	for (unsigned int k = 0; k < bars->nr_causes; k++)
		rest -= ns_of(bars, bar, bars->cause[k]);
	return rest;
}

static double left_of(const struct bars *bars, unsigned int bar, unsigned int i)
{
	double left = 0;

	for (unsigned int k = 0; k < i; k++)
		left += part_of(bars, bar, k);
	return left;
}

static void write_part(GString *out, const struct bars *bars, unsigned int i,
		       double unit)
{
	g_string_append_printf(out, "$cause%u << EOD\n", i);
	for (unsigned int bar = 0; bar < bars->nr; bar++) {
		double left = left_of(bars, bar, i);

		plot_double(out, left / unit);
		g_string_append_c(out, ' ');
		plot_double(out, (left + part_of(bars, bar, i)) / unit);
		g_string_append_printf(out, " %u\n", bar);
	}
	g_string_append(out, "EOD\n");
}

/* The share of a part in its bar, where there is room for it. */
static void write_shares(GString *out, const struct bars *bars, double unit)
{
	g_string_append(out, "$shares << EOD\n");
	for (unsigned int bar = 0; bar < bars->nr; bar++) {
		double whole = ns_of(bars, bar, NULL);

		for (unsigned int i = 0; i <= bars->nr_causes; i++) {
			double part = part_of(bars, bar, i);

			if (part < NUMBERED_SHARE * bars->widest || !(part > 0))
				continue;
			plot_double(out,
				    (left_of(bars, bar, i) + part / 2) / unit);
			g_string_append_printf(out, " %u \"%.0f %%\"\n", bar,
					       part / whole * 100);
		}
	}
	g_string_append(out, "EOD\n");
}

/* "450 ms in 90 dropouts" behind each bar. */
static void write_totals(GString *out, const struct bars *bars, double unit)
{
	g_string_append(out, "$totals << EOD\n");
	for (unsigned int bar = 0; bar < bars->nr; bar++) {
		double whole = ns_of(bars, bar, NULL);
		uint64_t n = whole > 0 ? bars->task[bar]->blamed : 0;
		char text[TIME_TEXT_MAX];

		plot_double(out, whole / unit);
		if (n)
			g_string_append_printf(
				out,
				" %u \"  %s in %" G_GUINT64_FORMAT " %s%s\"\n",
				bar,
				plot_time(text, sizeof(text), (int64_t)whole),
				n, bars->dropouts ? "dropout" : "case",
				n == 1 ? "" : "s");
		else
			g_string_append_printf(out, " %u \"  no %s\"\n", bar,
					       bars->dropouts ? "dropouts" :
								"cases");
	}
	g_string_append(out, "EOD\n");
}

static void plot_part(GString *out, const struct bars *bars, unsigned int i)
{
	bool rest = i == bars->nr_causes;
	const char *color = rest ? "#999999" : plot_color(i);
	g_autofree char *title = g_strdup(rest ? "others" : bars->cause[i]);

	g_strdelimit(title, "_", ' ');
	g_string_append_printf(out,
			       "%s$cause%u using 1:3:1:2:($3-" HALF_BAR
			       "):($3+" HALF_BAR ") with boxxyerror fs %s "
			       "border lc rgb '%s' fc rgb '%s' title ",
			       i ? ", \\\n     " : "plot ", i, fill_of(bars, i),
			       color, color);
	plot_quote(out, title);
}

static bool has_rest(const struct bars *bars)
{
	for (unsigned int bar = 0; bar < bars->nr; bar++)
		if (part_of(bars, bar, bars->nr_causes) > 0)
			return true;
	return false;
}

static char *write_blame(const struct plot *plot, const struct report *report,
			 GString *out)
{
	const char *task = plot->task ?
				   plot->task :
				   plot_task(report_build(report, 0)->scenario);
	struct bars bars = { .nr = 0 };
	unsigned int parts;
	double unit;

	find_bars(&bars, task, report);
	if (!(bars.widest > 0))
		return g_strdup_printf(report_was_interrupted(report) ?
					       "interrupted before it was "
					       "known what delayed %s" :
					       "nothing delayed %s",
				       task);
	parts = bars.nr_causes + has_rest(&bars);
	write_head(out, &bars, task, report);
	unit = set_axes(out, &bars);
	g_string_append(out,
			"set style textbox opaque noborder fc rgb '#ffffff'\n");
	for (unsigned int i = 0; i < parts; i++)
		write_part(out, &bars, i, unit);
	write_shares(out, &bars, unit);
	write_totals(out, &bars, unit);
	for (unsigned int i = 0; i < parts; i++)
		plot_part(out, &bars, i);
	g_string_append(out, ", \\\n     $shares using 1:2:3 with labels "
			     "boxed font ',13' notitle"
			     ", \\\n     $totals using 1:2:3 with labels left "
			     "notitle\n");
	return NULL;
}

const struct plot_kind plot_blame = {
	.choice = { "blame", "what delayed a task, by cause, per build" },
	.write = write_blame,
	.blame = true,
};
