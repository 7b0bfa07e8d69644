/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_TRACE_PRIVATE_H
#define PREEMPTSIM_TRACE_PRIVATE_H

/*
 * Shared by the parts of the trace floor: what an event is made of, and the
 * names in it.
 */

#include <string.h>

#include "preemptsim/trace/trace.h"

/* As in Linux: a comm has 15 characters. */
#define TASK_COMM_LEN 16

/* Fields of an event, and bytes of a mark or a warning. */
#define MAX_FIELDS 8
#define MAX_TEXT 480

/* A writer may count on an event to need no more than this. */
#define MAX_EVENT 2048

/* common_flags, cf. include/linux/trace_events.h v6.13. */
#define TRACE_FLAG_IRQS_OFF 0x01u
#define TRACE_FLAG_NEED_RESCHED_LAZY 0x02u
#define TRACE_FLAG_NEED_RESCHED 0x04u
#define TRACE_FLAG_HARDIRQ 0x08u
#define TRACE_FLAG_SOFTIRQ 0x10u
#define TRACE_FLAG_PREEMPT_RESCHED 0x20u
#define TRACE_FLAG_NMI 0x40u
#define TRACE_FLAG_BH_OFF 0x80u

/**
 * enum field_type - what a field holds; field-type-list.h has the rest.
 */
enum field_type {
#define FIELD_TYPE(id, declaration, size, is_signed, format, argument) \
	FIELD_##id,
#include "field-type-list.h"
#undef FIELD_TYPE
	NR_FIELD_TYPES
};

/**
 * struct named - a value that has a name.
 * @value: of a FIELD_FLAGS, a bit
 * @name: NULL ends a list
 */
struct named {
	int64_t value;
	const char *name;
};

/**
 * struct event_field - a field of an event.
 * @type: what it holds
 * @name: as Linux calls it; NULL: no more fields
 * @before: what stands before it in text; NULL: text leaves it out
 * @names: what its values are called
 * @proto: its number in Perfetto's message
 */
struct event_field {
	enum field_type type;
	const char *name, *before;
	const struct named *names;
	unsigned int proto;
};

/**
 * struct trace_name - a name in an event.
 * @text: of @len bytes, and a NUL
 * @comm: of a task: the same, filled up with NULs
 * @number: of a system call: its number, or -1
 * @function: of a function: its place in trace.functions; -1: not yet known
 */
struct trace_name {
	const char *text;
	unsigned int len;
	char comm[TASK_COMM_LEN];
	int64_t number;
	int function;
};

/**
 * struct trace_task - what is written of a task.
 * @name: its comm
 * @pid: its pid
 * @label: "TASK-PID  " as it begins a line, of @label_len bytes; 0: this task
 *         has not been met yet
 */
struct trace_task {
	struct trace_name name;
	int pid;
	unsigned int label_len;
	char label[40];
};

/** union field_value - by the field's type. */
union field_value {
	int64_t num;
	const struct trace_name *name;
};

/**
 * struct event_desc - a kind of event.
 * @name, @system: as in /sys/kernel/tracing/events/SYSTEM/NAME
 * @proto: its number in Perfetto's FtraceEvent; 0: it has none
 * @fill: take the values of the fields from what a tracepoint told
 * @field: the fields in order
 */
struct event_desc {
	const char *name, *system;
	unsigned int proto;
	void (*fill)(struct trace *trace, const struct trace_record *record,
		     union field_value *value);
	struct event_field field[MAX_FIELDS + 1];
};

/** trace_events - by enum tracepoint; without a name where no event is written
 * of a tracepoint. */
extern const struct event_desc trace_events[NR_TRACEPOINTS];

/* Places for events that are known by what they say, and that of others. */
#define KNOWN_SHIFT 9
#define NR_KNOWN (1u << KNOWN_SHIFT)
#define NOWHERE NR_KNOWN

