/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stopping all CPUs: a thread of each, before which every other task makes
 * way, meets those of the others; then all have interrupts off, one runs a
 * function, and all go on.
 * cf. kernel/stop_machine.c v6.12: stop_machine_cpuslocked(), stop_cpus(),
 * queue_stop_cpus_work(), multi_cpu_stop().
 *
 * A CPU on which the kernel can't be preempted keeps all others waiting: with
 * preemption off first, then with interrupts off.
 */
#include <config.h>

#include "preemptsim/kernel/stop-machine.h"

#include <glib.h>

#include "preemptsim/kernel/preempt.h"

static struct stop_machine *the_stop(struct cpu *cpu)
{
	return to_kcpu(cpu)->kernel->stop;
}

static struct multi_stop *this_part(struct cpu *cpu)
{
	return &the_stop(cpu)->part[cpu->id];
}

/*
 * The caller
 */

static const struct op begin_wait_path[] = {
	CALL(schedule_path),
	DO(op_finish_wait),
	RET,
};

/* cf. mutex_lock(&stop_cpus_mutex) */
static void stop_begin(struct cpu *cpu, const struct op *op)
{
	struct stop_machine *stop = the_stop(cpu);

	(void)op;
	if (!stop->busy) {
		stop->busy = true;
		return;
	}
	prepare_to_wait(to_kcpu(cpu), &stop->wq, TASK_UNINTERRUPTIBLE);
	cpu->top->pc--;
	cpu_push(cpu, begin_wait_path, NULL);
}

const struct op stop_machine_begin_path[] = {
	DO(stop_begin),
	RET,
};

static void queue_begin(struct cpu *cpu, const struct op *op)
{
	struct kcpu *kc = to_kcpu(cpu);
	struct stop_machine *stop = the_stop(cpu);

	(void)op;
	stop->caller = current_task(kc);
	stop->next = stop->arrived = 0;
	stop->left = kc->kernel->config.nr_cpus;
}

static bool more_to_queue(struct cpu *cpu)
{
	return the_stop(cpu)->next < to_kcpu(cpu)->kernel->config.nr_cpus;
}

static void queue_next(struct cpu *cpu, const struct op *op)
{
	struct stop_machine *stop = the_stop(cpu);
	unsigned int id = stop->next++;

	(void)op;
	stop_one_cpu_nowait(&to_kcpu(cpu)->kernel->cpus[id],
			    &stop->part[id].work);
}

/* cf. cpu_stop_queue_work(): a work, and a wakeup. */
static const struct op queue_next_path[] = {
	DO(op_local_irq_save),	  SPEND(WAKEUP), DO(queue_next),
	DO(op_local_irq_restore), RET,
};

/* cf. wait_for_completion(); the last stopper wakes who sleeps here. */
static void wait_for_stop(struct cpu *cpu, const struct op *op)
{
	struct kcpu *kc = to_kcpu(cpu);

	(void)op;
	if (!the_stop(cpu)->left) {
		set_current_state(kc, current_task(kc), TASK_RUNNING);
		return;
	}
	set_current_state(kc, current_task(kc), TASK_UNINTERRUPTIBLE);
	cpu->top->pc--;
	cpu_push(cpu, schedule_path, NULL);
}

static void stop_end(struct cpu *cpu, const struct op *op)
{
	struct stop_machine *stop = the_stop(cpu);

	(void)op;
	stop->busy = false;
	wake_up_one(to_kcpu(cpu), &stop->wq, NO_EVENT);
}

static bool somebody_waits(struct cpu *cpu)
{
	return !list_empty(&the_stop(cpu)->wq.waiters);
}

static const struct op pay_wakeup[] = {
	SPEND(WAKEUP),
	RET,
};

static const struct op stop_end_path[] = {
	DO(op_local_irq_save),
	DO_WITH(op_preempt_disable, "stop_machine"),
	WHEN(somebody_waits, pay_wakeup),
	DO(stop_end),
	DO(op_local_irq_restore),
	DO_WITH(op_preempt_enable, "stop_machine"),
	RET,
};

