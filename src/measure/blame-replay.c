/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Simulating again, and looking.
 *
 * A worst case is looked at by itself, since the order of what happened is told
 * of it.  Of all others of a task only the sum is: those that are under way at
 * a time are looked at together.
 *
 * What a task waits for before it has been woken is seen at the CPU that is
 * going to wake it.  Which one that is shows only when it does; until then
 * each CPU is asked.
 */
#include <config.h>

#include "blame-private.h"

#include <string.h>

#include "preemptsim/measure/timeline.h"

/**
 * struct watch - windows under way.
 * @worst: the only one, or NULL
 * @recorder: records what the CPUs do meanwhile, or NULL
 * @task, @who, @job: whose they are; of jobs
 * @sums: where they are added up; NULL: it is a worst case
 * @open: GArray of ktime_t: when each began, in order
 * @last: the stretch that may go on; last.windows is 0: none does
 * @stretches: GArray of struct stretch: of a worst case, those before
 * @before: by CPU: the same, what it did before the task was woken
 * @asleep: there is something in @before
 */
struct watch {
	const struct blame_window *worst;
	struct timeline_recorder *recorder;
	unsigned int task;
	bool job;
	const struct task *who;
	struct blame_sums *sums;
	GArray *open;
	struct stretch last;
	GArray *stretches;
	GArray **before;
	bool asleep;
};

/**
 * struct session - a replay under way.
 * @replay: which
 * @next: the windows before that have begun
 * @ends: GPtrArray of struct blame_window *: the windows by end
 * @next_end: those before that have ended
 * @watches: GPtrArray of struct watch *
 * @listeners: its own
 */
struct session {
	struct replay *replay;
	unsigned int next, next_end;
	GPtrArray *ends;
	GPtrArray *watches;
	struct listener listeners[3];
};

static struct sim *sim_of(const struct session *session)
{
	return session->replay->blamer.kernel->sim;
}

static unsigned int nr_cpus(const struct session *session)
{
	return session->replay->blamer.kernel->config.nr_cpus;
}

static const struct task *task_of(const struct session *session,
				  const struct watch *watch)
{
	return &session->replay->blamer.workload->tasks[watch->task].task;
}

/*
 * Stretches
 */

/* Does @stretch go on where @last ended? */
static bool goes_on(const struct stretch *last, const struct stretch *stretch)
{
	return last->to == stretch->from && last->windows == stretch->windows &&
	       last->culprit.cpu == stretch->culprit.cpu &&
	       same_culprit(&last->culprit, &stretch->culprit);
}

/* Instants are rounded, not lengths, so that a job's parts add up to what lies
 * between its own rounded instants. */
static void put_down(const struct session *session, struct watch *watch)
{
	const struct timebase *tb = &sim_of(session)->tb;
	const struct stretch *last = &watch->last;
	int64_t ns = last->to / tb->per_ns - last->from / tb->per_ns;

	if (!last->windows)
		return;
	if (watch->worst)
		g_array_append_vals(watch->stretches, last, 1);
	else
		blame_sums_add(watch->sums, &last->culprit, ns * last->windows);
	watch->last.windows = 0;
}

static void add_stretch(const struct session *session, struct watch *watch,
			const struct stretch *stretch)
{
	if (goes_on(&watch->last, stretch)) {
		watch->last.to = stretch->to;
		return;
	}
	put_down(session, watch);
	watch->last = *stretch;
}

/* The same, of what a CPU did; append @stretch to @list. */
static void append_stretch(GArray *list, const struct stretch *stretch)
{
	struct stretch *last = NULL;

	if (list->len)
		last = &g_array_index(list, struct stretch, list->len - 1);
	if (last && goes_on(last, stretch))
		last->to = stretch->to;
	else
		g_array_append_vals(list, stretch, 1);
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
			session, watch,
			&g_array_index(watch->before[cpu], struct stretch, i));
	for (unsigned int i = 0; i < nr_cpus(session); i++)
		g_array_set_size(watch->before[i], 0);
}

