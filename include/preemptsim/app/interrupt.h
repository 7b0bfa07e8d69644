/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_APP_INTERRUPT_H
#define PREEMPTSIM_APP_INTERRUPT_H

/*
 * Ctrl-C: the first one ends the work with what is there, the second kills.
 */

#include <stdatomic.h>

/** interrupted - set by the signal, for all threads; run_options.stop. */
extern atomic_int interrupted;

/** interrupt_catch - from now on SIGINT and SIGTERM are caught, once. */
void interrupt_catch(void);

#endif
