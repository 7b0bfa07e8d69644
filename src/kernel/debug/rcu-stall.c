/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * RCU stalls.  cf. kernel/rcu/tree_stall.h v6.12: check_cpu_stall().
 *
 * Grace periods follow one another as in a busy system: one ends when every
 * CPU has passed a quiescent state since it began.  A CPU that has not for too
 * long is told of, by itself if it takes interrupts, or else by another, a little
 * later.  It is ticks that look, and time is counted in them.
 *
 * Of a kernel that preempts its code RCU is preemptible; as nothing here is a
 * reader of RCU, what holds it up is preemption, bottom halves or interrupts
 * being off.
 *
 * Left out: the price of all that; readers; tasks that were preempted in one.
 */
#include <config.h>

#include "stall-private.h"

#include "preemptsim/kernel/preempt.h"

/* Looks at a grace period before it has taken too long; such that they seldom
 * find a CPU in a tick. */
#define LOOKS 211

static void tell(struct stall_detectors *detectors, struct kcpu *kc,
		 const struct kcpu *by)
{
	const struct kernel *kernel = detectors->kernel;
	int64_t ms = ktime_to_ns(&kernel->sim->tb,
				 kernel->sim->now - detectors->rcu.begun) /
		     1000000;
	const char *flavor =
		kernel->model->kernel ? "rcu_preempt" : "rcu_sched";

	if (kc == by)
		kernel_warn(kc, "rcu_stall", stall_lock(kc),
			    "%s self-detected stall on CPU %u (t=%lld ms)",
			    flavor, kc->cpu.id, (long long)ms);
	else
		kernel_warn(kc, "rcu_stall", stall_lock(kc),
			    "%s detected stall on CPU %u (detected by %u, "
			    "t=%lld ms)",
			    flavor, kc->cpu.id, by->cpu.id, (long long)ms);
}

/* Does @kc take ticks?  It may be in an interrupt just now. */
static bool ticks(const struct kcpu *kc)
{
	return cpu_irqs_on(&kc->cpu) ||
	       kc->cpu.irqs_off_since + kc->kernel->tick_period >
		       kc->cpu.sim->now;
}

/* Who notices that @kc is late: itself, or the first that is not; NULL. */
static const struct kcpu *witness(const struct stall_detectors *detectors,
				  const struct kcpu *kc)
{
	const struct kernel *kernel = detectors->kernel;

	if (ticks(kc))
		return kc;
	for (unsigned int i = 0; i < kernel->config.nr_cpus; i++)
		if (detectors->rcu.cpus[i].passed)
			return &kernel->cpus[i];
	return NULL;
}

/* How long others leave it to the CPU itself, in ticks; cf.
 * RCU_STALL_RAT_DELAY. */
#define RAT_DELAY 2

static ktime_t jiffies_to_ktime(const struct kernel *kernel, int64_t jiffies)
{
	return jiffies * kernel->tick_period;
}

/* When the tick was that counted the jiffies up to what they are. */
static ktime_t last_jiffy(const struct kernel *kernel)
{
	return jiffies_to_ktime(kernel, (int64_t)jiffies(kernel));
}

/* cf. rcu_jiffies_till_stall_check() */
static ktime_t till_stall(const struct stall_detectors *detectors)
{
	ktime_t tick = detectors->kernel->tick_period;

	return (detectors->config.rcu_stall + tick - 1) / tick * tick;
}

static bool any_sees_itself(const struct stall_detectors *detectors)
{
	const struct kernel *kernel = detectors->kernel;

	for (unsigned int i = 0; i < kernel->config.nr_cpus; i++)
		if (!detectors->rcu.cpus[i].passed && ticks(&kernel->cpus[i]))
			return true;
	return false;
}

/* Who has to be told of by others is when they have waited for him. */
static ktime_t report_due(const struct stall_detectors *detectors)
{
	return detectors->rcu.next_report +
	       jiffies_to_ktime(detectors->kernel,
				any_sees_itself(detectors) ? 0 : RAT_DELAY);
}

/* cf. rcu_jiffies_till_stall_check() * 3 + 3 till the next time. */
static void check_stall(struct stall_detectors *detectors)
{
	struct kernel *kernel = detectors->kernel;
	struct rcu_watch *rcu = &detectors->rcu;
	bool told = false;

	for (unsigned int i = 0; i < kernel->config.nr_cpus; i++) {
		struct kcpu *kc = &kernel->cpus[i];
		const struct kcpu *by = witness(detectors, kc);

		if (rcu->cpus[i].passed || !by)
			continue;
		tell(detectors, kc, by);
		told = true;
	}
	if (told)
		rcu->next_report = last_jiffy(kernel) +
				   3 * till_stall(detectors) +
				   jiffies_to_ktime(kernel, 3);
}

static void begin(struct stall_detectors *detectors)
{
	const struct kernel *kernel = detectors->kernel;
	struct rcu_watch *rcu = &detectors->rcu;

	rcu->begun = last_jiffy(kernel);
	rcu->next_report = rcu->begun + till_stall(detectors);
	for (unsigned int i = 0; i < kernel->config.nr_cpus; i++)
		rcu->cpus[i] = (struct rcu_cpu){ .mark = stall_progress(
							 &kernel->cpus[i]) };
}

/* Has every CPU passed a quiescent state? */
static bool all_passed(struct stall_detectors *detectors)
{
	const struct kernel *kernel = detectors->kernel;
	bool all = true;

	for (unsigned int i = 0; i < kernel->config.nr_cpus; i++) {
		const struct kcpu *kc = &kernel->cpus[i];
		struct rcu_cpu *one = &detectors->rcu.cpus[i];

		one->passed = one->passed || stall_lets_in(kc) ||
			      stall_let_in(detectors, kc, &one->mark,
					   !cpu_irqs_on(&kc->cpu));
		all = all && one->passed;
	}
	return all;
}

/* When there is something to tell, or a step further. */
static void schedule_next(struct stall_detectors *detectors)
{
	struct rcu_watch *rcu = &detectors->rcu;
	ktime_t now = detectors->kernel->sim->now;
	ktime_t next = now + MAX(detectors->config.rcu_stall / LOOKS, 1);
	ktime_t due = rcu->next_report;

	if (due <= now)
		due = report_due(detectors);
	if (due > now && due < next)
		next = due;
	stall_schedule(detectors, &rcu->source, next);
}

static void rcu_fire(struct evsource *source)
{
	struct rcu_watch *rcu = container_of(source, struct rcu_watch, source);
	struct stall_detectors *detectors =
		container_of(rcu, struct stall_detectors, rcu);
	struct sim *sim = detectors->kernel->sim;

	sim->events--; /* not an event of the machine */
	if (all_passed(detectors))
		begin(detectors);
	else if (sim->now >= report_due(detectors))
		check_stall(detectors);
	schedule_next(detectors);
}

void rcu_start(struct stall_detectors *detectors)
{
	struct kernel *kernel = detectors->kernel;

	detectors->rcu.cpus = arena_new(&kernel->sim->state, struct rcu_cpu,
					kernel->config.nr_cpus);
	sim_add_source(kernel->sim, &detectors->rcu.source, rcu_fire);
	begin(detectors);
	schedule_next(detectors);
}
