/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * RCU stalls.  cf. kernel/rcu/tree_stall.h v6.12: check_cpu_stall().
 *
 * Grace periods follow one another as in a busy system: one ends when every
 * CPU has passed a quiescent state since it began.  If that takes too long, one
 * CPU tells, of all that hold it up: the first of these that takes interrupts,
 * or else another, a little later.  It is ticks that look, and time is counted in
 * them.
 *
 * Of a kernel that preempts its code RCU is preemptible; as nothing here is a
 * reader of RCU, what holds it up is preemption, bottom halves or interrupts
 * being off.
 *
 * Left out: the price of all that; readers; tasks that were preempted in one.
 */
#include <config.h>

#include "stall-private.h"

#include <glib.h>

#include "preemptsim/kernel/preempt.h"

/* Looks at a grace period before it has taken too long; such that they seldom
 * find a CPU in a tick. */
#define LOOKS 211

static const char *flavor(const struct stall_detectors *detectors)
{
	return detectors->kernel->model->kernel ? "rcu_preempt" : "rcu_sched";
}

/* Does @kc take ticks?  It may be in an interrupt just now. */
static bool ticks(const struct kcpu *kc)
{
	return cpu_irqs_on(&kc->cpu) ||
	       kc->cpu.irqs_off_since + kc->kernel->tick_period >
		       kc->cpu.sim->now;
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

/* The first CPU that takes ticks, and that has @passed, or not; NULL: none. */
static struct kcpu *first_cpu(const struct stall_detectors *detectors,
			      bool passed)
{
	const struct kernel *kernel = detectors->kernel;

	for (unsigned int i = 0; i < kernel->config.nr_cpus; i++)
		if (detectors->rcu.cpus[i].passed == passed &&
		    ticks(&kernel->cpus[i]))
			return &kernel->cpus[i];
	return NULL;
}

/* Who has to be told of by others is when they have waited for him. */
static ktime_t report_due(const struct stall_detectors *detectors)
{
	return detectors->rcu.next_report +
	       jiffies_to_ktime(detectors->kernel,
				first_cpu(detectors, false) ? 0 : RAT_DELAY);
}

/* Those that hold it up, but for @self: "CPUs 1, 2"; NULL: nobody.  @first: the
 * first of all of them. */
static char *held_up_by(const struct stall_detectors *detectors,
			const struct kcpu *self, struct kcpu **first)
{
	struct kernel *kernel = detectors->kernel;
	GString *text = g_string_new(NULL);
	unsigned int n = 0;

	*first = NULL;
	for (unsigned int i = 0; i < kernel->config.nr_cpus; i++) {
		if (detectors->rcu.cpus[i].passed)
			continue;
		if (!*first)
			*first = &kernel->cpus[i];
		if (&kernel->cpus[i] != self)
			g_string_append_printf(text, "%s%u", n++ ? ", " : " ",
					       i);
	}
	g_string_prepend(text, n == 1 ? "CPU" : "CPUs");
	return g_string_free(text, !n);
}

/* cf. print_cpu_stall() */
static void tell_self(const struct stall_detectors *detectors,
		      struct kcpu *self, long long ms)
{
	struct kcpu *first;
	g_autofree char *others = held_up_by(detectors, self, &first);

	kernel_warn(self, "rcu_stall", stall_lock(self),
		    "%s self-detected stall on CPU %u (t=%lld ms)%s%s",
		    flavor(detectors), self->cpu.id, ms,
		    others ? ", as on " : "", others ? others : "");
}

/* cf. print_other_cpu_stall(); what is told of is the first that holds it up. */
static void tell_others(const struct stall_detectors *detectors,
			const struct kcpu *by, long long ms)
{
	struct kcpu *first;
	g_autofree char *cpus = held_up_by(detectors, NULL, &first);

	kernel_warn(first, "rcu_stall", stall_lock(first),
		    "%s detected stalls on %s (detected by %u, t=%lld ms)",
		    flavor(detectors), cpus, by->cpu.id, ms);
}

/* cf. rcu_jiffies_till_stall_check() * 3 + 3 till the next time. */
static void check_stall(struct stall_detectors *detectors)
{
	const struct sim *sim = detectors->kernel->sim;
	struct rcu_watch *rcu = &detectors->rcu;
	long long ms = ktime_to_ns(&sim->tb, sim->now - rcu->begun) / 1000000;
	struct kcpu *self = first_cpu(detectors, false);
	const struct kcpu *by = self ? self : first_cpu(detectors, true);

	if (!by)
		return;
	if (self)
		tell_self(detectors, self, ms);
	else
		tell_others(detectors, by, ms);
	rcu->next_report = last_jiffy(detectors->kernel) +
			   3 * till_stall(detectors) +
			   jiffies_to_ktime(detectors->kernel, 3);
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
