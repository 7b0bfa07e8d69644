/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Options of pictures: which one, of what, and where to. */
#include <config.h>

#include "options-private.h"
#include "preemptsim/app/gnuplot.h"
#include "preemptsim/app/plot.h"
#include "preemptsim/scenario/suggest.h"

static char *unknown_kind(const char *arg)
{
	struct suggestion search;
	g_autofree char *hint = NULL;
	const struct plot_kind *kind;

	suggestion_init(&search, arg);
	for (unsigned int i = 0; (kind = plot_kind(i)); i++)
		suggestion_consider(&search, kind->choice.name);
	suggestion_consider(&search, "timeline");
	hint = suggestion_finish(&search);
	return g_strdup_printf("there is no kind of picture '%s'%s", arg, hint);
}

char *options_set_kind(struct options *options, const char *arg)
{
	options->timeline = g_str_equal(arg, "timeline");
	options->kind = plot_kind_find(arg);
	return options->kind || options->timeline ? NULL : unknown_kind(arg);
}

char *options_set_timeline(struct options *options, const char *arg)
{
	(void)arg;
	return options_set_kind(options, "timeline");
}

/* Of a second one the first would be lost. */
static char *given_once(const char *before)
{
	return before ? g_strdup("it can be given once") : NULL;
}

char *options_set_picture(struct options *options, const char *arg)
{
	char *why = given_once(options->picture);

	if (why)
		return why;
	options->picture = arg;
	if (gnuplot_draws(arg) || plot_draws_timeline(arg))
		return NULL;
	return g_strdup_printf("'%s' does not end in .svg, .png or .pdf", arg);
}

char *options_set_script(struct options *options, const char *arg)
{
	char *why = given_once(options->script);

	if (why)
		return why;
	options->script = arg;
	return *arg ? NULL : g_strdup("the name of a file is missing");
}

char *options_set_task(struct options *options, const char *arg)
{
	options->plot.task = arg;
	return NULL;
}

char *options_set_measure(struct options *options, const char *arg)
{
	static const char *const words[] = {
		[KIND_WAKEUP_LATENCY] = "wakeup_latency",
		[KIND_RESPONSE_TIME] = "response_time",
		NULL,
	};
	int measure = 0;
	char *why = option_word(arg, words, &measure);

	options->plot.measure = (enum latency_kind)measure;
	return why;
}
