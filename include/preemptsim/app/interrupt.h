/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_APP_INTERRUPT_H
#define PREEMPTSIM_APP_INTERRUPT_H

/*
 * Ctrl-C: the first one ends the work with what is there, the second kills.
 */

#include <signal.h>

/** interrupted - set by the signal; run_options.stop. */
extern volatile sig_atomic_t interrupted;

/** interrupt_catch - from now on SIGINT and SIGTERM are caught, once. */
void interrupt_catch(void);

#endif
