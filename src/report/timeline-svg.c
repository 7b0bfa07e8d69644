/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A window as a picture: a row per CPU, whose bars say by colour and pattern
 * what it does, with a stripe below them where preemption or interrupts are
 * off; arrows from wakeups to running, and marks.
 *
 * Colours are Okabe and Ito's.  What they say patterns say, too, and the legend
 * shows both.  Each bar has a title, which browsers show under the pointer.
 */
#include <config.h>

#include "preemptsim/report/timeline.h"

#include <string.h>

/* Where things are, in pixels. */
#define WIDTH 1200
#define LEFT 74
#define RIGHT 1176
#define TOP 64
#define LANE 112 /* of a CPU: arrows, bars, stripe, releases */
#define BAR_Y 56
#define BAR_HEIGHT 30
#define STRIPE_Y (BAR_Y + BAR_HEIGHT + 2)
#define STRIPE_HEIGHT 7
#define LEGEND 84
#define LETTER 7.2 /* the width of one */
#define SMALL 0.8  /* that of a small one */

/* Heights at which arrows pass each other. */
#define LEVELS 3

/* Lines of text above a row. */
#define LINES 2

/* How a context looks. */
struct look {
	const char *id, *name, *color, *pattern;
};

static const struct look looks[NR_CPU_TIMES] = {
	[CPU_USER] = { "user", "user", "#56b4e9", NULL },
	[CPU_KERNEL] = { "kernel", "kernel", "#e69f00",
			 "M-2,2 l4,-4 M0,8 l8,-8 M6,10 l4,-4" },
	[CPU_SOFTIRQ] = { "softirq", "softirq", "#009e73", "M0,4 h8 M4,0 v8" },
	[CPU_HARDIRQ] = { "hardirq", "hardirq", "#d55e00", "M2,0 v8 M6,0 v8" },
	[CPU_NMI] = { "nmi", "NMI", "#000000", NULL },
	[CPU_SPIN] = { "spin", "spinning", "#cc79a7", "M0,0 l8,8 M8,0 l-8,8" },
	[CPU_SWITCH] = { "switch", "switch", "#f0e442", "M0,2 h8 M0,6 h8" },
	[CPU_IDLE] = { "idle", "idle", "#f4f4f4", NULL },
};

/**
 * struct canvas - a picture being drawn.
 * @busy: until where the arrows of each level of each CPU reach
 * @said: until where the two lines of text above its row do
 */
struct canvas {
	const struct timeline *timeline;
	GString *out;
	double *busy, *said;
};

/* Append text in which %f stands for a double of two decimals, in turn. */
static void put(struct canvas *canvas, double x)
{
	char text[G_ASCII_DTOSTR_BUF_SIZE];

	g_string_append(canvas->out,
			g_ascii_formatd(text, sizeof(text), "%.2f", x));
}

static void attribute(struct canvas *canvas, const char *name, double x)
{
	g_string_append_printf(canvas->out, " %s=\"", name);
	put(canvas, x);
	g_string_append_c(canvas->out, '"');
}

static void put_text(struct canvas *canvas, const char *text)
{
	g_autofree char *escaped = g_markup_escape_text(text, -1);

	g_string_append(canvas->out, escaped);
}

static double x_of(const struct canvas *canvas, int64_t ns)
{
	const struct timeline *timeline = canvas->timeline;
	double span = (double)(timeline->to_ns - timeline->from_ns);

	ns = CLAMP(ns, timeline->from_ns, timeline->to_ns);
	return LEFT + (double)(ns - timeline->from_ns) * (RIGHT - LEFT) / span;
}

static double lane_y(unsigned int cpu)
{
	return TOP + (double)cpu * LANE;
}

/* @class may hold further attributes behind a quote; see the style below. */
static void label(struct canvas *canvas, double x, double y, const char *class,
		  const char *text)
{
	g_string_append(canvas->out, "<text");
	attribute(canvas, "x", x);
	attribute(canvas, "y", y);
	g_string_append_printf(canvas->out, " class=\"%s\">", class);
	put_text(canvas, text);
	g_string_append(canvas->out, "</text>\n");
}

static void line(struct canvas *canvas, double x1, double y1, double x2,
		 double y2, const char *class)
{
	g_string_append(canvas->out, "<line");
	attribute(canvas, "x1", x1);
	attribute(canvas, "y1", y1);
	attribute(canvas, "x2", x2);
	attribute(canvas, "y2", y2);
	g_string_append_printf(canvas->out, " class=\"%s\"/>\n", class);
}

