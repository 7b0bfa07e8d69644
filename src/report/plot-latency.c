/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pictures of a task's times under each build: how often they are at least so
 * long (ccdf), and how they are spread (histogram).
 *
 * Both have logarithmic axes, since what matters is rare and far off.
 */
#include <config.h>

#include "plot-private.h"

/* Bins of a histogram that are drawn as one: 8 are left in an octave. */
#define BINS_DRAWN 16u

/* What a row of data starts at where there is nothing, below the axis. */
#define NOTHING "0.3"

/* Where there are more curves their names have no numbers behind them. */
#define NUMBERED_CURVES 8

/* What is drawn: a curve of @nr, and of which task. */
struct curves {
	const struct plot *plot;
	const struct report *report;
	const char *task;
	const struct hist *hist[PLOT_CURVES_MAX];
	const char *label[PLOT_CURVES_MAX];
	int64_t deadline_ns[PLOT_CURVES_MAX];
	unsigned int nr;
	int64_t min, max; /* deadlines included */
	uint64_t most;
};

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

static void add_curve(struct curves *curves, const struct build *build)
{
	const struct task_results *task;
	const struct hist *hist;

	task = find_task(build->total, curves->task);
	if (!task)
		return;
	hist = curves->plot->measure == KIND_WAKEUP_LATENCY ?
		       task->wakeup_latency :
		       task->response_time;
	if (!hist_count(hist))
		return;
	if (task->deadline_ns > 0) {
		curves->min = MIN(curves->min, task->deadline_ns);
		curves->max = MAX(curves->max, task->deadline_ns);
	}
	curves->deadline_ns[curves->nr] = task->deadline_ns;
	curves->hist[curves->nr] = hist;
	curves->label[curves->nr++] =
		build->label ? build->label : curves->task;
	curves->min = MIN(curves->min, hist_min(hist));
	curves->max = MAX(curves->max, hist_max(hist));
	curves->most = MAX(curves->most, hist_count(hist));
}

static char *find_curves(struct curves *curves, const struct plot *plot,
			 const struct report *report)
{
	char *why = plot_too_many(report->builds->len);

	if (why)
		return why;
	*curves = (struct curves){ .plot = plot,
				   .report = report,
				   .min = INT64_MAX };
	curves->task = plot->task ?
			       plot->task :
			       plot_task(report_build(report, 0)->scenario);
	for (unsigned int i = 0; i < report->builds->len; i++)
		add_curve(curves, report_build(report, i));
	return curves->nr ? NULL :
			    g_strdup_printf("no %s of %s was measured",
					    latency_kind_name(plot->measure),
					    curves->task);
}

static const char *measure_label(const struct curves *curves)
{
	return curves->plot->measure == KIND_WAKEUP_LATENCY ? "wakeup latency" :
							      "response time";
}

/* "preempt=none: 5980 samples, longest 6.4 ms", for g_free(). */
static char *title_of(const struct curves *curves, unsigned int i)
{
	char longest[TIME_TEXT_MAX];
	uint64_t n = hist_count(curves->hist[i]);

	if (curves->nr > NUMBERED_CURVES)
		return g_strdup(curves->label[i]);
	return g_strdup_printf(
		"%s: %" G_GUINT64_FORMAT " sample%s, longest %s",
		curves->label[i], n, n == 1 ? "" : "s",
		plot_time(longest, sizeof(longest), hist_max(curves->hist[i])));
}

static void set_key(GString *out, const struct curves *curves)
{
	unsigned int letters = 0;

	for (unsigned int i = 0; i < curves->nr; i++) {
		g_autofree char *title = title_of(curves, i);

		letters = MAX(letters, (unsigned int)g_utf8_strlen(title, -1));
	}
	plot_key(out, curves->nr, letters);
}

static void write_head(GString *out, const struct curves *curves)
{
	const struct scenario *scenario =
		report_build(curves->report, 0)->scenario;
	g_autofree char *title = g_strdup_printf(
		"%s: %s of %s%s", scenario->name, measure_label(curves),
		curves->task, plot_interrupted(curves->report));

	plot_head(out, title, scenario->description);
	set_key(out, curves);
}

