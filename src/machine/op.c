/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The operations that paths are built with, whatever they do.
 */
#include <config.h>

#include "preemptsim/machine/op.h"

#include "preemptsim/machine/cpu.h"

void op_cost(struct cpu *cpu, const struct op *op)
{
	cpu_spend(cpu, cpu->price[op->a.num]);
}

void op_call(struct cpu *cpu, const struct op *op)
{
	cpu_push(cpu, op->a.path, cpu->top->arg);
	cpu_next(cpu);
}

void op_when(struct cpu *cpu, const struct op *op)
{
	if (op->a.test(cpu))
		cpu_push(cpu, op->b.path, cpu->top->arg);
}

void op_while(struct cpu *cpu, const struct op *op)
{
	if (op->a.test(cpu)) {
		cpu_round(cpu);
		cpu->top->pc--;
		cpu_push(cpu, op->b.path, cpu->top->arg);
	}
}

void op_ret(struct cpu *cpu, const struct op *op)
{
	(void)op;
	cpu->top--;
}

void op_loop(struct cpu *cpu, const struct op *op)
{
	cpu_round(cpu);
	cpu->top->pc = op->a.path;
}

void op_repeat(struct cpu *cpu, const struct op *op)
{
	if (op->a.num > 0)
		cpu_push(cpu, op->b.path, cpu->top->arg)->count = op->a.num;
}

void op_again(struct cpu *cpu, const struct op *op)
{
	struct frame *frame = cpu->top;

	if (--frame->count > 0) {
		cpu_round(cpu);
		frame->pc = op->a.path;
	} else {
		cpu->top--;
	}
}

TOLD_OP(, op_iret)

void op_halt(struct cpu *cpu, const struct op *op)
{
	(void)op;
	cpu->halted = true;
	cpu->top->left = STALLED;
}
