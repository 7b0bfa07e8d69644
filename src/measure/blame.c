/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which copies of a simulation are kept, and which waits are explained when.
 *
 * What costs time is taking copies, and simulating from a copy to where a wait
 * begins.  The more waits there are, the more copies pay.  Waits are explained
 * many at a time, so that what several have in common is simulated once.
 *
 * An event is the unit of effort, since it does not depend on the machine that
 * this runs on.
 */
#include <config.h>

#include "blame-private.h"
#include "probe-private.h"

#include <math.h>

/* Bytes that are copied in the time of an event, and what else a copy takes. */
#define BYTES_PER_EVENT 2000u
#define COPY_EVENTS 8u

/* Copies take a part of a run, at most; and a larger one where that spares as
 * much on the ways to waits, since all are to be explained, and lie so many
 * times as far apart as a copy costs: no way is part of another, then. */
#define COPY_SHARE 40u
#define COPY_SHARE_SPARSE 15u
#define SPARSE_COPIES 10u

/* How often it is looked which of them to keep: each so many. */
#define DISCARD_EACH 8u

/* First guess: so many copies in a run. */
#define FIRST_COPIES 256

/* Of a run's events, and of so many more for its beginning and its end, this
 * part may be simulated again.  With BLAME_MOST it's as many as a blink of an
 * eye allows, some 0.04 s, if these are more: who runs some seconds wants to
 * know of each. */
#define OTHER_EVENTS 10000u
#define REPLAY_SHARE 21u
#define BLINK_EVENTS 1000000u

/* Copies that are kept until waits are explained, and bytes in them, and waits:
 * of those of which all are explained, and of others. */
#define HELD_MIN 16u
#define HELD_MAX 256u
#define HELD_BYTES (32u << 20)
#define PENDING_MAX 4096u
#define SAMPLE_MAX 256u

/**
 * struct explainer - the keeper.
 * @replay: what looks back
 * @sim: what is copied
 * @tick: the next copy
 * @probe: knows what the tasks do
 * @kept: GPtrArray of struct checkpoint *, by time; @spare: those not in use
 * @number: copies taken
 * @left_out: of them, as arena_left_out() says
 * @cost: of a copy, in events
 * @held_max: copies to be kept for waits
 * @pending: GArray of struct blame_window, to be explained
 * @chosen: the same, while they are
 * @choice: among the former
 * @waits: that were to be explained so far
 * @keep: those of higher rank are forgotten at once
 * @seen: by wl_task.index: it had one
 * @nr_waits, @nr_empty: by wl_task.index: how many, and those that were over
 *                       when they began
 * @others: who would listen if nothing were simulated again
 * @incomplete: it was interrupted
 */
struct explainer {
	struct blame_config config;
	struct replay replay;
	struct sim *sim;
	struct evsource tick;
	const struct probe *probe;
	GPtrArray *kept, *spare;
	uint64_t number;
	uint64_t left_out;
	uint64_t cost;
	size_t held_max;
	GArray *pending, *chosen;
	struct blame_choice choice;
	uint64_t waits;
	uint32_t keep;
	bool *seen;
	uint64_t *nr_waits, *nr_empty;
	bool incomplete;
	struct tracer others;
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

bool blame_replays(const struct explainer *blame)
{
	return blame && blame->sim->tracer.again;
}

static unsigned int nr_tasks(const struct explainer *blame)
{
	return blame->config.workload->nr_tasks;
}

/*
 * Copies
 */

/* Of those that nobody needs, some are kept for waits that turn out to be
 * long: the older, the fewer. */
static bool worth_keeping(uint64_t number, uint64_t newest)
{
	uint64_t age = newest - number, step = 1;

	while (step * 4 <= age)
		step *= 2;
	return number % step == 0;
}

static void discard_old(struct explainer *blame)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < blame->kept->len; i++) {
		struct checkpoint *one = blame->kept->pdata[i];

		if (one->refs || worth_keeping(one->number, blame->number))
			blame->kept->pdata[n++] = one;
		else
			g_ptr_array_add(blame->spare, one);
	}
	g_ptr_array_set_size(blame->kept, (int)n);
}