/* Is @ns so near to the beginning of the axis that no words fit before it? */
static bool is_at_left(const struct curves *curves, int64_t ns)
{
	double from = (double)MAX(curves->min, 1);
	double part = (double)ns / from;

	return part * part * part * part < (double)curves->max / from;
}

/*
 * A deadline, above which a response time is a dropout.  A wakeup latency is
 * one before that, since the job has to end until then: the label says so.
 */
static void mark_deadline(GString *out, const struct curves *curves, int64_t ns,
			  unsigned int row)
{
	bool left = is_at_left(curves, ns);
	char text[TIME_TEXT_MAX];

	g_string_append_printf(
		out,
		"set arrow from first %" G_GINT64_FORMAT
		", graph 0 to first %" G_GINT64_FORMAT
		", graph 1 nohead lc rgb '#000000' lw 1.5 dt '-' front\n"
		"set label '%sdeadline %s%s%s' at first %" G_GINT64_FORMAT
		", graph 0.%02u %s front\n",
		ns, ns, left ? " " : "", plot_time(text, sizeof(text), ns),
		curves->plot->measure == KIND_WAKEUP_LATENCY ? ", end of job" :
							       "",
		left ? "" : " ", ns, 97 - 5 * (row % 19),
		left ? "left" : "right");
}

/* Those of all builds, each once. */
static void mark_deadlines(GString *out, const struct curves *curves)
{
	unsigned int row = 0, i, j;

	for (i = 0; i < curves->nr; i++) {
		for (j = 0; j < i; j++)
			if (curves->deadline_ns[j] == curves->deadline_ns[i])
				break;
		if (j == i && curves->deadline_ns[i] > 0)
			mark_deadline(out, curves, curves->deadline_ns[i],
				      row++);
	}
}

static void set_time_axis(GString *out, const struct curves *curves)
{
	struct plot_axis axis = {
		.name = "x",
		.label = measure_label(curves),
		.unit = UNIT_NS,
		.min = (double)MAX(curves->min, 1),
		.max = (double)curves->max,
		.log = true,
		.ends = true,
	};

	plot_set_axis(out, &axis);
}

static void write_title(GString *out, const struct curves *curves,
			unsigned int i)
{
	g_autofree char *title = title_of(curves, i);

	g_string_append(out, "title ");
	plot_quote(out, title);
}

/* How often a time is at least so long. */

/* @n samples are at least @ns long. */
static void write_share(GString *out, const struct hist *hist, int64_t ns,
			uint64_t n)
{
	g_string_append_printf(out, "%" G_GINT64_FORMAT " ", MAX(ns, 1));
	plot_double(out, (double)n / (double)hist_count(hist));
	g_string_append_c(out, '\n');
}

/* The longest has a mark, so that the end of a curve can be seen. */
static void write_longest(GString *out, const struct hist *hist)
{
	write_share(out, hist, hist_max(hist), 1);
}

static void write_shares(GString *out, const struct hist *hist)
{
	uint64_t count = 1, left = hist_count(hist);
	unsigned int it = 0;
	int64_t upper;

	while (hist_next_bin(hist, &it, &upper, &count)) {
		write_share(out, hist,
			    CLAMP(upper, hist_min(hist), hist_max(hist)), left);
		left -= count;
	}
	if (count > 1) /* the longest is not alone in its bin */
		write_longest(out, hist);
}

/* Data of all curves, called $NAME0, $NAME1, ... */
static void write_blocks(GString *out, const struct curves *curves,
			 const char *name,
			 void (*write)(GString *out, const struct hist *hist))
{
	for (unsigned int i = 0; i < curves->nr; i++) {
		g_string_append_printf(out, "$%s%u << EOD\n", name, i);
		write(out, curves->hist[i]);
		g_string_append(out, "EOD\n");
	}
}

static void set_share_axis(GString *out, const struct curves *curves)
{
	struct plot_axis axis = {
		.name = "y",
		.label = "share of samples that are at least so long",
		.unit = UNIT_SHARE,
		.min = MIN(1 / (double)curves->most, 0.1),
		.max = 1,
		.log = true,
		.ends = true,
	};

	plot_set_axis(out, &axis);
}

