/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bisection.
 *
 * Values are simulated that are in the middle of what is left, and nothing
 * depends on how many threads there are: with more of them, only runs and
 * searches go side by side.
 */
#include <config.h>

#include "preemptsim/sweep/find.h"

#include <string.h>

#include "preemptsim/report/outline.h"

/* enum answer - what is known of a value. */
enum answer {
	ANSWER_UNKNOWN,
	ANSWER_HOLDS,
	ANSWER_FAILS,
	ANSWER_ERROR,
};

/* enum outcome - how a search stands. */
enum outcome {
	SEARCH_GOES_ON,
	SEARCH_FOUND,
	SEARCH_FIRST, /* the first value holds already */
	SEARCH_NONE,  /* the last value does not hold either */
	SEARCH_ERROR,
};

/**
 * struct search - one search.
 * @first: its first point; the values are the @n points from there on
 * @found: value at which the condition holds
 * @backwards: it holds at the first value, but not at the last one
 * @trial: that ended the search with an error, or does not hold at the value
 *         before @found, or at the last one; owned, or NULL
 */
struct search {
	struct store *store;
	const struct plan *plan;
	unsigned int first, n;
	unsigned int found;
	bool backwards;
	enum outcome outcome;
	struct trial *trial;
};

static const struct axis *searched_axis(const struct plan *plan)
{
	return plan->axes->pdata[plan->axes->len - 1];
}

static void keep_trial(struct search *search, struct trial *trial)
{
	trial_free(search->trial);
	search->trial = trial;
}

/* What is known of the @value-th value; keeps a trial that speaks against. */
static enum answer judge(struct search *search, unsigned int value)
{
	enum answer answer = ANSWER_HOLDS;

	for (unsigned int run = 0; run < search->plan->runs; run++) {
		struct trial *trial =
			store_get(search->store, search->first + value, run);
		bool wrong = trial && (trial->status == TRIAL_INVALID ||
				       trial->status == TRIAL_BUG);

		if (!trial)
			return ANSWER_UNKNOWN;
		if (trial->holds || (answer == ANSWER_FAILS && !wrong)) {
			trial_free(trial);
			continue;
		}
		answer = wrong ? ANSWER_ERROR : ANSWER_FAILS;
		keep_trial(search, trial);
		if (wrong)
			return answer;
	}
	return answer;
}

/* Note that the @value-th value has to be simulated. */
static void need(const struct search *search, unsigned int value, GArray *todo)
{
	const struct plan *plan = search->plan;
	unsigned int point = search->first + value;

	for (unsigned int run = 0; todo && run < plan->runs; run++) {
		uint32_t number = point * plan->runs + run;

		if (!store_has(search->store, point, run))
			g_array_append_val(todo, number);
	}
}

/* Both ends; true if they leave something to be searched. */
static bool judge_ends(struct search *search, GArray *todo)
{
	unsigned int last = search->n - 1;
	enum answer high = judge(search, last), low = ANSWER_UNKNOWN;

	if (last > 0 && high != ANSWER_ERROR)
		low = judge(search, 0);
	search->found = low == ANSWER_HOLDS ? 0 : last;
	search->backwards = low == ANSWER_HOLDS && high == ANSWER_FAILS;
	if (low == ANSWER_ERROR || high == ANSWER_ERROR)
		search->outcome = SEARCH_ERROR;
	else if (high == ANSWER_FAILS)
		search->outcome = SEARCH_NONE;
	else if (low == ANSWER_HOLDS || (high == ANSWER_HOLDS && !last))
		search->outcome = SEARCH_FIRST;
	else if (low == ANSWER_FAILS && high == ANSWER_HOLDS)
		return true;
	if (search->outcome == SEARCH_NONE)
		judge(search, last); /* its trial is the one to be told of */
	if (search->outcome != SEARCH_GOES_ON)
		return false;
	need(search, last, todo);
	if (last)
		need(search, 0, todo);
	return false;
}

