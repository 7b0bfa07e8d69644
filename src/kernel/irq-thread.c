/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Threads of interrupts.  cf. kernel/irq/manage.c v6.12: irq_thread(),
 * irq_forced_thread_fn(), irq_finalize_oneshot(); kernel/irq/handle.c:
 * __irq_wake_thread().
 */
#include <config.h>

#include "preemptsim/kernel/irq-thread.h"

#include <glib.h>

#include "preemptsim/kernel/kernel.h"
#include "preemptsim/kernel/preempt.h"

/* Frames of the thread's own paths. */
#define THREAD_DEPTH 8

/* Room for raises before a longer backlog makes the ring grow. */
#define HELD_ROOM 8

static struct irq_thread *this_thread(struct cpu *cpu)
{
	return cpu->top->arg;
}

void irq_thread_raise(struct device_irq *irq, ktime_t raised)
{
	irq->thread->run = true;
	irq->thread->raised = raised;
}

void irq_wake_thread(struct kcpu *kc, struct device_irq *irq)
{
	try_to_wake_up(kc, &irq->thread->task, NO_EVENT);
}

/* cf. irq_forced_thread_fn(): the handler finds bottom halves disabled, and
 * interrupts off, as it would in an interrupt; the latter not under rt. */
static void thread_begin(struct cpu *cpu, const struct op *op)
{
	if (!this_thread(cpu)->forced)
		return;
	op_local_bh_disable(cpu, op);
	if (!to_kcpu(cpu)->kernel->model->threaded_irqs)
		cpu_close_irqs(cpu);
}

static void thread_handle(struct cpu *cpu, const struct op *op)
{
	struct irq_thread *thread = this_thread(cpu);

	(void)op;
	device_irq_handle(cpu, thread->irq, thread->raised);
}

static void thread_handled(struct cpu *cpu, const struct op *op)
{
	(void)op;
	device_irq_handled(cpu, this_thread(cpu)->irq);
}

static void unmask(struct cpu *cpu, const struct op *op)
{
	(void)op;
	cpu_unmask(cpu, &this_thread(cpu)->irq->line);
}

/* cf. irq_finalize_oneshot(), under the lock of the interrupt's descriptor. */
static const struct op finalize_path[] = {
	DO(op_local_irq_save),
	DO(op_preempt_disable),
	SPEND(IRQ_MASK),
	DO(unmask),
	DO(op_local_irq_restore),
	DO(op_preempt_enable),
	RET,
};

static void thread_end(struct cpu *cpu, const struct op *op)
{
	cpu_open_irqs(cpu);
	if (this_thread(cpu)->forced)
		op_local_bh_enable(cpu, op);
}

static const struct op handle_path[] = {
	DO(thread_begin),    DO(thread_handle), DO(thread_handled),
	CALL(finalize_path), DO(thread_end),	RET,
};

/* cf. irq_wait_for_interrupt(): the state is set before the look, so that an
 * interrupt that comes after it still wakes. */
static void thread_look(struct cpu *cpu, const struct op *op)
{
	struct kcpu *kc = to_kcpu(cpu);
	struct irq_thread *thread = this_thread(cpu);

	(void)op;
	set_current_state(kc, &thread->task, TASK_INTERRUPTIBLE);
	if (!thread->run) {
		cpu_push(cpu, schedule_path, NULL);
		return;
	}
	thread->run = false;
	set_current_state(kc, &thread->task, TASK_RUNNING);
	cpu_push(cpu, handle_path, thread);
}

/* cf. irq_thread() */
static const struct op irq_thread_path[] = {
	DO(thread_look),
	{ .exec = op_loop, .a.path = irq_thread_path },
};

/* On the CPU that gets the interrupt, cf. irq_thread_check_affinity(). */
static void setup_irq_thread(struct kernel *kernel, struct device_irq *irq,
			     const struct irq_request *request)
{
	g_autofree char *comm =
		g_strdup_printf("irq/%d-%s", request->number, request->name);
	struct task_attr attr = {
		.comm = comm,
		.policy = POLICY_FIFO,
		.rt_priority = IRQ_THREAD_PRIO,
		.entry = irq_thread_path,
		.kthread = true,
		.depth = request->depth + THREAD_DEPTH,
	};
	struct arena *arena = &kernel->sim->state;
	struct irq_thread *thread = arena_new(arena, struct irq_thread, 1);

	cpumask_set_cpu(&attr.cpus, request->cpu);
	task_init(&thread->task, kernel, &attr);
	thread->task.stack[1].arg = thread;
	thread->irq = irq;
	thread->forced = !request->threaded;
	ring_init(&thread->held, arena, HELD_ROOM);
	irq->thread = thread;
	irq->line.held = &thread->held;
}

void request_irq(struct kernel *kernel, struct device_irq *irq,
		 const struct irq_request *request)
{
	bool threaded = request->threaded ||
			(kernel->force_irqthreads && !request->no_thread);

	irq->line = (struct irq_line){
		.path = request->nmi ? nmi_path : device_irq_path,
		.number = request->number,
		.nmi = request->nmi,
	};
	irq->no_thread = request->no_thread;
	if (!threaded || request->nmi)
		return;
	irq->line.path = threaded_irq_path;
	setup_irq_thread(kernel, irq, request);
}

void free_irq(struct device_irq *irq)
{
	if (irq->thread)
		task_destroy(&irq->thread->task);
}
