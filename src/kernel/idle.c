/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The idle loop.  cf. kernel/sched/idle.c v6.12: do_idle(),
 * cpuidle_idle_call(); arch/x86/include/asm/mwait.h: mwait_idle_with_hints().
 *
 * The idle task has a standing preempt_count of 1.  While it is in its loop it
 * watches its need_resched flag, so that who sets that need not interrupt it;
 * only a halt does not see the flag change.
 */
#include <config.h>

#include "preemptsim/kernel/idle.h"

#include <glib.h>

#include "preemptsim/kernel/preempt.h"
#include "preemptsim/kernel/smp.h"

const struct choice *idle_method_choice(unsigned int i)
{
	static const struct choice choices[] = {
		[IDLE_HALT] = { "halt", "hlt: only an interrupt ends it" },
		[IDLE_MWAIT] = { "mwait", "mwait on the need_resched flag: "
					  "setting that ends it, too" },
		[IDLE_POLL] = { "poll", "a loop that looks at need_resched, "
					"never asleep (idle=poll)" },
	};

	return i < G_N_ELEMENTS(choices) ? &choices[i] : NULL;
}

static const struct idle_config *idle_config(const struct kcpu *kc)
{
	return &kc->kernel->config.idle;
}

/* The CPU's own rest ends: what its standing count keeps disabled is latency
 * again from here on.  cf. start_critical_timings(). */
void idle_notice(struct kcpu *kc, struct kcpu *from)
{
	struct cpu *cpu = &kc->cpu;

	cpu_trace(&from->cpu, TP_sched_wake_idle_without_ipi, NULL, cpu->id, 0);
	kc->idle.tif |= TIF_NEED_RESCHED;
	if (!cpu->halted)
		return;
	cpu->halted = false;
	kc->preempt_off_since = cpu->sim->now;
	cpu_resume(cpu, cpu->top, cpu->price[COST_MONITOR] + kc->idle_exit);
}

/* cf. flush_smp_call_function_queue() */
static const struct op flush_path[] = {
	DO(op_local_irq_disable),
	DO(op_flush_call_queue),
	DO(op_run_csd),
	DO(op_sched_ttwu_pending),
	DO(op_softirq_post_flush),
	DO(op_local_irq_enable),
	RET,
};

/* What idle's standing count has kept disabled so far ends here; how long it
 * rests is no latency. */
static void stop_critical_timings(struct kcpu *kc)
{
	ktime_t off = kc->cpu.sim->now - kc->preempt_off_since;

	kc->preempt_off_max = MAX(kc->preempt_off_max, off);
	kc->preempt_off_since = kc->cpu.sim->now;
}

/* The deepest state that is worth it if nothing but the next timer comes. */
static ktime_t select_state(const struct kcpu *kc)
{
	const struct idle_config *idle = idle_config(kc);
	ktime_t exit = kc->cpu.price[COST_IDLE_EXIT];
	ktime_t next = KTIME_MAX, stay = KTIME_MAX;

	if (idle->method == IDLE_POLL)
		return 0;
	if (idle->nr_states)
		next = hrtimer_next_event(kc);
	if (next != KTIME_MAX)
		stay = next - kc->cpu.sim->now;
	for (unsigned int i = 0; i < idle->nr_states; i++)
		if (idle->state[i].target_residency <= stay)
			exit = idle->state[i].exit_latency;
	return exit;
}

/* Interrupts on and rest at once, as `sti; hlt`: an interrupt that was
 * pending ends the rest before it begins. */
static void idle_rest(struct cpu *cpu, const struct op *op)
{
	struct kcpu *kc = to_kcpu(cpu);
	enum idle_method method = idle_config(kc)->method;
	bool wanted = kc->idle.tif & TIF_NEED_RESCHED;

	cpu->top->pc = idle_path;
	if (!wanted && method != IDLE_POLL)
		tick_nohz_idle_stop(kc);
	stop_critical_timings(kc);
	if (!wanted) {
		kc->idle_polls = method != IDLE_HALT;
		kc->idle_exit = select_state(kc);
		op_halt(cpu, op);
	}
	cpu_open_irqs(cpu);
}

/* A look at need_resched: schedule, or go on towards a rest with interrupts
 * off, so that no wakeup can come between the next look and the rest. */
static void idle_look(struct cpu *cpu, const struct op *op)
{
	struct kcpu *kc = to_kcpu(cpu);

	kc->idle_polls = !(kc->idle.tif & TIF_NEED_RESCHED);
	if (kc->idle_polls) {
		cpu_close_irqs(cpu);
		if (cpu_spent(cpu, cpu->price[COST_IDLE_ENTRY], op + 1))
			idle_rest(cpu, op + 1);
		return;
	}
	set_preempt_need_resched(kc); /* who set it may have spared the IPI */
	if (kc->tick.stopped)
		tick_nohz_idle_exit(kc);
	cpu->top->pc--;
	cpu_push(cpu, call_single_queued(kc) ? flush_path : schedule_idle_path,
		 NULL);
	cpu_next(cpu);
}

const struct op idle_path[] = {
	DO(idle_look),
	DO(idle_rest),
};