/* Nobody knows yet who is going to wake the task: ask each CPU. */
static void look_everywhere(const struct session *session, struct watch *watch,
			    ktime_t from, ktime_t to)
{
	const struct blamer *blamer = &session->replay->blamer;
	const struct task *task = task_of(session, watch);

	watch->asleep = true;
	for (unsigned int i = 0; i < nr_cpus(session); i++) {
		struct kcpu *kc = &blamer->kernel->cpus[i];

		for (ktime_t t = from; t < to;) {
			struct stretch stretch = {
				.from = t, .to = to, .windows = watch->open->len
			};

			stretch.culprit = blame_cpu(blamer, kc, task, false, t,
						    &stretch.to);
			append_stretch(watch->before[i], &stretch);
			t = stretch.to;
		}
	}
}

/* How many of the windows began after @release? */
static unsigned int begun_after(const struct watch *watch, ktime_t release)
{
	unsigned int low = 0, high = watch->open->len;

	while (low < high) {
		unsigned int mid = low + (high - low) / 2;

		if (g_array_index(watch->open, ktime_t, mid) <= release)
			low = mid + 1;
		else
			high = mid;
	}
	return watch->open->len - low;
}

/* What the task itself does may be a job before the window's. */
static void take_own(const struct session *session, struct watch *watch,
		     struct stretch *stretch)
{
	const struct blame_task *task =
		&session->replay->blamer.tasks[watch->task];
	unsigned int earlier = 0;

	if (watch->job && task->in_job)
		earlier = begun_after(watch, task->release);
	if (earlier) {
		struct stretch other = *stretch;

		other.culprit.cause = BLAME_earlier_job;
		other.windows = earlier;
		add_stretch(session, watch, &other);
	}
	stretch->windows -= earlier;
	if (stretch->windows)
		add_stretch(session, watch, stretch);
}

/* The job that it is in began before all of the windows did. */
static bool is_the_windows_own(const struct session *session,
			       const struct watch *watch)
{
	const struct blame_task *task =
		&session->replay->blamer.tasks[watch->task];

	return !watch->job || !task->in_job ||
	       g_array_index(watch->open, ktime_t, watch->open->len - 1) <=
		       task->release;
}

/* Most of what is seen is simple, and of many windows only the sum is told:
 * @ns of it are to be added up. */
static bool glance(const struct session *session, struct watch *watch,
		   int64_t ns)
{
	unsigned int number;
	bool own;

	if (!watch->sums || watch->asleep)
		return false;
	number = blame_glance(&session->replay->blamer, watch->who, watch->sums,
			      sim_of(session)->now, &own);
	if (number == NO_SUM || (own && !is_the_windows_own(session, watch)))
		return false;
	blame_sums_at(watch->sums, number)->ns += ns * watch->open->len;
	return true;
}

static void look(const struct session *session, struct watch *watch,
		 ktime_t from, ktime_t to)
{
	const struct blamer *blamer = &session->replay->blamer;

	while (from < to) {
		struct stretch stretch = { .from = from,
					   .to = to,
					   .windows = watch->open->len };

		if (!blame_task(blamer, watch->task, watch->job, from,
				&stretch.to, &stretch.culprit)) {
			look_everywhere(session, watch, from, stretch.to);
			from = stretch.to;
			continue;
		}
		from = stretch.to;
		settle(session, watch, task_of(session, watch)->cpu);
		if (stretch.culprit.cause == BLAME_execution)
			take_own(session, watch, &stretch);
		else
			add_stretch(session, watch, &stretch);
	}
}

/* The clock is about to move to @until. */
static void time_passes(void *data, ktime_t until)
{
	struct session *session = data;
	const struct sim *sim = sim_of(session);
	int64_t per_ns = sim->tb.per_ns;
	int64_t ns = until / per_ns - sim->now / per_ns;

	for (unsigned int i = 0; i < session->watches->len; i++) {
		struct watch *watch = session->watches->pdata[i];

		if (!glance(session, watch, ns))
			look(session, watch, sim->now, until);
	}
}

/*
 * Windows
 */

static struct watch *watch_new(const struct session *session,
			       const struct blame_window *window)
{
	struct watch *watch = g_new0(struct watch, 1);

	watch->worst = window->worst == NO_WORST ? NULL : window;
	watch->task = window->task;
	watch->job = window->job;
	watch->who = task_of(session, watch);
	if (!watch->worst)
		watch->sums = &session->replay->sums[watch->task];
	watch->open = g_array_new(FALSE, FALSE, sizeof(ktime_t));
	watch->stretches = g_array_new(FALSE, FALSE, sizeof(struct stretch));
	watch->before = g_new(GArray *, nr_cpus(session));
	for (unsigned int i = 0; i < nr_cpus(session); i++)
		watch->before[i] =
			g_array_new(FALSE, FALSE, sizeof(struct stretch));
	g_ptr_array_add(session->watches, watch);
	return watch;
}

