/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * page_fault: touch memory that is not there yet.
 */
#include <config.h>

#include "step-private.h"

#include "preemptsim/kernel/page-fault.h"

/* In the kernel it is as in copy_from_user(), which may sleep.
 * cf. might_fault(). */
static void emit_page_fault(struct compiler *c, const struct step *step)
{
	unsigned int where = c->where, handle, body;
	GArray *outer;

	if (where != IN_USER)
		compile_do(c, op_check_sleep, NULL);
	outer = compile_open(c);
	compile_do(c, op_page_fault_enter, NULL);
	handle = c->ops->len;
	compile_do(c, op_page_fault_handle, NULL);
	body = c->ops->len;
	c->where = IN_SYSCALL;
	compile_steps(c, step->body);
	c->where = where;
	g_array_index(c->ops, struct op, handle).a.num = c->ops->len - body;
	compile_do(c, op_page_fault_leave, NULL);
	compile_do(c, op_irqentry_exit, NULL);
	compile_call(c, compile_close(c, outer, (struct op)DO(op_iret), false));
}

extern const struct step_type step_type_page_fault;

const struct step_type step_type_page_fault = {
	.name = "page_fault",
	.summary = "touch memory that is not there yet: an exception, in whose "
		   "handler its steps run",
	.where = IN_TASK,
	.body_where = IN_SYSCALL,
	.value = NO_VALUE,
	.keys = (const struct param[]){ { .name = "do",
					  .type = PARAM_STEPS,
					  .offset = offsetof(struct step, body),
					  .help = "what its handler does, "
						  "beyond mapping the page" },
					{ .name = NULL } },
	.example = "page_fault: {do: [io: disk]}",
	.takes_time = step_always,
	.emit = emit_page_fault,
};
