/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Recording what the CPUs do in a window.
 *
 * A CPU's accounts say exactly where its time went, but not when.  So they are
 * looked at whenever the CPU tells anything: what was added since the last
 * time is a bar, of what it did then.  Between two tellings there seldom is
 * more than one change; if there is, what came between the first and the last
 * stands in the order of enum cpu_time.  The lengths are exact in any case.
 *
 * It may begin at any time; what woke up before does not begin to wait for it.
 */
#include <config.h>

#include "preemptsim/measure/timeline.h"

#include <string.h>

#include "preemptsim/kernel/preempt.h"
#include "preemptsim/workload/driver.h"
#include "preemptsim/workload/workload.h"

/**
 * struct track - a CPU as it was when it last told something.
 * @bars: where its bars go
 * @last: when that was
 * @acct: what it did, a enum acct
 * @seen: its accounts
 * @curr: the task on it
 */
struct track {
	GArray *bars;
	ktime_t last;
	unsigned int acct;
	ktime_t seen[NR_ACCT];
	bool preempt_off, irqs_off;
	const struct task *curr;
};

/* A task has been woken and does not run yet. */
struct pending {
	const struct task *task;
	ktime_t when;
	unsigned int waker;
};

/**
 * struct timeline_recorder - a recording under way.
 * @tracks: by CPU
 * @pending: GArray of struct pending
 * @from, @to: the window
 * @listeners: its own
 */
struct timeline_recorder {
	struct timeline *timeline;
	struct kernel *kernel;
	struct sim *sim;
	struct track *tracks;
	GArray *pending;
	ktime_t from, to;
	struct listener listeners[NR_TRACEPOINTS];
};

struct timeline *timeline_new(int64_t from_ns, int64_t to_ns)
{
	struct timeline *timeline = g_new0(struct timeline, 1);

	timeline->from_ns = from_ns;
	timeline->to_ns = to_ns;
	timeline->cpus =
		g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
	timeline->wakeups =
		g_array_new(FALSE, FALSE, sizeof(struct timeline_wakeup));
	timeline->marks =
		g_array_new(FALSE, FALSE, sizeof(struct timeline_mark));
	timeline->texts = g_string_chunk_new(256);
	return timeline;
}

void timeline_free(struct timeline *timeline)
{
	if (!timeline)
		return;
	g_ptr_array_unref(timeline->cpus);
	g_array_unref(timeline->wakeups);
	g_array_unref(timeline->marks);
	g_string_chunk_free(timeline->texts);
	g_free(timeline);
}

static int64_t to_ns(const struct timeline_recorder *recorder, ktime_t when)
{
	return ktime_to_ns(&recorder->sim->tb, when);
}

static bool in_window(const struct timeline_recorder *recorder, ktime_t when)
{
	return when >= recorder->from && when < recorder->to;
}

static const char *name_of(const struct timeline_recorder *recorder,
			   const struct task *task)
{
	return g_string_chunk_insert_const(recorder->timeline->texts,
					   task->comm);
}

/* Bars. */

static bool goes_on(const struct timeline_bar *bar,
		    const struct timeline_bar *next)
{
	return bar->what == next->what && bar->task == next->task &&
	       bar->preempt_off == next->preempt_off &&
	       bar->irqs_off == next->irqs_off;
}

static void add_bar(struct timeline *timeline, GArray *bars,
		    const struct timeline_bar *bar)
{
	struct timeline_bar *last;

	if (bars->len) {
		last = &g_array_index(bars, struct timeline_bar, bars->len - 1);
		if (goes_on(last, bar)) {
			last->end_ns = bar->end_ns;
			return;
		}
	}
	timeline->full = timeline->nr_bars == TIMELINE_BARS_MAX;
	if (timeline->full)
		return;
	g_array_append_vals(bars, bar, 1);
	timeline->nr_bars++;
}

/* The CPU of @track did @acct from @begin to @end, as far as that lies in the
 * window. */
