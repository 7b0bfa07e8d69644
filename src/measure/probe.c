/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The probe: hears of latencies, jobs, locks and interrupts as they happen.
 *
 * A sample belongs to the run if its event falls between the end of the warmup
 * (inclusive) and the end of the run (exclusive); a job, if its release does.
 */
#include <config.h>

#include "probe-private.h"

#include "preemptsim/kernel/debug.h"

/* Warnings that are kept word by word. */
#define MAX_WARNINGS 1000

static bool is_counted(const struct probe *probe, ktime_t event)
{
	return event >= probe->config.warmup && event < probe->config.end;
}

static struct task_probe *probe_of(struct probe *probe,
				   const struct trace_record *record)
{
	return probe_task(probe, to_wl_task(record->object)->index);
}

/* What few latencies come to is apart, so that the others need not make room
 * for what it is called with. */
static __attribute__((noinline)) void note_wakeup(struct probe *probe,
						  struct task_probe *task,
						  bool job, ktime_t event,
						  int64_t latency)
{
	ktime_t started = job ? task->start : NO_JOB;

	if (latency > probe->worst[KIND_WAKEUP_LATENCY].least)
		probe_worst(probe, task, KIND_WAKEUP_LATENCY, started, event,
			    latency);
	if (latency >= probe->over_ns)
		probe_over(probe, task, started, event);
}

/* The task has answered the event at record->a. */
static inline void count_wakeup(struct probe *probe, struct task_probe *task,
				bool job, const struct trace_record *record)
{
	int64_t latency;

	if (!is_counted(probe, record->a))
		return;
	latency = probe_ns(probe, record->when - record->a);
	hist_record_late(task->wakeup_latency, latency, &probe->late);
	if (unlikely(latency > probe->worst[KIND_WAKEUP_LATENCY].least ||
		     latency >= probe->over_ns))
		note_wakeup(probe, task, job, record->a, latency);
}

static void on_resume(void *data, const struct trace_record *record)
{
	count_wakeup(data, probe_of(data, record), false, record);
}

static void on_job_start(void *data, const struct trace_record *record)
{
	struct task_probe *task = probe_of(data, record);

	task->in_job = true;
	task->release = record->a;
	task->start = record->when;
	count_wakeup(data, task, true, record);
}

static __attribute__((noinline)) void note_end(struct probe *probe,
					       struct task_probe *task,
					       ktime_t end, int64_t ns,
					       bool late)
{
	if (ns > probe->worst[KIND_RESPONSE_TIME].least)
		probe_worst(probe, task, KIND_RESPONSE_TIME, task->start,
			    task->release, ns);
	if (late)
		probe_dropout(probe, task, task->release, task->start);
	if (probe->results->jobs)
		probe_job(probe, task, task->release, task->start, end, late);
}

static void count_end(struct probe *probe, struct task_probe *task, ktime_t end)
{
	ktime_t response = end - task->release;
	int64_t ns = probe_ns(probe, response);
	bool late = response > task->deadline;

	task->jobs++;
	task->late += late;
	hist_record_late(task->response_time, ns, &probe->late);
	if (unlikely(late || probe->results->jobs ||
		     ns > probe->worst[KIND_RESPONSE_TIME].least))
		note_end(probe, task, end, ns, late);
}

static void on_job_end(void *data, const struct trace_record *record)
{
	struct probe *probe = data;
	struct task_probe *task = probe_of(probe, record);

	task->in_job = false;
	if (is_counted(probe, task->release))
		count_end(probe, task, record->when);
}

static void on_job_skip(void *data, const struct trace_record *record)
{
	struct probe *probe = data;
	struct task_probe *task = probe_of(probe, record);

	if (!is_counted(probe, record->a))
		return;
	task->results->jobs++;
	task->results->skipped++;
	probe_dropout(probe, task, record->a, KTIME_MAX);
	if (probe->results->jobs)
		probe_job(probe, task, record->a, KTIME_MAX, KTIME_MAX, 2);
}

static struct lock_results *lock_of(struct probe *probe,
				    const struct trace_record *record)
{
	const struct lock *lock = record->object;

	if (unlikely(lock->internal))
		return NULL;
	return g_ptr_array_index(probe->results->locks,
				 lock - probe->config.workload->locks);
}

static void on_lock_acquire(void *data, const struct trace_record *record)
{
	struct probe *probe = data;
	struct lock_results *lock = lock_of(probe, record);

	if (!lock || !is_counted(probe, record->when))
		return;
	lock->acquisitions++;
	if (!(record->b & LOCK_CONTENDED))
		return;
	lock->contended++;
	hist_record(lock->wait, probe_ns(probe, record->a));
}

static void on_lock_release(void *data, const struct trace_record *record)
{
	struct probe *probe = data;
	struct lock_results *lock = lock_of(probe, record);

	if (lock && is_counted(probe, record->when - record->a))
		hist_record(lock->hold, probe_ns(probe, record->a));
}

static struct device_results *device_of(struct probe *probe,
					const struct trace_record *record)
{
	const struct driver *driver = record->object;

	return g_ptr_array_index(probe->results->devices, driver->index);
}

static void on_request_done(void *data, const struct trace_record *record)
{
	struct probe *probe = data;

	device_of(probe, record)->requests += is_counted(probe, record->a);
}

static void on_interrupt(void *data, const struct trace_record *record)
{
	struct probe *probe = data;
	struct device_results *device = device_of(probe, record);

	if (!is_counted(probe, record->a))
		return;
	device->interrupts++;
	hist_record(device->latency, probe_ns(probe, record->when - record->a));
}

