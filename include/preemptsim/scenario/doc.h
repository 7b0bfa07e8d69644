/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The language of scenarios, described: for the manual, for `list`, and for
 * editors.  All of it is generated from the tables that the reader uses.
 */
#ifndef PREEMPTSIM_SCENARIO_DOC_H
#define PREEMPTSIM_SCENARIO_DOC_H

#include <glib.h>

/**
 * struct distribution - a way to write a distribution of times.
 * @name: its key
 * @help: one sentence
 * @example: YAML
 */
struct distribution {
	const char *name;
	const char *help;
	const char *example;
};

const struct distribution *distribution_choice(unsigned int i);

/**
 * doc_row_fn - takes one line of a description.
 * @name: of a key, a step, ...
 * @value: what it takes, "time, 0ns by default"; may be ""
 * @help: one sentence
 * @data: the caller's
 */
typedef void (*doc_row_fn)(const char *name, const char *value,
			   const char *help, void *data);

const char *scenario_doc_section(unsigned int i, const char **help);
void scenario_doc_keys(const char *path, doc_row_fn row, void *data);
void scenario_doc_man(GString *out);
char *scenario_schema(void);

#endif /* PREEMPTSIM_SCENARIO_DOC_H */