static struct checkpoint *checkpoint_get(struct explainer *blame)
{
	struct checkpoint *checkpoint;

	if (!blame->spare->len)
		return checkpoint_new();
	checkpoint =
		g_ptr_array_steal_index(blame->spare, blame->spare->len - 1);
	checkpoint->refs = 0;
	return checkpoint;
}

static void copy_tasks(const struct explainer *blame,
		       struct checkpoint *checkpoint)
{
	const struct probe *probe = blame->probe;

	if (!checkpoint->tasks)
		checkpoint->tasks = g_new(struct blame_task, probe->nr_tasks);
	for (unsigned int i = 0; i < probe->nr_tasks; i++) {
		const struct task_probe *task = &probe->tasks[i];

		checkpoint->tasks[i] =
			(struct blame_task){ .in_job = task->in_job,
					     .release = task->release,
					     .started = task->start };
	}
}

/* Where it does not matter how long that takes. */
static void check_left_out(struct explainer *blame)
{
	uint64_t sum = arena_left_out(&blame->sim->state);

	if (!blame->number)
		blame->left_out = sum;
	if (unlikely(blame->left_out != sum))
		sim_bug(blame->sim, -1, "what no copy has has changed");
}

static void take_copy(struct explainer *blame)
{
	struct checkpoint *checkpoint = checkpoint_get(blame);

	if (blame->config.interval)
		check_left_out(blame);
	checkpoint_take(checkpoint, blame->config.workload->kernel);
	checkpoint->number = blame->number++;
	copy_tasks(blame, checkpoint);
	blame->cost =
		COPY_EVENTS + checkpoint_bytes(checkpoint) / BYTES_PER_EVENT;
	g_ptr_array_add(blame->kept, checkpoint);
	blame->held_max = CLAMP(HELD_BYTES / checkpoint_bytes(checkpoint),
				HELD_MIN, HELD_MAX);
	if (blame->number % DISCARD_EACH == 0)
		discard_old(blame);
}

struct checkpoint *blame_hold(struct explainer *blame, ktime_t from)
{
	unsigned int i = blame->kept->len;
	struct checkpoint *checkpoint;

	if (!i)
		return NULL;
	do
		checkpoint = blame->kept->pdata[--i];
	while (checkpoint->at > from);
	checkpoint->refs++;
	return checkpoint;
}

void blame_drop(struct checkpoint *checkpoint)
{
	if (checkpoint)
		checkpoint->refs--;
}

/*
 * When the next one is due
 */

/* Is each of @waits reached by a way of its own? */
static bool is_sparse(const struct explainer *blame, uint64_t waits)
{
	return blame->config.which != BLAME_SOME &&
	       waits * SPARSE_COPIES * blame->cost < blame->sim->events;
}

/* Where a copy less costs as much on the ways to the waits as it spares. */
static uint64_t best_interval(const struct explainer *blame)
{
	uint64_t waits = blame->waits + blame->config.worst + 1;
	uint64_t share =
		is_sparse(blame, waits) ? COPY_SHARE_SPARSE : COPY_SHARE;

	if (blame->config.interval)
		return blame->config.interval;
	return MAX((uint64_t)sqrt(2.0 * (double)blame->cost *
				  (double)blame->sim->events / (double)waits),
		   share * blame->cost);
}

/* At the pace of the run so far. */
static ktime_t tick_period(const struct explainer *blame)
{
	__extension__ typedef __int128 wide_t;
	ktime_t passed = blame->sim->now;
	uint64_t events = blame->sim->events;

	if (!passed || !events)
		return blame->config.end / FIRST_COPIES + 1;
	return (ktime_t)((wide_t)passed * best_interval(blame) / events) + 1;
}

