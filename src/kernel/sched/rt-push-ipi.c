/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who has real-time tasks to give away is asked to, by an interrupt that goes
 * from one such CPU to the next.  cf. kernel/sched/rt.c v6.12:
 * tell_cpu_to_push(), rto_next_cpu(), rto_push_irq_work_func().
 *
 * Where many CPUs come to do something less urgent at once, they would fight for
 * the lock of the one run queue that has something for them.  So there is one
 * interrupt in a root domain at a time; who asks meanwhile has it go round once
 * more.  On the other hand it waits where interrupts are off.
 */
#include <config.h>

#include "preemptsim/kernel/smp.h"

#include "rt-push-private.h"

#include <glib.h>

/* cf. root_domain: isolated CPUs are one, the others another. */
static struct rto_push *rto_push_of(const struct rq *rq)
{
	struct kernel *kernel = rq->kc->kernel;

	return &kernel->rto_push[cpumask_test_cpu(&kernel->config.isolcpus,
						  rq->kc->cpu.id)];
}

/* The first CPU of @rq's root domain from @cpu on that has too much and is not
 * this one; or NR_CPUS. */
static unsigned int overloaded_from(const struct rq *rq, unsigned int cpu)
{
	const struct kernel *kernel = rq->kc->kernel;

	for (; cpu < kernel->config.nr_cpus; cpu++)
		if (cpu != rq->kc->cpu.id && same_root_domain(rq, cpu) &&
		    cpumask_test_cpu(&kernel->rto_mask, cpu))
			return cpu;
	return NR_CPUS;
}

/* cf. rto_next_cpu(): once round, and again if somebody has asked since. */
static unsigned int rto_next_cpu(const struct rq *rq)
{
	struct rto_push *push = rto_push_of(rq);

	for (;;) {
		unsigned int cpu = overloaded_from(rq, push->next);

		push->next = cpu + 1;
		if (cpu < NR_CPUS)
			return cpu;
		push->next = 0;
		if (push->loop == push->asked)
			return NR_CPUS;
		push->loop = push->asked;
	}
}

/* Who sends that may be another CPU, which has just taken from @rq's task what
 * it had been lent. */
static void ask_next(struct rq *rq)
{
	struct kernel *kernel = rq->kc->kernel;
	unsigned int cpu = rto_next_cpu(rq);

	if (cpu < NR_CPUS)
		smp_call_function_single_async(&kernel->cpus[cpu],
					       this_cpu(kernel), CSD_RTO_PUSH);
}

void tell_cpu_to_push(struct rq *rq)
{
	struct rto_push *push = rto_push_of(rq);

	push->asked++;
	if (push->next == 0)
		ask_next(rq);
}

void rto_push_irq_work_func(struct rq *rq)
{
	update_rq_clock(rq);
	push_rt_tasks_for_pull(rq);
	ask_next(rq);
}
