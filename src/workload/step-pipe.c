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
 * queue once more, as he does before he goes on, and wait for its lock.  It also
 * costs more than one that spins, whose price is in that of the steps: a write
 * takes it to put the byte in and to wake, a wait to join the queue, to join it
 * again when it is woken, and to leave it, a read to take the byte out.  cf.
 * kernel/sched/wait.c v6.1: __wake_up_common_lock(), prepare_to_wait_event(),
 * finish_wait(); the bytes need none from v6.7 on, which is not told apart here.
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

/* The same where the wakeup is apart: the frame's count says whether there is to
 * be one. */
static void rt_put(struct cpu *cpu, const struct op *op)
{
	cpu->top->count = !queue_arg(op)->bytes++;
}

static void rt_wake_if_due(struct cpu *cpu, const struct op *op)
{
	if (cpu->top->count)
		cpu_push(cpu, op->a.path, cpu->top->arg);
}

static void rt_wake(struct cpu *cpu, const struct op *op)
{
	pay_wakeup(cpu, queue_arg(op));
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

static const struct op *wakeup_block(struct compiler *c, struct queue *queue,
				     void (*begin)(struct cpu *cpu,
						   const struct op *op))
{
	GArray *outer = compile_open(c);

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
	return compile_close(c, outer, (struct op)RET, false);
}

static void compile_rt_write(struct compiler *c, struct queue *queue)
{
	GArray *outer = compile_open(c);
	struct op wake = { .exec = rt_wake_if_due,
			   .a.path = wakeup_block(c, queue, rt_wake) };

	compile_do(c, op_lock_queue, queue);
	compile_do(c, rt_put, queue);
	compile_do(c, op_unlock_queue, queue);
	compile_op(c, wake);
	compile_call(c, compile_close(c, outer, (struct op)RET, false));
}

static void emit_write(struct compiler *c, const struct step *step)
{
	struct queue *queue = &c->workload->queues[step->ref];

	make_lock(queue, c->workload->kernel);
	compile_enter(c, "write");
	compile_spend(c, COST_PIPE_WRITE);
	if (queue->lock)
		compile_rt_write(c, queue);
	else
		compile_call(c, wakeup_block(c, queue, put));
	compile_leave(c, "write");
}

static const struct op wait_path[] = {
	WHEN(task_sleeps, schedule_path),
	DO(op_finish_wait),
	SPEND(SLEEP_EXIT),
	RET,
};

/* Who was woken is in the queue no more. */
static void rt_prepare(struct cpu *cpu, const struct op *op)
{
	struct kcpu *kc = to_kcpu(cpu);
	struct task *curr = current_task(kc);
	struct queue *queue = cpu->top->arg;

	(void)op;
	if (list_empty(&curr->wait))
		prepare_to_wait(kc, &queue->wq, TASK_INTERRUPTIBLE);
	else
		set_current_state(kc, curr, TASK_INTERRUPTIBLE);
}

static void rt_look(struct cpu *cpu, const struct op *op);

static void rt_finish(struct cpu *cpu, const struct op *op)
{
	list_del(&current_task(to_kcpu(cpu))->wait);
	op_finish_wait(cpu, op);
}

static const struct op rt_wait_path[] = {
	DO(lock_queue),	  DO(rt_prepare),    DO(unlock_queue),
	DO(rt_look),	  DO(lock_queue),    DO(rt_finish),
	DO(unlock_queue), SPEND(SLEEP_EXIT), RET,
};

/* Is there something now?  If not, sleep and begin again. */
static void rt_look(struct cpu *cpu, const struct op *op)
{
	const struct queue *queue = cpu->top->arg;

	(void)op;
	if (queue->bytes)
		return;
	cpu->top->pc = rt_wait_path;
	if (task_sleeps(cpu))
		cpu_push(cpu, schedule_path, cpu->top->arg);
}

/* cf. wait_event_interruptible_exclusive() */
static void take(struct cpu *cpu, const struct op *op)
{
	struct queue *queue = queue_arg(op);

	if (queue->bytes) {
		queue->bytes--;
		return;
	}
	cpu->top->pc--;
	if (queue->lock) {
		cpu_push(cpu, rt_wait_path, queue);
		return;
	}
	prepare_to_wait(to_kcpu(cpu), &queue->wq, TASK_INTERRUPTIBLE);
	cpu_push(cpu, wait_path, cpu->top->arg);
}

static void emit_read(struct compiler *c, const struct step *step)
{
	struct queue *queue = &c->workload->queues[step->ref];

	make_lock(queue, c->workload->kernel);
	compile_enter(c, "read");
	compile_might_sleep(c);
	compile_do(c, take, queue);
	compile_spend(c, COST_PIPE_READ);
	compile_call(c, wakeup_block(c, queue, pass_on));
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
