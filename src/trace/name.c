/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names in events: tasks, functions, system calls, and where things would be
 * in a kernel's memory.
 */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "trace-private.h"

#include "preemptsim/base/text.h"
#include "preemptsim/kernel/workqueue.h"

/**
 * struct syscall_number - a system call of x86-64.
 */
struct syscall_number {
	const char *name;
	int number;
};

/* Those that scenarios are likely to name, in alphabetical order.
 * cf. arch/x86/entry/syscalls/syscall_64.tbl. */
static const struct syscall_number syscall_numbers[] = {
	{ "accept", 43 },      { "brk", 12 },	    { "clock_nanosleep", 230 },
	{ "clone", 56 },       { "close", 3 },	    { "connect", 42 },
	{ "epoll_wait", 232 }, { "execve", 59 },    { "exit", 60 },
	{ "fallocate", 285 },  { "fcntl", 72 },	    { "fdatasync", 75 },
	{ "fsync", 74 },       { "ftruncate", 77 }, { "futex", 202 },
	{ "getdents64", 217 }, { "getpid", 39 },    { "io_uring_enter", 426 },
	{ "ioctl", 16 },       { "lseek", 8 },	    { "madvise", 28 },
	{ "mmap", 9 },	       { "mprotect", 10 },  { "munmap", 11 },
	{ "nanosleep", 35 },   { "open", 2 },	    { "openat", 257 },
	{ "pipe", 22 },	       { "poll", 7 },	    { "pread64", 17 },
	{ "pwrite64", 18 },    { "read", 0 },	    { "readv", 19 },
	{ "recvfrom", 45 },    { "recvmsg", 47 },   { "rename", 82 },
	{ "sched_yield", 24 }, { "select", 23 },    { "sendfile", 40 },
	{ "sendmsg", 46 },     { "sendto", 44 },    { "stat", 4 },
	{ "sync", 162 },       { "unlink", 87 },    { "wait4", 61 },
	{ "write", 1 },	       { "writev", 20 },
};

static int by_name(const void *key, const void *entry)
{
	return strcmp(key, ((const struct syscall_number *)entry)->name);
}

static int syscall_number(const char *name)
{
	const struct syscall_number *entry;

	entry = bsearch(name, syscall_numbers, G_N_ELEMENTS(syscall_numbers),
			sizeof(syscall_numbers[0]), by_name);
	return entry ? entry->number : -1;
}

void trace_name_fill(struct trace_name *name, const char *text)
{
	size_t len = strlen(text);

	name->text = text;
	name->len = (unsigned int)text_cut(text, len, MAX_TEXT);
	name->number = syscall_number(text);
	name->function = -1;
}

/* Two files may have the same word at two addresses. */
int trace_function_met(struct trace *trace, const struct trace_name *name)
{
	for (unsigned int i = 0; i < trace->nr_functions; i++)
		if (g_str_equal(trace->functions[i].text, name->text))
			return (int)i;
	if (trace->nr_functions == trace->max_functions)
		return FUNCTION_kernel_mode;
	trace->functions[trace->nr_functions] = *name;
	return (int)trace->nr_functions++;
}

void trace_task_met(struct trace_task *known, const struct task *task)
{
	struct trace_name *name = &known->name;
	int len;

	g_strlcpy(name->comm, task->comm, TASK_COMM_LEN);
	name->text = name->comm;
	name->len = (unsigned int)strlen(name->comm);
	known->pid = task->pid;
	len = snprintf(known->label, sizeof(known->label), "%16s-%-7d ",
		       task->pid ? name->comm : "<idle>", task->pid);
	known->label_len = (unsigned int)len;
}

static void meet_kthreads(struct trace *trace)
{
	for (unsigned int i = 0; i < trace->kernel->config.nr_cpus; i++) {
		const struct kcpu *kc = &trace->kernel->cpus[i];

		trace_task_of(trace, &kc->idle);
		trace_task_of(trace, &kc->ksoftirqd);
		if (kc->softirq.ktimers)
			trace_task_of(trace, &kc->ktimers);
		if (kc->workers)
			trace_task_of(trace, &kc->workers->worker);
	}
}

/* Everybody who has been there from the start. */
static void meet_all(struct trace *trace)
{
	const struct workload *workload = trace->workload;

	meet_kthreads(trace);
	for (unsigned int i = 0; i < workload->nr_drivers; i++) {
		const struct device_irq *irq = &workload->drivers[i].irq;

		if (irq->thread)
			trace_task_of(trace, &irq->thread->task);
	}
	for (unsigned int i = 0; i < workload->nr_tasks; i++)
		trace_task_of(trace, &workload->tasks[i].task);
}

void trace_names_init(struct trace *trace)
{
	static const char *const functions[] = {
#define TRACE_FUNCTION(name) #name,
#include "function-list.h"
#undef TRACE_FUNCTION
	};
	const struct workload *workload = trace->workload;

	trace->nr_tasks = (unsigned int)trace->kernel->next_pid;
	trace->tasks = g_new0(struct trace_task, trace->nr_tasks);
	trace->idles = g_new0(struct trace_task, trace->kernel->config.nr_cpus);
	trace->nr_functions = NR_TRACE_FUNCTIONS + workload->nr_drivers;
	trace->max_functions = trace->nr_functions + MAX_FUNCTIONS;
	trace->functions = g_new0(struct trace_name, trace->max_functions);
	for (unsigned int i = 0; i < NR_TRACE_FUNCTIONS; i++)
		trace_name_fill(&trace->functions[i], functions[i]);
	for (unsigned int i = 0; i < workload->nr_drivers; i++)
		trace_name_fill(&trace->functions[NR_TRACE_FUNCTIONS + i],
				workload->drivers[i].name);
	meet_all(trace);
}

void trace_names_destroy(struct trace *trace)
{
	g_free(trace->tasks);
	g_free(trace->idles);
	g_free(trace->functions);
}

static void append_symbol(GString *out, uint64_t address, char type,
			  const char *name)
{
	g_string_append_printf(out, "%016" G_GINT64_MODIFIER "x %c %s\n",
			       address, type, name);
}

void trace_kallsyms(const struct trace *trace, GString *out)
{
	const struct workload *workload = trace->workload;

	append_symbol(out, STEXT, 'T', "_stext");
	for (unsigned int i = 0; i < trace->nr_functions; i++)
		append_symbol(out, STEXT + (uint64_t)function_offset(i), 'T',
			      trace->functions[i].text);
	append_symbol(out,
		      STEXT + (uint64_t)function_offset(trace->nr_functions),
		      'T', "_etext");
	for (unsigned int i = 0; i < workload->nr_locks; i++)
		append_symbol(out, LOCK_BASE + i * UINT64_C(64), 'D',
			      workload->locks[i].name);
}
