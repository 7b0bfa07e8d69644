/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Calls of a function on all CPUs.
 * cf. kernel/smp.c v6.12: on_each_cpu_cond_mask(),
 * smp_call_function_many_cond(), __flush_smp_call_function_queue().
 *
 * The caller can't be preempted until the slowest CPU has answered: that is
 * the one that has interrupts off for longest.
 *
 * Left out: calls that nobody waits for; what spares a single CPU that polls
 * in its idle loop the interrupt; the watch over a CPU that never answers
 * (CSD_LOCK_WAIT_DEBUG).
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

static void call_begin(struct cpu *cpu, const struct op *op)
{
	struct kcpu *kc = to_kcpu(cpu);

	(void)op;
	kc->calls->next = 0;
	kc->calls->left = kc->kernel->config.nr_cpus - 1;
	check_irqs(kc);
}

static bool more_to_ask(struct cpu *cpu)
{
	return this_calls(cpu)->next < to_kcpu(cpu)->kernel->config.nr_cpus;
}

/* One that has calls queued will come to this one, too: cf. llist_add(). */
static void queue_call(struct kcpu *from, struct kcpu *kc)
{
	struct call_single_data **end = &kc->calls->queue;
	struct call_single_data *csd = &from->calls->csd[kc->cpu.id];

	if (!*end)
		send_ipi(kc, from, IPI_CALL_FUNCTION);
	while (*end)
		end = &(*end)->next;
	*csd = (struct call_single_data){ .caller = from };
	*end = csd;
}

static void ask_next(struct cpu *cpu, const struct op *op)
{
	struct kcpu *kc = to_kcpu(cpu);
	unsigned int id = kc->calls->next++;

	(void)op;
	if (id != cpu->id)
		queue_call(kc, &kc->kernel->cpus[id]);
}

static const struct op ask_path[] = {
	DO(ask_next),
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
	DO(call_begin),	     WHILE(more_to_ask, ask_path), CALL(run_here_path),
	DO(wait_for_others), DO(others_are_done),	   RET,
};

/*
 * Who is called
 */

bool smp_call_queued(struct cpu *cpu)
{
	return to_kcpu(cpu)->calls && this_calls(cpu)->queue;
}

static void call_run(struct cpu *cpu, const struct op *op)
{
	struct smp_calls *calls = this_calls(cpu);
	struct call_single_data *csd = calls->queue;

	(void)op;
	calls->queue = csd->next;
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

const struct op smp_call_path[] = {
	DO(call_run),
	DO(call_done),
	RET,
};

void smp_calls_init(struct kernel *kernel)
{
	unsigned int nr = kernel->config.nr_cpus;

	for (unsigned int i = 0; i < nr; i++)
		kernel->cpus[i].calls =
			g_malloc0(sizeof(struct smp_calls) +
				  nr * sizeof(struct call_single_data));
}

void smp_calls_destroy(struct kernel *kernel)
{
	for (unsigned int i = 0; i < kernel->config.nr_cpus; i++)
		g_free(kernel->cpus[i].calls);
}
