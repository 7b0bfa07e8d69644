/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Per-CPU timer queues and the interrupt that serves them.
 * cf. kernel/time/hrtimer.c v6.12: hrtimer_start_range_ns(),
 * __hrtimer_run_queues(), hrtimer_interrupt().
 *
 * A queue is a winner tree like the machine's own: ordered by (hard expiry,
 * order of arming), the order of Linux's timerqueue.  A timer takes a free
 * leaf when it is armed.  There are two queues, since soft timers expire in a
 * softirq, hrtimer_run_softirq().
 */
#include <config.h>

#include "preemptsim/kernel/hrtimer.h"

#include <glib.h>

#include "preemptsim/kernel/kernel.h"
#include "preemptsim/kernel/preempt.h"

/* Rounds that hrtimer_interrupt() goes before it gives way, and for how long at
 * most, in ms. */
#define MAX_ATTEMPTS 3
#define MAX_HANG_MS 100

static ktime_t queue_next(const struct hrtimer_queue *queue)
{
	uint64_t next = evq_next_time(&queue->queue);

	return next == UINT64_MAX ? KTIME_MAX : (ktime_t)next;
}

/* The first expiry that an interrupt has to come for: a soft one too, unless
 * the softirq is on its way already. */
static ktime_t base_next(const struct hrtimer_cpu_base *base)
{
	return MIN(queue_next(&base->hard), base->soft_next);
}

/* The soft timers are others than before. */
static void soft_changed(struct hrtimer_cpu_base *base)
{
	base->soft_next =
		base->soft_activated ? KTIME_MAX : queue_next(&base->soft);
}

/* Set the clockevent to the first expiry.  A second setting to the same
 * instant is left out, as the kernel does; and nothing comes before the end of
 * the pause after a hang. */
static void hrtimer_reprogram(struct kcpu *kc)
{
	struct hrtimer_cpu_base *base = &kc->hrtimers;
	ktime_t first = base_next(base);

	if (first == base->programmed || unlikely(base->hung))
		return;
	base->programmed = first;
	clockevent_program(&kc->cpu, first);
}

/* The leaves from @first on are free; the lowest is taken first. */
static void add_leaves(struct hrtimer_queue *queue, uint32_t first)
{
	for (uint32_t slot = queue->queue.width; slot-- > first;)
		queue->free[queue->nr_free++] = slot;
}

/* Lists for @room timers, with what is in those that there are. */
static void make_room(struct hrtimer_queue *queue, uint32_t room)
{
	struct arena *arena = queue->queue.arena;
	struct hrtimer **timer = arena_new(arena, struct hrtimer *, room);
	uint32_t *free = arena_new(arena, uint32_t, room);

	for (uint32_t i = 0; i < queue->room; i++) {
		timer[i] = queue->timer[i];
		free[i] = queue->free[i];
	}
	queue->timer = timer;
	queue->free = free;
	queue->room = room;
}

static void queue_grow(struct hrtimer_queue *queue)
{
	uint32_t before = queue->queue.width;

	evq_grow(&queue->queue);
	if (queue->room < queue->queue.room) {
		make_room(queue, queue->queue.room);
	}
	add_leaves(queue, before);
}

static struct hrtimer_queue *queue_of(struct hrtimer_cpu_base *base,
				      const struct hrtimer *timer)
{
	return unlikely(timer->is_soft) ? &base->soft : &base->hard;
}

static void queue_remove(struct hrtimer_queue *queue, struct hrtimer *timer)
{
	evq_cancel(&queue->queue, timer->slot);
	queue->free[queue->nr_free++] = timer->slot;
	timer->slot = HRTIMER_INACTIVE;
}

/* Put the inactive @timer into @queue, which has room;
 * cf. enqueue_hrtimer(). */
static __always_inline void queue_add(struct hrtimer_queue *queue,
				      struct kcpu *kc, struct hrtimer *timer,
				      ktime_t when, ktime_t slack)
{
	timer->soft = when;
	timer->expires = when + slack;
	timer->base = kc;
	timer->slot = queue->free[--queue->nr_free];
	queue->timer[timer->slot] = timer;
	evq_schedule(&queue->queue, timer->slot, timer->expires, 0);
}

/* What was just put into @queue may be what comes first now. */
static inline void program_if_first(struct kcpu *kc,
				    const struct hrtimer_queue *queue,
				    const struct hrtimer *timer)
{
	if (!kc->hrtimers.running &&
	    evq_next_source(&queue->queue) == timer->slot)
		hrtimer_reprogram(kc);
}

static __attribute__((noinline)) void start_slowly(struct kcpu *kc,
						   struct hrtimer *timer,
						   ktime_t when, ktime_t slack)
{
	struct hrtimer_queue *queue = queue_of(&kc->hrtimers, timer);

	hrtimer_cancel(timer);
	if (!queue->nr_free)
		queue_grow(queue);
	queue_add(queue, kc, timer, when, slack);
	if (timer->is_soft)
		soft_changed(&kc->hrtimers);
	cpu_trace(&kc->cpu, TP_hrtimer_start, timer, timer->expires, 0);
	program_if_first(kc, queue, timer);
}