static void record_part(struct timeline_recorder *recorder, struct track *track,
			unsigned int acct, ktime_t begin, ktime_t end)
{
	bool idle = acct == ACCT_IDLE;
	struct timeline_bar bar = {
		.begin_ns = to_ns(recorder, MAX(begin, recorder->from)),
		.end_ns = to_ns(recorder, MIN(end, recorder->to)),
		.what = (enum cpu_time)acct,
		.preempt_off = track->preempt_off && !idle,
		.irqs_off = track->irqs_off && !idle,
	};

	if (bar.begin_ns >= bar.end_ns)
		return;
	if (track->curr && track->curr->pid)
		bar.task = name_of(recorder, track->curr);
	add_bar(recorder->timeline, track->bars, &bar);
}

/* What was added to an account of @cpu since @track last looked. */
static ktime_t added(const struct cpu *cpu, const struct track *track,
		     unsigned int acct, ktime_t now)
{
	bool open = (cpu->acct & (ACCT_TASK - 1)) == acct;

	return cpu_acct_time(cpu, acct) + (open ? now - cpu->acct_since : 0) -
	       track->seen[acct];
}

/* The parts of a stretch: first what it did at its beginning, last what it does
 * now. */
static void record_stretch(struct timeline_recorder *recorder,
			   struct track *track, const struct cpu *cpu,
			   ktime_t now)
{
	unsigned int first = track->acct, last = cpu->acct & (ACCT_TASK - 1);
	ktime_t at = track->last, tail = added(cpu, track, last, now);
	ktime_t end;

	if (first == last)
		tail = MIN(tail, now - cpu->acct_since);
	end = at + added(cpu, track, first, now) - (first == last ? tail : 0);
	record_part(recorder, track, first, at, end);
	for (unsigned int acct = 0; acct < NR_ACCT; acct++) {
		if (acct == first || acct == last)
			continue;
		at = end;
		end += added(cpu, track, acct, now);
		record_part(recorder, track, acct, at, end);
	}
	record_part(recorder, track, last, end, now);
}

/* Bring the bars of a CPU up to @now. */
static void advance(struct timeline_recorder *recorder, unsigned int id,
		    ktime_t now)
{
	const struct cpu *cpu = &recorder->kernel->cpus[id].cpu;
	struct track *track = &recorder->tracks[id];

	if (now > track->last && now > recorder->from &&
	    track->last < recorder->to)
		record_stretch(recorder, track, cpu, now);
	track->last = now;
	track->acct = cpu->acct & (ACCT_TASK - 1);
	for (unsigned int i = 0; i < NR_ACCT; i++)
		track->seen[i] = cpu_acct_time(cpu, i);
	track->seen[track->acct] += now - cpu->acct_since;
}

/* Wakeups. */

static struct pending *find_pending(struct timeline_recorder *recorder,
				    const struct task *task, unsigned int *i)
{
	for (*i = 0; *i < recorder->pending->len; (*i)++) {
		struct pending *pending =
			&g_array_index(recorder->pending, struct pending, *i);

		if (pending->task == task)
			return pending;
	}
	return NULL;
}

/* Who runs already, about to sleep, is not switched to. */
static void on_waking(struct timeline_recorder *recorder,
		      const struct trace_record *record)
{
	struct pending new = { .task = record->object,
			       .when = record->when,
			       .waker = record->cpu };
	struct pending *known;
	unsigned int i;

	for (i = 0; i < recorder->kernel->config.nr_cpus; i++)
		if (recorder->tracks[i].curr == new.task)
			return;
	known = find_pending(recorder, new.task, &i);
	if (!known)
		g_array_append_val(recorder->pending, new);
}

static void add_wakeup(struct timeline_recorder *recorder,
		       const struct pending *pending, int64_t run_ns,
		       unsigned int cpu)
{
	struct timeline_wakeup wakeup = {
		.task = name_of(recorder, pending->task),
		.wake_ns = to_ns(recorder, pending->when),
		.waker = pending->waker,
		.run_ns = run_ns,
		.cpu = cpu,
	};

	g_array_append_val(recorder->timeline->wakeups, wakeup);
}

