/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The windows of time that are explained, and the second simulation that they
 * are looked at in.
 *
 * What a task waits for before it has been woken is seen at the CPU that is
 * going to wake it.  Which one that is shows only when it does; until then
 * each CPU is asked.
 */
#include <config.h>

#include "blame-private.h"

/**
 * struct watch - a window under way.
 * @window: which
 * @stretches: GArray of struct stretch, so far
 * @before: by CPU: the same, what it did before the task was woken
 * @asleep: there is something in @before
 */
struct watch {
	const struct blame_window *window;
	GArray *stretches;
	GArray **before;
	bool asleep;
};

/**
 * struct session - the second simulation.
 * @blamer: what the machine is asked with
 * @windows: by beginning; those before @next have begun
 * @watches: GPtrArray of struct watch *, those under way
 * @edge: the next beginning or end of one
 * @of, @results: where it goes
 */
struct session {
	struct blamer blamer;
	const GArray *windows;
	unsigned int next;
	GPtrArray *watches;
	struct evsource edge;
	const GPtrArray *of;
	struct results *results;
};

const struct choice *blame_cause_choice(unsigned int i)
{
	static const struct choice choices[] = {
#define BLAME_CAUSE(name, help) { #name, help },
#include "preemptsim/measure/cause-list.h"
#undef BLAME_CAUSE
	};

	return i < G_N_ELEMENTS(choices) ? &choices[i] : NULL;
}

/*
 * Stretches
 */

static bool same_culprit(const struct culprit *a, const struct culprit *b)
{
	return a->cause == b->cause && a->cpu == b->cpu && a->task == b->task &&
	       a->what == b->what && a->within == b->within &&
	       a->lock == b->lock && a->holder == b->holder;
}

static void add_stretch(GArray *list, const struct stretch *stretch)
{
	struct stretch *last = NULL;

	if (list->len)
		last = &g_array_index(list, struct stretch, list->len - 1);
	if (last && last->to == stretch->from &&
	    same_culprit(&last->culprit, &stretch->culprit))
		last->to = stretch->to;
	else
		g_array_append_vals(list, stretch, 1);
}

static unsigned int nr_cpus(const struct session *session)
{
	return session->blamer.kernel->config.nr_cpus;
}

/* What CPU @cpu did is what the task waited for. */
static void settle(const struct session *session, struct watch *watch,
		   unsigned int cpu)
{
	if (!watch->asleep)
		return;
	watch->asleep = false;
	for (unsigned int i = 0; i < watch->before[cpu]->len; i++)
		add_stretch(
			watch->stretches,
			&g_array_index(watch->before[cpu], struct stretch, i));
	for (unsigned int i = 0; i < nr_cpus(session); i++)
		g_array_set_size(watch->before[i], 0);
}

/* Nobody knows yet who is going to wake the task: ask each CPU. */
static void look_everywhere(const struct session *session, struct watch *watch,
			    ktime_t from, ktime_t to)
{
	const struct blamer *blamer = &session->blamer;
	const struct wl_task *wt =
		&blamer->workload->tasks[watch->window->task];

	watch->asleep = true;
	for (unsigned int i = 0; i < nr_cpus(session); i++) {
		struct kcpu *kc = &blamer->kernel->cpus[i];

		for (ktime_t t = from; t < to;) {
			struct stretch stretch = { .from = t, .to = to };

			stretch.culprit = blame_cpu(blamer, kc, &wt->task,
						    false, t, &stretch.to);
			add_stretch(watch->before[i], &stretch);
			t = stretch.to;
		}
	}
}

static void look(const struct session *session, struct watch *watch,
		 ktime_t from, ktime_t to)
{
	const struct blamer *blamer = &session->blamer;
	const struct task *task =
		&blamer->workload->tasks[watch->window->task].task;

	while (from < to) {
		struct stretch stretch = { .from = from, .to = to };

		if (blame_task(blamer, watch->window, from, &stretch.to,
			       &stretch.culprit)) {
			settle(session, watch, task->cpu);
			add_stretch(watch->stretches, &stretch);
		} else {
			look_everywhere(session, watch, from, stretch.to);
		}
		from = stretch.to;
	}
}

