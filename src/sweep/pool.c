/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Threads that simulate, and one that writes.
 *
 * Threads take trials from a GThreadPool and put results into a queue; the
 * caller takes them out and writes them.  While one transaction is on its way
 * to the disk, results gather in the queue, and the next takes all of them.  So
 * a disk that takes long to sync makes transactions larger, not the sweep
 * slower, and a result waits no longer than one transaction lasts.
 */
#include <config.h>

#include "preemptsim/sweep/pool.h"

/* How often the caller is told that time passes. */
#define TELL_US (G_USEC_PER_SEC / 10)

/**
 * struct work - trials under way.
 * @halt: set to end those under way
 * @results: GAsyncQueue of struct trial *, or of @work itself for a trial that
 *           was stopped
 */
struct work {
	const struct pool *pool;
	atomic_int halt;
	GAsyncQueue *results;
};

static void simulate_one(void *item, void *data)
{
	struct work *work = data;
	const struct plan *plan = work->pool->plan;
	uint32_t number = *(const uint32_t *)item;
	struct trial *trial = NULL;

	if (!atomic_load(&work->halt))
		trial = trial_simulate(plan, number / plan->runs,
				       number % plan->runs, &work->halt);
	g_async_queue_push(work->results, trial ? (void *)trial : work);
}

/* Take all results that are there; wait a little for the first one.  Returns
 * how many trials have ended, stopped ones included. */
static unsigned int take(struct work *work, GPtrArray *trials)
{
	void *item = g_async_queue_timeout_pop(work->results, TELL_US);
	unsigned int n = 0;

	for (; item; item = g_async_queue_try_pop(work->results)) {
		if (item != work)
			g_ptr_array_add(trials, item);
		n++;
	}
	return n;
}

/* Write what comes until @n trials have ended. */
static char *write_results(struct work *work, unsigned int n)
{
	const struct pool *pool = work->pool;
	unsigned int ended = 0, kept = 0;
	char *why = NULL;

	while (ended < n) {
		g_autoptr(GPtrArray) trials =
			g_ptr_array_new_with_free_func(trial_free);

		ended += take(work, trials);
		if (trials->len && !why)
			why = store_put(pool->store, trials);
		if (!why)
			kept += trials->len;
		if (why || atomic_load(pool->stop))
			atomic_store(&work->halt, 1);
		pool->told(pool->data, kept);
	}
	return why;
}

char *pool_simulate(const struct pool *pool, const GArray *todo)
{
	struct work work = { .pool = pool };
	g_autoptr(GError) error = NULL;
	GThreadPool *threads;
	char *why = NULL;

	if (!todo->len)
		return NULL;
	work.results = g_async_queue_new();
	threads = g_thread_pool_new(simulate_one, &work,
				    (int)MIN(pool->threads, todo->len), TRUE,
				    &error);
	if (!g_thread_pool_get_num_threads(threads))
		why = g_strdup_printf("preemptsim: error: no thread: %s",
				      error ? error->message : "");
	for (unsigned int i = 0; !why && i < todo->len; i++)
		g_thread_pool_push(threads, &g_array_index(todo, uint32_t, i),
				   NULL);
	if (!why)
		why = write_results(&work, todo->len);
	g_thread_pool_free(threads, FALSE, TRUE);
	g_async_queue_unref(work.results);
	return why;
}