/* See how far the search has come; put what it needs next into @todo. */
static void step(struct search *search, GArray *todo)
{
	unsigned int low = 0, high = search->n - 1;

	if (!judge_ends(search, todo))
		return;
	while (high - low > 1) {
		unsigned int middle = low + (high - low) / 2;
		enum answer answer = judge(search, middle);

		if (answer == ANSWER_ERROR) {
			search->outcome = SEARCH_ERROR;
			return;
		}
		if (answer == ANSWER_UNKNOWN) {
			need(search, middle, todo);
			return;
		}
		if (answer == ANSWER_HOLDS)
			high = middle;
		else
			low = middle;
	}
	judge(search, low); /* its trial is the one to be told of */
	search->found = high;
	search->outcome = SEARCH_FOUND;
}

static unsigned int nr_searches(const struct plan *plan)
{
	return plan->nr_points / searched_axis(plan)->values->len;
}

static struct search search_init(struct store *store, const struct plan *plan,
				 unsigned int i)
{
	unsigned int n = searched_axis(plan)->values->len;

	return (struct search){
		.store = store, .plan = plan, .first = i * n, .n = n
	};
}

GArray *find_todo(struct store *store, const struct plan *plan)
{
	GArray *todo = g_array_new(FALSE, FALSE, sizeof(uint32_t));

	for (unsigned int i = 0; i < nr_searches(plan); i++) {
		struct search search = search_init(store, plan, i);

		step(&search, todo);
		trial_free(search.trial);
	}
	return todo;
}

/* Telling what was found. */

static const char *value_of(const struct search *search, unsigned int value)
{
	return axis_value(searched_axis(search->plan), value);
}

/* "player.dropouts is 5", as the trial that was kept has it.  A store that was
 * merged has no scenario, but conditions begin with what they are of. */
static char *measured(const struct search *search)
{
	const char *condition = search->plan->condition;
	g_autofree char *path =
		g_strndup(condition, strcspn(condition, "=!<>"));
	const struct fact *fact;
	char buf[VALUE_TEXT_MAX];
	struct value value;
	size_t object;

	fact = fact_of_path(g_strstrip(path), &object);
	if (search->trial->error)
		return g_strdup(search->trial->error);
	if (!fact)
		return g_strdup("it does not hold");
	value = sheet_value(search->trial, path, fact->unit);
	return g_strdup_printf("%s is %s", path,
			       value_format(buf, sizeof(buf), &value));
}

/* "at every=3.2ms player.dropouts is 5 (run 2)" */
static char *failure_text(const struct search *search, unsigned int value)
{
	g_autofree char *what = measured(search);
	g_autofree char *run = NULL;

	if (search->plan->runs > 1)
		run = g_strdup_printf(" (run %u)", search->trial->run + 1);
	return g_strdup_printf("at %s=%s, %s%s",
			       searched_axis(search->plan)->name,
			       value_of(search, value), what, run ? run : "");
}

/* Who wants the largest value has to begin with it. */
static char *backwards_text(const struct search *search)
{
	const struct axis *axis = searched_axis(search->plan);
	const char *first = value_of(search, 0);

	return g_strdup_printf(
		"; but it does at %s=%s, the first one: to search "
		"the last at which it does, exchange the ends, "
		"--over %s=%s:%s",
		axis->name, first, axis->key, value_of(search, search->n - 1),
		first);
}

static char *sentence(const struct search *search)
{
	const struct plan *plan = search->plan;
	const char *name = searched_axis(plan)->name;
	const char *value = value_of(search, search->found);
	g_autofree char *failure = NULL, *hint = NULL;

	switch (search->outcome) {
	case SEARCH_FOUND:
		failure = failure_text(search, search->found - 1);
		return g_strdup_printf("%s holds at %s=%s; next to it, %s",
				       plan->condition, name, value, failure);
	case SEARCH_FIRST:
		return g_strdup_printf("%s holds at %s=%s already, the first "
				       "value",
				       plan->condition, name, value);
	case SEARCH_NONE:
		failure = failure_text(search, search->n - 1);
		hint = search->backwards ? backwards_text(search) : NULL;
		return g_strdup_printf("%s was not found to hold; %s, the "
				       "last value%s",
				       plan->condition, failure,
				       hint ? hint : "");
	case SEARCH_ERROR:
		return g_strdup_printf(
			"the search ended at %s=%s, which could not be "
			"simulated",
			name,
			value_of(search, search->trial->point - search->first));
	case SEARCH_GOES_ON:
		break;
	}
	return g_strdup("the search is not over");
}

