/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sleep, wait, yield, schedule, exit: give the CPU away.
 */
#include <config.h>

#include "step-private.h"

#include "preemptsim/kernel/wait.h"

static void do_sleep(struct cpu *cpu, const struct op *op)
{
	struct rng *rng = (void *)(uintptr_t)op->b.ptr;

	nanosleep_for(to_kcpu(cpu), dist_draw(op->a.ptr, rng));
}

static void emit_sleep(struct compiler *c, const struct step *step)
{
	struct op op = { .exec = do_sleep,
			 .a.ptr = step->time,
			 .b.ptr = compile_stream(c) };

	compile_enter(c, "clock_nanosleep");
	compile_do(c, op_check_sleep, NULL);
	compile_spend(c, COST_HRTIMER_START);
	compile_op(c, op);
	compile_sleep(c);
	compile_leave(c, "clock_nanosleep");
	compile_do(c, op_resume, NULL);
}

static void do_wait(struct cpu *cpu, const struct op *op)
{
	struct queue *queue = (void *)(uintptr_t)op->a.ptr;

	prepare_to_wait(to_kcpu(cpu), &queue->wq, TASK_INTERRUPTIBLE);
}

static void emit_wait(struct compiler *c, const struct step *step)
{
	compile_enter(c, "read");
	compile_might_sleep(c);
	compile_do(c, do_wait, &c->workload->queues[step->ref]);
	compile_sleep(c);
	compile_leave(c, "read");
	compile_do(c, op_resume, NULL);
}

/* cf. do_sched_yield() */
static void do_yield(struct cpu *cpu, const struct op *op)
{
	struct rq *rq = &to_kcpu(cpu)->rq;

	(void)op;
	update_rq_clock(rq);
	rq->curr->sched_class->yield_task(rq);
}

static void emit_yield(struct compiler *c, const struct step *step)
{
	(void)step;
	compile_enter(c, "sched_yield");
	compile_spend(c, COST_YIELD);
	compile_do(c, op_local_irq_disable, NULL);
	compile_do(c, do_yield, NULL);
	compile_do(c, op_preempt_disable, "sched_yield");
	compile_do(c, op_local_irq_enable, NULL);
	compile_do(c, op_preempt_enable_no_resched, "sched_yield");
	compile_call(c, schedule_path);
	compile_leave(c, "sched_yield");
}

static void emit_schedule(struct compiler *c, const struct step *step)
{
	(void)step;
	compile_call(c, schedule_path);
}

static const struct choice *state_choice(unsigned int i)
{
	static const struct choice choices[] = {
		[TASK_RUNNING] = { "running", "it runs on" },
		[TASK_INTERRUPTIBLE] = { "interruptible",
					 "the next schedule puts it to sleep" },
		[TASK_UNINTERRUPTIBLE] = { "uninterruptible",
					   "the same, in state D" },
	};

	return i < G_N_ELEMENTS(choices) ? &choices[i] : NULL;
}

static void do_set_state(struct cpu *cpu, const struct op *op)
{
	struct kcpu *kc = to_kcpu(cpu);

	set_current_state(kc, current_task(kc), (unsigned int)op->a.num);
}

static void emit_set_current_state(struct compiler *c, const struct step *step)
{
	struct op op = { .exec = do_set_state, .a.num = step->ref };

	compile_op(c, op);
}

static void do_exit(struct cpu *cpu, const struct op *op)
{
	struct kcpu *kc = to_kcpu(cpu);

	(void)op;
	set_current_state(kc, current_task(kc), TASK_DEAD);
}

void compile_exit(struct compiler *c)
{
	compile_enter(c, "exit");
	compile_do(c, do_exit, NULL);
	compile_call(c, schedule_path);
}

static void emit_exit(struct compiler *c, const struct step *step)
{
	(void)step;
	compile_exit(c);
}

extern const struct step_type step_type_sleep, step_type_wait, step_type_yield,
	step_type_schedule, step_type_set_current_state, step_type_exit;

const struct step_type step_type_sleep = {
	.name = "sleep",
	.summary = "sleep for a time (a timer, with the task's slack)",
	.where = IN_TASK,
	.value = VALUE(PARAM_DIST, time, "how long"),
	.example = "sleep: 2ms",
	.takes_time = step_always,
	.emit = emit_sleep,
};

const struct step_type step_type_wait = {
	.name = "wait",
	.summary = "wait in a wait queue until woken",
	.where = IN_TASK,
	.value = VALUE(PARAM_QUEUE, ref, "the wait queue"),
	.example = "wait: request_done",
	.takes_time = step_always,
	.emit = emit_wait,
};

const struct step_type step_type_yield = {
	.name = "yield",
	.summary = "sched_yield(): go behind the others of one's class",
	.where = IN_USER,
	.value = NO_VALUE,
	.example = "yield:",
	.takes_time = step_always,
	.emit = emit_yield,
};

const struct step_type step_type_schedule = {
	.name = "schedule",
	.summary = "an explicit schedule()",
	.where = IN_SYSCALL,
	.value = NO_VALUE,
	.example = "schedule:",
	.emit = emit_schedule,
};

const struct step_type step_type_set_current_state = {
	.name = "set_current_state",
	.summary = "say what the task is about to do; nobody wakes it from a "
		   "schedule after that but the end of the run",
	.where = IN_SYSCALL,
	.value = (const struct param[]){ { .type = PARAM_CHOICE,
					   .offset = offsetof(struct step, ref),
					   .choices = state_choice,
					   .required = true,
					   .help = "the state" },
					 { .name = NULL } },
	.example = "set_current_state: interruptible",
	.emit = emit_set_current_state,
};

const struct step_type step_type_exit = {
	.name = "exit",
	.summary = "the task ends",
	.where = IN_USER,
	.value = NO_VALUE,
	.example = "exit:",
	.takes_time = step_always,
	.emit = emit_exit,
};
