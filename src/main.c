/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The program's entry.  All there is to it is in app_main(), where tests can
 * reach it.
 */
#include <config.h>

#include "preemptsim/app/app.h"

int main(int argc, char **argv)
{
	return app_main(argc, argv);
}