/* Most timers are hard and inactive, there is room, and nobody listens. */
void hrtimer_start(struct kcpu *kc, struct hrtimer *timer, ktime_t when,
		   ktime_t slack)
{
	struct hrtimer_queue *hard = &kc->hrtimers.hard;

	if (unlikely(timer->slot != HRTIMER_INACTIVE || timer->is_soft ||
		     !hard->nr_free || kc->cpu.sim->tracer.watched)) {
		start_slowly(kc, timer, when, slack);
		return;
	}
	queue_add(hard, kc, timer, when, slack);
	program_if_first(kc, hard, timer);
}

/* The timer that expires first; there must be one. */
static struct hrtimer *queue_first(const struct hrtimer_queue *queue)
{
	return queue->timer[evq_next_source(&queue->queue)];
}

/* Is there a timer that may expire at @now?  They are in order of their hard
 * expiry; a first one that may not yet ends the search, as in
 * __hrtimer_run_queues(). */
static bool queue_due(const struct hrtimer_queue *queue, ktime_t now)
{
	return evq_next_time(&queue->queue) != UINT64_MAX &&
	       queue_first(queue)->soft <= now;
}

const struct hrtimer *hrtimer_first(const struct kcpu *kc)
{
	const struct hrtimer_queue *hard = &kc->hrtimers.hard;

	return evq_next_time(&hard->queue) == UINT64_MAX ? NULL :
							   queue_first(hard);
}

ktime_t hrtimer_next_event(const struct kcpu *kc)
{
	return base_next(&kc->hrtimers);
}

ktime_t hrtimer_next_except(const struct kcpu *kc, const struct hrtimer *timer)
{
	const struct hrtimer_cpu_base *base = &kc->hrtimers;
	uint64_t hard = evq_next_time_except(&base->hard.queue, timer->slot);
	uint64_t next = MIN(hard, evq_next_time(&base->soft.queue));

	return next == UINT64_MAX ? KTIME_MAX : (ktime_t)next;
}

void hrtimer_cancel(struct hrtimer *timer)
{
	if (timer->slot == HRTIMER_INACTIVE)
		return;
	queue_remove(queue_of(&timer->base->hrtimers, timer), timer);
	if (unlikely(timer->is_soft))
		soft_changed(&timer->base->hrtimers);
	if (!timer->base->hrtimers.running)
		hrtimer_reprogram(timer->base);
}

void hrtimer_init(struct hrtimer *timer, const struct op *path)
{
	*timer = (struct hrtimer){ .path = path, .slot = HRTIMER_INACTIVE };
}

static void queue_init(struct hrtimer_queue *queue, struct arena *arena,
		       unsigned int room)
{
	*queue = (struct hrtimer_queue){ 0 };
	evq_init_narrow(&queue->queue, arena, room);
	make_room(queue, queue->queue.room);
	add_leaves(queue, 0);
}

void hrtimer_init_base(struct hrtimer_cpu_base *base, struct arena *arena,
		       unsigned int room, unsigned int soft_room)
{
	*base = (struct hrtimer_cpu_base){ .programmed = KTIME_MAX,
					   .soft_next = KTIME_MAX };
	queue_init(&base->hard, arena, room);
	queue_init(&base->soft, arena, soft_room);
}

/* cf. hrtimer_interrupt(): soft timers that have to expire raise the softirq,
 * which then is the one to look at them. */
static void raise_soft(struct kcpu *kc)
{
	struct hrtimer_cpu_base *base = &kc->hrtimers;

	if (likely(base->soft_next > base->now))
		return;
	base->soft_activated = true;
	soft_changed(base);
	raise_timer_softirq(kc, HRTIMER_SOFTIRQ);
}

/* cf. __run_hrtimer(): the timer's path takes this frame over. */
static __always_inline void __run_timer(struct cpu *cpu, const struct op *op,
					bool told)
{
	struct hrtimer_queue *queue = &to_kcpu(cpu)->hrtimers.hard;
	struct hrtimer *timer = queue_first(queue);

	(void)op;
	queue_remove(queue, timer);
	if (told)
		cpu_trace(cpu, TP_hrtimer_expire_entry, timer, timer->expires,
			  0);
	cpu->top->pc = timer->path;
	cpu->top->arg = timer;
	cpu_next(cpu);
}

TOLD_OP(static, run_timer)

/* While it was being taken off the queue another CPU may have cancelled it, and
 * the next one is not due; in Linux that CPU waits for the base's lock. */
static void run_timer_if_due(struct cpu *cpu, const struct op *op)
{
	const struct hrtimer_cpu_base *base = &to_kcpu(cpu)->hrtimers;

	if (likely(queue_due(&base->hard, base->now)))
		run_timer(cpu, op);
	else
		op_ret(cpu, op);
}

static const struct op run_timer_path[] = { DO(run_timer_if_due) };