static void on_switch(struct timeline_recorder *recorder,
		      const struct trace_record *record)
{
	struct pending *pending;
	unsigned int i;

	recorder->tracks[record->cpu].curr = record->object;
	pending = find_pending(recorder, record->object, &i);
	if (!pending)
		return;
	if (in_window(recorder, record->when))
		add_wakeup(recorder, pending, to_ns(recorder, record->when),
			   record->cpu);
	g_array_remove_index(recorder->pending, i);
}

/* Marks. */

static void add_mark(struct timeline_recorder *recorder,
		     enum timeline_kind kind, ktime_t when, unsigned int cpu,
		     const struct task *task, const char *text)
{
	struct timeline *timeline = recorder->timeline;
	struct timeline_mark mark = { .kind = kind,
				      .at_ns = to_ns(recorder, when),
				      .cpu = cpu };

	if (when != recorder->to && !in_window(recorder, when))
		return;
	mark.task = task ? name_of(recorder, task) : NULL;
	mark.text = text ? g_string_chunk_insert(timeline->texts, text) : NULL;
	g_array_append_val(timeline->marks, mark);
}

static bool has_deadline(const struct task *task)
{
	return task->rel_deadline > 0 && task->rel_deadline != KTIME_MAX;
}

static void on_job_start(struct timeline_recorder *recorder,
			 const struct trace_record *record)
{
	const struct task *task = record->object;

	add_mark(recorder, TIMELINE_RELEASE, record->a, record->cpu, task,
		 NULL);
	if (has_deadline(task))
		add_mark(recorder, TIMELINE_DEADLINE,
			 record->a + task->rel_deadline, record->cpu, task,
			 NULL);
}

static void on_job_end(struct timeline_recorder *recorder,
		       const struct trace_record *record)
{
	const struct task *task = record->object;
	ktime_t late = record->when - record->a - task->rel_deadline;
	char text[TIME_TEXT_MAX + 16], by[TIME_TEXT_MAX];

	if (!has_deadline(task) || late <= 0)
		return;
	g_snprintf(text, sizeof(text), "late by %s",
		   time_format_ns(by, sizeof(by), to_ns(recorder, late)));
	add_mark(recorder, TIMELINE_DROPOUT, record->when, record->cpu, task,
		 text);
}

static void on_warning(struct timeline_recorder *recorder,
		       const struct trace_record *record)
{
	const struct sim_warning *warning = record->object;
	g_autofree char *text = g_strconcat("warning: ", warning->kind, NULL);

	add_mark(recorder, TIMELINE_PRINT, record->when, record->cpu, NULL,
		 text);
}

/* An underrun, or a frame that was not there: who feeds the stream is late. */
static void on_stream_boundary(struct timeline_recorder *recorder,
			       const struct trace_record *record)
{
	const struct driver *driver = record->object;
	const struct stream *stream = driver->stream;
	char text[96];

	if (record->a != STREAM_MISSED)
		return;
	g_snprintf(text, sizeof(text), "%s of %s",
		   stream->kind->missed(&stream->conf), driver->name);
	add_mark(recorder, TIMELINE_DROPOUT, record->when, record->cpu,
		 stream->feeder ? &stream->feeder->task : NULL, text);
}

/* Listening. */

static void follow(struct timeline_recorder *recorder,
		   const struct trace_record *record)
{
	struct track *track = &recorder->tracks[record->cpu];

	switch ((unsigned int)record->id) {
	case TP_preempt_disable:
	case TP_preempt_enable:
		track->preempt_off = record->id == TP_preempt_disable;
		break;
	case TP_irq_disable:
	case TP_irq_enable:
		track->irqs_off = record->id == TP_irq_disable;
		break;
	case TP_sched_waking:
		on_waking(recorder, record);
		break;
	case TP_sched_switch:
		on_switch(recorder, record);
		break;
	case TP_job_start:
		on_job_start(recorder, record);
		break;
	case TP_job_end:
		on_job_end(recorder, record);
		break;
	case TP_job_skip:
		add_mark(recorder, TIMELINE_DROPOUT, record->when, record->cpu,
			 record->object, "skipped");
		break;
	case TP_job_unfinished:
		add_mark(recorder, TIMELINE_DROPOUT, record->when, record->cpu,
			 record->object, "unfinished");
		break;
	case TP_stream_boundary:
		on_stream_boundary(recorder, record);
		break;
	case TP_print:
		add_mark(recorder, TIMELINE_PRINT, record->when, record->cpu,
			 NULL, record->object);
		break;
	case TP_warning:
		on_warning(recorder, record);
		break;
	}
}

