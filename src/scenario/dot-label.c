/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Labels of automata: events with conditions, and limits of states.
 * cf. Documentation/trace/rv/hybrid_automata.rst.
 *
 * There is one clock, whatever it is called; of conditions, what Linux's own
 * models ask for that is known here.
 */
#include <config.h>

#include "dot-label-private.h"

#include <glib.h>
#include <string.h>

#include "preemptsim/base/time.h"
#include "preemptsim/scenario/suggest.h"

/* Words of a condition, blanks left out, and what they ask for. */
static const struct {
	const char *text;
	unsigned int flag;
} conditions[] = {
	{ "irq_off==1", IF_IRQS_OFF },
	{ "irq_off==0", IF_IRQS_ON },
	{ "preempt_off==1", IF_PREEMPT_OFF },
	{ "preempt_off==0", IF_PREEMPT_ON },
};

static char *unknown_event(const char *name)
{
	g_autofree char *hint = NULL;
	const struct choice *choice;
	struct suggestion search;

	suggestion_init(&search, name);
	for (unsigned int i = 0; (choice = automaton_event_choice(i)); i++)
		suggestion_consider(&search, choice->name);
	hint = suggestion_finish(&search);
	return g_strdup_printf("there is no event '%s'%s; 'list monitors' has "
			       "them all",
			       name, hint);
}

static void leave_out_blanks(char *text)
{
	char *to = text;

	for (; *text; text++)
		if (!g_ascii_isspace(*text))
			*to++ = *text;
	*to = '\0';
}

/* One of those between "&&". */
static char *read_condition(char *text, unsigned int *flags)
{
	leave_out_blanks(text);
	for (unsigned int i = 0; i < G_N_ELEMENTS(conditions); i++) {
		if (g_str_equal(conditions[i].text, text)) {
			*flags |= conditions[i].flag;
			return NULL;
		}
	}
	return g_strdup_printf("'%s' is not known here; a condition is irq_off "
			       "or preempt_off == 0 or 1, several with &&",
			       text);
}

/* What stands between two semicolons. */
static char *read_part(const char *part, unsigned int *flags)
{
	g_auto(GStrv) list = g_strsplit(part, "&&", 0);
	char *why = NULL;

	if (g_str_has_prefix(part, "reset(") && g_str_has_suffix(part, ")")) {
		*flags |= RESET_CLOCK;
		return NULL;
	}
	for (unsigned int i = 0; list[i] && !why; i++)
		why = read_condition(list[i], flags);
	return why;
}

char *dot_event(char *line, enum automaton_event *event, unsigned int *flags)
{
	g_auto(GStrv) parts = g_strsplit(g_strstrip(line), ";", 0);
	char *why = NULL;

	*flags = 0;
	if (!parts[0] || !*g_strstrip(parts[0]))
		return g_strdup("an event's name is missing");
	*event = automaton_event_find(parts[0]);
	if (*event == EVENT_NONE)
		return unknown_event(parts[0]);
	for (unsigned int i = 1; parts[i] && !why; i++)
		why = read_part(g_strstrip(parts[i]), flags);
	return why;
}

char *dot_limit(const char *line, int64_t *limit_ns)
{
	const char *less = strchr(line, '<');
	g_autofree char *time = g_strdup(less ? less + 1 : "");
	const char *why = "";
	struct timebase tb;

	if (!timebase_init(&tb, 1000000000))
		g_assert_not_reached();
	if (time_parse(g_strstrip(time), &tb, limit_ns, &why) && *limit_ns > 0)
		return NULL;
	return g_strdup("a state's limit is a clock and a time with its unit, "
			"as in clk < 100ms");
}