static void schedule_tick(struct explainer *blame)
{
	sim_schedule(blame->sim, &blame->tick,
		     blame->sim->now + tick_period(blame), PRIO_BOUNDARY);
}

/*
 * Looking back
 */

/* Effort for all of the run up to now. */
static uint64_t allowance(const struct explainer *blame)
{
	uint64_t part = (blame->sim->events + OTHER_EVENTS) / REPLAY_SHARE;

	switch (blame->config.which) {
	case BLAME_ALL:
		return UINT64_MAX / 4;
	case BLAME_SOME:
		return part;
	default:
		return MAX(part, BLINK_EVENTS);
	}
}

static bool is_sorted(const GArray *windows)
{
	for (unsigned int i = 1; i < windows->len; i++)
		if (blame_by_beginning(
			    &g_array_index(windows, struct blame_window, i - 1),
			    &g_array_index(windows, struct blame_window, i)) >
		    0)
			return false;
	return true;
}

/* What lies between two windows is not simulated, what they share once. */
static void choose(struct explainer *blame, bool last)
{
	blame->choice.allowed = allowance(blame);
	blame_choose(&blame->choice, blame->pending, last);
	for (unsigned int i = 0; i < blame->pending->len; i++) {
		const struct blame_window *window =
			&g_array_index(blame->pending, struct blame_window, i);

		if (window->chosen)
			g_array_append_vals(blame->chosen, window, 1);
		else
			blame_drop(window->since);
	}
	g_array_set_size(blame->pending, 0);
	if (!is_sorted(blame->chosen))
		g_array_sort(blame->chosen, blame_by_beginning);
}

/* Explain what is pending; the simulation is not put back to where it was. */
static void look_back(struct explainer *blame)
{
	blame->others = blame->sim->tracer;
	blame->sim->tracer = (struct tracer){ .again = true };
	if (!replay_run(&blame->replay))
		blame->incomplete = true;
	blame->sim->tracer = blame->others;
	for (unsigned int i = 0; i < blame->chosen->len; i++)
		blame_drop(g_array_index(blame->chosen, struct blame_window, i)
				   .since);
	g_array_set_size(blame->chosen, 0);
}

static void look_back_and_return(struct explainer *blame)
{
	struct kernel *kernel = blame->config.workload->kernel;
	struct checkpoint *here;

	choose(blame, false);
	if (!blame->chosen->len)
		return;
	here = checkpoint_get(blame);
	checkpoint_take(here, kernel);
	look_back(blame);
	checkpoint_restore(here, kernel);
	g_ptr_array_add(blame->spare, here);
}

static unsigned int nr_held(const struct explainer *blame)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < blame->kept->len; i++) {
		const struct checkpoint *one = blame->kept->pdata[i];

		n += one->refs > 0;
	}
	return n;
}

/* Waits to be explained together: more, where it may yet be all of them. */
static unsigned int pending_max(const struct explainer *blame)
{
	bool all = blame->config.which == BLAME_ALL ||
		   (blame->config.which == BLAME_MOST &&
		    blame->choice.spent < BLINK_EVENTS);

	return all ? PENDING_MAX : SAMPLE_MAX;
}

/* The worst cases so far hold copies, too. */
static bool is_crowded(const struct explainer *blame)
{
	return blame->pending->len > pending_max(blame) + blame->config.worst ||
	       nr_held(blame) > blame->held_max + blame->config.worst;
}

/* Of the waits keep those of a rank up to @keep, and as many of those to come:
 * so they are a fair sample. */
static void keep_up_to(struct explainer *blame, uint32_t keep)
{
	unsigned int n = 0;

	blame->keep = keep;
	for (unsigned int i = 0; i < blame->pending->len; i++) {
		struct blame_window *window =
			&g_array_index(blame->pending, struct blame_window, i);

		if (window->worst == NO_WORST && window->rank > blame->keep) {
			blame_drop(window->since);
			continue;
		}
		if (i != n)
			g_array_index(blame->pending, struct blame_window, n) =
				*window;
		n++;
	}
	g_array_set_size(blame->pending, n);
}

