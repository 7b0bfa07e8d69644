/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The container of what a run measured: making, freeing and merging it.
 *
 * Merging is what makes N runs of a build read like one long run.  Everything
 * in a result is a sum, a maximum or a histogram, so it needs no look at the
 * single values; percentiles of merged histograms are those of all samples.
 * Left out: statistics over the runs (variance of a maximum and the like),
 * which need each run's own figures; the report takes those before it merges.
 */
#include <config.h>

#include "preemptsim/measure/results.h"
#include "preemptsim/measure/timeline.h"

#include <string.h>

const char *cpu_time_key(enum cpu_time what)
{
	static const char *const key[NR_CPU_TIMES] = {
		[CPU_USER] = "user_ns",	      [CPU_KERNEL] = "kernel_ns",
		[CPU_SOFTIRQ] = "softirq_ns", [CPU_HARDIRQ] = "hardirq_ns",
		[CPU_NMI] = "nmi_ns",	      [CPU_SPIN] = "spin_ns",
		[CPU_SWITCH] = "switch_ns",   [CPU_IDLE] = "idle_ns",
	};

	g_return_val_if_fail((unsigned int)what < NR_CPU_TIMES, "");
	return key[what];
}

const char *latency_kind_name(enum latency_kind kind)
{
	return kind == KIND_WAKEUP_LATENCY ? "wakeup_latency" : "response_time";
}

const char *job_outcome_name(int outcome)
{
	static const char *const name[] = { "in_time", "late", "skipped",
					    "unfinished", "running" };

	g_return_val_if_fail(outcome >= 0 && outcome < (int)G_N_ELEMENTS(name),
			     "");
	return name[outcome];
}

/* Making and freeing. */

static void task_results_free(void *data)
{
	struct task_results *task = data;

	if (!task)
		return;
	g_free(task->name);
	hist_free(task->wakeup_latency);
	hist_free(task->response_time);
	g_array_unref(task->blame);
	g_clear_pointer(&task->copies, g_ptr_array_unref);
	g_free(task);
}

struct task_results *task_results_new(const char *name)
{
	struct task_results *task = g_new0(struct task_results, 1);

	task->name = g_strdup(name);
	task->deadline_ns = -1;
	task->oldest_wait_ns = -1;
	task->wakeup_latency = hist_new();
	task->response_time = hist_new();
	task->blame = blame_list_new();
	return task;
}

struct task_results *task_results_add_copy(struct task_results *task)
{
	struct task_results *copy;
	g_autofree char *name = NULL;

	if (!task->copies)
		task->copies =
			g_ptr_array_new_with_free_func(task_results_free);
	name = g_strdup_printf("%s/%u", task->name, task->copies->len);
	copy = task_results_new(name);
	g_ptr_array_add(task->copies, copy);
	return copy;
}

static void lock_results_free(void *data)
{
	struct lock_results *lock = data;

	if (!lock)
		return;
	g_free(lock->name);
	hist_free(lock->hold);
	hist_free(lock->wait);
	g_free(lock);
}

struct lock_results *lock_results_new(const char *name, const char *type)
{
	struct lock_results *lock = g_new0(struct lock_results, 1);

	lock->name = g_strdup(name);
	lock->type = type;
	lock->hold = hist_new();
	lock->wait = hist_new();
	return lock;
}

static void device_results_free(void *data)
{
	struct device_results *device = data;

	if (!device)
		return;
	g_free(device->name);
	hist_free(device->latency);
	g_free(device);
}

static void group_results_free(void *data)
{
	struct group_results *group = data;

	if (!group)
		return;
	g_free(group->name);
	g_free(group);
}

struct group_results *group_results_new(const char *name)
{
	struct group_results *group = g_new0(struct group_results, 1);

	group->name = g_strdup(name);
	return group;
}

static void chain_results_free(void *data)
{
	struct chain_results *chain = data;

	if (!chain)
		return;
	g_free(chain->name);
	hist_free(chain->latency);
	g_free(chain);
}

struct chain_results *chain_results_new(const char *name, const char *link)
{
	struct chain_results *chain = g_new0(struct chain_results, 1);

	chain->name = g_strconcat(name, link ? "/" : NULL, link, NULL);
	chain->latency = hist_new();
	return chain;
}

struct device_results *device_results_new(const char *name)
{
	struct device_results *device = g_new0(struct device_results, 1);

	device->name = g_strdup(name);
	device->latency = hist_new();
	device->stream = -1;
	return device;
}

static void blame_clear(void *data)
{
	struct blame *blame = data;

	g_free(blame->by);
}

GArray *blame_list_new(void)
{
	GArray *list = g_array_new(FALSE, FALSE, sizeof(struct blame));

	g_array_set_clear_func(list, blame_clear);
	return list;
}

