/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From tracepoints to the writers of trace files.
 *
 * Every event is put together once, in the same place, and handed to all
 * writers.  Dropouts and warnings become events called print, as what a
 * program writes to trace_marker does.
 */
#include <config.h>

#include "preemptsim/kernel/preempt.h"
#include "trace-private.h"

#include <stdio.h>
#include <string.h>

const struct choice *trace_event_choice(unsigned int i)
{
	for (unsigned int id = 0; id < NR_TRACEPOINTS; id++)
		if (trace_events[id].name && i-- == 0)
			return tracepoint_choice(id);
	return NULL;
}

bool trace_event_select(struct trace_request *request, const char *name)
{
	bool found = false;

	for (unsigned int id = 0; id < NR_TRACEPOINTS; id++) {
		if (!trace_events[id].name ||
		    !g_pattern_match_simple(name, trace_events[id].name))
			continue;
		request->skip[id] = false;
		found = true;
	}
	return found;
}

/* cf. tracing_gen_ctx_irq_test() v6.13. */
static void take_context(struct trace_event *event, const struct kcpu *kc)
{
	const unsigned int tif = current_task(kc)->tif;
	unsigned int depth = preempt_count(kc) & PREEMPT_MASK;
	unsigned int pinned = current_task(kc)->migration_disabled;
	unsigned int flags = 0;

	flags |= cpu_irqs_on(&kc->cpu) ? 0 : TRACE_FLAG_IRQS_OFF;
	flags |= tif & TIF_NEED_RESCHED ? TRACE_FLAG_NEED_RESCHED : 0;
	flags |= tif & TIF_NEED_RESCHED_LAZY ? TRACE_FLAG_NEED_RESCHED_LAZY : 0;
	flags |= kc->preempt_count & PREEMPT_NEED_RESCHED ?
			 0 :
			 TRACE_FLAG_PREEMPT_RESCHED;
	flags |= in_nmi(kc) ? TRACE_FLAG_NMI : 0;
	flags |= in_hardirq(kc) ? TRACE_FLAG_HARDIRQ : 0;
	flags |= in_serving_softirq(kc) ? TRACE_FLAG_SOFTIRQ : 0;
	flags |= softirq_count(kc) > SOFTIRQ_OFFSET ? TRACE_FLAG_BH_OFF : 0;
	event->flags = (uint8_t)flags;
	event->preempt_count = (uint8_t)(MIN(depth, 15) | MIN(pinned, 15) << 4);
}

/* The rest of the run would be for nothing. */
static void fail(struct trace *trace)
{
	trace->request->failed = true;
	trace->span = 0;
	sim_stop(trace->sim);
}

static void write_event(struct trace *trace, const struct trace_event *event)
{
	int error = 0;

	for (unsigned int i = 0; i < trace->nr_writers; i++)
		error |= trace->writer[i].event(trace->writer[i].state, event);
	if (unlikely(error))
		fail(trace);
	trace->events++;
}

/* An event of a kind of trace_events: its where, when and who. */
static __always_inline struct trace_event *
begin_event(struct trace *trace, const struct trace_record *record,
	    enum tracepoint id)
{
	const struct kcpu *kc = &trace->kernel->cpus[record->cpu];
	struct trace_event *event = &trace->event;

	if (trace->when != record->when) {
		trace->when = record->when;
		trace->ns = ktime_to_ns(&trace->sim->tb, record->when);
	}
	event->desc = &trace_events[id];
	event->id = id;
	event->cpu = record->cpu;
	event->ns = trace->ns;
	event->curr = trace_task_of(trace, current_task(kc));
	event->place = NOWHERE;
	event->known = false;
	take_context(event, kc);
	return event;
}

static void on_event(void *data, const struct trace_record *record)
{
	struct trace *trace = data;
	struct trace_event *event;

	if (!trace_in_window(trace, record))
		return;
	event = begin_event(trace, record, record->id);
	event->desc->fill(trace, record, event->value);
	trace_known_find(trace, event);
	write_event(trace, event);
}

/* trace->text as an event. */
static void print_text(struct trace *trace, const struct trace_record *record)
{
	struct trace_event *event = begin_event(trace, record, TP_print);

	trace->text_name.text = trace->text;
	trace->text_name.len = (unsigned int)strlen(trace->text);
	event->value[0].num = FUNCTION_tracing_mark_write;
	event->value[1].name = &trace->text_name;
	write_event(trace, event);
}

static void on_warning(void *data, const struct trace_record *record)
{
	struct trace *trace = data;
	const struct sim_warning *warning = record->object;

	if (!trace_in_window(trace, record))
		return;
	snprintf(trace->text, sizeof(trace->text), "warning: %s: %s",
		 warning->kind, warning->text);
	print_text(trace, record);
}

