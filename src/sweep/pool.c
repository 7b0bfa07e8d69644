/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Threads that simulate, and one that writes.
 *
 * Threads take trials from a GThreadPool and leave results to the caller, who
 * writes them.  A transaction costs the same for one result as for many, so
 * between two of them results gather for a while, unless no more will come.
 * What comes later than that is written at once: the longer simulations take,
 * the less of them could get lost, which is never more than this while.
 */
#include <config.h>

#include "preemptsim/sweep/pool.h"

/* How long results gather, and how often the caller is told that time passes. */
#define GATHER_US (G_USEC_PER_SEC / 10)

/**
 * struct work - trials under way.
 * @halt: set to end those under way
 * @lock: taken to use what follows
 * @wake: told when no more will come, or one while @waits
 * @results: GPtrArray of struct trial *, those not written yet
 * @left: trials that have not ended
 * @waits: who writes has nothing to do
 */
struct work {
	const struct pool *pool;
	atomic_int halt;
	GMutex lock;
	GCond wake;
	GPtrArray *results;
	unsigned int left;
	bool waits;
};

static GPtrArray *results_new(void)
{
	return g_ptr_array_new_with_free_func(trial_free);
}

/* Leave @trial to be written; NULL: it was stopped. */
static void leave(struct work *work, struct trial *trial)
{
	g_mutex_lock(&work->lock);
	if (trial)
		g_ptr_array_add(work->results, trial);
	work->left--;
	if (work->waits || !work->left)
		g_cond_signal(&work->wake);
	g_mutex_unlock(&work->lock);
}

static void simulate_one(void *item, void *data)
{
	struct work *work = data;
	const struct plan *plan = work->pool->plan;
	uint32_t number = *(const uint32_t *)item;
	struct trial *trial = NULL;

	if (!atomic_load(&work->halt))
		trial = trial_simulate(plan, number / plan->runs,
				       number % plan->runs, &work->halt);
	leave(work, trial);
}

/* Take all results once @due has come, or no more will; if there are none then,
 * wait for one, but not for long. */
static GPtrArray *take(struct work *work, gint64 due)
{
	GPtrArray *results;

	g_mutex_lock(&work->lock);
	while (work->left && g_get_monotonic_time() < due)
		g_cond_wait_until(&work->wake, &work->lock, due);
	work->waits = true;
	due = g_get_monotonic_time() + GATHER_US;
	while (work->left && !work->results->len &&
	       g_cond_wait_until(&work->wake, &work->lock, due))
		;
	work->waits = false;
	results = work->results;
	work->results = results_new();
	g_mutex_unlock(&work->lock);
	return results;
}

static bool is_over(struct work *work)
{
	bool over;

	g_mutex_lock(&work->lock);
	over = !work->left && !work->results->len;
	g_mutex_unlock(&work->lock);
	return over;
}

/* Write what comes until all trials have ended. */
static char *write_results(struct work *work)
{
	const struct pool *pool = work->pool;
	unsigned int kept = 0;
	gint64 due = 0;
	char *why = NULL;

	while (!is_over(work)) {
		g_autoptr(GPtrArray) results = take(work, due);

		if (results->len && !why)
			why = store_put(pool->store, results);
		if (!why)
			kept += results->len;
		if (why || atomic_load(pool->stop))
			atomic_store(&work->halt, 1);
		pool->told(pool->data, kept);
		due = g_get_monotonic_time() + GATHER_US;
	}
	return why;
}

static char *start(struct work *work, const GArray *todo, GThreadPool **threads)
{
	g_autoptr(GError) error = NULL;

	*threads = g_thread_pool_new(simulate_one, work,
				     (int)MIN(work->pool->threads, todo->len),
				     TRUE, &error);
	if (!g_thread_pool_get_num_threads(*threads))
		return g_strdup_printf("preemptsim: error: no thread: %s",
				       error ? error->message : "");
	work->left = todo->len;
	for (unsigned int i = 0; i < todo->len; i++)
		g_thread_pool_push(*threads, &g_array_index(todo, uint32_t, i),
				   NULL);
	return NULL;
}

char *pool_simulate(const struct pool *pool, const GArray *todo)
{
	struct work work = { .pool = pool };
	GThreadPool *threads;
	char *why;

	if (!todo->len)
		return NULL;
	g_mutex_init(&work.lock);
	g_cond_init(&work.wake);
	work.results = results_new();
	why = start(&work, todo, &threads);
	if (!why)
		why = write_results(&work);
	g_thread_pool_free(threads, FALSE, TRUE);
	g_ptr_array_unref(work.results);
	g_cond_clear(&work.wake);
	g_mutex_clear(&work.lock);
	return why;
}