void blame_list_add(GArray *list, const char *cause, const char *by, int64_t ns)
{
	struct blame new = { .cause = cause, .ns = ns };

	for (unsigned int i = 0; i < list->len; i++) {
		struct blame *blame = &g_array_index(list, struct blame, i);

		if (g_str_equal(blame->cause, cause) &&
		    !g_strcmp0(blame->by, by)) {
			blame->ns += ns;
			return;
		}
	}
	new.by = g_strdup(by);
	g_array_append_val(list, new);
}

static gint blame_cmp(gconstpointer a, gconstpointer b)
{
	const struct blame *x = a, *y = b;
	int order;

	if (x->ns != y->ns)
		return x->ns > y->ns ? -1 : 1;
	order = strcmp(x->cause, y->cause);
	return order ? order : g_strcmp0(x->by, y->by);
}

void blame_list_sort(GArray *list)
{
	g_array_sort(list, blame_cmp);
}

static void blame_list_merge(GArray *dst, const GArray *src)
{
	for (unsigned int i = 0; i < src->len; i++) {
		const struct blame *blame =
			&g_array_index(src, struct blame, i);

		blame_list_add(dst, blame->cause, blame->by, blame->ns);
	}
	blame_list_sort(dst);
}

static void span_clear(void *data)
{
	struct blame_span *span = data;

	g_free(span->by);
}

struct worst_case *worst_case_new(const char *task, enum latency_kind kind,
				  int64_t at_ns, int64_t latency_ns)
{
	struct worst_case *worst = g_new0(struct worst_case, 1);

	worst->task = g_strdup(task);
	worst->kind = kind;
	worst->at_ns = at_ns;
	worst->latency_ns = latency_ns;
	worst->blame = blame_list_new();
	worst->timeline = g_array_new(FALSE, FALSE, sizeof(struct blame_span));
	g_array_set_clear_func(worst->timeline, span_clear);
	return worst;
}

static void add_span(GArray *timeline, const struct blame_span *span)
{
	struct blame_span copy = *span;

	copy.by = g_strdup(span->by);
	g_array_append_val(timeline, copy);
}

void worst_case_blame(struct worst_case *worst, const struct blame_span *span)
{
	if (worst->timeline->len < TIMELINE_MAX)
		add_span(worst->timeline, span);
	blame_list_add(worst->blame, span->cause, span->by, span->ns);
}

void worst_case_free(struct worst_case *worst)
{
	if (!worst)
		return;
	g_free(worst->task);
	g_array_unref(worst->blame);
	g_array_unref(worst->timeline);
	timeline_free(worst->window);
	g_free(worst);
}

static void free_worst_case(void *data)
{
	worst_case_free(data);
}

struct warning *warning_new(int64_t at_ns, int cpu, const char *kind,
			    const char *text)
{
	struct warning *warning = g_new0(struct warning, 1);

	warning->at_ns = at_ns;
	warning->cpu = cpu;
	warning->kind = kind;
	warning->text = g_strdup(text);
	return warning;
}

const struct choice *warning_kind_choice(unsigned int i)
{
	static const struct choice choices[] = {
#define WARNING_KIND(name, help) { #name, help },
#include "preemptsim/measure/warning-list.h"
#undef WARNING_KIND
	};

	return i < G_N_ELEMENTS(choices) ? &choices[i] : NULL;
}

void results_count_warning(struct results *results, const char *kind)
{
	results->nr_warnings++;
	for (unsigned int i = 0; i < NR_WARNING_KINDS; i++)
		if (g_str_equal(warning_kind_choice(i)->name, kind))
			results->warning_counts[i]++;
}

static void warning_free(void *data)
{
	struct warning *warning = data;

	if (!warning)
		return;
	g_free(warning->text);
	g_free(warning->task);
	g_free(warning->context);
	g_free(warning->lock);
	g_free(warning);
}

static void miss_clear(void *data)
{
	struct miss *miss = data;

	g_free(miss->device);
	g_free(miss->task);
}

void results_miss(struct results *results, const struct miss *miss)
{
	struct miss copy = *miss;

	copy.device = g_strdup(miss->device);
	copy.task = g_strdup(miss->task);
	g_array_append_val(results->misses, copy);
}

struct results *results_new(void)
{
	struct results *results = g_new0(struct results, 1);

	results->tasks = g_ptr_array_new_with_free_func(task_results_free);
	results->cpus = g_ptr_array_new_with_free_func(g_free);
	results->locks = g_ptr_array_new_with_free_func(lock_results_free);
	results->chains = g_ptr_array_new_with_free_func(chain_results_free);
	results->groups = g_ptr_array_new_with_free_func(group_results_free);
	results->devices = g_ptr_array_new_with_free_func(device_results_free);
	results->worst = g_ptr_array_new_with_free_func(free_worst_case);
	results->warnings = g_ptr_array_new_with_free_func(warning_free);
	results->misses = g_array_new(FALSE, FALSE, sizeof(struct miss));
	g_array_set_clear_func(results->misses, miss_clear);
	return results;
}