static void plot_shares(GString *out, const struct curves *curves,
			unsigned int i)
{
	g_string_append_printf(out, "%s$build%u with fsteps notitle ",
			       i ? ", \\\n     " : "plot ", i);
	plot_lines(out, i);
	g_string_append_printf(out, ", \\\n     $longest%u with linespoints ",
			       i);
	plot_points(out, i);
	g_string_append_c(out, ' ');
	write_title(out, curves, i);
}

static char *write_ccdf(const struct plot *plot, const struct report *report,
			GString *out)
{
	struct curves curves;
	char *why = find_curves(&curves, plot, report);

	if (why)
		return why;
	write_head(out, &curves);
	set_time_axis(out, &curves);
	set_share_axis(out, &curves);
	mark_deadlines(out, &curves);
	write_blocks(out, &curves, "build", write_shares);
	write_blocks(out, &curves, "longest", write_longest);
	for (unsigned int i = 0; i < curves.nr; i++)
		plot_shares(out, &curves, i);
	g_string_append_c(out, '\n');
	return NULL;
}

const struct plot_kind plot_ccdf = {
	.choice = { "ccdf", "how often latencies are at least so long, per "
			    "build" },
	.write = write_ccdf,
	.curves = true,
};

/* How they are spread. */

/* The least value of a bin that is drawn. */
static uint64_t drawn_lower(unsigned int drawn)
{
	unsigned int bin = drawn * BINS_DRAWN;
	unsigned int shift = bin < 256 ? 0 : bin / 128 - 1;

	return MAX((uint64_t)(bin - shift * 128) << shift, 1);
}

static unsigned int drawn_of(int64_t value)
{
	return hist_bin((uint64_t)MIN(value, HIST_RANGE)) / BINS_DRAWN;
}

static void write_drawn(GString *out, unsigned int drawn, uint64_t count)
{
	g_string_append_printf(out, "%" G_GUINT64_FORMAT " ",
			       drawn_lower(drawn));
	if (count)
		g_string_append_printf(out, "%" G_GUINT64_FORMAT "\n", count);
	else
		g_string_append(out, NOTHING "\n");
}

static void write_counts(GString *out, const struct hist *hist)
{
	unsigned int it = 0, first = drawn_of(hist_min(hist));
	unsigned int last = drawn_of(hist_max(hist));
	int64_t upper = 0;
	uint64_t count = 0, sum = 0;
	bool more = hist_next_bin(hist, &it, &upper, &count);

	write_drawn(out, first ? first - 1 : 0, 0);
	for (unsigned int drawn = first; drawn <= last; drawn++) {
		for (sum = 0; more && drawn_of(upper) <= drawn;
		     more = hist_next_bin(hist, &it, &upper, &count))
			sum += count;
		write_drawn(out, drawn, sum);
	}
	write_drawn(out, last + 1, 0);
}

static void plot_counts(GString *out, const struct curves *curves,
			unsigned int i)
{
	g_string_append_printf(
		out,
		"%s$build%u with fillsteps fs transparent solid 0.25 noborder "
		"lc rgb '%s' notitle, \\\n     $build%u with steps ",
		i ? ", \\\n     " : "plot ", i, plot_color(i), i);
	plot_lines(out, i);
	g_string_append_c(out, ' ');
	write_title(out, curves, i);
}

static char *write_histogram(const struct plot *plot,
			     const struct report *report, GString *out)
{
	struct curves curves;
	char *why = find_curves(&curves, plot, report);
	struct plot_axis axis = { .name = "y",
				  .label = "samples in a bin, 8 to an octave",
				  .unit = UNIT_COUNT,
				  .min = 1,
				  .log = true };

	if (why)
		return why;
	axis.max = (double)curves.most / 10;
	write_head(out, &curves);
	set_time_axis(out, &curves);
	plot_set_axis(out, &axis);
	g_string_append(out, "set yrange [0.7:]\n");
	mark_deadlines(out, &curves);
	write_blocks(out, &curves, "build", write_counts);
	for (unsigned int i = 0; i < curves.nr; i++)
		plot_counts(out, &curves, i);
	g_string_append_c(out, '\n');
	return NULL;
}

const struct plot_kind plot_histogram = {
	.choice = { "histogram", "how latencies are spread, builds one over "
				 "the other" },
	.write = write_histogram,
	.curves = true,
};
