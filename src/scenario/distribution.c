/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading times that may be distributions of times.
 *
 * Where all times of a distribution are whole nanoseconds, it counts in
 * nanoseconds, so that its draws do not depend on the machine's clock;
 * otherwise it counts in quanta.
 */
#include <config.h>

#include <string.h>

#include "distribution-private.h"

/* Shapes and sigmas beyond this make numbers, not times. */
#define FACTOR_MAX 100

/*
 * struct moments - the parameters of the distributions that have two.
 * @first: mean, median or scale
 * @stddev, @factor: the other one
 */
struct moments {
	ktime_t first, stddev;
	double factor;
};

static const struct param normal_keys[] = {
	{ .name = "mean",
	  .type = PARAM_TIME,
	  .required = true,
	  .offset = offsetof(struct moments, first),
	  .help = "the mean" },
	{ .name = "stddev",
	  .type = PARAM_TIME,
	  .required = true,
	  .offset = offsetof(struct moments, stddev),
	  .help = "the standard deviation" },
	{ .name = NULL },
};

static const struct param lognormal_keys[] = {
	{ .name = "median",
	  .type = PARAM_TIME,
	  .required = true,
	  .offset = offsetof(struct moments, first),
	  .help = "the median" },
	{ .name = "sigma",
	  .type = PARAM_DOUBLE,
	  .required = true,
	  .offset = offsetof(struct moments, factor),
	  .max = FACTOR_MAX,
	  .help = "the standard deviation of the natural logarithm" },
	{ .name = NULL },
};

static const struct param pareto_keys[] = {
	{ .name = "scale",
	  .type = PARAM_TIME,
	  .required = true,
	  .offset = offsetof(struct moments, first),
	  .help = "the shortest time" },
	{ .name = "shape",
	  .type = PARAM_DOUBLE,
	  .required = true,
	  .offset = offsetof(struct moments, factor),
	  .max = FACTOR_MAX,
	  .help = "how fast the tail thins out; the mean is infinite up to 1" },
	{ .name = NULL },
};

/*
 * struct choice_raw - one choice.
 */
struct choice_raw {
	double weight;
	struct dist *value;
};

static const struct param choice_keys[] = {
	{ .name = "weight",
	  .type = PARAM_DOUBLE,
	  .offset = offsetof(struct choice_raw, weight),
	  .def = "1",
	  .max = 1000000000,
	  .help = "how likely, relative to the others" },
	{ .name = "value",
	  .type = PARAM_DIST,
	  .required = true,
	  .offset = offsetof(struct choice_raw, value),
	  .help = "a time, or again a distribution" },
	{ .name = NULL },
};

/**
 * dist_unit - the unit in which times can be counted.
 * @tb: the time base
 * @times: quanta; divided by the unit on return
 * @n: how many
 *
 * Returns: the quanta in a nanosecond if all are whole nanoseconds, else 1.
 */
int64_t dist_unit(const struct timebase *tb, ktime_t *times, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (times[i] % (ktime_t)tb->per_ns)
			return 1;
	}
	for (size_t i = 0; i < n; i++)
		times[i] /= (ktime_t)tb->per_ns;
	return tb->per_ns;
}

/* A time that is not negative. */
static bool read_span(struct reader *rd, struct ynode *node, const char *name,
		      ktime_t *out)
{
	if (!read_time(rd, node, name, out))
		return false;
	if (*out >= 0)
		return true;
	diag_error(rd->diags, node, "'%s' is %s; it can't be negative", name,
		   node->text);
	return false;
}

static struct dist *read_uniform(struct reader *rd, struct ynode *node)
{
	ktime_t ends[2];
	int64_t unit;

