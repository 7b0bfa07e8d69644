/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mark: a text in the trace.
 */
#include <config.h>

#include "step-private.h"

static void do_mark(struct cpu *cpu, const struct op *op)
{
	cpu_trace(cpu, TP_print, op->a.ptr, 0, 0);
}

static void emit_mark(struct compiler *c, const struct step *step)
{
	compile_do(c, do_mark, step->text);
}

extern const struct step_type step_type_mark;

const struct step_type step_type_mark = {
	.name = "mark",
	.summary = "write a text into the trace",
	.where = IN_ANY,
	.value = VALUE(PARAM_STRING, text, "the text"),
	.example = "mark: half-way",
	.emit = emit_mark,
};
