/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading single values: numbers, times, names.
 *
 * Every reader takes the node, what messages call it, and where the value
 * goes; it sets node->plain to whether the resolved scenario shows a number,
 * a truth value or null rather than a text.
 */
#include <config.h>

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "preemptsim/base/text.h"
#include "reader-private.h"

/* No time of a scenario is longer, so that sums of a few never overflow. */
#define TIME_LONGEST (DIST_LIMIT / 2)

static const char *kind_name(const struct ynode *node)
{
	return node->kind == YNODE_SEQUENCE ? "a list" : "a mapping";
}

/**
 * read_scalar - is there a value that is neither list nor mapping?
 * @rd: takes the message if not
 * @node: the value; is a text in the resolved scenario from now on
 * @name: what messages call it
 * @takes: what it should be, "a time, as in 5ms"
 */
bool read_scalar(struct reader *rd, struct ynode *node, const char *name,
		 const char *takes)
{
	if (node->kind != YNODE_SCALAR) {
		diag_error(rd->diags, node, "'%s' is %s; it takes %s", name,
			   kind_name(node), takes);
		return false;
	}
	if (ynode_is_null(node)) {
		diag_error(rd->diags, node, "'%s' has no value; it takes %s",
			   name, takes);
		return false;
	}
	node->plain = false;
	return true;
}

/* Do the bounds of @param allow @value?  @unit: "" or "ns". */
static bool in_range(struct reader *rd, const struct ynode *node,
		     const struct param *param, const char *name, int64_t value,
		     const char *unit)
{
	char low[TIME_TEXT_MAX], high[TIME_TEXT_MAX];

	if ((!param->min && !param->max) ||
	    (value >= param->min && value <= param->max))
		return true;
	if (*unit) {
		time_format_exact(low, sizeof(low), param->min);
		time_format_exact(high, sizeof(high), param->max);
	} else {
		g_snprintf(low, sizeof(low), "%" PRId64, param->min);
		g_snprintf(high, sizeof(high), "%" PRId64, param->max);
	}
	if (param->max == INT64_MAX)
		diag_error(rd->diags, node,
			   "'%s' is %s; it must be at least "
			   "%s",
			   name, node->text, low);
	else
		diag_error(rd->diags, node,
			   "'%s' is %s; it must be from %s to "
			   "%s",
			   name, node->text, low, high);
	return false;
}

/**
 * read_time - a time with its unit, of either sign.
 * @rd: the reader
 * @node: the value
 * @name: what messages call it
 * @out: quanta
 */
bool read_time(struct reader *rd, struct ynode *node, const char *name,
	       ktime_t *out)
{
	const char *why;
	ktime_t t;

	if (!read_scalar(rd, node, name, "a time, as in 5ms"))
		return false;
	if (!time_parse(node->text, &rd->tb, &t, &why)) {
		diag_error(rd->diags, node, "'%s' can't be %s; %s", name,
			   node->text, why);
		return false;
	}
	if (t > TIME_LONGEST || t < -TIME_LONGEST) {
		diag_error(rd->diags, node,
			   "'%s' is %s; that is too long to "
			   "be simulated",
			   name, node->text);
		return false;
	}
	*out = t;
	return true;
}

static bool read_bounded_time(struct reader *rd, struct ynode *node,
			      const struct param *param, const char *name,
			      void *out)
{
	ktime_t t;

	if (!read_time(rd, node, name, &t))
		return false;
	if (t < 0 && param->min >= 0) {
		diag_error(rd->diags, node, "'%s' is %s; it can't be negative",
			   name, node->text);
		return false;
	}
	if (!in_range(rd, node, param, name, ktime_to_ns(&rd->tb, t), "ns"))
		return false;
	*(ktime_t *)out = t;
	return true;
}

static bool read_string(struct reader *rd, struct ynode *node,
			const struct param *param, const char *name, void *out)
{
	bool lines = param->type == PARAM_TEXT;
	const char *takes = lines ? "a text" : "a text in one line";
	char **text = out;

	if (!read_scalar(rd, node, name, takes))
		return false;
	if (!text_is_printable(node->text, lines ? "\t\n" : "")) {
		diag_error(rd->diags, node,
			   "'%s' has a character that can't be printed; it "
			   "takes %s",
			   name, takes);
		return false;
	}
	g_free(*text);
	*text = g_strdup(node->text);
	return true;
}

