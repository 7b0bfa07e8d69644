/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The stop threads.  cf. kernel/stop_machine.c v6.12: cpu_stopper_thread(),
 * cpu_stop_queue_work(), stop_one_cpu_nowait(); kernel/smpboot.c:
 * smpboot_thread_fn().  What several of them do together is in stop-machine.c.
 */
#include <config.h>

#include "preemptsim/kernel/stop.h"

#include "preemptsim/kernel/kernel.h"
#include "preemptsim/kernel/preempt.h"

/* Frames of the thread's own paths. */
#define STOPPER_DEPTH 8

static void next_work(struct cpu *cpu, const struct op *op)
{
	struct cpu_stopper *stopper = &to_kcpu(cpu)->stopper;
	struct cpu_stop_work *work =
		list_first(&stopper->works, struct cpu_stop_work, link);

	(void)op;
	list_del(&work->link);
	work->busy = false;
	cpu_push(cpu, work->path, work->arg);
}

static const struct op work_path[] = {
	DO_WITH(op_preempt_disable, "cpu_stopper_thread"),
	DO(next_work),
	DO_WITH(op_preempt_enable_no_resched, "cpu_stopper_thread"),
	RET,
};

static bool work_queued(struct cpu *cpu)
{
	return !list_empty(&to_kcpu(cpu)->stopper.works);
}

static const struct op works_path[] = {
	WHILE(work_queued, work_path),
	RET,
};

/* The state is set before the look, so that a work that comes after it still
 * wakes. */
static void stopper_look(struct cpu *cpu, const struct op *op)
{
	struct kcpu *kc = to_kcpu(cpu);

	(void)op;
	set_current_state(kc, current_task(kc), TASK_INTERRUPTIBLE);
	if (!work_queued(cpu)) {
		cpu_push(cpu, schedule_path, NULL);
		return;
	}
	set_current_state(kc, current_task(kc), TASK_RUNNING);
	cpu_push(cpu, works_path, NULL);
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
		.depth = STOPPER_DEPTH,
	};
	struct task *thread = &kc->stopper.thread;

	if (kc->stopper.ready)
		return;
	kc->stopper.ready = true;
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
