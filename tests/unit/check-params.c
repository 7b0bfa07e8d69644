/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of reading mappings by tables: every type of value, defaults, ranges
 * and what is said of mistakes.
 */
#include <config.h>

#include <check.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#include "run-suite.h"

#include "preemptsim/scenario/resolved.h"
#include "scenario/reader-private.h"
#include "scenario/yaml-private.h"

struct inner {
	int64_t depth;
};

struct sample {
	char *text;
	bool flag;
	int64_t number;
	double real;
	ktime_t time;
	struct dist *dist;
	uint64_t freq;
	int choice;
	struct cpumask cpus;
	GArray *times;
	int lock, data;
	struct inner inner;
};

static const struct choice *color_choice(unsigned int i)
{
	static const struct choice colors[] = { { "red", "" },
						{ "green", "" } };

	return i < G_N_ELEMENTS(colors) ? &colors[i] : NULL;
}

#define AT(field) .offset = offsetof(struct sample, field)

static const struct param inner_keys[] = {
	{ .name = "depth",
	  .type = PARAM_INT,
	  .def = "7",
	  .offset = offsetof(struct inner, depth),
	  .help = "" },
	{ .name = NULL },
};

static const struct param keys[] = {
	{ .name = "text", .type = PARAM_STRING, AT(text), .help = "" },
	{ .name = "flag",
	  .type = PARAM_BOOL,
	  AT(flag),
	  .def = "no",
	  .help = "" },
	{ .name = "number",
	  .type = PARAM_INT,
	  AT(number),
	  .min = 1,
	  .max = 9,
	  .def = "3",
	  .help = "" },
	{ .name = "real",
	  .type = PARAM_DOUBLE,
	  AT(real),
	  .def = "1.5",
	  .help = "" },
	{ .name = "time",
	  .type = PARAM_TIME,
	  AT(time),
	  .def = "2us",
	  .help = "" },
	{ .name = "dist", .type = PARAM_DIST, AT(dist), .help = "" },
	{ .name = "freq",
	  .type = PARAM_FREQ,
	  AT(freq),
	  .def = "2GHz",
	  .help = "" },
	{ .name = "color",
	  .type = PARAM_CHOICE,
	  AT(choice),
	  .choices = color_choice,
	  .def = "green",
	  .help = "" },
	{ .name = "cpus",
	  .type = PARAM_CPUS,
	  AT(cpus),
	  .def = "all",
	  .help = "" },
	{ .name = "times", .type = PARAM_TIMES, AT(times), .help = "" },
	{ .name = "lock", .type = PARAM_LOCK, AT(lock), .help = "" },
	{ .name = "data", .type = PARAM_DATA, AT(data), .help = "" },
	{ .name = "inner",
	  .type = PARAM_MAP,
	  AT(inner),
	  .keys = inner_keys,
	  .def = "{}",
	  .help = "" },
	{ .name = NULL },
};

/* What reading one text made. */
static struct {
	struct sample sample;
	char *yaml;
	char *message;
	bool fine;
} got;

static void read_tree(struct reader *rd, struct ynode *root)
{
	const struct section section = { .keys = keys };

	names_init(&rd->names[NAME_LOCK], "lock");
	names_init(&rd->names[NAME_DATA], "data");
	names_add(&rd->names[NAME_LOCK], "inode");
	got.fine = params_read(rd, root, &section, "the sample", &got.sample);
	names_clear(&rd->names[NAME_LOCK]);
	names_clear(&rd->names[NAME_DATA]);
	got.yaml = ynode_to_yaml(root);
}

static void read_text(const char *text)
{
	char *label = g_ref_string_new("t");
	g_autoptr(GPtrArray) out = g_ptr_array_new_with_free_func(g_free);
	struct diags diags;
	struct reader rd = {
		.diags = &diags, .tb = { 3, 1 }, .cpus = 4, .folder = "."
	};
	struct ynode *root;

	memset(&got, 0, sizeof(got));
	diags_init(&diags);
	root = yaml_load(text, strlen(text), label, true, &diags);
	ck_assert_ptr_nonnull(root);
	read_tree(&rd, root);
	diags_report(&diags, out);
	ck_assert_int_eq(got.fine, out->len == 0);
	got.message = out->len ? g_strdup(out->pdata[0]) : NULL;
	diags_clear(&diags);
	ynode_free(root);
	g_ref_string_release(label);
}

