/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A stack trace of all CPUs.
 * cf. lib/nmi_backtrace.c v6.12: nmi_trigger_cpumask_backtrace(),
 * nmi_cpu_backtrace(); arch/x86/kernel/apic/hw_nmi.c.
 *
 * Nothing keeps a CPU from answering, neither interrupts that are off nor a lock
 * for which it spins: that is what it is for.  The caller looks once a
 * millisecond whether all have, for ten seconds, and can't be preempted
 * meanwhile.
 *
 * Left out: the lock by which the traces of two CPUs don't mix; what each takes
 * is as long as if it waited for nobody.
 */
#include <config.h>

#include "preemptsim/kernel/nmi.h"

#include <glib.h>

#include "preemptsim/kernel/preempt.h"

/* cf. mdelay(1), 10 * 1000 times. */
#define ROUND_NS 1000000
#define MAX_ROUNDS_WAITED 10000

static struct nmi_backtrace *the_backtrace(struct cpu *cpu)
{
	return to_kcpu(cpu)->kernel->backtrace;
}

static bool more_to_send(struct cpu *cpu)
{
	return the_backtrace(cpu)->next < to_kcpu(cpu)->kernel->config.nr_cpus;
}

static void send_next(struct cpu *cpu, const struct op *op)
{
	struct kcpu *kc = to_kcpu(cpu);
	unsigned int id = the_backtrace(cpu)->next++;

	(void)op;
	if (id != cpu->id)
		send_ipi(&kc->kernel->cpus[id], kc, IPI_NMI);
}

static const struct op send_path[] = {
	DO(send_next),
	RET,
};

static bool cpus_left(struct cpu *cpu)
{
	const struct nmi_backtrace *backtrace = the_backtrace(cpu);

	return backtrace->left && backtrace->rounds < MAX_ROUNDS_WAITED;
}

static void wait_round(struct cpu *cpu, const struct op *op)
{
	(void)op;
	the_backtrace(cpu)->rounds++;
	cpu->top->left = ktime_from_ns(&cpu->sim->tb, ROUND_NS);
}

static const struct op wait_path[] = {
	DO(wait_round),
	RET,
};

static void backtrace_end(struct cpu *cpu, const struct op *op)
{
	(void)op;
	the_backtrace(cpu)->busy = false;
}

static const struct op backtrace_path[] = {
	WHILE(more_to_send, send_path),
	WHILE(cpus_left, wait_path),
	DO(backtrace_end),
	RET,
};

/* cf. test_and_set_bit(0, &backtrace_flag) */
static void backtrace_begin(struct cpu *cpu, const struct op *op)
{
	struct nmi_backtrace *backtrace = the_backtrace(cpu);

	(void)op;
	if (backtrace->busy)
		return;
	*backtrace = (struct nmi_backtrace){
		.busy = true,
		.asked = backtrace->asked,
		.run = backtrace->asked,
		.left = to_kcpu(cpu)->kernel->config.nr_cpus - 1,
	};
	cpu_push(cpu, backtrace_path, NULL)->left = backtrace->run;
}

const struct op trigger_all_cpu_backtrace_path[] = {
	DO_WITH(op_preempt_disable, "get_cpu"),
	DO(backtrace_begin),
	DO_WITH(op_preempt_enable, "put_cpu"),
	RET,
};

void op_nmi_cpu_backtrace(struct cpu *cpu, const struct op *op)
{
	(void)op;
	cpu->top->left = the_backtrace(cpu)->run;
}

void op_nmi_cpu_backtrace_done(struct cpu *cpu, const struct op *op)
{
	(void)op;
	the_backtrace(cpu)->left--;
	cpu_trace(cpu, TP_nmi_handler, NULL, the_backtrace(cpu)->run, 0);
}

void nmi_backtrace_init(struct kernel *kernel)
{
	kernel->backtrace =
		arena_new(&kernel->sim->state, struct nmi_backtrace, 1);
}
