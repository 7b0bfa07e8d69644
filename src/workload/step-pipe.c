/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pipe_write, pipe_read: bytes that don't get lost while nobody waits for them.
 * cf. fs/pipe.c v6.1: pipe_write(), pipe_read().
 *
 * A wait queue is a pipe, too: of its readers.  Who writes into an empty one
 * wakes the first of them, and who leaves something in it the next.
 *
 * Under rt the lock of a wait queue sleeps, and does not keep its holder from
 * being preempted: who is woken may come before who wakes him, look at the
 * queue once more, as he does before he goes on, and wait for its lock.  cf.
 * kernel/sched/wait.c v6.1: __wake_up_common_lock(), prepare_to_wait_event().
 *
 * Left out: that a pipe is full at 64 KiB, and its mutex, which is held for
 * less than each of the two takes.
 */
#include <config.h>

#include "preemptsim/kernel/lock.h"
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
	wake_up_sync(kc, &queue->wq, kc->wake_event[0]);
}

/*
 * The lock under rt
 */

/* What a path about a queue is about. */
static struct lock *queue_lock(const struct cpu *cpu)
{
	const struct queue *queue = cpu->top->arg;

	return queue->lock;
}

static void lock_queue(struct cpu *cpu, const struct op *op)
{
	struct lock *lock = queue_lock(cpu);

	(void)op;
	cpu_push(cpu, lock->type->lock[LOCK_IRQSAVE], lock);
}

static void unlock_queue(struct cpu *cpu, const struct op *op)
{
	struct lock *lock = queue_lock(cpu);

	(void)op;
	cpu_push(cpu, lock->type->unlock[LOCK_IRQSAVE], lock);
}

static void op_lock_queue(struct cpu *cpu, const struct op *op)
{
	static const struct op path[] = { DO(lock_queue), RET };

	cpu_push(cpu, path, queue_arg(op));
}

static void op_unlock_queue(struct cpu *cpu, const struct op *op)
{
	static const struct op path[] = { DO(unlock_queue), RET };

	cpu_push(cpu, path, queue_arg(op));
}

static void make_lock(struct queue *queue, struct kernel *kernel)
{
	struct lock *lock;

	if (queue->lock || !kernel->model->sleeping_locks)
		return;
	lock = arena_new(&kernel->sim->state, struct lock, 1);
	lock_init(lock, lock_type_of(kernel, lock_type(0)), queue->name);
	lock->internal = true;
	queue->lock = lock;
}

/*
 * Steps
 */

static void compile_wakeup(struct compiler *c, struct queue *queue,
			   void (*begin)(struct cpu *cpu, const struct op *op))
{
	GArray *outer = compile_open(c);

	make_lock(queue, c->workload->kernel);
	if (queue->lock)
		compile_do(c, op_lock_queue, queue);
	compile_do(c, op_local_irq_save, NULL);
	compile_do(c, op_preempt_disable, "try_to_wake_up");
	compile_do(c, begin, queue);
	compile_do(c, wake_reader, queue);
	compile_do(c, op_local_irq_restore, NULL);
	compile_do(c, op_preempt_enable, "try_to_wake_up");
	if (queue->lock)
		compile_do(c, op_unlock_queue, queue);
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

static const struct op rt_wait_path[] = {
	WHEN(task_sleeps, schedule_path),
	DO(lock_queue),
	DO(op_finish_wait),
	DO(unlock_queue),
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
	if (queue->lock)
		cpu_push(cpu, rt_wait_path, queue);
	else
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
