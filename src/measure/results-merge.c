/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Merging is what makes N runs of a build read like one long run.  Everything
 * in a result is a sum, a maximum or a histogram, so it needs no look at the
 * single values; percentiles of merged histograms are those of all samples.
 * Left out: statistics over the runs (variance of a maximum and the like),
 * which need each run's own figures; the report takes those before it merges.
 */
#include <config.h>

#include "results-private.h"

void task_results_add(struct task_results *dst, const struct task_results *src)
{
	dst->jobs += src->jobs;
	dst->completed += src->completed;
	dst->late += src->late;
	dst->skipped += src->skipped;
	dst->unfinished += src->unfinished;
	dst->unanswered += src->unanswered;
	dst->over += src->over;
	dst->oldest_wait_ns = MAX(dst->oldest_wait_ns, src->oldest_wait_ns);
	dst->cpu_ns += src->cpu_ns;
	dst->voluntary += src->voluntary;
	dst->involuntary += src->involuntary;
	dst->migrations += src->migrations;
	dst->streams |= src->streams;
	for (unsigned int i = 0; i < NR_STREAM_KINDS; i++)
		dst->missed[i] += src->missed[i];
	dst->has_jobs |= src->has_jobs;
	dst->deadline_ns = src->deadline_ns;
	hist_merge(dst->wakeup_latency, src->wakeup_latency);
	hist_merge(dst->response_time, src->response_time);
	task_results_add_blame(dst, src);
}

static void task_merge(struct task_results *dst, const struct task_results *src)
{
	unsigned int copies = src->copies ? src->copies->len : 0;

	task_results_add(dst, src);
	for (unsigned int i = 0; i < copies; i++) {
		if (!dst->copies || i == dst->copies->len)
			task_results_add_copy(dst);
		task_merge(dst->copies->pdata[i], src->copies->pdata[i]);
	}
}

static void task_list_merge(GPtrArray *dst, const GPtrArray *src)
{
	for (unsigned int i = 0; i < src->len; i++) {
		const struct task_results *from = src->pdata[i];

		if (i == dst->len)
			g_ptr_array_add(dst, task_results_new(from->name));
		task_merge(dst->pdata[i], from);
	}
}

static void bound_merge(struct cpu_results *dst, const struct cpu_results *src)
{
	if (!src->bounded)
		return;
	if (dst->bounded)
		latency_bound_merge(&dst->bound, &src->bound);
	else
		dst->bound = src->bound;
	dst->bounded = true;
}

static void cpu_list_merge(GPtrArray *dst, const GPtrArray *src)
{
	for (unsigned int i = 0; i < src->len; i++) {
		const struct cpu_results *from = src->pdata[i];
		struct cpu_results *to;

		if (i == dst->len)
			g_ptr_array_add(dst, g_new0(struct cpu_results, 1));
		to = dst->pdata[i];
		for (unsigned int k = 0; k < NR_CPU_TIMES; k++)
			to->time_ns[k] += from->time_ns[k];
		to->preempt_off_max_ns =
			MAX(to->preempt_off_max_ns, from->preempt_off_max_ns);
		to->irqs_off_max_ns =
			MAX(to->irqs_off_max_ns, from->irqs_off_max_ns);
		to->interrupts += from->interrupts;
		to->switches += from->switches;
		bound_merge(to, from);
	}
}

static void lock_list_merge(GPtrArray *dst, const GPtrArray *src)
{
	for (unsigned int i = 0; i < src->len; i++) {
		const struct lock_results *from = src->pdata[i];
		struct lock_results *to;

		if (i == dst->len)
			g_ptr_array_add(
				dst, lock_results_new(from->name, from->type));
		to = dst->pdata[i];
		to->acquisitions += from->acquisitions;
		to->contended += from->contended;
		hist_merge(to->hold, from->hold);
		hist_merge(to->wait, from->wait);
	}
}

static void chain_list_merge(GPtrArray *dst, const GPtrArray *src)
{
	for (unsigned int i = 0; i < src->len; i++) {
		const struct chain_results *from = src->pdata[i];
		struct chain_results *to;

		if (i == dst->len)
			g_ptr_array_add(dst,
					chain_results_new(from->name, NULL));
		to = dst->pdata[i];
		hist_merge(to->latency, from->latency);
	}
}

static void group_list_merge(GPtrArray *dst, const GPtrArray *src)
{
	for (unsigned int i = 0; i < src->len; i++) {
		const struct group_results *from = src->pdata[i];
		struct group_results *to;

		if (i == dst->len)
			g_ptr_array_add(dst, group_results_new(from->name));
		to = dst->pdata[i];
		to->usage_ns += from->usage_ns;
		to->nr_periods += from->nr_periods;
		to->nr_throttled += from->nr_throttled;
		to->throttled_ns += from->throttled_ns;
		to->nr_bursts += from->nr_bursts;
		to->burst_ns += from->burst_ns;
	}
}