void results_free(struct results *results)
{
	if (!results)
		return;
	g_free(results->label);
	g_free(results->scenario_name);
	g_free(results->failure);
	g_ptr_array_unref(results->tasks);
	g_ptr_array_unref(results->cpus);
	g_ptr_array_unref(results->locks);
	g_ptr_array_unref(results->devices);
	g_ptr_array_unref(results->chains);
	g_ptr_array_unref(results->groups);
	g_ptr_array_unref(results->worst);
	g_ptr_array_unref(results->warnings);
	g_array_unref(results->misses);
	g_clear_pointer(&results->jobs, g_array_unref);
	verdict_free(results->verdict);
	g_free(results);
}

/* Merging. */

/* Dropouts count for more than what was merely long. */
static void add_blame(struct task_results *dst, const struct task_results *src)
{
	if (!src->blamed || src->blamed_dropouts < dst->blamed_dropouts)
		return;
	if (src->blamed_dropouts > dst->blamed_dropouts) {
		g_array_set_size(dst->blame, 0);
		dst->blamed = 0;
	}
	dst->blamed += src->blamed;
	dst->blamed_dropouts = src->blamed_dropouts;
	dst->blamed_over_ns = src->blamed_over_ns;
	blame_list_merge(dst->blame, src->blame);
}

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
	add_blame(dst, src);
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

static struct worst_case *worst_case_copy(const struct worst_case *src,
					  uint64_t run)
{
	struct worst_case *copy;

	copy = worst_case_new(src->task, src->kind, src->at_ns,
			      src->latency_ns);
	copy->run = run;
	blame_list_merge(copy->blame, src->blame);
	for (unsigned int i = 0; i < src->timeline->len; i++)
		add_span(copy->timeline,
			 &g_array_index(src->timeline, struct blame_span, i));
	return copy;
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
			worst_case_copy(src->worst->pdata[i], src->run));
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
}

void results_merge(struct results *dst, const struct results *src,
		   unsigned int nr_worst)
{
	if (!dst->scenario_name)
		results_adopt(dst, src);
	dst->simulated_ns += src->simulated_ns;
	dst->events += src->events;
	dst->interrupted |= src->interrupted;
	task_list_merge(dst->tasks, src->tasks);
	cpu_list_merge(dst->cpus, src->cpus);
	lock_list_merge(dst->locks, src->locks);
	device_list_merge(dst->devices, src->devices);
	group_list_merge(dst->groups, src->groups);
	chain_list_merge(dst->chains, src->chains);
	worst_list_merge(dst, src, nr_worst);
	warning_list_merge(dst, src);
	miss_list_merge(dst, src);
	job_list_merge(dst, src);
}

/* Blame, when all of it is there. */

static void blame_task_worst(struct task_results *task, const GPtrArray *worst)
{
	if (task->blamed)
		return;
	for (unsigned int i = 0; i < worst->len; i++) {
		const struct worst_case *one = worst->pdata[i];

		if (one->kind != KIND_WAKEUP_LATENCY || !one->blame->len ||
		    strcmp(one->task, task->name) != 0)
			continue;
		task->blamed++;
		blame_list_merge(task->blame, one->blame);
	}
}

static void finish_task(struct task_results *task, const GPtrArray *worst)
{
	for (unsigned int i = 0; task->copies && i < task->copies->len; i++) {
		finish_task(task->copies->pdata[i], worst);
		add_blame(task, task->copies->pdata[i]);
	}
	if (!task->copies)
		blame_task_worst(task, worst);
}

void results_finish_blame(struct results *results)
{
	for (unsigned int i = 0; i < results->tasks->len; i++)
		finish_task(results->tasks->pdata[i], results->worst);
}

static void drop_task_blame(struct task_results *task)
{
	g_array_set_size(task->blame, 0);
	task->blamed = 0;
	for (unsigned int i = 0; task->copies && i < task->copies->len; i++)
		drop_task_blame(task->copies->pdata[i]);
}

void results_drop_blame(struct results *results)
{
	for (unsigned int i = 0; i < results->tasks->len; i++)
		drop_task_blame(results->tasks->pdata[i]);
	for (unsigned int i = 0; i < results->worst->len; i++) {
		struct worst_case *worst = results->worst->pdata[i];

		g_array_set_size(worst->blame, 0);
		g_array_set_size(worst->timeline, 0);
	}
}