/* What comes first behind the window says what the CPU did at its end. */
static void on_told(void *data, const struct trace_record *record)
{
	struct timeline_recorder *recorder = data;
	bool over = record->when > recorder->to;

	if (recorder->timeline->full ||
	    (over && recorder->tracks[record->cpu].last >= recorder->to))
		return;
	advance(recorder, record->cpu, record->when);
	if (!over)
		follow(recorder, record);
}

/* Who runs on a CPU, and what is switched off. */
static void track_begin(struct timeline_recorder *recorder, unsigned int id)
{
	const struct kcpu *kc = &recorder->kernel->cpus[id];
	struct track *track = &recorder->tracks[id];

	track->bars = g_array_new(FALSE, FALSE, sizeof(struct timeline_bar));
	track->last = recorder->sim->now;
	track->curr = kc->rq.curr;
	track->preempt_off = told_count(kc) != 0;
	track->irqs_off = !cpu_irqs_on(&kc->cpu);
	advance(recorder, id, recorder->sim->now);
	g_ptr_array_add(recorder->timeline->cpus, track->bars);
}

static void listen(struct timeline_recorder *recorder)
{
	for (unsigned int id = 0; id < NR_TRACEPOINTS; id++) {
		recorder->listeners[id] =
			(struct listener){ .told = on_told, .data = recorder };
		tracer_attach(&recorder->sim->tracer, (enum tracepoint)id,
			      &recorder->listeners[id]);
	}
}

struct timeline_recorder *timeline_record(struct timeline *timeline,
					  struct kernel *kernel)
{
	struct timeline_recorder *recorder =
		g_new0(struct timeline_recorder, 1);
	const struct timebase *tb = &kernel->sim->tb;

	recorder->timeline = timeline;
	recorder->kernel = kernel;
	recorder->sim = kernel->sim;
	recorder->from = ktime_from_ns(tb, timeline->from_ns);
	recorder->to = ktime_from_ns(tb, timeline->to_ns);
	recorder->tracks = g_new0(struct track, kernel->config.nr_cpus);
	recorder->pending = g_array_new(FALSE, FALSE, sizeof(struct pending));
	for (unsigned int i = 0; i < kernel->config.nr_cpus; i++)
		track_begin(recorder, i);
	listen(recorder);
	return recorder;
}

static gint by_time(gconstpointer a, gconstpointer b)
{
	const struct timeline_mark *x = a, *y = b;

	return (x->at_ns > y->at_ns) - (x->at_ns < y->at_ns);
}

void timeline_finish(struct timeline_recorder *recorder)
{
	struct timeline *timeline = recorder->timeline;
	ktime_t now = MIN(recorder->sim->now, recorder->to);

	for (unsigned int id = 0; id < NR_TRACEPOINTS; id++)
		tracer_detach(&recorder->sim->tracer, (enum tracepoint)id,
			      &recorder->listeners[id]);
	for (unsigned int i = 0; i < timeline->cpus->len; i++)
		if (!timeline->full && now > recorder->tracks[i].last)
			advance(recorder, i, recorder->sim->now);
	timeline->to_ns = MAX(to_ns(recorder, now), timeline->from_ns);
	for (unsigned int i = 0; i < recorder->pending->len; i++) {
		const struct pending *pending =
			&g_array_index(recorder->pending, struct pending, i);

		add_wakeup(recorder, pending, -1, pending->task->cpu);
	}
	g_array_sort(timeline->marks, by_time);
	g_array_unref(recorder->pending);
	g_free(recorder->tracks);
	g_free(recorder);
}
