/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The law of preempt_count (preempt-law.h) in all scenarios, under all models
 * and layouts.
 */
#include <config.h>

#include "preempt-law.h"

static GPtrArray *files;

static void hold_law(const char *file, const char *model, const char *layout)
{
	char *preempt = g_strdup_printf("kernel.preempt=%s", model);
	char *count = g_strdup_printf("kernel.preempt_count=%s", layout);
	const char *overrides[] = { preempt, count, "duration=512345678ns",
				    "warmup=0ns", NULL };
	struct scenario *scenario = law_load_file(file, overrides);
	struct run_options options = { .seed = 1, .observe = law_observe };
	char *name = g_strdup_printf("%s, %s, %s", file, model, layout);

	law_place = name;
	results_free(scenario_run(scenario, &options));
	scenario_free(scenario);
	g_free(name);
	g_free(count);
	g_free(preempt);
}

START_TEST(nothing_pends_for_nothing)
{
	const char *file = files->pdata[_i];
	const struct choice *model, *layout;

	nr_pending = nr_switches = 0;
	for (unsigned int m = 0; (model = preempt_model_choice(m)); m++)
		for (unsigned int l = 0; (layout = preempt_layout_choice(l));
		     l++)
			hold_law(file, model->name, layout->name);
	ck_assert_uint_gt(nr_switches, 0);
}
END_TEST

/* It would be no law if nothing ever pended: once at the end of an interrupt,
 * once at the end of a section. */
START_TEST(something_pends)
{
	nr_pending = 0;
	hold_law("scenarios/preempt-count.yaml", "full", "x86");
	ck_assert_uint_ge(nr_pending, 1);
	nr_pending = 0;
	hold_law("scenarios/audio-writer.yaml", "full", "x86");
	ck_assert_uint_gt(nr_pending, 10);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("preempt");
	TCase *tcase = tcase_create("preempt");
	int status;

	files = law_scenarios();
	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, nothing_pends_for_nothing, 0,
			    (int)files->len);
	tcase_add_test(tcase, something_pends);
	suite_add_tcase(suite, tcase);
	status = run_suite(suite);
	g_ptr_array_free(files, TRUE);
	return status;
}
