/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What switches preemption, interrupts and bottom halves off and on, and the
 * reschedule points.
 */
#include <config.h>

#include "step-private.h"

/* Steps that are one action of the kernel. */
#define ACTION_STEP(id, text, places, action)                              \
	static void emit_##id(struct compiler *c, const struct step *step) \
	{                                                                  \
		(void)step;                                                \
		compile_do(c, action, NULL);                               \
	}                                                                  \
	extern const struct step_type step_type_##id;                      \
	const struct step_type step_type_##id = {                          \
		.name = #id,                                               \
		.summary = (text),                                         \
		.where = (places),                                         \
		.value = NO_VALUE,                                         \
		.example = #id ":",                                        \
		.emit = emit_##id,                                         \
	}

ACTION_STEP(preempt_disable, "preempt_count up by one", IN_KERNEL,
	    op_preempt_disable);
ACTION_STEP(preempt_enable,
	    "preempt_count down by one; at zero a reschedule point", IN_KERNEL,
	    op_preempt_enable);
ACTION_STEP(preempt_enable_no_resched,
	    "preempt_count down by one, no reschedule point", IN_KERNEL,
	    op_preempt_enable_no_resched);
ACTION_STEP(preempt_check_resched, "a reschedule point by itself", IN_KERNEL,
	    op_preempt_check_resched);
ACTION_STEP(local_irq_disable, "interrupts off on this CPU", IN_KERNEL,
	    op_local_irq_disable);
ACTION_STEP(local_irq_enable,
	    "interrupts on again; no reschedule point, as in Linux", IN_KERNEL,
	    op_local_irq_enable);
ACTION_STEP(local_bh_disable, "softirqs off on this CPU",
	    IN_SYSCALL | IN_SOFTIRQ, op_local_bh_disable);
ACTION_STEP(local_bh_enable,
	    "softirqs on again; those that pend run here, then a reschedule "
	    "point",
	    IN_SYSCALL | IN_SOFTIRQ, op_local_bh_enable);

static void compile_cond_resched(struct compiler *c)
{
	compile_call(c, cond_resched_path);
}

/* Steps that are reschedule points. */
#define POINT_STEP(id, text, compile)                                      \
	static void emit_##id(struct compiler *c, const struct step *step) \
	{                                                                  \
		(void)step;                                                \
		compile(c);                                                \
	}                                                                  \
	extern const struct step_type step_type_##id;                      \
	const struct step_type step_type_##id = {                          \
		.name = #id,                                               \
		.summary = (text),                                         \
		.where = IN_SYSCALL,                                       \
		.value = NO_VALUE,                                         \
		.example = #id ":",                                        \
		.emit = emit_##id,                                         \
	}

POINT_STEP(cond_resched, "a reschedule point where the model has them",
	   compile_cond_resched);
POINT_STEP(might_sleep, "a reschedule point under voluntary",
	   compile_might_sleep);

/* Scoped blocks. */
static void emit_preempt_off(struct compiler *c, const struct step *step)
{
	compile_do(c, op_preempt_disable, NULL);
	compile_steps(c, step->body);
	compile_do(c, op_preempt_enable, NULL);
}

static void emit_bh_off(struct compiler *c, const struct step *step)
{
	compile_do(c, op_local_bh_disable, NULL);
	compile_steps(c, step->body);
	compile_do(c, op_local_bh_enable, NULL);
}

/* A frame of its own keeps the flag as it was. */
static void emit_irqs_off(struct compiler *c, const struct step *step)
{
	GArray *outer = compile_open(c);

	compile_do(c, op_local_irq_save, NULL);
	compile_steps(c, step->body);
	compile_do(c, op_local_irq_restore, NULL);
	compile_call(c, compile_close(c, outer, (struct op)RET, false));
}

#define BLOCK_STEP(id, text, places)                                         \
	extern const struct step_type step_type_##id;                        \
	const struct step_type step_type_##id = {                            \
		.name = #id,                                                 \
		.summary = (text),                                           \
		.where = (places),                                           \
		.value = VALUE(PARAM_STEPS, body, "what is done meanwhile"), \
		.example = #id ": [run: 20us]",                              \
		.takes_time = step_body_takes_time,                          \
		.emit = emit_##id,                                           \
	}

BLOCK_STEP(preempt_off, "steps with preemption disabled", IN_KERNEL);
BLOCK_STEP(irqs_off, "steps with interrupts off", IN_KERNEL);
BLOCK_STEP(bh_off, "steps with softirqs off", IN_SYSCALL | IN_SOFTIRQ);
