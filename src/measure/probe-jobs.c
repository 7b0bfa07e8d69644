/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lists that the probe keeps: the longest times, all jobs, and the jobs that
 * the end of the run cut off.
 */
#include <config.h>

#include "probe-private.h"

#include <string.h>

enum outcome {
	IN_TIME,
	LATE,
	SKIPPED,
	UNFINISHED,
	RUNNING
};

/* "NAME/0" is a copy of "NAME". */
static bool is_task(const char *name, const char *task)
{
	size_t len = strlen(task);

	return !strncmp(name, task, len) && (!name[len] || name[len] == '/');
}

/* Insert in order; of equal ones the first comes first. */
void probe_worst(struct probe *probe, const struct task_probe *task,
		 enum latency_kind kind, ktime_t started, ktime_t event,
		 int64_t latency_ns)
{
	struct worst_list *list = &probe->worst[kind];
	unsigned int i = list->nr;

	if (probe->config.worst_task &&
	    !is_task(task->name, probe->config.worst_task))
		return;
	for (; i && list->times[i - 1].latency_ns < latency_ns; i--)
		list->times[i] = list->times[i - 1];
	list->times[i] = (struct worst_time){ .task = task,
					      .event = event,
					      .end = probe->sim->now,
					      .latency_ns = latency_ns,
					      .started = started,
					      .events = probe->sim->events };
	if (probe->config.blame_worst)
		list->times[i].since = blame_hold(probe->config.blame, event);
	if (list->nr < probe->config.nr_worst)
		list->nr++;
	else
		blame_drop(list->times[list->nr].since);
	if (list->nr == probe->config.nr_worst)
		list->least = list->times[list->nr - 1].latency_ns;
}

static unsigned int index_of(const struct probe *probe,
			     const struct task_probe *task)
{
	return (unsigned int)(task - probe->tasks);
}

/* The next of the results' worst cases shall be explained. */
static void explain(struct probe *probe, enum latency_kind kind,
		    const struct worst_time *time)
{
	struct blame_window window = { .from = time->event,
				       .to = time->end,
				       .task = index_of(probe, time->task),
				       .worst = probe->results->worst->len,
				       .kind = kind,
				       .started = time->started,
				       .since = time->since,
				       .events = time->events };

	if (probe->config.blame_worst)
		blame_add(probe->config.blame, &window);
}

/* One of many shall be explained; not inline, since most are passed over. */
static G_GNUC_NO_INLINE void explain_one(struct probe *probe, unsigned int task,
					 enum latency_kind kind, ktime_t from,
					 ktime_t started)
{
	struct blame_window window = { .from = from,
				       .to = probe->sim->now,
				       .task = task,
				       .worst = NO_WORST,
				       .kind = kind,
				       .started = started,
				       .events = probe->sim->events };

	blame_add(probe->config.blame, &window);
}

static bool explains_dropouts(const struct probe *probe)
{
	return probe->config.blame && !probe->config.blame_over_ns;
}

/* Most of many are passed over: that has to be quick. */
static inline void explain_dropout(struct probe *probe,
				   const struct task_probe *task, ktime_t from,
				   ktime_t started)
{
	unsigned int index = index_of(probe, task);

	if (!blame_skips(probe->config.blame, index))
		explain_one(probe, index, KIND_RESPONSE_TIME, from, started);
}

void probe_dropout(struct probe *probe, const struct task_probe *task,
		   ktime_t from, ktime_t started)
{
	if (!explains_dropouts(probe))
		return;
	if (from >= probe->sim->now)
		blame_add_empty(probe->config.blame, index_of(probe, task));
	else
		explain_dropout(probe, task, from, started);
}

void probe_over(struct probe *probe, const struct task_probe *task,
		ktime_t started, ktime_t event)
{
	unsigned int index = index_of(probe, task);

	task->results->over++;
	if (!blame_skips(probe->config.blame, index))
		explain_one(probe, index, KIND_WAKEUP_LATENCY, event, started);
}

void probe_take_worst(struct probe *probe)
{
	for (unsigned int kind = 0; kind < G_N_ELEMENTS(probe->worst); kind++) {
		const struct worst_list *list = &probe->worst[kind];

		for (unsigned int i = 0; i < list->nr; i++) {
			const struct worst_time *time = &list->times[i];

			explain(probe, (enum latency_kind)kind, time);
			g_ptr_array_add(
				probe->results->worst,
				worst_case_new(time->task->name,
					       (enum latency_kind)kind,
					       probe_ns(probe, time->event),
					       time->latency_ns));
		}
	}
}

static int64_t instant_ns(const struct probe *probe, ktime_t t)
{
	return t == KTIME_MAX ? -1 : probe_ns(probe, t);
}