/* A job that did not do, or not in time: @how. */
static void print_dropout(struct trace *trace,
			  const struct trace_record *record, const char *how)
{
	const struct timebase *tb = &trace->sim->tb;
	const struct task *task = record->object;

	snprintf(trace->text, sizeof(trace->text),
		 "dropout: task=%s release_ns=%lld deadline_ns=%lld outcome=%s",
		 task->comm, (long long)ktime_to_ns(tb, record->a),
		 (long long)ktime_to_ns(tb, record->a + task->rel_deadline),
		 how);
	print_text(trace, record);
}

static bool has_deadline(const struct task *task)
{
	return task->rel_deadline > 0 && task->rel_deadline != KTIME_MAX;
}

static void on_job_end(void *data, const struct trace_record *record)
{
	struct trace *trace = data;
	const struct task *task = record->object;

	if (trace_in_window(trace, record) && has_deadline(task) &&
	    record->when - record->a > task->rel_deadline)
		print_dropout(trace, record, "late");
}

static void on_job_skip(void *data, const struct trace_record *record)
{
	if (trace_in_window(data, record))
		print_dropout(data, record, "skipped");
}

static void on_job_unfinished(void *data, const struct trace_record *record)
{
	struct trace *trace = data;

	if (trace_in_window(trace, record) ||
	    record->when == trace->from + (ktime_t)trace->span)
		print_dropout(trace, record, "unfinished");
}

static void on_stream_boundary(void *data, const struct trace_record *record)
{
	struct trace *trace = data;
	const struct driver *driver = record->object;
	const struct stream *stream = driver->stream;

	if (record->a != STREAM_MISSED || !trace_in_window(trace, record))
		return;
	snprintf(trace->text, sizeof(trace->text),
		 "dropout: device=%s task=%s since_ns=%lld outcome=%s",
		 driver->name, stream->feeder ? stream->feeder->task.comm : "",
		 (long long)ktime_to_ns(&trace->sim->tb, record->b),
		 stream->kind->missed(&stream->conf));
	print_text(trace, record);
}

static void listen(struct trace *trace)
{
	const struct trace_request *request = trace->request;
	struct tracer *tracer = &trace->sim->tracer;

	for (unsigned int id = 0; id < NR_TRACEPOINTS; id++)
		if (trace_events[id].name && !request->skip[id])
			tracer_listen(tracer, (enum tracepoint)id, on_event,
				      trace);
	if (request->skip[TP_print])
		return;
	tracer_listen(tracer, TP_warning, on_warning, trace);
	tracer_listen(tracer, TP_job_end, on_job_end, trace);
	tracer_listen(tracer, TP_job_skip, on_job_skip, trace);
	tracer_listen(tracer, TP_job_unfinished, on_job_unfinished, trace);
	tracer_listen(tracer, TP_stream_boundary, on_stream_boundary, trace);
}

static void set_window(struct trace *trace)
{
	const struct timebase *tb = &trace->sim->tb;
	const struct trace_request *request = trace->request;
	ktime_t to = request->to_ns == INT64_MAX ?
			     KTIME_MAX :
			     ktime_from_ns(tb, request->to_ns);

	trace->from = ktime_from_ns(tb, request->from_ns);
	trace->span = to > trace->from ? (uint64_t)(to - trace->from) : 0;
}

struct trace *trace_new(struct workload *workload,
			struct trace_request *request)
{
	struct trace *trace = g_new0(struct trace, 1);

	trace->workload = workload;
	trace->kernel = workload->kernel;
	trace->sim = workload->kernel->sim;
	trace->request = request;
	trace->when = -1;
	request->failed = false;
	set_window(trace);
	trace_names_init(trace);
	trace_known_init(trace);
	for (unsigned int i = 0; i < request->nr_outputs; i++) {
		const struct trace_output *output = &request->output[i];

		trace->writer[i].event = output->format->event;
		trace->writer[i].state = output->format->open(trace, output->fd,
							      output->scratch);
	}
	trace->nr_writers = request->nr_outputs;
	listen(trace);
	return trace;
}

void trace_finish(struct trace *trace)
{
	struct trace_request *request = trace->request;

	for (unsigned int i = 0; i < request->nr_outputs; i++) {
		struct trace_output *output = &request->output[i];

		output->error = output->format->close(trace->writer[i].state);
		request->failed |= output->error != 0;
	}
	request->events = trace->events;
	trace_names_destroy(trace);
	g_free(trace);
}