static void done(void)
{
	g_free(got.sample.text);
	dist_free(got.sample.dist);
	g_clear_pointer(&got.sample.times, g_array_unref);
	g_free(got.yaml);
	g_free(got.message);
}

START_TEST(defaults_are_filled_in)
{
	read_text("{}");
	ck_assert_msg(got.fine, "%s", got.message);
	ck_assert_int_eq(got.sample.number, 3);
	ck_assert_int_eq(got.sample.time, 6000);
	ck_assert_int_eq(got.sample.choice, 1);
	ck_assert_int_eq(cpumask_weight(&got.sample.cpus), 4);
	ck_assert_int_eq(got.sample.inner.depth, 7);
	ck_assert_str_eq(got.yaml, "flag: false\nnumber: 3\nreal: 1.5\n"
				   "time: 2us\nfreq: 2GHz\ncolor: green\n"
				   "cpus: all\ninner:\n  depth: 7\n");
	done();
}
END_TEST

START_TEST(values_are_read)
{
	read_text("{times: [1us, 1us, 2us], cpus: [0, 2-3], color: red, "
		  "freq: 1.5GHz, dist: 3cy, time: 1.5us, real: 2, number: 9, "
		  "flag: on, text: 'hi', lock: inode, data: any, "
		  "inner: {depth: -1}}");
	ck_assert_msg(got.fine, "%s", got.message);
	ck_assert_int_eq(got.sample.times->len, 3);
	ck_assert_int_eq(cpumask_weight(&got.sample.cpus), 3);
	ck_assert_int_eq(got.sample.choice, 0);
	ck_assert_uint_eq(got.sample.freq, 1500000000);
	ck_assert_int_eq(dist_max(got.sample.dist), 3);
	ck_assert_int_eq(got.sample.time, 4500);
	ck_assert_double_eq(got.sample.real, 2);
	ck_assert_int_eq(got.sample.number, 9);
	ck_assert(got.sample.flag);
	ck_assert_str_eq(got.sample.text, "hi");
	ck_assert_int_eq(got.sample.inner.depth, -1);
	ck_assert_ptr_nonnull(strstr(got.yaml, "text: hi\nflag: true\n"));
	done();
}
END_TEST

static const struct {
	const char *text, *message;
} bad[] = {
	{ "5", "1:1: error: the sample must be a mapping, as in {text: ...}" },
	{ "[]", "1:1: error: the sample must be a mapping, as in "
		"{text: ...}" },
	{ "{textt: x}", "1:2: error: unknown key 'textt' in the sample; did "
			"you mean 'text'?" },
	{ "{text: [x]}", "1:8: error: 'text' is a list; it takes a text in one line" },
	{ "{text: }", "1:8: error: 'text' has no value; it takes a text in one line" },
	{ "{flag: 2}", "1:8: error: 'flag' can't be '2'; it takes true or "
		       "false" },
	{ "{number: 10}", "1:10: error: 'number' is 10; it must be from 1 to "
			  "9" },
	{ "{number: 1.5}", "1:10: error: 'number' can't be '1.5'; it takes a "
			   "whole number" },
	{ "{real: nan}", "1:8: error: 'real' can't be 'nan'; it takes a "
			 "number, as in 1.5" },
	{ "{time: 5}", "1:8: error: 'time' can't be 5; a time needs a unit "
		       "(ns, us, ms, s or cy), as in 5ms" },
	{ "{time: -5ms}", "1:8: error: 'time' is -5ms; it can't be negative" },
	{ "{color: gren}", "1:9: error: unknown color 'gren'; did you mean "
			   "'green'?" },
	{ "{color: blue}", "1:9: error: unknown color 'blue'; known: red, "
			   "green" },
	{ "{cpus: [4]}", "1:9: error: there is no CPU 4; the machine has CPUs "
			 "0 to 3" },
	{ "{cpus: 0-}", "1:8: error: 'cpus' can't be '0-'; it takes 'all' or "
			"a list of CPUs, as in [0, 2] or [0-3]" },
	{ "{cpus: []}", "1:8: error: 'cpus' is empty; it takes 'all' or a "
			"list of CPUs, as in [0, 2] or [0-3]" },
	{ "{times: [2us, 1us]}", "1:15: error: 'times' goes back to 1us; its "
				 "times must ascend" },
	{ "{lock: inodes}", "1:8: error: no lock 'inodes'; did you mean "
			    "'inode'?" },
	{ "{dist: {exponential: 5}}", "1:22: error: 'exponential' can't be 5; "
				      "a time needs a unit (ns, us, ms, s or "
				      "cy), as in 5ms" },
	{ "{inner: {dept: 5}}", "1:10: error: unknown key 'dept' in inner; "
				"did you mean 'depth'?" },
};

