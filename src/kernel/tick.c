/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tick: time keeping, the scheduler's tick, deferred work.
 * cf. kernel/time/tick-sched.c v6.12: tick_nohz_handler(),
 * tick_nohz_stop_tick(), tick_nohz_restart().
 */
#include <config.h>

#include "preemptsim/kernel/tick.h"

#include <glib.h>

#include "preemptsim/kernel/housekeeping.h"
#include "preemptsim/kernel/kernel.h"

/* cf. tick_sched_handle() and update_process_times(). */
static void tick_handle(struct cpu *cpu, const struct op *op)
{
	struct kcpu *kc = to_kcpu(cpu);

	(void)op;
	kc->tick.count++;
	if (unlikely(kc->housekeeping))
		housekeeping_tick(kc);
	else if (kc->tick.count % TICKS_PER_SOFTIRQ == 0)
		raise_timer_softirq(kc, TIMER_SOFTIRQ);
	sched_tick(kc);
	if (unlikely(kc->kernel->config.latency_warn))
		resched_latency_tick(kc);
}

static ktime_t next_tick(const struct kcpu *kc)
{
	ktime_t period = kc->kernel->tick_period;

	return (kc->cpu.sim->now / period + 1) * period;
}

static void tick_forward(struct cpu *cpu, const struct op *op)
{
	struct kcpu *kc = to_kcpu(cpu);

	(void)op;
	if (!kc->tick.stopped)
		hrtimer_start(kc, &kc->tick.timer, next_tick(kc), 0);
}

static void tick_spend(struct cpu *cpu, const struct op *op)
{
	struct kcpu *kc = to_kcpu(cpu);
	bool fair = current_task(kc)->sched_class == kc->kernel->config.fair;

	(void)op;
	cpu->top->left =
		cpu->price[COST_TICK] + (fair ? cpu->price[COST_TICK_FAIR] : 0);
}

static const struct op tick_path[] = {
	DO(tick_spend),
	DO(tick_handle),
	DO(tick_forward),
	RET,
};

void tick_start(struct kcpu *kc)
{
	hrtimer_init(&kc->tick.timer, tick_path);
	kc->tick.timer.function = HRTIMER_tick_nohz_handler;
	hrtimer_start(kc, &kc->tick.timer, next_tick(kc), 0);
}

/* cf. local_timer_softirq_pending() */
static bool timer_softirq_pending(const struct kcpu *kc)
{
	return (kc->softirq.pending | kc->softirq.timers_pending) &
	       1u << TIMER_SOFTIRQ;
}

/* Until one of the kernel's own timers needs it, if there are any.  Those that
 * are due wait for who serves them, which may be a thread that is throttled.
 * cf. tick_nohz_next_event(). */
static void stop_tick(struct kcpu *kc)
{
	ktime_t next = timer_softirq_pending(kc) ? next_tick(kc) :
						   housekeeping_next(kc);

	if (next == KTIME_MAX)
		hrtimer_cancel(&kc->tick.timer);
	else
		hrtimer_start(kc, &kc->tick.timer, next, 0);
}

void tick_nohz_idle_stop(struct kcpu *kc)
{
	const struct hrtimer *tick = &kc->tick.timer;

	if (!kc->tick.stopped &&
	    (!kc->kernel->config.nohz_idle || hrtimer_first(kc) != tick ||
	     hrtimer_next_except(kc, tick) <= tick->expires))
		return;
	kc->tick.stopped = true;
	if (kc->rq.cfs.avg.load_avg)
		kc->kernel->nohz_has_blocked = true;
	stop_tick(kc);
}

void tick_nohz_idle_exit(struct kcpu *kc)
{
	kc->tick.stopped = false;
	hrtimer_start(kc, &kc->tick.timer, next_tick(kc), 0);
}

const struct choice *tick_mode_choice(unsigned int i)
{
	static const struct choice choices[] = {
		{ "periodic", "each CPU ticks, idle or not" },
		{ "nohz_idle", "an idle CPU stops its tick" },
	};

	return i < G_N_ELEMENTS(choices) ? &choices[i] : NULL;
}
