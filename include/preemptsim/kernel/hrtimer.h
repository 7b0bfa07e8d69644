/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTSIM_KERNEL_HRTIMER_H
#define PREEMPTSIM_KERNEL_HRTIMER_H

/*
 * High-resolution timers: a queue per CPU, served by the CPU's clockevent.
 * cf. kernel/time/hrtimer.c.
 */

#include <stdbool.h>
#include <stdint.h>

#include "preemptsim/base/time.h"
#include "preemptsim/engine/evq.h"
#include "preemptsim/machine/op.h"

struct cpu;
struct kcpu;

/* Not on a queue. */
#define HRTIMER_INACTIVE UINT32_MAX

/**
 * enum hrtimer_function - what Linux would call when a timer expires, and so
 * whose it is; for traces.
 */
enum hrtimer_function {
	HRTIMER_hrtimer_wakeup,
	HRTIMER_tick_nohz_handler,
	HRTIMER_hrtick,
	HRTIMER_dl_task_timer,
	HRTIMER_dl_server_timer, /* dl_task_timer() of a server */
	HRTIMER_inactive_task_timer,
	HRTIMER_sched_rt_period_timer,
	HRTIMER_sched_cfs_period_timer,
	HRTIMER_sched_cfs_slack_timer,
	NR_HRTIMER_FUNCTIONS
};

/**
 * struct hrtimer - a timer; embedded in its owner.
 * @path: run in hardirq context when it expires, with interrupts off; the
 *        frame's arg is the timer
 * @is_soft: run it in softirq context instead (HRTIMER_MODE_SOFT); interrupts
 *           are off all the same
 * @function: enum hrtimer_function; a task's wakeup if its owner does not say
 * @soft: when it may expire
 * @expires: when it has to: @soft plus the owner's slack
 * @slot: place in the queue, or HRTIMER_INACTIVE
 * @base: the CPU on whose queue it is or was last
 */
struct hrtimer {
	const struct op *path;
	ktime_t soft, expires;
	uint32_t slot;
	bool is_soft;
	uint8_t function;
	struct kcpu *base;
};

/**
 * struct hrtimer_queue - timers in order of expiry.
 * @queue: their hard expiries, a leaf each; timers of one instant expire in
 *         order of arming
 * @timer: by leaf
 * @free: leaves that no timer has, @nr_free of @room
 */
struct hrtimer_queue {
	struct evq queue;
	struct hrtimer **timer;
	uint32_t *free;
	uint32_t nr_free, room;
};

/**
 * struct hrtimer_cpu_base - one CPU's timers.
 * @hard: those that the interrupt serves
 * @soft: those that it leaves to a softirq
 * @programmed: what the clockevent is set to; KTIME_MAX: nothing
 * @soft_next: first hard expiry of @soft; KTIME_MAX: there is none, or
 * @soft_activated: the softirq is raised and will program at its end
 * @running: the interrupt serves timers and will program once at its end
 * @hung: timers took so long that the interrupt has put the next one off
 * @entered: instant at which the interrupt began
 * @now: what it takes for the present
 * @soft_now: what the softirq does
 * @attempts: rounds of this interrupt so far
 */
struct hrtimer_cpu_base {
	struct hrtimer_queue hard;
	ktime_t programmed, soft_next;
	bool running, soft_activated, hung;
	unsigned int attempts;
	ktime_t entered, now, soft_now;
	struct hrtimer_queue soft;
};

/** hrtimer_init_base - empty queues with room for @room hard timers and
 * @soft_room soft ones, taken from @arena; more than that make them grow. */
void hrtimer_init_base(struct hrtimer_cpu_base *base, struct arena *arena,
		       unsigned int room, unsigned int soft_room);

/** hrtimer_init - an inactive hard timer that will run @path. */
void hrtimer_init(struct hrtimer *timer, const struct op *path);

/**
 * hrtimer_start - @timer expires on @kc's CPU within [@when, @when + @slack].
 *
 * Moves it if it was active.  A time that is past expires at once.
 * cf. hrtimer_start_range_ns().
 */
void hrtimer_start(struct kcpu *kc, struct hrtimer *timer, ktime_t when,
		   ktime_t slack);

/** hrtimer_cancel - @timer does not expire; fine if it was inactive. */
void hrtimer_cancel(struct hrtimer *timer);

/** hrtimer_next_except - the earliest hard expiry on @kc's queues beside that
 * of the hard timer @timer, which is on one; KTIME_MAX: none. */
ktime_t hrtimer_next_except(const struct kcpu *kc, const struct hrtimer *timer);

/** hrtimer_next_event - when @kc's timer will interrupt it, for a hard or a soft
 * timer; KTIME_MAX: there is none.  cf. hrtimer_get_next_event(). */
ktime_t hrtimer_next_event(const struct kcpu *kc);

/** hrtimer_first - the hard timer on @kc's queue that expires first; of one
 * instant the one armed first; NULL: none. */
const struct hrtimer *hrtimer_first(const struct kcpu *kc);

/*
 * What a timer interrupt does between irq_enter() and irq_exit(), in order;
 * the price TIMER_INTERRUPT is spent before.  cf. hrtimer_interrupt().
 */
/** op_hrtimer_begin - note the time and what is to be served by it. */
void op_hrtimer_begin(struct cpu *cpu, const struct op *op);
/** op_hrtimer_run_queue - serve the timers that may expire. */
void op_hrtimer_run_queue(struct cpu *cpu, const struct op *op);
/** op_hrtimer_end - set the clockevent to the next expiry. */
void op_hrtimer_end(struct cpu *cpu, const struct op *op);

/** hrtimer_softirq_path - serve the soft timers; the action of the softirq
 * HRTIMER. */
extern const struct op hrtimer_softirq_path[];

#endif