void probe_job(struct probe *probe, const struct task_probe *task,
	       ktime_t release, ktime_t start, ktime_t end, int outcome)
{
	struct job_record job = {
		.task = task->task,
		.copy = task->copy,
		.release_ns = probe_ns(probe, release),
		.start_ns = instant_ns(probe, start),
		.end_ns = instant_ns(probe, end),
		.deadline_ns =
			task->deadline == KTIME_MAX ?
				-1 :
				probe_ns(probe, release + task->deadline),
		.outcome = outcome,
	};

	g_array_append_val(probe->results->jobs, job);
}

/* An event that the task had not answered when the run ended. */
static void leave_unanswered(struct probe *probe, struct task_probe *task,
			     ktime_t event)
{
	ktime_t now = probe->sim->now;

	if (event < probe->config.warmup || event >= now)
		return;
	task->results->unanswered++;
	task->results->oldest_wait_ns = MAX(task->results->oldest_wait_ns,
					    probe_ns(probe, now - event));
}

/* The kernel does not know of deadlines, so this is told here. */
static void tell_unfinished(const struct probe *probe,
			    const struct task_probe *probed, ktime_t release)
{
	const struct task *task =
		&probe->config.workload->tasks[index_of(probe, probed)].task;

	sim_trace(probe->sim, TP_job_unfinished, task->cpu, task, release, 0);
}

/* A job that was released and has not ended.  Only one whose deadline has
 * come is known to be a dropout. */
static void cut_off(struct probe *probe, struct task_probe *task,
		    ktime_t release, ktime_t start)
{
	ktime_t now = probe->sim->now;
	bool missed;

	if (release < probe->config.warmup || release >= now)
		return;
	if (start == KTIME_MAX)
		leave_unanswered(probe, task, release);
	task->results->jobs++;
	missed = task->deadline != KTIME_MAX && now - release >= task->deadline;
	task->results->unfinished += missed;
	if (missed) {
		if (!probe->config.cut)
			tell_unfinished(probe, task, release);
		if (explains_dropouts(probe))
			explain_dropout(probe, task, release, start);
	}
	if (probe->results->jobs)
		probe_job(probe, task, release, start, KTIME_MAX,
			  missed ? UNFINISHED : RUNNING);
}

/* @n jobs are about to be cut off, or about so many. */
static void expect(const struct probe *probe, const struct task_probe *task,
		   uint64_t n)
{
	if (task->deadline != KTIME_MAX && explains_dropouts(probe))
		blame_expect(probe->config.blame, n);
}

/* Releases of its timer that nobody has looked at yet. */
static void cut_off_timer(struct probe *probe, struct task_probe *task,
			  struct wl_task *wt)
{
	ktime_t now = probe->sim->now;

	if (!task->in_job && wt->release_open)
		cut_off(probe, task, wt->release, KTIME_MAX);
	if (wt->next_at < now)
		expect(probe, task,
		       (uint64_t)((now - wt->next_at) / wt->attr.every));
	for (; wt->next_at < now; job_next_release(wt))
		cut_off(probe, task, wt->next_at, KTIME_MAX);
}

static void cut_off_backlog(struct probe *probe, struct task_probe *task,
			    const struct ring *backlog)
{
	expect(probe, task, ring_length(backlog));
	for (uint32_t i = 0; i < ring_length(backlog); i++)
		cut_off(probe, task, ring_at(backlog, i)->when, KTIME_MAX);
}

/* Woken, or on its way to the job, but not begun. */
static bool job_pending(const struct task_probe *task, const struct wl_task *wt)
{
	return !task->in_job && wt->task.event != NO_EVENT;
}

static void cut_off_queue(struct probe *probe, struct task_probe *task,
			  const struct wl_task *wt)
{
	const struct queue *queue = wt->attr.queue;

	if (job_pending(task, wt))
		cut_off(probe, task, wt->task.event, KTIME_MAX);
	cut_off_backlog(probe, task, &wt->backlog);
	if (g_ptr_array_index(queue->takers, 0) == wt)
		cut_off_backlog(probe, task, &queue->backlog);
}

static gint by_release(gconstpointer a, gconstpointer b)
{
	const struct job_record *x = a, *y = b;

	if (x->release_ns != y->release_ns)
		return x->release_ns < y->release_ns ? -1 : 1;
	if (x->task != y->task)
		return x->task < y->task ? -1 : 1;
	return (x->copy > y->copy) - (x->copy < y->copy);
}

void probe_unfinished(struct probe *probe)
{
	struct workload *workload = probe->config.workload;

	for (unsigned int i = 0; i < workload->nr_tasks; i++) {
		struct wl_task *wt = &workload->tasks[i];
		struct task_probe *task = probe_task(probe, i);

		if (task->in_job)
			cut_off(probe, task, task->release, task->start);
		if (task->in_job || wt->attr.release == RELEASE_NONE)
			leave_unanswered(probe, task, wt->task.event);
		if (wt->attr.release == RELEASE_TIMER)
			cut_off_timer(probe, task, wt);
		else if (wt->attr.release == RELEASE_QUEUE)
			cut_off_queue(probe, task, wt);
	}
	if (probe->results->jobs)
		g_array_sort(probe->results->jobs, by_release);
}
