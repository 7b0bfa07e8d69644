/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the tests of blame share: situations in which all that takes time is what
 * the scenario says, and the parts that are expected of a latency.
 */
#ifndef TESTS_LAWS_BLAME_LAW_H
#define TESTS_LAWS_BLAME_LAW_H

#include "law.h"

/* A part that is expected. */
struct part {
	const char *cause, *by;
	int64_t us;
};

#define MAX_PARTS 8

/* The longest time of @kind of the task called @name. */
static inline const struct worst_case *worst_of(const struct results *results,
						const char *name,
						enum latency_kind kind)
{
	for (unsigned int i = 0; i < results->worst->len; i++) {
		const struct worst_case *worst = results->worst->pdata[i];

		if (worst->kind == kind && !strcmp(worst->task, name))
			return worst;
	}
	ck_abort_msg("%s has no %s", name, latency_kind_name(kind));
	return NULL;
}

static inline char *blame_text(const GArray *blame)
{
	GString *text = g_string_new(NULL);

	for (unsigned int i = 0; i < blame->len; i++) {
		const struct blame *part =
			&g_array_index(blame, struct blame, i);

		g_string_append_printf(text, "%s (%s) %d ns; ", part->cause,
				       part->by ? part->by : "", (int)part->ns);
	}
	return g_string_free(text, FALSE);
}

/* Fail unless @blame has these parts, the largest first. */
static inline void assert_parts(const char *what, const GArray *blame,
				const struct part *parts)
{
	char *text = blame_text(blame);
	unsigned int n = 0;

	for (; n < MAX_PARTS && parts[n].cause; n++) {
		const struct blame *part;

		if (n == blame->len)
			ck_abort_msg("%s: %s misses %s", what, text,
				     parts[n].cause);
		part = &g_array_index(blame, struct blame, n);
		if (strcmp(part->cause, parts[n].cause) ||
		    g_strcmp0(part->by, parts[n].by) ||
		    part->ns != parts[n].us * US)
			ck_abort_msg("%s: %s not %s (%s) %d us", what, text,
				     parts[n].cause, parts[n].by,
				     (int)parts[n].us);
	}
	if (blame->len != n)
		ck_abort_msg("%s: %s is too much", what, text);
	g_free(text);
}

/* The same of the longest time of @name in a scenario. */
static inline void assert_blame(const char *yaml, const char *const *overrides,
				const char *name, enum latency_kind kind,
				const struct part *parts)
{
	struct results *results = law_simulate(yaml, overrides);

	assert_parts(overrides ? overrides[0] : name,
		     worst_of(results, name, kind)->blame, parts);
	results_free(results);
}

#define ONE_CPU "machine: {cpus: 1, clock: 1GHz, costs: {profile: zero}}\n"
#define TWO_CPUS "machine: {cpus: 2, clock: 1GHz, costs: {profile: zero}}\n"

#endif
