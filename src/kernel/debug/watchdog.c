/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Soft and hard lockups.  cf. kernel/watchdog.c v6.12: watchdog_timer_fn(),
 * is_softlockup(), is_hardlockup(); watchdog_perf.c.
 *
 * Each CPU has a timer that expires five times in twice the threshold.  It
 * wakes a thread of the highest priority, which notes that it ran; if that was
 * longer ago than twice the threshold, the CPU is locked up softly.  The timer
 * waits while interrupts are off.  If it did not expire in a whole threshold,
 * which an NMI looks at, the CPU is locked up hard.
 */
#include <config.h>

#include "stall-private.h"

/* cf. set_sample_period() */
static ktime_t sample_period(const struct stall_detectors *detectors)
{
	return 2 * detectors->config.watchdog / 5;
}

/* The thread runs a little after the timer, and the next timer may be a little
 * late; Linux's clock for this is too coarse to tell. */
static ktime_t threshold(const struct stall_detectors *detectors)
{
	return 2 * detectors->config.watchdog + sample_period(detectors) / 16;
}

/* cf. get_timestamp(): 2^30 ns are a second, nearly. */
static int64_t timestamp(const struct kcpu *kc, ktime_t time)
{
	return ktime_to_ns(&kc->cpu.sim->tb, time) >> 30;
}

static void touch(struct watchdog_cpu *one, ktime_t when)
{
	one->touched = when;
	one->period = when;
}

static void soft_lockup(struct kcpu *kc, const struct watchdog_cpu *one,
			ktime_t now)
{
	const struct task *curr = current_task(kc);

	kernel_warn(
		kc, "soft_lockup", stall_lock(kc),
		"soft lockup - CPU#%u stuck for %llds! [%s:%d]", kc->cpu.id,
		(long long)(timestamp(kc, now) - timestamp(kc, one->touched)),
		curr->comm, curr->pid);
}

/* cf. watchdog_timer_fn(): interrupts are on, or about to be.  If somebody was let
 * in since the last sample, the thread that was woken then ran in between; the
 * next sample that is too far from that is as far from the last. */
static void sample(struct stall_detectors *detectors, struct kcpu *kc,
		   bool late)
{
	struct watchdog_cpu *one = &detectors->watchdog.cpus[kc->cpu.id];
	ktime_t now = kc->cpu.sim->now;

	one->samples++;
	if (stall_let_in(detectors, kc, &one->mark, late))
		touch(one, one->mark.when);
	if (now > one->period + threshold(detectors)) {
		soft_lockup(kc, one, now);
		one->period = now;
	}
	if (stall_makes_way(kc))
		touch(one, now);
	one->mark = stall_progress(kc);
}

/* Listening while the blame simulates something again would spoil the list of
 * those who do in the run, which goes on where it was. */
static void listen(struct stall_detectors *detectors, bool on)
{
	struct tracer *tracer = &detectors->kernel->sim->tracer;

	if (tracer->again)
		return;
	if (on)
		tracer_attach(tracer, TP_irq_enable,
			      &detectors->watchdog.listener);
	else
		tracer_detach(tracer, TP_irq_enable,
			      &detectors->watchdog.listener);
}

/* A CPU whose sample is late has switched interrupts on. */
static void on_irq_enable(void *data, const struct trace_record *record)
{
	struct stall_detectors *detectors = data;
	struct watchdog *watchdog = &detectors->watchdog;
	struct watchdog_cpu *one = &watchdog->cpus[record->cpu];

	if (!one->late)
		return;
	one->late = false;
	if (!--watchdog->nr_late)
		listen(detectors, false);
	sample(detectors, &detectors->kernel->cpus[record->cpu], true);
}

static void be_late(struct stall_detectors *detectors, struct watchdog_cpu *one)
{
	struct watchdog *watchdog = &detectors->watchdog;

	if (one->late)
		return;
	one->late = true;
	if (!watchdog->nr_late++)
		listen(detectors, true);
}

static void sample_all(struct stall_detectors *detectors)
{
	struct kernel *kernel = detectors->kernel;

	for (unsigned int i = 0; i < kernel->config.nr_cpus; i++) {
		struct kcpu *kc = &kernel->cpus[i];

		if (cpu_irqs_on(&kc->cpu))
			sample(detectors, kc, false);
		else
			be_late(detectors, &detectors->watchdog.cpus[i]);
	}
}

/* cf. watchdog_hardlockup_check(): told once until the timer comes again. */
static void check(struct kcpu *kc, struct watchdog_cpu *one)
{
	const struct task *curr = current_task(kc);

	if (one->samples != one->checked) {
		one->checked = one->samples;
		one->hard = false;
	} else if (!one->hard) {
		one->hard = true;
		kernel_warn(kc, "hard_lockup", stall_lock(kc),
			    "watchdog detected hard LOCKUP on CPU %u [%s:%d]",
			    kc->cpu.id, curr->comm, curr->pid);
	}
}

static void schedule_next(struct stall_detectors *detectors)
{
	struct watchdog *watchdog = &detectors->watchdog;

	stall_schedule(detectors, &watchdog->source,
		       MIN(watchdog->next_sample, watchdog->next_check));
}

/* The NMI comes before the timer. */
static void watchdog_fire(struct evsource *source)
{
	struct watchdog *watchdog =
		container_of(source, struct watchdog, source);
	struct stall_detectors *detectors =
		container_of(watchdog, struct stall_detectors, watchdog);
	struct kernel *kernel = detectors->kernel;
	ktime_t now = kernel->sim->now;

	kernel->sim->events--; /* not an event of the machine */
	if (now == watchdog->next_check) {
		for (unsigned int i = 0; i < kernel->config.nr_cpus; i++)
			check(&kernel->cpus[i], &watchdog->cpus[i]);
		watchdog->next_check += detectors->config.watchdog;
	}
	if (now == watchdog->next_sample) {
		sample_all(detectors);
		watchdog->next_sample += sample_period(detectors);
	}
	schedule_next(detectors);
}

void watchdog_start(struct stall_detectors *detectors)
{
	struct watchdog *watchdog = &detectors->watchdog;
	struct kernel *kernel = detectors->kernel;

	watchdog->cpus = arena_new(&kernel->sim->state, struct watchdog_cpu,
				   kernel->config.nr_cpus);
	watchdog->listener =
		(struct listener){ .told = on_irq_enable, .data = detectors };
	watchdog->next_sample = sample_period(detectors);
	watchdog->next_check = detectors->config.watchdog;
	sim_add_source(kernel->sim, &watchdog->source, watchdog_fire);
	schedule_next(detectors);
}

void watchdog_stop(struct stall_detectors *detectors)
{
	/* Whether it listens can't be told from nr_late: the state is that of
	 * where the blame went back to, the listeners are not. */
	tracer_detach(&detectors->kernel->sim->tracer, TP_irq_enable,
		      &detectors->watchdog.listener);
}
