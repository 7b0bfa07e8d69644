/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pipe_write, pipe_read: bytes that don't get lost while nobody waits for them.
 * cf. fs/pipe.c v6.1: pipe_write(), pipe_read().
 *
 * A wait queue is a pipe, too: of its readers.  Who writes into an empty one
 * wakes the first of them, and who leaves something in it the next.
 *
 * Left out: that a pipe is full at 64 KiB, and its mutex, which is held for less
 * than each of the two takes.
 */
#include <config.h>

#include "step-private.h"

/* What an operation is about. */
static struct queue *queue_arg(const struct op *op)
{
	return (void *)(uintptr_t)op->a.ptr;
}

/* A wakeup is to come: its event is that the byte is there. */
static void pay_wakeup(struct cpu *cpu, struct queue *queue)
{
	if (list_empty(&queue->wq.waiters))
		return;
	queue->wakes = true;
	to_kcpu(cpu)->wake_event[0] = cpu->sim->now;
	cpu->top->left = cpu->price[COST_WAKEUP];
}

static void put(struct cpu *cpu, const struct op *op)
{
	struct queue *queue = queue_arg(op);

	if (!queue->bytes++)
		pay_wakeup(cpu, queue);
}

static void pass_on(struct cpu *cpu, const struct op *op)
{
	struct queue *queue = queue_arg(op);

	if (queue->bytes)
		pay_wakeup(cpu, queue);
}

static void wake_reader(struct cpu *cpu, const struct op *op)
{
	struct kcpu *kc = to_kcpu(cpu);
	struct queue *queue = queue_arg(op);

	if (!queue->wakes)
		return;
	queue->wakes = false;
	wake_up_one(kc, &queue->wq, kc->wake_event[0]);
}

static void compile_wakeup(struct compiler *c, struct queue *queue,
			   void (*begin)(struct cpu *cpu, const struct op *op))
{
	GArray *outer = compile_open(c);

	compile_do(c, op_local_irq_save, NULL);
	compile_do(c, op_preempt_disable, "try_to_wake_up");
	compile_do(c, begin, queue);
	compile_do(c, wake_reader, queue);
	compile_do(c, op_local_irq_restore, NULL);
	compile_do(c, op_preempt_enable, "try_to_wake_up");
	compile_call(c, compile_close(c, outer, (struct op)RET, false));
}

static void emit_write(struct compiler *c, const struct step *step)
{
	compile_enter(c, "write");
	compile_spend(c, COST_PIPE_WRITE);
	compile_wakeup(c, &c->workload->queues[step->ref], put);
	compile_leave(c, "write");
}

static const struct op wait_path[] = {
	WHEN(task_sleeps, schedule_path),
	DO(op_finish_wait),
	SPEND(SLEEP_EXIT),
	RET,
};

/* cf. wait_event_interruptible_exclusive() */
static void take(struct cpu *cpu, const struct op *op)
{
	struct queue *queue = queue_arg(op);

	if (queue->bytes) {
		queue->bytes--;
		return;
	}
	prepare_to_wait(to_kcpu(cpu), &queue->wq, TASK_INTERRUPTIBLE);
	cpu->top->pc--;
	cpu_push(cpu, wait_path, cpu->top->arg);
}

static void emit_read(struct compiler *c, const struct step *step)
{
	struct queue *queue = &c->workload->queues[step->ref];

	compile_enter(c, "read");
	compile_might_sleep(c);
	compile_do(c, take, queue);
	compile_spend(c, COST_PIPE_READ);
	compile_wakeup(c, queue, pass_on);
	compile_leave(c, "read");
	compile_do(c, op_resume, NULL);
}

extern const struct step_type step_type_pipe_write, step_type_pipe_read;

const struct step_type step_type_pipe_write = {
	.name = "pipe_write",
	.summary = "write a byte into a pipe, which each wait queue is, too, "
		   "and wake a reader if there was none in it",
	.where = IN_TASK,
	.value = VALUE(PARAM_QUEUE, ref, "the pipe"),
	.example = "pipe_write: request_done",
	.emit = emit_write,
};

const struct step_type step_type_pipe_read = {
	.name = "pipe_read",
	.summary = "read a byte from a pipe; wait for it if there is none",
	.where = IN_TASK,
	.value = VALUE(PARAM_QUEUE, ref, "the pipe"),
	.example = "pipe_read: request_done",
	.takes_time = step_always,
	.emit = emit_read,
};
