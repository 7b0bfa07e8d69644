/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What CPUs leave to each other, and calls of a function on all of them.
 * cf. kernel/smp.c v6.12: on_each_cpu_cond_mask(),
 * smp_call_function_many_cond(), __flush_smp_call_function_queue();
 * kernel/sched/core.c: call_function_single_prep_ipi().
 *
 * The caller can't be preempted until the slowest CPU has answered: that is
 * the one that has interrupts off for longest.
 *
 * Calls and wakeups stand in one queue in Linux, where calls that somebody waits
 * for are done first, then those that nobody does, and wakeups last; here they
 * stand in three, and one counts as empty only if the others are.  A CPU with
 * something in it has been told already.  If one alone has to be told, and that
 * polls in its idle loop, a flag is enough; several are interrupted, whatever
 * they do.
 *
 * Left out: the order of calls that nobody waits for; the watch over a CPU that
 * never answers (CSD_LOCK_WAIT_DEBUG).
 */
#include <config.h>

#include "preemptsim/kernel/smp.h"

#include <glib.h>

#include "preemptsim/kernel/preempt.h"

static struct smp_calls *this_calls(struct cpu *cpu)
{
	return to_kcpu(cpu)->calls;
}

/*
 * The caller
 */

/* cf. the lockdep_assert_irqs_enabled() there: two CPUs that call each other
 * would wait for ever. */
static void check_irqs(struct kcpu *kc)
{
	if (likely(cpu_irqs_on(&kc->cpu)) || kc->kernel->debug.call_said)
		return;
	kc->kernel->debug.call_said = true;
	kernel_warn(kc, "call_irqs_off", NULL,
		    "%s-%d waits for other CPUs with interrupts off",
		    current_task(kc)->comm, current_task(kc)->pid);
}

/* cf. llist_add(): was nothing there? */
static bool queue_call(struct kcpu *from, struct kcpu *kc)
{
	struct call_single_data **end = &kc->calls->queue;
	struct call_single_data *csd = &from->calls->csd[kc->cpu.id];
	bool first = !call_single_queued(kc);

	while (*end)
		end = &(*end)->next;
	*csd = (struct call_single_data){ .caller = from };
	*end = csd;
	return first;
}

void send_call_function_single_ipi(struct kcpu *kc, struct kcpu *from)
{
	if (kc->idle_polls)
		idle_notice(kc, from);
	else
		send_ipi(kc, from, IPI_CALL_FUNCTION_SINGLE);
}

void smp_call_function_single_async(struct kcpu *kc, struct kcpu *from,
				    enum rq_csd csd)
{
	bool first = !call_single_queued(kc);

	kc->rq.csd |= (uint8_t)(1u << csd);
	if (first)
		send_call_function_single_ipi(kc, from);
}

/* Leave it to all others, and then tell who does not know yet. */
static void call_begin(struct cpu *cpu, const struct op *op)
{
	struct kcpu *kc = to_kcpu(cpu), *last = NULL;
	struct kernel *kernel = kc->kernel;
	unsigned int nr_ipis = 0;

	(void)op;
	check_irqs(kc);
	kc->calls->left = kernel->config.nr_cpus - 1;
	kc->calls->ipi = (struct cpumask){ 0 };
	for (unsigned int i = 0; i < kernel->config.nr_cpus; i++) {
		if (i == cpu->id || !queue_call(kc, &kernel->cpus[i]))
			continue;
		last = &kernel->cpus[i];
		cpumask_set_cpu(&kc->calls->ipi, i);
		nr_ipis++;
	}
	if (nr_ipis != 1)
		return;
	cpumask_clear_cpu(&kc->calls->ipi, last->cpu.id);
	send_call_function_single_ipi(last, kc);
}

static bool more_to_tell(struct cpu *cpu)
{
	return cpumask_first(&this_calls(cpu)->ipi) < NR_CPUS;
}

static void tell_next(struct cpu *cpu, const struct op *op)
{
	struct kcpu *kc = to_kcpu(cpu);
	unsigned int id = cpumask_first(&kc->calls->ipi);

	(void)op;
	cpumask_clear_cpu(&kc->calls->ipi, id);
	send_ipi(&kc->kernel->cpus[id], kc, IPI_CALL_FUNCTION);
}

static const struct op tell_path[] = {
	DO(tell_next),
	RET,
};