/* Forget waits until there is room for some more. */
static void thin_out(struct explainer *blame)
{
	while (is_crowded(blame) && blame->keep) {
		uint64_t max = pending_max(blame) + blame->config.worst;
		uint64_t n = MAX(blame->pending->len, max);

		keep_up_to(blame, (uint32_t)(blame->keep * max / n / 8 * 7));
	}
}

static bool can_explain_all(const struct explainer *blame)
{
	uint64_t allowed = allowance(blame);

	return blame->config.which == BLAME_ALL ||
	       (blame->choice.spent < allowed &&
		blame_fits(blame->pending, allowed - blame->choice.spent));
}

static void tick_fire(struct evsource *source)
{
	struct explainer *blame = container_of(source, struct explainer, tick);

	blame->sim->events--; /* not an event of the machine */
	if (blame_replays(blame))
		return;
	if (blame->number % DISCARD_EACH == 0 && is_crowded(blame)) {
		if (can_explain_all(blame))
			look_back_and_return(blame);
		else
			thin_out(blame);
	}
	take_copy(blame);
	schedule_tick(blame);
}

bool blame_skips(struct explainer *blame, unsigned int task)
{
	blame->waits++;
	blame->nr_waits[task]++;
	return likely(blame->seen[task]) &&
	       blame_rank(blame->waits) > blame->keep;
}

void blame_add_empty(struct explainer *blame, unsigned int task)
{
	blame->nr_empty[task]++;
}

/* The first of each task comes before the others. */
static uint32_t rank_of(struct explainer *blame,
			const struct blame_window *window)
{
	if (window->worst != NO_WORST)
		return 0;
	if (blame->seen[window->task])
		return blame_rank(blame->waits);
	blame->seen[window->task] = true;
	return 0;
}

/* Without this, many would be taken that are dropped again. */
void blame_expect(struct explainer *blame, uint64_t n)
{
	uint64_t max = pending_max(blame) + blame->config.worst;
	uint64_t kept = blame->pending->len +
			MIN(n, UINT32_MAX) * blame->keep / RANK_MAX;

	if (kept > max && blame->config.which != BLAME_ALL)
		keep_up_to(blame, (uint32_t)(blame->keep * max / kept));
}

void blame_add(struct explainer *blame, const struct blame_window *window)
{
	uint32_t rank = rank_of(blame, window);
	struct blame_window *new;

	if (window->to <= window->from) {
		blame_drop(window->since);
		return;
	}
	g_array_append_vals(blame->pending, window, 1);
	new = &g_array_index(blame->pending, struct blame_window,
			     blame->pending->len - 1);
	new->rank = rank;
	if (!new->since)
		new->since = blame_hold(blame, new->from);
	if (blame->pending->len > 2 * pending_max(blame) &&
	    blame->config.which != BLAME_ALL)
		thin_out(blame);
}

/*
 * From the beginning to the end
 */

struct explainer *blame_new(const struct blame_config *config)
{
	struct explainer *blame = g_new0(struct explainer, 1);

	blame->config = *config;
	blame->sim = config->workload->kernel->sim;
	blame->kept = g_ptr_array_new();
	blame->spare = g_ptr_array_new_with_free_func(checkpoint_free);
	blame->pending = g_array_sized_new(
		FALSE, FALSE, sizeof(struct blame_window), 2 * SAMPLE_MAX);
	blame->chosen = g_array_new(FALSE, FALSE, sizeof(struct blame_window));
	blame->replay = (struct replay){
		.blamer = { .workload = config->workload,
			    .kernel = config->workload->kernel,
			    .tasks = g_new0(struct blame_task, nr_tasks(blame)),
			    .holdings = holdings_new() },
		.windows = blame->chosen,
		.sums = g_new(struct blame_sums, nr_tasks(blame)),
		.results = config->results,
		.timelines = config->timelines,
	};
	blame->keep = RANK_MAX;
	blame->seen = g_new0(bool, nr_tasks(blame));
	blame->nr_waits = g_new0(uint64_t, nr_tasks(blame));
	blame->nr_empty = g_new0(uint64_t, nr_tasks(blame));
	blame->choice.taken = g_new0(bool, nr_tasks(blame));
	for (unsigned int i = 0; i < nr_tasks(blame); i++)
		blame_sums_init(&blame->replay.sums[i]);
	replay_init(&blame->replay);
	sim_add_source(blame->sim, &blame->tick, tick_fire);
	return blame;
}

