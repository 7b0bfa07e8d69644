/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * repeat: steps a number of times.
 */
#include <config.h>

#include "step-private.h"

static void emit_repeat(struct compiler *c, const struct step *step)
{
	GArray *outer = compile_open(c);
	struct op again = { .exec = op_again };
	struct op repeat = { .exec = op_repeat, .a.num = step->number };

	compile_steps(c, step->body);
	repeat.b.path = compile_close(c, outer, again, true);
	compile_op(c, repeat);
}

static bool repeat_takes_time(const struct step *step)
{
	return step->number > 0 && step_body_takes_time(step);
}

extern const struct step_type step_type_repeat;

const struct step_type step_type_repeat = {
	.name = "repeat",
	.summary = "do steps a number of times",
	.where = IN_ANY,
	.keys = (const struct param[]){ { .name = "times",
					  .type = PARAM_INT,
					  .offset =
						  offsetof(struct step, number),
					  .min = 0,
					  .max = 1000000000,
					  .required = true,
					  .help = "how often" },
					KEY("do", PARAM_STEPS, body, "what"),
					{ .name = NULL } },
	.example = "repeat: {times: 3, do: [run: 1us]}",
	.takes_time = repeat_takes_time,
	.emit = emit_repeat,
};
