/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_LIST_PRIVATE_H
#define PREEMPTSIM_LIST_PRIVATE_H

/*
 * Shared by what `preemptsim list` is made of.
 */

#include <glib.h>

#include "preemptsim/base/params.h"

/* Columns of a name, with two in front and two behind. */
#define LIST_NAME_WIDTH 26

/** list_row - append a name and what it means. */
void list_row(GString *out, const char *name, const char *help);

/** list_choices - append @title and all of @choices. */
void list_choices(GString *out, const char *title, choices_fn choices);

/** list_models - the preemption models, what each does where, and the layouts
 * of preempt_count. */
void list_models(GString *out);

#endif
