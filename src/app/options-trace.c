/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Options of traces: what --trace, -o, --from, --to, --around and --events
 * take.
 */
#include <config.h>

#include "options-private.h"
#include "preemptsim/scenario/suggest.h"
#include "preemptsim/trace/trace.h"

/* ".dat, .pftrace or .txt" */
static char *trace_endings(void)
{
	GString *text = g_string_new(NULL);
	const struct trace_format *format;

	for (unsigned int i = 0; (format = trace_format(i)); i++)
		g_string_append_printf(text, "%s.%s",
				       !i		   ? "" :
				       trace_format(i + 1) ? ", " :
							     " or ",
				       format->choice.name);
	return g_string_free(text, FALSE);
}

char *options_set_trace(struct options *options, const char *arg)
{
	g_autofree char *endings = NULL;

	if (!trace_format_of(arg)) {
		endings = trace_endings();
		return g_strdup_printf("'%s' does not end in %s", arg, endings);
	}
	if (options->traces->len == TRACE_OUTPUTS_MAX)
		return g_strdup_printf("more than %d traces of one run",
				       TRACE_OUTPUTS_MAX);
	g_ptr_array_add(options->traces, g_strdup(arg));
	return NULL;
}

static char *parse_time(const char *arg, int64_t *ns)
{
	static const struct timebase in_ns = { .per_ns = 1, .per_cycle = 1 };
	const char *why;

	if (!time_parse(arg, &in_ns, ns, &why))
		return g_strdup_printf("'%s': %s", arg, why);
	return NULL;
}

static char *check_window(const struct options *options)
{
	if (options->from_ns >= options->to_ns)
		return g_strdup("nothing is between --from and --to");
	if (options->around && options->windowed)
		return g_strdup("--around finds --from and --to by itself");
	return NULL;
}

char *options_set_from(struct options *options, const char *arg)
{
	char *why = parse_time(arg, &options->from_ns);

	options->windowed = true;
	return why ? why : check_window(options);
}

char *options_set_to(struct options *options, const char *arg)
{
	char *why = parse_time(arg, &options->to_ns);

	options->windowed = true;
	return why ? why : check_window(options);
}

char *options_set_around(struct options *options, const char *arg)
{
	static const char worst[] = "worst";
	const char *rest = arg + sizeof(worst) - 1;

	if (!g_str_has_prefix(arg, worst) || (*rest && *rest != ':') ||
	    g_str_equal(rest, ":"))
		return g_strdup_printf("'%s' is neither worst nor worst:TASK",
				       arg);
	options->around = true;
	g_free(options->around_task);
	options->around_task = *rest ? g_strdup(rest + 1) : NULL;
	return check_window(options);
}

static char *unknown_event(const char *name)
{
	struct suggestion search;
	g_autofree char *hint = NULL;
	const struct choice *known;

	suggestion_init(&search, name);
	for (unsigned int i = 0; (known = trace_event_choice(i)); i++)
		suggestion_consider(&search, known->name);
	hint = suggestion_finish(&search);
	return g_strdup_printf("there is no event '%s'%s", name, hint);
}

char *options_set_events(struct options *options, const char *arg)
{
	g_auto(GStrv) names = g_strsplit(arg, ",", -1);

	if (!*arg)
		return g_strdup("no event would be traced");
	for (char **name = names; *name; name++) {
		struct trace_request request = { 0 };

		if (!trace_event_select(&request, *name))
			return unknown_event(*name);
		g_ptr_array_add(options->events, g_strdup(*name));
	}
	return NULL;
}

/* `run' has no need of a trace: does it say what of none? */
char *options_check_traces(const struct options *options, unsigned int mask)
{
	if (!(mask & OPTIONS_TRACE_TOO) || options->traces->len ||
	    !(options->windowed || options->around || options->events->len))
		return NULL;
	return g_strdup("--from, --to, --around and --events are for "
			"--trace FILE, which is missing");
}
