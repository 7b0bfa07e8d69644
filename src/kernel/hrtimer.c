/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Per-CPU timer queues and the interrupt that serves them.
 * cf. kernel/time/hrtimer.c v6.12: hrtimer_start_range_ns(),
 * __hrtimer_run_queues(), hrtimer_interrupt().
 *
 * The queue is a winner tree like the machine's own: ordered by (hard expiry,
 * order of arming), the order of Linux's timerqueue.  A timer takes a free
 * leaf when it is armed.
 */
#include <config.h>

#include "preemptsim/kernel/hrtimer.h"

#include <glib.h>

#include "preemptsim/kernel/kernel.h"

/* Rounds that hrtimer_interrupt() goes before it gives way. */
#define MAX_RETRIES 3

/* Set the clockevent to the first expiry.  A second setting to the same
 * instant is left out, as the kernel does. */
static void hrtimer_reprogram(struct kcpu *kc)
{
	struct hrtimer_cpu_base *base = &kc->hrtimers;
	uint64_t next = evq_next_time(&base->queue);
	ktime_t first = next == UINT64_MAX ? KTIME_MAX : (ktime_t)next;

	if (first == base->programmed)
		return;
	base->programmed = first;
	clockevent_program(&kc->cpu, first);
}

/* The leaves from @first on are free; the lowest is taken first. */
static void add_leaves(struct hrtimer_cpu_base *base, uint32_t first)
{
	for (uint32_t slot = base->queue.width; slot-- > first;)
		base->free[base->nr_free++] = slot;
}

static void base_grow(struct hrtimer_cpu_base *base)
{
	uint32_t before = base->queue.width;

	evq_grow(&base->queue);
	if (base->room < base->queue.room) {
		base->room = base->queue.room;
		base->timer =
			g_renew(struct hrtimer *, base->timer, base->room);
		base->free = g_renew(uint32_t, base->free, base->room);
	}
	add_leaves(base, before);
}

static void base_remove(struct hrtimer_cpu_base *base, struct hrtimer *timer)
{
	evq_cancel(&base->queue, timer->slot);
	base->free[base->nr_free++] = timer->slot;
	timer->slot = HRTIMER_INACTIVE;
}

void hrtimer_start(struct kcpu *kc, struct hrtimer *timer, ktime_t when,
		   ktime_t slack)
{
	struct hrtimer_cpu_base *base = &kc->hrtimers;

	if (timer->slot != HRTIMER_INACTIVE)
		hrtimer_cancel(timer);
	if (unlikely(!base->nr_free))
		base_grow(base);
	timer->soft = when;
	timer->expires = when + slack;
	timer->base = kc;
	timer->slot = base->free[--base->nr_free];
	base->timer[timer->slot] = timer;
	evq_schedule(&base->queue, timer->slot, timer->expires, 0);
	cpu_trace(&kc->cpu, TP_hrtimer_start, timer, timer->expires, 0);
	if (!base->running && evq_next_source(&base->queue) == timer->slot)
		hrtimer_reprogram(kc);
}

/* The timer that expires first; there must be one. */
static struct hrtimer *base_first(const struct hrtimer_cpu_base *base)
{
	return base->timer[evq_next_source(&base->queue)];
}

const struct hrtimer *hrtimer_first(const struct kcpu *kc)
{
	return evq_next_time(&kc->hrtimers.queue) == UINT64_MAX ?
		       NULL :
		       base_first(&kc->hrtimers);
}

ktime_t hrtimer_next_except(const struct kcpu *kc, const struct hrtimer *timer)
{
	uint64_t next = evq_next_time_except(&kc->hrtimers.queue, timer->slot);

	return next == UINT64_MAX ? KTIME_MAX : (ktime_t)next;
}

void hrtimer_cancel(struct hrtimer *timer)
{
	if (timer->slot == HRTIMER_INACTIVE)
		return;
	base_remove(&timer->base->hrtimers, timer);
	if (!timer->base->hrtimers.running)
		hrtimer_reprogram(timer->base);
}

void hrtimer_init(struct hrtimer *timer, const struct op *path)
{
	*timer = (struct hrtimer){ .path = path, .slot = HRTIMER_INACTIVE };
}

void hrtimer_init_base(struct hrtimer_cpu_base *base, unsigned int room)
{
	*base = (struct hrtimer_cpu_base){ .programmed = KTIME_MAX };
	evq_init_narrow(&base->queue, room);
	base->room = base->queue.room;
	base->timer = g_new(struct hrtimer *, base->room);
	base->free = g_new(uint32_t, base->room);
	add_leaves(base, 0);
}

void hrtimer_destroy_base(struct hrtimer_cpu_base *base)
{
	evq_destroy(&base->queue);
	g_free(base->timer);
	g_free(base->free);
}

void op_hrtimer_begin(struct cpu *cpu, const struct op *op)
{
	struct hrtimer_cpu_base *base = &to_kcpu(cpu)->hrtimers;

	(void)op;
	base->running = true;
	base->retries = 0;
	base->programmed = KTIME_MAX;
	base->now = cpu->sim->now;
	cpu_trace(cpu, TP_local_timer_entry, NULL, 0, 0);
	cpu_chain(cpu);
}

/* cf. __run_hrtimer(): the timer's path takes this frame over. */
static void run_timer(struct cpu *cpu, const struct op *op)
{
	struct hrtimer_cpu_base *base = &to_kcpu(cpu)->hrtimers;
	struct hrtimer *timer = base_first(base);

	(void)op;
	base_remove(base, timer);
	cpu_trace(cpu, TP_hrtimer_expire_entry, timer, timer->expires, 0);
	cpu->top->pc = timer->path;
	cpu->top->arg = timer;
	cpu_chain(cpu);
}

static const struct op run_timer_path[] = { DO(run_timer) };

/* Serve the timers that may expire.  They are in order of their hard expiry;
 * a first one that may not expire yet ends the search, as in
 * __hrtimer_run_queues(). */
void op_hrtimer_run_queue(struct cpu *cpu, const struct op *op)
{
	const struct hrtimer_cpu_base *base = &to_kcpu(cpu)->hrtimers;

	(void)op;
	if (evq_next_time(&base->queue) != UINT64_MAX &&
	    base_first(base)->soft <= base->now) {
		cpu->top->pc--;
		cpu_push(cpu, run_timer_path, NULL);
		cpu_spend(cpu, cpu->price[COST_HRTIMER_EXPIRE]);
	} else {
		cpu_spend(cpu, cpu->price[COST_CLOCKEVENT_PROGRAM]);
	}
}

/* What came due while timers were served is served, too; but after a few
 * rounds the interrupted code shall come on, and the interrupt is raised
 * again. */
void op_hrtimer_end(struct cpu *cpu, const struct op *op)
{
	struct kcpu *kc = to_kcpu(cpu);

	if (evq_next_time(&kc->hrtimers.queue) <= (uint64_t)cpu->sim->now &&
	    kc->hrtimers.retries++ < MAX_RETRIES) {
		kc->hrtimers.now = cpu->sim->now;
		cpu->top->pc = op - 1; /* op_hrtimer_run_queue */
		return;
	}
	kc->hrtimers.running = false;
	hrtimer_reprogram(kc);
	cpu_trace(cpu, TP_local_timer_exit, NULL, 0, 0);
	cpu_chain(cpu);
}