static void watch_free(const struct session *session, struct watch *watch)
{
	if (watch->recorder)
		timeline_finish(watch->recorder);
	for (unsigned int i = 0; i < nr_cpus(session); i++)
		g_array_unref(watch->before[i]);
	g_free(watch->before);
	g_array_unref(watch->open);
	g_array_unref(watch->stretches);
	g_free(watch);
}

/* What the CPUs do meanwhile. */
static void record_window(const struct session *session, struct watch *watch)
{
	struct replay *replay = session->replay;
	struct worst_case *worst =
		replay->results->worst->pdata[watch->worst->worst];

	worst->window =
		timeline_new(worst->at_ns, worst->at_ns + worst->latency_ns);
	watch->recorder = timeline_record(worst->window, replay->blamer.kernel);
}

static bool looks_at_many(const struct watch *watch,
			  const struct blame_window *window)
{
	return !watch->worst && watch->task == window->task &&
	       watch->job == window->job;
}

/* Who looks at @window, or is to look at it with others of its kind. */
static struct watch *watch_of(const struct session *session,
			      const struct blame_window *window)
{
	for (unsigned int i = 0; i < session->watches->len; i++) {
		struct watch *watch = session->watches->pdata[i];

		if (window->worst != NO_WORST ? watch->worst == window :
						looks_at_many(watch, window))
			return watch;
	}
	return NULL;
}

static void watch_begin(const struct session *session,
			const struct blame_window *window)
{
	struct watch *watch = watch_of(session, window);

	if (!watch)
		watch = watch_new(session, window);
	if (watch->worst && session->replay->timelines)
		record_window(session, watch);
	g_array_append_val(watch->open, window->from);
}

/* What is explained must be what was measured. */
static void check_same(const struct session *session,
		       const struct blame_window *window)
{
	const struct blamer *blamer = &session->replay->blamer;

	if (unlikely(window->kind == KIND_WAKEUP_LATENCY && window->job &&
		     blamer->tasks[window->task].started != window->to))
		sim_bug(sim_of(session), -1,
			"simulated again, a job of %s begins elsewhere",
			blamer->workload->tasks[window->task].task.comm);
}

static void window_end(struct session *session,
		       const struct blame_window *window)
{
	struct watch *watch = watch_of(session, window);
	struct replay *replay = session->replay;

	check_same(session, window);
	settle(session, watch, task_of(session, watch)->cpu);
	g_array_remove_index(watch->open,
			     watch->open->len - 1 -
				     begun_after(watch, window->from));
	if (watch->worst || !watch->open->len)
		put_down(session, watch);
	if (watch->worst)
		blame_take_worst(&replay->blamer, window, watch->stretches,
				 replay->results);
	else
		watch->sums->windows++;
	if (watch->open->len)
		return;
	g_ptr_array_remove_fast(session->watches, watch);
	watch_free(session, watch);
}

static const struct blame_window *window_at(const struct session *session,
					    unsigned int i)
{
	return &g_array_index(session->replay->windows, struct blame_window, i);
}

static bool all_begun(const struct session *session)
{
	return session->next == session->replay->windows->len;
}

static void end_due(struct session *session, ktime_t now)
{
	while (session->next_end < session->ends->len) {
		const struct blame_window *window =
			session->ends->pdata[session->next_end];

		if (window->to > now)
			break;
		session->next_end++;
		window_end(session, window);
	}
}

static void begin_due(struct session *session, ktime_t now)
{
	while (!all_begun(session) &&
	       window_at(session, session->next)->from <= now)
		watch_begin(session, window_at(session, session->next++));
}

static void schedule_edge(struct session *session)
{
	const struct blame_window *end;
	ktime_t first = KTIME_MAX;

	if (!all_begun(session))
		first = window_at(session, session->next)->from;
	if (session->next_end < session->ends->len) {
		end = session->ends->pdata[session->next_end];
		first = MIN(first, end->to);
	}
	if (first != KTIME_MAX)
		sim_schedule(sim_of(session), &session->replay->edge, first,
			     PRIO_BOUNDARY);
}

static void edge_fire(struct evsource *source)
{
	struct replay *replay = container_of(source, struct replay, edge);

	sim_stop(replay->blamer.kernel->sim);
}