/**
 * struct trace_shape - what to look at to know an event again.
 * @repeats: many of them say the same
 * @nr_fields: how many it has
 * @is_name: which of them are names
 */
struct trace_shape {
	bool repeats;
	unsigned int nr_fields;
	bool is_name[MAX_FIELDS];
};

/**
 * struct trace_known - an event that is known.
 * @id: of its kind; NR_TRACEPOINTS: there is none
 * @key: the values of its fields
 */
struct trace_known {
	enum tracepoint id;
	uint64_t key[MAX_FIELDS];
};

/**
 * struct trace_event - an event that happens.
 * @desc: of its kind, number @id of enum tracepoint
 * @cpu, @ns: where and when; @cpu apart from @id, as a record has just got both
 *            one after the other, and to take them at once would wait for that
 * @flags: TRACE_FLAG_...
 * @preempt_count: depth, and in the upper half that of migrate_disable()
 * @curr: the task on the CPU
 * @place: of what it says, below NR_KNOWN; NOWHERE: that won't come again
 * @known: what was last written of an event in that place said the same
 * @value: of the fields
 */
struct trace_event {
	const struct event_desc *desc;
	enum tracepoint id;
	unsigned int place;
	int64_t ns;
	unsigned int cpu;
	uint8_t flags, preempt_count;
	bool known;
	const struct trace_task *curr;
	union field_value value[MAX_FIELDS];
};

/* Bytes that are copied at a time: a fixed number is faster. */
#define COPY_STEP 64u

/* How much of an event a writer may keep. */
#define WRITTEN_MAX (3 * COPY_STEP)

/**
 * struct trace_written - how a writer wrote what the event in a place says.
 * @len: of @bytes; 0: it was too much
 */
struct trace_written {
	unsigned int len;
	char bytes[WRITTEN_MAX];
};

/** trace_copy - @len bytes; up to COPY_STEP more are read and written. */
static inline char *trace_copy(char *p, const char *bytes, unsigned int len)
{
	for (unsigned int i = 0; i < len; i += COPY_STEP)
		memcpy(p + i, bytes + i, COPY_STEP);
	return p + len;
}

/** trace_written - how what @event says was written before; NULL: it has to be
 * written anew. */
static inline const struct trace_written *
trace_written(const struct trace_written *written,
	      const struct trace_event *event)
{
	if (!event->known || !written[event->place].len)
		return NULL;
	return &written[event->place];
}

/** trace_write_down - this is how: @len bytes. */
static inline void trace_write_down(struct trace_written *written,
				    const struct trace_event *event,
				    const char *bytes, size_t len)
{
	if (event->place == NOWHERE)
		return;
	written += event->place;
	written->len = len <= WRITTEN_MAX ? (unsigned int)len : 0;
	memcpy(written->bytes, bytes, written->len);
}

/** enum trace_function - functions that events name. */
enum trace_function {
#define TRACE_FUNCTION(name) FUNCTION_##name,
#include "function-list.h"
#undef TRACE_FUNCTION
	NR_TRACE_FUNCTIONS
};

/* Functions that can be met; more than the kernel has. */
#define MAX_FUNCTIONS 2048u

/* Names that are looked at again and again, by their address. */
#define NAME_CACHE 256u

/**
 * struct trace_writer - of an output.
 * @event: its format's
 * @state: for @event
 */
struct trace_writer {
	int (*event)(void *state, const struct trace_event *event);
	void *state;
};

/**
 * struct trace - a trace being written.
 * @workload, @kernel, @sim: of what
 * @request: as given
 * @from, @span: the window, in quanta
 * @writer: of each output, @nr_writers of them
 * @when, @ns: the last instant told, and what that is in ns
 * @tasks: struct trace_task by pid, @nr_tasks of them
 * @idles: of the idle tasks, by CPU
 * @functions: names of enum trace_function, of the NMI handlers by device, and
 *             of those that have been met; @nr_functions in all,
 *             room for @max_functions
 * @cache: names, in the place that their address leads to
 * @event: the one that happens
 * @shape, @known: by which it is known
 * @text, @text_name: of a mark that was made here
 */
