/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The stop threads.  cf. kernel/stop_machine.c v6.12: cpu_stopper_thread(),
 * stop_one_cpu_nowait().
 *
 * Left out: works that several CPUs do together (stop_machine()).
 */
#include <config.h>

#include "preemptsim/kernel/stop.h"

#include "preemptsim/kernel/kernel.h"
#include "preemptsim/kernel/preempt.h"

static void work_do(struct cpu *cpu, const struct op *op)
{
	struct cpu_stopper *stopper = &to_kcpu(cpu)->stopper;
	struct cpu_stop_work *work =
		list_first(&stopper->works, struct cpu_stop_work, link);

	(void)op;
	list_del(&work->link);
	work->busy = false;
	work->func(cpu, work->arg);
}

static const struct op work_path[] = {
	DO(op_local_irq_save),	  DO(op_preempt_disable), DO(work_do),
	DO(op_local_irq_restore), DO(op_preempt_enable),  RET,
};

/* cf. cpu_stopper_thread() */
static void stopper_look(struct cpu *cpu, const struct op *op)
{
	struct kcpu *kc = to_kcpu(cpu);

	(void)op;
	if (!list_empty(&kc->stopper.works)) {
		cpu_push(cpu, work_path, NULL);
		return;
	}
	set_current_state(kc, current_task(kc), TASK_INTERRUPTIBLE);
	cpu_push(cpu, schedule_path, NULL);
}

static const struct op stopper_path[] = {
	DO(stopper_look),
	{ .exec = op_loop, .a.path = stopper_path },
};

/* cf. sched_set_stop_task(): to others it looks like FIFO's highest. */
void cpu_stop_init(struct kcpu *kc)
{
	g_autofree char *comm = g_strdup_printf("migration/%u", kc->cpu.id);
	struct task_attr attr = {
		.comm = comm,
		.policy = POLICY_FIFO,
		.rt_priority = MAX_RT_PRIO - 1,
		.entry = stopper_path,
		.kthread = true,
		.depth = 8,
	};
	struct task *thread = &kc->stopper.thread;

	list_init(&kc->stopper.works);
	cpumask_set_cpu(&attr.cpus, kc->cpu.id);
	task_init(thread, kc->kernel, &attr);
	thread->sched_class = kc->kernel->sched_class[PLACE_STOP];
	kc->kernel->first_place = PLACE_STOP;
}

void stop_one_cpu_nowait(struct kcpu *kc, struct cpu_stop_work *work)
{
	if (unlikely(work->busy))
		sim_bug(kc->cpu.sim, (int)kc->cpu.id,
			"a work of the stopper is queued twice");
	work->busy = true;
	list_add_tail(&work->link, &kc->stopper.works);
	try_to_wake_up(this_cpu(kc->kernel), &kc->stopper.thread, NO_EVENT);
}