	if (node->kind != YNODE_SEQUENCE || ynode_size(node) != 2) {
		diag_error(rd->diags, node,
			   "'uniform' takes two times, as in "
			   "[1us, 3us]");
		return NULL;
	}
	for (unsigned int i = 0; i < 2; i++) {
		if (!read_span(rd, ynode_item(node, i), "uniform", &ends[i]))
			return NULL;
	}
	if (ends[0] > ends[1]) {
		diag_error(rd->diags, node,
			   "the shortest time, %s, is longer "
			   "than the longest, %s; exchange them",
			   ynode_item(node, 0)->text,
			   ynode_item(node, 1)->text);
		return NULL;
	}
	unit = dist_unit(&rd->tb, ends, 2);
	return dist_uniform(ends[0], ends[1], unit);
}

static struct dist *read_exponential(struct reader *rd, struct ynode *node)
{
	ktime_t mean;
	int64_t unit;

	if (!read_span(rd, node, "exponential", &mean))
		return NULL;
	unit = dist_unit(&rd->tb, &mean, 1);
	return dist_exponential(mean, unit);
}

static bool read_moments(struct reader *rd, struct ynode *node,
			 const struct param *keys, const char *what,
			 struct moments *m)
{
	struct section section = { .keys = keys };

	*m = (struct moments){ .factor = 1 };
	return params_read(rd, node, &section, what, m);
}

static struct dist *read_normal(struct reader *rd, struct ynode *node)
{
	struct moments m;
	ktime_t times[2];
	int64_t unit;

	if (!read_moments(rd, node, normal_keys, "normal", &m))
		return NULL;
	times[0] = m.first;
	times[1] = m.stddev;
	unit = dist_unit(&rd->tb, times, 2);
	return dist_normal(times[0], times[1], unit);
}

static struct dist *read_lognormal(struct reader *rd, struct ynode *node)
{
	struct moments m;
	int64_t unit;

	if (!read_moments(rd, node, lognormal_keys, "lognormal", &m))
		return NULL;
	unit = dist_unit(&rd->tb, &m.first, 1);
	return dist_lognormal(m.first, m.factor, unit);
}

static struct dist *read_pareto(struct reader *rd, struct ynode *node)
{
	struct moments m;
	int64_t unit;

	if (!read_moments(rd, node, pareto_keys, "pareto", &m))
		return NULL;
	if (m.factor < 1e-6) {
		diag_error(rd->diags, ynode_get(node, "shape"),
			   "'shape' is "
			   "%s; it must be above 0",
			   ynode_get(node, "shape")->text);
		return NULL;
	}
	unit = dist_unit(&rd->tb, &m.first, 1);
	return dist_pareto(m.first, m.factor, unit);
}

static bool read_choices(struct reader *rd, struct ynode *node, double *weights,
			 GPtrArray *values, double *total)
{
	struct section section = { .keys = choice_keys };
	bool fine = true;

	for (unsigned int i = 0; i < ynode_size(node); i++) {
		struct choice_raw raw = { .weight = 1 };

		fine = params_read(rd, ynode_item(node, i), &section,
				   "a choice", &raw) &&
		       fine;
		weights[i] = raw.weight;
		*total += raw.weight;
		g_ptr_array_add(values, raw.value);
	}
	return fine;
}

static void free_dist(gpointer dist)
{
	dist_free(dist);
}

static struct dist *read_choice(struct reader *rd, struct ynode *node)
{
	g_autoptr(GPtrArray) values = g_ptr_array_new_with_free_func(free_dist);
	g_autofree double *weights = g_new(double, ynode_size(node) + 1);
	double total = 0;

	if (node->kind != YNODE_SEQUENCE || !ynode_size(node)) {
		diag_error(
			rd->diags, node,
			"'choice' takes a list, as in "
			"[{weight: 3, value: 1ms}, {weight: 1, value: 5ms}]");
		return NULL;
	}
	if (!read_choices(rd, node, weights, values, &total))
		return NULL;
	if (!(total > 0)) {
		diag_error(rd->diags, node,
			   "no choice has a weight; one must "
			   "be above 0");
		return NULL;
	}
	g_ptr_array_set_free_func(values, NULL);
	return dist_choice(values->len, weights, (struct dist **)values->pdata);
}

