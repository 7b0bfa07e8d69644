/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Following events along a chain.
 *
 * Each job of a link keeps when its event passed the links before it.  A job
 * of the next link finds the job during which it was released, takes that
 * over and adds its own release; the last writes it all down when it ends.  So
 * the parts of a chain add up to the whole: a link's part ends when the next
 * one is released, whatever it does after that.  The device has two parts: its
 * interrupt's, until the handler begins, and its driver's, until that wakes the
 * first task, be it in the handler, in a softirq or in a thread.
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
 * @at: when each part began, at[0] is where it all did
 * @start, @end: of the job; @end is KTIME_MAX while it runs
 * @known: it is known where it came from
 * @used: the next link has taken it over
 */
struct passage {
	ktime_t at[CHAIN_PARTS + 1];
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
 * @first: the part of the first task: 0, or DEVICE_PARTS
 * @interrupts: the device's link
 * @link: of each task
 */
struct chain {
	struct chain_config config;
	struct timebase tb;
	unsigned int first, nr_parts;
	struct link interrupts;
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
	struct passage one = { .start = record->a, .end = record->a };

	if ((int)driver->index != chain->config.device)
		return;
	one.at[0] = record->a;
	one.at[1] = record->when;
	link_put(&chain->interrupts, &one);
}

/* The oldest interrupt at @raised whose driver has not woken anybody. */
static struct passage *interrupt_at(const struct link *link, ktime_t raised)
{
	struct passage *found = NULL;

	for (uint32_t i = link->tail; i != link->head; i--) {
		struct passage *one = &link->passages[(i - 1) & link->mask];

		if (one->at[0] < raised)
			break;
		if (one->at[0] == raised && !one->known)
			found = one;
	}
	return found;
}

/* The driver wakes the first task for the interrupt at record->a. */
static void on_queue_wake(void *data, const struct trace_record *record)
{
	struct chain *chain = data;
	const struct wl_task *first =
		&chain->config.workload->tasks[chain->config.task[0]];
	struct passage *one;

	if (record->object != first->attr.queue)
		return;
	one = interrupt_at(&chain->interrupts, record->a);
	if (!one)
		return;
	one->at[DEVICE_PARTS] = record->when;
	one->known = true;
}

/* Which link @record is of, or nr_tasks. */
static unsigned int link_of(const struct chain *chain,
			    const struct trace_record *record)
{
	unsigned int index = to_wl_task(record->object)->index, i = 0;

	while (i < chain->config.nr_tasks && chain->config.task[i] != index)
		i++;
	return i;
}

/* Where the job of link @i that was released at @release comes from. */
static const struct passage *origin(struct chain *chain, unsigned int i,
				    ktime_t release)
{
	if (i)
		return link_find(&chain->link[i - 1], release);
	return chain->first ? link_find(&chain->interrupts, release) : NULL;
}

static void on_job_start(void *data, const struct trace_record *record)
{
	struct chain *chain = data;
	unsigned int i = link_of(chain, record);
	struct passage one = { .known = false };
	const struct passage *from;

	if (i == chain->config.nr_tasks)
		return;
	from = origin(chain, i, record->a);
	if (from)
		one = *from;
	one.known = from || chain->first + i == 0;
	/* The first task's release is the interrupt's own instant. */
	if (i || !chain->first)
		one.at[chain->first + i] = record->a;
	one.start = record->when;
	one.end = KTIME_MAX;
	one.used = false;
	link_put(&chain->link[i], &one);
}

static void take(const struct chain *chain, const struct passage *one)
{
	int64_t began = ktime_to_ns(&chain->tb, one->at[0]), last = began;

	for (unsigned int i = 0; i < chain->nr_parts; i++) {
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

	if (i == chain->config.nr_tasks || link->head == link->tail)
		return;
	one = &link->passages[(link->tail - 1) & link->mask];
	one->end = record->when;
	if (i + 1 < chain->config.nr_tasks)
		return;
	one->at[chain->nr_parts] = record->when;
	if (one->known && one->at[0] >= chain->config.warmup &&
	    one->at[0] < chain->config.end)
		take(chain, one);
	link->head = link->tail;
}

static void link_init(struct link *link)
{
	link->passages = g_new(struct passage, PASSAGES_ROOM);
	link->mask = PASSAGES_ROOM - 1;
}

static void listen_to_device(struct chain *chain, struct tracer *tracer)
{
	link_init(&chain->interrupts);
	tracer_listen(tracer, TP_irq_handle, on_irq_handle, chain);
	tracer_listen(tracer, TP_queue_wake, on_queue_wake, chain);
}

struct chain *chain_start(const struct chain_config *config)
{
	struct sim *sim = config->workload->kernel->sim;
	struct chain *chain = g_new0(struct chain, 1);

	chain->config = *config;
	chain->tb = sim->tb;
	chain->first = config->device >= 0 ? DEVICE_PARTS : 0;
	chain->nr_parts = chain->first + config->nr_tasks;
	for (unsigned int i = 0; i < config->nr_tasks; i++)
		link_init(&chain->link[i]);
	if (chain->first)
		listen_to_device(chain, &sim->tracer);
	tracer_listen(&sim->tracer, TP_job_start, on_job_start, chain);
	tracer_listen(&sim->tracer, TP_job_end, on_job_end, chain);
	return chain;
}

void chain_free(void *data)
{
	struct chain *chain = data;

	if (!chain)
		return;
	for (unsigned int i = 0; i < chain->config.nr_tasks; i++)
		g_free(chain->link[i].passages);
	g_free(chain->interrupts.passages);
	g_free(chain);
}
