/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Adding up what each culprit cost a task, over many waits.
 */
#include <config.h>

#include "blame-private.h"

void blame_sums_init(struct blame_sums *sums)
{
	*sums = (struct blame_sums){
		.sums = g_array_new(FALSE, FALSE, sizeof(struct blame_sum))
	};
	for (unsigned int i = 0; i < SUM_BUCKETS; i++)
		sums->bucket[i] = NO_SUM;
}

void blame_sums_destroy(struct blame_sums *sums)
{
	g_array_unref(sums->sums);
}

/* Where a culprit stands in the table says nothing in the results. */
static unsigned int *bucket_of(struct blame_sums *sums,
			       const struct culprit *culprit)
{
	uintptr_t hash = (uintptr_t)culprit->task ^ (uintptr_t)culprit->what ^
			 (uintptr_t)culprit->within ^ (uintptr_t)culprit->lock ^
			 (uintptr_t)culprit->holder;

	hash = hash / 8 + culprit->cause * 7;
	return &sums->bucket[(hash ^ hash / SUM_BUCKETS) % SUM_BUCKETS];
}

unsigned int blame_sums_number(struct blame_sums *sums,
			       const struct culprit *culprit)
{
	unsigned int *bucket = bucket_of(sums, culprit);
	struct blame_sum new;

	for (unsigned int i = *bucket; i != NO_SUM;) {
		const struct blame_sum *sum = blame_sums_at(sums, i);

		if (same_culprit(&sum->culprit, culprit))
			return i;
		i = sum->next;
	}
	new = (struct blame_sum){ .culprit = *culprit, .next = *bucket };
	*bucket = sums->sums->len;
	g_array_append_val(sums->sums, new);
	return *bucket;
}

void blame_sums_add(struct blame_sums *sums, const struct culprit *culprit,
		    int64_t ns)
{
	unsigned int number = blame_sums_number(sums, culprit);

	blame_sums_at(sums, number)->ns += ns;
}

void blame_sums_take(const struct blame_sums *sums, int64_t over_ns,
		     struct task_results *task)
{
	for (unsigned int i = 0; i < sums->sums->len; i++) {
		const struct blame_sum *sum = blame_sums_at(sums, i);
		char *by;

		if (!sum->ns)
			continue;
		by = blame_by(&sum->culprit);
		blame_list_add(task->blame,
			       blame_cause_choice(sum->culprit.cause)->name, by,
			       sum->ns);
		g_free(by);
	}
	task->blamed = sums->windows;
	task->blamed_dropouts = sums->windows > 0;
	task->blamed_over_ns = sums->windows ? over_ns : 0;
	blame_list_sort(task->blame);
}
