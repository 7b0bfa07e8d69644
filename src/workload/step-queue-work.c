/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * queue_work: put work off to a kernel thread.
 */
#include <config.h>

#include "preemptsim/kernel/workqueue.h"
#include "step-private.h"

static void begin(struct cpu *cpu, const struct op *op)
{
	const struct work_struct *work = op->a.ptr;

	if (!work->pending && workqueue_idle(cpu))
		cpu->top->left = cpu->price[COST_WAKEUP];
}

static void do_queue_work(struct cpu *cpu, const struct op *op)
{
	queue_work(to_kcpu(cpu), (void *)(uintptr_t)op->a.ptr, event_of(cpu));
}

/* The program of the work itself: a task's, in kernel mode. */
static const struct op *compile_work(struct compiler *c,
				     const struct step *step)
{
	unsigned int where = c->where;
	GArray *outer = compile_open(c);
	const struct op *func;

	c->where = IN_SYSCALL;
	compile_steps(c, step->body);
	func = compile_close(c, outer, (struct op)RET, false);
	c->where = where;
	c->workload->work_depth =
		MAX(c->workload->work_depth, step_list_depth(step->body));
	return func;
}

/* cf. queue_work_on(): the lock of the pool is given back while interrupts are
 * off still, so this is no reschedule point, though it may wake a thread. */
static void emit_queue_work(struct compiler *c, const struct step *step)
{
	struct work_struct *work = arena_new(&c->workload->kernel->sim->state,
					     struct work_struct, 1);
	GArray *outer;

	init_work(work, compile_work(c, step));
	outer = compile_open(c);
	compile_do(c, op_local_irq_save, NULL);
	compile_do(c, op_preempt_disable, "queue_work");
	compile_do(c, begin, work);
	compile_do(c, do_queue_work, work);
	compile_do(c, op_preempt_enable, "queue_work");
	compile_do(c, op_local_irq_restore, NULL);
	compile_call(c, compile_close(c, outer, (struct op)RET, false));
}

extern const struct step_type step_type_queue_work;

const struct step_type step_type_queue_work = {
	.name = "queue_work",
	.summary = "leave steps to the CPU's kworker, where they may sleep; "
		   "nothing happens if these are queued already and have not "
		   "begun",
	.where = IN_KERNEL,
	.body_where = IN_SYSCALL,
	.keys = (const struct param[]){ KEY("do", PARAM_STEPS, body,
					    "what it does"),
					{ .name = NULL } },
	.example = "queue_work: {do: [run: 300us]}",
	.emit = emit_queue_work,
};
