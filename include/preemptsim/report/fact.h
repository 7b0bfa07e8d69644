/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_REPORT_FACT_H
#define PREEMPTSIM_REPORT_FACT_H

/*
 * Facts: every number that a report can show, named once.
 *
 * A table per kind of object (the run, a task, a CPU, a lock, a device) lists
 * its facts by path ("wakeup_latency.p99"), with the unit and the function
 * that takes the value out of struct results.  All that is said about a run
 * is said through these tables: JSON and CSV walk over them, the text report
 * picks its columns from them by path, comparisons compare those that are
 * marked, and `expect:` looks its left sides up in them.  So a fact is
 * computed in one place, is called the same everywhere, and a new one is one
 * line.
 *
 * Why not a stream of begin/field/end calls into a writer?  Because the JSON
 * is the nested shape of the data and the text is a layout for eyes: several
 * facts of several objects side by side, chosen and ordered otherwise.  A body
 * that fed both would have to be laid out twice anyway.
 */

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "preemptsim/measure/results.h"

/** enum unit - what a value counts. */
enum unit {
	UNIT_COUNT, /* a number of things */
	UNIT_NS,    /* a time in nanoseconds */
	UNIT_SHARE, /* a part of 1 */
	UNIT_TEXT,  /* a name */
	UNIT_BINS,  /* a whole histogram */
};

/**
 * struct value - a value and its unit.
 * @unit: says which of the union counts
 * @known: false: there is none (no samples, no deadline)
 * @none: there can't be any: it is a fact of objects of another kind, and
 *        formats leave it out
 * @few: of a percentile: fewer than BEYOND_MIN samples lie beyond it
 * @n: UNIT_COUNT, UNIT_NS
 * @share: UNIT_SHARE
 * @text: UNIT_TEXT; borrowed from the results
 * @bins: UNIT_BINS; borrowed from the results
 */
struct value {
	enum unit unit;
	bool known, none, few;
	union {
		int64_t n;
		double share;
		const char *text;
		const struct hist *bins;
	};
};

/** VALUE_TEXT_MAX - bytes that hold any number from value_format(). */
#define VALUE_TEXT_MAX 40

/** VALUE_FEW - stands before a percentile that says little (value.few). */
#define VALUE_FEW "~"

/**
 * value_format - a value for people: "17", "3.75 us", "12.3 %", "-".
 * @buf: where to, of @n bytes
 */
const char *value_format(char *buf, size_t n, const struct value *value);

/** value_number - @value as a number; NAN when unknown or not a number. */
double value_number(const struct value *value);

/**
 * struct fact - something that is known about an object.
 * @path: its name, at most one dot: the part before it groups facts
 * @unit: what it counts
 * @compared: comparisons have a row for it
 * @get: its value for @object, which belongs to @results
 * @offset: of the field that @get reads in the object
 * @percent: of a percentile
 */
struct fact {
	const char *path;
	enum unit unit;
	bool compared;
	struct value (*get)(const struct fact *fact, const void *object,
			    const struct results *results);
	size_t offset;
	double percent;
};

/**
 * struct fact_table - the facts of one kind of object.
 * @key: what a list of them is called: "tasks"
 * @facts: ends with a row whose path is NULL
 * @list: offset of their GPtrArray in struct results
 * @name: offset of their char * name; -1: they are numbered
 */
struct fact_table {
	const char *key;
	const struct fact *facts;
	size_t list;
	int name;
};

/** run_facts, task_facts, ... - the tables; warning_facts are of the run, a
 * count for each kind of warning. */
extern const struct fact run_facts[], warning_facts[];
extern const struct fact_table task_facts, cpu_facts, lock_facts, device_facts,
	chain_facts, group_facts;

/** fact_table - the i-th table of objects, or NULL behind the last. */
const struct fact_table *fact_table(unsigned int i);

/** fact_objects - the objects in @results that @table is of. */
const GPtrArray *fact_objects(const struct fact_table *table,
			      const struct results *results);

/**
 * fact_object_name - what the @i-th object of @results is called.
 *
 * Returns: its name, or its number as a text; to be freed with g_free().
 */
char *fact_object_name(const struct fact_table *table,
		       const struct results *results, unsigned int i);

/** fact_find - the fact of that path, or NULL. */
const struct fact *fact_find(const struct fact *facts, const char *path);

/** fact_get - the value of @fact for @object of @results. */
struct value fact_get(const struct fact *fact, const void *object,
		      const struct results *results);

/**
 * BEYOND_MIN - so many samples have to be expected beyond a percentile.
 *
 * With m expected there are none at all with probability e^-m, and the
 * "percentile" is but the maximum; for 5, that is 0.7 %.
 */
#define BEYOND_MIN 5

/** fact_too_few - do @samples leave fewer than BEYOND_MIN beyond @fact, a
 * percentile?  Of what is none, no. */
bool fact_too_few(const struct fact *fact, int64_t samples);

/**
 * fact_get_sure - as fact_get(), but a percentile beyond which there are fewer
 * than BEYOND_MIN samples is unknown.
 */
struct value fact_get_sure(const struct fact *fact, const void *object,
			   const struct results *results);

/** fact_value - as fact_get(), by path, which must exist. */
struct value fact_value(const struct fact_table *table, const char *path,
			const void *object, const struct results *results);

/**
 * fact_label - the path for people: "wakeup latency p99.9".
 *
 * Returns: a text to be freed with g_free().
 */
char *fact_label(const struct fact *fact);

/**
 * fact_key - the last part of the path, with "_ns" behind it for a time.
 *
 * Returns: a text to be freed with g_free().
 */
char *fact_key(const struct fact *fact);

/** unit_name - "count", "ns", "share", ...: the unit in CSV. */
const char *unit_name(enum unit unit);

#endif
