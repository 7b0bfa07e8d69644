/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_TESTS_RUN_SUITE_H
#define PREEMPTSIM_TESTS_RUN_SUITE_H

/*
 * What test programs end with, unless they ask whether tests are forked.
 */

#include <check.h>
#include <stdlib.h>

/* Run the suite and say it in TAP, as the environment asks for it; returns the
 * exit status. */
static inline int run_suite(Suite *suite)
{
	SRunner *runner = srunner_create(suite);
	int failed;

	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#endif
