/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The idle loop.  cf. kernel/sched/idle.c v6.12: do_idle().
 *
 * The idle task has a standing preempt_count of 1.
 */
#include <config.h>

#include "preemptsim/kernel/idle.h"

#include "preemptsim/kernel/preempt.h"

/* A look at need_resched: schedule, or go on towards a halt with interrupts
 * off, so that no wakeup can come between the next look and the halt. */
static void idle_look(struct cpu *cpu, const struct op *op)
{
	(void)op;
	if (need_resched(cpu)) {
		tick_nohz_idle_exit(to_kcpu(cpu));
		cpu->top->pc--;
		cpu_push(cpu, schedule_idle_path, NULL);
		cpu_chain(cpu);
	} else {
		cpu_close_irqs(cpu);
		cpu_spend(cpu, cpu->price[COST_IDLE_ENTRY]);
	}
}

/* What idle's standing count has kept disabled so far ends here; how long it
 * halts is no latency. */
static void stop_critical_timings(struct kcpu *kc)
{
	ktime_t off = kc->cpu.sim->now - kc->preempt_off_since;

	kc->preempt_off_max = MAX(kc->preempt_off_max, off);
	kc->preempt_off_since = kc->cpu.sim->now;
}

/* Interrupts on and halt at once, as `sti; hlt`: an interrupt that was
 * pending ends the halt before it begins. */
static void idle_halt(struct cpu *cpu, const struct op *op)
{
	bool wanted = need_resched(cpu);

	cpu->top->pc = idle_path;
	if (!wanted)
		tick_nohz_idle_stop(to_kcpu(cpu));
	stop_critical_timings(to_kcpu(cpu));
	cpu_open_irqs(cpu);
	if (!wanted)
		op_halt(cpu, op);
}

const struct op idle_path[] = {
	DO(idle_look),
	DO(idle_halt),
};