static void rectangle(struct canvas *canvas, double x, double y, double width,
		      double height)
{
	g_string_append(canvas->out, "<rect");
	attribute(canvas, "x", x);
	attribute(canvas, "y", y);
	attribute(canvas, "width", width);
	attribute(canvas, "height", height);
}

/* The microseconds of people have a Greek letter. */
static char *time_text(char *buf, size_t n, int64_t ns)
{
	char text[TIME_TEXT_MAX], *unit;

	time_format_ns(text, sizeof(text), ns);
	unit = strstr(text, " us");
	if (unit)
		*unit = '\0';
	g_snprintf(buf, n, "%s%s", text, unit ? " µs" : "");
	return buf;
}

/* Definitions. */

static void write_pattern(GString *out, const struct look *look)
{
	g_string_append_printf(out,
			       "<pattern id=\"%s\" width=\"8\" height=\"8\" "
			       "patternUnits=\"userSpaceOnUse\">"
			       "<rect width=\"8\" height=\"8\" fill=\"%s\"/>",
			       look->id, look->color);
	if (look->pattern)
		g_string_append_printf(
			out,
			"<path d=\"%s\" stroke=\"#000\" "
			"stroke-opacity=\"0.35\" fill=\"none\"/>",
			look->pattern);
	g_string_append(out, "</pattern>\n");
}

static void write_definitions(GString *out)
{
	g_string_append(
		out,
		"<style>\n"
		"text { font: 13px sans-serif; fill: #000 }\n"
		".title { font-size: 17px }\n"
		".mid { text-anchor: middle }\n"
		".end { text-anchor: end }\n"
		".small { font-size: 11px; stroke: #fff; stroke-width: 3px; "
		"paint-order: stroke }\n"
		".name { text-anchor: middle; stroke: #fff; "
		"stroke-width: 3px; paint-order: stroke }\n"
		".axis { stroke: #444; fill: none }\n"
		".grid { stroke: #ddd }\n"
		".wakeup { stroke: #0072b2; stroke-width: 1.5; fill: none }\n"
		".deadline { stroke: #000; stroke-width: 1.5; "
		"stroke-dasharray: 5 3 }\n"
		".dropout { stroke: #d55e00; stroke-width: 3; fill: none }\n"
		".print { stroke: #009e73; stroke-width: 1.5 }\n"
		"</style>\n<defs>\n"
		"<marker id=\"head\" markerWidth=\"9\" markerHeight=\"8\" "
		"refX=\"8\" refY=\"4\" orient=\"auto\" "
		"markerUnits=\"userSpaceOnUse\">"
		"<path d=\"M0,0 L9,4 L0,8 z\" fill=\"#0072b2\"/></marker>\n"
		"<pattern id=\"preempt-off\" width=\"6\" height=\"6\" "
		"patternUnits=\"userSpaceOnUse\"><rect width=\"6\" "
		"height=\"6\" fill=\"#fff\"/><path d=\"M1,0 v6 M4,0 v6\" "
		"stroke=\"#0072b2\" stroke-width=\"1.6\"/></pattern>\n");
	for (unsigned int i = 0; i < NR_CPU_TIMES; i++)
		write_pattern(out, &looks[i]);
	g_string_append(out, "</defs>\n");
}

/* Bars. */

static void bar_title(struct canvas *canvas, const struct timeline_bar *bar)
{
	char length[TIME_TEXT_MAX], since[TIME_TEXT_MAX];
	g_autofree char *text = g_strdup_printf(
		"%s: %s%s%s, %s from +%s on", bar->task ? bar->task : "idle",
		looks[bar->what].name,
		bar->preempt_off ? ", preemption off" : "",
		bar->irqs_off ? ", interrupts off" : "",
		time_text(length, sizeof(length), bar->end_ns - bar->begin_ns),
		time_text(since, sizeof(since),
			  bar->begin_ns - canvas->timeline->from_ns));

	g_string_append(canvas->out, "<title>");
	put_text(canvas, text);
	g_string_append(canvas->out, "</title></rect>\n");
}