static bool has_readers(const struct workload *workload)
{
	for (unsigned int i = 0; i < workload->nr_locks; i++) {
		const struct lock_type *type = workload->locks[i].type;

		if (type->read_lock[LOCK_PLAIN] || type->seq_wait)
			return true;
	}
	return false;
}

void blame_begin(struct explainer *blame, const struct probe *probe)
{
	const struct workload *workload = blame->config.workload;

	blame->probe = probe;
	kernel_leave_out(workload->kernel, has_readers(workload));
	sim_schedule(blame->sim, &blame->tick, 0, PRIO_BOUNDARY);
}

/* Of those with nothing to look at as large a part as of the others: so they
 * are all of them if all are, and of a sample no more than their part. */
static uint64_t part_of_empty(const struct explainer *blame, unsigned int task)
{
	__extension__ typedef unsigned __int128 wide_t;
	uint64_t all = blame->nr_waits[task], empty = blame->nr_empty[task];
	wide_t part;

	if (!all)
		return empty;
	part = (wide_t)empty * blame->replay.sums[task].windows + all / 2;
	return (uint64_t)(part / all);
}

/* To the results of each task, in the order of the workload's. */
static void take_sums(const struct explainer *blame)
{
	const GPtrArray *tasks = blame->config.results->tasks;
	const struct blame_sums *next = blame->replay.sums;
	int64_t over = blame->config.over_ns;

	for (unsigned int i = 0; i < nr_tasks(blame); i++)
		blame->replay.sums[i].windows += part_of_empty(blame, i);
	for (unsigned int i = 0; i < tasks->len; i++) {
		struct task_results *task = tasks->pdata[i];
		unsigned int copies = task->copies ? task->copies->len : 0;

		for (unsigned int k = 0; k < copies; k++)
			blame_sums_take(next++, over, task->copies->pdata[k]);
		if (!copies)
			blame_sums_take(next++, over, task);
	}
}

static void free_kept(void *checkpoint, void *unused)
{
	(void)unused;
	checkpoint_free(checkpoint);
}

static void blame_free(struct explainer *blame)
{
	for (unsigned int i = 0; i < nr_tasks(blame); i++)
		blame_sums_destroy(&blame->replay.sums[i]);
	g_free(blame->replay.sums);
	g_free(blame->replay.blamer.tasks);
	g_hash_table_unref(blame->replay.blamer.holdings);
	g_free(blame->choice.taken);
	g_free(blame->seen);
	g_free(blame->nr_waits);
	g_free(blame->nr_empty);
	g_ptr_array_foreach(blame->kept, free_kept, NULL);
	g_ptr_array_unref(blame->kept);
	g_ptr_array_unref(blame->spare);
	g_array_unref(blame->pending);
	g_array_unref(blame->chosen);
	g_free(blame);
}

void blame_finish(struct explainer *blame, bool whole)
{
	if (blame_replays(blame))
		blame->sim->tracer = blame->others;
	if (whole) {
		choose(blame, true);
		if (blame->chosen->len)
			look_back(blame);
		take_sums(blame);
	}
	if (whole && !blame->incomplete)
		results_finish_blame(blame->config.results);
	else
		results_drop_blame(blame->config.results);
	blame_free(blame);
}
