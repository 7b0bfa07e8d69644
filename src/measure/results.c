/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The container of what a run measured: making and freeing it, and the names of
 * its parts.
 */
#include <config.h>

#include "preemptsim/measure/results.h"

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