/* What is too short to be seen is seen nevertheless. */
static void draw_bar(struct canvas *canvas, unsigned int cpu,
		     const struct timeline_bar *bar)
{
	double x = x_of(canvas, bar->begin_ns);
	double width = MAX(x_of(canvas, bar->end_ns) - x, 0.6);

	rectangle(canvas, x, lane_y(cpu) + BAR_Y, width, BAR_HEIGHT);
	g_string_append_printf(canvas->out,
			       " fill=\"url(#%s)\" data-cpu=\"%u\" "
			       "data-ns=\"%" G_GINT64_FORMAT "\">",
			       looks[bar->what].id, cpu,
			       bar->end_ns - bar->begin_ns);
	bar_title(canvas, bar);
	if (!bar->preempt_off && !bar->irqs_off)
		return;
	rectangle(canvas, x, lane_y(cpu) + STRIPE_Y, width, STRIPE_HEIGHT);
	g_string_append_printf(canvas->out, " fill=\"%s\"/>\n",
			       bar->irqs_off ? "#000" : "url(#preempt-off)");
}

static void draw_name(struct canvas *canvas, unsigned int cpu, const char *task,
		      int64_t begin_ns, int64_t end_ns)
{
	double x1 = x_of(canvas, begin_ns), x2 = x_of(canvas, end_ns);

	double width = task ? LETTER * (double)strlen(task) : 0;

	if (task && x2 - x1 >= width * SMALL)
		label(canvas, (x1 + x2) / 2, lane_y(cpu) + BAR_Y + 20,
		      x2 - x1 >= width + 4 ? "name" : "name small", task);
}

/* The name of a task stands once in all that it does at a stretch. */
static void draw_names(struct canvas *canvas, unsigned int cpu)
{
	const GArray *bars = timeline_bars(canvas->timeline, cpu);
	const char *task = NULL;
	int64_t begin_ns = 0, end_ns = 0;

	for (unsigned int i = 0; i < bars->len; i++) {
		const struct timeline_bar *bar =
			&g_array_index(bars, struct timeline_bar, i);
		const char *next = bar->what == CPU_IDLE ? NULL : bar->task;

		if (next != task) {
			draw_name(canvas, cpu, task, begin_ns, end_ns);
			begin_ns = bar->begin_ns;
			task = next;
		}
		end_ns = bar->end_ns;
	}
	draw_name(canvas, cpu, task, begin_ns, end_ns);
}

static void draw_cpu(struct canvas *canvas, unsigned int cpu)
{
	const GArray *bars = timeline_bars(canvas->timeline, cpu);
	char name[16];

	g_snprintf(name, sizeof(name), "CPU %u", cpu);
	label(canvas, LEFT - 10, lane_y(cpu) + BAR_Y + 20, "end", name);
	for (unsigned int i = 0; i < bars->len; i++)
		draw_bar(canvas, cpu,
			 &g_array_index(bars, struct timeline_bar, i));
	rectangle(canvas, LEFT, lane_y(cpu) + BAR_Y, RIGHT - LEFT, BAR_HEIGHT);
	g_string_append(canvas->out, " class=\"axis\"/>\n");
	draw_names(canvas, cpu);
}

/* Wakeups. */

/* The first level that is free from @x on, and is now up to @end. */
static unsigned int take_level(struct canvas *canvas, unsigned int cpu,
			       double x, double end)
{
	double *busy = &canvas->busy[cpu * LEVELS];
	unsigned int level = 0;

	while (level < LEVELS - 1 && busy[level] > x)
		level++;
	busy[level] = MAX(busy[level], end);
	return level;
}

/* Above the row, unless the other CPU's row is where it comes from. */
static void draw_wakeup(struct canvas *canvas,
			const struct timeline_wakeup *wakeup)
{
	double x1 = x_of(canvas, wakeup->wake_ns);
	double x2 = x_of(canvas, wakeup->run_ns);
	double bar = lane_y(wakeup->cpu) + BAR_Y;
	double from = lane_y(wakeup->waker) + BAR_Y +
		      (wakeup->waker < wakeup->cpu ? BAR_HEIGHT : 0);
	char wait[TIME_TEXT_MAX];
	g_autofree char *text =
		g_strdup_printf("%s: %s", wakeup->task,
				time_text(wait, sizeof(wait),
					  wakeup->run_ns - wakeup->wake_ns));
	double width = 6.2 * (double)g_utf8_strlen(text, -1);
	bool said = x2 - x1 >= width + 12;
	double y = bar - 8 - 12 * take_level(canvas, wakeup->cpu, x1, x2);

	g_string_append(canvas->out, "<path class=\"wakeup\" "
				     "marker-end=\"url(#head)\" d=\"M");
	put(canvas, x1);
	g_string_append_c(canvas->out, ' ');
	put(canvas, from);
	g_string_append(canvas->out, " V");
	put(canvas, y);
	g_string_append(canvas->out, " H");
	put(canvas, x2);
	g_string_append(canvas->out, " V");
	put(canvas, bar);
	g_string_append(canvas->out, "\"/>\n");
	if (said)
		label(canvas, (x1 + x2) / 2, y - 2, "small mid", text);
}

