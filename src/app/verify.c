/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs held to automata: the command line's side of it.
 *
 * What a built-in automaton does not allow is a bug of the simulator, unless
 * the scenario had already done what the simulated kernel warns of: Linux, too,
 * promises nothing then.
 */
#include <config.h>

#include "preemptsim/app/verify.h"

#include <stdio.h>
#include <string.h>

#include "preemptsim/app/app.h"
#include "preemptsim/scenario/dot.h"
#include "preemptsim/scenario/suggest.h"

/* Of all runs and builds together, so many are told word by word. */
#define TOLD_MAX 20u

static char *unknown(const char *word)
{
	g_autofree char *hint = NULL;
	const struct automaton *a;
	struct suggestion search;

	suggestion_init(&search, word);
	for (unsigned int i = 0; (a = automaton(i)); i++)
		suggestion_consider(&search, a->name);
	hint = suggestion_finish(&search);
	return g_strdup_printf("there is no automaton '%s', nor does it end in "
			       ".dot%s",
			       word, hint);
}

/* "stall:100ms": an automaton with a limit.  NULL: @word is no such. */
static const struct automaton *timed_word(const char *word, const char **time)
{
	const char *colon = strchr(word, ':');
	g_autofree char *name = NULL;
	const struct automaton *a;

	name = colon ? g_strndup(word, (size_t)(colon - word)) : g_strdup(word);
	a = automaton_find(name);
	*time = colon ? colon + 1 : "";
	return a && a->timed ? a : NULL;
}

static char *parse_limit(const char *time, int64_t *limit_ns)
{
	const char *why = "a limit, as in stall:100ms, is missing";
	struct timebase tb;

	if (!timebase_init(&tb, 1000000000))
		g_assert_not_reached();
	if (*time && time_parse(time, &tb, limit_ns, &why)) {
		if (*limit_ns > 0)
			return NULL;
		why = "it would be over at once";
	}
	return g_strdup_printf("'%s' is no time above 0: %s", time, why);
}

char *verify_check(const char *word)
{
	const char *time;
	int64_t limit_ns;

	if (!*word || g_str_has_suffix(word, ".dot"))
		return NULL;
	if (timed_word(word, &time))
		return parse_limit(time, &limit_ns);
	return automaton_find(word) ? NULL : unknown(word);
}

static void add(struct verification *verification, const struct automaton *a)
{
	g_ptr_array_add(verification->automata, (void *)(uintptr_t)a);
}

static void add_built_in(struct verification *verification)
{
	const struct automaton *a;

	for (unsigned int i = 0; (a = automaton(i)); i++)
		if (!a->extra)
			add(verification, a);
}

static void add_timed(struct verification *verification,
		      const struct automaton *a, const char *time)
{
	struct automaton *limited = g_memdup2(a, sizeof(*a));

	g_free(parse_limit(time, &limited->limit_ns));
	g_ptr_array_add(verification->limited, limited);
	add(verification, limited);
}

/* [cpu:|task:]FILE.dot */
static bool add_dot(struct verification *verification, const char *word)
{
	g_autoptr(GPtrArray) messages = g_ptr_array_new_with_free_func(g_free);
	enum dot_scope scope = DOT_SCOPE_BY_EVENTS;
	struct automaton *a;

	if (g_str_has_prefix(word, "cpu:"))
		scope = DOT_SCOPE_CPU;
	else if (g_str_has_prefix(word, "task:"))
		scope = DOT_SCOPE_TASK;
	a = dot_load(scope == DOT_SCOPE_BY_EVENTS ? word :
						    strchr(word, ':') + 1,
		     scope, messages);
	for (unsigned int i = 0; i < messages->len; i++)
		fprintf(stderr, "%s\n", (char *)messages->pdata[i]);
	if (!a)
		return false;
	g_ptr_array_add(verification->read, a);
	add(verification, a);
	return true;
}

static bool add_word(struct verification *verification, const char *word)
{
	const struct automaton *a;
	const char *time;

	if (g_str_has_suffix(word, ".dot"))
		return add_dot(verification, word);
	a = timed_word(word, &time);
	if (!*word)
		add_built_in(verification);
	else if (a)
		add_timed(verification, a, time);
	else
		add(verification, automaton_find(word));
	return true;
}

static void free_dot(void *data)
{
	dot_free(data);
}

bool verify_load(struct verification *verification,
		 const struct options *options)
{
	bool good = true;

	*verification = (struct verification){ 0 };
	if (!options->verify->len)
		return true;
	verification->automata = g_ptr_array_new();
	verification->limited = g_ptr_array_new_with_free_func(g_free);
	verification->read = g_ptr_array_new_with_free_func(free_dot);
	verification->messages = g_ptr_array_new_with_free_func(g_free);
	for (unsigned int i = 0; i < options->verify->len; i++)
		good &= add_word(verification, options->verify->pdata[i]);
	return good;
}

/* Of several builds and runs, which. */
static char *which_text(const char *label, uint64_t run)
{
	if (!label && !run)
		return g_strdup("");
	return g_strdup_printf(", %s%srun %" G_GUINT64_FORMAT,
			       label ? label : "", label ? ", " : "", run);
}

static char *violation_text(const struct violation *v, const char *label,
			    uint64_t run)
{
	g_autofree char *which = which_text(label, run);

	return g_strdup_printf(
		"%s on %s: %s in state %s at %" G_GINT64_FORMAT " ns%s%s%s",
		v->automaton, v->scope, v->event, v->state, v->at_ns, which,
		v->after ? ", after " : "", v->after ? v->after : "");
}

void verify_take(struct verification *verification,
		 const struct results *results, const char *label)
{
	const struct verdict *verdict = results->verdict;

	if (!verdict)
		return;
	verification->events += verdict->events;
	verification->violations += verdict->nr_violations;
	for (unsigned int i = 0; i < verdict->violations->len; i++) {
		const struct violation *v = verdict->violations->pdata[i];

		verification->simulator |= !v->of_scenario && !v->after;
		if (verification->messages->len < TOLD_MAX)
			g_ptr_array_add(verification->messages,
					violation_text(v, label, results->run));
	}
}

static void tell_fine(const struct verification *verification)
{
	unsigned int n = verification->automata->len;

	fprintf(stderr,
		"%u automat%s, %" G_GUINT64_FORMAT " events, no violation\n", n,
		n == 1 ? "on" : "a", verification->events);
}

int verify_tell(const struct verification *verification, bool verbose)
{
	if (!verification->automata)
		return STATUS_DONE;
	if (!verification->violations) {
		if (verbose)
			tell_fine(verification);
		return STATUS_DONE;
	}
	for (unsigned int i = 0; i < verification->messages->len; i++)
		fprintf(stderr, "preemptsim: violation: %s\n",
			(char *)verification->messages->pdata[i]);
	if (verification->violations > verification->messages->len)
		fprintf(stderr,
			"preemptsim: %" G_GUINT64_FORMAT " violations in all\n",
			verification->violations);
	if (!verification->simulator)
		return STATUS_EXPECT;
	fputs("This is a fault of the simulator, not of the scenario.\n",
	      stderr);
	return STATUS_BUG;
}

void verify_clear(struct verification *verification)
{
	if (!verification->automata)
		return;
	g_ptr_array_unref(verification->automata);
	g_ptr_array_unref(verification->limited);
	g_ptr_array_unref(verification->read);
	g_ptr_array_unref(verification->messages);
}