/* "preempt=full: " where there is more than one search. */
static char *search_label(const struct search *search)
{
	const struct plan *plan = search->plan;
	GString *label = g_string_new(NULL);

	for (unsigned int i = 0; i + 1 < plan->axes->len; i++) {
		const struct axis *axis = plan->axes->pdata[i];

		g_string_append_printf(label, "%s%s=%s", i ? ", " : "",
				       axis->name,
				       plan_value(plan, search->first, i));
	}
	g_string_append(label, label->len ? ": " : "");
	return g_string_free(label, FALSE);
}

static void set_value(struct grid *grid, struct value *value,
		      const struct search *search, unsigned int i)
{
	const struct axis *axis = searched_axis(search->plan);

	value->known = true;
	if (value->unit == UNIT_NS)
		value->n = axis_value_ns(axis, i);
	else
		value->text =
			g_string_chunk_insert(grid->texts, axis_value(axis, i));
}

static void add_row(struct grid *grid, const struct search *search)
{
	struct grid_row *row = grid_add_row(grid);
	bool found = search->outcome == SEARCH_FOUND ||
		     search->outcome == SEARCH_FIRST;

	sheet_set_row(grid, row, search->plan, search->first);
	row->holds = found;
	if (found)
		set_value(grid, &row->values[0], search, search->found);
	if (search->outcome == SEARCH_FOUND)
		set_value(grid, &row->values[1], search, search->found - 1);
	if (search->outcome == SEARCH_ERROR)
		row->error = g_strdup(search->trial->error);
}

/* One that is not over has no row, as a point that was not simulated. */
static void add_search(struct grid *grid, const struct search *search)
{
	g_autofree char *label = search_label(search);
	g_autofree char *text = sentence(search);

	if (search->outcome == SEARCH_GOES_ON)
		grid->missing++;
	else
		add_row(grid, search);
	g_ptr_array_add(grid->notes, g_strconcat(label, text, ".", NULL));
}

static void add_columns(struct grid *grid, const struct plan *plan)
{
	const struct axis *axis = searched_axis(plan);
	enum unit unit = axis_is_times(axis) ? UNIT_NS : UNIT_TEXT;
	g_autofree char *before = g_strconcat(axis->key, ".before", NULL);

	for (unsigned int i = 0; i + 1 < plan->axes->len; i++) {
		const struct axis *other = plan->axes->pdata[i];

		grid_add_axis(grid, other->key, other->name,
			      axis_is_times(other));
	}
	grid_add_column(grid, axis->key, unit, strlen(axis->key));
	grid_add_column(grid, before, unit, strlen(axis->key));
}

/* What was searched, how finely, and what was taken for granted. */
static void add_terms(struct grid *grid, const struct plan *plan)
{
	const struct axis *axis = searched_axis(plan);
	unsigned int n = axis->values->len;
	GString *text = g_string_new(NULL);

	g_string_append_printf(text, "Bisection among %u value%s of %s: ", n,
			       n == 1 ? "" : "s", axis->key);
	for (unsigned int i = 0; i < n; i++) {
		if (n > 3 && i == 2) {
			g_string_append(text, ", ...");
			i = n - 1;
		}
		g_string_append_printf(text, "%s%s", i ? ", " : "",
				       axis_value(axis, i));
	}
	g_string_append(text, "; it is supposed that what holds once holds "
			      "from there on.");
	if (plan->runs > 1)
		g_string_append(text, "  It has to hold in all runs.");
	g_ptr_array_add(grid->notes, g_string_free(text, FALSE));
}

struct grid *find_grid(struct store *store, const struct plan *plan,
		       enum trial_status *worst, bool *found)
{
	struct grid *grid = sheet_head(store, plan);

	grid->noun = "search";
	grid->nouns = "searches";
	grid->lack = "search is not over";
	grid->lacks = "searches are not over";
	grid->runs = 1; /* a row is a search */
	grid->expects = true;
	*worst = TRIAL_DONE;
	*found = true;
	add_columns(grid, plan);
	for (unsigned int i = 0; i < nr_searches(plan); i++) {
		struct search search = search_init(store, plan, i);

		step(&search, NULL);
		add_search(grid, &search);
		if (search.outcome == SEARCH_ERROR)
			*worst = MAX(*worst, search.trial->status);
		*found &= search.outcome != SEARCH_NONE;
		trial_free(search.trial);
	}
	add_terms(grid, plan);
	return grid;
}