/* The interrupted code shall come on for as long as the interrupt has kept
 * it. */
static void hang(struct kcpu *kc)
{
	struct hrtimer_cpu_base *base = &kc->hrtimers;
	const struct sim *sim = kc->cpu.sim;
	ktime_t longest = ktime_from_ns(&sim->tb, MAX_HANG_MS * 1000000);

	base->hung = true;
	base->programmed = sim->now + MIN(sim->now - base->entered, longest);
	clockevent_program(&kc->cpu, base->programmed);
}

/* What came due while timers were served is served, too; but only so often. */
static __always_inline void __op_hrtimer_end(struct cpu *cpu,
					     const struct op *op, bool told)
{
	struct kcpu *kc = to_kcpu(cpu);
	struct hrtimer_cpu_base *base = &kc->hrtimers;
	bool late = base_next(base) <= cpu->sim->now;

	if (unlikely(late) && base->attempts++ < MAX_ATTEMPTS) {
		base->now = cpu->sim->now;
		raise_soft(kc);
		cpu->top->pc = op - 1; /* op_hrtimer_run_queue */
		return;
	}
	base->running = false;
	if (unlikely(late))
		hang(kc);
	else
		hrtimer_reprogram(kc);
	if (told)
		cpu_trace(cpu, TP_local_timer_exit, NULL, 0, 0);
	cpu_next(cpu);
}

TOLD_OP(, op_hrtimer_end)

/* Serve the timers that may expire. */
static __always_inline void
__op_hrtimer_run_queue(struct cpu *cpu, const struct op *op, bool told)
{
	const struct hrtimer_cpu_base *base = &to_kcpu(cpu)->hrtimers;

	if (queue_due(&base->hard, base->now)) {
		cpu->top->pc--;
		cpu_push(cpu, run_timer_path, NULL);
		if (cpu_spent(cpu, cpu->price[COST_HRTIMER_EXPIRE],
			      run_timer_path))
			__run_timer(cpu, run_timer_path, told);
	} else if (cpu_spent(cpu, cpu->price[COST_CLOCKEVENT_PROGRAM],
			     op + 1)) {
		__op_hrtimer_end(cpu, op + 1, told);
	}
}

TOLD_OP(, op_hrtimer_run_queue)

static __always_inline void __op_hrtimer_begin(struct cpu *cpu,
					       const struct op *op, bool told)
{
	struct hrtimer_cpu_base *base = &to_kcpu(cpu)->hrtimers;

	base->running = true;
	base->hung = false;
	base->attempts = 1;
	base->programmed = KTIME_MAX;
	base->now = base->entered = cpu->sim->now;
	if (told)
		cpu_trace(cpu, TP_local_timer_entry, NULL, 0, 0);
	raise_soft(to_kcpu(cpu));
	cpu_follow(cpu, op + 1);
	__op_hrtimer_run_queue(cpu, op + 1, told);
}

TOLD_OP(, op_hrtimer_begin)

/*
 * Soft timers
 */

static void soft_begin(struct cpu *cpu, const struct op *op)
{
	(void)op;
	to_kcpu(cpu)->hrtimers.soft_now = cpu->sim->now;
}

static bool soft_due(struct cpu *cpu)
{
	const struct hrtimer_cpu_base *base = &to_kcpu(cpu)->hrtimers;

	return queue_due(&base->soft, base->soft_now);
}

static void run_soft_timer(struct cpu *cpu, const struct op *op)
{
	struct hrtimer_queue *queue = &to_kcpu(cpu)->hrtimers.soft;
	struct hrtimer *timer = queue_first(queue);

	(void)op;
	queue_remove(queue, timer);
	cpu_trace(cpu, TP_hrtimer_expire_entry, timer, timer->expires, 0);
	cpu_push(cpu, timer->path, timer);
}

static const struct op call_soft_timer_path[] = { DO(run_soft_timer), RET };

/* A wakeup happens with interrupts and preemption off.  Until they are, others
 * may have armed timers that come first. */
static const struct op run_soft_timer_path[] = {
	SPEND(HRTIMER_EXPIRE),
	DO(op_local_irq_save),
	DO(op_preempt_disable),
	WHEN(soft_due, call_soft_timer_path),
	DO(op_local_irq_restore),
	DO(op_preempt_enable),
	RET,
};

/* cf. hrtimer_update_softirq_timer(). */
static void soft_end(struct cpu *cpu, const struct op *op)
{
	struct kcpu *kc = to_kcpu(cpu);

	(void)op;
	kc->hrtimers.soft_activated = false;
	soft_changed(&kc->hrtimers);
	if (!kc->hrtimers.running)
		hrtimer_reprogram(kc);
}

/* cf. hrtimer_run_softirq() */
const struct op hrtimer_softirq_path[] = {
	DO(soft_begin),
	WHILE(soft_due, run_soft_timer_path),
	SPEND(CLOCKEVENT_PROGRAM),
	DO(soft_end),
	RET,
};
