/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's own timers, which come up every 100 ms to 5 s: most ticks find
 * none of them due, one in 26 runs a function in the softirq after it, and one in
 * 60 wakes a thread.  That is what makes one tick take longer than the next.
 * cf. kernel/time/timer.c v6.1: calc_wheel_index(), __run_timers();
 * kernel/workqueue.c: delayed_work_timer_fn().
 *
 * Left out: timers of others, RCU, and that on several CPUs vmstat_update has a
 * work on each and clocksource_watchdog goes round.
 */
#include <config.h>

#include "preemptsim/kernel/housekeeping.h"

#include <glib.h>

#include "preemptsim/kernel/kernel.h"
#include "preemptsim/kernel/preempt.h"
#include "preemptsim/kernel/workqueue.h"

/* A level of the wheel has 64 buckets; those of the next are 8 times as wide. */
#define LVL_CLK_SHIFT 3
#define LVL_REACH 63

enum counts_from {
	FROM_DUE,
	FROM_DONE
};

enum what_it_does {
	DOES_FUNCTION,
	DOES_WORK,
	DOES_THREAD
};

/* A row of the list. */
struct kernel_timer {
	unsigned int period_ms, first_ms;
	enum counts_from from;
	enum what_it_does does;
	const char *thread;
};

static const struct kernel_timer kernel_timers[] = {
#define HOUSEKEEPING(name, period, first, from, does, thread) \
	{ period, first, FROM_##from, DOES_##does, thread },
#include "preemptsim/kernel/housekeeping-list.h"
#undef HOUSEKEEPING
};

/* A jiffy that no timer is armed for. */
#define NEVER UINT64_MAX

/*
 * One of them: @due is what it was armed for, @expires the end of its bucket.
 */
struct timer_list {
	const struct kernel_timer *desc;
	uint64_t due, expires;
	struct work_struct work;
	struct task thread;
};

/*
 * The CPU's timers, in the order of the list.  @next: the first expiry;
 * @running: the one whose function goes on.
 */
struct housekeeping {
	struct timer_list timer[G_N_ELEMENTS(kernel_timers)];
	uint64_t next;
	struct timer_list *running;
};

/* cf. calc_wheel_index(): never early, and the further away, the later. */
static uint64_t bucket_end(uint64_t due, uint64_t away)
{
	uint64_t width = 1, reach = LVL_REACH;

	while (away >= reach) {
		width <<= LVL_CLK_SHIFT;
		reach <<= LVL_CLK_SHIFT;
	}
	return (due / width + 1) * width;
}

static void find_next(struct housekeeping *hk)
{
	hk->next = NEVER;
	for (unsigned int i = 0; i < G_N_ELEMENTS(hk->timer); i++)
		hk->next = MIN(hk->next, hk->timer[i].expires);
}

static void add_timer(struct kcpu *kc, struct timer_list *timer, uint64_t due,
		      uint64_t away)
{
	timer->due = due;
	timer->expires = bucket_end(due, away);
	kc->housekeeping->next = MIN(kc->housekeeping->next, timer->expires);
}

/* cf. msecs_to_jiffies() */
static uint64_t ms_to_jiffies(const struct kcpu *kc, unsigned int ms)
{
	return ((uint64_t)ms * kc->kernel->config.hz + 999) / 1000;
}

/* Once more, a period from when it was due or from now. */
static void mod_timer(struct kcpu *kc, struct timer_list *timer)
{
	uint64_t period = ms_to_jiffies(kc, timer->desc->period_ms);
	uint64_t now = jiffies(kc->kernel);
	uint64_t due = timer->due + period;

	if (timer->desc->from == FROM_DONE || due <= now)
		due = now + period;
	add_timer(kc, timer, due, due - now);
}

void housekeeping_tick(struct kcpu *kc)
{
	if (jiffies(kc->kernel) >= kc->housekeeping->next)
		raise_timer_softirq(kc, TIMER_SOFTIRQ);
}

/* All are taken for ones that an idle CPU has to wake up for; in Linux most are
 * deferrable. */
ktime_t housekeeping_next(const struct kcpu *kc)
{
	const struct housekeeping *hk = kc->housekeeping;

	if (!hk || hk->next == NEVER)
		return KTIME_MAX;
	return (ktime_t)hk->next * kc->kernel->tick_period;
}

/*
 * What they do
 */

static struct timer_list *running(struct cpu *cpu)
{
	return to_kcpu(cpu)->housekeeping->running;
}

static void again(struct cpu *cpu, const struct op *op)
{
	(void)op;
	mod_timer(to_kcpu(cpu), running(cpu));
}

static const struct op function_path[] = {
	SPEND(TIMER_FUNCTION),
	DO(again),
	RET,
};

/* A work is queued again when it is done. */
static void work_again(struct cpu *cpu, const struct op *op)
{
	struct work_struct *work =
		container_of((struct irq_context *)cpu->top->arg,
			     struct work_struct, context);

	(void)op;
	mod_timer(to_kcpu(cpu), container_of(work, struct timer_list, work));
}

static const struct op work_path[] = {
	SPEND(KERNEL_WORK),
	DO(work_again),
	RET,
};

static bool work_wakes(struct cpu *cpu)
{
	return running(cpu)->desc->does == DOES_THREAD || workqueue_idle(cpu);
}

static const struct op pay_wakeup_path[] = {
	SPEND(WAKEUP),
	RET,
};

static void wake(struct cpu *cpu, const struct op *op)
{
	struct kcpu *kc = to_kcpu(cpu);
	struct timer_list *timer = running(cpu);

	(void)op;
	if (timer->desc->does == DOES_THREAD)
		try_to_wake_up(kc, &timer->thread, NO_EVENT);
	else
		queue_work(kc, &timer->work, NO_EVENT);
}

/* cf. delayed_work_timer_fn() and process_timeout() */
static const struct op wake_path[] = {
	DO(op_local_irq_save),
	DO(op_preempt_disable),
	WHEN(work_wakes, pay_wakeup_path),
	DO(wake),
	DO(op_local_irq_restore),
	DO(op_preempt_enable),
	RET,
};

/* cf. kcompactd() */
static void thread_sleep(struct cpu *cpu, const struct op *op)
{
	struct kcpu *kc = to_kcpu(cpu);
	struct task *curr = current_task(kc);

	(void)op;
	set_current_state(kc, curr, TASK_INTERRUPTIBLE);
	mod_timer(kc, container_of(curr, struct timer_list, thread));
	cpu_push(cpu, schedule_path, NULL);
}

static const struct op thread_path[] = {
	SPEND(KERNEL_WORK),
	DO(thread_sleep),
	{ .exec = op_loop, .a.path = thread_path },
};

/*
 * The softirq
 */

static bool timer_due(struct cpu *cpu)
{
	const struct kcpu *kc = to_kcpu(cpu);

	return kc->housekeeping &&
	       kc->housekeeping->next <= jiffies(kc->kernel);
}

/* The first that is due leaves the wheel and is called. */
static void call_timer(struct cpu *cpu, const struct op *op)
{
	struct housekeeping *hk = to_kcpu(cpu)->housekeeping;
	struct timer_list *timer = hk->timer;

	(void)op;
	while (timer->expires != hk->next)
		timer++;
	timer->expires = NEVER;
	hk->running = timer;
	find_next(hk);
	cpu_push(cpu,
		 timer->desc->does == DOES_FUNCTION ? function_path : wake_path,
		 NULL);
}

static const struct op call_timer_path[] = {
	SPEND(TIMER_EXPIRE),
	DO(call_timer),
	RET,
};

const struct op timer_softirq_path[] = {
	WHILE(timer_due, call_timer_path),
	RET,
};

/*
 * Booting
 */

/* Threads have been there since boot, and are no new tasks to a fair class. */
static void make_thread(struct kcpu *kc, struct timer_list *timer)
{
	struct task_attr attr = {
		.comm = timer->desc->thread,
		.policy = POLICY_OTHER,
		.entry = thread_path,
		.kthread = true,
	};

	cpumask_set_cpu(&attr.cpus, kc->cpu.id);
	task_init(&timer->thread, kc->kernel, &attr);
	timer->thread.placed = true;
}

static void init_timer(struct kcpu *kc, struct timer_list *timer,
		       const struct kernel_timer *desc)
{
	timer->desc = desc;
	init_work(&timer->work, work_path);
	if (desc->thread)
		make_thread(kc, timer);
	add_timer(kc, timer, ms_to_jiffies(kc, desc->first_ms),
		  ms_to_jiffies(kc, desc->period_ms));
}

void housekeeping_init(struct kernel *kernel)
{
	struct kcpu *kc = &kernel->cpus[0];
	struct housekeeping *hk =
		arena_new(&kernel->sim->state, struct housekeeping, 1);

	kc->housekeeping = hk;
	hk->next = NEVER;
	kc->workers->worker.placed = true;
	for (unsigned int i = 0; i < G_N_ELEMENTS(hk->timer); i++)
		init_timer(kc, &hk->timer[i], &kernel_timers[i]);
}

void housekeeping_destroy(struct kernel *kernel)
{
	struct housekeeping *hk = kernel->cpus[0].housekeeping;

	for (unsigned int i = 0; hk && i < G_N_ELEMENTS(hk->timer); i++)
		task_destroy(&hk->timer[i].thread);
}
