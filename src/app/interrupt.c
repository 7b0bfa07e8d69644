/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Signals that ask the program to come to an end.
 */
#include <config.h>

#include "preemptsim/app/interrupt.h"

#include <glib.h>
#include <signal.h>

atomic_int interrupted;

static void on_signal(int number G_GNUC_UNUSED)
{
	interrupted = 1;
}

/* The terminal is gone; under nohup(1) that is nothing to end for. */
static void catch_hangup(const struct sigaction *action)
{
	struct sigaction old;

	if (!sigaction(SIGHUP, NULL, &old) && old.sa_handler != SIG_IGN)
		sigaction(SIGHUP, action, NULL);
}

void interrupt_catch(void)
{
	struct sigaction action = { .sa_handler = on_signal,
				    .sa_flags = (int)SA_RESETHAND };

	sigemptyset(&action.sa_mask);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	catch_hangup(&action);
}
