/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * on_each_cpu, stop_machine, trigger_all_cpu_backtrace: have all CPUs do
 * something.
 */
#include <config.h>

#include "preemptsim/kernel/nmi.h"
#include "preemptsim/kernel/smp.h"
#include "preemptsim/kernel/stop-machine.h"
#include "step-private.h"

static ktime_t draw(const struct op *op)
{
	return dist_draw(op->a.ptr, (void *)(uintptr_t)op->b.ptr);
}

static void draw_call(struct cpu *cpu, const struct op *op)
{
	to_kcpu(cpu)->calls->run = draw(op);
}

static void draw_stop(struct cpu *cpu, const struct op *op)
{
	to_kcpu(cpu)->kernel->stop->run = draw(op);
}

static void draw_backtrace(struct cpu *cpu, const struct op *op)
{
	to_kcpu(cpu)->kernel->backtrace->asked = draw(op);
}

static void compile_draw(struct compiler *c, const struct step *step,
			 void (*exec)(struct cpu *cpu, const struct op *op))
{
	compile_op(c, (struct op){ .exec = exec,
				   .a.ptr = step->time,
				   .b.ptr = compile_stream(c) });
}

static void emit_on_each_cpu(struct compiler *c, const struct step *step)
{
	c->workload->calls = true;
	compile_do(c, op_preempt_disable, "on_each_cpu");
	compile_draw(c, step, draw_call);
	compile_call(c, on_each_cpu_path);
	compile_do(c, op_preempt_enable, "on_each_cpu");
}

static void emit_stop_machine(struct compiler *c, const struct step *step)
{
	c->workload->stops = true;
	compile_might_sleep(c);
	compile_call(c, stop_machine_begin_path);
	compile_draw(c, step, draw_stop);
	compile_call(c, stop_machine_path);
}

static void emit_backtrace(struct compiler *c, const struct step *step)
{
	c->workload->backtraces = true;
	compile_draw(c, step, draw_backtrace);
	compile_call(c, trigger_all_cpu_backtrace_path);
}

extern const struct step_type step_type_on_each_cpu, step_type_stop_machine,
	step_type_trigger_all_cpu_backtrace;

const struct step_type step_type_on_each_cpu = {
	.name = "on_each_cpu",
	.summary = "interrupt all other CPUs, each of which runs a function "
		   "with interrupts off, as this one does, and spin until all "
		   "have",
	.where = IN_SYSCALL,
	.keys = (const struct param[]){ KEY("run", PARAM_DIST, time,
					    "how long it takes on each"),
					{ .name = NULL } },
	.example = "on_each_cpu: {run: 2us}",
	.takes_time = step_always,
	.emit = emit_on_each_cpu,
};

const struct step_type step_type_stop_machine = {
	.name = "stop_machine",
	.summary = "stop all CPUs with interrupts off while the first runs a "
		   "function, and sleep until they go on",
	.where = IN_SYSCALL,
	.keys = (const struct param[]){ KEY("run", PARAM_DIST, time,
					    "how long it takes"),
					{ .name = NULL } },
	.example = "stop_machine: {run: 20us}",
	.takes_time = step_always,
	.emit = emit_stop_machine,
};

const struct step_type step_type_trigger_all_cpu_backtrace = {
	.name = "trigger_all_cpu_backtrace",
	.summary = "send an NMI to all other CPUs, in which they print their "
		   "stacks as this one does, and look once a millisecond "
		   "whether all have; nothing if another does that",
	.where = IN_KERNEL,
	.keys = (const struct param[]){ KEY("run", PARAM_DIST, time,
					    "how long it takes on each"),
					{ .name = NULL } },
	.example = "trigger_all_cpu_backtrace: {run: 50us}",
	.takes_time = step_always,
	.emit = emit_backtrace,
};