/* The clock is about to move to @until. */
static void time_passes(void *data, ktime_t until)
{
	struct session *session = data;
	ktime_t now = session->blamer.kernel->sim->now;

	for (unsigned int i = 0; i < session->watches->len; i++)
		look(session, session->watches->pdata[i], now, until);
}

/*
 * Windows
 */

static void watch_begin(struct session *session,
			const struct blame_window *window)
{
	struct watch *watch = g_new0(struct watch, 1);

	watch->window = window;
	watch->stretches = g_array_new(FALSE, FALSE, sizeof(struct stretch));
	watch->before = g_new(GArray *, nr_cpus(session));
	for (unsigned int i = 0; i < nr_cpus(session); i++)
		watch->before[i] =
			g_array_new(FALSE, FALSE, sizeof(struct stretch));
	g_ptr_array_add(session->watches, watch);
}

static void watch_free(const struct session *session, struct watch *watch)
{
	for (unsigned int i = 0; i < nr_cpus(session); i++)
		g_array_unref(watch->before[i]);
	g_free(watch->before);
	g_array_unref(watch->stretches);
	g_free(watch);
}

/* What is explained must be what was measured. */
static void check_same(const struct session *session,
		       const struct blame_window *window)
{
	const struct blamer *blamer = &session->blamer;

	if (unlikely(window->kind == KIND_WAKEUP_LATENCY && window->job &&
		     blamer->tasks[window->task].started != window->to))
		sim_bug(blamer->kernel->sim, -1,
			"simulated again, a job of %s begins elsewhere",
			blamer->workload->tasks[window->task].task.comm);
}

static void watch_end(struct session *session, struct watch *watch)
{
	const struct wl_task *wt =
		&session->blamer.workload->tasks[watch->window->task];

	check_same(session, watch->window);
	settle(session, watch, wt->task.cpu);
	blame_take(&session->blamer, watch->window, watch->stretches,
		   session->of, session->results);
	watch_free(session, watch);
}

static void end_due(struct session *session, ktime_t now)
{
	unsigned int i = 0;

	while (i < session->watches->len) {
		struct watch *watch = session->watches->pdata[i];

		if (watch->window->to > now) {
			i++;
			continue;
		}
		g_ptr_array_remove_index(session->watches, i);
		watch_end(session, watch);
	}
}

static const struct blame_window *window_at(const struct session *session,
					    unsigned int i)
{
	return &g_array_index(session->windows, struct blame_window, i);
}

/* A backlog of late jobs has all its windows open at once: so many will do. */
static bool enough_of(const struct session *session,
		      const struct blame_window *window)
{
	unsigned int n = 0;

	if (window->worst != NO_WORST)
		return false;
	for (unsigned int i = 0; i < session->watches->len; i++) {
		const struct watch *watch = session->watches->pdata[i];

		n += watch->window->task == window->task;
	}
	return n >= BLAMED_AT_ONCE_MAX;
}

static void begin_due(struct session *session, ktime_t now)
{
	while (session->next < session->windows->len) {
		const struct blame_window *window =
			window_at(session, session->next);

		if (window->from > now)
			break;
		session->next++;
		if (window->to > now && !enough_of(session, window))
			watch_begin(session, window);
	}
}

static void schedule_edge(struct session *session)
{
	ktime_t first = KTIME_MAX;

	if (session->next < session->windows->len)
		first = window_at(session, session->next)->from;
	for (unsigned int i = 0; i < session->watches->len; i++) {
		const struct watch *watch = session->watches->pdata[i];

		first = MIN(first, watch->window->to);
	}
	if (first != KTIME_MAX)
		sim_schedule(session->blamer.kernel->sim, &session->edge, first,
			     PRIO_BOUNDARY);
}