START_TEST(mistakes_are_explained)
{
	read_text(bad[_i].text);
	ck_assert(!got.fine);
	ck_assert_str_eq(got.message + strlen("t:"), bad[_i].message);
	done();
}
END_TEST

static const struct {
	const char *text;
	int64_t scale;
	double mean;
} dists[] = {
	{ "1us", 1, 3000 },
	{ "{uniform: [1us, 3us]}", 3, 6000 },
	{ "{uniform: [2cy, 4cy]}", 1, 3 },
	{ "{exponential: 300us}", 3, 900000 },
	{ "{normal: {mean: 1ms, stddev: 50us}}", 3, 3e6 },
	{ "{lognormal: {median: 1ms, sigma: 0}}", 3, 3e6 },
	{ "{pareto: {scale: 1ms, shape: 2}}", 3, 6e6 },
	{ "{choice: [{weight: 3, value: 1us}, {value: {uniform: [5us, 5us]}}]}",
	  1, 6000 },
};

START_TEST(distributions_are_read)
{
	g_autofree char *text = g_strdup_printf("{dist: %s}", dists[_i].text);

	read_text(text);
	ck_assert_msg(got.fine, "%s", got.message);
	ck_assert_int_eq(got.sample.dist->scale, dists[_i].scale);
	ck_assert_double_eq_tol(dist_mean(got.sample.dist), dists[_i].mean,
				dists[_i].mean * 1e-6);
	done();
}
END_TEST

START_TEST(empirical_reads_files)
{
	g_autofree char *path = NULL, *text = NULL;
	int fd = g_file_open_tmp("check-params-XXXXXX", &path, NULL);

	ck_assert_int_ge(fd, 0);
	ck_assert(
		g_file_set_contents(path, "# t\n1us\n\n 3us # x\n", -1, NULL));
	text = g_strdup_printf("{dist: {empirical: '%s'}}", path);
	read_text(text);
	ck_assert_msg(got.fine, "%s", got.message);
	ck_assert_double_eq(dist_mean(got.sample.dist), 6000);
	ck_assert_int_eq(dist_min(got.sample.dist), 3000);
	done();
	ck_assert(g_file_set_contents(path, "1us\n5\n", -1, NULL));
	read_text(text);
	ck_assert_ptr_nonnull(strstr(got.message, "line 2 of "));
	done();
	remove(path);
	g_close(fd, NULL);
	read_text("{dist: {empirical: /}}");
	ck_assert_ptr_nonnull(strstr(got.message, "can't read '/': "));
	done();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("params");
	TCase *tc = tcase_create("params");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, defaults_are_filled_in);
	tcase_add_test(tc, values_are_read);
	tcase_add_loop_test(tc, mistakes_are_explained, 0, G_N_ELEMENTS(bad));
	tcase_add_loop_test(tc, distributions_are_read, 0, G_N_ELEMENTS(dists));
	tcase_add_test(tc, empirical_reads_files);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
