/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_APP_INTERRUPT_H
#define PREEMPTSIM_APP_INTERRUPT_H

/*
 * Ctrl-C: the first one ends the work with what is there, the second kills.
 */

#include <stdatomic.h>

/** interrupted - set by the signal, for all threads; run_options.stop. */
extern atomic_int interrupted;

/** interrupt_catch - from now on SIGINT and SIGTERM are caught, once.  Before the
 * first file that is only half there, and before any simulation. */
void interrupt_catch(void);

/** interrupt_dooms, interrupt_spares - @file is only half there, so that the
 * second signal removes it; it has come to its place, or is gone.  Main thread. */
void interrupt_dooms(const char *file);
void interrupt_spares(const char *file);

#endif
