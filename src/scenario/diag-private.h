/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Messages about a scenario: collected while it is read, so that all of its
 * mistakes come out in one go, in the order of the text.
 */
#ifndef PREEMPTSIM_SCENARIO_DIAG_PRIVATE_H
#define PREEMPTSIM_SCENARIO_DIAG_PRIVATE_H

#include <glib.h>
#include <stdbool.h>

#include "preemptsim/scenario/yaml.h"

/* No scenario gets more messages than this; the rest is counted. */
#define DIAGS_MAX 1000

/* Behind so many messages, nobody reads what might have been meant. */
#define DIAGS_SUGGEST_MAX 200

/**
 * struct diag - one message.
 * @file: a reference-counted string
 * @line, @column: counted from 1; 0: the file, or override, as a whole
 * @order: 0: about the file; n: about the n-th override, which come behind
 * @sequence: order of arrival
 * @warning: not an error
 * @text: what is wrong; what would be right
 */
struct diag {
	char *file;
	int line, column;
	unsigned int order;
	unsigned int sequence;
	bool warning;
	char *text;
};

/**
 * struct diags - the messages about one scenario.
 * @list: GPtrArray of struct diag *
 * @overrides: the labels of all overrides, in order
 * @tried: those of them whose values are tried out; borrowed
 * @errors: how many of them are errors
 * @dropped: how many did not fit
 */
struct diags {
	GPtrArray *list;
	GPtrArray *overrides;
	GPtrArray *tried;
	unsigned int errors;
	unsigned int dropped;
};

void diags_init(struct diags *diags);
void diags_clear(struct diags *diags);
void diags_report(struct diags *diags, GPtrArray *out);
void diags_add_override(struct diags *diags, char *label, bool tried);
bool diags_suggest(const struct diags *diags);

void diag_error(struct diags *diags, const struct ynode *at, const char *format,
		...) G_GNUC_PRINTF(3, 4);
void diag_warning(struct diags *diags, const struct ynode *at,
		  const char *format, ...) G_GNUC_PRINTF(3, 4);
void diag_error_at(struct diags *diags, char *file, int line, int column,
		   const char *format, ...) G_GNUC_PRINTF(5, 6);

#endif /* PREEMPTSIM_SCENARIO_DIAG_PRIVATE_H */
