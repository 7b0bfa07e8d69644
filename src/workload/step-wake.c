/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * wake, wake_all: somebody's event has come.
 */
#include <config.h>

#include "step-private.h"

/* Where the event of the wakeup under way is kept: an NMI has its own. */
static ktime_t *wake_event(struct kcpu *kc)
{
	return &kc->wake_event[in_nmi(kc)];
}

/* The event of a wake by a task is when it begins, before its price. */
static ktime_t note_event(struct cpu *cpu, const struct op *op)
{
	ktime_t event = event_of(cpu);

	*wake_event(to_kcpu(cpu)) = event;
	cpu_trace(cpu, TP_queue_wake, op->a.ptr, event, 0);
	return event;
}

static void begin_wake(struct cpu *cpu, const struct op *op)
{
	note_event(cpu, op);
	cpu->top->left = cpu->price[COST_WAKEUP];
}

static void do_wake(struct cpu *cpu, const struct op *op)
{
	struct kcpu *kc = to_kcpu(cpu);

	queue_wake(kc, (void *)(uintptr_t)op->a.ptr, *wake_event(kc));
}

/* Each of those that wait costs one wakeup, and nobody nothing. */
static void begin_wake_all(struct cpu *cpu, const struct op *op)
{
	ktime_t event = note_event(cpu, op);
	struct queue *queue = (void *)(uintptr_t)op->a.ptr;

	if (queue_wake_all(to_kcpu(cpu), queue, event))
		cpu->top->left = cpu->price[COST_WAKEUP];
}

static void do_wake_next(struct cpu *cpu, const struct op *op)
{
	struct kcpu *kc = to_kcpu(cpu);

	if (!queue_wake_next(kc, (void *)(uintptr_t)op->a.ptr, *wake_event(kc)))
		return;
	cpu->top->pc--;
	cpu->top->left = cpu->price[COST_WAKEUP];
}

/* What wakes one task or more: how it begins, and the rest. */
struct waker {
	void (*begin)(struct cpu *cpu, const struct op *op);
	void (*wake)(struct cpu *cpu, const struct op *op);
};

/* The lock of the wakee, and that of the queue until all are woken, is taken
 * with interrupts off, in whatever context. */
static void compile_wake(struct compiler *c, const struct waker *waker,
			 struct queue *queue)
{
	GArray *outer = compile_open(c);

	compile_do(c, op_local_irq_save, NULL);
	compile_do(c, op_preempt_disable, "try_to_wake_up");
	compile_do(c, waker->begin, queue);
	compile_do(c, waker->wake, queue);
	compile_do(c, op_local_irq_restore, NULL);
	compile_do(c, op_preempt_enable, "try_to_wake_up");
	compile_call(c, compile_close(c, outer, (struct op)RET, false));
}

static void emit(struct compiler *c, const struct step *step,
		 const struct waker *waker)
{
	struct queue *queue = &c->workload->queues[step->ref];

	compile_enter(c, "futex");
	compile_wake(c, waker, queue);
	compile_leave(c, "futex");
}

static void emit_wake(struct compiler *c, const struct step *step)
{
	static const struct waker one = { begin_wake, do_wake };

	emit(c, step, &one);
}

static void emit_wake_all(struct compiler *c, const struct step *step)
{
	static const struct waker all = { begin_wake_all, do_wake_next };

	queue_expect_wake_all(&c->workload->queues[step->ref],
			      c->workload->kernel);
	emit(c, step, &all);
}

extern const struct step_type step_type_wake, step_type_wake_all;

const struct step_type step_type_wake = {
	.name = "wake",
	.summary = "wake the task that has waited longest in a wait queue, or "
		   "release a job",
	.where = IN_ANY,
	.value = VALUE(PARAM_QUEUE, ref, "the wait queue"),
	.example = "wake: request_done",
	.emit = emit_wake,
};

const struct step_type step_type_wake_all = {
	.name = "wake_all",
	.summary = "wake all tasks of a wait queue, one after the other",
	.where = IN_ANY,
	.value = VALUE(PARAM_QUEUE, ref, "the wait queue"),
	.example = "wake_all: request_done",
	.emit = emit_wake_all,
};
