/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * syscall: kernel mode on behalf of a task.
 */
#include <config.h>

#include "step-private.h"

static void emit_syscall(struct compiler *c, const struct step *step)
{
	compile_enter(c, step->text);
	c->where = IN_SYSCALL;
	compile_steps(c, step->body);
	c->where = IN_USER;
	compile_leave(c, step->text);
}

extern const struct step_type step_type_syscall;

const struct step_type step_type_syscall = {
	.name = "syscall",
	.summary = "a system call: its steps run in kernel mode",
	.where = IN_USER,
	.body_where = IN_SYSCALL,
	.keys =
		(const struct param[]){
			KEY("name", PARAM_STRING, text, "what reports call it"),
			KEY("do", PARAM_STEPS, body, "what it does"),
			{ .name = NULL } },
	.example = "syscall: {name: write, do: [run: 30us]}",
	.takes_time = step_always,
	.emit = emit_syscall,
};