/* Marks. */

/* A text above the row of a CPU, in the first or second @line, if there is
 * room. */
static void say(struct canvas *canvas, const struct timeline_mark *mark,
		unsigned int line, const char *text)
{
	double *said = &canvas->said[mark->cpu * LINES + line];
	double x = x_of(canvas, mark->at_ns);
	double width = 6.2 * (double)g_utf8_strlen(text, -1) + 6;
	double y = lane_y(mark->cpu) + 12 + 14 * line;

	if (x + width > RIGHT)
		x -= width;
	if (*said > x)
		return;
	*said = x + width;
	label(canvas, x + 3, y, "small", text);
}

static void draw_release(struct canvas *canvas,
			 const struct timeline_mark *mark)
{
	double x = x_of(canvas, mark->at_ns);
	double y = lane_y(mark->cpu) + STRIPE_Y + STRIPE_HEIGHT + 1;

	g_string_append(canvas->out, "<path d=\"M");
	put(canvas, x);
	g_string_append_c(canvas->out, ' ');
	put(canvas, y);
	g_string_append(canvas->out, " l5,9 h-10 z\"><title>release of ");
	put_text(canvas, mark->task);
	g_string_append(canvas->out, "</title></path>\n");
}

/* All of a task's deadlines are said with the first one. */
static bool is_first(const struct canvas *canvas,
		     const struct timeline_mark *mark)
{
	const struct timeline_mark *other = &g_array_index(
		canvas->timeline->marks, struct timeline_mark, 0);

	for (; other != mark; other++)
		if (other->kind == mark->kind && other->task == mark->task &&
		    other->cpu == mark->cpu)
			return false;
	return true;
}

static void draw_deadline(struct canvas *canvas,
			  const struct timeline_mark *mark)
{
	g_autofree char *text = g_strconcat("deadline of ", mark->task, NULL);
	double x = x_of(canvas, mark->at_ns), y = lane_y(mark->cpu);

	line(canvas, x, y, x, y + STRIPE_Y + STRIPE_HEIGHT + 8, "deadline");
	if (is_first(canvas, mark))
		say(canvas, mark, 0, text);
}

static void draw_dropout(struct canvas *canvas,
			 const struct timeline_mark *mark)
{
	g_autofree char *text =
		g_strdup_printf("dropout: %s %s", mark->task, mark->text);
	double x = x_of(canvas, mark->at_ns);
	double y = lane_y(mark->cpu) + BAR_Y + BAR_HEIGHT / 2.0;

	line(canvas, x - 8, y - 8, x + 8, y + 8, "dropout");
	line(canvas, x - 8, y + 8, x + 8, y - 8, "dropout");
	say(canvas, mark, 1, text);
}

static void draw_print(struct canvas *canvas, const struct timeline_mark *mark)
{
	double x = x_of(canvas, mark->at_ns), y = lane_y(mark->cpu);

	line(canvas, x, y + 16, x, y + STRIPE_Y, "print");
	say(canvas, mark, 0, mark->text);
}

static void draw_marks(struct canvas *canvas)
{
	static void (*const draw[])(struct canvas * canvas,
				    const struct timeline_mark *mark) = {
		[TIMELINE_RELEASE] = draw_release,
		[TIMELINE_DEADLINE] = draw_deadline,
		[TIMELINE_DROPOUT] = draw_dropout,
		[TIMELINE_PRINT] = draw_print,
	};
	const GArray *marks = canvas->timeline->marks;

	for (unsigned int i = 0; i < marks->len; i++) {
		const struct timeline_mark *mark =
			&g_array_index(marks, struct timeline_mark, i);

		draw[mark->kind](canvas, mark);
	}
}

/* The axis of time. */

/* 1, 2 or 5 times a power of ten, and not more than 12 of them. */
static int64_t tic_step(int64_t span)
{
	static const int64_t factors[] = { 2, 5, 10 };
	int64_t power = 1, step = 1;

	for (unsigned int i = 0; span / step > 12; i++) {
		step = power * factors[i % 3];
		power = i % 3 == 2 ? step : power;
	}
	return step;
}

