/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The law of preempt_count: a count that is not zero forbids that the task is
 * switched out, and need_resched stays pending only while the count is not
 * zero, interrupts are off, or the model defers it.
 *
 * Held against every change of the word of a run, whose run_options.observe is
 * law_observe().  Zero and need_resched together is the word 0; that is where
 * something has to happen.
 */
#ifndef TESTS_LAWS_PREEMPT_LAW_H
#define TESTS_LAWS_PREEMPT_LAW_H

#include "law.h"
#include "preemptsim/kernel/preempt.h"

#define LAW_CPUS 64

/**
 * struct cpu_law - a CPU's part.
 * @told: the last change
 * @pending: that left 0, and nothing excuses that it stays
 * @raised: how often each vector's bit was set and it was not served since
 */
struct cpu_law {
	struct trace_record told;
	bool pending;
	unsigned int raised[NR_SOFTIRQS];
};

static struct kernel *law_kernel;
static struct cpu_law cpu_law[LAW_CPUS];
static unsigned int nr_pending, nr_switches;

static inline void broken(const struct trace_record *record, const char *what)
{
	const struct trace_record *told = &cpu_law[record->cpu].told;

	ck_abort_msg("%s: at %lld ns on CPU %u: %s; the word was %08x since "
		     "%lld ns, by %s",
		     law_place,
		     (long long)ktime_to_ns(&law_kernel->sim->tb, record->when),
		     record->cpu, what, (unsigned int)told->b,
		     (long long)ktime_to_ns(&law_kernel->sim->tb, told->when),
		     (const char *)told->object);
}

/* The end of an interrupt looks if it goes back to kernel code that had
 * interrupts on; softirqs, or waking who serves them, come before that. */
static inline bool end_of_irq_looks(const struct kcpu *kc, const char *why)
{
	const struct frame *frame = kc->cpu.top;

	return !strcmp(why, "irq_exit") && (frame->open & IRQ_MASKABLE) &&
	       (frame->acct & (ACCT_TASK - 1)) != ACCT_USER &&
	       !kc->softirq.pending && !kc->softirq.timers_pending;
}

/* May the word not stay 0 where @record has left it?  It may if nobody looks
 * there: interrupts are off, as their return does not look; the model leaves
 * the kernel alone; or preempt_enable_no_resched() said so.  A flag that
 * another CPU has set is looked at later. */
static inline bool must_go_on(const struct kcpu *kc,
			      const struct trace_record *record)
{
	const char *why = record->object;

	if (record->b || !law_kernel->model->kernel ||
	    this_cpu(law_kernel) != kc)
		return false;
	if (!cpu_irqs_on(&kc->cpu))
		return end_of_irq_looks(kc, why);
	return strcmp(why, "preempt_enable_no_resched") != 0 &&
	       strcmp(why, "set_preempt_need_resched") != 0;
}

static inline void on_change(void *data, const struct trace_record *record)
{
	struct cpu_law *law = &cpu_law[record->cpu];
	const struct kcpu *kc = &law_kernel->cpus[record->cpu];

	(void)data;
	if (record->a == record->b)
		return;
	if (law->told.object && record->a != law->told.b)
		broken(record, "the word had changed in silence");
	if (law->pending && (record->when != law->told.when || record->b != 1))
		broken(record, "need_resched was pending for nothing");
	law->told = *record;
	law->pending = must_go_on(kc, record);
	nr_pending += law->pending;
}

static inline void on_switch(void *data, const struct trace_record *record)
{
	const struct kcpu *kc = &law_kernel->cpus[record->cpu];

	(void)data;
	nr_switches++;
	if (preempt_count(kc) != 2 || cpu_irqs_on(&kc->cpu))
		broken(record, "switched out");
}

/* Who is preempted, had the count at zero: it is one now, for __schedule(). */
static inline void on_entry(void *data, const struct trace_record *record)
{
	const struct kcpu *kc = &law_kernel->cpus[record->cpu];

	(void)data;
	if (record->a && preempt_count(kc) != 1)
		broken(record, "preempted");
	if (record->a && !law_kernel->model->kernel &&
	    !law_kernel->model->cond_resched)
		broken(record, "preempted by a model that does not");
}

/* A softirq is served once at most for each time that its bit is set; timers
 * have one of their own where ktimers serves them. */
static inline void on_raise(void *data, const struct trace_record *record)
{
	const struct softirq_cpu *softirq =
		&law_kernel->cpus[record->cpu].softirq;
	bool timer = record->a == TIMER_SOFTIRQ || record->a == HRTIMER_SOFTIRQ;
	uint32_t was = softirq->pending;

	(void)data;
	if (timer && softirq->ktimers)
		was &= softirq->timers_pending;
	cpu_law[record->cpu].raised[record->a] += !(was >> record->a & 1);
}

static inline void on_softirq(void *data, const struct trace_record *record)
{
	struct cpu_law *law = &cpu_law[record->cpu];

	(void)data;
	if (!law->raised[record->a]--)
		broken(record, "a softirq that nobody raised");
}

static inline void law_observe(void *data, struct kernel *k)
{
	struct tracer *tracer = &k->sim->tracer;

	(void)data;
	law_kernel = k;
	memset(cpu_law, 0, sizeof(cpu_law));
	ck_assert_uint_le(k->config.nr_cpus, LAW_CPUS);
	tracer_listen(tracer, TP_preempt_count, on_change, NULL);
	tracer_listen(tracer, TP_sched_switch, on_switch, NULL);
	tracer_listen(tracer, TP_sched_entry, on_entry, NULL);
	tracer_listen(tracer, TP_softirq_raise, on_raise, NULL);
	tracer_listen(tracer, TP_softirq_entry, on_softirq, NULL);
}

#endif /* TESTS_LAWS_PREEMPT_LAW_H */