/* Who was to feed the stream; NULL: nobody has yet, or a kworker. */
static struct task_probe *feeder_of(struct probe *probe,
				    const struct stream *stream)
{
	return stream->feeder ? probe_task(probe, stream->feeder->index) : NULL;
}

static void on_miss(struct probe *probe, const struct driver *driver,
		    const struct trace_record *record)
{
	const struct stream *stream = driver->stream;
	struct task_probe *task = feeder_of(probe, stream);
	struct miss miss = {
		.at_ns = probe_ns(probe, record->when),
		.since_ns = probe_ns(probe, record->b),
		.kind = stream->kind->missed(&stream->conf),
		.device = device_of(probe, record)->name,
		.task = task ? task->name : NULL,
	};

	if (task) {
		task->results->missed[stream->conf.kind]++;
		probe_dropout(probe, task, record->b, NO_JOB);
	}
	if (probe->results->misses->len < MAX_MISSES)
		results_miss(probe->results, &miss);
}

static void on_stream_boundary(void *data, const struct trace_record *record)
{
	struct probe *probe = data;

	if (!is_counted(probe, record->when))
		return;
	device_of(probe, record)->instants[record->a]++;
	if (record->a == STREAM_MISSED)
		on_miss(probe, record->object, record);
}

static void on_warning(void *data, const struct trace_record *record)
{
	struct probe *probe = data;
	const struct sim_warning *told = record->object;
	const struct kcpu *kc =
		&probe->config.workload->kernel->cpus[record->cpu];
	GPtrArray *warnings = probe->results->warnings;
	char context[CONTEXT_MAX];
	struct warning *warning;

	results_count_warning(probe->results, told->kind);
	if (warnings->len == MAX_WARNINGS)
		return;
	warning = warning_new(probe_ns(probe, record->when), (int)record->cpu,
			      told->kind, told->text);
	warning->task =
		g_strdup(told->task ? told->task : current_task(kc)->comm);
	warning->context = g_strdup(
		told->context ? told->context :
				describe_context(kc, context, sizeof(context)));
	warning->lock = g_strdup(told->lock);
	g_ptr_array_add(warnings, warning);
}

struct probe *probe_new(const struct probe_config *config)
{
	struct probe *probe = g_new0(struct probe, 1);

	probe->config = *config;
	probe->over_ns =
		config->blame_over_ns ? config->blame_over_ns : INT64_MAX;
	probe->sim = config->workload->kernel->sim;
	probe->tb = probe->sim->tb;
	probe->per_ns_inverse = UINT64_MAX / probe->tb.per_ns + 1;
	probe->tasks = g_aligned_alloc0(config->workload->nr_tasks,
					sizeof(struct task_probe), CACHE_LINE);
	probe->groups = g_array_new(FALSE, TRUE, sizeof(struct group_probe));
	for (unsigned int kind = 0; kind < G_N_ELEMENTS(probe->worst); kind++) {
		probe->worst[kind].times =
			g_new0(struct worst_time, config->nr_worst + 1);
		probe->worst[kind].least = config->nr_worst ? -1 : INT64_MAX;
	}
	return probe;
}

void probe_add_task(struct probe *probe, struct task_results *results,
		    const char *name, unsigned int task, unsigned int copy,
		    ktime_t deadline)
{
	g_assert(probe->nr_tasks < probe->config.workload->nr_tasks);
	probe->tasks[probe->nr_tasks++] =
		(struct task_probe){ .wakeup_latency = results->wakeup_latency,
				     .response_time = results->response_time,
				     .results = results,
				     .name = g_strdup(name),
				     .task = task,
				     .copy = copy,
				     .deadline = deadline };
}

void probe_add_group(struct probe *probe, struct group_results *results,
		     const struct task_group *tg)
{
	struct group_probe new = { .tg = tg, .results = results };

	g_array_append_val(probe->groups, new);
}

void probe_start(struct probe *probe, struct results *results)
{
	struct tracer *tracer = &probe->sim->tracer;

	probe->results = results;
	probe->marks = g_new0(struct cpu_mark, results->cpus->len);
	tracer_listen(tracer, TP_task_resume, on_resume, probe);
	tracer_listen(tracer, TP_job_start, on_job_start, probe);
	tracer_listen(tracer, TP_job_end, on_job_end, probe);
	tracer_listen(tracer, TP_job_skip, on_job_skip, probe);
	tracer_listen(tracer, TP_lock_acquire, on_lock_acquire, probe);
	tracer_listen(tracer, TP_lock_release, on_lock_release, probe);
	tracer_listen(tracer, TP_irq_handle, on_interrupt, probe);
	tracer_listen(tracer, TP_request_done, on_request_done, probe);
	tracer_listen(tracer, TP_stream_boundary, on_stream_boundary, probe);
	tracer_listen(tracer, TP_warning, on_warning, probe);
}

void probe_warm(struct probe *probe)
{
	probe_mark(probe);
}

void probe_finish(struct probe *probe)
{
	hist_settle(&probe->late);
	probe_account(probe);
	probe_unfinished(probe);
	probe_take_worst(probe);
}

void probe_free(struct probe *probe)
{
	for (unsigned int kind = 0; kind < G_N_ELEMENTS(probe->worst); kind++)
		g_free(probe->worst[kind].times);
	for (unsigned int i = 0; i < probe->nr_tasks; i++)
		g_free(probe_task(probe, i)->name);
	g_aligned_free(probe->tasks);
	g_array_unref(probe->groups);
	g_free(probe->marks);
	g_free(probe);
}