/* What it calls it also runs itself, as in a handler. */
static void run_here(struct cpu *cpu, const struct op *op)
{
	(void)op;
	cpu->top->left = this_calls(cpu)->run;
}

static const struct op run_here_path[] = {
	DO(op_local_irq_save),
	DO(run_here),
	DO(op_local_irq_restore),
	RET,
};

/* cf. csd_lock_wait() */
static void wait_for_others(struct cpu *cpu, const struct op *op)
{
	struct smp_calls *calls = this_calls(cpu);

	(void)op;
	calls->acct = cpu->acct;
	if (!calls->left)
		return;
	calls->frame = cpu->top;
	cpu_account(cpu, ACCT_SPIN | (cpu->acct & ACCT_TASK));
	cpu->top->left = STALLED;
}

static void others_are_done(struct cpu *cpu, const struct op *op)
{
	struct smp_calls *calls = this_calls(cpu);

	(void)op;
	calls->frame = NULL;
	cpu_account(cpu, calls->acct);
}

const struct op on_each_cpu_path[] = {
	DO(call_begin),	     WHILE(more_to_tell, tell_path),
	CALL(run_here_path), DO(wait_for_others),
	DO(others_are_done), RET,
};

/*
 * Who is called
 */

static bool call_left(struct cpu *cpu)
{
	return this_calls(cpu)->flushed;
}

static void call_run(struct cpu *cpu, const struct op *op)
{
	struct smp_calls *calls = this_calls(cpu);
	struct call_single_data *csd = calls->flushed;

	(void)op;
	calls->flushed = csd->next;
	cpu->top->arg = csd->caller;
	cpu->top->left = csd->caller->calls->run;
}

/* cf. csd_unlock(): the caller sees it in a cache line. */
static void call_done(struct cpu *cpu, const struct op *op)
{
	struct kcpu *caller = cpu->top->arg;
	struct smp_calls *calls = caller->calls;

	(void)op;
	if (!--calls->left && calls->frame)
		cpu_resume(&caller->cpu, calls->frame,
			   cpu->price[COST_SPIN_HANDOFF]);
}

static const struct op call_path[] = {
	DO(call_run),
	DO(call_done),
	RET,
};

/* In the idle loop it is the idle task that works. */
static void flush_begin(struct cpu *cpu, const struct op *op)
{
	(void)op;
	cpu->top->acct = cpu->acct;
	if (cpu->acct == ACCT_IDLE)
		cpu_account(cpu, ACCT_KERNEL);
}

static void flush_end(struct cpu *cpu, const struct op *op)
{
	(void)op;
	cpu_account(cpu, cpu->top->acct);
}

static const struct op flush_path[] = {
	DO(flush_begin),
	WHILE(call_left, call_path),
	DO(flush_end),
	RET,
};

/* Who leaves something from here on finds the queue empty, and tells it. */
void op_flush_call_queue(struct cpu *cpu, const struct op *op)
{
	struct kcpu *kc = to_kcpu(cpu);

	(void)op;
	kc->rq.wake_flushed = kc->rq.wake_list;
	kc->rq.wake_list = NULL;
	kc->rq.csd_flushed |= kc->rq.csd;
	kc->rq.csd = 0;
	if (likely(!kc->calls || !kc->calls->queue))
		return;
	kc->calls->flushed = kc->calls->queue;
	kc->calls->queue = NULL;
	cpu_push(cpu, flush_path, NULL);
}

void op_run_csd(struct cpu *cpu, const struct op *op)
{
	struct kcpu *kc = to_kcpu(cpu);
	unsigned int csd = kc->rq.csd_flushed;

	(void)op;
	kc->rq.csd_flushed = 0;
	if (likely(!csd))
		return;
	if (csd & 1u << CSD_NOHZ)
		nohz_csd_func(kc);
	if (csd & 1u << CSD_RTO_PUSH)
		rto_push_irq_work_func(&kc->rq);
	if (csd & 1u << CSD_HRTICK)
		hrtick_func(&kc->rq);
	if (csd & 1u << CSD_UNTHROTTLE)
		cfsb_csd_unthrottle(&kc->rq);
}

void smp_calls_init(struct kernel *kernel)
{
	unsigned int nr = kernel->config.nr_cpus;

	for (unsigned int i = 0; i < nr; i++)
		kernel->cpus[i].calls = arena_alloc(
			&kernel->sim->state,
			sizeof(struct smp_calls) +
				nr * sizeof(struct call_single_data));
}