static void draw_axis(struct canvas *canvas)
{
	const struct timeline *timeline = canvas->timeline;
	int64_t span = timeline->to_ns - timeline->from_ns;
	double bottom = lane_y(timeline->cpus->len);
	g_autofree char *text =
		g_strdup_printf("simulated time since %lld.%09lld s",
				(long long)(timeline->from_ns / 1000000000),
				(long long)(timeline->from_ns % 1000000000));

	for (int64_t at = 0; at <= span; at += tic_step(span)) {
		double x = x_of(canvas, timeline->from_ns + at);
		char tic[TIME_TEXT_MAX], exact[TIME_TEXT_MAX];
		char *unit;

		time_format_exact(exact, sizeof(exact), at);
		unit = exact + strspn(exact, "-.0123456789");
		g_snprintf(tic, sizeof(tic), "%.*s %s", (int)(unit - exact),
			   exact, g_str_equal(unit, "us") ? "µs" : unit);
		line(canvas, x, TOP, x, bottom, "grid");
		line(canvas, x, bottom, x, bottom + 6, "axis");
		label(canvas, x, bottom + 20, "mid", tic);
	}
	line(canvas, LEFT, bottom, RIGHT, bottom, "axis");
	label(canvas, (LEFT + RIGHT) / 2.0, bottom + 38, "mid", text);
}

/* The legend. */

static double draw_swatch(struct canvas *canvas, double x, double y,
			  const char *fill, const char *name)
{
	rectangle(canvas, x, y - 11, 22, 14);
	g_string_append_printf(canvas->out, " fill=\"%s\" stroke=\"#444\"/>\n",
			       fill);
	label(canvas, x + 28, y, "small", name);
	return x + 42 + 6.2 * (double)strlen(name);
}

static void draw_legend(struct canvas *canvas)
{
	double y = lane_y(canvas->timeline->cpus->len) + 60, x = LEFT;

	for (unsigned int i = 0; i < NR_CPU_TIMES; i++) {
		g_autofree char *fill =
			g_strdup_printf("url(#%s)", looks[i].id);

		x = draw_swatch(canvas, x, y, fill, looks[i].name);
	}
	x = draw_swatch(canvas, x, y, "url(#preempt-off)", "preemption off");
	draw_swatch(canvas, x, y, "#000", "interrupts off (below the bars)");
	y += 20;
	g_string_append_printf(canvas->out,
			       "<path class=\"wakeup\" marker-end=\"url(#head)"
			       "\" d=\"M%d %.0f h24\"/>\n",
			       LEFT, y - 4);
	label(canvas, LEFT + 30, y, "small", "woken, and runs");
	g_string_append_printf(canvas->out,
			       "<path d=\"M%d %.0f l5,9 h-10 z\"/>\n",
			       LEFT + 160, y - 9);
	label(canvas, LEFT + 172, y, "small", "release of a job");
	line(canvas, LEFT + 290, y - 12, LEFT + 290, y + 3, "deadline");
	label(canvas, LEFT + 298, y, "small", "its deadline");
	line(canvas, LEFT + 390, y - 10, LEFT + 402, y + 2, "dropout");
	line(canvas, LEFT + 390, y + 2, LEFT + 402, y - 10, "dropout");
	label(canvas, LEFT + 410, y, "small",
	      "a dropout: too late, or not at all");
}

void timeline_write_svg(const struct timeline *timeline, const char *title,
			GString *out)
{
	unsigned int n = timeline->cpus->len;
	struct canvas canvas = { .timeline = timeline,
				 .out = out,
				 .busy = g_new0(double, n *LEVELS),
				 .said = g_new0(double, n *LINES) };

	g_string_append_printf(out,
			       "<svg xmlns=\"http://www.w3.org/2000/svg\" "
			       "width=\"%d\" height=\"%u\" "
			       "viewBox=\"0 0 %d %u\">\n",
			       WIDTH, TOP + n * LANE + LEGEND + 20, WIDTH,
			       TOP + n * LANE + LEGEND + 20);
	write_definitions(out);
	g_string_append(out, "<rect width=\"100%\" height=\"100%\" "
			     "fill=\"#fff\"/>\n");
	label(&canvas, WIDTH / 2.0, 34, "title mid", title);
	draw_axis(&canvas);
	for (unsigned int i = 0; i < n; i++)
		draw_cpu(&canvas, i);
	for (unsigned int i = 0; i < timeline->wakeups->len; i++) {
		const struct timeline_wakeup *wakeup = &g_array_index(
			timeline->wakeups, struct timeline_wakeup, i);

		if (wakeup->run_ns >= 0)
			draw_wakeup(&canvas, wakeup);
	}
	draw_marks(&canvas);
	draw_legend(&canvas);
	g_string_append(out, "</svg>\n");
	g_free(canvas.busy);
	g_free(canvas.said);
}
