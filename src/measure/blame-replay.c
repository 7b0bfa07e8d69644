/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Simulating again, and looking.
 *
 * A worst case is looked at by itself, since the order of what happened is told
 * of it.  Of all others of a task only the sum is: those that are under way at
 * a time are looked at together.
 *
 * What a task waits for before it has been woken is seen at who is going to wake
 * it, see blame-before.c.
 */
#include <config.h>

#include "blame-private.h"

#include <string.h>

#include "preemptsim/kernel/preempt.h"
#include "preemptsim/measure/timeline.h"

/** struct open_window - a window under way, see struct blame_window. */
struct open_window {
	ktime_t from, started;
};

/**
 * struct watch - windows under way.
 * @worst: the only one, or NULL
 * @recorder: records what the CPUs do meanwhile, or NULL
 * @task, @who, @job: whose they are; of jobs
 * @sums: where they are added up; NULL: it is a worst case
 * @open: GArray of struct open_window, by when their jobs began
 * @last: the stretch that may go on; last.windows is 0: none does
 * @stretches: GArray of struct stretch: of a worst case, those before
 * @before: what is done before the task is woken
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
	struct before *before;
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

static const struct task *task_of(const struct session *session,
				  const struct watch *watch)
{
	return &session->replay->blamer.workload->tasks[watch->task].task;
}

/*
 * Stretches
 */

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
	if (stretch_goes_on(&watch->last, stretch)) {
		watch->last.to = stretch->to;
		return;
	}
	put_down(session, watch);
	watch->last = *stretch;
}

/* What is in @list is what the task waited for; @waker: the task that woke it, or
 * NULL. */
static void settle(const struct session *session, struct watch *watch,
		   const GArray *list, const struct task *waker)
{
	for (unsigned int i = 0; i < list->len; i++) {
		struct stretch stretch = g_array_index(list, struct stretch, i);

		/* It was not going to wake this one. */
		if (stretch.culprit.cause == BLAME_wakeup &&
		    stretch.culprit.task != waker)
			stretch.culprit.cause = BLAME_task;
		add_stretch(session, watch, &stretch);
	}
	before_clear(watch->before);
}

/* Nobody was seen to wake it. */
static void settle_anyway(const struct session *session, struct watch *watch)
{
	if (before_begun(watch->before))
		settle(session, watch,
		       before_of_nobody(watch->before, watch->who), NULL);
}

static struct open_window *open_at(const struct watch *watch, unsigned int i)
{
	return &g_array_index(watch->open, struct open_window, i);
}

/* Of how many windows did the jobs begin after @started? */
static unsigned int begun_after(const struct watch *watch, ktime_t started)
{
	unsigned int low = 0, high = watch->open->len;

	while (low < high) {
		unsigned int mid = low + (high - low) / 2;

		if (open_at(watch, mid)->started <= started)
			low = mid + 1;
		else
			high = mid;
	}
	return watch->open->len - low;
}

static void open_window(const struct watch *watch,
			const struct blame_window *window)
{
	struct open_window new = { window->from, window->started };
	unsigned int later = begun_after(watch, window->started);

	g_array_insert_val(watch->open, watch->open->len - later, new);
}

/* Of those that are alike, the last to be opened is mostly the one. */
static void close_window(const struct watch *watch,
			 const struct blame_window *window)
{
	unsigned int i = watch->open->len - begun_after(watch, window->started);

	do
		i--;
	while (open_at(watch, i)->from != window->from);
	g_array_remove_index(watch->open, i);
}

/* What the task itself does may be a job before the window's. */
static void take_own(const struct session *session, struct watch *watch,
		     struct stretch *stretch)
{
	const struct blame_task *task =
		&session->replay->blamer.tasks[watch->task];
	unsigned int earlier = 0;

	if (watch->job && task->in_job)
		earlier = begun_after(watch, task->started);
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

/* The job that it is in is not before that of any window. */
static bool is_the_windows_own(const struct session *session,
			       const struct watch *watch)
{
	const struct blame_task *task =
		&session->replay->blamer.tasks[watch->task];

	return !watch->job || !task->in_job ||
	       open_at(watch, watch->open->len - 1)->started <= task->started;
}

/* Most of what is seen is simple, and of many windows only the sum is told:
 * @ns of it are to be added up. */
static bool glance(const struct session *session, struct watch *watch,
		   int64_t ns)
{
	unsigned int number;
	bool own;

	if (!watch->sums || before_begun(watch->before))
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
			before_look(watch->before, watch->who, &stretch);
			from = stretch.to;
			continue;
		}
		from = stretch.to;
		settle_anyway(session, watch);
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
	watch->job = window->started != NO_JOB;
	watch->who = task_of(session, watch);
	if (!watch->worst)
		watch->sums = &session->replay->sums[watch->task];
	watch->open = g_array_new(FALSE, FALSE, sizeof(struct open_window));
	watch->stretches = g_array_new(FALSE, FALSE, sizeof(struct stretch));
	watch->before = before_new(&session->replay->blamer);
	g_ptr_array_add(session->watches, watch);
	return watch;
}

static void watch_free(struct watch *watch)
{
	if (watch->recorder)
		timeline_finish(watch->recorder);
	before_free(watch->before);
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
	       watch->job == (window->started != NO_JOB);
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
	open_window(watch, window);
}

/* What is explained must be what was measured. */
static void check_same(const struct session *session,
		       const struct blame_window *window)
{
	const struct blamer *blamer = &session->replay->blamer;

	if (unlikely(window->kind == KIND_WAKEUP_LATENCY &&
		     window->started != NO_JOB &&
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
	settle_anyway(session, watch);
	close_window(watch, window);
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
	watch_free(watch);
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

/* The task that wakes another on @kc; NULL: an interrupt or a softirq does. */
static const struct task *waker_at(const struct kcpu *kc)
{
	bool task = !in_nmi(kc) && !in_hardirq(kc) && !in_serving_softirq(kc);

	return task ? current_task(kc) : NULL;
}

static void on_waking(void *data, const struct trace_record *record)
{
	struct session *session = data;
	const struct kcpu *kc =
		&session->replay->blamer.kernel->cpus[record->cpu];

	for (unsigned int i = 0; i < session->watches->len; i++) {
		struct watch *watch = session->watches->pdata[i];
		struct before *before = watch->before;

		if (!before_begun(before))
			continue;
		if (watch->who == record->object)
			settle(session, watch,
			       before_of_waker(before, record->cpu),
			       waker_at(kc));
		else
			before_woken(before, record->object, record->cpu);
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
		watch_free(session->watches->pdata[i]);
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