const struct op stop_machine_path[] = {
	DO(queue_begin),
	DO_WITH(op_preempt_disable, "stop_machine"),
	WHILE(more_to_queue, queue_next_path),
	DO_WITH(op_preempt_enable, "stop_machine"),
	DO(op_check_sleep),
	CALL(might_sleep_path),
	DO(wait_for_stop),
	CALL(stop_end_path),
	RET,
};

/*
 * The stoppers
 */

static void go_on(struct kernel *kernel, struct multi_stop *part,
		  unsigned int id, ktime_t delay)
{
	struct frame *frame = part->frame;

	part->frame = NULL;
	cpu_resume(&kernel->cpus[id].cpu, frame, delay);
}

/* cf. ack_state(): who comes last lets all take the next step. */
static void arrive(struct cpu *cpu, const struct op *op)
{
	struct kernel *kernel = to_kcpu(cpu)->kernel;
	struct stop_machine *stop = kernel->stop;
	struct multi_stop *self = this_part(cpu);

	(void)op;
	self->acct = cpu->acct;
	if (++stop->arrived < kernel->config.nr_cpus) {
		self->frame = cpu->top;
		cpu_account(cpu, ACCT_SPIN | (cpu->acct & ACCT_TASK));
		cpu->top->left = STALLED;
		return;
	}
	stop->arrived = 0;
	for (unsigned int i = 0; i < kernel->config.nr_cpus; i++)
		if (&stop->part[i] != self)
			go_on(kernel, &stop->part[i], i,
			      cpu->price[COST_SPIN_HANDOFF]);
}

static void leave(struct cpu *cpu, const struct op *op)
{
	(void)op;
	cpu_account(cpu, this_part(cpu)->acct);
}

static const struct op together_path[] = {
	DO(arrive),
	DO(leave),
	RET,
};

static void run_function(struct cpu *cpu, const struct op *op)
{
	(void)op;
	if (!cpu->id)
		cpu->top->left = the_stop(cpu)->run;
}

/* Or he is only preempted, and will find that all is done. */
static bool caller_waits(struct cpu *cpu)
{
	return the_stop(cpu)->caller->state != TASK_RUNNING;
}

/* cf. complete(): who looks whether all are done either finds that or is woken,
 * not both. */
static void complete(struct cpu *cpu, const struct op *op)
{
	struct stop_machine *stop = the_stop(cpu);

	(void)op;
	stop->left = 0;
	try_to_wake_up(to_kcpu(cpu), stop->caller, NO_EVENT);
}

static const struct op complete_path[] = {
	DO(op_local_irq_save),
	WHEN(caller_waits, pay_wakeup),
	DO(complete),
	DO(op_local_irq_restore),
	RET,
};

/* cf. cpu_stop_signal_done() */
static void stopper_done(struct cpu *cpu, const struct op *op)
{
	struct stop_machine *stop = the_stop(cpu);

	(void)op;
	if (stop->left > 1)
		stop->left--;
	else
		cpu_push(cpu, complete_path, NULL);
}

/* cf. multi_cpu_stop() */
static const struct op multi_cpu_stop[] = {
	CALL(together_path), DO(op_local_irq_disable),
	CALL(together_path), DO(run_function),
	CALL(together_path), DO(op_local_irq_enable),
	DO(stopper_done),    RET,
};

void stop_machine_init(struct kernel *kernel)
{
	unsigned int nr = kernel->config.nr_cpus;

	kernel->stop = arena_alloc(&kernel->sim->state,
				   sizeof(struct stop_machine) +
					   nr * sizeof(struct multi_stop));
	list_init(&kernel->stop->wq.waiters);
	for (unsigned int i = 0; i < nr; i++) {
		cpu_stop_init(&kernel->cpus[i]);
		kernel->stop->part[i].work.path = multi_cpu_stop;
	}
}
