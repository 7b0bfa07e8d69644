/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * run, spin_forever: use the CPU.
 */
#include <config.h>

#include "step-private.h"

/* Longer than any run: 2^62 quanta. */
#define FOREVER (INT64_C(1) << 62)

static bool run_takes_time(const struct step *step)
{
	return dist_max(step->time) > 0;
}

static void emit_run(struct compiler *c, const struct step *step)
{
	compile_time(c, step->time);
}

static void spin_forever(struct cpu *cpu, const struct op *op)
{
	(void)op;
	cpu->top->left = FOREVER - cpu->sim->now;
}

static void emit_spin_forever(struct compiler *c, const struct step *step)
{
	(void)step;
	compile_do(c, spin_forever, NULL);
}

extern const struct step_type step_type_run, step_type_spin_forever;

const struct step_type step_type_run = {
	.name = "run",
	.summary = "use the CPU for a time",
	.where = IN_ANY,
	.value = VALUE(PARAM_DIST, time, "how long"),
	.example = "run: 300us",
	.takes_time = run_takes_time,
	.emit = emit_run,
};

const struct step_type step_type_spin_forever = {
	.name = "spin_forever",
	.summary = "an endless loop in kernel mode",
	.where = IN_KERNEL,
	.value = NO_VALUE,
	.example = "spin_forever:",
	.takes_time = step_always,
	.emit = emit_spin_forever,
};
