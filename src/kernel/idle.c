/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The idle loop.  cf. kernel/sched/idle.c v6.12: do_idle().
 *
 * The idle task has a standing preempt_count of 1.
 */
#include <config.h>

#include "preemptsim/kernel/idle.h"

#include "preemptsim/kernel/preempt.h"

static bool no_need_resched(struct cpu *cpu)
{
	return !need_resched(cpu);
}

static void nohz_stop(struct cpu *cpu, const struct op *op)
{
	(void)op;
	tick_nohz_idle_stop(to_kcpu(cpu));
}

/* Interrupts on and halt at once, as `sti; hlt`: an interrupt that was
 * pending ends the halt before it begins. */
static void safe_halt(struct cpu *cpu, const struct op *op)
{
	cpu_open_irqs(cpu);
	op_halt(cpu, op);
}

static const struct op halt_path[] = {
	DO(nohz_stop),
	DO(safe_halt),
	RET,
};

static void irqs_on(struct cpu *cpu, const struct op *op)
{
	(void)op;
	cpu_open_irqs(cpu);
}

static const struct op idle_once[] = {
	DO(op_local_irq_disable),
	SPEND(IDLE_ENTRY),
	WHEN(no_need_resched, halt_path),
	DO(irqs_on),
	RET,
};

static void nohz_exit(struct cpu *cpu, const struct op *op)
{
	(void)op;
	tick_nohz_idle_exit(to_kcpu(cpu));
}

const struct op idle_path[] = {
	WHILE(no_need_resched, idle_once),
	DO(nohz_exit),
	CALL(schedule_idle_path),
	{ .exec = op_loop, .a.path = idle_path },
};