static const char *const yes[] = { "true", "yes", "on", NULL };

/**
 * value_is_yes - is it a scalar that read_bool() takes for true?
 * @node: any node, or NULL
 */
bool value_is_yes(const struct ynode *node)
{
	g_autofree char *word = NULL;

	if (!node || node->kind != YNODE_SCALAR)
		return false;
	word = g_ascii_strdown(node->text, -1);
	return g_strv_contains(yes, word);
}

static bool read_bool(struct reader *rd, struct ynode *node,
		      const struct param *param, const char *name, void *out)
{
	static const char *const no[] = { "false", "no", "off", NULL };
	g_autofree char *word = NULL;
	bool value;

	(void)param;
	if (!read_scalar(rd, node, name, "true or false"))
		return false;
	word = g_ascii_strdown(node->text, -1);
	value = g_strv_contains(yes, word);
	if (!value && !g_strv_contains(no, word)) {
		diag_error(rd->diags, node,
			   "'%s' can't be '%s'; it takes true "
			   "or false",
			   name, node->text);
		return false;
	}
	node->plain = true;
	g_free(node->text);
	node->text = g_strdup(value ? "true" : "false");
	*(bool *)out = value;
	return true;
}

/* Why the text of @node is none that is read: none at all, or too large. */
static void tell_no_int(struct reader *rd, const struct ynode *node,
			const struct param *param, const char *name,
			const GError *error)
{
	bool limits = param->min || param->max;

	if (g_error_matches(error, G_NUMBER_PARSER_ERROR,
			    G_NUMBER_PARSER_ERROR_OUT_OF_BOUNDS))
		diag_error(rd->diags, node,
			   "'%s' is %s; it must be from %" PRId64
			   " to %" PRId64,
			   name, node->text, limits ? param->min : INT64_MIN,
			   limits ? param->max : INT64_MAX);
	else
		diag_error(rd->diags, node,
			   "'%s' can't be '%s'; it takes a "
			   "whole number",
			   name, node->text);
}

static bool read_int(struct reader *rd, struct ynode *node,
		     const struct param *param, const char *name, void *out)
{
	g_autoptr(GError) error = NULL;
	gint64 value;

	if (!read_scalar(rd, node, name, "a whole number"))
		return false;
	if (!g_ascii_string_to_signed(node->text, 10, INT64_MIN, INT64_MAX,
				      &value, &error)) {
		tell_no_int(rd, node, param, name, error);
		return false;
	}
	if (!in_range(rd, node, param, name, value, ""))
		return false;
	node->plain = true;
	*(int64_t *)out = value;
	return true;
}

static bool is_number(struct ynode *node)
{
	enum ynode_type type;

	node->plain = true;
	type = ynode_type(node);
	return type == YTYPE_INT || type == YTYPE_REAL;
}

static bool read_double(struct reader *rd, struct ynode *node,
			const struct param *param, const char *name, void *out)
{
	bool bounded = param->min || param->max;
	double value;

	if (!read_scalar(rd, node, name, "a number"))
		return false;
	value = is_number(node) ? g_ascii_strtod(node->text, NULL) : INFINITY;
	if (!isfinite(value)) {
		diag_error(rd->diags, node,
			   "'%s' can't be '%s'; it takes a "
			   "number, as in 1.5",
			   name, node->text);
		return false;
	}
	if (bounded &&
	    (value < (double)param->min || value > (double)param->max)) {
		diag_error(rd->diags, node,
			   "'%s' is %s; it must be from %" PRId64
			   " to %" PRId64,
			   name, node->text, param->min, param->max);
		return false;
	}
	*(double *)out = value;
	return true;
}

static bool read_freq(struct reader *rd, struct ynode *node,
		      const struct param *param, const char *name, void *out)
{
	const char *why;

	(void)param;
	if (!read_scalar(rd, node, name, "a frequency, as in 3GHz"))
		return false;
	if (freq_parse(node->text, out, &why))
		return true;
	diag_error(rd->diags, node, "'%s' can't be %s; %s", name, node->text,
		   why);
	return false;
}