/*
 * What has to be heard of
 */

static void on_waking(void *data, const struct trace_record *record)
{
	struct session *session = data;

	for (unsigned int i = 0; i < session->watches->len; i++) {
		struct watch *watch = session->watches->pdata[i];

		if (task_of(session, watch) == record->object)
			settle(session, watch, record->cpu);
	}
}

static void on_job_start(void *data, const struct trace_record *record)
{
	struct session *session = data;
	unsigned int index = to_wl_task(record->object)->index;

	session->replay->blamer.tasks[index] = (struct blame_task){
		.in_job = true, .release = record->a, .started = record->when
	};
}

static void on_job_end(void *data, const struct trace_record *record)
{
	struct session *session = data;
	unsigned int index = to_wl_task(record->object)->index;

	session->replay->blamer.tasks[index].in_job = false;
}

static void listen(struct session *session)
{
	static const struct {
		enum tracepoint id;
		void (*told)(void *data, const struct trace_record *record);
	} wanted[G_N_ELEMENTS(session->listeners)] = {
		{ TP_sched_waking, on_waking },
		{ TP_job_start, on_job_start },
		{ TP_job_end, on_job_end },
	};

	for (unsigned int i = 0; i < G_N_ELEMENTS(wanted); i++) {
		session->listeners[i] =
			(struct listener){ .told = wanted[i].told,
					   .data = session };
		tracer_attach(&sim_of(session)->tracer, wanted[i].id,
			      &session->listeners[i]);
	}
}

/*
 * The simulation
 */

static gint by_end(gconstpointer a, gconstpointer b)
{
	const struct blame_window *x = *(const struct blame_window *const *)a;
	const struct blame_window *y = *(const struct blame_window *const *)b;

	if (x->to != y->to)
		return x->to < y->to ? -1 : 1;
	if (x->from != y->from)
		return x->from > y->from ? -1 : 1;
	return (x > y) - (x < y);
}

static void session_init(struct session *session, struct replay *replay)
{
	*session = (struct session){ .replay = replay,
				     .ends = g_ptr_array_new(),
				     .watches = g_ptr_array_new() };
	for (unsigned int i = 0; i < replay->windows->len; i++)
		g_ptr_array_add(session->ends,
				(void *)(uintptr_t)window_at(session, i));
	g_ptr_array_sort(session->ends, by_end);
	listen(session);
}

static void session_destroy(struct session *session)
{
	for (unsigned int i = 0; i < session->watches->len; i++)
		watch_free(session, session->watches->pdata[i]);
	g_ptr_array_unref(session->watches);
	g_ptr_array_unref(session->ends);
}

/* To where the next window can be reached from. */
static void go_back(struct session *session)
{
	const struct checkpoint *since =
		window_at(session, session->next)->since;
	struct blamer *blamer = &session->replay->blamer;

	checkpoint_restore(since, blamer->kernel);
	memcpy(blamer->tasks, since->tasks,
	       blamer->workload->nr_tasks * sizeof(*since->tasks));
}

/* Is there a shorter way to the next window than to go on? */
static bool may_jump(const struct session *session)
{
	return !session->watches->len && !all_begun(session) &&
	       window_at(session, session->next)->since->at >
		       sim_of(session)->now;
}

/* Fast to the next beginning or end of a window, or through it slowly.  What
 * ends now has had all of its instant, and what begins now has none of it: time
 * that passes is what is explained. */
static bool step(struct session *session)
{
	struct sim *sim = sim_of(session);
	uint64_t before = sim->events;
	bool whole;

	schedule_edge(session);
	sim->stopping = false;
	if (session->watches->len)
		whole = sim_walk(sim, time_passes, session);
	else
		whole = sim_run(sim);
	session->replay->results->replayed += sim->events - before;
	end_due(session, sim->now);
	begin_due(session, sim->now);
	return whole;
}

void replay_init(struct replay *replay)
{
	sim_add_source(replay->blamer.kernel->sim, &replay->edge, edge_fire);
}

bool replay_run(struct replay *replay)
{
	struct session session;
	bool whole = true;

	session_init(&session, replay);
	go_back(&session);
	while (whole && session.next_end < session.ends->len) {
		if (may_jump(&session))
			go_back(&session);
		whole = step(&session);
	}
	session_destroy(&session);
	return whole;
}
