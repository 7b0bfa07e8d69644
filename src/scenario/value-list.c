/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading sets of CPUs and lists of times.
 */
#include <config.h>

#include <string.h>

#include "reader-private.h"

static const char cpus_take[] =
	"'all' or a list of CPUs, as in [0, 2] or [0-3]";

/* One number, at *p; moves *p behind it. */
static bool scan_cpu(const char **p, guint64 *cpu)
{
	char *end;

	if (!g_ascii_isdigit(**p))
		return false;
	*cpu = g_ascii_strtoull(*p, &end, 10);
	*p = end;
	return true;
}

/* Both ends of "3" or "0-3", at *p; moves *p behind it. */
static bool scan_range(const char **p, guint64 *first, guint64 *last)
{
	if (!scan_cpu(p, first))
		return false;
	*last = *first;
	if (**p != '-')
		return true;
	(*p)++;
	return scan_cpu(p, last) && *first <= *last;
}

static bool add_range(struct reader *rd, const struct ynode *node,
		      guint64 first, guint64 last, struct cpumask *out)
{
	if (last >= rd->cpus) {
		diag_error(rd->diags, node,
			   "there is no CPU %" G_GUINT64_FORMAT
			   "; the machine has CPUs 0 to %u",
			   last, rd->cpus - 1);
		return false;
	}
	for (guint64 cpu = first; cpu <= last; cpu++)
		cpumask_set_cpu(out, (unsigned int)cpu);
	return true;
}

/* "3", "0-3" or, as the kernel writes sets, "0-3,6". */
static bool read_ranges(struct reader *rd, struct ynode *node, const char *name,
			struct cpumask *out)
{
	const char *p = node->text;
	guint64 first, last;

	while (scan_range(&p, &first, &last)) {
		if (!add_range(rd, node, first, last, out))
			return false;
		if (!*p)
			return true;
		if (*p++ != ',')
			break;
	}
	diag_error(rd->diags, node, "'%s' can't be '%s'; it takes %s", name,
		   node->text, cpus_take);
	return false;
}

/* A scalar, alone or in a list; numbers stay numbers. */
static bool read_one(struct reader *rd, struct ynode *node, const char *name,
		     struct cpumask *out)
{
	if (!read_scalar(rd, node, name, cpus_take))
		return false;
	node->plain = !node->text[strspn(node->text, G_CSET_DIGITS)] &&
		      strlen(node->text) < 10;
	return read_ranges(rd, node, name, out);
}

/**
 * read_cpus - a set of CPUs of the machine.
 * @rd: the reader
 * @node: a list of numbers and ranges, one of them, or "all"
 * @name: what messages call it
 * @out: untouched on failure; never empty on success
 */
bool read_cpus(struct reader *rd, struct ynode *node, const char *name,
	       struct cpumask *out)
{
	struct cpumask mask = { { 0 } };
	bool fine = true;

	if (ynode_is_word(node, "all")) {
		node->plain = false;
		fine = add_range(rd, node, 0, rd->cpus - 1, &mask);
		for (unsigned int i = 0; i < CPUMASK_WORDS; i++)
			mask.bits[i] &= ~rd->isolated.bits[i];
	} else if (node->kind == YNODE_SEQUENCE) {
		for (unsigned int i = 0; i < ynode_size(node); i++)
			fine = read_one(rd, ynode_item(node, i), name, &mask) &&
			       fine;
	} else {
		fine = read_one(rd, node, name, &mask);
	}
	if (fine && !cpumask_weight(&mask)) {
		diag_error(rd->diags, node, "'%s' is empty; it takes %s", name,
			   cpus_take);
		return false;
	}
	if (fine)
		*out = mask;
	return fine;
}

static bool read_instant(struct reader *rd, struct ynode *node,
			 const char *name, GArray *times)
{
	ktime_t t, last = times->len ? g_array_index(times, ktime_t,
						     times->len - 1) :
				       0;

	if (!read_time(rd, node, name, &t))
		return false;
	if (t < 0) {
		diag_error(rd->diags, node,
			   "'%s' holds %s; an instant can't be "
			   "negative",
			   name, node->text);
		return false;
	}
	if (t < last) {
		diag_error(rd->diags, node,
			   "'%s' goes back to %s; its times "
			   "must ascend",
			   name, node->text);
		return false;
	}
	g_array_append_val(times, t);
	return true;
}

/**
 * read_times - a list of instants.
 * @rd: the reader
 * @node: a list of times that ascend, or a single one
 * @param: unused
 * @name: what messages call it
 * @out: GArray of ktime_t; the old one is freed
 */
bool read_times(struct reader *rd, struct ynode *node,
		const struct param *param, const char *name, GArray **out)
{
	GArray *times = g_array_new(FALSE, FALSE, sizeof(ktime_t));
	bool fine = true;

	(void)param;
	if (node->kind == YNODE_SEQUENCE) {
		for (unsigned int i = 0; i < ynode_size(node) && fine; i++)
			fine = read_instant(rd, ynode_item(node, i), name,
					    times);
	} else {
		fine = read_instant(rd, node, name, times);
	}
	if (fine && !times->len) {
		diag_error(rd->diags, node,
			   "'%s' is empty; it takes a list of "
			   "times, as in [1ms, 3ms]",
			   name);
		fine = false;
	}
	if (*out)
		g_array_unref(*out);
	*out = times;
	return fine;
}
