/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From a point and a run to numbers.
 *
 * All numbers of a result are kept, not only those that were asked for: who
 * wants other columns of a long sweep shall not have to simulate it again.
 */
#include <config.h>

#include "preemptsim/sweep/trial.h"

#include "preemptsim/report/expect.h"
#include "preemptsim/report/outline.h"
#include "preemptsim/scenario/build.h"

void trial_free(void *data)
{
	struct trial *trial = data;

	if (!trial)
		return;
	g_free(trial->label);
	g_free(trial->facts);
	g_free(trial->error);
	g_free(trial);
}

/* Appends "PATH":VALUE, as sheet_value() will read it. */
static void add_fact(void *data, const char *path, const struct value *value)
{
	char digits[G_ASCII_DTOSTR_BUF_SIZE];
	GString *text = data;

	g_string_append(text, text->len > 1 ? ",\"" : "\"");
	g_string_append(text, path);
	g_string_append(text, "\":");
	if (!value->known)
		g_string_append(text, "null");
	else if (value->unit == UNIT_SHARE)
		g_string_append(text, g_ascii_dtostr(digits, sizeof(digits),
						     value->share));
	else
		g_string_append_printf(text, "%" G_GINT64_FORMAT, value->n);
}

/* By hand: json-glib would take as long for it as a short run of the scenario,
 * and names have nothing in them that has to be escaped. */
static char *facts_text(const struct results *results)
{
	GString *text = g_string_new("{");

	facts_each(results, add_fact, text);
	g_string_append_c(text, '}');
	return g_string_free(text, FALSE);
}

static bool all_hold(const struct scenario *scenario,
		     const struct results *results)
{
	g_autoptr(GArray) outcomes =
		expect_evaluate(scenario, results, NULL, NULL);

	for (unsigned int i = 0; i < outcomes->len; i++)
		if (!g_array_index(outcomes, struct expect_outcome, i).holds)
			return false;
	return true;
}

static void take_results(struct trial *trial, const struct scenario *scenario,
			 struct results *results)
{
	if (results->failure) {
		trial->status = results->bug ? TRIAL_BUG : TRIAL_STUCK;
		trial->error = g_steal_pointer(&results->failure);
		return;
	}
	trial->facts = facts_text(results);
	trial->holds = all_hold(scenario, results);
}

/* The errors among @messages, a line each. */
static char *errors_text(const GPtrArray *messages)
{
	GString *text = g_string_new(NULL);

	for (unsigned int i = 0; i < messages->len; i++) {
		const char *message = messages->pdata[i];

		if (!g_strstr_len(message, -1, " warning: "))
			g_string_append_printf(text, "%s%s",
					       text->len ? "\n" : "", message);
	}
	return g_string_free(text, FALSE);
}

/* Simulate @scenario for @trial; false if it was stopped. */
static bool simulate(struct trial *trial, const struct scenario *scenario,
		     const atomic_int *stop)
{
	struct run_options options = {
		.seed = scenario->seed,
		.run = trial->run,
		.survive = true,
		.stop = stop,
	};
	struct results *results = scenario_run(scenario, &options);
	bool whole = !results->interrupted;

	if (whole)
		take_results(trial, scenario, results);
	results_free(results);
	return whole;
}

struct trial *trial_simulate(const struct plan *plan, unsigned int point,
			     unsigned int run, const atomic_int *stop)
{
	g_autoptr(GPtrArray) messages = g_ptr_array_new_with_free_func(g_free);
	struct trial *trial = g_new0(struct trial, 1);
	struct scenario *scenario = plan_load(plan, point, messages);

	trial->point = point;
	trial->run = run;
	trial->label = plan_label(plan, point);
	if (!scenario) {
		trial->status = TRIAL_INVALID;
		trial->error = errors_text(messages);
	} else if (!simulate(trial, scenario, stop)) {
		g_clear_pointer(&trial, trial_free);
	}
	scenario_free(scenario);
	return trial;
}