static bool read_choice(struct reader *rd, struct ynode *node,
			const struct param *param, const char *name, void *out)
{
	struct suggestion suggestion;
	g_autofree char *hint = NULL;
	const struct choice *choice;

	if (!read_scalar(rd, node, name, "a name"))
		return false;
	for (unsigned int i = 0; (choice = param->choices(i)); i++) {
		if (!strcmp(choice->name, node->text)) {
			*(int *)out = (int)i;
			return true;
		}
	}
	suggestion_init(&suggestion, node->text);
	for (unsigned int i = 0; (choice = param->choices(i)); i++)
		suggestion_consider(&suggestion, choice->name);
	hint = suggestion_finish(&suggestion);
	diag_error(rd->diags, node, "unknown %s '%s'%s", name, node->text,
		   hint);
	return false;
}

static bool read_name(struct reader *rd, struct ynode *node,
		      const struct param *param, const char *name, void *out)
{
	int i;

	if (!read_scalar(rd, node, name, "a name"))
		return false;
	if (param->type == PARAM_LOCK)
		i = names_resolve(rd, NAME_LOCK, node);
	else if (param->type == PARAM_QUEUE)
		i = names_resolve(rd, NAME_QUEUE, node);
	else if (param->type == PARAM_DEVICE)
		i = names_resolve_server(rd, node);
	else if (param->type == PARAM_STREAM)
		i = names_resolve(rd, NAME_DEVICE, node);
	else if (param->type == PARAM_GROUP)
		i = names_resolve(rd, NAME_GROUP, node);
	else
		i = names_resolve_data(rd, node);
	*(int *)out = i;
	return i >= 0;
}

static bool read_none(struct reader *rd, struct ynode *node,
		      const struct param *param, const char *name, void *out)
{
	(void)param;
	(void)out;
	if (ynode_is_null(node))
		return true;
	diag_error(rd->diags, node, "'%s' takes no value; write '%s:'", name,
		   name);
	return false;
}

static bool read_a_dist(struct reader *rd, struct ynode *node,
			const struct param *param, const char *name, void *out)
{
	(void)param;
	return read_dist(rd, node, name, out);
}

static bool read_a_mask(struct reader *rd, struct ynode *node,
			const struct param *param, const char *name, void *out)
{
	(void)param;
	return read_cpus(rd, node, name, out);
}

static bool read_a_list(struct reader *rd, struct ynode *node,
			const struct param *param, const char *name, void *out)
{
	return read_times(rd, node, param, name, out);
}

typedef bool (*value_reader)(struct reader *rd, struct ynode *node,
			     const struct param *param, const char *name,
			     void *out);

static const value_reader readers[] = {
	[PARAM_NONE] = read_none,	  [PARAM_STRING] = read_string,
	[PARAM_TEXT] = read_string,	  [PARAM_BOOL] = read_bool,
	[PARAM_INT] = read_int,		  [PARAM_DOUBLE] = read_double,
	[PARAM_TIME] = read_bounded_time, [PARAM_DIST] = read_a_dist,
	[PARAM_FREQ] = read_freq,	  [PARAM_CHOICE] = read_choice,
	[PARAM_CPUS] = read_a_mask,	  [PARAM_TIMES] = read_a_list,
	[PARAM_LOCK] = read_name,	  [PARAM_QUEUE] = read_name,
	[PARAM_DEVICE] = read_name,	  [PARAM_STREAM] = read_name,
	[PARAM_GROUP] = read_name,	  [PARAM_DATA] = read_name,
};

/**
 * read_value - read a value that is neither a mapping of keys nor steps.
 * @rd: the reader
 * @node: the value
 * @param: says what it is
 * @name: what messages call it
 * @out: points to the C type of param->type
 *
 * Returns: false if there was a mistake.
 */
bool read_value(struct reader *rd, struct ynode *node,
		const struct param *param, const char *name, void *out)
{
	g_assert(param->type < G_N_ELEMENTS(readers) && readers[param->type]);
	return readers[param->type](rd, node, param, name, out);
}
