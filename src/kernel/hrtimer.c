/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Per-CPU timer queues and the interrupt that serves them.
 * cf. kernel/time/hrtimer.c v6.12: hrtimer_start_range_ns(),
 * __hrtimer_run_queues(), hrtimer_interrupt().
 *
 * The queue is a 4-ary heap ordered by (hard expiry, order of arming), which
 * is the order of Linux's timerqueue.  Its room is fixed before the run.
 */
#include <config.h>

#include "preemptsim/kernel/hrtimer.h"

#include <glib.h>

#include "preemptsim/kernel/kernel.h"

#define ARITY 4

static inline bool node_before(const struct timer_node *a,
			       const struct timer_node *b)
{
	return a->expires != b->expires ? a->expires < b->expires :
					  a->seq < b->seq;
}

static inline void heap_place(struct hrtimer_cpu_base *base, uint32_t pos,
			      struct timer_node node)
{
	base->heap[pos] = node;
	node.timer->pos = pos;
}

static void heap_up(struct hrtimer_cpu_base *base, uint32_t pos,
		    struct timer_node node)
{
	while (pos) {
		uint32_t parent = (pos - 1) / ARITY;

		if (!node_before(&node, &base->heap[parent]))
			break;
		heap_place(base, pos, base->heap[parent]);
		pos = parent;
	}
	heap_place(base, pos, node);
}

/* The earliest child of @pos, or 0 if it has none. */
static uint32_t heap_child(const struct hrtimer_cpu_base *base, uint32_t pos)
{
	uint32_t child = pos * ARITY + 1;
	uint32_t end = MIN(child + ARITY, base->nr);
	uint32_t best = child;

	if (child >= base->nr)
		return 0;
	while (++child < end)
		if (node_before(&base->heap[child], &base->heap[best]))
			best = child;
	return best;
}

static void heap_down(struct hrtimer_cpu_base *base, uint32_t pos,
		      struct timer_node node)
{
	uint32_t child;

	while ((child = heap_child(base, pos)) &&
	       node_before(&base->heap[child], &node)) {
		heap_place(base, pos, base->heap[child]);
		pos = child;
	}
	heap_place(base, pos, node);
}

static void heap_remove(struct hrtimer_cpu_base *base, struct hrtimer *timer)
{
	uint32_t pos = timer->pos;
	struct timer_node last = base->heap[--base->nr];

	timer->pos = HRTIMER_INACTIVE;
	if (last.timer == timer)
		return;
	if (pos && node_before(&last, &base->heap[(pos - 1) / ARITY]))
		heap_up(base, pos, last);
	else
		heap_down(base, pos, last);
}

/* Set the clockevent to the first expiry.  A second setting to the same
 * instant is left out, as the kernel does. */
static void hrtimer_reprogram(struct kcpu *kc)
{
	struct hrtimer_cpu_base *base = &kc->hrtimers;
	ktime_t first = base->nr ? base->heap[0].expires : KTIME_MAX;

	if (first == base->programmed)
		return;
	base->programmed = first;
	clockevent_program(&kc->cpu, first);
}

void hrtimer_start(struct kcpu *kc, struct hrtimer *timer, ktime_t when,
		   ktime_t slack)
{
	struct hrtimer_cpu_base *base = &kc->hrtimers;
	struct timer_node node;

	if (timer->pos != HRTIMER_INACTIVE)
		hrtimer_cancel(timer);
	if (unlikely(base->nr == base->room))
		sim_bug(kc->cpu.sim, (int)kc->cpu.id, "more timers than tasks");
	timer->soft = when;
	timer->expires = when + slack;
	timer->base = kc;
	node = (struct timer_node){ .expires = timer->expires,
				    .seq = base->seq++,
				    .timer = timer };
	heap_up(base, base->nr++, node);
	cpu_trace(&kc->cpu, TP_hrtimer_start, timer, timer->expires, 0);
	if (timer->pos == 0 && !base->running)
		hrtimer_reprogram(kc);
}

void hrtimer_cancel(struct hrtimer *timer)
{
	if (timer->pos == HRTIMER_INACTIVE)
		return;
	heap_remove(&timer->base->hrtimers, timer);
	if (!timer->base->hrtimers.running)
		hrtimer_reprogram(timer->base);
}

ktime_t hrtimer_next(const struct kcpu *kc, const struct hrtimer *except)
{
	const struct hrtimer_cpu_base *base = &kc->hrtimers;
	ktime_t next = KTIME_MAX;

	if (!base->nr)
		return KTIME_MAX;
	if (base->heap[0].timer != except)
		return base->heap[0].expires;
	for (uint32_t i = 1; i <= ARITY && i < base->nr; i++)
		next = MIN(next, base->heap[i].expires);
	return next;
}

void hrtimer_init(struct hrtimer *timer, const struct op *path)
{
	*timer = (struct hrtimer){ .path = path, .pos = HRTIMER_INACTIVE };
}

void hrtimer_init_base(struct hrtimer_cpu_base *base, unsigned int room)
{
	*base = (struct hrtimer_cpu_base){
		.heap = g_new(struct timer_node, room),
		.room = room,
		.programmed = KTIME_MAX,
	};
}

void hrtimer_destroy_base(struct hrtimer_cpu_base *base)
{
	g_free(base->heap);
}

void op_hrtimer_begin(struct cpu *cpu, const struct op *op)
{
	struct hrtimer_cpu_base *base = &to_kcpu(cpu)->hrtimers;

	(void)op;
	base->running = true;
	base->programmed = KTIME_MAX;
	base->now = cpu->sim->now;
	cpu_trace(cpu, TP_local_timer_entry, NULL, 0, 0);
}

/* cf. __run_hrtimer(): the timer's path takes this frame over. */
static void run_timer(struct cpu *cpu, const struct op *op)
{
	struct hrtimer_cpu_base *base = &to_kcpu(cpu)->hrtimers;
	struct hrtimer *timer = base->heap[0].timer;

	(void)op;
	heap_remove(base, timer);
	cpu_trace(cpu, TP_hrtimer_expire_entry, timer, timer->expires, 0);
	cpu->top->pc = timer->path;
	cpu->top->arg = timer;
}

static const struct op run_timer_path[] = { DO(run_timer) };

/* Serve the timers that may expire.  They are in order of their hard expiry;
 * a first one that may not expire yet ends the search, as in
 * __hrtimer_run_queues(). */
void op_hrtimer_run_queue(struct cpu *cpu, const struct op *op)
{
	const struct hrtimer_cpu_base *base = &to_kcpu(cpu)->hrtimers;

	(void)op;
	if (base->nr && base->heap[0].timer->soft <= base->now) {
		cpu->top->pc--;
		cpu_push(cpu, run_timer_path, NULL)->left =
			cpu->price[COST_HRTIMER_EXPIRE];
	} else {
		cpu->top->left = cpu->price[COST_CLOCKEVENT_PROGRAM];
	}
}

/* What came due while timers were served raises the interrupt again. */
void op_hrtimer_end(struct cpu *cpu, const struct op *op)
{
	struct kcpu *kc = to_kcpu(cpu);

	(void)op;
	kc->hrtimers.running = false;
	hrtimer_reprogram(kc);
	cpu_trace(cpu, TP_local_timer_exit, NULL, 0, 0);
}