static void device_list_merge(GPtrArray *dst, const GPtrArray *src)
{
	for (unsigned int i = 0; i < src->len; i++) {
		const struct device_results *from = src->pdata[i];
		struct device_results *to;

		if (i == dst->len)
			g_ptr_array_add(dst, device_results_new(from->name));
		to = dst->pdata[i];
		to->interrupts += from->interrupts;
		to->requests += from->requests;
		to->stream = from->stream;
		for (unsigned int k = 0; k < NR_STREAM_OUTCOMES; k++)
			to->instants[k] += from->instants[k];
		hist_merge(to->latency, from->latency);
	}
}

/* By kind, then longest first, then the earlier run and instant. */
static int worst_case_cmp(const void *a, const void *b)
{
	const struct worst_case *x = *(struct worst_case *const *)a;
	const struct worst_case *y = *(struct worst_case *const *)b;

	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	if (x->latency_ns != y->latency_ns)
		return x->latency_ns > y->latency_ns ? -1 : 1;
	if (x->run != y->run)
		return x->run < y->run ? -1 : 1;
	return (x->at_ns > y->at_ns) - (x->at_ns < y->at_ns);
}

/* Drop what is behind the first @nr_worst cases of each kind. */
static void worst_list_trim(GPtrArray *worst, unsigned int nr_worst)
{
	unsigned int seen[2] = { 0, 0 };
	unsigned int i = 0;

	while (i < worst->len) {
		const struct worst_case *one = worst->pdata[i];

		if (seen[one->kind]++ < nr_worst)
			i++;
		else
			g_ptr_array_remove_index(worst, i);
	}
}

static void worst_list_merge(struct results *dst, const struct results *src,
			     unsigned int nr_worst)
{
	for (unsigned int i = 0; i < src->worst->len; i++)
		g_ptr_array_add(
			dst->worst,
			worst_case_move(src->worst->pdata[i], src->run));
	g_ptr_array_sort(dst->worst, worst_case_cmp);
	worst_list_trim(dst->worst, nr_worst);
}

static void warning_list_merge(struct results *dst, const struct results *src)
{
	for (unsigned int i = 0; i < src->warnings->len; i++) {
		const struct warning *from = src->warnings->pdata[i];
		struct warning *copy;

		copy = warning_new(from->at_ns, from->cpu, from->kind,
				   from->text);
		copy->run = src->run;
		copy->task = g_strdup(from->task);
		copy->context = g_strdup(from->context);
		copy->lock = g_strdup(from->lock);
		g_ptr_array_add(dst->warnings, copy);
	}
	dst->nr_warnings += src->nr_warnings;
	for (unsigned int i = 0; i < NR_WARNING_KINDS; i++)
		dst->warning_counts[i] += src->warning_counts[i];
}

static void miss_list_merge(struct results *dst, const struct results *src)
{
	for (unsigned int i = 0; i < src->misses->len; i++) {
		struct miss miss = g_array_index(src->misses, struct miss, i);

		miss.run = src->run;
		results_miss(dst, &miss);
	}
}

static void job_list_merge(struct results *dst, const struct results *src)
{
	if (!src->jobs)
		return;
	if (!dst->jobs)
		dst->jobs =
			g_array_new(FALSE, FALSE, sizeof(struct job_record));
	for (unsigned int i = 0; i < src->jobs->len; i++) {
		struct job_record job;

		job = g_array_index(src->jobs, struct job_record, i);
		job.run = src->run;
		g_array_append_val(dst->jobs, job);
	}
}

/* What an empty result takes over from the first that is merged into it. */
static void results_adopt(struct results *dst, const struct results *src)
{
	dst->label = g_strdup(src->label);
	dst->scenario_name = g_strdup(src->scenario_name);
	dst->seed = src->seed;
	dst->run = src->run;
	dst->blame_over_ns = src->blame_over_ns;
}

void results_merge(struct results *dst, const struct results *src,
		   unsigned int nr_worst)
{
	if (!dst->scenario_name)
		results_adopt(dst, src);
	dst->simulated_ns += src->simulated_ns;
	dst->events += src->events;
	dst->replayed += src->replayed;
	dst->interrupted |= src->interrupted;
	task_list_merge(dst->tasks, src->tasks);
	cpu_list_merge(dst->cpus, src->cpus);
	lock_list_merge(dst->locks, src->locks);
	device_list_merge(dst->devices, src->devices);
	group_list_merge(dst->groups, src->groups);
	chain_list_merge(dst->chains, src->chains);
	worst_list_merge(dst, src, nr_worst);
	results_renew_blame(dst);
	warning_list_merge(dst, src);
	miss_list_merge(dst, src);
	job_list_merge(dst, src);
}