struct trace {
	struct workload *workload;
	struct kernel *kernel;
	struct sim *sim;
	struct trace_request *request;
	ktime_t from;
	uint64_t span;
	struct trace_writer writer[TRACE_OUTPUTS_MAX];
	unsigned int nr_writers;
	ktime_t when;
	int64_t ns;
	uint64_t events;
	struct trace_task *tasks, *idles;
	unsigned int nr_tasks;
	struct trace_name *functions;
	unsigned int nr_functions, max_functions;
	struct trace_event event;
	struct trace_name text_name;
	char text[MAX_TEXT + 1];
	struct trace_name cache[NAME_CACHE];
	struct trace_shape shape[NR_TRACEPOINTS];
	struct trace_known known[NR_KNOWN];
};

/** trace_in_window - is what @record tells of to be written? */
static inline bool trace_in_window(const struct trace *trace,
				   const struct trace_record *record)
{
	return (uint64_t)(record->when - trace->from) < trace->span;
}

/* Events that say the same as others, see known.c. */

/** trace_known_init - none is known. */
void trace_known_init(struct trace *trace);

/** trace_known_find - set @event's place, and whether it is known there. */
void trace_known_find(struct trace *trace, struct trace_event *event);

/* Names, see name.c. */

/** trace_names_init, trace_names_destroy - names of tasks and functions. */
void trace_names_init(struct trace *trace);
void trace_names_destroy(struct trace *trace);

/** trace_task_met - @task, whose label is still empty, shows up. */
void trace_task_met(struct trace_task *known, const struct task *task);

/** trace_name_fill - look @text, which is not in its place, up. */
void trace_name_fill(struct trace_name *name, const char *text);

/** trace_task_of - what to write of @task. */
static inline const struct trace_task *trace_task_of(struct trace *trace,
						     const struct task *task)
{
	struct trace_task *known =
		task->pid ? &trace->tasks[task->pid] : &trace->idles[task->cpu];

	if (unlikely(!known->label_len))
		trace_task_met(known, task);
	return known;
}

/** trace_name_of - the name at @text, which stays there to the end. */
static inline struct trace_name *trace_name_of(struct trace *trace,
					       const char *text)
{
	struct trace_name *name =
		&trace->cache[((uintptr_t)text >> 3) % NAME_CACHE];

	if (unlikely(name->text != text))
		trace_name_fill(name, text);
	return name;
}

/** trace_function_met - give the function @name a place. */
int trace_function_met(struct trace *trace, const struct trace_name *name);

/** trace_function_of - the place of the function called @text. */
static inline int trace_function_of(struct trace *trace, const char *text)
{
	struct trace_name *name = trace_name_of(trace, text);

	if (unlikely(name->function < 0))
		name->function = trace_function_met(trace, name);
	return name->function;
}

/** trace_kallsyms - append the addresses of all names to @out. */
void trace_kallsyms(const struct trace *trace, GString *out);

/* Where things would be in a kernel's memory; only names depend on it. */
#define STEXT 0xffffffff81000000u
#define FUNCTION_STEP 0x100u
#define LOCK_BASE 0xffffffff82000000u
#define TIMER_BASE 0xffff888000000000u
#define RT_PERIOD_TIMER 0xffff888000fff000u
#define TASK_TIMER_BASE 0xffff888001000000u
#define GROUP_TIMER_BASE 0xffff888100000000u
#define USER_TEXT 0x401000u
#define USER_DATA 0x7f0000000000u

/** function_offset - where the i-th function would be, behind _stext. */
static inline int32_t function_offset(int64_t i)
{
	return (int32_t)(i + 1) * (int32_t)FUNCTION_STEP;
}

#endif
