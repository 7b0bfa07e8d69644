/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Solving for a time that contains its own interference.
 */
#include <config.h>

#include "preemptsim/measure/bound.h"

/* Rounds after which a fixed point is as good as none. */
#define MAX_ROUNDS_TO_SOLVE 1000000u

/* Executions that a log begins with room for. */
#define FIRST_ROOM 1024u

void exec_log_init(struct exec_log *log, unsigned int max)
{
	*log = (struct exec_log){ .max = MAX(max, 2) };
	log->room = MIN(FIRST_ROOM, log->max);
	log->list = g_new(struct execution, log->room);
}

void exec_log_destroy(struct exec_log *log)
{
	g_free(log->list);
}

/* Two neighbours become one.  What time there was between them is left out,
 * so that a wait that ends with it does not seem to. */
static void join_neighbours(struct exec_log *log)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < log->nr; i += 2) {
		struct execution *to = &log->list[n++];

		*to = log->list[i];
		if (i + 1 < log->nr) {
			to->end = log->list[i + 1].end;
			to->busy += log->list[i + 1].busy;
		}
	}
	log->nr = n;
}

static void make_room(struct exec_log *log)
{
	if (log->room == log->max) {
		join_neighbours(log);
		return;
	}
	log->room = MIN(log->room * 2, log->max);
	log->list = g_renew(struct execution, log->list, log->room);
}

void exec_log_add(struct exec_log *log, ktime_t start, ktime_t end)
{
	if (log->nr == log->room)
		make_room(log);
	log->list[log->nr++] = (struct execution){ start, end, end - start };
}

/*
 * A wait that is as long as it can be begins with an interrupt; of the time
 * between that and the next ones it needs @base.  One that comes at its very
 * end is still met, since the scheduler waits for all of an instant.  Where it
 * ends moves with where it begins.
 */
ktime_t exec_log_bound(const struct exec_log *log, ktime_t base)
{
	ktime_t gaps = 0, busy = 0, most = 0;
	unsigned int end = 0; /* the first that it does not meet */

	for (unsigned int i = 0; i < log->nr; i++) {
		if (end <= i) {
			end = i + 1;
			busy = log->list[i].busy;
			gaps = 0;
		}
		while (end < log->nr) {
			ktime_t gap =
				log->list[end].start - log->list[end - 1].end;

			if (gaps + gap > base)
				break;
			gaps += gap;
			busy += log->list[end++].busy;
		}
		most = MAX(most, busy);
		busy -= log->list[i].busy;
		if (end > i + 1)
			gaps -= log->list[i + 1].start - log->list[i].end;
	}
	return base + most;
}

ktime_t bound_fixpoint(ktime_t base,
		       ktime_t (*interference)(const void *data, ktime_t time),
		       const void *data, ktime_t limit)
{
	ktime_t time = base;

	for (unsigned int i = 0; i < MAX_ROUNDS_TO_SOLVE; i++) {
		ktime_t next = base + interference(data, time);

		if (next == time)
			return time;
		if (next > limit)
			break;
		time = next;
	}
	return NO_BOUND;
}

/* Interrupts for bound_fixpoint(). */
struct sporadic_list {
	const struct sporadic *list;
	unsigned int nr;
};

static ktime_t sporadic_interference(const void *data, ktime_t time)
{
	const struct sporadic_list *all = data;
	ktime_t sum = 0;

	for (unsigned int i = 0; i < all->nr; i++) {
		const struct sporadic *one = &all->list[i];
		ktime_t times = time / one->apart + (time % one->apart != 0);

		sum += MAX(times, 1) * one->longest;
	}
	return sum;
}

ktime_t bound_sporadic(ktime_t base, const struct sporadic *list,
		       unsigned int nr, ktime_t limit)
{
	const struct sporadic_list all = { list, nr };

	for (unsigned int i = 0; i < nr; i++)
		if (list[i].apart <= list[i].longest)
			return NO_BOUND;
	return bound_fixpoint(base, sporadic_interference, &all, limit);
}

void latency_bound_merge(struct latency_bound *dst,
			 const struct latency_bound *src)
{
	bool none = dst->bound_ns < 0 || src->bound_ns < 0;
	bool no_sporadic = dst->sporadic_ns < 0 || src->sporadic_ns < 0;

	dst->psd_ns = MAX(dst->psd_ns, src->psd_ns);
	dst->st_ns = MAX(dst->st_ns, src->st_ns);
	dst->poid_ns = MAX(dst->poid_ns, src->poid_ns);
	dst->paie_ns = MAX(dst->paie_ns, src->paie_ns);
	dst->bound_ns = none ? -1 : MAX(dst->bound_ns, src->bound_ns);
	dst->sporadic_ns =
		no_sporadic ? -1 : MAX(dst->sporadic_ns, src->sporadic_ns);
	dst->latencies += src->latencies;
	dst->latency_max_ns = MAX(dst->latency_max_ns, src->latency_max_ns);
}