/* What ends now has had all of its instant, and what begins now has none of
 * it: time that passes is what is explained. */
static void edge_fire(struct evsource *source)
{
	struct session *session = container_of(source, struct session, edge);
	struct sim *sim = session->blamer.kernel->sim;

	end_due(session, sim->now);
	begin_due(session, sim->now);
	schedule_edge(session);
	sim_stop(sim);
}

/*
 * What has to be known from before
 */

static void on_waking(void *data, const struct trace_record *record)
{
	struct session *session = data;
	const struct task *task = record->object;

	for (unsigned int i = 0; i < session->watches->len; i++) {
		struct watch *watch = session->watches->pdata[i];
		const struct wl_task *wt =
			&session->blamer.workload->tasks[watch->window->task];

		if (&wt->task == task)
			settle(session, watch, record->cpu);
	}
}

static void on_preempt_disable(void *data, const struct trace_record *record)
{
	struct session *session = data;

	session->blamer.why[record->cpu] = record->object;
}

static void on_job_start(void *data, const struct trace_record *record)
{
	struct session *session = data;
	struct blame_task *task;

	task = &session->blamer.tasks[to_wl_task(record->object)->index];
	task->in_job = true;
	task->release = record->a;
	task->started = record->when;
}

static void on_job_end(void *data, const struct trace_record *record)
{
	struct session *session = data;

	session->blamer.tasks[to_wl_task(record->object)->index].in_job = false;
}

static void listen(struct session *session)
{
	struct tracer *tracer = &session->blamer.kernel->sim->tracer;

	tracer_listen(tracer, TP_sched_waking, on_waking, session);
	tracer_listen(tracer, TP_preempt_disable, on_preempt_disable, session);
	tracer_listen(tracer, TP_job_start, on_job_start, session);
	tracer_listen(tracer, TP_job_end, on_job_end, session);
}

/*
 * The simulation
 */

static gint by_beginning(gconstpointer a, gconstpointer b)
{
	const struct blame_window *x = a, *y = b;

	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	if (x->to != y->to)
		return x->to < y->to ? -1 : 1;
	if (x->task != y->task)
		return x->task < y->task ? -1 : 1;
	return (x->worst > y->worst) - (x->worst < y->worst);
}

/* Fast to the next window, and slowly through it. */
static bool simulate(struct session *session)
{
	struct sim *sim = session->blamer.kernel->sim;
	bool whole = true;

	while (whole && (session->next < session->windows->len ||
			 session->watches->len)) {
		sim->stopping = false;
		if (session->watches->len)
			whole = sim_walk(sim, time_passes, session);
		else
			whole = sim_run(sim);
	}
	return whole;
}

bool blame_simulate(struct workload *workload, GArray *windows,
		    const GPtrArray *of, struct results *results)
{
	struct kernel *kernel = workload->kernel;
	struct session *session = g_new0(struct session, 1);
	bool whole;

	session->blamer.workload = workload;
	session->blamer.kernel = kernel;
	session->blamer.tasks = g_new0(struct blame_task, workload->nr_tasks);
	session->blamer.why = g_new0(const char *, kernel->config.nr_cpus);
	session->windows = windows;
	session->watches = g_ptr_array_new();
	session->of = of;
	session->results = results;
	g_array_sort(windows, by_beginning);
	sim_add_source(kernel->sim, &session->edge, edge_fire);
	listen(session);
	schedule_edge(session);
	whole = simulate(session);
	for (unsigned int i = 0; i < session->watches->len; i++)
		watch_free(session, session->watches->pdata[i]);
	g_ptr_array_unref(session->watches);
	g_free(session->blamer.tasks);
	g_free(session->blamer.why);
	g_free(session);
	return whole;
}
