/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Nothing is lost (conservation.h) in any scenario that there is, in each
 * preemption model.
 */
#include <config.h>

#include "conservation.h"

static GPtrArray *files;

static const char *const models[] = { "none", "voluntary", "full",
				      "lazy", "rt",	   "rt_lazy" };

START_TEST(nothing_is_lost)
{
	const char *file = files->pdata[_i / G_N_ELEMENTS(models)];
	const char *model = models[_i % G_N_ELEMENTS(models)];
	char *preempt = g_strdup_printf("kernel.preempt=%s", model);
	/* An end and a warmup that fall into the middle of things. */
	const char *overrides[] = { preempt, "duration=2712345678ns",
				    "warmup=412345677ns", NULL };

	for (uint64_t seed = 1; seed <= 2; seed++) {
		struct scenario *scenario = law_load_file(file, overrides);
		struct results *results = law_run(scenario, seed, 0);
		char *name = g_strdup_printf("%s, %s, seed %d", file, model,
					     (int)seed);

		law_place = name;
		HOLDS(results->simulated_ns == 2300000001);
		check_conservation(scenario, results);
		results_free(results);
		scenario_free(scenario);
		g_free(name);
	}
	g_free(preempt);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("conservation");
	TCase *tcase = tcase_create("conservation");
	int status;

	files = law_scenarios();
	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, nothing_is_lost, 0,
			    (int)(files->len * G_N_ELEMENTS(models)));
	suite_add_tcase(suite, tcase);
	status = run_suite(suite);
	g_ptr_array_free(files, TRUE);
	return status;
}
