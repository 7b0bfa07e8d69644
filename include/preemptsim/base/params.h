/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_BASE_PARAMS_H
#define PREEMPTSIM_BASE_PARAMS_H

/*
 * Parameter tables: what a scenario's keys are called, what they take, where
 * their value lands in a C struct and what they mean.  One table serves the
 * parser, the range checks, `list`, the JSON Schema and the man page, so none
 * of them can disagree with another.
 *
 * This floor only describes.  Reading YAML into the described structs is the
 * scenario floor's work.
 */

#include <stddef.h> /* size_t, offsetof */
#include <stdint.h> /* int64_t */

/**
 * struct choice - one name that a parameter may take.
 * @name: as written in a scenario
 * @help: one sentence for `list` and the man page
 */
struct choice {
	const char *name;
	const char *help;
};

/**
 * choices_fn - the names that a PARAM_CHOICE may take.
 * @i: 0, 1, 2, ...
 *
 * Returns the i-th choice, or NULL behind the last one.  Registries (models,
 * lock types, ...) offer one of these over their own list, so that a plug-in
 * is known to the parser as soon as it is in its list.
 */
typedef const struct choice *(*choices_fn)(unsigned int i);

/**
 * enum param_type - what a parameter takes, and the C type at its offset.
 *
 * @PARAM_NONE: nothing (`preempt_disable:`); no C value
 * @PARAM_STRING: text in one line; char *, owned by the struct, may be NULL
 * @PARAM_TEXT: the same of any number of lines
 * @PARAM_BOOL: true or false; bool
 * @PARAM_INT: a whole number; int64_t
 * @PARAM_DOUBLE: a number; double
 * @PARAM_TIME: a time with its unit; ktime_t.  min and max are in ns
 * @PARAM_DIST: a time or a distribution of times; struct dist *, owned
 * @PARAM_FREQ: a frequency with its unit; uint64_t, Hz
 * @PARAM_CHOICE: one of choices(); int, its index
 * @PARAM_CPUS: a list of CPU numbers, or "all"; struct cpumask
 * @PARAM_TIMES: a list of times; GArray * of ktime_t, owned, ascending
 * @PARAM_LOCK: the name of a lock of the scenario; int, its index
 * @PARAM_QUEUE: the name of a wait queue (a device has one too); int, its index
 * @PARAM_DEVICE: the name of a device; int, its index
 * @PARAM_STREAM: the name of a device that a task has to keep up with; int, its
 *                index
 * @PARAM_GROUP: the name of a group of tasks; int, its index
 * @PARAM_DATA: a free name of shared data; int, index in order of appearance
 * @PARAM_STEPS: a list of steps; GPtrArray * of struct step *, owned
 * @PARAM_MAP: a nested table of keys (@keys), the offset is the nested struct's
 */
enum param_type {
	PARAM_NONE,
	PARAM_STRING,
	PARAM_TEXT,
	PARAM_BOOL,
	PARAM_INT,
	PARAM_DOUBLE,
	PARAM_TIME,
	PARAM_DIST,
	PARAM_FREQ,
	PARAM_CHOICE,
	PARAM_CPUS,
	PARAM_TIMES,
	PARAM_LOCK,
	PARAM_QUEUE,
	PARAM_DEVICE,
	PARAM_STREAM,
	PARAM_GROUP,
	PARAM_DATA,
	PARAM_STEPS,
	PARAM_MAP,
};

/**
 * struct param - one key.
 * @name: the key; NULL ends a table
 * @type: what it takes
 * @offset: of the value in the struct that the table describes
 * @min: least value allowed (numbers: itself, times: ns); ignored when both
 *       @min and @max are 0
 * @max: greatest value allowed
 * @def: default, written as a user would write it; NULL: none (the value
 *       stays as the struct's initialiser left it, see @required)
 * @word: a word that it also takes ("off"), by which nothing is stored; NULL
 * @required: absence is an error
 * @choices: of a PARAM_CHOICE
 * @keys: of a PARAM_MAP
 * @help: one sentence
 */
struct param {
	const char *name;
	enum param_type type;
	size_t offset;
	int64_t min, max;
	const char *def;
	const char *word;
	_Bool required;
	choices_fn choices;
	const struct param *keys;
	const char *help;
};

#endif
