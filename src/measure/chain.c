/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Following events along a chain.
 *
 * Each job of a link keeps when its event passed the links before it.  A job
 * of the next link finds the job during which it was released, takes that
 * over and adds its own release; the last writes it all down when it ends.  So
 * the parts of a chain add up to the whole: a link's part ends when the next
 * one is released, whatever it does after that.
 *
 * Left out: a job that wakes the next link twice counts twice, from the same
 * event; and what an event that was dropped on the way would have taken.
 */
#include <config.h>

#include "preemptsim/measure/chain.h"

/* Room for jobs before a longer backlog makes it grow. */
#define PASSAGES_ROOM 16

/**
 * struct passage - an event at one link.
 * @at: when it passed each link, at[0] is where it began
 * @start, @end: of the job; @end is KTIME_MAX while it runs
 * @known: it is known where it came from
 * @used: the next link has taken it over
 */
struct passage {
	ktime_t at[CHAIN_MAX + 1];
	ktime_t start, end;
	bool known, used;
};

/** struct link - the jobs of a link that the next one may still ask for. */
struct link {
	struct passage *passages;
	uint32_t mask, head, tail;
};

/**
 * struct chain - see chain.h.
 * @link: of the device, if there is one, and of each task
 * @first: 1 if there is a device, else 0: the link of the first task
 */
struct chain {
	struct chain_config config;
	struct timebase tb;
	unsigned int first, nr_links;
	struct link link[CHAIN_MAX];
};

static void link_grow(struct link *link)
{
	uint32_t room = link->mask + 1, n = link->tail - link->head;
	struct passage *more = g_new(struct passage, 2 * (size_t)room);

	for (uint32_t i = 0; i < n; i++)
		more[i] = link->passages[(link->head + i) & link->mask];
	g_free(link->passages);
	*link = (struct link){ more, 2 * room - 1, 0, n };
}

static struct passage *link_put(struct link *link, const struct passage *one)
{
	struct passage *to;

	if (link->tail - link->head > link->mask)
		link_grow(link);
	to = &link->passages[link->tail++ & link->mask];
	*to = *one;
	return to;
}

static struct passage *link_oldest(const struct link *link)
{
	return link->head == link->tail ?
		       NULL :
		       &link->passages[link->head & link->mask];
}

/* The job of @link during which something was released at @when: the oldest
 * that nobody has asked for, or the one before it once more. */
static struct passage *link_find(struct link *link, ktime_t when)
{
	struct passage *one = link_oldest(link);

	for (; one && one->end < when; one = link_oldest(link))
		link->head++;
	if (one && one->used && link->tail - link->head > 1) {
		struct passage *next;

		next = &link->passages[(link->head + 1) & link->mask];
		if (next->start <= when) {
			link->head++;
			one = next;
		}
	}
	if (!one || one->start > when || !one->known)
		return NULL;
	one->used = true;
	return one;
}

/* The interrupt at record->a is being handled. */
static void on_irq_handle(void *data, const struct trace_record *record)
{
	struct chain *chain = data;
	const struct driver *driver = record->object;
	struct passage one = { .start = record->a,
			       .end = record->a,
			       .known = true };

	if ((int)driver->index != chain->config.device)
		return;
	one.at[0] = record->a;
	one.at[1] = record->when;
	link_put(&chain->link[0], &one);
}

/* Which link @record is of, or nr_links. */
static unsigned int link_of(const struct chain *chain,
			    const struct trace_record *record)
{
	unsigned int index = to_wl_task(record->object)->index;

	for (unsigned int i = 0; i < chain->config.nr_tasks; i++)
		if (chain->config.task[i] == index)
			return chain->first + i;
	return chain->nr_links;
}

static void on_job_start(void *data, const struct trace_record *record)
{
	struct chain *chain = data;
	unsigned int i = link_of(chain, record);
	struct passage one = { .known = false };
	const struct passage *from;

	if (i == chain->nr_links)
		return;
	from = i ? link_find(&chain->link[i - 1], record->a) : NULL;
	if (from)
		one = *from;
	one.known = from || !i;
	/* The first task's release is the interrupt's own instant. */
	if (i != 1 || !chain->first)
		one.at[i] = record->a;
	one.start = record->when;
	one.end = KTIME_MAX;
	one.used = false;
	link_put(&chain->link[i], &one);
}

static void take(const struct chain *chain, const struct passage *one)
{
	int64_t began = ktime_to_ns(&chain->tb, one->at[0]), last = began;

	for (unsigned int i = 0; i < chain->nr_links; i++) {
		int64_t ns = ktime_to_ns(&chain->tb, one->at[i + 1]);

		hist_record(chain->config.part[i]->latency, ns - last);
		last = ns;
	}
	hist_record(chain->config.whole->latency, last - began);
}

static void on_job_end(void *data, const struct trace_record *record)
{
	struct chain *chain = data;
	unsigned int i = link_of(chain, record);
	struct link *link = &chain->link[i];
	struct passage *one;

	if (i == chain->nr_links || link->head == link->tail)
		return;
	one = &link->passages[(link->tail - 1) & link->mask];
	one->end = record->when;
	if (i + 1 < chain->nr_links)
		return;
	one->at[chain->nr_links] = record->when;
	if (one->known && one->at[0] >= chain->config.warmup &&
	    one->at[0] < chain->config.end)
		take(chain, one);
	link->head = link->tail;
}

struct chain *chain_start(const struct chain_config *config)
{
	struct sim *sim = config->workload->kernel->sim;
	struct chain *chain = g_new0(struct chain, 1);

	chain->config = *config;
	chain->tb = sim->tb;
	chain->first = config->device >= 0;
	chain->nr_links = chain->first + config->nr_tasks;
	for (unsigned int i = 0; i < chain->nr_links; i++) {
		chain->link[i].passages = g_new(struct passage, PASSAGES_ROOM);
		chain->link[i].mask = PASSAGES_ROOM - 1;
	}
	if (chain->first)
		tracer_listen(&sim->tracer, TP_irq_handle, on_irq_handle,
			      chain);
	tracer_listen(&sim->tracer, TP_job_start, on_job_start, chain);
	tracer_listen(&sim->tracer, TP_job_end, on_job_end, chain);
	return chain;
}

void chain_free(void *data)
{
	struct chain *chain = data;

	for (unsigned int i = 0; chain && i < chain->nr_links; i++)
		g_free(chain->link[i].passages);
	g_free(chain);
}