static const struct form forms[] = {
	{ { "uniform", "each time between two is equally likely",
	    "{uniform: [1us, 3us]}" },
	  { .type = PARAM_TIME },
	  true,
	  read_uniform },
	{ { "exponential",
	    "without memory, as the gaps between independent "
	    "arrivals; takes the mean",
	    "{exponential: 300us}" },
	  { .type = PARAM_TIME },
	  false,
	  read_exponential },
	{ { "normal", "the bell curve; what would be negative becomes 0",
	    "{normal: {mean: 1ms, stddev: 50us}}" },
	  { .type = PARAM_MAP, .keys = normal_keys },
	  false,
	  read_normal },
	{ { "lognormal", "its logarithm is normal",
	    "{lognormal: {median: 1ms, sigma: 0.5}}" },
	  { .type = PARAM_MAP, .keys = lognormal_keys },
	  false,
	  read_lognormal },
	{ { "pareto", "a heavy tail above a shortest time",
	    "{pareto: {scale: 1ms, shape: 1.5}}" },
	  { .type = PARAM_MAP, .keys = pareto_keys },
	  false,
	  read_pareto },
	{ { "choice", "one of several times or distributions, by weight",
	    "{choice: [{weight: 3, value: 500us}, {weight: 1, value: "
	    "2500us}]}" },
	  { .type = PARAM_MAP, .keys = choice_keys },
	  true,
	  read_choice },
	{ { "empirical",
	    "one of the times in a file, one on a line, each "
	    "equally likely",
	    "{empirical: times.txt}" },
	  { .type = PARAM_STRING },
	  false,
	  read_empirical },
};

/** distribution_form - the @i-th form, or NULL behind the last. */
const struct form *distribution_form(unsigned int i)
{
	return i < G_N_ELEMENTS(forms) ? &forms[i] : NULL;
}

/**
 * distribution_choice - the @i-th way to write a distribution.
 * @i: 0, 1, 2, ...
 *
 * Returns: NULL behind the last.
 */
const struct distribution *distribution_choice(unsigned int i)
{
	return i < G_N_ELEMENTS(forms) ? &forms[i].desc : NULL;
}

static const struct form *find_form(const char *word)
{
	for (size_t i = 0; i < G_N_ELEMENTS(forms); i++) {
		if (!strcmp(forms[i].desc.name, word))
			return &forms[i];
	}
	return NULL;
}

/** is_distribution_name - does @word begin a distribution? */
bool is_distribution_name(const char *word)
{
	return find_form(word) != NULL;
}

static void report_unknown(struct reader *rd, const struct ynode *key)
{
	struct suggestion suggestion;
	g_autofree char *hint = NULL;

	suggestion_init(&suggestion, key->text);
	for (size_t i = 0; i < G_N_ELEMENTS(forms); i++)
		suggestion_consider(&suggestion, forms[i].desc.name);
	hint = suggestion_finish(&suggestion);
	diag_error(rd->diags, key, "unknown distribution '%s'%s", key->text,
		   hint);
}

static struct dist *read_form(struct reader *rd, struct ynode *node,
			      const char *name)
{
	const struct form *form;

	if (ynode_size(node) != 1) {
		diag_error(rd->diags, node,
			   "'%s' takes a time, as in 5ms, or "
			   "one distribution, as in %s",
			   name, forms[0].desc.example);
		return NULL;
	}
	form = find_form(ynode_key(node, 0)->text);
	if (form)
		return form->read(rd, ynode_item(node, 0));
	report_unknown(rd, ynode_key(node, 0));
	return NULL;
}

/**
 * read_dist - a time or a distribution of times.
 * @rd: the reader
 * @node: a scalar or a mapping
 * @name: what messages call it
 * @out: the old one is freed, on failure too
 */
bool read_dist(struct reader *rd, struct ynode *node, const char *name,
	       struct dist **out)
{
	struct dist *dist = NULL;
	ktime_t t;

	if (node->kind == YNODE_MAPPING)
		dist = read_form(rd, node, name);
	else if (read_span(rd, node, name, &t))
		dist = dist_constant(t);
	dist_free(*out);
	*out = dist;
	return dist != NULL;
}
